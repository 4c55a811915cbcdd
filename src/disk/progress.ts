// Progress on disk: one file that is never half written, never silently overwritten, and that two labs at once may share.
import { closeSync, constants, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { LessonProgress, Progress } from '../lesson/progress.ts';
import { decodeProgress, encodeProgress, noProgress, progressOf } from '../lesson/progress.ts';
import type { Result } from '../sim/base/result.ts';
import { fail, succeed } from '../sim/base/result.ts';
import type { Problem } from '../sim/model/problem.ts';
import { readText } from './read-text.ts';
import { trouble, troubleOf } from './trouble.ts';

const importLimit = 4 * 1024 * 1024;

export const progressFile = (folder: string): string => path.join(folder, 'progress.json');

/** Of each fault the schedule that knows more. */
function mergeReviews(left: Progress['reviews'], right: Progress['reviews']): Progress['reviews'] {
  const newer = Object.entries(right).filter(([name, review]) => review.done >= (Object.hasOwn(left, name) ? left[name]?.done ?? 0 : 0));
  return { ...left, ...Object.fromEntries(newer) };
}

/** Both as one: what is solved in either is solved, counts are the larger ones; the right one's current lesson and settings. */
export function mergeProgress(left: Progress, right: Progress): Progress {
  const both = (name: string): LessonProgress => {
    const [one, other] = [progressOf(left, name), progressOf(right, name)];
    return {
      solved: one.solved || other.solved, attempts: Math.max(one.attempts, other.attempts), hints: Math.max(one.hints, other.hints),
      predictions: { ...one.predictions, ...other.predictions }, diagnosis: other.diagnosis ?? one.diagnosis,
      opened: one.solved && other.solved ? Math.min(one.opened, other.opened) : other.solved ? other.opened : one.opened,
      probes: Math.max(one.probes ?? 0, other.probes ?? 0),
    };
  };
  const names = new Set([...Object.keys(left.lessons), ...Object.keys(right.lessons)]);
  return { version: 1, current: right.current, settings: { ...left.settings, ...right.settings }, reviews: mergeReviews(left.reviews, right.reviews), lessons: Object.fromEntries([...names].map((name) => [name, both(name)])) };
}

export interface Loaded {
  readonly progress: Progress;
  /** What the person is told: a damaged file was put aside, a file cannot be read, or it is of a newer version. */
  readonly problems: readonly Problem[];
  /** False when the file must not be overwritten. */
  readonly writable: boolean;
}

function readFile(file: string): Result<string | null, Problem> {
  try {
    return succeed(readFileSync(file, 'utf8'));
  } catch (error) {
    const problem = troubleOf(error, file);
    return problem.code === 'file-not-found' ? succeed(null) : fail(problem);
  }
}

/** Moves a damaged file to the first free name beside it; the name, or what stood in the way. */
function putAside(file: string): Result<string, Problem> {
  try {
    for (let number = 1; ; number++) {
      const aside = `${file}.damaged-${number}`;
      try {
        closeSync(openSync(aside, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY));
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'EEXIST') continue;
        throw error;
      }
      renameSync(file, aside);
      return succeed(aside);
    }
  } catch (error) {
    return fail(troubleOf(error, file));
  }
}

const warning = (problem: Problem): Problem => ({ ...problem, severity: 'warning' });

/** What was done so far; nothing where there is no file yet. `keepDamaged` leaves a damaged file where it is: for commands that only look. */
export function loadProgress(folder: string, keepDamaged = false): Loaded {
  const file = progressFile(folder);
  const read = readFile(file);
  if (!read.ok) return { progress: noProgress, problems: read.failures.map(warning), writable: false };
  if (read.value === null) return { progress: noProgress, problems: [], writable: true };
  const decoded = decodeProgress(read.value, file);
  if (decoded.ok) return { progress: decoded.value, problems: [], writable: true };
  if (keepDamaged || decoded.failures.some(({ code }) => code === 'newer-format')) return { progress: noProgress, problems: decoded.failures.map(warning), writable: false };
  const aside = putAside(file);
  if (!aside.ok) return { progress: noProgress, problems: [...decoded.failures, ...aside.failures].map(warning), writable: false };
  return { progress: noProgress, writable: true, problems: decoded.failures.map((problem) => ({ ...warning(problem), help: `It was kept as ${aside.value}; a new one is started.` })) };
}

/**
 * Writes the progress joined with what another lab may have written meanwhile. The file is whole at every moment.
 * `follow` says what follows of it, from what stood there and what is to be written: reviews are scheduled. Returns what was written, or why nothing was.
 */
export function saveProgress(folder: string, progress: Progress, follow: (before: Progress, after: Progress) => Progress = (_before, after) => after): Result<Progress, Problem> {
  const now = loadProgress(folder);
  const file = progressFile(folder);
  if (!now.writable) return fail(...(now.problems.length > 0 ? now.problems : [trouble('file-unreadable', file, 'cannot be written')]));
  const joined = follow(now.progress, mergeProgress(now.progress, progress));
  try {
    mkdirSync(folder, { recursive: true });
    writeFileAtomic.sync(file, encodeProgress(joined), { encoding: 'utf8' });
    return succeed(joined);
  } catch (error) {
    return fail(troubleOf(error, file));
  }
}

/** Writes a file of a person's choice. A file that is there is only replaced when it is a progress file too. */
export function exportProgress(file: string, shown: string, progress: Progress): Result<null, Problem> {
  const there = readFile(file);
  if (!there.ok) return there;
  if (there.value !== null && !decodeProgress(there.value, shown).ok) return fail(trouble('file-exists', shown, 'is there and is no progress file of this version', 'It is not overwritten: choose another name.'));
  try {
    writeFileAtomic.sync(file, encodeProgress(progress), { encoding: 'utf8' });
    return succeed(null);
  } catch (error) {
    return fail(troubleOf(error, shown));
  }
}

export function importProgress(file: string, shown: string): Result<Progress, Problem> {
  const read = readText(file, shown, importLimit);
  return read.ok ? decodeProgress(read.value, shown) : read;
}

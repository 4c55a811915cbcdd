// What a learner has done, as one versioned file that a person can read: decode it, change it, write it.
import type { Problem } from '../sim/model/problem.ts';
import type { Result } from '../sim/base/result.ts';
import { fail, succeed } from '../sim/base/result.ts';
import { sortedEntries } from '../sim/base/order.ts';

export interface LessonProgress {
  readonly solved: boolean;
  readonly attempts: number;
  readonly hints: number;
  readonly predictions: Readonly<Record<string, 'right' | 'surprised'>>;
  readonly diagnosis: 'right' | 'wrong' | null;
  /** Paths that the last accepted fix opened and nobody asked for. */
  readonly opened: number;
  /** Questions that were put to the network before it was solved. */
  readonly probes?: number;
}

/** When a fault that was solved comes back. There is no clock: time is the number of lessons and drills that are solved. */
export interface Review {
  /** How often it was solved in a row without help: each time it stays away longer. */
  readonly box: number;
  /** It is due when so many are solved. */
  readonly due: number;
  /** How often it was solved. */
  readonly done: number;
}

export interface Progress {
  readonly version: 1;
  /** By lesson name; names that this version of the course does not have are kept. */
  readonly lessons: Readonly<Record<string, LessonProgress>>;
  /** The lesson that was open; `null` for the map. */
  readonly current: string | null;
  readonly settings: Readonly<Record<string, string>>;
  /** By fault. */
  readonly reviews: Readonly<Record<string, Review>>;
}

export const noLessonProgress: LessonProgress = { solved: false, attempts: 0, hints: 0, predictions: {}, diagnosis: null, opened: 0, probes: 0 };

export const noProgress: Progress = { version: 1, lessons: {}, current: null, settings: {}, reviews: {} };

/** What was done in a lesson; nothing when it was never opened. */
export const progressOf = (progress: Progress, lesson: string): LessonProgress =>
  (Object.hasOwn(progress.lessons, lesson) ? progress.lessons[lesson] : undefined) ?? noLessonProgress;

/** The progress with something new about one lesson. */
export const noteLesson = (progress: Progress, lesson: string, news: Partial<LessonProgress>): Progress => ({
  ...progress,
  lessons: { ...progress.lessons, [lesson]: { ...progressOf(progress, lesson), ...news } },
});

/** One JSON document with sorted names and a line break at its end. */
export const encodeProgress = (progress: Progress): string =>
  `${JSON.stringify(
    { version: progress.version, current: progress.current, settings: Object.fromEntries(sortedEntries(progress.settings)), reviews: Object.fromEntries(sortedEntries(progress.reviews)), lessons: Object.fromEntries(sortedEntries(progress.lessons)) },
    null,
    2,
  )}\n`;

type Plain = Readonly<Record<string, unknown>>;
const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);
const count = (value: unknown): number => (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0);
const safeEntries = (value: unknown): [string, unknown][] => (isPlain(value) ? Object.entries(value).filter(([name]) => name !== '__proto__') : []);

function decodeOne(value: Plain): LessonProgress {
  const predictions: Record<string, 'right' | 'surprised'> = {};
  for (const [id, answer] of safeEntries(value['predictions'])) if (answer === 'right' || answer === 'surprised') predictions[id] = answer;
  const diagnosis = value['diagnosis'];
  return {
    solved: value['solved'] === true,
    attempts: count(value['attempts']),
    hints: count(value['hints']),
    predictions,
    diagnosis: diagnosis === 'right' || diagnosis === 'wrong' ? diagnosis : null,
    opened: count(value['opened']),
    probes: count(value['probes']),
  };
}

/**
 * Reads the file. A damaged entry of a lesson is read as far as it makes sense, so that one slip of an editor does not cost everything;
 * a file that is no progress file at all, or of a newer version, is a failure and must not be overwritten.
 */
export function decodeProgress(text: string, file: string): Result<Progress, Problem> {
  const problem = (code: string, says: string, help: string): Result<never, Problem> =>
    fail({ code, severity: 'error', says, where: { file, line: null, column: null, object: null, field: null }, help });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return problem('progress-syntax', 'the progress file is not JSON', 'Repair it by hand, or move it away to start anew; it is not overwritten.');
  }
  if (!isPlain(value) || typeof value['version'] !== 'number') return problem('progress-syntax', 'the progress file has no version', 'Move it away to start anew; it is not overwritten.');
  if (value['version'] > 1) return problem('newer-format', `the progress file is of version ${value['version']}, made by a newer k8snet-lab`, 'Update k8snet-lab; the file is not overwritten.');
  const lessons: Record<string, LessonProgress> = {};
  for (const [name, entry] of safeEntries(value['lessons'])) if (isPlain(entry)) lessons[name] = decodeOne(entry);
  const settings: Record<string, string> = {};
  for (const [name, setting] of safeEntries(value['settings'])) if (typeof setting === 'string') settings[name] = setting;
  const reviews: Record<string, Review> = {};
  for (const [name, review] of safeEntries(value['reviews'])) if (isPlain(review)) reviews[name] = { box: count(review['box']), due: count(review['due']), done: count(review['done']) };
  return succeed({ version: 1, lessons, current: typeof value['current'] === 'string' ? value['current'] : null, settings, reviews });
}

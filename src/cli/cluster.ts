// The cluster that a command is about: what `-f PATH…` or `--lesson LESSON` names, read and opened.
import { findLesson, readCourse, readLesson } from '../disk/lessons.ts';
import { readManifests, readStandardInput } from '../disk/manifests.ts';
import { decodeCourse } from '../lesson/decode-course.ts';
import { decodeLesson } from '../lesson/decode-lesson.ts';
import type { Course, Lesson } from '../lesson/lesson.ts';
import { drillNamed, makeDrill } from '../lesson/drill/make-drill.ts';
import { lessonIn } from '../lesson/lesson-in.ts';
import type { Result } from '../sim/base/result.ts';
import { fail, succeed } from '../sim/base/result.ts';
import { openLab } from '../sim/lab.ts';
import type { Lab, LabOptions, SourceFile } from '../sim/lab.ts';
import type { Problem } from '../sim/model/problem.ts';
import type { Caller } from './caller.ts';

export interface LabFlags {
  readonly cni?: string;
  readonly proxy?: string;
  readonly ipBlocks?: 'all' | 'outside';
  readonly seed?: number;
  /** commander turns `--no-validate` into this, true unless given. */
  readonly validate: boolean;
}

export interface ClusterFlags extends LabFlags {
  readonly filename?: readonly string[];
  readonly lesson?: string;
}

export const labOptions = (flags: LabFlags): LabOptions => ({
  ...(flags.cni === undefined ? {} : { cni: flags.cni }),
  ...(flags.proxy === undefined ? {} : { proxy: flags.proxy }),
  ...(flags.ipBlocks === undefined ? {} : { ipBlocks: flags.ipBlocks }),
  ...(flags.seed === undefined ? {} : { seed: flags.seed }),
  validate: flags.validate,
});

export async function readInput(paths: readonly string[], caller: Caller): Promise<Result<readonly SourceFile[], Problem>> {
  if (!paths.includes('-')) return readManifests(paths, caller.folder);
  const typed = await readStandardInput(caller.stdin());
  return typed.ok ? readManifests(paths, caller.folder, typed.value) : typed;
}

export function loadCourse(caller: Caller): Result<Course, Problem> {
  const file = readCourse(caller.home);
  return file.ok ? decodeCourse(file.value) : file;
}

/** LESSON: an id, its position in the course, a folder, or the name of a drill (`drill-42-2`); read in a language. */
export function loadLesson(text: string, caller: Caller, language = 'en'): Result<Lesson, Problem> {
  const drill = drillNamed(text);
  if (drill !== null) return succeed(lessonIn(makeDrill(drill), language));
  const course = loadCourse(caller);
  if (!course.ok) return course;
  const folder = findLesson(text, caller.home, course.value, caller.folder);
  if (!folder.ok) return folder;
  const files = readLesson(folder.value);
  const lesson = files.ok ? decodeLesson(files.value, folder.value.shown) : files;
  return lesson.ok ? succeed(lessonIn(lesson.value, language)) : lesson;
}

/** What the command line itself got wrong. */
export const misuse = (says: string, help: string): ReturnType<typeof fail<Problem>> => fail<Problem>({ code: 'usage', severity: 'error', says, where: null, help });

/** The paths of `-f` with those that follow it; without any `-f` nothing may follow. */
export function pathsOf(flags: Pick<ClusterFlags, 'filename'>, more: readonly string[]): Result<readonly string[], Problem> {
  if (flags.filename === undefined && more.length > 0) return misuse(`unexpected argument '${more[0]}'`, 'Manifests are named with -f PATH.');
  return succeed([...(flags.filename ?? []), ...more]);
}

/** Opens what `-f` or `--lesson` names. */
export async function openCluster(flags: ClusterFlags, caller: Caller, more: readonly string[] = []): Promise<Result<Lab, Problem>> {
  const named = pathsOf(flags, more);
  if (!named.ok) return named;
  const paths = named.value;
  if (flags.lesson !== undefined && paths.length > 0) return misuse('-f and --lesson stand for a cluster each', 'Give one of the two.');
  if (flags.lesson !== undefined) {
    const lesson = loadLesson(flags.lesson, caller);
    return lesson.ok ? openLab(lesson.value.cluster, labOptions(flags)) : lesson;
  }
  if (paths.length === 0) return misuse('no cluster was given', 'Name manifests with -f PATH, or a lesson with --lesson LESSON.');
  const files = await readInput(paths, caller);
  return files.ok ? openLab(files.value, labOptions(flags)) : files;
}

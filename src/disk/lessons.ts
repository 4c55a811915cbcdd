// The lessons on disk: where they are, which folder a person means, and a lesson's folder as plain text. Nothing outside the folder is ever read.
import { lstatSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import { byText } from '../sim/base/order.ts';
import type { Result } from '../sim/base/result.ts';
import { fail, succeed } from '../sim/base/result.ts';
import type { Course } from '../lesson/lesson.ts';
import type { SourceFile } from '../sim/lab.ts';
import type { Problem } from '../sim/model/problem.ts';
import { readText } from './read-text.ts';
import { trouble, troubleOf } from './trouble.ts';

const fileLimit = 1024 * 1024;
const countLimit = 500;
const depthLimit = 5;
const extensions = ['.yaml', '.yml', '.json', '.md'];

/** `home` is the folder that holds `lessons/`, in a checkout and in the package alike. */
const lessonsFolder = (home: string): string => path.join(home, 'lessons');

export const readCourse = (home: string): Result<SourceFile, Problem> => {
  const read = readText(path.join(lessonsFolder(home), 'course.yaml'), 'lessons/course.yaml', fileLimit);
  return read.ok ? succeed({ path: 'lessons/course.yaml', text: read.value }) : read;
};

/** A folder of the course by its module and name, or one of a person's own. */
export interface LessonFolder {
  readonly folder: string;
  /** How it is named in problems. */
  readonly shown: string;
  /** `null` for a folder of one's own. */
  readonly name: string | null;
}

const isLessonFolder = (folder: string): boolean => statSync(path.join(folder, 'lesson.yaml'), { throwIfNoEntry: false })?.isFile() === true;
const isFolder = (folder: string): boolean => statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;

/** All lessons of the course, in its order. */
export const foldersOf = (home: string, course: Course): LessonFolder[] =>
  course.modules.flatMap((module) => module.lessons.map((name) => ({ folder: path.join(lessonsFolder(home), module.name, name), shown: `lessons/${module.name}/${name}`, name })));

/** LESSON of the command line: an id, the position in the course, or a folder of one's own. */
export function findLesson(text: string, home: string, course: Course, folder: string): Result<LessonFolder, Problem> {
  const folders = foldersOf(home, course);
  const known = folders.find(({ name }) => name === text) ?? (/^[1-9]\d*$/.test(text) ? folders[Number(text) - 1] : undefined);
  if (known !== undefined) return succeed(known);
  const own = path.resolve(folder, text);
  if (isLessonFolder(own)) return succeed({ folder: own, shown: text, name: null });
  if (isFolder(own)) return fail(trouble('lesson-not-found', text, 'this folder is no lesson: it has no lesson.yaml'));
  const names = folders.flatMap(({ name }) => name ?? []);
  const near = names.length > 0 ? closest(text, names) : undefined;
  return fail({
    code: 'lesson-not-found', severity: 'error', where: null,
    says: /^\d+$/.test(text) ? `there is no lesson ${text}: the course has ${names.length}` : `there is no lesson '${text}'`,
    help: near !== undefined && distance(text, near) <= 3 ? `Did you mean '${near}'?` : '`k8snet-lab lessons` lists them.',
  });
}

/** lesson.yaml alone, for the map. */
export function readLessonFile({ folder, shown }: LessonFolder): Result<SourceFile, Problem> {
  const read = readText(path.join(folder, 'lesson.yaml'), `${shown}/lesson.yaml`, fileLimit);
  return read.ok ? succeed({ path: 'lesson.yaml', text: read.value }) : read;
}

/** Its text in a language; `null` where there is none, or none that can be read. */
export function readLessonText({ folder, shown }: LessonFolder, language: string): string | null {
  const read = readText(path.join(folder, 'text', `${language}.md`), `${shown}/text/${language}.md`, fileLimit);
  return read.ok ? read.value : null;
}

/** The files of a lesson's folder, with paths relative to it and slashes, sorted. Links are refused: a lesson is plain files. */
export function readLesson({ folder, shown }: LessonFolder): Result<readonly SourceFile[], Problem> {
  const files: SourceFile[] = [];
  const problems: Problem[] = [];
  const walk = (inside: string, depth: number): void => {
    for (const name of readdirSync(path.join(folder, inside)).sort(byText)) {
      const relative = inside === '' ? name : `${inside}/${name}`;
      const entry = lstatSync(path.join(folder, relative));
      const place = `${shown}/${relative}`;
      if (entry.isSymbolicLink()) problems.push(trouble('lesson-link', place, 'is a symbolic link: a lesson is plain files'));
      else if (entry.isDirectory() && depth < depthLimit) walk(relative, depth + 1);
      else if (entry.isFile() && extensions.includes(path.extname(name))) {
        if (files.length >= countLimit) {
          problems.push(trouble('too-many-files', shown, `holds more than ${countLimit} files`));
          return;
        }
        const read = readText(path.join(folder, relative), place, fileLimit);
        if (read.ok) files.push({ path: relative, text: read.value });
        else problems.push(...read.failures);
      }
    }
  };
  try {
    walk('', 0);
  } catch (error) {
    problems.push(troubleOf(error, shown));
  }
  return problems.length > 0 ? fail(...problems) : succeed(files.sort((left, right) => byText(left.path, right.path)));
}

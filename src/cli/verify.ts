// `verify`: proves lessons by the rules of the course, and with --watch again after every change of their files.
import { watchFolders } from '../disk/watch-folders.ts';
import { foldersOf, findLesson, readLesson } from '../disk/lessons.ts';
import type { LessonFolder } from '../disk/lessons.ts';
import { decodeLesson } from '../lesson/decode-lesson.ts';
import type { ProofCheck } from '../lesson/lesson.ts';
import { prove } from '../lesson/proofs.ts';
import { shownLine } from '../lesson/shown-text.ts';
import type { Result } from '../sim/base/result.ts';
import { fail, succeed } from '../sim/base/result.ts';
import type { Problem } from '../sim/model/problem.ts';
import { answer, withOutput } from './answer.ts';
import type { OutputOption } from './answer.ts';
import type { Caller } from './caller.ts';
import type { CliCommand } from './cli-command.ts';
import { loadCourse } from './cluster.ts';
import { status } from './status.ts';
import { wrong } from './tell-problems.ts';

interface VerifyOptions extends OutputOption {
  readonly watch?: boolean;
}

interface Proof {
  readonly lesson: string;
  readonly checks: readonly ProofCheck[];
}

const isProven = ({ checks }: Proof): boolean => checks.every(({ passes }) => passes);

function foldersNamed(names: readonly string[], caller: Caller): Result<readonly LessonFolder[], Problem> {
  const course = loadCourse(caller);
  if (!course.ok) return course;
  if (names.length === 0) return succeed(foldersOf(caller.home, course.value));
  const folders: LessonFolder[] = [];
  const problems: Problem[] = [];
  for (const name of names) {
    const folder = findLesson(name, caller.home, course.value, caller.folder);
    if (folder.ok) folders.push(folder.value);
    else problems.push(...folder.failures);
  }
  return problems.length > 0 ? fail(...problems) : succeed(folders);
}

function proveAll(folders: readonly LessonFolder[]): Result<readonly Proof[], Problem> {
  const proofs: Proof[] = [];
  const problems: Problem[] = [];
  for (const folder of folders) {
    const files = readLesson(folder);
    const lesson = files.ok ? decodeLesson(files.value, folder.shown) : files;
    if (lesson.ok) proofs.push({ lesson: lesson.value.name, checks: prove(lesson.value) });
    else problems.push(...lesson.failures);
  }
  return problems.length > 0 ? fail(...problems) : succeed(proofs);
}

const proofsJson = (proofs: readonly Proof[]): Readonly<Record<string, unknown>> => ({
  lessons: proofs.map((proof) => ({ lesson: proof.lesson, proven: isProven(proof), checks: proof.checks.map(({ check, passes, detail }) => ({ check, passes, detail })) })),
});

/** Of a proven lesson one line; of another every check. */
export function proofsText(proofs: readonly Proof[]): string {
  const lines = proofs.flatMap((proof) => [
    `${isProven(proof) ? '✓' : '✗'} ${proof.lesson}${isProven(proof) ? `: ${proof.checks.length} checks` : ''}`,
    ...(isProven(proof) ? [] : proof.checks.map(({ check, passes, detail }) => `    ${passes ? '✓' : '✗'} ${check}: ${shownLine(detail)}`)),
  ]);
  return `${lines.join('\n')}\n\n${proofs.filter(isProven).length} of ${proofs.length} proven.\n`;
}

export const verify: CliCommand = {
  declare(command, caller, done) {
    withOutput(command).argument('[lesson...]', 'ids, positions in the course, or folders; all of the course without one')
      .option('--watch', 'again after every change of the files, until Ctrl-C')
      .addHelpText('after', '\nStatus 0 when every lesson is proven; 1 otherwise.')
      .action(async (names: readonly string[], options: VerifyOptions) => {
        const once = (): number => {
          const folders = foldersNamed(names, caller);
          if (!folders.ok) return wrong(caller, folders.failures);
          const proofs = proveAll(folders.value);
          if (!proofs.ok) return wrong(caller, proofs.failures);
          answer(caller, options.output, () => proofsJson(proofs.value), () => proofsText(proofs.value));
          return proofs.value.every(isProven) ? status.holds : status.fails;
        };
        const first = once();
        if (options.watch !== true) return done(first);
        const folders = foldersNamed(names, caller);
        if (!folders.ok) return done(first);
        await watchFolders(folders.value.map(({ folder }) => folder), () => { once(); });
        return done(first);
      });
  },
};

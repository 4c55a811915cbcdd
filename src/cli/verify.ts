// `verify`: proves lessons by the rules of the course, and with --watch again after every change of their files.
import { watchFolders } from '../disk/watch-folders.ts';
import { foldersOf, findLesson, readLesson } from '../disk/lessons.ts';
import type { LessonFolder } from '../disk/lessons.ts';
import { decodeLesson } from '../lesson/decode-lesson.ts';
import type { Course, ProofCheck } from '../lesson/lesson.ts';
import { prove } from '../lesson/proofs.ts';
import { shownLine } from '../lesson/shown-text.ts';
import { countLanguages, languageText, textsMissing } from '../lesson/texts-missing.ts';
import type { TextsMissing } from '../lesson/texts-missing.ts';
import type { Result } from '../sim/base/result.ts';
import { fail, succeed } from '../sim/base/result.ts';
import type { Problem } from '../sim/model/problem.ts';
import { answer, withOutput } from './answer.ts';
import type { OutputOption } from './answer.ts';
import type { Caller } from './caller.ts';
import type { CliCommand } from './cli-command.ts';
import { loadCourse } from './cluster.ts';
import { shareWork } from './shared-work.ts';
import { status } from './status.ts';
import { wrong } from './tell-problems.ts';

interface VerifyOptions extends OutputOption {
  readonly watch?: boolean;
}

interface Proof {
  readonly lesson: string;
  readonly checks: readonly ProofCheck[];
}

/** What came of one folder: plain data, so that a thread can hand it over. */
type Tried = { readonly proof: Proof; readonly missing: TextsMissing } | { readonly problems: readonly Problem[] };

const isProven = ({ checks }: Proof): boolean => checks.every(({ passes }) => passes);

function foldersNamed(names: readonly string[], course: Course, caller: Caller): Result<readonly LessonFolder[], Problem> {
  if (names.length === 0) return succeed(foldersOf(caller.home, course));
  const folders: LessonFolder[] = [];
  const problems: Problem[] = [];
  for (const name of names) {
    const folder = findLesson(name, caller.home, course, caller.folder);
    if (folder.ok) folders.push(folder.value);
    else problems.push(...folder.failures);
  }
  return problems.length > 0 ? fail(...problems) : succeed(folders);
}

function proveOne(folder: LessonFolder, listed: readonly string[]): Tried {
  const files = readLesson(folder);
  const lesson = files.ok ? decodeLesson(files.value, folder.shown) : files;
  if (!lesson.ok) return { problems: lesson.failures };
  // A lesson of one's own owes the course no language.
  return { proof: { lesson: lesson.value.name, checks: prove(lesson.value, folder.name === null ? ['en'] : listed) }, missing: textsMissing(lesson.value) };
}

/** What languages other than English lack, a sentence each. */
function languageWarnings(missing: readonly TextsMissing[], listed: readonly string[]): Problem[] {
  return countLanguages(missing, listed).flatMap((count): Problem[] => {
    const says = languageText(count, missing.length);
    return says === null ? [] : [{ code: 'text-missing', severity: 'warning', says, where: null, help: null }];
  });
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
        const named = (): Result<{ readonly folders: readonly LessonFolder[]; readonly languages: readonly string[] }, Problem> => {
          const course = loadCourse(caller);
          if (!course.ok) return course;
          const folders = foldersNamed(names, course.value, caller);
          return folders.ok ? succeed({ folders: folders.value, languages: course.value.languages }) : folders;
        };
        const once = async (): Promise<number | undefined> => {
          const what = named();
          if (!what.ok) return wrong(caller, what.failures);
          const { folders, languages } = what.value;
          const tried = await shareWork(caller, ['verify', ...names], folders.length, (index): Tried => {
            const folder = folders[index];
            return folder === undefined ? { problems: [] } : proveOne(folder, languages);
          });
          if (tried === undefined) return undefined;
          const problems = tried.flatMap((one) => ('problems' in one ? one.problems : []));
          if (problems.length > 0) return wrong(caller, problems);
          const good = tried.flatMap((one) => ('proof' in one ? [one] : []));
          const proofs = good.map(({ proof }) => proof);
          answer(caller, options.output, () => proofsJson(proofs), () => proofsText(proofs), languageWarnings(good.map(({ missing }) => missing), folders.every(({ name }) => name === null) ? [] : languages));
          return proofs.every(isProven) ? status.holds : status.fails;
        };
        const first = await once();
        if (first === undefined) return done(status.holds);
        if (options.watch !== true) return done(first);
        const watched = named();
        if (!watched.ok) return done(first);
        await watchFolders(watched.value.folders.map(({ folder }) => folder), () => { void once(); });
        return done(first);
      });
  },
};

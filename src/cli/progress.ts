// `progress`: what was done; a file that a person can read, to take along or to hand in.
import { dataFolder } from '../disk/data-folder.ts';
import { exportProgress, importProgress, loadProgress, progressFile, saveProgress } from '../disk/progress.ts';
import type { LessonProgress, Progress } from '../lesson/progress.ts';
import { dueFaults, solvedCount, untilNext } from '../lesson/reviews.ts';
import { encodeProgress } from '../lesson/progress.ts';
import { shownLine } from '../lesson/shown-text.ts';
import { sortedEntries } from '../sim/base/order.ts';
import path from 'node:path';
import { answer, withOutput } from './answer.ts';
import type { OutputOption } from './answer.ts';
import type { CliCommand } from './cli-command.ts';
import { status } from './status.ts';
import { wrong } from './tell-problems.ts';

const lessonsOf = ({ lessons }: Progress): [string, Progress['lessons'][string]][] => sortedEntries(lessons);

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** What is worth telling of one lesson, in the order in which it happens there. */
function lineOf({ attempts, hints, predictions, diagnosis, opened, probes }: LessonProgress): string {
  const answers = Object.values(predictions);
  const surprises = answers.filter((answer) => answer === 'surprised').length;
  return [
    counted(attempts, 'attempt'),
    ...(answers.length === 0 ? [] : [`${answers.length - surprises} of ${counted(answers.length, 'prediction')} right`]),
    ...(diagnosis === null ? [] : [`diagnosis ${diagnosis}`]),
    counted(hints, 'hint'),
    ...(probes === undefined || probes === 0 ? [] : [counted(probes, 'probe')]),
    ...(opened === 0 ? [] : [`${counted(opened, 'path')} opened that nobody asked for`]),
  ].join(', ');
}

function reviewText(progress: Progress): string[] {
  const due = dueFaults(progress);
  const left = untilNext(progress);
  if (due.length > 0) return [`Due for a review, in another cluster: ${due.map(shownLine).join(', ')}. k8snet-lab drill --review`];
  return left === null ? [] : [`Nothing is due for a review; the next comes when you have solved ${left} more.`];
}

function progressText(progress: Progress, file: string): string {
  const entries = lessonsOf(progress);
  if (entries.length === 0) return `Nothing was done yet. It will be kept in ${file}\n`;
  const width = Math.max(...entries.map(([name]) => name.length));
  const lines = entries.map(([name, one]) => `${one.solved ? '✓' : ' '} ${shownLine(name).padEnd(width)}  ${lineOf(one)}`);
  const answers = entries.flatMap(([, { predictions }]) => Object.values(predictions));
  const surprises = answers.filter((answer) => answer === 'surprised').length;
  return [
    ...lines, '',
    ...(answers.length === 0 ? [] : [`${counted(answers.length, 'prediction')}, ${counted(surprises, 'surprise')}.`]),
    ...reviewText(progress),
    `${solvedCount(progress)} solved. Kept in ${file}`, '',
  ].join('\n');
}

export const progress: CliCommand = {
  declare(command, caller, done) {
    const folder = dataFolder(caller.env, caller.platform);
    withOutput(command).action((options: OutputOption) => {
      const { progress: known, problems } = loadProgress(folder, true);
      answer(caller, options.output, () => ({ version: known.version, current: known.current, settings: known.settings, reviews: known.reviews, due: dueFaults(known), lessons: Object.fromEntries(lessonsOf(known)) }), () => progressText(known, progressFile(folder)), problems);
      done(status.holds);
    });
    command.command('export').description('Write it to a file; - or nothing is standard output.').argument('[file]').action((file: string | undefined) => {
      const { progress: known, problems } = loadProgress(folder, true);
      if (problems.length > 0) return done(wrong(caller, problems));
      if (file === undefined || file === '-') {
        caller.out(encodeProgress(known));
        return done(status.holds);
      }
      const written = exportProgress(path.resolve(caller.folder, file), file, known);
      return done(written.ok ? status.holds : wrong(caller, written.failures));
    });
    command.command('import').description('Join a file with what is known: nothing that was solved is lost.').argument('<file>').action((file: string) => {
      const read = importProgress(path.resolve(caller.folder, file), file);
      if (!read.ok) return done(wrong(caller, read.failures));
      const before = loadProgress(folder).progress;
      const written = saveProgress(folder, { ...read.value, current: before.current ?? read.value.current, settings: { ...read.value.settings, ...before.settings } });
      return done(written.ok ? status.holds : wrong(caller, written.failures));
    });
  },
};

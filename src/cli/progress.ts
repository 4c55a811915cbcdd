// `progress`: what was done; a file that a person can read, to take along or to hand in.
import { dataFolder } from '../disk/data-folder.ts';
import { exportProgress, importProgress, loadProgress, progressFile, saveProgress } from '../disk/progress.ts';
import type { Progress } from '../lesson/progress.ts';
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

function progressText(progress: Progress, file: string): string {
  const entries = lessonsOf(progress);
  if (entries.length === 0) return `Nothing was done yet. It will be kept in ${file}\n`;
  const width = Math.max(...entries.map(([name]) => name.length));
  const lines = entries.map(([name, { solved, attempts, hints }]) => `${solved ? '✓' : ' '} ${shownLine(name).padEnd(width)}  ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}, ${hints} ${hints === 1 ? 'hint' : 'hints'}`);
  return `${lines.join('\n')}\n\n${entries.filter(([, { solved }]) => solved).length} solved. Kept in ${file}\n`;
}

export const progress: CliCommand = {
  declare(command, caller, done) {
    const folder = dataFolder(caller.env, caller.platform);
    withOutput(command).action((options: OutputOption) => {
      const { progress: known, problems } = loadProgress(folder, true);
      answer(caller, options.output, () => ({ version: known.version, current: known.current, settings: known.settings, lessons: Object.fromEntries(lessonsOf(known)) }), () => progressText(known, progressFile(folder)), problems);
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

// `drill`: a healthy cluster with seeded faults in it, opened like a lesson.
import { Option } from 'commander';
import { dataFolder } from '../disk/data-folder.ts';
import { loadProgress } from '../disk/progress.ts';
import { drillName, makeDrill, mostFaults } from '../lesson/drill/make-drill.ts';
import type { DrillWish } from '../lesson/drill/make-drill.ts';
import { faults } from '../lesson/faults/faults.ts';
import type { Progress } from '../lesson/progress.ts';
import { progressOf } from '../lesson/progress.ts';
import { dueFaults } from '../lesson/reviews.ts';
import { closest } from 'fastest-levenshtein';
import type { CliCommand } from './cli-command.ts';
import { wholeNumber } from './cluster-options.ts';
import { misuse } from './cluster.ts';
import { withPlayOptions } from './play-options.ts';
import type { PlayOptions } from './play-options.ts';
import { play } from './play.ts';
import { status } from './status.ts';
import { wrong } from './tell-problems.ts';

interface DrillOptions extends PlayOptions {
  readonly seed?: number;
  readonly faults?: number;
  readonly fault?: readonly string[];
  readonly review?: boolean;
}

/** Without a seed: the first one whose drill of that kind is not solved yet. */
function freshSeed(progress: Progress, wish: DrillWish['faults']): number {
  let seed = 1;
  while (progressOf(progress, drillName({ seed, faults: wish })).solved) seed++;
  return seed;
}

const largestSeed = 999_999_999;

const together = (name: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), name];

export const drill: CliCommand = {
  declare(command, caller, done) {
    withPlayOptions(command)
      .addOption(new Option('--seed <n>', 'the same seed is the same drill, for everybody; the next one that you have not solved without it').argParser(wholeNumber))
      .addOption(new Option('--faults <n>', `how many faults, 1 to ${mostFaults}`).argParser(wholeNumber))
      .addOption(new Option('--fault <id>', 'this fault, in another cluster (repeatable)').argParser(together))
      .option('--review', 'the faults that are due: solved before, under other names')
      .addHelpText('after', `\nA drill is a lesson called drill-SEED-FAULTS: check, shell, trace and the others take that name.\n\nFaults: ${faults.map(({ name }) => name).join(', ')}.`)
      .action(async (options: DrillOptions) => {
        const { progress } = loadProgress(dataFolder(caller.env, caller.platform), true);
        const unknown = options.fault?.find((name) => !faults.some((fault) => fault.name === name));
        if (unknown !== undefined) return done(wrong(caller, misuse(`there is no fault '${unknown}'`, `Did you mean '${closest(unknown, faults.map(({ name }) => name))}'? \`k8snet-lab drill --help\` lists them.`).failures));
        const count = options.faults ?? 1;
        if ((options.seed ?? 1) > largestSeed) return done(wrong(caller, misuse(`the seed ${options.seed ?? 1} is too large`, `Choose 0 to ${largestSeed}.`).failures));
        if (count < 1 || count > mostFaults) return done(wrong(caller, misuse(`${count} faults are not offered`, `Choose 1 to ${mostFaults}.`).failures));
        const due = options.review === true ? dueFaults(progress).slice(0, mostFaults) : [];
        if (options.review === true && due.length === 0) {
          caller.out('Nothing is due for a review. Solve a lesson or a drill first.\n');
          return done(status.holds);
        }
        const wish = options.review === true ? due.slice(0, options.faults ?? 1) : options.fault?.slice(0, mostFaults) ?? count;
        const lesson = makeDrill({ seed: options.seed ?? freshSeed(progress, wish), faults: wish });
        return done(await play(caller, { kind: 'lesson', lesson }, options));
      });
  },
};

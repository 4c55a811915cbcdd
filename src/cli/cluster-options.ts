// The options that name a cluster, and those that stand beside them.
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';

const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value];

/** Of an option that takes a whole number. */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) throw new InvalidArgumentError('It is a whole number.');
  return number;
}

/** `-f`, repeatable. Each takes one path, so that what follows may be an argument. */
export const filenameOption = (what: string): Option => new Option('-f, --filename <path>', what).argParser(collect);

export const withLabFlags = (command: Command): Command => command
  .option('--cni <plugin>', 'another network plugin than the Cluster document says')
  .option('--proxy <mode>', 'another kube-proxy mode')
  .addOption(new Option('--ip-blocks <which>', 'whether ipBlock matches pod addresses too').choices(['all', 'outside']))
  .addOption(new Option('--seed <number>', 'for every choice that is random in a real cluster').argParser(wholeNumber))
  .option('--no-validate', 'load what can be read; what a cluster would refuse becomes a warning');

export const withCluster = (command: Command): Command => withLabFlags(command
  .addOption(filenameOption('a manifest, a directory of manifests, or - for standard input (repeatable)'))
  .option('--lesson <lesson>', "a lesson's broken cluster instead"));

/** `-f a.yaml b.yaml`, as a shell writes `-f *.yaml`: what follows belongs to `-f`. */
export const withMorePaths = (command: Command): Command => command.argument('[path...]', 'more paths of -f');

// kubectl: finds the verb, reads its flags, hands over.
import { distance } from 'fastest-levenshtein';
import { failed, printed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { complain, lacks } from './command.ts';
import { dryRunFlag, globalFlags, parseFlags, textOf } from './flags.ts';
import { objectFormats, outputLacking, outputOf } from './print-as.ts';
import { missingVerbs, verbs } from './verbs.ts';

export function kubectl(call: Call): Answer {
  // Global flags may stand in front of the verb.
  let before = 0;
  while (before < call.args.length && (call.args[before] ?? '').startsWith('-')) {
    const word = call.args[before] ?? '';
    const flag = globalFlags.find((one) => word === `--${one.name}` || (one.short !== undefined && word === `-${one.short}`));
    if (flag === undefined && !globalFlags.some((one) => word.startsWith(`--${one.name}=`) || (one.short !== undefined && word.startsWith(`-${one.short}`) && !word.startsWith('--')))) return failed(`error: unknown ${word.startsWith('--') ? `flag: ${word}` : `shorthand flag: '${word.charAt(1)}' in ${word}`}\nSee 'kubectl --help' for usage.`);
    if (flag !== undefined && flag.takes !== 'switch' && call.args[before + 1] === undefined) return failed(`error: flag needs an argument: ${word.startsWith('--') ? word : `'${word.charAt(1)}' in ${word}`}\nSee 'kubectl --help' for usage.`);
    before += flag !== undefined && flag.takes !== 'switch' ? 2 : 1;
  }
  const name = call.args[before];
  if (name === undefined || name === 'help' || call.args.includes('--help') && before < call.args.length && call.args[0] === '--help') return help(name === 'help' ? call.args[before + 1] : undefined);
  const verb = verbs.find((one) => one.name === name || (one.aliases?.includes(name) ?? false));
  if (verb === undefined) return Object.hasOwn(missingVerbs, name) ? lacks(missingVerbs[name] ?? name) : failed(unknown(name));
  const words = [...call.args.slice(0, before), ...call.args.slice(before + 1)];
  const sub = verb.subcommands === undefined ? undefined : words.find((word) => verb.subcommands?.includes(word) ?? false);
  const path = sub === undefined ? verb.name : `${verb.name} ${sub}`;
  const flags = parseFlags(words, verb.flags);
  if (!flags.ok) return failed(`error: ${flags.failures.join('')}\nSee 'kubectl ${path} --help' for usage.`);
  if (textOf(flags.value, 'help') === 'true') return help(verb.name);
  const user = textOf(flags.value, 'context') ?? 'lab';
  if (user !== 'lab') return failed(`Error in configuration: context was not found for specified context: ${user}`);
  const dry = textOf(flags.value, 'dry-run');
  if (dry !== undefined && verb.flags.includes(dryRunFlag) && !['none', 'client', 'server'].includes(dry)) return complain(`Invalid dry-run value (${dry}). Must be "none", "server", or "client".`);
  if (printsObjects.includes(verb.name)) {
    const output = outputOf(flags.value, objectFormats);
    if (!output.ok) return complain(output.failures.join(''));
    const lacking = outputLacking(output.value.format);
    if (lacking !== null) return lacks(lacking);
  }
  const target = textOf(flags.value, 'namespace') ?? call.namespace;
  return verb.run({ ...call, verb: verb.name, flags: flags.value, words: flags.value.args, target: target === '' ? 'default' : target });
}

/** Verbs whose `-o` prints the object that they changed. */
const printsObjects: readonly string[] = ['annotate', 'apply', 'autoscale', 'create', 'edit', 'expose', 'label', 'patch', 'replace', 'rollout', 'run', 'scale', 'set', 'taint'];

/** cobra's suggestion: at most two letters away, or the beginning of it; in the order in which kubectl lists its commands. */
function unknown(name: string): string {
  const known = [...verbs.map((verb) => verb.name), ...Object.keys(missingVerbs)];
  const near = listed.filter((verb) => known.includes(verb)).filter((verb) => distance(name.toLowerCase(), verb) <= 2 || verb.startsWith(name.toLowerCase()));
  return `error: unknown command "${name}" for "kubectl"${near.length > 0 ? `\n\nDid you mean this?\n${near.map((verb) => `\t${verb}\n`).join('')}` : ''}`;
}

const listed = ['create', 'expose', 'run', 'set', 'explain', 'get', 'edit', 'delete', 'rollout', 'scale', 'autoscale', 'certificate', 'cluster-info', 'top', 'cordon', 'uncordon', 'drain', 'taint', 'describe', 'logs', 'attach', 'exec', 'port-forward', 'proxy', 'cp', 'auth', 'debug', 'events', 'diff', 'apply', 'patch', 'replace', 'wait', 'kustomize', 'label', 'annotate', 'completion', 'api-resources', 'config', 'plugin', 'version'];

function help(name: string | undefined): Answer {
  const verb = verbs.find((one) => one.name === name);
  if (verb !== undefined) {
    const flags = verb.flags.map((flag) => `    ${flag.short === undefined ? '    ' : `-${flag.short}, `}--${flag.name}${flag.takes === 'switch' ? '' : flag.takes === 'number' ? '=0' : "=''"}\n`).sort();
    return printed(`${verb.about}\n\nOptions that the lab knows:\n${flags.join('')}`);
  }
  const width = Math.max(...verbs.map((one) => one.name.length)) + 3;
  return printed(`kubectl controls the Kubernetes cluster manager. The lab has these commands of it:\n\n${verbs.map((one) => `  ${one.name.padEnd(width)}${one.about}\n`).join('')}\nUse "kubectl <command> --help" for the options of a command.\n`);
}

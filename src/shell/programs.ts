// The programs of the learner's own terminal: kubectl, the shell's own commands, and the filters that a pipe may end in.
import { distance } from 'fastest-levenshtein';
import { byText, sortedEntries } from '../sim/base/order.ts';
import { failed, printed } from './command.ts';
import type { Answer, Call, Find, Program } from './command.ts';
import { filters } from './filters/filters.ts';
import { kubectl } from './kubectl/kubectl.ts';
import { on, ssh } from './places.ts';
import { echo, falseCommand, trueCommand } from './plain.ts';
import { toolNames } from './tools/tools.ts';

const programs: Readonly<Record<string, Program>> = {
  ...filters,
  ':': trueCommand, cd: () => failed('the lab\'s terminal has no folders of its own'), clear: () => ({ kind: 'clear' }), echo, env, exit: () => printed('', {}), export: exported, false: falseCommand, help, history: remembered, k: kubectl, kubectl, on, sleep: () => printed(''), ssh, true: trueCommand, unset,
};

/** What can be typed first on a line, sorted. */
export const programNames = (): readonly string[] => Object.keys(programs).filter((name) => name !== ':').sort(byText);

/** Finds a program; what only pods have, and what there is not, is answered by one that says so. */
export const findProgram: Find = (name) => (Object.hasOwn(programs, name) ? programs[name] : (call) => missing(call));

const elsewhere: Readonly<Record<string, string>> = {
  docker: 'the lab has no docker: nodes run their containers by themselves', helm: 'the lab has no helm', vi: 'the lab has no vi: use kubectl edit', vim: 'the lab has no vim: use kubectl edit', nano: 'the lab has no nano: use kubectl edit',
  watch: 'the lab has no watch: its controllers answer at once, so ask again', while: 'the lab\'s terminal has no while: use for, with a list or $(seq N)', until: 'the lab\'s terminal has no until: use for, with a list or $(seq N)', sudo: 'the lab has no sudo: nothing here needs it', ls: 'the lab\'s terminal has no files', awk: 'the lab has no awk', sed: 'the lab has no sed',
  if: 'the lab\'s terminal has no conditions: use && and ||',
};

function missing(call: Call): Answer {
  const { name } = call;
  if (Object.hasOwn(elsewhere, name)) return failed(elsewhere[name] ?? '', 127);
  const shown = name.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
  if (toolNames().includes(name)) return failed(`bash: ${shown}: command not found\nTools run in pods here: kubectl exec POD -- ${shown} …`, 127);
  const near = programNames().filter((one) => one.length > 1 && distance(one, name) <= (name.length < 4 ? 1 : 2)).sort((left, right) => distance(left, name) - distance(right, name) || byText(left, right));
  return failed(`bash: ${shown}: command not found${near[0] === undefined ? '' : `\nDid you mean ${near[0]}?`}`, 127);
}

/** `export X=1`; alone it lists the variables. */
function exported(call: Call): Answer {
  const variables: Record<string, string> = { ...call.variables };
  delete variables['?'];
  if (call.args.length === 0) return printed(sortedEntries(variables).map(([key, value]) => `declare -x ${key}="${value}"\n`).join(''));
  for (const word of call.args) {
    const [, name, value] = /^([A-Za-z_]\w*)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (name === undefined) return failed(`bash: export: \`${word}': not a valid identifier`);
    if (value !== undefined) variables[name] = value;
  }
  return printed('', { variables });
}

function unset(call: Call): Answer {
  const variables = Object.fromEntries(Object.entries(call.variables).filter(([name]) => name !== '?' && !call.args.includes(name)));
  return printed('', { variables });
}

function env(call: Call): Answer {
  return printed(sortedEntries(call.variables).filter(([key]) => key !== '?').map(([key, value]) => `${key}=${value}\n`).join(''));
}

function remembered(call: Call): Answer {
  return printed(call.history.map((line, index) => `${String(index + 1).padStart(5)}  ${line}\n`).join(''));
}

function help(call: Call): Answer {
  if (call.args[0] === 'kubectl') return kubectl({ ...call, name: 'kubectl', args: ['help', ...call.args.slice(1)] });
  return printed(`This is the lab's terminal. What works here works on a real cluster.

  kubectl get | describe | edit | apply -f | patch | label | delete …   (k for short; kubectl help lists them all)
  kubectl exec POD -- curl -sS http://SERVICE:PORT/                     (and nslookup, nc, wget, ping, dig, cat, env, ss in pods)
  ssh NODE COMMAND                                                      (curl, ping, ss, cat … on a node)
  on laptop COMMAND                                                     (the same from outside of the cluster)
  grep, head, tail, wc, sort, uniq, jq after a pipe; variables, ;, &&, ||, $(…), here-documents and for NAME in … ; do … ; done
  history, clear, echo
`);
}

// The programs of the learner's own terminal: kubectl, the ways to other places, and the filters that a pipe may end in.
import { distance } from 'fastest-levenshtein';
import { byText, sortedEntries } from '../sim/base/order.ts';
import { timestampOf } from '../sim/cluster/server-metadata.ts';
import { builtins } from './builtins.ts';
import { failed, printed } from './command.ts';
import type { Answer, Call, Find, Program } from './command.ts';
import { filters } from './filters/filters.ts';
import { watch } from './watch.ts';
import { kubectl } from './kubectl/kubectl.ts';
import { on, ssh } from './places.ts';
import { echo, falseCommand, printf, sleep, trueCommand } from './plain.ts';
import { sh } from './own-shell.ts';
import { allToolNames } from './tools/tools.ts';

/** What a shell at any place has beside the tools of the place. */
export const placePrograms: Readonly<Record<string, Program>> = { clear: () => ({ kind: 'clear' }), help, history: remembered };

const programs: Readonly<Record<string, Program>> = {
  ...filters, ...placePrograms,
  bash: sh, date, echo, env, false: falseCommand, k: kubectl, kubectl, on, printenv: env, printf, sh, sleep, ssh, true: trueCommand, type: which, watch, which,
};

/** What can be typed first on a line, sorted. */
export const programNames = (): readonly string[] => [...new Set([...Object.keys(programs), ...Object.keys(builtins)])].filter((name) => /^[a-z]/.test(name)).sort(byText);

/** Finds a program; what only pods have, and what there is not, is answered by one that says so. */
export const findProgram: Find = (name) => (Object.hasOwn(programs, name) ? programs[name] : (call) => missing(call));

const elsewhere: Readonly<Record<string, string>> = {
  docker: 'the lab has no docker: nodes run their containers by themselves (crictl on a node)', helm: 'the lab has no helm', kustomize: 'the lab has no kustomize', vi: 'the lab has no vi: use kubectl edit', vim: 'the lab has no vim: use kubectl edit', nano: 'the lab has no nano: use kubectl edit',
  sudo: 'the lab has no sudo: nothing here needs it', k9s: 'the lab has no k9s: its own panes show the cluster', kubectx: 'the lab has no kubectx: it has one cluster', kubens: 'the lab has no kubens: kubectl config set-context --current --namespace=NAME', apt: 'the lab installs nothing', 'apt-get': 'the lab installs nothing',
};

function missing(call: Call): Answer {
  const { name } = call;
  if (Object.hasOwn(elsewhere, name)) return failed(elsewhere[name] ?? '', 127);
  const shown = name.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
  if (allToolNames().includes(name)) return failed(`bash: ${shown}: command not found\nTools run in pods and on nodes here: kubectl exec POD -- ${shown} …, ssh NODE ${shown} …`, 127);
  const near = programNames().filter((one) => one.length > 1 && distance(one, name) <= (name.length < 4 ? 1 : 2)).sort((left, right) => distance(left, name) - distance(right, name) || byText(left, right));
  return failed(`bash: ${shown}: command not found${near[0] === undefined ? '' : `\nDid you mean ${near[0]}?`}`, 127);
}

function env(call: Call): Answer {
  const variables = sortedEntries(call.variables).filter(([key]) => key !== '?');
  const [name] = call.args;
  if (name !== undefined && call.name === 'printenv') {
    const found = variables.find(([key]) => key === name);
    return found === undefined ? failed('') : printed(`${found[1]}\n`);
  }
  return printed(variables.map(([key, value]) => `${key}=${value}\n`).join(''));
}

function remembered(call: Call): Answer {
  return printed(call.history.map((line, index) => `${String(index + 1).padStart(5)}  ${line}\n`).join(''));
}

/** `which NAME`, `type NAME`. */
function which(call: Call): Answer {
  const names = call.args.filter((word) => !word.startsWith('-'));
  const lines = names.map((name) => ({ name, known: Object.hasOwn(programs, name), built: Object.hasOwn(builtins, name) }));
  const status = lines.every(({ known, built }) => known || (built && call.name === 'type')) ? 0 : 1;
  if (call.name === 'which') return { kind: 'done', status, output: lines.filter(({ known }) => known).map(({ name }) => ({ stream: 'out', text: `/usr/bin/${name}\n` })) };
  return { kind: 'done', status, output: lines.map(({ name, known, built }) => (built ? { stream: 'out', text: `${name} is a shell builtin\n` } : known ? { stream: 'out', text: `${name} is /usr/bin/${name}\n` } : { stream: 'err', text: `bash: type: ${name}: not found\n` })) };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const days = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];

/** `date`: of the simulation. */
export function date(call: Call): Answer {
  const seconds = call.lab.store.now;
  const [day = '', time = ''] = timestampOf(seconds).replace('Z', '').split('T');
  if (call.args.includes('+%s')) return printed(`${String(1_767_225_600 + seconds)}\n`);
  const [year, month, date_] = day.split('-');
  // The lab's clock starts on Thursday, 2026-01-01.
  return printed(`${days[Math.floor(seconds / 86_400) % 7] ?? ''} ${months[Number(month) - 1] ?? ''} ${String(Number(date_)).padStart(2)} ${time} UTC ${year ?? ''}\n`);
}

function help(call: Call): Answer {
  if (call.args[0] === 'kubectl') return kubectl({ ...call, name: 'kubectl', args: ['help', ...call.args.slice(1)] });
  return printed(`This is the lab's terminal. What works here works on a real cluster.

  kubectl get | describe | edit | apply -f | patch | label | delete …   (k for short; kubectl help lists them all)
  kubectl exec POD -- curl -sS http://SERVICE:PORT/                     (and nslookup, dig, nc, wget, ping, ss, ip, tcpdump … in pods)
  kubectl exec -it POD -- sh                                            (a shell that stays, until exit; ssh NODE and on laptop too)
  ssh NODE COMMAND                                                      (ip, iptables-save, conntrack, crictl, journalctl, tcpdump …)
  on laptop COMMAND                                                     (curl, dig, ping … from outside of the cluster)
  grep, awk, sed, sort, uniq, head, wc, jq … after a pipe; files with > and <; variables, ;, &&, ||, $(…), for, while, if, here-documents
  watch, time, history, clear, echo
`);
}

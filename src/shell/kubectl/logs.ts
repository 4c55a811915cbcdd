// kubectl logs: processes of the simulation write nothing but the reason for which they ended.
import { find } from '../../sim/cluster/store.ts';
import type { NetworkPod } from '../../sim/model/network.ts';
import { both, failed, printed } from '../command.ts';
import type { Answer } from '../command.ts';
import { listAt, textAt } from '../describe/writer.ts';
import type { Verb, VerbCall } from './command.ts';
import { complain, usage } from './command.ts';
import { noSuchContainer, podOf } from './exec.ts';
import { allFound, selectObjects } from './find-objects.ts';
import { isOn, numberFlag, selectorFlag, switchFlag, textFlag, textOf } from './flags.ts';

export const logs: Verb = {
  name: 'logs', aliases: ['log'], about: 'Print the logs for a container in a pod', completes: 'pods',
  flags: [selectorFlag, switchFlag('follow', 'f'), switchFlag('previous', 'p'), textFlag('container', 'c'), switchFlag('all-containers'), switchFlag('all-pods'), numberFlag('tail'), textFlag('since'), textFlag('since-time'), switchFlag('timestamps'), switchFlag('prefix'), numberFlag('limit-bytes'), numberFlag('max-log-requests'), switchFlag('ignore-errors')],
  run,
};

const silent = 'the lab\'s processes write no logs: they listen and answer, and nothing else\n';

function run(call: VerbCall): Answer {
  const [who, ...more] = call.words;
  const beside = { meanings: ['logs'] };
  if (who === undefined && textOf(call.flags, 'selector') === undefined) return failed("error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command\nSee 'kubectl logs -h' for help and examples");
  if (who !== undefined && textOf(call.flags, 'selector') !== undefined) return usage('logs', 'only a selector (-l) or a POD name is allowed');
  if (more.length > 1) return usage('logs', "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command");
  const names = who === undefined ? selected(call) : [who];
  if (typeof names === 'string') return failed(names);
  if (names.length === 0) return both('', `No resources found in ${call.target} namespace.\n`, 0, beside);
  let out = '';
  let err = '';
  for (const name of names) {
    const pod = podOf(call, name);
    // kubectl asks for the pod itself here, and words what it hears.
    if (typeof pod === 'string') return failed(pod.replace(/^Error from server \(NotFound\): (.*) not found$/, `error: error from server (NotFound): $1 not found in namespace "${call.target}"`));
    const wanted = textOf(call.flags, 'container') ?? more[0];
    const own = pod.containers.filter((container) => container.kind !== 'init');
    const container = wanted === undefined ? own[0] : pod.containers.find((one) => one.name === wanted);
    if (container === undefined) return complain(noSuchContainer(wanted ?? '', pod));
    const chosen = isOn(call.flags, 'all-containers') ? pod.containers : [container];
    if (wanted === undefined && own.length > 1 && !isOn(call.flags, 'all-containers')) err += `Defaulted container "${container.name}" out of: ${pod.containers.map((one) => `${one.name}${one.kind === 'init' ? ' (init)' : ''}`).join(', ')}\n`;
    for (const one of chosen) {
      if (isOn(call.flags, 'previous') && one.restarts === 0) return both(out, `${err}Error from server (BadRequest): previous terminated container "${one.name}" in pod "${pod.name}" not found\n`, 1, beside);
      const last = lastWords(call, pod, one.name);
      if (last !== null) out += `${last}\n`;
      else if (one.state === 'Waiting') return both(out, `${err}Error from server (BadRequest): container "${one.name}" in pod "${pod.name}" is waiting to start: ${one.reason ?? 'ContainerCreating'}\n`, 1, beside);
    }
  }
  return out === '' ? both('', err + silent, 0, beside) : err === '' ? printed(out, beside) : both(out, err, 0, beside);
}

/** What a container wrote before it ended; `null` for one that runs, or never did. */
function lastWords(call: VerbCall, pod: NetworkPod, container: string): string | null {
  const object = find(call.lab.store, pod.ref)?.object;
  const status = [...listAt(object, 'status', 'containerStatuses'), ...listAt(object, 'status', 'initContainerStatuses')].find((one) => textAt(one, 'name') === container);
  const reason = textAt(status, 'state', 'waiting', 'reason');
  return reason === 'CrashLoopBackOff' || reason === 'Error' ? textAt(status, 'state', 'waiting', 'message') ?? null : null;
}

function selected(call: VerbCall): readonly string[] | string {
  const found = selectObjects(call, ['pods']);
  return found.ok ? allFound(found.value).map(({ stored }) => stored.object.metadata.name) : found.failures.join('\n');
}

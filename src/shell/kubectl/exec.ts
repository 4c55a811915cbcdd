// kubectl exec: a tool in a container.
import { byText } from '../../sim/base/order.ts';
import { kindNamed } from '../../sim/cluster/kinds.ts';
import { find } from '../../sim/cluster/store.ts';
import type { NetworkPod } from '../../sim/model/network.ts';
import { failed, insideContainer } from '../command.ts';
import type { Answer, Done, Find, Inside, Piece } from '../command.ts';
import { toolsOf } from '../tools/tools.ts';
import { complain, usage } from './command.ts';
import type { Verb, VerbCall } from './command.ts';
import { notFound, resourceName } from './find-objects.ts';
import { isOn, switchFlag, textFlag, textOf } from './flags.ts';

export const exec: Verb = {
  name: 'exec', about: 'Execute a command in a container', completes: 'pods',
  flags: [switchFlag('stdin', 'i'), switchFlag('tty', 't'), textFlag('container', 'c'), switchFlag('quiet', 'q'), textFlag('filename', 'f'), textFlag('pod-running-timeout')],
  run,
};

function run(call: VerbCall): Answer {
  const { dash } = call.flags;
  const before = dash === null ? call.words : call.words.slice(0, dash);
  const command = dash === null ? [] : call.words.slice(dash);
  if (before.length > 1 || (dash === null && call.words.length > 1)) return usage('exec', 'exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead');
  const [who] = before;
  if (who === undefined) return complain('pod, type/name or --filename must be specified');
  const [tool, ...args] = command;
  if (tool === undefined) return complain('you must specify at least one command for the container');
  const pod = podOf(call, who);
  if (typeof pod === 'string') return failed(pod);
  const wanted = textOf(call.flags, 'container');
  const containers = pod.containers.filter((container) => container.kind !== 'init' || container.name === wanted);
  const container = wanted === undefined ? containers[0] : containers.find((one) => one.name === wanted);
  if (wanted !== undefined && container === undefined) return complain(noSuchContainer(wanted, pod));
  if (pod.phase === 'Succeeded' || pod.phase === 'Failed') return complain(`cannot exec into a container in a completed pod; current phase is ${pod.phase}`);
  if (container === undefined || pod.node === null) return failed(`Error from server (BadRequest): pod ${pod.name} does not have a host assigned`);
  if (container.state !== 'Running') return complain(`Internal error occurred: unable to upgrade connection: container not found ("${container.name}")`);
  // kubectl says which container it took when nobody named one of several.
  const several = pod.containers.filter((one) => one.kind !== 'init').length > 1;
  const chosen = several && wanted === undefined && !isOn(call.flags, 'quiet') ? `Defaulted container "${container.name}" out of: ${pod.containers.map((one) => `${one.name}${one.kind === 'init' ? ' (init)' : ''}`).join(', ')}\n` : '';
  const find_ = toolsOf(container.image);
  const program = find_(tool);
  const prefix: readonly Piece[] = chosen === '' ? [] : [{ stream: 'err', text: chosen }];
  if (program === undefined) return { kind: 'done', status: 127, output: [...prefix, { stream: 'err', text: noSuchProgram(tool) }], meanings: [`exec ${tool}`] };
  const answer = program({
    ...call, name: tool.slice(tool.lastIndexOf('/') + 1), args, stdin: isOn(call.flags, 'stdin') ? call.stdin : null, variables: container.env, find: find_,
    inside: insideContainer(pod, container, isOn(call.flags, 'tty')),
  });
  if (answer.kind !== 'done') return complain('this cannot be done inside a container');
  // The container's variables are its own; everything else is the session's: traces, files, a shell that stays.
  const { variables: _variables, lab: _lab, namespace: _namespace, shellDoes: _does, ...rest } = answer;
  const ended: readonly Piece[] = answer.status === 0 ? [] : [{ stream: 'err', text: `command terminated with exit code ${answer.status}\n` }];
  return { ...rest, output: [...prefix, ...answer.output, ...ended], meanings: answer.meanings ?? [`exec ${call.name}`] };
}

/** kubectl's complaint about a container that the pod does not have. */
export const noSuchContainer = (name: string, pod: NetworkPod): string => `container ${name} is not valid for pod ${pod.name} out of: ${pod.containers.map((one) => `${one.name}${one.kind === 'init' ? ' (init)' : ''}`).join(', ')}`;

/** Nothing runs that has no program: the runtime says so, and a shell's status for it comes back. */
const noSuchProgram = (tool: string): string => `OCI runtime exec failed: exec failed: unable to start container process: exec: ${JSON.stringify(tool)}: ${tool.includes('/') ? `stat ${tool}: no such file or directory` : 'executable file not found in $PATH'}: unknown\ncommand terminated with exit code 127\n`;

/** Runs a command at a place, with the tools of the place. `undefined` where the place has no such tool. */
export function runAt(call: VerbCall, command: readonly string[], inside: Inside, find_: Find, stdin: string | null): Done | undefined {
  const [tool = '', ...args] = command;
  const program = find_(tool);
  if (program === undefined) return undefined;
  const answer = program({ ...call, name: tool.slice(tool.lastIndexOf('/') + 1), args, stdin, variables: inside.env, find: find_, inside });
  return answer.kind === 'done' ? answer : complain('this cannot be done inside a container');
}

/** The pod that a word means: its name, or the first running one of a workload or Service. A text is kubectl's error. */
export function podOf(call: VerbCall, who: string): NetworkPod | string {
  const { network, store } = call.lab;
  const slash = who.indexOf('/');
  const type = slash < 0 ? 'pod' : who.slice(0, slash);
  const name = slash < 0 ? who : who.slice(slash + 1);
  const kind = kindNamed(type, store);
  if (kind === undefined) return `error: the server doesn't have a resource type "${type}"`;
  if (find(store, { kind: kind.kind, namespace: call.target, name }) === undefined) return notFound(kind, name);
  const inNamespace = network.pods.filter((pod) => pod.namespace === call.target);
  if (kind.kind === 'Pod') return inNamespace.find((pod) => pod.name === name) ?? notFound(kind, name);
  const selected = kind.kind === 'Service'
    ? network.services.find((service) => service.ref.namespace === call.target && service.ref.name === name)?.selected
    : inNamespace.filter((pod) => owns(call, kind.kind, name, pod)).map((pod) => `${pod.namespace}/${pod.name}`);
  const pods = inNamespace.filter((pod) => selected?.includes(`${pod.namespace}/${pod.name}`)).sort((left, right) => Number(right.ready) - Number(left.ready) || byText(left.name, right.name));
  if (kind.kind === 'Service' && network.services.find((service) => service.ref.namespace === call.target && service.ref.name === name)?.selector === null) return `error: cannot attach to *v1.Service: invalid service '${name}': Service is defined without a selector`;
  return pods.find((pod) => pod.running) ?? pods[0] ?? `error: timed out waiting for the condition: no pods of ${resourceName(kind)} "${name}"`;
}

function owns(call: VerbCall, kind: string, name: string, pod: NetworkPod): boolean {
  if (pod.owner.kind === kind && pod.owner.name === name) return true;
  const stored = find(call.lab.store, pod.ref);
  return stored?.object.metadata.ownerReferences?.some((owner) => owner.kind === kind && owner.name === name) ?? false;
}

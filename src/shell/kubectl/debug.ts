// kubectl debug: tools beside a pod's processes, in the pod's own network, or on a node.
import { suffix } from '../../sim/base/choose.ts';
import { failed, insideContainer } from '../command.ts';
import type { Answer, Done, Inside, Piece } from '../command.ts';
import { onNode } from '../places.ts';
import { toolsAt, toolsOf } from '../tools/tools.ts';
import { complain, lacks, usage } from './command.ts';
import type { Verb, VerbCall } from './command.ts';
import { podOf, runAt } from './exec.ts';
import { isOn, switchFlag, textFlag, textOf } from './flags.ts';

export const debug: Verb = {
  name: 'debug', about: 'Create debugging sessions for troubleshooting workloads and nodes', completes: 'pods',
  flags: [switchFlag('stdin', 'i'), switchFlag('tty', 't'), textFlag('image'), textFlag('target'), textFlag('container', 'c'), textFlag('copy-to'), textFlag('profile'), textFlag('env'), switchFlag('quiet', 'q'), switchFlag('attach'), textFlag('set-image'), switchFlag('share-processes'), switchFlag('replace'), switchFlag('same-node'), textFlag('image-pull-policy'), textFlag('custom'), textFlag('filename', 'f'), switchFlag('keep-labels'), switchFlag('keep-annotations')],
  run,
};

// Simplified: the debugging container is gone when its command has ended; neither the pod nor its status shows it.
function run(call: VerbCall): Answer {
  const { dash } = call.flags;
  const [who, ...extra] = dash === null ? call.words : call.words.slice(0, dash);
  const command = dash === null ? [] : call.words.slice(dash);
  const image = textOf(call.flags, 'image');
  if (image === undefined && textOf(call.flags, 'copy-to') === undefined) return complain('you must specify --image when not using --copy-to.');
  if (who === undefined) return usage('debug', 'NAME or filename is required for debug');
  if (extra.length > 0) return lacks('kubectl debug of several pods at once; a command stands behind --');
  if (textOf(call.flags, 'copy-to') !== undefined || image === undefined) return lacks('kubectl debug --copy-to: use a debugging container in the pod itself');
  const interactive = isOn(call.flags, 'stdin') || isOn(call.flags, 'attach');
  const stays = command.length === 0;
  const stdin = interactive ? call.stdin : null;
  const letters = suffix(0, call.turn, 5);
  const nodeName = /^(?:nodes?|no)\/(.+)$/.exec(who)?.[1];
  if (nodeName !== undefined) {
    const node = call.lab.network.nodes.find((one) => one.name === nodeName);
    if (node === undefined) return failed(`Error from server (NotFound): nodes "${nodeName}" not found`);
    const says = `Creating debugging pod node-debugger-${node.name}-${letters} with container debugger on node ${node.name}.\n`;
    // The pod is in the node's network; with chroot /host its programs are the node's.
    const host = command[0] === 'chroot' && command[1] === '/host';
    const inside = onNode(node, isOn(call.flags, 'tty'), host ? 'node' : image);
    if (stays) return opened(call, says, inside);
    return ended(call, says, host ? command.slice(2) : command, runAt(call, host ? command.slice(2) : command, inside, toolsAt(inside), stdin));
  }
  const pod = podOf(call, who);
  if (typeof pod === 'string') return failed(pod);
  const target = textOf(call.flags, 'target');
  if (target !== undefined && !pod.containers.some((one) => one.name === target)) return failed(`The Pod "${pod.name}" is invalid: spec.ephemeralContainers[0].targetContainerName: Not found: "${target}"`);
  const [container] = pod.containers.filter((one) => one.kind !== 'init');
  if (container === undefined || pod.node === null) return complain('timed out waiting for the condition');
  const targeting = target === undefined ? '' : `Targeting container "${target}". If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`;
  const says = `${targeting}${textOf(call.flags, 'container') === undefined ? `Defaulting debug container name to debugger-${letters}.\n` : ''}`;
  const inside = { ...insideContainer(pod, container, isOn(call.flags, 'tty')), image, env: {} };
  if (stays) return opened(call, isOn(call.flags, 'quiet') ? '' : says, inside);
  return ended(call, isOn(call.flags, 'quiet') ? '' : says, command, runAt(call, command, inside, toolsOf(image), stdin));
}

/** The image's own shell, where somebody is there to type; without a terminal it ends at once and nothing is seen of it. */
function opened(call: VerbCall, says: string, inside: Inside): Answer {
  const first: readonly Piece[] = says === '' ? [] : [{ stream: 'out', text: says }];
  if (!inside.terminal || !isOn(call.flags, 'stdin')) return { kind: 'done', status: 0, output: first, meanings: [call.verb] };
  const ran = runAt(call, ['sh'], { ...inside, opener: 'debug' }, toolsAt(inside), null);
  if (ran?.opens === undefined) return failed(`error: the image ${inside.image} has no shell`, 127);
  return { kind: 'done', status: 0, output: [...first, { stream: 'err', text: "If you don't see a command prompt, try pressing enter.\n" }], opens: ran.opens, meanings: [call.verb] };
}

function ended(call: VerbCall, says: string, command: readonly string[], ran: Done | undefined): Answer {
  const first: readonly Piece[] = says === '' ? [] : [{ stream: 'out', text: says }];
  const done = ran ?? failed(`error: exec: ${JSON.stringify(command[0] ?? '')}: executable file not found in $PATH: the image has no such program`, 127);
  const { variables: _variables, lab: _lab, ...rest } = done;
  return { ...rest, output: [...first, ...done.output], meanings: (done.meanings ?? []).map((meaning) => meaning.replace(/^exec /, `${call.verb} `)) };
}

// Places beside pods: `ssh NODE …` runs a tool on a node, `on HOST …` on a machine outside of the cluster; and the way back to a place where a shell stands.
import { byText } from '../sim/base/order.ts';
import type { OutsideHost } from '../sim/model/cluster-document.ts';
import type { Lab } from '../sim/lab.ts';
import { failed, insideContainer } from './command.ts';
import type { Answer, Call, Inside } from './command.ts';
import { hostsFileOf, onNode } from './on-node.ts';
import type { Where } from './session.ts';
import { toolsAt } from './tools/tools.ts';

export { onNode } from './on-node.ts';

/** The name of the machine outside that has no name of its own in the Cluster document. */
export const laptop = 'laptop';

function onHost(lab: Lab, name: string, ip: string, terminal: boolean): Inside {
  return { from: { kind: 'external', ip, atNode: null }, terminal, pod: null, image: 'host', env: {}, hostname: name, addresses: [ip], sockets: [], resolvConf: `nameserver ${lab.network.outside.resolver}\n`, hostsFile: hostsFileOf(name), resolver: null };
}

const outsideNames = (lab: Lab): readonly string[] => [laptop, ...lab.network.outside.hosts.map((host: Pick<OutsideHost, 'name'>) => host.name)].sort(byText);

/** Every place that `on` and `ssh` know: for completion and for errors. */
export const placeNames = (lab: Lab): { readonly nodes: readonly string[]; readonly outside: readonly string[] } => ({ nodes: lab.network.nodes.map(({ name }) => name).sort(byText), outside: outsideNames(lab) });

/** The place where a shell stands, as it is now; `null` when it is gone. */
export function placeAgain(lab: Lab, where: Where): Inside | null {
  switch (where.kind) {
    case 'container': {
      const pod = lab.network.pods.find((one) => one.namespace === where.namespace && one.name === where.pod);
      const container = pod?.containers.find((one) => one.name === where.container) ?? pod?.containers.find((one) => one.kind !== 'init');
      if (pod === undefined || container === undefined || container.state !== 'Running') return null;
      return { ...insideContainer(pod, container, true), image: where.image };
    }
    case 'node': {
      const node = lab.network.nodes.find((one) => one.name === where.name);
      return node === undefined ? null : onNode(node, true, where.image);
    }
    case 'host': {
      const ip = addressOf(lab, where.name);
      return ip === undefined ? null : onHost(lab, where.name, ip, true);
    }
  }
}

const addressOf = (lab: Lab, name: string): string | undefined => (name === laptop ? lab.network.outside.client : lab.network.outside.hosts.find((one) => one.name === name)?.addresses[0]);

const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');

function runAt(call: Call, inside: Inside, words: readonly string[]): Answer {
  const [name, ...args] = words;
  const find = toolsAt(inside);
  // ssh hands the words to a shell as one line: `ssh NODE 'ip route | grep via'` is two programs.
  const line = name !== undefined && args.length === 0 && /[\s|;&<>$]/.test(name);
  const script = name === undefined && call.stdin !== null;
  const program = find(name === undefined || line ? 'bash' : name);
  if (program === undefined) return failed(`bash: line 1: ${printable(name ?? '')}: command not found`, 127);
  const shell = name === undefined || line;
  const answer = program({ ...call, name: shell ? 'bash' : name.slice(name.lastIndexOf('/') + 1), args: line ? ['-c', name] : args, stdin: shell && !script ? null : call.stdin, variables: {}, find, inside: { ...inside, terminal: shell && !line && !script } });
  if (answer.kind !== 'done') return failed(`${call.name}: this cannot be done there`, 1);
  const { variables: _variables, lab: _lab, namespace: _namespace, ...rest } = answer;
  return { ...rest, meanings: (answer.meanings ?? []).map((meaning) => atPlace(meaning, inside)) };
}

/** What is done on nodes and outside is told from what is done in pods. */
export const atPlace = (meaning: string, inside: Inside): string => (inside.from.kind === 'pod' ? meaning : meaning.replace(/^exec /, inside.from.kind === 'node' ? 'ssh ' : 'on '));

/** `ssh [USER@]NODE [COMMAND…]` */
export function ssh(call: Call): Answer {
  const words: string[] = [];
  for (let index = 0; index < call.args.length; index++) {
    const word = call.args[index] ?? '';
    if (words.length > 0 || !word.startsWith('-')) words.push(word);
    // Options of ssh itself stand before the name.
    else if (/^-[bcDeFiIJlLmoOpQRSwW]$/.test(word)) index += 1;
  }
  const [who, ...command] = words;
  if (who === undefined) return failed(`usage: ssh NODE [COMMAND]\nNodes: ${placeNames(call.lab).nodes.join(', ')}`, 255);
  const name = who.replace(/^[^@]*@/, '');
  const node = call.lab.network.nodes.find((one) => one.name === name || one.internal.includes(name));
  if (node === undefined) return failed(`ssh: Could not resolve hostname ${printable(name)}: Name or service not known\nNodes: ${placeNames(call.lab).nodes.join(', ')}`, 255);
  return runAt(call, onNode(node), command);
}

/** `on HOST [COMMAND…]`: the lab's own word for a machine outside of the cluster; a node's name works too. */
export function on(call: Call): Answer {
  const [name, ...command] = call.args;
  const { network } = call.lab;
  const known = placeNames(call.lab);
  if (name === undefined) return failed(`usage: on HOST [COMMAND]\nOutside of the cluster: ${known.outside.join(', ')}. Nodes: ${known.nodes.join(', ')}`);
  const node = network.nodes.find((one) => one.name === name);
  if (node !== undefined) return runAt(call, onNode(node), command);
  const ip = addressOf(call.lab, name);
  return ip === undefined ? failed(`on: there is no host "${printable(name)}". Outside of the cluster: ${known.outside.join(', ')}. Nodes: ${known.nodes.join(', ')}`) : runAt(call, onHost(call.lab, name, ip, false), command);
}

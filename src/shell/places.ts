// Places beside pods: `ssh NODE …` runs a tool on a node, `on HOST …` on a machine outside of the cluster.
import { byText } from '../sim/base/order.ts';
import type { NetworkNode } from '../sim/model/network.ts';
import type { OutsideHost } from '../sim/model/cluster-document.ts';
import type { Lab } from '../sim/lab.ts';
import { failed } from './command.ts';
import type { Answer, Call, Inside } from './command.ts';
import { toolsAt } from './tools/tools.ts';

const hosts = (name: string): string => `127.0.0.1\tlocalhost\n127.0.1.1\t${name}\n::1\tlocalhost ip6-localhost ip6-loopback\n`;

/** A node as a place: its own processes' files and addresses, with every tool of a server. */
export const onNode = (node: NetworkNode, terminal = false, image = 'node'): Inside => ({
  from: { kind: 'node', name: node.name }, terminal, pod: null, image, env: {}, hostname: node.name, addresses: node.internal, sockets: node.sockets, resolvConf: node.resolvConf, hostsFile: hosts(node.name), resolver: null,
});

/** The name of the machine outside that has no name of its own in the Cluster document. */
export const laptop = 'laptop';

function onHost(lab: Lab, name: string, ip: string): Inside {
  return { from: { kind: 'external', ip, atNode: null }, terminal: false, pod: null, image: 'host', env: {}, hostname: name, addresses: [ip], sockets: [], resolvConf: `nameserver ${lab.network.outside.resolver}\n`, hostsFile: hosts(name), resolver: null };
}

const outsideNames = (lab: Lab): readonly string[] => [laptop, ...lab.network.outside.hosts.map((host: Pick<OutsideHost, 'name'>) => host.name)].sort(byText);

/** Every place that `on` and `ssh` know: for completion and for errors. */
export const placeNames = (lab: Lab): { readonly nodes: readonly string[]; readonly outside: readonly string[] } => ({ nodes: lab.network.nodes.map(({ name }) => name).sort(byText), outside: outsideNames(lab) });

function runAt(call: Call, inside: Inside, words: readonly string[]): Answer {
  const [name, ...args] = words;
  if (name === undefined) return failed(`${call.name}: the lab opens no shell that stays; give a command: ${call.name} ${call.args[0] ?? ''} ip route`, 1);
  const find = toolsAt(inside);
  // ssh hands the words to a shell as one line: `ssh NODE 'ip route | grep via'` is two programs.
  const line = args.length === 0 && /[\s|;&]/.test(name);
  const program = find(line ? 'sh' : name);
  if (program === undefined) return failed(`bash: line 1: ${name.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?')}: command not found`, 127);
  const answer = program({ ...call, name: line ? 'bash' : name.slice(name.lastIndexOf('/') + 1), args: line ? ['-c', name] : args, variables: {}, find, inside });
  if (answer.kind !== 'done') return failed(`${call.name}: this cannot be done there`, 1);
  const { variables: _variables, lab: _lab, namespace: _namespace, ...rest } = answer;
  // What is done there is told from what is done in pods.
  const place = inside.from.kind === 'node' ? 'ssh' : 'on';
  return { ...rest, meanings: (answer.meanings ?? []).map((meaning) => meaning.replace(/^exec /, `${place} `)) };
}

/** `ssh [USER@]NODE COMMAND…` */
export function ssh(call: Call): Answer {
  const words = call.args.filter((word, index) => !(word.startsWith('-') && call.args.slice(0, index).every((before) => before.startsWith('-'))));
  const [who, ...command] = words;
  if (who === undefined) return failed(`usage: ssh NODE COMMAND\nNodes: ${placeNames(call.lab).nodes.join(', ')}`, 255);
  const name = who.replace(/^[^@]*@/, '');
  const node = call.lab.network.nodes.find((one) => one.name === name || one.internal.includes(name));
  if (node === undefined) return failed(`ssh: Could not resolve hostname ${name}: Name or service not known\nNodes: ${placeNames(call.lab).nodes.join(', ')}`, 255);
  return runAt(call, onNode(node), command);
}

/** `on HOST COMMAND…`: the lab's own word for a machine outside of the cluster; a node's name works too. */
export function on(call: Call): Answer {
  const [name, ...command] = call.args;
  const { network } = call.lab;
  const known = placeNames(call.lab);
  if (name === undefined) return failed(`usage: on HOST COMMAND\nOutside of the cluster: ${known.outside.join(', ')}. Nodes: ${known.nodes.join(', ')}`);
  const node = network.nodes.find((one) => one.name === name);
  if (node !== undefined) return runAt(call, onNode(node), command);
  const host = network.outside.hosts.find((one) => one.name === name);
  const ip = name === laptop ? network.outside.client : host?.addresses[0];
  return ip === undefined ? failed(`on: there is no host "${name.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?')}". Outside of the cluster: ${known.outside.join(', ')}. Nodes: ${known.nodes.join(', ')}`) : runAt(call, onHost(call.lab, name, ip), command);
}

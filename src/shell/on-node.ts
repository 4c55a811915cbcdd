// A node as a place: apart from `ssh`, so that the tools themselves can look from one node at another.
import type { NetworkNode } from '../sim/model/network.ts';
import type { Inside } from './command.ts';

export const hostsFileOf = (name: string): string => `127.0.0.1\tlocalhost\n127.0.1.1\t${name}\n::1\tlocalhost ip6-localhost ip6-loopback\n`;

/** A node as a place: its own processes' files and addresses, with every tool of a server. */
export const onNode = (node: NetworkNode, terminal = false, image = 'node'): Inside => ({
  from: { kind: 'node', name: node.name }, terminal, pod: null, image, env: {}, hostname: node.name, addresses: node.internal, sockets: node.sockets, resolvConf: node.resolvConf, hostsFile: hostsFileOf(node.name), resolver: null,
});

// A node whose table of connections is full.
import type { Fault, Injury } from './fault.ts';
import { broken } from './fault.ts';

export const cniConntrackFull: Fault = {
  name: 'cni-conntrack-full',
  link: 'https://kubernetes.io/docs/concepts/services-networking/',
  ways(scene) {
    const way = (node: string): Injury => broken(scene, 'network', 'Cluster/lab', [['spec.nodes', [{ name: node, conntrack: { max: 65536, used: 65536 } }]]], {
      en: { ticket: `New connections fail at random since the sale began; those that are open go on working. Names fail in the same way.`, look: `Is it the pods or a node? Ask the same from each node, and look at the kernel log of the one that fails`, answer: `The connection tracking table of \`${node}\` is full: its kernel drops the first packet of every new connection.` },
      de: { ticket: `Seit Beginn des Ausverkaufs scheitern neue Verbindungen zufällig; offene laufen weiter. Namen scheitern genauso.`, look: `Sind es die Pods oder ein Node? Stell dieselbe Frage von jedem Node, und sieh in das Kernel-Log dessen, der scheitert`, answer: `Die Tabelle der Verbindungen von \`${node}\` ist voll: sein Kernel verwirft das erste Paket jeder neuen Verbindung.` },
    }, 'spec.nodes[0].conntrack');
    return [way('worker-1'), way('worker-2')];
  },
};

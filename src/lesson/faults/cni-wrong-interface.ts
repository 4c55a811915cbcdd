// A node that is announced to the others with an address that nobody has.
import type { Fault, Injury } from './fault.ts';
import { broken } from './fault.ts';

export const cniWrongInterface: Fault = {
  name: 'cni-flannel-wrong-iface',
  link: 'https://kubernetes.io/docs/concepts/cluster-administration/networking/',
  ways(scene) {
    const way = (node: string): Injury => broken(scene, 'network', 'Cluster/lab', [['spec.nodes', [{ name: node, announces: '10.0.2.15' }]]], {
      en: { ticket: `Pods on the same node talk, pods on two nodes do not. The nodes reach each other. It began when the machines got a second network card.`, look: `Where do the tunnels end? The Network pane shows with which address each node is announced`, answer: `\`${node}\` is announced with 10.0.2.15, the address of the wrong interface: tunnels to it end nowhere.` },
      de: { ticket: `Pods auf demselben Node sprechen miteinander, Pods auf zweien nicht. Die Nodes erreichen sich. Es begann, als die Maschinen eine zweite Netzwerkkarte bekamen.`, look: `Wo enden die Tunnel? Das Netzwerk-Fenster zeigt, mit welcher Adresse jeder Node angekündigt ist`, answer: `\`${node}\` ist mit 10.0.2.15 angekündigt, der Adresse des falschen Interface: Tunnel zu ihm enden im Nichts.` },
    }, 'spec.nodes[0].announces');
    return [way('worker-1'), way('worker-2')];
  },
};

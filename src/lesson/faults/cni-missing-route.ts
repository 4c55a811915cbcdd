// A node that does not know the way to the pods of another.
import type { Fault, Injury } from './fault.ts';
import { broken } from './fault.ts';

export const cniMissingRoute: Fault = {
  name: 'cni-missing-route',
  link: 'https://kubernetes.io/docs/concepts/cluster-administration/networking/',
  ways(scene) {
    const way = (node: string): Injury => broken(scene, 'network', 'Cluster/lab', [['spec.nodes', [{ name: node, missingRoutes: [node === 'worker-1' ? '10.244.2.0/24' : '10.244.1.0/24'] }]]], {
      en: { ticket: `Some calls between pods time out, others never do, and names fail now and then. It depends on which two pods talk.`, look: `Do all pairs of nodes reach each other? Compare the routes of the nodes in the Network pane, or \`ip route\` on each`, answer: `\`${node}\` has no route to the pods of the other worker: packets to them go to the default gateway and are lost.` },
      de: { ticket: `Manche Aufrufe zwischen Pods laufen in einen Timeout, andere nie, und Namen scheitern ab und zu. Es hängt davon ab, welche zwei Pods sprechen.`, look: `Erreichen sich alle Paare von Nodes? Vergleiche die Routen der Nodes im Netzwerk-Fenster, oder \`ip route\` auf jedem`, answer: `\`${node}\` hat keine Route zu den Pods des anderen Workers: Pakete dorthin gehen zum Default-Gateway und sind verloren.` },
    }, 'spec.nodes[0].missingRoutes');
    return [way('worker-1'), way('worker-2')];
  },
};

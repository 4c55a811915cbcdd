// A node that passes no packets on.
import type { Fault, Injury } from './fault.ts';
import { broken } from './fault.ts';

export const cniIpForwardOff: Fault = {
  name: 'cni-forward-drop',
  link: 'https://kubernetes.io/docs/concepts/cluster-administration/networking/',
  ways(scene) {
    const way = (node: string): Injury => broken(scene, 'network', 'Cluster/lab', [['spec.nodes', [{ name: node, ipForward: false }]]], {
      en: { ticket: `Since the maintenance of last night every pod of one node is cut off. From the node itself everything can be reached.`, look: `Which pods are it, and what do they share? \`kubectl get pods -A -o wide\`; then look at the sysctls of that node`, answer: `\`net.ipv4.ip_forward\` is 0 on \`${node}\`: it takes packets for itself and drops those of its pods.` },
      de: { ticket: `Seit der Wartung letzte Nacht ist jeder Pod eines Node abgeschnitten. Vom Node selbst aus ist alles erreichbar.`, look: `Welche Pods sind es, und was haben sie gemeinsam? \`kubectl get pods -A -o wide\`; dann sieh dir die Sysctls dieses Node an`, answer: `\`net.ipv4.ip_forward\` ist 0 auf \`${node}\`: er nimmt Pakete für sich an und verwirft die seiner Pods.` },
    }, 'spec.nodes[0].ipForward');
    return [way('worker-1'), way('worker-2')];
  },
};

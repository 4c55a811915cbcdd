// CoreDNS asks the node's resolver, which asks CoreDNS.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const dnsCorednsLoop: Fault = {
  name: 'dns-coredns-loop',
  link: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/#known-issues',
  ways: (scene) => [broken(scene, 'dns', 'Cluster/lab', [['spec.nodes', ['control-plane', 'worker-1', 'worker-2'].map((name) => ({ name, resolvConf: 'nameserver 127.0.0.53\n' }))]], {
    en: { ticket: 'After the nodes were reinstalled with a newer system no name resolves. The pods of CoreDNS restart again and again.', look: 'What were its last words? `kubectl get pods -n kube-system`, then `kubectl logs -n kube-system deploy/coredns`', answer: 'resolv.conf of the nodes says 127.0.0.53, a resolver on the node: in the pod of CoreDNS that is CoreDNS itself, and its plugin `loop` ends it.' },
    de: { ticket: 'Seit die Nodes mit einem neueren System aufgesetzt wurden, wird kein Name aufgelöst. Die Pods von CoreDNS starten immer wieder neu.', look: 'Was waren seine letzten Worte? `kubectl get pods -n kube-system`, dann `kubectl logs -n kube-system deploy/coredns`', answer: 'In resolv.conf der Nodes steht 127.0.0.53, ein Resolver auf dem Node: im Pod von CoreDNS ist das CoreDNS selbst, und sein Plugin `loop` beendet es.' },
  }, 'spec.nodes')],
};

// Policies that the API server keeps and nobody enforces.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const npNotEnforced: Fault = {
  name: 'np-not-enforced-flannel',
  link: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#prerequisites',
  ways: (scene) => [broken(scene, 'policy', 'Cluster/lab', [['spec.cni', { plugin: 'flannel', mode: 'vxlan' }]], {
    en: { ticket: 'The new cluster is up, with all manifests of the old one. An audit found that everybody reaches everybody; the policies are all there.', look: 'The API server keeps policies. Who enforces them? `kubectl get cluster lab -o yaml`, and look for an agent in kube-system', answer: 'The plugin is Flannel, which enforces no NetworkPolicy; another one does, or a policy controller beside it.' },
    de: { ticket: 'Der neue Cluster steht, mit allen Manifesten des alten. Ein Audit hat gefunden, dass jeder jeden erreicht; die Policies sind alle da.', look: 'Der API-Server bewahrt Policies auf. Wer setzt sie durch? `kubectl get cluster lab -o yaml`, und suche in kube-system nach einem Agenten', answer: 'Das Plugin ist Flannel, und das setzt keine NetworkPolicy durch; ein anderes tut es, oder ein Policy-Controller daneben.' },
  }, 'spec.cni.plugin')],
};

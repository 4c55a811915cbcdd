// Nobody answers questions about names.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const dnsCorednsDown: Fault = {
  name: 'dns-coredns-down',
  link: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
  ways(scene) {
    const { front, api } = scene.cast;
    return [broken(scene, 'dns', 'Deployment/kube-system/coredns', [['spec.replicas', 0]], {
      en: { ticket: `Nothing resolves any more, for nobody, inside or outside. By their addresses \`${front}\` still reaches \`${api}\`.`, look: 'Who answers at the address of `kube-dns`? `kubectl get endpointslices -n kube-system` and `kubectl get deployments -n kube-system`', answer: 'The Deployment `coredns` is scaled to 0.' },
      de: { ticket: `Kein Name wird mehr aufgelöst, für niemanden, weder innen noch außen. Über die Adressen erreicht \`${front}\` die \`${api}\` noch.`, look: 'Wer antwortet unter der Adresse von `kube-dns`? `kubectl get endpointslices -n kube-system` und `kubectl get deployments -n kube-system`', answer: 'Das Deployment `coredns` steht auf 0.' },
    })];
  },
};

// CoreDNS runs, and its Service sends to nobody.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const dnsKubeDnsSelector: Fault = {
  name: 'dns-kubedns-service-selector',
  link: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/#is-dns-service-up',
  ways: (scene) => [broken(scene, 'dns', 'Service/kube-system/kube-dns', [['spec.selector', { 'k8s-app': 'coredns' }]], {
    en: { ticket: 'No name resolves. Two pods of CoreDNS run, are ready and log nothing at all.', look: 'A server that logs nothing is asked nothing: `kubectl describe service kube-dns -n kube-system`', answer: 'The selector of the Service `kube-dns` asks for `k8s-app: coredns`; the pods say `k8s-app: kube-dns`.' },
    de: { ticket: 'Kein Name wird aufgelöst. Zwei Pods von CoreDNS laufen, sind bereit und protokollieren rein gar nichts.', look: 'Ein Server, der nichts protokolliert, wird nicht gefragt: `kubectl describe service kube-dns -n kube-system`', answer: 'Der Selektor des Service `kube-dns` verlangt `k8s-app: coredns`; die Pods sagen `k8s-app: kube-dns`.' },
  }, 'spec.selector')],
};

// CoreDNS answers for a zone that is not the cluster's.
import type { Fault } from './fault.ts';
import { broken, objectAt } from './fault.ts';
import { stepsOf, valueAt } from '../field-paths.ts';

const key = 'ConfigMap/kube-system/coredns';

export const dnsCorefileTypo: Fault = {
  name: 'dns-corefile-typo',
  link: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-custom-nameservers/',
  ways(scene) {
    const object = objectAt(scene, key);
    const corefile = String(valueAt(object, stepsOf('data.Corefile', object)));
    return [broken(scene, 'dns', key, [['data.Corefile', corefile.replace('kubernetes cluster.local', 'kubernetes cluster.locall')]], {
      en: { ticket: 'All names of the cluster are gone: the answer is "no such name", at once. Names on the internet resolve.', look: 'CoreDNS says no, so it was asked. For which zone does it answer? `kubectl get configmap coredns -n kube-system -o yaml`', answer: 'In the Corefile the plugin `kubernetes` answers for `cluster.locall`.' },
      de: { ticket: 'Alle Namen des Clusters sind weg: die Antwort ist „kein solcher Name", und zwar sofort. Namen im Internet werden aufgelöst.', look: 'CoreDNS sagt Nein, also wurde es gefragt. Für welche Zone antwortet es? `kubectl get configmap coredns -n kube-system -o yaml`', answer: 'Im Corefile antwortet das Plugin `kubernetes` für `cluster.locall`.' },
    })];
  },
};

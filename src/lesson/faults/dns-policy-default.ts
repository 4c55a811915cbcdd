// Pods that ask the node's resolver do not know the cluster's names.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const dnsPolicyDefault: Fault = {
  name: 'dns-policy-default-typo',
  link: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy',
  ways(scene) {
    const { app, api, db } = scene.cast;
    return [broken(scene, 'dns', `Deployment/${app}/${api}`, [['spec.template.spec.dnsPolicy', 'Default']], {
      en: { ticket: `\`${api}\` finds hosts on the internet, and no name of the cluster, \`${db}\` least of all. Other pods find them.`, look: `Whom does it ask? \`kubectl exec -n ${app} deploy/${api} -- cat /etc/resolv.conf\`, and the same in another pod`, answer: `\`dnsPolicy\` of \`${api}\` is Default, which is the node's resolv.conf; the default of Kubernetes is ClusterFirst.` },
      de: { ticket: `\`${api}\` findet Rechner im Internet, aber keinen Namen des Clusters, schon gar nicht \`${db}\`. Andere Pods finden sie.`, look: `Wen fragt es? \`kubectl exec -n ${app} deploy/${api} -- cat /etc/resolv.conf\`, und dasselbe in einem anderen Pod`, answer: `\`dnsPolicy\` von \`${api}\` ist Default, also die resolv.conf des Node; die Vorgabe von Kubernetes heißt ClusterFirst.` },
    })];
  },
};

// Pods that are told to ask a public server only.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const dnsPolicyNone: Fault = {
  name: 'dns-policy-none-empty',
  link: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config',
  ways(scene) {
    const { app, api, db } = scene.cast;
    return [broken(scene, 'dns', `Deployment/${app}/${api}`, [['spec.template.spec.dnsPolicy', 'None'], ['spec.template.spec.dnsConfig', { nameservers: ['8.8.8.8'] }]], {
      en: { ticket: `Since somebody made names "faster" for \`${api}\`, it cannot find \`${db}\`. The answer is a clear no, and it comes at once.`, look: `Who gave that answer? \`kubectl exec -n ${app} deploy/${api} -- cat /etc/resolv.conf\``, answer: `\`dnsPolicy: None\` with the nameserver 8.8.8.8 alone: a public server knows nothing of this cluster.` },
      de: { ticket: `Seit jemand die Namen für \`${api}\` „schneller" gemacht hat, findet es \`${db}\` nicht. Die Antwort ist ein klares Nein und kommt sofort.`, look: `Wer hat so geantwortet? \`kubectl exec -n ${app} deploy/${api} -- cat /etc/resolv.conf\``, answer: `\`dnsPolicy: None\` und als Nameserver nur 8.8.8.8: ein öffentlicher Server weiß nichts von diesem Cluster.` },
    })];
  },
};

// A policy that names the Service's port where the pod's is meant.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const npServicePort: Fault = {
  name: 'np-service-port-instead-of-pod-port',
  link: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  ways(scene) {
    const { app, front, api, apiPort } = scene.cast;
    return [broken(scene, 'policy', `NetworkPolicy/${app}/${api}-ingress`, [['spec.ingress[0].ports[0].port', 80]], {
      en: { ticket: `\`${front}\` calls \`${api}\` on port 80 and hears nothing, neither yes nor no. The policy of \`${api}\` allows \`${front}\` on port 80.`, look: `To which port does the packet go when it reaches the pod? Step to its last hop, and \`kubectl describe networkpolicy ${api}-ingress -n ${app}\``, answer: `The policy \`${api}-ingress\` allows port 80, the Service's; the pod's is ${apiPort}, and policies see that one.` },
      de: { ticket: `\`${front}\` ruft \`${api}\` an Port 80 und hört nichts, weder Ja noch Nein. Die Policy von \`${api}\` erlaubt \`${front}\` den Port 80.`, look: `An welchen Port geht das Paket, wenn es beim Pod ankommt? Geh zu seinem letzten Hop, und \`kubectl describe networkpolicy ${api}-ingress -n ${app}\``, answer: `Die Policy \`${api}-ingress\` erlaubt Port 80, den des Service; der des Pods ist ${apiPort}, und den sehen Policies.` },
    })];
  },
};

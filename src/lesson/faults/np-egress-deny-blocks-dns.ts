// What may leave does not include the question for the name.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const npEgressDenyBlocksDns: Fault = {
  name: 'np-egress-deny-blocks-dns',
  link: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-egress-traffic',
  ways(scene) {
    const { app, front, api } = scene.cast;
    return [broken(scene, 'policy', `NetworkPolicy/${app}/${front}-egress`, [['spec.egress[0]', undefined]], {
      en: { ticket: `\`${front}\` hangs for seconds and then cannot resolve \`${api}\`. By its address \`${api}\` answers at once, and other pods resolve the name.`, look: `Where do its DNS packets end? \`kubectl describe networkpolicy ${front}-egress -n ${app}\``, answer: `The policy \`${front}-egress\` allows no DNS: UDP and TCP 53 to the pods \`k8s-app: kube-dns\` in kube-system.` },
      de: { ticket: `\`${front}\` hängt sekundenlang und kann \`${api}\` dann nicht auflösen. Über die Adresse antwortet \`${api}\` sofort, und andere Pods lösen den Namen auf.`, look: `Wo enden seine DNS-Pakete? \`kubectl describe networkpolicy ${front}-egress -n ${app}\``, answer: `Die Policy \`${front}-egress\` erlaubt kein DNS: UDP und TCP 53 zu den Pods \`k8s-app: kube-dns\` in kube-system.` },
    }, 'spec.egress')];
  },
};

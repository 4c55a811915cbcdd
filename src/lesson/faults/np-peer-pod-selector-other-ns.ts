// A podSelector alone means pods of the policy's own namespace.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const npPeerPodSelectorOtherNs: Fault = {
  name: 'np-peer-podselector-other-ns',
  link: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors',
  ways(scene) {
    const { app, data, api, db, scraper, watch } = scene.cast;
    const words = (client: string, name: string, home: string, policy: string, at: string): Parameters<typeof broken>[4] => ({
      en: { ticket: `\`${client}\` times out at \`${name}\`. The policy of \`${name}\` allows pods with \`app: ${client}\`, and \`${client}\` has that label.`, look: `In which namespace does a podSelector look? \`kubectl describe networkpolicy ${policy} -n ${at}\``, answer: `The peer in \`${policy}\` has a podSelector alone, which looks in \`${at}\`; \`${client}\` lives in \`${home}\` and needs a namespaceSelector beside it.` },
      de: { ticket: `\`${client}\` läuft bei \`${name}\` in einen Timeout. Die Policy von \`${name}\` erlaubt Pods mit \`app: ${client}\`, und \`${client}\` hat das Label.`, look: `In welchem Namespace sucht ein podSelector? \`kubectl describe networkpolicy ${policy} -n ${at}\``, answer: `Der Peer in \`${policy}\` hat nur einen podSelector, und der sucht in \`${at}\`; \`${client}\` lebt in \`${home}\` und braucht einen namespaceSelector daneben.` },
    });
    return [
      broken(scene, 'policy', `NetworkPolicy/${data}/${db}-ingress`, [['spec.ingress[0].from[0].namespaceSelector', undefined]], words(api, db, app, `${db}-ingress`, data), 'spec.ingress[0].from'),
      broken(scene, 'policy', `NetworkPolicy/${app}/${api}-ingress`, [['spec.ingress[1].from[0].namespaceSelector', undefined]], words(scraper, `${api}-metrics`, watch, `${api}-ingress`, app), 'spec.ingress[1].from'),
    ];
  },
};

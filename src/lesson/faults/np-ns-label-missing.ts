// A policy asks for a label that the namespace does not have.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const npNsLabelMissing: Fault = {
  name: 'np-ns-label-missing',
  link: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-namespace-by-its-name',
  ways(scene) {
    const { app, data, watch, api, db, scraper } = scene.cast;
    const words = (client: string, name: string, namespace: string, policy: string, at: string): Parameters<typeof broken>[4] => ({
      en: { ticket: `\`${client}\` times out at \`${name}\`. The policy there lets in the namespace \`${namespace}\`, by name.`, look: `Which labels does that namespace have? \`kubectl get namespaces --show-labels\` and \`kubectl describe networkpolicy ${policy} -n ${at}\``, answer: `\`${policy}\` asks for the namespace label \`name: ${namespace}\`; what every namespace has is \`kubernetes.io/metadata.name\`.` },
      de: { ticket: `\`${client}\` läuft bei \`${name}\` in einen Timeout. Die Policy dort lässt den Namespace \`${namespace}\` herein, mit Namen.`, look: `Welche Labels hat dieser Namespace? \`kubectl get namespaces --show-labels\` und \`kubectl describe networkpolicy ${policy} -n ${at}\``, answer: `\`${policy}\` verlangt am Namespace das Label \`name: ${namespace}\`; jeder Namespace hat \`kubernetes.io/metadata.name\`.` },
    });
    return [
      broken(scene, 'policy', `NetworkPolicy/${app}/${api}-ingress`, [['spec.ingress[1].from[0].namespaceSelector', { matchLabels: { name: watch } }]], words(scraper, `${api}-metrics`, watch, `${api}-ingress`, app)),
      broken(scene, 'policy', `NetworkPolicy/${data}/${db}-ingress`, [['spec.ingress[0].from[0].namespaceSelector', { matchLabels: { name: app } }]], words(api, db, app, `${db}-ingress`, data)),
    ];
  },
};

// A namespace that denies by default, without the policy that allows.
import type { Fault, Injury } from './fault.ts';

export const npDefaultDenyBreaksAll: Fault = {
  name: 'np-default-deny-breaks-all',
  link: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-ingress-traffic',
  ways({ cast: { app, data, front, api, db, stats } }) {
    const way = (namespace: string, name: string, client: string): Injury => ({
      changed: [], removed: [`NetworkPolicy/${namespace}/${name}-ingress`], diagnosis: { layer: 'policy', object: `NetworkPolicy/${namespace}/default-deny`, field: 'spec.ingress' },
      words: {
        en: { ticket: `Since the namespace \`${namespace}\` was "hardened", nothing of \`${client}\` reaches \`${name}\`, and nobody hears a no.`, look: `Which policies select the pods of \`${name}\`? \`kubectl get networkpolicies -n ${namespace}\``, answer: `Only \`default-deny\` selects the pods of \`${name}\`; the policy that allowed \`${client}\` is not there. The deny stays, the allow is missing.` },
        de: { ticket: `Seit der Namespace \`${namespace}\` „gehärtet" wurde, kommt nichts von \`${client}\` bei \`${name}\` an, und niemand hört ein Nein.`, look: `Welche Policies wählen die Pods von \`${name}\`? \`kubectl get networkpolicies -n ${namespace}\``, answer: `Nur \`default-deny\` wählt die Pods von \`${name}\`; die Policy, die \`${client}\` erlaubte, ist nicht da. Das Verbot bleibt, die Erlaubnis fehlt.` },
      },
    });
    return [way(app, api, front), way(data, db, api), way(app, stats, front)];
  },
};

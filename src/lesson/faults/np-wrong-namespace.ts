// A policy selects pods of its own namespace, and stands in another.
import type { Fault } from './fault.ts';
import { edited } from './fault.ts';

export const npWrongNamespace: Fault = {
  name: 'np-wrong-namespace',
  link: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource',
  ways(scene) {
    const { app, data, api, db } = scene.cast;
    const name = `${db}-ingress`;
    return [{
      changed: [edited(scene, `NetworkPolicy/${data}/${name}`, ['metadata.namespace', app])], removed: [`NetworkPolicy/${data}/${name}`],
      diagnosis: { layer: 'policy', object: `NetworkPolicy/${data}/default-deny`, field: 'spec.ingress' },
      words: {
        en: { ticket: `\`${api}\` times out at \`${db}\`. There is a policy that allows exactly this, \`${name}\`; we looked at it three times.`, look: `Which pods does it select? \`kubectl get networkpolicies -A\``, answer: `\`${name}\` stands in \`${app}\`; the pods of \`${db}\` are in \`${data}\`, and a policy selects in its own namespace only.` },
        de: { ticket: `\`${api}\` läuft bei \`${db}\` in einen Timeout. Es gibt eine Policy, die genau das erlaubt, \`${name}\`; wir haben sie dreimal angesehen.`, look: `Welche Pods wählt sie? \`kubectl get networkpolicies -A\``, answer: `\`${name}\` steht in \`${app}\`; die Pods von \`${db}\` sind in \`${data}\`, und eine Policy wählt nur im eigenen Namespace.` },
      },
    }];
  },
};

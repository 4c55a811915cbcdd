// An old broad policy beside a strict one: what either allows is allowed.
import type { Manifest } from '../drill/manifests.ts';
import type { Fault, Injury } from './fault.ts';

export const npTwoPoliciesUnion: Fault = {
  name: 'np-two-policies-union',
  link: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  ways({ cast: { app, data, api, db } }) {
    const way = (namespace: string, name: string): Injury => {
      const old: Manifest = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'allow-cluster', namespace }, spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ namespaceSelector: {} }] }] } };
      return {
        changed: [old], removed: [], diagnosis: { layer: 'policy', object: `NetworkPolicy/${namespace}/allow-cluster`, field: 'spec.ingress' },
        words: {
          en: { ticket: `An audit: a pod of the namespace \`default\` opens \`${name}\`. The policy \`${name}-ingress\` is strict, and it is in force.`, look: `Which other policies select the same pods? \`kubectl get networkpolicies -n ${namespace}\``, answer: `\`allow-cluster\` lets everybody in. Policies add up; none takes away what another allows.` },
          de: { ticket: `Ein Audit: ein Pod aus dem Namespace \`default\` öffnet \`${name}\`. Die Policy \`${name}-ingress\` ist streng, und sie gilt.`, look: `Welche anderen Policies wählen dieselben Pods? \`kubectl get networkpolicies -n ${namespace}\``, answer: `\`allow-cluster\` lässt alle herein. Policies summieren sich; keine nimmt weg, was eine andere erlaubt.` },
        },
      };
    };
    return [way(app, api), way(data, db)];
  },
};

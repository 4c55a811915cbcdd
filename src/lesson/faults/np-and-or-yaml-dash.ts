// One dash makes two peers of one: a namespace or a pod, where a pod of that namespace was meant.
import type { Fault } from './fault.ts';
import { broken, objectAt } from './fault.ts';
import { stepsOf, valueAt } from '../field-paths.ts';

export const npAndOrYamlDash: Fault = {
  name: 'np-and-or-yaml-dash',
  link: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors',
  ways(scene) {
    const { app, watch, api, scraper, batch } = scene.cast;
    const key = `NetworkPolicy/${app}/${api}-ingress`;
    const object = objectAt(scene, key);
    const peer = valueAt(object, stepsOf('spec.ingress[1].from[0]', object));
    const parts = typeof peer === 'object' && peer !== null ? Object.entries(peer).map(([name, selector]) => ({ [name]: selector as unknown })) : [];
    return [broken(scene, 'policy', key, [['spec.ingress[1].from', parts]], {
      en: { ticket: `An audit found that \`${batch}\` can read the metrics of \`${api}\`. Only \`${scraper}\` of the namespace \`${watch}\` should, and the policy says so: its namespace, its label.`, look: `Do both conditions stand in one peer or in two? \`kubectl describe networkpolicy ${api}-ingress -n ${app}\``, answer: `In \`${api}-ingress\` namespaceSelector and podSelector are two peers, so either is enough; without the second dash both must match.` },
      de: { ticket: `Ein Audit hat gefunden, dass \`${batch}\` die Metriken von \`${api}\` lesen kann. Nur \`${scraper}\` aus dem Namespace \`${watch}\` soll das, und so steht es in der Policy: sein Namespace, sein Label.`, look: `Stehen beide Bedingungen in einem Peer oder in zweien? \`kubectl describe networkpolicy ${api}-ingress -n ${app}\``, answer: `In \`${api}-ingress\` sind namespaceSelector und podSelector zwei Peers, also genügt einer; ohne den zweiten Strich müssen beide passen.` },
    })];
  },
};

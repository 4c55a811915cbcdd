// A policy names a port that no container calls so.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const npNamedPort: Fault = {
  name: 'np-named-port',
  link: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  ways(scene) {
    const { app, front, api } = scene.cast;
    return [broken(scene, 'policy', `NetworkPolicy/${app}/${api}-ingress`, [['spec.ingress[0].ports[0].port', 'web']], {
      en: { ticket: `\`${front}\` waits for \`${api}\` until it gives up. The policy between them was reviewed: the right pods, a port by its name, as the guideline wants it.`, look: `Which ports does that name mean? \`kubectl describe networkpolicy ${api}-ingress -n ${app}\` and the containers of \`${api}\``, answer: `The policy \`${api}-ingress\` names the port \`web\`; the container calls it \`http\`, so that the rule matches nothing.` },
      de: { ticket: `\`${front}\` wartet auf \`${api}\`, bis es aufgibt. Die Policy dazwischen wurde geprüft: die richtigen Pods, ein Port mit Namen, wie es die Richtlinie will.`, look: `Welche Ports meint dieser Name? \`kubectl describe networkpolicy ${api}-ingress -n ${app}\` und die Container von \`${api}\``, answer: `Die Policy \`${api}-ingress\` nennt den Port \`web\`; im Container heißt er \`http\`, und so passt die Regel auf nichts.` },
    })];
  },
};

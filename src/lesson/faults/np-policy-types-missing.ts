// Rules for what may leave, in a policy that is about what may come in.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const npPolicyTypesMissing: Fault = {
  name: 'np-policytypes-missing-egress',
  link: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource',
  ways(scene) {
    const { app, front } = scene.cast;
    return [broken(scene, 'policy', `NetworkPolicy/${app}/${front}-egress`, [['spec.policyTypes', ['Ingress']], ['spec.ingress', [{}]]], {
      en: { ticket: `A pod of \`${front}\` opened a connection to the internet, past the policy \`${front}-egress\`, whose list of targets is short and right.`, look: `In which direction does that policy isolate? \`kubectl describe networkpolicy ${front}-egress -n ${app}\``, answer: `\`policyTypes\` of \`${front}-egress\` says Ingress: its \`egress\` rules are not looked at.` },
      de: { ticket: `Ein Pod von \`${front}\` hat eine Verbindung ins Internet geöffnet, an der Policy \`${front}-egress\` vorbei, deren Liste von Zielen kurz und richtig ist.`, look: `In welche Richtung isoliert diese Policy? \`kubectl describe networkpolicy ${front}-egress -n ${app}\``, answer: `In \`policyTypes\` von \`${front}-egress\` steht Ingress: seine \`egress\`-Regeln werden nicht angesehen.` },
    })];
  },
};

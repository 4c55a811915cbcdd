// The pods let the storefront's neighbours in, and not the controller that brings the customers.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const npIngressControllerBlocked: Fault = {
  name: 'np-ingress-controller-blocked',
  link: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  ways(scene) {
    const { app, front, door, host, scheme } = scene.cast;
    if (door !== 'ingress' && door !== 'ingress-tls') return [];
    return [broken(scene, 'policy', `NetworkPolicy/${app}/${front}-ingress`, [['spec.ingress[0].from', [{ podSelector: {} }]]], {
      en: { ticket: `Customers of ${scheme}://${host}/ get a 504 after a while. \`kubectl port-forward\` to \`${front}\` shows the page.`, look: `Who asks the pods of \`${front}\`, and from which namespace? \`kubectl describe networkpolicy ${front}-ingress -n ${app}\``, answer: `\`${front}-ingress\` lets in pods of \`${app}\` only; the Ingress controller lives in \`ingress-nginx\`.` },
      de: { ticket: `Kunden von ${scheme}://${host}/ bekommen nach einer Weile ein 504. \`kubectl port-forward\` zu \`${front}\` zeigt die Seite.`, look: `Wer fragt die Pods von \`${front}\`, und aus welchem Namespace? \`kubectl describe networkpolicy ${front}-ingress -n ${app}\``, answer: `\`${front}-ingress\` lässt nur Pods aus \`${app}\` herein; der Ingress-Controller lebt in \`ingress-nginx\`.` },
    })];
  },
};

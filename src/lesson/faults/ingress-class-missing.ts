// An Ingress that no controller takes.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const ingressClassMissing: Fault = {
  name: 'ingress-class-missing',
  link: 'https://kubernetes.io/docs/concepts/services-networking/ingress/#default-ingress-class',
  ways(scene) {
    const { app, front, door, host, scheme } = scene.cast;
    if (door !== 'ingress') return [];
    return [broken(scene, 'external', `Ingress/${app}/${front}-door`, [['spec.ingressClassName', undefined]], {
      en: { ticket: `Customers get a 404 on ${scheme}://${host}/, and it is not one of our pages. The Ingress exists, and so do its Service and its pods.`, look: `Who takes care of that Ingress? \`kubectl get ingress -n ${app}\``, answer: `The Ingress \`${front}-door\` names no \`ingressClassName\`, and no class is the default: no controller takes it.` },
      de: { ticket: `Kunden bekommen auf ${scheme}://${host}/ ein 404, und es ist keine unserer Seiten. Der Ingress ist da, sein Service und seine Pods auch.`, look: `Wer kümmert sich um diesen Ingress? \`kubectl get ingress -n ${app}\``, answer: `Der Ingress \`${front}-door\` nennt keine \`ingressClassName\`, und keine Klasse ist die Vorgabe: kein Controller nimmt ihn.` },
    })];
  },
};

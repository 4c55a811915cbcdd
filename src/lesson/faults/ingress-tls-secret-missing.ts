// An Ingress whose certificate is not there.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const ingressTlsSecretMissing: Fault = {
  name: 'ingress-tls-secret-missing',
  link: 'https://kubernetes.io/docs/concepts/services-networking/ingress/#tls',
  ways(scene) {
    const { app, front, door, host, scheme } = scene.cast;
    if (door !== 'ingress-tls') return [];
    return [broken(scene, 'external', `Ingress/${app}/${front}-door`, [['spec.tls[0].secretName', 'tls-cert']], {
      en: { ticket: `Browsers warn customers of ${scheme}://${host}/: the certificate is not ours. It was renewed last week, in time.`, look: `Which certificate is shown, and where should it come from? \`kubectl describe ingress ${front}-door -n ${app}\` and \`kubectl get secrets -n ${app}\``, answer: `\`${front}-door\` names the Secret \`tls-cert\`, which does not exist in \`${app}\`; the controller shows its own certificate.` },
      de: { ticket: `Browser warnen Kunden von ${scheme}://${host}/: das Zertifikat ist nicht unseres. Es wurde letzte Woche erneuert, rechtzeitig.`, look: `Welches Zertifikat wird gezeigt, und woher sollte es kommen? \`kubectl describe ingress ${front}-door -n ${app}\` und \`kubectl get secrets -n ${app}\``, answer: `\`${front}-door\` nennt das Secret \`tls-cert\`, das es in \`${app}\` nicht gibt; der Controller zeigt sein eigenes Zertifikat.` },
    })];
  },
};

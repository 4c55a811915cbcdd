// A certificate that is out of date.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const ingressTlsExpired: Fault = {
  name: 'ingress-tls-expired',
  link: 'https://kubernetes.io/docs/concepts/services-networking/ingress/#tls',
  ways(scene) {
    const { app, front, door, host, scheme } = scene.cast;
    if (door !== 'ingress-tls') return [];
    return [broken(scene, 'external', `Secret/${app}/${front}-tls`, [['metadata.annotations', { 'k8snet-lab/certificate': `${host}; expired` }]], {
      en: { ticket: `Since midnight no customer of ${scheme}://${host}/ gets through: their browsers refuse. Nobody deployed anything.`, look: `How long is the certificate good for? \`kubectl describe secret ${front}-tls -n ${app}\`, and what curl says`, answer: `The certificate in the Secret \`${front}-tls\` has expired.` },
      de: { ticket: `Seit Mitternacht kommt kein Kunde von ${scheme}://${host}/ durch: ihre Browser weigern sich. Niemand hat etwas ausgerollt.`, look: `Wie lange gilt das Zertifikat? \`kubectl describe secret ${front}-tls -n ${app}\`, und was curl sagt`, answer: `Das Zertifikat im Secret \`${front}-tls\` ist abgelaufen.` },
    }, 'data')];
  },
};

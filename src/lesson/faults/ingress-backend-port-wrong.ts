// An Ingress that names a port that its Service does not have.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const ingressBackendPortWrong: Fault = {
  name: 'ingress-backend-port-wrong',
  link: 'https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource',
  ways(scene) {
    const { app, front, door, host, scheme } = scene.cast;
    if (door !== 'ingress' && door !== 'ingress-tls') return [];
    return [broken(scene, 'external', `Ingress/${app}/${front}-door`, [['spec.rules[0].http.paths[0].backend.service.port.number', 8888]], {
      en: { ticket: `Customers of ${scheme}://${host}/ get a 503. Inside the cluster the Service \`${front}\` answers.`, look: `Which port of which Service does the Ingress name? \`kubectl describe ingress ${front}-door -n ${app}\` and \`kubectl get service ${front} -n ${app}\``, answer: `\`${front}-door\` sends to port 8888 of the Service \`${front}\`, which has port 80 only.` },
      de: { ticket: `Kunden von ${scheme}://${host}/ bekommen ein 503. Im Cluster antwortet der Service \`${front}\`.`, look: `Welchen Port welches Service nennt der Ingress? \`kubectl describe ingress ${front}-door -n ${app}\` und \`kubectl get service ${front} -n ${app}\``, answer: `\`${front}-door\` sendet an Port 8888 des Service \`${front}\`, und der hat nur Port 80.` },
    })];
  },
};

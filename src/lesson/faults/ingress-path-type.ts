// A path that is compared as a whole.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const ingressPathType: Fault = {
  name: 'ingress-pathtype',
  link: 'https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types',
  ways(scene) {
    const { app, front, door, host, scheme } = scene.cast;
    if (door !== 'ingress' && door !== 'ingress-tls') return [];
    return [broken(scene, 'external', `Ingress/${app}/${front}-door`, [['spec.rules[0].http.paths[0].path', '/shop'], ['spec.rules[0].http.paths[0].pathType', 'Exact']], {
      en: { ticket: `The start page of ${scheme}://${host}/ is a 404 since the Ingress was tidied up. One single address under it still works.`, look: `Which paths have a rule, and how are they compared? \`kubectl describe ingress ${front}-door -n ${app}\``, answer: `The only path of \`${front}-door\` is \`/shop\`, and Exact; customers ask for \`/\`.` },
      de: { ticket: `Die Startseite von ${scheme}://${host}/ ist ein 404, seit der Ingress aufgeräumt wurde. Eine einzige Adresse darunter geht noch.`, look: `Welche Pfade haben eine Regel, und wie werden sie verglichen? \`kubectl describe ingress ${front}-door -n ${app}\``, answer: `Der einzige Pfad von \`${front}-door\` ist \`/shop\`, und zwar Exact; Kunden fragen nach \`/\`.` },
    })];
  },
};

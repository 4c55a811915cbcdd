// A Service sends to a port on which its pods do not listen.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const svcTargetPortWrong: Fault = {
  name: 'svc-targetport-wrong',
  link: 'https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports',
  ways(scene) {
    const { app, data, api, db, front, apiPort, dbPodPort } = scene.cast;
    const way = (namespace: string, name: string, client: string, port: number): ReturnType<Fault['ways']>[number] => broken(scene, 'service', `Service/${namespace}/${name}`, [['spec.ports[0].targetPort', port + 1]], {
      en: { ticket: `\`${client}\` is refused by \`${name}\`. The Service has all its endpoints, each of them ready.`, look: `On which port do the packets arrive, and on which does the process listen? \`kubectl describe service ${name} -n ${namespace}\``, answer: `\`targetPort\` of the Service \`${name}\` is ${port + 1}; the process listens on ${port}.` },
      de: { ticket: `\`${client}\` wird von \`${name}\` abgewiesen. Der Service hat alle seine Endpunkte, jeder ist bereit.`, look: `An welchem Port kommen die Pakete an, und an welchem lauscht der Prozess? \`kubectl describe service ${name} -n ${namespace}\``, answer: `\`targetPort\` des Service \`${name}\` ist ${port + 1}; der Prozess lauscht auf ${port}.` },
    });
    return [way(app, api, front, apiPort), way(data, db, api, dbPodPort)];
  },
};

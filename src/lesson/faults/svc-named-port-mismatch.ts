// A Service sends to a port by a name that no container has.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const svcNamedPortMismatch: Fault = {
  name: 'svc-named-port-mismatch',
  link: 'https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports',
  ways(scene) {
    const { app, data, api, db, front, dbPortName } = scene.cast;
    const way = (namespace: string, name: string, client: string, port: string, wrong: string): ReturnType<Fault['ways']>[number] => broken(scene, 'service', `Service/${namespace}/${name}`, [['spec.ports[0].targetPort', wrong]], {
      en: { ticket: `\`${client}\` is refused by \`${name}\`. Selector and labels were compared twice: they match.`, look: `What does the list of endpoints say about ports? \`kubectl describe service ${name} -n ${namespace}\``, answer: `The Service \`${name}\` sends to the port named \`${wrong}\`; the container calls it \`${port}\`.` },
      de: { ticket: `\`${client}\` wird von \`${name}\` abgewiesen. Selektor und Labels wurden zweimal verglichen: sie passen.`, look: `Was sagt die Liste der Endpunkte über Ports? \`kubectl describe service ${name} -n ${namespace}\``, answer: `Der Service \`${name}\` sendet an den Port namens \`${wrong}\`; im Container heißt er \`${port}\`.` },
    });
    return [way(app, api, front, 'http', 'web'), way(data, db, api, dbPortName, 'tcp-db')];
  },
};

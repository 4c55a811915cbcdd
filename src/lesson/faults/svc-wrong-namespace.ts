// A client calls a Service of another namespace by its short name.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const svcWrongNamespace: Fault = {
  name: 'svc-wrong-namespace',
  link: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#namespaces-of-services',
  ways(scene) {
    const { app, data, api, db, dbPort } = scene.cast;
    return [broken(scene, 'dns', `Deployment/${app}/${api}`, [['spec.template.spec.containers[0].env[1].value', `tcp://${db}:${dbPort}`]], {
      en: { ticket: `\`${api}\` says that there is no host \`${db}\`. The database team answers that \`${db}\` is up and its Service has all endpoints.`, look: `Which name does \`${api}\` ask for, and where does that Service live? \`kubectl get services -A\``, answer: `\`DB_URL\` says \`${db}\`; from the namespace \`${app}\` it is \`${db}.${data}\`.` },
      de: { ticket: `\`${api}\` sagt, es gebe keinen Host \`${db}\`. Das Datenbankteam antwortet, \`${db}\` laufe und sein Service habe alle Endpunkte.`, look: `Nach welchem Namen fragt \`${api}\`, und wo liegt dieser Service? \`kubectl get services -A\``, answer: `In \`DB_URL\` steht \`${db}\`; aus dem Namespace \`${app}\` heißt es \`${db}.${data}\`.` },
    })];
  },
};

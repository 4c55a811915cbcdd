// A client dials the pods' port at the Service, which has another.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const svcPortVsTargetPortClient: Fault = {
  name: 'svc-port-vs-targetport-client',
  link: 'https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service',
  ways(scene) {
    const { app, data, api, db, dbPort, dbPodPort } = scene.cast;
    const injury = broken(scene, 'service', `Deployment/${app}/${api}`, [['spec.template.spec.containers[0].env[1].value', `tcp://${db}.${data}:${dbPodPort}`]], {
      en: { ticket: `\`${api}\` does not reach \`${db}\` since its configuration was "made explicit". Endpoints, pods and policies are as before.`, look: `Which port does \`${api}\` dial, and which ports does the Service have? \`kubectl get service ${db} -n ${data}\``, answer: `\`DB_URL\` of \`${api}\` dials ${dbPodPort}, the pods' port; the Service \`${db}\` has port ${dbPort}.` },
      de: { ticket: `\`${api}\` erreicht \`${db}\` nicht, seit seine Konfiguration „ausdrücklich gemacht" wurde. Endpunkte, Pods und Policies sind wie zuvor.`, look: `Welchen Port wählt \`${api}\`, und welche Ports hat der Service? \`kubectl get service ${db} -n ${data}\``, answer: `\`DB_URL\` von \`${api}\` wählt ${dbPodPort}, den Port der Pods; der Service \`${db}\` hat Port ${dbPort}.` },
    });
    // What the network can say is that the Service has no such port; that the caller is wrong is for people to see.
    return [{ ...injury, diagnosis: { layer: 'service', object: `Service/${data}/${db}`, field: 'spec.ports' } }];
  },
};

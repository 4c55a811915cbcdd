// A client calls itself where it means another pod.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const l1LocalhostOtherPod: Fault = {
  name: 'l1-localhost-other-pod',
  link: 'https://kubernetes.io/docs/concepts/workloads/pods/#pod-networking',
  ways(scene) {
    const { app, data, api, db, front, apiPort, dbPort } = scene.cast;
    const words = (client: string, name: string, variable: string, right: string): Parameters<typeof broken>[4] => ({
      en: { ticket: `\`${client}\` is refused when it calls \`${name}\`. On the developer's laptop, where both run side by side, it works.`, look: `Whom does it call? \`kubectl exec -n ${app} deploy/${client} -- env\``, answer: `\`${variable}\` says localhost, which ends at the pod's own border; it should be \`${right}\`.` },
      de: { ticket: `\`${client}\` wird abgewiesen, wenn es \`${name}\` ruft. Auf dem Laptop des Entwicklers, wo beide nebeneinander laufen, geht es.`, look: `Wen ruft es? \`kubectl exec -n ${app} deploy/${client} -- env\``, answer: `In \`${variable}\` steht localhost, und das endet an der Grenze des eigenen Pods; es sollte \`${right}\` sein.` },
    });
    return [
      broken(scene, 'pod', `Deployment/${app}/${front}`, [['spec.template.spec.containers[0].env[0].value', `http://localhost:${apiPort === 8080 ? 8081 : apiPort}/`]], words(front, api, 'API_URL', `http://${api}/`)),
      broken(scene, 'pod', `Deployment/${app}/${api}`, [['spec.template.spec.containers[0].env[1].value', `tcp://localhost:${dbPort}`]], words(api, db, 'DB_URL', `tcp://${db}.${data}:${dbPort}`)),
    ];
  },
};

// A second container of a pod listens on the pod's loopback alone.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';
import { metricsPort } from '../drill/manifests.ts';

export const l1SidecarBoundLoopback: Fault = {
  name: 'l1-sidecar-bound-eth0',
  link: 'https://kubernetes.io/docs/concepts/workloads/pods/#pod-networking',
  ways(scene) {
    const { app, api, scraper } = scene.cast;
    return [broken(scene, 'pod', `Deployment/${app}/${api}`, [['spec.template.spec.containers[1].env[0].value', `127.0.0.1:${metricsPort}`]], {
      en: { ticket: `\`${scraper}\` is refused by the metrics of \`${api}\`. From within the pod the same page opens.`, look: `On which address does it listen? \`kubectl exec -n ${app} deploy/${api} -c metrics -- ss -lnt\``, answer: `\`LISTEN\` of the container \`metrics\` is 127.0.0.1: nobody outside the pod can come there.` },
      de: { ticket: `\`${scraper}\` wird von den Metriken von \`${api}\` abgewiesen. Aus dem Pod heraus öffnet sich dieselbe Seite.`, look: `Auf welcher Adresse lauscht er? \`kubectl exec -n ${app} deploy/${api} -c metrics -- ss -lnt\``, answer: `\`LISTEN\` des Containers \`metrics\` ist 127.0.0.1: von außerhalb des Pods kommt dort niemand hin.` },
    })];
  },
};

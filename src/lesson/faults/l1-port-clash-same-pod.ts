// Two containers of one pod want the same port.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const l1PortClashSamePod: Fault = {
  name: 'l1-port-clash-same-pod',
  link: 'https://kubernetes.io/docs/concepts/workloads/pods/#pod-networking',
  ways(scene) {
    const { app, api, front, apiPort } = scene.cast;
    return [broken(scene, 'pod', `Deployment/${app}/${api}`, [['spec.template.spec.containers[1].env[0].value', `0.0.0.0:${apiPort}`]], {
      en: { ticket: `\`${front}\` is refused by \`${api}\` since its metrics container was reconfigured. The pods of \`${api}\` say 1/2.`, look: `Which container does not stay, and what were its last words? \`kubectl get pods -n ${app}\`, then \`kubectl logs -c metrics\` of one`, answer: `\`LISTEN\` of the container \`metrics\` is port ${apiPort}, which \`${api}\` has already: the containers of a pod share one port space.` },
      de: { ticket: `Seit der Container für Metriken umgestellt wurde, wird \`${front}\` von \`${api}\` abgewiesen. Die Pods von \`${api}\` zeigen 1/2.`, look: `Welcher Container bleibt nicht, und was waren seine letzten Worte? \`kubectl get pods -n ${app}\`, dann \`kubectl logs -c metrics\``, answer: `\`LISTEN\` des Containers \`metrics\` ist Port ${apiPort}, den \`${api}\` schon hat: die Container eines Pods teilen sich die Ports.` },
    }, 'spec.template.spec.containers[1].ports')];
  },
};

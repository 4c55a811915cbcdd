// Pods run and are not ready: the probe asks where nobody answers.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const svcReadinessFailing: Fault = {
  name: 'svc-readiness-failing',
  link: 'https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/',
  ways(scene) {
    const { app, api, front, apiPort } = scene.cast;
    return [broken(scene, 'service', `Deployment/${app}/${api}`, [['spec.template.spec.containers[0].readinessProbe.tcpSocket.port', apiPort + 1]], {
      en: { ticket: `\`${front}\` is refused by \`${api}\` since its last release. Its pods are Running, nothing restarts, and inside the pod the process answers.`, look: `Running is not ready: \`kubectl get pods -n ${app}\`, then \`kubectl describe pod\` of one`, answer: `The readiness probe of \`${api}\` asks port ${apiPort + 1}; the process listens on ${apiPort}.` },
      de: { ticket: `Seit dem letzten Release wird \`${front}\` von \`${api}\` abgewiesen. Die Pods laufen, nichts startet neu, und im Pod antwortet der Prozess.`, look: `Laufen heißt nicht bereit sein: \`kubectl get pods -n ${app}\`, dann \`kubectl describe pod\``, answer: `Die Readiness-Probe von \`${api}\` fragt Port ${apiPort + 1}; der Prozess lauscht auf ${apiPort}.` },
    })];
  },
};

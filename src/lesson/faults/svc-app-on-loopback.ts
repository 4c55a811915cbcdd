// The process listens where only its own pod can come.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const svcAppOnLoopback: Fault = {
  name: 'svc-app-on-loopback',
  link: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/',
  ways(scene) {
    const { app, api, front } = scene.cast;
    // Without the probe the pods stay ready, and the client meets the refusal of the pod itself.
    return [broken(scene, 'pod', `Deployment/${app}/${api}`, [['spec.template.spec.containers[0].env[0].value', '127.0.0.1'], ['spec.template.spec.containers[0].readinessProbe', undefined]], {
      en: { ticket: `\`${front}\` is refused by \`${api}\`, yet \`kubectl port-forward\` to its pods works. So the process runs and answers.`, look: `Where does the process listen? \`kubectl exec -n ${app} deploy/${api} -- ss -lnt\``, answer: `\`BIND\` of \`${api}\` is 127.0.0.1: the process listens on the loopback of its pod alone.` },
      de: { ticket: `\`${front}\` wird von \`${api}\` abgewiesen, doch \`kubectl port-forward\` zu den Pods geht. Der Prozess läuft also und antwortet.`, look: `Wo lauscht der Prozess? \`kubectl exec -n ${app} deploy/${api} -- ss -lnt\``, answer: `\`BIND\` von \`${api}\` ist 127.0.0.1: der Prozess lauscht nur auf dem Loopback seines Pods.` },
    })];
  },
};

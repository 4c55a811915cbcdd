// A door that only leads to the pods of its own node.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const nodeportLocal: Fault = {
  name: 'nodeport-etp-local-no-endpoint',
  link: 'https://kubernetes.io/docs/tasks/access-application-cluster/create-external-load-balancer/#preserving-the-client-source-ip',
  ways(scene) {
    const { app, front, door } = scene.cast;
    if (door !== 'node-port') return [];
    const key = `Service/${app}/${front}-door`;
    const words: Parameters<typeof broken>[4] = {
      en: { ticket: `Customers who come by the node worker-1 wait until they give up. From inside the cluster the same address and port answer.`, look: `Where do the pods of \`${front}\` run, and what does the Service say of traffic from outside? \`kubectl get pods -n ${app} -o wide\`, \`kubectl describe service ${front}-door -n ${app}\``, answer: `\`externalTrafficPolicy\` of \`${front}-door\` is Local, and no pod of \`${front}\` runs on worker-1.` },
      de: { ticket: `Kunden, die über den Node worker-1 kommen, warten, bis sie aufgeben. Aus dem Cluster heraus antworten dieselbe Adresse und derselbe Port.`, look: `Wo laufen die Pods von \`${front}\`, und was sagt der Service über Verkehr von außen? \`kubectl get pods -n ${app} -o wide\`, \`kubectl describe service ${front}-door -n ${app}\``, answer: `\`externalTrafficPolicy\` von \`${front}-door\` ist Local, und auf worker-1 läuft kein Pod von \`${front}\`.` },
    };
    const local = broken(scene, 'service', key, [['spec.externalTrafficPolicy', 'Local']], words);
    const moved = broken(scene, 'service', `Deployment/${app}/${front}`, [['spec.template.spec.nodeSelector', { 'kubernetes.io/hostname': 'worker-2' }]], words);
    return [{ ...local, changed: [...local.changed, ...moved.changed] }];
  },
};

// The names of a StatefulSet's pods need the Service that it names.
import type { Fault } from './fault.ts';
import { edited } from './fault.ts';

export const svcStatefulSetName: Fault = {
  name: 'svc-statefulset-name',
  link: 'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id',
  ways(scene) {
    const { data, db, api } = scene.cast;
    const right = `${db}-peers`;
    const wrong = `${db}-headless`;
    return [{
      changed: [edited(scene, `Service/${data}/${right}`, ['metadata.name', wrong])], removed: [`Service/${data}/${right}`],
      diagnosis: { layer: 'dns', object: `Service/${data}/${right}`, field: 'metadata.name' },
      words: {
        en: { ticket: `\`${api}\` can reach \`${db}\` as a whole, but \`${db}-0.${right}.${data}\` does not resolve any more.`, look: `Which Service gives a StatefulSet's pods their names? \`kubectl get statefulset ${db} -n ${data} -o yaml\` and \`kubectl get services -n ${data}\``, answer: `The StatefulSet \`${db}\` names \`${right}\` as its Service; the headless Service there is called \`${wrong}\`.` },
        de: { ticket: `\`${api}\` erreicht \`${db}\` als Ganzes, doch \`${db}-0.${right}.${data}\` wird nicht mehr aufgelöst.`, look: `Welcher Service gibt den Pods eines StatefulSets ihre Namen? \`kubectl get statefulset ${db} -n ${data} -o yaml\` und \`kubectl get services -n ${data}\``, answer: `Das StatefulSet \`${db}\` nennt \`${right}\` als seinen Service; der Headless Service dort heißt \`${wrong}\`.` },
      },
    }];
  },
};

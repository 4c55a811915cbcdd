// A Service asks for a label that no pod has.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const svcSelectorTypo: Fault = {
  name: 'svc-selector-typo',
  link: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/',
  ways(scene) {
    const { app, data, api, db, front } = scene.cast;
    const way = (namespace: string, name: string, client: string): ReturnType<Fault['ways']>[number] => broken(scene, 'service', `Service/${namespace}/${name}`, [['spec.selector.app', `${name}-v2`]], {
      en: { ticket: `\`${client}\` is refused by \`${name}\` at once. The name resolves, and the pods of \`${name}\` are Running and ready.`, look: `Who stands behind the Service? \`kubectl get endpointslices -n ${namespace}\``, answer: `The selector of the Service \`${name}\` asks for \`app: ${name}-v2\`; its pods say \`app: ${name}\`.` },
      de: { ticket: `\`${client}\` wird von \`${name}\` sofort abgewiesen. Der Name wird aufgelöst, und die Pods von \`${name}\` laufen und sind bereit.`, look: `Wer steht hinter dem Service? \`kubectl get endpointslices -n ${namespace}\``, answer: `Der Selektor des Service \`${name}\` verlangt \`app: ${name}-v2\`; seine Pods sagen \`app: ${name}\`.` },
    }, 'spec.selector');
    return [way(app, api, front), way(data, db, api)];
  },
};

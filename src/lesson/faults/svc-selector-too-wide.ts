// A Service picks the pods of somebody else too.
import type { Fault } from './fault.ts';
import { broken } from './fault.ts';

export const svcSelectorTooWide: Fault = {
  name: 'svc-selector-too-wide',
  link: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors',
  ways(scene) {
    const { app, api, front } = scene.cast;
    return [broken(scene, 'service', `Service/${app}/${api}`, [['spec.selector', { 'part-of': app }]], {
      en: { ticket: `About half of the calls of \`${front}\` to \`${api}\` go wrong, without any pattern. The endpoint list of \`${api}\` is longer than it was.`, look: `Whose pods are on the list? \`kubectl get endpointslices -n ${app}\` and \`kubectl get pods -n ${app} -o wide\``, answer: `The Service \`${api}\` selects \`part-of: ${app}\`, which the pods of \`${front}\` have too.` },
      de: { ticket: `Etwa jeder zweite Aufruf von \`${front}\` an \`${api}\` geht schief, ohne Muster. Die Endpunktliste von \`${api}\` ist länger als früher.`, look: `Wessen Pods stehen auf der Liste? \`kubectl get endpointslices -n ${app}\` und \`kubectl get pods -n ${app} -o wide\``, answer: `Der Service \`${api}\` wählt \`part-of: ${app}\`, und das haben auch die Pods von \`${front}\`.` },
    })];
  },
};

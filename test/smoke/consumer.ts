// What a user of the library writes; type-checked against the packed package and run by packed.mjs.
import { openLab, parseSource, parseTarget, send } from 'k8snet-lab';

const opened = openLab([{ path: 'pod.yaml', text: 'apiVersion: v1\nkind: Pod\nmetadata: { name: web, annotations: { k8snet-lab/listen: "0.0.0.0:8080/TCP" } }\nspec: { containers: [{ name: web, image: web }] }\n' }]);
if (!opened.ok) throw new Error(opened.failures.map(({ says }) => says).join('; '));
const from = parseSource('default/web', opened.value.network);
const to = parseTarget('http://localhost:8080/');
if (!from.ok || !to.ok) throw new Error('no source or no target');
const verdict: string = send(opened.value, { from: from.value, to: to.value }).verdict;
console.log(verdict);

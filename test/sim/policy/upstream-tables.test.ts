// The truth tables of the Kubernetes end-to-end tests, through judge.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { KubeObject, Labels, Protocol } from '../../../src/sim/model/object.ts';
import { connects, indexOf, objectsOf, podsOf, sharedText } from './cluster-of.ts';

interface Step {
  readonly note: string;
  readonly policies: readonly string[];
  readonly namespaceLabels?: Readonly<Record<string, Labels>>;
  readonly podLabels?: Readonly<Record<string, Labels>>;
  readonly checks: readonly { readonly port: number; readonly protocol: Protocol; readonly default: boolean; readonly denied: readonly (readonly [string, string])[] }[];
}
interface Upstream {
  readonly model: { readonly podIPs: Readonly<Record<string, string>>; readonly namespaceLabels: Readonly<Record<string, string>>; readonly namespaces: readonly string[] };
  readonly tests: readonly { readonly id: string; readonly title: string; readonly steps: readonly Step[] }[];
}

const data = sharedText('conformance/policy/e2e.json');
const model = sharedText('conformance/policy/model.yaml');

if (data === null || model === null) {
  test('the truth tables of the upstream end-to-end tests hold', { skip: '../shared/conformance/policy is missing' }, () => {});
} else {
  const upstream = JSON.parse(data) as Upstream;
  const modelObjects = objectsOf(model);
  let tables = 0;
  let pairs = 0;
  for (const { id, title, steps } of upstream.tests) {
    test(`upstream ${id}: ${title}`, () => {
      for (const step of steps) {
        const pods = podsOf(modelObjects, upstream.model.podIPs).map((pod) => {
          const labels = step.podLabels?.[`${pod.namespace}/${pod.name}`];
          return { ...pod, labels: { ...pod.labels, ...labels } };
        });
        const namespaces: Record<string, Labels> = {};
        for (const object of modelObjects.filter(({ kind }) => kind === 'Namespace')) namespaces[object.metadata.name] = object.metadata.labels ?? {};
        for (const [name, labels] of Object.entries(step.namespaceLabels ?? {})) namespaces[name] = { ...namespaces[name], ...labels };
        const policies: readonly KubeObject[] = step.policies.flatMap(objectsOf);
        const index = indexOf({ pods, policies, namespaces });
        for (const { port, protocol, denied, default: otherwise } of step.checks) {
          const wanted = new Set(denied.map(([from, to]) => `${from} > ${to}`));
          const wrong: string[] = [];
          for (const from of pods) {
            for (const to of pods) {
              if (from === to) continue;
              const pair = `${from.namespace}/${from.name} > ${to.namespace}/${to.name}`;
              if (connects(index, from, to, port, protocol) !== (wanted.has(pair) ? !otherwise : otherwise)) wrong.push(pair);
              pairs++;
            }
          }
          assert.deepEqual(wrong, [], `${protocol} ${port}, ${step.note}`);
          tables++;
        }
      }
    });
  }
  test('every upstream table was read', (context) => {
    context.diagnostic(`${upstream.tests.length} tests, ${tables} tables, ${pairs} pairs`);
    assert.equal(upstream.tests.length, 48);
    assert.equal(tables, 65);
    assert.equal(pairs, 65 * 72);
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../src/sim/controlplane/compile.ts';
import { reconcile } from '../../src/sim/controlplane/reconcile.ts';
import { readSettings } from '../../src/sim/controlplane/settings.ts';
import { change, openLab, reach, undo, type Change, type Lab } from '../../src/sim/lab.ts';
import { workloadsWithPolicies } from '../bench/sizes.ts';

function must<Value>(result: { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly failures: readonly { readonly says: string }[] }): Value {
  if (result.ok) return result.value;
  throw new Error(result.failures.map(({ says }) => says).join('; '));
}

const undeclared = `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: only, namespace: undeclared }\nspec: { podSelector: {} }\n`;
const opened = (): Lab => must(openLab([{ path: 'apps.yaml', text: workloadsWithPolicies(8) + undeclared }]));
const policy = (name: string, namespace: string) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec: { podSelector: {} } });
const ref = (name: string, namespace: string) => ({ kind: 'NetworkPolicy', namespace, name });

/** As if everything had been worked out anew. */
function asNew(lab: Lab): Lab['network'] {
  const settings = must(readSettings(lab.store, lab.options));
  return compile(reconcile(lab.store, settings), settings);
}

const changes: readonly (readonly [string, Change])[] = [
  ['a new policy', { verb: 'create', object: policy('deny', 'team-1'), origin: null }],
  ['a changed policy', { verb: 'patch', ref: ref('for-app-0', 'team-0'), type: 'merge', patch: { spec: { ingress: [] } } }],
  ['a deleted policy', { verb: 'delete', ref: ref('for-app-2', 'team-2') }],
  ['a deleted policy that was the only thing in its namespace', { verb: 'delete', ref: ref('only', 'undeclared') }],
];

for (const [name, one] of changes) {
  test(`${name} leaves the network that working everything out anew would give`, () => {
    const before = opened();
    const { lab } = must(change(before, [one]));
    assert.deepEqual(lab.network, asNew(lab));
    assert.notDeepEqual(lab.network.policy, before.network.policy);
    assert.deepEqual(undo(lab)?.network, before.network);
  });
}

test('verdicts follow a changed policy at once', () => {
  const before = opened();
  const { lab } = must(change(before, [{ verb: 'create', object: policy('deny', 'team-1'), origin: null }]));
  const into = (of: Lab): number => reach(of).connections.filter(({ to }) => to === 'team-1/app-1').length;
  assert.ok(into(before) > 0);
  assert.equal(into(lab), 0);
});

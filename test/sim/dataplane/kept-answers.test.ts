// What a plane keeps of lookups and policies is what it would say if it were asked for the first time.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { change, openLab, parseSource, parseTarget, send, type Lab, type Trace } from '../../../src/sim/lab.ts';
import { ended, things } from './underlay.fixture.ts';

const policies = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api, namespace: shop }
spec: { podSelector: { matchLabels: { app: api } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }] }] }
---
`;
const alias = 'apiVersion: v1\nkind: Service\nmetadata: { name: alias, namespace: shop }\nspec: { type: ExternalName, externalName: api.shop.svc.cluster.local }\n---\n';

function opened(): Lab {
  const lab = openLab([{ path: 'a.yaml', text: things + alias + policies }]);
  assert.ok(lab.ok);
  return lab.value;
}

function call(lab: Lab, from: string, to: string): Trace {
  const [source, target] = [parseSource(from, lab.network), parseTarget(to)];
  assert.ok(source.ok && target.ok);
  return send(lab, { from: source.value, to: target.value });
}

const told = (lab: Lab, from: string, to: string): string => ended(call(lab, from, to));

test('a trace does not depend on what was asked before it', () => {
  const source = fc.constantFrom('shop/web', 'shop/web2', 'shop/api', 'node/n1', 'external');
  const target = fc.constantFrom('http://api', 'http://API.shop/x', 'tcp://web:80', 'http://alias/', 'http://nobody', 'udp://api:53', 'http://10.96.1.1', 'https://api:443', 'http://localhost');
  const lab = opened();
  fc.assert(fc.property(fc.array(fc.tuple(source, target), { minLength: 1, maxLength: 6 }), (calls) => {
    const asked = calls.map(([from, to]) => call(lab, from, to));
    const [from, to] = calls.at(-1) ?? ['shop/web', 'http://api'];
    assert.deepEqual(asked.at(-1), call({ ...lab, plane: { ...lab.plane, policies: { ...lab.plane.policies }, records: { ...lab.plane.records } } }, from, to));
  }), { numRuns: 60 });
});

test('a policy that comes later stops the questions of a pod whose lookups are known, and taking it away lets them through again', () => {
  const before = opened();
  assert.equal(told(before, 'shop/web', 'http://api'), 'delivered');
  const egress = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'closed', namespace: 'shop' }, spec: { podSelector: {}, policyTypes: ['Egress'] } };
  const closed = change(before, [{ verb: 'create', object: egress, origin: null }]);
  assert.ok(closed.ok);
  assert.equal(told(closed.value.lab, 'shop/web', 'http://api'), 'dns-failure dns-blocked-by-policy NetworkPolicy shop/closed spec.egress');
  const open = change(closed.value.lab, [{ verb: 'delete', ref: { kind: 'NetworkPolicy', namespace: 'shop', name: 'closed' } }]);
  assert.ok(open.ok);
  assert.equal(told(open.value.lab, 'shop/web', 'http://api'), 'delivered');
});

import test from 'node:test';
import assert from 'node:assert/strict';
import { emptyStore, put } from '../../src/sim/cluster/store.ts';
import type { Store } from '../../src/sim/cluster/store.ts';
import type { KubeObject } from '../../src/sim/model/object.ts';
import { fieldChanges, touched } from '../../src/lesson/touched.ts';

const storeOf = (...objects: readonly KubeObject[]): Store => objects.reduce((store, object) => put(store, { object, origin: null, lastApplied: null, implied: false, created: 0 }), emptyStore);
const pod = (metadata: object, rest: object = {}): KubeObject => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'api-1', namespace: 'shop', ...metadata }, ...rest });
const owner = { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'api', uid: '1', controller: true }] };

test('changes are told leaf by leaf, lists by position', () => {
  assert.deepEqual(fieldChanges({ spec: { ports: [{ port: 80 }] } }, { spec: { ports: [{ port: 81 }, { port: 82 }], type: 'NodePort' } }), [
    { path: 'spec.ports[0].port', before: 80, after: 81 },
    { path: 'spec.ports[1].port', before: undefined, after: 82 },
    { path: 'spec.type', before: undefined, after: 'NodePort' },
  ]);
});

test('an empty map that appears is a change', () => assert.deepEqual(fieldChanges({}, { podSelector: {} }), [{ path: 'podSelector', before: undefined, after: {} }]));

test('what the API server writes is no change of a person', () => {
  const before = storeOf(pod({ resourceVersion: '1', uid: 'a' }, { spec: { hostNetwork: false } }));
  const after = storeOf(pod({ resourceVersion: '2', uid: 'b', annotations: { 'deployment.kubernetes.io/revision': '2' } }, { spec: { hostNetwork: false }, status: { phase: 'Running' } }));
  assert.deepEqual(touched(before, after), []);
});

test('pods that a controller makes or removes are not counted, a label put on one is', () => {
  const before = storeOf(pod({ ...owner, labels: { app: 'api' } }));
  assert.deepEqual(touched(before, emptyStore), []);
  assert.deepEqual(touched(emptyStore, before), []);
  assert.deepEqual(touched(before, storeOf(pod({ ...owner, labels: { app: 'api', tier: 'backend' } }))), [
    { ref: { kind: 'Pod', namespace: 'shop', name: 'api-1' }, object: 'Pod/shop/api-1', how: 'changed', fields: [{ path: 'metadata.labels.tier', before: undefined, after: 'backend' }] },
  ]);
});

test('objects of nobody that come and go are counted', () => {
  assert.deepEqual(touched(emptyStore, storeOf(pod({}))).map(({ how, object }) => [how, object]), [['created', 'Pod/shop/api-1']]);
  assert.deepEqual(touched(storeOf(pod({})), emptyStore).map(({ how, object }) => [how, object]), [['deleted', 'Pod/shop/api-1']]);
});

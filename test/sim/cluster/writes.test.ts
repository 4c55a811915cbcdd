import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Result } from '../../../src/sim/base/result.ts';
import type { KubeObject } from '../../../src/sim/model/object.ts';
import type { Problem } from '../../../src/sim/model/problem.ts';
import { loadDocuments } from '../../../src/sim/cluster/load.ts';
import { emptyStore, find, put } from '../../../src/sim/cluster/store.ts';
import type { Store } from '../../../src/sim/cluster/store.ts';
import { applyObject, createObject, deleteObject, patchStored, replaceObject } from '../../../src/sim/cluster/writes.ts';
import type { Written } from '../../../src/sim/cluster/writes.ts';
import { deployment, documents, object, serviceWith, store } from './manifest.ts';

const shop = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n';
const api = serviceWith('  selector: {app: api}\n  ports:\n  - port: 80\n');
const cluster = store(`${shop}---\n${deployment}---\n${api}`);
const apiRef = { kind: 'Service', namespace: 'shop', name: 'api' };

function done(result: Result<Written, Problem>): Written {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}
const said = (result: Result<Written, Problem>): string[] => (result.ok ? [] : result.failures.map((failure) => `${failure.code}: ${failure.says}`));
const specOf = (from: Store, ref = apiRef): Record<string, unknown> => Reflect.get(find(from, ref)?.object ?? {}, 'spec') as Record<string, unknown>;
/** As controllers would: addresses and node ports given out. */
const given = (from: Store, spec: object): Store => put(from, { ...(find(from, apiRef) ?? assert.fail()), object: { ...(find(from, apiRef)?.object ?? assert.fail()), spec: { ...specOf(from), ...spec } } as KubeObject });

test('what is created has an identity, a version and a time', () => {
  const { object: created, result, store: after } = done(createObject(cluster, object('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n'), null));
  assert.equal(result, 'created');
  assert.match(created.metadata.uid ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual([created.metadata.namespace, created.metadata.creationTimestamp, created.metadata.resourceVersion], ['default', '2026-01-01T00:12:00Z', String(after.revision)]);
});

test('what exists cannot be created, what does not cannot be replaced, patched or deleted', () => {
  const missing = { ...apiRef, name: 'none' };
  assert.deepEqual(said(createObject(cluster, object(api), null)), ['already-exists: services "api" already exists']);
  assert.deepEqual(said(replaceObject(cluster, object(api.replace('name: api', 'name: none')), null)), ['not-found: services "none" not found']);
  assert.deepEqual(said(patchStored(cluster, missing, 'merge', {})), ['not-found: services "none" not found']);
  assert.deepEqual(said(deleteObject(cluster, { ...missing, kind: 'Deployment' })), ['not-found: deployments.apps "none" not found']);
});

test('nothing is created in a namespace that does not exist', () => {
  assert.deepEqual(said(applyObject(cluster, object(api.replace('shop', 'nowhere')), null)), ['not-found: namespaces "nowhere" not found']);
});

test('a name that is to be made up is made up, the same each time', () => {
  const nameless = object('apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: a-}\n');
  const name = done(createObject(cluster, nameless, null)).object.metadata.name;
  assert.match(name, /^a-[a-z0-9]{5}$/);
  assert.equal(done(createObject(cluster, nameless, null)).object.metadata.name, name);
  assert.match(said(applyObject(cluster, nameless, null))[0] ?? '', /cannot use generate name with apply/);
});

test('apply creates, configures, and says when nothing changed', () => {
  assert.equal(done(applyObject(cluster, object(api), null)).result, 'unchanged');
  const changed = done(applyObject(cluster, object(api.replace('port: 80', 'port: 81')), null));
  assert.deepEqual([changed.result, specOf(changed.store)['ports']], ['configured', [{ port: 81, protocol: 'TCP', targetPort: 81 }]]);
  assert.equal(done(applyObject(cluster, object(api.replace('name: api', 'name: new')), null)).result, 'created');
});

test('a patch that changes nothing leaves the store as it is', () => {
  const { result, store: after } = done(patchStored(cluster, apiRef, 'strategic', { spec: { selector: { app: 'api' } } }));
  assert.deepEqual([result, after === cluster], ['unchanged', true]);
});

test('every write is another version', () => {
  const before = find(cluster, apiRef)?.object.metadata;
  const after = done(patchStored(cluster, apiRef, 'merge', { metadata: { labels: { a: 'b' } } })).object.metadata;
  assert.notEqual(after.resourceVersion, before?.resourceVersion);
  assert.deepEqual([after.uid, after.creationTimestamp], [before?.uid, before?.creationTimestamp]);
});

test('a patch is judged like everything else', () => {
  assert.deepEqual(said(patchStored(cluster, apiRef, 'strategic', { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] } })), ['invalid-value: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767']);
  assert.deepEqual(said(patchStored(cluster, apiRef, 'merge', { spec: { ports: 'x' } })), ['wrong-type: json: cannot unmarshal string into Go struct field ServiceSpec.spec.ports of type []v1.ServicePort']);
});

test('a patch with a field that the kind does not have is taken without it, with a warning; apply refuses it', () => {
  const { warnings, object: patched } = done(patchStored(cluster, apiRef, 'merge', { spec: { foo: 1, sessionAffinity: 'ClientIP' } }));
  assert.deepEqual(warnings, ['unknown field "spec.foo"']);
  assert.equal('foo' in (Reflect.get(patched, 'spec') as object), false);
  assert.deepEqual(said(applyObject(cluster, object(`${api}  foo: 1\n`), null)), ['unknown-field: strict decoding error: unknown field "spec.foo"']);
});

test('an object that somebody changed meanwhile is not replaced', () => {
  const live = find(cluster, apiRef)?.object ?? assert.fail();
  const after = done(patchStored(cluster, apiRef, 'merge', { metadata: { labels: { a: 'b' } } })).store;
  assert.match(said(replaceObject(after, live, null))[0] ?? '', /^conflict: Operation cannot be fulfilled on services "api": the object has been modified; please apply your changes to the latest version and try again$/);
});

test('the status that a client sends is not heard', () => {
  const { object: patched } = done(patchStored(cluster, apiRef, 'merge', { status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } }, metadata: { labels: { a: 'b' } } }));
  assert.deepEqual(Reflect.get(patched, 'status'), { loadBalancer: {} });
});

test("a Service's address stays when nobody repeats it, and may not change", () => {
  const running = given(cluster, { clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' });
  assert.equal(specOf(done(replaceObject(running, object(api.replace('port: 80', 'port: 81')), null)).store)['clusterIP'], '10.96.0.9');
  assert.deepEqual(said(patchStored(running, apiRef, 'merge', { spec: { clusterIP: '10.96.0.10' } })), ['invalid-value: spec.clusterIPs[0]: Invalid value: ["10.96.0.10"]: may not change once set']);
  assert.deepEqual(said(patchStored(running, apiRef, 'merge', { spec: { clusterIP: 'None' } })), ['invalid-value: spec.clusterIPs[0]: Invalid value: ["None"]: may not change once set']);
  const alias = done(patchStored(running, apiRef, 'merge', { spec: { type: 'ExternalName', externalName: 'a.example', ports: null, selector: null } }));
  assert.deepEqual([specOf(alias.store)['clusterIP'], specOf(alias.store)['clusterIPs']], [undefined, undefined]);
});

test('a Service that is no longer reached from outside loses its node ports', () => {
  const balanced = done(patchStored(cluster, apiRef, 'merge', { spec: { type: 'LoadBalancer' } })).store;
  const running = given(balanced, { ports: [{ port: 80, protocol: 'TCP', targetPort: 80, nodePort: 30080 }] });
  const inside = done(patchStored(running, apiRef, 'strategic', { spec: { type: 'ClusterIP' } })).store;
  assert.deepEqual(specOf(inside), { selector: { app: 'api' }, ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }], sessionAffinity: 'None', type: 'ClusterIP', internalTrafficPolicy: 'Cluster' });
  assert.deepEqual(specOf(done(applyObject(running, object(api.replace('spec:\n', 'spec:\n  type: NodePort\n')), null)).store)['ports'], [{ port: 80, protocol: 'TCP', targetPort: 80, nodePort: 30080 }]);
});

test('a node port and a cluster address are given out once', () => {
  const other = object(api.replace('name: api', 'name: other').replace('spec:\n', 'spec:\n  type: NodePort\n  clusterIP: 10.96.0.9\n').replace('port: 80\n', 'port: 80\n    nodePort: 30080\n'));
  const running = given(cluster, { type: 'NodePort', clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'], ports: [{ port: 80, protocol: 'TCP', targetPort: 80, nodePort: 30080 }] });
  assert.deepEqual(said(createObject(running, other, null)), ['invalid-value: spec.clusterIPs: Invalid value: ["10.96.0.9"]: failed to allocate IP 10.96.0.9: provided IP is already allocated', 'invalid-value: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated']);
  assert.match(said(createObject(cluster, object(api.replace('name: api', 'name: far').replace('spec:\n', 'spec:\n  clusterIP: 192.0.2.1\n')), null))[0] ?? '', /^invalid-value: spec\.clusterIPs: Invalid value: \["192\.0\.2\.1"\]: failed to allocate IP 192\.0\.2\.1: the provided network does not match the current range$/);
});

test('a cluster of one family has no addresses of another', () => {
  const create = (spec: string): string[] => said(createObject(cluster, object(serviceWith(`${spec}  ports:\n  - port: 80\n`).replace('name: api', 'name: other')), null));
  assert.deepEqual(create('  ipFamilyPolicy: RequireDualStack\n'), ['invalid-value: spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services']);
  assert.deepEqual(create('  ipFamilies: [IPv6]\n'), ['invalid-value: spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster']);
  assert.deepEqual(create('  clusterIP: "fd00::1"\n'), ['invalid-value: spec.clusterIPs[0]: Invalid value: ["fd00::1"]: IPv6 is not configured on this cluster']);
  assert.deepEqual(create('  clusterIP: None\n  ipFamilies: [IPv6]\n'), []);
});

test('a Service that turns to a type that there is not is told that alone', () => {
  assert.deepEqual(said(patchStored(given(cluster, { clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'] }), apiRef, 'merge', { spec: { type: 'Foo' } })), ['unsupported-value: spec.type: Unsupported value: "Foo": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"']);
});

test('a range with bits beyond its prefix may stay where it was, and may not be new', () => {
  const policy = (cidr: string, more = ''): string => `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: shop${more}}\nspec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: ${cidr}}}]}]}\n`;
  const loaded = loadDocuments(emptyStore, documents(`${shop}---\n${policy('10.0.0.1/16')}`), { validate: false });
  assert.ok(loaded.ok);
  assert.deepEqual(loaded.value.warnings.map(({ says }) => says), ['spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "10.0.0.1/16": must not have bits set beyond the prefix length']);
  assert.equal(done(applyObject(loaded.value.store, object(policy('10.0.0.1/16', ', labels: {a: b}')), null)).result, 'configured');
  assert.deepEqual(said(applyObject(loaded.value.store, object(policy('10.0.0.2/16')), null)), ['invalid-value: spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "10.0.0.2/16": must not have bits set beyond the prefix length']);
});

test("a Deployment's selector is for ever, and its template is not", () => {
  const ref = { kind: 'Deployment', namespace: 'shop', name: 'web' };
  assert.deepEqual(said(applyObject(cluster, object(deployment.replaceAll('app: web', 'app: other')), null)), ['invalid-value: spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable']);
  assert.equal(done(patchStored(cluster, ref, 'strategic', { spec: { template: { metadata: { labels: { tier: 'x' } } } } })).result, 'patched');
});

test('of a pod only the image and labels may change', () => {
  const pods = store(`${shop}---\napiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\nspec: {containers: [{name: b, image: c, ports: [{containerPort: 80}]}]}\n`);
  const ref = { kind: 'Pod', namespace: 'shop', name: 'a' };
  assert.equal(done(patchStored(pods, ref, 'strategic', { metadata: { labels: { x: 'y' } }, spec: { containers: [{ name: 'b', image: 'd' }] } })).result, 'patched');
  assert.match(said(patchStored(pods, ref, 'strategic', { spec: { containers: [{ name: 'b', ports: [{ containerPort: 81 }] }] } }))[0] ?? '', /^forbidden: spec: Forbidden: pod updates may not change fields other than `spec\.containers\[\*\]\.image`/);
  assert.deepEqual(said(patchStored(pods, ref, 'strategic', { spec: { containers: [{ name: 'e', image: 'f' }] } })), ['forbidden: spec.containers: Forbidden: pod updates may not add or remove containers']);
});

test('with its namespace everything in it goes', () => {
  const { store: after } = done(deleteObject(cluster, { kind: 'Namespace', namespace: '', name: 'shop' }));
  assert.equal(after.objects.size, 0);
  const kept = store('apiVersion: v1\nkind: Namespace\nmetadata: {name: default}\n');
  assert.deepEqual(said(deleteObject(kept, { kind: 'Namespace', namespace: '', name: 'default' })), ['forbidden: namespaces "default" is forbidden: this namespace may not be deleted']);
});

test('what is owned goes with its last owner, down to the pods', () => {
  const owned = (kind: string, apiVersion: string, name: string, owner: string, of: string): string => `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: ${owner}, name: ${of}, uid: x, controller: true}]}\n`;
  const text = `${deployment}---\n${owned('ReplicaSet', 'apps/v1', 'web-1', 'Deployment', 'web')}${deployment.slice(deployment.indexOf('spec:'))}---\n${owned('Pod', 'v1', 'web-1-a', 'ReplicaSet', 'web-1')}spec: {containers: [{name: a, image: b}]}\n`;
  const full = store(`${text}---\n${api}`);
  assert.equal(full.objects.size, 4);
  assert.deepEqual([...done(deleteObject(full, { kind: 'Deployment', namespace: 'shop', name: 'web' })).store.objects.keys()], ['Service/shop/api']);
});

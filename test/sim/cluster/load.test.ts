import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { decode } from '../../../src/sim/cluster/decode.ts';
import { loadDocuments } from '../../../src/sim/cluster/load.ts';
import { emptyStore, find, list } from '../../../src/sim/cluster/store.ts';
import { kindNamed } from '../../../src/sim/cluster/kinds.ts';
import { serialize } from '../../../src/sim/cluster/serialize.ts';
import { validate } from '../../../src/sim/cluster/validate.ts';
import { deployment, documents, serviceWith, store } from './manifest.ts';

const service = (name: string, spec = ''): string => serviceWith(`${spec}  ports:\n  - port: 80\n`).replace('name: api', `name: ${name}`);

test('the order of documents does not matter', () => {
  const parts = documents([deployment, service('a', '  type: NodePort\n'), service('b'), 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: c-}\n', 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\n'].join('---\n'));
  const expected = loadDocuments(emptyStore, parts);
  assert.ok(expected.ok);
  fc.assert(fc.property(fc.shuffledSubarray([...parts], { minLength: parts.length }), (shuffled) => {
    const loaded = loadDocuments(emptyStore, shuffled);
    assert.ok(loaded.ok);
    assert.deepEqual([...loaded.value.store.objects], [...expected.value.store.objects]);
    assert.deepEqual(loaded.value.warnings, expected.value.warnings);
  }));
});

test('of an object that is declared twice the later document stands, and it is said', () => {
  const loaded = loadDocuments(emptyStore, documents(`${service('a')}---\n${service('a').replace('port: 80', 'port: 81')}`));
  assert.ok(loaded.ok);
  assert.deepEqual(Reflect.get(Reflect.get(find(loaded.value.store, { kind: 'Service', namespace: 'shop', name: 'a' })?.object ?? {}, 'spec'), 'ports'), [{ port: 81, protocol: 'TCP', targetPort: 81 }]);
  assert.deepEqual(loaded.value.warnings.map((warning) => [warning.code, warning.where?.line, warning.help]), [['declared-twice', 10, 'The other one is in test.yaml, line 1.']]);
});

test('the same document twice is no matter', () => {
  const loaded = loadDocuments(emptyStore, documents(`${service('a')}---\n${service('a')}`));
  assert.ok(loaded.ok);
  assert.deepEqual(loaded.value.warnings, []);
});

test('a kind that is not simulated is kept and named once', () => {
  const loaded = loadDocuments(emptyStore, documents(['a', 'b'].map((name) => `apiVersion: v1\nkind: LimitRange\nmetadata: {name: ${name}}\n`).join('---\n') + '---\napiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\n'));
  assert.ok(loaded.ok);
  assert.equal(loaded.value.store.objects.size, 3);
  assert.deepEqual(loaded.value.warnings.map((warning) => [warning.code, warning.says, warning.where?.line]), [
    ['kind-not-simulated', 'LimitRange (v1) is kept but not simulated: its 2 objects have no effect on the network.', 1],
    ['kind-not-simulated', 'Widget (example.com/v1) is kept but not simulated: "w" has no effect on the network.', 9],
  ]);
});

test('a custom resource that is called like a kind of Kubernetes is not taken for it', () => {
  const calico = 'apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {name: a, namespace: shop}\nspec: {selector: all()}\n';
  const own = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a, namespace: shop}\nspec: {podSelector: {}}\n';
  const loaded = loadDocuments(emptyStore, documents(`${calico}---\n${own}`));
  assert.ok(loaded.ok);
  assert.deepEqual(list(loaded.value.store, 'NetworkPolicy').map(({ object }) => object.apiVersion), ['networking.k8s.io/v1']);
  assert.deepEqual(loaded.value.warnings.map((warning) => warning.says), ['NetworkPolicy (projectcalico.org/v3) is kept but not simulated: "a" has no effect on the network.']);
  const kept = list(loaded.value.store, kindNamed('networkpolicies.projectcalico.org', loaded.value.store)?.kind ?? '')[0]?.object;
  assert.match(serialize(kept, 'yaml'), /^apiVersion: projectcalico\.org\/v3\nkind: NetworkPolicy\n/);
});

test('without validation a kind in an old group is read as the one that was meant', () => {
  const loaded = loadDocuments(emptyStore, documents(deployment.replace('apps/v1', 'extensions/v1beta1')), { validate: false });
  assert.ok(loaded.ok);
  assert.deepEqual(loaded.value.warnings.map((warning) => [warning.says, warning.help]), [['no matches for kind "Deployment" in version "extensions/v1beta1"', 'Write apiVersion: apps/v1']]);
  assert.equal(list(loaded.value.store, 'Deployment')[0]?.object.spec.template.spec.dnsPolicy, 'ClusterFirst');
});

test('every problem of every document is told, in the order of the files', () => {
  const loaded = loadDocuments(emptyStore, documents(`${service('z', '  type: x\n')}---\n${service('a', '  foo: 1\n')}`));
  assert.deepEqual(loaded.ok ? [] : loaded.failures.map((failure) => [failure.where?.line, failure.says.split(':')[0]]), [[7, 'spec.type'], [17, 'strict decoding error']]);
});

test('without validation everything that can be read is kept, and the refusals are warnings', () => {
  const loaded = loadDocuments(emptyStore, documents(service('a', '  type: NodePort\n').replace('port: 80\n', 'port: 80\n    nodePort: 3001\n')), { validate: false });
  assert.ok(loaded.ok);
  assert.deepEqual(loaded.value.warnings.map((warning) => [warning.severity, warning.code]), [['warning', 'invalid-value']]);
  assert.deepEqual(Reflect.get(Reflect.get(find(loaded.value.store, { kind: 'Service', namespace: 'shop', name: 'a' })?.object ?? {}, 'spec'), 'ports'), [{ port: 80, nodePort: 3001, protocol: 'TCP', targetPort: 80 }]);
});

test('two Services cannot have one node port, whatever the order of their files', () => {
  const one = (name: string): string => service(name, '  type: NodePort\n').replace('port: 80\n', 'port: 80\n    nodePort: 30080\n');
  for (const text of [`${one('a')}---\n${one('b')}`, `${one('b')}---\n${one('a')}`]) {
    const loaded = loadDocuments(emptyStore, documents(text));
    assert.deepEqual(loaded.ok ? [] : loaded.failures.map((failure) => [failure.where?.object, failure.says, failure.help]), [['Service shop/b', 'spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated', 'Service shop/a has it.']]);
  }
});

test("a dump of a cluster keeps its addresses, whatever its ranges; a Cluster document's ranges hold", () => {
  const dumped = service('a', '  clusterIP: 172.20.0.9\n');
  const read = (text: string): readonly string[] => { const loaded = loadDocuments(emptyStore, documents(text)); return loaded.ok ? loaded.value.warnings.map(({ says }) => says) : ['refused']; };
  assert.deepEqual(read(dumped), ['172.20.0.9 is not in 10.96.0.0/12: the Services of this cluster are taken to have another range']);
  assert.deepEqual(read(dumped.replace('name: a', 'name: a\n  uid: 0a')), []);
  const ranged = loadDocuments(emptyStore, documents(`${dumped}---\napiVersion: k8snet-lab/v1\nkind: Cluster\nmetadata: {name: lab}\nspec: {network: {services: 10.96.0.0/16}}\n`));
  assert.match(ranged.ok ? '' : (ranged.failures[0]?.says ?? ''), /: the provided network does not match the current range$/);
  assert.equal(ranged.ok ? '' : ranged.failures[0]?.help, 'The range is 10.96.0.0/16.');
});

test('what was applied is known from the manifest, or from the annotation of a dump', () => {
  const last = (text: string): unknown => [...store(text).objects.values()][0]?.lastApplied?.metadata;
  assert.deepEqual(last('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n'), { name: 'a', namespace: 'default' });
  assert.equal(last('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, uid: x}\n'), undefined);
  assert.deepEqual(last(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, uid: x, annotations: {kubectl.kubernetes.io/last-applied-configuration: '{"metadata":{"name":"a","labels":{"b":"c"}}}'}}\n`), { name: 'a', labels: { b: 'c' } });
});

test('an object that was loaded stands by itself: it is valid once more', () => {
  for (const { object } of store(`${deployment}---\n${service('a', '  type: LoadBalancer\n')}`).objects.values()) assert.deepEqual(validate(object, null, null), []);
});

const shared = '../shared';
const yamlFiles = (folder: string): { path: string; text: string }[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml')).sort().map((file) => ({ path: join(folder, file), text: readFileSync(join(folder, file), 'utf8') }));

test('the manifests and policies of a real shop load without a change and without a word against them', { skip: existsSync(`${shared}/data/online-boutique`) ? false : `${shared}/data is not here` }, () => {
  const decoded = decode(yamlFiles(`${shared}/data/online-boutique`));
  assert.ok(decoded.ok, JSON.stringify(decoded));
  const loaded = loadDocuments(emptyStore, decoded.value.documents);
  assert.ok(loaded.ok, JSON.stringify(loaded));
  assert.deepEqual(loaded.value.warnings.map((warning) => warning.code), ['kind-not-simulated']);
  assert.equal(loaded.value.store.objects.size, 48);
});

test('fixtures that no API server would take load without validation, each object with its types', { skip: existsSync(`${shared}/conformance`) ? false : `${shared}/conformance is not here` }, () => {
  const files = yamlFiles(`${shared}/conformance`);
  assert.ok(files.length > 40);
  for (const file of files) {
    const decoded = decode([file], { validate: false });
    assert.ok(decoded.ok);
    assert.deepEqual(decoded.value.warnings, [], file.path);
    const loaded = loadDocuments(emptyStore, decoded.value.documents, { validate: false });
    assert.ok(loaded.ok);
    assert.equal(loaded.value.store.objects.size, decoded.value.documents.length, file.path);
    assert.deepEqual(loaded.value.warnings.filter((warning) => warning.code === 'unknown-field' || warning.code === 'wrong-type').map((warning) => `${file.path} ${warning.says}`), []);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { KubeObject } from '../../../src/sim/model/object.ts';
import { mergePatch } from '../../../src/sim/cluster/patch/merge.ts';
import { patchObject, threeWay } from '../../../src/sim/cluster/patch.ts';
import { withDefaults } from '../../../src/sim/cluster/defaults.ts';
import { deployment, object, serviceWith } from './manifest.ts';

const service = object(serviceWith('  selector: {app: a, tier: x}\n  ports:\n  - {name: http, port: 80, targetPort: 8080}\n  - {name: https, port: 443}\n'));

function strategic(target: KubeObject, patch: unknown): Record<string, unknown> {
  const patched = patchObject(target, 'strategic', patch);
  assert.ok(patched.ok, JSON.stringify(patched));
  return Reflect.get(patched.value, 'spec') as Record<string, unknown>;
}

const refused = (target: KubeObject, type: 'strategic' | 'merge' | 'json', patch: unknown): string => {
  const patched = patchObject(target, type, patch);
  return patched.ok ? 'accepted' : (patched.failures[0]?.says ?? '');
};

test('a strategic patch of ports finds them by their port number', () => {
  assert.deepEqual(strategic(service, { spec: { ports: [{ port: 80, targetPort: 9090 }] } })['ports'], [{ name: 'http', port: 80, targetPort: 9090 }, { name: 'https', port: 443 }]);
});

test('a strategic patch merges maps, and null removes', () => {
  assert.deepEqual(strategic(service, { spec: { selector: { app: 'b', tier: null } } })['selector'], { app: 'b' });
});

test('a strategic patch of containers finds them by name, and env and ports inside them by theirs', () => {
  const given = object(deployment.replace('        image: nginx:1.27\n', '        image: nginx:1.27\n        env: [{name: A, value: "1"}, {name: B, value: "2"}]\n'));
  const { template } = strategic(given, { spec: { template: { metadata: { labels: { tier: 'front' } }, spec: { containers: [{ name: 'web', env: [{ name: 'B', value: '3' }, { name: 'C', value: '4' }], ports: [{ containerPort: 8080, name: 'web' }] }] } } } }) as { template: unknown };
  assert.deepEqual(template, {
    metadata: { labels: { app: 'web', tier: 'front' } },
    spec: { containers: [{ name: 'web', image: 'nginx:1.27', env: [{ name: 'A', value: '1' }, { name: 'B', value: '3' }, { name: 'C', value: '4' }], ports: [{ name: 'web', containerPort: 8080 }] }] },
  });
});

test('a new container stands in front of those that were there', () => {
  const { template } = strategic(object(deployment), { spec: { template: { spec: { containers: [{ name: 'side', image: 'a' }] } } } }) as { template: { spec: { containers: { name: string }[] } } };
  assert.deepEqual(template.spec.containers.map((container) => container.name), ['side', 'web']);
});

test('items can be deleted, and lists and maps replaced', () => {
  assert.deepEqual(strategic(service, { spec: { ports: [{ $patch: 'delete', port: 80 }] } })['ports'], [{ name: 'https', port: 443 }]);
  assert.deepEqual(strategic(service, { spec: { ports: [{ $patch: 'replace' }, { port: 81 }] } })['ports'], [{ port: 81 }]);
  assert.deepEqual(strategic(service, { spec: { selector: { $patch: 'replace', app: 'b' } } })['selector'], { app: 'b' });
});

test('tolerations are replaced whole, finalizers are a set', () => {
  const pod = object('apiVersion: v1\nkind: Pod\nmetadata: {name: a, finalizers: [one, two]}\nspec: {tolerations: [{key: a}]}\n');
  assert.deepEqual(strategic(pod, { spec: { tolerations: [{ key: 'b' }] } })['tolerations'], [{ key: 'b' }]);
  const patched = patchObject(pod, 'strategic', { metadata: { finalizers: ['three', 'one'], '$deleteFromPrimitiveList/finalizers': ['two'] } });
  assert.ok(patched.ok);
  assert.deepEqual([...(Reflect.get(patched.value.metadata, 'finalizers') as string[])].sort(), ['one', 'three']);
});

test('an item without its key cannot be merged', () => {
  assert.match(refused(service, 'strategic', { spec: { ports: [{ targetPort: 1 }] } }), /does not contain declared merge key: port$/);
});

test('a custom resource takes no strategic patch', () => {
  assert.match(refused({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'a' } }, 'strategic', {}), /is not supported/);
});

test('name and kind cannot be patched away', () => {
  assert.match(refused(service, 'merge', { metadata: { name: 'b' } }), /does not match the name on the URL/);
  assert.match(refused(service, 'merge', { kind: 'Pod' }), /cannot be changed/);
  assert.match(refused(service, 'json', [{ op: 'remove', path: '/metadata' }]), /does not match the name on the URL/);
});

test('a JSON patch does what its operations say, or nothing', () => {
  const patched = patchObject(service, 'json', [{ op: 'test', path: '/spec/ports/0/port', value: 80 }, { op: 'replace', path: '/spec/ports/0/targetPort', value: 9090 }, { op: 'remove', path: '/spec/ports/1' }, { op: 'add', path: '/metadata/labels', value: { 'a/b': 'c' } }]);
  assert.ok(patched.ok);
  assert.deepEqual(Reflect.get(patched.value, 'spec'), { selector: { app: 'a', tier: 'x' }, ports: [{ name: 'http', port: 80, targetPort: 9090 }] });
  assert.match(refused(service, 'json', [{ op: 'replace', path: '/spec/none/x', value: 1 }]), /doc is missing path: "\/spec\/none\/x": missing value$/);
  assert.match(refused(service, 'json', [{ op: 'test', path: '/spec/type', value: 'x' }]), /testing value \/spec\/type failed/);
  assert.match(refused(service, 'json', { op: 'add' }), /a JSON patch is a list of operations/);
  assert.match(refused(service, 'json', [{ op: 'add', path: '/__proto__/polluted', value: 1 }]), /rejected our request/);
  assert.equal(Reflect.get({}, 'polluted'), undefined);
});

test('the examples of RFC 7396 hold', () => {
  const examples: readonly (readonly [unknown, unknown, unknown])[] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }], [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }], [{ a: 'b' }, { a: null }, {}], [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }], [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }], [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }], [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }], [['a', 'b'], ['c', 'd'], ['c', 'd']],
    [{ a: 'b' }, ['c'], ['c']], [{ a: 'foo' }, null, null], [{ a: 'foo' }, 'bar', 'bar'], [{ e: null }, { a: 1 }, { e: null, a: 1 }], [[1, 2], { a: 'b', c: null }, { a: 'b' }], [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [target, patch, wanted] of examples) assert.deepEqual(mergePatch(target, patch), wanted);
});

const json = fc.jsonValue({ maxDepth: 3 });
test('a merge patch laid on twice is laid on once', () => {
  fc.assert(fc.property(json, json, (target, patch) => {
    const once = mergePatch(target, patch);
    assert.deepEqual(mergePatch(once, patch), once);
  }));
});

test('an empty patch changes nothing', () => {
  const shapes = fc.record({
    selector: fc.dictionary(fc.stringMatching(/^[a-z]$/), fc.stringMatching(/^[a-z]$/)),
    ports: fc.array(fc.record({ port: fc.integer({ min: 1, max: 9 }), name: fc.stringMatching(/^[a-z]{1,3}$/) })),
    externalIPs: fc.array(fc.constantFrom('192.0.2.1', '192.0.2.2')),
  }).map((spec) => JSON.parse(JSON.stringify(spec)) as object);
  fc.assert(fc.property(shapes, (spec) => {
    const given = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec };
    for (const [type, patch] of [['strategic', {}], ['strategic', { spec: {} }], ['merge', {}], ['json', []]] as const) {
      const patched = patchObject(given, type, patch);
      assert.ok(patched.ok);
      assert.deepEqual(patched.value, given);
    }
  }));
});

test('a strategic patch laid on twice is laid on once', () => {
  const ports = fc.uniqueArray(fc.record({ port: fc.integer({ min: 1, max: 9 }), name: fc.stringMatching(/^[a-z]{1,2}$/) }), { selector: (port) => port.port });
  fc.assert(fc.property(ports, ports, (before, after) => {
    const given = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { ports: before } };
    const once = patchObject(given, 'strategic', { spec: { ports: after } });
    assert.ok(once.ok);
    const again = patchObject(once.value, 'strategic', { spec: { ports: after } });
    assert.ok(again.ok);
    assert.deepEqual(again.value, once.value);
  }));
});

test('apply removes what was applied before and is not any more, and leaves what others added', () => {
  const last = object(serviceWith('  selector: {app: a, tier: x}\n  ports:\n  - {name: http, port: 80}\n  - {name: old, port: 81}\n'));
  const live = withDefaults({ ...last, spec: { selector: { app: 'a', tier: 'x', added: 'y' }, clusterIP: '10.96.0.9', ports: [{ name: 'http', port: 80, nodePort: 30080 }, { name: 'old', port: 81 }, { name: 'other', port: 82 }] } } as KubeObject);
  const applied = object(serviceWith('  selector: {app: b}\n  ports:\n  - {name: http, port: 80, targetPort: 1}\n'));
  const { spec } = threeWay(live, last, applied) as unknown as { spec: { selector: unknown; clusterIP: unknown; ports: unknown } };
  assert.deepEqual([spec.selector, spec.clusterIP], [{ app: 'b', added: 'y' }, '10.96.0.9']);
  assert.deepEqual(spec.ports, [{ name: 'http', port: 80, nodePort: 30080, protocol: 'TCP', targetPort: 1 }, { name: 'other', port: 82, protocol: 'TCP', targetPort: 82 }]);
});

test('apply of another strategy drops what belonged to the old one', () => {
  const live = withDefaults(object(deployment));
  const applied = object(deployment.replace('spec:\n', 'spec:\n  strategy: {type: Recreate}\n'));
  assert.deepEqual(Reflect.get(Reflect.get(threeWay(live, object(deployment), applied), 'spec'), 'strategy'), { type: 'Recreate' });
});

test('apply of what is there already changes nothing', () => {
  const given = object(deployment);
  const live = withDefaults(given);
  assert.deepEqual(threeWay(live, given, given), { ...live, metadata: { ...live.metadata } });
});

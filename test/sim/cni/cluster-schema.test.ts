// The JSON Schema of the Cluster document and what reads the document know the same fields and values.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { chooseCni, cniPlugins, commonFields } from '../../../src/sim/cni/cni-plugins.ts';
import type { CniOption } from '../../../src/sim/cni/cni-plugin.ts';
import { isRecord } from '../../../src/sim/cluster/record.ts';
import { definitionOf, resourceOf, type Shape } from '../../../src/sim/cluster/schema/shape.ts';
import { proxyModes } from '../../../src/sim/cluster/validate/cluster-document.ts';
import { openLab } from '../../../src/sim/lab.ts';
import { whyNoOptions } from './cni.fixture.ts';

const schema: unknown = JSON.parse(readFileSync(new URL('../../../assets/schemas/cluster.schema.json', import.meta.url), 'utf8'));
const at = (...path: readonly (string | number)[]): unknown => path.reduce<unknown>((holder, key) => (Array.isArray(holder) ? holder[Number(key)] : isRecord(holder) ? holder[key] : undefined), schema);
const keys = (value: unknown): string[] => (isRecord(value) ? Object.keys(value).sort() : []);

const known: readonly string[] = ['$schema', 'title', 'description', 'deprecated', 'type', 'enum', 'const', 'properties', 'additionalProperties', 'required', 'items', 'minItems', 'anyOf', 'minimum', 'maximum', 'minLength', 'pattern'];

/** As much of JSON Schema as the schema uses: true when the value is valid. */
function valid(rule: unknown, value: unknown): boolean {
  if (rule === true || !isRecord(rule)) return rule !== false;
  for (const word of Object.keys(rule)) assert.ok(known.includes(word), `the schema uses ${word}, which this test does not know`);
  const { type, const: constant, enum: values, properties, additionalProperties, required, items, minItems, anyOf, minimum, maximum, minLength, pattern } = rule;
  if (type === 'object' && !isRecord(value)) return false;
  if (type === 'array' && !Array.isArray(value)) return false;
  if ((type === 'string' || type === 'boolean') && typeof value !== type) return false;
  if (type === 'integer' && !Number.isInteger(value)) return false;
  if (constant !== undefined && value !== constant) return false;
  if (Array.isArray(values) && !values.includes(value)) return false;
  if (Array.isArray(anyOf) && !anyOf.some((one) => valid(one, value))) return false;
  if (typeof value === 'number' && ((typeof minimum === 'number' && value < minimum) || (typeof maximum === 'number' && value > maximum))) return false;
  if (typeof value === 'string' && ((typeof minLength === 'number' && value.length < minLength) || (typeof pattern === 'string' && !new RegExp(pattern).test(value)))) return false;
  if (Array.isArray(value) && ((typeof minItems === 'number' && value.length < minItems) || !value.every((item) => valid(items ?? true, item)))) return false;
  if (!isRecord(value)) return true;
  if (Array.isArray(required) && !required.every((field) => typeof field === 'string' && Object.hasOwn(value, field))) return false;
  const named = isRecord(properties) ? properties : {};
  return Object.entries(value).every(([field, item]) => valid(Object.hasOwn(named, field) ? named[field] : additionalProperties ?? true, item));
}

test('the schema has each plugin with its modes and its options, and no other', () => {
  const branches = at('properties', 'spec', 'properties', 'cni', 'anyOf');
  assert.ok(Array.isArray(branches));
  assert.deepEqual(branches.map((_, index) => at('properties', 'spec', 'properties', 'cni', 'anyOf', index, 'properties', 'plugin', 'const')), cniPlugins.map(({ name }) => name));
  for (const [index, plugin] of cniPlugins.entries()) {
    const branch = (...path: readonly string[]): unknown => at('properties', 'spec', 'properties', 'cni', 'anyOf', index, ...path);
    assert.deepEqual(branch('properties', 'mode', 'enum'), plugin.modes);
    assert.equal(branch('additionalProperties'), false);
    assert.deepEqual(keys(branch('properties')), [...commonFields, ...plugin.options.map(({ name }) => name)].sort());
    for (const { name, type, values, pattern, says } of plugin.options) {
      assert.equal(branch('properties', name, 'description'), says);
      assert.deepEqual([branch('properties', name, 'type'), branch('properties', name, 'enum'), branch('properties', name, 'pattern')], [values === null ? type : undefined, values ?? undefined, pattern ?? undefined]);
    }
  }
});

// Every value of every option, and some that it does not take; also on plugins that do not have it.
const samples = ({ type, values, pattern }: CniOption): unknown[] => [true, false, 'yes', 7, ...(type === 'boolean' ? [] : values ?? []), ...(pattern === null ? [] : ['3.32', 'v1.14.0', 'newest', '192.168.0.0/24', '192.168.0.0/24,10.0.0.0/8', 'here'])];

test('the schema and the reader of spec.cni accept and refuse the same documents', () => {
  let accepted = 0;
  let refused = 0;
  const rule = at('properties', 'spec', 'properties', 'cni');
  const compare = (cni: Readonly<Record<string, unknown>>): void => {
    const choice = chooseCni(cni, null, () => null);
    assert.equal(valid(rule, cni), choice.ok, JSON.stringify([cni, choice.ok ? null : choice.failures]));
    if (choice.ok) accepted++;
    else refused++;
  };
  for (const plugin of [...cniPlugins.map(({ name }) => name), undefined, 'calicoo']) {
    const start = plugin === undefined ? {} : { plugin };
    compare(start);
    for (const mode of [...new Set(cniPlugins.flatMap(({ modes }) => modes)), 'sleeve']) compare({ ...start, mode });
    for (const mtu of [67, 68, 1450, 65_535, 65_536, 1450.5, '1450']) compare({ ...start, mtu });
    for (const option of cniPlugins.flatMap(({ options }) => options)) for (const value of samples(option)) compare({ ...start, [option.name]: value });
    compare({ ...start, zzz: 1 });
  }
  assert.ok(accepted > 100 && refused > 100);
});

/** The fields of a part of the document, as the decoder has them. */
function decoded(...path: readonly string[]): string[] {
  let shape: Shape | undefined = { is: 'struct', definition: resourceOf('k8snet-lab/v1', 'Cluster')?.definition ?? -1, retainsKeys: false };
  for (const field of path) {
    assert.ok(shape?.is === 'struct');
    shape = definitionOf(shape.definition).fields.get(field);
    while (shape?.is === 'list') shape = shape.of;
  }
  assert.ok(shape?.is === 'struct');
  return [...definitionOf(shape.definition).fields.keys()].filter((field) => field !== '*').sort();
}

test('the schema and the decoder know the same fields beside spec.cni', () => {
  assert.deepEqual(keys(at('properties')), decoded());
  assert.deepEqual(keys(at('properties', 'spec', 'properties')), decoded('spec'));
  assert.deepEqual(keys(at('properties', 'spec', 'properties', 'kubeProxy', 'properties')), decoded('spec', 'kubeProxy'));
  assert.deepEqual(keys(at('properties', 'spec', 'properties', 'network', 'properties')), decoded('spec', 'network'));
  const host = ['properties', 'spec', 'properties', 'underlay', 'properties', 'hosts', 'items', 'properties'];
  assert.deepEqual(keys(at(...host)), decoded('spec', 'underlay', 'hosts'));
  assert.deepEqual(keys(at(...host, 'ports', 'items', 'properties')), decoded('spec', 'underlay', 'hosts', 'ports'));
  // Fields of the underlay that the decoder names must be in the schema; it lets others pass, as the decoder does.
  const underlay = keys(at('properties', 'spec', 'properties', 'underlay', 'properties'));
  assert.deepEqual(decoded('spec', 'underlay').filter((field) => !underlay.includes(field)), []);
  assert.deepEqual(at('properties', 'spec', 'properties', 'kubeProxy', 'properties', 'mode', 'enum'), proxyModes);
});

test('the decoder takes the fields of spec.cni that every plugin has', () => {
  assert.deepEqual(decoded('spec', 'cni').filter((field) => commonFields.includes(field)), [...commonFields].sort());
});

test('a lab opens with every option that the schema has, and refuses one that it has not', (context) => {
  const reason = whyNoOptions();
  if (reason !== null) { context.skip(reason); return; }
  const opens = (cni: Readonly<Record<string, unknown>>): string | null => {
    const lab = openLab([{ path: 'cluster.yaml', text: JSON.stringify({ apiVersion: 'k8snet-lab/v1', kind: 'Cluster', metadata: { name: 'lab' }, spec: { cni } }) }]);
    return lab.ok ? null : lab.failures[0]?.code ?? '';
  };
  for (const { name, options } of cniPlugins) {
    for (const { name: option, type, values, pattern } of options) {
      const value = type === 'boolean' ? true : values?.[0] ?? ['1.99', '192.168.0.0/24'].find((text) => new RegExp(pattern ?? '').test(text));
      assert.equal(opens({ plugin: name, [option]: value }), null, `${name} with ${option}`);
    }
    assert.equal(opens({ plugin: name, zzz: 1 }), 'unknown-option');
  }
});

const whole = (spec: unknown): unknown => ({ apiVersion: 'k8snet-lab/v1', kind: 'Cluster', metadata: { name: 'lab' }, spec });

for (const [fact, spec, fits] of [
  ['cli.md\'s example', { cni: { plugin: 'cilium', mode: 'vxlan', mtu: 1450 }, kubeProxy: { mode: 'nftables' }, network: { pods: '10.244.0.0/16', services: '10.96.0.0/12', domain: 'cluster.local' }, underlay: {} }, true],
  ['a host outside', { underlay: { hosts: [{ name: 'api.vendor.example', addresses: ['192.0.2.30'], ports: [{ port: 443, tls: ['api.vendor.example'] }] }] } }, true],
  ['a field of the underlay that nobody simulates yet', { underlay: { weather: 'rain' } }, true],
  ['a host without addresses', { underlay: { hosts: [{ name: 'a.example', addresses: [] }] } }, false],
  ['a proxy mode that does not exist', { kubeProxy: { mode: 'iptable' } }, false],
  ['a field that does not exist', { cnis: {} }, false],
] as const) {
  test(`${fact} is ${fits ? 'valid' : 'not valid'}, says the schema`, () => {
    assert.equal(valid(schema, whole(spec)), fits);
  });
}

// The JSON Schema of the Cluster document and what reads the document know the same fields and values.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { chooseCni, cniPlugins, commonFields } from '../../../src/sim/cni/cni-plugins.ts';
import type { CniOption } from '../../../src/sim/cni/cni-plugin.ts';
import { isRecord } from '../../../src/sim/cluster/record.ts';
import { definitionOf, resourceOf, type Shape } from '../../../src/sim/cluster/schema/shape.ts';
import { proxyModes } from '../../../src/sim/cluster/validate/cluster-document.ts';
import { forwardPolicies, reversePathModes } from '../../../src/sim/cluster/validate/cluster-node.ts';
import { fragmentationWords, groupProtocols } from '../../../src/sim/cluster/validate/cluster-underlay.ts';
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

/** Every field below a rule of the schema and the shape of the decoder, compared on the way. */
function sameFields(rule: unknown, shape: Shape | undefined, path: string): number {
  const inner = (of: unknown): unknown => (isRecord(of) ? of['items'] : undefined);
  if (shape?.is === 'list') return sameFields(inner(rule), shape.of, `${path}[]`);
  if (shape?.is !== 'struct' || path.endsWith('.metadata') || path.endsWith('.cni')) return 0;
  const { fields } = definitionOf(shape.definition);
  const properties = isRecord(rule) ? rule['properties'] : undefined;
  assert.deepEqual(keys(properties), [...fields.keys()].sort(), path);
  assert.equal(isRecord(rule) ? rule['additionalProperties'] : undefined, false, path);
  return [...fields].reduce((count, [field, below]) => count + 1 + sameFields(isRecord(properties) ? properties[field] : undefined, below, `${path}.${field}`), 0);
}

test('the schema and the decoder know the same fields beside spec.cni', () => {
  const shape: Shape = { is: 'struct', definition: resourceOf('k8snet-lab/v1', 'Cluster')?.definition ?? -1, retainsKeys: false };
  assert.ok(sameFields(schema, shape, 'cluster') > 50);
  assert.deepEqual(at('properties', 'spec', 'properties', 'kubeProxy', 'properties', 'mode', 'enum'), proxyModes);
});

test('the schema and what judges the document know the same words', () => {
  const node = (field: string): unknown => at('properties', 'spec', 'properties', 'nodes', 'items', 'properties', field, 'enum');
  const underlay = (...path: readonly string[]): unknown => at('properties', 'spec', 'properties', 'underlay', 'properties', ...path);
  assert.deepEqual([node('rpFilter'), node('forwardPolicy'), underlay('fragmentationNeeded', 'enum')], [reversePathModes, forwardPolicies, fragmentationWords]);
  const protocols = underlay('securityGroups', 'items', 'properties', 'ingress', 'items', 'properties', 'protocol', 'enum');
  assert.deepEqual(Array.isArray(protocols) ? protocols.map(String).sort() : null, groupProtocols);
});

test('the schema says of every field of underlay, BGP and nodes what it is, and what holds where it is not set', () => {
  const silent: string[] = [];
  const look = (rule: unknown, path: string): void => {
    if (!isRecord(rule) || path.includes('.hosts')) return;
    const { properties, items, required } = rule;
    for (const [name, below] of Object.entries(isRecord(properties) ? properties : {})) {
      const says = isRecord(below) ? String(below['description'] ?? '') : '';
      const wanted = (Array.isArray(required) && required.includes(name)) || (isRecord(below) && isRecord(below['properties']));
      if (name !== 'hosts' && name !== 'stale' && (says === '' || (!wanted && !says.includes('Default: ')))) silent.push(`${path}.${name}`);
      look(below, `${path}.${name}`);
    }
    look(items, `${path}[]`);
  };
  for (const part of ['underlay', 'bgp', 'nodes']) look(at('properties', 'spec', 'properties', part), part);
  assert.deepEqual(silent, []);
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

/** Every field of the underlay, BGP and nodes, with a value that it takes. */
const everything = {
  underlay: {
    hosts: [{ name: 'api.vendor.example', addresses: ['192.0.2.30'], ports: [{ port: 443, protocol: 'TCP', tls: ['api.vendor.example'], hosts: ['api.vendor.example'] }] }],
    mtu: 9001, fragmentationNeeded: 'lost', sourceDestinationCheck: true,
    securityGroups: [
      { name: 'workers', nodes: ['worker-1', 'worker-2'], ingress: [{ peer: 'nodes', protocol: 'TCP', ports: 179 }, { peer: 'group/db', protocol: 'IPIP' }, { peer: '10.0.0.0/8', protocol: 'UDP', ports: '30000-32767' }, {}], egress: [{ peer: 'anywhere', protocol: 'all' }] },
      { name: 'db', pods: { namespace: 'shop', matchLabels: { app: 'db' } } },
    ],
    segments: [['control-plane', 'worker-1'], ['worker-2']], loadBalancers: true,
  },
  bgp: { asNumber: 64_513, routeReflectors: { reflector: 'true' } },
  nodes: [{
    name: 'worker-1', cniInstalled: true, kubeProxy: { running: false, stale: [{ service: 'shop/api', endpoints: ['10.244.1.9:8080', '[fd00::9]:8080'] }, { service: 'shop/web' }] },
    conntrack: { max: 65_536, used: 65_536 }, rpFilter: 'strict', forwardPolicy: 'DROP', ipForward: false, hairpinMode: false, mtu: 1400, missingRoutes: ['10.244.2.0/24'], announces: '10.0.2.15', asNumber: 64_514,
    wireguard: false, interfaces: [{ name: 'eth1', address: '192.168.56.11/24' }], resolvConf: 'nameserver 127.0.0.53\n', clusterDNS: ['10.96.0.10'], maxPods: 17,
  }],
};

const whole = (spec: unknown): unknown => ({ apiVersion: 'k8snet-lab/v1', kind: 'Cluster', metadata: { name: 'lab' }, spec });

for (const [fact, spec, fits] of [
  ['cli.md\'s example', { cni: { plugin: 'cilium', mode: 'vxlan', mtu: 1450 }, kubeProxy: { mode: 'nftables' }, network: { pods: '10.244.0.0/16', services: '10.96.0.0/12', domain: 'cluster.local' }, underlay: {} }, true],
  ['a host outside', { underlay: { hosts: [{ name: 'api.vendor.example', addresses: ['192.0.2.30'], ports: [{ port: 443, tls: ['api.vendor.example'] }] }] } }, true],
  ['a field that the underlay does not have', { underlay: { weather: 'rain' } }, false],
  ['the underlay, BGP and nodes with all that may be said of them', everything, true],
  ['a rule of a group with a port that there is not', { underlay: { securityGroups: [{ name: 'a', ingress: [{ protocol: 'TCP', ports: 70_000 }] }] } }, false],
  ['a node without a name', { nodes: [{ mtu: 1400 }] }, false],
  ['a filter that Linux does not have', { nodes: [{ name: 'n1', rpFilter: 'on' }] }, false],
  ['a host without addresses', { underlay: { hosts: [{ name: 'a.example', addresses: [] }] } }, false],
  ['a proxy mode that does not exist', { kubeProxy: { mode: 'iptable' } }, false],
  ['a field that does not exist', { cnis: {} }, false],
] as const) {
  test(`${fact} is ${fits ? 'valid' : 'not valid'}, says the schema`, () => {
    assert.equal(valid(schema, whole(spec)), fits);
  });
}

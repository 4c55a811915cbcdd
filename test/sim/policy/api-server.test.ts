// What the API server says of the cluster-wide policies: their names, columns, defaults and refusals, as a real one said them (Kubernetes v1.37 with the definitions of network-policy-api v0.2.0 and v0.1.7).
import assert from 'node:assert/strict';
import test from 'node:test';
import { withDefaults } from '../../../src/sim/cluster/defaults.ts';
import { kindNamed, kindOf } from '../../../src/sim/cluster/kinds.ts';
import { emptyStore, put } from '../../../src/sim/cluster/store.ts';
import { object, refusals } from '../cluster/manifest.ts';

const group = 'policy.networking.k8s.io';
const cnp = (changes: string): string => `apiVersion: ${group}/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: t1}\nspec: {${changes}}\n`;
const base = 'tier: Admin, priority: 1, subject: {namespaces: {}}';
const from = (rule: string): string => cnp(`${base}, ingress: [{${rule}}]`);
const to = (rule: string): string => cnp(`${base}, egress: [{action: Accept, ${rule}}]`);
const ports = (protocols: string): string => to(`to: [{namespaces: {}}], protocols: ${protocols}`);
const anp = (rule: string): string => `apiVersion: ${group}/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {name: t1}\nspec: {priority: 1, subject: {namespaces: {}}, egress: [{${rule}}]}\n`;
const banp = (rule: string, name = 'default'): string => `apiVersion: ${group}/v1alpha1\nkind: BaselineAdminNetworkPolicy\nmetadata: {name: ${name}}\nspec: {subject: {namespaces: {}}, egress: [{${rule}}]}\n`;
const many = (count: number, item: string): string => `[${Array.from({ length: count }, () => item).join(', ')}]`;
const rule = '{action: Accept, from: [{namespaces: {}}]}';
const nameless = 'networks/nodes/domainNames peer cannot be set with namedPorts since there are no namedPorts for networks/nodes/domainNames';

const cases: readonly (readonly [text: string, ...says: readonly string[]])[] = [
  [cnp(base)],
  [cnp('priority: 1, subject: {namespaces: {}}'), 'spec.tier: Required value'],
  [cnp(base.replace('Admin', 'admin')), 'spec.tier: Unsupported value: "admin": supported values: "Admin", "Baseline"'],
  [cnp('tier: Admin, subject: {namespaces: {}}'), 'spec.priority: Required value'],
  [cnp(base.replace('1', '1001')), 'spec.priority: Invalid value: 1001: spec.priority in body should be less than or equal to 1000'],
  [cnp(base.replace('1', '-1')), 'spec.priority: Invalid value: -1: spec.priority in body should be greater than or equal to 0'],
  [cnp('tier: Admin, priority: 0'), 'spec.subject: Required value'],
  [cnp('tier: Admin, priority: 0, subject: {}'), 'spec.subject: Invalid value: 0: spec.subject in body should have at least 1 properties'],
  [cnp('tier: Admin, priority: 0, subject: {namespaces: {}, pods: {podSelector: {}}}'), 'spec.subject: Too many: 2: must have at most 1 item'],
  [cnp('tier: Admin, priority: 0, subject: {pods: {namespaceSelector: {}}}'), 'spec.subject.pods.podSelector: Required value'],
  [cnp('tier: Admin, priority: 0, subject: {pods: {podSelector: {}}}')],
  [cnp('tier: Admin, priority: 0, subject: {namespaces: {matchExpressions: [{operator: Foo}]}}'), 'spec.subject.namespaces.matchExpressions[0].key: Required value'],
  [`apiVersion: ${group}/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: t1}\n`, 'spec: Required value'],
  [cnp(base.replace('1', '"10"')), 'spec.priority: Invalid value: "string": spec.priority in body must be of type integer: "string"'],
  [cnp(`${base}, ingress: x`), 'spec.ingress: Invalid value: "string": spec.ingress in body must be of type array: "string"'],
  [from('action: 5, from: [x]'), 'spec.ingress[0].action: Invalid value: "integer": spec.ingress[0].action in body must be of type string: "integer"', 'spec.ingress[0].from[0]: Invalid value: "string": spec.ingress[0].from[0] in body must be of type object: "string"'],
  [cnp(`${base}, foo: 1`), 'strict decoding error: unknown field "spec.foo"'],
  [cnp(`${base}, ingress: ${many(25, rule)}`)],
  [cnp(`${base}, ingress: ${many(26, rule)}`), 'spec.ingress: Too many: 26: must have at most 25 items'],
  [from(`action: Accept, from: ${many(26, '{namespaces: {}}')}`), 'spec.ingress[0].from: Too many: 26: must have at most 25 items'],
  [from('action: Accept'), 'spec.ingress[0].from: Required value'],
  [from('action: Accept, from: []'), 'spec.ingress[0].from: Invalid value: 0: spec.ingress[0].from in body should have at least 1 items'],
  [from('from: [{namespaces: {}}]'), 'spec.ingress[0].action: Required value'],
  [from('action: Allow, from: [{namespaces: {}}]'), 'spec.ingress[0].action: Unsupported value: "Allow": supported values: "Accept", "Deny", "Pass"'],
  [from('action: Accept, from: [{}]'), 'spec.ingress[0].from[0]: Invalid value: 0: spec.ingress[0].from[0] in body should have at least 1 properties'],
  [from('action: Accept, from: [{namespaces: {}, pods: {podSelector: {}}}]'), 'spec.ingress[0].from[0]: Too many: 2: must have at most 1 item'],
  [from('action: Accept, from: [{namespaces: {}, networks: [10.0.0.0/8]}]'), 'strict decoding error: unknown field "spec.ingress[0].from[0].networks"', 'spec.ingress[0].from[0]: Too many: 2: must have at most 1 item'],
  [from(`action: Accept, name: ${'n'.repeat(101)}, from: [{namespaces: {}}]`), 'spec.ingress[0].name: Too long: may not be more than 100 bytes'],
  [to('to: [{networks: [10.0.0.1/8, "fd00::/8"]}]')],
  [to('to: [{networks: [10.0.0.0/33]}]'), 'spec.egress[0].to[0].networks[0]: Invalid value: "10.0.0.0/33": Invalid CIDR format provided'],
  [to('to: [{networks: [10.0.0.0/8, 10.0.0.0/8]}]'), 'spec.egress[0].to[0].networks[1]: Duplicate value: "10.0.0.0/8"'],
  [to('to: [{networks: []}]'), 'spec.egress[0].to[0].networks: Invalid value: 0: spec.egress[0].to[0].networks in body should have at least 1 items'],
  [to('to: [{domainNames: ["*example"]}]'), String.raw`spec.egress[0].to[0].domainNames[0]: Invalid value: "*example": spec.egress[0].to[0].domainNames[0] in body should match '^(\*\.)?([a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.)+[a-zA-z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?\.?$'`],
  [to('to: [{networks: [10.0.0.0/8]}], protocols: [{destinationNamedPort: web}]'), `spec.egress[0]: Invalid value: ${nameless}`],
  [ports('[]'), 'spec.egress[0].protocols: Invalid value: 0: spec.egress[0].protocols in body should have at least 1 items'],
  [ports('[{}]'), 'spec.egress[0].protocols[0]: Invalid value: 0: spec.egress[0].protocols[0] in body should have at least 1 properties'],
  [ports('[{tcp: {}}]'), 'spec.egress[0].protocols[0].tcp: Invalid value: 0: spec.egress[0].protocols[0].tcp in body should have at least 1 properties'],
  [ports('[{tcp: {destinationPort: {number: 80}}, destinationNamedPort: x}]'), 'spec.egress[0].protocols[0]: Too many: 2: must have at most 1 item'],
  [ports('[{tcp: {destinationPort: {}}}]'), 'spec.egress[0].protocols[0].tcp.destinationPort: Invalid value: 0: spec.egress[0].protocols[0].tcp.destinationPort in body should have at least 1 properties'],
  [ports('[{tcp: {destinationPort: {number: 0}}}]'), 'spec.egress[0].protocols[0].tcp.destinationPort.number: Invalid value: 0: spec.egress[0].protocols[0].tcp.destinationPort.number in body should be greater than or equal to 1'],
  [ports('[{udp: {destinationPort: {range: {start: 80, end: 80}}}}]'), 'spec.egress[0].protocols[0].udp.destinationPort.range: Invalid value: Start port must be less than End port'],
  [ports('[{udp: {destinationPort: {range: {start: 80}}}}]'), 'spec.egress[0].protocols[0].udp.destinationPort.range.end: Required value'],
  [anp('action: Accept, to: [{namespaces: {}}]'), 'spec.egress[0].action: Unsupported value: "Accept": supported values: "Allow", "Deny", "Pass"'],
  [anp('action: Allow, to: [{namespaces: {}}], ports: [{}]'), 'spec.egress[0].ports[0]: Invalid value: 0: spec.egress[0].ports[0] in body should have at least 1 properties'],
  [anp('action: Allow, to: [{namespaces: {}}], ports: [{portNumber: {protocol: TCP}}]'), 'spec.egress[0].ports[0].portNumber.port: Required value'],
  [anp('action: Allow, to: [{namespaces: {}}], ports: [{portRange: {start: 10, end: 5}}]')],
  [anp(`action: Allow, to: ${many(101, '{namespaces: {}}')}`), 'spec.egress[0].to: Too many: 101: must have at most 100 items'],
  [anp('action: Allow, to: [{pods: {podSelector: {}}}]'), 'spec.egress[0].to[0].pods.namespaceSelector: Required value'],
  [anp('action: Allow, to: [{nodes: {}}], ports: [{namedPort: web}]'), `spec.egress[0]: Invalid value: ${nameless}`],
  [banp('action: Allow, to: [{namespaces: {}}]', 'other'), '<nil>: Invalid value: Only one baseline admin network policy with metadata.name="default" can be created in the cluster'],
  [banp('action: Pass, to: [{namespaces: {}}]'), 'spec.egress[0].action: Unsupported value: "Pass": supported values: "Allow", "Deny"'],
  [banp('action: Allow, to: [{domainNames: [a.b], namespaces: {}}]'), 'strict decoding error: unknown field "spec.egress[0].to[0].domainNames"', 'spec.egress[0].to[0]: Too many: 2: must have at most 1 item'],
  [banp('action: Allow, to: [{nodes: {}}], ports: [{namedPort: web}]'), 'spec.egress[0]: Invalid value: networks/nodes peer cannot be set with namedPorts since there are no namedPorts for networks/nodes'],
  [cnp(base).replace('v1alpha2', 'v1alpha1'), `no matches for kind "ClusterNetworkPolicy" in version "${group}/v1alpha1"`],
];

test('the API server refuses what the definitions of the cluster-wide policies refuse, in its words', () => {
  for (const [text, ...says] of cases) assert.deepEqual(refusals(text), says, text);
});

test('the cluster-wide policies have the names and columns of their definitions', () => {
  const names = { ClusterNetworkPolicy: 'cnp clusternetworkpolicies clusternetworkpolicies.policy.networking.k8s.io', AdminNetworkPolicy: 'anp adminnetworkpolicy', BaselineAdminNetworkPolicy: 'banp baselineadminnetworkpolicies' };
  for (const [kind, words] of Object.entries(names)) for (const word of words.split(' ')) assert.equal(kindNamed(word, emptyStore)?.kind, kind, word);
  const row = (text: string): string => {
    const stored = { object: withDefaults(object(text)), origin: null, lastApplied: null, implied: false, created: 0 };
    const store = put(emptyStore, stored);
    return kindOf(stored.object, store).columns(stored, store).map(({ header, value }) => `${header}=${value}`).join(' ');
  };
  assert.equal(row(cnp(base)), 'NAME=t1 TIER=Admin PRIORITY=1 AGE=12m');
  assert.equal(row(anp('action: Allow, to: [{namespaces: {}}]')), 'NAME=t1 PRIORITY=1 AGE=12m');
  assert.equal(row(banp('action: Allow, to: [{namespaces: {}}]')), 'NAME=default AGE=12m');
});

test('a port of v1alpha1 without a protocol is TCP, and belongs to no namespace', () => {
  const kept = withDefaults(object(anp('action: Allow, to: [{namespaces: {}}], ports: [{portNumber: {port: 1}}, {portRange: {start: 1, end: 2}}]')));
  assert.deepEqual('spec' in kept ? kept.spec : null, { priority: 1, subject: { namespaces: {} }, egress: [{ action: 'Allow', to: [{ namespaces: {} }], ports: [{ portNumber: { port: 1, protocol: 'TCP' } }, { portRange: { start: 1, end: 2, protocol: 'TCP' } }] }] });
  assert.equal(kept.metadata.namespace, undefined);
});

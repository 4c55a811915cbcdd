// The cluster-wide policies item by item: the numbers are the rows of the design's list (design/policy.md).
import assert from 'node:assert/strict';
import test from 'node:test';
import { judge } from '../../../src/sim/policy/judge.ts';
import { ask, connects, indexOf, podOf, policyOf, widePolicyOf } from './cluster-of.ts';

const db = podOf('shop/db', { app: 'db' }, { addresses: ['10.244.1.1', 'fd00:1::1'], namedPorts: [{ name: 'sql', port: 5432, protocol: 'TCP' }, { name: 'sql', port: 5433, protocol: 'UDP' }] });
const web = podOf('shop/web', { app: 'web' }, { addresses: ['10.244.2.3', 'fd00:2::3'], node: 'worker-2' });
const probe = podOf('intruder/probe', { app: 'probe' }, { addresses: ['10.244.2.4'], node: 'worker-2' });
const agent = podOf('shop/agent', { app: 'web' }, { addresses: ['192.168.0.12'], node: 'worker-2', hostNetwork: true });
const pods = [db, web, probe, agent];
const namespaces = { shop: { team: 'blue' }, intruder: { team: 'red' } };
const nodes = [{ labels: { zone: 'a' }, addresses: ['192.168.0.11'] }, { labels: { zone: 'b' }, addresses: ['192.168.0.12'] }];
const outside = '203.0.113.10';

const rule = (action: string, peers: string, protocols = ''): string => `{ action: ${action}, from: [ ${peers} ]${protocols === '' ? '' : `, protocols: [ ${protocols} ]`} }`;
const to = (...rules: readonly string[]): string => `egress: [ ${rules.join(', ').replaceAll('from:', 'to:')} ]`;
const from = (...rules: readonly string[]): string => `ingress: [ ${rules.join(', ')} ]`;
const spec = (tier: string, priority: number, rules: string, subject = '{ namespaces: { matchLabels: { team: blue } } }'): string => `{ tier: ${tier}, priority: ${priority}, subject: ${subject}, ${rules} }`;
const [everybody, red, blue] = ['{ namespaces: {} }', '{ namespaces: { matchLabels: { team: red } } }', '{ namespaces: { matchLabels: { team: blue } } }'];
const netpol = (name: string, written: string) => policyOf(`shop/${name}`, written);
const under = (...policies: Parameters<typeof indexOf>[0]['policies']) => indexOf({ pods, namespaces, nodes, policies });
const wide = (name: string, written: string) => widePolicyOf(name, written);

test('39: the Admin tier goes before NetworkPolicy, and the Baseline tier after it', () => {
  const [allow, deny] = [netpol('allow', '{ podSelector: {}, ingress: [ {} ] }'), netpol('deny', '{ podSelector: {} }')];
  assert.ok(!connects(under(wide('a', spec('Admin', 1, from(rule('Deny', red)))), allow), probe, db));
  assert.ok(connects(under(wide('a', spec('Admin', 1, from(rule('Accept', red)))), deny), probe, db));
  assert.ok(connects(under(wide('b', spec('Baseline', 1, from(rule('Deny', red)))), allow), probe, db));
  assert.ok(!connects(under(wide('b', spec('Baseline', 1, from(rule('Accept', red)))), deny), probe, db));
  const baseline = under(wide('b', spec('Baseline', 1, from(rule('Deny', red)))));
  assert.ok(!connects(baseline, probe, db) && connects(baseline, web, db) && connects(baseline, outside, db));
});

test('40: the lower priority is asked first, rules in their order, and the first match decides', () => {
  const [accept, deny] = [wide('accept', spec('Admin', 5, from(rule('Accept', red)))), wide('deny', spec('Admin', 7, from(rule('Deny', red))))];
  assert.ok(connects(under(accept, deny), probe, db) && connects(under(deny, accept), probe, db));
  assert.ok(!connects(under(accept, wide('deny', spec('Admin', 4, from(rule('Deny', red))))), probe, db));
  assert.ok(!connects(under(wide('one', spec('Admin', 5, from(rule('Deny', red), rule('Accept', everybody))))), probe, db));
});

test('41: Pass skips the rest of its tier, and each side is judged for itself', () => {
  const deny = wide('deny', spec('Admin', 7, from(rule('Deny', everybody))));
  const pass = wide('pass', spec('Admin', 5, from(rule('Pass', red))));
  assert.ok(connects(under(pass, deny), probe, db) && !connects(under(pass, deny), web, db));
  assert.ok(!connects(under(pass, deny, netpol('deny', '{ podSelector: {} }')), probe, db));
  const low = wide('low', spec('Baseline', 1, from(rule('Pass', red), rule('Deny', everybody))));
  assert.ok(connects(under(low), probe, db) && !connects(under(low), web, db));
  const sides = under(wide('a', spec('Admin', 1, `${from(rule('Accept', everybody))}, ${to(rule('Deny', blue))}`)));
  assert.ok(connects(sides, probe, db) && !connects(sides, web, db) && ask(sides, 'ingress', db, web).allowed);
});

test('42: a pod that only a cluster-wide policy selects is not isolated, and one that NetworkPolicy isolates never comes to the Baseline tier', () => {
  assert.ok(connects(under(wide('a', spec('Admin', 1, from(rule('Accept', red))))), web, db));
  const both = under(wide('b', spec('Baseline', 1, from(rule('Accept', everybody)))), netpol('web', '{ podSelector: {}, ingress: [ { from: [ { podSelector: { matchLabels: { app: web } } } ] } ] }'));
  assert.ok(connects(both, web, db) && !connects(both, probe, db));
  assert.deepEqual(ask(under(wide('a', spec('Admin', 1, from(rule('Deny', red))))), 'ingress', db, probe).isolatedBy, []);
});

test('43: pods on the network of their node are neither subject nor peer', () => {
  const index = under(wide('a', spec('Admin', 1, `${from(rule('Deny', everybody))}, ${to(rule('Deny', everybody))}`, '{ pods: { podSelector: {} } }')));
  assert.ok(connects(index, agent, outside) && connects(index, agent, db) && connects(index, db, agent) && !connects(index, probe, db));
});

test('44: a rule with a peer that cannot be read matches nothing when it accepts, and denies everything else', () => {
  for (const unreadable of ['{}', '{ sameLabels: [team] }', '{ networks: [0.0.0.0/0] }']) {
    const accept = under(wide('a', spec('Admin', 1, from(rule('Accept', `${everybody}, ${unreadable}`)))), netpol('deny', '{ podSelector: {} }'));
    assert.ok(!connects(accept, web, db), unreadable);
    for (const action of ['Deny', 'Pass']) {
      const index = under(wide('a', spec('Admin', 1, from(rule(action, `${red}, ${unreadable}`, '{ udp: { destinationPort: { number: 9 } } }')))));
      assert.ok(!connects(index, web, db) && !connects(index, outside, db, null, 'ICMP'), unreadable);
      assert.match(ask(index, 'ingress', db, web).says, /^spec\.ingress\[0\] of ClusterNetworkPolicy a denies everything in the Admin tier, because one of its peers is of no known kind and it fails closed\.$/);
    }
  }
});

test('45: networks match pods too, whatever the plugin makes of ipBlock, each family for itself', () => {
  for (const ipBlocks of ['all', 'outside'] as const) {
    const index = indexOf({ pods, namespaces, nodes, ipBlocks, policies: [wide('a', spec('Admin', 1, to(rule('Deny', '{ networks: [0.0.0.0/0] }'))))] });
    assert.ok(!connects(index, web, db) && !connects(index, web, outside) && !connects(index, web, agent) && connects(index, probe, db));
    assert.ok(!connects(index, web, db, null, 'ICMP'));
    assert.ok(ask(index, 'egress', web, { pod: db, ip: 'fd00:1::1' }).allowed && !ask(index, 'egress', web, { pod: db, ip: '10.244.1.1' }).allowed);
  }
});

test('44: nodes match the addresses of the nodes that they select, and pods on their network', () => {
  const index = under(wide('a', spec('Admin', 1, to(rule('Deny', '{ nodes: { matchLabels: { zone: b } } }')))));
  assert.ok(!connects(index, web, agent) && !connects(index, web, '192.168.0.12') && connects(index, web, '192.168.0.11') && connects(index, web, db));
  const all = under(wide('a', spec('Admin', 1, to(rule('Deny', '{ nodes: {} }')))));
  assert.ok(!connects(all, web, '192.168.0.11') && connects(all, web, outside));
});

test('46: protocols with numbers, ranges and none; without protocols everything, ICMP too', () => {
  const deny = (protocols: string) => under(wide('a', spec('Admin', 1, from(rule('Deny', everybody, protocols)))));
  const some = deny('{ tcp: { destinationPort: { number: 80 } } }, { udp: { destinationPort: { range: { start: 50, end: 53 } } } }, { sctp: {} }');
  assert.ok(!connects(some, web, db, 80) && connects(some, web, db, 81) && connects(some, web, db, 80, 'UDP') && !connects(some, web, db, 53, 'UDP') && connects(some, web, db, 54, 'UDP') && !connects(some, web, db, 9, 'SCTP'));
  assert.ok(connects(some, web, db, null, 'ICMP') && !connects(deny(''), web, db, null, 'ICMP'));
});

test('46: a named port is the port of that name on the destination, of whatever protocol', () => {
  const index = under(wide('a', spec('Admin', 1, from(rule('Deny', everybody, '{ destinationNamedPort: sql }')))));
  assert.ok(!connects(index, web, db, 5432) && connects(index, web, db, 5432, 'UDP') && !connects(index, web, db, 5433, 'UDP') && connects(index, db, web, 5432));
  const egress = under(wide('a', spec('Admin', 1, to(rule('Deny', blue, '{ destinationNamedPort: sql }')))));
  assert.ok(!connects(egress, web, db, 5432) && connects(egress, web, db, 80));
});

test('46: v1alpha1 says Allow, numbers its ports with TCP as the default, and has one baseline called default', () => {
  const v1alpha1 = (ports: string, action = 'Deny') => widePolicyOf('a', `{ priority: 1, subject: { namespaces: {} }, ingress: [ { action: ${action}, from: [ { namespaces: {} } ], ports: [ ${ports} ] } ] }`, 'AdminNetworkPolicy');
  const index = under(v1alpha1('{ portNumber: { port: 80 } }, { portRange: { protocol: UDP, start: 5, end: 7 } }, { namedPort: sql }'));
  assert.ok(!connects(index, web, db, 80) && connects(index, web, db, 80, 'UDP') && !connects(index, web, db, 6, 'UDP') && connects(index, web, db, 6) && !connects(index, web, db, 5433, 'UDP'));
  const base = (name: string) => widePolicyOf(name, '{ subject: { namespaces: {} }, ingress: [ { action: Deny, from: [ { namespaces: {} } ] } ] }', 'BaselineAdminNetworkPolicy');
  assert.ok(!connects(under(base('default')), web, db) && connects(under(base('other')), web, db));
  assert.ok(connects(under(v1alpha1('{ portNumber: { port: 80 } }', 'Allow'), base('default')), web, db) && !connects(under(v1alpha1('{ portNumber: { port: 80 } }', 'Allow'), base('default')), web, db, 81));
});

test('49: a pod can always reach its own address, but not itself through a Service that the Admin tier denies', () => {
  const index = under(wide('a', spec('Admin', 1, `${from(rule('Deny', everybody))}, ${to(rule('Deny', everybody))}`)), netpol('deny', '{ podSelector: {}, policyTypes: [Ingress, Egress] }'));
  const question = { direction: 'ingress', subject: db, peer: { pod: db, ip: '10.244.1.1' }, protocol: 'TCP', port: 80 } as const;
  assert.ok(judge(index, question).allowed && !judge(index, { ...question, throughService: true }).allowed);
  assert.ok(judge(under(netpol('deny', '{ podSelector: {} }')), { ...question, throughService: true }).allowed);
});

test('50: a wildcard stands for one or more labels and never for none', () => {
  const hosts = ['example.com', 'a.example.com', 'b.a.example.com', 'badexample.com'].map((name, index) => ({ name, addresses: [`203.0.113.${index}`] }));
  const accepted = (domain: string): number[] => {
    const index = indexOf({ pods, namespaces, hosts, policies: [wide('a', spec('Admin', 1, to(rule('Accept', `{ domainNames: ["${domain}"] }`), rule('Deny', '{ networks: [0.0.0.0/0] }'))))] });
    return hosts.flatMap(({ addresses }, position) => (connects(index, web, addresses[0] ?? '') ? [position] : []));
  };
  assert.deepEqual([accepted('example.com'), accepted('*.example.com'), accepted('A.Example.com.'), accepted('*.com')], [[0], [1, 2], [1], [0, 1, 2, 3]]);
});

test('a kind of the same name in another group is not this policy', () => {
  const other = { ...wide('a', spec('Admin', 1, from(rule('Deny', everybody)))), apiVersion: 'example.com/v1' };
  assert.ok(connects(under(other), web, db));
});

test('a verdict says which rule of which tier decided, with its line, and how the connection came there', () => {
  const origin = { file: 'admin.yaml', positions: { '': [1, 1], 'spec': [5, 1], 'spec.ingress': [9, 3], 'spec.ingress[0]': [10, 5], 'spec.ingress[1]': [14, 5], 'spec.ingress[0].protocols': [12, 7] } as const };
  const rules = from(rule('Accept', red, '{ tcp: { destinationPort: { number: 9100 } } }'), rule('Deny', red), rule('Pass', blue));
  const index = indexOf({ pods, namespaces, origin, policies: [wide('guard', spec('Admin', 1, rules)), wide('base', spec('Baseline', 1, from(rule('Deny', blue))))] });
  const policy = { kind: 'ClusterNetworkPolicy', namespace: '', name: 'guard' };
  const denied = ask(index, 'ingress', db, probe, 80);
  assert.deepEqual([denied.decidedBy, denied.nearest], [[{ policy, field: 'spec.ingress[1]', file: 'admin.yaml', line: 14 }], { policy, field: 'spec.ingress[0].protocols', file: 'admin.yaml', line: 12 }]);
  assert.equal(denied.says, 'spec.ingress[1] of ClusterNetworkPolicy guard denies TCP 80 from intruder/probe in the Admin tier, and no NetworkPolicy can change that; before it spec.ingress[0] allows intruder/probe on TCP 9100 only.');
  const allowed = ask(index, 'ingress', db, probe, 9100);
  assert.deepEqual([allowed.decidedBy, allowed.nearest], [[{ policy, field: 'spec.ingress[0]', file: 'admin.yaml', line: 10 }], null]);
  assert.equal(allowed.says, 'spec.ingress[0] of ClusterNetworkPolicy guard allows TCP 9100 from intruder/probe in the Admin tier, and no NetworkPolicy can change that.');
  const passed = ask(index, 'ingress', db, web, 80);
  assert.deepEqual(passed.passedBy?.map(({ field }) => field), ['spec.ingress[2]']);
  assert.deepEqual([passed.decidedBy[0]?.policy.name, passed.nearest?.field], ['base', 'spec.ingress[0]']);
  assert.equal(passed.says, 'spec.ingress[2] of ClusterNetworkPolicy guard passes TCP 80 from shop/web on from the Admin tier to the NetworkPolicy tier; no NetworkPolicy isolates shop/db for ingress; spec.ingress[0] of ClusterNetworkPolicy base denies TCP 80 from shop/web in the Baseline tier.');
  assert.equal(ask(index, 'ingress', db, outside, 80).says, 'No rule of ClusterNetworkPolicy guard in the Admin tier matches TCP 80 from 203.0.113.10; no rule of ClusterNetworkPolicy base in the Baseline tier matches TCP 80 from 203.0.113.10; no NetworkPolicy isolates shop/db for ingress, so it is allowed.');
  const isolated = under(wide('guard', spec('Admin', 1, rules)), netpol('deny', '{ podSelector: {} }'));
  assert.equal(ask(isolated, 'ingress', db, web).says, 'spec.ingress[2] of ClusterNetworkPolicy guard passes TCP 80 from shop/web on from the Admin tier to the NetworkPolicy tier; NetworkPolicy shop/deny isolates shop/db for ingress, and it has no rule that allows anything.');
});

test('a policy that the plugin does not enforce is told only where it would have changed or made the verdict', () => {
  const policies = [wide('guard', spec('Admin', 1, from(rule('Deny', red)))), netpol('open', '{ podSelector: {}, ingress: [ {} ] }')];
  const index = indexOf({ pods, namespaces, policies, enforced: ['NetworkPolicy'] });
  const verdict = ask(index, 'ingress', db, probe);
  assert.ok(verdict.allowed);
  assert.deepEqual([verdict.unenforced?.wouldAllow, verdict.unenforced?.by.map(({ policy, field }) => `${policy.name} ${field ?? ''}`)], [false, ['guard spec.ingress[0]']]);
  assert.equal(verdict.says, "spec.ingress[0] of NetworkPolicy shop/open allows TCP 80 from intruder/probe; ClusterNetworkPolicy guard would deny it, but the cluster's CNI plugin does not enforce ClusterNetworkPolicy.");
  assert.equal(ask(index, 'ingress', db, web).unenforced, null);
  const none = ask(indexOf({ pods, namespaces, policies: policies.slice(0, 1), enforced: [] }), 'ingress', db, probe);
  assert.equal(none.says, "The cluster's CNI plugin does not enforce ClusterNetworkPolicy, so everything is allowed; ClusterNetworkPolicy guard would deny TCP 80 from intruder/probe.");
});

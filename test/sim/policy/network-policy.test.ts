// NetworkPolicy item by item: the numbers are the rows of the design's list (design/policy.md).
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Labels } from '../../../src/sim/model/object.ts';
import { ask, connects, indexOf, podOf, policyOf } from './cluster-of.ts';

const db = podOf('shop/db', { app: 'db' }, { addresses: ['10.244.1.1', 'fd00:1::1'], namedPorts: [{ name: 'sql', port: 5432, protocol: 'TCP' }] });
const api = podOf('shop/api', { app: 'api' }, { addresses: ['10.244.1.2', 'fd00:1::2'], namedPorts: [{ name: 'http', port: 8080, protocol: 'TCP' }] });
const web = podOf('shop/web', { app: 'web' }, { addresses: ['10.244.2.3', 'fd00:2::3'], node: 'worker-2', namedPorts: [{ name: 'http', port: 8000, protocol: 'TCP' }] });
const probe = podOf('intruder/probe', { app: 'api' }, { addresses: ['10.244.2.4'], node: 'worker-2' });
const pods = [db, api, web, probe];
const namespaces = { shop: { team: 'blue' }, intruder: {} };
const outside = '203.0.113.10';

const under = (...specs: readonly string[]) => indexOf({ pods, namespaces, policies: specs.map((spec, index) => policyOf(`shop/policy-${index}`, spec)) });
const dbTakes = (from: string): string => `{ podSelector: { matchLabels: { app: db } }, ingress: [ { from: [ ${from} ] } ] }`;
const dbOn = (ports: string): string => `{ podSelector: { matchLabels: { app: db } }, ingress: [ { ports: [ ${ports} ] } ] }`;
const webTo = (rules: string): string => `{ podSelector: { matchLabels: { app: web } }, policyTypes: [Egress], egress: [ ${rules} ] }`;

test('1: a pod picked by no policy accepts and sends everything', () => {
  const index = under();
  assert.ok(connects(index, probe, db) && connects(index, outside, db) && connects(index, db, outside));
  assert.equal(ask(index, 'ingress', db, probe).says, 'No policy isolates shop/db for ingress, so everything is allowed.');
});

test('1: isolation for ingress leaves egress alone, and the other way round', () => {
  const ingress = under('{ podSelector: {}, policyTypes: [Ingress] }');
  assert.ok(!connects(ingress, outside, db) && connects(ingress, db, outside));
  const egress = under('{ podSelector: {}, policyTypes: [Egress] }');
  assert.ok(connects(egress, outside, db) && !connects(egress, db, outside));
});

test('2: a policy isolates pods of its own namespace only', () => {
  assert.ok(connects(under('{ podSelector: {} }'), outside, probe));
});

test('3: policies add up: what one allows no other takes away', () => {
  const index = under('{ podSelector: {} }', dbTakes('{ podSelector: { matchLabels: { app: api } } }'), dbTakes('{ podSelector: { matchLabels: { app: web } } }'));
  assert.ok(connects(index, api, db) && connects(index, web, db) && !connects(index, probe, db));
});

test('4: a connection needs the egress of its source and the ingress of its destination', () => {
  const index = under(dbTakes('{ podSelector: {} }'), webTo('{ to: [ { podSelector: { matchLabels: { app: api } } } ] }'));
  assert.ok(ask(index, 'ingress', db, web).allowed && !ask(index, 'egress', web, db).allowed && !connects(index, web, db));
  assert.ok(connects(index, web, api));
});

test('5: without policyTypes ingress is isolated always, egress only where egress rules stand', () => {
  const both = under('{ podSelector: {}, egress: [ { to: [ { podSelector: {} } ] } ] }');
  assert.ok(!connects(both, outside, db) && !connects(both, db, outside));
  for (const spec of ['{ podSelector: {}, egress: [] }', '{ podSelector: {}, policyTypes: [], egress: [] }', '{ podSelector: {} }']) {
    assert.ok(!connects(under(spec), outside, db) && connects(under(spec), db, outside), spec);
  }
});

test('6: with policyTypes the rules of a direction that is not listed do nothing', () => {
  const index = under('{ podSelector: {}, policyTypes: [Egress], ingress: [ { from: [ { podSelector: {} } ] } ] }');
  assert.ok(connects(index, outside, db) && !connects(index, db, outside));
});

test('7: an empty or absent podSelector is every pod of the namespace', () => {
  for (const spec of ['{ podSelector: {} }', '{ policyTypes: [Ingress] }']) assert.ok(!connects(under(spec), outside, db) && !connects(under(spec), outside, web), spec);
});

test('8: no ingress rules deny all, one empty rule allows all, the outside too', () => {
  assert.ok(!connects(under('{ podSelector: {}, ingress: [] }'), outside, db));
  const open = under('{ podSelector: {}, ingress: [ {} ] }');
  assert.ok(connects(open, outside, db) && connects(open, probe, db) && connects(open, probe, db, 53, 'UDP'));
});

test('9: an absent, null or empty list of peers is everybody, of ports every port and protocol', () => {
  for (const from of ['', ', from: []', ', from: null']) {
    const index = under(`{ podSelector: {}, ingress: [ { ports: [ { port: 80 } ] ${from} } ] }`);
    assert.ok(connects(index, outside, db) && connects(index, probe, db) && !connects(index, outside, db, 81));
  }
  for (const ports of ['', ', ports: []', ', ports: null']) {
    const index = under(`{ podSelector: {}, ingress: [ { from: [ { podSelector: {} } ] ${ports} } ] }`);
    assert.ok(connects(index, web, db, 9, 'SCTP') && connects(index, web, db, 65535, 'UDP') && !connects(index, outside, db));
  }
});

test('10: peers are or, the fields of one peer and, rules or', () => {
  const either = under(dbTakes('{ podSelector: { matchLabels: { app: api } } }, { namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: intruder } } }'));
  assert.ok(connects(either, api, db) && connects(either, probe, db) && !connects(either, web, db));
  const together = under(dbTakes('{ podSelector: { matchLabels: { app: api } }, namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: intruder } } }'));
  assert.ok(!connects(together, api, db) && connects(together, probe, db));
  const rules = under('{ podSelector: {}, ingress: [ { from: [ { podSelector: { matchLabels: { app: api } } } ], ports: [ { port: 80 } ] }, { from: [ { podSelector: { matchLabels: { app: web } } } ], ports: [ { port: 81 } ] } ] }');
  assert.ok(connects(rules, api, db, 80) && !connects(rules, api, db, 81) && !connects(rules, web, db, 80) && connects(rules, web, db, 81));
});

test('11: a podSelector alone means the policy\'s own namespace, an empty one too', () => {
  assert.ok(!connects(under(dbTakes('{ podSelector: {} }')), probe, db));
  assert.ok(!connects(under(dbTakes('{ podSelector: { matchLabels: { app: api } } }')), probe, db));
});

test('12: an empty namespaceSelector is every namespace with the own one, and all pods there, but not the outside', () => {
  const index = under(dbTakes('{ namespaceSelector: {} }'));
  assert.ok(connects(index, probe, db) && connects(index, web, db) && !connects(index, outside, db));
});

test('13: ipBlock stands alone in its peer, and a peer without a field matches nobody', () => {
  const index = under(dbTakes('{ ipBlock: { cidr: 203.0.113.0/24 }, podSelector: {} }'));
  assert.ok(connects(index, outside, db) && !connects(index, web, db));
  assert.ok(!connects(under(dbTakes('{}')), web, db) && !connects(under(dbTakes('{}')), outside, db));
});

test('14: NotIn and DoesNotExist match where the key is absent, In and Exists need it', () => {
  const takes = (expression: string) => under(dbTakes(`{ podSelector: { matchExpressions: [ ${expression} ] } }`));
  assert.ok(connects(takes('{ key: tier, operator: NotIn, values: [front] }'), web, db) && connects(takes('{ key: tier, operator: DoesNotExist }'), web, db));
  assert.ok(!connects(takes('{ key: tier, operator: In, values: [front] }'), web, db) && !connects(takes('{ key: tier, operator: Exists }'), web, db));
  assert.ok(connects(takes('{ key: app, operator: In, values: [web, api] }'), web, db) && !connects(takes('{ key: app, operator: NotIn, values: [web] }'), web, db));
  const both = under(dbTakes('{ podSelector: { matchLabels: { app: web }, matchExpressions: [ { key: app, operator: NotIn, values: [web] } ] } }'));
  assert.ok(!connects(both, web, db));
});

test('15: a namespace carries its name as a label, declared or not', () => {
  const stranger = podOf('undeclared/pod');
  const index = under(dbTakes('{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: undeclared } } }'));
  assert.ok(connects(index, stranger, db) && !connects(index, probe, db));
});

test('16: host bits of a CIDR are masked, except takes away, and another peer gives it back', () => {
  const masked = under(dbTakes('{ ipBlock: { cidr: 203.0.113.77/24, except: [ 203.0.113.11/32 ] } }'));
  assert.ok(connects(masked, '203.0.113.10', db) && !connects(masked, '203.0.113.11', db) && !connects(masked, '203.0.114.1', db));
  const again = under(dbTakes('{ ipBlock: { cidr: 203.0.113.0/24, except: [ 203.0.113.11/32 ] } }'), dbTakes('{ ipBlock: { cidr: 203.0.113.11/32 } }'));
  assert.ok(connects(again, '203.0.113.11', db));
});

test('17: ipBlock matches the addresses of pods, unless it is kept to the outside', () => {
  const policies = [policyOf('shop/blocks', webTo('{ to: [ { ipBlock: { cidr: 10.244.1.0/24 } } ] }'))];
  assert.ok(connects(indexOf({ pods, policies }), web, db) && !connects(indexOf({ pods, policies }), web, probe));
  const outsideOnly = indexOf({ pods, policies, ipBlocks: 'outside' });
  assert.ok(!connects(outsideOnly, web, db) && connects(outsideOnly, web, '10.244.1.77'));
});

test('18: the protocol is TCP unless said, and a protocol without a port is all its ports and no other protocol', () => {
  const tcp = under(dbOn('{}'));
  assert.ok(connects(tcp, web, db, 1) && connects(tcp, web, db, 65535) && !connects(tcp, web, db, 53, 'UDP'));
  const udp = under(dbOn('{ protocol: UDP }'));
  assert.ok(connects(udp, web, db, 53, 'UDP') && !connects(udp, web, db, 53, 'TCP'));
});

test('19: a rule for SCTP opens no TCP and isolates all the same', () => {
  const index = under(dbOn('{ protocol: SCTP, port: 80 }'));
  assert.ok(connects(index, web, db, 80, 'SCTP') && !connects(index, web, db, 80, 'TCP') && !connects(index, web, db, 80, 'UDP'));
});

test('20: a named port is looked up on each destination pod, on egress too, with its protocol', () => {
  const index = under('{ podSelector: { matchLabels: { app: db } }, policyTypes: [Egress], egress: [ { to: [ { podSelector: {} } ], ports: [ { port: http } ] } ] }');
  assert.ok(connects(index, db, api, 8080) && !connects(index, db, api, 8000) && connects(index, db, web, 8000) && !connects(index, db, web, 8080));
  assert.ok(!connects(under(dbOn('{ protocol: UDP, port: sql }')), web, db, 5432) && !connects(under(dbOn('{ protocol: UDP, port: sql }')), web, db, 5432, 'UDP'));
});

test('20: pods with the same labels and other numbers for a name open each their own', () => {
  const twins = [8080, 8081].map((port) => podOf(`shop/twin-${port}`, { app: 'twin' }, { namedPorts: [{ name: 'http', port, protocol: 'TCP' }] }));
  const index = indexOf({ pods: twins, policies: [policyOf('shop/http', '{ podSelector: {}, ingress: [ { ports: [ { port: http } ] } ] }')] });
  assert.deepEqual(twins.map((twin) => [8080, 8081].map((port) => connects(index, outside, twin, port))), [[true, false], [false, true]]);
});

test('20: a named port that the pod does not have allows nothing, and the sentence says so', () => {
  const verdict = ask(under(dbOn('{ port: http }')), 'ingress', db, web, 8080);
  assert.ok(!verdict.allowed);
  assert.equal(verdict.says, 'NetworkPolicy shop/policy-0 isolates shop/db for ingress; spec.ingress[0] allows shop/web on TCP "http" only, not on TCP 8080: shop/db has no TCP port named "http".');
});

test('21: a named port cannot be resolved for an ipBlock on egress, on ingress it is the subject\'s', () => {
  const egress = under(webTo('{ to: [ { ipBlock: { cidr: 0.0.0.0/0 } } ], ports: [ { port: sql } ] }'));
  assert.ok(!connects(egress, web, db, 5432) && !connects(egress, web, outside, 5432));
  assert.match(ask(egress, 'egress', web, outside, 5432).says, /"sql" cannot be resolved for an address\.$/);
  assert.match(ask(egress, 'egress', web, db, 5432).says, /"sql" cannot be resolved for a pod that is matched by its address\.$/);
  const ingress = under('{ podSelector: {}, ingress: [ { from: [ { ipBlock: { cidr: 203.0.113.0/24 } } ], ports: [ { port: sql } ] } ] }');
  assert.ok(connects(ingress, outside, db, 5432) && !connects(ingress, outside, db, 5433));
  const anybody = under(webTo('{ ports: [ { port: sql } ] }'));
  assert.ok(connects(anybody, web, db, 5432) && !connects(anybody, web, outside, 5432));
});

test('22: endPort makes a range with both its ends', () => {
  const index = under(dbOn('{ port: 8000, endPort: 8010 }'));
  assert.deepEqual([7999, 8000, 8005, 8010, 8011].map((port) => connects(index, web, db, port)), [false, true, true, true, false]);
});

test('23 and 27: what is judged is the destination\'s port, and only in the direction of the call', () => {
  const index = under(dbTakes('{ podSelector: { matchLabels: { app: web } } }'), '{ podSelector: { matchLabels: { app: web } }, ingress: [] }');
  assert.ok(connects(index, web, db) && !connects(index, db, web));
});

test('25: the node of a pod is always let in, another node is not, and a pod on the node\'s network is the node', () => {
  const index = under('{ podSelector: {} }');
  const verdict = ask(index, 'ingress', db, { pod: null, ip: '192.168.0.11', node: 'worker-1' });
  assert.ok(verdict.allowed);
  assert.equal(verdict.says, "Traffic from a pod's own node is always allowed in, whatever policies say: node worker-1 runs shop/db.");
  assert.ok(!ask(index, 'ingress', db, { pod: null, ip: '192.168.0.12', node: 'worker-2' }).allowed);
  const agent = (node: string) => podOf('kube-system/agent', {}, { hostNetwork: true, node, addresses: ['192.168.0.11'] });
  assert.ok(ask(index, 'ingress', db, agent('worker-1')).allowed && !ask(index, 'ingress', db, agent('worker-2')).allowed);
});

test('25: there is no such exemption for what a pod sends to its node', () => {
  assert.ok(!ask(under('{ podSelector: {}, policyTypes: [Egress] }'), 'egress', db, { pod: null, ip: '192.168.0.11', node: 'worker-1' }).allowed);
});

test('26: a pod cannot block itself', () => {
  const index = under('{ podSelector: {}, policyTypes: [Ingress, Egress] }');
  assert.ok(connects(index, db, db) && !connects(index, db, web));
});

test('29: pods on the node\'s network are neither subject nor peer of selectors: an ipBlock sees their node\'s address', () => {
  const agent = podOf('shop/agent', { app: 'api' }, { hostNetwork: true, node: 'worker-2', addresses: ['192.168.0.12'], namedPorts: [{ name: 'http', port: 9100, protocol: 'TCP' }] });
  const denied = indexOf({ pods: [...pods, agent], policies: [policyOf('shop/all', '{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [ { from: [ { podSelector: {} } ] } ] }')] });
  assert.ok(connects(denied, agent, outside) && connects(denied, outside, agent) && !connects(denied, agent, db));
  assert.equal(ask(denied, 'ingress', agent, outside).says, "shop/agent uses its node's network, which policies do not select.");
  const block = (ipBlocks: 'all' | 'outside') => indexOf({ pods: [...pods, agent], ipBlocks, nodes: [{ labels: {}, addresses: ['192.168.0.12'] }], policies: [policyOf('shop/block', dbTakes('{ ipBlock: { cidr: 192.168.0.0/24 } }'))] });
  assert.ok(connects(block('all'), agent, db) && !connects(block('all'), api, db));
  const named = indexOf({ pods: [...pods, agent], policies: [policyOf('shop/named', webTo('{ ports: [ { port: http } ] }'))] });
  assert.ok(!connects(named, web, agent, 9100) && connects(named, web, api, 8080));
});

test('17: where blocks match the outside only, a node\'s address is none of theirs, nor a pod on its network', () => {
  const agent = podOf('shop/agent', {}, { hostNetwork: true, node: 'worker-2', addresses: ['192.168.0.12'] });
  const index = indexOf({ pods: [...pods, agent], ipBlocks: 'outside', nodes: [{ labels: {}, addresses: ['192.168.0.12'] }], policies: [policyOf('shop/block', dbTakes('{ ipBlock: { cidr: 0.0.0.0/0 } }'))] });
  assert.ok(!connects(index, agent, db) && !connects(index, '192.168.0.12', db) && !connects(index, web, db) && connects(index, '192.168.0.13', db) && connects(index, outside, db));
});

test('30: a finished pod is neither subject nor peer', () => {
  const finished = podOf('shop/job', { app: 'web' }, { running: false, addresses: ['10.244.2.9'] });
  const index = indexOf({ pods: [...pods, finished], policies: [policyOf('shop/from-web', dbTakes('{ podSelector: { matchLabels: { app: web } } }')), policyOf('shop/web', '{ podSelector: { matchLabels: { app: web } } }')] });
  assert.ok(!ask(index, 'ingress', db, finished).allowed && ask(index, 'ingress', finished, api).allowed);
});

test('32: isolation stops ICMP, and a rule without ports lets it through', () => {
  assert.ok(!connects(under('{ podSelector: {} }'), web, db, null, 'ICMP'));
  assert.ok(connects(under(dbTakes('{ podSelector: {} }')), web, db, null, 'ICMP'));
  assert.ok(!connects(under(dbOn('{}')), web, db, null, 'ICMP'));
  assert.ok(connects(under(), web, db, null, 'ICMP'));
});

test('33: a block of one address family never matches the other', () => {
  const v4 = under(dbTakes('{ ipBlock: { cidr: 0.0.0.0/0 } }'));
  assert.ok(ask(v4, 'ingress', db, outside).allowed && !ask(v4, 'ingress', db, '2001:db8::1').allowed);
  assert.ok(ask(v4, 'ingress', db, { pod: web, ip: '10.244.2.3' }).allowed && !ask(v4, 'ingress', db, { pod: web, ip: 'fd00:2::3' }).allowed);
  const v6 = under(dbTakes("{ ipBlock: { cidr: '::/0' } }"));
  assert.ok(!ask(v6, 'ingress', db, outside).allowed && ask(v6, 'ingress', db, '2001:db8::1').allowed);
});

test('35: denying all egress denies the query to the DNS server\'s pod', () => {
  const dns = podOf('kube-system/coredns', { 'k8s-app': 'kube-dns' }, { addresses: ['10.244.0.2'] });
  const deny = under('{ podSelector: {}, policyTypes: [Egress] }');
  const allow = under('{ podSelector: {}, policyTypes: [Egress] }', '{ podSelector: {}, policyTypes: [Egress], egress: [ { to: [ { namespaceSelector: {}, podSelector: { matchLabels: { k8s-app: kube-dns } } } ], ports: [ { port: 53, protocol: UDP }, { port: 53 } ] } ] }');
  assert.ok(!connects(deny, web, dns, 53, 'UDP') && connects(allow, web, dns, 53, 'UDP') && connects(allow, web, dns, 53) && !connects(allow, web, dns, 9153));
});

test('36: a second policy of the same name replaces the first', () => {
  const index = indexOf({ pods, policies: [policyOf('shop/one', '{ podSelector: {} }'), policyOf('shop/one', '{ podSelector: {}, ingress: [ {} ] }')] });
  assert.ok(connects(index, outside, db));
  assert.equal(ask(index, 'ingress', db, outside).isolatedBy.length, 1);
});

test('37: with a plugin that enforces no policies everything is allowed, and the verdict says what would have been', () => {
  const index = indexOf({ pods, enforced: [], policies: [policyOf('shop/deny', '{ podSelector: {} }')] });
  const verdict = ask(index, 'ingress', db, web);
  assert.ok(verdict.allowed);
  assert.deepEqual([verdict.isolatedBy, verdict.unenforced?.wouldAllow, verdict.unenforced?.by.map(({ policy }) => policy.name)], [[], false, ['deny']]);
  assert.equal(verdict.says, "The cluster's CNI plugin does not enforce NetworkPolicy, so everything is allowed; NetworkPolicy shop/deny would deny TCP 80 from shop/web.");
  assert.equal(ask(index, 'ingress', probe, web).unenforced, null);
});

test('38: an object of the same kind of another API group is not this policy', () => {
  const other = { ...policyOf('shop/deny', '{ podSelector: {} }'), apiVersion: 'crd.projectcalico.org/v1' };
  assert.ok(connects(indexOf({ pods, policies: [other] }), outside, db));
});

test('a denial names its policies, the place of the nearest field, and which part failed', () => {
  const origin = { file: 'shop.yaml', positions: { '': [1, 1], spec: [5, 1], 'spec.ingress': [8, 3], 'spec.ingress[0]': [9, 5], 'spec.ingress[0].from': [9, 5], 'spec.ingress[0].ports': [12, 5] } as const };
  const spec = '{ podSelector: { matchLabels: { app: db } }, ingress: [ { from: [ { podSelector: { matchLabels: { app: api } } } ], ports: [ { port: 5432 } ] } ] }';
  const index = indexOf({ pods, origin, policies: [policyOf('shop/db-from-api', spec)] });
  const policy = { kind: 'NetworkPolicy', namespace: 'shop', name: 'db-from-api' };
  const peer = ask(index, 'ingress', db, web, 5432);
  assert.equal(peer.says, 'NetworkPolicy shop/db-from-api isolates shop/db for ingress, and its only rule does not allow shop/web: it allows only pods with app=api.');
  assert.deepEqual(peer.isolatedBy, [{ policy, field: null, file: 'shop.yaml', line: 1 }]);
  assert.deepEqual([peer.decidedBy, peer.nearest], [[], { policy, field: 'spec.ingress[0].from', file: 'shop.yaml', line: 9 }]);
  const port = ask(index, 'ingress', db, api, 80);
  assert.equal(port.says, 'NetworkPolicy shop/db-from-api isolates shop/db for ingress; spec.ingress[0] allows shop/api on TCP 5432 only, not on TCP 80.');
  assert.deepEqual(port.nearest, { policy, field: 'spec.ingress[0].ports', file: 'shop.yaml', line: 12 });
  const stranger = ask(index, 'ingress', db, probe, 5432);
  assert.equal(stranger.says, 'NetworkPolicy shop/db-from-api isolates shop/db for ingress, and its only rule does not allow intruder/probe: it allows only pods with app=api in namespace shop.');
  const allowed = ask(index, 'ingress', db, api, 5432);
  assert.equal(allowed.says, 'spec.ingress[0] of NetworkPolicy shop/db-from-api allows TCP 5432 from shop/api.');
  assert.deepEqual([allowed.decidedBy, allowed.nearest], [[{ policy, field: 'spec.ingress[0]', file: 'shop.yaml', line: 9 }], null]);
});

test('a denial by several policies names them all', () => {
  const verdict = ask(under('{ podSelector: {} }', dbTakes('{ namespaceSelector: { matchLabels: { team: red } } }'), dbTakes('{ ipBlock: { cidr: 10.0.0.0/8, except: [10.244.0.0/16] } }')), 'ingress', db, web);
  assert.equal(verdict.says, 'NetworkPolicy shop/policy-0, NetworkPolicy shop/policy-1 and NetworkPolicy shop/policy-2 isolate shop/db for ingress, and none of their rules allows shop/web: they allow only pods in namespaces with team=red and addresses in 10.0.0.0/8 except 10.244.0.0/16.');
  assert.equal(ask(under('{ podSelector: {} }'), 'ingress', db, web).says, 'NetworkPolicy shop/policy-0 isolates shop/db for ingress, and it has no rule that allows anything.');
});

test('a label called __proto__ is a label like any other', () => {
  const odd = podOf('shop/odd', JSON.parse('{"__proto__": "x"}') as Labels);
  const index = indexOf({ pods: [db, odd, web], policies: [policyOf('shop/odd', dbTakes('{ podSelector: { matchExpressions: [ { key: __proto__, operator: Exists } ] } }'))] });
  assert.ok(connects(index, odd, db) && !connects(index, web, db));
});

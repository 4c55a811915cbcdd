// The way between nodes: routes that are missing, announced wrongly or doubled, and what the cloud makes of pods' addresses.
import assert from 'node:assert/strict';
import test from 'node:test';
import { addressOf, ask, asked, clusterDocument, healthy, node, open, pod, service, things, under, ways } from './underlay.fixture.ts';

const missing = 'timeout missing-route Cluster lab spec.nodes[0].missingRoutes[0]';

test('a node without a route to the others\' pods sends what is for them to the default gateway, where it is lost', () => {
  for (const cni of ['flannel, mode: host-gw', 'calico, mode: bgp', 'cilium, mode: native', 'flannel']) {
    const lab = under(`{ cni: { plugin: ${cni} }, nodes: [{ name: n1, missingRoutes: [10.244.2.0/24] }] }`);
    assert.deepEqual({ ...ways(lab), back: '' }, { ...healthy, across: missing, service: missing, node: missing, outside: missing, back: '' }, cni);
    assert.match(ask(lab, 'shop/web', 'tcp://api:80').shown.why, /^Node n1 has no route to 10\.244\.2\.0\/2\d.*default gateway 192\.168\.0\.1.*is lost\.$/);
  }
});

test('the same route is missing on the way back: the first packet arrives, and the client sees the same silence', () => {
  const lab = under('{ cni: { plugin: flannel, mode: host-gw }, nodes: [{ name: n1, missingRoutes: [10.244.2.0/24] }] }');
  const { verdict, shown } = ask(lab, 'shop/api', 'http://web/export');
  assert.deepEqual([verdict, shown.reason, shown.field, shown.status, shown.elapsed], ['timeout', 'answer-lost', 'spec.nodes[0].missingRoutes[0]', null, null]);
  assert.match(shown.why, /^The first packet arrives at node n1, and its answer does not come back: node n1 has no route to 10\.244\.2\.0\/24/);
  assert.deepEqual(shown.hops.slice(-2).map(({ stage, action, at }) => [stage, action, at.kind === 'outside' ? '' : at.name]), [['arrival', 'deliver', 'web'], ['route', 'lose', 'n1']]);
});

test('a closed port says no, and the no is lost on the same way', () => {
  const lab = under('{ cni: { plugin: flannel, mode: host-gw }, nodes: [{ name: n1, missingRoutes: [10.244.2.0/24] }] }');
  assert.equal(asked(lab, 'shop/api', 'tcp://web:81'), 'timeout answer-lost Cluster lab spec.nodes[0].missingRoutes[0]');
  assert.match(asked(under('{ cni: { plugin: flannel } }'), 'shop/api', 'tcp://web:81'), /^refused port-closed/);
});

test('without a default route the kernel says at once that there is no way', () => {
  const lab = under('{ cni: { plugin: flannel, mode: host-gw }, nodes: [{ name: n1, missingRoutes: [10.244.2.0/24] }] }');
  const bare = { ...lab, plane: { ...lab.plane, nodes: new Map([...lab.plane.nodes].map(([name, one]) => [name, { ...one, routes: one.routes.filter(({ kind }) => kind !== 'default') }])) } };
  const trace = ask(bare, 'shop/web', 'tcp://api:80');
  assert.deepEqual([trace.verdict, trace.shown.reason, trace.shown.elapsed], ['unreachable', 'missing-route', 0]);
  assert.equal(ask(bare, 'shop/web', 'tcp://198.18.0.1:80').verdict, 'unreachable');
});

test('BGP sessions that are down take the routes with them: no reflector, another AS, port 179 closed', () => {
  const cases = [
    ['bgp: { routeReflectors: { role: reflector } }', 'spec.bgp.routeReflectors'], ['nodes: [{ name: n2, asNumber: 64999 }]', 'spec.nodes[0].asNumber'],
    ['underlay: { securityGroups: [{ name: nodes, ingress: [{ protocol: TCP, ports: 80 }] }] }', 'spec.underlay.securityGroups[0].ingress'],
  ] as const;
  for (const [spec, field] of cases) {
    const lab = under(`{ cni: { plugin: calico, mode: bgp }, ${spec} }`);
    assert.equal(asked(lab, 'shop/web', 'tcp://api:80'), `timeout missing-route Cluster lab ${field}`);
    assert.equal(asked(lab, 'shop/web', 'tcp://web2:80'), 'delivered');
  }
});

test('nodes of different segments are nobody\'s next hop, and a tunnel does not care', () => {
  const apart = 'underlay: { segments: [[n1, n3], [n2]] }';
  assert.equal(asked(under(`{ cni: { plugin: flannel, mode: host-gw }, ${apart} }`), 'shop/web', 'tcp://api:80'), 'timeout missing-route Cluster lab spec.underlay.segments');
  assert.deepEqual(ways(under(`{ cni: { plugin: flannel }, ${apart} }`)), healthy);
});

test('a node announced with an address that is not its own is never reached through the tunnel', () => {
  const wrong = 'timeout announced-elsewhere Cluster lab spec.nodes[0].announces';
  const lab = under('{ cni: { plugin: flannel }, nodes: [{ name: n2, announces: 10.0.2.15 }] }');
  assert.deepEqual(ways(lab), { ...healthy, across: wrong, service: wrong, node: wrong, outside: wrong, back: 'timeout answer-lost Cluster lab spec.nodes[0].announces' });
  // As Vagrant does it: all machines have the address.
  const vagrant = under('{ cni: { plugin: flannel }, nodes: [n1, n2, n3].map }'.replace('[n1, n2, n3].map', `[${[1, 2, 3].map((n) => `{ name: n${n}, announces: 10.0.2.15, interfaces: [{ name: eth1, address: 10.0.2.15/24 }] }`).join(', ')}]`));
  assert.match(ask(vagrant, 'shop/web', 'tcp://api:80').shown.why, /^Node n2 is announced with 10\.0\.2\.15, and n1, n2, n3 all have it/);
  assert.equal(asked(vagrant, 'shop/web', 'tcp://web2:80'), 'delivered');
});

test('a node announced with another of its own addresses is reached', () => {
  assert.deepEqual(ways(under(`{ cni: { plugin: flannel }, nodes: [${[1, 2, 3].map((n) => `{ name: n${n}, announces: 10.0.2.1${n}, interfaces: [{ name: eth1, address: 10.0.2.1${n}/24 }] }`).join(', ')}] }`)), healthy);
});

test('the cloud\'s check drops pods\' addresses between machines, unless it gave them out or a tunnel hides them', () => {
  const checked = 'underlay: { sourceDestinationCheck: true }';
  const dropped = 'timeout source-destination-check Cluster lab spec.underlay.sourceDestinationCheck';
  for (const cni of ['calico, mode: bgp', 'flannel, mode: host-gw', 'cilium, mode: native']) {
    assert.deepEqual(ways(under(`{ cni: { plugin: ${cni} }, ${checked} }`)), { ...healthy, across: dropped, back: dropped, service: dropped, node: dropped, outside: dropped }, cni);
  }
  for (const cni of ['calico', 'calico, mode: ipip', 'flannel', 'cilium', 'weave', 'aws-vpc-cni']) assert.deepEqual(ways(under(`{ cni: { plugin: ${cni} }, ${checked} }`)), healthy, cni);
});

test('a pod that keeps its own address outside gets no answer from there', () => {
  const lab = under('{ cni: { plugin: calico, natOutgoing: false } }');
  assert.deepEqual(ways(lab), { ...healthy, leaving: 'timeout not-masqueraded Cluster lab spec.cni' });
  assert.equal(asked(lab, 'shop/web', 'tcp://192.168.0.12:10250'), 'delivered');
  assert.equal(asked(lab, 'node/n1', 'tcp://198.18.0.1:80'), 'delivered');
  // A NAT gateway of the VPC knows them.
  assert.deepEqual(ways(under('{ cni: { plugin: aws-vpc-cni, externalSNAT: true } }')), healthy);
});

const doubled = (more: string): ReturnType<typeof open> => open(clusterDocument('{ cni: { plugin: flannel } }') + node(1) + node(2) + node(3, '10.244.2.0/24') + pod('web', 1) + more);

test('two nodes with one range: the route table knows one of them, and both are named', () => {
  const lab = doubled(pod('api', 2) + pod('other', 3) + service('api', '10.96.1.1') + service('other', '10.96.1.3'));
  const shared = lab.network.pods.filter(({ addresses }) => addresses[0] === addressOf(lab, 'other'));
  const trace = ask(lab, 'shop/web', 'tcp://10.96.1.3:80');
  assert.equal(asked(lab, 'shop/web', 'tcp://10.96.1.1:80'), 'delivered');
  assert.deepEqual([trace.shown.reason, trace.shown.object?.name, trace.shown.field], ['duplicate-pod-range', 'n3', 'spec.podCIDR']);
  assert.match(trace.shown.why, /n2 and n3 both have the range 10\.244\.2\.0\/24/);
  assert.equal(trace.verdict, shared.length > 1 ? 'refused' : 'timeout');
  // On the node itself its own range comes first; the answers of others' nodes go astray.
  assert.equal(asked(lab, 'shop/other', 'tcp://10.96.1.3:80'), 'delivered');
  assert.equal(asked(lab, 'shop/other', 'tcp://web:80'), 'timeout duplicate-pod-range Node n3 spec.podCIDR');
});

test('of two pods with one address the route table\'s first answers, and the answer says for whom', () => {
  const same = 'status: { phase: Running, podIP: 10.244.2.99 }\n';
  const lab = doubled(pod('api', 2, same) + pod('other', 3, same) + service('other', '10.96.1.3'));
  const { verdict, shown } = ask(lab, 'shop/web', 'http://10.96.1.3/');
  assert.deepEqual([verdict, shown.backend?.pod], ['delivered', 'shop/api']);
  assert.match(shown.why, /^Pod shop\/api gets what is for Pod shop\/other: nodes n2 and n3 both have the range/);
});

test('a host outside whose address is in the cluster\'s ranges is never reached from the cluster, nor answered', () => {
  const hosts = '{ name: db.corp, addresses: [10.244.2.177], ports: [{ port: 5432 }] }, { name: old.corp, addresses: [10.96.50.5], ports: [{ port: 80 }] }';
  const lab = under(`{ cni: { plugin: flannel }, underlay: { hosts: [${hosts}] } }`);
  for (const from of ['shop/web', 'shop/api', 'node/n1']) {
    assert.equal(asked(lab, from, 'tcp://10.244.2.177:5432'), 'timeout overlapping-range Cluster lab spec.network.pods');
    assert.equal(asked(lab, from, 'tcp://10.96.50.5:80'), 'timeout overlapping-range Cluster lab spec.network.services');
  }
  assert.equal(asked(lab, 'external/10.244.2.177', 'tcp://192.168.0.11:30080'), 'timeout overlapping-range Cluster lab spec.network.pods');
  assert.equal(asked(lab, 'external', 'tcp://192.168.0.11:30080'), 'delivered');
  const taken = under(`{ cni: { plugin: flannel }, underlay: { hosts: [{ name: db.corp, addresses: [${addressOf(lab, 'api')}], ports: [{ port: 80 }] }] } }`);
  assert.match(ask(taken, 'shop/web', 'tcp://api:80').shown.why, /^Pod shop\/api answers at .* address of db\.corp outside too/);
});

test('a node without a CNI plugin has no pods to reach, and says whose fault that is', () => {
  const lab = under('{ cni: { plugin: flannel }, nodes: [{ name: n2, cniInstalled: false }] }');
  const { shown } = ask(lab, 'shop/web', 'tcp://10.96.1.1:80');
  assert.deepEqual([shown.reason, shown.object?.kind, shown.field], ['no-ready-endpoints', 'Cluster', 'spec.nodes[0].cniInstalled']);
  assert.match(shown.why, /cni plugin not initialized/);
});

test('a process on a node\'s network is named when it is the only one that listens there', () => {
  const host = (name: string): string => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop, annotations: { k8snet-lab/listen: "0.0.0.0:9100/TCP" } }\nspec: { nodeName: n2, hostNetwork: true, containers: [{ name: main, image: main }] }\n---\n`;
  const backend = (text: string, port: number): unknown => ask(open(things + text), 'shop/web', `tcp://192.168.0.12:${port}`).shown.backend;
  assert.deepEqual(backend(host('exporter'), 9100), { pod: 'shop/exporter', ip: '192.168.0.12', port: 9100 });
  assert.deepEqual(backend(host('exporter'), 10250), { pod: null, ip: '192.168.0.12', port: 10250 });
});

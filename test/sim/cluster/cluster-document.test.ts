// The Cluster document as a person writes it: every field of underlay, BGP and nodes, what is refused with its place and a way out, and that nothing is lost on the way through the store.
import assert from 'node:assert/strict';
import test from 'node:test';
import { decode } from '../../../src/sim/cluster/decode.ts';
import { serialize } from '../../../src/sim/cluster/serialize.ts';
import { list } from '../../../src/sim/cluster/store.ts';
import { openLab, type Lab } from '../../../src/sim/lab.ts';
import type { Problem } from '../../../src/sim/model/problem.ts';
import { applied, changed, merge, open } from '../lab.fixture.ts';

const document = (spec: string): string => `apiVersion: k8snet-lab/v1\nkind: Cluster\nmetadata: { name: lab }\nspec:\n${spec.replace(/^/gm, '  ')}\n`;

function refused(spec: string): readonly Problem[] {
  const lab = openLab([{ path: 'cluster.yaml', text: document(spec) }]);
  return lab.ok ? [] : lab.failures;
}

const warnings = (lab: Lab): (readonly [string, string | null | undefined])[] => lab.warnings.map(({ code, where }) => [code, where?.field] as const);

const whole = `underlay:
  mtu: 9001
  fragmentationNeeded: lost
  sourceDestinationCheck: true
  hosts: [{ name: db.example, addresses: [192.0.2.20] }]
  securityGroups:
  - name: workers
    nodes: [worker-1, worker-2]
    ingress: [{ peer: nodes, protocol: IPIP }, { peer: group/workers, protocol: TCP, ports: 179 }, { protocol: UDP, ports: 30000-32767 }]
    egress: [{ peer: 10.0.0.0/8 }]
  segments: [[control-plane, worker-1], [worker-2]]
bgp: { asNumber: 64513, routeReflectors: { reflector: "true" } }
cni: { plugin: calico, mode: bgp }
nodes:
- name: worker-1
  cniInstalled: true
  kubeProxy: { running: false, stale: [{ service: default/kubernetes, endpoints: [192.168.0.9:6443, "[fd00::9]:6443"] }] }
  conntrack: { max: 65536, used: 12 }
  rpFilter: strict
  forwardPolicy: DROP
  ipForward: false
  mtu: 1400
  missingRoutes: [10.244.2.0/24]
  announces: 192.168.56.11
  asNumber: 64514
  interfaces: [{ name: eth1, address: 192.168.56.11/24 }]
  resolvConf: "nameserver 127.0.0.53\\n"
  clusterDNS: [10.96.0.10]
  maxPods: 17
`;

test('every field that the document may have is taken', () => {
  assert.deepEqual(refused(whole), []);
});

test('a document comes out of a dump as it went in', () => {
  const lab = open(document(whole));
  const stored = list(lab.store, 'Cluster')[0]?.object;
  assert.ok(stored !== undefined);
  const again = decode([{ path: 'dump.yaml', text: serialize(stored, 'yaml') }]);
  assert.ok(again.ok);
  assert.deepEqual((again.value.documents[0]?.object as typeof stored).spec, stored.spec);
});

const cases: readonly (readonly [fact: string, spec: string, line: number, field: string, says: string, help?: string])[] = [
  ['a field that the underlay does not have is refused, and the right one named', 'underlay:\n  fragmentationneeded: lost', 6, 'spec.underlay.fragmentationneeded', 'strict decoding error: unknown field "spec.underlay.fragmentationneeded"', 'Did you mean "fragmentationNeeded"?'],
  ['a field that a node does not have is refused', 'nodes:\n- name: worker-1\n  rpfilter: strict', 7, 'spec.nodes[0].rpfilter', 'strict decoding error: unknown field "spec.nodes[0].rpfilter"', 'Did you mean "rpFilter"?'],
  ['a wrong type is told in Go\'s words', 'nodes:\n- name: worker-1\n  mtu: "1400"', 7, 'spec.nodes[0].mtu', 'json: cannot unmarshal string into Go struct field ClusterNode.spec.nodes.mtu of type int32', 'A number is wanted: leave the quotes out.'],
  ['a word that is none of a few', 'nodes:\n- name: worker-1\n  rpFilter: on', 7, 'spec.nodes[0].rpFilter', 'json: cannot unmarshal bool into Go struct field ClusterNode.spec.nodes.rpFilter of type string', 'A text is wanted: write "true" with quotes.'],
  ['a filter that Linux does not have', 'nodes:\n- name: worker-1\n  rpFilter: tight', 7, 'spec.nodes[0].rpFilter', 'spec.nodes[0].rpFilter: Unsupported value: "tight": supported values: "none", "strict", "loose"'],
  ['a node that the cluster does not have', 'nodes:\n- name: worker-3', 6, 'spec.nodes[0].name', 'spec.nodes[0].name: Invalid value: "worker-3": the cluster has no node of that name', 'There are: control-plane, worker-1, worker-2. Did you mean "worker-1"?'],
  ['a node of a group that the cluster does not have', 'underlay:\n  securityGroups:\n  - name: a\n    nodes: [worker-1, wroker-2]', 8, 'spec.underlay.securityGroups[0].nodes[1]', 'spec.underlay.securityGroups[0].nodes[1]: Invalid value: "wroker-2": the cluster has no node of that name', 'There are: control-plane, worker-1, worker-2. Did you mean "worker-2"?'],
  ['a node of a segment that the cluster does not have', 'underlay:\n  segments: [[worker-1, n2]]', 6, 'spec.underlay.segments[0][1]', 'spec.underlay.segments[0][1]: Invalid value: "n2": the cluster has no node of that name'],
  ['a node that stands there twice', 'nodes:\n- name: worker-1\n- name: worker-1', 7, 'spec.nodes[1].name', 'spec.nodes[1].name: Duplicate value: "worker-1"', 'What is said of one node stands in one item.'],
  ['a node without a name', 'nodes:\n- mtu: 1400', 6, 'spec.nodes[0].name', 'spec.nodes[0].name: Required value'],
  ['a range that is none', 'nodes:\n- name: worker-1\n  missingRoutes:\n  - 10.244.2.0', 8, 'spec.nodes[0].missingRoutes[0]', 'spec.nodes[0].missingRoutes[0]: Invalid value: "10.244.2.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'],
  ['an address that is none', 'nodes:\n- name: worker-1\n  announces: 10.0.2', 7, 'spec.nodes[0].announces', 'spec.nodes[0].announces: Invalid value: "10.0.2": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
  ['an interface without a prefix length', 'nodes:\n- name: worker-1\n  interfaces: [{ name: eth1, address: 192.168.56.11 }]', 7, 'spec.nodes[0].interfaces[0].address', 'spec.nodes[0].interfaces[0].address: Invalid value: "192.168.56.11": must be an address with prefix length', 'For example 192.168.56.11/24.'],
  ['an interface that every node has', 'nodes:\n- name: worker-1\n  interfaces: [{ name: eth0, address: 192.168.56.11/24 }]', 7, 'spec.nodes[0].interfaces[0].name', 'spec.nodes[0].interfaces[0].name: Invalid value: "eth0": every node has one of that name', 'More interfaces have other names: eth1.'],
  ['a stale Service without its namespace', 'nodes:\n- name: worker-1\n  kubeProxy: { running: false, stale: [{ service: api }] }', 7, 'spec.nodes[0].kubeProxy.stale[0].service', 'spec.nodes[0].kubeProxy.stale[0].service: Invalid value: "api": must be NAMESPACE/NAME', 'With its namespace: shop/api.'],
  ['an endpoint without a port', 'nodes:\n- name: worker-1\n  kubeProxy: { running: false, stale: [{ service: shop/api, endpoints: [10.244.1.5] }] }', 7, 'spec.nodes[0].kubeProxy.stale[0].endpoints[0]', 'spec.nodes[0].kubeProxy.stale[0].endpoints[0]: Invalid value: "10.244.1.5": must be IP:PORT', 'For example 10.244.1.5:8080, or [fd00::5]:8080.'],
  ['a table with no room at all', 'nodes:\n- name: worker-1\n  conntrack: { max: 0 }', 7, 'spec.nodes[0].conntrack.max', 'spec.nodes[0].conntrack.max: Invalid value: 0: must be greater than or equal to 1'],
  ['a port that there is not', 'underlay:\n  securityGroups:\n  - name: a\n    ingress: [{ protocol: TCP, ports: 70000 }]', 8, 'spec.underlay.securityGroups[0].ingress[0].ports', 'spec.underlay.securityGroups[0].ingress[0].ports: Invalid value: 70000: must be a port between 1 and 65535, or LOW-HIGH', 'For example 443 or 30000-32767.'],
  ['a range of ports that begins with its end', 'underlay:\n  securityGroups:\n  - name: a\n    ingress: [{ protocol: TCP, ports: 90-80 }]', 8, 'spec.underlay.securityGroups[0].ingress[0].ports', 'spec.underlay.securityGroups[0].ingress[0].ports: Invalid value: "90-80": must begin with the lower port'],
  ['a port of nobody', 'underlay:\n  securityGroups:\n  - name: a\n    ingress: [{ ports: 80 }]', 8, 'spec.underlay.securityGroups[0].ingress[0].protocol', 'spec.underlay.securityGroups[0].ingress[0].protocol: Required value: ports belong to TCP, UDP or SCTP', 'Say whose ports these are: protocol: TCP, UDP or SCTP.'],
  ['a peer that is a group without saying so', 'underlay:\n  securityGroups:\n  - name: a\n    ingress: [{ peer: web }]', 8, 'spec.underlay.securityGroups[0].ingress[0].peer', 'spec.underlay.securityGroups[0].ingress[0].peer: Invalid value: "web": must be nodes, anywhere, group/NAME or a CIDR', 'The name of a group stands behind "group/": group/web.'],
  ['a peer that is one address', 'underlay:\n  securityGroups:\n  - name: a\n    ingress: [{ peer: 10.0.0.5 }]', 8, 'spec.underlay.securityGroups[0].ingress[0].peer', 'spec.underlay.securityGroups[0].ingress[0].peer: Invalid value: "10.0.0.5": must be nodes, anywhere, group/NAME or a CIDR', 'One address as a range: 10.0.0.5/32.'],
  ['a group that nobody declares', 'underlay:\n  securityGroups:\n  - name: a\n    ingress: [{ peer: group/b }]', 8, 'spec.underlay.securityGroups[0].ingress[0].peer', 'spec.underlay.securityGroups[0].ingress[0].peer: Invalid value: "group/b": no security group has that name', 'There are: "group/a".'],
  ['route reflectors without a label', 'bgp: { routeReflectors: {} }', 5, 'spec.bgp.routeReflectors', 'spec.bgp.routeReflectors: Required value: must contain at least 1 label', 'Leave it out for sessions of every node with every other.'],
  ['an AS number that is none', 'bgp: { asNumber: 0 }', 5, 'spec.bgp.asNumber', 'spec.bgp.asNumber: Invalid value: 0: must be between 1 and 4294967295, inclusive'],
];
for (const [fact, spec, line, field, says, help] of cases) {
  test(`refused with its place: ${fact}`, () => {
    const [first, ...more] = refused(spec);
    assert.deepEqual(more, []);
    assert.deepEqual([first?.says, first?.where?.line, first?.where?.field, first?.where?.file, first?.where?.object], [says, line, field, 'cluster.yaml', 'Cluster lab']);
    if (help !== undefined) assert.equal(first?.help, help);
  });
}

test('a document that is edited to name a node that does not exist is refused; a node that goes away later is said', () => {
  const node = (name: string): string => `apiVersion: v1\nkind: Node\nmetadata: { name: ${name} }\n---\n`;
  const lab = open(node('n1') + node('n2') + document('nodes: [{ name: n2, mtu: 1400 }]'));
  assert.throws(() => changed(lab, merge('Cluster', '', 'lab', { spec: { nodes: [{ name: 'n9' }] } })), /the cluster has no node of that name/);
  const after = changed(lab, { verb: 'delete', ref: { kind: 'Node', namespace: '', name: 'n2' } });
  assert.deepEqual(warnings(after).filter(([code]) => code === 'unknown-node'), [['unknown-node', 'spec.nodes[0].name']]);
});

test('without validation a node that does not exist is a warning', () => {
  const lab = openLab([{ path: 'cluster.yaml', text: document('nodes: [{ name: n9, mtu: 1400 }]') }], { validate: false });
  assert.ok(lab.ok && lab.value.warnings.some(({ code, severity }) => code === 'unknown-node' && severity === 'warning'));
});

for (const [fact, spec, expected] of [
  ['BGP where the plugin speaks none', 'bgp: { asNumber: 64513 }', ['spec.bgp']],
  ['an AS number where the plugin speaks no BGP', 'nodes: [{ name: worker-1, asNumber: 64513 }]', ['spec.nodes[0].asNumber']],
  ['segments where packets go through a tunnel', 'underlay: { segments: [[worker-1]] }', ['spec.underlay.segments']],
  ['WireGuard where the plugin uses none', 'nodes: [{ name: worker-1, wireguard: false }]', ['spec.nodes[0].wireguard']],
  ['a hairpin where there is no bridge', 'nodes: [{ name: worker-1, hairpinMode: false }]', ['spec.nodes[0].hairpinMode']],
  ['kube-proxy where none runs', 'kubeProxy: { mode: none }\nnodes: [{ name: worker-1, kubeProxy: { running: false } }]', ['spec.nodes[0].kubeProxy']],
  ['a stale Service that is not there', 'nodes: [{ name: worker-1, kubeProxy: { running: false, stale: [{ service: shop/api }] } }]', ['spec.nodes[0].kubeProxy.stale[0].service']],
  ['a missing route to nobody\'s pods', 'nodes: [{ name: worker-1, missingRoutes: [10.244.9.0/24] }]', ['spec.nodes[0].missingRoutes[0]']],
  ['security groups for pods without the cloud\'s plugin', 'underlay: { securityGroups: [{ name: a, pods: { namespace: shop } }] }', ['spec.underlay.securityGroups[0].pods']],
  ['an announced address where the cloud knows', 'cni: { plugin: aws-vpc-cni }\nnodes: [{ name: worker-1, announces: 10.0.2.15 }]', ['spec.nodes[0].announces']],
  ['all that has its effect', 'cni: { plugin: calico, mode: bgp }\nbgp: { asNumber: 64513 }\nunderlay: { segments: [[worker-1, worker-2, control-plane]] }\nnodes: [{ name: worker-1, asNumber: 64513, missingRoutes: [10.244.2.0/24] }]', []],
] as const) {
  test(`${expected.length === 0 ? 'taken without a word' : 'taken with a warning'}: ${fact}`, () => {
    assert.deepEqual(open(document(spec)).warnings.filter(({ code }) => code === 'no-effect').map(({ where }) => where?.field), expected);
  });
}

for (const [fact, spec, expected] of [
  ['pods and Services', 'network: { pods: 10.96.0.0/16 }', ['spec.network.services']],
  ['pods and a host outside', 'network: { pods: 10.0.0.0/16 }\nunderlay: { hosts: [{ name: db.example, addresses: [10.0.40.5] }] }', ['spec.network.pods']],
  ['pods and the nodes\' network', 'network: { pods: 192.168.0.0/16 }', ['spec.network.pods']],
  ['Services and a host outside', 'network: { services: 10.20.0.0/16 }\nunderlay: { hosts: [{ name: db.example, addresses: [10.20.0.5] }] }', ['spec.network.services']],
  ['nobody', 'network: { pods: 10.244.0.0/16 }', []],
] as const) {
  test(`ranges that overlap are a warning, as the API server takes them: ${fact}`, () => {
    const found = open(document(spec)).warnings.filter(({ code }) => code === 'overlapping-ranges');
    assert.deepEqual(found.map(({ where, severity }) => [where?.field, severity]), expected.map((field) => [field, 'warning']));
    assert.ok(found.every(({ where }) => where?.line !== null));
  });
}

test('with the Amazon VPC CNI pods and nodes share a range, and that is no overlap', () => {
  assert.deepEqual(warnings(open(document('cni: { plugin: aws-vpc-cni }'))), []);
});

test('an edit takes effect at once, by apply as by patch', () => {
  const lab = open(document('nodes: [{ name: worker-1, mtu: 1400, rpFilter: strict }]'));
  const state = (of: Lab): unknown => { const found = of.network.nodes.find(({ name }) => name === 'worker-1')?.state; return [found?.mtu, found?.rpFilter]; };
  assert.deepEqual(state(lab), [1400, 'strict']);
  assert.deepEqual(state(applied(lab, document('nodes: [{ name: worker-1, mtu: 1450 }]'))), [1450, 'loose']);
  assert.deepEqual(state(changed(lab, merge('Cluster', '', 'lab', { spec: { nodes: null } }))), [1500, 'loose']);
  const patched = changed(lab, { verb: 'patch', ref: { kind: 'Cluster', namespace: '', name: 'lab' }, type: 'strategic', patch: { spec: { nodes: [{ name: 'worker-1', rpFilter: null }] } } });
  assert.deepEqual(state(patched), [1400, 'loose']);
});

// Routes that nodes have and have not: BGP sessions, segments, forgotten routes, announced addresses, WireGuard.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Lab } from '../../../src/sim/lab.ts';
import type { BgpSession } from '../../../src/sim/model/network.ts';
import { changed, merge, open } from '../lab.fixture.ts';
import { cluster, node } from './cluster.fixture.ts';

const nodes = (labels: Readonly<Record<string, string>> = {}): string => ['n1', 'n2', 'n3'].map((name, index) => `apiVersion: v1\nkind: Node\nmetadata: { name: ${name}, labels: { ${labels[name] ?? ''} } }\nspec: { podCIDR: 10.244.${index + 1}.0/24 }\nstatus: { addresses: [{ type: InternalIP, address: 10.0.0.${index + 1} }] }\n`).join('---\n');

const waysOf = (lab: Lab, name: string): string[] => node(lab, name).routes.filter(({ kind }) => kind === 'tunnel' || kind === 'direct').map(({ to, node: there }) => `${to} ${there ?? ''}`);
const all = (name: string): string[] => ['n1', 'n2', 'n3'].flatMap((other, index) => (other === name ? [] : [`10.244.${index + 1}.0/24 ${other}`]));
const sessions = (lab: Lab, name: string): string[] => node(lab, name).state.bgp.map(({ node: other, state, info }: BgpSession) => `${other} ${state}${info === state ? '' : ` (${info})`}`);
const whys = (lab: Lab, name: string): (readonly [string, string | null])[] => node(lab, name).state.unrouted.map(({ node: other, field }) => [other, field] as const);

for (const mode of ['bgp', 'ipip', 'none']) {
  test(`Calico in mode ${mode}: every node has a session with every other, and a route to its pods`, () => {
    const lab = open(cluster(`cni: { plugin: calico, mode: ${mode} }`) + nodes());
    assert.deepEqual(sessions(lab, 'n1'), ['n2 Established', 'n3 Established']);
    assert.deepEqual(node(lab, 'n1').state.bgp.map(({ ip, why, field }) => [ip, why, field]), [['10.0.0.2', null, null], ['10.0.0.3', null, null]]);
    for (const name of ['n1', 'n2', 'n3']) assert.deepEqual([waysOf(lab, name), whys(lab, name)], [all(name), []]);
  });
}

test('where routes come from the API server nobody has a BGP session', () => {
  for (const spec of ['{ plugin: calico, mode: vxlan }', '{ plugin: flannel, mode: host-gw }', '{ plugin: cilium, mode: native }']) {
    const lab = open(cluster(`cni: ${spec}`) + nodes());
    assert.deepEqual([sessions(lab, 'n1'), waysOf(lab, 'n1')], [[], all('n1')]);
  }
});

test('of two nodes the one with the greater address as text opens the session: that is the direction that must be open', () => {
  // n1 may be asked by nobody, but n1 itself opens no session: 10.0.0.1 is the smallest text.
  const closed = cluster('cni: { plugin: calico, mode: bgp }\nunderlay: { securityGroups: [{ name: quiet, nodes: [n1], ingress: [{ protocol: TCP, ports: 10250 }] }] }');
  const lab = open(closed + nodes());
  assert.deepEqual(sessions(lab, 'n1'), ['n2 Passive', 'n3 Passive']);
  assert.deepEqual(sessions(lab, 'n2'), ['n1 Connect', 'n3 Established']);
  assert.deepEqual(waysOf(lab, 'n1'), []);
  assert.deepEqual(waysOf(lab, 'n2'), ['10.244.3.0/24 n3']);
  assert.deepEqual(whys(lab, 'n2'), [['n1', 'spec.underlay.securityGroups[0].ingress']]);
  assert.match(node(lab, 'n2').state.unrouted[0]?.why ?? '', /^security group quiet lets no TCP port 179 from node n2 in to node n1$/);
  // The same group on the node that opens all of its sessions stops none.
  assert.deepEqual(sessions(open(closed.replace('[n1]', '[n3]') + nodes()), 'n3'), ['n1 Established', 'n2 Established']);
});

test('TCP 179 that may not leave stops a session as well', () => {
  const lab = open(cluster('cni: { plugin: calico, mode: bgp }\nunderlay: { securityGroups: [{ name: shut, nodes: [n3], ingress: [{}], egress: [{ protocol: TCP, ports: 443 }] }] }') + nodes());
  assert.deepEqual(sessions(lab, 'n3'), ['n1 Connect', 'n2 Connect']);
  assert.deepEqual(whys(lab, 'n1'), [['n3', 'spec.underlay.securityGroups[0].egress']]);
});

test('an AS number that the others do not expect ends the session at both ends, and a patch heals it', () => {
  const lab = open(cluster('cni: { plugin: calico, mode: bgp }\nnodes: [{ name: n2, asNumber: 65000 }]') + nodes());
  assert.deepEqual(sessions(lab, 'n2'), ['n1 Idle (Idle Received: Bad peer AS)', 'n3 Idle (Idle Received: Bad peer AS)']);
  assert.deepEqual(sessions(lab, 'n1'), ['n2 Idle (Idle BGP Error: Bad peer AS)', 'n3 Established']);
  assert.deepEqual(whys(lab, 'n1'), [['n2', 'spec.nodes[0].asNumber']]);
  const healed = changed(lab, merge('Cluster', '', 'lab', { spec: { nodes: null } }));
  for (const name of ['n1', 'n2', 'n3']) assert.deepEqual(waysOf(healed, name), all(name));
});

test('with a route reflector the others have sessions with it only, and learn each other\'s routes from it', () => {
  const lab = open(cluster('cni: { plugin: calico, mode: bgp }\nbgp: { routeReflectors: { reflector: "true" } }') + nodes({ n2: 'reflector: "true"' }));
  assert.deepEqual([sessions(lab, 'n1'), sessions(lab, 'n2'), sessions(lab, 'n3')], [['n2 Established'], ['n1 Established', 'n3 Established'], ['n2 Established']]);
  for (const name of ['n1', 'n2', 'n3']) assert.deepEqual(waysOf(lab, name), all(name));
});

test('a route reflector that one node cannot reach leaves that node without any route', () => {
  const lab = open(cluster('cni: { plugin: calico, mode: bgp }\nbgp: { routeReflectors: { reflector: "true" } }\nnodes: [{ name: n3, asNumber: 65000 }]') + nodes({ n2: 'reflector: "true"' }));
  assert.deepEqual([waysOf(lab, 'n1'), waysOf(lab, 'n3')], [['10.244.2.0/24 n2'], []]);
  assert.deepEqual(whys(lab, 'n1'), [['n3', 'spec.nodes[0].asNumber']]);
});

test('labels of route reflectors that no node has leave every node without any session', () => {
  const lab = open(cluster('cni: { plugin: calico, mode: bgp }\nbgp: { routeReflectors: { node-role.kubernetes.io/master: "" } }') + nodes({ n1: 'node-role.kubernetes.io/control-plane: ""' }));
  for (const name of ['n1', 'n2', 'n3']) assert.deepEqual([sessions(lab, name), waysOf(lab, name)], [[], []]);
  assert.deepEqual(whys(lab, 'n2'), [['n1', 'spec.bgp.routeReflectors'], ['n3', 'spec.bgp.routeReflectors']]);
  assert.match(node(lab, 'n2').state.unrouted[0]?.why ?? '', /^no node has the label of a route reflector \(node-role\.kubernetes\.io\/master=\)/);
});

test('a route that nobody made is missing on that node alone', () => {
  const lab = open(cluster('cni: { plugin: flannel, mode: host-gw }\nnodes: [{ name: n1, missingRoutes: [10.244.2.0/24] }]') + nodes());
  assert.deepEqual([waysOf(lab, 'n1'), waysOf(lab, 'n2')], [['10.244.3.0/24 n3'], all('n2')]);
  assert.deepEqual(node(lab, 'n1').state.unrouted, [{ to: '10.244.2.0/24', node: 'n2', why: 'node n1 has no route to 10.244.2.0/24, which is node n2\'s', field: 'spec.nodes[0].missingRoutes[0]' }]);
});

for (const [name, spec, alone] of [
  ['Flannel with host-gw', '{ plugin: flannel, mode: host-gw }', true], ['Calico without encapsulation', '{ plugin: calico, mode: bgp }', true], ['Cilium with native routing', '{ plugin: cilium, mode: native }', true],
  ['Flannel with VXLAN', '{ plugin: flannel }', false], ['Calico with IP in IP', '{ plugin: calico, mode: ipip }', false], ['the Amazon VPC CNI', '{ plugin: aws-vpc-cni }', false],
] as const) {
  test(`${name} ${alone ? 'makes no route to a node in another segment' : 'needs no common segment'}`, () => {
    const lab = open(cluster(`cni: ${spec}\nunderlay: { segments: [[n1, n2]] }`) + nodes());
    const reached = (from: string): string[] => [...new Set(node(lab, from).routes.filter(({ kind }) => kind === 'tunnel' || kind === 'direct').map(({ node: there }) => there ?? ''))];
    assert.deepEqual([reached('n1'), reached('n3')], alone ? [['n2'], []] : [['n2', 'n3'], ['n1', 'n2']]);
    assert.deepEqual(whys(lab, 'n3').map(([, field]) => field), alone ? ['spec.underlay.segments', 'spec.underlay.segments'] : []);
  });
}

test('a node that announces another of its addresses is reached by that', () => {
  const own = (ip: string): string => `interfaces: [{ name: eth1, address: ${ip}/24 }]`;
  const lab = open(cluster(`cni: { plugin: flannel, mode: host-gw }\nnodes:\n- { name: n1, ${own('192.168.56.1')} }\n- { name: n2, ${own('192.168.56.2')}, announces: 192.168.56.2 }\n- { name: n3, ${own('192.168.56.3')} }`) + nodes());
  const route = node(lab, 'n1').routes.find(({ node: there }) => there === 'n2');
  assert.deepEqual([route?.via, route?.device], ['192.168.56.2', 'eth1']);
});

test('a next hop that none of a node\'s networks holds is no route; a tunnel asks nobody', () => {
  const nat = 'nodes: [{ name: n2, announces: 10.0.2.15 }]';
  const direct = open(cluster(`cni: { plugin: flannel, mode: host-gw }\n${nat}`) + nodes());
  assert.deepEqual([waysOf(direct, 'n1'), whys(direct, 'n1')], [['10.244.3.0/24 n3'], [['n2', 'spec.nodes[0].announces']]]);
  const tunnel = open(cluster(`cni: { plugin: flannel }\n${nat}`) + nodes());
  assert.deepEqual([waysOf(tunnel, 'n1'), node(tunnel, 'n2').state.announces], [all('n1'), '10.0.2.15']);
});

test('BGP to an announced address that nobody has, or that all have, comes to nothing', () => {
  for (const interfaces of ['', ', interfaces: [{ name: eth1, address: 10.0.2.15/24 }]']) {
    const said = ['n1', 'n2', 'n3'].map((name) => `- { name: ${name}, announces: 10.0.2.15${interfaces} }`).join('\n');
    const lab = open(cluster(`cni: { plugin: calico, mode: bgp }\nnodes:\n${said}`) + nodes());
    for (const name of ['n1', 'n2', 'n3']) assert.deepEqual(waysOf(lab, name), []);
    assert.ok(node(lab, 'n1').state.bgp.every(({ state }) => state !== 'Established'));
  }
});

test('a kernel without WireGuard: Flannel\'s agent does not start there, Calico sends unencrypted', () => {
  const without = 'nodes: [{ name: n2, wireguard: false }]';
  const flannel = open(cluster(`cni: { plugin: flannel, mode: wireguard }\n${without}`) + nodes());
  assert.deepEqual([waysOf(flannel, 'n1'), waysOf(flannel, 'n2')], [['10.244.3.0/24 n3'], []]);
  assert.deepEqual(whys(flannel, 'n1'), [['n2', 'spec.nodes[0].wireguard']]);
  assert.deepEqual(node(flannel, 'n2').interfaces.map(({ kind }) => kind), ['loopback', 'uplink']);
  const calico = open(cluster(`cni: { plugin: calico, wireguardEnabled: true }\n${without}`) + nodes());
  const devices = (name: string): string[] => node(calico, name).routes.filter(({ kind }) => kind === 'tunnel').map(({ device }) => device);
  assert.deepEqual([devices('n1'), devices('n2'), devices('n3')], [['vxlan.calico', 'wireguard.cali'], ['vxlan.calico', 'vxlan.calico'], ['wireguard.cali', 'vxlan.calico']]);
  assert.equal(calico.network.cni.unencrypted?.name, 'VXLAN');
  assert.equal(open(cluster('cni: { plugin: calico, wireguardEnabled: true }') + nodes()).network.cni.unencrypted, undefined);
});

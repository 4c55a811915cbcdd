// Security groups between machines: what they see of a packet, in which direction, and whose they are.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ask, asked, healthy, open, clusterDocument, pod, under, ways } from './underlay.fixture.ts';

const groups = (...list: readonly string[]): string => `underlay: { securityGroups: [${list.join(', ')}] }`;
const field = 'Cluster lab spec.underlay.securityGroups[0].ingress';
const nodePorts = '{ peer: anywhere, protocol: TCP, ports: 30000-32767 }';

test('a group that lacks the tunnel\'s port stops pods of different nodes, and nobody else', () => {
  for (const [cni, protocol] of [['flannel', 'UDP port 8472 (VXLAN)'], ['calico', 'UDP port 4789 (VXLAN)'], ['calico, mode: ipip', 'IP protocol 4 (IP in IP)'], ['flannel, mode: wireguard', 'UDP port 51820 (WireGuard)'], ['cilium, mode: geneve', 'UDP port 6081 (Geneve)']] as const) {
    // The pods' own ports are open, and nobody sees them inside the tunnel.
    const lab = under(`{ cni: { plugin: ${cni} }, ${groups(`{ name: nodes, ingress: [{ peer: nodes, protocol: TCP }, { protocol: TCP, ports: 80 }, ${nodePorts}] }`)} }`);
    const dropped = `timeout denied-by-security-group ${field}`;
    assert.deepEqual(ways(lab), { ...healthy, across: dropped, back: dropped, service: dropped, node: dropped, outside: dropped }, cni);
    assert.equal(asked(lab, 'node/n1', 'tcp://192.168.0.12:10250'), 'delivered');
    const { shown } = ask(lab, 'shop/web', 'tcp://api:80');
    assert.equal(shown.layer, 'network');
    assert.ok(shown.why.includes(protocol), shown.why);
    assert.deepEqual(shown.hops.slice(-2).map(({ stage, action, at, evidence }) => [stage, action, at.kind === 'node' ? at.name : '', evidence.replace(/ -ni .*/, '')]), [['underlay', 'forward', 'n1', 'ssh n1 tcpdump'], ['underlay', 'drop', 'n2', 'ssh n2 tcpdump']]);
  }
});

test('towards a node without WireGuard the packets of Calico go as they would without it, and by another port', () => {
  const spec = (port: number): string => `{ cni: { plugin: calico, wireguardEnabled: true }, nodes: [{ name: n2, wireguard: false }], ${groups(`{ name: nodes, ingress: [{ peer: nodes, protocol: UDP, ports: ${port} }] }`)} }`;
  const third = pod('other', 3);
  const to = (port: number): readonly string[] => [asked(under(spec(port), third), 'shop/web', 'tcp://api:80'), asked(under(spec(port), third), 'shop/web', 'tcp://other:80')].map((text) => text.split(' ')[0] ?? '');
  assert.deepEqual([to(51820), to(4789)], [['timeout', 'delivered'], ['delivered', 'timeout']]);
});

test('a group that lets the tunnel through changes nothing', () => {
  assert.deepEqual(ways(under(`{ cni: { plugin: flannel }, ${groups(`{ name: nodes, ingress: [{ peer: nodes, protocol: UDP, ports: 8472 }, ${nodePorts}] }`)} }`)), healthy);
  assert.deepEqual(ways(under(`{ cni: { plugin: calico, mode: ipip }, ${groups(`{ name: nodes, ingress: [{ peer: nodes, protocol: IPIP }, { peer: nodes, protocol: TCP, ports: 179 }, ${nodePorts}] }`)} }`)), healthy);
});

test('DNS fails for the pods whose node has no DNS server, and for no others', () => {
  const lab = under(`{ cni: { plugin: flannel }, ${groups('{ name: nodes, ingress: [{ peer: nodes, protocol: TCP }] }')} }`);
  const homes = lab.network.pods.filter(({ answersDns }) => answersDns).map(({ node }) => node);
  const { verdict, shown } = ask(lab, 'shop/web', 'http://nowhere.example');
  assert.ok(!homes.includes('n1'));
  assert.deepEqual([verdict, shown.reason, shown.field], ['dns-failure', 'dns-server-silent', 'spec.underlay.securityGroups[0].ingress']);
  assert.equal(ask(lab, 'shop/api', 'http://nowhere.example').verdict, homes.includes('n2') ? 'intermittent' : 'dns-failure');
});

test('VXLAN back is a flow of its own: a group of the sender\'s node that stops it loses the answer', () => {
  const lab = under(`{ cni: { plugin: flannel }, ${groups('{ name: closed, nodes: [n1], ingress: [{ peer: nodes, protocol: TCP }] }', '{ name: open, nodes: [n2, n3], ingress: [{}] }')} }`);
  const { shown } = ask(lab, 'shop/web', 'tcp://api:80');
  assert.equal(asked(lab, 'shop/web', 'tcp://api:80'), `timeout answer-lost ${field}`);
  assert.match(shown.why, /^The first packet arrives at node n2, and its answer does not come back: .*UDP port 8472/);
  assert.ok(shown.hops.some(({ stage, action }) => stage === 'arrival' && action === 'deliver'));
  assert.equal(asked(lab, 'shop/api', 'tcp://web:80'), `timeout denied-by-security-group ${field}`);
});

test('what has the same ports both ways, or none, comes back: the group is stateful', () => {
  for (const [cni, rest] of [['flannel, mode: wireguard', ''], ['calico, mode: ipip', ', { name: bgp, ingress: [{ peer: nodes, protocol: TCP, ports: 179 }] }'], ['calico, mode: bgp', ', { name: bgp, ingress: [{ peer: nodes, protocol: TCP, ports: 179 }] }']] as const) {
    const lab = under(`{ cni: { plugin: ${cni} }, underlay: { securityGroups: [{ name: open, nodes: [n2, n3], ingress: [{}] }, { name: closed, nodes: [n1] }${rest}] } }`);
    assert.equal(asked(lab, 'shop/web', 'tcp://api:80'), 'delivered', cni);
    assert.match(asked(lab, 'shop/api', 'tcp://web:80'), /^timeout denied-by-security-group /);
  }
});

test('routed packets are seen as the pods send them, by port and by address', () => {
  const with80 = (rule: string): string => asked(under(`{ cni: { plugin: flannel, mode: host-gw }, ${groups(`{ name: nodes, ingress: [${rule}] }`)} }`), 'shop/web', 'tcp://api:80');
  assert.equal(with80('{ protocol: TCP, ports: 80 }'), 'delivered');
  assert.equal(with80('{ protocol: TCP, ports: 8080 }'), `timeout denied-by-security-group ${field}`);
  assert.equal(with80('{ peer: 10.244.0.0/16 }'), 'delivered');
  assert.equal(with80('{ peer: nodes }'), `timeout denied-by-security-group ${field}`);
});

test('a node in several groups has the rules of all; a node in none is not filtered', () => {
  assert.equal(asked(under(`{ cni: { plugin: flannel }, ${groups('{ name: one, ingress: [] }', '{ name: two, ingress: [{ protocol: UDP, ports: 8472 }] }')} }`), 'shop/web', 'tcp://api:80'), 'delivered');
  const half = under(`{ cni: { plugin: flannel }, ${groups('{ name: one, nodes: [n3], ingress: [] }')} }`);
  assert.equal(asked(half, 'shop/web', 'tcp://api:80'), 'delivered');
  assert.match(asked(half, 'node/n1', 'tcp://192.168.0.13:10250'), /^timeout denied-by-security-group/);
});

test('from outside only what a rule lets in arrives at a node, and there it is the way in that fails', () => {
  const lab = under(`{ cni: { plugin: flannel }, ${groups('{ name: nodes, ingress: [{ peer: nodes }] }')} }`);
  const trace = ask(lab, 'external', 'tcp://192.168.0.11:30080');
  assert.deepEqual([trace.verdict, trace.shown.reason, trace.shown.layer], ['timeout', 'denied-by-security-group', 'external']);
  assert.equal(asked(lab, 'shop/web', 'tcp://198.18.0.1:80'), 'delivered');
  // What has arrived at a node has passed what stands around it.
  assert.equal(asked(lab, 'external@n1', 'tcp://192.168.0.11:30080'), 'delivered');
});

test('egress rules stop what leaves, pods\' packets to the outside too', () => {
  const lab = under(`{ cni: { plugin: flannel }, ${groups('{ name: nodes, ingress: [{}], egress: [{ peer: nodes }] }')} }`);
  assert.equal(asked(lab, 'shop/web', 'tcp://198.18.0.1:80'), 'timeout denied-by-security-group Cluster lab spec.underlay.securityGroups[0].egress');
  assert.equal(asked(lab, 'shop/web', 'tcp://api:80'), 'delivered');
});

const aws = (list: string): ReturnType<typeof open> => open(clusterDocument(`{ cni: { plugin: aws-vpc-cni }, ${list} }`)
  + [1, 2].map((n) => `apiVersion: v1\nkind: Node\nmetadata: { name: n${n} }\nstatus: { addresses: [{ type: InternalIP, address: 192.168.0.1${n} }] }\n---\n`).join('') + pod('web', 1) + pod('api', 2) + pod('other', 2));

test('a pod with an interface of its own has its own groups in place of its node\'s, on the same node too', () => {
  const lab = aws(groups('{ name: nodes, nodes: [n1, n2], ingress: [{}] }', '{ name: pods, pods: { namespace: shop, matchLabels: { app: api } }, ingress: [{ protocol: TCP, ports: 443 }] }'));
  const dropped = 'timeout denied-by-security-group Cluster lab spec.underlay.securityGroups[1].ingress';
  assert.deepEqual([asked(lab, 'shop/web', 'tcp://api:80'), asked(lab, 'shop/other', 'tcp://api:80'), asked(lab, 'node/n2', 'tcp://api:80'), asked(lab, 'shop/web', 'tcp://api:443'), asked(lab, 'shop/api', 'tcp://other:80')], [dropped, dropped, dropped, 'delivered', 'delivered']);
});

test('a pod\'s own group that forgets DNS takes the names away, and its packets leave by its own interface', () => {
  const lab = aws(groups('{ name: pods, pods: { namespace: shop, matchLabels: { app: api } }, ingress: [{}], egress: [{ protocol: TCP }] }'));
  const { verdict, shown } = ask(lab, 'shop/api', 'http://nowhere.example');
  assert.deepEqual([verdict, shown.field], ['dns-failure', 'spec.underlay.securityGroups[0].egress']);
  assert.match(asked(lab, 'shop/api', 'udp://198.18.0.1:53'), /^timeout denied-by-security-group/);
  assert.equal(asked(lab, 'shop/web', 'udp://198.18.0.1:53'), 'delivered');
});

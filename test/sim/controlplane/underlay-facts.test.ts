// What the Cluster document says of underlay and nodes, as stations and printers read it: every choice made.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ipAddrOfPod } from '../../../src/sim/dataplane/printers/ip.ts';
import { letsThrough, stoppedBetween } from '../../../src/sim/controlplane/security-groups.ts';
import { changed, merge, open, shop } from '../lab.fixture.ts';
import { cluster, node } from './cluster.fixture.ts';

test('of nodes that nobody speaks of everything is as machines usually are', () => {
  const lab = open(shop());
  assert.deepEqual(node(lab, 'worker-1').state, {
    field: null, cniInstalled: true, kubeProxyRuns: true, stale: {}, conntrack: { max: 131_072, used: 0 }, rpFilter: 'loose', forwardPolicy: 'ACCEPT', ipForward: true, hairpinMode: true, mtu: 1500, wireguard: true,
    announces: '192.168.0.11', bgp: [], unrouted: [],
  });
  assert.deepEqual(lab.network.underlay, { mtu: 1500, fragmentationNeeded: 'delivered', sourceDestinationCheck: false, securityGroups: [] });
});

test('what the document says of a node stands, with its place', () => {
  const { state } = node(open(cluster('underlay: { mtu: 9001 }\nnodes:\n- { name: control-plane, mtu: 1400 }\n- { name: worker-1, conntrack: { max: 100, used: 100 }, rpFilter: strict, forwardPolicy: DROP, ipForward: false, hairpinMode: false, wireguard: false, announces: 10.0.2.15 }')), 'worker-1');
  assert.deepEqual([state.field, state.conntrack, state.rpFilter, state.forwardPolicy, state.ipForward, state.hairpinMode, state.wireguard, state.announces, state.mtu], ['spec.nodes[1]', { max: 100, used: 100 }, 'strict', 'DROP', false, false, false, '10.0.2.15', 9001]);
});

test('what was stale in the rules of a kube-proxy is gone when it runs', () => {
  const lab = open(cluster('nodes: [{ name: worker-1, kubeProxy: { running: false, stale: [{ service: shop/api, endpoints: [10.244.1.99:8080, "[fd00::1]:8080"] }, { service: shop/new }] } }]') + shop());
  const { state, sockets } = node(lab, 'worker-1');
  assert.equal(state.kubeProxyRuns, false);
  assert.deepEqual(state.stale, { 'shop/api': [{ ip: '10.244.1.99', port: 8080 }, { ip: 'fd00::1', port: 8080 }], 'shop/new': null });
  assert.deepEqual(sockets.filter(({ container }) => container === 'kube-proxy'), []);
  for (const patch of [{ spec: { nodes: null } }, { spec: { nodes: [{ name: 'worker-1', kubeProxy: { running: true, stale: [{ service: 'shop/api' }] } }] } }]) {
    const healed = node(changed(lab, merge('Cluster', '', 'lab', patch)), 'worker-1');
    assert.deepEqual([healed.state.kubeProxyRuns, healed.state.stale], [true, {}]);
    assert.deepEqual(healed.sockets.filter(({ container }) => container === 'kube-proxy').map(({ port }) => port), [10256, 10249]);
  }
});

test('a kube-proxy that does not run sees no change that is made since, on its node and nowhere else', () => {
  const lab = open(cluster('nodes: [{ name: worker-1, kubeProxy: { running: false } }]') + shop());
  assert.deepEqual(node(lab, 'worker-1').state.stale, {});
  const before = lab.network.services.find(({ ref }) => ref.name === 'api')?.ports[0]?.endpoints.map(({ ip, port }) => ({ ip, port }));
  const scaled = changed(lab, merge('Deployment', 'shop', 'api', { spec: { replicas: 3 } }));
  assert.deepEqual(node(scaled, 'worker-1').state.stale, { 'shop/api': before });
  assert.deepEqual(node(scaled, 'worker-2').state.stale, {});
  const more = changed(scaled, { verb: 'create', origin: null, object: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'new', namespace: 'shop' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } } as never });
  assert.deepEqual(node(more, 'worker-1').state.stale['shop/new'], null);
  const healed = changed(more, merge('Cluster', '', 'lab', { spec: { nodes: null } }));
  assert.deepEqual(node(healed, 'worker-1').state.stale, {});
  // Stopped again, it keeps what it wrote last.
  const again = changed(healed, merge('Cluster', '', 'lab', { spec: { nodes: [{ name: 'worker-1', kubeProxy: { running: false } }] } }));
  assert.deepEqual(node(again, 'worker-1').state.stale, {});
});

test('a security group names its members, its peers as ranges and its ports as a closed range', () => {
  const lab = open(cluster(`cni: { plugin: aws-vpc-cni }
underlay:
  securityGroups:
  - name: workers
    nodes: [worker-2, worker-1]
    ingress: [{ peer: nodes, protocol: TCP, ports: 179 }, { peer: group/db, protocol: UDP, ports: 30000-32767 }, {}]
  - name: everyone
    egress: [{ peer: 10.0.0.0/8, protocol: IPIP }]
  - name: db
    pods: { namespace: shop, matchLabels: { app: api } }
    ingress: [{ peer: anywhere, protocol: ICMP }]`) + shop('app: api', 1));
  const [api] = lab.network.pods.filter(({ owner }) => owner.name === 'api');
  assert.ok(api !== undefined);
  assert.deepEqual(lab.network.underlay.securityGroups, [
    {
      name: 'workers', field: 'spec.underlay.securityGroups[0]', nodes: ['worker-1', 'worker-2'], pods: [], egress: null,
      ingress: [
        { peers: ['192.168.0.10/32', '192.168.0.11/32', '192.168.0.12/32'], protocol: 'TCP', ports: [179, 179] },
        { peers: [`${api.addresses[0] ?? ''}/32`], protocol: 'UDP', ports: [30_000, 32_767] },
        { peers: null, protocol: 'all', ports: [0, 65_535] },
      ],
    },
    { name: 'everyone', field: 'spec.underlay.securityGroups[1]', nodes: ['control-plane', 'worker-1', 'worker-2'], pods: [], ingress: [], egress: [{ peers: ['10.0.0.0/8'], protocol: 'IPIP', ports: [0, 65_535] }] },
    { name: 'db', field: 'spec.underlay.securityGroups[2]', nodes: [], pods: [`shop/${api.name}`], ingress: [{ peers: null, protocol: 'ICMP', ports: [0, 65_535] }], egress: null },
  ]);
});

test('a rule lets through what fits in its peer, its protocol and its ports', () => {
  const rule = { peers: ['10.0.0.0/24'], protocol: 'TCP', ports: [80, 90] } as const;
  assert.deepEqual([letsThrough([rule], '10.0.0.7', 'TCP', 80), letsThrough([rule], '10.0.0.7', 'TCP', 90), letsThrough([rule], '10.0.0.7', 'TCP', 91), letsThrough([rule], '10.0.1.7', 'TCP', 80), letsThrough([rule], '10.0.0.7', 'UDP', 80), letsThrough([], '10.0.0.7', 'TCP', 80)], [true, true, false, false, false, false]);
  assert.equal(letsThrough([{ peers: null, protocol: 'all', ports: [0, 65_535] }], '192.0.2.1', 'IPIP', null), true);
});

test('a machine in several groups has the rules of all, one in none is not filtered', () => {
  const group = (name: string, nodes: readonly string[], ports: readonly [number, number] | null, egress: readonly never[] | null = null) =>
    ({ name, field: name, nodes, pods: [], ingress: ports === null ? [] : [{ peers: null, protocol: 'TCP' as const, ports }], egress });
  const [a, b] = [{ name: 'a', ip: '10.0.0.1' }, { name: 'b', ip: '10.0.0.2' }];
  assert.equal(stoppedBetween([], a, b, 'TCP', 80), null);
  assert.equal(stoppedBetween([group('one', ['b'], null), group('two', ['b'], [80, 80])], a, b, 'TCP', 80), null);
  assert.deepEqual(stoppedBetween([group('one', ['b'], null)], a, b, 'TCP', 80)?.field, 'one.ingress');
  assert.deepEqual(stoppedBetween([group('one', ['a'], [80, 80], [])], a, b, 'TCP', 80)?.field, 'one.egress');
  assert.equal(stoppedBetween([group('one', ['a'], [80, 80], []), group('two', ['a'], null)], a, b, 'TCP', 80), null);
});

test('a node says in its resolv.conf what the document says, and its pods have it where they have their node\'s', () => {
  const lab = open(cluster('nodes: [{ name: worker-1, resolvConf: "nameserver 9.9.9.9\\nsearch corp.example\\n", clusterDNS: [169.254.20.10] }]') + `apiVersion: v1
kind: Pod
metadata: { name: own, namespace: default }
spec: { nodeName: worker-1, dnsPolicy: Default, containers: [{ name: c, image: curl }] }
---
apiVersion: v1
kind: Pod
metadata: { name: first, namespace: default }
spec: { nodeName: worker-1, containers: [{ name: c, image: curl }] }
---
apiVersion: v1
kind: Pod
metadata: { name: elsewhere, namespace: default }
spec: { nodeName: worker-2, containers: [{ name: c, image: curl }] }
`);
  const conf = (name: string): string | undefined => lab.network.pods.find((pod) => pod.name === name)?.resolvConf;
  assert.equal(node(lab, 'worker-1').resolvConf, 'nameserver 9.9.9.9\nsearch corp.example\n');
  assert.equal(conf('own'), 'search corp.example\nnameserver 9.9.9.9\n');
  assert.equal(conf('first'), 'search default.svc.cluster.local svc.cluster.local cluster.local corp.example\nnameserver 169.254.20.10\noptions ndots:5\n');
  assert.equal(conf('elsewhere'), 'search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n');
});

test('CoreDNS on a node whose file names a local stub forwards to itself and ends; with another file it runs', () => {
  const stub = cluster('nodes: [{ name: worker-1, resolvConf: "nameserver 127.0.0.53" }]');
  const lab = open(stub + shop());
  const there = lab.network.pods.find(({ answersDns, node: on }) => answersDns && on === 'worker-1');
  assert.equal(there?.status, 'CrashLoopBackOff');
  assert.match(there?.containers[0]?.lastWords ?? '', /^\[FATAL\] plugin\/loop: Loop \(127\.0\.0\.1:\d+ -> :53\) detected for zone "\."/);
  assert.deepEqual([there?.unready?.object, there?.unready?.field], [{ kind: 'Cluster', namespace: '', name: 'lab' }, 'spec.nodes[0].resolvConf']);
  assert.ok(lab.network.pods.some(({ answersDns, running, ready }) => answersDns && running && ready));
  // The machine itself has the stub that its file names.
  assert.deepEqual(node(lab, 'worker-1').sockets.filter(({ port }) => port === 53).map(({ ip, protocol }) => `${ip} ${protocol}`), ['127.0.0.53 UDP', '127.0.0.53 TCP']);
  const healed = changed(lab, merge('Cluster', '', 'lab', { spec: { nodes: [{ name: 'worker-1', resolvConf: 'nameserver 192.168.0.1' }] } }));
  assert.ok(healed.network.pods.filter(({ answersDns }) => answersDns).every(({ ready }) => ready));
});

test('the uplink\'s MTU is the pods\' less the overhead, on each node by itself', () => {
  const lab = open(cluster('underlay: { mtu: 1400 }\nnodes: [{ name: worker-1, mtu: 1500 }]') + shop('app: api', 4));
  const mtus = (name: string): readonly number[] => [...new Set(node(lab, name).interfaces.filter(({ kind }) => kind !== 'loopback').map(({ kind, mtu }) => (kind === 'uplink' ? mtu : mtu + 50)))];
  assert.deepEqual([mtus('worker-1'), mtus('worker-2'), lab.network.cni.mtu], [[1500], [1400], 1350]);
});

test('more interfaces stand in the list of a node, and their networks among its routes', () => {
  const { interfaces, routes } = node(open(cluster('nodes: [{ name: worker-1, interfaces: [{ name: eth1, address: 192.168.56.11/24 }] }]')), 'worker-1');
  assert.deepEqual(interfaces.find(({ name }) => name === 'eth1'), { name: 'eth1', kind: 'uplink', addresses: ['192.168.56.11/24'], mtu: 1500, pod: null });
  assert.deepEqual(routes.filter(({ kind }) => kind === 'link' || kind === 'default').map(({ kind, to, device }) => `${kind} ${to} ${device}`), ['link 192.168.56.0/24 eth1', 'link 192.168.0.0/24 eth0', 'default 0.0.0.0/0 eth0']);
});

test('pods have what their own node\'s uplink carries, and say so in ip link and in the plugin\'s facts', () => {
  const lab = open(cluster('underlay: { mtu: 1400 }\ncni: { plugin: calico, mode: ipip }\nnodes:\n- { name: control-plane, mtu: 1500 }\n- { name: worker-1, mtu: 1500 }\n- { name: worker-2, mtu: 1500 }'));
  assert.equal(lab.network.cni.mtu, 1480);
  const pod = lab.network.pods.find(({ hostNetwork }) => !hostNetwork);
  const host = lab.network.nodes.find(({ name }) => name === pod?.node);
  assert.ok(pod !== undefined && host !== undefined);
  assert.match(ipAddrOfPod(lab.network, host, pod), /eth0@if\d+: .* mtu 1480 /);
});

test('a tunnel\'s port is open on every node, because the kernel takes its packets, and so is BIRD\'s', () => {
  const ports = (cni: string): readonly string[] => (open(cluster(`cni: { plugin: ${cni} }`)).network.nodes[0]?.sockets ?? []).map(({ protocol, port }) => `${protocol} ${port}`);
  assert.ok(ports('flannel').includes('UDP 8472'));
  assert.ok(ports('calico, mode: bgp').includes('TCP 179'));
  assert.ok(!ports('flannel').includes('TCP 179'));
});

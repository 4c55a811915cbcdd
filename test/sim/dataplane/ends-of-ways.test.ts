// Where a source is rewritten, what ends TLS, who listens on a node: small truths of the last steps.
import assert from 'node:assert/strict';
import test from 'node:test';
import { lookUp, parseSource } from '../../../src/sim/lab.ts';
import { ask, asked, open, clusterDocument, node, pod, things, under } from './underlay.fixture.ts';

test('a packet to another node is rewritten on the first one, before it is wrapped', () => {
  const { verdict, hops } = ask(under('{ cni: { plugin: flannel } }'), 'external', 'tcp://192.168.0.11:30080').shown;
  assert.equal(verdict, 'delivered');
  const at = hops.findIndex(({ stage }) => stage === 'masquerade');
  assert.deepEqual(hops.slice(at, at + 2).map(({ stage, at: place }) => [stage, place.kind === 'node' ? place.name : place.kind]), [['masquerade', 'n1'], ['route', 'n1']]);
  assert.deepEqual([hops[at]?.after.source.ip, hops[at + 1]?.packet.source.ip], ['192.168.0.11', '192.168.0.11']);
  // Every hop has the packet as the one before left it.
  for (const [index, hop] of hops.entries()) if (index > 0) assert.deepEqual(hop.packet, hops[index - 1]?.after, hop.stage);
});

test('one to a pod of the same node is rewritten after that pod\'s policies, on the node', () => {
  const { hops } = ask(under('{ cni: { plugin: flannel } }'), 'external', 'tcp://192.168.0.12:30080').shown;
  const rewriting = hops.find(({ stage }) => stage === 'masquerade');
  assert.deepEqual(rewriting?.at, { kind: 'node', name: 'n2' });
  assert.ok(hops.findIndex(({ stage }) => stage === 'route') < hops.findIndex(({ stage }) => stage === 'masquerade'));
});

test('a host outside in the Services\' range is the reason, whatever drops the packet', () => {
  const hosts = 'underlay: { hosts: [{ name: old.corp, addresses: [10.96.50.5], ports: [{ port: 80 }] }] }';
  for (const mode of ['iptables', 'ipvs', 'nftables']) {
    assert.equal(asked(under(`{ cni: { plugin: flannel }, kubeProxy: { mode: ${mode} }, ${hosts} }`), 'shop/web', 'tcp://10.96.50.5:80'), 'timeout overlapping-range Cluster lab spec.network.services', mode);
  }
  const dropped = ask(under(`{ cni: { plugin: flannel }, kubeProxy: { mode: nftables }, ${hosts} }`), 'shop/web', 'tcp://10.96.50.5:80').shown.hops.at(-1);
  assert.deepEqual([dropped?.stage, dropped?.action], ['kube-proxy', 'drop']);
});

test('a client of a pod\'s own TLS, and of a host\'s outside, is shown their certificates', () => {
  const lab = under('{ cni: { plugin: flannel }, underlay: { hosts: [{ name: pay.example.com, addresses: [198.18.0.9], ports: [{ port: 443, tls: [pay.example.com, pay.example.org] }, { port: 80 }] }] } }');
  const own = ask(lab, 'shop/web', 'https://api:443').shown;
  assert.deepEqual([own.tls?.by.kind, own.tls?.by.name, own.tls?.names, own.tls?.verify.text], ['Pod', 'api', [own.hops.at(-1)?.packet.destination.ip], 'ok']);
  const host = ask(lab, 'shop/web', 'https://pay.example.com').shown;
  assert.deepEqual([host.tls?.by, host.tls?.subject, host.tls?.names], [{ kind: 'External', namespace: '', name: 'pay.example.com' }, 'CN=pay.example.com', ['pay.example.com', 'pay.example.org']]);
  // Who speaks none has nothing to show, and who is not asked for it shows nothing.
  for (const to of ['https://api:80', 'http://api:80', 'tcp://api:443', 'http://pay.example.com']) assert.equal(ask(lab, 'shop/web', to).shown.tls, undefined, to);
});

test('a certificate for another name is shown all the same', () => {
  const { verdict, tls } = ask(under('{ cni: { plugin: flannel }, underlay: { hosts: [{ name: pay.example.com, addresses: [198.18.0.9], ports: [{ port: 443, tls: [other.example] }] }] } }'), 'shop/web', 'https://pay.example.com').shown;
  assert.deepEqual([verdict, tls?.names], ['tls-error', ['other.example']]);
});

test('the stub of a node\'s own resolver answers what the public DNS knows', () => {
  const lab = open(clusterDocument('{ cni: { plugin: flannel }, nodes: [{ name: n1, resolvConf: "nameserver 127.0.0.53" }], underlay: { hosts: [{ name: pay.example.com, addresses: [198.18.0.9], ports: [{ port: 80 }] }] } }') + things
    + pod('own', 1).replace('spec: {', 'spec: { hostNetwork: true, dnsPolicy: Default,').replace('0.0.0.0:80/TCP,0.0.0.0:443/TCP,0.0.0.0:53/UDP', '0.0.0.0:8081/TCP'));
  for (const from of ['node/n1', 'shop/own']) {
    const source = parseSource(from, lab.network);
    assert.ok(source.ok);
    const known = lookUp(lab, { from: source.value, name: 'pay.example.com', type: null, resolver: null, direct: false });
    assert.deepEqual([known.addresses, known.queries[0]?.server], [['198.18.0.9'], '127.0.0.53'], from);
    assert.equal(lookUp(lab, { from: source.value, name: 'nobody.example.com', type: null, resolver: null, direct: false }).rcode, 'NXDOMAIN');
    assert.equal(asked(lab, from, 'http://pay.example.com'), 'delivered');
  }
});

test('an answer of more than 512 bytes is asked for again over TCP, unless the resolver says that it takes more', () => {
  const many = Array.from({ length: 35 }, (_, index) => pod(`m${index}`, 2).replace('app: m', 'app: many, n: m')).join('') + 'apiVersion: v1\nkind: Service\nmetadata: { name: many, namespace: shop }\nspec: { clusterIP: None, selector: { app: many }, ports: [{ port: 80 }] }\n---\n';
  const lab = open(clusterDocument('{ cni: { plugin: flannel } }') + things + many + pod('large', 1).replace('spec: {', 'spec: { dnsConfig: { options: [{ name: edns0 }] },'));
  const protocols = (from: string): readonly string[] => {
    const source = parseSource(from, lab.network);
    assert.ok(source.ok);
    const found = lookUp(lab, { from: source.value, name: 'many', type: 'A', resolver: null, direct: false });
    assert.equal(found.addresses.length, 35);
    return found.queries.map(({ proto }) => proto);
  };
  assert.deepEqual([protocols('shop/web').includes('tcp'), protocols('shop/large').includes('tcp')], [true, false]);
});

test('a pod on its node\'s network is named as who answers, unless two could', () => {
  const hosted = (name: string, listen: string): string => pod(name, 3).replace('spec: {', 'spec: { hostNetwork: true,').replace('0.0.0.0:80/TCP,0.0.0.0:443/TCP,0.0.0.0:53/UDP', listen);
  const lab = open(clusterDocument('{ cni: { plugin: flannel } }') + things + hosted('one', '0.0.0.0:8081/TCP') + hosted('two', '127.0.0.1:8081/TCP'));
  assert.deepEqual(ask(lab, 'shop/web', 'tcp://192.168.0.13:8081').shown.backend, { pod: 'shop/one', ip: '192.168.0.13', port: 8081 });
  const both = open(clusterDocument('{ cni: { plugin: flannel } }') + things + hosted('one', '0.0.0.0:8081/TCP') + hosted('two', '0.0.0.0:8081/TCP'));
  assert.equal(ask(both, 'shop/web', 'tcp://192.168.0.13:8081').shown.backend?.pod, null);
});

test('a group as peer means the pods of its nodes too, where their addresses are the node\'s interface\'s', () => {
  const two = node(1).replace('spec: { podCIDR: 10.244.1.0/24 }\n', '') + node(2).replace('spec: { podCIDR: 10.244.2.0/24 }\n', '');
  const lab = (extra: string): ReturnType<typeof open> => open(clusterDocument(`{ cni: { plugin: aws-vpc-cni, vpc: 192.168.0.0/16 }, underlay: { securityGroups: [{ name: left, nodes: [n1], ingress: [{}] }, { name: right, nodes: [n2], ingress: [{ peer: group/left }] }${extra}] } }`) + two + pod('web', 1) + pod('api', 2));
  assert.equal(asked(lab(''), 'shop/web', 'tcp://api:80'), 'delivered');
  // A pod with a group of its own has an interface of its own.
  assert.match(asked(lab(', { name: own, pods: { namespace: shop, matchLabels: { app: web } }, ingress: [{}] }'), 'shop/web', 'tcp://api:80'), /^timeout denied-by-security-group /);
});

test('a pod whose own security group does not let its node in never becomes ready, where it is probed', () => {
  const two = node(1).replace('spec: { podCIDR: 10.244.1.0/24 }\n', '') + node(2).replace('spec: { podCIDR: 10.244.2.0/24 }\n', '');
  const probed = (probe: string): string => pod('api', 2).replace('image: main }', `image: main, readinessProbe: { ${probe} } }`);
  const lab = (ingress: string, probe = 'tcpSocket: { port: 80 }'): ReturnType<typeof open> => open(clusterDocument(`{ cni: { plugin: aws-vpc-cni, vpc: 192.168.0.0/16 }, underlay: { securityGroups: [{ name: own, pods: { namespace: shop, matchLabels: { app: api } }, ingress: [${ingress}] }] } }`)
    + two + pod('web', 1) + probed(probe) + 'apiVersion: v1\nkind: Service\nmetadata: { name: api, namespace: shop }\nspec: { clusterIP: 10.96.1.1, selector: { app: api }, ports: [{ port: 80 }] }\n---\n');
  const fromPods = (cidr: string): string => `{ peer: ${cidr}, protocol: TCP, ports: 80 }`;
  const state = (of: ReturnType<typeof open>) => of.network.pods.find(({ name }) => name === 'api');
  const closed = lab(fromPods('10.0.0.0/8'));
  assert.match(state(closed)?.unready?.says ?? '', /^Readiness probe failed: dial tcp [\d.]+:80: i\/o timeout$/);
  assert.equal(asked(closed, 'shop/web', 'tcp://10.96.1.1:80'), 'refused no-ready-endpoints Cluster lab spec.underlay.securityGroups[0].ingress');
  assert.match(state(lab('', 'httpGet: { port: 80, path: / }'))?.unready?.says ?? '', /^Readiness probe failed: Get "http:.*": context deadline exceeded/);
  for (const open of [lab('{ peer: nodes, protocol: TCP, ports: 80 }'), lab('{}'), lab('', 'exec: { command: [ls] }')]) assert.equal(state(open)?.ready, true);
});

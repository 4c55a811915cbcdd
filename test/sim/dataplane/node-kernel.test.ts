// What a node's kernel does beside its routes. Measured in network namespaces: Linux 6.18, bridges with bridge-nf-call-iptables=1, VXLAN between them.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ask, asked, healthy, under, ways } from './underlay.fixture.ts';

const nodes = (state: string, cni = 'flannel', name = 'n1'): ReturnType<typeof under> => under(`{ cni: { plugin: ${cni} }, nodes: [{ name: ${name}, ${state} }] }`);

test('a full connection tracking table drops every new connection through its node, bridged ones and the node\'s own too', () => {
  const full = 'timeout conntrack-full Cluster lab spec.nodes[0].conntrack';
  const lab = nodes('conntrack: { max: 1000, used: 1000 }');
  assert.deepEqual(ways(lab), { beside: full, across: full, back: full, service: full, node: full, outside: full, leaving: full });
  assert.equal(asked(lab, 'node/n1', 'tcp://127.0.0.1:10248'), full);
  assert.equal(asked(lab, 'node/n3', 'tcp://api:80'), 'delivered');
  // A pod's loopback is its own.
  assert.equal(asked(lab, 'shop/web', 'tcp://127.0.0.1:80'), 'delivered');
  const { shown } = ask(lab, 'shop/web', 'tcp://web2:80');
  assert.equal(shown.hops.at(-1)?.evidence, 'ssh n1 conntrack -C');
  assert.match(shown.why, /nf_conntrack: table full, dropping packet/);
});

test('a table with room for one more is no trouble', () => {
  assert.deepEqual(ways(nodes('conntrack: { max: 1000, used: 999 }')), healthy);
});

test('a full table at the far node drops what arrives there', () => {
  const full = 'timeout conntrack-full Cluster lab spec.nodes[0].conntrack';
  assert.deepEqual(ways(nodes('conntrack: { max: 10, used: 20 }', 'calico', 'n2')), { ...healthy, across: full, back: full, service: full, node: full, outside: full });
});

test('a node that does not forward takes its own packets, and bridges without routing', () => {
  const off = 'timeout not-forwarded Cluster lab spec.nodes[0].ipForward';
  const lab = nodes('ipForward: false');
  assert.deepEqual(ways(lab), { beside: 'delivered', across: off, back: off, service: off, node: 'delivered', outside: off, leaving: off });
  assert.equal(asked(lab, 'shop/web', 'tcp://192.168.0.11:10250'), 'delivered');
  assert.equal(asked(lab, 'shop/web', 'tcp://192.168.0.12:10250'), off);
  assert.equal(asked(lab, 'node/n1', 'tcp://web:80'), 'delivered');
  // What a rule sent elsewhere has to be routed, on one bridge too.
  assert.equal(asked(lab, 'shop/web2', 'tcp://10.96.1.2:80'), off);
});

test('pods that hang on no bridge are routed even to their neighbours', () => {
  const off = 'timeout not-forwarded Cluster lab spec.nodes[0].ipForward';
  assert.equal(ways(nodes('ipForward: false', 'calico')).beside, off);
  assert.equal(ways(nodes('ipForward: false', 'aws-vpc-cni')).beside, off);
});

test('the FORWARD chain\'s policy counts where no rule accepts: bridged packets pass the chain too, the node\'s own do not', () => {
  const drop = 'timeout not-forwarded Cluster lab spec.nodes[0].forwardPolicy';
  const lab = nodes('forwardPolicy: DROP', 'aws-vpc-cni');
  // kube-proxy accepts what it marks for masquerading (KUBE-FORWARD), such as a node port's packets.
  assert.deepEqual(ways(lab), { beside: drop, across: drop, back: drop, service: drop, node: 'delivered', outside: 'delivered', leaving: drop });
  assert.equal(asked(lab, 'shop/web', 'tcp://192.168.0.11:10250'), 'delivered');
});

test('Flannel, Calico and Cilium accept pods\' packets themselves, so that the policy does not count, and the answer says so; flanneld can be told not to', () => {
  for (const cni of ['flannel', 'calico', 'cilium']) assert.deepEqual(ways(nodes('forwardPolicy: DROP', cni)), healthy, cni);
  assert.match(ask(nodes('forwardPolicy: DROP'), 'shop/web', 'tcp://api:80').shown.why, /FORWARD chain of node n1 has the policy DROP, and a rule before its end accepts the packet: flannel's own/);
  const told = under('{ cni: { plugin: flannel, iptablesForwardRules: false }, nodes: [{ name: n1, forwardPolicy: DROP }] }');
  assert.equal(ways(told).across, 'timeout not-forwarded Cluster lab spec.nodes[0].forwardPolicy');
});

test('strict reverse path filtering drops what would be answered by another interface', () => {
  const strict = 'timeout reverse-path-filter Cluster lab spec.nodes[0].rpFilter';
  const second = 'interfaces: [{ name: eth1, address: 192.168.56.12/24 }]';
  const from = (state: string, to: string): string => asked(nodes(`${state}, ${second}`, 'flannel', 'n2'), 'external', to);
  assert.equal(from('rpFilter: strict', 'tcp://192.168.56.12:30080'), strict);
  assert.equal(from('rpFilter: strict', 'tcp://192.168.0.12:30080'), 'delivered');
  assert.equal(from('rpFilter: loose', 'tcp://192.168.56.12:30080'), 'delivered');
  assert.equal(from('rpFilter: none', 'tcp://192.168.56.12:30080'), 'delivered');
  // A neighbour of the second network is answered there.
  assert.equal(asked(nodes(`rpFilter: strict, ${second}`, 'flannel', 'n2'), 'external/192.168.56.99', 'tcp://192.168.56.12:30080'), 'delivered');
});

test('strict filtering drops what came out of a tunnel that the node itself would not use', () => {
  const state = 'missingRoutes: [10.244.1.0/24]';
  const across = (more: string): string => asked(nodes(`${state}${more}`, 'flannel', 'n2'), 'shop/web', 'tcp://api:80');
  assert.equal(across(', rpFilter: strict'), 'timeout reverse-path-filter Cluster lab spec.nodes[0].rpFilter');
  assert.equal(across(''), 'timeout answer-lost Cluster lab spec.nodes[0].missingRoutes[0]');
  assert.match(ask(nodes(`${state}, rpFilter: strict`, 'flannel', 'n2'), 'shop/web', 'tcp://api:80').shown.hops.at(-1)?.evidence ?? '', /^ssh n2 nstat -az TcpExtIPReversePathFilter$/);
});

test('a bridge without hairpin mode sends no pod to itself; other pods, and plugins without a bridge, do not notice', () => {
  const lab = nodes('hairpinMode: false');
  assert.equal(asked(lab, 'shop/web', 'tcp://10.96.1.2:80'), 'timeout hairpin-off Cluster lab spec.nodes[0].hairpinMode');
  assert.equal(asked(lab, 'shop/web2', 'tcp://10.96.1.2:80'), 'delivered');
  assert.equal(asked(lab, 'shop/web', 'tcp://web:80'), 'delivered');
  assert.equal(asked(nodes('hairpinMode: false', 'calico'), 'shop/web', 'tcp://10.96.1.2:80'), 'delivered');
});

test('a pod that is one of three endpoints of its own Service loses a third of its calls', () => {
  const more = ['a', 'b', 'c'].map((name) => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop, labels: { three: "yes" }, annotations: { k8snet-lab/listen: "0.0.0.0:80/TCP" } }\nspec: { nodeName: n1, containers: [{ name: main, image: main }] }\n---\n`).join('')
    + 'apiVersion: v1\nkind: Service\nmetadata: { name: three, namespace: shop }\nspec: { clusterIP: 10.96.1.9, selector: { three: "yes" }, ports: [{ port: 80 }] }\n---\n';
  const trace = ask(under('{ cni: { plugin: flannel }, nodes: [{ name: n1, hairpinMode: false }] }', more), 'shop/a', 'tcp://10.96.1.9:80');
  assert.equal(trace.verdict, 'intermittent');
  assert.deepEqual(trace.walks.map(({ verdict, probability, backend }) => `${backend?.pod ?? ''} ${verdict} ${probability.toFixed(2)}`).sort(), ['shop/a timeout 0.33', 'shop/b delivered 0.33', 'shop/c delivered 0.33']);
});

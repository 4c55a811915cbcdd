// Single facts about packets, names and senders, each found by asking from outside.
import assert from 'node:assert/strict';
import test from 'node:test';
import { openLab, parseSource, parseTarget, send, type Lab, type LabOptions, type Trace } from '../../../src/sim/lab.ts';
import { refText } from '../../../src/sim/model/object.ts';

const pod = (name: string, more = '', labels = `app: ${name}`): string => `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { ${labels} }, annotations: { k8snet-lab/listen: "0.0.0.0:80/TCP" } }
spec: { nodeName: worker-1, containers: [{ name: main, image: main, ports: [{ containerPort: 80 }] }]${more} }
---
`;
const api = 'apiVersion: v1\nkind: Service\nmetadata: { name: api, namespace: shop }\nspec: { clusterIP: 10.96.7.7, selector: { app: a }, ports: [{ port: 80 }] }\n---\n';
const corefile = (text: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: coredns, namespace: kube-system }\ndata: { Corefile: ${JSON.stringify(text)} }\n---\n`;

function open(text: string, options: LabOptions = {}): Lab {
  const lab = openLab([{ path: 'a.yaml', text }], options);
  assert.ok(lab.ok, lab.ok ? '' : JSON.stringify(lab.failures));
  return lab.value;
}

function call(lab: Lab, from: string, to: string): Trace {
  const source = parseSource(from, lab.network);
  const target = parseTarget(to);
  assert.ok(source.ok && target.ok, JSON.stringify([source, target]));
  return send(lab, { from: source.value, to: target.value });
}

const end = ({ verdict, shown }: Trace): string => `${verdict} ${shown.reason} ${shown.object === null ? '-' : refText(shown.object)} ${shown.field ?? '-'}`;

test('CoreDNS crashes with a Corefile that it cannot read, and with one that asks itself', () => {
  for (const text of ['.:53 {\n  kubernetes cluster.local\n  frobnicate\n}\n', '.:53 {\n  forward . nonsense\n}\n', '.:53 {\n  kubernetes cluster.local\n  loop\n  forward . 10.96.0.10\n}\n']) {
    const lab = open(pod('a') + pod('b') + api + corefile(text));
    assert.deepEqual(lab.network.pods.filter(({ answersDns }) => answersDns).map(({ status, containers }) => [status, containers[0]?.lastWords !== null]), [['CrashLoopBackOff', true], ['CrashLoopBackOff', true]]);
    assert.equal(end(call(lab, 'shop/b', 'http://api')), 'dns-failure dns-server-refused ConfigMap kube-system/coredns data.Corefile');
  }
  assert.equal(call(open(pod('a') + pod('b') + api + corefile('.:53 {\n  kubernetes cluster.local\n}\n')), 'shop/b', 'http://api').verdict, 'delivered');
});

test('one DNS server of three behind a policy fails one lookup of three: after ten seconds, or after twenty', () => {
  const third = 'apiVersion: v1\nkind: Pod\nmetadata: { name: dns-c, namespace: kube-system, labels: { k8s-app: kube-dns, half: "yes" }, annotations: { k8snet-lab/listen: "0.0.0.0:53/UDP,0.0.0.0:53/TCP" } }\nspec: { nodeName: worker-2, containers: [{ name: coredns, image: coredns, ports: [{ containerPort: 53, protocol: UDP }] }] }\n---\n';
  const policy = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: half, namespace: kube-system }\nspec: { podSelector: { matchLabels: { half: "yes" } }, policyTypes: [Ingress] }\n---\n';
  const trace = call(open(pod('a') + pod('b') + api + third + policy), 'shop/b', 'http://api');
  assert.deepEqual([trace.verdict, ...trace.walks.map(({ verdict, probability }) => `${verdict} ${probability.toFixed(2)}`)], ['intermittent', 'delivered 0.67', 'name-not-found 0.22', 'dns-failure 0.11']);
  // The second try leaves from the same port and meets the same server; the name as it stands leaves from another one (measured with glibc behind a DNAT).
  assert.match(trace.shown.why, /gives the search list up.*about 22 of 100 lookups/);
  assert.deepEqual([trace.lookup?.error, trace.lookup?.elapsed], ['EAI_NONAME', 10.001]);
});

test('outside, the name of a Service is no name, and what would be reachable is said', () => {
  const lab = open(pod('a') + api);
  assert.match(call(lab, 'external', 'http://api.shop').shown.why, /not in the public DNS.*neither a load balancer nor a node port/);
  assert.equal(end(call(open(pod('a') + api.replace('clusterIP', 'type: LoadBalancer, clusterIP')), 'external', 'http://api.shop')), 'name-not-found load-balancer-pending Service shop/api status.loadBalancer');
  assert.match(call(lab, 'node/worker-1', 'http://api.shop').shown.why, /reaches Service shop\/api by its address 10\.96\.7\.7/);
});

test('localhost of a pod without IPv6 is 127.0.0.1, and the file that says so is what is looked at', () => {
  const { shown } = call(open(pod('a')), 'shop/a', 'http://localhost');
  assert.deepEqual(shown.hops.map(({ packet }) => packet.destination.ip), ['127.0.0.1', '127.0.0.1', '127.0.0.1']);
  assert.match(shown.hops[0]?.evidence ?? '', /getent hosts localhost$/);
});

test('a policy that nobody enforces is the plugin\'s doing', () => {
  const lab = open(`apiVersion: k8snet-lab/v1\nkind: Cluster\nmetadata: { name: home }\nspec: { cni: { plugin: flannel } }\n---\n${pod('a')}${pod('b')}apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: deny, namespace: shop }\nspec: { podSelector: {} }\n`);
  const hop = call(lab, 'shop/b', `tcp://${lab.network.pods.find(({ name }) => name === 'a')?.addresses[0] ?? ''}:80`).shown.hops.find(({ stage }) => stage === 'ingress-policy');
  assert.deepEqual([hop === undefined ? '' : refText(hop.object), hop?.field, hop?.evidence, hop?.says.includes('NetworkPolicy shop/deny')], ['Cluster home', 'spec.cni.plugin', 'kubectl get cluster home -o yaml', true]);
});

test('a dump of another cluster shows that cluster: the pods\' range is that of its nodes, the Services\' that of its Services', () => {
  const node = (number: number): string => `apiVersion: v1\nkind: Node\nmetadata: { name: n${number} }\nspec: { podCIDR: 10.42.${number}.0/24 }\nstatus: { addresses: [{ type: InternalIP, address: 10.0.1.${number} }] }\n---\n`;
  const running = (name: string, number: number): string => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }\nspec: { nodeName: n${number}, containers: [{ name: c, image: i, ports: [{ containerPort: 80 }] }] }\nstatus: { phase: Running, podIP: 10.42.${number}.9, conditions: [{ type: Ready, status: "True" }] }\n---\n`;
  const lab = open(node(1) + node(2) + running('a', 1) + running('b', 2) + api.replace('10.96.7.7', '10.43.7.7'));
  assert.deepEqual([lab.network.podRanges, lab.network.serviceRanges, lab.network.dns.clusterDns], [['10.42.0.0/16'], ['10.43.0.0/16'], ['10.43.0.10']]);
  const trace = call(lab, 'shop/b', 'http://api');
  assert.deepEqual([trace.verdict, trace.walks[0]?.snat], ['delivered', false]);
});

test('a sender without an address of the target\'s family knows at once', () => {
  const lab = open(pod('a'));
  assert.equal(end(call(lab, 'shop/a', 'tcp://[2001:db8::1]:80')), 'unreachable no-route Cluster lab spec.network.pods');
  assert.equal(call(lab, 'external/2001:db8::9', 'tcp://192.168.0.11:80').verdict, 'unreachable');
  assert.equal(call(lab, 'shop/a', 'tcp://0.0.0.0:80').verdict, 'delivered');
  for (const many of ['255.255.255.255', '224.0.0.1']) assert.equal(call(lab, 'shop/a', `tcp://${many}:80`).verdict, 'unreachable');
});

test('the address of a pod that is gone: a bridge asks and tells, a plugin that routes drops', () => {
  assert.equal(call(open(pod('a'), { cni: 'flannel' }), 'shop/a', 'tcp://10.244.1.200:80').verdict, 'unreachable');
  assert.equal(call(open(pod('a')), 'shop/a', 'tcp://10.244.1.200:80').verdict, 'timeout');
});

test('behind a Service too, the plugin rewrites what leaves the pods\' network, and the proxy\'s decision is another', () => {
  const trace = call(open(pod('a')), 'shop/a', 'tcp://10.96.0.1:443');
  assert.deepEqual([trace.verdict, trace.walks[0]?.snat, trace.walks[0]?.hops.some(({ action }) => action === 'snat')], ['delivered', false, true]);
});

test('what shows a UDP socket is asked for UDP, and an image without tools is described', () => {
  const dns = open(pod('a') + api);
  assert.match(call(dns, 'shop/a', 'udp://10.96.0.10:53').shown.hops.at(-1)?.evidence ?? '', /^kubectl describe pod -n kube-system coredns-/);
  const udp = pod('u').replace('0.0.0.0:80/TCP', '0.0.0.0:53/UDP');
  const lab = open(pod('a') + udp);
  assert.match(call(lab, 'shop/a', `udp://${lab.network.pods.find(({ name }) => name === 'u')?.addresses[0] ?? ''}:53`).shown.hops.at(-1)?.evidence ?? '', /-- ss -lnu$/);
});

test('a pod that no node takes says why, and which of its fields', () => {
  const lab = open(pod('b') + pod('a', ', nodeSelector: { disk: ssd }').replace('nodeName: worker-1, ', '') + api);
  const { shown } = call(lab, 'shop/b', 'http://api');
  assert.equal(shown.field, 'spec.nodeSelector');
  assert.match(shown.why, /didn't match Pod's node affinity\/selector/);
});

test('a slice without its label is what a repair would change', () => {
  const lab = open(pod('b') + api.replace('selector: { app: a }, ', '') + 'apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: { name: api-1, namespace: shop }\naddressType: IPv4\nports: [{ name: "", port: 80, protocol: TCP }]\nendpoints: [{ addresses: [10.244.1.77] }]\n');
  assert.equal(end(call(lab, 'shop/b', 'http://api')), 'refused no-ready-endpoints EndpointSlice shop/api-1 metadata.labels');
});

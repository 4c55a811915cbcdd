// A node whose kube-proxy runs no more: its old rules decide what becomes of its packets, and its tools print them.
import assert from 'node:assert/strict';
import test from 'node:test';
import { iptablesSave } from '../../../src/sim/dataplane/printers/iptables-save.ts';
import { ipvsadmLn } from '../../../src/sim/dataplane/printers/ipvsadm.ts';
import { nftListRuleset } from '../../../src/sim/dataplane/printers/nft-list-ruleset.ts';
import { openLab, parseSource, parseTarget, send, type Lab, type Trace } from '../../../src/sim/lab.ts';
import { reasons } from '../../../src/sim/model/reason.ts';

const nodes = ['1', '2'].map((n) => `apiVersion: v1\nkind: Node\nmetadata: { name: n${n} }\nspec: { podCIDR: 10.244.${n}.0/24 }\nstatus: { addresses: [{ type: InternalIP, address: 172.20.0.1${n} }] }\n---\n`).join('');
const pod = (name: string, app: string, node: string, port: number, ip: string): string => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: s, labels: { app: ${app} } }\nspec: { nodeName: ${node}, containers: [{ name: c, image: i, ports: [{ containerPort: ${port} }] }] }\nstatus: { phase: Running, podIP: ${ip}, podIPs: [{ ip: ${ip} }], conditions: [{ type: Ready, status: "True" }] }\n---\n`;
const service = `apiVersion: v1\nkind: Service\nmetadata: { name: api, namespace: s }\nspec: { clusterIP: 10.96.5.5, type: LoadBalancer, selector: { app: api }, ports: [{ port: 80, nodePort: 30080 }] }\nstatus: { loadBalancer: { ingress: [{ ip: 203.0.113.9 }] } }\n---\n`;
const around = (stale: string, mode: string, plugin: string): string => `apiVersion: k8snet-lab/v1\nkind: Cluster\nmetadata: { name: lab }\nspec: { cni: { plugin: ${plugin} }, kubeProxy: { mode: ${mode} }, nodes: [{ name: n1 }, { name: n2, kubeProxy: { running: false, stale: [${stale}] } }] }\n---\n`;

function open(stale: string, mode = 'iptables', plugin = 'flannel'): Lab {
  const lab = openLab([{ path: 'stale.yaml', text: around(stale, mode, plugin) + nodes + pod('c1', 'c', 'n1', 9, '10.244.1.20') + pod('c2', 'c', 'n2', 9, '10.244.2.20') + pod('api', 'api', 'n1', 80, '10.244.1.21') + pod('other', 'other', 'n1', 81, '10.244.1.22') + service }]);
  assert.ok(lab.ok, lab.ok ? '' : JSON.stringify(lab.failures));
  return lab.value;
}

function ask(lab: Lab, from: string, to: string): Trace {
  const source = parseSource(from, lab.network);
  const target = parseTarget(to);
  assert.ok(source.ok && target.ok);
  return send(lab, { from: source.value, to: target.value });
}

const told = ({ verdict, shown }: Trace): string => `${verdict} ${shown.reason} ${shown.object?.kind ?? ''} ${shown.field ?? ''}`.trim();

test('the other nodes know the Service', () => {
  for (const mode of ['iptables', 'nftables', 'ipvs']) assert.equal(told(ask(open('{ service: s/api }', mode), 's/c1', 'tcp://10.96.5.5:80')), 'delivered answered', mode);
});

test('a Service that came after kube-proxy stopped has no rules on the node: its address is lost, its node port refuses', () => {
  for (const mode of ['iptables', 'nftables', 'ipvs']) {
    const lab = open('{ service: s/api }', mode);
    const trace = ask(lab, 's/c2', 'tcp://10.96.5.5:80');
    assert.equal(told(trace), 'timeout stale-proxy-rules Cluster spec.nodes[1].kubeProxy.running', mode);
    assert.equal(trace.shown.hops.at(-1)?.evidence, 'kubectl -n kube-system get pods -o wide -l k8s-app=kube-proxy');
    assert.equal(told(ask(lab, 'node/n2', 'tcp://172.20.0.12:30080')), 'refused stale-proxy-rules Cluster spec.nodes[1].kubeProxy.running', mode);
    const [, node] = lab.network.nodes;
    assert.ok(node);
    for (const print of [iptablesSave, nftListRuleset, ipvsadmLn]) assert.doesNotMatch(print(lab.network, node), /10\.96\.5\.5|s\/api/, mode);
  }
});

test('old rules send to an address that nobody has any more, which fails as such addresses do', () => {
  const stale = '{ service: s/api, endpoints: ["10.244.1.77:80"] }';
  assert.equal(told(ask(open(stale), 's/c2', 'tcp://10.96.5.5:80')), 'unreachable stale-proxy-rules Cluster spec.nodes[1].kubeProxy.running');
  assert.equal(told(ask(open(stale, 'iptables', 'calico'), 's/c2', 'tcp://10.96.5.5:80')), 'timeout stale-proxy-rules Cluster spec.nodes[1].kubeProxy.running');
  for (const [mode, print, line] of [['iptables', iptablesSave, /-A KUBE-SEP-\w+ -p tcp .* -j DNAT --to-destination 10\.244\.1\.77:80\n/], ['nftables', nftListRuleset, /meta l4proto tcp dnat to 10\.244\.1\.77:80\n/], ['ipvs', ipvsadmLn, /TCP {2}10\.96\.5\.5:80 rr\n {2}-> 10\.244\.1\.77:80 /]] as const) {
    const { network } = open(stale, mode);
    const [first, second] = network.nodes;
    assert.ok(first && second);
    assert.match(print(network, second), line);
    assert.doesNotMatch(print(network, first), /10\.244\.1\.77/);
  }
});

test('old rules send to an address that another pod has by now', () => {
  const trace = ask(open('{ service: s/api, endpoints: ["10.244.1.22:81"] }'), 's/c2', 'tcp://10.96.5.5:80');
  assert.equal(trace.verdict, 'delivered');
  assert.equal(trace.shown.backend?.pod, 's/other');
  assert.match(trace.shown.why, /old rules .* which is pod s\/other now/);
  assert.equal(told(ask(open('{ service: s/api, endpoints: ["10.244.1.22:80"] }'), 's/c2', 'tcp://10.96.5.5:80')), 'refused stale-proxy-rules Cluster spec.nodes[1].kubeProxy.running');
});

test('an endpoint that is still good among old ones makes the Service fail now and then', () => {
  const trace = ask(open('{ service: s/api, endpoints: ["10.244.1.21:80", "10.244.1.77:80"] }'), 's/c2', 'tcp://10.96.5.5:80');
  assert.equal(trace.verdict, 'intermittent');
  assert.deepEqual(trace.walks.map(({ backend, verdict, probability }) => `${backend?.ip ?? ''} ${verdict} ${probability}`), ['10.244.1.21 delivered 0.5', '10.244.1.77 unreachable 0.5']);
});

test('rules from before the first endpoint refuse', () => {
  const lab = open('{ service: s/api, endpoints: [] }');
  assert.equal(told(ask(lab, 's/c2', 'tcp://10.96.5.5:80')), 'refused stale-proxy-rules Cluster spec.nodes[1].kubeProxy.running');
  const [, node] = lab.network.nodes;
  assert.ok(node);
  assert.match(iptablesSave(lab.network, node), /"s\/api has no endpoints"/);
});

test('load balancers leave out a node whose kube-proxy does not answer their health checks', () => {
  const lab = open('{ service: s/api }');
  const { verdict, walks } = ask(lab, 'external', 'tcp://203.0.113.9:80');
  assert.equal(verdict, 'delivered');
  assert.ok(walks.every(({ hops }) => hops.every(({ at }) => at.kind !== 'node' || at.name === 'n1')));
});

test('rules that are still right do no harm', () => {
  assert.equal(told(ask(open(''), 's/c2', 'tcp://10.96.5.5:80')), 'delivered answered');
  assert.ok(reasons.includes('stale-proxy-rules'));
});

// One cluster under every kind of proxy: the same request, another answer (services.md 3 and 8, failures.md 0.2).
import assert from 'node:assert/strict';
import test from 'node:test';
import { openLab, parseSource, parseTarget, send, type Lab, type LabOptions } from '../../../src/sim/lab.ts';

const pod = (name: string, node: string, more = ''): string => `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: m, labels: { app: ${name.replace(/-.*/, '')} }, annotations: { k8snet-lab/listen: "0.0.0.0:80/TCP" } }
spec: { nodeName: ${node}, containers: [{ name: main, image: main, ports: [{ containerPort: 80 }] }]${more} }
---
`;
const service = (name: string, spec: string): string => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: m }
spec: { ${spec} }
---
`;
const documents = pod('client', 'worker-1') + pod('api-a', 'worker-1') + pod('api-b', 'worker-2') + pod('far', 'worker-2')
  + service('api', 'clusterIP: 10.96.1.1, type: NodePort, selector: { app: api }, ports: [{ port: 80, nodePort: 30080 }]')
  + service('empty', 'clusterIP: 10.96.1.2, selector: { app: nobody }, ports: [{ port: 80 }]')
  + service('near', 'clusterIP: 10.96.1.3, internalTrafficPolicy: Local, selector: { app: far }, ports: [{ port: 80 }]')
  + service('local', 'clusterIP: 10.96.1.4, type: NodePort, externalTrafficPolicy: Local, selector: { app: far }, ports: [{ port: 80, nodePort: 30081 }]')
  + service('other', 'clusterIP: 10.96.1.5, externalIPs: [198.51.100.40], selector: { app: api }, ports: [{ port: 80 }]');

const config = (text: string): string => `apiVersion: v1
kind: ConfigMap
metadata: { name: kube-proxy, namespace: kube-system }
data:
  config.conf: '${text}'
---
`;
const cluster = (spec: string): string => `apiVersion: k8snet-lab/v1\nkind: Cluster\nmetadata: { name: lab }\nspec: ${spec}\n---\n`;

function open(options: LabOptions = {}, more = ''): Lab {
  const lab = openLab([{ path: 'modes.yaml', text: documents + more }], options);
  assert.ok(lab.ok, lab.ok ? '' : JSON.stringify(lab.failures));
  return lab.value;
}

function sent(lab: Lab, from: string, to: string): string {
  const source = parseSource(from, lab.network);
  const target = parseTarget(to);
  assert.ok(source.ok && target.ok);
  const { verdict, shown, walks } = send(lab, { from: source.value, to: target.value });
  return `${verdict} ${shown.reason}${walks.some(({ snat }) => snat) ? ' snat' : ''}`;
}

const modes = ['iptables', 'nftables', 'ipvs', 'none'] as const;
const cases: readonly (readonly [from: string, to: string, iptables: string, nftables: string, ipvs: string, none: string])[] = [
  ['m/client', 'tcp://10.96.1.1:80', 'delivered answered', 'delivered answered', 'delivered answered', 'timeout no-service-proxy'],
  ['m/client', 'tcp://10.96.1.1:81', 'timeout port-not-in-service', 'refused port-not-in-service', 'refused port-not-in-service', 'timeout no-service-proxy'],
  ['m/client', 'udp://10.96.1.1:80', 'timeout port-not-in-service', 'refused port-not-in-service', 'refused port-not-in-service', 'timeout no-service-proxy'],
  ['m/client', 'icmp://10.96.1.1', 'timeout ping-unanswered', 'refused ping-unanswered', 'refused ping-unanswered', 'timeout no-service-proxy'],
  ['m/client', 'tcp://10.96.1.99:80', 'timeout no-such-service-address', 'timeout no-such-service-address', 'timeout no-such-service-address', 'timeout no-service-proxy'],
  ['m/client', 'tcp://10.96.1.2:80', 'refused no-ready-endpoints', 'refused no-ready-endpoints', 'refused no-ready-endpoints', 'timeout no-service-proxy'],
  ['m/client', 'tcp://10.96.1.3:80', 'timeout no-local-endpoints', 'timeout no-local-endpoints', 'refused no-local-endpoints', 'timeout no-service-proxy'],
  ['m/client', 'tcp://192.168.0.11:30080', 'delivered answered snat', 'delivered answered snat', 'delivered answered snat', 'refused port-closed'],
  ['node/worker-1', 'tcp://127.0.0.1:30080', 'delivered answered snat', 'refused port-closed', 'refused port-closed', 'refused port-closed'],
  ['node/worker-1', 'tcp://10.96.1.1:80', 'delivered answered snat', 'delivered answered snat', 'delivered answered snat', 'timeout no-service-proxy'],
  ['external', 'tcp://192.168.0.11:30081', 'timeout no-local-endpoints', 'timeout no-local-endpoints', 'timeout no-local-endpoints', 'refused port-closed'],
  ['m/client', 'tcp://192.168.0.11:30081', 'delivered answered', 'delivered answered', 'delivered answered', 'refused port-closed'],
  ['m/client', 'tcp://198.51.100.40:80', 'delivered answered snat', 'delivered answered snat', 'delivered answered snat', 'delivered answered'],
  ['m/client', 'tcp://198.51.100.40:81', 'timeout port-not-in-service', 'timeout port-not-in-service', 'refused port-not-in-service', 'delivered answered'],
];

for (const [at, proxy] of modes.entries()) {
  test(`the same requests under ${proxy}`, () => {
    // Calico could take kube-proxy's place; Flannel cannot.
    const lab = open({ proxy, ...(proxy === 'none' ? { cni: 'flannel' } : {}) });
    assert.deepEqual(cases.map(([from, to]) => `${from} ${to}: ${sent(lab, from, to)}`), cases.map(([from, to, ...ends]) => `${from} ${to}: ${ends[at] ?? ''}`));
  });
}

test('the mode is what --proxy says, else what kube-proxy\'s ConfigMap says, else what the Cluster document says', () => {
  assert.equal(open().network.proxy.mode, 'iptables');
  assert.equal(open({}, cluster('{ kubeProxy: { mode: nftables } }')).network.proxy.mode, 'nftables');
  assert.equal(open({}, cluster('{ kubeProxy: { mode: nftables } }') + config('mode: ipvs')).network.proxy.mode, 'ipvs');
  assert.equal(open({}, cluster('{ kubeProxy: { mode: nftables } }') + config('mode: ""')).network.proxy.mode, 'nftables');
  assert.equal(open({ proxy: 'iptables' }, cluster('{ kubeProxy: { mode: nftables } }') + config('mode: ipvs')).network.proxy.mode, 'iptables');
});

test('node ports answer on a second address of the node unless the proxy keeps to the first', () => {
  const node = 'apiVersion: v1\nkind: Node\nmetadata: { name: worker-1 }\nspec: { podCIDR: 10.244.1.0/24 }\nstatus: { addresses: [{ type: InternalIP, address: 192.168.0.11 }, { type: InternalIP, address: 192.168.7.11 }] }\n---\n'
    + 'apiVersion: v1\nkind: Node\nmetadata: { name: worker-2 }\nspec: { podCIDR: 10.244.2.0/24 }\nstatus: { addresses: [{ type: InternalIP, address: 192.168.0.12 }] }\n---\n';
  const ends = (options: LabOptions, more = ''): string => sent(open(options, node + more), 'external', 'tcp://192.168.7.11:30080');
  assert.equal(ends({}), 'delivered answered snat');
  assert.equal(ends({ proxy: 'nftables' }), 'refused port-closed');
  assert.equal(ends({ proxy: 'nftables' }, config('nodePortAddresses: ["192.168.7.0/24"]')), 'delivered answered snat');
  assert.equal(ends({}, config('nodePortAddresses: ["primary"]')), 'refused port-closed');
});

test('a plugin in kube-proxy\'s place connects pods to the endpoint itself', () => {
  const lab = open({}, cluster('{ cni: { plugin: cilium }, kubeProxy: { mode: none } }'));
  assert.equal(lab.network.proxy.replacement?.by, 'cilium');
  assert.equal(sent(lab, 'm/client', 'tcp://10.96.1.1:80'), 'delivered answered');
  assert.equal(sent(lab, 'node/worker-1', 'tcp://10.96.1.1:80'), 'delivered answered');
  assert.equal(sent(lab, 'm/client', 'tcp://10.96.1.2:80'), 'refused no-ready-endpoints');
  assert.equal(sent(lab, 'm/client', 'tcp://10.96.1.1:81'), 'timeout port-not-in-service');
  assert.equal(sent(lab, 'node/worker-1', 'tcp://127.0.0.1:30080'), 'delivered answered');
  assert.equal(sent(lab, 'm/client', 'tcp://10.96.1.3:80'), 'timeout no-local-endpoints');
  assert.equal(sent(lab, 'external', 'tcp://192.168.0.11:30080'), 'delivered answered snat');
});

test('trafficDistribution keeps traffic in the zone, or on the node, as long as every zone has somebody', () => {
  const zones = ['a', 'b'].map((zone, index) => `apiVersion: v1\nkind: Node\nmetadata: { name: worker-${index + 1}, labels: { topology.kubernetes.io/zone: ${zone} } }\nspec: { podCIDR: 10.244.${index + 1}.0/24 }\nstatus: { addresses: [{ type: InternalIP, address: 192.168.0.1${index + 1} }] }\n---\n`).join('');
  for (const distribution of ['PreferClose', 'PreferSameZone', 'PreferSameNode']) {
    const lab = open({}, zones + service('close', `clusterIP: 10.96.1.9, trafficDistribution: ${distribution}, selector: { app: api }, ports: [{ port: 80 }]`));
    const source = parseSource('m/client', lab.network);
    const target = parseTarget('tcp://10.96.1.9:80');
    assert.ok(source.ok && target.ok);
    assert.deepEqual(send(lab, { from: source.value, to: target.value }).walks.map(({ backend }) => backend?.pod), ['m/api-a']);
  }
});

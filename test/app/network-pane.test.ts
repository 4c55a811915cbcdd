// The Network pane's three parts, what is the matter with a node, and the switch of plugin, mode and proxy.
import test from 'node:test';
import assert from 'node:assert/strict';
import { openLab } from '../../src/sim/lab.ts';
import { frameOf } from '../../src/view/frame-of.ts';
import { Player } from './player.ts';

test('what finding a Service costs stands in numbers at every size, and as a chart where there is room and colour', () => {
  const player = new Player({ lesson: 'tour-four-layers', size: '160x50' }).press('s', '8', 'm', 'm').sees('iptables', '5006', 'now', 'Counted from its 7 Service ports');
  const figure = (): string | undefined => frameOf(player.state).boxes.find(({ figure }) => figure !== null)?.figure?.kind;
  assert.equal(figure(), 'chart');
  player.resizes(80, 24).sees('IPVS', '5006');
  assert.equal(figure(), undefined);
  const plain = new Player({ lesson: 'tour-four-layers', size: '160x50', ascii: true }).press('s', '8', 'm', 'm').sees('nftables');
  assert.ok(frameOf(plain.state).boxes.every((box) => box.figure === null));
});

test('the plugins stand side by side in this very cluster, and the parts are turned both ways', () => {
  const player = new Player({ lesson: 'a-policy-nobody-enforces', size: '160x50' }).press('s', '8', 'm').sees('aws-vpc-cni', 'enforces none', '87 bytes', '1376').press('left').sees('routes').press('left').sees('eBPF');
  player.press(':').types('network plugins').press('enter').sees('weave').press(':').types('network nonsense').press('enter').sees('nodes, plugins, cost');
});

test('another kube-proxy is one choice away, and the cost follows', () => {
  const player = new Player({ lesson: 'a-policy-nobody-enforces' }).press('s', '8', 'p').types('kube-proxy ipvs').press('enter').sees('patched').press('8', 'm', 'm');
  assert.match(player.screen, /▸ IPVS/);
  player.press('7').sees('ipvsadm -Ln');
});

test('what is the matter with a node is said in the list and in its own part', () => {
  const lab = openLab([{ path: 'lab.yaml', text: `
apiVersion: k8snet-lab/v1
kind: Cluster
metadata: { name: lab }
spec:
  nodes:
    - { name: worker-1, kubeProxy: { running: false }, conntrack: { max: 1000, used: 1000 }, rpFilter: strict, forwardPolicy: DROP, ipForward: false }
    - { name: worker-2 }
  underlay:
    securityGroups: [ { name: nodes, nodes: [ worker-1 ], ingress: [ { protocol: TCP, ports: "10250" } ] } ]
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec: { nodeName: worker-1, containers: [ { name: main, image: nginx, ports: [ { containerPort: 80 } ] } ] }
` }], { validate: false });
  assert.ok(lab.ok, lab.ok ? '' : lab.failures.map(({ says }) => says).join('; '));
  const player = new Player({ start: { kind: 'sandbox', lab: lab.value, title: 'x' }, size: '160x50' }).press('escape', '8', 'down');
  player.sees('no kube-proxy', 'does not run: the rules stay', 'conntrack full', '1000 of 1000 connections: new ones are dropped', 'strict', 'policy DROP', 'ip_forward is 0', 'nodes lets in', 'spec.nodes[0]');
});

test('without policies everybody may call everybody', () => {
  const player = new Player({ lesson: 'default-deny-then-allow', size: '160x50' }).press('s', 's', 's', 's', '6', 'm', 'p').sees('without policies');
  const matrix = frameOf(player.state).boxes.find(({ id }) => id === 'diagram')?.lines.slice(2, 10).map((line) => line.map(({ text }) => text).join('')).join('\n') ?? '';
  assert.ok(!matrix.includes('✗'), matrix);
});

test('a cell of the outside names the rule and shows it', () => {
  new Player({ lesson: 'default-deny-then-allow', size: '160x50' }).press('s', 's', 's', 's', ':').types('policy outside web').press('enter').sees('web-from-anyone allows TCP 8080', 'policies.yaml:', '- port: 8080');
});

test('the Service pane draws the whole way, the rules of the node and what load balancers cost', () => {
  new Player({ lesson: 'tour-four-layers', size: '160x50' }).press('s', '2', 'down', '7').sees('outside ─30080─▶ any node ─8080─▶ pod', 'externalTrafficPolicy Cluster', 'iptables-save -t nat', '--dport 30080');
  const lab = openLab([{ path: 'lab.yaml', text: `
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { containers: [ { name: main, image: nginx, ports: [ { containerPort: 80 } ] } ] }
---
apiVersion: v1
kind: Service
metadata: { name: front, namespace: shop }
spec: { type: LoadBalancer, externalTrafficPolicy: Local, selector: { app: web }, ports: [ { port: 443, targetPort: 80 } ] }
---
apiVersion: v1
kind: Service
metadata: { name: bare, namespace: shop }
spec: { clusterIP: None, selector: { app: web }, ports: [ { port: 80 } ] }
---
apiVersion: v1
kind: Service
metadata: { name: elsewhere, namespace: shop }
spec: { type: ExternalName, externalName: example.com }
` }]);
  assert.ok(lab.ok);
  const player = new Player({ start: { kind: 'sandbox', lab: lab.value, title: 'x' }, size: '160x50' }).press('escape', '7').sees("pod asks DNS, gets the pods' addresses");
  player.press('down').sees('CNAME', 'example.com').press('down').sees('internet ─443─▶', 'a node with a pod ─80─▶ pod', '1 load balancer in the cluster', 'only nodes with a ready pod answer');
});

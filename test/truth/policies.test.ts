import assert from 'node:assert/strict';
import test from 'node:test';
import { cluster, pod, rows, sent, service } from './asked.ts';

const workload = (path: string, replicas: number, ports: string): string => {
  const [namespace, name] = path.split('/');
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${String(name)}, namespace: ${String(namespace)}}\nspec: {replicas: ${String(replicas)}, selector: {matchLabels: {app: ${String(name)}}}, template: {metadata: {labels: {app: ${String(name)}}}, spec: {containers: [{name: c, image: i${ports}}]}}}\n---\n`;
};
const policy = (name: string, spec: string): string => `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}, namespace: a}\nspec: {${spec}}\n---\n`;
const base = workload('a/web', 2, ', ports: [{containerPort: 8080, name: http}, {containerPort: 9, name: u, protocol: UDP}]') + workload('a/db', 1, '') + workload('b/cli', 1, '') + workload('b/zero', 0, '') + service('a/web', 'clusterIP: 10.96.7.1, selector: {app: web}, ports: [{port: 80, targetPort: http}]');
const guarded = policy('web-in', 'podSelector: {matchLabels: {app: web}}, ingress: [{from: [{ipBlock: {cidr: 10.20.0.0/16, except: [10.20.5.0/24]}}], ports: [{port: 8000, endPort: 8100}]}, {from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: b}}}], ports: [{port: http}, {port: u, protocol: UDP}, {protocol: SCTP}]}, {from: [{podSelector: {}}], ports: [{port: u}]}]');

test('the reach matrix has the blocks of a policy, its named ports, and its protocols', () => {
  const found = rows(cluster(base + guarded)).filter((row) => row.includes('-> a/web '));
  assert.deepEqual(found, ['10.20.0.0-10.20.4.255 -> a/web {"TCP":[[8000,8100]]}', '10.20.6.0-10.20.255.255 -> a/web {"TCP":[[8000,8100]]}', 'b/cli -> a/web {"TCP":[[8080,8080]],"UDP":[[9,9]],"SCTP":[[1,65535]]}']);
});

test('a named port of the wrong protocol opens nothing', () => {
  const { verdict, because } = sent(cluster(base + guarded), 'a/db', 'http://web/');
  assert.deepEqual([verdict, because], ['timeout', 'policy: NetworkPolicy a/web-in spec.ingress[2].ports']);
});

test('a policy judges the pod\'s port, not the Service\'s', () => {
  const by = (port: number): string => sent(cluster(base + policy('p', `podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: ${String(port)}}]}]`)), 'b/cli', 'http://web.a/').verdict;
  assert.deepEqual([by(80), by(8080)], ['timeout', 'delivered']);
});

test('Flannel enforces no policy', () => {
  assert.equal(sent(cluster(base + guarded), 'a/db', 'http://web/').verdict, 'timeout');
  assert.equal(sent(cluster(base + guarded, { cni: 'flannel' }), 'a/db', 'http://web/').verdict, 'delivered');
});

test('a node reaches its own pods under any policy, and others\' only when they let it', () => {
  assert.deepEqual([...sent(cluster(base + policy('deny', 'podSelector: {}')), 'node/worker-1', '10.96.7.1:80').ways].map((way) => way.split(' ')[1]).sort(), ['delivered', 'timeout']);
});

test('an egress section alone isolates ingress too, unless policyTypes says otherwise', () => {
  const to = (spec: string): boolean => rows(cluster(base + policy('p', `podSelector: {matchLabels: {app: db}}, ${spec}`))).includes('b/cli -> a/db "all"');
  assert.deepEqual([to('egress: [{}]'), to('policyTypes: [Egress], egress: [{}]'), to('policyTypes: [Egress], ingress: []')], [false, true, true]);
});

test('a pod always reaches itself over its own Service', () => {
  assert.equal(sent(cluster(pod('a/x', 80, 'app: x') + service('a/x', 'selector: {app: x}, ports: [{port: 80}]') + policy('deny', 'podSelector: {}, policyTypes: [Ingress]')), 'a/x', 'http://x/').verdict, 'delivered');
});

test('policies add up: what one allows no other takes away', () => {
  assert.equal(sent(cluster(base + policy('deny', 'podSelector: {}') + policy('all', 'podSelector: {}, ingress: [{}]')), 'b/cli', 'http://web.a/').verdict, 'delivered');
});

test('pods on their node\'s network are rows that no policy selects', () => {
  const host = 'apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: agent, namespace: a}\nspec: {selector: {matchLabels: {app: agent}}, template: {metadata: {labels: {app: agent}}, spec: {hostNetwork: true, containers: [{name: c, image: i}]}}}\n---\n';
  const found = rows(cluster(base + host + policy('deny', 'podSelector: {}, policyTypes: [Ingress, Egress]')));
  assert.ok(found.includes('b/cli -> a/agent "all"'));
  assert.ok(!found.includes('b/cli -> a/db "all"'));
  assert.ok(!found.some((row) => row.startsWith('a/agent -> a/')));
});

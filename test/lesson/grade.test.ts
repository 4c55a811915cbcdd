import test from 'node:test';
import assert from 'node:assert/strict';
import { applyFix } from '../../src/lesson/apply-fix.ts';
import { grade, gradeLine, liveIntents } from '../../src/lesson/grade.ts';
import type { Fix, Grade, Lesson } from '../../src/lesson/lesson.ts';
import { broken, lesson } from './course.fixture.ts';

function graded(of: Lesson, fix: Partial<Fix>): Grade {
  const start = broken(of);
  const lab = applyFix(of, start, { name: 'fix', files: [], run: [], ...fix });
  assert.ok(lab.ok, lab.ok ? undefined : JSON.stringify(lab.failures));
  return grade(of, start, lab.value);
}

const yaml = (text: string): Partial<Fix> => ({ files: [{ path: 'fix.yaml', text }] });
const patch = (object: string, namespace: string, change: object): string => `kubectl patch ${object} -n ${namespace} --type merge -p '${JSON.stringify(change)}'`;

const endpoints = lesson('empty-endpoint-list');
const deny = lesson('default-deny-then-allow');
const names = lesson('a-name-in-another-namespace');
const ports = lesson('three-ports');

const repair = patch('service api', 'shop', { spec: { selector: { app: 'api', tier: null } } });

test('a repair is counted: fixed, broke, opened', () => {
  const result = graded(endpoints, { run: [repair] });
  assert.ok(result.solved, result.messages.join('\n'));
  assert.equal(gradeLine(result), 'fixed 1, broke 0, opened 0 paths that nobody asked for');
  assert.deepEqual(result.messages, []);
});

test('nothing done is not solved, and the sentence names the intent', () => {
  const result = graded(endpoints, {});
  assert.equal(result.solved, false);
  assert.deepEqual(result.falls, ['intent']);
  assert.match(result.messages.join(), /The storefront gets an answer from the API: not yet/);
});

test('a label on running pods holds until the pods are replaced', () => {
  const result = graded(endpoints, { run: ['kubectl label pods -n shop -l app=api tier=backend'] });
  assert.deepEqual(result.falls, ['replaced']);
  assert.match(result.messages.join(), /not in the template that makes them/);
});

test('an endpoint list made by hand with pod addresses is no repair', () => {
  const pod = broken(endpoints).network.pods.find((one) => one.owner.name === 'api')?.addresses[0] ?? '';
  const result = graded(endpoints, yaml(`apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: mine, namespace: shop, labels: { kubernetes.io/service-name: api } }
addressType: IPv4
endpoints: [{ addresses: ["${pod}"] }]
ports: [{ name: http, port: 8080, protocol: TCP }]
`));
  assert.equal(result.intents[0]?.fell, 'replaced');
  assert.ok(result.falls.includes('guard'));
});

test('a repair that is also a door to the outside is none', () => {
  for (const spec of [{ type: 'NodePort' }, { type: 'LoadBalancer' }, { externalIPs: ['203.0.113.9'] }]) {
    const result = graded(endpoints, { run: [repair, patch('service api', 'shop', { spec })] });
    assert.deepEqual(result.falls, ['outside'], JSON.stringify(spec));
    assert.equal(result.intents[0]?.fell, 'outside');
  }
});

test('a second Service of type NodePort is a door as well', () => {
  const result = graded(endpoints, { run: [repair], ...yaml(`apiVersion: v1
kind: Service
metadata: { name: second, namespace: shop }
spec: { type: NodePort, selector: { app: db }, ports: [{ port: 5432 }] }
`) });
  assert.deepEqual(result.falls, ['outside']);
});

test('the network of the host is a door', () => {
  const result = graded(endpoints, { run: [repair, patch('deployment web', 'shop', { spec: { template: { spec: { hostNetwork: true } } } })] });
  assert.ok(result.falls.includes('outside'), result.falls.join());
});

test('a pod that the learner brings along and that answers in place of the API is no repair', () => {
  const result = graded(endpoints, yaml(`apiVersion: v1
kind: Pod
metadata: { name: mine, namespace: shop, labels: { app: api, tier: backend }, annotations: { k8snet-lab/listen: "8080/TCP" } }
spec: { containers: [{ name: mine, image: mine, ports: [{ name: http, containerPort: 8080 }] }] }
`));
  assert.equal(result.intents[0]?.fell, 'intent');
  assert.match(result.intents[0]?.why ?? '', /no pod of shop\/api/);
});

test('to delete what is protected is not solved', () => {
  const result = graded(deny, { run: ['kubectl delete networkpolicy default-deny -n shop'] });
  assert.ok(result.falls.includes('guard'));
  assert.ok(result.guards.some((guard) => guard.say === 'NetworkPolicy shop/default-deny stays as it is' && !guard.holds));
  assert.ok(result.opened.length > 0);
});

test('an emptied policy is an edited one', () => {
  const result = graded(deny, { run: [`kubectl patch networkpolicy default-deny -n shop --type merge -p '${JSON.stringify({ spec: { ingress: [{}] } })}'`] });
  assert.ok(result.falls.includes('guard'));
});

test('every path that was opened and nobody asked for is listed', () => {
  const result = graded(deny, yaml(`apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db-from-all, namespace: shop }
spec:
  podSelector: { matchLabels: { app: db } }
  ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 5432 }] }]
`));
  assert.deepEqual(result.opened.map(({ from, to, ports: open }) => [from, to, open]), [['shop/web', 'shop/db', { TCP: [[5432, 5432]] }]]);
  assert.equal(result.fixed, 1);
  assert.equal(result.broke, 1);
});

test('a rule wider than the port that was asked for is opened paths', () => {
  const solution = deny.solutions.find((one) => one.name === 'one-policy-each');
  assert.ok(solution);
  const wide = solution.files.map((file) => ({ ...file, text: file.text.replace('        - protocol: TCP\n          port: 5432', '        - protocol: TCP\n          port: 5432\n          endPort: 5440') }));
  const result = graded(deny, { files: wide });
  assert.deepEqual(result.falls, ['opened']);
  assert.deepEqual(result.opened.map(({ from, to, ports: open }) => [from, to, open]), [['shop/api', 'shop/db', { TCP: [[5433, 5440]] }]]);
  assert.match(result.messages.join(), /1 path: shop\/api → shop\/db/);
});

test('a hosts entry never counts', () => {
  const result = graded(names, { run: [patch('deployment web', 'shop', { spec: { template: { spec: { hostAliases: [{ ip: '10.96.80.3', hostnames: ['gateway'] }] } } } })] });
  assert.deepEqual(result.falls, ['guard']);
});

test('the listen annotation is no repair', () => {
  const result = graded(ports, { run: [patch('deployment api', 'shop', { spec: { template: { metadata: { annotations: { 'k8snet-lab/listen': '80/TCP' } } } } })] });
  assert.ok(result.falls.includes('guard'));
  assert.ok(result.falls.includes('intent'));
});

test('an address of a pod in the configuration falls when the pod is replaced', () => {
  const of = lesson('localhost-ends-at-the-pod');
  const pod = broken(of).network.pods.find((one) => one.owner.name === 'api')?.addresses[0] ?? '';
  const result = graded(of, { run: [`kubectl patch deployment web -n shop -p '${JSON.stringify({ spec: { template: { spec: { containers: [{ name: 'web', env: [{ name: 'API_URL', value: `http://${pod}:9000/` }] }] } } } })}'`] });
  assert.equal(result.intents[0]?.fell, 'replaced');
});

test('a fix that works from one node falls from the others', () => {
  const result = graded(endpoints, { run: [repair, patch('service api', 'shop', { spec: { internalTrafficPolicy: 'Local' } }), patch('deployment api', 'shop', { spec: { replicas: 1 } })] });
  assert.equal(result.solved, false);
  assert.ok(result.falls.includes('intent') || result.falls.includes('every-node'), result.falls.join());
});

test('what stands on the screen is the cluster as it stands', () => {
  assert.deepEqual(liveIntents(endpoints, broken(endpoints)).map((intent) => intent.holds), [false, true, true, true]);
});

test('a declared workload that has pods again opens nothing by it, and a new one does', () => {
  const asleep: Lesson = { ...endpoints, cluster: endpoints.cluster.map((file) => ({ ...file, text: file.text.replace('kind: Deployment\nmetadata:\n  name: api\n  namespace: shop\nspec:\n  replicas: 2', 'kind: Deployment\nmetadata:\n  name: api\n  namespace: shop\nspec:\n  replicas: 0') })) };
  assert.equal(broken(asleep).network.workloads.find(({ ref }) => ref.name === 'api')?.pods.length, 0);
  const awake = graded(asleep, { run: [repair, 'kubectl scale deployment api -n shop --replicas=2'] });
  assert.deepEqual([awake.opened, awake.solved], [[], true]);
  assert.ok(graded(endpoints, { run: [repair, 'kubectl create deployment more -n shop --image=registry.example/more:1'] }).opened.length > 0);
});

// Controllers: what becomes of declared objects, and what stays as it was given.
import assert from 'node:assert/strict';
import test from 'node:test';
import { list } from '../../../src/sim/cluster/store.ts';
import { change, openLab, undo } from '../../../src/sim/lab.ts';
import { applied, call, changed, merge, open, podNames, shop } from '../lab.fixture.ts';

const slicesOf = (lab: ReturnType<typeof open>, service: string): readonly string[] => list(lab.store, 'EndpointSlice').filter(({ object }) => object.metadata.labels?.['kubernetes.io/service-name'] === service).flatMap(({ object }) => (object.endpoints ?? []).map((endpoint) => `${endpoint.addresses[0]} ${endpoint.conditions?.ready}`));

test('three nodes, CoreDNS and the API server are there without being declared', () => {
  const lab = open(shop());
  assert.deepEqual(lab.network.nodes.map(({ name, internal, podRanges }) => `${name} ${internal.join()} ${podRanges.join()}`), ['control-plane 192.168.0.10 10.244.0.0/24', 'worker-1 192.168.0.11 10.244.1.0/24', 'worker-2 192.168.0.12 10.244.2.0/24']);
  assert.deepEqual(lab.network.services.filter(({ implied }) => implied).map(({ ref, clusterAddresses }) => `${ref.namespace}/${ref.name} ${clusterAddresses.join()}`), ['default/kubernetes 10.96.0.1', 'kube-system/kube-dns 10.96.0.10']);
  assert.equal(lab.network.pods.filter(({ answersDns }) => answersDns).length, 2);
});

test('pods of a Deployment are named as Kubernetes names them', () => {
  for (const name of podNames(open(shop()), 'shop')) assert.match(name, /^(web|api)-[bcdf4-9]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
});

test('no pod is put on the tainted control plane, and pods of one owner are spread', () => {
  const lab = open(shop('app: api', 4));
  const nodes = lab.network.pods.filter(({ owner }) => owner.name === 'api').map(({ node }) => node);
  assert.deepEqual([...nodes].sort(), ['worker-1', 'worker-1', 'worker-2', 'worker-2']);
});

test('a pod that fits no node stays pending, in the scheduler\'s words', () => {
  const lab = open(`apiVersion: v1
kind: Pod
metadata: { name: picky, namespace: default }
spec: { nodeSelector: { disk: ssd }, containers: [{ name: main, image: x }] }
`);
  const pod = list(lab.store, 'Pod', 'default')[0]?.object;
  assert.equal(pod?.status?.phase, 'Pending');
  assert.equal(pod?.status?.conditions?.[0]?.message, "0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.");
});

test('an address is never handed out twice', () => {
  let lab = open(shop());
  const seen = new Set(lab.network.pods.flatMap(({ addresses }) => addresses));
  for (let round = 0; round < 4; round++) {
    const [victim = ''] = podNames(lab, 'shop');
    const before = new Set(podNames(lab, 'shop'));
    lab = changed(lab, { verb: 'delete', ref: { kind: 'Pod', namespace: 'shop', name: victim } });
    const fresh = lab.network.pods.filter(({ namespace, name }) => namespace === 'shop' && !before.has(name));
    assert.equal(fresh.length, 1);
    for (const ip of fresh.flatMap(({ addresses }) => addresses)) {
      assert.ok(!seen.has(ip), ip);
      seen.add(ip);
    }
  }
});

test('a pod relabelled out of its ReplicaSet is orphaned and replaced', () => {
  const lab = open(shop());
  const name = podNames(lab, 'shop').find((candidate) => candidate.startsWith('api-')) ?? '';
  const after = changed(lab, merge('Pod', 'shop', name, { metadata: { labels: { app: 'quarantine' } } }));
  assert.equal(podNames(after, 'shop').filter((candidate) => candidate.startsWith('api-')).length, 3);
  assert.deepEqual(after.network.pods.find((pod) => pod.name === name)?.owner, { kind: 'Pod', namespace: 'shop', name });
  assert.equal(after.network.services.find(({ ref }) => ref.name === 'api')?.ports[0]?.endpoints.length, 2);
  assert.equal(call(after, 'shop/web', `tcp://${after.network.pods.find((pod) => pod.name === name)?.addresses[0] ?? ''}:8080`).verdict, 'delivered');
});

test('a rollout whose new pods never get ready keeps the old ones', () => {
  const lab = open(shop('app: api', 4));
  const broken = changed(lab, { verb: 'patch', ref: { kind: 'Deployment', namespace: 'shop', name: 'api' }, type: 'strategic', patch: { spec: { template: { spec: { containers: [{ name: 'api', readinessProbe: { httpGet: { port: 9999 } } }] } } } } });
  const pods = broken.network.pods.filter(({ owner }) => owner.name === 'api');
  // 25 % of four may be missing and one may be more: three old ones, two new ones.
  assert.deepEqual([pods.filter(({ ready }) => ready).length, pods.filter(({ ready }) => !ready).length], [3, 2]);
  assert.equal(call(broken, 'shop/web', 'http://api').verdict, 'delivered');
  const back = changed(broken, { verb: 'patch', ref: { kind: 'Deployment', namespace: 'shop', name: 'api' }, type: 'json', patch: [{ op: 'remove', path: '/spec/template/spec/containers/0/readinessProbe' }] });
  assert.deepEqual(back.network.pods.filter(({ owner }) => owner.name === 'api').map(({ ready }) => ready), [true, true, true, true]);
});

test('scaling to nothing leaves an empty slice, and back again new pods', () => {
  const lab = open(shop());
  const none = changed(lab, merge('Deployment', 'shop', 'api', { spec: { replicas: 0 } }));
  assert.deepEqual(slicesOf(none, 'api'), []);
  assert.equal(call(none, 'shop/web', 'http://api').shown.field, 'spec.replicas');
  assert.equal(call(changed(none, merge('Deployment', 'shop', 'api', { spec: { replicas: 1 } })), 'shop/web', 'http://api').verdict, 'delivered');
});

test('what owned pods goes with them, and undo brings all of it back', () => {
  const lab = open(shop());
  const gone = changed(lab, { verb: 'delete', ref: { kind: 'Deployment', namespace: 'shop', name: 'api' } });
  assert.deepEqual(podNames(gone, 'shop').filter((name) => name.startsWith('api')), []);
  assert.deepEqual(podNames(undo(gone) ?? gone, 'shop'), podNames(lab, 'shop'));
});

test('a ConfigMap edited later does not reach containers that run', () => {
  const text = `apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: default }
data: { PORT: "8080" }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: default }
spec:
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api }, annotations: { k8snet-lab/listen: $(PORT)/TCP } }
    spec: { containers: [{ name: api, image: api, envFrom: [{ configMapRef: { name: settings } }] }] }
`;
  const lab = open(text);
  const sockets = (one: typeof lab): readonly number[] => one.network.pods.filter(({ namespace }) => namespace === 'default').flatMap((pod) => pod.sockets.map(({ port }) => port));
  assert.deepEqual(sockets(lab), [8080]);
  const edited = changed(lab, merge('ConfigMap', 'default', 'settings', { data: { PORT: '9090' } }));
  assert.deepEqual(sockets(edited), [8080]);
  const [name = ''] = podNames(edited, 'default');
  assert.deepEqual(sockets(changed(edited, { verb: 'delete', ref: { kind: 'Pod', namespace: 'default', name } })), [9090]);
});

test('a container whose ConfigMap is missing waits for it and then starts', () => {
  const lab = open(`apiVersion: v1
kind: Pod
metadata: { name: api, namespace: default }
spec: { containers: [{ name: api, image: api, ports: [{ containerPort: 80 }], envFrom: [{ configMapRef: { name: later } }] }] }
`);
  assert.equal(lab.network.pods.find(({ name }) => name === 'api')?.status, 'CreateContainerConfigError');
  const after = applied(lab, 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: later, namespace: default }\ndata: { A: b }\n');
  assert.equal(after.network.pods.find(({ name }) => name === 'api')?.status, 'Running');
});

test('StatefulSet pods have ordinals and names of their own under their headless Service', () => {
  const lab = open(`apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: default }
spec:
  replicas: 2
  serviceName: db
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: db, ports: [{ containerPort: 5432 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: default }
spec: { clusterIP: None, selector: { app: db }, ports: [{ port: 5432 }] }
`);
  assert.deepEqual(podNames(lab, 'default'), ['db-0', 'db-1']);
  assert.equal(call(lab, 'default/db-0', 'tcp://db-1.db:5432').shown.backend?.pod, 'default/db-1');
});

test('a DaemonSet runs on every node that it tolerates', () => {
  const daemon = (tolerations: string): string => `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: default }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec: { ${tolerations}containers: [{ name: agent, image: agent }] }
`;
  const nodes = (text: string): (string | null)[] => open(text).network.pods.filter(({ namespace }) => namespace === 'default').map(({ node }) => node).sort();
  assert.deepEqual(nodes(daemon('')), ['worker-1', 'worker-2']);
  assert.deepEqual(nodes(daemon('tolerations: [{ operator: Exists }], ')), ['control-plane', 'worker-1', 'worker-2']);
});

test('named target ports differ from pod to pod, each in a slice of its own', () => {
  const lab = open(`apiVersion: v1
kind: Pod
metadata: { name: old, namespace: default, labels: { app: api } }
spec: { containers: [{ name: api, image: api, ports: [{ name: http, containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: new, namespace: default, labels: { app: api } }
spec: { containers: [{ name: api, image: api, ports: [{ name: http, containerPort: 9090 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: default }
spec: { selector: { app: api }, ports: [{ port: 80, targetPort: http }] }
`);
  assert.deepEqual(call(lab, 'node/worker-1', `tcp://${lab.network.services.find(({ ref }) => ref.name === 'api')?.clusterAddresses[0] ?? ''}:80`).walks.map(({ backend, verdict }) => `${backend?.pod} ${backend?.port} ${verdict}`).sort(), ['default/new 9090 delivered', 'default/old 8080 delivered']);
  assert.equal(list(lab.store, 'EndpointSlice', 'default').filter(({ object }) => object.metadata.labels?.['kubernetes.io/service-name'] === 'api').length, 2);
});

test('a dump of a real cluster shows that cluster', () => {
  const lab = open(`apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Node
  metadata: { name: n1, labels: { kubernetes.io/hostname: n1 } }
  spec: { podCIDR: 10.42.7.0/24, podCIDRs: [10.42.7.0/24] }
  status: { addresses: [{ type: InternalIP, address: 172.16.0.7 }] }
- apiVersion: apps/v1
  kind: Deployment
  metadata: { name: api, namespace: default, annotations: { deployment.kubernetes.io/revision: "3" } }
  spec: { replicas: 1, selector: { matchLabels: { app: api } }, template: { metadata: { labels: { app: api } }, spec: { containers: [{ name: api, image: api, ports: [{ containerPort: 80 }] }] } } }
- apiVersion: v1
  kind: Pod
  metadata: { name: api-7c9f8d5b4-x2x2x, namespace: default, labels: { app: api, pod-template-hash: 7c9f8d5b4 }, ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: api-7c9f8d5b4, uid: u, controller: true }] }
  spec: { nodeName: n1, containers: [{ name: api, image: api, ports: [{ containerPort: 80 }] }] }
  status: { phase: Running, podIP: 10.42.7.33, podIPs: [{ ip: 10.42.7.33 }], conditions: [{ type: Ready, status: "True" }] }
- apiVersion: v1
  kind: Service
  metadata: { name: api, namespace: default }
  spec: { type: NodePort, clusterIP: 10.96.3.4, clusterIPs: [10.96.3.4], selector: { app: api }, ports: [{ port: 80, nodePort: 31234 }] }
`);
  assert.deepEqual(lab.network.nodes.map(({ name, internal, podRanges }) => [name, internal[0], podRanges[0]]), [['n1', '172.16.0.7', '10.42.7.0/24']]);
  const pods = lab.network.pods.filter(({ namespace }) => namespace === 'default');
  assert.deepEqual(pods.map(({ name, addresses, owner }) => [name, addresses[0], owner.kind]), [['api-7c9f8d5b4-x2x2x', '10.42.7.33', 'Deployment']]);
  const service = lab.network.services.find(({ ref }) => ref.name === 'api');
  assert.deepEqual([service?.clusterAddresses[0], service?.ports[0]?.nodePort], ['10.96.3.4', 31234]);
});

test('hand-written slices stay beside those of the controller', () => {
  const lab = open(`${shop()}---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: extra, namespace: shop, labels: { kubernetes.io/service-name: api } }
addressType: IPv4
ports: [{ name: "", port: 8080, protocol: TCP }]
endpoints: [{ addresses: [10.244.1.200] }]
`);
  const scaled = changed(lab, merge('Deployment', 'shop', 'api', { spec: { replicas: 3 } }));
  assert.equal(slicesOf(lab, 'api').length, 3);
  assert.equal(slicesOf(scaled, 'api').length, 4);
  assert.equal(call(scaled, 'shop/web', 'http://api').verdict, 'intermittent');
});

test('an unready pod is in the slice and gets nothing', () => {
  const lab = open(shop().replace('name: api, image: api,', 'name: api, image: api, readinessProbe: { tcpSocket: { port: 9 } },'));
  assert.deepEqual(slicesOf(lab, 'api').map((text) => text.split(' ')[1]), ['false', 'false']);
  assert.equal(call(lab, 'shop/web', 'http://api').shown.reason, 'no-ready-endpoints');
  const published = changed(lab, merge('Service', 'shop', 'api', { spec: { publishNotReadyAddresses: true } }));
  assert.equal(call(published, 'shop/web', 'http://api').verdict, 'delivered');
});

test('what was implied and is deleted stays deleted', () => {
  const lab = open(shop());
  const without = changed(lab, { verb: 'delete', ref: { kind: 'Service', namespace: 'kube-system', name: 'kube-dns' } });
  assert.ok(!without.network.services.some(({ ref }) => ref.name === 'kube-dns'));
  assert.equal(call(without, 'shop/web', 'http://api').verdict, 'dns-failure');
});

test('CoreDNS scaled to nothing is refused at once', () => {
  const lab = changed(open(shop()), merge('Deployment', 'kube-system', 'coredns', { spec: { replicas: 0 } }));
  const trace = call(lab, 'shop/web', 'http://api');
  assert.deepEqual([trace.verdict, trace.shown.reason, trace.shown.layer, trace.shown.object?.name, trace.shown.field], ['dns-failure', 'dns-server-refused', 'dns', 'coredns', 'spec.replicas']);
});

test('Services get addresses and node ports by their names, around those that are given', () => {
  const text = (extra: string): string => `apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: default }\nspec: { type: NodePort, ports: [{ port: 80 }] }\n---\n${extra}`;
  const one = open(text('')).network.services.find(({ ref }) => ref.name === 'a');
  const taken = `apiVersion: v1\nkind: Service\nmetadata: { name: b, namespace: default }\nspec: { type: NodePort, clusterIP: ${one?.clusterAddresses[0]}, ports: [{ port: 80, nodePort: ${one?.ports[0]?.nodePort} }] }\n`;
  const other = open(text(taken)).network.services.find(({ ref }) => ref.name === 'a');
  assert.notEqual(one?.clusterAddresses[0], other?.clusterAddresses[0]);
  assert.notEqual(one?.ports[0]?.nodePort, other?.ports[0]?.nodePort);
});

test('a ReplicaSet that is used again is the latest one, and the rollout ends', () => {
  const web = (value: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: default }
spec: { replicas: 2, selector: { matchLabels: { app: web } }, template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: main, image: web${value} }] } } }
`;
  const opened = openLab([{ path: 'web.yaml', text: web('') }]);
  assert.ok(opened.ok);
  let lab = opened.value;
  for (const value of [', env: [{ name: A, value: b }]', '']) {
    const other = openLab([{ path: 'web.yaml', text: web(value) }]);
    assert.ok(other.ok);
    const object = other.value.store.objects.get('Deployment/default/web')?.lastApplied;
    assert.ok(object != null);
    const outcome = change(lab, [{ verb: 'replace', object, origin: null }]);
    assert.ok(outcome.ok, outcome.ok ? '' : JSON.stringify(outcome.failures));
    lab = outcome.value.lab;
    assert.equal((lab.store.objects.get('Deployment/default/web')?.object as { readonly status?: { readonly updatedReplicas?: number } }).status?.updatedReplicas, 2);
  }
});

test('nodes that nobody declared have room for every pod that is declared', () => {
  const many = Array.from({ length: 60 }, (_, index) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: d${index}, namespace: default }
spec: { replicas: 10, selector: { matchLabels: { app: d${index} } }, template: { metadata: { labels: { app: d${index} } }, spec: { containers: [{ name: main, image: web, ports: [{ containerPort: 80 }] }] } } }
`).join('---\n');
  const opened = openLab([{ path: 'many.yaml', text: many }]);
  assert.ok(opened.ok);
  assert.ok(opened.value.network.pods.every(({ running, ready, addresses }) => running && ready && addresses.length === 1));
});

test('a pod for which its node has no address left waits, and says so', () => {
  const tiny = 'apiVersion: v1\nkind: Node\nmetadata: { name: tiny }\nspec: { podCIDR: 10.244.1.0/30 }\nstatus: { addresses: [{ type: InternalIP, address: 192.168.0.11 }] }\n';
  const pods = ['a', 'b', 'c', 'd', 'e'].map((name) => `---\napiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: default }\nspec: { nodeName: tiny, containers: [{ name: main, image: web, ports: [{ containerPort: 80 }] }] }\n`).join('');
  const opened = openLab([{ path: 'tiny.yaml', text: tiny + pods }]);
  assert.ok(opened.ok);
  const waiting = opened.value.network.pods.filter(({ addresses }) => addresses.length === 0);
  assert.ok(waiting.length > 0);
  assert.ok(waiting.every(({ phase, running, status, unready }) => phase === 'Pending' && !running && status === 'ContainerCreating' && /^FailedCreatePodSandBox: Failed to create pod sandbox: .*; No IPs available in pools: \[10\.244\.0\.0\/16\]$/.test(unready?.says ?? '')));
});

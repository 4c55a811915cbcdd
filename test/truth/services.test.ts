import assert from 'node:assert/strict';
import test from 'node:test';
import { cluster, pod, sent, service } from './asked.ts';

const client = pod('m/client', null, 'app: client');

test('a targetPort by name is looked up pod by pod, and a pod without the name is no backend', () => {
  const lab = cluster(client + pod('m/v1', 8000, 'app: mix') + pod('m/v2', 9000, 'app: mix')
    + 'apiVersion: v1\nkind: Pod\nmetadata: {name: v0, namespace: m, labels: {app: mix}}\nspec: {containers: [{name: c, image: i, ports: [{containerPort: 7000, name: other}]}]}\n---\n'
    + service('m/mix', 'selector: {app: mix}, ports: [{port: 80, targetPort: main}]'));
  assert.deepEqual([...sent(lab, 'm/client', 'mix:80').ways].sort(), ['m/v1:8000 delivered 0.50', 'm/v2:9000 delivered 0.50']);
});

test('a targetPort by number is used for every pod, whether or not it listens there', () => {
  const lab = cluster(client + pod('m/v1', 8000, 'app: mix') + pod('m/v2', 9000, 'app: mix') + service('m/mix', 'selector: {app: mix}, ports: [{port: 80, targetPort: 9000}]'));
  const { verdict, because, ways } = sent(lab, 'm/client', 'mix:80');
  assert.deepEqual([verdict, because], ['intermittent', 'service: Service m/mix spec.ports[0].targetPort']);
  assert.deepEqual([...ways].sort(), ['m/v1:9000 refused 0.50', 'm/v2:9000 delivered 0.50']);
});

test('a targetPort that no pod names is refused like an empty Service', () => {
  const lab = cluster(client + pod('m/v1', 8000, 'app: a') + service('m/s', 'selector: {app: a}, ports: [{port: 80, targetPort: mian}]'));
  assert.deepEqual(sent(lab, 'm/client', 's:80'), { verdict: 'refused', because: 'service: Service m/s spec.ports[0].targetPort', ways: ['nobody refused 1.00'] });
});

test('a selector looks in its own namespace only', () => {
  const lab = cluster(client + pod('other/v1', 80, 'app: a') + service('m/s', 'selector: {app: a}, ports: [{port: 80}]'));
  assert.deepEqual(sent(lab, 'm/client', 's:80').because, 'service: Service m/s spec.selector');
});

test('a Service port of another protocol or number is lost, not refused, by iptables', () => {
  const lab = cluster(client + pod('m/v1', 80, 'app: a') + service('m/s', 'selector: {app: a}, ports: [{port: 80}]'));
  for (const target of ['s:81', 'udp://s:80', 'icmp://s']) assert.equal(sent(lab, 'm/client', target).verdict, 'timeout', target);
});

test('only addresses that are ready get traffic, and when none is ready a terminating one that still serves does', () => {
  const stated = (name: string, label: string, metadata: string, ready: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: m, labels: {app: ${label}}${metadata}}\nspec: {nodeName: worker-1, containers: [{name: c, image: i, ports: [{containerPort: 80}]}]}\nstatus: {phase: Running, podIP: 10.244.1.${name.slice(1)}, conditions: [{type: Ready, status: "${ready}"}]}\n---\n`;
  const leaving = ', deletionTimestamp: "2026-01-01T00:00:00Z"';
  const lab = cluster(client + stated('p50', 'a', '', 'True') + stated('p51', 'a', '', 'False') + stated('p52', 'a', leaving, 'True') + stated('p53', 'b', leaving, 'True') + stated('p54', 'c', '', 'False')
    + service('m/a', 'selector: {app: a}, ports: [{port: 80}]') + service('m/b', 'selector: {app: b}, ports: [{port: 80}]') + service('m/c', 'selector: {app: c}, ports: [{port: 80}]')
    + service('m/open', 'publishNotReadyAddresses: true, selector: {app: c}, ports: [{port: 80}]'));
  assert.deepEqual(sent(lab, 'm/client', 'a:80').ways, ['m/p50:80 delivered 1.00']);
  assert.deepEqual(sent(lab, 'm/client', 'b:80').ways, ['m/p53:80 delivered 1.00']);
  assert.equal(sent(lab, 'm/client', 'c:80').verdict, 'refused');
  assert.deepEqual(sent(lab, 'm/client', 'open:80').ways, ['m/p54:80 delivered 1.00']);
});

test('nobody translates the port of a headless Service', () => {
  const lab = cluster(client + pod('m/v1', 8080, 'app: a') + service('m/s', 'clusterIP: None, selector: {app: a}, ports: [{port: 80, targetPort: 8080}]'));
  assert.equal(sent(lab, 'm/client', 's:80').verdict, 'refused');
  assert.deepEqual(sent(lab, 'm/client', 's:8080'), { verdict: 'delivered', because: null, ways: ['m/v1:8080 delivered 1.00'] });
});

const slice = (name: string, label: string, port: string, addresses: string): string =>
  `apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: ${name}, namespace: m${label}}\naddressType: IPv4\nports: [{name: ${port}, port: 80, protocol: TCP}]\nendpoints: [{addresses: [${addresses}]}]\n---\n`;
const placed = 'apiVersion: v1\nkind: Pod\nmetadata: {name: b, namespace: m}\nspec: {nodeName: worker-1, containers: [{name: c, image: i, ports: [{containerPort: 80}]}]}\nstatus: {phase: Running, podIP: 10.244.1.50, conditions: [{type: Ready, status: "True"}]}\n---\n';
const bare = service('m/s', 'ports: [{name: w, port: 80}]');

test('a hand-written EndpointSlice counts by its label and by the name of its port', () => {
  assert.equal(sent(cluster(client + placed + bare + slice('s', '', 'w', '10.244.1.50')), 'm/client', 's:80').verdict, 'refused');
  assert.deepEqual(sent(cluster(client + placed + bare + slice('s', ', labels: {kubernetes.io/service-name: s}', 'web', '10.244.1.50')), 'm/client', 's:80').because, 'service: EndpointSlice m/s ports');
  assert.equal(sent(cluster(client + placed + bare + slice('x', ', labels: {kubernetes.io/service-name: s}', 'w', '10.244.1.50')), 'm/client', 's:80').verdict, 'delivered');
});

test('an address that no pod has is a backend all the same', () => {
  const lab = cluster(client + placed + bare + slice('x', ', labels: {kubernetes.io/service-name: s}', 'w', '10.244.1.50') + slice('other', ', labels: {kubernetes.io/service-name: s}', 'w', '10.244.9.9'));
  const { verdict, ways } = sent(lab, 'm/client', 's:80');
  assert.equal(verdict, 'intermittent');
  assert.deepEqual([...ways].sort(), ['10.244.9.9:80 timeout 0.50', 'm/b:80 delivered 0.50']);
});

test('a pod that calls its own Service is rewritten when it meets itself, and only then', () => {
  const lab = cluster(pod('m/a', 80, 'app: a') + pod('m/b', 80, 'app: a') + service('m/s', 'clusterIP: 10.96.9.9, selector: {app: a}, ports: [{port: 80}]'));
  assert.deepEqual([...sent(lab, 'm/a', '10.96.9.9:80').ways].sort(), ['m/a:80 delivered 0.50 snat', 'm/b:80 delivered 0.50']);
});

test('an application bound to 127.0.0.1 answers itself and nobody else', () => {
  const bound = 'apiVersion: v1\nkind: Pod\nmetadata: {name: lo, namespace: m, labels: {app: lo}, annotations: {k8snet-lab/listen: "127.0.0.1:8080/TCP"}}\nspec: {containers: [{name: c, image: i, ports: [{containerPort: 8080}]}]}\n---\n';
  const lab = cluster(client + bound + service('m/lo', 'selector: {app: lo}, ports: [{port: 80, targetPort: 8080}]'));
  assert.equal(sent(lab, 'm/lo', 'http://localhost:8080/').verdict, 'delivered');
  const { verdict, because } = sent(lab, 'm/client', 'http://lo/');
  assert.deepEqual([verdict, because?.startsWith('pod: Pod m/lo ')], ['refused', true]);
});

test('localhost is tried on both families: what listens on IPv4 alone still answers', () => {
  assert.equal(sent(cluster(pod('m/a', 8080, 'app: a')), 'm/a', 'http://localhost:8080/').verdict, 'delivered');
});

test('an ExternalName keeps the name that was typed: https fails on the certificate, http on the host', () => {
  const lab = cluster(client + service('m/ext', 'type: ExternalName, externalName: example.com'));
  assert.deepEqual([sent(lab, 'm/client', 'https://ext/').verdict, sent(lab, 'm/client', 'http://ext/').verdict, sent(lab, 'm/client', 'tcp://ext:443').verdict], ['tls-error', 'http-error', 'delivered']);
  assert.equal(sent(lab, 'm/client', 'https://ext/').because, 'external: Service m/ext spec.externalName');
});

test('an ExternalName that looks like an address is a name that does not exist', () => {
  assert.equal(sent(cluster(client + service('m/ext', 'type: ExternalName, externalName: 10.0.5.7')), 'm/client', 'http://ext/').verdict, 'name-not-found');
});

test('a pod that speaks no TLS gives a TLS error, not a refusal', () => {
  assert.equal(sent(cluster(client + pod('m/v1', 80, 'app: a') + service('m/s', 'selector: {app: a}, ports: [{port: 443, targetPort: 80}]')), 'm/client', 'https://s/').verdict, 'tls-error');
});

// Inside one pod: init containers in their order, sidecars, what processes need of each other, variables for Services.
import assert from 'node:assert/strict';
import test from 'node:test';
import { list } from '../../../src/sim/cluster/store.ts';
import { podStatus } from '../../../src/sim/cluster/kinds/pod.ts';
import type { Pod } from '../../../src/sim/model/object.ts';
import { object } from '../cluster/manifest.ts';
import { changed, open } from '../lab.fixture.ts';
import { pod, row } from './cluster.fixture.ts';

const proxy = '{ name: proxy, image: envoy, ports: [{ containerPort: 15001 }] }';
const sidecar = '{ name: proxy, image: envoy, restartPolicy: Always, ports: [{ containerPort: 15001 }] }';
const app = '{ name: app, image: app, ports: [{ containerPort: 8080 }] }';
const migrate = '{ name: migrate, image: app }';

const text = (inits: readonly string[], containers: readonly string[], annotations = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: default, annotations: { ${annotations} } }\nspec: { ${inits.length === 0 ? '' : `initContainers: [${inits.join(', ')}], `}containers: [${containers.join(', ')}] }\n---\n`;

const needs = '"k8snet-lab/needs.migrate": "127.0.0.1:15001/TCP"';
const waits = '"k8snet-lab/waits-for.migrate": "15001"';

test('init containers end before the others start, and are done', () => {
  const lab = open(text([migrate], [app]));
  assert.equal(row(lab, 'p'), '1/1 Running 0');
  assert.deepEqual(pod(lab, 'p').containers.map(({ name, kind, state, reason, ready }) => [name, kind, state, reason, ready]), [['app', 'container', 'Running', null, true], ['migrate', 'init', 'Terminated', 'Completed', true]]);
  const status = list(lab.store, 'Pod', 'default')[0]?.object.status;
  assert.deepEqual(status?.initContainerStatuses?.map(({ name, ready, restartCount, state }) => [name, ready, restartCount, state]), [['migrate', true, 0, { terminated: { exitCode: 0, reason: 'Completed' } }]]);
  assert.equal(status.conditions?.find(({ type }) => type === 'Initialized')?.status, 'True');
});

test('an init container that needs a later container\'s port fails for ever', () => {
  const lab = open(text([migrate], [app, proxy], needs));
  assert.equal(row(lab, 'p'), '0/2 Init:CrashLoopBackOff 5');
  const it = pod(lab, 'p');
  assert.deepEqual([it.phase, it.running, it.ready, it.sockets], ['Pending', false, false, []]);
  assert.deepEqual(it.containers.map(({ name, state, reason }) => [name, state, reason]), [['app', 'Waiting', 'PodInitializing'], ['proxy', 'Waiting', 'PodInitializing'], ['migrate', 'Waiting', 'CrashLoopBackOff']]);
  assert.equal(it.containers[2]?.lastWords, 'dial tcp 127.0.0.1:15001: connect: connection refused');
  assert.deepEqual([it.unready?.container, it.unready?.field], ['migrate', 'initContainers[0]']);
  assert.deepEqual(list(lab.store, 'Pod', 'default')[0]?.object.status?.conditions?.find(({ type }) => type === 'Initialized'), { type: 'Initialized', status: 'False', reason: 'ContainersNotInitialized', message: 'containers with incomplete status: [migrate]' });
});

test('an init container that tries again by itself keeps the pod at its number', () => {
  assert.equal(row(open(text([migrate], [app, proxy], waits)), 'p'), '0/2 Init:0/1 0');
  assert.equal(row(open(text(['{ name: first, image: app }', migrate], [app, proxy], waits)), 'p'), '0/2 Init:1/2 0');
});

test('a sidecar that starts before it gives the init container what it needs', () => {
  for (const annotation of [needs, waits]) {
    const lab = open(text([sidecar, migrate], [app], annotation));
    assert.equal(row(lab, 'p'), '2/2 Running 0');
    assert.deepEqual(pod(lab, 'p').containers.map(({ name, kind }) => [name, kind]), [['app', 'container'], ['proxy', 'sidecar'], ['migrate', 'init']]);
    assert.deepEqual(pod(lab, 'p').sockets.map(({ port, container }) => [port, container]), [[15_001, 'proxy'], [8080, 'app']]);
  }
  assert.equal(row(open(text([migrate, sidecar], [app], needs)), 'p'), '0/2 Init:CrashLoopBackOff 5');
});

test('a sidecar must have started, not be ready, before the next one has its turn', () => {
  const probed = (probe: string): string => sidecar.replace('ports:', `${probe}: { tcpSocket: { port: 1 } }, ports:`);
  assert.equal(row(open(text([probed('readinessProbe'), migrate], [app])), 'p'), '1/2 Running 0');
  assert.equal(row(open(text([probed('startupProbe'), migrate], [app])), 'p'), '0/2 Init:CrashLoopBackOff 5');
});

test('what a program needs it needs whatever the manifest says later', () => {
  const deployment = (inits: string, containers: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: d, namespace: default }
spec:
  selector: { matchLabels: { app: d } }
  template:
    metadata: { labels: { app: d }, annotations: { ${needs} } }
    spec: { initContainers: [${inits}], containers: [${containers}] }
`;
  const lab = open(deployment(migrate, `${app}, ${proxy}`));
  const named = (): string => lab.network.pods.find(({ owner }) => owner.name === 'd')?.name ?? '';
  assert.equal(row(lab, named()), '0/2 Init:CrashLoopBackOff 5');
  const template = (spec: string): unknown => JSON.parse(spec);
  const without = changed(lab, { verb: 'patch', ref: { kind: 'Deployment', namespace: 'default', name: 'd' }, type: 'merge', patch: template('{"spec":{"template":{"metadata":{"annotations":{"k8snet-lab/needs.migrate":null,"a":"b"}}}}}') });
  assert.ok(without.network.pods.filter(({ owner }) => owner.name === 'd').every(({ ready }) => !ready));
  const fixed = changed(lab, { verb: 'patch', ref: { kind: 'Deployment', namespace: 'default', name: 'd' }, type: 'merge', patch: template('{"spec":{"template":{"spec":{"initContainers":[{"name":"proxy","image":"envoy","restartPolicy":"Always","ports":[{"containerPort":15001}]},{"name":"migrate","image":"app"}],"containers":[{"name":"app","image":"app","ports":[{"containerPort":8080}]}]}}}}') });
  const pods = fixed.network.pods.filter(({ owner }) => owner.name === 'd');
  assert.deepEqual(pods.map(({ name }) => row(fixed, name)), ['2/2 Running 0']);
});

test('a container that needs another one\'s port is started again until it is there, whoever comes first', () => {
  const annotation = '"k8snet-lab/needs.app": "localhost:15001"';
  assert.equal(row(open(text([], [app, proxy], annotation)), 'p'), '2/2 Running 0');
  const lab = open(text([], [app, proxy.replace('15001', '15002')], annotation));
  assert.deepEqual([row(lab, 'p'), pod(lab, 'p').sockets.map(({ port }) => port)], ['1/2 CrashLoopBackOff 5', [15_002]]);
});

test('a need that names no container is the first container\'s that starts and ends', () => {
  assert.equal(row(open(text([sidecar.replace('15001', '1'), migrate], [app], '"k8snet-lab/needs": "127.0.0.1:15001"')), 'p'), '1/2 Init:CrashLoopBackOff 5');
});

test('a pod with init containers that waits for its network says so as kubectl does', () => {
  const lab = open(`apiVersion: k8snet-lab/v1\nkind: Cluster\nmetadata: { name: lab }\nspec: { nodes: [{ name: worker-1, cniInstalled: false }] }\n---\n${text([migrate], [app]).replace('spec: {', 'spec: { nodeName: worker-1, ')}`);
  assert.equal(row(lab, 'p'), '0/1 Init:0/1 0');
});

for (const [fact, status, says] of [
  ['an init container that failed', '{ phase: Pending, initContainerStatuses: [{ name: a, ready: false, restartCount: 1, state: { terminated: { exitCode: 1, reason: Error } } }] }', '0/2 Init:Error 1'],
  ['an init container that ended with a number', '{ phase: Pending, initContainerStatuses: [{ name: a, ready: false, restartCount: 0, state: { terminated: { exitCode: 3 } } }] }', '0/2 Init:ExitCode:3 0'],
  ['an init container that a signal ended', '{ phase: Pending, initContainerStatuses: [{ name: a, ready: false, restartCount: 0, state: { terminated: { exitCode: 137, signal: 9 } } }] }', '0/2 Init:Signal:9 0'],
  ['a second init container that runs', '{ phase: Pending, initContainerStatuses: [{ name: a, ready: true, restartCount: 2, state: { terminated: { exitCode: 0, reason: Completed } } }, { name: b, ready: false, restartCount: 0, state: { running: {} } }] }', '0/2 Init:1/2 2'],
  ['a sidecar that has started', '{ phase: Running, conditions: [{ type: Initialized, status: "True" }], containerStatuses: [{ name: c, ready: true, restartCount: 1, state: { running: {} } }], initContainerStatuses: [{ name: a, ready: true, restartCount: 2, state: { terminated: { exitCode: 0 } } }, { name: b, ready: true, started: true, restartCount: 3, state: { running: {} } }] }', '2/2 Running 4'],
  ['a pod that was evicted', '{ phase: Failed, reason: Evicted }', '0/2 Evicted 0'],
] as const) {
  test(`kubectl's words for ${fact}`, () => {
    const given = object(`apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: default }\nspec: { initContainers: [{ name: a, image: x }, { name: b, image: x, restartPolicy: Always }], containers: [{ name: c, image: x }] }\nstatus: ${status}\n`) as Pod;
    const { ready, total, text: shown, restarts } = podStatus(given);
    assert.equal(`${ready}/${total} ${shown} ${restarts}`, says);
  });
}

const redis = 'apiVersion: v1\nkind: Service\nmetadata: { name: redis-main, namespace: default }\nspec: { clusterIP: 10.96.14.3, selector: { app: redis }, ports: [{ name: cmd, port: 6379 }, { name: bus, port: 16379, protocol: UDP }] }\n---\n';

test('a pod has variables for the Services that were there when it started, and for the API server\'s', () => {
  const lab = open(redis + text([], [app]));
  assert.deepEqual(pod(lab, 'p').serviceLinks, {
    KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443', KUBERNETES_SERVICE_PORT_HTTPS: '443', KUBERNETES_PORT: 'tcp://10.96.0.1:443',
    KUBERNETES_PORT_443_TCP: 'tcp://10.96.0.1:443', KUBERNETES_PORT_443_TCP_PROTO: 'tcp', KUBERNETES_PORT_443_TCP_PORT: '443', KUBERNETES_PORT_443_TCP_ADDR: '10.96.0.1',
    REDIS_MAIN_SERVICE_HOST: '10.96.14.3', REDIS_MAIN_SERVICE_PORT: '6379', REDIS_MAIN_SERVICE_PORT_CMD: '6379', REDIS_MAIN_SERVICE_PORT_BUS: '16379', REDIS_MAIN_PORT: 'tcp://10.96.14.3:6379',
    REDIS_MAIN_PORT_6379_TCP: 'tcp://10.96.14.3:6379', REDIS_MAIN_PORT_6379_TCP_PROTO: 'tcp', REDIS_MAIN_PORT_6379_TCP_PORT: '6379', REDIS_MAIN_PORT_6379_TCP_ADDR: '10.96.14.3',
    REDIS_MAIN_PORT_16379_UDP: 'udp://10.96.14.3:16379', REDIS_MAIN_PORT_16379_UDP_PROTO: 'udp', REDIS_MAIN_PORT_16379_UDP_PORT: '16379', REDIS_MAIN_PORT_16379_UDP_ADDR: '10.96.14.3',
  });
  const without = open(redis + text([], [app]).replace('spec: {', 'spec: { enableServiceLinks: false, '));
  assert.deepEqual(Object.keys(pod(without, 'p').serviceLinks).filter((name) => !name.startsWith('KUBERNETES_')), []);
});

test('a Service that comes later has no variables in pods that were there before', () => {
  const lab = changed(open(text([], [app])), { verb: 'create', origin: null, object: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'late', namespace: 'default' }, spec: { selector: { app: 'x' }, ports: [{ port: 80 }] } } as never });
  assert.equal(pod(lab, 'p').serviceLinks['LATE_PORT'], undefined);
});

test('a variable of the container names a variable of a Service', () => {
  const lab = open(redis + text([], ['{ name: app, image: app, env: [{ name: REDIS_URL, value: "redis://$(REDIS_MAIN_SERVICE_HOST):$(REDIS_MAIN_SERVICE_PORT)/$(NO_SUCH)" }] }']));
  assert.equal(pod(lab, 'p').containers[0]?.env['REDIS_URL'], 'redis://10.96.14.3:6379/$(NO_SUCH)');
});

const reads = '"k8snet-lab/reads-number.app": "REDIS_MAIN_PORT"';

test('an app that wants a number gets a URL from a Service of that name, and ends', () => {
  const lab = open(redis + text([], [app], reads));
  assert.equal(row(lab, 'p'), '0/1 CrashLoopBackOff 5');
  const it = pod(lab, 'p');
  assert.equal(it.containers[0]?.lastWords, 'invalid REDIS_MAIN_PORT: strconv.Atoi: parsing "tcp://10.96.14.3:6379": invalid syntax');
  assert.deepEqual([it.unready?.object, it.unready?.field, it.unready?.container], [null, 'enableServiceLinks', 'app']);
});

test('its own variable goes before the Service\'s, and without links there is none', () => {
  const own = (value: string): string => app.replace('ports:', `env: [{ name: REDIS_MAIN_PORT, value: "${value}" }], ports:`);
  assert.equal(row(open(redis + text([], [own('6379')], reads)), 'p'), '1/1 Running 0');
  assert.equal(row(open(redis + text([], [app], reads).replace('spec: {', 'spec: { enableServiceLinks: false, ')), 'p'), '1/1 Running 0');
  const lab = open(redis + text([], [own('many')], reads));
  assert.deepEqual([row(lab, 'p'), pod(lab, 'p').unready?.field], ['0/1 CrashLoopBackOff 5', 'containers[0].env']);
});

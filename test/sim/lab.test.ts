// The door of the simulation: open, change, undo, send; and the laws that hold for every cluster.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { change, lookUp, openLab, parseSource, parseTarget, reach, redo, replacePods, reset, undo } from '../../src/sim/lab.ts';
import { reconcile } from '../../src/sim/controlplane/reconcile.ts';
import { readSettings } from '../../src/sim/controlplane/settings.ts';
import { applied, call, changed, merge, open, podNames, shop } from './lab.fixture.ts';

const boutique = fileURLToPath(new URL('../../../shared/data/online-boutique/', import.meta.url));
const missing = existsSync(boutique) ? false : 'the real manifests are not there';
const files = (): { path: string; text: string }[] => ['kubernetes-manifests.yaml', ...readdirSync(`${boutique}policies`).sort().map((name) => `policies/${name}`)].map((path) => ({ path, text: readFileSync(`${boutique}${path}`, 'utf8') }));

test('a pod reaches another through a Service by its short name', () => {
  const trace = call(open(shop()), 'shop/web', 'http://api');
  assert.equal(trace.verdict, 'delivered');
  assert.deepEqual(trace.walks.map(({ probability }) => probability), [0.5, 0.5]);
  assert.deepEqual(trace.shown.hops.map(({ stage, action }) => `${stage} ${action}`), ['lookup resolve', 'kube-proxy dnat', 'route forward', 'arrival deliver']);
});

test('controllers leave a store that they have answered as it is', () => {
  const lab = open(shop());
  const settings = readSettings(lab.store, lab.options);
  assert.ok(settings.ok);
  assert.equal(reconcile(lab.store, settings.value), lab.store);
});

test('the order of documents changes nothing', () => {
  const documents = shop().split('---\n');
  const one = open(documents.join('---\n'));
  const other = open([...documents].reverse().join('---\n'));
  const plain = (lab: typeof one): string => JSON.stringify({ ...lab.network, policy: null, services: lab.network.services.map((service) => ({ ...service, origin: null })), dns: null });
  assert.equal(plain(one), plain(other));
});

test('a label put on running pods heals until the pods are replaced', () => {
  const lab = open(shop('app: api, tier: backend'));
  assert.equal(call(lab, 'shop/web', 'http://api').verdict, 'refused');
  const labelled = changed(lab, ...podNames(lab, 'shop').filter((name) => name.startsWith('api-')).map((name) => merge('Pod', 'shop', name, { metadata: { labels: { tier: 'backend' } } })));
  assert.equal(call(labelled, 'shop/web', 'http://api').verdict, 'delivered');
  assert.equal(call(replacePods(labelled), 'shop/web', 'http://api').verdict, 'refused');
});

test('a label in the template makes new pods that have it', () => {
  const lab = open(shop('app: api, tier: backend'));
  const before = podNames(lab, 'shop');
  const healed = changed(lab, { verb: 'patch', ref: { kind: 'Deployment', namespace: 'shop', name: 'api' }, type: 'strategic', patch: { spec: { template: { metadata: { labels: { tier: 'backend' } } } } } });
  assert.equal(call(healed, 'shop/web', 'http://api').verdict, 'delivered');
  assert.equal(call(replacePods(healed), 'shop/web', 'http://api').verdict, 'delivered');
  assert.equal(podNames(healed, 'shop').filter((name) => name.startsWith('api-') && before.includes(name)).length, 0);
});

test('replaced pods have other names and other addresses', () => {
  const lab = open(shop());
  const next = replacePods(lab);
  const addresses = new Set(lab.network.pods.flatMap((pod) => pod.addresses));
  assert.deepEqual(next.network.pods.filter((pod) => pod.addresses.some((ip) => addresses.has(ip)) || podNames(lab, pod.namespace).includes(pod.name)).map(({ name }) => name), []);
  assert.equal(next.network.pods.length, lab.network.pods.length);
});

test('a change is one step of undo, and undo and redo give the same network', () => {
  const lab = open(shop());
  const scaled = changed(lab, merge('Deployment', 'shop', 'api', { spec: { replicas: 3 } }));
  assert.equal(podNames(scaled, 'shop').length, 4);
  const back = undo(scaled);
  assert.ok(back !== undefined);
  assert.deepEqual(podNames(back, 'shop'), podNames(lab, 'shop'));
  const again = redo(back);
  assert.ok(again !== undefined);
  assert.deepEqual(podNames(again, 'shop'), podNames(scaled, 'shop'));
  assert.equal(undo(lab), undefined);
  assert.equal(redo(scaled), undefined);
});

test('reset is a step that can be undone', () => {
  const lab = open(shop());
  const scaled = changed(lab, merge('Deployment', 'shop', 'api', { spec: { replicas: 3 } }), merge('Deployment', 'shop', 'web', { spec: { replicas: 2 } }));
  const fresh = reset(scaled);
  assert.deepEqual(podNames(fresh, 'shop'), podNames(lab, 'shop'));
  assert.deepEqual(podNames(undo(fresh) ?? lab, 'shop'), podNames(scaled, 'shop'));
});

test('changes come all together or not at all', () => {
  const lab = open(shop());
  const result = change(lab, [merge('Deployment', 'shop', 'api', { spec: { replicas: 5 } }), merge('Deployment', 'shop', 'nobody', {})]);
  assert.ok(!result.ok);
  assert.equal(podNames(lab, 'shop').length, 3);
});

test('what is unchanged leaves no step behind', () => {
  const lab = open(shop());
  assert.equal(applied(lab, shop().split('---\n')[3] ?? '').past.length, 0);
});

test('a plugin or a proxy that does not exist is not guessed', () => {
  for (const [options, code] of [[{ cni: 'calicoo' }, 'unknown-plugin'], [{ proxy: 'userspace' }, 'unknown-mode']] as const) {
    const lab = openLab([{ path: 'a.yaml', text: shop() }], options);
    assert.ok(!lab.ok);
    assert.equal(lab.failures[0]?.code, code);
  }
});

test('a container without a port is taken to listen where Services aim, and that is said', () => {
  const lab = open(shop().replace('ports: [{ name: http, containerPort: 8080 }]', 'image: api').replace('image: api, image: api', 'image: api').replace('targetPort: http', 'targetPort: 8080'));
  assert.equal(call(lab, 'shop/web', 'http://api').verdict, 'delivered');
  assert.deepEqual(lab.warnings.map(({ code, where }) => [code, where?.object]), [['listen-assumed', 'Deployment shop/api']]);
});

test('editing a containerPort moves nothing', () => {
  const lab = open(shop().replace('targetPort: http', 'targetPort: 80'));
  assert.equal(call(lab, 'shop/web', 'http://api').verdict, 'refused');
  const edited = changed(lab, { verb: 'patch', ref: { kind: 'Deployment', namespace: 'shop', name: 'api' }, type: 'json', patch: [{ op: 'replace', path: '/spec/template/spec/containers/0/ports/0/containerPort', value: 80 }] });
  assert.equal(call(edited, 'shop/web', 'http://api').verdict, 'refused');
});

test('the shop of eleven services works under its policies, and frontend does not reach redis', { skip: missing }, () => {
  const lab = openLab(files());
  assert.ok(lab.ok);
  for (const [from, to] of [['frontend', 'cartservice:7070'], ['cartservice', 'redis-cart:6379'], ['checkoutservice', 'paymentservice:50051'], ['checkoutservice', 'emailservice:5000'], ['loadgenerator', 'frontend:80'], ['recommendationservice', 'productcatalogservice:3550']] as const) {
    assert.equal(call(lab.value, `default/${from}`, `tcp://${to}`).verdict, 'delivered', `${from} to ${to}`);
  }
  const denied = call(lab.value, 'default/frontend', 'redis-cart:6379');
  assert.equal(denied.verdict, 'timeout');
  assert.deepEqual([denied.shown.layer, denied.shown.object?.name], ['policy', 'redis-cart']);
});

test('Flannel carries what the policies deny, and says that nobody enforces them', { skip: missing }, () => {
  const lab = openLab(files(), { cni: 'flannel' });
  assert.ok(lab.ok);
  const trace = call(lab.value, 'default/frontend', 'redis-cart:6379');
  assert.equal(trace.verdict, 'delivered');
  assert.match(trace.shown.why, /does not enforce NetworkPolicy/);
});

test('reach lists what is declared and nothing that is implied', () => {
  const { workloads } = reach(open(shop()));
  assert.deepEqual(workloads.map(({ name, pods }) => `${name} ${pods}`), ['shop/api 2', 'shop/web 1']);
});

test('the cluster\'s DNS server asked directly knows no search list', () => {
  const lab = open(shop());
  const asked = (name: string, direct: boolean): readonly string[] => {
    const from = parseSource('shop/web', lab.network);
    return lookUp(lab, { from: direct ? null : from.ok ? from.value : null, name, type: 'A', resolver: null, direct }).addresses;
  };
  assert.equal(asked('api', true).length, 0);
  assert.equal(asked('api.shop.svc.cluster.local', true).length, 1);
  assert.deepEqual(asked('api', false), asked('api.shop.svc.cluster.local', true));
});

test('sources and targets that are not there say what is', () => {
  const lab = open(shop());
  for (const text of ['shop', 'shop/nobody', 'node/nowhere', 'external/1.2.3', 'external@nowhere', 'shop/kind/web', 'nowhere/web', 'a/b/c/d']) assert.ok(!parseSource(text, lab.network).ok, text);
  for (const text of ['', 'api', 'ftp://api', 'http://api:99999', 'icmp://api:80', 'tcp://1.2.3:80', 'http://[::1', 'http://a b/']) assert.ok(!parseTarget(text).ok, text);
  const target = parseTarget('https://[fd00::1]:8443/a/b?c');
  assert.deepEqual(target.ok && [target.value.host, target.value.port, target.value.path, target.value.protocol], ['fd00::1', 8443, '/a/b?c', 'TCP']);
});

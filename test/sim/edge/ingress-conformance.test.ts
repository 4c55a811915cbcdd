// Facts that the conformance features of Ingress assert (kubernetes-sigs/ingress-controller-conformance, features), over manifests of our own, for every controller that the lab knows; and where ingress-nginx goes its own way (kubernetes/ingress-nginx, internal/ingress).
import assert from 'node:assert/strict';
import test from 'node:test';
import { ask, blamed, codes, compiled, ingress, nginx, path, rulesIn, said, secret, service } from './edge.fixture.ts';
import { knownControllers } from '../../../src/sim/edge/manners.ts';
import type { CompiledEdge } from '../../../src/sim/edge/compile-edge.ts';

/** A class, a Deployment of the controller's image, and its Service. */
const controller = (name: string, image: string, called: string): string => nginx.replace('k8s.io/ingress-nginx }', `${called} }`).replace('registry.k8s.io/ingress-nginx/controller:v1.12.1', image).replaceAll('app.kubernetes.io/name: ingress-nginx', `app.kubernetes.io/name: ${name}`);
const controllers: Readonly<Record<string, string>> = {
  'ingress-nginx': nginx, traefik: controller('traefik', 'traefik:v3.3', 'traefik.io/ingress-controller'), haproxy: controller('kubernetes-ingress', 'haproxytech/kubernetes-ingress:3.1', 'haproxy.org/ingress-controller'), kong: controller('kong', 'kong:3.9', 'ingress-controllers.konghq.com/kong'),
};
const names = ['foo-exact', 'foo-prefix', 'aaa-prefix', 'aaa-bbb-prefix', 'aaa-bbb-slash-prefix', 'foo-slash-exact', 'wildcard', 'foo-bar', 'echo', 'first', 'second'];
const services = names.map((name) => service(name, 'shop', 8080, 3000));
const host = (name: string, ...paths: readonly string[]): string => `{ ${name === '' ? '' : `host: "${name}", `}http: { paths: [${paths.join(', ')}] } }`;
const on = (value: string, to: string, type = 'Prefix', port: number | string = 8080): string => path(value, to, type, port);
const made = (controlled: string, ...texts: readonly string[]): CompiledEdge => compiled(controlled, ...services, ...texts);

let facts = 0;
function asked(edge: CompiledEdge, table: Readonly<Record<string, string>>, who = ''): void {
  const rules = rulesIn(edge);
  for (const [line, wanted] of Object.entries(table)) {
    const [first = '', second] = line.split(' ');
    assert.equal(said(ask(rules, second ?? first, { method: second === undefined ? 'GET' : first })).replace(/:8080$/, ''), wanted, `${who} ${line}`);
    facts += 1;
  }
}

test('path_rules: Exact, Prefix by elements, the longest first, Exact before Prefix, slashes at the end', () => {
  const spec = `{ ingressClassName: nginx, rules: [${[
    host('exact-path-rules', on('/foo', 'foo-exact', 'Exact')), host('prefix-path-rules', on('/foo', 'foo-prefix'), on('/aaa/bbb', 'aaa-bbb-prefix'), on('/aaa', 'aaa-prefix')),
    host('mixed-path-rules', on('/foo', 'foo-prefix'), on('/foo', 'foo-exact', 'Exact')), host('trailing-slash-path-rules', on('/aaa/bbb/', 'aaa-bbb-slash-prefix'), on('/foo/', 'foo-slash-exact', 'Exact')),
  ].join(', ')}] }`;
  for (const [name, controlled] of Object.entries(controllers)) {
    asked(made(controlled, ingress(spec)), {
      'http://exact-path-rules/foo': 'foo-exact', 'http://exact-path-rules/foo/': '404', 'http://exact-path-rules/FOO': '404', 'http://exact-path-rules/bar': '404',
      'http://prefix-path-rules/foo': 'foo-prefix', 'http://prefix-path-rules/foo/': 'foo-prefix', 'http://prefix-path-rules/FOO': '404', 'http://prefix-path-rules/aaa/bbb': 'aaa-bbb-prefix', 'http://prefix-path-rules/aaa/bbb/ccc': 'aaa-bbb-prefix', 'http://prefix-path-rules/aaa/ccc': 'aaa-prefix', 'http://prefix-path-rules/aaaccc': '404',
      'http://mixed-path-rules/foo': 'foo-exact', 'http://mixed-path-rules/foo/bar': 'foo-prefix',
      'http://trailing-slash-path-rules/aaa/bbb': 'aaa-bbb-slash-prefix', 'http://trailing-slash-path-rules/aaa/bbb/': 'aaa-bbb-slash-prefix', 'http://trailing-slash-path-rules/foo': '404',
    }, name);
  }
});

test('host_rules: an exact host, a wildcard for one label, TLS for the host, a port by its name', () => {
  const spec = `{ ingressClassName: nginx, tls: [{ hosts: [foo.bar.com], secretName: conformance-tls }], rules: [${host('*.foo.com', on('/', 'wildcard'))}, ${host('foo.bar.com', on('/', 'foo-bar', 'Prefix', 'http'))}] }`;
  for (const [name, controlled] of Object.entries(controllers)) {
    const edge = made(controlled, ingress(spec), secret('conformance-tls', 'foo.bar.com'));
    // ingress-nginx sends plain requests for hosts of an Ingress with TLS on to TLS.
    const moved = name === 'ingress-nginx';
    asked(edge, {
      'https://foo.bar.com/': 'foo-bar', 'http://foo.bar.com/': moved ? '308 https://foo.bar.com/' : 'foo-bar', 'http://subdomain.bar.com/': '404', 'http://bar.foo.com/': moved ? '308 https://bar.foo.com/' : 'wildcard', 'http://baz.bar.foo.com/': '404', 'http://foo.com/': '404',
    }, name);
  }
});

test('default_backend and load_balancing: an Ingress without rules takes every host, path and method', () => {
  for (const [name, controlled] of Object.entries(controllers)) {
    asked(made(controlled, ingress('{ ingressClassName: nginx, defaultBackend: { service: { name: echo, port: { number: 8080 } } } }')), {
      'GET http://my-host/': 'echo', 'GET http://my-host/sub-path': 'echo', 'POST http://some-host/': 'echo', 'PUT http://192.0.2.1/resource': 'echo', 'DELETE http://some-host/resource': 'echo', 'PATCH http://my-host/resource': 'echo',
    }, name);
  }
});

test('ingress_class: a class that is not there is nobody\'s', () => {
  for (const controlled of Object.values(controllers)) {
    const edge = made(controlled, ingress(`{ ingressClassName: some-invalid-class-name, rules: [${host('ingress-class', on('/', 'echo'))}] }`));
    asked(edge, { 'http://ingress-class/': '404' });
    assert.ok(codes(edge).includes('class-unserved'));
  }
});

test('rules of several Ingresses for one host are one table, and the older one keeps what two want', () => {
  const aged = (name: string, to: string, created: string, value = '/'): string => ingress(`{ ingressClassName: nginx, rules: [${host('shop.example.com', on(value, to))}] }`, name).replace(`name: ${name},`, `name: ${name}, creationTimestamp: '${created}',`);
  for (const [name, controlled] of Object.entries(controllers)) {
    const edge = made(controlled, aged('b', 'first', '2025-01-01T00:00:00Z'), aged('a', 'second', '2025-02-01T00:00:00Z'), aged('c', 'echo', '2025-03-01T00:00:00Z', '/api'));
    asked(edge, { 'http://shop.example.com/': 'first', 'http://shop.example.com/api/x': 'echo' }, name);
  }
});

test('a default backend beside rules is for everything else; for ingress-nginx, for the paths of its own hosts', () => {
  const spec = `{ ingressClassName: nginx, defaultBackend: { service: { name: echo, port: { number: 8080 } } }, rules: [${host('shop.example.com', on('/api', 'first'))}] }`;
  for (const [name, controlled] of Object.entries(controllers)) {
    asked(made(controlled, ingress(spec)), { 'http://shop.example.com/api': 'first', 'http://shop.example.com/': 'echo', 'http://elsewhere.example.com/': name === 'ingress-nginx' ? '404' : 'echo' }, name);
  }
});

test('a backend that is no Service is left out by ingress-nginx, and 503 elsewhere', () => {
  const spec = `{ ingressClassName: nginx, rules: [{ host: shop.example.com, http: { paths: [{ path: /icons, pathType: Prefix, backend: { resource: { apiGroup: k8s.example.com, kind: StorageBucket, name: icons } } }] } }] }`;
  for (const [name, controlled] of Object.entries(controllers)) asked(made(controlled, ingress(spec)), { 'http://shop.example.com/icons': name === 'ingress-nginx' || name === 'traefik' ? '404' : '503' }, name);
});

const noted = (notes: string, rules: string, name = 'web', tls = ''): string => ingress(`{ ingressClassName: nginx, ${tls}rules: [${rules}] }`, name, 'shop', notes);

test('ingress-nginx: one rewrite makes every path of its host a pattern without regard to case', () => {
  const edge = made(nginx, noted('nginx.ingress.kubernetes.io/rewrite-target: /$2', host('shop.example.com', on('/api(/|$)(.*)', 'first', 'ImplementationSpecific')), 'api'), noted('', host('shop.example.com', on('/web', 'second', 'Exact'))));
  asked(edge, { 'http://shop.example.com/api/users?id=1': 'first:8080 as shop.example.com/users?id=1', 'http://shop.example.com/api': 'first:8080 as shop.example.com/', 'http://shop.example.com/WEB/more': 'second', 'http://shop.example.com/other': '404' });
  asked(made(nginx, noted('nginx.ingress.kubernetes.io/rewrite-target: /', host('shop.example.com', on('/api', 'first')))), { 'http://shop.example.com/api/users': 'first:8080 as shop.example.com/' });
});

test('ingress-nginx: every host of an Ingress with TLS goes to TLS, with its own certificate where the list does not name it', () => {
  const edge = made(nginx, noted('', `${host('a.example.com', on('/', 'first'))}, ${host('b.example.com', on('/', 'second'))}`, 'web', 'tls: [{ hosts: [a.example.com], secretName: a-tls }], '), secret('a-tls', 'a.example.com'));
  asked(edge, { 'http://a.example.com/': '308 https://a.example.com/', 'http://b.example.com/x': '308 https://b.example.com/x', 'https://a.example.com/': 'first', 'https://b.example.com/': 'tls self-signed' });
  const wide = made(nginx, noted('', `${host('a.example.com', on('/', 'first'))}, ${host('b.example.com', on('/', 'second'))}`, 'web', 'tls: [{ hosts: [a.example.com], secretName: a-tls }], '), secret('a-tls', '*.example.com'));
  asked(wide, { 'https://b.example.com/': 'second' });
  asked(made(nginx, noted('nginx.ingress.kubernetes.io/ssl-redirect: "false"', host('a.example.com', on('/', 'first')), 'web', 'tls: [{ hosts: [a.example.com], secretName: a-tls }], '), secret('a-tls', 'a.example.com')), { 'http://a.example.com/': 'first' });
  asked(made(nginx, noted('nginx.ingress.kubernetes.io/force-ssl-redirect: "true"', host('a.example.com', on('/', 'first')))), { 'http://a.example.com/': '308 https://a.example.com/' });
});

test('ingress-nginx: a canary takes its share, and everybody with its header', () => {
  const main = noted('', host('shop.example.com', on('/', 'first')));
  const canary = (more: string): string => noted(`nginx.ingress.kubernetes.io/canary: "true", ${more}`, host('shop.example.com', on('/', 'second')), 'canary');
  const shares = made(nginx, main, canary('nginx.ingress.kubernetes.io/canary-weight: "20"'));
  asked(shares, { 'http://shop.example.com/': 'first:8080*80 second:8080*20' });
  assert.deepEqual(codes(shares), []);
  const headed = rulesIn(made(nginx, main, canary('nginx.ingress.kubernetes.io/canary-by-header: X-Canary')));
  assert.equal(said(ask(headed, 'http://shop.example.com/', { headers: { 'x-canary': 'always' } })), 'second:8080');
  assert.equal(said(ask(headed, 'http://shop.example.com/')), 'first:8080');
  assert.deepEqual(codes(made(nginx, canary('nginx.ingress.kubernetes.io/canary-weight: "20"'))), ['canary-alone']);
});

test('ingress-nginx: redirects of its own, lists of senders, and the certificate that it is told to show', () => {
  asked(made(nginx, noted('nginx.ingress.kubernetes.io/permanent-redirect: https://new.example.com/here', host('old.example.com', on('/', 'first')))), { 'http://old.example.com/x': '301 https://new.example.com/here', 'https://old.example.com/x': 'tls self-signed' });
  asked(made(nginx, noted('nginx.ingress.kubernetes.io/temporal-redirect: https://new.example.com', host('old.example.com', on('/', 'first')))), { 'http://old.example.com/x': '302 https://new.example.com' });
  const listed = rulesIn(made(nginx, noted('nginx.ingress.kubernetes.io/whitelist-source-range: "203.0.113.0/24, 198.51.100.7"', host('shop.example.com', on('/', 'first')))));
  const from = (client: string): string => said(ask(listed, 'http://shop.example.com/', { client }));
  assert.deepEqual([from('203.0.113.9'), from('198.51.100.7'), from('192.168.0.11')], ['first:8080', 'first:8080', '403']);
  assert.equal(blamed(ask(listed, 'http://shop.example.com/', { client: '192.168.0.11' })), 'Ingress shop/web metadata.annotations[nginx.ingress.kubernetes.io/whitelist-source-range]');
  const told = nginx.replace('--controller-class=k8s.io/ingress-nginx]', '--controller-class=k8s.io/ingress-nginx, --default-ssl-certificate=ingress-nginx/wild]');
  asked(made(told, noted('', host('shop.example.com', on('/', 'first'))), secret('wild', '*.example.com', 'ingress-nginx')), { 'https://shop.example.com/': 'first', 'https://shop.example.org/': 'tls name' });
});

test('ingress-nginx: TLS is passed on where it is told so, and ends at it elsewhere', () => {
  const passing = nginx.replace('--controller-class=k8s.io/ingress-nginx]', '--controller-class=k8s.io/ingress-nginx, --enable-ssl-passthrough]');
  const one = noted('nginx.ingress.kubernetes.io/ssl-passthrough: "true"', host('db.example.com', on('/', 'first')));
  asked(made(passing, one), { 'https://db.example.com/': 'first', 'https://other.example.com/': 'tls self-signed' });
  asked(made(nginx, one), { 'https://db.example.com/': 'tls self-signed' });
});

test('a chain in the wrong order, or something that is no certificate, is not shown', () => {
  assert.ok(knownControllers.every(({ manners }) => manners.tries >= 1));
  const edge = made(nginx, noted('', host('a.example.com', on('/', 'first')), 'web', 'tls: [{ hosts: [a.example.com], secretName: a-tls }], '), 'apiVersion: v1\nkind: Secret\nmetadata: { name: a-tls, namespace: shop }\ntype: kubernetes.io/tls\ndata: { tls.crt: SGVsbG8gd29ybGQK, tls.key: SGVsbG8gd29ybGQK }\n');
  asked(edge, { 'https://a.example.com/': 'tls self-signed' });
  assert.equal(blamed(ask(rulesIn(edge), 'https://a.example.com/')), 'Secret shop/a-tls data[tls.crt]');
  asked(made(nginx, noted('', host('a.example.com', on('/', 'first')), 'web', 'tls: [{ hosts: [a.example.com], secretName: a-tls }], '), secret('a-tls', 'a.example.com; incomplete')), { 'https://a.example.com/': 'tls unknown-issuer' });
});

test('the facts of the conformance features are counted', (context) => {
  context.diagnostic(`${facts} facts of Ingress (conformance features and ingress-nginx)`);
  assert.ok(facts >= 150, String(facts));
});

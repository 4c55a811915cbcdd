// Ingress v1: class, host, path, backend and certificate, as controllers read them.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ask, blamed, codes, compiled, ingress, nginx, path, rulesIn, said, secret, service } from './edge.fixture.ts';

const shop = [service('web'), service('api'), service('other')];
const served = (spec: string, annotations = ''): ReturnType<typeof rulesIn> => rulesIn(compiled(nginx, ...shop, ingress(spec, 'web', 'shop', annotations)));

test('a host is exact, or a wildcard for one label, and none is every host', () => {
  const rules = served(`{ ingressClassName: nginx, rules: [
    { host: shop.example.com, http: { paths: [${path('/')}] } },
    { host: '*.example.com', http: { paths: [${path('/', 'api')}] } },
    { http: { paths: [${path('/', 'other')}] } }] }`);
  assert.equal(said(ask(rules, 'http://shop.example.com/')), 'web:80');
  assert.equal(said(ask(rules, 'http://SHOP.Example.com/')), 'web:80');
  assert.equal(said(ask(rules, 'http://a.example.com/')), 'api:80');
  assert.equal(said(ask(rules, 'http://b.a.example.com/')), 'other:80');
  assert.equal(said(ask(rules, 'http://example.com/')), 'other:80');
});

test('the paths of the documentation\'s table match as it says', () => {
  // kubernetes.io, Ingress, "Examples": type, paths, request, the path that matches.
  const table: readonly (readonly [string, readonly string[], string, string])[] = [
    ['Prefix', ['/'], '/any/path', '/'], ['Exact', ['/foo'], '/foo', '/foo'], ['Exact', ['/foo'], '/bar', ''], ['Exact', ['/foo'], '/foo/', ''], ['Exact', ['/foo/'], '/foo', ''],
    ['Prefix', ['/foo'], '/foo', '/foo'], ['Prefix', ['/foo'], '/foo/', '/foo'], ['Prefix', ['/foo/'], '/foo', '/foo/'], ['Prefix', ['/foo/'], '/foo/', '/foo/'], ['Prefix', ['/aaa/bb'], '/aaa/bbb', ''],
    ['Prefix', ['/aaa/bbb'], '/aaa/bbb', '/aaa/bbb'], ['Prefix', ['/aaa/bbb/'], '/aaa/bbb', '/aaa/bbb/'], ['Prefix', ['/aaa/bbb'], '/aaa/bbb/', '/aaa/bbb'], ['Prefix', ['/aaa/bbb'], '/aaa/bbb/ccc', '/aaa/bbb'],
    ['Prefix', ['/aaa/bbb'], '/aaa/bbbxyz', ''], ['Prefix', ['/', '/aaa'], '/aaa/ccc', '/aaa'], ['Prefix', ['/', '/aaa', '/aaa/bbb'], '/aaa/bbb', '/aaa/bbb'], ['Prefix', ['/', '/aaa', '/aaa/bbb'], '/ccc', '/'], ['Prefix', ['/aaa'], '/ccc', ''],
  ];
  for (const [type, paths, asked, wanted] of table) {
    const rules = served(`{ ingressClassName: nginx, rules: [{ host: s.example.com, http: { paths: [${paths.map((value) => path(value, 'web', type)).join(', ')}] } }] }`);
    const answer = ask(rules, `http://s.example.com${asked}`);
    assert.equal(answer.kind === 'forward' ? answer.route.path.value : '', wanted, `${type} ${paths.join(' ')} ← ${asked}`);
  }
});

test('the longest path wins, and of two of one length Exact', () => {
  const rules = served(`{ ingressClassName: nginx, rules: [{ host: s.example.com, http: { paths: [${path('/')}, ${path('/foo', 'api')}, ${path('/foo', 'other', 'Exact')}] } }] }`);
  assert.equal(said(ask(rules, 'http://s.example.com/foo')), 'other:80');
  assert.equal(said(ask(rules, 'http://s.example.com/foo/bar')), 'api:80');
  assert.equal(said(ask(rules, 'http://s.example.com/bar')), 'web:80');
});

test('ImplementationSpecific is a prefix of characters, or a pattern where an annotation makes it one', () => {
  const rules = served(`{ ingressClassName: nginx, rules: [{ http: { paths: [${path('/foo', 'api', 'ImplementationSpecific')}] } }] }`);
  assert.equal(said(ask(rules, 'http://x/foobar')), 'api:80');
  const rewriting = served(`{ ingressClassName: nginx, rules: [{ host: s.example.com, http: { paths: [${path('/api(/|$)(.*)', 'api', 'ImplementationSpecific')}] } }] }`, 'nginx.ingress.kubernetes.io/rewrite-target: "/$2"');
  assert.equal(said(ask(rewriting, 'http://s.example.com/api/users?x=1')), 'api:80 as s.example.com/users?x=1');
  assert.equal(said(ask(rewriting, 'http://s.example.com/apis')), '404');
});

test('a pattern that could run away matches nothing, and that is said', () => {
  const edge = compiled(nginx, ...shop, ingress(`{ ingressClassName: nginx, rules: [{ http: { paths: [${path('/(a+)+$', 'api', 'ImplementationSpecific')}] } }] }`, 'web', 'shop', 'nginx.ingress.kubernetes.io/use-regex: "true"'));
  assert.equal(said(ask(rulesIn(edge), `http://x/${'a'.repeat(200)}!`)), '404');
  assert.deepEqual(codes(edge), ['pattern-not-followed']);
});

test('what no rule takes gets the default backend, and without one 404 with the nearest rule', () => {
  const plain = served(`{ ingressClassName: nginx, rules: [{ host: shop.example.com, http: { paths: [${path('/api', 'api', 'Exact')}] } }] }`);
  assert.equal(said(ask(plain, 'http://shop.example.com/api/users')), '404');
  assert.equal(blamed(ask(plain, 'http://shop.example.com/api/users')), 'Ingress shop/web spec.rules[0].http.paths[0]');
  assert.equal(blamed(ask(plain, 'http://store.example.com/api')), 'Ingress shop/web spec.rules[0].host');
  const backed = served(`{ ingressClassName: nginx, defaultBackend: { service: { name: other, port: { name: http } } }, rules: [{ host: shop.example.com, http: { paths: [${path('/api', 'api')}] } }] }`);
  assert.equal(said(ask(backed, 'http://shop.example.com/')), 'other:80');
  // ingress-nginx: the default backend of an Ingress with rules is for its own hosts alone (controller.go, createServers).
  assert.equal(said(ask(backed, 'http://elsewhere.example.com/')), '404');
  const alone = rulesIn(compiled(nginx, ...shop, ingress('{ ingressClassName: nginx, defaultBackend: { service: { name: other, port: { number: 80 } } } }', 'all'), ingress(`{ ingressClassName: nginx, rules: [{ host: shop.example.com, http: { paths: [${path('/api', 'api')}] } }] }`)));
  assert.equal(said(ask(alone, 'http://elsewhere.example.com/')), 'other:80');
  assert.equal(said(ask(alone, 'http://shop.example.com/')), '404');
});

test('a host with rules of its own never falls to the rules of every host in nginx, and does in Traefik', () => {
  const spec = (name: string): string => ingress(`{ ingressClassName: ${name}, rules: [{ host: s.example.com, http: { paths: [${path('/api', 'api')}] } }, { http: { paths: [${path('/', 'other')}] } }] }`);
  assert.equal(said(ask(rulesIn(compiled(nginx, ...shop, spec('nginx'))), 'http://s.example.com/x')), '404');
  const traefik = `apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: traefik }
spec: { controller: traefik.io/ingress-controller }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: traefik, namespace: traefik }
spec: { selector: { matchLabels: { a: b } }, template: { metadata: { labels: { a: b } }, spec: { hostNetwork: true, containers: [{ name: traefik, image: 'docker.io/traefik:v3.3', ports: [{ name: web, containerPort: 80 }, { name: websecure, containerPort: 443 }, { name: metrics, containerPort: 9100 }] }] } } }
`;
  const edge = compiled(traefik, ...shop, spec('traefik'));
  assert.equal(said(ask(rulesIn(edge), 'http://s.example.com/x')), 'other:80');
  assert.deepEqual(edge.facts.proxies[0]?.ports, [{ pod: 80, secure: false, listener: 80 }, { pod: 443, secure: true, listener: 443 }]);
});

test('an Ingress without a class gets the default one, the newest of several, and else nobody serves it', () => {
  const bare = ingress(`{ rules: [{ host: s.example.com, http: { paths: [${path('/')}] } }] }`);
  const alone = compiled(nginx, ...shop, bare);
  assert.equal(said(ask(rulesIn(alone), 'http://s.example.com/')), '404');
  assert.equal(blamed(ask(rulesIn(alone), 'http://s.example.com/')), 'Ingress shop/web spec.ingressClassName');
  assert.deepEqual(alone.facts.unserved.map(({ host }) => host), ['s.example.com']);
  assert.deepEqual(codes(alone), ['class-unserved']);
  const standard = nginx.replace('metadata: { name: nginx }', 'metadata: { name: nginx, annotations: { ingressclass.kubernetes.io/is-default-class: "true" } }');
  assert.equal(said(ask(rulesIn(compiled(standard, ...shop, bare)), 'http://s.example.com/')), 'web:80');
  const second = 'apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: { name: newer, creationTimestamp: "2030-01-01T00:00:00Z", annotations: { ingressclass.kubernetes.io/is-default-class: "true" } }\nspec: { controller: example.com/nobody }\n';
  const two = compiled(standard, second, ...shop, bare);
  assert.equal(said(ask(rulesIn(two), 'http://s.example.com/')), '404');
  assert.equal(blamed(ask(rulesIn(two), 'http://s.example.com/')), 'IngressClass newer spec.controller');
  assert.deepEqual(codes(two), ['class-unserved', 'two-default-classes']);
});

test('a class that is not there, or whose controller does not run, serves nobody', () => {
  const of = (name: string): string => ingress(`{ ingressClassName: ${name}, rules: [{ host: s.example.com, http: { paths: [${path('/')}] } }] }`);
  assert.equal(blamed(ask(rulesIn(compiled(nginx, ...shop, of('ngnix'))), 'http://s.example.com/')), 'Ingress shop/web spec.ingressClassName');
  const typo = nginx.replace('controller: k8s.io/ingress-nginx', 'controller: k8s.io/ingres-nginx');
  assert.equal(blamed(ask(rulesIn(compiled(typo, ...shop, of('nginx'))), 'http://s.example.com/')), 'IngressClass nginx spec.controller');
});

test('the old annotation is a class too', () => {
  const edge = compiled(nginx.slice(nginx.indexOf('---')), ...shop, ingress(`{ rules: [{ host: s.example.com, http: { paths: [${path('/')}] } }] }`, 'web', 'shop', 'kubernetes.io/ingress.class: nginx'));
  assert.equal(said(ask(rulesIn(edge), 'http://s.example.com/')), 'web:80');
});

test('an annotation says what a workload serves where nothing else does', () => {
  const own = nginx.replace('registry.k8s.io/ingress-nginx/controller:v1.12.1', 'example.com/proxy:1').replaceAll('app.kubernetes.io/name', 'app').replace('k8s.io/ingress-nginx }', 'example.com/own }')
    .replace('namespace: ingress-nginx }\nspec:\n  selector: { matchLabels', 'namespace: ingress-nginx, annotations: { k8snet-lab/serves: ingress-class/nginx } }\nspec:\n  selector: { matchLabels');
  const edge = compiled(own, ...shop, ingress(`{ ingressClassName: nginx, rules: [{ host: s.example.com, http: { paths: [${path('/')}] } }] }`));
  assert.equal(said(ask(rulesIn(edge), 'http://s.example.com/')), 'web:80');
});

test('a backend is a Service and a port of the same namespace; what is missing is 503', () => {
  const one = (to: string): ReturnType<typeof compiled> => compiled(nginx, ...shop, service('far', 'payments'), ingress(`{ ingressClassName: nginx, rules: [{ http: { paths: [${to}] } }] }`));
  const missing = one(path('/', 'nope'));
  assert.equal(said(ask(rulesIn(missing), 'http://x/')), '503');
  assert.equal(blamed(ask(rulesIn(missing), 'http://x/')), 'Ingress shop/web spec.rules[0].http.paths[0].backend.service.name');
  assert.deepEqual(codes(missing), ['backend-missing']);
  assert.deepEqual(codes(one(path('/', 'far'))), ['backend-in-another-namespace']);
  const port = one(path('/', 'web', 'Prefix', 9090));
  assert.equal(blamed(ask(rulesIn(port), 'http://x/')), 'Ingress shop/web spec.rules[0].http.paths[0].backend.service.port.number');
  assert.equal(said(ask(rulesIn(one(path('/', 'web', 'Prefix', 'http'))), 'http://x/')), 'web:80');
  assert.deepEqual(codes(one(path('/', 'web', 'Prefix', 'grpc'))), ['backend-port-missing']);
});

test('ingress-nginx takes a targetPort for a port, others do not', () => {
  const target = compiled(nginx, ...shop, ingress(`{ ingressClassName: nginx, rules: [{ http: { paths: [${path('/', 'web', 'Prefix', 8080)}] } }] }`));
  assert.equal(said(ask(rulesIn(target), 'http://x/')), 'web:80');
  assert.deepEqual(codes(target), ['backend-port-is-target-port']);
  const kong = nginx.replace('k8s.io/ingress-nginx }', 'ingress-controllers.konghq.com/kong }').replace('registry.k8s.io/ingress-nginx/controller:v1.12.1', 'kong:3.9').replaceAll('app.kubernetes.io/name: ingress-nginx', 'app.kubernetes.io/name: kong');
  assert.equal(said(ask(rulesIn(compiled(kong, ...shop, ingress(`{ ingressClassName: nginx, rules: [{ http: { paths: [${path('/', 'web', 'Prefix', 8080)}] } }] }`))), 'http://x/')), '503');
});

test('of two Ingresses with one host and path the older one is asked, and the other is told', () => {
  const edge = compiled(nginx, ...shop, ingress(`{ ingressClassName: nginx, rules: [{ host: s.example.com, http: { paths: [${path('/', 'api')}] } }] }`, 'b'), ingress(`{ ingressClassName: nginx, rules: [{ host: s.example.com, http: { paths: [${path('/')}] } }] }`, 'a'));
  // Of the same age: ingress-nginx asks the last one by name (store.go, sortIngressSlice).
  assert.equal(said(ask(rulesIn(edge), 'http://s.example.com/')), 'api:80');
  assert.deepEqual(codes(edge), ['host-and-path-taken']);
  const aged = (name: string, to: string, created: string): string => ingress(`{ ingressClassName: nginx, rules: [{ host: s.example.com, http: { paths: [${path('/', to)}] } }] }`, name).replace(`name: ${name},`, `name: ${name}, creationTimestamp: '${created}',`);
  assert.equal(said(ask(rulesIn(compiled(nginx, ...shop, aged('b', 'api', '2025-02-01T00:00:00Z'), aged('a', 'web', '2025-01-01T00:00:00Z'))), 'http://s.example.com/')), 'web:80');
});

const tls = (secretName: string): string => `{ ingressClassName: nginx, tls: [{ hosts: [shop.example.com], secretName: ${secretName} }], rules: [{ host: shop.example.com, http: { paths: [${path('/')}] } }] }`;

test('TLS ends at the controller with the host\'s certificate, and plain HTTP is sent there', () => {
  const rules = rulesIn(compiled(nginx, ...shop, ingress(tls('shop-tls')), secret('shop-tls', 'shop.example.com')));
  assert.equal(said(ask(rules, 'https://shop.example.com/')), 'web:80');
  assert.equal(said(ask(rules, 'http://shop.example.com/a?b=c')), '308 https://shop.example.com/a?b=c');
  const off = rulesIn(compiled(nginx, ...shop, ingress(tls('shop-tls'), 'web', 'shop', 'nginx.ingress.kubernetes.io/ssl-redirect: "false"'), secret('shop-tls', 'shop.example.com')));
  assert.equal(said(ask(off, 'http://shop.example.com/')), 'web:80');
});

test('without a Secret, in another namespace or of another type the controller shows its own certificate', () => {
  for (const [texts, code] of [[[], 'secret-missing'], [[secret('shop-tls', 'shop.example.com', 'ingress-nginx')], 'secret-missing'], [['apiVersion: v1\nkind: Secret\nmetadata: { name: shop-tls, namespace: shop }\ntype: Opaque\ndata: { cert: AA== }\n'], 'secret-type']] as const) {
    const edge = compiled(nginx, ...shop, ingress(tls('shop-tls')), ...texts);
    const answer = ask(rulesIn(edge), 'https://shop.example.com/');
    assert.equal(said(answer), 'tls self-signed');
    assert.match(answer.kind === 'tls' ? answer.why : '', /Kubernetes Ingress Controller Fake Certificate/);
    assert.equal(said(ask(rulesIn(edge), 'https://shop.example.com/', { insecure: true })), 'web:80');
    assert.deepEqual(codes(edge), [code]);
  }
});

test('an expired certificate is shown; one for other hosts is not, by ingress-nginx', () => {
  const rules = (certificate: string): ReturnType<typeof rulesIn> => rulesIn(compiled(nginx, ...shop, ingress(tls('shop-tls')), secret('shop-tls', certificate)));
  assert.equal(said(ask(rules('shop.example.com; expires=2025-06-30'), 'https://shop.example.com/')), 'tls expired');
  assert.equal(said(ask(rules('shop.example.com; expires=2027-06-30'), 'https://shop.example.com/')), 'web:80');
  assert.equal(said(ask(rules('store.example.com'), 'https://shop.example.com/')), 'tls self-signed');
  assert.equal(blamed(ask(rules('store.example.com'), 'https://shop.example.com/')), 'Secret shop/shop-tls data[tls.crt]');
  assert.equal(said(ask(rules('*.example.com'), 'https://shop.example.com/')), 'web:80');
});

test('a Secret that nobody can read is taken to be good, and that is said', () => {
  const edge = compiled(nginx, ...shop, ingress(tls('shop-tls')), 'apiVersion: v1\nkind: Secret\nmetadata: { name: shop-tls, namespace: shop }\ntype: kubernetes.io/tls\ndata: { tls.crt: QQ==, tls.key: QQ== }\n');
  assert.equal(said(ask(rulesIn(edge), 'https://shop.example.com/')), 'web:80');
  assert.deepEqual(codes(edge), ['certificate-assumed']);
});

test('a host without a tls section gets the controller\'s own certificate', () => {
  const rules = served(`{ ingressClassName: nginx, rules: [{ host: shop.example.com, http: { paths: [${path('/')}] } }] }`);
  assert.equal(said(ask(rules, 'https://shop.example.com/')), 'tls self-signed');
  assert.equal(said(ask(rules, 'http://shop.example.com/')), 'web:80');
});

test('the admission webhook and the metrics of a controller are no way in', () => {
  assert.deepEqual(compiled(nginx).facts.proxies[0]?.ports, [{ pod: 80, secure: false, listener: 80 }, { pod: 443, secure: true, listener: 443 }]);
});

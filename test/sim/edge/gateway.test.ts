// Gateway API v1: which listener takes which route, what wins, and what is answered where nothing does.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { ask, blamed, codes, compiled, gateway, gatewayClass, route, rulesIn, said, secret, service } from './edge.fixture.ts';
import { sharedHost, hostFits } from '../../../src/sim/edge/host-names.ts';
import { edgeStatuses } from '../../../src/sim/edge/edge-statuses.ts';
import type { CompiledEdge } from '../../../src/sim/edge/compile-edge.ts';

const http = '{ name: http, port: 80, protocol: HTTP }';
const open = '{ name: http, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: All } } }';
const to = (name: string, more = ''): string => `{ name: ${name}, port: 80${more} }`;
const services = [service('web', 'edge'), service('api', 'edge'), service('other', 'edge'), service('api', 'shop')];
const made = (listeners: string, ...texts: readonly string[]): CompiledEdge => compiled(gatewayClass(), gateway(listeners), ...services, ...texts);

interface Conditions { readonly conditions: readonly { readonly type: string; readonly status: string; readonly reason: string }[] }
const inWords = ({ conditions }: Conditions): string[] => conditions.map(({ type, status, reason }) => `${type}=${status} ${reason}`);
function statusOf(edge: CompiledEdge, kind: string, name: string): Record<string, unknown> {
  const found = edgeStatuses(edge, () => [{ ip: '198.51.100.7' }]).find(({ object }) => object.kind === kind && object.metadata.name === name);
  assert.ok(found !== undefined);
  return found.status;
}
const parents = (edge: CompiledEdge, name = 'web'): string[][] => (statusOf(edge, 'HTTPRoute', name)['parents'] as Conditions[]).map(inWords);

test('a route of the Gateway\'s own namespace is taken, and its default match is every path', () => {
  const edge = made(http, route(`{ parentRefs: [{ name: gw }], rules: [{ backendRefs: [${to('web')}] }] }`));
  assert.equal(said(ask(rulesIn(edge), 'http://anything/at/all')), 'web:80');
  assert.deepEqual(parents(edge), [['Accepted=True Accepted', 'ResolvedRefs=True ResolvedRefs']]);
  assert.deepEqual(inWords(statusOf(edge, 'Gateway', 'gw') as unknown as Conditions), ['Accepted=True Accepted', 'Programmed=True Programmed']);
  assert.deepEqual(edge.facts.proxies[0]?.ports, [{ pod: 10080, listener: 80, secure: false }]);
});

test('a route of another namespace is refused unless the listener allows it', () => {
  const spec = `{ parentRefs: [{ name: gw, namespace: edge }], rules: [{ backendRefs: [${to('api')}] }] }`;
  const same = made(http, route(spec, 'web', 'shop'));
  assert.deepEqual(parents(same), [['Accepted=False NotAllowedByListeners', 'ResolvedRefs=True ResolvedRefs']]);
  assert.equal(said(ask(rulesIn(same), 'http://x/')), '404');
  assert.equal(blamed(ask(rulesIn(same), 'http://x/')), 'Gateway edge/gw spec.listeners[0].allowedRoutes.namespaces');
  assert.equal(said(ask(rulesIn(made(open, route(spec, 'web', 'shop'))), 'http://x/')), 'api:80');
  const selecting = '{ name: http, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: Selector, selector: { matchLabels: { edge: open } } } } }';
  assert.equal(said(ask(rulesIn(made(selecting, route(spec, 'web', 'shop'))), 'http://x/')), '404');
  const labelled = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { edge: open } }\n';
  assert.equal(said(ask(rulesIn(made(selecting, labelled, route(spec, 'web', 'shop'))), 'http://x/')), 'api:80');
  const kinds = '{ name: http, port: 80, protocol: HTTP, allowedRoutes: { kinds: [{ kind: GRPCRoute }] } }';
  assert.equal(blamed(ask(rulesIn(made(kinds, route(spec.replace(', namespace: edge', ''), 'web', 'edge'))), 'http://x/')), 'Gateway edge/gw spec.listeners[0].allowedRoutes.kinds');
});

test('a section or port that no listener has is no matching parent', () => {
  for (const [part, field] of [['sectionName: https', 'sectionName'], ['port: 8080', 'port']] as const) {
    const edge = made(http, route(`{ parentRefs: [{ name: gw, ${part} }], rules: [{ backendRefs: [${to('web')}] }] }`));
    assert.deepEqual(parents(edge), [['Accepted=False NoMatchingParent', 'ResolvedRefs=True ResolvedRefs']]);
    assert.equal(blamed(ask(rulesIn(edge), 'http://x/')), `HTTPRoute edge/web spec.parentRefs[0].${field}`);
  }
});

test('hostnames of route and listener must meet', () => {
  const listener = '{ name: http, port: 80, protocol: HTTP, hostname: "*.example.com" }';
  const spec = (host: string): string => `{ parentRefs: [{ name: gw }], hostnames: ['${host}'], rules: [{ backendRefs: [${to('web')}] }] }`;
  const apart = made(listener, route(spec('shop.example.org')));
  assert.deepEqual(parents(apart), [['Accepted=False NoMatchingListenerHostname', 'ResolvedRefs=True ResolvedRefs']]);
  assert.equal(blamed(ask(rulesIn(apart), 'http://shop.example.org/')), 'HTTPRoute edge/web spec.hostnames');
  const meeting = rulesIn(made(listener, route(spec('shop.example.com'))));
  assert.equal(said(ask(meeting, 'http://shop.example.com/')), 'web:80');
  assert.equal(said(ask(meeting, 'http://other.example.com/')), '404');
  // A wildcard of the Gateway API is for more labels than one, and never for the bare name.
  const wide = rulesIn(made(listener, route(spec('*.example.com'))));
  assert.equal(said(ask(wide, 'http://a.b.example.com/')), 'web:80');
  assert.equal(said(ask(wide, 'http://example.com/')), '404');
});

test('hosts that two patterns share are exactly those that fit both', () => {
  const label = fc.constantFrom('a', 'b', 'com');
  const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
  const pattern = fc.oneof(name, name.map((one) => `*.${one}`), fc.constant(''));
  fc.assert(fc.property(pattern, pattern, name, (left, right, host) => {
    const shared = sharedHost(left, right);
    const both = hostFits(left, host, false) && hostFits(right, host, false);
    assert.equal(shared !== null && hostFits(shared, host, false), both);
    assert.equal(shared, sharedHost(right, left));
  }));
});

test('the most particular match wins: host, Exact, longest prefix, method, headers, query', () => {
  const spec = `{ parentRefs: [{ name: gw }], rules: [
    { matches: [{ path: { value: / } }], backendRefs: [${to('web')}] },
    { matches: [{ path: { value: /v1 } }], backendRefs: [${to('api')}] },
    { matches: [{ path: { type: Exact, value: /v1 } }], backendRefs: [${to('other')}] },
    { matches: [{ path: { value: /v1 }, method: POST }], backendRefs: [${to('other')}] },
    { matches: [{ path: { value: /v1 }, headers: [{ name: X-Canary, value: 'yes' }] }], backendRefs: [${to('web')}] },
    { matches: [{ path: { value: /v1 }, queryParams: [{ name: debug, value: '1' }] }], backendRefs: [${to('other')}] }] }`;
  const rules = rulesIn(made(http, route(spec)));
  assert.equal(said(ask(rules, 'http://x/v2')), 'web:80');
  assert.equal(said(ask(rules, 'http://x/v1')), 'other:80');
  assert.equal(said(ask(rules, 'http://x/v1/a')), 'api:80');
  assert.equal(said(ask(rules, 'http://x/v10')), 'web:80');
  assert.equal(said(ask(rules, 'http://x/v1/a', { method: 'POST' })), 'other:80');
  assert.equal(said(ask(rules, 'http://x/v1/a', { headers: { 'x-canary': 'yes' } })), 'web:80');
  assert.equal(said(ask(rules, 'http://x/v1/a?debug=1')), 'other:80');
  assert.equal(said(ask(rules, 'http://x/v1/a?debug=1', { headers: { 'x-canary': 'yes' } })), 'web:80');
});

test('of two routes for one match the older one is asked, then the first by name', () => {
  const spec = (name: string): string => `{ parentRefs: [{ name: gw }], rules: [{ backendRefs: [${to(name)}] }] }`;
  assert.equal(said(ask(rulesIn(made(http, route(spec('api'), 'b', 'edge', '2025-01-01T00:00:00Z'), route(spec('web'), 'a', 'edge', '2025-02-01T00:00:00Z'))), 'http://x/')), 'api:80');
  assert.equal(said(ask(rulesIn(made(http, route(spec('api'), 'b'), route(spec('web'), 'a'))), 'http://x/')), 'web:80');
});

test('weights are kept, 0 is never, and all 0 is 500', () => {
  const rules = (refs: string): ReturnType<typeof rulesIn> => rulesIn(made(http, route(`{ parentRefs: [{ name: gw }], rules: [{ backendRefs: [${refs}] }] }`)));
  assert.equal(said(ask(rules(`${to('web', ', weight: 9')}, ${to('api')}`), 'http://x/')), 'web:80*9 api:80*1');
  assert.equal(said(ask(rules(`${to('web', ', weight: 0')}, ${to('api')}`), 'http://x/')), 'api:80');
  assert.equal(said(ask(rules(to('web', ', weight: 0')), 'http://x/')), '500');
  assert.equal(said(ask(rules(''), 'http://x/')), '500');
});

test('a Service of another namespace needs a ReferenceGrant there, for this kind, namespace and name', () => {
  const spec = `{ parentRefs: [{ name: gw }], rules: [{ backendRefs: [${to('api', ', namespace: shop')}] }] }`;
  const grant = (from: string, name = ''): string => `apiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: { name: g, namespace: shop }\nspec: { from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: ${from} }], to: [{ group: '', kind: Service${name} }] }\n`;
  const without = made(http, route(spec));
  assert.equal(said(ask(rulesIn(without), 'http://x/')), '500');
  assert.equal(blamed(ask(rulesIn(without), 'http://x/')), 'HTTPRoute edge/web spec.rules[0].backendRefs[0].namespace');
  assert.deepEqual(parents(without), [['Accepted=True Accepted', 'ResolvedRefs=False RefNotPermitted']]);
  assert.equal(said(ask(rulesIn(made(http, route(spec), grant('edge'))), 'http://x/')), 'api:80');
  assert.equal(said(ask(rulesIn(made(http, route(spec), grant('edge', ', name: api'))), 'http://x/')), 'api:80');
  assert.equal(said(ask(rulesIn(made(http, route(spec), grant('edge', ', name: db'))), 'http://x/')), '500');
  assert.equal(said(ask(rulesIn(made(http, route(spec), grant('other'))), 'http://x/')), '500');
  assert.equal(said(ask(rulesIn(made(http, route(spec), grant('edge').replace('namespace: shop', 'namespace: edge'))), 'http://x/')), '500');
});

test('a Service or port that is not there is 500 for its share, and the route says so', () => {
  for (const ref of [to('nope'), '{ name: web, port: 8080 }']) {
    const edge = made(http, route(`{ parentRefs: [{ name: gw }], rules: [{ backendRefs: [${ref}, ${to('api')}] }] }`));
    assert.equal(said(ask(rulesIn(edge), 'http://x/')), '500*1 api:80*1');
    assert.deepEqual(parents(edge), [['Accepted=True Accepted', 'ResolvedRefs=False BackendNotFound']]);
  }
});

test('redirects and rewrites change scheme, host, port and path as the API says', () => {
  const filtered = (filter: string, match = '/old', backends = ''): ReturnType<typeof rulesIn> => rulesIn(made(http, route(`{ parentRefs: [{ name: gw }], rules: [{ matches: [{ path: { value: ${match} } }], filters: [${filter}], backendRefs: [${backends}] }] }`)));
  assert.equal(said(ask(filtered('{ type: RequestRedirect, requestRedirect: { scheme: https, statusCode: 301 } }'), 'http://shop.example.com/old/a?b=c')), '301 https://shop.example.com/old/a?b=c');
  assert.equal(said(ask(filtered('{ type: RequestRedirect, requestRedirect: { hostname: new.example.com, path: { type: ReplacePrefixMatch, replacePrefixMatch: /new } } }'), 'http://x/old/a')), '302 http://new.example.com/new/a');
  // The table of HTTPPathModifier.replacePrefixMatch: request, prefix, replacement, result.
  for (const [asked, prefix, replacement, wanted] of [['/foo/bar', '/foo', '/xyz', '/xyz/bar'], ['/foo/bar', '/foo', '/xyz/', '/xyz/bar'], ['/foo/bar', '/foo/', '/xyz', '/xyz/bar'], ['/foo/bar', '/foo/', '/xyz/', '/xyz/bar'], ['/foo', '/foo', '/xyz', '/xyz'], ['/foo', '/foo/', '/xyz', '/xyz'], ['/foo/bar', '/foo', '/', '/bar'], ['/foo/', '/foo', '/', '/'], ['/foo', '/foo', '/', '/']] as const) {
    const answer = ask(filtered(`{ type: URLRewrite, urlRewrite: { path: { type: ReplacePrefixMatch, replacePrefixMatch: ${replacement} } } }`, prefix, to('web')), `http://x${asked}`);
    assert.equal(answer.kind === 'forward' ? answer.path : '', wanted, `${asked} ${prefix} → ${replacement}`);
  }
  assert.equal(said(ask(filtered('{ type: URLRewrite, urlRewrite: { hostname: in.example.com, path: { type: ReplaceFullPath, replaceFullPath: /all } } }', '/', to('web')), 'http://x/y')), 'web:80 as in.example.com/all');
});

const https = (name = 'edge-tls', more = ''): string => `{ name: https, port: 443, protocol: HTTPS${more}, tls: { certificateRefs: [{ name: ${name} }] } }`;
const all = route(`{ parentRefs: [{ name: gw }], rules: [{ backendRefs: [${to('web')}] }] }`);

test('TLS ends at the Gateway, which has no certificate of its own to fall back to', () => {
  const good = rulesIn(made(`${http}, ${https()}`, all, secret('edge-tls', '*.example.com', 'edge')));
  assert.equal(said(ask(good, 'https://shop.example.com/')), 'web:80');
  assert.equal(said(ask(good, 'http://shop.example.com/')), 'web:80');
  assert.equal(said(ask(good, 'https://shop.example.org/')), 'tls name');
  assert.equal(said(ask(good, 'https://shop.example.org/', { insecure: true })), 'web:80');
  const missing = made(https(), all);
  assert.equal(said(ask(rulesIn(missing), 'https://shop.example.com/')), 'tls closed');
  assert.deepEqual(codes(missing), ['secret-missing']);
  const opaque = made(https(), all, secret('edge-tls', '*.example.com', 'edge', 'Opaque'));
  assert.deepEqual(codes(opaque), ['secret-type']);
  const status = statusOf(opaque, 'Gateway', 'gw');
  assert.deepEqual(inWords((status['listeners'] as Conditions[])[0] ?? { conditions: [] }), ['Accepted=True Accepted', 'Conflicted=False NoConflicts', 'ResolvedRefs=False InvalidCertificateRef', 'Programmed=False Invalid']);
});

test('a certificate of another namespace needs a ReferenceGrant from the Gateway', () => {
  const listener = '{ name: https, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: shop-tls, namespace: shop }] } }';
  const held = secret('shop-tls', '*.example.com', 'shop');
  const grant = 'apiVersion: gateway.networking.k8s.io/v1\nkind: ReferenceGrant\nmetadata: { name: g, namespace: shop }\nspec: { from: [{ group: gateway.networking.k8s.io, kind: Gateway, namespace: edge }], to: [{ group: "", kind: Secret }] }\n';
  assert.deepEqual(codes(made(listener, all, held)), ['reference-not-granted']);
  assert.equal(said(ask(rulesIn(made(listener, all, held, grant)), 'https://shop.example.com/')), 'web:80');
});

test('two listeners that speak differently on one port: the first one stands', () => {
  const edge = made(`${http}, { name: tls, port: 80, protocol: HTTPS, hostname: a.example.com }`, all);
  const listeners = statusOf(edge, 'Gateway', 'gw')['listeners'] as Conditions[];
  assert.deepEqual(listeners.map((one) => inWords(one)[1]), ['Conflicted=False NoConflicts', 'Conflicted=True ProtocolConflict']);
  assert.equal(said(ask(rulesIn(edge), 'http://x/')), 'web:80');
});

test('plain HTTP to a TLS listener is 400, TLS to a plain one is no TLS', () => {
  const rules = rulesIn(made(`${http}, ${https()}`, all, secret('edge-tls', '*.example.com', 'edge')));
  assert.equal(said(ask(rules, 'http://shop.example.com:443/')), '400');
  assert.equal(said(ask(rules, 'https://shop.example.com:80/')), 'tls no-tls');
});

test('a Gateway whose class nobody reads waits for a controller', () => {
  const edge = compiled(gateway(http, 'gw', 'edge', 'missing'), ...services, all);
  assert.deepEqual(inWords(statusOf(edge, 'Gateway', 'gw') as unknown as Conditions), ['Accepted=Unknown Pending', 'Programmed=Unknown Pending']);
  assert.deepEqual(parents(edge), []);
  assert.deepEqual(codes(edge), ['class-unserved']);
  const named = compiled(gatewayClass().slice(0, gatewayClass().indexOf('---')), gateway(http), ...services, route(`{ parentRefs: [{ name: gw }], hostnames: [shop.example.com], rules: [{ backendRefs: [${to('web')}] }] }`));
  assert.deepEqual(named.facts.unserved.map(({ host, object, field }) => [host, object.name, field]), [['shop.example.com', 'public', 'spec.controllerName']]);
});

test('pods that were made for one Gateway carry that one only', () => {
  const istio = 'apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: { name: istio }\nspec: { controllerName: istio.io/gateway-controller }\n';
  const istiod = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: istiod, namespace: istio-system }\nspec: { selector: { matchLabels: { app: istiod } }, template: { metadata: { labels: { app: istiod } }, spec: { containers: [{ name: discovery, image: docker.io/istio/pilot:1.26 }] } } }\n';
  const own = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: gw-istio, namespace: edge }\nspec: { selector: { matchLabels: { gateway.networking.k8s.io/gateway-name: gw } }, template: { metadata: { labels: { gateway.networking.k8s.io/gateway-name: gw } }, spec: { containers: [{ name: istio-proxy, image: docker.io/istio/proxyv2:1.26 }] } } }\n';
  const edge = compiled(istio, istiod, own, gateway(http, 'gw', 'edge', 'istio'), gateway(http, 'second', 'edge', 'istio'), ...services, all);
  assert.deepEqual(edge.facts.proxies.map(({ rules, workload }) => [rules.name, workload.name]), [['Gateway edge/gw', 'gw-istio']]);
  assert.equal(edge.facts.proxies[0]?.rules.manners.refused, 503);
});

test('a Gateway says how many routes each listener has', () => {
  const edge = made(`${http}, { name: more, port: 8080, protocol: HTTP }`, route(`{ parentRefs: [{ name: gw, sectionName: http }], rules: [{ backendRefs: [${to('web')}] }] }`), route(`{ parentRefs: [{ name: gw }], rules: [{ backendRefs: [${to('web')}] }] }`, 'both'));
  assert.deepEqual((statusOf(edge, 'Gateway', 'gw')['listeners'] as { attachedRoutes: number }[]).map(({ attachedRoutes }) => attachedRoutes), [2, 1]);
});

test('the order of documents changes nothing', () => {
  const texts = [gatewayClass(), gateway(`${open}, ${https()}`), ...services, all, secret('edge-tls', '*.example.com', 'edge'), route(`{ parentRefs: [{ name: gw }], hostnames: [a.example.com], rules: [{ backendRefs: [${to('api')}] }] }`, 'more')];
  const first = JSON.stringify(compiled(...texts).facts);
  assert.equal(JSON.stringify(compiled(...[...texts].reverse()).facts), first);
});

// Facts that the conformance tests of the Gateway API assert (kubernetes-sigs/gateway-api v1.7.0, conformance/tests), over manifests of our own: requests first, statuses after them.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ask, compiled, gateway, gatewayClass, route, rulesIn, said, secret, service } from './edge.fixture.ts';
import { changedHeaders } from '../../../src/sim/edge/header-change.ts';
import { edgeStatuses } from '../../../src/sim/edge/edge-statuses.ts';
import type { CompiledEdge } from '../../../src/sim/edge/compile-edge.ts';
import type { EdgeAnswer } from '../../../src/sim/edge/answer-at-edge.ts';

const classes = gatewayClass();
const port80 = '{ name: http, port: 80, protocol: HTTP }';
const services = ['v1', 'v2', 'v3'].map((name) => service(name, 'edge', 8080, 3000));
const other = [service('v1', 'shop', 8080, 3000), service('web', 'web', 8080, 3000)];
const ref = (name: string, more = ''): string => `{ name: ${name}, port: 8080${more} }`;

/** A rule: what it matches, and where it sends. */
const rule = (to: string, matches = '', more = ''): string => `{ ${matches === '' ? '' : `matches: [${matches}], `}backendRefs: [${ref(to)}]${more} }`;
const prefix = (value: string, more = ''): string => `{ path: { type: PathPrefix, value: ${value} }${more} }`;
const exact = (value: string, more = ''): string => `{ path: { type: Exact, value: ${value} }${more} }`;
const headers = (...pairs: readonly (readonly [string, string])[]): string => `headers: [${pairs.map(([name, value]) => `{ name: ${name}, value: ${value} }`).join(', ')}]`;
const http = (rules: readonly string[], name = 'web', more = '', created = '', parents = '{ name: gw }'): string => route(`{ parentRefs: [${parents}]${more === '' ? '' : `, ${more}`}, rules: [${rules.join(', ')}] }`, name, 'edge', created);
const made = (listeners: string, ...texts: readonly string[]): CompiledEdge => compiled(classes, gateway(listeners), ...services, ...other, ...texts);

let facts = 0;
/** What becomes of each request: `METHOD URL [header=value …]` to the first word of the answer. */
function asked(edge: CompiledEdge, table: Readonly<Record<string, string>>): void {
  const rules = rulesIn(edge);
  for (const [line, wanted] of Object.entries(table)) {
    const words = line.split(' ');
    const method = /^[A-Z]+$/.test(words[0] ?? '') ? words.shift() ?? 'GET' : 'GET';
    const url = words.shift() ?? '';
    const given = Object.fromEntries(words.map((word) => [word.slice(0, word.indexOf('=')).toLowerCase(), word.slice(word.indexOf('=') + 1)]));
    assert.equal(said(ask(rules, url.startsWith('http') ? url : `http://gw.example${url}`, { method, headers: given })).replace(/^(v\d):8080/, '$1'), wanted, line);
    facts += 1;
  }
}

interface Conditions { readonly conditions: readonly { readonly type: string; readonly status: string; readonly reason: string }[] }
function statusOf(edge: CompiledEdge, kind: string, name: string): Record<string, unknown> {
  const found = edgeStatuses(edge, () => [{ ip: '198.51.100.7' }]).find(({ object }) => object.kind === kind && object.metadata.name === name);
  assert.ok(found !== undefined, `${kind} ${name}`);
  return found.status;
}
const inWords = ({ conditions }: Conditions, ...types: readonly string[]): string[] => conditions.filter(({ type }) => types.includes(type)).map(({ type, status, reason }) => `${type}=${status} ${reason}`);
const parentWords = (edge: CompiledEdge, name = 'web', kind = 'HTTPRoute'): string[][] => (statusOf(edge, kind, name)['parents'] as Conditions[]).map((one) => inWords(one, 'Accepted', 'ResolvedRefs'));
const listeners = (edge: CompiledEdge, kind = 'Gateway', name = 'gw'): (Conditions & { readonly attachedRoutes: number; readonly name: string; readonly supportedKinds: readonly { readonly kind: string }[] })[] => statusOf(edge, kind, name)['listeners'] as never;
const holds = (actual: unknown, wanted: unknown): void => { assert.deepEqual(actual, wanted); facts += 1; };

test('HTTPRouteMatching: path elements and headers, of which the longer path wins', () => {
  asked(made(port80, http([rule('v1', `${prefix('/')}, { ${headers(['version', 'one'])} }`), rule('v2', `${prefix('/v2')}, { ${headers(['version', 'two'])} }`)])), {
    '/': 'v1', '/example': 'v1', '/ version=one': 'v1', '/v2': 'v2', '/v2/example': 'v2', '/ Version=two': 'v2', '/v2/': 'v2', '/v2example': 'v1', '/foo/v2/example': 'v1',
  });
});

test('HTTPRouteMatchingAcrossRoutes: routes of one host are one table', () => {
  const edge = made(port80, http([rule('v1', `${prefix('/')}, { ${headers(['version', 'one'])} }`)], 'part1', 'hostnames: [example.com, example.net]'), http([rule('v2', `${prefix('/v2')}, { ${headers(['version', 'two'])} }`)], 'part2', 'hostnames: [example.com]'));
  asked(edge, { 'http://example.com/': 'v1', 'http://example.com/example': 'v1', 'http://example.net/example': 'v1', 'http://example.com/example version=one': 'v1', 'http://example.com/v2': 'v2', 'http://example.net/v2': 'v1', 'http://example.com/v2/example': 'v2', 'http://example.com/ version=two': 'v2' });
});

test('HTTPExactPathMatching: Exact is exact, also in case and slashes', () => {
  asked(made(port80, http([rule('v1', exact('/one')), rule('v2', exact('/two'))])), { '/one': 'v1', '/two': 'v2', '/': '404', '/one/example': '404', '/two/': '404', '/Two': '404' });
});

test('HTTPRoutePathMatchOrder: Exact before prefixes, then the longer prefix, whatever the order of the rules', () => {
  const rules = [rule('v1', exact('/match')), rule('v2', exact('/match/exact')), rule('v3', exact('/match/exact/one')), rule('v3', prefix('/match/')), rule('v1', prefix('/match/prefix/')), rule('v2', prefix('/match/prefix/one'))];
  for (const order of [rules, [...rules].reverse()]) asked(made(port80, http(order)), { '/match/exact/one': 'v3', '/match/exact': 'v2', '/match': 'v1', '/match/prefix/one/any': 'v2', '/match/prefix/any': 'v1', '/match/any': 'v3' });
});

test('HTTPRouteHeaderMatching: all headers of a match, any match of a rule, more headers before fewer', () => {
  const edge = made(port80, http([
    rule('v1', `{ ${headers(['version', 'one'])} }`), rule('v2', `{ ${headers(['version', 'two'])} }`), rule('v1', `{ ${headers(['version', 'two'], ['color', 'orange'])} }`),
    rule('v1', `{ ${headers(['color', 'blue'])} }, { ${headers(['color', 'green'])} }`), rule('v2', `{ ${headers(['color', 'red'])} }, { ${headers(['color', 'yellow'])} }`),
  ]));
  asked(edge, { '/ Version=one': 'v1', '/ Version=two': 'v2', '/ Version=two Color=orange': 'v1', '/ Version=two Color=blue': 'v2', '/ Color=orange': '404', '/ Some-Other-Header=one': '404', '/ Color=blue': 'v1', '/ Color=green': 'v1', '/ Color=red': 'v2', '/ Color=yellow': 'v2', '/ Color=purple': '404' });
});

test('HTTPRouteMethodMatching: a method counts after the path and before headers', () => {
  const edge = made(port80, http([
    rule('v1', '{ method: POST }'), rule('v2', '{ method: GET }'), rule('v1', prefix('/path1', ', method: GET')), rule('v2', `{ ${headers(['version', 'one'])}, method: PUT }`), rule('v3', prefix('/path2', `, ${headers(['version', 'two'])}, method: POST`)),
    rule('v1', `${prefix('/path3', ', method: PATCH')}, ${prefix('/path4', `, ${headers(['version', 'three'])}, method: DELETE`)}`), rule('v1', prefix('/path5')), rule('v2', '{ method: PATCH }'), rule('v3', `{ ${headers(['version', 'four'])} }`),
  ]));
  asked(edge, {
    'POST /': 'v1', 'GET /': 'v2', 'HEAD /': '404', 'GET /path1': 'v1', 'PUT / version=one': 'v2', 'POST /path2 version=two': 'v3', 'PATCH /path3': 'v1', 'DELETE /path4 version=three': 'v1', 'PUT /': '404', 'DELETE /path4': '404', 'PATCH /path5': 'v1', 'PATCH / version=four': 'v2',
  });
});

test('HTTPRouteQueryParamMatching: parameters count last, in exact case', () => {
  const query = (...pairs: readonly (readonly [string, string])[]): string => `queryParams: [${pairs.map(([name, value]) => `{ name: ${name}, value: ${value} }`).join(', ')}]`;
  const edge = made(port80, http([
    rule('v1', `{ ${query(['animal', 'whale'])} }`), rule('v2', `{ ${query(['animal', 'dolphin'])} }`), rule('v3', `{ ${query(['animal', 'dolphin'], ['color', 'blue'])} }, { ${query(['ANIMAL', 'Whale'])} }`),
    rule('v1', prefix('/path1', `, ${query(['animal', 'whale'])}`)), rule('v2', `{ ${headers(['version', 'one'])}, ${query(['animal', 'whale'])} }`), rule('v3', prefix('/path2', `, ${headers(['version', 'two'])}, ${query(['animal', 'whale'])}`)),
    rule('v1', `${prefix('/path3', `, ${query(['animal', 'shark'])}`)}, ${prefix('/path4', `, ${headers(['version', 'three'])}, ${query(['animal', 'kraken'])}`)}`), rule('v1', prefix('/path5')), rule('v2', `{ ${query(['animal', 'hydra'])} }`), rule('v3', `{ ${headers(['version', 'four'])} }`),
  ]));
  asked(edge, {
    '/?animal=whale': 'v1', '/?animal=dolphin': 'v2', '/?animal=dolphin&color=blue': 'v3', '/?ANIMAL=Whale': 'v3', '/?animal=whale&otherparam=irrelevant': 'v1', '/?animal=dolphin&color=yellow': 'v2', '/?color=blue': '404', '/?animal=dog': '404', '/?animal=whaledolphin': '404', '/': '404',
    '/path1?animal=whale': 'v1', '/?animal=whale version=one': 'v2', '/path2?animal=whale version=two': 'v3', '/path3?animal=shark': 'v1', '/path4?animal=kraken version=three': 'v1', '/?animal=shark': '404', '/path4?animal=kraken': '404', '/path5?animal=hydra': 'v1', '/?animal=hydra version=four': 'v3',
  });
});

test('HTTPRouteRuleOrder: of equal matches the first rule decides, even where its backend is not there', () => {
  const edge = made(port80, http([rule('v1', exact('/rule-order', `, ${headers(['x-version', 'one'], ['x-color', 'blue'])}`)), rule('v2', exact('/rule-order', `, ${headers(['x-color', 'blue'], ['x-version', 'one'])}`))]), http([rule('nonexistent', exact('/invalid')), rule('v2', exact('/invalid'))], 'invalid'));
  asked(edge, { '/rule-order x-color=blue x-version=one': 'v1', '/invalid': '500' });
  holds(parentWords(edge, 'invalid'), [['Accepted=True Accepted', 'ResolvedRefs=False BackendNotFound']]);
});

test('HTTPRouteHostnameIntersection: a route has the hosts that it shares with a listener, and no others', () => {
  const three = '{ name: one, port: 80, protocol: HTTP, hostname: very.specific.com }, { name: two, port: 80, protocol: HTTP, hostname: "*.wildcard.io" }, { name: three, port: 80, protocol: HTTP, hostname: "*.anotherwildcard.io" }';
  const edge = made(three, http([rule('v1', prefix('/s1'))], 's1', 'hostnames: [non.matching.com, "*.nonmatchingwildcard.io", very.specific.com]'), http([rule('v2', prefix('/s2'))], 's2', 'hostnames: [non.matching.com, wildcard.io, foo.wildcard.io, bar.wildcard.io, foo.bar.wildcard.io]'),
    http([rule('v3', prefix('/s3'))], 's3', 'hostnames: [non.matching.com, "*.specific.com"]'), http([rule('v1', prefix('/s4'))], 's4', 'hostnames: ["*.anotherwildcard.io"]'), http([rule('v2', prefix('/s5'))], 's5', 'hostnames: [specific.but.wrong.com, wildcard.io]'));
  asked(edge, {
    'http://very.specific.com/s1': 'v1', 'http://very.specific.com/s1 host=very.specific.com:1234': 'v1', 'http://non.matching.com/s1': '404', 'http://foo.nonmatchingwildcard.io/s1': '404', 'http://foo.wildcard.io/s1': '404', 'http://very.specific.com/non-matching-prefix': '404',
    'http://foo.wildcard.io/s2': 'v2', 'http://bar.wildcard.io/s2': 'v2', 'http://foo.bar.wildcard.io/s2': 'v2', 'http://non.matching.com/s2': '404', 'http://wildcard.io/s2': '404', 'http://very.specific.com/s2': '404', 'http://foo.wildcard.io/non-matching-prefix': '404',
    'http://very.specific.com/s3': 'v3', 'http://non.matching.com/s3': '404', 'http://foo.specific.com/s3': '404', 'http://foo.wildcard.io/s3': '404',
    'http://foo.anotherwildcard.io/s4': 'v1', 'http://bar.anotherwildcard.io/s4': 'v1', 'http://foo.bar.anotherwildcard.io/s4': 'v1', 'http://anotherwildcard.io/s4': '404', 'http://foo.wildcard.io/s4': '404', 'http://very.specific.com/s4': '404', 'http://foo.anotherwildcard.io/non-matching-prefix': '404',
    'http://specific.but.wrong.com/s5': '404', 'http://wildcard.io/s5': '404',
  });
  holds(parentWords(edge, 's5').map(([first]) => first), ['Accepted=False NoMatchingListenerHostname']);
  holds(listeners(edge).map(({ attachedRoutes }) => attachedRoutes), [2, 1, 1]);
});

test('HTTPRouteListenerHostnameMatching: each listener has its own routes', () => {
  const four = '{ name: l1, port: 80, protocol: HTTP, hostname: bar.com }, { name: l2, port: 80, protocol: HTTP, hostname: foo.bar.com }, { name: l3, port: 80, protocol: HTTP, hostname: "*.bar.com" }, { name: l4, port: 80, protocol: HTTP, hostname: "*.foo.com" }';
  const edge = made(four, http([rule('v1')], 'one', '', '', '{ name: gw, sectionName: l1 }'), http([rule('v2')], 'two', '', '', '{ name: gw, sectionName: l2 }'), http([rule('v3')], 'three', '', '', '{ name: gw, sectionName: l3 }, { name: gw, sectionName: l4 }'));
  asked(edge, { 'http://bar.com/': 'v1', 'http://foo.bar.com/': 'v2', 'http://baz.bar.com/': 'v3', 'http://boo.bar.com/': 'v3', 'http://multiple.prefixes.bar.com/': 'v3', 'http://multiple.prefixes.foo.com/': 'v3', 'http://foo.com/': '404', 'http://no.matching.host/': '404' });
});

test('HTTPRouteListenerPortMatching: a parent may be a port, a name, or both', () => {
  const three = '{ name: l1, port: 80, protocol: HTTP, hostname: foo.com }, { name: l2, port: 8080, protocol: HTTP, hostname: foo.com }, { name: l3, port: 8080, protocol: HTTP, hostname: bar.com }, { name: l4, port: 8090, protocol: HTTP, hostname: foo.com }';
  const edge = made(three, http([rule('v1')], 'one', '', '', '{ name: gw, port: 80 }'), http([rule('v2')], 'two', '', '', '{ name: gw, port: 8080 }'), http([rule('v3')], 'three', '', '', '{ name: gw, port: 8090, sectionName: l4 }'));
  asked(edge, { 'http://foo.com/': 'v1', 'http://foo.com:8080/': 'v2', 'http://bar.com:8080/': 'v2', 'http://foo.com:8090/': 'v3' });
});

test('GatewayHTTPListenerIsolation: a request meets the most particular listener for its host, and no other', () => {
  const names = { 'empty-hostname': '', 'wildcard-example-com': '"*.example.com"', 'wildcard-foo-example-com': '"*.foo.example.com"', 'abc-foo-example-com': 'abc.foo.example.com' };
  const hosts = { 'empty-hostname': 'bar.com', 'wildcard-example-com': 'bar.example.com', 'wildcard-foo-example-com': 'bar.foo.example.com', 'abc-foo-example-com': 'abc.foo.example.com' };
  for (const inRoutes of [false, true]) {
    const edge = made(Object.entries(names).map(([name, host]) => `{ name: ${name}, port: 80, protocol: HTTP${host === '' ? '' : `, hostname: ${host}`} }`).join(', '), ...Object.entries(names).map(([name, host]) => http([rule('v1', prefix(`/${name}`))], name, inRoutes && host !== '' ? `hostnames: [${host}]` : '', '', `{ name: gw, sectionName: ${name} }`)));
    asked(edge, Object.fromEntries(Object.entries(hosts).flatMap(([own, host]) => Object.keys(names).map((name) => [`http://${host}/${name}`, name === own ? 'v1' : '404']))));
  }
});

test('HTTPRouteMultipleRoutesAttachment: of routes that share a host with a listener the one that names it closer is asked first, older or not', () => {
  const older = '2025-01-01T00:00:00Z';
  const newer = '2025-06-01T00:00:00Z';
  const wide = (rules: readonly string[], name: string, created: string): string => http(rules, name, 'hostnames: ["*.com"]', created);
  const close = (rules: readonly string[], name: string, created: string): string => http(rules, name, 'hostnames: ["*.example.com"]', created);
  for (const listener of ['abc.example.com', '"*.example.com"']) {
    const on = `{ name: http, port: 80, protocol: HTTP, hostname: ${listener} }`;
    asked(made(on, wide([rule('v1')], 'wide', older), close([rule('v2')], 'close', newer)), { 'http://abc.example.com/': 'v2' });
    asked(made(on, wide([rule('v1', prefix('/path/prefix/longer'))], 'wide', older), close([rule('v2', prefix('/path'))], 'close', newer)), { 'http://abc.example.com/path/prefix/longer': 'v2' });
    asked(made(on, wide([rule('v1', prefix('/path', `, ${headers(['Header-B', 'B'])}`))], 'wide', older), close([rule('v2', prefix('/path', `, ${headers(['Header-A', 'A'])}`))], 'close', newer)), { 'http://abc.example.com/path/prefix/longer Header-A=A Header-B=B': 'v2', 'http://abc.example.com/path/prefix/longer Header-B=B': 'v1' });
  }
});

const redirecting = (match: string, redirect: string): string => `{ matches: [${prefix(match)}], filters: [{ type: RequestRedirect, requestRedirect: { ${redirect} } }] }`;

test('HTTPRouteRedirectHostAndStatus, Path, 303, 307 and 308: status, host and path of where a redirect leads', () => {
  const replaced = (kind: string, value: string): string => `path: { type: ${kind === 'prefix' ? `ReplacePrefixMatch, replacePrefixMatch: ${value}` : `ReplaceFullPath, replaceFullPath: ${value}`} }`;
  const edge = made(port80, http([
    redirecting('/hostname-redirect', 'hostname: example.org'), redirecting('/host-and-status', 'statusCode: 301, hostname: example.org'), redirecting('/original-prefix', replaced('prefix', '/replacement-prefix')), redirecting('/full', replaced('full', '/full-path-replacement')),
    redirecting('/path-and-host', `hostname: example.org, ${replaced('prefix', '/replacement-prefix')}`), redirecting('/path-and-status', `${replaced('prefix', '/replacement-prefix')}, statusCode: 301`), redirecting('/full-path-and-host', `hostname: example.org, ${replaced('full', '/replacement-full')}`),
    redirecting('/full-path-and-status', `${replaced('full', '/replacement-full')}, statusCode: 301`), redirecting('/see-other', 'statusCode: 303'), redirecting('/temporary', 'statusCode: 307'), redirecting('/permanent', 'statusCode: 308'),
  ]));
  asked(edge, {
    '/hostname-redirect': '302 http://example.org/hostname-redirect', '/host-and-status': '301 http://example.org/host-and-status', '/original-prefix/lemon': '302 http://gw.example/replacement-prefix/lemon', '/full/path/original': '302 http://gw.example/full-path-replacement',
    '/path-and-host': '302 http://example.org/replacement-prefix', '/path-and-status': '301 http://gw.example/replacement-prefix', '/full-path-and-host': '302 http://example.org/replacement-full', '/full-path-and-status': '301 http://gw.example/replacement-full',
    'POST /see-other': '303 http://gw.example/see-other', '/temporary': '307 http://gw.example/temporary', '/permanent': '308 http://gw.example/permanent',
  });
});

test('HTTPRouteRedirectPortAndScheme: the port of the scheme, of the filter, or of the listener', () => {
  const rules = ['hostname: example.org', 'port: 80, hostname: example.org', 'port: 8080, hostname: example.org', 'scheme: https, hostname: example.org', 'scheme: https, port: 443, hostname: example.org', 'scheme: https, port: 8443, hostname: example.org', 'scheme: http, hostname: example.org', 'scheme: http, port: 80, hostname: example.org', 'scheme: http, port: 8080, hostname: example.org', 'port: 443, hostname: example.org', 'port: 8443, hostname: example.org']
    .map((redirect, index) => redirecting(`/r${index}`, redirect));
  const three = `${port80}, { name: high, port: 8080, protocol: HTTP }, { name: https, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: edge-tls }] } }`;
  const edge = made(three, http(rules), secret('edge-tls', 'gw.example', 'edge'));
  asked(edge, {
    '/r0': '302 http://example.org/r0', '/r1': '302 http://example.org/r1', '/r2': '302 http://example.org:8080/r2', '/r3': '302 https://example.org/r3', '/r4': '302 https://example.org/r4', '/r5': '302 https://example.org:8443/r5',
    'http://gw.example:8080/r0': '302 http://example.org:8080/r0', 'http://gw.example:8080/r1': '302 http://example.org/r1', 'http://gw.example:8080/r3': '302 https://example.org/r3',
    'https://gw.example/r0': '302 https://example.org/r0', 'https://gw.example/r9': '302 https://example.org/r9', 'https://gw.example/r10': '302 https://example.org:8443/r10', 'https://gw.example/r6': '302 http://example.org/r6', 'https://gw.example/r7': '302 http://example.org/r7', 'https://gw.example/r8': '302 http://example.org:8080/r8',
  });
});

const forwarded = (answer: EdgeAnswer): Extract<EdgeAnswer, { kind: 'forward' }> => { assert.equal(answer.kind, 'forward'); return answer; };

test('HTTPRouteRewriteHost and RewritePath: the backend gets another host or path', () => {
  const rewriting = (match: string, rewrite: string, to = 'v1'): string => `{ matches: [${prefix(match)}], filters: [{ type: URLRewrite, urlRewrite: { ${rewrite} } }], backendRefs: [${ref(to)}] }`;
  const rules = rulesIn(made(port80, http([rewriting('/one', 'hostname: one.example.org'), rewriting('/', 'hostname: example.org', 'v2'), rewriting('/prefix/one', 'path: { type: ReplacePrefixMatch, replacePrefixMatch: /one }'), rewriting('/strip-prefix', 'path: { type: ReplacePrefixMatch, replacePrefixMatch: / }'), rewriting('/full/one', 'path: { type: ReplaceFullPath, replaceFullPath: /one }')], 'web', 'hostnames: [rewrite.example]')));
  for (const [path, host, wanted] of [['/one', 'one.example.org', '/one'], ['/two', 'example.org', '/two'], ['/prefix/one/two', 'rewrite.example', '/one/two'], ['/strip-prefix/three', 'rewrite.example', '/three'], ['/strip-prefix', 'rewrite.example', '/'], ['/full/one/two', 'rewrite.example', '/one']] as const) {
    const answer = forwarded(ask(rules, `http://rewrite.example${path}`));
    holds([answer.host, answer.path], [host, wanted]);
  }
});

test('HTTPRouteRequestHeaderModifier: set, then add, then remove, without regard to case', () => {
  const filter = (spec: string): string => `{ matches: [${prefix('/x')}], filters: [{ type: RequestHeaderModifier, requestHeaderModifier: { ${spec} } }], backendRefs: [${ref('v1')}] }`;
  const changed = (spec: string, given: Readonly<Record<string, string>>): Readonly<Record<string, string>> => changedHeaders(given, forwarded(ask(rulesIn(made(port80, http([filter(spec)]))), 'http://gw.example/x')).route.request ?? []);
  holds(changed('set: [{ name: X-Header-Set, value: set-overwrites-values }]', { other: 'val' }), { other: 'val', 'x-header-set': 'set-overwrites-values' });
  holds(changed('set: [{ name: X-Header-Set, value: set-overwrites-values }]', { 'x-header-set': 'some-other-value' }), { 'x-header-set': 'set-overwrites-values' });
  holds(changed('add: [{ name: X-Header-Add, value: add-appends-values }]', { other: 'val' }), { other: 'val', 'x-header-add': 'add-appends-values' });
  holds(changed('add: [{ name: X-Header-Add, value: add-appends-values }]', { 'x-header-add': 'some-other-value' }), { 'x-header-add': 'some-other-value,add-appends-values' });
  holds(changed('remove: [X-Header-Remove]', { 'x-header-remove': 'val' }), {});
  holds(changed('set: [{ name: a, value: s }], add: [{ name: b, value: t }], remove: [C]', { a: '1', b: '2', c: '3', d: '4' }), { a: 's', b: '2,t', d: '4' });
});

test('HTTPRouteWeight: shares by weight, and nothing for 0', () => {
  asked(made(port80, http([`{ backendRefs: [${ref('v1', ', weight: 70')}, ${ref('v2', ', weight: 30')}, ${ref('v3', ', weight: 0')}] }`])), { '/': 'v1*70 v2:8080*30' });
});

test('HTTPRouteOmittedBackendRefs: a rule without a backend answers 500', () => {
  asked(made(port80, http([`{ matches: [${exact('/omitted')}] }`, `{ matches: [${exact('/empty')}], backendRefs: [] }`, rule('v1', prefix('/'))])), { '/forward': 'v1', '/omitted': '500', '/empty': '500' });
});

test('HTTPRouteTimeouts and Retry: the shorter limit, and one try more than the attempts', () => {
  const of = (more: string): Extract<EdgeAnswer, { kind: 'forward' }> => forwarded(ask(rulesIn(made(port80, http([rule('v1', '', `, ${more}`)]))), 'http://gw.example/'));
  holds(of('timeouts: { request: 500ms }').route.timeout?.seconds, 0.5);
  holds(of('timeouts: { request: 1m30s, backendRequest: 10s }').route.timeout?.seconds, 10);
  holds(of('timeouts: { request: 0s }').route.timeout, undefined);
  holds([of('retry: { attempts: 3 }').route.tries, of('retry: {}').route.tries, of('retry: { attempts: 0 }').route.tries], [4, 2, 1]);
});

const grant = (from: string, to: string, namespace = 'shop', name = 'g'): string => `apiVersion: gateway.networking.k8s.io/v1\nkind: ReferenceGrant\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { from: [${from}], to: [${to}] }\n`;
const fromRoutes = '{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: edge }';

test('HTTPRouteReferenceGrant and InvalidReferenceGrant: namespace, group, kind and name must all be right', () => {
  const far = http([`{ backendRefs: [${ref('v1', ', namespace: shop')}] }`]);
  asked(made(port80, far, grant(fromRoutes, '{ group: "", kind: Service }')), { '/': 'v1' });
  const wrong = [
    grant(fromRoutes, '{ group: "", kind: Service, name: v1 }', 'edge'), grant('{ group: other, kind: HTTPRoute, namespace: edge }', '{ group: "", kind: Service, name: v1 }'), grant('{ group: gateway.networking.k8s.io, kind: Gateway, namespace: edge }', '{ group: "", kind: Service, name: v1 }'),
    grant('{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: other }', '{ group: "", kind: Service, name: v1 }'), grant(fromRoutes, '{ group: other, kind: Service, name: v1 }'), grant(fromRoutes, '{ group: "", kind: Secret, name: v1 }'), grant(fromRoutes, '{ group: "", kind: Service, name: v2 }'),
  ];
  for (const one of wrong) {
    const edge = made(port80, far, one);
    asked(edge, { '/': '500' });
    holds(parentWords(edge), [['Accepted=True Accepted', 'ResolvedRefs=False RefNotPermitted']]);
  }
});

test('HTTPRoutePartiallyInvalidViaInvalidReferenceGrant: what is granted works beside what is not', () => {
  const edge = made(port80, service('v2', 'shop', 8080, 3000), http([`{ matches: [${prefix('/v2')}], backendRefs: [${ref('v2', ', namespace: shop')}] }`, `{ backendRefs: [${ref('v1', ', namespace: shop')}] }`]), grant(fromRoutes, '{ group: "", kind: Service, name: v1 }'));
  asked(edge, { '/v2': '500', '/': 'v1' });
  holds(parentWords(edge), [['Accepted=True Accepted', 'ResolvedRefs=False RefNotPermitted']]);
});

test('HTTPRouteInvalidBackendRef: an unknown kind or Service is 500, and says which', () => {
  for (const [backend, reason] of [['{ group: unknownkind.example.com, kind: NonExistent, name: v1, port: 8080 }', 'InvalidKind'], [ref('nonexistent'), 'BackendNotFound'], [ref('web', ', namespace: web'), 'RefNotPermitted']] as const) {
    const edge = made(port80, http([`{ backendRefs: [${backend}] }`]));
    asked(edge, { '/v2': '500' });
    holds(parentWords(edge), [['Accepted=True Accepted', `ResolvedRefs=False ${reason}`]]);
  }
});

test('HTTPRouteInvalidParentRef: no such port, no such section, or one with another port', () => {
  for (const parent of ['{ name: gw, port: 81 }', '{ name: gw, sectionName: none }', '{ name: gw, sectionName: http, port: 81 }']) {
    const edge = made(port80, http([rule('v1')], 'web', '', '', parent));
    holds(parentWords(edge), [['Accepted=False NoMatchingParent', 'ResolvedRefs=True ResolvedRefs']]);
    holds(listeners(edge)[0]?.attachedRoutes, 0);
  }
});

test('HTTPRouteInvalidCrossNamespaceParentRef: a listener takes routes of its own namespace unless it says more', () => {
  const edge = made(port80, route(`{ parentRefs: [{ name: gw, namespace: edge }], rules: [{ backendRefs: [${ref('web')}] }] }`, 'web', 'web'));
  holds(parentWords(edge), [['Accepted=False NotAllowedByListeners', 'ResolvedRefs=True ResolvedRefs']]);
  holds(listeners(edge)[0]?.attachedRoutes, 0);
});

test('HTTPRouteDisallowedKind: a listener for TLSRoutes takes no HTTPRoute', () => {
  const edge = made('{ name: tls, port: 443, protocol: TLS, tls: { mode: Passthrough }, allowedRoutes: { kinds: [{ kind: TLSRoute }] } }', http([rule('v1')]));
  holds(parentWords(edge), [['Accepted=False NotAllowedByListeners', 'ResolvedRefs=True ResolvedRefs']]);
  holds(listeners(edge)[0]?.attachedRoutes, 0);
});

test('HTTPRouteHTTPSListenerDetectMisdirectedRequests: TLS for one listener and a request for another is 421', () => {
  const https = (name: string, host: string): string => `{ name: ${name}, port: 443, protocol: HTTPS${host === '' ? '' : `, hostname: "${host}"`}, tls: { certificateRefs: [{ name: edge-tls }] } }`;
  const edge = made([https('https', ''), https('second', 'second-example.org'), https('wild', '*.wildcard.org'), https('fourth', 'fourth-example.wildcard.org')].join(', '), secret('edge-tls', '*', 'edge'),
    http([rule('v1')], 'one', 'hostnames: [example.org]', '', '{ name: gw, sectionName: https }'), http([rule('v2')], 'two', '', '', '{ name: gw, sectionName: second }'), http([rule('v3')], 'three', '', '', '{ name: gw, sectionName: wild }'), http([rule('v1')], 'four', '', '', '{ name: gw, sectionName: fourth }'));
  asked(edge, {
    'https://example.org/': 'v1', 'https://example.org/ host=second-example.org': '421', 'https://example.org/ host=unknown-example.org': '404', 'https://second-example.org/': 'v2', 'https://second-example.org/ host=example.org': '421', 'https://second-example.org/ host=unknown-example.org': '421',
    'https://third-example.wildcard.org/': 'v3', 'https://third-example.wildcard.org/ host=fith-example.wildcard.org': 'v3', 'https://third-example.wildcard.org/ host=fourth-example.wildcard.org': '421', 'https://third-example.wildcard.org/ host=second-example.org': '421',
    'https://fourth-example.wildcard.org/': 'v1', 'https://fourth-example.wildcard.org/ host=fith-example.wildcard.org': '421', 'https://unknown-example.org/ host=example.org': 'v1', 'https://unknown-example.org/': '404',
  });
});

test('GatewayInvalidRouteKind: what a listener cannot have is named, and the rest of its kinds stays', () => {
  for (const [kinds, left] of [['{ kind: InvalidRoute }', []], ['{ kind: InvalidRoute }, { kind: HTTPRoute }', ['HTTPRoute']]] as const) {
    const [listener] = listeners(made(`{ name: http, port: 80, protocol: HTTP, allowedRoutes: { kinds: [${kinds}] } }`));
    holds(listener === undefined ? [] : inWords(listener, 'ResolvedRefs'), ['ResolvedRefs=False InvalidRouteKinds']);
    holds(listener?.supportedKinds.map(({ kind }) => kind), left);
  }
});

test('GatewayInvalidTLSConfiguration: a certificate that is not there, of another group or kind, or none at all', () => {
  const malformed = 'apiVersion: v1\nkind: Secret\nmetadata: { name: malformed, namespace: edge }\ntype: kubernetes.io/tls\ndata: { tls.crt: SGVsbG8gd29ybGQK, tls.key: SGVsbG8gd29ybGQK }\n';
  for (const certificate of ['{ name: nonexistent }', '{ group: wrong.group.company.io, kind: Secret, name: edge-tls }', '{ kind: WrongKind, name: edge-tls }', '{ name: malformed }']) {
    const [listener] = listeners(made(`{ name: https, port: 443, protocol: HTTPS, tls: { certificateRefs: [${certificate}] } }`, malformed, secret('edge-tls', 'a.example.com', 'edge')));
    holds(listener === undefined ? [] : inWords(listener, 'ResolvedRefs'), ['ResolvedRefs=False InvalidCertificateRef']);
  }
});

test('GatewayInvalidListenersUnsupportedProtocol: a Gateway is accepted as long as one listener is', () => {
  const alone = made('{ name: invalid, port: 1111, protocol: INVALID }');
  holds(inWords(statusOf(alone, 'Gateway', 'gw') as unknown as Conditions, 'Accepted'), ['Accepted=False ListenersNotValid']);
  const mixed = made(`${port80}, { name: invalid, port: 1111, protocol: INVALID }`);
  holds(inWords(statusOf(mixed, 'Gateway', 'gw') as unknown as Conditions, 'Accepted'), ['Accepted=True ListenersNotValid']);
  holds(listeners(mixed).map((one) => inWords(one, 'Accepted')), [['Accepted=True Accepted'], ['Accepted=False UnsupportedProtocol']]);
  holds(listeners(mixed)[1]?.supportedKinds, []);
});

test('GatewaySecretReferenceGrant: a certificate of another namespace needs a grant from Gateways to Secrets', () => {
  const listener = '{ name: https, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: certificate, namespace: web }] } }';
  const held = secret('certificate', 'a.example.com', 'web');
  const fromGateways = '{ group: gateway.networking.k8s.io, kind: Gateway, namespace: edge }';
  const resolved = (...texts: readonly string[]): string[] => { const [one] = listeners(made(listener, held, ...texts)); return one === undefined ? [] : inWords(one, 'ResolvedRefs'); };
  holds(resolved(), ['ResolvedRefs=False RefNotPermitted']);
  holds(resolved(grant(fromGateways, '{ group: "", kind: Secret }', 'web')), ['ResolvedRefs=True ResolvedRefs']);
  holds(resolved(grant(fromGateways, '{ group: "", kind: Secret, name: certificate }', 'web')), ['ResolvedRefs=True ResolvedRefs']);
  for (const wrong of [grant(fromGateways, '{ group: "", kind: Secret }', 'shop'), grant(fromRoutes, '{ group: "", kind: Secret }', 'web'), grant(fromGateways, '{ group: "", kind: Service }', 'web'), grant(fromGateways, '{ group: "", kind: Secret, name: other }', 'web')]) holds(resolved(wrong), ['ResolvedRefs=False RefNotPermitted']);
});

test('GatewayWithAttachedRoutes: routes count also where a certificate or their backends are missing', () => {
  const edge = made('{ name: tls, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: does-not-exist }] } }', http([rule('does-not-exist')], 'web', '', '', '{ name: gw, sectionName: tls }'));
  const [listener] = listeners(edge);
  holds([listener?.attachedRoutes, ...(listener === undefined ? [] : inWords(listener, 'Programmed', 'ResolvedRefs'))], [1, 'ResolvedRefs=False InvalidCertificateRef', 'Programmed=False Invalid']);
  holds(parentWords(edge), [['Accepted=True Accepted', 'ResolvedRefs=False BackendNotFound']]);
});

const stream = (kind: string, spec: string, name = 'db'): string => `apiVersion: gateway.networking.k8s.io/v1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: edge }\nspec: ${spec}\n`;

test('TLSRouteSimple, HostnameIntersection and Terminate: connections go by the name that TLS asks for', () => {
  const pass = '{ name: tls, port: 443, protocol: TLS, hostname: "*.example.com", tls: { mode: Passthrough } }';
  const edge = made(pass, stream('TLSRoute', `{ parentRefs: [{ name: gw }], hostnames: [abc.example.com], rules: [{ backendRefs: [${ref('v1')}] }] }`), stream('TLSRoute', `{ parentRefs: [{ name: gw }], hostnames: ["*.example.com"], rules: [{ backendRefs: [${ref('v2')}] }] }`, 'wide'), stream('TLSRoute', `{ parentRefs: [{ name: gw }], hostnames: [other.org], rules: [{ backendRefs: [${ref('v2')}] }] }`, 'other'));
  asked(edge, { 'https://abc.example.com/x': 'v1', 'https://def.example.com/': 'v2', 'https://example.org/': 'tls closed' });
  holds(parentWords(edge, 'db', 'TLSRoute'), [['Accepted=True Accepted', 'ResolvedRefs=True ResolvedRefs']]);
  holds(parentWords(edge, 'other', 'TLSRoute').map(([first]) => first), ['Accepted=False NoMatchingListenerHostname']);
  holds(listeners(edge)[0]?.supportedKinds.map(({ kind }) => kind), ['TLSRoute']);
  const ending = made('{ name: tls, port: 443, protocol: TLS, tls: { mode: Terminate, certificateRefs: [{ name: edge-tls }] } }', secret('edge-tls', '*.example.com', 'edge'), stream('TLSRoute', `{ parentRefs: [{ name: gw }], hostnames: [abc.example.com], rules: [{ backendRefs: [${ref('v1')}] }] }`));
  asked(ending, { 'https://abc.example.com/': 'v1', 'https://def.example.com/': 'tls closed' });
});

test('TLSRouteInvalid: a backend that is not there or not granted, a listener without TLS', () => {
  const on = (listener: string, backend: string): CompiledEdge => made(listener, stream('TLSRoute', `{ parentRefs: [{ name: gw }], hostnames: [abc.example.com], rules: [{ backendRefs: [${backend}] }] }`));
  const pass = '{ name: tls, port: 443, protocol: TLS, tls: { mode: Passthrough } }';
  holds(parentWords(on(pass, ref('nope')), 'db', 'TLSRoute'), [['Accepted=True Accepted', 'ResolvedRefs=False BackendNotFound']]);
  holds(parentWords(on(pass, ref('v1', ', namespace: shop')), 'db', 'TLSRoute'), [['Accepted=True Accepted', 'ResolvedRefs=False RefNotPermitted']]);
  holds(parentWords(on(port80, ref('v1')), 'db', 'TLSRoute'), [['Accepted=False NotAllowedByListeners', 'ResolvedRefs=True ResolvedRefs']]);
  const [kinds] = listeners(made('{ name: tls, port: 443, protocol: TLS, tls: { mode: Passthrough }, allowedRoutes: { kinds: [{ kind: TCPRoute }, { kind: TLSRoute }] } }'));
  holds([kinds?.supportedKinds.map(({ kind }) => kind), kinds === undefined ? [] : inWords(kinds, 'ResolvedRefs')], [['TLSRoute'], ['ResolvedRefs=False InvalidRouteKinds']]);
});

test('TCPRoute and GRPCRoute are taken by listeners of their own protocols', () => {
  const tcp = made('{ name: db, port: 5432, protocol: TCP }', stream('TCPRoute', `{ parentRefs: [{ name: gw }], rules: [{ backendRefs: [${ref('v1')}] }] }`));
  holds(parentWords(tcp, 'db', 'TCPRoute'), [['Accepted=True Accepted', 'ResolvedRefs=True ResolvedRefs']]);
  holds(parentWords(made(port80, stream('TCPRoute', `{ parentRefs: [{ name: gw }], rules: [{ backendRefs: [${ref('v1')}] }] }`)), 'db', 'TCPRoute').map(([first]) => first), ['Accepted=False NotAllowedByListeners']);
  const grpc = made(port80, stream('GRPCRoute', `{ parentRefs: [{ name: gw }], rules: [{ matches: [{ method: { service: shop.Cart, method: Add } }], backendRefs: [${ref('v1')}] }, { matches: [{ method: { service: shop.Cart } }], backendRefs: [${ref('v2')}] }, { matches: [{ method: { method: Ping } }], backendRefs: [${ref('v3')}] }] }`));
  asked(grpc, { 'POST /shop.Cart/Add': 'v1', 'POST /shop.Cart/Remove': 'v2', 'POST /shop.Other/Ping': 'v3', 'POST /shop.Other/Add': '404' });
});

const set = (listener: string, name = 'more', namespace = 'edge', created = ''): string => `apiVersion: gateway.networking.k8s.io/v1\nkind: ListenerSet\nmetadata: { name: ${name}, namespace: ${namespace}${created === '' ? '' : `, creationTimestamp: '${created}'`} }\nspec: { parentRef: { name: gw, namespace: edge }, listeners: [${listener}] }\n`;
const opened = (listener: string, from: string): string => gateway(listener).replace('spec: {', `spec: { allowedListeners: { namespaces: { from: ${from} } },`);

test('ListenerSet: nobody adds listeners unless the Gateway says who may', () => {
  const added = '{ name: added, port: 80, protocol: HTTP, hostname: added.example.com }';
  const own = '{ name: own, port: 80, protocol: HTTP, hostname: own.example.com }';
  const closed = compiled(classes, gateway(own), ...services, set(added));
  holds(inWords(statusOf(closed, 'ListenerSet', 'more') as unknown as Conditions, 'Accepted', 'Programmed'), ['Accepted=False NotAllowed', 'Programmed=False NotAllowed']);
  const through = http([rule('v1')], 'through', '', '', '{ kind: ListenerSet, name: more }');
  const beside = http([rule('v2')], 'beside', '', '', '{ name: gw, sectionName: added }');
  const direct = http([rule('v3')], 'direct');
  const edge = compiled(classes, opened(own, 'Same'), ...services, set(added), through, beside, direct);
  asked(edge, { 'http://added.example.com/': 'v1', 'http://own.example.com/': 'v3' });
  holds(parentWords(edge, 'beside').map(([first]) => first), ['Accepted=False NoMatchingParent']);
  holds(inWords(statusOf(edge, 'ListenerSet', 'more') as unknown as Conditions, 'Accepted', 'Programmed'), ['Accepted=True Accepted', 'Programmed=True Programmed']);
  holds(listeners(edge, 'ListenerSet', 'more').map(({ name, attachedRoutes }) => [name, attachedRoutes]), [['added', 1]]);
});

test('ListenerSet conflicts: the Gateway\'s own listener stands, then the older set\'s', () => {
  const clash = '{ name: taken, port: 80, protocol: HTTP, hostname: own.example.com }';
  const own = '{ name: own, port: 80, protocol: HTTP, hostname: own.example.com }';
  const edge = compiled(classes, opened(own, 'Same'), ...services, set(`${clash}, { name: fresh, port: 80, protocol: HTTP, hostname: fresh.example.com }`, 'first', 'edge', '2025-01-01T00:00:00Z'), set('{ name: late, port: 80, protocol: HTTP, hostname: fresh.example.com }', 'second', 'edge', '2025-02-01T00:00:00Z'));
  holds(listeners(edge, 'ListenerSet', 'first').map((one) => inWords(one, 'Accepted', 'Conflicted', 'Programmed')), [['Accepted=False HostnameConflict', 'Conflicted=True HostnameConflict', 'Programmed=False HostnameConflict'], ['Accepted=True Accepted', 'Conflicted=False NoConflicts', 'Programmed=True Programmed']]);
  holds(inWords(statusOf(edge, 'ListenerSet', 'first') as unknown as Conditions, 'Accepted', 'Programmed'), ['Accepted=True ListenersNotValid', 'Programmed=True Programmed']);
  holds(inWords(statusOf(edge, 'ListenerSet', 'second') as unknown as Conditions, 'Accepted', 'Programmed'), ['Accepted=False ListenersNotValid', 'Programmed=False ListenersNotValid']);
});

const policy = (validation: string, target = '{ group: "", kind: Service, name: v1 }', name = 'tls'): string => `apiVersion: gateway.networking.k8s.io/v1\nkind: BackendTLSPolicy\nmetadata: { name: ${name}, namespace: edge }\nspec: { targetRefs: [${target}], validation: { ${validation} } }\n`;
const authority = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ca, namespace: edge }\ndata: { ca.crt: x }\n';

test('BackendTLSPolicy: with a good authority TLS is spoken, with a bad one requests fail', () => {
  const known = 'caCertificateRefs: [{ group: "", kind: ConfigMap, name: ca }], hostname: abc.example.com';
  const good = made(port80, http([rule('v1')]), policy(known), authority);
  const backend = forwarded(ask(rulesIn(good), 'http://gw.example/')).backends[0];
  holds([backend?.scheme, backend?.verifies?.hostname], ['https', 'abc.example.com']);
  const words = (edge: CompiledEdge, name = 'tls'): string[][] => (statusOf(edge, 'BackendTLSPolicy', name)['ancestors'] as Conditions[]).map((one) => inWords(one, 'Accepted', 'ResolvedRefs'));
  holds(words(good), [['Accepted=True Accepted', 'ResolvedRefs=True ResolvedRefs']]);
  for (const [texts, reason] of [[[policy(known)], 'InvalidCACertificateRef'], [[policy(known), authority.replace('ca.crt: x', 'other: x')], 'InvalidCACertificateRef'], [[policy('caCertificateRefs: [{ group: "", kind: Foo, name: ca }], hostname: abc.example.com'), authority], 'InvalidKind']] as const) {
    const edge = made(port80, http([rule('v1')]), ...texts);
    asked(edge, { '/': '500' });
    holds(words(edge), [['Accepted=False NoValidCACertificate', `ResolvedRefs=False ${reason}`]]);
  }
  const both = made(port80, http([rule('v1')]), policy(known, '{ group: "", kind: Service, name: v1 }', 'whole'), policy('wellKnownCACertificates: System, hostname: port.example.com', '{ group: "", kind: Service, name: v1, sectionName: http }', 'port'), authority);
  holds(forwarded(ask(rulesIn(both), 'http://gw.example/')).backends[0]?.verifies?.hostname, 'port.example.com');
});

test('the facts of the conformance tests are counted', (context) => {
  context.diagnostic(`${facts} facts of the Gateway API's conformance tests (v1.7.0)`);
  assert.ok(facts >= 270, String(facts));
});

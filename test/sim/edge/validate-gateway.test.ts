// What a real API server (kube-apiserver 1.37 with the CustomResourceDefinitions of gateway-api v1.7.0, standard channel) says to Gateway API objects that it refuses, word by word.
import assert from 'node:assert/strict';
import test from 'node:test';
import { decode } from '../../../src/sim/cluster/decode.ts';
import { loadDocuments } from '../../../src/sim/cluster/load.ts';
import { emptyStore } from '../../../src/sim/cluster/store.ts';

function refused(text: string): string[] {
  const decoded = decode([{ path: 'gateway.yaml', text }]);
  assert.ok(decoded.ok, decoded.ok ? '' : JSON.stringify(decoded.failures));
  const loaded = loadDocuments(emptyStore, decoded.value.documents);
  return loaded.ok ? [] : loaded.failures.map(({ says }) => says).sort();
}

const notAsked = '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

/** Kind, spec, the sentences, and whether the server adds that it has not asked its rules. */
const table: readonly (readonly [kind: string, spec: string, says: readonly string[], unasked: boolean])[] = [
  ['BackendTLSPolicy', '{ targetRefs: [{ group: "", kind: Service, name: x }], validation: { hostname: a.b } }', ['spec.validation: Invalid value: must specify either CACertificateRefs or WellKnownCACertificates'], false],
  ['BackendTLSPolicy', '{ targetRefs: [{ kind: Service, name: x }], validation: { wellKnownCACertificates: System } }', ['spec.targetRefs[0].group: Required value', 'spec.validation.hostname: Required value'], true],
  ['BackendTLSPolicy', '{ validation: { hostname: a.b, wellKnownCACertificates: System } }', ['spec.targetRefs: Required value'], true],
  ['GatewayClass', '{}', ['spec.controllerName: Required value'], true],
  ['GatewayClass', '{ controllerName: foo }', [`spec.controllerName: Invalid value: "foo": spec.controllerName in body should match '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\\/[A-Za-z0-9\\/\\-._~%!$&'()*+,;=:]+$'`], false],
  ['ReferenceGrant', '{ from: [{ kind: HTTPRoute, namespace: x }], to: [{ group: "", kind: Service }] }', ['spec.from[0].group: Required value'], false],
  ['ReferenceGrant', '{ from: [], to: [{ group: "", kind: Service }] }', ['spec.from: Invalid value: 0: spec.from in body should have at least 1 items'], false],
  ['ReferenceGrant', '{ to: [{ group: "", kind: Service }] }', ['spec.from: Required value'], false],
  ['ReferenceGrant', '{ from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute }], to: [{ kind: Service }] }', ['spec.from[0].namespace: Required value', 'spec.to[0].group: Required value'], false],
  ['Gateway', '{ gatewayClassName: c }', ['spec.listeners: Required value'], true],
  ['Gateway', '{ listeners: [{ name: a, port: 80, protocol: HTTP }] }', ['spec.gatewayClassName: Required value'], true],
  ['Gateway', '{ gatewayClassName: c, listeners: [] }', ['spec.listeners: Invalid value: 0: spec.listeners in body should have at least 1 items'], false],
  ['Gateway', '{ gatewayClassName: c, listeners: [{ name: a, port: 80, protocol: HTTP }, { name: a, port: 81, protocol: HTTP }] }', ['spec.listeners: Invalid value: Listener name must be unique within the Gateway', 'spec.listeners[1]: Duplicate value: {"name":"a"}'], false],
  ['Gateway', '{ gatewayClassName: c, listeners: [{ name: a, port: 80, protocol: HTTP }, { name: b, port: 80, protocol: HTTP }] }', ['spec.listeners: Invalid value: Combination of port, protocol and hostname must be unique for each listener'], false],
  ['Gateway', '{ gatewayClassName: c, listeners: [{ name: a, port: 443, protocol: HTTPS, tls: {} }] }', ['spec.listeners[0].tls: Invalid value: "object": no such key: certificateRefs evaluating rule: certificateRefs or options must be specified when mode is Terminate'], false],
  ['Gateway', '{ gatewayClassName: c, listeners: [{ name: a, port: 443, protocol: HTTPS, tls: { mode: Passthrough } }] }', ['spec.listeners: Invalid value: tls mode must be Terminate for protocol HTTPS'], false],
  ['Gateway', '{ gatewayClassName: c, listeners: [{ name: a, port: 443, protocol: TLS }] }', ['spec.listeners: Invalid value: tls mode must be set for protocol TLS'], false],
  ['Gateway', '{ gatewayClassName: c, listeners: [{ name: a, port: 80, protocol: HTTP, tls: { certificateRefs: [{ name: x }] } }] }', [`spec.listeners: Invalid value: tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']`], false],
  ['Gateway', '{ gatewayClassName: c, listeners: [{ name: a, port: 80, protocol: TCP, hostname: a.b }] }', [`spec.listeners: Invalid value: hostname must not be specified for protocols ['TCP', 'UDP']`], false],
  ['Gateway', '{ gatewayClassName: c, listeners: [{ name: a, port: 0, protocol: HTTP }] }', ['spec.listeners[0].port: Invalid value: 0: spec.listeners[0].port in body should be greater than or equal to 1'], false],
  ['Gateway', '{ gatewayClassName: c, listeners: [{ name: a, port: 70000, protocol: HTTP }] }', ['spec.listeners[0].port: Invalid value: 70000: spec.listeners[0].port in body should be less than or equal to 65535'], false],
  ['Gateway', '{ gatewayClassName: c, listeners: [{ name: A_, port: 80, protocol: HTTP }] }', [`spec.listeners[0].name: Invalid value: "A_": spec.listeners[0].name in body should match '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'`], false],
  ['Gateway', '{ gatewayClassName: c, listeners: [{ name: a, port: 80, protocol: HTTP, hostname: "foo.*.com" }] }', [`spec.listeners[0].hostname: Invalid value: "foo.*.com": spec.listeners[0].hostname in body should match '^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'`], false],
  ['Gateway', '{ gatewayClassName: c, listeners: [{ name: a, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: None } } }] }', ['spec.listeners[0].allowedRoutes.namespaces.from: Unsupported value: "None": supported values: "All", "Selector", "Same"'], true],
  ['Gateway', '{ gatewayClassName: c, listeners: [{ name: a, protocol: HTTP }] }', ['spec.listeners[0].port: Required value'], true],
  ['Gateway', '{ gatewayClassName: c, listeners: [{ name: a, port: 80, protocol: HTTP, tls: { mode: foo } }] }', ['spec.listeners[0].tls.mode: Unsupported value: "foo": supported values: "Terminate", "Passthrough"'], true],
  ['Gateway', '{ gatewayClassName: "", listeners: [{ name: a, port: 80, protocol: HTTP }] }', ['spec.gatewayClassName: Invalid value: "": spec.gatewayClassName in body should be at least 1 chars long'], false],
  ['ListenerSet', '{ listeners: [{ name: a, port: 80, protocol: HTTP }] }', ['spec.parentRef: Required value'], true],
  ['GRPCRoute', '{ parentRefs: [{ name: gw }], rules: [{ matches: [{ method: {} }] }] }', [`spec.rules[0].matches[0].method: Invalid value: One or both of 'service' or 'method' must be specified`], false],
  ['GRPCRoute', '{ parentRefs: [{ name: gw }], rules: [{ matches: [{ method: { service: "a b" } }] }] }', ['spec.rules[0].matches[0].method: Invalid value: service must only contain valid characters (matching ^(?i)\\.?[a-z_][a-z_0-9]*(\\.[a-z_][a-z_0-9]*)*$)'], false],
  ['HTTPRoute', '{ parentRefs: [{ name: gw }], rules: [{ backendRefs: [{ name: web }] }] }', ['spec.rules[0].backendRefs[0]: Invalid value: Must have port for Service reference'], false],
  ['HTTPRoute', '{ parentRefs: [{ name: gw }], rules: [{ backendRefs: [{ port: 80 }] }] }', ['spec.rules[0].backendRefs[0].name: Required value'], true],
  ['HTTPRoute', '{ parentRefs: [{ name: gw }], rules: [{ matches: [{ path: { type: Prefix, value: / } }] }] }', ['spec.rules[0].matches[0].path.type: Unsupported value: "Prefix": supported values: "Exact", "PathPrefix", "RegularExpression"'], true],
  ['HTTPRoute', '{ parentRefs: [{ name: gw }], rules: [{ matches: [{ path: { value: foo } }] }] }', [`spec.rules[0].matches[0].path: Invalid value: value must be an absolute path and start with '/' when type one of ['Exact', 'PathPrefix']`], false],
  ['HTTPRoute', '{ parentRefs: [{ name: gw }], rules: [{ matches: [{ path: { value: /a//b } }] }] }', [`spec.rules[0].matches[0].path: Invalid value: must not contain '//' when type one of ['Exact', 'PathPrefix']`], false],
  ['HTTPRoute', '{ parentRefs: [{ name: gw }], rules: [{ matches: [{ method: get }] }] }', ['spec.rules[0].matches[0].method: Unsupported value: "get": supported values: "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"'], true],
  ['HTTPRoute', '{ parentRefs: [{ name: gw }], rules: [{ matches: [{ headers: [{ name: a }] }] }] }', ['spec.rules[0].matches[0].headers[0].value: Required value'], true],
  ['HTTPRoute', '{ parentRefs: [{ name: gw }], rules: [{ filters: [{ type: RequestRedirect }] }] }', ['spec.rules[0].filters[0]: Invalid value: filter.requestRedirect must be specified for RequestRedirect filter.type'], false],
  ['HTTPRoute', '{ parentRefs: [{ name: gw }], rules: [{ filters: [{ type: RequestRedirect, requestRedirect: { statusCode: 200 } }] }] }', ['spec.rules[0].filters[0].requestRedirect.statusCode: Unsupported value: 200: supported values: "301", "302", "303", "307", "308"'], true],
  ['HTTPRoute', '{ parentRefs: [{ name: gw }], rules: [{ filters: [{ type: RequestRedirect, requestRedirect: { scheme: https } }], backendRefs: [{ name: web, port: 80 }] }] }', ['spec.rules[0]: Invalid value: RequestRedirect filter must not be used together with backendRefs'], false],
  ['HTTPRoute', '{ parentRefs: [{ name: gw }], rules: [{ filters: [{ type: Foo }] }] }', ['spec.rules[0].filters[0].type: Unsupported value: "Foo": supported values: "RequestHeaderModifier", "ResponseHeaderModifier", "RequestMirror", "RequestRedirect", "URLRewrite", "ExtensionRef", "CORS"'], true],
  ['HTTPRoute', '{ parentRefs: [{ name: gw }], rules: [{ filters: [{ type: URLRewrite, urlRewrite: { path: { type: ReplacePrefixMatch, replacePrefixMatch: / } } }], matches: [{ path: { type: Exact, value: /x } }], backendRefs: [{ name: web, port: 80 }] }] }', ['spec.rules[0]: Invalid value: When using URLRewrite filter with path.replacePrefixMatch, exactly one PathPrefix match must be specified'], false],
  ['HTTPRoute', '{ parentRefs: [{ name: gw }], rules: [{ timeouts: { request: 1s, backendRequest: 2s }, backendRefs: [{ name: web, port: 80 }] }] }', ['spec.rules[0].timeouts: Invalid value: backendRequest timeout cannot be longer than request timeout'], false],
  ['HTTPRoute', '{ parentRefs: [{ name: gw }], hostnames: ["1.2.3.4:80"], rules: [{ backendRefs: [{ name: web, port: 80 }] }] }', [`spec.hostnames[0]: Invalid value: "1.2.3.4:80": spec.hostnames[0] in body should match '^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'`], false],
  ['HTTPRoute', '{ parentRefs: [{ namespace: gw }], rules: [{ backendRefs: [{ name: web, port: 80 }] }] }', ['spec.parentRefs[0].name: Required value'], true],
  ['HTTPRoute', '{ parentRefs: [{ name: gw }, { name: gw }], rules: [{ backendRefs: [{ name: web, port: 80 }] }] }', ['spec.parentRefs: Invalid value: sectionName must be unique when parentRefs includes 2 or more references to the same parent'], false],
  ['HTTPRoute', '{ parentRefs: [{ name: gw }], rules: [{ backendRefs: [{ name: web, port: 80, weight: -1 }] }] }', ['spec.rules[0].backendRefs[0].weight: Invalid value: -1: spec.rules[0].backendRefs[0].weight in body should be greater than or equal to 0'], false],
  ['HTTPRoute', '{ parentRefs: [{ name: gw }], rules: [{ filters: [{ type: RequestRedirect, requestRedirect: { scheme: ftp } }] }] }', ['spec.rules[0].filters[0].requestRedirect.scheme: Unsupported value: "ftp": supported values: "http", "https"'], true],
  ['HTTPRoute', '{ parentRefs: [{ name: gw }], rules: [] }', ['spec.rules: Invalid value: 0: spec.rules in body should have at least 1 items'], false],
  ['HTTPRoute', '{ parentRefs: [{ name: gw }], rules: [{ filters: [{ type: RequestRedirect, requestRedirect: { scheme: https } }, { type: RequestRedirect, requestRedirect: { scheme: https } }] }] }', ['spec.rules[0].filters: Invalid value: RequestRedirect filter cannot be repeated'], false],
  ['HTTPRoute', '{ parentRefs: [{ name: gw }], rules: [{ filters: [{ type: URLRewrite, requestRedirect: { scheme: https } }] }] }', ['spec.rules[0].filters[0]: Invalid value: filter.requestRedirect must be nil if the filter.type is not RequestRedirect', 'spec.rules[0].filters[0]: Invalid value: filter.urlRewrite must be specified for URLRewrite filter.type'], false],
  ['HTTPRoute', '{ parentRefs: [{ name: gw }], rules: [{ filters: [{ type: RequestRedirect, requestRedirect: { path: { type: ReplaceFullPath } } }] }] }', [`spec.rules[0].filters[0].requestRedirect.path: Invalid value: replaceFullPath must be specified when type is set to 'ReplaceFullPath'`], false],
  ['HTTPRoute', '{ parentRefs: [{ name: gw }], rules: [{ matches: [{ headers: [{ name: a, value: b, type: Prefix }] }] }] }', ['spec.rules[0].matches[0].headers[0].type: Unsupported value: "Prefix": supported values: "Exact", "RegularExpression"'], true],
  ['TLSRoute', '{ parentRefs: [{ name: gw }], rules: [{ backendRefs: [{ name: web, port: 80 }] }] }', ['spec.hostnames: Required value'], true],
  ['TLSRoute', '{ parentRefs: [{ name: gw }], hostnames: [a.b], rules: [] }', ['spec.rules: Invalid value: 0: spec.rules in body should have at least 1 items'], false],
  ['TLSRoute', '{ parentRefs: [{ name: gw }], hostnames: [a.b], rules: [{ backendRefs: [] }] }', ['spec.rules[0].backendRefs: Invalid value: 0: spec.rules[0].backendRefs in body should have at least 1 items'], false],
  ['TCPRoute', '{ parentRefs: [{ name: gw }] }', ['spec.rules: Required value'], true],
];

test('the Gateway API\'s schemas and rules refuse in the words of the API server', (context) => {
  for (const [kind, spec, says, unasked] of table) {
    const metadata = kind === 'GatewayClass' ? '{ name: t }' : '{ name: t, namespace: shop }';
    assert.deepEqual(refused(`apiVersion: gateway.networking.k8s.io/v1\nkind: ${kind}\nmetadata: ${metadata}\nspec: ${spec}\n`), [...says, ...(unasked ? [notAsked] : [])].sort(), `${kind} ${spec}`);
  }
  context.diagnostic(`${table.length} refusals of the Gateway API, held against a real API server`);
});

test('what the API server takes is taken: TLS without certificates, hosts that look like addresses', () => {
  for (const listener of ['{ name: a, port: 443, protocol: HTTPS }', '{ name: a, port: 80, protocol: HTTP, hostname: 1.2.3.4 }']) assert.deepEqual(refused(`apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: t, namespace: shop }\nspec: { gatewayClassName: c, listeners: [${listener}] }\n`), []);
});

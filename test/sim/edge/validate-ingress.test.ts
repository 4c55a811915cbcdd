// What kube-apiserver 1.37 said to the same manifests.
import assert from 'node:assert/strict';
import test from 'node:test';
import { openLab } from '../../../src/sim/lab.ts';

const refused = (text: string): string[] => {
  const lab = openLab([{ path: 'bad.yaml', text }]);
  return lab.ok ? [] : lab.failures.map(({ says }) => says);
};
const ingress = (spec: string, annotations = ''): string => `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: bad, annotations: { ${annotations} } }\nspec: ${spec}\n`;
const subdomain = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const wildcard = "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

test('an Ingress that the API server refuses is refused in its words', () => {
  assert.deepEqual(refused(ingress('{ rules: [ { host: a.b, http: { paths: [ { path: /, backend: { service: { name: w, port: { number: 80 } } } } ] } } ] }')), ['spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified']);
  assert.deepEqual(refused(ingress("{ rules: [ { host: 'A_b', http: { paths: [] } } ] }")), [`spec.rules[0].host: Invalid value: "A_b": ${subdomain}`, 'spec.rules[0].http.paths: Required value']);
  assert.deepEqual(refused(ingress("{ rules: [ { host: '1.2.3.4', http: { paths: [ { pathType: Exact, backend: { service: { name: w, port: { number: 80, name: x } } } } ] } }, { host: '*.*.b' }, { host: '*' }, { host: '*.foo.com' } ] }")), [
    'spec.rules[0].host: Invalid value: "1.2.3.4": must be a DNS name, not an IP address', 'spec.rules[0].http.paths[0].path: Invalid value: "": must be an absolute path',
    'spec.rules[0].http.paths[0].backend: Invalid value: "": cannot set both port name & port number', `spec.rules[1].host: Invalid value: "*.*.b": ${wildcard}`, `spec.rules[2].host: Invalid value: "*": ${wildcard}`,
  ]);
  assert.deepEqual(refused(ingress('{ defaultBackend: { }, rules: [ { http: { paths: [ { path: /a//b, pathType: Prefix, backend: { } }, { path: /a/../b, pathType: Exact, backend: { service: { name: w, port: { name: Http } } } }, { path: "/a%2f", pathType: Prefix, backend: { service: { port: { number: 1 } } } } ] } } ] }')).sort(), [
    'spec.defaultBackend: Invalid value: "": resource or service backend is required', 'spec.rules[0].http.paths[0].path: Invalid value: "/a//b": must not contain \'//\'', 'spec.rules[0].http.paths[0].backend: Invalid value: "": resource or service backend is required',
    'spec.rules[0].http.paths[1].path: Invalid value: "/a/../b": must not contain \'/../\'', 'spec.rules[0].http.paths[1].backend.service.port.name: Invalid value: "Http": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
    'spec.rules[0].http.paths[2].path: Invalid value: "/a%2f": must not contain \'%2f\'', 'spec.rules[0].http.paths[2].backend.service.name: Required value',
  ].sort());
  assert.deepEqual(refused(ingress('{ ingressClassName: nginx, rules: [ { http: { paths: [ { path: /a/.., pathType: Prefix, backend: { service: { name: w, port: { number: 99999 } } } } ] } } ] }', 'kubernetes.io/ingress.class: x')), [
    'annotations.kubernetes.io/ingress.class: Invalid value: "x": must match `ingressClassName` when both are specified', 'spec.rules[0].http.paths[0].path: Invalid value: "/a/..": cannot end with \'/..\'', 'spec.rules[0].http.paths[0].backend.service.port.number: Invalid value: 99999: must be between 1 and 65535, inclusive',
  ]);
});

test('a TLS Secret has both keys, and a class names a controller', () => {
  assert.deepEqual(refused('apiVersion: v1\nkind: Secret\nmetadata: { name: t }\ntype: kubernetes.io/tls\ndata: { }\n'), ['data[tls.crt]: Required value', 'data[tls.key]: Required value']);
  assert.deepEqual(refused('apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: { name: t }\nspec: { }\n'), ['spec.controller: Required value']);
  assert.deepEqual(refused('apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: { name: t }\nspec: { controller: "x y" }\n'), ['spec.controller: Invalid value: "x y": must be a domain-prefixed path (such as "acme.io/foo")']);
});

test('a field that the Gateway API does not have is refused by name', () => {
  const says = refused('apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: gw }\nspec: { gatewayClassName: a, listners: [] }\n').join();
  assert.match(says, /unknown field "spec\.listners"/);
});

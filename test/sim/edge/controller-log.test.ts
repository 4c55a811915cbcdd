// The words of ingress-nginx about what it cannot serve (failures.md, section F).
import assert from 'node:assert/strict';
import test from 'node:test';
import { controllerLog } from '../../../src/sim/edge/controller-log.ts';
import { open } from '../lab.fixture.ts';
import { ingress, nginx, path, secret, service } from './edge.fixture.ts';

const namespaces = ['shop', 'edge', 'ingress-nginx'].map((name) => `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name} }\n`).join('---\n');
const logOf = (...texts: readonly string[]): readonly string[] => (controllerLog(open([namespaces, nginx, ...texts].join('---\n')).store, { kind: 'Deployment', namespace: 'ingress-nginx', name: 'ingress-nginx-controller' }) ?? ['none']).map((one) => one.replace(/^[IW]\d{4} \S+ +7 /, ''));
const on = (spec: string, namespace = 'shop'): string => ingress(`{ ${spec}, rules: [{ host: shop.example.com, http: { paths: [${path('/')}] } }] }`, 'web', namespace);

test('an Ingress without a class, and one of a class that is not there, are ignored aloud', () => {
  assert.deepEqual(logOf(ingress(`{ rules: [{ host: shop.example.com, http: { paths: [${path('/')}] } }] }`)), ['store.go:440] "Ignoring ingress because of error while validating ingress class" ingress="shop/web" error="ingress does not contain a valid IngressClass"']);
  assert.deepEqual(logOf(on('ingressClassName: missing')), ['store.go:440] "Ignoring ingress because of error while validating ingress class" ingress="shop/web" error="no object matching key \\"missing\\" in local store"']);
});

test('a Service that is not there and one that nobody stands behind', () => {
  assert.deepEqual(logOf(on('ingressClassName: nginx', 'edge')), ['controller.go:1110] Error obtaining Endpoints for Service "edge/web": no object matching key "edge/web" in local store']);
  assert.deepEqual(logOf(service('web'), on('ingressClassName: nginx')), ['controller.go:1216] Service "shop/web" does not have any active Endpoint.']);
});

test('certificates that are missing, for others, or too old', () => {
  const tls = 'ingressClassName: nginx, tls: [{ hosts: [shop.example.com], secretName: shop-tls }]';
  const about = (...texts: readonly string[]): readonly string[] => logOf(service('web'), on(tls), ...texts).filter((one) => !one.includes('active Endpoint'));
  assert.deepEqual(about(), ['controller.go:1438] Error getting SSL certificate "shop/shop-tls": local SSL certificate shop/shop-tls was not found. Using default certificate']);
  assert.equal(about(secret('shop-tls', 'other.example.com')).length, 4);
  assert.deepEqual(about(secret('shop-tls', 'shop.example.com; expires=2025-06-01')), ['controller.go:1438] SSL certificate for server "shop.example.com" expired (2025-06-01 00:00:00 +0000 UTC)']);
  assert.deepEqual(about(secret('shop-tls', 'shop.example.com')), []);
});

// Rules on HTTP and on names: the connection stands, and a proxy answers in place of the server.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ask, asked, under } from './underlay.fixture.ts';

const policy = (name: string, rules: string): string => `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: ${name}, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: api } }
  ingress:
  - fromEndpoints: [{ matchLabels: { app: web } }]
    toPorts: [{ ports: [{ port: "80", protocol: TCP }], rules: { http: [${rules}] } }]
---
`;
const cilium = (rules: string, more = ''): ReturnType<typeof under> => under('{ cni: { plugin: cilium } }', policy('http', rules) + more);

test('a request that no rule has is answered 403 by the proxy, not by silence', () => {
  const lab = cilium('{ method: GET, path: "/public.*" }');
  const { verdict, shown } = ask(lab, 'shop/web', 'http://api/private');
  assert.deepEqual([verdict, shown.reason, shown.status, shown.layer, shown.object?.name, shown.field, shown.body], ['http-error', 'denied-by-http-policy', 403, 'policy', 'http', 'spec.ingress[0].toPorts[0].rules.http[0].path', 'Access denied\r\n']);
  assert.deepEqual(shown.hops.slice(-1).map(({ stage, action, evidence }) => [stage, action, evidence]), [['ingress-policy', 'answer', 'kubectl describe ciliumnetworkpolicy -n shop http']]);
  assert.equal(asked(lab, 'shop/web', 'http://api/public/1'), 'delivered');
  // The expression is for the whole path, and the query is part of it.
  assert.equal(asked(cilium('{ path: "/public" }'), 'shop/web', 'http://api/public?all'), 'http-error denied-by-http-policy CiliumNetworkPolicy shop/http spec.ingress[0].toPorts[0].rules.http[0].path');
});

test('who may not connect at all meets silence, whatever the path', () => {
  assert.match(asked(cilium('{ path: "/public.*" }'), 'shop/web2', 'http://api/public'), /^timeout denied-by-ingress-policy/);
});

test('method, host and headers all have to be the rule\'s, and any rule will do', () => {
  const lab = cilium('{ method: PUT, path: "/x", headers: ["X-Token: 1"] }, { method: GET, host: "api[.]shop" }');
  const put = (headers: Readonly<Record<string, string>>): string => ask(lab, 'shop/web', 'http://api/x', { http: { method: 'PUT', headers } }).verdict;
  assert.deepEqual([put({ 'x-token': '1' }), put({ 'x-token': '2' }), put({})], ['delivered', 'http-error', 'http-error']);
  assert.deepEqual([ask(lab, 'shop/web', 'http://api/', { http: { method: 'GET', headers: { host: 'api.shop' } } }).verdict, ask(lab, 'shop/web', 'http://api/').verdict], ['delivered', 'http-error']);
  assert.match(ask(lab, 'shop/web', 'http://api/x', { http: { method: 'PUT', headers: {} } }).shown.field ?? '', /rules\.http\[0\]\.headers\[0\]$/);
});

test('another policy that opens the port without conditions opens every path', () => {
  const open = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: open, namespace: shop }\nspec: { podSelector: { matchLabels: { app: api } }, ingress: [{ ports: [{ port: 80 }] }] }\n---\n';
  assert.equal(asked(cilium('{ path: "/public" }', open), 'shop/web', 'http://api/private'), 'delivered');
});

test('a connection that carries no HTTP stands, and TLS is none', () => {
  const lab = cilium('{ path: "/public" }');
  assert.equal(asked(lab, 'shop/web', 'tcp://api:80'), 'delivered');
  assert.match(asked(lab, 'shop/web', 'https://api:80/public'), /^tls-error tls-not-spoken CiliumNetworkPolicy shop\/http /);
});

test('under a plugin that does not know the policy nobody is answered 403', () => {
  assert.equal(asked(under('{ cni: { plugin: calico } }', policy('http', '{ path: "/public" }')), 'shop/web', 'http://api/private'), 'delivered');
});

test('a name that no rule has is refused by the DNS proxy, and the policy is to blame', () => {
  const names = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: names, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: web } }
  egress:
  - toEndpoints: [{ matchLabels: { "k8s:io.kubernetes.pod.namespace": kube-system, k8s-app: kube-dns } }]
    toPorts: [{ ports: [{ port: "53", protocol: ANY }], rules: { dns: [{ matchPattern: "*.shop.svc.cluster.local" }] } }]
  - toEndpoints: [{ matchLabels: { app: api } }]
---
`;
  const lab = under('{ cni: { plugin: cilium } }', names);
  assert.equal(asked(lab, 'shop/web', 'http://api.shop.svc.cluster.local./'), 'delivered');
  const { verdict, shown, lookup } = ask(lab, 'shop/web', 'http://kubernetes.default.svc.cluster.local./');
  assert.deepEqual([verdict, shown.reason, shown.layer, shown.object?.name], ['dns-failure', 'dns-blocked-by-policy', 'policy', 'names']);
  assert.ok(lookup?.queries.every(({ rcode }) => rcode === 'REFUSED'));
});

// From outside through Ingress controllers and Gateways to a pod, and every way in which that fails (failures.md, section F).
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Lab, Trace } from '../../../src/sim/lab.ts';
import { refText } from '../../../src/sim/model/object.ts';
import { reasons } from '../../../src/sim/model/reason.ts';
import { run, startSession, words } from '../../../src/shell/shell.ts';
import { applied, call, open } from '../lab.fixture.ts';
import { gateway, ingress, nginx, path, route, secret } from './edge.fixture.ts';

const app = (name: string, namespace = 'shop', listen = '8080/TCP', replicas = 2): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} }, annotations: { k8snet-lab/listen: '${listen}' } }
    spec: { containers: [{ name: main, image: example.com/${name}, ports: [{ name: http, containerPort: 8080 }] }] }
`;
const service = (name: string, namespace = 'shop', selector = name, targetPort: number | string = 8080): string => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { selector: { app: ${selector} }, ports: [{ name: http, port: 80, targetPort: ${targetPort} }] }
`;
const cloud = 'apiVersion: k8snet-lab/v1\nkind: Cluster\nmetadata: { name: lab }\nspec: { underlay: { loadBalancers: {} } }\n';
const namespaces = ['shop', 'edge', 'ingress-nginx'].map((name) => `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name} }\n`).join('---\n');
const shopIngress = ingress(`{ ingressClassName: nginx, rules: [{ host: shop.example.com, http: { paths: [${path('/')}] } }] }`);
const lab = (...texts: readonly string[]): Lab => open([namespaces, cloud, ...texts].join('---\n'));
const withNginx = (...texts: readonly string[]): Lab => lab(nginx, app('web'), service('web'), ...texts);

/** Verdict, status, reason, object and field, layer. */
const told = ({ verdict, shown }: Trace): string => [verdict, shown.status ?? '', shown.reason, shown.object === null ? '' : refText(shown.object), shown.field ?? '', shown.layer ?? ''].join(' ').replace(/ +/g, ' ').trim();
const visit = (of: Lab, url: string, from = 'external'): Trace => call(of, from, url);

test('the host of an Ingress leads through the load balancer and the controller to a pod', () => {
  const trace = visit(withNginx(shopIngress), 'http://shop.example.com/');
  assert.equal(told(trace), 'delivered 200 answered');
  assert.deepEqual(trace.shown.hops.map(({ stage }) => stage).filter((stage, index, all) => all.indexOf(stage) === index), ['lookup', 'load-balancer', 'kube-proxy', 'route', 'masquerade', 'edge', 'arrival']);
  assert.deepEqual(trace.walks.map(({ probability, backend }) => [probability, backend?.port]), [[0.5, 8080], [0.5, 8080]]);
  assert.equal(words(trace), null);
  const edge = trace.shown.hops.find(({ stage }) => stage === 'edge');
  assert.deepEqual([edge === undefined ? '' : refText(edge.object), edge?.field, edge?.evidence], ['Ingress shop/web', 'spec.rules[0].http.paths[0].backend', 'kubectl describe ingress -n shop web']);
});

test('a pod calls the host like anybody else, and the controller asks from its own address', () => {
  const trace = visit(withNginx(shopIngress), 'http://shop.example.com/', 'shop/web');
  assert.equal(told(trace), 'delivered 200 answered');
  const edge = trace.shown.hops.findIndex(({ stage }) => stage === 'edge');
  assert.equal(trace.shown.hops[edge + 1]?.packet.source.ip, trace.shown.hops[edge]?.packet.destination.ip);
});

test('ingress-class-missing: the controller answers 404 for an Ingress without a class', () => {
  const bare = withNginx(shopIngress.replace('ingressClassName: nginx, ', ''));
  assert.equal(told(visit(bare, 'http://shop.example.com/')), 'http-error 404 edge-unserved Ingress shop/web spec.ingressClassName external');
  assert.equal(told(visit(applied(bare, shopIngress), 'http://shop.example.com/')), 'delivered 200 answered');
});

test('a class that nobody serves leaves the host without an address where there is no other controller', () => {
  const none = lab(app('web'), service('web'), shopIngress);
  assert.equal(told(visit(none, 'http://shop.example.com/')), 'name-not-found edge-unserved Ingress shop/web spec.ingressClassName external');
  assert.ok(none.warnings.some(({ code }) => code === 'class-unserved'));
});

test('a class without a controller among the manifests is taken to be served, and that is said', () => {
  const assumed = lab(nginx.slice(0, nginx.indexOf('---')), app('web'), service('web'), shopIngress);
  assert.equal(told(visit(assumed, 'http://shop.example.com/')), 'delivered 200 answered');
  assert.ok(assumed.warnings.some(({ code }) => code === 'controller-assumed'));
  assert.ok(assumed.warnings.every(({ code }) => code !== 'kind-not-simulated'));
});

test('lb-pending: a controller whose load balancer nobody makes has no address', () => {
  const pending = open([namespaces, nginx, app('web'), service('web'), shopIngress].join('---\n'));
  assert.equal(told(visit(pending, 'http://shop.example.com/')), 'name-not-found load-balancer-pending Service ingress-nginx/ingress-nginx-controller status.loadBalancer external');
});

test('ingress-host-mismatch and ingress-pathtype: 404 names the nearest rule', () => {
  const exact = withNginx(ingress(`{ ingressClassName: nginx, rules: [{ host: shop.example.com, http: { paths: [${path('/api', 'web', 'Exact')}] } }] }`));
  assert.equal(told(visit(exact, 'http://shop.example.com/api/users')), 'http-error 404 not-at-edge Ingress shop/web spec.rules[0].http.paths[0] external');
  const address = exact.network.outside.hosts.find(({ name }) => name === 'shop.example.com')?.addresses[0] ?? '';
  assert.equal(told(visit(exact, `http://${address}/api`)), 'http-error 404 not-at-edge Ingress shop/web spec.rules[0].host external');
  assert.equal(told(visit(exact, 'http://shop.example.com/api')), 'delivered 200 answered');
});

test('ingress-backend-port-wrong and ingress-cross-namespace: 503 with the field of the Ingress', () => {
  const port = withNginx(ingress(`{ ingressClassName: nginx, rules: [{ host: shop.example.com, http: { paths: [${path('/', 'web', 'Prefix', 9090)}] } }] }`));
  assert.equal(told(visit(port, 'http://shop.example.com/')), 'http-error 503 edge-backend-unresolved Ingress shop/web spec.rules[0].http.paths[0].backend.service.port.number external');
  const far = withNginx(ingress(`{ ingressClassName: nginx, rules: [{ host: shop.example.com, http: { paths: [${path('/')}] } }] }`, 'web', 'edge'));
  assert.equal(told(visit(far, 'http://shop.example.com/')), 'http-error 503 edge-backend-unresolved Ingress edge/web spec.rules[0].http.paths[0].backend.service.name external');
});

test('ingress-no-endpoints-503, ingress-502 and ingress-504: nobody, refused, silence', () => {
  const typo = lab(nginx, app('web'), service('web', 'shop', 'wbe'), shopIngress);
  assert.equal(told(visit(typo, 'http://shop.example.com/')), 'http-error 503 no-ready-endpoints Service shop/web spec.selector service');
  const closed = lab(nginx, app('web'), service('web', 'shop', 'web', 9090), shopIngress);
  const refused = visit(closed, 'http://shop.example.com/');
  assert.equal(told(refused), 'http-error 502 target-port-closed Service shop/web spec.ports[0].targetPort service');
  assert.equal(refused.shown.hops.at(-1)?.stage, 'edge');
  const deny = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: default-deny, namespace: shop }\nspec: { podSelector: {}, policyTypes: [Ingress] }\n';
  const blocked = withNginx(shopIngress, deny);
  assert.equal(told(visit(blocked, 'http://shop.example.com/')), 'http-error 504 denied-by-ingress-policy NetworkPolicy shop/default-deny spec.ingress policy');
  const allow = deny.replace('default-deny', 'from-controller').replace('policyTypes: [Ingress]', 'ingress: [{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress-nginx } } }] }]');
  assert.equal(told(visit(applied(blocked, allow), 'http://shop.example.com/')), 'delivered 200 answered');
});

test('ingress-nginx goes on to the next endpoint, so that one bad one of three does not show', () => {
  const slices = (ports: readonly number[]): string => `apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { ports: [{ name: http, port: 80 }] }
---
${ports.map((port, index) => `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: web-${index}, namespace: shop, labels: { kubernetes.io/service-name: web } }
addressType: IPv4
endpoints: [{ addresses: [10.244.1.${200 + index}] }]
ports: [{ name: http, port: ${port} }]
`).join('---\n')}`;
  const pod = (name: string, ip: string): string => `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, annotations: { k8snet-lab/listen: 8080/TCP } }
spec: { nodeName: worker-1, containers: [{ name: main, image: x }] }
status: { phase: Running, podIP: ${ip}, podIPs: [{ ip: ${ip} }] }
`;
  const pods = ['a', 'b', 'c'].map((name, index) => pod(name, `10.244.1.${200 + index}`));
  assert.equal(told(visit(lab(nginx, slices([8080, 8080, 9999]), ...pods, shopIngress), 'http://shop.example.com/')), 'delivered 200 answered');
  assert.equal(visit(lab(nginx, slices([9999, 9999, 9999]), ...pods, shopIngress), 'http://shop.example.com/').shown.status, 502);
});

const tls = (secretName = 'shop-tls'): string => ingress(`{ ingressClassName: nginx, tls: [{ hosts: [shop.example.com], secretName: ${secretName} }], rules: [{ host: shop.example.com, http: { paths: [${path('/')}] } }] }`);

test('TLS ends at the controller: the pod gets plain HTTP, and plain clients are sent to TLS', () => {
  const good = withNginx(tls(), secret('shop-tls', 'shop.example.com'));
  assert.equal(told(visit(good, 'https://shop.example.com/')), 'delivered 200 answered');
  const plain = visit(good, 'http://shop.example.com/');
  assert.equal(told(plain), 'delivered 308 redirected');
  assert.match(plain.shown.body ?? '', /308 Permanent Redirect/);
});

test('ingress-tls-secret-missing, -expired and -host-mismatch in curl\'s words', () => {
  const of = (...texts: readonly string[]): Trace => visit(withNginx(tls(), ...texts), 'https://shop.example.com/');
  const missing = of();
  assert.equal(told(missing), 'tls-error 200 tls-untrusted Ingress shop/web spec.tls[0].secretName external');
  assert.equal(words(missing), 'curl: (60) SSL certificate problem: self-signed certificate');
  const expired = of(secret('shop-tls', 'shop.example.com; expires=2025-12-31'));
  assert.equal(words(expired), 'curl: (60) SSL certificate problem: certificate has expired');
  assert.equal(told(expired), 'tls-error 200 tls-expired Secret shop/shop-tls data[tls.crt] external');
  assert.equal(words(of(secret('shop-tls', 'other.example.com'))), 'curl: (60) SSL certificate problem: self-signed certificate');
  const listener = '{ name: https, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: gw-tls }] } }';
  const mismatch = visit(lab(istio, app('web', 'edge'), service('web', 'edge'), gateway(listener, 'gw', 'edge', 'istio'), route("{ parentRefs: [{ name: gw }], hostnames: ['shop.example.com'], rules: [{ backendRefs: [{ name: web, port: 80 }] }] }"), secret('gw-tls', 'other.example.com', 'edge')), 'https://shop.example.com/');
  assert.equal(words(mismatch), "curl: (60) SSL: no alternative certificate subject name matches target hostname 'shop.example.com'");
});

test('ingress-tls-backend-https: a backend that speaks TLS answers plain HTTP with 400', () => {
  const speaking = app('web').replace("k8snet-lab/listen: '8080/TCP'", "k8snet-lab/listen: '8080/TCP', k8snet-lab/tls: '8080:web.shop'");
  assert.equal(visit(lab(nginx, speaking, service('web'), shopIngress), 'http://shop.example.com/').shown.status, 400);
  const told2 = ingress(`{ ingressClassName: nginx, rules: [{ host: shop.example.com, http: { paths: [${path('/')}] } }] }`, 'web', 'shop', 'nginx.ingress.kubernetes.io/backend-protocol: HTTPS');
  assert.equal(told(visit(lab(nginx, speaking, service('web'), told2), 'http://shop.example.com/')), 'delivered 200 answered');
  assert.equal(visit(withNginx(told2), 'http://shop.example.com/').shown.status, 502);
});

const istio = `apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: { name: istio }
spec: { controllerName: istio.io/gateway-controller }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: istiod, namespace: istio-system }
spec: { selector: { matchLabels: { app: istiod } }, template: { metadata: { labels: { app: istiod } }, spec: { containers: [{ name: discovery, image: 'docker.io/istio/pilot:1.26.0' }] } } }
`;
const listener = '{ name: http, port: 80, protocol: HTTP }';
const toShop = route("{ parentRefs: [{ name: gw }], hostnames: ['shop.example.com'], rules: [{ backendRefs: [{ name: web, namespace: shop, port: 80 }] }] }");
const grant = 'apiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\nmetadata: { name: edge, namespace: shop }\nspec: { from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: edge }], to: [{ group: "", kind: Service, name: web }] }\n';

test('gw-no-referencegrant: 500 until the target\'s namespace lets the route in', () => {
  const without = lab(istio, app('web'), service('web'), gateway(listener, 'gw', 'edge', 'istio'), toShop);
  assert.equal(told(visit(without, 'http://shop.example.com/')), 'http-error 500 edge-backend-unresolved HTTPRoute edge/web spec.rules[0].backendRefs[0].namespace external');
  assert.equal(told(visit(applied(without, grant), 'http://shop.example.com/')), 'delivered 200 answered');
});

test('gw-not-allowed-by-listener and gw-hostname: 404 with what keeps the route away', () => {
  const own = route("{ parentRefs: [{ name: gw, namespace: edge }], hostnames: ['shop.example.com'], rules: [{ backendRefs: [{ name: web, port: 80 }] }] }", 'web', 'shop');
  const base = [istio, app('web'), service('web'), own];
  assert.equal(told(visit(lab(...base, gateway(listener, 'gw', 'edge', 'istio')), 'http://shop.example.com/')), 'http-error 404 not-at-edge Gateway edge/gw spec.listeners[0].allowedRoutes.namespaces external');
  const open = '{ name: http, port: 80, protocol: HTTP, hostname: "*.example.org", allowedRoutes: { namespaces: { from: All } } }';
  assert.equal(told(visit(lab(...base, gateway(open, 'gw', 'edge', 'istio')), 'http://shop.example.com/')), 'http-error 404 not-at-edge HTTPRoute shop/web spec.hostnames external');
});

test('gw-class-no-controller: the Gateway waits, and its host has no address', () => {
  const waiting = lab(app('web'), service('web'), gateway(listener, 'gw', 'edge', 'nobody'), toShop, grant);
  assert.equal(told(visit(waiting, 'http://shop.example.com/')), 'name-not-found edge-unserved Gateway edge/gw spec.gatewayClassName external');
});

test('gw-no-endpoints is 503, and Envoy says 503 for refusal and silence too', () => {
  const none = lab(istio, app('web', 'shop', '8080/TCP', 0), service('web'), gateway(listener, 'gw', 'edge', 'istio'), toShop, grant);
  assert.equal(told(visit(none, 'http://shop.example.com/')), 'http-error 503 no-ready-endpoints Deployment shop/web spec.replicas service');
  const closed = lab(istio, app('web'), service('web', 'shop', 'web', 9090), gateway(listener, 'gw', 'edge', 'istio'), toShop, grant);
  assert.equal(visit(closed, 'http://shop.example.com/').shown.status, 503);
});

test('weights are the probabilities of the outcomes', () => {
  const two = lab(istio, app('web', 'edge'), app('next', 'edge', '8080/TCP', 1), service('web', 'edge'), service('next', 'edge'), gateway(listener, 'gw', 'edge', 'istio'),
    route("{ parentRefs: [{ name: gw }], hostnames: ['shop.example.com'], rules: [{ backendRefs: [{ name: web, port: 80, weight: 90 }, { name: next, port: 80, weight: 10 }, { name: gone, port: 80, weight: 0 }] }] }"));
  const trace = visit(two, 'http://shop.example.com/');
  assert.equal(trace.verdict, 'delivered');
  assert.deepEqual(trace.walks.map(({ probability }) => Number(probability.toFixed(3))), [0.45, 0.45, 0.1]);
});

test('a Gateway gets pods and a Service of its own, and they go with it', () => {
  const made = lab(istio, app('web'), service('web'), gateway(listener, 'gw', 'edge', 'istio'), toShop, grant);
  assert.ok(made.network.services.some(({ ref }) => refText(ref) === 'Service edge/gw-istio'));
  const gone = applied(made, 'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: gw, namespace: edge }\n$patch: delete\n'.replace('$patch: delete\n', 'spec: { gatewayClassName: istio, listeners: [{ name: http, port: 8080, protocol: HTTP }] }\n'));
  assert.deepEqual(gone.network.services.find(({ ref }) => ref.name === 'gw-istio')?.ports.map(({ port }) => port), [8080]);
  assert.equal(told(visit(gone, 'http://shop.example.com:8080/')), 'delivered 200 answered');
});

test('an Ingress that sends to its own controller ends', () => {
  const circle = withNginx(ingress(`{ ingressClassName: nginx, rules: [{ host: shop.example.com, http: { paths: [${path('/', 'ingress-nginx-controller')}] } }] }`, 'web', 'ingress-nginx'));
  assert.ok(visit(circle, 'http://shop.example.com/').walks.length > 0);
});

test('every outcome adds up to one, and its reason is in the list', () => {
  for (const one of [withNginx(shopIngress), lab(nginx, app('web'), service('web', 'shop', 'web', 9090), shopIngress), withNginx(tls())]) {
    for (const url of ['http://shop.example.com/', 'https://shop.example.com/x', 'tcp://shop.example.com:80']) {
      const { walks } = visit(one, url);
      assert.ok(Math.abs(walks.reduce((sum, { probability }) => sum + probability, 0) - 1) < 1e-9, url);
      for (const { reason } of walks) assert.ok(reasons.includes(reason));
    }
  }
});

test('an Ingress for example.com takes the place of the example outside', () => {
  const own = withNginx(shopIngress.replace('shop.example.com', 'example.com'));
  const trace = visit(own, 'http://example.com/');
  assert.equal(told(trace), 'delivered 200 answered');
  assert.ok(trace.shown.hops.some(({ stage }) => stage === 'edge'));
});

test('curl sends the Host header that it is told, and a policy\'s silence outlasts -m', () => {
  const deny = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: default-deny, namespace: shop }\nspec: { podSelector: { matchLabels: { app: web } }, policyTypes: [Ingress] }\n';
  const client = app('client').replace("image: example.com/client", 'image: curlimages/curl');
  const said = (of: Lab, line: string): string => {
    const ran = run(startSession(of), line);
    return ran.kind === 'done' ? ran.ran.stdout + ran.ran.stderr : ran.kind;
  };
  const open = withNginx(shopIngress, client);
  const address = open.network.outside.hosts.find(({ name }) => name === 'shop.example.com')?.addresses[0] ?? '';
  assert.match(said(open, `kubectl exec -n shop deploy/client -- curl -s -o /dev/null -w '%{http_code}' http://${address}/`), /^404/);
  assert.match(said(open, `kubectl exec -n shop deploy/client -- curl -s -o /dev/null -w '%{http_code}' -H 'Host: shop.example.com' http://${address}/`), /^200/);
  assert.match(said(withNginx(shopIngress, client, deny), 'kubectl exec -n shop deploy/client -- curl -sS -m 3 http://shop.example.com/'), /curl: \(28\) Operation timed out after 300\d milliseconds with 0 bytes received/);
});

test('a controller on its nodes\' network is reached at the nodes, and its requests come from there', () => {
  const hosted = nginx.replace('    spec:\n      containers:', '    spec:\n      hostNetwork: true\n      containers:').replace('type: LoadBalancer', 'type: ClusterIP');
  const trace = visit(lab(hosted, app('web'), service('web'), shopIngress), 'http://shop.example.com/');
  assert.equal(told(trace), 'delivered 200 answered');
  const edge = trace.shown.hops.findIndex(({ stage }) => stage === 'edge');
  assert.equal(trace.shown.hops[edge]?.at.kind, 'node');
  assert.match(trace.shown.hops[edge + 1]?.packet.source.ip ?? '', /^192\.168\.0\./);
});

test('a controller behind node ports is reached at any node with the port', () => {
  const ports = nginx.replace('type: LoadBalancer', 'type: NodePort').replace('port: 80, targetPort: http', 'port: 80, nodePort: 30080, targetPort: http');
  const behind = lab(ports, app('web'), service('web'), shopIngress);
  assert.equal(told(visit(behind, 'http://shop.example.com:30080/')), 'delivered 200 answered');
  assert.equal(visit(behind, 'http://shop.example.com/').verdict, 'refused');
});

test('the pods of a controller that are down refuse at its Service, whatever the Ingress says', () => {
  const down = nginx.replace('metadata: { name: ingress-nginx-controller, namespace: ingress-nginx }\nspec:\n  selector: { matchLabels', 'metadata: { name: ingress-nginx-controller, namespace: ingress-nginx }\nspec:\n  replicas: 0\n  selector: { matchLabels');
  assert.equal(told(visit(lab(down, app('web'), service('web'), shopIngress), 'http://shop.example.com/')), 'refused no-ready-endpoints Deployment ingress-nginx/ingress-nginx-controller spec.replicas service');
});

test('a policy that keeps clients from the controller is a timeout, not a status', () => {
  const deny = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: closed, namespace: ingress-nginx }\nspec: { podSelector: {}, policyTypes: [Ingress] }\n';
  assert.equal(told(visit(withNginx(shopIngress, deny), 'http://shop.example.com/')), 'timeout denied-by-ingress-policy NetworkPolicy ingress-nginx/closed spec.ingress policy');
});

test('a controller whose own egress is closed answers 504', () => {
  const deny = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: closed, namespace: ingress-nginx }\nspec: { podSelector: {}, policyTypes: [Egress] }\n';
  assert.equal(told(visit(withNginx(shopIngress, deny), 'http://shop.example.com/')), 'http-error 504 denied-by-egress-policy NetworkPolicy ingress-nginx/closed spec.egress policy');
});

// What stands before an edge and behind it: load balancers that end TLS or announce clients, lost addresses, headers, certificates, TLS that goes through, limits of time, and webhooks.
import assert from 'node:assert/strict';
import test from 'node:test';
import { change, parseSource, parseTarget, send, type Change, type Lab, type Trace } from '../../../src/sim/lab.ts';
import { refText } from '../../../src/sim/model/object.ts';
import { applied, call, merge, open } from '../lab.fixture.ts';
import { gateway, ingress, nginx, path, route, secret } from './edge.fixture.ts';

const app = (name: string, namespace = 'shop', notes = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  replicas: 2
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} }, annotations: { k8snet-lab/listen: '8080/TCP'${notes} } }
    spec: { containers: [{ name: main, image: example.com/${name}, ports: [{ name: http, containerPort: 8080 }] }] }
`;
const service = (name: string, namespace = 'shop', port = 80): string => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: ${port}, targetPort: 8080 }] }
`;
const cloud = 'apiVersion: k8snet-lab/v1\nkind: Cluster\nmetadata: { name: lab }\nspec: { underlay: { loadBalancers: {} } }\n';
const namespaces = ['shop', 'edge', 'ingress-nginx'].map((name) => `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name} }\n`).join('---\n');
const lab = (...texts: readonly string[]): Lab => open([namespaces, cloud, ...texts].join('---\n'));
const toWeb = (notes = '', tls = ''): string => ingress(`{ ingressClassName: nginx, ${tls}rules: [{ host: shop.example.com, http: { paths: [${path('/')}] } }] }`, 'web', 'shop', notes);
const withTls = 'tls: [{ hosts: [shop.example.com], secretName: shop-tls }], ';
const shop = (controlled: string, ...texts: readonly string[]): Lab => lab(controlled, app('web'), service('web'), ...texts);
const settings = (data: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ingress-nginx-controller, namespace: ingress-nginx }\ndata: { ${data} }\n`;
/** The controller's Service with annotations. */
const noted = (notes: string, from = nginx): string => from.replace('metadata: { name: ingress-nginx-controller, namespace: ingress-nginx }\nspec:\n  type', `metadata: { name: ingress-nginx-controller, namespace: ingress-nginx, annotations: { ${notes} } }\nspec:\n  type`);
const local = nginx.replace('type: LoadBalancer', 'type: LoadBalancer\n  externalTrafficPolicy: Local');
const told = ({ verdict, shown }: Trace): string => [verdict, shown.status ?? '', shown.reason, shown.object === null ? '' : refText(shown.object), shown.field ?? ''].join(' ').replace(/ +/g, ' ').trim();
const asked = (of: Lab, url: string, headers: Readonly<Record<string, string>>, from = 'external'): Trace => {
  const source = parseSource(from, of.network);
  const target = parseTarget(url);
  assert.ok(source.ok && target.ok);
  return send(of, { from: source.value, to: target.value, http: { method: 'GET', headers } });
};
const received = (trace: Trace): Readonly<Record<string, string>> => trace.shown.http?.received?.headers ?? {};
const answerHeaders = (trace: Trace): Readonly<Record<string, string>> => Object.fromEntries(trace.shown.http?.headers ?? []);

test('source-ip-lost: behind externalTrafficPolicy: Cluster the controller and the app are told a node for the client', () => {
  const cluster = call(shop(nginx, toWeb()), 'external/203.0.113.77', 'http://shop.example.com/');
  assert.match(received(cluster)['x-forwarded-for'] ?? '', /^192\.168\.0\.1[12]$/);
  assert.equal(cluster.shown.snat, true);
  const kept = call(shop(local, toWeb()), 'external/203.0.113.77', 'http://shop.example.com/');
  assert.deepEqual([received(kept)['x-forwarded-for'], received(kept)['x-real-ip'], kept.shown.snat], ['203.0.113.77', '203.0.113.77', false]);
  // The pod itself sees the controller, whatever the policy.
  assert.equal(kept.shown.http?.received?.client, kept.shown.hops.find(({ stage }) => stage === 'edge')?.packet.destination.ip);
});

test('source-ip-lost: a list of senders turns everybody away, and the Service is what to change', () => {
  const listed = toWeb('nginx.ingress.kubernetes.io/whitelist-source-range: 203.0.113.0/24');
  assert.equal(told(call(shop(nginx, listed), 'external', 'http://shop.example.com/')), 'http-error 403 source-range-refused Service ingress-nginx/ingress-nginx-controller spec.externalTrafficPolicy');
  assert.equal(told(call(shop(local, listed), 'external', 'http://shop.example.com/')), 'delivered 200 answered');
  assert.equal(told(call(shop(local, listed), 'external/198.51.100.5', 'http://shop.example.com/')), 'http-error 403 source-range-refused Ingress shop/web metadata.annotations[nginx.ingress.kubernetes.io/whitelist-source-range]');
});

test('what a client says of itself is thrown away, unless the controller is told to believe it', () => {
  const lie = { 'x-forwarded-for': '10.9.8.7', 'x-forwarded-proto': 'https', 'x-own': 'kept' };
  const strict = received(asked(shop(local, toWeb()), 'http://shop.example.com/', lie));
  assert.deepEqual([strict['x-forwarded-for'], strict['x-forwarded-proto'], strict['x-own'], strict['x-forwarded-host']], ['203.0.113.10', 'http', 'kept', 'shop.example.com']);
  const believing = received(asked(shop(local, toWeb(), settings('use-forwarded-headers: "true"')), 'http://shop.example.com/', lie));
  assert.deepEqual([believing['x-forwarded-for'], believing['x-forwarded-proto']], ['10.9.8.7', 'https']);
});

const aws = 'service.beta.kubernetes.io/aws-load-balancer-';
const ending = `${aws}ssl-cert: 'arn:aws:acm:x', ${aws}ssl-ports: https, ${aws}backend-protocol: http`;
const plainBehind = nginx.replace('port: 443, targetPort: https', 'port: 443, targetPort: http');

test('ingress-redirect-loop: a load balancer ends TLS, and the controller sends everybody back', () => {
  const texts = [app('web'), service('web'), toWeb('', withTls), secret('shop-tls', 'shop.example.com')];
  const loop = call(lab(noted(ending, plainBehind), ...texts), 'external', 'https://shop.example.com/cart');
  assert.equal(told(loop), 'http-error 308 redirect-loop ConfigMap ingress-nginx/ingress-nginx-controller data.use-forwarded-headers');
  assert.equal(answerHeaders(loop)['Location'], 'https://shop.example.com/cart');
  assert.equal(refText(loop.shown.tls?.by ?? { kind: '', namespace: '', name: '' }), 'Service ingress-nginx/ingress-nginx-controller');
  const believed = call(lab(noted(ending, plainBehind), settings('use-forwarded-headers: "true"'), ...texts), 'external', 'https://shop.example.com/cart');
  assert.equal(told(believed), 'delivered 200 answered');
  assert.deepEqual([received(believed)['x-forwarded-proto'], received(believed)['x-forwarded-for']], ['https', '203.0.113.10']);
  assert.ok(believed.shown.hops.some(({ stage, says }) => stage === 'load-balancer' && says.includes('ends TLS')));
  // One that passes connections on writes no headers: the redirect itself must go.
  const network = noted(`${ending}, ${aws}type: nlb`.replace('backend-protocol: http', 'backend-protocol: tcp'), plainBehind);
  assert.equal(told(call(lab(network, ...texts), 'external', 'https://shop.example.com/')), 'http-error 308 redirect-loop Ingress shop/web spec.tls[0]');
  assert.equal(told(call(lab(network, app('web'), service('web'), toWeb('nginx.ingress.kubernetes.io/ssl-redirect: "false"', withTls), secret('shop-tls', 'shop.example.com')), 'external', 'https://shop.example.com/')), 'delivered 200 answered');
});

test('TLS that ends at the load balancer, and is wanted again behind it, is nginx\' own 400', () => {
  const twice = call(shop(noted(ending), toWeb('', withTls), secret('shop-tls', 'shop.example.com')), 'external', 'https://shop.example.com/');
  assert.equal(told(twice), 'http-error 400 answered Service ingress-nginx/ingress-nginx-controller spec.ports[1].targetPort');
  assert.match(twice.shown.body ?? '', /The plain HTTP request was sent to HTTPS port/);
});

test('proxy-protocol-mismatch: on both sides or on none', () => {
  const writing = noted('service.beta.kubernetes.io/do-loadbalancer-enable-proxy-protocol: "true"');
  const reading = settings('use-proxy-protocol: "true"');
  const of = (controlled: string, ...texts: readonly string[]): Lab => shop(controlled, toWeb('', ''), ...texts);
  assert.match(told(call(of(writing), 'external', 'http://shop.example.com/')), /^http-error 400 proxy-protocol-mismatch Service ingress-nginx\/ingress-nginx-controller metadata\.annotations\[.*proxy-protocol\]$/);
  assert.match(told(call(of(writing), 'external', 'https://shop.example.com/')), /^tls-error tls-not-spoken Service/);
  // Nothing comes back but the end of the connection: there is no status.
  assert.equal(told(call(of(nginx, reading), 'external', 'http://shop.example.com/')), 'http-error proxy-protocol-mismatch ConfigMap ingress-nginx/ingress-nginx-controller data.use-proxy-protocol');
  assert.match(told(call(of(nginx, reading), 'external', 'https://shop.example.com/')), /^tls-error tls-closed ConfigMap/);
  const both = of(writing, reading);
  assert.equal(received(call(both, 'external', 'http://shop.example.com/'))['x-forwarded-for'], '203.0.113.10');
  // Inside the cluster the address of the load balancer is translated on the node: nobody writes the line.
  assert.match(told(call(both, 'shop/web', 'http://shop.example.com/')), /proxy-protocol-mismatch ConfigMap/);
});

test('the trace carries the certificate that the client is shown, and by whom', () => {
  const of = (...texts: readonly string[]): Trace => call(shop(nginx, toWeb('', withTls), ...texts), 'external', 'https://shop.example.com/');
  const good = of(secret('shop-tls', 'shop.example.com; issuer=CN=Lab CA; expires=2027-01-01'));
  assert.deepEqual([good.shown.tls?.by.kind, good.shown.tls?.subject, good.shown.tls?.issuer, good.shown.tls?.names, good.shown.tls?.until, good.shown.tls?.verify], ['Pod', 'CN=shop.example.com', 'CN=Lab CA', ['shop.example.com'], '2027-01-01T00:00:00Z', { code: 0, text: 'ok' }]);
  assert.equal(answerHeaders(good)['Strict-Transport-Security'], 'max-age=31536000; includeSubDomains');
  assert.ok(good.shown.hops.some(({ stage, says }) => stage === 'edge' && says.includes('ends TLS')));
  assert.deepEqual(of().shown.tls?.subject, 'O=Acme Co; CN=Kubernetes Ingress Controller Fake Certificate');
  assert.deepEqual(of().shown.tls?.verify, { code: 18, text: 'self-signed certificate' });
  assert.deepEqual(of(secret('shop-tls', 'shop.example.com; expires=2025-01-01')).shown.tls?.verify, { code: 10, text: 'certificate has expired' });
  const incomplete = of(secret('shop-tls', 'shop.example.com; incomplete'));
  assert.deepEqual([told(incomplete), incomplete.shown.tls?.verify.code], ['tls-error 200 tls-untrusted Secret shop/shop-tls data[tls.crt]', 20]);
  assert.equal(call(shop(nginx, toWeb()), 'external', 'http://shop.example.com/').shown.tls, undefined);
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
---
apiVersion: v1
kind: Namespace
metadata: { name: istio-system }
`;
const routed = (more = '', rule = '{ backendRefs: [{ name: web, port: 80 }] }'): string => route(`{ parentRefs: [{ name: gw }], hostnames: [shop.example.com], rules: [${rule}]${more} }`, 'web', 'edge');
const onGateway = (...texts: readonly string[]): Lab => lab(istio, gateway('{ name: http, port: 80, protocol: HTTP }', 'gw', 'edge', 'istio'), app('web', 'edge'), service('web', 'edge'), ...texts);

test('filters change what the backend gets and what the client sees', () => {
  const trace = asked(onGateway(routed('', `{ filters: [{ type: RequestHeaderModifier, requestHeaderModifier: { set: [{ name: X-Team, value: shop }], remove: [X-Secret] } }, { type: ResponseHeaderModifier, responseHeaderModifier: { add: [{ name: X-Served-By, value: gw }] } }, { type: URLRewrite, urlRewrite: { hostname: in.example.com, path: { type: ReplaceFullPath, replaceFullPath: /all } } }], backendRefs: [{ name: web, port: 80 }] }`)), 'http://shop.example.com/x?a=1', { 'x-secret': 's', 'x-forwarded-for': '1.1.1.1' });
  assert.equal(told(trace), 'delivered 200 answered');
  assert.deepEqual([trace.shown.http?.received?.host, trace.shown.http?.received?.path, received(trace)['x-team'], received(trace)['x-secret']], ['in.example.com', '/all?a=1', 'shop', undefined]);
  assert.deepEqual(answerHeaders(trace), { 'x-served-by': 'gw', server: 'envoy' });
});

test('rules[].timeouts: silence is 504 when the limit is over, earlier than the proxy would give up', () => {
  const deny = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: closed, namespace: edge }\nspec: { podSelector: { matchLabels: { app: web } }, policyTypes: [Ingress] }\n';
  const without = call(onGateway(routed(), deny), 'external', 'http://shop.example.com/').shown;
  assert.deepEqual([without.status, without.elapsed], [503, 30]);
  const limited = call(onGateway(routed('', '{ timeouts: { request: 2s }, backendRefs: [{ name: web, port: 80 }] }'), deny), 'external', 'http://shop.example.com/').shown;
  assert.deepEqual([limited.status, limited.elapsed, limited.object?.name], [504, 2, 'closed']);
  assert.match(limited.why, /gives up after 2 s \(HTTPRoute edge\/web spec\.rules\[0\]\.timeouts\.request\)/);
});

test('ingress-nginx tries a silent backend three times before it says 504', () => {
  const deny = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: closed, namespace: shop }\nspec: { podSelector: {}, policyTypes: [Ingress] }\n';
  const { status, elapsed } = call(shop(nginx, toWeb(), deny), 'external', 'http://shop.example.com/').shown;
  assert.deepEqual([status, elapsed], [504, 15]);
});

const tlsRoute = (hosts = 'shop.example.com'): string => `apiVersion: gateway.networking.k8s.io/v1\nkind: TLSRoute\nmetadata: { name: web, namespace: edge }\nspec: { parentRefs: [{ name: gw }], hostnames: [${hosts}], rules: [{ backendRefs: [{ name: web, port: 80 }] }] }\n`;

test('a TLSRoute passes TLS on: it ends in the pod, with the pod\'s certificate', () => {
  const passing = gateway('{ name: tls, port: 443, protocol: TLS, tls: { mode: Passthrough } }', 'gw', 'edge', 'istio');
  const of = (notes: string, ...texts: readonly string[]): Lab => lab(istio, passing, app('web', 'edge', notes), service('web', 'edge'), ...texts);
  const good = call(of(", k8snet-lab/tls: '8080:shop.example.com'", tlsRoute()), 'external', 'https://shop.example.com/');
  assert.equal(told(good), 'delivered 200 answered');
  assert.deepEqual([good.shown.tls?.by.kind, good.shown.tls?.names], ['Pod', ['shop.example.com']]);
  assert.match(told(call(of(", k8snet-lab/tls: '8080:other.example.com'", tlsRoute()), 'external', 'https://shop.example.com/')), /^tls-error tls-name-mismatch/);
  assert.match(told(call(of('', tlsRoute()), 'external', 'https://shop.example.com/')), /^tls-error tls-not-spoken/);
  assert.equal(told(call(of(", k8snet-lab/tls: '8080:shop.example.com'", tlsRoute('other.example.com'), routed()), 'external', 'https://other.example.org/')).startsWith('name-not-found'), true);
});

test('a TCPRoute passes any connection on', () => {
  const db = lab(istio, gateway('{ name: db, port: 5432, protocol: TCP }', 'gw', 'edge', 'istio'), app('db', 'edge'), service('db', 'edge', 5432), 'apiVersion: gateway.networking.k8s.io/v1\nkind: TCPRoute\nmetadata: { name: db, namespace: edge }\nspec: { parentRefs: [{ name: gw }], rules: [{ backendRefs: [{ name: db, port: 5432 }] }] }\n');
  const address = db.network.services.find(({ ref }) => ref.name === 'gw-istio')?.balancer[0]?.ip ?? '';
  const trace = call(db, 'external', `tcp://${address}:5432`);
  assert.equal(told(trace), 'delivered answered');
  assert.match(trace.shown.backend?.pod ?? '', /^edge\/db-/);
});

test('BackendTLSPolicy: the Gateway speaks TLS and wants the name; another certificate is an error of its own', () => {
  const policy = (hostname: string): string => `apiVersion: gateway.networking.k8s.io/v1\nkind: BackendTLSPolicy\nmetadata: { name: web, namespace: edge }\nspec: { targetRefs: [{ group: "", kind: Service, name: web }], validation: { wellKnownCACertificates: System, hostname: ${hostname} } }\n`;
  const of = (notes: string, ...texts: readonly string[]): Trace => call(lab(istio, gateway('{ name: http, port: 80, protocol: HTTP }', 'gw', 'edge', 'istio'), app('web', 'edge', notes), service('web', 'edge'), routed(), ...texts), 'external', 'http://shop.example.com/');
  const speaking = ", k8snet-lab/tls: '8080:web.edge.svc'";
  assert.equal(told(of(speaking)), 'http-error 400 answered HTTPRoute edge/web spec.rules[0].backendRefs[0]');
  assert.equal(told(of(speaking, policy('web.edge.svc'))), 'delivered 200 answered');
  assert.equal(told(of(speaking, policy('other.edge.svc'))), 'http-error 503 tls-name-mismatch BackendTLSPolicy edge/web spec.validation.hostname');
  assert.match(told(of('', policy('web.edge.svc'))), /^http-error 503 tls-not-spoken/);
});

test('ingress-nginx follows another name for a Service, other controllers do not', () => {
  const bridge = 'apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: edge }\nspec: { type: ExternalName, externalName: web.shop.svc.cluster.local, ports: [{ port: 80 }] }\n';
  const far = ingress(`{ ingressClassName: nginx, rules: [{ host: shop.example.com, http: { paths: [${path('/')}] } }] }`, 'web', 'edge');
  const followed = call(shop(nginx, far, bridge), 'external', 'http://shop.example.com/');
  assert.equal(told(followed), 'delivered 200 answered');
  const kong = nginx.replace('k8s.io/ingress-nginx }', 'ingress-controllers.konghq.com/kong }').replace('registry.k8s.io/ingress-nginx/controller:v1.12.1', 'kong:3.9').replaceAll('app.kubernetes.io/name: ingress-nginx', 'app.kubernetes.io/name: kong');
  assert.equal(told(call(shop(kong, far, bridge), 'external', 'http://shop.example.com/')), 'http-error 503 edge-backend-unresolved Service edge/web spec.type');
});

const webhook = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: { name: ingress-nginx-admission }
webhooks:
  - name: validate.nginx.ingress.kubernetes.io
    admissionReviewVersions: [v1]
    sideEffects: None
    failurePolicy: Fail
    clientConfig: { service: { name: ingress-nginx-controller-admission, namespace: ingress-nginx, path: /networking/v1/ingresses } }
    rules: [{ apiGroups: [networking.k8s.io], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [ingresses] }]
`;
const refused = (of: Lab, one: Change): string => { const made = change(of, [one]); return made.ok ? 'taken' : made.failures.map(({ says }) => says).join('\n'); };
const apply = (name: string, host: string): Change => ({ verb: 'apply', origin: null, object: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name, namespace: 'shop' }, spec: { ingressClassName: 'nginx', rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }] } }] } } as never });

test('ingress-conflict-host-path: the webhook of ingress-nginx refuses what another Ingress has', () => {
  const guarded = shop(nginx, toWeb(), webhook);
  assert.equal(refused(guarded, apply('again', 'shop.example.com')), 'admission webhook "validate.nginx.ingress.kubernetes.io" denied the request: host "shop.example.com" and path "/" is already defined in ingress shop/web');
  assert.equal(refused(guarded, apply('other', 'other.example.com')), 'taken');
  assert.equal(refused(guarded, apply('web', 'shop.example.com')), 'taken');
  assert.equal(refused(shop(nginx, toWeb()), apply('again', 'shop.example.com')), 'taken');
});

test('webhook-no-endpoints: with its controller down nobody can write an Ingress, and everything else goes on', () => {
  const guarded = shop(nginx, toWeb(), webhook);
  const scaled = change(guarded, [merge('Deployment', 'ingress-nginx', 'ingress-nginx-controller', { spec: { replicas: 0 } })]);
  assert.ok(scaled.ok);
  const down = scaled.value.lab;
  const post = 'Internal error occurred: failed calling webhook "validate.nginx.ingress.kubernetes.io": failed to call webhook: Post "https://ingress-nginx-controller-admission.ingress-nginx.svc:443/networking/v1/ingresses?timeout=10s": ';
  assert.equal(refused(down, apply('other', 'other.example.com')), `${post}no endpoints available for service "ingress-nginx-controller-admission"`);
  assert.equal(refused(down, merge('Ingress', 'shop', 'web', { metadata: { labels: { a: 'b' } } })), `${post}no endpoints available for service "ingress-nginx-controller-admission"`);
  assert.equal(refused(down, merge('Service', 'shop', 'web', { metadata: { labels: { a: 'b' } } })), 'taken');
  assert.equal(refused(down, { verb: 'delete', ref: { kind: 'Ingress', namespace: 'shop', name: 'web' } }), 'taken');
  const gone = change(down, [{ verb: 'delete', ref: { kind: 'Service', namespace: 'ingress-nginx', name: 'ingress-nginx-controller-admission' } }]);
  assert.ok(gone.ok);
  assert.equal(refused(gone.value.lab, apply('other', 'other.example.com')), `${post}service "ingress-nginx-controller-admission" not found`);
  assert.equal(refused(applied(down, webhook.replace('failurePolicy: Fail', 'failurePolicy: Ignore')), apply('other', 'other.example.com')), 'taken');
});

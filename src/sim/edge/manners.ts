// The controllers that people run, by image, label and the name that classes call them by, and how each answers where the APIs leave it open.
import type { EdgeManners } from '../model/edge.ts';

export interface KnownController {
  readonly name: string;
  /** Of `app.kubernetes.io/name`. */
  readonly labels: readonly string[];
  /** The process that carries requests. */
  readonly carries: RegExp;
  /** The process that reads the objects, where it is another one. */
  readonly reads: RegExp | null;
  /** IngressClass.spec.controller and GatewayClass.spec.controllerName. */
  readonly ingress: RegExp | null;
  readonly gateway: RegExp | null;
  /** The value of the old annotation kubernetes.io/ingress.class. */
  readonly oldClass: string;
  /** It makes pods and a Service for each Gateway (GEP-1762). */
  readonly podsPerGateway: boolean;
  readonly manners: EdgeManners;
}

/** 503: nobody to send to, 502: refused, 504: silence. What no list knows is taken to answer so. */
export const plainManners: EdgeManners = {
  strictHost: true, empty: 503, refused: 502, silent: 504, tries: 1, patience: 60, targetPortToo: false, redirect: null, fakeName: 'Default Certificate', bodies: 'go', oneLabel: true, catchAll: 'everything', misdirected: null,
};

/** ingress-nginx: proxy_next_upstream "error timeout", three tries, proxy-connect-timeout 5 s; a Service's targetPort or port name will do for its port (controller.go, serviceEndpoints). */
const ingressNginx: EdgeManners = { ...plainManners, tries: 3, patience: 5, targetPortToo: true, redirect: 308, fakeName: 'Kubernetes Ingress Controller Fake Certificate', bodies: 'nginx', catchAll: 'hosts' };

/** Envoy says 503 for every upstream that does not connect (response flag UF); 504 is for answers that are late. */
const envoy: EdgeManners = { ...plainManners, refused: 503, silent: 503, patience: 10, fakeName: null, bodies: 'envoy' };

export const knownControllers: readonly KnownController[] = [
  {
    name: 'ingress-nginx', labels: ['ingress-nginx'], carries: /(^|\/)(ingress-nginx\/controller|nginx-ingress-controller|ingress-nginx-controller)(-chroot)?(:|@|$)/, reads: null, ingress: /^k8s\.io\//, gateway: null, oldClass: 'nginx',
    podsPerGateway: false, manners: ingressNginx,
  },
  {
    name: 'nginx-ingress', labels: ['nginx-ingress'], carries: /(^|\/)(nginx|nginxinc)\/nginx-ingress(:|@|$)/, reads: null, ingress: /^nginx\.org\/ingress-controller/, gateway: null, oldClass: 'nginx',
    podsPerGateway: false, manners: { ...plainManners, tries: 3, redirect: 301, fakeName: null, bodies: 'nginx' },
  },
  {
    // A router that nobody stands behind is taken out, and answers 404 (traefik, providers.kubernetesIngress.allowEmptyServices; issue 9242).
    name: 'traefik', labels: ['traefik'], carries: /(^|\/)traefik(:|@|$)/, reads: null, ingress: /^traefik\.io\/ingress-controller/, gateway: /^traefik\.io\/gateway-controller/, oldClass: 'traefik',
    podsPerGateway: false, manners: { ...plainManners, strictHost: false, empty: 404, patience: 30, fakeName: 'TRAEFIK DEFAULT CERT' },
  },
  {
    // HAProxy says 503 for a server that it cannot connect to, after its retries.
    name: 'haproxy', labels: ['kubernetes-ingress', 'haproxy-ingress'], carries: /(^|\/)(haproxytech\/kubernetes-ingress|jcmoraisjr\/haproxy-ingress|haproxy-ingress)(:|@|$)/, reads: null,
    ingress: /^(haproxy\.org\/ingress-controller|haproxy-ingress\.github\.io\/controller)/, gateway: /^haproxy/, oldClass: 'haproxy', podsPerGateway: false,
    manners: { ...plainManners, refused: 503, silent: 503, tries: 3, patience: 5, redirect: null, fakeName: 'localhost', bodies: 'haproxy' },
  },
  {
    name: 'kong', labels: ['kong', 'ingress'], carries: /(^|\/)kong(-gateway)?(:|@|$)/, reads: /kong\/kubernetes-ingress-controller/, ingress: /^ingress-controllers\.konghq\.com\/kong/, gateway: /^konghq\.com\/(kic-)?gateway/, oldClass: 'kong',
    podsPerGateway: false, manners: { ...plainManners, strictHost: false, tries: 5, fakeName: 'localhost', bodies: 'nginx' },
  },
  {
    name: 'contour', labels: ['contour'], carries: /(^|\/)envoyproxy\/envoy(-distroless)?(:|@|$)/, reads: /(^|\/)projectcontour\/contour(:|@|$)/, ingress: /^projectcontour\.io\/ingress-controller|^projectcontour\.io\/[^/]+\/[^/]+/, gateway: /^projectcontour\.io\/gateway/, oldClass: 'contour',
    podsPerGateway: false, manners: { ...envoy, redirect: null },
  },
  {
    name: 'envoy-gateway', labels: ['gateway-helm', 'envoy-gateway'], carries: /(^|\/)envoyproxy\/envoy(-distroless)?(:|@|$)/, reads: /(^|\/)envoyproxy\/gateway(:|@|$)/, ingress: null, gateway: /^gateway\.envoyproxy\.io\//, oldClass: '',
    podsPerGateway: true, manners: envoy,
  },
  {
    name: 'istio', labels: ['istiod', 'istio-ingressgateway', 'gateway'], carries: /(^|\/)istio\/proxyv2(:|@|$)/, reads: /(^|\/)istio\/pilot(:|@|$)/, ingress: /^istio\.io\/ingress-controller/, gateway: /^istio\.io\/gateway-controller/, oldClass: 'istio',
    podsPerGateway: true, manners: { ...envoy, tries: 3 },
  },
  {
    name: 'nginx-gateway-fabric', labels: ['nginx-gateway-fabric', 'nginx-gateway'], carries: /nginx-gateway-fabric(\/nginx)?(:|@|$)/, reads: null, ingress: null, gateway: /^gateway\.nginx\.org\//, oldClass: '',
    podsPerGateway: true, manners: { ...plainManners, tries: 1, fakeName: null, bodies: 'nginx' },
  },
  {
    name: 'cilium', labels: [], carries: /(^|\/)cilium\/cilium-envoy(:|@|$)/, reads: /(^|\/)cilium\/operator/, ingress: /^cilium\.io\/ingress-controller/, gateway: /^io\.cilium\/gateway-controller/, oldClass: 'cilium',
    podsPerGateway: true, manners: envoy,
  },
];

/** The controller that a class means; `null` for one that no list knows. */
export const controllerCalled = (name: string, of: 'ingress' | 'gateway'): KnownController | null => knownControllers.find((one) => one[of]?.test(name) === true) ?? null;

// Fixed pages, as the programs have them built in.
const phrases: Readonly<Record<number, string>> = { 301: 'Moved Permanently', 302: 'Found', 303: 'See Other', 307: 'Temporary Redirect', 308: 'Permanent Redirect', 400: 'Bad Request', 404: 'Not Found', 421: 'Misdirected Request', 500: 'Internal Server Error', 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Timeout' };
const nginxPhrases: Readonly<Record<number, string>> = { ...phrases, 503: 'Service Temporarily Unavailable', 504: 'Gateway Time-out', 307: 'Temporary Redirect' };
const goBodies: Readonly<Record<number, string>> = { 404: '404 page not found\n', 503: 'no available server\n' };
const envoyBodies: Readonly<Record<number, string>> = { 404: '', 500: '', 503: 'upstream connect error or disconnect/reset before headers. reset reason: connection failure' };

/** nginx' page for a client that speaks plain HTTP on a TLS port (ngx_http_special_response.c, error 497). */
export const plainToTlsBody = (manners: EdgeManners): string => (manners.bodies === 'nginx'
  ? '<html>\r\n<head><title>400 The plain HTTP request was sent to HTTPS port</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n<center>The plain HTTP request was sent to HTTPS port</center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n'
  : 'Client sent an HTTP request to an HTTPS server.\n');

/** What an edge writes when it answers itself; `nobody`: there is no endpoint to ask. */
export function edgeBody(manners: EdgeManners, status: number, nobody = false): string {
  switch (manners.bodies) {
    case 'nginx': return `<html>\r\n<head><title>${status} ${nginxPhrases[status] ?? ''}</title></head>\r\n<body>\r\n<center><h1>${status} ${nginxPhrases[status] ?? ''}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
    case 'envoy': return nobody ? 'no healthy upstream' : envoyBodies[status] ?? '';
    case 'haproxy': return `<html><body><h1>${status} ${phrases[status] ?? ''}</h1>\n${status === 503 ? 'No server is available to handle this request.\n' : status === 404 ? 'The requested URL was not found on this server.\n' : ''}</body></html>\n`;
    case 'go': return goBodies[status] ?? (phrases[status] ?? '');
  }
}

// The healthy cluster of a drill as objects: what its cast deploys, who may talk to whom, and the door to the outside.
import { kubeadmCorefile } from '../../sim/dns/corefile.ts';
import type { KubeObject } from '../../sim/model/object.ts';
import type { Cast } from './cast.ts';

/** An object as a person writes it. */
export type Manifest = KubeObject & Readonly<Record<string, unknown>>;

const meta = (namespace: string, name: string): { readonly name: string; readonly namespace: string } => ({ name, namespace });

interface Running {
  readonly replicas?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly listen: Readonly<Record<string, string>>;
  readonly containers: readonly Readonly<Record<string, unknown>>[];
  readonly pod?: Readonly<Record<string, unknown>>;
}

function template(name: string, { labels, listen, containers, pod }: Running): Readonly<Record<string, unknown>> {
  return { metadata: { labels: { app: name, ...labels }, annotations: listen }, spec: { containers, ...pod } };
}

const deployment = (namespace: string, name: string, running: Running): Manifest => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: meta(namespace, name),
  spec: { replicas: running.replicas ?? 1, selector: { matchLabels: { app: name } }, template: template(name, running) },
});

const service = (namespace: string, name: string, ports: readonly Readonly<Record<string, unknown>>[], app = name, more: Readonly<Record<string, unknown>> = {}): Manifest =>
  ({ apiVersion: 'v1', kind: 'Service', metadata: meta(namespace, name), spec: { ...more, selector: { app }, ports } });

const policy = (namespace: string, name: string, podSelector: unknown, rules: Readonly<Record<string, unknown>>): Manifest => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: meta(namespace, name),
  spec: { podSelector, policyTypes: ['ingress' in rules || !('egress' in rules) ? 'Ingress' : '', 'egress' in rules ? 'Egress' : ''].filter((type) => type !== ''), ...rules },
});

const pods = (app: string): unknown => ({ matchLabels: { app } });
const inNamespace = (name: string): unknown => ({ matchLabels: { 'kubernetes.io/metadata.name': name } });
const port = (number: number | string, protocol = 'TCP'): unknown => ({ protocol, port: number });
const container = (name: string, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({ name, image: `registry.example/${name}:1`, ...more });

/** Where the metrics of the API stand, beside its own port. */
export const metricsPort = 9102;
export const statsPort = 8125;
export const nodePort = 30080;

function application({ app, data, front, api, stats, apiPort, db, dbPort }: Cast): Manifest[] {
  const listenOf = 'k8snet-lab/listen';
  return [
    deployment(app, front, {
      replicas: 2, labels: { 'part-of': app }, listen: { [listenOf]: '8080/TCP' },
      containers: [container(front, { env: [{ name: 'API_URL', value: `http://${api}/` }], ports: [{ name: 'http', containerPort: 8080 }] })],
    }),
    deployment(app, api, {
      replicas: 2, labels: { 'part-of': app }, listen: { [`${listenOf}.${api}`]: `$(BIND):${apiPort}/TCP`, [`${listenOf}.metrics`]: '$(LISTEN)/TCP' },
      containers: [
        container(api, {
          env: [{ name: 'BIND', value: '0.0.0.0' }, { name: 'DB_URL', value: `tcp://${db}.${data}:${dbPort}` }], ports: [{ name: 'http', containerPort: apiPort }],
          readinessProbe: { tcpSocket: { port: 'http' } },
        }),
        container('metrics', { env: [{ name: 'LISTEN', value: `0.0.0.0:${metricsPort}` }], ports: [{ name: 'metrics', containerPort: metricsPort }] }),
      ],
    }),
    deployment(app, stats, {
      listen: { [listenOf]: `${statsPort}/UDP` }, containers: [container(stats, { ports: [{ name: 'statsd', containerPort: statsPort, protocol: 'UDP' }] })],
      pod: { dnsConfig: { options: [{ name: 'ndots', value: '1' }] } },
    }),
    service(app, front, [{ name: 'http', port: 80, targetPort: 'http' }]),
    service(app, api, [{ name: 'http', port: 80, targetPort: 'http' }]),
    service(app, `${api}-metrics`, [{ name: 'metrics', port: metricsPort, targetPort: 'metrics' }], api),
    service(app, stats, [{ name: 'statsd', port: statsPort, protocol: 'UDP', targetPort: 'statsd' }]),
  ];
}

function database({ data, db, dbPort, dbPodPort, dbPortName }: Cast): Manifest[] {
  return [
    {
      apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: meta(data, db),
      spec: {
        replicas: 2, serviceName: `${db}-peers`, selector: { matchLabels: { app: db } },
        template: template(db, { listen: { 'k8snet-lab/listen': `${dbPodPort}/TCP` }, containers: [container(db, { ports: [{ name: dbPortName, containerPort: dbPodPort }] })] }),
      },
    },
    service(data, db, [{ name: dbPortName, port: dbPort, targetPort: dbPortName }]),
    service(data, `${db}-peers`, [{ name: dbPortName, port: dbPort, targetPort: dbPortName }], db, { clusterIP: 'None' }),
  ];
}

function policies({ app, data, watch, front, api, stats, scraper, db, dbPodPort }: Cast): Manifest[] {
  const toDns = { to: [{ namespaceSelector: inNamespace('kube-system'), podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }], ports: [port(53, 'UDP'), port(53, 'TCP')] };
  return [
    policy(app, 'default-deny', {}, { ingress: [] }),
    policy(app, `${front}-ingress`, pods(front), { ingress: [{ ports: [port('http')] }] }),
    policy(app, `${api}-ingress`, pods(api), {
      ingress: [{ from: [{ podSelector: pods(front) }], ports: [port('http')] }, { from: [{ namespaceSelector: inNamespace(watch), podSelector: pods(scraper) }], ports: [port(metricsPort)] }],
    }),
    policy(app, `${stats}-ingress`, pods(stats), { ingress: [{ from: [{ podSelector: {} }], ports: [port(statsPort, 'UDP')] }] }),
    policy(app, `${front}-egress`, pods(front), { egress: [toDns, { to: [{ podSelector: pods(api) }], ports: [port('http')] }, { to: [{ podSelector: pods(stats) }], ports: [port(statsPort, 'UDP')] }] }),
    policy(data, 'default-deny', {}, { ingress: [] }),
    policy(data, `${db}-ingress`, pods(db), { ingress: [{ from: [{ namespaceSelector: inNamespace(app), podSelector: pods(api) }, { podSelector: pods(db) }], ports: [port(dbPodPort)] }] }),
  ];
}

function controller(): Manifest[] {
  const labels = { 'app.kubernetes.io/name': 'ingress-nginx' };
  return [
    { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name: 'nginx' }, spec: { controller: 'k8s.io/ingress-nginx' } },
    {
      apiVersion: 'apps/v1', kind: 'Deployment', metadata: meta('ingress-nginx', 'controller'),
      spec: {
        replicas: 1, selector: { matchLabels: labels },
        template: {
          metadata: { labels, annotations: { 'k8snet-lab/listen': '80/TCP, 443/TCP' } },
          spec: { containers: [{ name: 'controller', image: 'registry.k8s.io/ingress-nginx/controller:v1.15.1', args: ['/nginx-ingress-controller', '--controller-class=k8s.io/ingress-nginx'], ports: [{ name: 'http', containerPort: 80 }, { name: 'https', containerPort: 443 }] }] },
        },
      },
    },
    {
      apiVersion: 'v1', kind: 'Service', metadata: meta('ingress-nginx', 'controller'),
      spec: { type: 'LoadBalancer', selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http' }, { name: 'https', port: 443, targetPort: 'https' }] },
    },
  ];
}

function door({ app, front, host, door: kind }: Cast): Manifest[] {
  const name = `${front}-door`;
  if (kind === 'node-port') return [service(app, name, [{ name: 'http', port: 80, targetPort: 'http', nodePort }], front, { type: 'NodePort' })];
  if (kind === 'load-balancer') return [service(app, name, [{ name: 'http', port: 80, targetPort: 'http' }], front, { type: 'LoadBalancer' })];
  const secret: Manifest = { apiVersion: 'v1', kind: 'Secret', metadata: { ...meta(app, `${front}-tls`), annotations: { 'k8snet-lab/certificate': host } }, type: 'kubernetes.io/tls', data: { 'tls.crt': '', 'tls.key': '' } };
  const secure = kind === 'ingress-tls';
  return [
    ...controller(), ...(secure ? [secret] : []),
    {
      apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: meta(app, name),
      spec: {
        ingressClassName: 'nginx', ...(secure ? { tls: [{ hosts: [host], secretName: `${front}-tls` }] } : {}),
        rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: front, port: { number: 80 } } } }] } }],
      },
    },
  ];
}

/** CoreDNS as kubeadm installs it: declared, so that it can be broken like everything else. */
function dnsServer(): Manifest[] {
  const labels = { 'k8s-app': 'kube-dns' };
  const both = (name: string, containerPort: number): unknown[] => [{ name, containerPort, protocol: 'UDP' }, { name: `${name}-tcp`, containerPort, protocol: 'TCP' }];
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: meta('kube-system', 'coredns'), data: { Corefile: kubeadmCorefile('cluster.local') } },
    {
      apiVersion: 'apps/v1', kind: 'Deployment', metadata: { ...meta('kube-system', 'coredns'), labels },
      spec: {
        replicas: 2, selector: { matchLabels: labels },
        template: {
          metadata: { labels, annotations: { 'k8snet-lab/listen': '53/UDP, 53/TCP, 8080/TCP, 8181/TCP' } },
          spec: {
            dnsPolicy: 'Default', tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }],
            containers: [{
              name: 'coredns', image: 'registry.k8s.io/coredns/coredns:v1.12.1', args: ['-conf', '/etc/coredns/Corefile'], ports: both('dns', 53),
              livenessProbe: { httpGet: { path: '/health', port: 8080 } }, readinessProbe: { httpGet: { path: '/ready', port: 8181 } },
            }],
          },
        },
      },
    },
    {
      apiVersion: 'v1', kind: 'Service', metadata: { ...meta('kube-system', 'kube-dns'), labels },
      spec: { clusterIP: '10.96.0.10', selector: labels, ports: [{ name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 }, { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 }] },
    },
  ];
}

/** What the cloud's firewall lets through to the nodes: doors and the API, pings, and the tunnels of every mode. */
const betweenNodes = [{ protocol: 'TCP' }, { protocol: 'ICMP' }, { peer: 'nodes', protocol: 'UDP', ports: '4789-8472' }, { peer: 'nodes', protocol: 'IPIP' }];

/** Where the rule for the tunnels of a mode stands among them. */
export const tunnelRule = (mode: string): number => (mode === 'ipip' ? 3 : 2);

/** Everything that is declared, in a fixed order. */
export function healthy(cast: Cast): readonly Manifest[] {
  const { app, data, watch, scraper, batch, plugin, mode, proxy } = cast;
  const idle = (namespace: string, name: string): Manifest => deployment(namespace, name, { listen: { 'k8snet-lab/listen': '' }, containers: [container(name)] });
  return [
    { apiVersion: 'k8snet-lab/v1', kind: 'Cluster', metadata: { name: 'lab' }, spec: { cni: { plugin, mode }, kubeProxy: { mode: proxy }, underlay: { loadBalancers: {}, fragmentationNeeded: 'lost', securityGroups: [{ name: 'nodes', ingress: betweenNodes }] } } },
    ...[app, data, watch].map((name): Manifest => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    ...application(cast), ...database(cast), ...policies(cast), ...door(cast), ...dnsServer(),
    idle(watch, scraper), idle(watch, batch),
    { apiVersion: 'v1', kind: 'Pod', metadata: { ...meta('default', 'stranger'), annotations: { 'k8snet-lab/listen': '' } }, spec: { containers: [container('tools')] } },
  ];
}

// The way in, as its controllers make it: pods and a Service for each Gateway, statuses; and controllers that nobody declared but a class speaks of.
import { hash32 } from '../base/choose.ts';
import { sortedBy } from '../base/order.ts';
import { withDefaults } from '../cluster/defaults.ts';
import { keyOf } from '../cluster/store.ts';
import { compileEdge } from '../edge/compile-edge.ts';
import { edgeContext, namespaceOf, type EdgeContext } from '../edge/edge-context.ts';
import { edgeStatuses } from '../edge/edge-statuses.ts';
import { isRoute } from '../edge/gateway-route.ts';
import { gatewayNameLabel, servesAnnotation, servicesOf } from '../edge/edge-workloads.ts';
import { classServed, gatewayStates, madeFor } from '../edge/gateway.ts';
import { controllerCalled } from '../edge/manners.ts';
import type { Gateway, GatewayClass } from '../model/edge-objects.ts';
import type { KubeObject, Namespace, ObjectRef, Service, ServicePort } from '../model/object.ts';
import { listed, look, remove, write, type Draft } from './draft.ts';

const isImplied = (draft: Draft, ref: ObjectRef): boolean => draft.objects.get(keyOf(ref))?.implied === true;

interface Carrier {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly serves: readonly string[];
  readonly image: string;
  readonly ports: readonly ServicePort[];
  /** It has a load balancer whether or not somebody makes them: nothing is known of it. */
  readonly addressed: boolean;
}

/** A Deployment and its Service, made where they are not there; a Service follows its ports. */
function carry(draft: Draft, carrier: Carrier): void {
  const { namespace, name, labels, ports } = carrier;
  if (look(draft, 'Namespace', '', namespace) === undefined) {
    write(draft, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { 'kubernetes.io/metadata.name': namespace } }, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } } as Namespace, true);
  }
  if (look(draft, 'Deployment', namespace, name) === undefined) {
    write(draft, withDefaults({
      apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace, labels },
      spec: {
        replicas: 1, selector: { matchLabels: labels },
        template: { metadata: { labels, annotations: { [servesAnnotation]: carrier.serves.join(', ') } }, spec: { containers: [{ name: 'proxy', image: carrier.image, ports: ports.map((port) => ({ name: port.name, containerPort: port.port, protocol: 'TCP' })) }] } },
      },
    } as KubeObject), true);
  }
  const there = look(draft, 'Service', namespace, name)?.object;
  const wanted = ports.map((port): ServicePort => there?.spec.ports?.find((one) => one.port === port.port) ?? port);
  if (there === undefined) {
    const status = carrier.addressed ? { status: { loadBalancer: { ingress: [{ ip: `198.51.100.${1 + (hash32(`${draft.settings.seed}\u0000edge/${namespace}/${name}`) % 250)}`, ipMode: 'VIP' as const }] } } } : {};
    const made: Service = { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace, labels }, spec: { type: 'LoadBalancer', selector: labels, ports: wanted }, ...status };
    write(draft, withDefaults(made), true);
  } else if (isImplied(draft, { kind: 'Service', namespace, name }) && (wanted.length !== there.spec.ports?.length || wanted.some((port, index) => there.spec.ports?.[index]?.port !== port.port))) {
    write(draft, { ...there, spec: { ...there.spec, ports: wanted } } as Service, true);
  }
}

const port = (name: string, number: number): ServicePort => ({ name, port: number, targetPort: number, protocol: 'TCP' });

const images: Readonly<Record<string, string>> = {
  'ingress-nginx': 'registry.k8s.io/ingress-nginx/controller:v1.12.1', traefik: 'docker.io/library/traefik:v3.3', haproxy: 'docker.io/haproxytech/kubernetes-ingress:3.1', istio: 'docker.io/istio/proxyv2:1.26.0', 'envoy-gateway': 'docker.io/envoyproxy/envoy:distroless-v1.34.0',
  contour: 'docker.io/envoyproxy/envoy:v1.34.0', cilium: 'quay.io/cilium/cilium-envoy:v1.34.1', 'nginx-gateway-fabric': 'ghcr.io/nginx/nginx-gateway-fabric/nginx:2.0.1', kong: 'docker.io/library/kong:3.9', 'nginx-ingress': 'docker.io/nginx/nginx-ingress:5.0.0',
};

/** A class is installed with its controller: where no manifest has any controller, those of the classes are taken to run. */
function assume(draft: Draft, context: EdgeContext): void {
  const groups = new Map<string, string[]>();
  for (const { metadata, spec } of context.ingressClasses) {
    const known = controllerCalled(spec?.controller ?? '', 'ingress');
    const key = known?.name ?? metadata.name;
    groups.set(key, [...(groups.get(key) ?? []), `ingress-class/${metadata.name}`]);
  }
  for (const [name, serves] of sortedBy(groups, ([key]) => key)) {
    carry(draft, { namespace: name, name: `${name}-controller`, labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': 'controller' }, serves, image: images[name] ?? `example.com/${name}`, ports: [port('http', 80), port('https', 443)], addressed: true });
  }
}

/** Pods for one Gateway and its ListenerSets, labelled as their controller labels them (GEP-1762). */
function podsForGateway(draft: Draft, context: EdgeContext, gateway: Gateway, cls: GatewayClass, addressed: boolean): void {
  const namespace = namespaceOf(gateway);
  const { name } = gateway.metadata;
  const className = cls.metadata.name;
  const known = controllerCalled(cls.spec?.controllerName ?? '', 'gateway');
  const state = gatewayStates(context).find((one) => one.gateway === gateway);
  const numbers = new Map((state?.listeners ?? []).filter(({ listener }) => listener.protocol !== 'UDP').map(({ listener }) => [listener.port, listener.name]));
  const own = known?.name === 'envoy-gateway' ? { 'gateway.envoyproxy.io/owning-gateway-name': name, 'gateway.envoyproxy.io/owning-gateway-namespace': namespace, 'app.kubernetes.io/name': 'envoy' }
    : known?.labels[0] === undefined ? {} : { 'app.kubernetes.io/name': known.labels[0] };
  carry(draft, {
    namespace, name: `${name}-${className}`, labels: { [gatewayNameLabel]: name, ...own }, serves: [`gateway-class/${className}`],
    image: images[known?.name ?? ''] ?? 'example.com/gateway', ports: [...numbers].map(([number, listener]) => port(listener, number)), addressed,
  });
}

/** What controllers of the way in make, before Services get their addresses. */
export function makeEdges(draft: Draft): void {
  const some = (kind: string): boolean => listed(draft, kind).length > 0;
  for (const { object, implied } of listed(draft, 'Deployment')) {
    const name = object.spec.template.metadata?.labels?.[gatewayNameLabel];
    if (!implied || name === undefined || look(draft, 'Gateway', object.metadata.namespace ?? '', name) !== undefined) continue;
    for (const kind of ['Deployment', 'Service']) remove(draft, { kind, namespace: object.metadata.namespace ?? '', name: object.metadata.name });
  }
  if (!some('IngressClass') && !some('GatewayClass')) return;
  const context = edgeContext(draft);
  const declared = context.workloads.filter(({ ref }) => !isImplied(draft, ref));
  if (declared.length === 0) assume(draft, context);
  for (const gateway of context.gateways) {
    const cls = context.gatewayClasses.find(({ metadata }) => metadata.name === gateway.spec?.gatewayClassName);
    if (cls === undefined || context.workloads.some((workload) => madeFor(workload, gateway) && !isImplied(draft, workload.ref))) continue;
    const known = controllerCalled(cls.spec?.controllerName ?? '', 'gateway');
    const each = declared.some((workload) => workload.controller?.podsPerGateway === true && workload.controller === known && !workload.serves.includes(`gateway-class/${cls.metadata.name}`));
    if (declared.length === 0 || (each && classServed(context, cls))) podsForGateway(draft, context, gateway, cls, declared.length === 0);
  }
}

/** Where a workload is reached from outside, as its controller writes it. */
function addressesOf(draft: Draft, context: EdgeContext, ref: ObjectRef): readonly { readonly ip?: string; readonly hostname?: string }[] {
  const workload = context.workloads.find((one) => keyOf(one.ref) === keyOf(ref));
  const services = workload === undefined ? [] : servicesOf(workload, context.services);
  const balancers = services.flatMap(({ status }) => (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => (ip === undefined ? { hostname: hostname ?? '' } : { ip })));
  if (balancers.length > 0 || workload === undefined) return balancers;
  if (services.some(({ spec }) => spec.type === 'LoadBalancer')) return [];
  if (!workload.hostNetwork) return services.filter(({ spec }) => spec.type === 'NodePort').slice(0, 1).flatMap(({ spec }) => (spec.clusterIP === undefined ? [] : [{ ip: spec.clusterIP }]));
  const places = new Set(listed(draft, 'Pod').filter(({ object }) => object.spec.hostNetwork === true && (object.metadata.namespace ?? '') === ref.namespace && Object.entries(workload.labels).every(([key, value]) => object.metadata.labels?.[key] === value)).map(({ object }) => object.spec.nodeName));
  return listed(draft, 'Node').filter(({ object }) => places.has(object.metadata.name)).flatMap(({ object }) => (object.status?.addresses ?? []).filter(({ type }) => type === 'InternalIP').slice(0, 1).map(({ address }) => ({ ip: address })));
}

const statusOf = (object: KubeObject): unknown => ('status' in object ? object.status : undefined);

/** What they write into the objects that they read. A status that came with the manifests stands until somebody serves its object. */
export function reportEdges(draft: Draft): void {
  if (['Ingress', 'GatewayClass', 'Gateway', 'HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'].every((kind) => listed(draft, kind).length === 0)) return;
  const compiled = compileEdge(draft);
  // Where nobody declared a controller, that of each class is taken to run, whether or not a Gateway asks for it yet.
  const assumed = compiled.context.workloads.every(({ ref }) => isImplied(draft, ref));
  for (const { object, status, served } of edgeStatuses(compiled, (ref) => addressesOf(draft, compiled.context, ref), assumed)) {
    // Nobody writes into a route that no Gateway has; a class and a Gateway are born with a status.
    if (!served && (statusOf(object) !== undefined || isRoute(object.kind) || object.kind === 'BackendTLSPolicy')) continue;
    write(draft, { ...object, status } as KubeObject);
  }
}

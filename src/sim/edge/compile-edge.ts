// Both APIs into common data: every edge of the cluster with its listeners and routes, the statuses that controllers write, and what is wrong with it.
import type { EdgeCertificate, EdgeFacts, EdgeListener, EdgeManners, EdgePort, EdgeProxy, EdgeRoute, MissedRoute } from '../model/edge.ts';
import { refOf, refText } from '../model/object.ts';
import type { Problem } from '../model/problem.ts';
import { edgeContext, type EdgeContext, type EdgeInput } from './edge-context.ts';
import { keyOf } from '../cluster/store.ts';
import { frontPorts, gatewayNameLabel, ingressPorts, servesAnnotation, servicesOf, type EdgeWorkload } from './edge-workloads.ts';
import { carriersOf, gatewayStates, stands, type GatewayState } from './gateway.ts';
import { hostRank, usualHost } from './host-names.ts';
import { attachmentsOf, type Attachment } from './attach.ts';
import { frontsOf, settingsOf } from './edge-front.ts';
import { gatewayRoutes } from './gateway-route.ts';
import { inPrecedence, rulesOf } from './http-route.ts';
import { classOf, defaultClass, ingressHosts, ingressListeners, serves, unservedBecause } from './ingress.ts';
import { plainManners } from './manners.ts';

export interface CompiledEdge {
  readonly facts: EdgeFacts;
  readonly problems: readonly Problem[];
  /** What controllers judged, for statuses ({@link edgeStatuses}). */
  readonly context: EdgeContext;
  readonly gateways: readonly GatewayState[];
  readonly attachments: readonly Attachment[];
}

function certificatesFor(state: GatewayState['listeners'][number]): readonly { readonly host: string; readonly certificate: EdgeCertificate }[] {
  const named = state.certificates.flatMap((certificate) => certificate.names.map((host) => ({ host, certificate })));
  const first = state.certificates[0];
  return [...named.sort((left, right) => hostRank(right.host) - hostRank(left.host)), ...(first === undefined ? [] : [{ host: '', certificate: first }])];
}

function gatewayListeners(context: EdgeContext, state: GatewayState, attachments: readonly Attachment[]): { readonly listeners: readonly EdgeListener[]; readonly missed: readonly MissedRoute[]; readonly hosts: readonly string[] } {
  const own = attachments.filter((attachment) => attachment.state === state);
  const listeners = state.listeners.flatMap((one, index): readonly EdgeListener[] => {
    if (!stands(one) || one.listener.protocol === 'UDP') return [];
    const routes = own.flatMap((attachment) => attachment.listeners.filter((found) => found.index === index).flatMap(({ hosts }): readonly EdgeRoute[] => rulesOf(context, attachment.route, hosts).routes));
    const { protocol } = one.listener;
    const tls = protocol === 'HTTP' || protocol === 'TCP' ? null : one.listener.tls?.mode === 'Passthrough' ? 'passthrough' : 'terminate';
    return [{ name: one.listener.name, object: refOf(one.owner), field: one.field, port: one.listener.port, host: usualHost(one.listener.hostname ?? ''), tls, certificates: certificatesFor(one), routes: inPrecedence(routes), ...(protocol === 'TCP' || protocol === 'TLS' ? { stream: true } : {}) }];
  });
  const missed = attachments.flatMap((attachment): readonly MissedRoute[] => {
    if (attachment.kept === null || (attachment.state !== state && attachment.state !== null)) return [];
    const { object: of, field, why } = attachment.kept;
    const hosts = attachment.route.hostnames.length === 0 ? [''] : attachment.route.hostnames;
    return rulesOf(context, attachment.route, hosts.map((host) => ({ host, written: host }))).routes.map((route) => ({ route, object: of, field, why, unserved: false }));
  });
  return { listeners, missed, hosts: [...new Set([...listeners.flatMap((listener) => [listener.host, ...listener.routes.map(({ host }) => host)]), ...missed.map(({ route }) => route.host)])].filter((host) => host !== '') };
}

/** A port of the pods for each listener: by the Services that lead there, or the same number. */
function gatewayPorts(fronts: ReturnType<typeof frontPorts>, listeners: readonly EdgeListener[]): readonly EdgePort[] {
  const ports = [...new Set(listeners.map(({ port }) => port))];
  return ports.flatMap((port): readonly EdgePort[] => {
    const found = fronts.filter(({ front, pod }) => front === port && pod !== front);
    const secure = listeners.some((listener) => listener.port === port && listener.tls !== null);
    return [...(found.length === 0 ? [{ pod: port }] : found)].map(({ pod }) => ({ pod, listener: port, secure }));
  });
}

function proxyOf(context: EdgeContext, workload: EdgeWorkload, states: readonly GatewayState[], attachments: readonly Attachment[]): EdgeProxy | null {
  const services = servicesOf(workload, context.services);
  const known = workload.controller?.manners ?? plainManners;
  const gateways = states.filter((state) => state.unserved === null && carriersOf(context, state.gateway).includes(workload));
  const takesIngresses = workload.serves.some((one) => one.startsWith('ingress-class/')) || (workload.controller !== null && workload.controller.ingress !== null && workload.labels[gatewayNameLabel] === undefined && !(workload.controller.podsPerGateway && gateways.length > 0));
  if (!takesIngresses && gateways.length === 0) return null;
  // A wildcard of the Gateway API stands for one or more labels.
  const manners: EdgeManners = takesIngresses ? known : { ...known, oneLabel: false, misdirected: 421 };
  const ingress = takesIngresses ? ingressListeners(context, workload, manners) : { listeners: [], missed: [], hosts: [] };
  const parts = gateways.map((state) => gatewayListeners(context, state, attachments));
  const listeners = [...ingress.listeners, ...parts.flatMap((part) => part.listeners)];
  const first = gateways[0];
  const name = takesIngresses || first === undefined ? (workload.controller?.name ?? refText(workload.ref)) : refText(refOf(first.gateway));
  return {
    rules: { name, manners, listeners, missed: [...ingress.missed, ...parts.flatMap((part) => part.missed)], own: { object: first === undefined ? workload.ref : refOf(first.gateway), field: first === undefined ? null : 'spec.listeners' } },
    workload: workload.ref, services: services.map(refOf), fronts: frontsOf(services), settings: settingsOf(context, workload),
    ports: [...gatewayPorts(frontPorts(workload, services), parts.flatMap((part) => part.listeners)), ...(takesIngresses ? ingressPorts(workload, services) : [])],
    hosts: [...new Set([...ingress.hosts, ...parts.flatMap((part) => part.hosts)])],
  };
}

/** Never fails: what is wrong is said in `problems`, and answered as the controller would. */
export function compileEdge(input: EdgeInput): CompiledEdge {
  const context = edgeContext(input);
  const gateways = gatewayStates(context);
  const attachments = attachmentsOf(context, gatewayRoutes(context.httpRoutes, context.grpcRoutes, context.streamRoutes), gateways);
  const proxies = context.workloads.filter(({ carries }) => carries).flatMap((workload) => proxyOf(context, workload, gateways, attachments) ?? []);
  defaultClass(context);
  for (const cls of [...context.ingressClasses, ...context.gatewayClasses]) {
    const by = context.workloads.find(({ ref, serves: named }) => input.objects.get(keyOf(ref))?.implied === true && named.includes(`${cls.kind === 'IngressClass' ? 'ingress' : 'gateway'}-class/${cls.metadata.name}`));
    if (by !== undefined) context.warn(cls, 'controller-assumed', null, `No manifest has the controller of ${refText(refOf(cls))}: it is taken to run, as ${refText(by.ref)} behind a load balancer.`, `A workload with the annotation ${servesAnnotation} takes its place.`);
  }
  const unserved: EdgeFacts['unserved'][number][] = [];
  for (const ingress of context.ingresses) {
    const found = classOf(context, ingress);
    if (context.workloads.some((workload) => workload.carries && serves(workload, found))) continue;
    const because = unservedBecause(ingress, found);
    context.warn(ingress, 'class-unserved', found.field, because.why);
    for (const host of ingressHosts(ingress)) unserved.push({ host, ...because });
  }
  for (const state of gateways) {
    const because = state.unserved ?? (carriersOf(context, state.gateway).length > 0 ? null : { object: refOf(state.gateway), field: 'spec.gatewayClassName', why: `No pods carry the requests of ${refText(refOf(state.gateway))}.` });
    if (because === null) continue;
    const hosts = [...state.listeners.map(({ listener }) => usualHost(listener.hostname ?? '')), ...attachments.filter((one) => one.state === state).flatMap(({ route }) => route.hostnames.map(usualHost))];
    for (const host of new Set(hosts)) if (host !== '') unserved.push({ host, ...because });
  }
  for (const { route, kept, state } of attachments) if (state === null && kept !== null) for (const host of route.hostnames) unserved.push({ host: usualHost(host), object: kept.object, field: kept.field, why: kept.why });
  const problems = context.problems();
  return { facts: { proxies, unserved, problems }, problems, context, gateways, attachments };
}

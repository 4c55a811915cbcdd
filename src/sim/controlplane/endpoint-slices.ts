// The endpoint slice controller: for each Service with a selector, slices of the pods that it matches, and the Endpoints object of the same content.
import { hash32, suffix } from '../base/choose.ts';
import { byText, sortedEntries } from '../base/order.ts';
import type { Endpoints, EndpointSlice, Family, Pod, Protocol, Service, ServicePort, SliceEndpoint } from '../model/object.ts';
import { refOf } from '../model/object.ts';
import { controllerOf, isReady, listed, look, remove, write, type Draft } from './draft.ts';
import { canonical } from './pod-template.ts';
import { portNumber, runningContainers } from './processes.ts';
import { isHeadless } from './services.ts';

export const serviceLabel = 'kubernetes.io/service-name';
const managerLabel = 'endpointslice.kubernetes.io/managed-by';
const manager = 'endpointslice-controller.k8s.io';
const perSlice = 100;

interface Group {
  readonly family: Family;
  readonly ports: NonNullable<EndpointSlice['ports']>;
  readonly endpoints: SliceEndpoint[];
}

const slicePort = (port: ServicePort, number: number): { readonly name: string; readonly port: number; readonly protocol: Protocol; readonly appProtocol?: string } => ({
  name: port.name ?? '', port: number, protocol: port.protocol ?? 'TCP', ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
});

// Simplified: the annotation service.kubernetes.io/topology-mode writes no hints; its heuristic counts the CPUs of each zone.
/** For whom an endpoint is, by `trafficDistribution` (k8s.io/endpointslice/trafficdist): PreferClose is the old name of PreferSameZone; PreferSameNode falls back to the zone. */
function hintsOf(service: Service, node: string | undefined, zone: string | undefined): SliceEndpoint['hints'] {
  const wanted = service.spec.trafficDistribution;
  if (wanted !== 'PreferClose' && wanted !== 'PreferSameZone' && wanted !== 'PreferSameNode') return undefined;
  const hints = { ...(zone === undefined ? {} : { forZones: [{ name: zone }] }), ...(wanted === 'PreferSameNode' && node !== undefined ? { forNodes: [{ name: node }] } : {}) };
  return Object.keys(hints).length === 0 ? undefined : hints;
}

function endpointOf(draft: Draft, service: Service, pod: Pod, ip: string): SliceEndpoint {
  const serving = isReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const zone = pod.spec.nodeName === undefined ? undefined : look(draft, 'Node', '', pod.spec.nodeName)?.object.metadata.labels?.['topology.kubernetes.io/zone'];
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating);
  const hints = ready ? hintsOf(service, pod.spec.nodeName, zone) : undefined;
  return {
    addresses: [ip],
    conditions: { ready, serving, terminating },
    ...(pod.spec.hostname !== undefined && pod.spec.subdomain === service.metadata.name ? { hostname: pod.spec.hostname } : {}),
    ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
    targetRef: { kind: 'Pod', namespace: pod.metadata.namespace ?? '', name: pod.metadata.name, ...(pod.metadata.uid === undefined ? {} : { uid: pod.metadata.uid }) },
    ...(zone === undefined ? {} : { zone }),
    ...(hints === undefined ? {} : { hints }),
  };
}

/** One group for each family and set of target ports: named ports may differ from pod to pod (services.md 1.5). */
function groupsOf(draft: Draft, service: Service, pods: readonly Pod[]): Group[] {
  const families: readonly Family[] = service.spec.ipFamilies ?? ['IPv4'];
  const groups = new Map<string, Group>();
  for (const family of families) {
    for (const pod of pods) {
      const ip = (pod.status?.podIPs ?? (pod.status?.podIP === undefined ? [] : [{ ip: pod.status.podIP }])).find((address) => address.ip.includes(':') === (family === 'IPv6'))?.ip;
      if (ip === undefined || ip === '') continue;
      const containers = runningContainers(pod.spec);
      const ports = (service.spec.ports ?? []).flatMap((port) => {
        const target = port.targetPort ?? port.port;
        const number = typeof target === 'string' && /^\d+$/.test(target) ? undefined : portNumber(target, [...(pod.spec.containers ?? []), ...containers], port.protocol ?? 'TCP');
        return number === undefined ? [] : [slicePort(port, number)];
      });
      const key = `${family}/${canonical(ports)}`;
      const group = groups.get(key) ?? { family, ports, endpoints: [] };
      groups.set(key, group);
      group.endpoints.push(endpointOf(draft, service, pod, ip));
    }
  }
  // The controller leaves one empty slice for a Service that nothing matches, so that the Service is known to have none.
  if (groups.size === 0) return [{ family: families[0] ?? 'IPv4', ports: [], endpoints: [] }];
  return sortedEntries(Object.fromEntries(groups)).map(([, group]) => group);
}

function slicesOf(draft: Draft, service: Service, pods: readonly Pod[]): EndpointSlice[] {
  const namespace = service.metadata.namespace ?? '';
  const labels = { [managerLabel]: manager, [serviceLabel]: service.metadata.name, ...(isHeadless(service) ? { 'service.kubernetes.io/headless': '' } : {}) };
  const slices: EndpointSlice[] = [];
  for (const group of groupsOf(draft, service, pods)) {
    for (let start = 0; start === 0 || start < group.endpoints.length; start += perSlice) {
      const name = `${service.metadata.name}-${suffix(draft.settings.seed, `EndpointSlice/${namespace}/${service.metadata.name}/${slices.length}`, 5)}`;
      slices.push({
        apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice',
        metadata: { name, generateName: `${service.metadata.name}-`, namespace, labels: { ...service.metadata.labels, ...labels }, ownerReferences: [controllerOf(draft, service)] },
        addressType: group.family, endpoints: group.endpoints.slice(start, start + perSlice), ports: group.ports,
      });
    }
  }
  return slices;
}

function endpointsOf(service: Service, slices: readonly EndpointSlice[]): Endpoints {
  const main = slices.filter((slice) => slice.addressType === (service.spec.ipFamilies?.[0] ?? 'IPv4') && (slice.endpoints ?? []).length > 0);
  const address = (endpoint: SliceEndpoint): object => ({ ip: endpoint.addresses[0] ?? '', ...(endpoint.hostname === undefined ? {} : { hostname: endpoint.hostname }), ...(endpoint.nodeName === undefined ? {} : { nodeName: endpoint.nodeName }), ...(endpoint.targetRef === undefined ? {} : { targetRef: endpoint.targetRef }) });
  const subsets = main.map((slice) => {
    const ready = (slice.endpoints ?? []).filter((endpoint) => endpoint.conditions?.ready !== false).map(address);
    const rest = (slice.endpoints ?? []).filter((endpoint) => endpoint.conditions?.ready === false).map(address);
    return { ...(ready.length > 0 ? { addresses: ready } : {}), ...(rest.length > 0 ? { notReadyAddresses: rest } : {}), ...((slice.ports ?? []).length > 0 ? { ports: slice.ports } : {}) };
  });
  return {
    apiVersion: 'v1', kind: 'Endpoints',
    metadata: { name: service.metadata.name, namespace: service.metadata.namespace ?? '', labels: { ...service.metadata.labels, 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' } },
    ...(subsets.length > 0 ? { subsets } : {}),
  } as Endpoints;
}

/** Pods by `NAMESPACE/KEY=VALUE`, so that a selector meets only pods that have its rarest label. */
export function podsByLabel(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const index = new Map<string, Pod[]>();
  const add = (key: string, pod: Pod): void => { const found = index.get(key); if (found === undefined) index.set(key, [pod]); else found.push(pod); };
  for (const pod of pods) {
    add(pod.metadata.namespace ?? '', pod);
    for (const [key, value] of Object.entries(pod.metadata.labels ?? {})) add(`${pod.metadata.namespace ?? ''}/${key}=${value}`, pod);
  }
  return index;
}

/** The pods of the Service's namespace that its selector matches; an empty selector matches all. */
export function selectedPods(service: Service, index: ReadonlyMap<string, readonly Pod[]>): readonly Pod[] {
  const selector = Object.entries(service.spec.selector ?? {});
  const namespace = service.metadata.namespace ?? '';
  let fewest: readonly Pod[] = index.get(namespace) ?? [];
  for (const [key, value] of selector) {
    const having = index.get(`${namespace}/${key}=${value}`) ?? [];
    if (having.length < fewest.length) fewest = having;
  }
  return fewest.filter((pod) => selector.every(([key, value]) => pod.metadata.labels?.[key] === value));
}

export function syncEndpointSlices(draft: Draft): void {
  const index = podsByLabel(listed(draft, 'Pod').map(({ object }) => object));
  const byService = new Map<string, EndpointSlice[]>();
  for (const { object: slice } of listed(draft, 'EndpointSlice')) {
    const key = `${slice.metadata.namespace ?? ''}/${slice.metadata.labels?.[serviceLabel] ?? ''}`;
    const found = byService.get(key);
    if (found === undefined) byService.set(key, [slice]);
    else found.push(slice);
  }
  for (const { object: service } of listed(draft, 'Service')) {
    if (service.spec.selector === undefined || service.spec.type === 'ExternalName') continue;
    const namespace = service.metadata.namespace ?? '';
    const key = `${namespace}/${service.metadata.name}`;
    const pods = selectedPods(service, index).filter((pod) => pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed' && (pod.status?.podIP ?? '') !== '');
    const wanted = slicesOf(draft, service, pods);
    const managed = (byService.get(key) ?? []).filter((slice) => slice.metadata.labels?.[managerLabel] === manager);
    // A dump's own slices stand as they are until something changes that the controller would answer.
    const print = (): number => hash32(canonical(wanted.map(({ endpoints, ports }) => ({ endpoints, ports }))));
    const counter = `slices/${key}`;
    if (draft.first && draft.counters[counter] === undefined && managed.some((slice) => draft.objects.get(`EndpointSlice/${namespace}/${slice.metadata.name}`)?.origin !== null)) draft.counters[counter] = -1;
    if (draft.counters[counter] !== undefined) {
      if (draft.first) { draft.counters[counter] = print(); continue; }
      if (draft.counters[counter] === print()) continue;
      delete draft.counters[counter];
    }
    const names = new Set(wanted.map(({ metadata }) => metadata.name));
    for (const slice of managed) if (!names.has(slice.metadata.name)) remove(draft, refOf(slice));
    const implied = draft.objects.get(`Service/${key}`)?.implied ?? false;
    for (const slice of wanted) write(draft, slice, implied);
    const endpoints = look(draft, 'Endpoints', namespace, service.metadata.name);
    if (endpoints === undefined || endpoints.origin === null || !draft.first) write(draft, endpointsOf(service, wanted), implied);
  }
  // Endpoints and slices of Services that are gone, or that lost their selector, are left to garbage collection and to people.
  for (const { object } of listed(draft, 'Endpoints')) {
    if (object.metadata.labels?.['endpoints.kubernetes.io/managed-by'] === 'endpoint-controller' && look(draft, 'Service', object.metadata.namespace ?? '', object.metadata.name) === undefined) remove(draft, refOf(object));
  }
  mirrorEndpoints(draft, byService);
}

/** Hand-written Endpoints of a Service without a selector are mirrored into a slice (the endpointslicemirroring controller). */
function mirrorEndpoints(draft: Draft, byService: ReadonlyMap<string, readonly EndpointSlice[]>): void {
  const mirrorer = 'endpointslicemirroring-controller.k8s.io';
  for (const { object } of listed(draft, 'Endpoints')) {
    const namespace = object.metadata.namespace ?? '';
    const service = look(draft, 'Service', namespace, object.metadata.name)?.object;
    if (service === undefined || service.spec.selector !== undefined || object.metadata.labels?.['endpointslice.kubernetes.io/skip-mirror'] === 'true') continue;
    const slices = byService.get(`${namespace}/${object.metadata.name}`) ?? [];
    if (draft.first && slices.some((slice) => slice.metadata.labels?.[managerLabel] === mirrorer)) continue;
    const wanted = (object.subsets ?? []).map((subset, index): EndpointSlice => ({
      apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice',
      metadata: { name: `${object.metadata.name}-${suffix(draft.settings.seed, `Mirror/${namespace}/${object.metadata.name}/${index}`, 5)}`, namespace, labels: { [managerLabel]: mirrorer, [serviceLabel]: object.metadata.name }, ownerReferences: [controllerOf(draft, object)] },
      addressType: (subset.addresses ?? subset.notReadyAddresses ?? [])[0]?.ip.includes(':') === true ? 'IPv6' : 'IPv4',
      endpoints: [...(subset.addresses ?? []).map((address) => ({ address, ready: true })), ...(subset.notReadyAddresses ?? []).map((address) => ({ address, ready: false }))].sort((left, right) => byText(left.address.ip, right.address.ip))
        .map(({ address, ready }) => ({ addresses: [address.ip], conditions: { ready }, ...(address.hostname === undefined ? {} : { hostname: address.hostname }), ...(address.nodeName === undefined ? {} : { nodeName: address.nodeName }), ...(address.targetRef === undefined ? {} : { targetRef: address.targetRef }) })),
      ports: (subset.ports ?? []).map((port) => ({ name: port.name ?? '', port: port.port, protocol: port.protocol ?? 'TCP' })),
    }));
    const names = new Set(wanted.map(({ metadata }) => metadata.name));
    for (const slice of slices) if (slice.metadata.labels?.[managerLabel] === mirrorer && !names.has(slice.metadata.name)) remove(draft, refOf(slice));
    for (const slice of wanted) write(draft, slice);
  }
}

// The endpoint slice controller: for each Service with a selector, slices of the pods that it matches, and the Endpoints object of the same content.
import { hash32, suffix } from '../base/choose.ts';
import { byText, sortedEntries } from '../base/order.ts';
import type { EndpointAddress, Endpoints, EndpointSlice, Family, Pod, Protocol, Service, ServicePort, SliceEndpoint } from '../model/object.ts';
import { refOf } from '../model/object.ts';
import { controllerOf, isReady, listed, look, remove, write, type Draft } from './draft.ts';
import { canonical } from './pod-template.ts';
import { portNumber, runningContainers } from './processes.ts';
import { isHeadless } from './services.ts';
import { autoHints, zoneShares } from './topology-hints.ts';

export const serviceLabel = 'kubernetes.io/service-name';
const managerLabel = 'endpointslice.kubernetes.io/managed-by';
const manager = 'endpointslice-controller.k8s.io';
const headlessLabel = 'service.kubernetes.io/headless';
/** Labels of a slice that never come from its Service. */
const reserved: readonly string[] = [serviceLabel, managerLabel, headlessLabel];
const perSlice = 100;
/** Of an Endpoints object, which holds no more. */
const mostAddresses = 1000;

interface Group {
  readonly family: Family;
  readonly ports: NonNullable<EndpointSlice['ports']>;
  readonly endpoints: SliceEndpoint[];
}

const slicePort = (port: ServicePort, number: number): { readonly name: string; readonly port: number; readonly protocol: Protocol; readonly appProtocol?: string } => ({
  name: port.name ?? '', port: number, protocol: port.protocol ?? 'TCP', ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }),
});

/** The older way to hints: the annotation, under its two names, of which the older one wins. */
function asksForAuto(service: Service): boolean {
  const { annotations = {} } = service.metadata;
  const mode = annotations['service.kubernetes.io/topology-aware-hints'] ?? annotations['service.kubernetes.io/topology-mode'];
  return mode === 'Auto' || mode === 'auto';
}

/** For whom an endpoint is, by `trafficDistribution` (k8s.io/endpointslice/trafficdist): PreferClose is the old name of PreferSameZone; PreferSameNode falls back to the zone. */
function hintsOf(service: Service, node: string | undefined, zone: string | undefined): SliceEndpoint['hints'] {
  const wanted = asksForAuto(service) ? undefined : service.spec.trafficDistribution;
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
  // The controller leaves one empty slice in a family in which nobody is, so that the Service is known to have none.
  for (const family of families) if (![...groups.values()].some((group) => group.family === family)) groups.set(`${family}/`, { family, ports: [], endpoints: [] });
  return sortedEntries(Object.fromEntries(groups)).map(([, group]) => group);
}

/** Hints are dealt out over all endpoints of a family, whatever their ports. */
function deal(groups: readonly Group[], shares: ReadonlyMap<string, number> | null): void {
  const hints = autoHints(groups.flatMap(({ endpoints }) => endpoints), shares);
  let at = 0;
  for (const { endpoints } of groups) {
    for (const [index, endpoint] of endpoints.entries()) {
      const zone = hints?.[at++] ?? null;
      if (zone !== null) endpoints[index] = { ...endpoint, hints: { forZones: [{ name: zone }] } };
    }
  }
}

function slicesOf(draft: Draft, service: Service, pods: readonly Pod[], shares: () => ReadonlyMap<string, number> | null): EndpointSlice[] {
  const namespace = service.metadata.namespace ?? '';
  const given = Object.fromEntries(Object.entries(service.metadata.labels ?? {}).filter(([key]) => !reserved.includes(key)));
  const labels = { ...given, [managerLabel]: manager, [serviceLabel]: service.metadata.name, ...(isHeadless(service) ? { [headlessLabel]: '' } : {}) };
  const slices: EndpointSlice[] = [];
  const groups = groupsOf(draft, service, pods);
  if (asksForAuto(service)) for (const family of ['IPv4', 'IPv6'] as const) deal(groups.filter((group) => group.family === family), shares());
  for (const group of groups) {
    for (let start = 0; start === 0 || start < group.endpoints.length; start += perSlice) {
      const name = `${service.metadata.name}-${suffix(draft.settings.seed, `EndpointSlice/${namespace}/${service.metadata.name}/${slices.length}`, 5)}`;
      slices.push({
        apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice',
        metadata: { name, generateName: `${service.metadata.name}-`, namespace, labels, ownerReferences: [controllerOf(draft, service)] },
        addressType: group.family, endpoints: group.endpoints.slice(start, start + perSlice), ports: group.ports,
      });
    }
  }
  return slices;
}

/** What the endpoints controller writes beside the slices: the first family alone, without pods that end, one subset for each set of ports, a thousand addresses at most. */
function endpointsOf(service: Service, slices: readonly EndpointSlice[]): Endpoints {
  const address = (endpoint: SliceEndpoint): EndpointAddress => ({ ip: endpoint.addresses[0] ?? '', ...(endpoint.hostname === undefined ? {} : { hostname: endpoint.hostname }), ...(endpoint.nodeName === undefined ? {} : { nodeName: endpoint.nodeName }), ...(endpoint.targetRef === undefined ? {} : { targetRef: endpoint.targetRef }) });
  const byPorts = new Map<string, { readonly ports: EndpointSlice['ports']; readonly ready: EndpointAddress[]; readonly rest: EndpointAddress[] }>();
  for (const slice of slices) {
    if (slice.addressType !== (service.spec.ipFamilies?.[0] ?? 'IPv4')) continue;
    // A pod that lacks a port that is asked for is in no subset; a headless Service may ask for none.
    if ((slice.ports ?? []).length === 0 && (service.spec.ports ?? []).length > 0) continue;
    const key = canonical(slice.ports ?? []);
    const subset = byPorts.get(key) ?? { ports: slice.ports, ready: [], rest: [] };
    byPorts.set(key, subset);
    for (const endpoint of slice.endpoints ?? []) {
      if (endpoint.conditions?.terminating === true && service.spec.publishNotReadyAddresses !== true) continue;
      (endpoint.conditions?.ready === false ? subset.rest : subset.ready).push(address(endpoint));
    }
  }
  const count = (kind: 'ready' | 'rest'): number => [...byPorts.values()].reduce((sum, subset) => sum + subset[kind].length, 0);
  const [ready, rest] = [count('ready'), count('rest')];
  const truncated = ready + rest > mostAddresses;
  let [leftReady, leftRest] = [mostAddresses, Math.max(mostAddresses - ready, 0)];
  const subsets = [...byPorts.values()].flatMap((subset) => {
    const [addresses, notReadyAddresses] = [subset.ready.slice(0, leftReady), subset.rest.slice(0, leftRest)];
    [leftReady, leftRest] = [leftReady - addresses.length, leftRest - notReadyAddresses.length];
    return addresses.length + notReadyAddresses.length === 0 ? [] : [{ ...(addresses.length > 0 ? { addresses } : {}), ...(notReadyAddresses.length > 0 ? { notReadyAddresses } : {}), ...((subset.ports ?? []).length > 0 ? { ports: subset.ports } : {}) }];
  });
  return {
    apiVersion: 'v1', kind: 'Endpoints',
    metadata: {
      name: service.metadata.name, namespace: service.metadata.namespace ?? '', labels: { ...service.metadata.labels, 'endpoints.kubernetes.io/managed-by': 'endpoint-controller', ...(isHeadless(service) ? { [headlessLabel]: '' } : {}) },
      ...(truncated ? { annotations: { 'endpoints.kubernetes.io/over-capacity': 'truncated' } } : {}),
    },
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
  let counted: ReadonlyMap<string, number> | null | undefined;
  const shares = (): ReadonlyMap<string, number> | null => (counted === undefined ? (counted = zoneShares(listed(draft, 'Node').map(({ object }) => object))) : counted);
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
    const wanted = slicesOf(draft, service, pods, shares);
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

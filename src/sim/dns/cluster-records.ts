// What CoreDNS knows of the cluster, indexed for questions: built once for a network, asked in constant time.
import { formatAddress, parseAddress } from '../base/address.ts';
import { by } from '../base/order.ts';
import type { EndpointSlice, Namespace, Pod, Service } from '../model/object.ts';

export interface RecordPort {
  /** Empty when unnamed. */
  readonly name: string;
  readonly protocol: string;
  /** -1 stands for no port at all: an address without SRV records. */
  readonly port: number;
}

/** An address of a ready endpoint. */
export interface RecordAddress {
  readonly ip: string;
  readonly hostname: string | null;
  /** The name of the object behind it; `null` when it would be no label. */
  readonly target: string | null;
  readonly zone: string | null;
}

/** The ready addresses of one EndpointSlice. */
export interface RecordSlice {
  /** `NAMESPACE/NAME` of the slice. */
  readonly key: string;
  readonly namespace: string;
  /** Empty when the slice says none. */
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly addresses: readonly RecordAddress[];
  /** Never empty. */
  readonly ports: readonly RecordPort[];
}

export interface RecordService {
  readonly object: Service;
  readonly namespace: string;
  readonly name: string;
  readonly kind: 'cluster' | 'headless' | 'external';
  /** Of kind `cluster`. */
  readonly addresses: readonly string[];
  /** Never empty. */
  readonly ports: readonly RecordPort[];
  /** Of kind `external`, as it was written. */
  readonly externalName: string;
}

export interface ClusterRecords {
  readonly namespaces: ReadonlyMap<string, Namespace>;
  /** By `NAMESPACE/NAME`. */
  readonly services: ReadonlyMap<string, RecordService>;
  /** By `NAMESPACE/SERVICE`, in the order of the slices' names. */
  readonly slices: ReadonlyMap<string, readonly RecordSlice[]>;
  /** By canonical address. */
  readonly servicesByAddress: ReadonlyMap<string, readonly RecordService[]>;
  readonly slicesByAddress: ReadonlyMap<string, readonly RecordSlice[]>;
  readonly podsByAddress: ReadonlyMap<string, readonly Pod[]>;
}

export interface ClusterRecordsInput {
  readonly namespaces: Iterable<Namespace>;
  readonly services: Iterable<Service>;
  readonly endpointSlices: Iterable<EndpointSlice>;
  readonly pods: Iterable<Pod>;
}

const serviceName = 'kubernetes.io/service-name';
/** Phases of pods that are not watched. */
const gone: readonly string[] = ['Succeeded', 'Failed', 'Unknown'];
const longestLabel = 63;
const noPort: RecordPort = { name: '', protocol: '', port: -1 };

/** The text under which an address is indexed. IPv4 has one form already. */
const canonical = (ip: string): string => {
  const address = ip.includes(':') ? parseAddress(ip) : undefined;
  return address === undefined ? ip : formatAddress(address);
};

const keyOf = (object: { readonly metadata: { readonly namespace?: string; readonly name: string } }): string => `${object.metadata.namespace ?? ''}/${object.metadata.name}`;

/** Indexes plain objects in one pass; their order does not matter. Simplified: EndpointSlices of names (`FQDN`) are left out. */
export function clusterRecords(input: ClusterRecordsInput): ClusterRecords {
  const services = [...input.services].map(serviceRecord);
  const slices = [...input.endpointSlices].flatMap(sliceRecord);
  const pods = [...input.pods].filter(({ metadata, status }) => !gone.includes(status?.phase ?? '') && metadata.deletionTimestamp === undefined);
  return {
    namespaces: new Map([...input.namespaces].map((namespace) => [namespace.metadata.name, namespace])),
    services: new Map(services.map((service) => [`${service.namespace}/${service.name}`, service])),
    slices: grouped(slices, ({ namespace, service }) => [`${namespace}/${service}`], ({ key }) => key),
    servicesByAddress: grouped(services, ({ addresses }) => addresses.map(canonical), ({ object }) => keyOf(object)),
    slicesByAddress: grouped(slices, ({ addresses }) => new Set(addresses.map(({ ip }) => canonical(ip))), ({ key }) => key),
    podsByAddress: grouped(pods, ({ status }) => new Set((status?.podIPs ?? (status?.podIP === undefined ? [] : [{ ip: status.podIP }])).map(({ ip }) => canonical(ip))), keyOf),
  };
}

/** The items of each key, in the order of their names: only groups of several need to be sorted. */
function grouped<Item>(items: readonly Item[], keys: (item: Item) => Iterable<string>, order: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    for (const key of keys(item)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else group.push(item);
    }
  }
  for (const group of groups.values()) if (group.length > 1) group.sort(by(order));
  return groups;
}

function serviceRecord(object: Service): RecordService {
  const { spec, metadata } = object;
  const written = spec.clusterIPs !== undefined && spec.clusterIPs.length > 0 ? spec.clusterIPs : spec.clusterIP === undefined ? [] : [spec.clusterIP];
  const kind = spec.type === 'ExternalName' ? 'external' : written.includes('None') ? 'headless' : 'cluster';
  const ports = (spec.ports ?? []).map(({ name, protocol, port }): RecordPort => ({ name: name ?? '', protocol: protocol ?? 'TCP', port }));
  return {
    object, namespace: metadata.namespace ?? '', name: metadata.name, kind, ports: ports.length > 0 ? ports : [noPort],
    addresses: kind === 'cluster' ? written.filter((ip) => ip !== '') : [], externalName: spec.externalName ?? '',
  };
}

function sliceRecord(slice: EndpointSlice): readonly RecordSlice[] {
  const service = slice.metadata.labels?.[serviceName] ?? '';
  if (slice.addressType === 'FQDN') return [];
  const addresses = (slice.endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false).flatMap((endpoint) => endpoint.addresses.map((ip): RecordAddress => ({
    ip, hostname: endpoint.hostname === undefined || endpoint.hostname === '' ? null : endpoint.hostname, zone: endpoint.zone ?? null,
    target: endpoint.targetRef?.name !== undefined && endpoint.targetRef.name.length <= longestLabel ? endpoint.targetRef.name : null,
  })));
  const ports = (slice.ports ?? []).map(({ name, protocol, port }): RecordPort => ({ name: name ?? '', protocol: protocol ?? 'TCP', port: port ?? -1 }));
  return [{ key: keyOf(slice), namespace: slice.metadata.namespace ?? '', service, labels: slice.metadata.labels ?? {}, addresses, ports: ports.length > 0 ? ports : [noPort] }];
}

/** The records that a canonical address has in one of the indexes. */
export const atAddress = <Item>(index: ReadonlyMap<string, readonly Item[]>, ip: string): readonly Item[] => index.get(canonical(ip)) ?? [];

/** The label of an endpoint under its Service: hostname, else the pod's name where `endpoint_pod_names` says so, else the address with dashes. */
export function endpointLabel(address: RecordAddress, podNames: boolean): string {
  if (address.hostname !== null) return address.hostname;
  if (podNames && address.target !== null) return address.target;
  const dashed = address.ip.replace(/[.:]/g, '-');
  // A label may not end in a dash.
  return dashed.endsWith('-') ? `${dashed}0` : dashed;
}

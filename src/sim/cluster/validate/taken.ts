// What an object may not have because of the others: cluster addresses and node ports are given out once.
import { parseAddress, parseRange } from '../../base/address.ts';
import type { Service } from '../../model/object.ts';
import { keyOf, list } from '../store.ts';
import type { Store } from '../store.ts';
import { refOf } from '../../model/object.ts';
import { invalid } from '../problem-at.ts';
import type { Finding } from '../problem-at.ts';
import { inRanges, serviceRanges } from './cluster-document.ts';

/** Addresses and node ports of all Services but one, for asking many times. */
export interface Taken {
  /** By address: the key of the Service that has it. */
  readonly addresses: ReadonlyMap<string, string>;
  /** By `PROTOCOL/PORT`. */
  readonly nodePorts: ReadonlyMap<string, string>;
}

/** Who has which cluster address and node port. */
export function takenIn(store: Store): Taken {
  const addresses = new Map<string, string>();
  const nodePorts = new Map<string, string>();
  for (const stored of list(store, 'Service')) take(stored.object, addresses, nodePorts);
  return { addresses, nodePorts };
}

/** Notes what a Service has; who came first keeps it. */
export function take(object: Service, addresses: Map<string, string>, nodePorts: Map<string, string>): void {
  const key = keyOf(refOf(object));
  for (const ip of object.spec.clusterIPs ?? []) if (ip !== 'None' && ip !== '' && !addresses.has(canonical(ip))) addresses.set(canonical(ip), key);
  for (const port of object.spec.ports ?? []) {
    const id = `${port.protocol ?? 'TCP'}/${port.nodePort ?? 0}`;
    if ((port.nodePort ?? 0) !== 0 && !nodePorts.has(id)) nodePorts.set(id, key);
  }
}

const canonical = (ip: string): string => {
  const parsed = parseAddress(ip);
  return parsed === undefined ? ip : `${parsed.family}/${parsed.value}`;
};

/**
 * The ranges of cluster addresses where they are known for sure; `null` otherwise. A dump of a real cluster does not say its ranges, and its Services have addresses of them: then any address will do.
 */
function knownRanges(store: Store, isLoad: boolean): readonly string[] | null {
  const cluster = list(store, 'Cluster')[0]?.object;
  const ranges = serviceRanges(cluster);
  if (cluster?.spec?.network?.services !== undefined) return ranges;
  return isLoad || list(store, 'Service').some(({ object }) => (object.spec.clusterIPs ?? []).some((ip) => ip !== 'None' && !inRanges(ranges, ip))) ? null : ranges;
}

/** Who asks for what: the ranges and what is given out already. `isLoad` is the first load, where what stands in the manifests is taken as it is. */
export interface Claims extends Taken {
  readonly ranges: readonly string[] | null;
}

export const claimsIn = (store: Store, isLoad = false): Claims => ({ ...takenIn(store), ranges: knownRanges(store, isLoad) });

/** A Service's address outside the range, or an address or port that another one has. */
export function takenFindings(object: Service, claims: Claims): readonly Finding[] {
  const type = object.spec.type ?? 'ClusterIP';
  return [...(type === 'ExternalName' ? [] : [...families(object, claims), ...addresses(object, claims)]), ...(type === 'NodePort' || type === 'LoadBalancer' ? nodePorts(object, claims) : [])];
}

function families(object: Service, { ranges }: Claims): readonly Finding[] {
  const { ipFamilies = [], ipFamilyPolicy, clusterIPs = [] } = object.spec;
  if (ranges === null || clusterIPs.some((ip) => ip !== 'None')) return [];
  const served = new Set(ranges.map((range) => parseRange(range)?.family));
  return [
    ...ipFamilies.flatMap((family, index) => (served.has(family) || isFamilyWrong(family) ? [] : [invalid(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster')])),
    ...(ipFamilyPolicy === 'RequireDualStack' && served.size < 2 ? [invalid('spec.ipFamilyPolicy', ipFamilyPolicy, 'this cluster is not configured for dual-stack services')] : []),
  ];
}

const isFamilyWrong = (family: string): boolean => family !== 'IPv4' && family !== 'IPv6';

function addresses(object: Service, claims: Claims): readonly Finding[] {
  const key = keyOf(refOf(object));
  const given = object.spec.clusterIPs ?? [];
  return given.flatMap((ip, index): readonly Finding[] => {
    const parsed = parseAddress(ip);
    if (parsed === undefined) return [];
    const field = `spec.clusterIPs[${index}]`;
    if (claims.ranges !== null && !inRanges(claims.ranges, ip)) {
      const range = claims.ranges.find((text) => parseRange(text)?.family === parsed.family);
      return [invalid(field, given, range === undefined ? `failed to allocate IP ${ip}: ${parsed.family} is not configured on this cluster` : `failed to allocate IP ${ip}: the provided IP (${ip}) is not in the valid range. The range of valid IPs is ${range}`)];
    }
    const owner = claims.addresses.get(canonical(ip));
    return owner === undefined || owner === key ? [] : [{ ...invalid(field, given, `failed to allocate IP ${ip}: provided IP is already allocated`), help: `${ownerText(owner)} has it.` }];
  });
}

function nodePorts(object: Service, claims: Claims): readonly Finding[] {
  const key = keyOf(refOf(object));
  return (object.spec.ports ?? []).flatMap((port, index): readonly Finding[] => {
    const owner = (port.nodePort ?? 0) === 0 ? undefined : claims.nodePorts.get(`${port.protocol ?? 'TCP'}/${port.nodePort ?? 0}`);
    return owner === undefined || owner === key ? [] : [{ ...invalid(`spec.ports[${index}].nodePort`, port.nodePort, 'provided port is already allocated'), help: `${ownerText(owner)} has it.` }];
  });
}

const ownerText = (key: string): string => key.replace('/', ' ');

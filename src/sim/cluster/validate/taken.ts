// What an object may not have because of the others: cluster addresses and node ports are given out once.
import { parseAddress, parseRange } from '../../base/address.ts';
import type { Service } from '../../model/object.ts';
import { keyOf, list } from '../store.ts';
import type { Store } from '../store.ts';
import { refOf } from '../../model/object.ts';
import { invalid } from '../problem-at.ts';
import type { Finding } from '../problem-at.ts';
import { isFreeOfFamilies, policyOf } from './service.ts';
import { inRanges, serviceRanges } from './cluster-document.ts';

/** Addresses and node ports of all Services but one, for asking many times. */
export interface Taken {
  /** By address: the key of the Service that has it. */
  readonly addresses: ReadonlyMap<string, string>;
  /** By number: a port is given out once, whatever its protocol; health checks' ports too. */
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
  for (const port of [...(object.spec.ports ?? []).map(({ nodePort }) => nodePort), object.spec.healthCheckNodePort]) {
    const id = String(port ?? 0);
    if (id !== '0' && !nodePorts.has(id)) nodePorts.set(id, key);
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
  /** The families that the cluster gives addresses of. */
  readonly families: ReadonlySet<string>;
}

export const claimsIn = (store: Store, isLoad = false): Claims => ({ ...takenIn(store), ranges: knownRanges(store, isLoad), families: familiesIn(store, list(store, 'Service').map(({ object }) => object)) });

/** What the Cluster document says, or the default and the families of addresses that Services have already. */
export function familiesIn(store: Store, services: readonly Service[]): ReadonlySet<string> {
  const cluster = list(store, 'Cluster')[0]?.object;
  const given = cluster?.spec?.network?.services !== undefined ? [] : services.flatMap(({ spec }) => spec.clusterIPs ?? []).flatMap((ip) => parseAddress(ip)?.family ?? []);
  return new Set([...serviceRanges(cluster).flatMap((range) => parseRange(range.trim())?.family ?? []), ...given]);
}

/** An address outside of the range that clusters usually have, in a manifest that says no other: told, not refused. */
export function strayAddresses(object: Service, claims: Claims): readonly string[] {
  return claims.ranges === null && object.spec.type !== 'ExternalName' ? (object.spec.clusterIPs ?? []).filter((ip) => parseAddress(ip)?.family === 'IPv4' && !inRanges(usualRanges, ip)) : [];
}

export const usualRanges = serviceRanges(undefined);

/** A Service's address outside the range, or an address or port that another one has. */
export function takenFindings(object: Service, claims: Claims): readonly Finding[] {
  const type = object.spec.type ?? 'ClusterIP';
  return [...(type === 'ExternalName' ? [] : [...families(object, claims), ...addresses(object, claims)]), ...(type === 'NodePort' || type === 'LoadBalancer' ? nodePorts(object, claims) : [])];
}

// pkg/registry/core/service/storage/alloc.go, initIPFamilyFields.
function families(object: Service, { families: served }: Claims): readonly Finding[] {
  const { ipFamilies = [], clusterIPs = [] } = object.spec;
  const strange = clusterIPs.flatMap((ip, index): readonly Finding[] => {
    const family = parseAddress(ip)?.family;
    return family === undefined || index < ipFamilies.length || served.has(family) ? [] : [invalid(`spec.clusterIPs[${index}]`, clusterIPs, `${family} is not configured on this cluster`)];
  });
  if (strange.length > 0 || isFreeOfFamilies(object)) return strange;
  return [
    ...(policyOf(object) === 'RequireDualStack' && served.size < 2 ? [invalid('spec.ipFamilyPolicy', 'RequireDualStack', 'this cluster is not configured for dual-stack services')] : []),
    ...ipFamilies.flatMap((family, index) => (served.has(family) || isFamilyWrong(family) ? [] : [invalid(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster')])),
  ];
}

const isFamilyWrong = (family: string): boolean => family !== 'IPv4' && family !== 'IPv6';

function addresses(object: Service, claims: Claims): readonly Finding[] {
  const key = keyOf(refOf(object));
  const given = object.spec.clusterIPs ?? [];
  return given.flatMap((ip): readonly Finding[] => {
    const parsed = parseAddress(ip);
    if (parsed === undefined) return [];
    const field = 'spec.clusterIPs';
    // The server finds a free one only when it really creates: with --dry-run=server it says which range it has instead.
    if (claims.ranges !== null && !inRanges(claims.ranges, ip)) return claims.families.has(parsed.family) ? [{ ...invalid(field, given, `failed to allocate IP ${ip}: the provided network does not match the current range`), help: `The range is ${claims.ranges.join(', ')}.` }] : [];
    const owner = claims.addresses.get(canonical(ip));
    return owner === undefined || owner === key ? [] : [{ ...invalid(field, given, `failed to allocate IP ${ip}: provided IP is already allocated`), help: `${ownerText(owner)} has it.` }];
  });
}

function nodePorts(object: Service, claims: Claims): readonly Finding[] {
  const key = keyOf(refOf(object));
  return (object.spec.ports ?? []).flatMap((port, index): readonly Finding[] => {
    const owner = (port.nodePort ?? 0) === 0 ? undefined : claims.nodePorts.get(String(port.nodePort ?? 0));
    return owner === undefined || owner === key ? [] : [{ ...invalid(`spec.ports[${index}].nodePort`, port.nodePort, 'provided port is already allocated'), help: `${ownerText(owner)} has it.` }];
  });
}

const ownerText = (key: string): string => key.replace('/', ' ');

// What the cluster has under a name: the entries from which every record type is made.
import { formatAddress, parseAddress } from '../../base/address.ts';
import { atAddress, endpointLabel } from '../cluster-records.ts';
import type { ClusterRecords, RecordPort, RecordService, RecordSlice } from '../cluster-records.ts';
import type { Pod } from '../../model/object.ts';
import { comparableName, nameUnder } from '../names.ts';
import { isReverse } from '../zones.ts';
import type { KubernetesOptions } from './kubernetes-options.ts';
import { parseName } from './kubernetes-name.ts';
import type { NameRequest } from './kubernetes-name.ts';

/** An address or, with `alias`, a name; `owner` is its own name, to which SRV records point. */
export interface Entry {
  readonly host: string;
  readonly alias: boolean;
  readonly port: number;
  readonly owner: string;
}

/** `null`: there is no such name. An empty list: the name is there, without anything behind it. */
export type Found = readonly Entry[] | null;

/** What a name has (CoreDNS plugin/kubernetes `Records`). `zone` is the zone as the question writes it. */
export function findRecords(records: ClusterRecords, options: KubernetesOptions, name: string, zone: string): Found {
  const multicluster = options.multicluster.includes(comparableName(zone));
  const request = parseName(comparableName(name), zone, { multicluster, zonal: options.zonal });
  if (request === undefined) return null;
  if (request.kind === '') return [];
  if (isReverse(name)) return null;
  if (!isExposed(records, options, request.namespace)) return null;
  if (request.service === '') return request.kind === 'pod' && options.pods === 'disabled' ? null : [];
  // Names across clusters are those of ServiceImports, of which there are none.
  if (request.kind === 'svc' && multicluster) return null;
  return request.kind === 'pod' ? findPods(records, options, request, zone) : findServices(records, options, request, zone);
}

/** The namespace exists and the plugin may speak of it. */
export function isExposed(records: ClusterRecords, options: KubernetesOptions, namespace: string): boolean {
  const found = records.namespaces.get(namespace);
  if (found === undefined || (options.namespaces.length > 0 && !options.namespaces.includes(namespace))) return false;
  return options.namespaceLabels === null || options.namespaceLabels(found.metadata.labels ?? {});
}

function findPods(records: ClusterRecords, options: KubernetesOptions, request: NameRequest, zone: string): Found {
  const label = request.service;
  const dashes = label.split('-').length - 1;
  const address = parseAddress(label.replaceAll('-', dashes === 3 && !label.includes('--') ? '.' : ':'));
  if (options.pods === 'disabled' || address === undefined) return null;
  const host = formatAddress(address);
  const entry: Entry = { host, alias: false, port: 0, owner: nameUnder(`${label}.${request.namespace}.pod`, zone) };
  if (options.pods === 'insecure') return [entry];
  return podsAt(records, options, host).some(({ metadata }) => metadata.namespace === request.namespace) ? [entry] : null;
}

/** The pods with an address that the plugin has read: `labels` selects among pods and slices too. */
export const podsAt = (records: ClusterRecords, options: KubernetesOptions, ip: string): readonly Pod[] =>
  atAddress(records.podsByAddress, ip).filter(({ metadata }) => options.labels === null || options.labels(metadata.labels ?? {}));

/** The slices that the plugin has read: none with `noendpoints`. */
export const readSlices = (options: KubernetesOptions, slices: readonly RecordSlice[]): readonly RecordSlice[] =>
  options.noEndpoints ? [] : slices.filter(({ labels }) => options.labels === null || options.labels(labels));

export const slicesOf = (records: ClusterRecords, options: KubernetesOptions, service: RecordService): readonly RecordSlice[] =>
  readSlices(options, records.slices.get(`${service.namespace}/${service.name}`) ?? []);

export const isRead = (options: KubernetesOptions, service: RecordService): boolean => options.labels === null || options.labels(service.object.metadata.labels ?? {});

function findServices(records: ClusterRecords, options: KubernetesOptions, request: NameRequest, zone: string): Found {
  const service = records.services.get(`${request.namespace}/${request.service}`);
  if (service === undefined || !isRead(options, service)) return null;
  const owner = nameUnder(`${service.name}.${service.namespace}.svc`, zone);
  const slices = slicesOf(records, options, service);
  if (service.kind === 'external') {
    // No name lies under an alias, and an alias to an address is none.
    if (request.endpoint !== '' || request.port !== '' || request.protocol !== '' || request.topology !== null || service.externalName === '' || parseAddress(service.externalName) !== undefined) return null;
    return [{ host: service.externalName, alias: true, port: 0, owner }];
  }
  if (request.topology !== null && service.kind !== 'headless') return null;
  if (service.kind === 'cluster' && options.ignoreEmptyService && slices.every(({ addresses }) => addresses.length === 0)) return null;
  if (service.kind === 'headless' || request.endpoint !== '') return findEndpoints(slices, options, request, owner);
  const ports = service.ports.filter((port) => fits(request, port));
  return ports.length === 0 ? null : ports.flatMap(({ port }) => service.addresses.map((host): Entry => ({ host, alias: false, port, owner })));
}

function findEndpoints(slices: readonly RecordSlice[], options: KubernetesOptions, request: NameRequest, owner: string): Found {
  const { topology } = request;
  const inZone = (zone: string | null): boolean => topology === null || zone?.toLowerCase() === topology.zone;
  const entries = (everyZone: boolean): Entry[] => slices.flatMap(({ addresses, ports }) => addresses.flatMap((address) => {
    const label = endpointLabel(address, options.endpointPodNames);
    if ((request.endpoint !== '' && label.toLowerCase() !== request.endpoint) || (!everyZone && !inZone(address.zone))) return [];
    return ports.filter((port) => fits(request, port)).map(({ port }): Entry => ({ host: address.ip, alias: false, port, owner: `${label}.${owner}` }));
  }));
  const found = entries(false);
  if (found.length > 0) return found;
  // A pinned zone without endpoints is there, but empty; a preferred one gives way to all the others.
  if (topology?.mode === 'pin') return [];
  const others = topology === null ? [] : entries(true);
  return others.length > 0 ? others : null;
}

const fits = (request: NameRequest, port: RecordPort): boolean =>
  (request.port === '' || request.port === port.name.toLowerCase()) && (request.protocol === '' || request.protocol === port.protocol.toLowerCase());

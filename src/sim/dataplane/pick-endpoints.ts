// Which endpoints a node uses for a Service port (kubernetes pkg/proxy/topology.go, CategorizeEndpoints).
import type { NetworkEndpoint, NetworkNode, NetworkService, NetworkServicePort } from '../model/network.ts';
import type { Family } from '../model/object.ts';

export interface Picked {
  /** For traffic under a Cluster policy. */
  readonly cluster: readonly NetworkEndpoint[];
  /** For traffic under a Local policy on this node. */
  readonly local: readonly NetworkEndpoint[];
  /** Somebody anywhere could be used: the rule drops rather than rejects. */
  readonly any: boolean;
}

const isReady = (endpoint: NetworkEndpoint): boolean => endpoint.ready;
const isLast = (endpoint: NetworkEndpoint): boolean => endpoint.serving && endpoint.terminating;

/** Ready ones, or, when there are none, those that still serve while they end. */
const usable = (endpoints: readonly NetworkEndpoint[]): readonly NetworkEndpoint[] => {
  const ready = endpoints.filter(isReady);
  return ready.length > 0 ? ready : endpoints.filter(isLast);
};

/** Hints narrow the choice only when every ready endpoint has them and one fits; there is no spill-over. */
function byHints(endpoints: readonly NetworkEndpoint[], node: NetworkNode | null): readonly NetworkEndpoint[] {
  const ready = endpoints.filter(isReady);
  if (ready.length === 0 || node === null) return ready;
  if (ready.every(({ hints }) => hints.nodes.length > 0) && ready.some(({ hints }) => hints.nodes.includes(node.name))) return ready.filter(({ hints }) => hints.nodes.includes(node.name));
  const zone = node.zone;
  if (zone !== null && ready.every(({ hints }) => hints.zones.length > 0) && ready.some(({ hints }) => hints.zones.includes(zone))) return ready.filter(({ hints }) => hints.zones.includes(zone));
  return ready;
}

/** Which traffic policies count for a port of a Service in one family (pkg/proxy/serviceport.go, UsesClusterEndpoints and UsesLocalEndpoints). */
export interface PolicyUse {
  /** Something beside the cluster address leads to it: a node port, an external address, a load balancer's. */
  readonly outside: boolean;
  /** externalTrafficPolicy Local, where anything leads in from outside. */
  readonly externalLocal: boolean;
  readonly cluster: boolean;
  readonly local: boolean;
}

export function policyUse(service: NetworkService, port: NetworkServicePort, family: Family): PolicyUse {
  const fits = (ip: string | null): boolean => ip !== null && ip.includes(':') === (family === 'IPv6');
  const outside = port.nodePort !== null || service.externalAddresses.some(fits) || service.balancer.some(({ ip, mode }) => mode === 'VIP' && fits(ip));
  const externalLocal = outside && service.externalPolicy === 'Local';
  const internalLocal = service.internalPolicy === 'Local';
  return { outside, externalLocal, cluster: !internalLocal || outside, local: internalLocal || externalLocal };
}

/** The source ranges of one family; one that holds every address is as good as none (pkg/proxy/serviceport.go, newBaseServiceInfo). */
export function sourceRangesOf(service: NetworkService, family: Family): readonly string[] {
  const own = service.sourceRanges.filter((cidr) => cidr.includes(':') === (family === 'IPv6'));
  return own.some((cidr) => cidr.endsWith('/0')) ? [] : own;
}

const both: Pick<PolicyUse, 'cluster' | 'local'> = { cluster: true, local: true };

export function pickEndpoints(port: NetworkServicePort, node: NetworkNode | null, family: Family, use: Pick<PolicyUse, 'cluster' | 'local'> = both): Picked {
  const all = port.endpoints.filter((endpoint) => endpoint.family === family);
  const narrowed = use.cluster ? byHints(all, node) : [];
  const cluster = narrowed.length > 0 || !use.cluster ? narrowed : all.filter(isLast);
  const local = usable(all.filter((endpoint) => node !== null && endpoint.node === node.name));
  return { cluster, local, any: cluster.length > 0 || (use.local && usable(all).length > 0) };
}

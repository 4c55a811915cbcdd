// Which endpoints a node uses for a Service port (kubernetes pkg/proxy/topology.go, CategorizeEndpoints).
import type { NetworkEndpoint, NetworkNode, NetworkServicePort } from '../model/network.ts';

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

export function pickEndpoints(port: NetworkServicePort, node: NetworkNode | null, family: 'IPv4' | 'IPv6'): Picked {
  const all = port.endpoints.filter((endpoint) => endpoint.family === family);
  const narrowed = byHints(all, node);
  const cluster = narrowed.length > 0 ? narrowed : all.filter(isLast);
  const local = usable(all.filter((endpoint) => node !== null && endpoint.node === node.name));
  return { cluster, local, any: cluster.length > 0 || usable(all).length > 0 };
}

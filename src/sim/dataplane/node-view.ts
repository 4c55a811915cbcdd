// What a node's rules have of a Service: what they should, or what a kube-proxy that runs no more left there (failures.md B, svc-kubeproxy-down-one-node).
import { parseAddress, parseRange, rangeHolds } from '../base/address.ts';
import type { Network, NetworkEndpoint, NetworkNode, NetworkService, NetworkServicePort } from '../model/network.ts';

const keyOf = (service: NetworkService): string => `${service.ref.namespace}/${service.ref.name}`;

/** The rules that the node has for the Service are not those that it should have. */
export const isStale = (node: NetworkNode, service: NetworkService): boolean => Object.hasOwn(node.state.stale, keyOf(service));

/** The node in whose range the address is: old rules do not say where an endpoint was. */
function homeOf(network: Network, ip: string): string | null {
  const address = parseAddress(ip);
  if (address === undefined) return null;
  const home = network.nodes.find(({ podRanges, addresses }) => addresses.some((own) => own.address === ip)
    || podRanges.some((cidr) => { const range = parseRange(cidr); return range !== undefined && rangeHolds(range, address); }));
  return home?.name ?? null;
}

function staleEndpoints(network: Network, service: NetworkService, port: NetworkServicePort, old: readonly { readonly ip: string; readonly port: number }[]): NetworkEndpoint[] {
  const numbers = new Set<number | string>([port.targetPort, ...port.endpoints.map((endpoint) => endpoint.port)]);
  // The document gives one list for all ports of the Service: where the numbers tell them apart, they do.
  const own = old.filter((endpoint) => numbers.has(endpoint.port));
  return (own.length > 0 ? own : old).map(({ ip, port: number }): NetworkEndpoint => port.endpoints.find((endpoint) => endpoint.ip === ip && endpoint.port === number && endpoint.ready) ?? {
    ip, port: number, family: ip.includes(':') ? 'IPv6' : 'IPv4', node: homeOf(network, ip), zone: null, ready: true, serving: true, terminating: false, hostname: null, pod: null,
    slice: service.slices[0] ?? service.ref, hints: { zones: [], nodes: [] },
  });
}

/** A port of the Service with the endpoints that the node's rules have; `null` where they have no rule for it. */
export function portOnNode(network: Network, node: NetworkNode, service: NetworkService, port: NetworkServicePort): NetworkServicePort | null {
  const old = isStale(node, service) ? node.state.stale[keyOf(service)] : undefined;
  if (old === undefined) return port;
  return old === null ? null : { ...port, endpoints: staleEndpoints(network, service, port, old) };
}

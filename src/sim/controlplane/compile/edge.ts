// The way in: both APIs as their controllers read them, and where the public DNS leads for their hosts.
import type { Store } from '../../cluster/store.ts';
import { compileEdge } from '../../edge/compile-edge.ts';
import type { EdgeFacts, EdgeProxy } from '../../model/edge.ts';
import type { NetworkNode, NetworkPod, NetworkService, OutsideHostFacts } from '../../model/network.ts';
import { refText } from '../../model/object.ts';

export const compileWayIn = (store: Store): EdgeFacts => compileEdge(store).facts;

/** Where clients outside reach an edge: its load balancers; else the nodes on whose network its pods are; else, by node port, any node. */
export function addressesOf(proxy: EdgeProxy, services: readonly NetworkService[], pods: readonly NetworkPod[], nodes: readonly NetworkNode[]): readonly string[] {
  const own = proxy.services.flatMap((ref) => services.filter((service) => refText(service.ref) === refText(ref)));
  const balancers = own.flatMap(({ balancer }) => balancer.flatMap(({ ip }) => ip ?? []));
  if (balancers.length > 0) return [...new Set(balancers)];
  const external = own.flatMap(({ externalAddresses }) => externalAddresses);
  if (external.length > 0) return [...new Set(external)];
  const places = new Set(pods.filter((pod) => pod.running && refText(pod.owner) === refText(proxy.workload) && (pod.hostNetwork || pod.containers.some(({ ports }) => ports.some(({ hostPort }) => hostPort !== null)))).map(({ node }) => node));
  const hosting = nodes.filter(({ name }) => places.has(name)).flatMap(({ internal }) => internal.slice(0, 1));
  if (hosting.length > 0) return hosting;
  if (own.some(({ type }) => type === 'LoadBalancer') || !own.some(({ ports }) => ports.some(({ nodePort }) => nodePort !== null))) return [];
  return nodes.filter(({ ready }) => ready).flatMap(({ internal }) => internal.slice(0, 1));
}

/** The hosts of Ingresses, Gateways and routes, as somebody would have entered them into the public DNS; those that nobody serves lead to the first edge there is. */
export function publicHosts(edge: EdgeFacts, services: readonly NetworkService[], pods: readonly NetworkPod[], nodes: readonly NetworkNode[]): readonly OutsideHostFacts[] {
  const found = new Map<string, readonly string[]>();
  const ways = edge.proxies.map((proxy) => ({ proxy, addresses: addressesOf(proxy, services, pods, nodes) })).filter(({ addresses }) => addresses.length > 0);
  for (const { proxy, addresses } of ways) for (const host of proxy.hosts) if (!found.has(host)) found.set(host, addresses);
  for (const { host } of edge.unserved) if (!found.has(host) && ways[0] !== undefined) found.set(host, ways[0].addresses);
  return [...found].map(([name, addresses]) => ({ name, addresses, ports: [] }));
}

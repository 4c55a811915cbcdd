// A network made ready for packets: what has which address, which rule takes which destination, compiled policies, the DNS server's view. Indexes, not scans.
import { parseAddress, parseRange, rangeHolds, type AddressRange } from '../base/address.ts';
import { clusterRecords, type ClusterRecords } from '../dns/cluster-records.ts';
import { readCorefile } from '../dns/check-corefile.ts';
import type { Corefile } from '../dns/corefile.ts';
import { proxyManners, type ProxyManners } from './proxy-manners.ts';
import { layUnderlay, machineAddresses, type Underlay } from './underlay.ts';
import { compilePolicies, type PolicyIndex } from '../policy/compile-policies.ts';
import { policyInputOf } from '../policy/policy-input.ts';
import { refText } from '../model/object.ts';
import type { EdgeProxy } from '../model/edge.ts';
import type { Network, NetworkNode, NetworkPod, NetworkService, NetworkServicePort, OutsideHostFacts } from '../model/network.ts';

/** How a packet to a Service is recognised: which of its addresses it was sent to. */
export type Entrance = 'cluster' | 'external' | 'balancer' | 'node-port';

export interface ServiceRule {
  readonly service: NetworkService;
  readonly port: NetworkServicePort;
  readonly entrance: Entrance;
}

export interface Plane {
  readonly network: Network;
  readonly manners: ProxyManners;
  readonly policies: PolicyIndex;
  /** Edges by the workload that their pods belong to, as {@link refText} writes it. */
  readonly edgeOf: ReadonlyMap<string, EdgeProxy>;
  readonly nodes: ReadonlyMap<string, NetworkNode>;
  /** By `NAMESPACE/NAME`. */
  readonly pods: ReadonlyMap<string, NetworkPod>;
  /** Running pods with a network of their own, by address. */
  readonly podAt: ReadonlyMap<string, NetworkPod>;
  readonly nodeAt: ReadonlyMap<string, NetworkNode>;
  /** Running pods on their node's network, by node. */
  readonly hostPods: ReadonlyMap<string, readonly NetworkPod[]>;
  /** By `NAMESPACE/NAME`. */
  readonly services: ReadonlyMap<string, NetworkService>;
  /** By `IP PORT/PROTOCOL`. */
  readonly rules: ReadonlyMap<string, ServiceRule>;
  /** By `PORT/PROTOCOL`. */
  readonly nodePorts: ReadonlyMap<string, ServiceRule>;
  /** Services by any of their own addresses, whatever the port. */
  readonly serviceAt: ReadonlyMap<string, NetworkService>;
  /** Load balancers by address, those that nodes have no rules for too. */
  readonly balancerAt: ReadonlyMap<string, NetworkService>;
  /** Pods with a hostPort, by `NODE PORT/PROTOCOL`. */
  readonly hostPorts: ReadonlyMap<string, { readonly pod: NetworkPod; readonly port: number }>;
  readonly outsideAt: ReadonlyMap<string, OutsideHostFacts>;
  readonly podRanges: readonly AddressRange[];
  readonly serviceRanges: readonly AddressRange[];
  readonly clusterRanges: readonly AddressRange[];
  /** Destinations to which the plugin leaves a pod's source as it is. */
  readonly keepsSource: readonly AddressRange[];
  readonly nodeRanges: readonly { readonly range: AddressRange; readonly node: NetworkNode }[];
  /** `null`: nodes and what lies between them are as they usually are. */
  readonly underlay: Underlay | null;
  /** `null`: CoreDNS does not start with its Corefile. */
  readonly corefile: Corefile | null;
  readonly records: ClusterRecords;
}

const parsed = (cidrs: readonly string[]): AddressRange[] => cidrs.flatMap((cidr) => { const range = parseRange(cidr); return range === undefined ? [] : [range]; });

export const isIn = (ranges: readonly AddressRange[], ip: string): boolean => {
  const address = parseAddress(ip);
  return address !== undefined && ranges.some((range) => rangeHolds(range, address));
};

/** The range of a node that holds the address. */
export const nodeRangeOf = (plane: Plane, ip: string): NetworkNode | undefined => {
  const address = parseAddress(ip);
  return address === undefined ? undefined : plane.nodeRanges.find(({ range }) => rangeHolds(range, address))?.node;
};

function rulesOf(network: Network): Pick<Plane, 'rules' | 'nodePorts' | 'serviceAt' | 'balancerAt' | 'services'> {
  const rules = new Map<string, ServiceRule>();
  const nodePorts = new Map<string, ServiceRule>();
  const serviceAt = new Map<string, NetworkService>();
  const balancerAt = new Map<string, NetworkService>();
  const services = new Map<string, NetworkService>();
  // The first Service of two with one address keeps it, as the first rule of two that match does.
  const once = <Value>(map: Map<string, Value>, key: string, value: Value): void => { if (!map.has(key)) map.set(key, value); };
  for (const service of network.services) {
    services.set(`${service.ref.namespace}/${service.ref.name}`, service);
    const addresses: (readonly [string, Entrance])[] = [
      ...service.clusterAddresses.map((ip): [string, Entrance] => [ip, 'cluster']), ...service.externalAddresses.map((ip): [string, Entrance] => [ip, 'external']),
      ...service.balancer.flatMap(({ ip, mode }): [string, Entrance][] => (ip !== null && mode === 'VIP' ? [[ip, 'balancer']] : [])),
    ];
    for (const { ip } of service.balancer) if (ip !== null) once(balancerAt, ip, service);
    for (const [ip, entrance] of addresses) {
      once(serviceAt, ip, service);
      for (const port of service.ports) once(rules, `${ip} ${port.port}/${port.protocol}`, { service, port, entrance });
    }
    for (const port of service.ports) if (port.nodePort !== null) once(nodePorts, `${port.nodePort}/${port.protocol}`, { service, port, entrance: 'node-port' });
  }
  return { rules, nodePorts, serviceAt, balancerAt, services };
}

const policiesOf = (network: Network): PolicyIndex => compilePolicies(policyInputOf(network));

/** The same plane for a network of which nothing but the policies is another. */
export const withPolicies = (plane: Plane, network: Network): Plane => ({ ...plane, network, policies: policiesOf(network) });

export function layPlane(network: Network): Plane {
  const podAt = new Map<string, NetworkPod>();
  const hostPods = new Map<string, NetworkPod[]>();
  const hostPorts = new Map<string, { pod: NetworkPod; port: number }>();
  let twins = false;
  for (const pod of network.pods) {
    if (!pod.running) continue;
    if (pod.hostNetwork) {
      const there = hostPods.get(pod.node ?? '');
      if (there === undefined) hostPods.set(pod.node ?? '', [pod]);
      else there.push(pod);
      continue;
    }
    for (const ip of pod.addresses) {
      if (podAt.has(ip)) twins = true;
      else podAt.set(ip, pod);
    }
    for (const container of pod.containers) for (const port of container.ports) if (port.hostPort !== null) hostPorts.set(`${pod.node ?? ''} ${port.hostPort}/${port.protocol}`, { pod, port: port.port });
  }
  const nodeAt = new Map<string, NetworkNode>();
  for (const node of network.nodes) for (const { type, address } of node.addresses) if (type.endsWith('IP') && !nodeAt.has(address)) nodeAt.set(address, node);
  // Interfaces that only the Cluster document knows.
  for (const node of network.nodes) if (node.state.field !== null) for (const ip of machineAddresses(node)) if (!nodeAt.has(ip)) nodeAt.set(ip, node);
  const corefile = readCorefile(network.dns.corefile);
  return {
    network, manners: proxyManners(network.proxy), ...rulesOf(network), podAt, nodeAt, hostPods, hostPorts,
    edgeOf: new Map(network.edge.proxies.map((proxy) => [refText(proxy.workload), proxy])),
    nodes: new Map(network.nodes.map((node) => [node.name, node])), pods: new Map(network.pods.map((pod) => [`${pod.namespace}/${pod.name}`, pod])),
    outsideAt: new Map(network.outside.hosts.flatMap((host) => host.addresses.map((ip) => [ip, host] as const))),
    podRanges: parsed(network.podRanges), serviceRanges: parsed(network.serviceRanges), clusterRanges: parsed(network.proxy.clusterRanges), keepsSource: parsed(network.cni.keepsSource ?? network.podRanges),
    nodeRanges: network.nodes.flatMap((node) => parsed(node.podRanges).map((range) => ({ range, node }))),
    policies: policiesOf(network),
    underlay: layUnderlay(network, twins),
    corefile: corefile.ok ? corefile.value : null,
    records: clusterRecords({ namespaces: network.dns.records.namespaces, services: network.dns.records.services, endpointSlices: network.dns.records.slices, pods: network.dns.records.pods }),
  };
}

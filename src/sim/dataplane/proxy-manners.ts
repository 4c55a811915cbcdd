// How the kinds of kube-proxy differ where they differ: one table, so that the station knows no mode by name (services.md 3 and 8, failures.md 0.2).
import { parseRange, rangeHolds, parseAddress, type AddressRange } from '../base/address.ts';
import type { NetworkNode, ProxyFacts } from '../model/network.ts';
import type { Family } from '../model/object.ts';

export interface ProxyManners {
  /** As it stands in sentences. */
  readonly name: string;
  /** False: nobody on the node translates Services. */
  readonly translates: boolean;
  /** A Service's own address on a port or protocol that it does not have: the packet goes on as it is, or is rejected. */
  readonly unknownPort: 'pass' | 'reject';
  /** The same for its external and load balancer addresses: IPVS has them on an interface of the node. */
  readonly unknownPortOutside: 'pass' | 'reject';
  /** An address of the Services' range that no Service has. */
  readonly unknownAddress: 'pass' | 'drop';
  readonly noEndpoints: 'reject' | 'drop';
  /** The node's own packets to external and load balancer addresses are rejected too; iptables has that rule for what comes in and passes through alone. */
  readonly rejectsOwn: boolean;
  /** A Local policy and no endpoint on this node: dropped, or sent to those that a Cluster policy would use (pkg/proxy/ipvs/proxier.go, syncEndpoint). */
  readonly noLocalEndpoints: 'drop' | 'all';
  /** Pods and the node itself are spared a Local policy for traffic from outside. */
  readonly sparesInsiders: boolean;
  /** Pods and nodes are connected to the endpoint itself, so that nothing is rewritten. */
  readonly atConnect: boolean;
  /** What comes from outside keeps its source on the way to an endpoint of this node. */
  readonly keepsSourceHere: boolean;
  readonly localhostNodePorts: boolean;
  /** loadBalancerSourceRanges are asked before it counts that nobody is there. */
  readonly rangesFirst: boolean;
  /** Session affinity is of a Service's port, by whatever address; false: of each address and port. */
  readonly affinityByPort: boolean;
}

const iptables: ProxyManners = {
  name: 'kube-proxy', translates: true, unknownPort: 'pass', unknownPortOutside: 'pass', unknownAddress: 'pass', noEndpoints: 'reject', rejectsOwn: false, noLocalEndpoints: 'drop', sparesInsiders: true,
  atConnect: false, keepsSourceHere: false, localhostNodePorts: true, rangesFirst: false, affinityByPort: true,
};

// A rule of the forward and output hooks takes what is left for cluster addresses, pings too (pkg/proxy/nftables, cluster-ips-check).
const nftables: ProxyManners = { ...iptables, unknownPort: 'reject', unknownAddress: 'drop', localhostNodePorts: false, rangesFirst: true, rejectsOwn: true };

// Addresses stand on kube-ipvs0; since 1.27 KUBE-IPVS-FILTER rejects what is for no Service port, pings too (kubernetes#72236, website#41002).
const ipvs: ProxyManners = { ...iptables, unknownPort: 'reject', unknownPortOutside: 'reject', noLocalEndpoints: 'all', sparesInsiders: false, localhostNodePorts: false, rangesFirst: true, rejectsOwn: true, affinityByPort: false };

const nobody: ProxyManners = { ...iptables, name: 'nobody', translates: false };

/** What stands on every node of the cluster. */
export function proxyManners(proxy: ProxyFacts): ProxyManners {
  const { replacement } = proxy;
  // Simplified: an eBPF replacement rewrites the source of outside clients only towards other nodes, as Cilium does by default; Calico's keeps it there too.
  if (replacement !== null) return { ...iptables, name: replacement.by, noEndpoints: replacement.noEndpoints, rejectsOwn: true, atConnect: replacement.atConnect, keepsSourceHere: true, affinityByPort: false, localhostNodePorts: replacement.localhostNodePorts ?? true };
  switch (proxy.mode) {
    case 'iptables': return { ...iptables, localhostNodePorts: proxy.localhostNodePorts };
    case 'ipvs': return ipvs;
    case 'nftables': return nftables;
    case 'none': return nobody;
  }
}

/** The node's first address of a family: the "node IP" of kube-proxy; `undefined` where it has none. */
export const nodeIp = (node: NetworkNode, family: Family): string | undefined => node.internal.find((ip) => ip.includes(':') === (family === 'IPv6'));

/** Every address that is the node's own in a family, without loopback ones and those of Services (kube-ipvs0). */
export function ownAddresses(node: NetworkNode, family: Family): readonly string[] {
  const worked = node.interfaces.filter(({ kind }) => kind !== 'loopback' && kind !== 'ipvs').flatMap(({ addresses }) => addresses.map((cidr) => cidr.replace(/\/\d+$/, '')));
  const declared = node.addresses.filter(({ type }) => type === 'InternalIP').map(({ address }) => address);
  return [...new Set([...worked, ...declared])].filter((ip) => ip.includes(':') === (family === 'IPv6'));
}

/** On which of a node's addresses node ports answer: on all, or on those in the ranges. */
export interface NodePortReach {
  readonly all: boolean;
  readonly ranges: readonly AddressRange[];
}

/**
 * `nodePortAddresses` as one family reads it (cmd/kube-proxy/app/server.go, expandNodePortAddressKeywords; pkg/proxy/util/nodeport_addresses.go):
 * the words `primary`, `localhost` and `all` stand for ranges, and a family without a range of its own takes all addresses.
 */
export function nodePortReach(proxy: ProxyFacts, node: NetworkNode, family: Family): NodePortReach {
  const single = (ip: string | undefined): string[] => (ip === undefined ? [] : [`${ip}/${ip.includes(':') ? 128 : 32}`]);
  const given = proxy.mode === 'nftables' && proxy.nodePortAddresses.length === 0 ? ['primary'] : proxy.nodePortAddresses;
  const cidrs = given.flatMap((word) => {
    switch (word) {
      case 'primary': return [...single(nodeIp(node, 'IPv4')), ...single(nodeIp(node, 'IPv6'))];
      case 'localhost': return ['127.0.0.0/8', '::1/128'];
      case 'all': return ['0.0.0.0/0', '::/0'];
      default: return [word];
    }
  }).filter((cidr) => cidr.includes(':') === (family === 'IPv6'));
  const all = cidrs.length === 0 || cidrs.some((cidr) => cidr.endsWith('/0'));
  return { all, ranges: all ? [] : cidrs.flatMap((cidr) => parseRange(cidr) ?? []) };
}

export const reachHolds = (reach: NodePortReach, ip: string): boolean => {
  const address = parseAddress(ip);
  return reach.all || (address !== undefined && reach.ranges.some((range) => rangeHolds(range, address)));
};

/** Node ports on the node's loopback addresses: in IPv4 alone, where kube-proxy is told so and the ranges hold them (route_localnet). */
export const nodePortsOnLoopback = (proxy: ProxyFacts, manners: ProxyManners, node: NetworkNode, family: Family): boolean =>
  family === 'IPv4' && manners.localhostNodePorts && reachHolds(nodePortReach(proxy, node, family), '127.0.0.1');

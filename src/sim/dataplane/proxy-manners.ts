// How the kinds of kube-proxy differ where they differ: one table, so that the station knows no mode by name (services.md 3 and 8, failures.md 0.2).
import type { NetworkNode, ProxyFacts } from '../model/network.ts';

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
  /** A Local policy and no endpoint on this node: dropped, or sent to the others (pkg/proxy/ipvs/proxier.go, syncEndpoint). */
  readonly noLocalEndpoints: 'drop' | 'all';
  /** Pods and the node itself are spared a Local policy for traffic from outside. */
  readonly sparesInsiders: boolean;
  /** Pods and nodes are connected to the endpoint itself, so that nothing is rewritten. */
  readonly atConnect: boolean;
  /** What comes from outside keeps its source on the way to an endpoint of this node. */
  readonly keepsSourceHere: boolean;
  readonly localhostNodePorts: boolean;
  /** Node ports answer on the node's first address of each family unless `nodePortAddresses` says otherwise. */
  readonly primaryOnly: boolean;
}

const iptables: ProxyManners = {
  name: 'kube-proxy', translates: true, unknownPort: 'pass', unknownPortOutside: 'pass', unknownAddress: 'pass', noEndpoints: 'reject', noLocalEndpoints: 'drop', sparesInsiders: true,
  atConnect: false, keepsSourceHere: false, localhostNodePorts: true, primaryOnly: false,
};

// A rule of the forward and output hooks takes what is left for cluster addresses, pings too (pkg/proxy/nftables, cluster-ips-check).
const nftables: ProxyManners = { ...iptables, unknownPort: 'reject', unknownAddress: 'drop', localhostNodePorts: false, primaryOnly: true };

// Addresses stand on kube-ipvs0; since 1.27 KUBE-IPVS-FILTER rejects what is for no Service port, pings too (kubernetes#72236, website#41002).
const ipvs: ProxyManners = { ...iptables, unknownPort: 'reject', unknownPortOutside: 'reject', noLocalEndpoints: 'all', sparesInsiders: false, localhostNodePorts: false };

const nobody: ProxyManners = { ...iptables, name: 'nobody', translates: false };

/** What stands on every node of the cluster. */
export function proxyManners(proxy: ProxyFacts): ProxyManners {
  const { replacement } = proxy;
  // Simplified: an eBPF replacement rewrites the source of outside clients only towards other nodes, as Cilium does by default; Calico's keeps it there too.
  if (replacement !== null) return { ...iptables, name: replacement.by, noEndpoints: replacement.noEndpoints, atConnect: replacement.atConnect, keepsSourceHere: true, localhostNodePorts: replacement.localhostNodePorts ?? true };
  switch (proxy.mode) {
    case 'iptables': return { ...iptables, localhostNodePorts: proxy.localhostNodePorts };
    case 'ipvs': return ipvs;
    case 'nftables': return nftables;
    case 'none': return nobody;
  }
}

/** The addresses of the node on which node ports answer where nothing narrows it: all that kubelet reports, or the first of each family. */
export function primaryAddresses(node: NetworkNode): readonly string[] {
  const first = (family: boolean): string | undefined => node.internal.find((ip) => ip.includes(':') === family);
  return [first(false), first(true)].flatMap((ip) => ip ?? []);
}

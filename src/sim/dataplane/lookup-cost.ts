// What it costs to find a Service's endpoint for the first packet of a connection: how many rules or tables it meets in the proxy's mode. Later packets of the connection meet none: connection tracking carries them.
import type { Family } from '../model/object.ts';
import type { Network, NetworkNode } from '../model/network.ts';
import { portsOnNode } from './printers/ports-on-node.ts';

/** How Services are found; `ebpf` is a plugin's replacement of kube-proxy. */
export type LookupWay = 'iptables' | 'ipvs' | 'nftables' | 'ebpf';

export const lookupWays: readonly LookupWay[] = ['iptables', 'ipvs', 'nftables', 'ebpf'];

/**
 * Rules and tables that a pod's first packet to one Service port meets in the nat table, on the average over `servicePorts` ports with `endpoints` endpoints each (services.md 7 and 8).
 *
 * - iptables: the jump to KUBE-SERVICES, half of its rules (one for each port, in a row), the Service's own mark rule, half of its endpoints' rules, and the two of the endpoint: grows with both.
 * - IPVS: two rules with ipsets, then one hash table of Services and its scheduler.
 * - nftables: the jump, the mark rule, one verdict map of all Services, one of the Service's endpoints.
 * - eBPF: one hash map of Services, one of backends, at connect().
 */
export function lookupSteps(way: LookupWay, servicePorts: number, endpoints: number): number {
  switch (way) {
    case 'iptables': return 1 + (servicePorts + 1) / 2 + 1 + (endpoints + 1) / 2 + 2;
    case 'ipvs': return 4;
    case 'nftables': return 4;
    case 'ebpf': return 2;
  }
}

export interface LookupCost {
  /** Service ports with a cluster address and somebody to send to, as this node's rules have them. */
  readonly servicePorts: number;
  /** On the average of these ports; 1 where there are none. */
  readonly endpoints: number;
  readonly sizes: readonly number[];
  /** For each size, {@link lookupSteps} with as many Service ports. */
  readonly steps: Readonly<Record<LookupWay, readonly number[]>>;
}

/** Sizes of the chart: a lab, the size at which differences begin to be noticed, what Kubernetes promises to carry, and the largest that was measured in public (services.md 8). */
export const chartSizes: readonly number[] = [10, 100, 1000, 5000, 10_000, 30_000];

/** Counted from what a node holds now, and what it would be with more Services like these. */
export function lookupCost(network: Network, node: NetworkNode, family: Family = 'IPv4'): LookupCost {
  const ports = portsOnNode(network, node, family).filter(({ cluster }) => cluster.length > 0);
  const endpoints = ports.length === 0 ? 1 : ports.reduce((sum, { cluster }) => sum + cluster.length, 0) / ports.length;
  const of = (way: LookupWay): readonly number[] => chartSizes.map((size) => lookupSteps(way, size, endpoints));
  return { servicePorts: ports.length, endpoints, sizes: chartSizes, steps: { iptables: of('iptables'), ipvs: of('ipvs'), nftables: of('nftables'), ebpf: of('ebpf') } };
}

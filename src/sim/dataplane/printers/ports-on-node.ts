// What every proxy makes rules of: each Service port as one node and one address family see it, with the endpoints that the node uses.
import { parseAddress } from '../../base/address.ts';
import type { NetworkEndpoint, NetworkNode, Network, NetworkService, NetworkServicePort } from '../../model/network.ts';
import type { Family } from '../../model/object.ts';
import { portOnNode } from '../node-view.ts';
import { pickEndpoints, policyUse, sourceRangesOf } from '../pick-endpoints.ts';

export interface PortOnNode {
  readonly service: NetworkService;
  readonly port: NetworkServicePort;
  /** `NAMESPACE/NAME:PORT`, without `:PORT` when it has no name: how kube-proxy calls it in comments. */
  readonly label: string;
  /** Lower case. */
  readonly protocol: string;
  readonly clusterIp: string;
  readonly externals: readonly string[];
  /** Load balancer addresses that the nodes' rules know. */
  readonly balancers: readonly string[];
  /** What `loadBalancerSourceRanges` says for the family; empty: everybody. */
  readonly sourceRanges: readonly string[];
  readonly nodePort: number | null;
  readonly internalLocal: boolean;
  /** Only where something outside leads to it. */
  readonly externalLocal: boolean;
  readonly outside: boolean;
  /** For a Cluster policy (nobody where no traffic is under one), and for a Local one. */
  readonly cluster: readonly NetworkEndpoint[];
  readonly local: readonly NetworkEndpoint[];
  /** Somebody anywhere could be used. */
  readonly any: boolean;
}

const number = (ip: string): bigint => parseAddress(ip)?.value ?? 0n;

const ofFamily = (ips: readonly string[], family: Family): string[] => ips.filter((ip) => ip.includes(':') === (family === 'IPv6'));

/** Sorted by cluster address, then as the Service lists its ports. Services without a cluster address of the family have no rules. */
export function portsOnNode(network: Network, node: NetworkNode, family: Family): PortOnNode[] {
  const found = network.services.flatMap((service) => {
    const [clusterIp] = ofFamily(service.clusterAddresses, family);
    if (clusterIp === undefined || service.otherProxy !== null) return [];
    const externals = ofFamily(service.externalAddresses, family);
    const balancers = ofFamily(service.balancer.flatMap(({ ip, mode }) => (ip !== null && mode === 'VIP' ? [ip] : [])), family);
    const sourceRanges = sourceRangesOf(service, family);
    return service.ports.flatMap((declared): PortOnNode[] => {
      const port = portOnNode(network, node, service, declared);
      if (port === null) return [];
      const use = policyUse(service, port, family);
      return [{
        service, port, label: `${service.ref.namespace}/${service.ref.name}${port.name === '' ? '' : `:${port.name}`}`, protocol: port.protocol.toLowerCase(), clusterIp, externals, balancers,
        nodePort: port.nodePort, internalLocal: service.internalPolicy === 'Local', outside: use.outside, externalLocal: use.externalLocal, sourceRanges, ...pickEndpoints(port, node, family, use),
      }];
    });
  });
  return found.sort((left, right) => (number(left.clusterIp) < number(right.clusterIp) ? -1 : number(left.clusterIp) > number(right.clusterIp) ? 1 : left.port.index - right.port.index));
}

/** Each endpoint once, wherever it is used. */
export const usedEndpoints = (port: PortOnNode): readonly NetworkEndpoint[] => {
  const localUsed = port.internalLocal || port.externalLocal;
  const all = [...port.cluster, ...(localUsed ? port.local : [])];
  return all.filter((endpoint, index) => all.findIndex(({ ip, port: number }) => ip === endpoint.ip && number === endpoint.port) === index);
};

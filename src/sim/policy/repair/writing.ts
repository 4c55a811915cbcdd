// How each API of policies would write one more peer, port or rule: what a repair adds to an object.
import type { AddressSet } from '../../base/address-set.ts';
import { addressSetHolds } from '../../base/address-set.ts';
import type { Address, AddressFamily } from '../../base/address.ts';
import { formatAddress } from '../../base/address.ts';
import type { Labels } from '../../model/object.ts';
import type { PacketProtocol } from '../../model/packet.ts';
import type { Direction } from '../../model/policy.ts';

/** The other end of a connection as it can be written down. */
export type WrittenPeer =
  | { readonly kind: 'pod'; readonly namespace: string; readonly labels: Labels }
  /** `node`: a node's own address, which some plugins tell from the outside; `own`: of the subject's node. */
  | { readonly kind: 'address'; readonly address: Address; readonly node: { readonly own: boolean } | null; readonly isPod: boolean };

export interface Wanted {
  readonly direction: Direction;
  readonly peer: WrittenPeer;
  readonly protocol: PacketProtocol;
  /** `null` for ICMP. */
  readonly port: number | null;
  /** Of the packet. */
  readonly family: AddressFamily;
  /** The namespace of the policy; empty for the cluster's. */
  readonly namespace: string;
  /** Where blocks do not match nodes and pods: the nodes' addresses; `null` where they match everything. */
  readonly apart: AddressSet | null;
}

/** `null`: it cannot be said in this API. */
export interface Writing {
  /** In the list that is called so. */
  readonly peer: (wanted: Wanted, list: string) => unknown;
  readonly port: (wanted: Wanted, list: string) => unknown;
  readonly rule: (wanted: Wanted) => unknown;
}

const cidrOf = (address: Address): string => `${formatAddress(address)}/${address.family === 'IPv4' ? 32 : 128}`;

const isApart = ({ apart, peer }: Wanted): boolean => apart !== null && peer.kind === 'address' && (peer.isPod || peer.node !== null || addressSetHolds(apart, peer.address));

const inNamespace = (namespace: string): { readonly matchLabels: Labels } => ({ matchLabels: { 'kubernetes.io/metadata.name': namespace } });

const selecting = (labels: Labels): object => (Object.keys(labels).length === 0 ? {} : { matchLabels: labels });

const sideOf = (direction: Direction): 'from' | 'to' => (direction === 'ingress' ? 'from' : 'to');

const networkPolicy: Writing = {
  peer: (wanted) => {
    const { peer, namespace } = wanted;
    if (peer.kind === 'address') return isApart(wanted) ? null : { ipBlock: { cidr: cidrOf(peer.address) } };
    return { ...(peer.namespace === namespace ? {} : { namespaceSelector: inNamespace(peer.namespace) }), podSelector: selecting(peer.labels) };
  },
  port: ({ protocol, port }) => (port === null ? null : { protocol, port }),
  rule: (wanted) => {
    const [peer, port] = [networkPolicy.peer(wanted, ''), networkPolicy.port(wanted, 'ports')];
    return peer === null ? null : { [sideOf(wanted.direction)]: [peer], ...(port === null ? {} : { ports: [port] }) };
  },
};

/** Both versions of the cluster-wide API, which differ in their ports and in what allowing is called. */
const clusterWide = (allow: string, list: string, port: Writing['port']): Writing => {
  const peer: Writing['peer'] = ({ peer: given, direction }) => {
    if (given.kind === 'pod') return { pods: { namespaceSelector: inNamespace(given.namespace), podSelector: selecting(given.labels) } };
    return direction === 'ingress' ? null : { networks: [cidrOf(given.address)] };
  };
  return {
    peer, port,
    rule: (wanted) => {
      const [written, ports] = [peer(wanted, ''), port(wanted, list)];
      return written === null ? null : { action: allow, [sideOf(wanted.direction)]: [written], ...(ports === null ? {} : { [list]: [ports] }) };
    },
  };
};

const cilium: Writing = {
  peer: (wanted, list) => {
    const { peer, namespace } = wanted;
    const kind = list.replace(/^(from|to)/, '');
    if (peer.kind === 'pod') return kind === 'Endpoints' ? selecting({ ...peer.labels, ...(peer.namespace === namespace ? {} : { 'k8s:io.kubernetes.pod.namespace': peer.namespace }) }) : null;
    if (peer.node !== null) return kind === 'Entities' ? (peer.node.own ? 'host' : 'remote-node') : null;
    return isApart(wanted) ? null : kind === 'CIDR' ? cidrOf(peer.address) : kind === 'CIDRSet' ? { cidr: cidrOf(peer.address) } : null;
  },
  port: ({ protocol, port, family }, list) => {
    if (protocol !== 'ICMP') return port === null || list !== 'toPorts' ? null : { ports: [{ port: String(port), protocol }] };
    return list === 'icmps' ? { fields: [{ family, type: family === 'IPv6' ? 128 : 8 }] } : null;
  },
  rule: (wanted) => {
    const { peer, protocol } = wanted;
    const list = `${sideOf(wanted.direction)}${peer.kind === 'pod' ? 'Endpoints' : peer.node !== null ? 'Entities' : 'CIDR'}`;
    const ports = protocol === 'ICMP' ? null : cilium.port(wanted, 'toPorts');
    const written = cilium.peer(wanted, list);
    return written === null ? null : { [list]: [written], ...(ports === null ? {} : { toPorts: [ports] }) };
  },
};

const writings: Readonly<Record<string, Writing>> = {
  NetworkPolicy: networkPolicy,
  ClusterNetworkPolicy: clusterWide('Accept', 'protocols', ({ protocol, port }) => (port === null ? null : { [protocol.toLowerCase()]: { destinationPort: { number: port } } })),
  AdminNetworkPolicy: clusterWide('Allow', 'ports', ({ protocol, port }) => (port === null ? null : { portNumber: { protocol, port } })),
  BaselineAdminNetworkPolicy: clusterWide('Allow', 'ports', ({ protocol, port }) => (port === null ? null : { portNumber: { protocol, port } })),
  CiliumNetworkPolicy: cilium,
  CiliumClusterwideNetworkPolicy: cilium,
};

export const writingOf = (kind: string): Writing | undefined => writings[kind];

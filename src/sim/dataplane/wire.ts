// A packet as it is between two machines: inside a tunnel, where firewalls see the outer packet alone, or as it is.
import type { CniFacts, NetworkNode, Route } from '../model/network.ts';
import type { Packet, PacketProtocol } from '../model/packet.ts';
import { uplinkOf } from './underlay.ts';

type Encapsulation = NonNullable<CniFacts['encapsulation']>;

export interface Wire {
  /** `null`: it travels as it is. */
  readonly encapsulation: Encapsulation | null;
  readonly protocol: PacketProtocol | 'IPIP';
  /** Of the destination; `null` for what has none. */
  readonly port: number | null;
  readonly source: string;
  readonly destination: string;
  /** The interface on which tcpdump would see it, and the filter that finds it. */
  readonly device: string;
  readonly filter: string;
  /** Its ports are the same both ways, or it has none: an answer belongs to what went out before. */
  readonly symmetric: boolean;
}

const usual = (node: NetworkNode): string => node.internal[0] ?? '';

/** The address that a node's tunnel packets come from: what it announces, if it has that. */
const tunnelSource = (node: NetworkNode): string => (node.state.announces !== null && (node.internal.includes(node.state.announces) || node.interfaces.some(({ addresses }) => addresses.some((cidr) => cidr.startsWith(`${node.state.announces ?? ''}/`)))) ? node.state.announces : usual(node));

/** In the plugin's tunnel to another node. */
function tunnelled(encapsulation: Encapsulation, from: NetworkNode, to: NetworkNode): Wire {
  const { port } = encapsulation;
  return {
    encapsulation, protocol: encapsulation.protocol, port, source: tunnelSource(from), destination: to.state.announces ?? usual(to), device: uplinkOf(to, to.state.announces ?? usual(to)),
    filter: port === null ? 'ip proto 4' : `udp port ${port}`,
    // WireGuard sends from the port that it listens on; VXLAN and Geneve from one by the hash of what is inside.
    symmetric: port === null || encapsulation.name === 'WireGuard',
  };
}

const bare = (packet: Packet, device: string): Wire => ({
  encapsulation: null, protocol: packet.protocol, port: packet.destination.port, source: packet.source.ip, destination: packet.destination.ip, device,
  filter: `host ${packet.destination.ip}${packet.destination.port === null ? '' : ` and ${packet.protocol.toLowerCase()} port ${packet.destination.port}`}`, symmetric: true,
});

/** Tunnels that a plugin falls back to where the other node lacks what its usual one needs (Calico: no WireGuard there), by the kernel's device. */
const fallbacks: Readonly<Record<string, Encapsulation>> = {
  'vxlan.calico': { name: 'VXLAN', protocol: 'UDP', port: 4789, overhead: 50, device: 'vxlan.calico' },
  tunl0: { name: 'IP in IP', protocol: 'IPIP', port: null, overhead: 20, device: 'tunl0' },
};

function tunnelOf(cni: CniFacts, route: Route | null): Encapsulation | null {
  if (route?.kind !== 'tunnel') return null;
  return cni.encapsulation?.device !== route.device && Object.hasOwn(fallbacks, route.device) ? fallbacks[route.device] ?? null : cni.encapsulation;
}

/** As it leaves for another node by a route of the node's table. */
export function wireBetween(cni: CniFacts, from: NetworkNode, to: NetworkNode, route: Route | null, packet: Packet): Wire {
  const tunnel = tunnelOf(cni, route);
  return tunnel === null ? bare(packet, uplinkOf(to, packet.destination.ip)) : tunnelled(tunnel, from, to);
}

/** As it is between a node and the outside. */
export const wireOutside = (node: NetworkNode, own: string, packet: Packet): Wire => bare(packet, uplinkOf(node, own));

/** `VXLAN (UDP port 8472)`, `IP in IP (IP protocol 4)`, `TCP port 80`, `ICMP`. */
export function wireText({ encapsulation, protocol, port }: Wire): string {
  if (protocol === 'IPIP') return 'IP protocol 4 (IP in IP)';
  const text = port === null ? protocol : `${protocol} port ${port}`;
  return encapsulation === null ? text : `${text} (${encapsulation.name})`;
}

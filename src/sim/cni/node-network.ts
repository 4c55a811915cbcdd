// What every plugin's nodes have in common: the uplink, one interface a pod, and a route to each other node's pods.
import { formatAddress, nthAddress, parseAddress, parseRange, rangeHolds } from '../base/address.ts';
import { hash32 } from '../base/choose.ts';
import type { NetworkInterface, Route } from '../model/network.ts';
import type { CniInput, CniNode, CniOutput } from './cni-plugin.ts';

/** How a plugin names its devices; `tunnel` and `bridge` are `null` where it has none. An `address` is its place in the node's range, `null` where the device has none. */
export interface Devices {
  /** `by`: the device that routes name where it is not the tunnel itself. `via`: the next hop that they name: the other end's address, the other node's, this node's own, or none. */
  readonly tunnel: { readonly name: string; readonly address: number | null; readonly by: string | null; readonly via: 'tunnel' | 'node' | 'self' | null } | null;
  /** `spans`: it is one segment with the bridges of all nodes, and its address has the length of the cluster's range. */
  readonly bridge: { readonly name: string; readonly address: number; readonly spans: boolean } | null;
  readonly pod: (key: string) => string;
  /** Without a tunnel: nodes are each other's next hop, or the underlay knows the way by itself. */
  readonly direct: 'node' | 'underlay';
  /** Between two nodes of which one has no WireGuard, where packets then go without it; absent: as between all others. */
  readonly unencrypted?: Pick<Devices, 'tunnel'>;
  readonly others: (node: CniNode) => readonly { readonly name: string; readonly kind: 'veth' | 'bridge' | 'uplink'; readonly address: number | null }[];
}

/** A name for a pod's interface on the node: the prefix and digits of a hash, as plugins make them. */
export const hashedDevice = (prefix: string, length: number) => (key: string): string =>
  `${prefix}${(hash32(key).toString(16).padStart(8, '0') + hash32(`${key}\u0000`).toString(16).padStart(8, '0')).slice(0, length)}`;

const nth = (cidr: string, offset: number): string | undefined => {
  const range = parseRange(cidr);
  const address = range === undefined ? undefined : nthAddress(range, offset);
  return address === undefined ? undefined : formatAddress(address);
};

const lengthOf = (cidr: string): string => cidr.slice(cidr.indexOf('/'));

/** Of the pods' interfaces and the devices between them and the uplink, by the uplink's MTU. */
export type MtuOf = (uplink: number) => number;

function interfacesOf(node: CniNode, input: CniInput, devices: Devices, mtuOf: MtuOf): NetworkInterface[] {
  const uplink = node.mtu ?? input.underlayMtu;
  const mtu = mtuOf(uplink);
  const own = (address: number | null, length?: (range: string) => string): string[] =>
    address === null ? [] : node.podRanges.flatMap((range) => { const ip = nth(range, address); return ip === undefined ? [] : [`${ip}${(length ?? lengthOf)(range)}`]; });
  const single = (range: string): string => (range.includes(':') ? '/128' : '/32');
  const wide = (range: string): string => lengthOf(input.podRanges.find((other) => other.includes(':') === range.includes(':')) ?? range);
  const { tunnel, bridge } = devices;
  const list: NetworkInterface[] = [
    { name: 'lo', kind: 'loopback', addresses: ['127.0.0.1/8'], mtu: 65536, pod: null },
    { name: 'eth0', kind: 'uplink', addresses: node.internal.map((ip) => (ip.includes(':') ? `${ip}/64` : `${ip}/24`)), mtu: uplink, pod: null },
    ...(node.interfaces ?? []).map(({ name, address }): NetworkInterface => ({ name, kind: 'uplink', addresses: [address], mtu: uplink, pod: null })),
  ];
  for (const { name, kind, address } of devices.others(node)) if (!list.some((device) => device.name === name)) list.push({ name, kind, addresses: own(address, single), mtu: kind === 'uplink' ? uplink : mtu, pod: null });
  const plain = devices.unencrypted?.tunnel ?? null;
  const tunnels = devices.unencrypted === undefined || input.nodes.every(({ wireguard }) => wireguard !== false) ? [tunnel] : node.wireguard === false ? [plain] : [tunnel, plain];
  for (const one of tunnels) if (one !== null) list.push({ name: one.name, kind: 'tunnel', addresses: own(one.address, single), mtu, pod: null });
  if (bridge !== null && (bridge.spans || node.pods.length > 0)) list.push({ name: bridge.name, kind: 'bridge', addresses: own(bridge.address, bridge.spans ? wide : lengthOf), mtu, pod: null });
  for (const pod of node.pods) list.push({ name: devices.pod(pod.key), kind: 'veth', addresses: [], mtu, pod: pod.key });
  return list;
}

function nextHop(devices: Pick<Devices, 'tunnel' | 'direct'>, node: CniNode, range: string, peer: string | null): string | null {
  const { tunnel } = devices;
  switch (tunnel === null ? devices.direct : tunnel.via) {
    case 'node': return peer;
    case 'tunnel': return (tunnel?.address == null ? undefined : nth(range, tunnel.address)) ?? peer;
    case 'self': return node.podRanges.filter((own) => own.includes(':') === range.includes(':')).map((own) => nth(own, 1)).find((ip) => ip !== undefined) ?? null;
    case 'underlay': case null: return null;
  }
}

/** The interface whose network holds the next hop; the first one where none does. */
function deviceTo(node: CniNode, ip: string | null): string {
  const address = ip === null ? undefined : parseAddress(ip);
  return (node.interfaces ?? []).find((one) => { const range = parseRange(one.address); return address !== undefined && range !== undefined && rangeHolds(range, address); })?.name ?? 'eth0';
}

// Simplified: every other node's range has a route of its own, so that a route says which node it leads to; in the kernel one route to all pods (Weave Net, Flannel's WireGuard) or the nodes' own network (AWS) covers them.
function routesOf(node: CniNode, input: CniInput, devices: Devices): Route[] {
  const routes: Route[] = [];
  const { bridge } = devices;
  if (bridge === null) {
    for (const pod of node.pods) for (const ip of pod.addresses) routes.push({ kind: 'local', to: `${ip}${ip.includes(':') ? '/128' : '/32'}`, via: null, device: devices.pod(pod.key), node: node.name });
  }
  for (const other of input.nodes) {
    for (const range of other.podRanges) {
      const family = range.includes(':');
      if (other.name === node.name) {
        if (bridge !== null) routes.push({ kind: 'local', to: range, via: null, device: bridge.name, node: node.name });
        continue;
      }
      const peer = (other.announces?.includes(':') === family ? other.announces : undefined) ?? other.internal.find((ip) => ip.includes(':') === family) ?? other.internal[0] ?? null;
      const unencrypted = devices.unencrypted !== undefined && (node.wireguard === false || other.wireguard === false);
      const way = unencrypted ? { tunnel: devices.unencrypted.tunnel, direct: devices.direct } : devices;
      routes.push({ kind: way.tunnel === null ? 'direct' : 'tunnel', to: range, via: nextHop(way, node, range, peer), device: way.tunnel === null ? deviceTo(node, peer) : way.tunnel.by ?? way.tunnel.name, node: other.name });
    }
  }
  for (const { name, address } of node.interfaces ?? []) {
    const range = parseRange(address);
    if (range?.family === 'IPv4') routes.push({ kind: 'link', to: `${formatAddress({ family: 'IPv4', value: range.first })}${lengthOf(address)}`, via: null, device: name, node: null });
  }
  const home = node.internal.find((ip) => !ip.includes(':'));
  if (home !== undefined) routes.push({ kind: 'link', to: `${home.slice(0, home.lastIndexOf('.'))}.0/24`, via: null, device: 'eth0', node: null });
  routes.push({ kind: 'default', to: '0.0.0.0/0', via: input.gateway, device: 'eth0', node: null });
  return routes;
}

/** Interfaces and routes of all nodes. */
export const nodeNetworks = (input: CniInput, devices: Devices, mtuOf: MtuOf): CniOutput['nodes'] =>
  input.nodes.map((node) => ({ name: node.name, interfaces: interfacesOf(node, input, devices, mtuOf), routes: routesOf(node, input, devices) }));

// What every plugin's nodes have in common: the uplink, one interface a pod, and a route to each other node's pods.
import { formatAddress, nthAddress, parseRange } from '../base/address.ts';
import { hash32 } from '../base/choose.ts';
import type { NetworkInterface, Route } from '../model/network.ts';
import type { CniInput, CniNode, CniOutput } from './cni-plugin.ts';

/** How a plugin names its devices; `tunnel` and `bridge` are `null` where it has none. */
export interface Devices {
  readonly tunnel: { readonly name: string; readonly address: number } | null;
  readonly bridge: { readonly name: string; readonly address: number } | null;
  readonly pod: (key: string) => string;
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

function interfacesOf(node: CniNode, input: CniInput, devices: Devices, mtu: number): NetworkInterface[] {
  const own = (place: { readonly address: number }, length?: string): string[] =>
    node.podRanges.flatMap((range) => { const ip = nth(range, place.address); return ip === undefined ? [] : [`${ip}${length ?? lengthOf(range)}`]; });
  const list: NetworkInterface[] = [
    { name: 'lo', kind: 'loopback', addresses: ['127.0.0.1/8'], mtu: 65536, pod: null },
    { name: 'eth0', kind: 'uplink', addresses: node.internal.map((ip) => (ip.includes(':') ? `${ip}/64` : `${ip}/24`)), mtu: input.underlayMtu, pod: null },
  ];
  if (devices.tunnel !== null) list.push({ name: devices.tunnel.name, kind: 'tunnel', addresses: own(devices.tunnel, '/32'), mtu, pod: null });
  if (devices.bridge !== null && node.pods.length > 0) list.push({ name: devices.bridge.name, kind: 'bridge', addresses: own(devices.bridge), mtu, pod: null });
  for (const pod of node.pods) list.push({ name: devices.pod(pod.key), kind: 'veth', addresses: [], mtu, pod: pod.key });
  return list;
}

function routesOf(node: CniNode, input: CniInput, devices: Devices): Route[] {
  const routes: Route[] = [];
  if (devices.bridge === null) {
    for (const pod of node.pods) for (const ip of pod.addresses) routes.push({ kind: 'local', to: `${ip}${ip.includes(':') ? '/128' : '/32'}`, via: null, device: devices.pod(pod.key), node: node.name });
  }
  for (const other of input.nodes) {
    for (const range of other.podRanges) {
      const family = range.includes(':');
      if (other.name === node.name) {
        if (devices.bridge !== null) routes.push({ kind: 'local', to: range, via: null, device: devices.bridge.name, node: node.name });
        continue;
      }
      const peer = other.internal.find((ip) => ip.includes(':') === family) ?? other.internal[0] ?? null;
      routes.push(devices.tunnel === null
        ? { kind: 'direct', to: range, via: peer, device: 'eth0', node: other.name }
        : { kind: 'tunnel', to: range, via: nth(range, devices.tunnel.address) ?? peer, device: devices.tunnel.name, node: other.name });
    }
  }
  const home = node.internal.find((ip) => !ip.includes(':'));
  if (home !== undefined) routes.push({ kind: 'link', to: `${home.slice(0, home.lastIndexOf('.'))}.0/24`, via: null, device: 'eth0', node: null });
  routes.push({ kind: 'default', to: '0.0.0.0/0', via: input.gateway, device: 'eth0', node: null });
  return routes;
}

/** Interfaces and routes of all nodes. */
export const nodeNetworks = (input: CniInput, devices: Devices, mtu: number): CniOutput['nodes'] =>
  input.nodes.map((node) => ({ name: node.name, interfaces: interfacesOf(node, input, devices, mtu), routes: routesOf(node, input, devices) }));

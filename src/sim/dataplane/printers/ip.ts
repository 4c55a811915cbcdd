// `ip addr` and `ip route`, on a node and in a pod, as iproute2 prints them: the interfaces and routes that the plugin made.
import { formatAddress, parseAddress, parseRange } from '../../base/address.ts';
import { hash32 } from '../../base/choose.ts';
import type { Network, NetworkInterface, NetworkNode, NetworkPod, Route } from '../../model/network.ts';
import { podMtu } from '../underlay.ts';

/** A locally administered address by the hash of a name (IEEE 802, the second bit of the first byte). */
function mac(name: string): string {
  const hex = hash32(name).toString(16).padStart(8, '0');
  return `02:${hash32(`${name}\u0000`).toString(16).slice(0, 2).padStart(2, '0')}:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}:${hex.slice(6, 8)}`;
}

const flags: Readonly<Record<NetworkInterface['kind'], string>> = {
  loopback: '<LOOPBACK,UP,LOWER_UP>', uplink: '<BROADCAST,MULTICAST,UP,LOWER_UP>', bridge: '<BROADCAST,MULTICAST,UP,LOWER_UP>', veth: '<BROADCAST,MULTICAST,UP,LOWER_UP>', tunnel: '<BROADCAST,MULTICAST,UP,LOWER_UP>', ipvs: '<BROADCAST,NOARP>',
};
const states: Readonly<Record<NetworkInterface['kind'], string>> = { loopback: 'qdisc noqueue state UNKNOWN', uplink: 'qdisc fq_codel state UP', bridge: 'qdisc noqueue state UP', veth: 'qdisc noqueue state UP', tunnel: 'qdisc noqueue state UNKNOWN', ipvs: 'qdisc noop state DOWN' };

function addressLines(device: string, kind: NetworkInterface['kind'], addresses: readonly string[]): string {
  return addresses.map((cidr) => {
    const [ip = '', length = ''] = cidr.split('/');
    const range = parseRange(cidr);
    const six = ip.includes(':');
    const broadcast = !six && kind !== 'loopback' && Number(length) < 31 && range !== undefined ? ` brd ${formatAddress({ family: range.family, value: range.last })}` : '';
    return `    ${six ? 'inet6' : 'inet'} ${cidr}${broadcast} scope ${kind === 'loopback' ? 'host' : 'global'} ${six ? '' : device}`.trimEnd() + '\n       valid_lft forever preferred_lft forever\n';
  }).join('');
}

function block(index: number, device: string, shown: string, kind: NetworkInterface['kind'], mtu: number, addresses: readonly string[], salt: string, peer: string): string {
  const link = kind === 'loopback' ? 'link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00' : `link/ether ${mac(`${salt}/${device}`)} brd ff:ff:ff:ff:ff:ff${peer}`;
  return `${index}: ${shown}: ${flags[kind]} mtu ${mtu} ${states[kind]} group default${kind === 'ipvs' ? '' : ' qlen 1000'}\n    ${link}\n${addressLines(device, kind, addresses)}`;
}

/** `ip addr` of a node; a pod on its node's network prints the same. */
export function ipAddrOfNode(node: NetworkNode): string {
  return node.interfaces.map((one, index) => {
    const paired = one.kind === 'veth' && one.pod !== null;
    return block(index + 1, one.name, paired ? `${one.name}@if2` : one.name, one.kind, one.mtu, one.addresses, node.name, paired ? ' link-netnsid 0' : '');
  }).join('');
}

/** The interface that the pod's own is paired with: its number on the node. */
const peerOf = (node: NetworkNode, pod: NetworkPod): number => node.interfaces.findIndex(({ pod: key }) => key === `${pod.namespace}/${pod.name}`) + 1;

const bridgeOf = (node: NetworkNode): NetworkInterface | undefined => node.interfaces.find(({ kind }) => kind === 'bridge');

/** Behind a bridge a pod has its place in the node's range; where the plugin routes to each pod, its address stands alone. */
function podCidr(node: NetworkNode, ip: string): string {
  const range = bridgeOf(node) === undefined ? undefined : node.podRanges.find((cidr) => cidr.includes(':') === ip.includes(':'));
  return `${ip}/${range?.split('/')[1] ?? (ip.includes(':') ? 128 : 32)}`;
}

export function ipAddrOfPod(network: Network, node: NetworkNode, pod: NetworkPod): string {
  if (pod.hostNetwork) return ipAddrOfNode(node);
  const six = pod.addresses.some((ip) => ip.includes(':'));
  return block(1, 'lo', 'lo', 'loopback', 65536, six ? ['127.0.0.1/8', '::1/128'] : ['127.0.0.1/8'], '', '')
    + block(2, 'eth0', `eth0@if${peerOf(node, pod)}`, 'veth', podMtu(node, pod, network.cni), pod.addresses.map((ip) => podCidr(node, ip)), `${pod.namespace}/${pod.name}`, ' link-netnsid 0');
}

const bare = (cidr: string): string => cidr.replace(/\/(32|128)$/, '');

function ownOn(node: NetworkNode, device: string, to: string): string {
  const address = node.interfaces.find(({ name }) => name === device)?.addresses.find((cidr) => cidr.includes(':') === to.includes(':'))?.replace(/\/\d+$/, '');
  return address === undefined ? '' : ` src ${address}`;
}

function routeLine(node: NetworkNode, route: Route): string {
  const device = `dev ${route.device}`;
  switch (route.kind) {
    case 'default': return `default${route.via === null ? '' : ` via ${route.via}`} ${device}`;
    case 'tunnel': return `${bare(route.to)}${route.via === null ? '' : ` via ${route.via}`} ${device}${route.via === null ? ' scope link' : ' onlink'}`;
    case 'direct': return `${bare(route.to)}${route.via === null ? '' : ` via ${route.via}`} ${device}`;
    case 'link': return `${route.to} ${device} proto kernel scope link${ownOn(node, route.device, route.to)}`;
    case 'local': return /\/(32|128)$/.test(route.to) ? `${bare(route.to)} ${device} scope link` : `${route.to} ${device} proto kernel scope link${ownOn(node, route.device, route.to)}`;
  }
}

const start = (cidr: string): bigint => parseAddress(cidr.split('/')[0] ?? '')?.value ?? 0n;

/** `ip route` (`ip -6 route`) of a node: the default route first, then by address, as the kernel's table is walked. */
export function ipRouteOfNode(node: NetworkNode, family: 'IPv4' | 'IPv6' = 'IPv4'): string {
  const own = node.routes.filter(({ to }) => to.includes(':') === (family === 'IPv6'));
  return [...own].sort((left, right) => Number(right.kind === 'default') - Number(left.kind === 'default') || (start(left.to) < start(right.to) ? -1 : start(left.to) > start(right.to) ? 1 : 0)).map((route) => `${routeLine(node, route)} \n`).join('');
}

/** `ip route` of a pod: by the bridge, by the plugin's own address on the node, or by an address that only the plugin answers for (169.254.1.1). */
export function ipRouteOfPod(network: Network, node: NetworkNode, pod: NetworkPod): string {
  if (pod.hostNetwork) return ipRouteOfNode(node);
  const ip = pod.addresses.find((address) => !address.includes(':'));
  if (ip === undefined) return '';
  const four = (addresses: readonly string[] | undefined): string | undefined => addresses?.find((cidr) => !cidr.includes(':'))?.replace(/\/\d+$/, '');
  const bridge = four(bridgeOf(node)?.addresses);
  if (bridge !== undefined) {
    const range = node.podRanges.find((cidr) => !cidr.includes(':')) ?? '';
    const all = network.podRanges.filter((cidr) => !cidr.includes(':')).map((cidr) => `${cidr} via ${bridge} dev eth0 \n`).join('');
    return `default via ${bridge} dev eth0 \n${all}${range} dev eth0 proto kernel scope link src ${ip} \n`;
  }
  const agent = four(node.interfaces.find(({ kind, pod: key, addresses }) => kind === 'veth' && key === null && addresses.length > 0)?.addresses) ?? '169.254.1.1';
  return `default via ${agent} dev eth0 \n${agent} dev eth0 scope link \n`;
}

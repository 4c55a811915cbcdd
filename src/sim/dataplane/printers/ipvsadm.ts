// `ipvsadm -Ln` on a node: the virtual servers that kube-proxy makes in IPVS mode, as ipvsadm 1.31 prints them (pkg/proxy/ipvs/proxier.go, syncService and syncEndpoint).
import { parseAddress, parseRange, rangeHolds, socketText } from '../../base/address.ts';
import type { Network, NetworkEndpoint, NetworkNode } from '../../model/network.ts';
import { portsOnNode, type PortOnNode } from './ports-on-node.ts';

const protocolNumber: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132 };

interface Virtual {
  readonly protocol: string;
  readonly ip: string;
  readonly port: number;
  readonly text: string;
}

/** A Local policy without an endpoint here uses all of them (syncEndpoint). */
const used = (port: PortOnNode, local: boolean): readonly NetworkEndpoint[] => (local && port.local.length > 0 ? port.local : port.cluster);

function virtual(port: PortOnNode, ip: string, number: number, endpoints: readonly NetworkEndpoint[]): Virtual {
  const { affinitySeconds } = port.service;
  const servers = endpoints.map((endpoint) => `  -> ${socketText(endpoint.ip, endpoint.port).padEnd(28)} ${'Masq'.padEnd(7)} ${'1'.padEnd(6)} ${'0'.padEnd(10)} ${'0'.padEnd(10)}\n`).join('');
  return { protocol: port.protocol, ip, port: number, text: `${port.protocol.toUpperCase().padEnd(4)} ${socketText(ip, number)} rr${affinitySeconds === null ? '' : ` persistent ${affinitySeconds}`}\n${servers}` };
}

/** The node's own addresses on which node ports answer: all but loopback ones and those of kube-ipvs0. */
function nodePortAddresses(network: Network, node: NetworkNode): string[] {
  const own = node.interfaces.filter(({ kind }) => kind !== 'loopback' && kind !== 'ipvs').flatMap(({ addresses }) => addresses.map((address) => address.replace(/\/\d+$/, '')));
  const chosen = network.proxy.nodePortAddresses;
  if (chosen.length === 0) return own;
  if (chosen.includes('primary')) return node.internal.slice(0, 1);
  const ranges = chosen.flatMap((cidr) => { const range = parseRange(cidr); return range === undefined ? [] : [range]; });
  return own.filter((ip) => { const address = parseAddress(ip); return address !== undefined && ranges.some((range) => rangeHolds(range, address)); });
}

const number = (ip: string): bigint => parseAddress(ip)?.value ?? 0n;

/** The header alone where kube-proxy does not run in IPVS mode. */
export function ipvsadmLn(network: Network, node: NetworkNode): string {
  const servers: Virtual[] = [];
  for (const family of network.proxy.mode === 'ipvs' ? ['IPv4', 'IPv6'] as const : []) {
    const own = nodePortAddresses(network, node).filter((ip) => ip.includes(':') === (family === 'IPv6'));
    for (const port of portsOnNode(network, node, family)) {
      servers.push(virtual(port, port.clusterIp, port.port.port, used(port, port.internalLocal)));
      for (const ip of [...port.externals, ...port.balancers]) servers.push(virtual(port, ip, port.port.port, used(port, port.externalLocal)));
      if (port.nodePort !== null) for (const ip of own) servers.push(virtual(port, ip, port.nodePort, used(port, port.externalLocal)));
    }
  }
  const sorted = servers.sort((left, right) => Number(left.ip.includes(':')) - Number(right.ip.includes(':')) || (protocolNumber[left.protocol] ?? 0) - (protocolNumber[right.protocol] ?? 0)
    || (number(left.ip) < number(right.ip) ? -1 : number(left.ip) > number(right.ip) ? 1 : left.port - right.port));
  return `IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n${sorted.map(({ text }) => text).join('')}`;
}

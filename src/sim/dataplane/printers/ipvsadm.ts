// `ipvsadm -Ln` on a node: the virtual servers that kube-proxy makes in IPVS mode, as ipvsadm 1.31 prints them (pkg/proxy/ipvs/proxier.go, syncService and syncEndpoint).
import { parseAddress, socketText } from '../../base/address.ts';
import type { Connection } from '../../model/connection.ts';
import type { Network, NetworkEndpoint, NetworkNode } from '../../model/network.ts';
import type { Family } from '../../model/object.ts';
import { nodePortReach, ownAddresses, reachHolds } from '../proxy-manners.ts';
import { conntrackEntries } from './conntrack.ts';
import { portsOnNode, type PortOnNode } from './ports-on-node.ts';

const protocolNumber: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132 };

interface Virtual {
  readonly protocol: string;
  readonly ip: string;
  readonly port: number;
  readonly text: string;
}

/** A Local policy without an endpoint here uses all that a Cluster policy would, if anything is under one (syncEndpoint). */
const used = (port: PortOnNode, local: boolean): readonly NetworkEndpoint[] => (local && port.local.length > 0 ? port.local : port.cluster);

function virtual(port: PortOnNode, ip: string, number: number, endpoints: readonly NetworkEndpoint[]): Virtual {
  const { affinitySeconds } = port.service;
  const servers = endpoints.map((endpoint) => `  -> ${socketText(endpoint.ip, endpoint.port).padEnd(28)} ${'Masq'.padEnd(7)} ${'1'.padEnd(6)} ${'0'.padEnd(10)} ${'0'.padEnd(10)}\n`).join('');
  return { protocol: port.protocol, ip, port: number, text: `${port.protocol.toUpperCase().padEnd(4)} ${socketText(ip, number)} rr${affinitySeconds === null ? '' : ` persistent ${affinitySeconds}`}\n${servers}` };
}

/** The node's own addresses on which node ports answer: never loopback ones, nor those of kube-ipvs0. */
const nodePortIps = (network: Network, node: NetworkNode, family: Family): readonly string[] => {
  const reach = nodePortReach(network.proxy, node, family);
  return ownAddresses(node, family).filter((ip) => reachHolds(reach, ip));
};

const number = (ip: string): bigint => parseAddress(ip)?.value ?? 0n;

// Simplified: `ipvsadm -Ln` counts no connections (ActiveConn, InActConn); `ipvsadm -Lnc` lists them.
/** The header alone where kube-proxy does not run in IPVS mode. */
export function ipvsadmLn(network: Network, node: NetworkNode): string {
  const servers: Virtual[] = [];
  for (const family of network.proxy.mode === 'ipvs' ? ['IPv4', 'IPv6'] as const : []) {
    const own = nodePortIps(network, node, family);
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

/** `ipvsadm -Lnc`: what went through a virtual server and is not forgotten yet; with affinity the client's template (port 0) too. */
export function ipvsadmLnc(network: Network, node: NetworkNode, connections: readonly Connection[]): string {
  const lines: string[] = [];
  if (network.proxy.mode === 'ipvs') {
    for (const { original, reply, protocol, state, left, replied } of conntrackEntries(network, node, connections)) {
      // Who answers is not who was called: it was translated.
      if (original.to.ip === reply.from.ip || protocol === 'icmp') continue;
      const ipvsState = protocol === 'udp' ? 'UDP' : state === 'ESTABLISHED' ? 'ESTABLISHED' : replied ? 'TIME_WAIT' : 'SYN_RECV';
      lines.push(connection(protocol.toUpperCase(), protocol === 'udp' ? 299 - (29 - left) : state === 'ESTABLISHED' ? 899 : replied ? left : 59, ipvsState, original.from, original.to, reply.from));
      const service = network.services.find((one) => one.affinitySeconds !== null && one.ports.some((port) => port.endpoints.some(({ ip, port: number }) => ip === reply.from.ip && number === reply.from.port) && (one.clusterAddresses.includes(original.to.ip) || port.nodePort === original.to.port)));
      if (service?.affinitySeconds != null) lines.push(connection(protocol.toUpperCase(), service.affinitySeconds - 1, 'NONE', { ip: original.from.ip, port: 0 }, original.to, reply.from));
    }
  }
  return `IPVS connection entries\npro expire state       source             virtual            destination\n${[...new Set(lines)].join('')}`;
}

type Socket = { readonly ip: string; readonly port: number | null };

const connection = (protocol: string, expires: number, state: string, from: Socket, virtual: Socket, to: Socket): string => {
  const clock = `${String(Math.floor(expires / 60)).padStart(2, '0')}:${String(expires % 60).padStart(2, '0')}`;
  const text = ({ ip, port }: Socket): string => socketText(ip, port ?? 0);
  return `${protocol.padEnd(3)} ${clock}  ${state.padEnd(11)} ${text(from).padEnd(18)} ${text(virtual).padEnd(18)} ${text(to)}\n`;
};

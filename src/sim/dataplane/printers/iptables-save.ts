// `iptables-save` on a node: the rules that kube-proxy writes in iptables mode, as iptables prints them (pkg/proxy/iptables/proxier.go; services.md 7).
import { socketText } from '../../base/address.ts';
import { base32, sha256 } from '../../base/sha256.ts';
import type { Network, NetworkEndpoint, NetworkNode } from '../../model/network.ts';
import type { Family } from '../../model/object.ts';
import { nodeIp, nodePortReach, nodePortsOnLoopback, ownAddresses, proxyManners, reachHolds } from '../proxy-manners.ts';
import { ipvsRules } from './ipvs-rules.ts';
import { rangesHold } from './ranges-hold.ts';
import { add, comment, empty, host, network as masked, printed, type Table } from './rule-table.ts';
import { portsOnNode, usedEndpoints, type PortOnNode } from './ports-on-node.ts';

const hash = (text: string): string => base32(sha256(text)).slice(0, 16);
/** More endpoints than this, and the rules that there are most of go without comments (largeClusterEndpointsThreshold). */
const large = 1000;

const chainOf = (kind: 'SVC' | 'SVL' | 'EXT' | 'FW', port: PortOnNode): string => `KUBE-${kind}-${hash(`${port.label}${port.protocol}`)}`;
const endpointChain = (port: PortOnNode, endpoint: NetworkEndpoint): string => `KUBE-SEP-${hash(`${port.label}${port.protocol}${socketText(endpoint.ip, endpoint.port)}`)}`;

/** To a Service's address and port. */
const aimed = (port: PortOnNode, ip: string, says: string): string => `-d ${host(ip)} -p ${port.protocol} ${comment(says)} -m ${port.protocol} --dport ${port.port.port}`;

/** As the kernel keeps it: kube-proxy's ten digits in 31 bits. */
const probability = (left: number): string => (Math.round(Number((1 / left).toFixed(10)) * 0x80000000) / 0x80000000).toFixed(11);

/** Picks among endpoints: first whom the client had before (affinity), then by chance. */
function choice(port: PortOnNode, endpoints: readonly NetworkEndpoint[], terse: boolean): string[] {
  const { affinitySeconds } = port.service;
  const name = (endpoint: NetworkEndpoint): string => (terse ? '' : `${comment(`${port.label} -> ${socketText(endpoint.ip, endpoint.port)}`)} `);
  const mask = endpoints[0]?.ip.includes(':') === true ? 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' : '255.255.255.255';
  return [
    ...(affinitySeconds === null ? [] : endpoints.map((endpoint) => `${name(endpoint)}-m recent --rcheck --seconds ${affinitySeconds} --reap --name ${endpointChain(port, endpoint)} --mask ${mask} --rsource -j ${endpointChain(port, endpoint)}`)),
    ...endpoints.map((endpoint, index) => `${name(endpoint)}${index === endpoints.length - 1 ? '' : `-m statistic --mode random --probability ${probability(endpoints.length - index)} `}-j ${endpointChain(port, endpoint)}`),
  ];
}

function endpointRules(nat: Table, port: PortOnNode, terse: boolean): void {
  const says = terse ? '' : `${comment(port.label)} `;
  for (const endpoint of usedEndpoints(port)) {
    const chain = endpointChain(port, endpoint);
    const mask = endpoint.ip.includes(':') ? 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' : '255.255.255.255';
    const recent = port.service.affinitySeconds === null ? '' : `-m recent --set --name ${chain} --mask ${mask} --rsource `;
    nat.set(chain, [
      `-s ${host(endpoint.ip)} ${says}-j KUBE-MARK-MASQ`,
      `-p ${port.protocol} ${says}${recent}-m ${port.protocol} -j DNAT --to-destination ${socketText(endpoint.ip, endpoint.port)}`,
    ]);
  }
}

/** What the filter table says of a port to which nobody answers here; `undefined` when somebody does. */
const target = (port: PortOnNode, local: boolean): { readonly says: string; readonly does: string } | undefined =>
  (!port.any ? { says: `${port.label} has no endpoints`, does: `REJECT --reject-with ${port.clusterIp.includes(':') ? 'icmp6' : 'icmp'}-port-unreachable` }
    : (local ? port.local : port.cluster).length === 0 ? { says: `${port.label} has no local endpoints`, does: 'DROP' } : undefined);

function filterRules(filter: Table, port: PortOnNode): void {
  const inside = target(port, port.internalLocal);
  if (inside !== undefined) add(filter, 'KUBE-SERVICES', `${aimed(port, port.clusterIp, inside.says)} -j ${inside.does}`);
  const outside = port.outside ? target(port, port.externalLocal) : undefined;
  if (outside !== undefined) {
    for (const ip of [...port.externals, ...port.balancers]) add(filter, 'KUBE-EXTERNAL-SERVICES', `${aimed(port, ip, outside.says)} -j ${outside.does}`);
    if (port.nodePort !== null) add(filter, 'KUBE-EXTERNAL-SERVICES', `-p ${port.protocol} ${comment(outside.says)} -m addrtype --dst-type LOCAL -m ${port.protocol} --dport ${port.nodePort} -j ${outside.does}`);
  }
  if (port.service.healthCheckNodePort !== null) add(filter, 'KUBE-NODEPORTS', `-p tcp ${comment(`${port.label} health check node port`)} -m tcp --dport ${port.service.healthCheckNodePort} -j ACCEPT`);
  if (port.any && port.sourceRanges.length > 0) for (const ip of port.balancers) add(filter, 'KUBE-PROXY-FIREWALL', `${aimed(port, ip, `${port.label} traffic not accepted by ${chainOf('FW', port)}`)} -j DROP`);
}

function natRules(nat: Table, port: PortOnNode, network: Network, node: NetworkNode, family: Family, ranges: readonly string[], terse: boolean): void {
  if (!port.any) return;
  const [cluster, local, external, firewall] = [chainOf('SVC', port), chainOf('SVL', port), chainOf('EXT', port), chainOf('FW', port)];
  const inner = port.internalLocal ? local : cluster;
  if ((port.internalLocal ? port.local : port.cluster).length > 0) {
    add(nat, 'KUBE-SERVICES', `${aimed(port, port.clusterIp, `${port.label} cluster IP`)} -j ${inner}`);
    const mine = aimed(port, port.clusterIp, `${port.label} cluster IP`);
    if (network.proxy.masqueradeAll) add(nat, inner, `${mine} -j KUBE-MARK-MASQ`);
    else for (const range of ranges) add(nat, inner, `! -s ${range} ${mine} -j KUBE-MARK-MASQ`);
  }
  const guarded = port.sourceRanges.length > 0;
  if (port.outside) {
    for (const ip of port.externals) add(nat, 'KUBE-SERVICES', `${aimed(port, ip, `${port.label} external IP`)} -j ${external}`);
    for (const ip of port.balancers) add(nat, 'KUBE-SERVICES', `${aimed(port, ip, `${port.label} loadbalancer IP`)} -j ${guarded ? firewall : external}`);
    if (port.nodePort !== null) add(nat, 'KUBE-NODEPORTS', `-p ${port.protocol} ${comment(port.label)} -m ${port.protocol} --dport ${port.nodePort} -j ${external}`);
    if (!port.externalLocal) add(nat, external, `${comment(`masquerade traffic for ${port.label} external destinations`)} -j KUBE-MARK-MASQ`, `-j ${cluster}`);
    else {
      for (const range of ranges) add(nat, external, `-s ${range} ${comment(`pod traffic for ${port.label} external destinations`)} -j ${cluster}`);
      add(nat, external,
        `${comment(`masquerade LOCAL traffic for ${port.label} external destinations`)} -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ`,
        `${comment(`route LOCAL traffic for ${port.label} external destinations`)} -m addrtype --src-type LOCAL -j ${cluster}`,
        ...(port.local.length > 0 ? [`-j ${local}`] : []));
    }
    if (guarded && port.balancers.length > 0) {
      for (const range of port.sourceRanges) add(nat, firewall, `-s ${masked(range)} ${comment(`${port.label} loadbalancer IP`)} -j ${external}`);
      if (rangesHold(port.sourceRanges, nodeIp(node, family))) for (const ip of port.balancers) add(nat, firewall, `-s ${host(ip)} ${comment(`${port.label} loadbalancer IP`)} -j ${external}`);
      add(nat, firewall, comment(`other traffic to ${port.label} will be dropped by KUBE-PROXY-FIREWALL`));
    }
  }
  if ((!port.internalLocal || port.outside) && port.cluster.length > 0) add(nat, cluster, ...choice(port, port.cluster, terse));
  if ((port.internalLocal || port.externalLocal) && port.local.length > 0) add(nat, local, ...choice(port, port.local, terse));
  endpointRules(nat, port, terse);
}

/** Which packets are for a node port: those to any address of the node, or to the addresses that were chosen. */
function nodePortRules(network: Network, node: NetworkNode, family: Family): string[] {
  const says = comment('kubernetes service nodeports; NOTE: this must be the last rule in this chain');
  const reach = nodePortReach(network.proxy, node, family);
  const onLoopback = nodePortsOnLoopback(network.proxy, proxyManners(network.proxy), node, family);
  if (reach.all) {
    const notLocal = family === 'IPv6' ? '! -d ::1/128 ' : onLoopback ? '' : '! -d 127.0.0.0/8 ';
    return [`${notLocal}${says} -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS`];
  }
  const chosen = [...(onLoopback ? ['127.0.0.1'] : []), ...ownAddresses(node, family).filter((ip) => reachHolds(reach, ip))];
  return chosen.map((ip) => `-d ${host(ip)} ${says} -j KUBE-NODEPORTS`);
}

/**
 * The tables filter and nat of a node, without the comment lines that iptables-save puts around them (they hold the date).
 * `ip6tables-save` is the same with the other family. In IPVS mode they hold what IPVS cannot do itself; in other modes nothing of kube-proxy's.
 */
export function iptablesSave(network: Network, node: NetworkNode, family: Family = 'IPv4'): string {
  const filter = empty([]);
  const nat = empty([]);
  if (network.proxy.mode === 'iptables') {
    for (const chain of ['KUBE-EXTERNAL-SERVICES', 'KUBE-FIREWALL', 'KUBE-FORWARD', 'KUBE-NODEPORTS', 'KUBE-PROXY-FIREWALL', 'KUBE-SERVICES']) add(filter, chain);
    for (const chain of ['KUBE-MARK-MASQ', 'KUBE-NODEPORTS', 'KUBE-POSTROUTING', 'KUBE-SERVICES']) add(nat, chain);
    const fresh = (says: string, chain: string): string => `-m conntrack --ctstate NEW ${comment(says)} -j ${chain}`;
    const balancerFirewall = fresh('kubernetes load balancer firewall', 'KUBE-PROXY-FIREWALL');
    const visible = fresh('kubernetes externally-visible service portals', 'KUBE-EXTERNAL-SERVICES');
    const portals = fresh('kubernetes service portals', 'KUBE-SERVICES');
    add(filter, 'INPUT', balancerFirewall, `${comment('kubernetes health check service ports')} -j KUBE-NODEPORTS`, visible, '-j KUBE-FIREWALL');
    add(filter, 'FORWARD', balancerFirewall, `${comment('kubernetes forwarding rules')} -j KUBE-FORWARD`, portals, visible);
    add(filter, 'OUTPUT', balancerFirewall, portals, '-j KUBE-FIREWALL');
    // kubelet's own rule, so it is there whatever kube-proxy is told of node ports on localhost.
    if (family === 'IPv4') add(filter, 'KUBE-FIREWALL', `! -s 127.0.0.0/8 -d 127.0.0.0/8 ${comment('block incoming localnet connections')} -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP`);
    add(filter, 'KUBE-FORWARD',
      '-m conntrack --ctstate INVALID -j DROP', `${comment('kubernetes forwarding rules')} -m mark --mark 0x4000/0x4000 -j ACCEPT`,
      `${comment('kubernetes forwarding conntrack rule')} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`);
    add(nat, 'PREROUTING', `${comment('kubernetes service portals')} -j KUBE-SERVICES`);
    add(nat, 'OUTPUT', `${comment('kubernetes service portals')} -j KUBE-SERVICES`);
    add(nat, 'POSTROUTING', `${comment('kubernetes postrouting rules')} -j KUBE-POSTROUTING`);
    add(nat, 'KUBE-MARK-MASQ', '-j MARK --set-xmark 0x4000/0x4000');
    add(nat, 'KUBE-POSTROUTING', '-m mark ! --mark 0x4000/0x4000 -j RETURN', '-j MARK --set-xmark 0x4000/0x0', `${comment('kubernetes service traffic requiring SNAT')} -j MASQUERADE`);
    const ranges = network.proxy.clusterRanges.filter((cidr) => cidr.includes(':') === (family === 'IPv6'));
    const ports = portsOnNode(network, node, family);
    const terse = ports.reduce((sum, { port }) => sum + port.endpoints.filter((endpoint) => endpoint.family === family).length, 0) > large;
    for (const port of ports) {
      natRules(nat, port, network, node, family, ranges, terse);
      filterRules(filter, port);
    }
    add(nat, 'KUBE-SERVICES', ...nodePortRules(network, node, family));
  }
  if (network.proxy.mode === 'ipvs') ipvsRules(filter, nat, network, node, family);
  return `${printed('filter', ['INPUT', 'FORWARD', 'OUTPUT'], filter)}${printed('nat', ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'], nat)}`;
}

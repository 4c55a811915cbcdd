// `iptables-save` on a node: the rules that kube-proxy writes in iptables mode, as iptables prints them (pkg/proxy/iptables/proxier.go; services.md 7).
import { parseRange, rangeHolds, parseAddress, socketText } from '../../base/address.ts';
import { byText } from '../../base/order.ts';
import { base32, sha256 } from '../../base/sha256.ts';
import type { Network, NetworkEndpoint, NetworkNode } from '../../model/network.ts';
import type { Family } from '../../model/object.ts';
import { portsOnNode, usedEndpoints, type PortOnNode } from './ports-on-node.ts';

/** The rules of each chain, without `-A CHAIN`. */
type Table = Map<string, string[]>;

const hash = (text: string): string => base32(sha256(text)).slice(0, 16);
const host = (ip: string): string => `${ip}/${ip.includes(':') ? 128 : 32}`;
const comment = (text: string): string => `-m comment --comment "${text}"`;

const chainOf = (kind: 'SVC' | 'SVL' | 'EXT' | 'FW', port: PortOnNode): string => `KUBE-${kind}-${hash(`${port.label}${port.protocol}`)}`;
const endpointChain = (port: PortOnNode, endpoint: NetworkEndpoint): string => `KUBE-SEP-${hash(`${port.label}${port.protocol}${socketText(endpoint.ip, endpoint.port)}`)}`;

/** To a Service's address and port. */
const aimed = (port: PortOnNode, ip: string, says: string): string => `-d ${host(ip)} -p ${port.protocol} ${comment(says)} -m ${port.protocol} --dport ${port.port.port}`;

/** As the kernel keeps it: kube-proxy's ten digits in 31 bits. */
const probability = (left: number): string => (Math.round(Number((1 / left).toFixed(10)) * 0x80000000) / 0x80000000).toFixed(11);

/** Picks among endpoints: first whom the client had before (affinity), then by chance. */
function choice(port: PortOnNode, endpoints: readonly NetworkEndpoint[]): string[] {
  const { affinitySeconds } = port.service;
  const name = (endpoint: NetworkEndpoint): string => comment(`${port.label} -> ${socketText(endpoint.ip, endpoint.port)}`);
  const mask = endpoints[0]?.ip.includes(':') === true ? 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' : '255.255.255.255';
  return [
    ...(affinitySeconds === null ? [] : endpoints.map((endpoint) => `${name(endpoint)} -m recent --rcheck --seconds ${affinitySeconds} --reap --name ${endpointChain(port, endpoint)} --mask ${mask} --rsource -j ${endpointChain(port, endpoint)}`)),
    ...endpoints.map((endpoint, index) => `${name(endpoint)}${index === endpoints.length - 1 ? '' : ` -m statistic --mode random --probability ${probability(endpoints.length - index)}`} -j ${endpointChain(port, endpoint)}`),
  ];
}

function endpointRules(nat: Table, port: PortOnNode): void {
  for (const endpoint of usedEndpoints(port)) {
    const chain = endpointChain(port, endpoint);
    const mask = endpoint.ip.includes(':') ? 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' : '255.255.255.255';
    const recent = port.service.affinitySeconds === null ? '' : ` -m recent --set --name ${chain} --mask ${mask} --rsource`;
    nat.set(chain, [
      `-s ${host(endpoint.ip)} ${comment(port.label)} -j KUBE-MARK-MASQ`,
      `-p ${port.protocol} ${comment(port.label)}${recent} -m ${port.protocol} -j DNAT --to-destination ${socketText(endpoint.ip, endpoint.port)}`,
    ]);
  }
}

function add(table: Table, chain: string, ...rules: readonly string[]): void {
  const there = table.get(chain);
  if (there === undefined) table.set(chain, [...rules]);
  else there.push(...rules);
}

/** What the filter table says of a port to which nobody answers here; `undefined` when somebody does. */
const target = (port: PortOnNode, local: boolean): { readonly says: string; readonly does: string } | undefined =>
  (!port.any ? { says: `${port.label} has no endpoints`, does: 'REJECT --reject-with icmp-port-unreachable' }
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
  if (port.any && port.service.sourceRanges.length > 0) for (const ip of port.balancers) add(filter, 'KUBE-PROXY-FIREWALL', `${aimed(port, ip, `${port.label} traffic not accepted by ${chainOf('FW', port)}`)} -j DROP`);
}

function natRules(nat: Table, port: PortOnNode, network: Network, node: NetworkNode, ranges: readonly string[]): void {
  if (!port.any) return;
  const [cluster, local, external, firewall] = [chainOf('SVC', port), chainOf('SVL', port), chainOf('EXT', port), chainOf('FW', port)];
  const inner = port.internalLocal ? local : cluster;
  if ((port.internalLocal ? port.local : port.cluster).length > 0) {
    add(nat, 'KUBE-SERVICES', `${aimed(port, port.clusterIp, `${port.label} cluster IP`)} -j ${inner}`);
    const mine = aimed(port, port.clusterIp, `${port.label} cluster IP`);
    if (network.proxy.masqueradeAll) add(nat, inner, `${mine} -j KUBE-MARK-MASQ`);
    else for (const range of ranges) add(nat, inner, `! -s ${range} ${mine} -j KUBE-MARK-MASQ`);
  }
  const guarded = port.service.sourceRanges.length > 0;
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
      for (const range of port.service.sourceRanges) add(nat, firewall, `-s ${range} ${comment(`${port.label} loadbalancer IP`)} -j ${external}`);
      const own = parseAddress(node.internal[0] ?? '');
      const fromNode = own !== undefined && port.service.sourceRanges.some((cidr) => { const range = parseRange(cidr); return range !== undefined && rangeHolds(range, own); });
      if (fromNode) for (const ip of port.balancers) add(nat, firewall, `-s ${host(ip)} ${comment(`${port.label} loadbalancer IP`)} -j ${external}`);
      add(nat, firewall, comment(`other traffic to ${port.label} will be dropped by KUBE-PROXY-FIREWALL`));
    }
  }
  if ((!port.internalLocal || port.outside) && port.cluster.length > 0) add(nat, cluster, ...choice(port, port.cluster));
  if ((port.internalLocal || port.externalLocal) && port.local.length > 0) add(nat, local, ...choice(port, port.local));
  endpointRules(nat, port);
}

/** Chains that nobody's rules are in are there too, and the built-in ones come first, in the order of the hooks. */
function printed(name: string, builtIn: readonly string[], table: Table): string {
  const own = [...table.keys()].filter((chain) => !builtIn.includes(chain)).sort(byText);
  const rules = [...builtIn, ...own].flatMap((chain) => (table.get(chain) ?? []).map((rule) => `-A ${chain} ${rule}\n`)).join('');
  return `*${name}\n${builtIn.map((chain) => `:${chain} ACCEPT [0:0]\n`).join('')}${own.map((chain) => `:${chain} - [0:0]\n`).join('')}${rules}COMMIT\n`;
}

const empty = (chains: readonly string[]): Table => new Map(chains.map((chain) => [chain, []]));

/** Which packets are for a node port: those to any address of the node, or to the addresses that were chosen. */
function nodePortRules(network: Network, node: NetworkNode, family: Family): string[] {
  const says = comment('kubernetes service nodeports; NOTE: this must be the last rule in this chain');
  const { nodePortAddresses, localhostNodePorts } = network.proxy;
  if (nodePortAddresses.length === 0) {
    const notLocal = family === 'IPv6' ? '! -d ::1/128 ' : localhostNodePorts ? '' : '! -d 127.0.0.0/8 ';
    return [`${notLocal}${says} -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS`];
  }
  const ranges = nodePortAddresses.flatMap((cidr) => { const range = parseRange(cidr); return range === undefined ? [] : [range]; });
  const own = node.internal.filter((ip) => ip.includes(':') === (family === 'IPv6'));
  const chosen = nodePortAddresses.includes('primary') ? own.slice(0, 1) : own.filter((ip) => { const address = parseAddress(ip); return address !== undefined && ranges.some((range) => rangeHolds(range, address)); });
  return chosen.map((ip) => `-d ${host(ip)} ${says} -j KUBE-NODEPORTS`);
}

/**
 * The tables filter and nat of a node, without the comment lines that iptables-save puts around them (they hold the date).
 * `ip6tables-save` is the same with the other family. Empty tables where kube-proxy does not run in iptables mode.
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
    for (const port of portsOnNode(network, node, family)) {
      natRules(nat, port, network, node, ranges);
      filterRules(filter, port);
    }
    add(nat, 'KUBE-SERVICES', ...nodePortRules(network, node, family));
  }
  return `${printed('filter', ['INPUT', 'FORWARD', 'OUTPUT'], filter)}${printed('nat', ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'], nat)}`;
}

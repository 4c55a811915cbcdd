// `nft list ruleset` on a node: the table that kube-proxy keeps in nftables mode, as nft prints it (pkg/proxy/nftables/proxier.go; services.md 7).
import { parseAddress, parseRange, rangeHolds } from '../../base/address.ts';
import { base32, sha256 } from '../../base/sha256.ts';
import type { Network, NetworkEndpoint, NetworkNode } from '../../model/network.ts';
import type { Family } from '../../model/object.ts';
import { primaryAddresses } from '../proxy-manners.ts';
import { portsOnNode, usedEndpoints, type PortOnNode } from './ports-on-node.ts';

const named = (name: string): string => `${base32(sha256(name)).slice(0, 8)}-${name}`;
const portName = (port: PortOnNode): string => `${port.service.ref.namespace}/${port.service.ref.name}/${port.protocol}/${port.port.name}`;
const chainOf = (kind: 'service' | 'local' | 'external' | 'firewall', port: PortOnNode): string => `${kind}-${named(portName(port))}`;
const endpointName = (port: PortOnNode, endpoint: NetworkEndpoint): string => named(`${portName(port)}__${endpoint.ip.replace(/:/g, '.')}/${endpoint.port}`);
const dnatTo = (endpoint: NetworkEndpoint): string => (endpoint.ip.includes(':') ? `[${endpoint.ip}]:${endpoint.port}` : `${endpoint.ip}:${endpoint.port}`);

interface Tables {
  readonly clusterIps: string[];
  readonly serviceIps: string[];
  readonly serviceNodePorts: string[];
  readonly noEndpointServices: string[];
  readonly noEndpointNodePorts: string[];
  readonly firewallIps: string[];
  readonly affinity: { readonly name: string; readonly seconds: number }[];
  readonly chains: [name: string, rules: string[]][];
}

const missing = (port: PortOnNode, local: boolean): string | undefined => (!port.any ? 'goto reject-chain' : (local ? port.local : port.cluster).length === 0 ? 'drop' : undefined);

/** Picks among endpoints: first whom the client had before, then by chance. */
function choice(port: PortOnNode, endpoints: readonly NetworkEndpoint[], ip: string): string[] {
  const before = port.service.affinitySeconds === null ? [] : endpoints.map((endpoint) => `${ip} saddr @affinity-${endpointName(port, endpoint)} goto endpoint-${endpointName(port, endpoint)}`);
  return [...before, `numgen random mod ${endpoints.length} vmap { ${endpoints.map((endpoint, index) => `${index} : goto endpoint-${endpointName(port, endpoint)}`).join(', ')} }`];
}

function collect(tables: Tables, port: PortOnNode, network: Network, node: NetworkNode, ip: string, ranges: readonly string[]): void {
  const [cluster, local, external, firewall] = [chainOf('service', port), chainOf('local', port), chainOf('external', port), chainOf('firewall', port)];
  const key = (address: string): string => `${address} . ${port.protocol} . ${port.port.port}`;
  const note = `comment "${port.label}"`;
  const inner = port.internalLocal ? local : cluster;
  if (!tables.clusterIps.includes(port.clusterIp)) tables.clusterIps.push(port.clusterIp);
  const inside = missing(port, port.internalLocal);
  if (inside === undefined) tables.serviceIps.push(`${key(port.clusterIp)} : goto ${inner}`);
  else tables.noEndpointServices.push(`${key(port.clusterIp)} ${note} : ${inside}`);
  const outer = [...port.externals, ...port.balancers];
  const outside = port.outside ? missing(port, port.externalLocal) : undefined;
  if (outside !== undefined) {
    for (const address of outer) tables.noEndpointServices.push(`${key(address)} ${note} : ${outside}`);
    if (port.nodePort !== null) tables.noEndpointNodePorts.push(`${port.protocol} . ${port.nodePort} ${note} : ${outside}`);
  }
  if (!port.any) return;
  if (port.outside) {
    for (const address of outer) tables.serviceIps.push(`${key(address)} : goto ${external}`);
    if (port.nodePort !== null) tables.serviceNodePorts.push(`${port.protocol} . ${port.nodePort} : goto ${external}`);
  }
  if (port.service.sourceRanges.length > 0 && port.balancers.length > 0) {
    const own = parseAddress(node.internal.find((address) => address.includes(':') === (ip === 'ip6')) ?? '');
    const fromNode = own !== undefined && port.service.sourceRanges.some((cidr) => { const range = parseRange(cidr); return range !== undefined && rangeHolds(range, own); });
    for (const address of port.balancers) tables.firewallIps.push(`${key(address)} : goto ${firewall}`);
    tables.chains.push([firewall, [`${ip} saddr != { ${[...port.service.sourceRanges, ...(fromNode ? port.balancers : [])].join(', ')} } drop`]]);
  }
  const marks = network.proxy.masqueradeAll ? [`${ip} daddr ${port.clusterIp} jump mark-for-masquerade`] : ranges.map((range) => `${ip} daddr ${port.clusterIp} ${ip} saddr != ${range} jump mark-for-masquerade`);
  if ((!port.internalLocal || port.outside) && port.cluster.length > 0) tables.chains.push([cluster, [...(port.internalLocal ? [] : marks), ...choice(port, port.cluster, ip)]]);
  if ((port.internalLocal || port.externalLocal) && port.local.length > 0) tables.chains.push([local, [...(port.internalLocal ? marks : []), ...choice(port, port.local, ip)]]);
  if (port.outside) {
    tables.chains.push([external, !port.externalLocal ? ['jump mark-for-masquerade', `goto ${cluster}`] : [
      ...ranges.map((range) => `${ip} saddr ${range} goto ${cluster} comment "short-circuit pod traffic"`),
      'fib saddr type local jump mark-for-masquerade comment "masquerade local traffic"', `fib saddr type local goto ${cluster} comment "short-circuit local traffic"`,
      ...(port.local.length > 0 ? [`goto ${local}`] : []),
    ]]);
  }
  for (const endpoint of usedEndpoints(port)) {
    const name = endpointName(port, endpoint);
    const sticky = port.service.affinitySeconds;
    if (sticky !== null) tables.affinity.push({ name: `affinity-${name}`, seconds: sticky });
    tables.chains.push([`endpoint-${name}`, [
      `${ip} saddr ${endpoint.ip} jump mark-for-masquerade`, ...(sticky === null ? [] : [`update @affinity-${name} { ${ip} saddr }`]), `meta l4proto ${port.protocol} dnat to ${dnatTo(endpoint)}`,
    ]]);
  }
}

/** How nft writes a time: `10800s` is `3h`. */
function time(seconds: number): string {
  const parts = [[86400, 'd'], [3600, 'h'], [60, 'm'], [1, 's']] as const;
  let left = seconds;
  return parts.map(([size, unit]) => { const count = Math.floor(left / size); left -= count * size; return count === 0 ? '' : `${count}${unit}`; }).join('') || '0s';
}

const elements = (list: readonly string[]): string => (list.length === 0 ? '' : `\t\telements = { ${list.join(',\n\t\t\t     ')} }\n`);
const set = (kind: 'set' | 'map', name: string, type: string, says: string, list: readonly string[]): string => `\t${kind} ${name} {\n\t\ttype ${type}\n\t\tcomment "${says}"\n${elements(list)}\t}\n`;
const chain = (name: string, rules: readonly string[], head = ''): string => `\tchain ${name} {\n${head === '' ? '' : `\t\t${head}\n`}${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}\n`;

/** The addresses on which node ports answer; never loopback ones. */
function nodePortIps(network: Network, node: NetworkNode, family: Family): readonly string[] {
  const own = node.internal.filter((address) => address.includes(':') === (family === 'IPv6'));
  const chosen = network.proxy.nodePortAddresses;
  if (chosen.length === 0 || chosen.includes('primary')) return primaryAddresses(node).filter((address) => own.includes(address));
  const ranges = chosen.flatMap((cidr) => { const range = parseRange(cidr); return range === undefined ? [] : [range]; });
  return own.filter((text) => { const address = parseAddress(text); return address !== undefined && ranges.some((range) => rangeHolds(range, address)); });
}

function table(network: Network, node: NetworkNode, family: Family): string {
  const ip = family === 'IPv6' ? 'ip6' : 'ip';
  const type = family === 'IPv6' ? 'ipv6_addr' : 'ipv4_addr';
  const ofFamily = (cidrs: readonly string[]): string[] => cidrs.filter((cidr) => cidr.includes(':') === (family === 'IPv6'));
  const services = ofFamily(network.serviceRanges);
  const tables: Tables = { clusterIps: [], serviceIps: [], serviceNodePorts: [], noEndpointServices: [], noEndpointNodePorts: [], firewallIps: [], affinity: [], chains: [] };
  for (const port of portsOnNode(network, node, family)) collect(tables, port, network, node, ip, ofFamily(network.proxy.clusterRanges));
  const full = `${type} . inet_proto . inet_service : verdict`;
  const short = 'inet_proto . inet_service : verdict';
  const by = `${ip} daddr . meta l4proto . th dport vmap`;
  const nodePorts = `${ip} daddr @nodeport-ips meta l4proto . th dport vmap`;
  const hook = (kind: string, where: string, priority: string): string => `type ${kind} hook ${where} priority ${priority}; policy accept;`;
  return `table ${ip} kube-proxy {\n\tcomment "rules for kube-proxy"\n`
    + set('set', 'cluster-ips', type, 'Active ClusterIPs', tables.clusterIps) + set('set', 'nodeport-ips', type, 'IPs that accept NodePort traffic', nodePortIps(network, node, family))
    + set('map', 'no-endpoint-services', full, 'vmap to drop or reject packets to services with no endpoints', tables.noEndpointServices)
    + set('map', 'no-endpoint-nodeports', short, 'vmap to drop or reject packets to service nodeports with no endpoints', tables.noEndpointNodePorts)
    + set('map', 'firewall-ips', full, 'destinations that are subject to LoadBalancerSourceRanges', tables.firewallIps)
    + set('map', 'service-ips', full, 'ClusterIP, ExternalIP and LoadBalancer IP traffic', tables.serviceIps) + set('map', 'service-nodeports', short, 'NodePort traffic', tables.serviceNodePorts)
    + tables.affinity.map(({ name, seconds }) => `\tset ${name} {\n\t\ttype ${type}\n\t\tsize 65535\n\t\tflags dynamic,timeout\n\t\ttimeout ${time(seconds)}\n\t}\n`).join('')
    + chain('filter-prerouting-pre-dnat', ['ct state new jump firewall-check'], hook('filter', 'prerouting', 'dstnat - 10'))
    + chain('filter-output-pre-dnat', ['ct state new jump firewall-check'], hook('filter', 'output', '-110'))
    + chain('filter-input', ['ct state new jump nodeport-endpoints-check', 'ct state new jump service-endpoints-check'], hook('filter', 'input', 'filter'))
    + chain('filter-forward', ['ct state new jump service-endpoints-check', 'ct state new jump cluster-ips-check'], hook('filter', 'forward', 'filter'))
    + chain('filter-output', ['ct state new jump service-endpoints-check', 'ct state new jump cluster-ips-check'], hook('filter', 'output', 'filter'))
    + chain('nat-prerouting', ['jump services'], hook('nat', 'prerouting', 'dstnat')) + chain('nat-output', ['jump services'], hook('nat', 'output', '-100')) + chain('nat-postrouting', ['jump masquerading'], hook('nat', 'postrouting', 'srcnat'))
    + chain('cluster-ips-check', [`${ip} daddr @cluster-ips reject comment "Reject traffic to invalid ports of ClusterIPs"`, ...(services.length === 0 ? [] : [`${ip} daddr { ${services.join(', ')} } drop comment "Drop traffic to unallocated ClusterIPs"`])])
    + chain('firewall-check', [`${by} @firewall-ips`]) + chain('mark-for-masquerade', ['meta mark set meta mark | 0x00004000'])
    + chain('masquerading', ['meta mark & 0x00004000 == 0x00000000 return', 'meta mark set meta mark ^ 0x00004000', 'masquerade fully-random'])
    + chain('nodeport-endpoints-check', [`${nodePorts} @no-endpoint-nodeports`]) + `\tchain reject-chain {\n\t\tcomment "helper for @no-endpoint-services / @no-endpoint-nodeports"\n\t\treject\n\t}\n`
    + chain('services', [`${by} @service-ips`, `${nodePorts} @service-nodeports`]) + chain('service-endpoints-check', [`${by} @no-endpoint-services`])
    + tables.chains.map(([name, rules]) => chain(name, rules)).join('') + '}\n';
}

/** One table a family that the node has; nothing where kube-proxy does not run in nftables mode. */
export function nftListRuleset(network: Network, node: NetworkNode): string {
  if (network.proxy.mode !== 'nftables') return '';
  const families = (['IPv4', 'IPv6'] as const).filter((family) => node.internal.some((address) => address.includes(':') === (family === 'IPv6')) && network.serviceRanges.some((cidr) => cidr.includes(':') === (family === 'IPv6')));
  return families.map((family) => table(network, node, family)).join('\n');
}

// `nft list ruleset` on a node: the table that kube-proxy 1.37 keeps in nftables mode, as nft 1.0.6 prints it (pkg/proxy/nftables/proxier.go; services.md 7).
import { formatAddress, parseRange, socketText, type AddressRange } from '../../base/address.ts';
import { addressSetOf } from '../../base/address-set.ts';
import { base32, sha256 } from '../../base/sha256.ts';
import type { Network, NetworkEndpoint, NetworkNode } from '../../model/network.ts';
import type { Family } from '../../model/object.ts';
import { nodeIp, nodePortReach, ownAddresses, reachHolds } from '../proxy-manners.ts';
import { rangesHold } from './ranges-hold.ts';
import { portsOnNode, usedEndpoints, type PortOnNode } from './ports-on-node.ts';

const named = (name: string): string => `${base32(sha256(name)).slice(0, 8)}-${name}`;
const portName = (port: PortOnNode): string => `${port.service.ref.namespace}/${port.service.ref.name}/${port.protocol}/${port.port.name}`;
const chainOf = (kind: 'service' | 'local' | 'external' | 'firewall', port: PortOnNode): string => `${kind}-${named(portName(port))}`;
const endpointName = (port: PortOnNode, endpoint: NetworkEndpoint): string => named(`${portName(port)}__${endpoint.ip.replace(/:/g, '.')}/${endpoint.port}`);

const mark = 'meta mark set meta mark | 0x00004000';

interface Tables {
  readonly hairpins: string[];
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

/** Picks among endpoints: by chance, in one rule; with affinity first whom the client had before, each endpoint in a chain of its own. */
function choice(port: PortOnNode, endpoints: readonly NetworkEndpoint[], ip: string): string[] {
  const count = endpoints.length;
  if (port.service.affinitySeconds !== null) {
    return [
      ...endpoints.map((endpoint) => `${ip} saddr @affinity-${endpointName(port, endpoint)} goto endpoint-${endpointName(port, endpoint)}`),
      `numgen random mod ${count} vmap { ${endpoints.map((endpoint, index) => `${index} : goto endpoint-${endpointName(port, endpoint)}`).join(', ')} }`,
    ];
  }
  const [only] = endpoints;
  if (count === 1 && only !== undefined) return [`meta l4proto ${port.protocol} dnat to ${socketText(only.ip, only.port)}`];
  return [`meta l4proto ${port.protocol} dnat ${ip} to numgen random mod ${count} map { ${endpoints.map((endpoint, index) => `${index} : ${endpoint.ip} . ${endpoint.port}`).join(', ')} }`];
}

/** A range as nft writes it: an address, a prefix where it is one, or from the first to the last. */
function interval({ family, first, last }: AddressRange): string {
  const from = formatAddress({ family, value: first });
  if (first === last) return from;
  const size = last - first + 1n;
  const length = (family === 'IPv6' ? 128 : 32) - (size.toString(2).length - 1);
  return (size & (size - 1n)) === 0n && first % size === 0n ? `${from}/${length}` : `${from}-${formatAddress({ family, value: last })}`;
}

/** As nft writes what was given as CIDRs: in order, and what touches or holds another as one. */
function sources(cidrs: readonly string[]): string {
  const given = cidrs.flatMap((cidr) => parseRange(cidr) ?? []);
  const texts = addressSetOf(given).map(interval);
  return given.length === 1 ? texts[0] ?? '' : `{ ${texts.join(', ')} }`;
}

function collect(tables: Tables, port: PortOnNode, node: NetworkNode, family: Family, ip: string, ranges: readonly string[]): void {
  const [cluster, local, external, firewall] = [chainOf('service', port), chainOf('local', port), chainOf('external', port), chainOf('firewall', port)];
  const key = (address: string): string => `${address} . ${port.protocol} . ${port.port.port}`;
  const note = `comment "${port.label}"`;
  for (const endpoint of usedEndpoints(port)) {
    const name = endpointName(port, endpoint);
    const sticky = port.service.affinitySeconds;
    if (sticky !== null) {
      tables.affinity.push({ name: `affinity-${name}`, seconds: sticky });
      tables.chains.push([`endpoint-${name}`, [`update @affinity-${name} { ${ip} saddr }`, `meta l4proto ${port.protocol} dnat to ${socketText(endpoint.ip, endpoint.port)}`]]);
    }
    const hairpin = `${endpoint.ip} . ${endpoint.ip} . ${port.protocol} . ${endpoint.port}`;
    if (endpoint.node === node.name && !tables.hairpins.includes(hairpin)) tables.hairpins.push(hairpin);
  }
  if (port.cluster.length > 0) tables.chains.push([cluster, choice(port, port.cluster, ip)]);
  if ((port.internalLocal || port.externalLocal) && port.local.length > 0) tables.chains.push([local, choice(port, port.local, ip)]);
  if (!tables.clusterIps.includes(port.clusterIp)) tables.clusterIps.push(port.clusterIp);
  const inside = missing(port, port.internalLocal);
  if (inside === undefined) tables.serviceIps.push(`${key(port.clusterIp)} : goto ${port.internalLocal ? local : cluster}`);
  else tables.noEndpointServices.push(`${key(port.clusterIp)} ${note} : ${inside}`);
  const outer = [...port.externals, ...port.balancers];
  const outside = port.outside ? missing(port, port.externalLocal) : undefined;
  if (outside !== undefined) {
    for (const address of outer) tables.noEndpointServices.push(`${key(address)} ${note} : ${outside}`);
    if (port.nodePort !== null) tables.noEndpointNodePorts.push(`${port.protocol} . ${port.nodePort} ${note} : ${outside}`);
  }
  if (port.outside && port.any) {
    for (const address of outer) tables.serviceIps.push(`${key(address)} : goto ${external}`);
    if (port.nodePort !== null) tables.serviceNodePorts.push(`${port.protocol} . ${port.nodePort} : goto ${external}`);
    tables.chains.push([external, !port.externalLocal ? [`${mark} comment "masquerade"`, `goto ${cluster}`] : [
      ...ranges.map((range) => `${ip} saddr ${range} goto ${cluster} comment "short-circuit pod traffic"`),
      `fib saddr type local ${mark} comment "masquerade local traffic"`, `fib saddr type local goto ${cluster} comment "short-circuit local traffic"`,
      ...(port.local.length > 0 ? [`goto ${local}`] : []),
    ]]);
  }
  if (port.sourceRanges.length > 0 && port.balancers.length > 0) {
    // A balancer's address may be the node's own by a route of the cloud: what the node sends there comes back with it as its source.
    const fromNode = rangesHold(port.sourceRanges, nodeIp(node, family));
    for (const address of port.balancers) tables.firewallIps.push(`${key(address)} : goto ${firewall}`);
    tables.chains.push([firewall, [`${ip} saddr != ${sources([...port.sourceRanges, ...(fromNode ? port.balancers.map((address) => `${address}/${family === 'IPv6' ? 128 : 32}`) : [])])} drop`]]);
  }
}

/** How nft writes a time: `10800s` is `3h`. */
function time(seconds: number): string {
  const parts = [[86400, 'd'], [3600, 'h'], [60, 'm'], [1, 's']] as const;
  let left = seconds;
  return parts.map(([size, unit]) => { const count = Math.floor(left / size); left -= count * size; return count === 0 ? '' : `${count}${unit}`; }).join('') || '0s';
}

/** `across` elements stand in one line. */
const elements = (list: readonly string[], across: number): string => (list.length === 0 ? '' : `\t\telements = { ${list.map((text, index) => `${index === 0 ? '' : index % across === 0 ? ',\n\t\t\t     ' : ', '}${text}`).join('')} }\n`);
const set = (kind: 'set' | 'map', name: string, type: string, says: string, list: readonly string[], across = 1): string => `\t${kind} ${name} {\n\t\ttype ${type}\n\t\tcomment "${says}"\n${elements(list, across)}\t}\n`;
const chain = (name: string, rules: readonly string[], head = ''): string => `\tchain ${name} {\n${head === '' ? '' : `\t\t${head}\n`}${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}\n`;

function table(network: Network, node: NetworkNode, family: Family): string {
  const ip = family === 'IPv6' ? 'ip6' : 'ip';
  const type = family === 'IPv6' ? 'ipv6_addr' : 'ipv4_addr';
  const ofFamily = (cidrs: readonly string[]): string[] => cidrs.filter((cidr) => cidr.includes(':') === (family === 'IPv6'));
  const services = ofFamily(network.serviceRanges);
  const ranges = ofFamily(network.proxy.clusterRanges);
  const tables: Tables = { hairpins: [], clusterIps: [], serviceIps: [], serviceNodePorts: [], noEndpointServices: [], noEndpointNodePorts: [], firewallIps: [], affinity: [], chains: [] };
  for (const port of portsOnNode(network, node, family)) collect(tables, port, node, family, ip, ranges);
  const reach = nodePortReach(network.proxy, node, family);
  const nodePortIps = reach.all ? [] : ownAddresses(node, family).filter((address) => reachHolds(reach, address));
  const full = `${type} . inet_proto . inet_service : verdict`;
  const short = 'inet_proto . inet_service : verdict';
  const by = `${ip} daddr . meta l4proto . th dport vmap`;
  const across = family === 'IPv6' ? 1 : 2;
  const notLocalhost = family === 'IPv6' ? 'ip6 daddr != ::1' : 'ip daddr != 127.0.0.0/8';
  const portKey = 'meta l4proto . th dport vmap';
  const hook = (kind: string, where: string, priority: string): string => `type ${kind} hook ${where} priority ${priority}; policy accept;`;
  const fromOutside = network.proxy.masqueradeAll ? [`${ip} daddr @cluster-ips ${mark} comment "masquerade all clusterIP traffic"`]
    : ranges.slice(0, 1).map((range) => `${ip} daddr @cluster-ips ${ip} saddr != ${range} ${mark} comment "masquerade clusterIP traffic from outside cluster"`);
  const blocks = [
    set('set', 'hairpin-connections', `${type} . ${type} . inet_proto . inet_service`, 'service hairpin connections', tables.hairpins),
    set('set', 'cluster-ips', type, 'Active ClusterIPs', tables.clusterIps, across),
    ...(reach.all ? [] : [set('set', 'nodeport-ips', type, 'IPs that accept NodePort traffic', nodePortIps, across)]),
    set('map', 'no-endpoint-services', full, 'vmap to drop or reject packets to services with no endpoints', tables.noEndpointServices),
    set('map', 'no-endpoint-nodeports', short, 'vmap to drop or reject packets to service nodeports with no endpoints', tables.noEndpointNodePorts),
    set('map', 'firewall-ips', full, 'destinations that are subject to LoadBalancerSourceRanges', tables.firewallIps),
    set('map', 'service-ips', full, 'ClusterIP, ExternalIP and LoadBalancer IP traffic', tables.serviceIps),
    set('map', 'service-nodeports', short, 'NodePort traffic', tables.serviceNodePorts),
    ...tables.affinity.map(({ name, seconds }) => `\tset ${name} {\n\t\ttype ${type}\n\t\tsize 65535\n\t\tflags dynamic,timeout\n\t\ttimeout ${time(seconds)}\n\t}\n`),
    chain('filter-prerouting-pre-dnat', ['ct state new jump firewall-check'], hook('filter', 'prerouting', 'dstnat - 10')),
    chain('filter-output-pre-dnat', ['ct state new jump firewall-check'], hook('filter', 'output', '-110')),
    chain('filter-input', ['ct state new jump nodeport-endpoints-check', 'ct state new jump service-endpoints-check'], hook('filter', 'input', 'filter')),
    chain('filter-forward', ['ct state new jump service-endpoints-check', 'ct state new jump cluster-ips-check'], hook('filter', 'forward', 'filter')),
    chain('filter-output', ['ct state new jump service-endpoints-check', 'ct state new jump cluster-ips-check'], hook('filter', 'output', 'filter')),
    chain('nat-prerouting', ['jump services'], hook('nat', 'prerouting', 'dstnat')),
    chain('nat-output', ['jump services'], hook('nat', 'output', '-100')),
    chain('nat-postrouting', ['jump masquerading'], hook('nat', 'postrouting', 'srcnat')),
    chain('nodeport-endpoints-check', [`${reach.all ? `${notLocalhost} ${portKey}` : `${ip} daddr @nodeport-ips ${portKey}`} @no-endpoint-nodeports`]),
    chain('service-endpoints-check', [`${by} @no-endpoint-services`]),
    chain('firewall-check', [`${by} @firewall-ips`]),
    chain('services', [...fromOutside, `${by} @service-ips`, `${reach.all ? `fib daddr type local ${notLocalhost} ${portKey}` : `${ip} daddr @nodeport-ips ${portKey}`} @service-nodeports`]),
    chain('masquerading', [`meta mark & 0x00004000 != 0x00000000 meta mark set meta mark ^ 0x00004000 masquerade fully-random`, `ct status dnat ${ip} saddr . ${ip} daddr . meta l4proto . th dport @hairpin-connections masquerade fully-random`]),
    chain('cluster-ips-check', [`${ip} daddr @cluster-ips reject comment "Reject traffic to invalid ports of ClusterIPs"`, ...(services.length === 0 ? [] : [`${ip} daddr ${sources(services)} drop comment "Drop traffic to unallocated ClusterIPs"`])]),
    '\tchain reject-chain {\n\t\tcomment "helper for @no-endpoint-services / @no-endpoint-nodeports"\n\t\treject\n\t}\n',
    ...tables.chains.map(([name, rules]) => chain(name, rules)),
  ];
  return `table ${ip} kube-proxy {\n\tcomment "rules for kube-proxy"\n${blocks.join('\n')}}\n`;
}

/** A table for each family; nothing where kube-proxy does not run in nftables mode. */
export function nftListRuleset(network: Network, node: NetworkNode): string {
  if (network.proxy.mode !== 'nftables') return '';
  return (['IPv4', 'IPv6'] as const).map((family) => table(network, node, family)).join('');
}

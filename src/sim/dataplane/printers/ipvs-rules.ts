// What kube-proxy adds to iptables in IPVS mode: IPVS translates, iptables marks for masquerade, filters and rejects, by ipsets (pkg/proxy/ipvs/proxier.go, writeIptablesRules).
import type { Network, NetworkNode } from '../../model/network.ts';
import type { Family } from '../../model/object.ts';
import { nodeIp } from '../proxy-manners.ts';
import { portsOnNode } from './ports-on-node.ts';
import { rangesHold } from './ranges-hold.ts';
import { add, comment, host, type Table } from './rule-table.ts';

const protocolNumber: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132 };

/** An ipset's name in the family, as long as the kernel takes it. */
const setName = (family: Family, name: string): string => (family === 'IPv6' ? name.replace(/^KUBE-/, 'KUBE-6-') : name).slice(0, 31);

export function ipvsRules(filter: Table, nat: Table, network: Network, node: NetworkNode, family: Family): void {
  const ports = portsOnNode(network, node, family);
  const own = (name: string): string => setName(family, name);
  const match = (name: string, by: string): string => `-m set --match-set ${own(name)} ${by}`;
  const some = (test: (port: (typeof ports)[number]) => boolean): boolean => ports.some(test);
  const ranges = network.proxy.clusterRanges.filter((cidr) => cidr.includes(':') === (family === 'IPv6'));
  for (const chain of ['KUBE-FIREWALL', 'KUBE-FORWARD', 'KUBE-IPVS-FILTER', 'KUBE-IPVS-OUT-FILTER', 'KUBE-NODE-PORT', 'KUBE-PROXY-FIREWALL', 'KUBE-SOURCE-RANGES-FIREWALL']) add(filter, chain);
  for (const chain of ['KUBE-LOAD-BALANCER', 'KUBE-MARK-MASQ', 'KUBE-NODE-PORT', 'KUBE-POSTROUTING', 'KUBE-SERVICES']) add(nat, chain);

  add(filter, 'INPUT', `${comment('kubernetes ipvs access filter')} -j KUBE-IPVS-FILTER`, `${comment('kube-proxy firewall rules')} -j KUBE-PROXY-FIREWALL`, `${comment('kubernetes health check rules')} -j KUBE-NODE-PORT`, '-j KUBE-FIREWALL');
  add(filter, 'FORWARD', `${comment('kube-proxy firewall rules')} -j KUBE-PROXY-FIREWALL`, `${comment('kubernetes forwarding rules')} -j KUBE-FORWARD`);
  add(filter, 'OUTPUT', `${comment('kubernetes ipvs access filter')} -j KUBE-IPVS-OUT-FILTER`, '-j KUBE-FIREWALL');
  if (family === 'IPv4') add(filter, 'KUBE-FIREWALL', `! -s 127.0.0.0/8 -d 127.0.0.0/8 ${comment('block incoming localnet connections')} -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP`);
  add(filter, 'KUBE-FORWARD', `${comment('kubernetes forwarding rules')} -m mark --mark 0x4000/0x4000 -j ACCEPT`, `${comment('kubernetes forwarding conntrack rule')} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`);
  for (const [name, by] of [['KUBE-LOAD-BALANCER', 'dst,dst'], ['KUBE-CLUSTER-IP', 'dst,dst'], ['KUBE-EXTERNAL-IP', 'dst,dst'], ['KUBE-EXTERNAL-IP-LOCAL', 'dst,dst'], ['KUBE-HEALTH-CHECK-NODE-PORT', 'dst']] as const) add(filter, 'KUBE-IPVS-FILTER', `${match(name, by)} -j RETURN`);
  add(filter, 'KUBE-IPVS-FILTER', `-m conntrack --ctstate NEW ${match('KUBE-IPVS-IPS', 'dst')} -j REJECT --reject-with ${family === 'IPv6' ? 'icmp6' : 'icmp'}-port-unreachable`);
  add(filter, 'KUBE-NODE-PORT', `${comment('Kubernetes health check node port')} ${match('KUBE-HEALTH-CHECK-NODE-PORT', 'dst')} -j ACCEPT`);

  const guarded = ports.filter(({ balancers, sourceRanges }) => balancers.length > 0 && sourceRanges.length > 0);
  if (guarded.length > 0) {
    add(filter, 'KUBE-PROXY-FIREWALL', `${comment('Kubernetes service load balancer ip + port for load balancer with sourceRange')} ${match('KUBE-LOAD-BALANCER-FW', 'dst,dst')} -j KUBE-SOURCE-RANGES-FIREWALL`);
    add(filter, 'KUBE-SOURCE-RANGES-FIREWALL', `${comment('Kubernetes service load balancer ip + port + source cidr for packet filter purpose')} ${match('KUBE-LOAD-BALANCER-SOURCE-CIDR', 'dst,dst,src')} -j RETURN`);
    if (guarded.some(({ sourceRanges }) => rangesHold(sourceRanges, nodeIp(node, family)))) add(filter, 'KUBE-SOURCE-RANGES-FIREWALL', `${comment('Kubernetes service load balancer ip + port + source IP for packet filter purpose')} ${match('KUBE-LOAD-BALANCER-SOURCE-IP', 'dst,dst,src')} -j RETURN`);
  }
  add(filter, 'KUBE-SOURCE-RANGES-FIREWALL', '-j DROP');
  // With IPVS a node reaches a balancer's address from that address itself: a range that does not hold the node cannot keep it out.
  for (const port of guarded) if (!rangesHold(port.sourceRanges, nodeIp(node, family))) for (const ip of port.balancers) add(filter, 'KUBE-IPVS-OUT-FILTER', `-s ${host(ip)} -m ipvs --vproto ${String(protocolNumber[port.protocol])} --vaddr ${ip} --vport ${port.port.port} -j DROP`);

  add(nat, 'PREROUTING', `${comment('kubernetes service portals')} -j KUBE-SERVICES`);
  add(nat, 'OUTPUT', `${comment('kubernetes service portals')} -j KUBE-SERVICES`);
  add(nat, 'POSTROUTING', `${comment('kubernetes postrouting rules')} -j KUBE-POSTROUTING`);
  add(nat, 'KUBE-SERVICES', `-s ${family === 'IPv6' ? '::1/128' : '127.0.0.0/8'} -j RETURN`);
  if (some(({ port }) => port.endpoints.some((endpoint) => endpoint.family === family && endpoint.node === node.name))) add(nat, 'KUBE-POSTROUTING', `${comment('Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose')} ${match('KUBE-LOOP-BACK', 'dst,dst,src')} -j MASQUERADE`);
  const balanced = some(({ balancers }) => balancers.length > 0);
  if (balanced) add(nat, 'KUBE-SERVICES', `${comment('Kubernetes service lb portal')} ${match('KUBE-LOAD-BALANCER', 'dst,dst')} -j KUBE-LOAD-BALANCER`);
  if (some(({ balancers, externalLocal }) => externalLocal && balancers.length > 0)) add(nat, 'KUBE-LOAD-BALANCER', `${comment('Kubernetes service load balancer ip + port with externalTrafficPolicy=local')} ${match('KUBE-LOAD-BALANCER-LOCAL', 'dst,dst')} -j RETURN`);
  for (const [protocol, by] of [['tcp', 'dst'], ['udp', 'dst'], ['sctp', 'dst,dst']] as const) {
    const name = protocol.toUpperCase();
    const hashed = protocol === 'sctp' ? '-HASH' : '';
    const ofProtocol = ports.filter((port) => port.protocol === protocol && port.nodePort !== null);
    if (ofProtocol.some(({ externalLocal }) => externalLocal)) add(nat, 'KUBE-NODE-PORT', `-p ${protocol} ${comment(`Kubernetes nodeport ${name} port with externalTrafficPolicy=local${hashed === '' ? '' : " with type \\'hash ip:port\\'"}`)} ${match(`KUBE-NODE-PORT-LOCAL-${name}${hashed}`, by)} -j RETURN`);
    if (ofProtocol.length > 0) add(nat, 'KUBE-NODE-PORT', `-p ${protocol} ${comment(`Kubernetes nodeport ${name} port for masquerade purpose${hashed === '' ? '' : " with type \\'hash ip:port\\'"}`)} ${match(`KUBE-NODE-PORT-${name}${hashed}`, by)} -j KUBE-MARK-MASQ`);
  }
  if (ports.length > 0) {
    const says = comment('Kubernetes service cluster ip + port for masquerade purpose');
    const marks = network.proxy.masqueradeAll ? [`${says} ${match('KUBE-CLUSTER-IP', 'dst,dst')}`] : ranges.length > 0 ? ranges.slice(0, 1).map((range) => `! -s ${range} ${says} ${match('KUBE-CLUSTER-IP', 'dst,dst')}`) : [`${says} ${match('KUBE-CLUSTER-IP', 'src,dst')}`];
    add(nat, 'KUBE-SERVICES', ...marks.map((mark) => `${mark} -j KUBE-MARK-MASQ`));
  }
  for (const local of [false, true]) {
    if (!some(({ externals, externalLocal }) => externals.length > 0 && externalLocal === local)) continue;
    const says = local ? `${comment('Kubernetes service external ip + port with externalTrafficPolicy=local')} ${match('KUBE-EXTERNAL-IP-LOCAL', 'dst,dst')}` : `${comment('Kubernetes service external ip + port for masquerade and filter purpose')} ${match('KUBE-EXTERNAL-IP', 'dst,dst')}`;
    add(nat, 'KUBE-SERVICES', ...(local ? [] : [`${says} -j KUBE-MARK-MASQ`]), `${says} -m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL -j ACCEPT`, `${says} -m addrtype --dst-type LOCAL -j ACCEPT`);
  }
  add(nat, 'KUBE-SERVICES', '-m addrtype --dst-type LOCAL -j KUBE-NODE-PORT');
  add(nat, 'KUBE-LOAD-BALANCER', '-j KUBE-MARK-MASQ');
  if (ports.length > 0) add(nat, 'KUBE-SERVICES', `${match('KUBE-CLUSTER-IP', 'dst,dst')} -j ACCEPT`);
  if (balanced) add(nat, 'KUBE-SERVICES', `${match('KUBE-LOAD-BALANCER', 'dst,dst')} -j ACCEPT`);
  add(nat, 'KUBE-POSTROUTING', '-m mark ! --mark 0x4000/0x4000 -j RETURN', '-j MARK --set-xmark 0x4000/0x0', `${comment('kubernetes service traffic requiring SNAT')} -j MASQUERADE`);
  add(nat, 'KUBE-MARK-MASQ', '-j MARK --set-xmark 0x4000/0x4000');
}

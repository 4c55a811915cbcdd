// The Cluster document's underlay: what lies between the nodes, security groups, segments.
import { parseAddress, parseRange } from '../../base/address.ts';
import type { ClusterUnderlay, SecurityGroup, SecurityGroupRule } from '../../model/cluster-document.ts';
import { duplicate, invalid, quoted, required, unsupported } from '../problem-at.ts';
import type { Finding } from '../problem-at.ts';
import { checked, isDns1123Label, isDns1123Subdomain, labels } from './names.ts';

export const groupProtocols = ['ICMP', 'IPIP', 'SCTP', 'TCP', 'UDP', 'all'] as const;
export const fragmentationWords = ['delivered', 'lost'] as const;
const withPorts: readonly (string | undefined)[] = ['TCP', 'UDP', 'SCTP'];

export const oneOf = (field: string, value: string | undefined, supported: readonly string[]): readonly Finding[] => (value === undefined || supported.includes(value) ? [] : [unsupported(field, value, supported)]);

/** What an interface may carry. */
export const mtu = (field: string, value: number | undefined): readonly Finding[] => (value === undefined || (value >= 68 && value <= 65_535) ? [] : [invalid(field, value, 'must be between 68 and 65535, inclusive')]);

/** Names of nodes: each once. Whether they exist only the cluster knows. */
export const nodeNames = (field: string, names: readonly string[]): readonly Finding[] =>
  names.flatMap((name, index) => [...checked(`${field}[${index}]`, name, isDns1123Subdomain), ...(names.indexOf(name) < index ? [duplicate(`${field}[${index}]`, name)] : [])]);

/** What stands in `spec.underlay` beside `hosts`. */
export function underlayFindings(underlay: ClusterUnderlay): readonly Finding[] {
  const groups = underlay.securityGroups ?? [];
  return [
    ...mtu('spec.underlay.mtu', underlay.mtu),
    ...oneOf('spec.underlay.fragmentationNeeded', underlay.fragmentationNeeded, fragmentationWords),
    ...groups.flatMap((group, index) => groupFindings(`spec.underlay.securityGroups[${index}]`, group, groups, index)),
    ...(underlay.segments ?? []).flatMap((names, index) => (names.length === 0 ? [required(`spec.underlay.segments[${index}]`, 'must contain at least 1 node')] : nodeNames(`spec.underlay.segments[${index}]`, names))),
  ];
}

function groupFindings(path: string, group: SecurityGroup, groups: readonly SecurityGroup[], index: number): readonly Finding[] {
  const name: string = group.name ?? '';
  const { pods } = group;
  return [
    ...(name === '' ? [required(`${path}.name`)] : [...checked(`${path}.name`, name, isDns1123Label), ...(groups.slice(0, index).some((other) => other.name === name) ? [duplicate(`${path}.name`, name)] : [])]),
    ...nodeNames(`${path}.nodes`, group.nodes ?? []),
    ...(pods === undefined ? [] : [...((pods.namespace ?? '') === '' ? [required(`${path}.pods.namespace`)] : checked(`${path}.pods.namespace`, pods.namespace, isDns1123Label)), ...labels(`${path}.pods.matchLabels`, pods.matchLabels)]),
    ...(group.ingress ?? []).flatMap((rule, at) => ruleFindings(`${path}.ingress[${at}]`, rule, groups)),
    ...(group.egress ?? []).flatMap((rule, at) => ruleFindings(`${path}.egress[${at}]`, rule, groups)),
  ];
}

function ruleFindings(path: string, rule: SecurityGroupRule, groups: readonly SecurityGroup[]): readonly Finding[] {
  return [
    ...peerFindings(`${path}.peer`, rule.peer, groups),
    ...oneOf(`${path}.protocol`, rule.protocol, groupProtocols),
    ...(rule.ports === undefined ? [] : portFindings(`${path}.ports`, rule.ports)),
    ...(rule.ports !== undefined && !withPorts.includes(rule.protocol) ? [{ ...required(`${path}.protocol`, 'ports belong to TCP, UDP or SCTP'), help: 'Say whose ports these are: protocol: TCP, UDP or SCTP.' }] : []),
  ];
}

function peerFindings(field: string, peer: string | undefined, groups: readonly SecurityGroup[]): readonly Finding[] {
  if (peer === undefined || peer === 'nodes' || peer === 'anywhere' || parseRange(peer) !== undefined) return [];
  if (peer.startsWith('group/')) {
    const known = groups.map(({ name }) => name);
    return known.includes(peer.slice('group/'.length)) ? [] : [{ ...invalid(field, peer, 'no security group has that name'), help: `There are: ${known.map((name) => quoted(`group/${name}`)).join(', ')}.` }];
  }
  return [{ ...invalid(field, peer, 'must be nodes, anywhere, group/NAME or a CIDR'), help: parseAddress(peer) === undefined ? `The name of a group stands behind "group/": group/${peer}.` : `One address as a range: ${peer}/${peer.includes(':') ? 128 : 32}.` }];
}

function portFindings(field: string, ports: number | string): readonly Finding[] {
  const [, low = '', high = low] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(String(ports)) ?? [];
  const numbers = [Number(low), Number(high)];
  if (low === '' || numbers.some((port) => port < 1 || port > 65_535)) return [{ ...invalid(field, ports, 'must be a port between 1 and 65535, or LOW-HIGH'), help: 'For example 443 or 30000-32767.' }];
  return (numbers[0] ?? 0) > (numbers[1] ?? 0) ? [invalid(field, ports, 'must begin with the lower port')] : [];
}

// Security groups with every choice made: who is in them, which addresses a rule means, and whether a node's packet gets through.
import { parseAddress, parseRange, rangeHolds } from '../base/address.ts';
import type { ClusterUnderlay, SecurityGroup, SecurityGroupRule } from '../model/cluster-document.ts';
import type { SecurityGroupFacts, SecurityRuleFacts } from '../model/network.ts';

/** Who can be a member: a node by its name, a pod by `NAMESPACE/NAME`. */
export interface Machine {
  readonly name: string;
  readonly addresses: readonly string[];
}

export interface GroupedPod extends Machine {
  readonly namespace: string;
  readonly node: string | null;
  readonly labels: Readonly<Record<string, string>>;
}

const single = (ip: string): string => `${ip}${ip.includes(':') ? '/128' : '/32'}`;

const everyPort: readonly [number, number] = [0, 65_535];

function portsOf(ports: SecurityGroupRule['ports']): readonly [number, number] {
  if (ports === undefined) return everyPort;
  const [low = 0, high = low] = String(ports).split('-').map(Number);
  return [low, high];
}

/**
 * Groups without members among these machines stay: a rule may name them, and a lesson may fill them.
 * `onInterfaces`: pods' addresses are further addresses of their node's own interfaces (the Amazon VPC CNI), so that a rule which names a group
 * means those too (EC2 user guide, "Security group rules": a group as source stands for the private addresses of the interfaces that are in it).
 * A pod with groups of its own has an interface of its own, and counts for these alone.
 */
export function securityGroups(underlay: ClusterUnderlay, nodes: readonly Machine[], pods: readonly GroupedPod[], onInterfaces = false): readonly SecurityGroupFacts[] {
  const groups = underlay.securityGroups ?? [];
  const membersOf = (group: SecurityGroup): { readonly nodes: readonly Machine[]; readonly pods: readonly GroupedPod[] } => {
    const { pods: chosen } = group;
    const names = group.nodes ?? (chosen === undefined ? nodes.map(({ name }) => name) : []);
    return {
      nodes: nodes.filter(({ name }) => names.includes(name)),
      pods: chosen === undefined ? [] : pods.filter(({ namespace, labels }) => namespace === chosen.namespace && Object.entries(chosen.matchLabels ?? {}).every(([key, value]) => labels[key] === value)),
    };
  };
  const apart = new Set(groups.flatMap((group) => membersOf(group).pods));
  const peersOf = (peer: string | undefined): readonly string[] | null => {
    if (peer === undefined || peer === 'anywhere') return null;
    if (peer === 'nodes') return nodes.flatMap(({ addresses }) => addresses.map(single));
    if (!peer.startsWith('group/')) return [peer];
    const named = groups.find(({ name }) => name === peer.slice('group/'.length));
    if (named === undefined) return [];
    const members = membersOf(named);
    const names = new Set(members.nodes.map(({ name }) => name));
    const hosted = onInterfaces ? pods.filter((pod) => names.has(pod.node ?? '') && !apart.has(pod)) : [];
    return [...members.nodes, ...hosted, ...members.pods].flatMap(({ addresses }) => addresses.map(single));
  };
  const ruleOf = (rule: SecurityGroupRule): SecurityRuleFacts => ({ peers: peersOf(rule.peer), protocol: rule.protocol ?? 'all', ports: portsOf(rule.ports) });
  return groups.map((group, index) => {
    const members = membersOf(group);
    return {
      name: group.name ?? '', field: `spec.underlay.securityGroups[${index}]`,
      nodes: members.nodes.map(({ name }) => name), pods: members.pods.map(({ namespace, name }) => `${namespace}/${name}`),
      ingress: (group.ingress ?? []).map(ruleOf), egress: group.egress === undefined ? null : group.egress.map(ruleOf),
    };
  });
}

/** Whether one of the rules lets a packet from or to this address through; `port` is `null` for what has none. */
export const letsThrough = (rules: readonly SecurityRuleFacts[], ip: string, protocol: SecurityRuleFacts['protocol'], port: number | null): boolean => {
  const address = parseAddress(ip);
  return rules.some((rule) =>
    (rule.protocol === 'all' || rule.protocol === protocol)
    && (port === null || (rule.ports[0] <= port && port <= rule.ports[1]))
    && (rule.peers === null || (address !== undefined && rule.peers.some((cidr) => { const range = parseRange(cidr); return range !== undefined && rangeHolds(range, address); }))));
};

export interface Stopped {
  readonly group: SecurityGroupFacts;
  readonly direction: 'ingress' | 'egress';
  /** `spec.underlay.securityGroups[0].ingress` */
  readonly field: string;
}

/** The group that stops a node's first packet to another node; `null` when none does. A node in several groups has the rules of all; one in none is not filtered. */
export function stoppedBetween(groups: readonly SecurityGroupFacts[], from: { readonly name: string; readonly ip: string }, to: { readonly name: string; readonly ip: string }, protocol: SecurityRuleFacts['protocol'], port: number | null): Stopped | null {
  const own = groups.filter(({ nodes }) => nodes.includes(from.name));
  const theirs = groups.filter(({ nodes }) => nodes.includes(to.name));
  const stopped = (group: SecurityGroupFacts, direction: Stopped['direction']): Stopped => ({ group, direction, field: `${group.field}.${direction}` });
  const [out] = own;
  if (out !== undefined && !own.some(({ egress }) => egress === null || letsThrough(egress, to.ip, protocol, port))) return stopped(out, 'egress');
  const [into] = theirs;
  return into !== undefined && !theirs.some(({ ingress }) => letsThrough(ingress, from.ip, protocol, port)) ? stopped(into, 'ingress') : null;
}

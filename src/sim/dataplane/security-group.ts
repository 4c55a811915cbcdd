// Security groups: what the cloud's firewall around a machine makes of a packet as it is on the wire (allow only, the union of a machine's groups, stateful).
import type { SecurityGroupFacts } from '../model/network.ts';
import { letsThrough } from '../controlplane/security-groups.ts';
import type { Loss } from './loss.ts';
import { onNode, silence } from './lost-walk.ts';
import type { Plane } from './plane.ts';
import { wireText, type Wire } from './wire.ts';

/** The first of the groups where no rule of any lets the packet through; `null`: one does, or the machine is in none. */
function stopping(groups: readonly SecurityGroupFacts[] | undefined, direction: 'ingress' | 'egress', peer: string, wire: Wire): SecurityGroupFacts | null {
  const [first] = groups ?? [];
  if (groups === undefined || first === undefined) return null;
  return groups.some((group) => group[direction] === null || letsThrough(group[direction], peer, wire.protocol, wire.port)) ? null : first;
}

/** Whose groups count at an end: a node's, or those of a pod with an interface of its own. */
export interface GuardedEnd {
  /** As it stands in sentences. */
  readonly name: string;
  readonly node: string;
  readonly groups: readonly SecurityGroupFacts[] | undefined;
}

const names = (groups: readonly SecurityGroupFacts[]): string => (groups.length === 1 ? `Security group ${groups[0]?.name ?? ''} lets` : `None of the security groups ${groups.map(({ name }) => name).join(', ')} lets`);

function dropped(plane: Plane, end: GuardedEnd, group: SecurityGroupFacts, direction: 'ingress' | 'egress', wire: Wire, more: Partial<Loss>): Loss {
  const groups = end.groups ?? [];
  const what = groups.length === 1 ? `no ${wireText(wire)}` : wireText(wire);
  return silence(plane, {
    reason: 'denied-by-security-group', at: end.node, field: `${group.field}.${direction}`, evidence: onNode(end.node, `tcpdump -ni ${wire.device} ${wire.filter}`),
    says: `${names(groups)} ${what} ${direction === 'ingress' ? `from ${wire.source} in to ${end.name}` : `out of ${end.name} to ${wire.destination}`}: the packet is dropped.`, ...more,
  });
}

/** Where the packet leaves. */
export function leavesMachine(plane: Plane, end: GuardedEnd, wire: Wire, more: Partial<Loss> = {}): Loss | null {
  const group = stopping(end.groups, 'egress', wire.destination, wire);
  return group === null ? null : dropped(plane, end, group, 'egress', wire, more);
}

/** Where it arrives. */
export function entersMachine(plane: Plane, end: GuardedEnd, wire: Wire, more: Partial<Loss> = {}): Loss | null {
  const group = stopping(end.groups, 'ingress', wire.source, wire);
  return group === null ? null : dropped(plane, end, group, 'ingress', wire, more);
}

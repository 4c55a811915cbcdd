// What each class of pods may send or take, as one row of port sets over all classes and over the cells of the outside.
import type { AddressFamily, AddressRange } from '../base/address.ts';
import { cellOf } from '../base/address-set.ts';
import { unionPorts } from '../base/port-set.ts';
import type { Direction } from '../model/policy.ts';
import type { CompiledPolicy, CompiledRule, PeerTerm } from '../policy/policy-api.ts';
import type { PodClass } from '../policy/policy-index.ts';
import { blockHolds, resolvePorts, termHolds } from '../policy/policy-index.ts';
import { tiers } from '../policy/tiers.ts';
import type { PortTable } from './reach-ports.ts';
import { allId, noneId } from './reach-ports.ts';

/** The numbers of port sets, by the position of a class and of a cell. `null`: everything, with everybody. */
export type ReachRow = { readonly classes: Uint32Array; readonly cells: Uint32Array } | null;

/** What rows are made over. */
export interface ReachSpace {
  readonly classes: readonly PodClass[];
  /** Of this family: the classes' addresses, and the outside cut into cells. */
  readonly family: AddressFamily;
  readonly cells: readonly AddressRange[];
  readonly enforced: ReadonlySet<string>;
  readonly ports: PortTable;
}

interface PeerHits {
  /** Matched as pods, by position: named ports can be resolved. */
  readonly pods: readonly (readonly [index: number, pod: PodClass])[];
  /** Matched by address. */
  readonly addresses: readonly number[];
  readonly cells: readonly number[];
}

/** What an ordered tier, or several, have said: the ports that are allowed by now, and those that are left to the tiers behind. */
interface Stage {
  readonly allowed: Cells;
  readonly open: Cells;
}

type Cells = NonNullable<ReachRow>;

/**
 * One row for each class. What is the same for many subjects is worked out once: the classes that a peer matches, what each tier says to
 * subjects that the same policies select (with the same named ports, which ingress resolves on the subject), and the row that the tiers make together.
 */
export function reachRows(space: ReachSpace, direction: Direction): readonly ReachRow[] {
  const rows = new Map<string, ReachRow>();
  const unions = new Map<string, Cells>();
  const stages = new Map<string, Stage>();
  const hits = memo((peer: PeerTerm) => hitsOf(space, peer));
  const numbers = new Map<CompiledPolicy, number>();
  const numberOf = (policy: CompiledPolicy): number => {
    const number = numbers.get(policy) ?? numbers.size;
    numbers.set(policy, number);
    return number;
  };
  return space.classes.map((subject) => {
    const lists = subject.selectedBy[direction].map((policies) => (policies.length === 0 ? policies : policies.filter(({ policy }) => space.enforced.has(policy.kind))));
    if (lists.every((policies) => policies.length === 0)) return null;
    const keys = lists.map((policies) => `${policies.map(numberOf).join()} ${direction === 'ingress' ? subject.namedPortsKey : ''}`);
    return kept(rows, keys.join('|'), () => {
      let before: Stage | null = null;
      for (const [position, tier] of tiers.entries()) {
        const [policies = [], key = ''] = [lists[position], keys[position]];
        if (policies.length === 0) continue;
        // A pod that a union isolates gets nothing from the tiers behind it.
        if (tier.decides === 'union') return after(space, before, kept(unions, key, () => unionOf(space, direction, subject, policies, hits)));
        const stage = kept(stages, `${position} ${key}`, () => orderedOf(space, direction, subject, policies, hits));
        before = before === null ? stage : { allowed: after(space, before, stage.allowed), open: both(space, before.open, stage.open) };
      }
      return before === null ? null : { classes: joinAll(before.allowed.classes, before.open.classes, space.ports.union), cells: joinAll(before.allowed.cells, before.open.cells, space.ports.union) };
    });
  });
}

function kept<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const found = known.get(key);
  if (found !== undefined) return found;
  const value = make();
  known.set(key, value);
  return value;
}

const joinAll = (left: Uint32Array, right: Uint32Array, join: (left: number, right: number) => number): Uint32Array => left.map((id, index) => join(id, right[index] ?? noneId));

const both = ({ ports }: ReachSpace, left: Cells, right: Cells): Cells => ({ classes: joinAll(left.classes, right.classes, ports.intersect), cells: joinAll(left.cells, right.cells, ports.intersect) });

/** What the tiers before allow already, and of what they left open what the next one allows. */
function after(space: ReachSpace, before: Stage | null, next: Cells): Cells {
  if (before === null) return next;
  const open = both(space, before.open, next);
  return { classes: joinAll(before.allowed.classes, open.classes, space.ports.union), cells: joinAll(before.allowed.cells, open.cells, space.ports.union) };
}

const filled = ({ classes, cells }: ReachSpace, id: number): Cells => ({ classes: new Uint32Array(classes.length).fill(id), cells: new Uint32Array(cells.length).fill(id) });

function unionOf(space: ReachSpace, direction: Direction, subject: PodClass, policies: readonly CompiledPolicy[], hits: (peer: PeerTerm) => PeerHits): Cells {
  const row = filled(space, noneId);
  const add = (part: keyof Cells, index: number, id: number): void => {
    row[part][index] = space.ports.union(row[part][index] ?? noneId, id);
  };
  for (const policy of policies) for (const rule of policy.rules[direction] ?? []) forMatches(space, direction, subject, rule, hits, add);
  return row;
}

/** Every rule takes what it matches out of what is open; what was passed on is open again for the tier behind. */
function orderedOf(space: ReachSpace, direction: Direction, subject: PodClass, policies: readonly CompiledPolicy[], hits: (peer: PeerTerm) => PeerHits): Stage {
  const { ports } = space;
  const [allowed, passed, open] = [filled(space, noneId), filled(space, noneId), filled(space, allId)];
  for (const policy of policies) {
    for (const rule of policy.rules[direction] ?? []) {
      const taker = rule.action === 'allow' ? allowed : rule.action === 'pass' ? passed : null;
      forMatches(space, direction, subject, rule, hits, (part, index, id) => {
        const left = open[part][index] ?? noneId;
        if (left === noneId) return;
        if (taker !== null) taker[part][index] = ports.union(taker[part][index] ?? noneId, ports.intersect(left, id));
        open[part][index] = ports.without(left, id);
      });
    }
  }
  return { allowed, open: { classes: joinAll(open.classes, passed.classes, ports.union), cells: joinAll(open.cells, passed.cells, ports.union) } };
}

/** The classes and cells that a rule matches, each with the ports on which it does; some more than once, by different peers. */
function forMatches(space: ReachSpace, direction: Direction, subject: PodClass, { peers, ports }: CompiledRule, hits: (peer: PeerTerm) => PeerHits, matched: (part: keyof Cells, index: number, id: number) => void): void {
  const resolved = new Map<string, number>();
  const portsAt = (destination: PodClass): number => {
    const id = resolved.get(destination.namedPortsKey) ?? (ports === null ? allId : space.ports.idOf(unionPorts(ports.fixed, resolvePorts(ports, destination))));
    resolved.set(destination.namedPortsKey, id);
    return id;
  };
  const fixed = ports === null ? allId : direction === 'ingress' ? portsAt(subject) : space.ports.idOf(ports.fixed);
  const perPod = direction === 'egress' && ports !== null && ports.named.length > 0;
  const matchedPod = (pod: PodClass, index: number): void => matched('classes', index, perPod ? portsAt(pod) : fixed);
  if (peers === null) {
    space.classes.forEach(matchedPod);
    space.cells.forEach((_, index) => matched('cells', index, fixed));
  }
  for (const peer of peers ?? []) {
    const found = hits(peer);
    for (const [index, pod] of found.pods) matchedPod(pod, index);
    for (const index of found.addresses) matched('classes', index, fixed);
    for (const index of found.cells) matched('cells', index, fixed);
  }
}

function hitsOf(space: ReachSpace, peer: PeerTerm): PeerHits {
  const pods: [number, PodClass][] = [];
  const addresses: number[] = [];
  const cells: number[] = [];
  if (peer.kind === 'pods') {
    space.classes.forEach((pod, index) => {
      if (termHolds(peer.term, pod)) pods.push([index, pod]);
    });
    return { pods, addresses, cells };
  }
  space.classes.forEach((pod, index) => {
    if (blockHolds(peer, pod, pod.addresses[space.family])) addresses.push(index);
  });
  // A cell lies wholly inside or wholly outside of every block.
  for (const range of peer.addresses) {
    if (range.family !== space.family || space.cells.length === 0) continue;
    const last = cellOf(space.cells, { family: range.family, value: range.last });
    for (let cell = cellOf(space.cells, { family: range.family, value: range.first }); cell <= last; cell++) cells.push(cell);
  }
  return { pods, addresses, cells };
}

function memo<Key extends object, Value>(work: (key: Key) => Value): (key: Key) => Value {
  const done = new Map<Key, Value>();
  return (key) => {
    const known = done.get(key);
    if (known !== undefined) return known;
    const value = work(key);
    done.set(key, value);
    return value;
  };
}

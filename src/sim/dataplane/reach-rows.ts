// What each class of pods may send or take, as one row of port sets over all classes and over the cells of the outside.
import type { AddressFamily, AddressRange } from '../base/address.ts';
import { cellOf } from '../base/address-set.ts';
import { unionPorts } from '../base/port-set.ts';
import type { Direction } from '../model/policy.ts';
import type { CompiledPolicy, CompiledRule, PeerTerm } from '../policy/policy-api.ts';
import type { PodClass } from '../policy/policy-index.ts';
import { blockHolds, resolvePorts, termHolds } from '../policy/policy-index.ts';
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

/**
 * One row for each class. What is the same for many subjects is worked out once: the classes that a peer matches,
 * and the row of subjects that the same policies isolate (with the same named ports, which ingress resolves on the subject).
 */
export function reachRows(space: ReachSpace, direction: Direction): readonly ReachRow[] {
  const rows = new Map<string, ReachRow>();
  const hits = memo((peer: PeerTerm) => hitsOf(space, peer));
  const numbers = new Map<CompiledPolicy, number>();
  const numberOf = (policy: CompiledPolicy): number => {
    const number = numbers.get(policy) ?? numbers.size;
    numbers.set(policy, number);
    return number;
  };
  return space.classes.map((subject) => {
    const policies = subject.isolatedBy[direction].filter(({ policy }) => space.enforced.has(policy.kind));
    if (policies.length === 0) return null;
    const key = `${policies.map(numberOf).join()} ${direction === 'ingress' ? subject.namedPortsKey : ''}`;
    const known = rows.get(key);
    if (known !== undefined) return known;
    const row = { classes: new Uint32Array(space.classes.length), cells: new Uint32Array(space.cells.length) };
    for (const policy of policies) for (const rule of policy.rules[direction] ?? []) addRule(space, direction, subject, rule, hits, row);
    rows.set(key, row);
    return row;
  });
}

function addRule(space: ReachSpace, direction: Direction, subject: PodClass, { peers, ports }: CompiledRule, hits: (peer: PeerTerm) => PeerHits, row: NonNullable<ReachRow>): void {
  const resolved = new Map<string, number>();
  const portsAt = (destination: PodClass): number => {
    const id = resolved.get(destination.namedPortsKey) ?? (ports === null ? allId : space.ports.idOf(unionPorts(ports.fixed, resolvePorts(ports, destination))));
    resolved.set(destination.namedPortsKey, id);
    return id;
  };
  const fixed = ports === null ? allId : direction === 'ingress' ? portsAt(subject) : space.ports.idOf(ports.fixed);
  const perPod = direction === 'egress' && ports !== null && ports.named.length > 0;
  const add = (to: Uint32Array, index: number, id: number): void => {
    to[index] = space.ports.union(to[index] ?? noneId, id);
  };
  const addPod = (pod: PodClass, index: number): void => add(row.classes, index, perPod ? portsAt(pod) : fixed);
  if (peers === null) {
    space.classes.forEach(addPod);
    space.cells.forEach((_, index) => add(row.cells, index, fixed));
  }
  for (const peer of peers ?? []) {
    const found = hits(peer);
    for (const [index, pod] of found.pods) addPod(pod, index);
    for (const index of found.addresses) add(row.classes, index, fixed);
    for (const index of found.cells) add(row.cells, index, fixed);
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

// Port sets as small numbers, so that reach can keep one for every pair and join them without doing the same work twice.
import { byText } from '../base/order.ts';
import type { PortSet } from '../base/port-set.ts';
import { allPorts, intersectPorts, noPorts, portProtocols, portSetKey, subtractPorts, unionPorts } from '../base/port-set.ts';
import type { Protocol } from '../model/object.ts';
import type { PortRange, ReachConnection } from '../model/policy.ts';

export const noneId = 0;
export const allId = 1;

/** Equal sets have equal numbers; {@link noneId} is the empty set, {@link allId} every port. */
export interface PortTable {
  readonly idOf: (set: PortSet) => number;
  readonly union: (left: number, right: number) => number;
  readonly intersect: (left: number, right: number) => number;
  /** What is in the first and not in the second. */
  readonly without: (left: number, right: number) => number;
  /** As reach prints it; the same value for the same number. */
  readonly shown: (id: number) => ReachConnection['ports'];
}

export function portTable(): PortTable {
  const sets: PortSet[] = [];
  const shownSets: ReachConnection['ports'][] = [];
  const ids = new Map<string, number>();
  const unions = new Map<number, number>();
  const intersections = new Map<number, number>();
  const differences = new Map<number, number>();
  const idOf = (set: PortSet): number => {
    const key = portSetKey(set);
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, sets.length);
    shownSets.push(showPorts(set));
    return sets.push(set) - 1;
  };
  const either = (memo: Map<number, number>, join: (left: PortSet, right: PortSet) => PortSet, left: number, right: number): number => (left < right ? joined(memo, join, left, right) : joined(memo, join, right, left));
  const joined = (memo: Map<number, number>, join: (left: PortSet, right: PortSet) => PortSet, left: number, right: number): number => {
    const pair = left * 2 ** 26 + right;
    const known = memo.get(pair);
    if (known !== undefined) return known;
    const id = idOf(join(sets[left] ?? noPorts, sets[right] ?? noPorts));
    memo.set(pair, id);
    return id;
  };
  idOf(noPorts);
  idOf(allPorts);
  return {
    idOf,
    union: (left, right) => (left === right || right === noneId || left === allId ? left : left === noneId || right === allId ? right : either(unions, unionPorts, left, right)),
    intersect: (left, right) => (left === right || left === noneId || right === allId ? left : right === noneId || left === allId ? right : either(intersections, intersectPorts, left, right)),
    without: (left, right) => (left === right || left === noneId || right === allId ? noneId : right === noneId ? left : joined(differences, subtractPorts, left, right)),
    shown: (id) => shownSets[id] ?? {},
  };
}

/** `all`, or the protocols that have any port. */
export function showPorts(set: PortSet): ReachConnection['ports'] {
  if (portSetKey(set) === portSetKey(allPorts)) return 'all';
  const shown: Partial<Record<Protocol, readonly PortRange[]>> = {};
  for (const protocol of portProtocols) if (set[protocol].length > 0) shown[protocol] = set[protocol];
  return shown;
}

/** The set that {@link showPorts} printed. */
export const readPorts = (ports: ReachConnection['ports']): PortSet => (ports === 'all' ? allPorts : { ...noPorts, ...ports });

/** The order of the answer: by who sends, then by who takes. */
export const byEnds = (left: ReachConnection, right: ReachConnection): number =>
  byText(left.from, right.from) || byText(left.fromKind, right.fromKind) || byText(left.to, right.to) || byText(left.toKind, right.toKind);

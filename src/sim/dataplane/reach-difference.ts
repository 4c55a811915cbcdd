// What a change opened and closed: two answers of reach compared, port by port and address by address.
import { cutFamily } from '../base/address-set.ts';
import type { AddressRange } from '../base/address.ts';
import { formatRange, parseAddress } from '../base/address.ts';
import { byText } from '../base/order.ts';
import type { PortSet } from '../base/port-set.ts';
import { isNoPorts, noPorts, samePorts, subtractPorts, unionPorts } from '../base/port-set.ts';
import type { Reach, ReachConnection } from '../model/policy.ts';
import { byEnds, readPorts, showPorts } from './reach-ports.ts';

export interface ReachDifference {
  readonly opened: readonly ReachConnection[];
  readonly closed: readonly ReachConnection[];
}

interface End {
  readonly name: string;
  readonly kind: string;
}

/** Ports by pair of ends, the outside by range. */
interface Pair {
  readonly from: End;
  readonly to: End;
  readonly pieces: { readonly range: AddressRange | null; readonly ports: PortSet }[];
}

/**
 * Only differences are listed, in the form and order of reach. A workload that is listed by pods in one of the two answers is compared by pods
 * (the other answer holds for each of them), between its own pods only when both list them; when both list other pods, as one workload again.
 */
export function reachDifference(before: Reach, after: Reach): ReachDifference {
  const ends = endsOf(before, after);
  const old = pairsOf(before, ends);
  const now = pairsOf(after, ends);
  const opened: ReachConnection[] = [];
  const closed: ReachConnection[] = [];
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(key), now.get(key)];
    opened.push(...gained(was, is));
    closed.push(...gained(is, was));
  }
  return { opened: opened.sort(byEnds), closed: closed.sort(byEnds) };
}

const endKey = ({ name, kind }: End): string => `${kind} ${name}`;

interface Ends {
  /** What an end stands for in the comparison. */
  readonly of: (end: End) => readonly End[];
  /** Connections between two ends are compared at all. */
  readonly compares: (from: End, to: End) => boolean;
}

function endsOf(before: Reach, after: Reach): Ends {
  const [old, now] = [splitsOf(before), splitsOf(after)];
  const apart = new Map<string, readonly End[]>();
  const together = new Map<string, End>();
  const inner = new Map<string, string>();
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(key), now.get(key)];
    const pods = (is ?? was)?.pods ?? [];
    if (was !== undefined && is !== undefined && was.pods.join() !== is.pods.join()) {
      for (const pod of [...was.pods, ...is.pods]) together.set(endKey({ name: pod, kind: 'Pod' }), is.workload);
    } else if (was === undefined || is === undefined) {
      apart.set(key, pods.map((name) => ({ name, kind: 'Pod' })));
      for (const name of pods) inner.set(endKey({ name, kind: 'Pod' }), key);
    }
  }
  return {
    of: (end) => apart.get(endKey(end)) ?? [together.get(endKey(end)) ?? end],
    compares: (from, to) => {
      const home = inner.get(endKey(from));
      return endKey(from) !== endKey(to) && (home === undefined || home !== inner.get(endKey(to)));
    },
  };
}

function splitsOf({ split = [] }: Reach): Map<string, { readonly workload: End; readonly pods: string[] }> {
  const found = new Map<string, { readonly workload: End; readonly pods: string[] }>();
  for (const { pod, name, kind } of split) {
    const key = endKey({ name, kind });
    const known = found.get(key) ?? { workload: { name, kind }, pods: [] };
    known.pods.push(pod);
    found.set(key, known);
  }
  for (const { pods } of found.values()) pods.sort(byText);
  return found;
}

const rangeOf = (text: string): AddressRange | null => {
  const [first, last] = text.split('-').map(parseAddress);
  return first === undefined || last === undefined ? null : { family: first.family, first: first.value, last: last.value };
};

const outside: End = { name: '', kind: 'IPBlock' };

function pairsOf({ connections }: Reach, ends: Ends): ReadonlyMap<string, Pair> {
  const pairs = new Map<string, Pair>();
  for (const { from, fromKind, to, toKind, ports } of connections) {
    const range = fromKind === 'IPBlock' ? rangeOf(from) : toKind === 'IPBlock' ? rangeOf(to) : null;
    const piece = { range, ports: readPorts(ports) };
    for (const source of fromKind === 'IPBlock' ? [outside] : ends.of({ name: from, kind: fromKind })) {
      for (const target of toKind === 'IPBlock' ? [outside] : ends.of({ name: to, kind: toKind })) {
        if (!ends.compares(source, target)) continue;
        const key = `${endKey(source)} > ${endKey(target)}`;
        const known = pairs.get(key);
        if (known === undefined) pairs.set(key, { from: source, to: target, pieces: [piece] });
        else known.pieces.push(piece);
      }
    }
  }
  return pairs;
}

/** What the second has and the first has not. */
function gained(was: Pair | undefined, is: Pair | undefined): readonly ReachConnection[] {
  if (is === undefined) return [];
  const toConnection = (ports: PortSet, range: AddressRange | null): ReachConnection => ({
    from: range !== null && is.from === outside ? formatRange(range) : is.from.name, fromKind: is.from.kind,
    to: range !== null && is.to === outside ? formatRange(range) : is.to.name, toKind: is.to.kind, ports: showPorts(ports),
  });
  const [old, now] = [was?.pieces ?? [], is.pieces];
  const portsIn = (pieces: Pair['pieces'], cell: AddressRange | null): PortSet =>
    pieces.filter(({ range }) => range === null || cell === null || (range.first <= cell.first && cell.last <= range.last)).reduce((sum, { ports }) => unionPorts(sum, ports), noPorts);
  if (is.from !== outside && is.to !== outside) {
    const more = subtractPorts(portsIn(now, null), portsIn(old, null));
    return isNoPorts(more) ? [] : [toConnection(more, null)];
  }
  const rows: { range: AddressRange; ports: PortSet }[] = [];
  for (const cell of cutFamily('IPv4', [...old, ...now].flatMap(({ range }) => range ?? []))) {
    const ports = subtractPorts(portsIn(now, cell), portsIn(old, cell));
    const last = rows[rows.length - 1];
    if (last !== undefined && samePorts(last.ports, ports)) rows[rows.length - 1] = { range: { ...last.range, last: cell.last }, ports };
    else rows.push({ range: cell, ports });
  }
  return rows.filter(({ ports }) => !isNoPorts(ports)).map(({ range, ports }) => toConnection(ports, range));
}

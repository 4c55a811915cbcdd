// Sets of addresses as ranges, and the cutting of a whole family into cells that no set tells apart.
import type { Address, AddressFamily, AddressRange } from './address.ts';
import { rangeHolds, wholeFamily } from './address.ts';

/** Ranges in order (IPv4 first), apart from each other: equal sets have equal forms. */
export type AddressSet = readonly AddressRange[];

const families = ['IPv4', 'IPv6'] as const satisfies readonly AddressFamily[];

const byFirst = (left: AddressRange, right: AddressRange): number => (left.first < right.first ? -1 : left.first > right.first ? 1 : 0);

/** The set of everything in any of the ranges. */
export function addressSetOf(ranges: Iterable<AddressRange>): AddressSet {
  const given = [...ranges];
  return families.flatMap((family) => {
    const merged: AddressRange[] = [];
    for (const range of given.filter((one) => one.family === family).sort(byFirst)) {
      const last = merged[merged.length - 1];
      if (last !== undefined && range.first <= last.last + 1n) merged[merged.length - 1] = { ...last, last: last.last > range.last ? last.last : range.last };
      else merged.push(range);
    }
    return merged;
  });
}

/** The set without everything in any of the ranges. */
export function withoutAddresses(set: AddressSet, away: Iterable<AddressRange>): AddressSet {
  let left = set;
  for (const hole of away) {
    left = left.flatMap((range): AddressRange[] => {
      if (range.family !== hole.family || hole.last < range.first || range.last < hole.first) return [range];
      const pieces: AddressRange[] = [];
      if (range.first < hole.first) pieces.push({ family: range.family, first: range.first, last: hole.first - 1n });
      if (hole.last < range.last) pieces.push({ family: range.family, first: hole.last + 1n, last: range.last });
      return pieces;
    });
  }
  return left;
}

export const addressSetHolds = (set: AddressSet, address: Address): boolean => set.some((range) => rangeHolds(range, address));

/**
 * Cuts the whole family at every edge of the ranges: cells in ascending order, without gaps, such that each range is a run of whole cells.
 * Ranges of the other family are ignored.
 */
export function cutFamily(family: AddressFamily, ranges: Iterable<AddressRange>): readonly AddressRange[] {
  const whole = wholeFamily(family);
  const starts = new Set<bigint>([whole.first]);
  for (const range of ranges) {
    if (range.family !== family) continue;
    starts.add(range.first);
    if (range.last < whole.last) starts.add(range.last + 1n);
  }
  const sorted = [...starts].sort((left, right) => (left < right ? -1 : 1));
  return sorted.map((first, index) => ({ family, first, last: (sorted[index + 1] ?? whole.last + 1n) - 1n }));
}

/** The position of the cell that holds the address; cells as {@link cutFamily} gives them, of the address's family. */
export function cellOf(cells: readonly AddressRange[], address: Address): number {
  let low = 0;
  let high = cells.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const cell = cells[middle];
    if (cell !== undefined && cell.first <= address.value) low = middle;
    else high = middle - 1;
  }
  return low;
}

// Address sets and the cutting of a family into cells.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { AddressRange } from '../../../src/sim/base/address.ts';
import { formatRange, parseAddress, parseRange, wholeFamily } from '../../../src/sim/base/address.ts';
import { addressSetHolds, addressSetOf, cellOf, cutFamily, withoutAddresses } from '../../../src/sim/base/address-set.ts';

const range = (cidr: string): AddressRange => {
  const found = parseRange(cidr);
  assert.ok(found !== undefined);
  return found;
};
const cidr = fc.tuple(fc.constantFrom(0, 9, 10, 255), fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 8, 24, 31, 32)).map(([first, last, length]) => `${first}.0.0.${last}/${length}`);
const ranges = fc.array(cidr, { maxLength: 4 }).map((all) => all.map(range));

test('ranges that touch or overlap are one, the families apart', () => {
  assert.deepEqual(addressSetOf(['10.0.1.0/24', 'fd00::/64', '10.0.0.0/24', '10.0.0.9/32'].map(range)).map(formatRange), ['10.0.0.0-10.0.1.255', 'fd00::-fd00::ffff:ffff:ffff:ffff']);
});

test('a set without another holds what is in the one and not in the other', () => {
  fc.assert(fc.property(ranges, ranges, (some, away) => {
    const [set, holes] = [addressSetOf(some), addressSetOf(away)];
    for (const text of ['0.0.0.0', '9.0.0.255', '10.0.0.0', '10.0.0.7', '255.0.0.1', '255.255.255.255', 'fd00::1']) {
      const address = parseAddress(text);
      assert.ok(address !== undefined);
      assert.equal(addressSetHolds(withoutAddresses(set, away), address), addressSetHolds(set, address) && !addressSetHolds(holes, address));
    }
  }), { seed: 1 });
});

test('cells cover the whole family without gaps, and no range holds a part of one', () => {
  fc.assert(fc.property(ranges, (some) => {
    const cells = cutFamily('IPv4', some);
    assert.deepEqual(addressSetOf(cells), [wholeFamily('IPv4')]);
    cells.forEach((cell, index) => {
      assert.deepEqual([cellOf(cells, { family: 'IPv4', value: cell.first }), cellOf(cells, { family: 'IPv4', value: cell.last })], [index, index]);
      for (const { first, last } of some) assert.ok(cell.last < first || last < cell.first || (first <= cell.first && cell.last <= last));
    });
  }), { seed: 2 });
  assert.equal(cutFamily('IPv4', [range('fd00::/8')]).length, 1);
});

// Port sets and address sets: the laws of sets, and one form for equal sets.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { PortSet } from '../../../src/sim/base/port-set.ts';
import { allPorts, intersectPorts, isAllPorts, isNoPorts, noPorts, portSetHolds, portSetKey, portsOf, samePorts, subtractPorts, unionPorts, wholeProtocol } from '../../../src/sim/base/port-set.ts';

const protocol = fc.constantFrom('TCP', 'UDP', 'SCTP');
const span = fc.tuple(protocol, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 4 })).map(([name, low, more]) => portsOf(name, low, low + more));
const portSet: fc.Arbitrary<PortSet> = fc.array(span, { maxLength: 5 }).map((sets) => sets.reduce(unionPorts, noPorts));
const every = ['TCP', 'UDP', 'SCTP'].flatMap((name) => Array.from({ length: 18 }, (_, index) => [name as 'TCP' | 'UDP' | 'SCTP', index + 1] as const));

test('union, intersection and difference hold exactly the ports that they should', () => {
  fc.assert(fc.property(portSet, portSet, (left, right) => {
    for (const [name, port] of every) {
      const [one, other] = [portSetHolds(left, name, port), portSetHolds(right, name, port)];
      assert.equal(portSetHolds(unionPorts(left, right), name, port), one || other);
      assert.equal(portSetHolds(intersectPorts(left, right), name, port), one && other);
      assert.equal(portSetHolds(subtractPorts(left, right), name, port), one && !other);
    }
  }), { seed: 1 });
});

test('equal sets have equal forms, however they were made', () => {
  fc.assert(fc.property(portSet, portSet, (left, right) => {
    assert.equal(portSetKey(unionPorts(left, right)), portSetKey(unionPorts(right, left)));
    assert.equal(portSetKey(unionPorts(subtractPorts(left, right), intersectPorts(left, right))), portSetKey(left));
    assert.ok(isNoPorts(subtractPorts(left, left)) && samePorts(subtractPorts(left, noPorts), left));
  }), { seed: 2 });
});

test('spans that touch are one, and what lies outside 1 to 65535 is cut off', () => {
  assert.deepEqual(unionPorts(portsOf('TCP', 80), portsOf('TCP', 81, 90)).TCP, [[80, 90]]);
  assert.deepEqual(portsOf('UDP', 0, 70000).UDP, [[1, 65535]]);
  assert.ok(isNoPorts(portsOf('TCP', 0)) && isNoPorts(portsOf('TCP', 90, 80)));
});

test('every port of the three protocols is all ports, of two it is not', () => {
  const two = unionPorts(wholeProtocol('TCP'), wholeProtocol('UDP'));
  assert.ok(!isAllPorts(two) && isAllPorts(unionPorts(two, wholeProtocol('SCTP'))));
  assert.deepEqual(subtractPorts(allPorts, two), wholeProtocol('SCTP'));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { absoluteName, comparableName, dotsIn, isAskable, isUnder, labelsOf, nameUnder, withoutFinalDot } from '../../../src/sim/dns/names.ts';

test('the root is one dot and has no labels', () => {
  assert.deepEqual([absoluteName(''), labelsOf('.'), isAskable('.'), withoutFinalDot('.')], ['.', [], true, '']);
});

test('a label has 63 bytes at most and a name 253', () => {
  assert.equal(isAskable('a'.repeat(63)), true);
  assert.equal(isAskable('a'.repeat(64)), false);
  const long = Array.from({ length: 127 }, () => 'a').join('.');
  assert.deepEqual([long.length, isAskable(long), isAskable(`${long}.`), isAskable(`${long}.a`)], [253, true, true, false]);
});

test('an empty label, a space or a control character makes no question', () => {
  for (const name of ['', '..', 'a..b', '.a', 'a b', 'a\u0007b', 'ä.example']) assert.equal(isAskable(name), false, name);
});

test('a name lies under its zone and under the root, whatever its case', () => {
  assert.equal(isUnder('cluster.local', 'API.shop.svc.Cluster.Local.'), true);
  assert.equal(isUnder('.', 'example.com'), true);
  assert.equal(isUnder('cluster.local', 'notcluster.local'), false);
});

test('making a name absolute twice changes nothing, and counts one dot more at most', () => {
  fc.assert(fc.property(fc.stringMatching(/^[A-Za-z0-9-]{1,8}(\.[A-Za-z0-9-]{1,8}){0,5}\.?$/), (name) => {
    assert.equal(absoluteName(absoluteName(name)), absoluteName(name));
    assert.equal(dotsIn(absoluteName(name)), labelsOf(name).length);
    assert.ok(isUnder(name, nameUnder('x', absoluteName(name))));
    assert.equal(comparableName(name.toUpperCase()), comparableName(name));
  }));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptWith } from '../../../src/sim/base/kept.ts';

test('an answer is kept for its owner and its key, and for no other', () => {
  let times = 0;
  const kept = keptWith<object, number>(10);
  const [one, other] = [{}, {}];
  const ask = (owner: object, key: string): number => kept(owner, key, () => ++times);
  assert.deepEqual([ask(one, 'a'), ask(one, 'a'), ask(one, 'b'), ask(other, 'a'), ask(one, 'a'), ask(other, 'a')], [1, 1, 2, 3, 1, 3]);
});

test('more answers than an owner keeps make it forget, and what failed is kept by nobody', () => {
  let times = 0;
  const kept = keptWith<object, number>(2);
  const owner = {};
  for (const key of ['a', 'b', 'c', 'a']) kept(owner, key, () => ++times);
  assert.equal(times, 4);
  assert.throws(() => kept(owner, 'd', () => { throw new Error('no'); }));
  assert.equal(kept(owner, 'd', () => 7), 7);
});

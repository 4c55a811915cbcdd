import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remembered } from '../../../src/sim/base/remembered.ts';

test('what was worked out for a text is not worked out again, undefined included', () => {
  let times = 0;
  const length = remembered((text) => { times++; return text === '' ? undefined : text.length; }, 10);
  assert.deepEqual([length('abc'), length('abc'), length(''), length('')], [3, 3, undefined, undefined]);
  assert.equal(times, 2);
});

test('more texts than are kept, and texts that are too long to be kept, are worked out again', () => {
  let times = 0;
  const length = remembered((text) => { times++; return text.length; }, 2);
  for (const text of ['a', 'b', 'c', 'a']) length(text);
  assert.equal(times, 4);
  const long = 'x'.repeat(301);
  assert.deepEqual([length(long), length(long)], [301, 301]);
  assert.equal(times, 6);
});

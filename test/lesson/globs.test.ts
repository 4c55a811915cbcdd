import test from 'node:test';
import assert from 'node:assert/strict';
import { globHolds, objectKey } from '../../src/lesson/globs.ts';

test('a star stands for any text of one part', () => {
  assert.ok(globHolds('NetworkPolicy/shop/*', 'NetworkPolicy/shop/default-deny'));
  assert.ok(globHolds('Pod/shop/api-*', 'Pod/shop/api-7d'));
  assert.ok(globHolds('*/shop/a*c*e', 'Pod/shop/abcde'));
  assert.ok(!globHolds('Pod/shop/api-*', 'Pod/shop/web-api-7d'));
  assert.ok(!globHolds('Namespace/*', 'Pod/shop/api'));
  assert.ok(!globHolds('Pod/shop/a*a', 'Pod/shop/a'));
});

test('dots and other signs stand for themselves', () => {
  assert.ok(!globHolds('Pod/shop/a.c', 'Pod/shop/abc'));
  assert.ok(globHolds('Pod/shop/a.c', 'Pod/shop/a.c'));
});

test('an object without a namespace has two parts', () => {
  assert.equal(objectKey({ kind: 'Namespace', namespace: '', name: 'shop' }), 'Namespace/shop');
  assert.equal(objectKey({ kind: 'Service', namespace: 'shop', name: 'api' }), 'Service/shop/api');
});

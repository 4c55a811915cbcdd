import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decode } from '../../../src/sim/cluster/decode.ts';
import { listOf, serialize } from '../../../src/sim/cluster/serialize.ts';

const yaml = (value: unknown): string => serialize(value, 'yaml');

test('fields are sorted, lists stand at the column of their field, empty things on one line', () => {
  assert.equal(yaml({ b: [1, { c: 2, a: [[1], []] }], a: {}, c: [] }), 'a: {}\nb:\n- 1\n- a:\n  - - 1\n  - []\n  c: 2\nc: []\n');
});

test('a text that looks like something else stands in quotes', () => {
  const texts = ['80', 'true', 'no', 'y', '', '~', '1.5', '0x1F', '2026-01-01T00:00:00Z', '1:30', '1e3', '*a', '- a', 'a: b', 'a #b', '{{ x }}', '@a', '%a', "it's", '"a"', ' a', 'a ', '10.0.0.0/8', 'a:b', '-a', '::1', 'fd00::1'];
  assert.equal(yaml({ a: texts }), `a:\n${['"80"', '"true"', '"no"', '"y"', '""', '"~"', '"1.5"', '"0x1F"', '"2026-01-01T00:00:00Z"', '"1:30"', '"1e3"', "'*a'", "'- a'", "'a: b'", "'a #b'", "'{{ x }}'", "'@a'", "'%a'", "it's", `'"a"'`, "' a'", "'a '", '10.0.0.0/8', 'a:b', '-a', '::1', 'fd00::1'].map((text) => `- ${text}\n`).join('')}`);
});

test('texts of several lines stand in a block, with tabs in quotes', () => {
  assert.equal(yaml({ a: 'b\nc\n', d: 'b\n\nc', e: 'b\n\n', f: 'a\tb\nc', g: [' x\ny'] }), 'a: |\n  b\n  c\nd: |-\n  b\n\n  c\ne: |+\n  b\n\nf: "a\\tb\\nc"\ng:\n- |2-\n   x\n  y\n');
});

test('numbers in names count as numbers, as in go-yaml', () => {
  assert.equal(yaml({ a10: 1, a2: 2, b: 3, 'a/b': 4, B: 5 }), 'B: 5\na/b: 4\na2: 2\na10: 1\nb: 3\n');
});

test('JSON has four spaces and sorted fields', () => {
  assert.equal(serialize({ b: [1], a: 'é' }, 'json'), '{\n    "a": "é",\n    "b": [\n        1\n    ]\n}\n');
});

test('several objects are a List', () => {
  assert.equal(yaml(listOf([])), 'apiVersion: v1\nitems: []\nkind: List\nmetadata:\n  resourceVersion: ""\n');
});

// Integral numbers only: what manifests have. A text is anything that YAML may hold.
const leaf = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.stringMatching(/^[-a-z0-9.:#'"\\ \n\t~{}[\],&*!|>%@`]{0,12}$/), fc.maxSafeInteger(), fc.boolean(), fc.constant(null));
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 4, withCrossShrink: true }, leaf, fc.array(tie('any'), { maxLength: 4 }), fc.dictionary(fc.oneof(fc.string({ maxLength: 6 }), fc.stringMatching(/^[a-z0-9./\n-]{0,5}$/)), tie('any'), { maxKeys: 4 })),
})).any;

for (const format of ['yaml', 'json'] as const) {
  test(`what is printed as ${format} is read as the same`, () => {
    fc.assert(fc.property(value, (data) => {
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data };
      const text = serialize(object, format);
      const again = decode([{ path: 'a', text }]);
      assert.ok(again.ok, `${text}\n${JSON.stringify(again)}`);
      assert.deepEqual(JSON.parse(JSON.stringify(again.value.documents[0]?.object)), JSON.parse(JSON.stringify(object)));
    }), { numRuns: 1000 });
  });
}

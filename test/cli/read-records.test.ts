import assert from 'node:assert/strict';
import test from 'node:test';
import { readRecords } from '../../src/cli/read-records.ts';

const told = (text: string): string[] => {
  const read = readRecords({ path: 'r.yaml', text });
  return read.ok ? [] : read.failures.map(({ code, where }) => `${where?.line ?? '-'}:${where?.column ?? '-'} ${code} ${where?.field ?? ''}`.trim());
};

test('records are read from YAML and from JSON', () => {
  for (const text of ['records:\n  web: { A: [10.0.0.1] }\n', '{ "records": { "web": { "A": ["10.0.0.1"] } } }']) {
    const read = readRecords({ path: 'r', text });
    assert.deepEqual(read.ok && [...read.value.records.values()].map((types) => [...types]), [[['A', ['10.0.0.1']]]]);
  }
});

test('a slip in the document is told with its line', () => {
  assert.deepEqual(told('records: {}\ntcKeep: -1\n'), ['2:1 invalid-value tcKeep']);
});

test('what is no document, several, broken, or nested hundreds deep is refused', () => {
  assert.deepEqual([told(''), told('a: 1\n---\nb: 1\n'), told('records: ['), told('['.repeat(300))].map((lines) => lines.length), [1, 1, 1, 1]);
});

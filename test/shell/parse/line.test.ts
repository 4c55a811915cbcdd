// Reading a line: what becomes of it before anything runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { braces, substitutions } from '../../../src/shell/parse/arguments.ts';
import { arithmetic } from '../../../src/shell/parse/arithmetic.ts';
import { parseLine, unfinished } from '../../../src/shell/parse/line.ts';
import { matchesPattern } from '../../../src/shell/parse/pattern.ts';

const sum = (text: string, variables: Readonly<Record<string, string>> = {}): number | string => {
  const result = arithmetic(text, variables);
  return result.ok ? result.value.value : result.failures.join('; ');
};

test('quotes may stand in a substitution that stands in quotes', () => {
  const parsed = parseLine('echo "$(kubectl get svc api -o jsonpath="{.spec.clusterIP}") x" | wc -l');
  assert.ok(parsed.ok);
  assert.equal(parsed.value[0]?.stages.length, 2);
  assert.deepEqual(substitutions('"$(echo "a b")"').found, [{ variable: '_substitution_0', kind: 'command', text: 'echo "a b"' }]);
});
test('a loop is one command: it may be piped and redirected', () => {
  const parsed = parseLine('for i in 1 2; do echo $i; done 2>&1 | sort > x');
  assert.ok(parsed.ok);
  const [loop, sort] = parsed.value[0]?.stages ?? [];
  assert.equal(loop?.command.kind, 'for');
  assert.deepEqual(loop.redirects, [{ kind: 'join', stream: 'err', to: 'out' }]);
  assert.deepEqual(sort?.redirects, [{ kind: 'file', stream: 'out', append: false, word: 'x' }]);
});
for (const [line, open] of [['for i in 1 2', true], ['for i in 1 2; do', true], ['for i in 1; do echo; done', false], ['if true; then', true], ['cat <<EOF\na', true], ['cat <<EOF\na\nEOF', false], ['echo "a', true], ['echo a |', true], ['a &&', true], ['echo $(', true], ['while true', true], ['echo a', false], ['done', false]] as const) {
  test(`${JSON.stringify(line)} ${open ? 'goes on in the next line' : 'is a whole line'}`, () => {
    assert.equal(unfinished(line), open);
  });
}
test('arithmetic is the shell\'s: whole numbers, variables, assignments', () => {
  assert.equal(sum('1 + 2 * 3'), 7);
  assert.equal(sum('(1+2)*3 ** 2'), 27);
  assert.equal(sum('10 / 3 - -1'), 4);
  assert.equal(sum('i + 1', { i: '41' }), 42);
  assert.equal(sum('nope + 1'), 1);
  assert.equal(sum('1 < 2 && 2 >= 2 ? 5 : 6'), 5);
  assert.equal(sum('0x10'), 16);
  assert.deepEqual(arithmetic('i++', { i: '1' }), { ok: true, value: { value: 1, variables: { i: '2' } } });
  assert.match(String(sum('1 / 0')), /division by 0/);
  assert.match(String(sum('1 +')), /operand expected/);
});
test('braces make words, in order', () => {
  assert.equal(braces('a{1..3}b {x,y}{1,2} "{a,b}" ${X}'), 'a1b a2b a3b x1 x2 y1 y2 "{a,b}" ${X}');
  assert.equal(braces('{3..1}'), '3 2 1');
  assert.equal(braces('-o jsonpath={.items[0].metadata.name} {a}'), '-o jsonpath={.items[0].metadata.name} {a}');
});
test('patterns match whole texts', () => {
  assert.ok(matchesPattern('10.96.0.1', '10.*'));
  assert.ok(matchesPattern('web-1', 'web-[0-9]'));
  assert.ok(!matchesPattern('web-x', 'web-[!a-z]'));
  assert.ok(!matchesPattern('xweb', 'web*'));
});
test('no line makes the reader throw, however deep it is', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', ' ', "'", '"', '\\', '$', '(', ')', '{', '}', '|', '&', ';', '<', '>', '\n', '#', '=', '*', '`', '[', ']', 'if ', 'then ', 'fi ', 'do ', 'done ', 'for x in ', '((', '))', '!'), maxLength: 30 }), (line) => {
    const parsed = parseLine(line);
    assert.ok(parsed.ok || parsed.failures.length > 0);
  }));
  for (const deep of ['$('.repeat(20_000), '('.repeat(20_000), '{ '.repeat(20_000), '"$('.repeat(10_000), 'if '.repeat(5000)]) assert.ok(!parseLine(deep).ok);
});
test('no sum makes the reader throw', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('1', 'a', '+', '-', '*', '/', '(', ')', '<', '=', '?', ':', '!', ' ', '%', ','), maxLength: 20 }), (text) => {
    const result = arithmetic(text, { a: '3' });
    assert.ok(result.ok || result.failures.length > 0);
  }));
});

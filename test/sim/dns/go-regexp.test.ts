import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findSubmatch } from '../../../src/sim/dns/go-regexp-run.ts';
import { parseRegexp } from '../../../src/sim/dns/go-regexp.ts';

const found = (pattern: string, text: string): readonly string[] | undefined => {
  const read = parseRegexp(pattern);
  assert.ok(read.ok, read.ok ? '' : read.failures.join());
  return findSubmatch(read.value, text);
};

test('the leftmost match counts, and of several from one place the first that the expression names', () => {
  assert.deepEqual(found('b|ab', 'ab'), ['ab']);
  assert.deepEqual(found('a|ab', 'ab'), ['a']);
  assert.deepEqual(found('(a+?)(a*)', 'aaa'), ['aaa', 'a', 'aa']);
  assert.equal(found('^b', 'ab'), undefined);
});

test('a group that took no part is empty, and one that repeats keeps its last text, as in Go', () => {
  assert.deepEqual(found('(a)|(b)', 'b'), ['b', '', 'b']);
  assert.deepEqual(found('(?:(a)|(b)|c){3}', 'abc'), ['abc', 'a', 'b']);
});

test('names of groups, classes and flags are those of RE2', () => {
  const read = parseRegexp('(?i)^(?P<host>[[:alpha:]-]+)\\.(?P<zone>[^.]+)\\.$');
  assert.deepEqual(read.ok && [read.value.groups, findSubmatch(read.value, 'Web-A.Example.')], [['', 'host', 'zone'], ['Web-A.Example.', 'Web-A', 'Example']]);
});

test('what RE2 does not have is refused in its words', () => {
  const refusals = ['(?=a)', '(?!a)', '(?<=a)', '\\1', '(', 'a)', '[', 'a**', '*a', 'a{1001}', '[z-a]', 'a\\'].map((pattern) => { const read = parseRegexp(pattern); return read.ok ? pattern : read.failures[0]?.replace('error parsing regexp: ', ''); });
  assert.deepEqual(refusals, [
    'invalid or unsupported Perl syntax: `(?=`', 'invalid or unsupported Perl syntax: `(?!`', 'invalid or unsupported Perl syntax: `(?<`', 'invalid escape sequence: `\\1`', 'missing closing ): `(`', 'unexpected ): `a)`', 'missing closing ]: `[`',
    'invalid nested repetition operator: `**`', 'missing argument to repetition operator: `*`', 'invalid repeat count: `{1001}`', 'invalid character class range: `z-a`', 'trailing backslash at end of expression: ``',
  ]);
});

test('no expression takes long: time grows with the text, not with the ways through it', () => {
  assert.equal(found('(a*)*(a*)*(a*)*(a|aa)+b', 'a'.repeat(250)), undefined);
});

const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\.', '(a|b)', '(?:ab|b)');
const expression = fc.array(fc.tuple(atom, fc.constantFrom('', '', '*', '+', '?', '*?', '{1,2}')), { minLength: 1, maxLength: 5 }).map((parts) => parts.map(([one, times]) => `${one}${times}`).join(''));

test('where nothing repeats that has groups, the whole match is that of JavaScript', () => {
  fc.assert(fc.property(expression, fc.stringMatching(/^[ab.1]{0,8}$/), (pattern, text) => {
    assert.equal(found(pattern, text)?.[0], new RegExp(pattern).exec(text)?.[0]);
  }), { numRuns: 500 });
});

// What a proxy lets through: HTTP requests as Envoy matches them, and names as Cilium's DNS proxy does.
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { fullMatch } from '../../../src/sim/base/expression/full-match.ts';
import type { HttpRule, NameRule, RuleRef } from '../../../src/sim/model/policy.ts';
import { judgeQuery } from '../../../src/sim/policy/dns-rules.ts';
import { judgeHttp } from '../../../src/sim/policy/http-rules.ts';
import { patternHolds } from '../../../src/sim/policy/name-pattern.ts';

const ref = (field: string): RuleRef => ({ policy: { kind: 'CiliumNetworkPolicy', namespace: 'x', name: 'p' }, field, file: 'c.yaml', line: 3 });
const rule = (parts: Partial<HttpRule> = {}, index = 0): HttpRule => ({ ref: ref(`http[${index}]`), method: null, path: null, host: null, headers: [], ...parts });
const get = (path: string, more: { readonly method?: string; readonly host?: string; readonly headers?: Readonly<Record<string, string>> } = {}) => ({ method: 'GET', host: 'web', headers: {}, path, ...more });
const passes = (rules: readonly HttpRule[], asked: Parameters<typeof judgeHttp>[1]): boolean => judgeHttp(rules, asked).allowed;

test('method, path and host must match as a whole', () => {
  const rules = [rule({ method: 'GET', path: '/public/.*', host: 'web' })];
  assert.deepEqual([get('/public/a'), get('/public'), get('/public/a', { method: 'GETS' }), get('/x/public/a'), get('/public/a', { host: 'web:8080' })].map((one) => passes(rules, one)), [true, false, false, false, false]);
});

test('the query belongs to the path, and capitals count', () => {
  assert.deepEqual([passes([rule({ path: '/a' })], get('/a?x=1')), passes([rule({ path: '/a.*' })], get('/a?x=1')), passes([rule({ method: 'get' })], get('/'))], [false, true, false]);
  assert.equal(judgeHttp([rule({ path: '/a' })], get('/a?x=1')).says, 'http[0] of CiliumNetworkPolicy x/p does not let GET /a?x=1 through: the path /a?x=1 is not /a as a whole (the query belongs to the path).');
});

test('a header must be there, and have the value where one is given', () => {
  const rules = [rule({ headers: [{ name: 'x-key', value: '1', field: 'headers[0]' }, { name: 'x-any', value: null, field: 'headers[1]' }] })];
  assert.deepEqual([{ 'x-key': '1', 'x-any': '' }, { 'x-key': '2', 'x-any': '' }, { 'x-key': '1' }].map((headers) => passes(rules, get('/', { headers }))), [true, false, false]);
  assert.ok(!passes([rule({ headers: [{ name: '__proto__', value: null, field: 'headers[0]' }] })], get('/')));
});

test('any one rule is enough, one without parts is for every request, and the nearest miss is told', () => {
  const rules = [rule({ method: 'POST', path: '/a' }), rule({ method: 'GET', path: '/b' }, 1)];
  assert.ok(passes(rules, get('/b')) && !passes(rules, get('/c')) && passes([...rules, rule({}, 2)], get('/c')));
  const verdict = judgeHttp(rules, get('/c'));
  assert.deepEqual([verdict.nearest?.field, verdict.nearest?.line], ['http[1].path', 3]);
  assert.equal(verdict.says, 'http[1] of CiliumNetworkPolicy x/p does not let GET /c through: the path /c is not /b as a whole; the other condition does not either.');
});

test('regular expressions are those of RE2', () => {
  const cases: readonly (readonly [expression: string, text: string, matches: boolean | null])[] = [
    ['/foo', '/foo', true], ['GET|POST', 'POST', true], ['GET|POST', 'POSTS', false], ['^/a$', '/a', true], ['a{2,3}', 'aaaa', false], ['a{2,3}?', 'aaa', true], ['[[:alpha:]]+[0-9-]', 'ab-', true], ['(?i)get', 'GeT', true],
    ['(?P<n>a)(?:b)', 'ab', true], ['\\d+\\.\\w', '12.a', true], ['\\Qa.b\\E', 'axb', false], ['[^/]+', 'a/b', false], ['\\bfoo\\b', 'foo', true], ['a|', '', true], ['[]a]', ']', true], ['x{', 'x{', true], ['\\x41\\x{42}', 'AB', true], ['(?s).', '\n', true], ['.', '\n', false],
    ['(?=a)b', 'b', null], ['(a)\\1', 'aa', null], ['a**', 'a', null], ['(', '', null], ['a)', '', null], ['[a', '', null], ['*', '', null], ['a{1001}', '', null], ['[b-a]', '', null],
  ];
  for (const [expression, text, matches] of cases) {
    const found = fullMatch(expression);
    assert.equal(found.wrong === null ? found.matches(text) : null, matches, expression);
  }
});

test('an expression that would run away elsewhere is walked in a straight line', () => {
  assert.ok(!fullMatch('(a*)*b').matches('a'.repeat(5000)));
  assert.ok(fullMatch('((a?){1000}){1000}').wrong !== null);
  assert.ok(fullMatch('((((){1000}){1000}){1000}){1000}').matches(''));
});

test('on plain expressions the walk says what JavaScript\'s engine says', () => {
  const piece = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', 'a*', 'b+', '(a|b)', '(ab)?', 'a{1,2}', '|', '\\w', '$', '^');
  fc.assert(fc.property(fc.array(piece, { maxLength: 5 }), fc.string({ unit: fc.constantFrom('a', 'b', 'c', '/'), maxLength: 6 }), (pieces, text) => {
    const expression = pieces.join('');
    const ours = fullMatch(expression);
    if (ours.wrong === null) assert.equal(ours.matches(text), new RegExp(`^(?:${expression})$`).test(text), `${expression} ${text}`);
  }), { numRuns: 3000, seed: 31 });
});

test('any text is an expression or is told what is wrong with it', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'ab(?:)[]^-*+{1,2}|\\dQE.x[:alpha:]P<n>$'), maxLength: 24 }), (text) => {
    const { wrong, matches } = fullMatch(text);
    assert.ok(wrong === null || wrong.length > 0);
    matches('ab');
  }), { numRuns: 3000, seed: 32 });
});

test('a star is part of one label, two in front are whole labels, and stars alone any name', () => {
  const cases: readonly (readonly [pattern: string, name: string, holds: boolean])[] = [
    ['*.cilium.io', 'www.cilium.io', true], ['*.cilium.io', 'cilium.io', false], ['*.cilium.io', 'a.b.cilium.io', false], ['*cilium.io', 'subcilium.io', true], ['*cilium.io', 'cilium.io', true], ['*cilium.io', 'www.cilium.io', false],
    ['sub*.cilium.io', 'sub.cilium.io', true], ['sub*.cilium.io', 'www.cilium.io', false], ['**.cilium.io', 'test.app.cilium.io', true], ['**.cilium.io', 'cilium.io', false], ['*', 'a.b.c.', true], ['**', 'a', true],
    ['WWW.Cilium.io.', 'www.cilium.IO', true], ['a.b', 'axb', false],
  ];
  for (const [pattern, name, holds] of cases) assert.equal(patternHolds(pattern, name), holds, `${pattern} ${name}`);
});

test('a lookup passes by its name, by a pattern, or where nothing is asked of it', () => {
  const names = (...pairs: readonly (readonly [name: string | null, pattern: string | null])[]): readonly NameRule[] => pairs.map(([name, pattern], index) => ({ ref: ref(`dns[${index}]`), name, pattern }));
  assert.ok(judgeQuery(names(['a.example', null]), 'A.example.').allowed && judgeQuery(names([null, '*.svc.cluster.local'], [null, null]), 'x.y').allowed);
  const refused = judgeQuery(names(['a.example', null], [null, '*.b']), 'c.example');
  assert.deepEqual([refused.allowed, refused.nearest?.field, refused.says], [false, 'dns[0]', 'dns[0] of CiliumNetworkPolicy x/p does not let the lookup of c.example through: only a.example, *.b.']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { labelsText, matchesFields, matchesLabels, matchesRequirements, matchesSet, parseFieldSelector, parseSelector, requirementsText, selectorText } from '../../../src/sim/cluster/selector.ts';
import { object } from './manifest.ts';

const parsed = (text: string): string => {
  const result = parseSelector(text);
  return result.ok ? requirementsText(result.value) : (result.failures[0]?.says ?? '');
};

test('no selector picks nobody, an empty one everybody', () => {
  assert.deepEqual([matchesLabels(undefined, {}), matchesLabels({}, undefined), matchesSet(undefined, {}), matchesSet({}, undefined)], [false, true, false, true]);
});

test('a selector that asks for what is not there matches through NotIn and DoesNotExist alone', () => {
  const match = (operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'): boolean => matchesLabels({ matchExpressions: [{ key: 'a', operator, ...(operator.endsWith('In') ? { values: ['b'] } : {}) }] }, { c: 'd' });
  assert.deepEqual([match('In'), match('NotIn'), match('Exists'), match('DoesNotExist')], [false, true, false, true]);
});

test('labels and expressions must all hold', () => {
  const selector = { matchLabels: { app: 'a' }, matchExpressions: [{ key: 'tier', operator: 'In' as const, values: ['x', 'y'] }] };
  assert.equal(matchesLabels(selector, { app: 'a', tier: 'y' }), true);
  assert.equal(matchesLabels(selector, { app: 'a', tier: 'z' }), false);
  assert.equal(matchesLabels(selector, { tier: 'y' }), false);
});

test('names of every object are no labels of it', () => {
  assert.equal(matchesSet({ toString: 'x' }, {}), false);
  assert.equal(matchesLabels({ matchExpressions: [{ key: 'constructor', operator: 'Exists' }] }, {}), false);
});

test('the selectors of a command line are read', () => {
  assert.equal(parsed('app=api,tier==x , env!=dev,e in (b, a),f notin (c),g,!h'), 'app=api,e in (a,b),env!=dev,f notin (c),g,!h,tier=x');
  assert.equal(parsed(''), '');
  assert.equal(parsed('app='), 'app=');
  const result = parseSelector('env!=dev,!old');
  assert.ok(result.ok);
  assert.deepEqual([{ env: 'prod' }, { env: 'dev' }, { old: '' }].map((labels) => matchesRequirements(result.value, labels)), [true, false, false]);
});

test('a selector that makes no sense is refused in the words of kubectl', () => {
  assert.equal(parsed('app in x'), "unable to parse requirement: found 'x', expected: '('");
  assert.equal(parsed('=x'), "unable to parse requirement: found '=', expected: !, identifier, or 'end of string'");
  assert.equal(parsed('a b'), "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt");
  assert.equal(parsed('a=b c'), "unable to parse requirement: found 'c', expected: ',' or 'end of string'");
});

test('selectors are printed as kubectl prints them', () => {
  assert.equal(selectorText({ matchLabels: { tier: 'x', app: 'a' }, matchExpressions: [{ key: 'b', operator: 'In', values: ['d', 'c'] }] }), 'app=a,b in (c,d),tier=x');
  assert.equal(selectorText({}), '<none>');
  assert.equal(labelsText({ b: '1', a: '2' }), 'a=2,b=1');
  assert.equal(labelsText(undefined), '<none>');
});

test('what a selector is printed as picks the same labels', () => {
  const word = fc.stringMatching(/^[a-c]{1,2}$/);
  fc.assert(fc.property(fc.dictionary(word, word, { maxKeys: 2 }), fc.array(fc.record({ key: word, operator: fc.constantFrom('In' as const, 'NotIn' as const, 'Exists' as const, 'DoesNotExist' as const), values: fc.array(word, { minLength: 1, maxLength: 2 }) }), { maxLength: 2 }), fc.dictionary(word, word), (matchLabels, expressions, labels) => {
    const selector = { matchLabels, matchExpressions: expressions };
    const again = parseSelector(selectorText(selector).replace('<none>', ''));
    assert.ok(again.ok);
    assert.equal(matchesRequirements(again.value, labels), matchesLabels(selector, labels));
  }));
});

test('fields pick objects, and a field that is not there is empty', () => {
  const pod = object('apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {nodeName: worker-1}\n');
  const fits = (text: string): boolean => {
    const result = parseFieldSelector(text);
    assert.ok(result.ok);
    return matchesFields(result.value, pod);
  };
  assert.deepEqual(['metadata.name=a', 'metadata.name!=a', 'spec.nodeName=worker-1,status.phase=', 'status.phase!=Running'].map(fits), [true, false, true, true]);
});

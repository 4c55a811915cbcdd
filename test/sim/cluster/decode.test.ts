import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, decodeOne } from '../../../src/sim/cluster/decode.ts';
import { findTooDeep, sizeLimit } from '../../../src/sim/cluster/decode/guard.ts';
import { placeOf } from '../../../src/sim/cluster/problem-at.ts';
import { documents, faults, object, only } from './manifest.ts';

const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';

test('a file holds several documents, and empty ones are nothing', () => {
  assert.deepEqual(documents(`---\n# a comment\n---\n${head}---\n---\n${head.replace('name: a', 'name: b')}...\n`).map((document) => document.object.metadata.name), ['a', 'b']);
});

test('JSON is read as it stands', () => {
  assert.deepEqual(object('{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"\\u00e9"}}'), { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { x: 'é' } });
});

test('a List is opened up, and each item knows its own places', () => {
  const [first, second] = documents(`apiVersion: v1\nkind: List\nitems:\n- ${head.replaceAll('\n', '\n  ')}\n- apiVersion: v1\n  kind: Service\n  metadata: {name: s}\n  spec:\n    ports:\n    - port: 80\n`);
  assert.equal(first?.object.metadata.name, 'a');
  assert.deepEqual(second?.origin.positions['spec.ports[0].port'], [14, 7]);
  assert.deepEqual(second?.origin.positions[''], [9, 3]);
});

test('the items of a typed list need not say what they are', () => {
  assert.deepEqual(documents('apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n').map(({ object: { apiVersion, kind } }) => `${apiVersion} ${kind}`), ['v1 Pod']);
  assert.deepEqual(documents('{"apiVersion":"v1","kind":"List","items":[]}'), []);
});

test('unquoted words mean what they mean to kubectl: YAML 1.1', () => {
  const { data } = object(`${head}data: {a: yes, b: No, c: on, d: y, e: 017, f: 0o17, g: 0x1F, h: 1_000, i: 22:22, j: 2026-01-02, k: 1e3, l: ~, m: "yes", nn: 08, o: 0b11, p: -0x10, q: .5, r: !!str 5, s: '5'}\n`) as unknown as { data: unknown };
  assert.deepEqual(data, { a: true, b: false, c: true, d: true, e: 15, f: 15, g: 31, h: 1000, i: '22:22', j: '2026-01-02', k: 1000, l: null, m: 'yes', nn: 8, o: 3, p: -16, q: 0.5, r: '5', s: '5' });
});

test('anchors, aliases and merge keys are followed; what a map says itself wins', () => {
  const { data } = object(`${head}base: &base {b: "1", c: "2"}\ndata:\n  <<: *base\n  b: "3"\n`) as unknown as { data: unknown };
  assert.deepEqual(data, { b: '3', c: '2' });
});

test('a key called __proto__ is a field like any other', () => {
  for (const text of [`${head}data:\n  __proto__: {polluted: "yes"}\n`, '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"__proto__":{"polluted":"yes"}}}']) {
    const { data } = object(text) as unknown as { data: object };
    assert.deepEqual(Object.keys(data), ['__proto__']);
    assert.equal(Object.getPrototypeOf(data), Object.prototype);
    assert.equal(Reflect.get({}, 'polluted'), undefined);
  }
});

test('every field has its place, and a field without one has that of what is around it', () => {
  const { origin } = only(`${head}  labels:\n    app.kubernetes.io/name: x\nspec:\n  ports:\n  - port: 80\n    nodePort: 81\n`);
  assert.deepEqual(placeOf(origin, 'spec.ports[0].nodePort'), [10, 5]);
  assert.deepEqual(placeOf(origin, 'spec.ports[0].protocol'), [9, 5]);
  assert.deepEqual(placeOf(origin, 'metadata.labels[app.kubernetes.io/name]'), [6, 5]);
  assert.deepEqual(placeOf(origin, 'status.phase'), [1, 1]);
});

const broken: readonly (readonly [fact: string, text: string, says: RegExp, place: readonly [number, number], help?: RegExp])[] = [
  ['a line without a colon is named', 'apiVersion v1\nkind: Service\n', /could not find expected ':'/, [1, 1], /"apiVersion v1"/],
  ['a tab for indentation is named', 'kind: A\nmetadata:\n\tname: b\n', /cannot start any token/, [3, 1], /tab/],
  ['two colons in a line are named', 'a: b: c\n', /mapping values are not allowed/, [1, 4], /quotes/],
  ['a field that stands twice is refused', 'a: 1\nb: 2\na: 3\n', /key "a" already set in map/, [3, 1]],
  ['a field that stands twice in JSON is refused', '{"a": 1,\n "a": 2}', /key "a" already set in map/, [2, 2]],
  ['an unknown alias is refused', 'a:\n  b: *c\n', /unknown anchor 'c' referenced/, [2, 6]],
  ['an alias to the thing around it is refused', 'a: &a [*a]\n', /value contains itself/, [1, 8]],
  ['fields that do not start in one column are refused', 'a:\n  b: 1\n c: 2\n', /same column/, [3, 1]],
  ['a quote that never ends is refused', 'a: "b\n', /missing closing/, [2, 1]],
  ['a template that was not filled in is refused', 'a: {{ .Values.x }}\n', /key must be a text/, [1, 5]],
  ['a text is no object', 'hello\n', /an object was expected here, this is a text/, [1, 1]],
  ['a list is no object', '- a\n', /this is a list/, [1, 1]],
  ['an object says its kind', 'apiVersion: v1\n', /Object 'Kind' is missing/, [1, 1]],
  ['an object says its apiVersion', 'kind: Pod\n', /apiVersion not set/, [1, 1]],
  ['an object has a name', 'apiVersion: v1\nkind: Pod\nmetadata: {}\n', /metadata.name: Required value: name or generateName is required/, [3, 1]],
  ['a name is a text', 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: 12\n', /cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string/, [4, 3], /quotes/],
  ['a name has no control characters', 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: "a\\e[31m"\n', /control characters/, [4, 3]],
  ['a binary file is no manifest', 'a: \u0000\n', /control characters are not allowed/, [1, 4]],
];
for (const [fact, text, says, place, help] of broken) {
  test(fact, () => {
    const [problem] = faults(text);
    assert.match(problem?.says ?? '', says);
    assert.deepEqual([problem?.where?.file, problem?.where?.line, problem?.where?.column], ['test.yaml', ...place]);
    if (help !== undefined) assert.match(problem?.help ?? '', help);
  });
}

test('a 300-deep flow sequence is refused before it is parsed, wherever it stands', () => {
  for (const text of ['['.repeat(300), `${head}data: ${'['.repeat(300)}${']'.repeat(300)}\n`, `a:\n- ${'{a: '.repeat(300)}`, `{"a": ${'['.repeat(2000)}`, `${head}---\nx: ${'['.repeat(5000)}\n`]) {
    assert.deepEqual(faults(text).map((problem) => problem.code), ['too-deep']);
  }
});

test('a 300-deep block sequence is refused, on one line or many', () => {
  assert.deepEqual(faults(`a:\n${'- '.repeat(300)}b\n`).map((problem) => problem.code), ['too-deep']);
  assert.deepEqual(faults(Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')).map((problem) => problem.code), ['too-deep']);
});

test('many brackets side by side, in texts and in comments are not deep', () => {
  assert.equal(findTooDeep(`a: [${'{}, '.repeat(500)}{}]\n`), undefined);
  assert.equal(findTooDeep(`a: "${'['.repeat(500)}"\n# ${'['.repeat(500)}\nb: |\n  ${'[{'.repeat(500)}\nc: x${'['.repeat(500)}\n`), undefined);
});

test('a bomb of aliases is refused', () => {
  const levels = Array.from({ length: 9 }, (_, level) => `l${level + 1}: &l${level + 1} [${Array.from({ length: 10 }, () => `*l${level}`).join(', ')}]`);
  assert.match(faults(`l0: &l0 [x]\n${levels.join('\n')}\n`)[0]?.says ?? '', /excessive aliasing/);
});

test('a file that is too big is refused unread', () => {
  assert.deepEqual(faults(' '.repeat(sizeLimit + 1)).map((problem) => problem.code), ['too-large']);
});

test('one bad document does not hide the others, and without validation they are given', () => {
  const files = [{ path: 'a.yaml', text: `${head}---\na: *b\n---\n- x\n` }, { path: 'b.yaml', text: head }];
  const strict = decode(files);
  assert.deepEqual(strict.ok ? [] : strict.failures.map((problem) => [problem.code, problem.where?.line]), [['yaml-syntax', 6], ['not-an-object', 8]]);
  const lenient = decode(files, { validate: false });
  assert.ok(lenient.ok);
  assert.equal(lenient.value.documents.length, 2);
  assert.deepEqual(lenient.value.warnings.map((problem) => problem.severity), ['warning', 'warning']);
});

test('an editor wants exactly one object', () => {
  assert.equal(decodeOne(head, 'edit').ok, true);
  const several = decodeOne(`${head}---\n${head}`, 'edit');
  assert.deepEqual(several.ok ? null : [several.failures[0]?.says, several.failures[0]?.where?.line], ['there is more than one object here', 6]);
  const none = decodeOne('# nothing\n', 'edit');
  assert.deepEqual(none.ok ? null : none.failures[0]?.says, 'there is no object here');
});

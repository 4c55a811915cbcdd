import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { cardOf, decodeLesson } from '../../src/lesson/decode-lesson.ts';
import type { Problem } from '../../src/sim/model/problem.ts';
import { folder, lessonFrom, lessonYaml, textMd, trapHead } from './folder.fixture.ts';

function problems(changes: Readonly<Record<string, string | null>>): readonly Problem[] {
  const decoded = decodeLesson(folder(changes), 'small');
  return decoded.ok ? [] : decoded.failures;
}

const only = (found: readonly Problem[]): Problem => {
  assert.equal(found.length, 1, JSON.stringify(found, null, 1));
  const [problem] = found;
  assert.ok(problem);
  return problem;
};

test('a lesson folder is read whole', () => {
  const lesson = lessonFrom();
  assert.equal(lesson.name, 'a-small-lesson');
  const pair = { from: 'shop/web', to: { kind: 'target', text: 'http://api:8080/' } };
  assert.deepEqual(lesson.intents, [{ kind: 'request', say: 'web calls api', after: [], ...pair, http: null, size: null, pairs: [pair], expect: 'delivered', by: ['shop/api'], backends: null, status: null, sees: null, queries: null }]);
  assert.deepEqual(lesson.solutions.map(({ name, files, run, free }) => [name, files.length, run.length, free.length]), [['selector', 1, 0, 0], ['template', 0, 1, 1]]);
  assert.deepEqual(lesson.traps.map(({ name, falls }) => [name, falls]), [['wide-open', 'outside']]);
  assert.deepEqual(lesson.texts['en']?.hints, ['Look at the endpoint list.', 'The selector is wrong.']);
  assert.equal(lesson.texts['en']?.traps['wide-open'], 'That opens a door.');
});

test('the lines of a trap stay where they were when its own document is cut out', () => {
  const lesson = lessonFrom({ 'traps/wide-open.yaml': `${trapHead('outside')}---\napiVersion: v1\nkind: Service\n` });
  const lines = lesson.traps[0]?.files[0]?.text.split('\n') ?? [];
  assert.equal(lines.indexOf('apiVersion: v1'), 5);
  assert.ok(!lines.join('\n').includes('kind: Trap'));
});

test('the card needs lesson.yaml alone', () => {
  assert.deepEqual(cardOf([{ path: 'lesson.yaml', text: lessonYaml }]), { ok: true, value: { name: 'a-small-lesson', title: 'A small lesson', level: 1, minutes: 3 } });
});

test('an unknown field is told with its place and the nearest known one', () => {
  const problem = only(problems({ 'lesson.yaml': lessonYaml.replace('  minutes: 3', '  minuets: 3\n  minutes: 3') }));
  assert.equal(problem.code, 'unknown-field');
  assert.deepEqual(problem.where, { file: 'small/lesson.yaml', line: 7, column: 3, object: null, field: 'spec.minuets' });
  assert.match(problem.help ?? '', /Did you mean "minutes"/);
});

test('a wrong type is told with what was found', () => {
  const problem = only(problems({ 'lesson.yaml': lessonYaml.replace('minutes: 3', 'minutes: soon') }));
  assert.equal(problem.code, 'wrong-type');
  assert.equal(problem.where?.field, 'spec.minutes');
  assert.match(problem.says, /whole number from 1 to 120, found soon/);
});

test('a verdict that does not exist is told with those that do', () => {
  const problem = only(problems({ 'lesson.yaml': lessonYaml.replace('expect: delivered', 'expect: deliverd') }));
  assert.equal(problem.code, 'invalid-value');
  assert.equal(problem.where?.field, 'spec.intents[0].expect');
  assert.match(problem.help ?? '', /delivered/);
});

test('all problems of a file are told at once', () => {
  const found = problems({ 'lesson.yaml': lessonYaml.replace('level: 1', 'level: 7').replace('focus: layers', 'focus: nowhere') });
  assert.deepEqual(found.map((problem) => problem.where?.field).sort(), ['spec.focus', 'spec.level']);
});

test('a lesson of a newer format asks for an update of the program', () => {
  const problem = only(problems({ 'lesson.yaml': lessonYaml.replace('k8snet-lab/v1', 'k8snet-lab/v2') }));
  assert.equal(problem.code, 'newer-format');
  assert.match(problem.says, /made for a newer k8snet-lab/);
  assert.match(problem.help ?? '', /Update k8snet-lab/);
});

test('a lesson of an older format asks for an update of the lesson', () => {
  const problem = only(problems({ 'lesson.yaml': lessonYaml.replace('k8snet-lab/v1', 'k8snet-lab/v0') }));
  assert.equal(problem.code, 'older-format');
});

test('a missing heading is named', () => {
  const problem = only(problems({ 'text/en.md': textMd.replace('## Debrief', '## Afterwards') }).filter((one) => one.code === 'missing-heading'));
  assert.match(problem.says, /"## Debrief" is missing/);
});

test('a heading of no part is told with those that exist', () => {
  const problem = only(problems({ 'text/en.md': `${textMd}\n## Trap of-nobody\n\nWords.\n` }));
  assert.equal(problem.code, 'unknown-heading');
  assert.equal(problem.where?.line, textMd.split('\n').length + 1);
});

test('a trap without its own document is told what to write', () => {
  const problem = only(problems({ 'traps/wide-open.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: x }\n' }));
  assert.match(problem.help ?? '', /kind: Trap/);
});

test('a lesson without English is none', () => {
  assert.equal(only(problems({ 'text/en.md': null, 'text/de.md': textMd })).code, 'missing-file');
});

test('a folder without a cluster is told so', () => {
  assert.equal(only(problems({ 'cluster/all.yaml': null })).code, 'missing-file');
});

test('a YAML error has line and column', () => {
  const problem = only(problems({ 'lesson.yaml': lessonYaml.replace('layers: [service]', 'layers: [service') }).slice(0, 1));
  assert.equal(problem.code, 'yaml-syntax');
  assert.ok((problem.where?.line ?? 0) >= 9);
});

test('a flow sequence three hundred deep is refused before it reaches the parser', () => {
  const problem = only(problems({ 'lesson.yaml': `${lessonYaml}  x: ${'['.repeat(300)}${']'.repeat(300)}\n` }));
  assert.equal(problem.code, 'too-large');
});

test('control characters in a lesson are shown, never kept', () => {
  const lesson = lessonFrom({ 'lesson.yaml': lessonYaml.replace('title: A small lesson', 'title: "A \\e[31mred\\e[0m lesson"'), 'text/en.md': textMd.replace('stays empty', 'stays \u001b]0;x\u0007 empty\u202e') });
  assert.equal(lesson.title, 'A ␛[31mred␛[0m lesson');
  assert.equal(lesson.texts['en']?.story, 'The page stays ␛]0;x␇ empty\ufffd.');
});

test('a step may wait for one prediction, and that one must exist', () => {
  const steps = (id: string): string => lessonYaml.replace('  guard:', `  steps:\n    - title: Guess\n      ends: { predicted: ${id} }\n    - title: Look\n      ends: { ran: kubectl  get endpointslices }\n  guard:`);
  const text = `${textMd}\n## Guess\n\nGuess.\n\n## Look\n\nLook.\n`;
  assert.deepEqual(lessonFrom({ 'lesson.yaml': steps('first'), 'text/en.md': text }).steps.map((step) => step.ends), [{ kind: 'predicted', id: 'first' }, { kind: 'ran', meaning: 'get endpointslices' }]);
  assert.match(only(problems({ 'lesson.yaml': steps('second'), 'text/en.md': text })).says, /waits for a prediction "second"/);
});

test('the JSON Schema and the decoder know the same fields', () => {
  const schema: unknown = JSON.parse(readFileSync(new URL('../../assets/schemas/lesson.schema.json', import.meta.url), 'utf8'));
  const at = (...names: readonly string[]): string[] => Object.keys(names.reduce<unknown>((holder, name) => (holder as Record<string, unknown>)[name], schema) as object).sort();
  const known = (place: string): string[] => {
    const [before = '', after = ''] = place.split('*');
    const found = problems({ 'lesson.yaml': lessonYaml.replace(before, `${before}${after}`) });
    return /Known are (.*)\.$/.exec(found.find((problem) => problem.code === 'unknown-field')?.help ?? '')?.[1]?.split(', ').sort() ?? [];
  };
  assert.deepEqual(known('spec:\n*  zzz: 1\n'), at('properties', 'spec', 'properties'));
  assert.deepEqual(known('  guard:\n*    zzz: 1\n'), at('properties', 'spec', 'properties', 'guard', 'properties'));
  assert.deepEqual(known('  diagnosis:\n*    zzz: 1\n'), at('$defs', 'diagnosis', 'properties'));
  assert.deepEqual(known('    - id: first\n*      zzz: 1\n'), at('properties', 'spec', 'properties', 'predictions', 'items', 'properties'));
  const intent = (kind: string): string[] => at('properties', 'spec', 'properties', 'intents', 'items', 'oneOf', kind, 'properties');
  assert.deepEqual(known('    - say: web calls api\n*      zzz: 1\n'), [...new Set([...intent('0'), ...intent('1'), ...intent('2')])].sort());
});

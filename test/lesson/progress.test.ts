import test from 'node:test';
import assert from 'node:assert/strict';
import { decodeProgress, encodeProgress, noLessonProgress, noProgress, noteLesson, progressOf } from '../../src/lesson/progress.ts';

test('progress is read as it was written', () => {
  const progress = { ...noteLesson(noteLesson(noProgress, 'b', { solved: true, opened: 2 }), 'a', { predictions: { first: 'surprised' as const }, diagnosis: 'right' as const }), current: 'a', settings: { theme: 'dark' } };
  const text = encodeProgress(progress);
  assert.deepEqual(decodeProgress(text, 'p.json'), { ok: true, value: progress });
  assert.ok(text.indexOf('"a"') < text.indexOf('"b"'));
  assert.ok(text.endsWith('\n'));
});

test('lessons that the course does not know are kept', () => {
  const decoded = decodeProgress('{"version":1,"lessons":{"of-tomorrow":{"solved":true}}}', 'p.json');
  assert.ok(decoded.ok);
  assert.deepEqual(progressOf(decoded.value, 'of-tomorrow'), { ...noLessonProgress, solved: true });
  assert.equal(progressOf(decoded.value, 'constructor').solved, false);
});

test('a file of a newer version is refused with what to do', () => {
  const decoded = decodeProgress('{"version":2,"lessons":{}}', 'p.json');
  assert.ok(!decoded.ok);
  assert.equal(decoded.failures[0]?.code, 'newer-format');
});

test('what is no progress file is refused', () => {
  for (const text of ['', '{', '[]', '{}', 'null']) assert.equal(decodeProgress(text, 'p.json').ok, false, text);
});

test('a damaged entry costs nothing but itself', () => {
  const decoded = decodeProgress('{"version":1,"lessons":{"a":{"solved":"yes","attempts":-3,"hints":2},"b":7,"__proto__":{"solved":true}},"settings":{"theme":1}}', 'p.json');
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.value.lessons, { a: { ...noLessonProgress, hints: 2 } });
  assert.deepEqual(decoded.value.settings, {});
});

test('reviews and probes are kept, and files of before they existed are read', () => {
  const progress = { ...noteLesson(noProgress, 'drill-42-2', { solved: true, probes: 7 }), reviews: { 'svc-missing': { box: 1, due: 9, done: 2 } } };
  assert.deepEqual(decodeProgress(encodeProgress(progress), 'p.json'), { ok: true, value: progress });
  const old = decodeProgress('{"version":1,"current":null,"settings":{},"lessons":{"a":{"solved":true,"attempts":1,"hints":0,"predictions":{},"diagnosis":null,"opened":0}}}', 'p.json');
  assert.ok(old.ok);
  assert.deepEqual(old.value.reviews, {});
});

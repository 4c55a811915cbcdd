import test from 'node:test';
import assert from 'node:assert/strict';
import { decodeCourse } from '../../src/lesson/decode-course.ts';
import { decodeLesson } from '../../src/lesson/decode-lesson.ts';
import { titleOfText } from '../../src/lesson/decode-text.ts';
import { courseIn, lessonIn } from '../../src/lesson/lesson-in.ts';
import { countLanguages, languageText, textsMissing } from '../../src/lesson/texts-missing.ts';
import { prove } from '../../src/lesson/proofs.ts';
import { folder, lessonFrom, lessonYaml, textMd } from './folder.fixture.ts';

const german = `# Eine kleine Lektion

## Story

Die Seite bleibt leer.

## Intents

- web ruft api

## Prediction first

Was sieht web?

## Hints

- Sieh dir die Endpunkte an.
- Der Selektor ist falsch.

## Trap wide-open

Das öffnet eine Tür.

## Debrief

Der Selektor fand niemanden.
https://kubernetes.io/de/docs/concepts/services-networking/
`;

test('a lesson is read in another language whole: title, intents and words', () => {
  const lesson = lessonIn(lessonFrom({ 'text/de.md': german }), 'de');
  assert.deepEqual([lesson.title, lesson.intents[0]?.say, lesson.texts['de']?.story, lesson.texts['de']?.missing], ['Eine kleine Lektion', 'web ruft api', 'Die Seite bleibt leer.', []]);
  assert.equal(lesson.texts['en']?.story, 'The page stays empty.');
});

test('what a language lacks is read in English', () => {
  const lesson = lessonIn(lessonFrom({ 'text/de.md': '## Story\n\nDie Seite bleibt leer.\n' }), 'de');
  assert.deepEqual([lesson.title, lesson.intents[0]?.say, lesson.texts['de']?.story], ['A small lesson', 'web calls api', 'Die Seite bleibt leer.']);
  assert.deepEqual([lesson.texts['de']?.hints, lesson.texts['de']?.traps], [lesson.texts['en']?.hints, lesson.texts['en']?.traps]);
  assert.equal(lessonIn(lesson, 'fr'), lesson);
});

test('a step has a title in each language, and ends as before', () => {
  const yaml = lessonYaml.replace('  guard:', '  steps:\n    - { title: One request, ends: { predicted: first } }\n  guard:');
  const english = `${textMd}\n## One request\n\nLook.\n`;
  const lesson = lessonFrom({ 'lesson.yaml': yaml, 'text/en.md': english, 'text/de.md': `${german}\n## One request | Eine Anfrage\n\nSieh hin.\n` });
  const read = lessonIn(lesson, 'de');
  assert.deepEqual(read.steps, [{ title: 'Eine Anfrage', ends: { kind: 'predicted', id: 'first' } }]);
  assert.deepEqual(read.texts['de']?.steps, { 'Eine Anfrage': 'Sieh hin.' });
});

test('a language that the course lists must be whole', () => {
  const of = (text: string | null, languages: readonly string[]): string => prove(lessonFrom(text === null ? {} : { 'text/de.md': text }), languages).find(({ check }) => check === 'texts-complete')?.detail ?? '';
  assert.match(of(null, ['en', 'de']), /de: there is no text\/de\.md, and the course lists that language/);
  assert.match(of(german.replace(/## Hints[\s\S]*?(?=## Trap)/, ''), ['en']), /2 languages, every part fits a page/);
  assert.match(of(german.replace(/## Trap wide-open[\s\S]*?(?=## Debrief)/, '').replace(/^# .*\n/, ''), ['en', 'de']), /de: "## Trap wide-open", the title missing/);
  assert.match(of(german, ['en', 'de']), /2 languages, every part fits a page/);
});

test('missing texts are counted', () => {
  const missing = [lessonFrom({ 'text/de.md': german }), lessonFrom({ 'text/de.md': '## Story\n\nLeer.\n' }), lessonFrom()].map(textsMissing);
  const [count] = countLanguages(missing, ['en']);
  assert.deepEqual(count, { language: 'de', whole: 1, without: 1, parts: 6 });
  assert.equal(count === undefined ? '' : languageText(count, 3), 'de: 1 of 3 lessons complete, 1 without a text, 6 parts missing in the others; English stands in');
  assert.deepEqual(countLanguages([{ en: 0 }], ['en']), []);
});

test('sentences for intents that are more or fewer than the intents are told', () => {
  const decoded = decodeLesson(folder({ 'text/de.md': german.replace('- web ruft api', '- web ruft api\n- noch einer') }), 'small');
  assert.ok(!decoded.ok);
  assert.match(decoded.failures[0]?.says ?? '', /there are 2 sentences under "Intents", and the lesson has 1 intents/);
});

test('the map reads the title at the head of a text', () => {
  assert.equal(titleOfText(german), 'Eine kleine Lektion');
  assert.equal(titleOfText('## Story\n\n# not this\n'), null);
});

test('modules have a title in each language', () => {
  const decoded = decodeCourse({ path: 'course.yaml', text: 'apiVersion: k8snet-lab/v1\nkind: Course\nspec:\n  languages: [en, de]\n  modules:\n    - { name: dns, title: { en: Names, de: Namen }, lessons: [] }\n    - { name: pods, title: Pods, lessons: [] }\n' });
  assert.ok(decoded.ok);
  assert.deepEqual(courseIn(decoded.value, 'de').modules.map(({ title }) => title), ['Namen', 'Pods']);
  assert.deepEqual(courseIn(decoded.value, 'fr').modules.map(({ title }) => title), ['Names', 'Pods']);
  const without = decodeCourse({ path: 'course.yaml', text: 'apiVersion: k8snet-lab/v1\nkind: Course\nspec:\n  languages: [en]\n  modules:\n    - { name: dns, title: { de: Namen }, lessons: [] }\n' });
  assert.ok(!without.ok);
  assert.match(without.failures[0]?.says ?? '', /English title is missing/);
});

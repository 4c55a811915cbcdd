// The map of the course: where to go on, opening, coming back, and what is kept.
import test from 'node:test';
import assert from 'node:assert/strict';
import { noProgress } from '../../src/lesson/progress.ts';
import { Player, realCourse, realLesson } from './player.ts';

const { cards, course } = realCourse();
const places = cards.map(({ name }) => name);
const place = (name: string): number => places.indexOf(name) + 1;
const [, second] = course.modules;
const last = course.modules.at(-1);
const services = course.modules.find(({ name }) => name === 'services');

test('a newcomer stands on the first lesson and opens it with Enter', () => {
  new Player().sees(`0 of ${cards.length} solved`, '▸ 1 One request through four layers').press('enter').sees('The tour 1/1');
});

test('the map goes on where it was left', () => {
  const player = new Player({ progress: { ...noProgress, current: 'three-ports', lessons: { 'empty-endpoint-list': { solved: true, attempts: 1, hints: 0, predictions: {}, diagnosis: null, opened: 0 } } } });
  player.sees(`1 of ${cards.length} solved`, '✓ solved', 'go on here').press('enter').sees('Three ports');
});

test('a lesson that a newer course knew is kept in the progress', () => {
  const unknown = { solved: true, attempts: 3, hints: 1, predictions: {}, diagnosis: null, opened: 0 };
  const player = new Player({ progress: { ...noProgress, lessons: { 'from-the-future': unknown } } }).press('enter', 'a');
  assert.deepEqual(player.saved?.lessons['from-the-future'], unknown);
});

test('a lesson that is left for the map goes on where it was', () => {
  const player = new Player({ lesson: 'three-ports' }).press('s').runs('kubectl delete service db -n shop').press('escape', 'l').sees('Map').press('enter').sees('It goes on where you left it', 'service "db" deleted');
  assert.equal(player.desk.session.lab.past.length, 1);
});

test('Esc leads from the lesson to the map and out', () => {
  const player = new Player({ lesson: 'three-ports' }).press('escape').sees('Map', `${place('three-ports')} Three ports`).press('q');
  assert.equal(player.left, 0);
});

test('the command line opens a lesson by name or number, completes, and says what is wrong', () => {
  new Player().press(':').types('les').press('tab').types('three').press('tab', 'enter').sees('Three ports').press('s', 's', ':').types('lesson 1').press('enter').sees('The tour 1/1').press('s', ':').types('nonsense').press('enter').sees('There is no command :nonsense');
  new Player().press(':').types('lesson nowhere').press('enter').sees('There is no lesson nowhere');
});

test('the help is searched by typing and executes with Enter', () => {
  const player = new Player({ lesson: 'three-ports' }).press('s', 's', '?').types('fill the screen').sees('fill the screen with the pane').press('enter');
  assert.equal(player.desk.full, true);
  player.press('f1').types('next lesson').sees('intents fail').press('enter').sees('Not now');
});

test('the palette chooses a theme, and the choice is kept', () => {
  const player = new Player().press('C-p').types('theme light').press('enter');
  assert.equal(player.state.options.theme, 'light');
  assert.equal(player.saved?.settings['theme'], 'light');
  assert.equal(new Player({ progress: player.saved ?? noProgress }).state.options.theme, 'light');
});

test('a lesson that cannot be read is told with file and line, and the map stays', () => {
  new Player().hears({ kind: 'lesson-failed', problems: [{ code: 'yaml-syntax', severity: 'error', says: 'a tab cannot indent', where: { file: 'lesson.yaml', line: 3, column: 1, object: null, field: null }, help: 'Use spaces.' }] })
    .sees('This lesson cannot be opened', 'lesson.yaml:3:1', 'a tab cannot indent').press('enter').sees('Course');
});

test('the mouse focuses, chooses and scrolls, and is never needed', () => {
  const player = new Player({ lesson: 'empty-endpoint-list', size: '80x24' }).press('s').clicks(60, 20);
  assert.equal(player.desk.focus, 'terminal');
  player.clicks(8, 3);
  assert.equal(player.desk.focus, 'story');
  player.press('h', 'h');
  const before = player.screen;
  player.clicks(8, 3, 'wheel-up').clicks(8, 3, 'wheel-up');
  assert.notEqual(player.screen, before);
  player.press('2');
  player.clicks(8, player.screen.split('\n').findIndex((line) => line.includes('The API still reaches')));
  assert.equal(player.desk.chosen, 1);
});

test('a slash filters the lessons, and the objects', () => {
  new Player().press('/').sees('Lessons: type to filter').types('three').sees('Three ports').seesNot('▸ An empty').press('enter').sees(`Services 2/${services?.lessons.length ?? 0} · Three ports`).press('s', '/').sees('Edit which object?').types('/deploy').press('enter').sees('9 Editor');
});

test('n opens what is next, Tab goes from module to module, and both are said', () => {
  const player = new Player().press('tab').sees(`▸ ${String(place(second?.lessons[0] ?? '')).padStart(2)}`).press('S-tab', 'S-tab').sees(`▸ ${String(place(last?.lessons[0] ?? '')).padStart(2)}`).press('n').sees('The tour 1/1');
  player.press('l').hears({ kind: 'lesson-chosen', name: 'empty-endpoint-list' });
  player.hears({ kind: 'line-given', text: `kubectl patch service api -n shop --type json -p '[{"op":"remove","path":"/spec/selector/tier"}]'` }).press('l').sees('Next is', 'Three ports', 'n opens it');
});

test('another language is chosen while a lesson is open, and one that the course lacks is refused', () => {
  const lesson = realLesson('empty-endpoint-list');
  const english = lesson.texts['en'];
  assert.ok(english);
  const german = { ...english, language: 'de', title: 'Eine leere Endpunktliste', story: 'Ticket vom Kassenteam: **alles leer**.', says: lesson.intents.map((_, index) => `Wunsch ${index + 1}`) };
  const player = new Player({ start: { kind: 'lesson', lesson: { ...lesson, texts: { ...lesson.texts, de: german } } } });
  player.state = { ...player.state, course: { ...player.state.course, languages: ['en', 'de'] } };
  player.press(':').types('language fr').press('enter').sees('The course is written in en, de.');
  player.press(':').types('language de').press('enter').sees('Eine leere Endpunktliste', 'Kassenteam', 'Wunsch 1').press(':').types('language en').press('enter').sees('Ticket from the checkout team');
  assert.equal(player.saved?.settings['language'], 'en');
});

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { dataFolder } from '../../src/disk/data-folder.ts';
import { exportProgress, loadProgress, mergeProgress, progressFile, saveProgress } from '../../src/disk/progress.ts';
import { noLessonProgress, noProgress, noteLesson } from '../../src/lesson/progress.ts';

function room(t: { after: (clean: () => void) => void }): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'k8snet-lab-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return path.join(folder, 'data');
}

test('progress goes to XDG_DATA_HOME, and to ~/.local/share when that is no absolute path', () => {
  assert.equal(dataFolder({ XDG_DATA_HOME: '/data', HOME: '/home/me' }, 'linux'), '/data/k8snet-lab');
  assert.equal(dataFolder({ XDG_DATA_HOME: 'data', HOME: '/home/me' }, 'linux'), '/home/me/.local/share/k8snet-lab');
  assert.equal(dataFolder({ HOME: '/home/me' }, 'linux'), '/home/me/.local/share/k8snet-lab');
});

test('what was saved is there after a restart, and looking writes nothing', (t) => {
  const folder = room(t);
  assert.deepEqual(loadProgress(folder), { progress: noProgress, problems: [], writable: true });
  assert.equal(existsSync(folder), false);
  assert.ok(saveProgress(folder, noteLesson(noProgress, 'a', { solved: true })).ok);
  assert.equal(loadProgress(folder).progress.lessons['a']?.solved, true);
});

test('two labs at once lose nothing that was solved', (t) => {
  const folder = room(t);
  saveProgress(folder, noteLesson(noProgress, 'a', { solved: true, hints: 2 }));
  saveProgress(folder, noteLesson(noteLesson(noProgress, 'b', { solved: true }), 'a', { attempts: 1 }));
  const { lessons } = loadProgress(folder).progress;
  assert.deepEqual([lessons['a'], lessons['b']?.solved], [{ ...noLessonProgress, solved: true, hints: 2, attempts: 1 }, true]);
});

test('a damaged file is put aside and told, and another damaged one beside it', (t) => {
  const folder = room(t);
  saveProgress(folder, noProgress);
  for (const text of ['{ "version"', 'nothing']) {
    writeFileSync(progressFile(folder), text);
    const loaded = loadProgress(folder);
    assert.deepEqual([loaded.writable, loaded.problems.length], [true, 1]);
    assert.ok(saveProgress(folder, noProgress).ok);
  }
  assert.deepEqual(readdirSync(folder).sort(), ['progress.json', 'progress.json.damaged-1', 'progress.json.damaged-2']);
  assert.equal(readFileSync(path.join(folder, 'progress.json.damaged-1'), 'utf8'), '{ "version"');
});

test('a command that only looks leaves a damaged file where it is', (t) => {
  const folder = room(t);
  saveProgress(folder, noProgress);
  writeFileSync(progressFile(folder), 'nothing');
  assert.equal(loadProgress(folder, true).writable, false);
  assert.equal(readFileSync(progressFile(folder), 'utf8'), 'nothing');
});

test('a file of a newer version is never overwritten', (t) => {
  const folder = room(t);
  saveProgress(folder, noProgress);
  writeFileSync(progressFile(folder), '{ "version": 2 }');
  const saved = saveProgress(folder, noteLesson(noProgress, 'a', { solved: true }));
  assert.equal(saved.ok, false);
  assert.equal(readFileSync(progressFile(folder), 'utf8'), '{ "version": 2 }');
});

test('export replaces a progress file and nothing else', (t) => {
  const folder = room(t);
  saveProgress(folder, noProgress);
  const other = path.join(folder, 'thesis.txt');
  writeFileSync(other, 'years of work');
  assert.equal(exportProgress(other, 'thesis.txt', noProgress).ok, false);
  assert.equal(readFileSync(other, 'utf8'), 'years of work');
  assert.equal(exportProgress(progressFile(folder), 'progress.json', noProgress).ok, true);
});

test('joining two progresses keeps the lessons of both, whatever the order', () => {
  const left = noteLesson(noProgress, 'a', { solved: true, opened: 3 });
  const right = noteLesson(noteLesson(noProgress, 'a', { attempts: 4 }), 'unknown', { hints: 1 });
  assert.deepEqual(mergeProgress(left, right).lessons, mergeProgress(right, left).lessons);
  assert.deepEqual(mergeProgress(left, right).lessons['a'], { ...noLessonProgress, solved: true, opened: 3, attempts: 4 });
});

test('of two schedules of one fault the one that knows more is kept', () => {
  const one = { ...noProgress, reviews: { a: { box: 1, due: 5, done: 2 }, b: { box: 0, due: 3, done: 1 } } };
  const other = { ...noProgress, reviews: { a: { box: 0, due: 3, done: 1 } } };
  assert.deepEqual(mergeProgress(one, other).reviews, one.reviews);
  assert.deepEqual(mergeProgress(other, one).reviews, one.reviews);
});

test('what follows of a change is written with it', (t) => {
  const folder = room(t);
  saveProgress(folder, noProgress);
  const saved = saveProgress(folder, noteLesson(noProgress, 'a', { solved: true }), (before, after) => ({ ...after, reviews: { seen: { box: Object.keys(before.lessons).length, due: Object.keys(after.lessons).length, done: 1 } } }));
  assert.ok(saved.ok);
  assert.deepEqual(loadProgress(folder).progress.reviews, { seen: { box: 0, due: 1, done: 1 } });
});

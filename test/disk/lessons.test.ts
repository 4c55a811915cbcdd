import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { findLesson, foldersOf, readLesson } from '../../src/disk/lessons.ts';
import type { Course } from '../../src/lesson/lesson.ts';

const course: Course = { languages: ['en'], modules: [{ name: 'tour', title: 'The tour', lessons: ['the-tour'] }, { name: 'services', title: 'Services', lessons: ['empty-endpoint-list', 'three-ports'] }] };

function home(t: { after: (clean: () => void) => void }): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'k8snet-lab-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ['lessons/services/three-ports/lesson.yaml', 'lessons/services/three-ports/text/en.md', 'lessons/services/three-ports/.swp', 'own/lesson.yaml', 'bare/readme.md']) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), name);
  }
  return folder;
}

test('a lesson is found by its id, by its position in the course and by a folder', (t) => {
  const folder = home(t);
  const found = (text: string): string => {
    const lesson = findLesson(text, folder, course, folder);
    return lesson.ok ? path.relative(folder, lesson.value.folder) : lesson.failures.map(({ says, help }) => `${says} ${help ?? ''}`).join();
  };
  assert.equal(found('three-ports'), 'lessons/services/three-ports');
  assert.equal(found('3'), 'lessons/services/three-ports');
  assert.equal(found('./own'), 'own');
  assert.equal(found('own'), 'own');
  assert.equal(found('4'), 'there is no lesson 4: the course has 3 `k8snet-lab lessons` lists them.');
  assert.equal(found('three-port'), "there is no lesson 'three-port' Did you mean 'three-ports'?");
  assert.equal(found('bare'), 'this folder is no lesson: it has no lesson.yaml ');
});

test("a lesson's files are read with paths inside its folder, sorted", (t) => {
  const folder = home(t);
  const [, , third] = foldersOf(folder, course);
  assert.ok(third);
  const read = readLesson(third);
  assert.deepEqual(read.ok && read.value.map((file) => file.path), ['lesson.yaml', 'text/en.md']);
});

test('a lesson with a symbolic link is refused: it could show what lies outside', (t) => {
  const folder = home(t);
  symlinkSync('/etc/passwd', path.join(folder, 'own', 'secret.yaml'));
  const read = readLesson({ folder: path.join(folder, 'own'), shown: 'own', name: null });
  assert.deepEqual(read.ok ? [] : read.failures.map(({ code, where }) => [code, where?.file]), [['lesson-link', 'own/secret.yaml']]);
});

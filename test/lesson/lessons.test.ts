import test from 'node:test';
import assert from 'node:assert/strict';
import { prove } from '../../src/lesson/proofs.ts';
import { course, lesson } from './course.fixture.ts';

const { modules } = course();

test('the course has a lesson for each part of the story', () => {
  assert.deepEqual(modules.map((module) => module.name), ['tour', 'pods', 'services', 'dns', 'policy', 'policy-beyond-pods', 'plugins', 'edge']);
});

for (const name of modules.flatMap((module) => module.lessons)) {
  test(`the lesson ${name} is proven`, () => {
    assert.deepEqual(prove(lesson(name)).filter((check) => !check.passes), []);
  });
}

test('every required lesson stands in the course before the one that requires it', () => {
  const names = modules.flatMap((module) => module.lessons);
  for (const [position, name] of names.entries()) {
    for (const required of lesson(name).requires) assert.ok(names.indexOf(required) >= 0 && names.indexOf(required) < position, `${name} requires ${required}`);
  }
});

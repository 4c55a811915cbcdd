import test from 'node:test';
import assert from 'node:assert/strict';
import { decodeCourse } from '../../src/lesson/decode-course.ts';

const course = (modules: string, version = 'v1'): string => `apiVersion: k8snet-lab/${version}\nkind: Course\nspec:\n  languages: [en]\n  modules:\n${modules}`;

test('the course is its modules in order', () => {
  const decoded = decodeCourse({ path: 'course.yaml', text: course('    - name: dns\n      title: Names\n      lessons: [b, a]\n') });
  assert.deepEqual(decoded, { ok: true, value: { languages: ['en'], modules: [{ name: 'dns', title: 'Names', titles: {}, lessons: ['b', 'a'] }] } });
});

test('a lesson stands in the course once', () => {
  const decoded = decodeCourse({ path: 'course.yaml', text: course('    - name: dns\n      title: Names\n      lessons: [a, a]\n') });
  assert.ok(!decoded.ok);
  assert.deepEqual(decoded.failures.map(({ code, where }) => [code, where?.line, where?.field]), [['duplicate', 8, 'spec.modules[0].lessons[1]']]);
});

test('a course of a newer format asks for an update', () => {
  const decoded = decodeCourse({ path: 'course.yaml', text: course('    []\n', 'v9') });
  assert.ok(!decoded.ok);
  assert.equal(decoded.failures[0]?.code, 'newer-format');
});

test('a name that is no word is refused', () => {
  const decoded = decodeCourse({ path: 'course.yaml', text: course('    - name: ../up\n      title: Up\n      lessons: []\n') });
  assert.ok(!decoded.ok);
  assert.equal(decoded.failures[0]?.where?.field, 'spec.modules[0].name');
});

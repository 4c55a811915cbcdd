import test from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { noProgress, noteLesson } from '../../src/lesson/progress.ts';
import type { Progress } from '../../src/lesson/progress.ts';
import { dueFaults, scheduleReviews, solvedCount, untilNext } from '../../src/lesson/reviews.ts';

/** Solves a lesson that is about one fault. */
function solve(progress: Progress, lesson: string, fault: string, how: { readonly hints?: number; readonly diagnosis?: 'right' | 'wrong' } = {}): Progress {
  return scheduleReviews(progress, noteLesson(progress, lesson, { solved: true, ...how }), () => [fault]);
}

const others = (progress: Progress, count: number, from = 0): Progress => Array.from({ length: count }, (_, index) => `other-${from + index}`).reduce((now, name) => scheduleReviews(now, noteLesson(now, name, { solved: true }), () => []), progress);

test('a fault that was solved comes back after three more', () => {
  const first = solve(noProgress, 'a', 'svc-selector-typo');
  assert.deepEqual([dueFaults(first), untilNext(first)], [[], 3]);
  assert.deepEqual(dueFaults(others(first, 2)), []);
  assert.deepEqual(dueFaults(others(first, 3)), ['svc-selector-typo']);
});

test('solved again without help it stays away longer; with a hint it comes back as soon as at first', () => {
  const due = others(solve(noProgress, 'a', 'svc-selector-typo'), 3);
  assert.deepEqual([untilNext(solve(due, 'drill-1', 'svc-selector-typo')), untilNext(solve(due, 'drill-1', 'svc-selector-typo', { hints: 1 })), untilNext(solve(due, 'drill-1', 'svc-selector-typo', { diagnosis: 'wrong' }))], [6, 3, 3]);
});

test('a lesson that was solved before schedules nothing', () => {
  const once = solve(noProgress, 'a', 'svc-selector-typo');
  assert.equal(scheduleReviews(once, noteLesson(once, 'a', { attempts: 7, solved: true }), () => ['svc-selector-typo']).reviews, once.reviews);
});

test('a fault that no drill can make is not scheduled', () => assert.deepEqual(solve(noProgress, 'a', 'no-such-fault').reviews, {}));

test('what waits longest comes first', () => {
  const progress = others(solve(solve(noProgress, 'a', 'svc-missing'), 'b', 'np-both-ends'), 8);
  assert.deepEqual(dueFaults(progress), ['svc-missing', 'np-both-ends']);
});

test('a fault is never due before it was solved, and always in the end', () => {
  fc.assert(fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }), (clean) => {
    let progress: Progress = noProgress;
    clean.forEach((one, index) => {
      progress = solve(progress, `drill-${index}`, 'svc-missing', { hints: one ? 0 : 1 });
      assert.ok((untilNext(progress) ?? 0) >= 3);
      progress = others(progress, untilNext(progress) ?? 0, solvedCount(progress));
      assert.deepEqual(dueFaults(progress), ['svc-missing']);
    });
  }));
});

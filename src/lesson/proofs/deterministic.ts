// Two runs give the same bytes.
import { openLab } from '../../sim/lab.ts';
import type { Lesson } from '../lesson.ts';
import type { Proof } from './proof.ts';
import { liveIntents } from '../judge.ts';
import { applyFix } from '../apply-fix.ts';

/** Everything that a run of the lesson shows: its intents before and after the first solution. */
function runOf(lesson: Lesson): string {
  const broken = openLab(lesson.cluster);
  if (!broken.ok) return JSON.stringify(broken.failures);
  const [solution] = lesson.solutions;
  const solved = solution === undefined ? broken : applyFix(lesson, broken.value, solution);
  return JSON.stringify([broken.value.network, liveIntents(lesson, broken.value), solved.ok ? [solved.value.network, liveIntents(lesson, solved.value)] : solved.failures]);
}

/** Whether a run gives the same text when it is made again. */
export const sameTwice = (run: () => string): boolean => run() === run();

export const deterministic: Proof = {
  name: 'deterministic',
  against: ({ lesson }) => (sameTwice(() => runOf(lesson)) ? [] : ['two runs of the lesson differ']),
  proven: () => 'two runs give the same bytes',
};

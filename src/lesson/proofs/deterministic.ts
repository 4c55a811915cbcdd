// Two runs give the same bytes.
import { openLab } from '../../sim/lab.ts';
import type { Lab } from '../../sim/lab.ts';
import type { Problem } from '../../sim/model/problem.ts';
import type { Result } from '../../sim/base/result.ts';
import type { Fix, IntentResult, Lesson } from '../lesson.ts';
import type { Ground, Proof } from './proof.ts';
import { liveIntents } from '../live-intents.ts';
import { applyFix } from '../apply-fix.ts';

/** Everything that a run of the lesson shows: its cluster and intents, and the cluster after the first solution. */
const shown = (broken: Lab, before: readonly IntentResult[], solved: Result<Lab, Problem> | null): string =>
  JSON.stringify([broken.network, before, solved === null ? null : solved.ok ? solved.value.network : solved.failures]);

const firstOf = (lesson: Lesson, apply: (fix: Fix) => Result<Lab, Problem>): Result<Lab, Problem> | null => {
  const [solution] = lesson.solutions;
  return solution === undefined ? null : apply(solution);
};

/** Run anew from its files, nothing taken from an earlier run. */
function runOf(lesson: Lesson): string {
  const broken = openLab(lesson.cluster);
  return broken.ok ? shown(broken.value, liveIntents(lesson, broken.value), firstOf(lesson, (fix) => applyFix(lesson, broken.value, fix))) : JSON.stringify(broken.failures);
}

/** The run that the other proofs looked at. */
const runBefore = ({ lesson, broken, before, applied }: Ground): string => shown(broken, before, firstOf(lesson, applied));

/** Whether two runs give the same text. */
export const sameTwice = (one: () => string, other: () => string): boolean => one() === other();

export const deterministic: Proof = {
  name: 'deterministic',
  against: (ground) => (sameTwice(() => runBefore(ground), () => runOf(ground.lesson)) ? [] : ['two runs of the lesson differ']),
  proven: () => 'two runs give the same bytes',
};

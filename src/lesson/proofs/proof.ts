// The contract of a proof: one thing that must be true of every lesson, and what is said when it is not.
import type { Lab } from '../../sim/lab.ts';
import type { Result } from '../../sim/base/result.ts';
import type { Problem } from '../../sim/model/problem.ts';
import type { Fix, IntentResult, Lesson } from '../lesson.ts';
import type { Footing, Judged } from '../judge.ts';
import type { Touched } from '../touched.ts';

/** What the proofs of one lesson share, each part worked out once. */
export interface Ground {
  readonly lesson: Lesson;
  readonly broken: Lab;
  readonly applied: (fix: Fix) => Result<Lab, Problem>;
  readonly judged: (fix: Fix) => Result<Judged, Problem>;
  /** What the fix touched; nothing when it cannot be applied. */
  readonly touched: (fix: Fix) => readonly Touched[];
  /** Messages of an applied fix for all checks that it fell for. */
  readonly messages: (fix: Fix) => readonly string[];
  readonly footing: Footing;
  /** The intents in the broken cluster. */
  readonly before: readonly IntentResult[];
  /** Languages that the course lists, English among them. */
  readonly languages: readonly string[];
}

export interface Proof {
  readonly name: string;
  /** What speaks against it, a sentence each; none: it is proven. */
  readonly against: (ground: Ground) => readonly string[];
  /** Said when it is proven. */
  readonly proven: (ground: Ground) => string;
}

export const problemsText = (problems: readonly Problem[]): string =>
  problems.map(({ says, where }) => `${where === null ? '' : `${where.file}${where.line === null ? '' : `:${where.line}`}: `}${says}`).join('; ');

export const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;

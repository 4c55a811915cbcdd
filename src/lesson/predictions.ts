// Questions before the run and the diagnosis after it: the right answers are read from the trace, never written down.
import type { Lab } from '../sim/lab.ts';
import { parseSource, send } from '../sim/lab.ts';
import type { Trace } from '../sim/model/trace.ts';
import type { Result } from '../sim/base/result.ts';
import { fail, succeed } from '../sim/base/result.ts';
import type { Problem } from '../sim/model/problem.ts';
import type { Diagnosis, Lesson, Prediction } from './lesson.ts';
import { targetFor } from './intents/target.ts';
import { objectKey } from './globs.ts';
import { liveIntents } from './judge.ts';

export interface Answer {
  readonly answer: string;
  readonly trace: Trace;
}

/** The answer to a prediction in this cluster, or why it cannot be asked. */
export function tryAnswer(prediction: Prediction, lab: Lab): Result<Answer, Problem> {
  const source = parseSource(prediction.from, lab.network);
  if (!source.ok) return fail(...source.failures);
  const to = targetFor(prediction.to, lab, source.value);
  if (!to.ok) return fail(...to.failures);
  const trace = send(lab, { from: source.value, to: to.value });
  return succeed({ answer: prediction.about === 'verdict' ? trace.verdict : (trace.shown.layer ?? 'delivered'), trace });
}

/** The right answer to a prediction of the lesson, asked of its broken cluster. `verify` proves that each can be asked. */
export function answerOf(lesson: Lesson, lab: Lab, id: string): Answer {
  const prediction = lesson.predictions.find((one) => one.id === id);
  if (prediction === undefined) throw new Error(`the lesson ${lesson.name} has no prediction ${id}`);
  const answer = tryAnswer(prediction, lab);
  if (!answer.ok) throw new Error(`the prediction ${id} of ${lesson.name} cannot be asked: ${answer.failures.map((failure) => failure.says).join('; ')}`);
  return answer.value;
}

const sameObject = (given: string, right: string): boolean => given.trim().replace(/\s+/g, '/').toLowerCase() === right.toLowerCase();
const sameField = (given: string, right: string): boolean => given === right || given.startsWith(`${right}.`) || given.startsWith(`${right}[`);

/** Which parts of a diagnosis are right: what the lesson says, or what the trace of a failing intent says. `lab` is the broken cluster. */
export function judgeDiagnosis(lesson: Lesson, lab: Lab, given: Partial<Diagnosis>): { layer: boolean; object: boolean; field: boolean } {
  const right = lesson.diagnosis;
  const shown = liveIntents(lesson, lab).flatMap((intent) => (intent.holds || intent.trace === null ? [] : [intent.trace.shown]));
  const object = (text: string): boolean => (right !== null && sameObject(text, right.object)) || shown.some((walk) => walk.object !== null && sameObject(text, objectKey(walk.object)));
  const field = (text: string): boolean => (right !== null && sameField(text, right.field)) || shown.some((walk) => walk.field !== null && sameField(text, walk.field));
  return {
    layer: given.layer !== undefined && (given.layer === right?.layer || shown.some((walk) => walk.layer === given.layer)),
    object: given.object !== undefined && object(given.object),
    field: given.field !== undefined && field(given.field),
  };
}

// Questions before the run and the diagnosis after it: the right answers are read from the trace, never written down.
import type { Lab } from '../sim/lab.ts';
import { parseSource, send } from '../sim/lab.ts';
import type { Trace } from '../sim/model/trace.ts';
import type { Result } from '../sim/base/result.ts';
import { fail, succeed } from '../sim/base/result.ts';
import type { Problem } from '../sim/model/problem.ts';
import type { Diagnosis, Lesson, Prediction } from './lesson.ts';
import { requestOf } from './intents/target.ts';
import { seenAddress } from './intents/request.ts';
import { objectKey } from './globs.ts';
import { liveIntents } from './live-intents.ts';

export interface Answer {
  readonly answer: string;
  readonly trace: Trace;
}

/** The answer to a prediction in this cluster, or why it cannot be asked. */
export function tryAnswer(prediction: Prediction, lab: Lab): Result<Answer, Problem> {
  const source = parseSource(prediction.from, lab.network);
  if (!source.ok) return fail(...source.failures);
  const request = requestOf(prediction, lab, source.value);
  if (!request.ok) return fail(...request.failures);
  const trace = send(lab, request.value);
  return succeed({ answer: read(prediction, trace, lab), trace });
}

function read({ about }: Prediction, trace: Trace, lab: Lab): string {
  const { shown, walks, lookup, request } = trace;
  switch (about) {
    case 'verdict': return trace.verdict;
    case 'layer': return shown.layer ?? 'delivered';
    // A client that got no answer at all has no status.
    case 'status': return String(shown.status ?? (trace.verdict === 'delivered' ? 200 : 0));
    case 'queries': return String(lookup?.queries.length ?? 0);
    case 'rcode': return lookup?.rcode ?? 'NOERROR';
    case 'backends': return String(new Set(walks.flatMap(({ backend }) => (backend === null ? [] : [backend.pod ?? backend.ip]))).size);
    case 'sees': return seenAddress(lab, request.from, shown) ?? 'other';
  }
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

/** Which parts of a diagnosis are right: of what the lesson says (any of its faults), or what the trace of a failing intent says. `lab` is the broken cluster. */
export function judgeDiagnosis(lesson: Lesson, lab: Lab, given: Partial<Diagnosis>): { layer: boolean; object: boolean; field: boolean } {
  const shown = liveIntents(lesson, lab).flatMap((intent) => (intent.holds || intent.trace === null ? [] : [intent.trace.shown]));
  const object = (text: string): boolean => lesson.diagnoses.some((right) => sameObject(text, right.object)) || shown.some((walk) => walk.object !== null && sameObject(text, objectKey(walk.object)));
  const field = (text: string): boolean => lesson.diagnoses.some((right) => sameField(text, right.field)) || shown.some((walk) => walk.field !== null && sameField(text, walk.field));
  return {
    layer: given.layer !== undefined && (lesson.diagnoses.some(({ layer }) => layer === given.layer) || shown.some((walk) => walk.layer === given.layer)),
    object: given.object !== undefined && object(given.object),
    field: given.field !== undefined && field(given.field),
  };
}

/** Which of the lesson's faults a diagnosis names whole; `null`: none of them. For lessons with several, named one after another. */
export function faultNamed(lesson: Lesson, given: Partial<Diagnosis>): number | null {
  const index = lesson.diagnoses.findIndex(({ layer, object, field }) => given.layer === layer && given.object !== undefined && sameObject(given.object, object) && given.field !== undefined && sameField(given.field, field));
  return index < 0 ? null : index;
}

// It starts broken: an intent fails, the diagnosis names a hop of that failure, and every prediction has its answer among the choices.
import type { Walk } from '../../sim/model/trace.ts';
import type { Diagnosis, Lesson } from '../lesson.ts';
import type { Ground, Proof } from './proof.ts';
import { count, problemsText } from './proof.ts';
import { liveIntents } from '../judge.ts';
import { tryAnswer } from '../predictions.ts';
import { objectKey } from '../globs.ts';

const within = (given: string, right: string): boolean => given === right || given.startsWith(`${right}.`) || given.startsWith(`${right}[`) || right.startsWith(`${given}.`) || right.startsWith(`${given}[`);

/** What a diagnosis gets wrong of these walks; empty when it names what failed. */
function diagnosisAgainst(diagnosis: Diagnosis, walks: readonly Walk[]): string[] {
  const sights = walks.flatMap((walk) => [
    ...(walk.object === null ? [] : [{ object: objectKey(walk.object), layer: walk.layer, field: walk.field }]),
    ...walk.hops.map((hop) => ({ object: objectKey(hop.object), layer: hop.layer, field: hop.field })),
  ]);
  const named = sights.filter((sight) => sight.object === diagnosis.object);
  // A hop that decided speaks before one that only passed by the object.
  const decided = named.filter((sight) => sight.field !== null);
  const told = decided.length > 0 ? decided : named;
  const objects = [...new Set(sights.map((sight) => sight.object))];
  if (told.length === 0) return [`the diagnosis names ${diagnosis.object}, and the failure goes by ${objects.join(', ') || 'nothing'}`];
  if (!told.some((sight) => sight.layer === diagnosis.layer)) return [`the diagnosis says layer ${diagnosis.layer}, and the trace says ${[...new Set(told.map((sight) => sight.layer ?? 'none'))].join(', ')} of ${diagnosis.object}`];
  const fields = told.flatMap((sight) => sight.field ?? []);
  if (fields.length > 0 && !fields.some((field) => within(field, diagnosis.field))) return [`the diagnosis says field ${diagnosis.field}, and the trace says ${[...new Set(fields)].join(', ')} of ${diagnosis.object}`];
  return [];
}

const hasRepair = (lesson: Lesson): boolean => lesson.solutions.length > 0;

function predictionsAgainst({ lesson, broken }: Ground): string[] {
  return lesson.predictions.flatMap((prediction) => {
    const answer = tryAnswer(prediction, broken);
    if (!answer.ok) return [`the prediction ${prediction.id} cannot be asked: ${problemsText(answer.failures)}`];
    return prediction.choices.includes(answer.value.answer) ? [] : [`the answer to the prediction ${prediction.id} is ${answer.value.answer}, which is not among its choices`];
  });
}

export const startsBroken: Proof = {
  name: 'starts-broken',
  against: (ground) => {
    const { lesson, broken } = ground;
    const intents = liveIntents(lesson, broken);
    const failing = intents.filter((intent) => !intent.holds);
    const unasked = failing.filter((intent) => intent.trace === null && intent.lookup === null).map((intent) => `"${intent.say}" cannot be asked: ${intent.why}`);
    const traces = (hasRepair(lesson) ? failing : intents).flatMap((intent) => intent.trace ?? []);
    const wrongDiagnosis = lesson.diagnosis === null ? [] : diagnosisAgainst(lesson.diagnosis, traces.flatMap((trace) => [trace.shown, ...(trace.lookup?.queries.flatMap((query) => query.walk ?? []) ?? [])]));
    return [
      ...unasked,
      ...(hasRepair(lesson) && failing.length === 0 ? ['nothing is broken: every intent holds before the repair'] : []),
      ...(!hasRepair(lesson) && failing.length > 0 ? failing.map((intent) => `the lesson has no repair, and "${intent.say}" fails: ${intent.why}`) : []),
      ...(!hasRepair(lesson) && lesson.predictions.length === 0 && lesson.diagnosis === null ? ['a lesson without solutions needs predictions or a diagnosis'] : []),
      ...(hasRepair(lesson) && lesson.diagnosis === null ? ['a lesson with a repair needs a diagnosis'] : []),
      ...(hasRepair(lesson) && lesson.edits === null ? ['a lesson with a repair says in "edits" how many fields the smallest fix changes'] : []),
      ...(lesson.level > 1 && lesson.predictions.length === 0 ? ['a lesson of level 2 or 3 needs a prediction'] : []),
      ...wrongDiagnosis,
      ...predictionsAgainst(ground),
    ];
  },
  proven: ({ lesson, broken }) => `${count(liveIntents(lesson, broken).filter((intent) => !intent.holds).length, 'intent')} of ${lesson.intents.length} ${hasRepair(lesson) ? 'fail before the repair' : 'fail; nothing is to be repaired'}`,
};

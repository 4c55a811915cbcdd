// It starts broken: an intent fails, each diagnosis names what failed, and every prediction has its answer among the choices.
import type { Lab } from '../../sim/lab.ts';
import { change } from '../../sim/lab.ts';
import type { Diagnosis, IntentResult, Lesson } from '../lesson.ts';
import type { Ground, Proof } from './proof.ts';
import { count, problemsText } from './proof.ts';
import { liveIntents } from '../live-intents.ts';
import { tryAnswer } from '../predictions.ts';
import type { Sight } from '../sights.ts';
import { sightsOf } from '../sights.ts';

const within = (given: string, right: string): boolean => given === right || given.startsWith(`${right}.`) || given.startsWith(`${right}[`) || right.startsWith(`${given}.`) || right.startsWith(`${given}[`);

/** What a diagnosis gets wrong of what was seen; empty when it names what failed. */
function diagnosisAgainst(diagnosis: Diagnosis, sights: readonly Sight[]): string[] {
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

const sightsIn = (lesson: Lesson, results: readonly IntentResult[], lab: Lab, failingOnly: boolean): Sight[] =>
  results.flatMap((result, index) => {
    const intent = lesson.intents[index];
    return intent === undefined || (failingOnly && result.holds) ? [] : sightsOf(result, intent, lab);
  });

/** The solved clusters in which this one object is as broken as it was: a fault that another one hides shows there. */
function aloneIn({ lesson, broken, applied }: Ground, object: string): Lab[] {
  const [kind = '', ...rest] = object.split('/');
  const key = `${kind}/${rest.length > 1 ? rest[0] ?? '' : ''}/${rest.at(-1) ?? ''}`;
  const was = broken.store.objects.get(key)?.object;
  return was === undefined ? [] : lesson.solutions.flatMap((solution) => {
    const solved = applied(solution);
    if (!solved.ok) return [];
    // As it was written, and not as an answer to the version that it had then.
    const { resourceVersion: _version, ...metadata } = was.metadata;
    const changed = change(solved.value, [{ verb: solved.value.store.objects.has(key) ? 'replace' : 'create', object: { ...was, metadata }, origin: null }]);
    return changed.ok ? [changed.value.lab] : [];
  });
}

function diagnosesAgainst(ground: Ground): string[] {
  const { lesson, broken, before } = ground;
  const sights = sightsIn(lesson, before, broken, hasRepair(lesson));
  return lesson.diagnoses.flatMap((diagnosis) => {
    const against = diagnosisAgainst(diagnosis, sights);
    // With several faults one may stand behind another; alone it must show.
    if (against.length === 0 || lesson.diagnoses.length < 2) return against;
    return aloneIn(ground, diagnosis.object).some((lab) => diagnosisAgainst(diagnosis, sightsIn(lesson, liveIntents(lesson, lab), lab, true)).length === 0) ? [] : against;
  });
}

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
    const { lesson, before } = ground;
    const failing = before.filter((intent) => !intent.holds);
    const repair = hasRepair(lesson);
    // A variable that says nothing useful, or a line that fails, is a broken cluster too; an unknown source never is, and then no fix could help.
    const unasked = failing.filter((intent) => !intent.asked && !ground.lesson.solutions.some((solution) => { const judged = ground.judged(solution); return judged.ok && judged.value.intents[before.indexOf(intent)]?.asked === true; })).map((intent) => `"${intent.say}" cannot be asked: ${intent.why}`);
    return [
      ...unasked,
      ...(repair && failing.length === 0 ? ['nothing is broken: every intent holds before the repair'] : []),
      ...(!repair && failing.length > 0 ? failing.map((intent) => `the lesson has no repair, and "${intent.say}" fails: ${intent.why}`) : []),
      ...(!repair && lesson.predictions.length === 0 && lesson.diagnosis === null ? ['a lesson without solutions needs predictions or a diagnosis'] : []),
      ...(repair && lesson.diagnosis === null ? ['a lesson with a repair needs a diagnosis'] : []),
      ...(repair && lesson.edits === null ? ['a lesson with a repair says in "edits" how many fields the smallest fix changes'] : []),
      ...(lesson.level > 1 && lesson.predictions.length === 0 ? ['a lesson of level 2 or 3 needs a prediction'] : []),
      ...diagnosesAgainst(ground),
      ...predictionsAgainst(ground),
    ];
  },
  proven: ({ lesson, before }) => `${count(before.filter((intent) => !intent.holds).length, 'intent')} of ${before.length} ${hasRepair(lesson) ? 'fail before the repair' : 'fail; nothing is to be repaired'}`,
};

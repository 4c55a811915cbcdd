// The story: predictions before the run, the diagnosis before the repair, hints, steps, and on to the next lesson.
import type { Diagnosis } from '../lesson/lesson.ts';
import { answerOf, faultNamed, judgeDiagnosis } from '../lesson/predictions.ts';
import type { Effect } from './effect.ts';
import { hintsFor } from './hints-for.ts';
import type { StoryMessage } from './message.ts';
import { onDesk, tell, withStory } from './on-desk.ts';
import { afterDiagnosisChoice, choicesOf, isLayer } from './questions.ts';
import { rememberHere } from './remember.ts';
import { nextLesson } from './possible.ts';
import type { Desk, State } from './state.ts';
import { updateMap } from './update-map.ts';

export function updateStory(state: State, message: StoryMessage): [State, readonly Effect[]] {
  const { desk } = state;
  if (desk === null) return [state, []];
  switch (message.kind) {
    case 'choice-moved':
      return [onDesk(state, (now) => withStory(now, { cursor: message.to })), []];
    case 'choice-made':
      return [choose(state, desk, choicesOf(desk)[message.index]), []];
    case 'answer-given':
      return [answer(state, desk, message.text), []];
    case 'question-skipped':
      return [skip(state, desk), []];
    case 'diagnosis-asked':
      return [onDesk(state, (now) => ({ ...withStory(now, { question: { kind: 'diagnosis', layer: null, object: null }, cursor: 0 }), focus: 'story' })), []];
    case 'diagnosis-given':
      return [isLayer(message.layer) ? diagnose(state, desk, { layer: message.layer, object: message.object, field: message.field }) : tell(state, `There is no layer ${message.layer}: pod, network, policy, service, dns or external.`, 'bad'), []];
    case 'hint-asked':
      return [hint(state, desk), []];
    case 'step-skipped':
      return [onDesk(state, (now) => withStory(now, { step: Math.min(now.story.step + 1, now.lesson?.steps.length ?? 0), top: { part: 'step' } })), []];
    case 'next-asked': {
      const next = nextLesson(state);
      return next === null ? updateMap(state, { kind: 'map-opened' }) : updateMap(state, { kind: 'lesson-chosen', name: next });
    }
  }
}

/** A choice by its words, its letter or its number. */
function answer(state: State, desk: Desk, text: string): State {
  const choices = choicesOf(desk);
  if (choices.length === 0) return tell(state, 'There is no open question.', 'bad');
  const byPlace = /^[1-9]\d?$/.test(text) ? choices[Number(text) - 1] : /^[a-z]$/.test(text) ? choices[text.charCodeAt(0) - 97] : undefined;
  const choice = choices.find((one) => one.toLowerCase() === text.toLowerCase()) ?? byPlace;
  return choice === undefined ? tell(state, `"${text}" is none of the choices: ${choices.join(', ')}.`, 'bad') : choose(state, desk, choice);
}

function choose(state: State, desk: Desk, choice: string | undefined): State {
  const { question } = desk.story;
  if (question === null || choice === undefined) return state;
  if (question.kind === 'prediction') return predict(state, desk, question.id, choice);
  const next = afterDiagnosisChoice(question, choice);
  return next.kind === 'done' ? diagnose(state, desk, next.given) : onDesk(state, (now) => withStory(now, { question: next, cursor: 0 }));
}

function predict(state: State, desk: Desk, id: string, given: string): State {
  if (desk.lesson === null) return state;
  const { answer: actual } = answerOf(desk.lesson, desk.broken, id);
  const answered = [...desk.story.answered.filter((one) => one.id !== id), { id, given, actual }];
  const asked = onDesk(state, (now) => withStory(now, { answered, question: null, cursor: 0, top: { part: `prediction-${id}` } }));
  return rememberHere(asked, (was) => ({ predictions: { ...was.predictions, [id]: given === actual ? 'right' : 'surprised' } }));
}

function skip(state: State, desk: Desk): State {
  const { question } = desk.story;
  if (question === null) return state;
  const skipped = question.kind === 'prediction' ? [...desk.story.skipped, question.id] : desk.story.skipped;
  const left = onDesk(state, (now) => withStory(now, { question: null, skipped, cursor: 0 }));
  return question.kind === 'prediction' ? tell(left, 'Skipped. Nothing is lost but the guess.') : left;
}

function diagnose(state: State, desk: Desk, given: Diagnosis): State {
  if (desk.lesson === null || desk.lesson.diagnosis === null) return tell(state, 'This lesson asks for no diagnosis.', 'bad');
  const judged = judgeDiagnosis(desk.lesson, desk.broken, given);
  const right = judged.layer && judged.object && judged.field;
  const fault = faultNamed(desk.lesson, given);
  const { named } = desk.story;
  const shown = onDesk(state, (now) => withStory(now, { diagnosed: { given, ...judged }, named: fault === null || named.includes(fault) ? named : [...named, fault], question: null, cursor: 0, top: { part: 'diagnosis' } }));
  // The first answer counts: a later one is read off the screen.
  return rememberHere(shown, (was) => (was.diagnosis === null ? { diagnosis: right ? 'right' : 'wrong' } : {}));
}

function hint(state: State, desk: Desk): State {
  if (desk.lesson === null) return state;
  const all = hintsFor(desk, state.options.language);
  const next = all[desk.story.hints.length];
  if (next === undefined) return tell(state, 'That was the last hint.');
  const given = [...desk.story.hints, next];
  const shown = onDesk(state, (now) => withStory(now, { hints: given, hintCount: all.length, top: { part: `hint-${given.length}` } }));
  return rememberHere(shown, (was) => ({ hints: Math.max(was.hints, given.length) }));
}

// Which prediction is due: in a guided lesson those of its steps so far, in others all of them, one after the other.
import type { Lesson, Seen } from '../lesson/lesson.ts';
import type { Desk, Question, StoryState } from './state.ts';

/** `null` when none is open. */
export function dueQuestion(lesson: Lesson, story: Pick<StoryState, 'answered' | 'skipped' | 'step'>): Question | null {
  const next = lesson.predictions.find(({ id }) => {
    if (story.answered.some((one) => one.id === id) || story.skipped.includes(id)) return false;
    const step = lesson.steps.findIndex(({ ends }) => ends.kind === 'predicted' && ends.id === id);
    return step <= story.step;
  });
  return next === undefined ? null : { kind: 'prediction', id: next.id };
}

/** Everything that was looked at and answered; a skipped prediction holds nobody up. */
export function seenBy(desk: Desk): Seen {
  const { answered, skipped, diagnosed, named } = desk.story;
  const faults = desk.lesson?.diagnoses.length ?? 0;
  return { ...desk.seen, predicted: [...answered.map(({ id }) => id), ...skipped], diagnosed: faults > 1 ? named.length >= faults : diagnosed !== null };
}

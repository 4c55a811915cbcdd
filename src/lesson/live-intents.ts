// The intents of a lesson against the cluster as it stands: after every change, on screen.
import type { Lab } from '../sim/lab.ts';
import type { Fall, IntentResult, Intent, Lesson } from './lesson.ts';
import type { Found } from './intents/intent-check.ts';
import { tryOut } from './trial.ts';

export const resultOf = (intent: Intent, found: Found, fell: Fall | null, why = found.why): IntentResult =>
  ({ say: intent.say, holds: fell === null, asked: found.asked, why, fell, trace: found.trace, lookup: found.lookup });

export function liveIntents(lesson: Lesson, lab: Lab): IntentResult[] {
  const trial = tryOut(lesson.intents, lab);
  return lesson.intents.map((intent, index) => {
    const found = trial.live(index);
    return resultOf(intent, found, found.holds ? null : 'intent');
  });
}

// The hints of the open lesson: the first says what was not looked at yet.
import { hints } from '../lesson/hints.ts';
import { seenBy } from './due-question.ts';
import type { Desk } from './state.ts';

/** The rungs for the cluster as it stands; the first depends on what was looked at. */
export function hintsFor(desk: Desk, language: string): readonly string[] {
  return desk.lesson === null ? [] : hints(desk.lesson, desk.session.lab, language, seenBy(desk));
}

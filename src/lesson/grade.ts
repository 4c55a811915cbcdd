// Grades a fix: what it does to the cluster, and for what falls short a sentence that helps.
import type { Lab } from '../sim/lab.ts';
import type { Fall, Grade, Lesson, Trap } from './lesson.ts';
import type { Footing } from './judge.ts';
import { footingOf, judge } from './judge.ts';
import type { Judged } from './judge.ts';
import type { SprungTrap } from './match-trap.ts';
import { matchTrap, springTrap } from './match-trap.ts';
import type { Touched } from './touched.ts';
import { touched } from './touched.ts';

export { liveIntents } from './live-intents.ts';

const paths = (count: number): string => `${count} path${count === 1 ? '' : 's'}`;

/** `fixed 1, broke 0, opened 14 paths that nobody asked for`. */
export const gradeLine = (grade: Pick<Grade, 'fixed' | 'broke' | 'opened'>): string => `fixed ${grade.fixed}, broke ${grade.broke}, opened ${paths(grade.opened.length)} that nobody asked for`;

/** Our own words for a check, where the lesson has none. */
function plainMessages(judged: Judged, fall: Fall): string[] {
  switch (fall) {
    case 'intent':
    case 'replaced':
    case 'every-node':
      return judged.intents.filter((intent) => intent.fell === fall).map((intent) => `${intent.say}: ${fall === 'intent' ? 'not yet. ' : ''}${intent.why}`);
    case 'outside': {
      const said = [...new Set([...judged.intents.filter((intent) => intent.fell === 'outside').map((intent) => intent.why), ...judged.guards.filter((guard) => !guard.holds && guard.say.startsWith('Nothing new')).map((guard) => `${guard.say}.`)])];
      return said.length > 0 ? said : ['Something can now be entered from outside, and nobody asked for it.'];
    }
    case 'opened': {
      const shown = judged.opened.slice(0, 3).map((path) => `${path.from} → ${path.to}`).join(', ');
      const rest = judged.opened.length - 3;
      return [`More is open than was asked for, ${paths(judged.opened.length)}: ${shown}${rest > 0 ? ` and ${rest} more` : ''}.`];
    }
    case 'guard': return judged.guards.filter((guard) => !guard.holds && !guard.say.startsWith('Nothing new')).map((guard) => `Not allowed here: ${guard.say}.`);
  }
}

/** The sentences for every check that a judged fix fell for. */
export function messagesFor(lesson: Lesson, judged: Judged, all: readonly Touched[], language: string, spring: (trap: Trap) => SprungTrap | null): string[] {
  const messages = new Set<string>();
  for (const fall of judged.falls) {
    const trap = matchTrap(lesson, all, judged, fall, spring);
    const words = trap === undefined ? undefined : (lesson.texts[language] ?? lesson.texts['en'])?.traps[trap.name];
    for (const message of words === undefined ? plainMessages(judged, fall) : [words]) messages.add(message);
  }
  return [...messages];
}

/** Every re-check, the guards and the blast radius. */
export function grade(lesson: Lesson, broken: Lab, now: Lab, language = 'en', footing: Footing = footingOf(lesson, broken)): Grade {
  const all = touched(broken.store, now.store);
  const judged = judge(lesson, broken, now, footing, all);
  return { ...judged, messages: messagesFor(lesson, judged, all, language, (trap) => springTrap(lesson, broken, trap, footing)) };
}

// Every trap falls short, for the check that it names and with its own message.
import type { Trap } from '../lesson.ts';
import { fallsFor } from '../judge.ts';
import { trapsLike } from '../match-trap.ts';
import type { Ground, Proof } from './proof.ts';
import { count, problemsText } from './proof.ts';

/** It falls for its check, and is the only one of its shape: so it gets its own message, and no other check changes that. */
function plainlyFalls(trap: Trap, { lesson, applied, touched, footing }: Ground): boolean {
  const lab = applied(trap);
  if (!lab.ok || trap.looksLike.length === 0 || lesson.texts['en']?.traps[trap.name] === undefined) return false;
  const all = touched(trap);
  const like = trapsLike(lesson, all, trap.falls);
  return like.length === 1 && like[0] === trap && fallsFor(lesson, lab.value, footing, all, trap.falls);
}

export const trapsFall: Proof = {
  name: 'traps-fall',
  against: (ground) => {
    const { lesson, judged, messages } = ground;
    return lesson.traps.flatMap((trap) => {
      if (plainlyFalls(trap, ground)) return [];
      const found = judged(trap);
      if (!found.ok) return [`${trap.name} cannot be applied: ${problemsText(found.failures)}`];
      if (found.value.solved) return [`${trap.name} solves the lesson`];
      const said = messages(trap);
      if (!found.value.falls.includes(trap.falls)) return [`${trap.name} should fall for ${trap.falls} and falls for ${found.value.falls.join(', ')}: ${said.join(' ')}`];
      const message = lesson.texts['en']?.traps[trap.name];
      return message !== undefined && said.includes(message) ? [] : [`${trap.name} gets another message than its own: ${said.join(' ')}`];
    });
  },
  proven: ({ lesson }) => `${count(lesson.traps.length, 'trap')} fall short with the message of each`,
};

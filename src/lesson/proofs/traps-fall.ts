// Every trap falls short, for the check that it names and with its own message.
import type { Proof } from './proof.ts';
import { count, problemsText } from './proof.ts';

export const trapsFall: Proof = {
  name: 'traps-fall',
  against: ({ lesson, graded }) =>
    lesson.traps.flatMap((trap) => {
      const grade = graded(trap);
      if (!grade.ok) return [`${trap.name} cannot be applied: ${problemsText(grade.failures)}`];
      if (grade.value.solved) return [`${trap.name} solves the lesson`];
      if (!grade.value.falls.includes(trap.falls)) return [`${trap.name} should fall for ${trap.falls} and falls for ${grade.value.falls.join(', ')}: ${grade.value.messages.join(' ')}`];
      const message = lesson.texts['en']?.traps[trap.name];
      return message !== undefined && grade.value.messages.includes(message) ? [] : [`${trap.name} gets another message than its own: ${grade.value.messages.join(' ')}`];
    }),
  proven: ({ lesson }) => `${count(lesson.traps.length, 'trap')} fall short with the message of each`,
};

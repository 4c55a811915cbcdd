// No hint above the last rung contains a value that only the solutions have.
import type { Ground, Proof } from './proof.ts';

/** Values that the solutions bring, and that stand nowhere in the broken cluster or the lesson's story. */
function answersOf({ lesson, touched }: Ground, story: string): Set<string> {
  const known = `${lesson.cluster.map((file) => file.text).join('\n')}\n${story}`;
  const answers = new Set<string>();
  for (const solution of lesson.solutions) {
    for (const one of touched(solution)) {
      for (const { path, after } of one.fields) {
        if (/^(apiVersion|kind|metadata\.)/.test(path) || (typeof after !== 'string' && typeof after !== 'number')) continue;
        const text = String(after);
        if (text.length > 1 && !holdsWord(known, text)) answers.add(text);
      }
    }
  }
  return answers;
}

function holdsWord(text: string, word: string): boolean {
  const plain = word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`(?<![A-Za-z0-9])${plain}(?![A-Za-z0-9])`).test(text);
}

export const hintsKeepTheAnswer: Proof = {
  name: 'hints-keep-the-answer',
  against: (ground) =>
    Object.values(ground.lesson.texts).flatMap((text) => {
      const answers = answersOf(ground, text.story);
      return text.hints.slice(0, -1).flatMap((hint, index) => [...answers].filter((answer) => holdsWord(hint, answer)).map((answer) => `hint ${index + 1} (${text.language}) already says ${answer}`));
    }),
  proven: () => 'no hint but the last says what only a solution has',
};

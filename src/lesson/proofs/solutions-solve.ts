// Every solution makes all intents hold within the guards, and there are at least two that differ in more than order.
import { sortedEntries } from '../../sim/base/order.ts';
import type { Ground, Proof } from './proof.ts';
import { count, problemsText } from './proof.ts';
import type { Fix } from '../lesson.ts';

/** A value in a form in which order does not count. */
function unordered(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(unordered).sort().join()}]`;
  if (typeof value === 'object' && value !== null) return `{${sortedEntries(value as Readonly<Record<string, unknown>>).map(([name, inner]) => `${name}:${unordered(inner)}`).join()}}`;
  return JSON.stringify(value) ?? 'undefined';
}

/** What a solution does to the cluster, order and names of new objects aside. */
function fingerprint({ touched, applied }: Ground, index: number, fix: Fix): string {
  const lab = applied(fix);
  if (!lab.ok) return `unusable ${index}`;
  return touched(fix).map((one) => {
    const object = lab.value.store.objects.get(`${one.ref.kind}/${one.ref.namespace}/${one.ref.name}`)?.object;
    const parts = Object.entries(object ?? {}).filter(([name]) => name !== 'metadata' && name !== 'status');
    return `${one.how} ${one.how === 'created' ? one.ref.kind : one.object} ${unordered(Object.fromEntries(parts))} ${unordered(object?.metadata.labels ?? {})}`;
  }).sort().join('\n');
}

export const solutionsSolve: Proof = {
  name: 'solutions-solve',
  against: (ground) => {
    const { lesson, judged, messages } = ground;
    if (lesson.solutions.length === 0) return [];
    const against: string[] = [];
    for (const solution of lesson.solutions) {
      const found = judged(solution);
      if (!found.ok) against.push(`${solution.name} cannot be applied: ${problemsText(found.failures)}`);
      else if (!found.value.solved) against.push(`${solution.name} does not solve it: it falls for ${found.value.falls.join(', ')}. ${messages(solution).join(' ')}`);
    }
    if (lesson.solutions.length < 2) against.push('there is one solution; show a second way');
    const prints = lesson.solutions.map((solution, index) => fingerprint(ground, index, solution));
    prints.forEach((print, index) => {
      const first = prints.indexOf(print);
      if (first < index) against.push(`${lesson.solutions[index]?.name} and ${lesson.solutions[first]?.name} differ in nothing but order`);
    });
    return against;
  },
  proven: ({ lesson }) => (lesson.solutions.length === 0 ? 'the lesson has no repair' : `${count(lesson.solutions.length, 'solution')} solve it`),
};

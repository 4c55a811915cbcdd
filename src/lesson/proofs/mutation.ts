// Mutation: a solution with one of its fields put back, left out or altered must not be accepted, or the lesson says why it may be.
import type { Change, Lab } from '../../sim/lab.ts';
import { change } from '../../sim/lab.ts';
import type { KubeObject } from '../../sim/model/object.ts';
import type { Ground, Proof } from './proof.ts';
import { count } from './proof.ts';
import type { Solution } from '../lesson.ts';
import { stepsOf, withValue } from '../field-paths.ts';
import { globHolds } from '../globs.ts';
import { solves } from '../judge.ts';
import type { Touched } from '../touched.ts';
import { touched } from '../touched.ts';

const altered = (value: unknown): unknown => (typeof value === 'number' ? value + 1 : typeof value === 'string' ? `x${value}` : typeof value === 'boolean' ? !value : undefined);

interface Mutant {
  readonly says: string;
  readonly changes: readonly Change[];
}

function mutantsOf(one: Touched, ground: Ground, solved: Lab, solution: Solution): Mutant[] {
  const key = `${one.ref.kind}/${one.ref.namespace}/${one.ref.name}`;
  const before = ground.broken.store.objects.get(key)?.object;
  const after = solved.store.objects.get(key)?.object;
  const free = (path: string): boolean => solution.free.some((entry) => globHolds(entry.object, one.object) && (path === entry.field || path.startsWith(`${entry.field}.`) || path.startsWith(`${entry.field}[`)));
  if (one.how === 'deleted') return before === undefined || free('') ? [] : [{ says: `${one.object} kept`, changes: [{ verb: 'create', object: before, origin: null }] }];
  if (after === undefined) return [];
  const replace = (object: unknown): Change => ({ verb: 'replace', object: object as KubeObject, origin: null });
  const mutants: Mutant[] = [];
  if (one.how === 'created') mutants.push({ says: `${one.object} left out`, changes: [{ verb: 'delete', ref: one.ref }] });
  for (const field of one.fields) {
    // What the API server fills in and how an object is called is nobody's repair.
    if (/^(apiVersion|kind|metadata\.(name|namespace))$/.test(field.path)) continue;
    const steps = stepsOf(field.path, field.after === undefined ? before : after);
    const spared = free(field.path);
    if (field.before !== undefined || !spared) mutants.push({ says: `${one.object} ${field.path} ${field.before === undefined ? 'left out' : 'put back'}`, changes: [replace(withValue(after, steps, field.before))] });
    if (field.after === undefined || spared) continue;
    if (field.before !== undefined) mutants.push({ says: `${one.object} ${field.path} left out`, changes: [replace(withValue(after, steps, undefined))] });
    const other = altered(field.after);
    if (other !== undefined) mutants.push({ says: `${one.object} ${field.path} altered`, changes: [replace(withValue(after, steps, other))] });
  }
  return mutants;
}

function accepted(ground: Ground): string[] {
  const { lesson, broken, footing } = ground;
  const against: string[] = [];
  const likely = lesson.intents.map((_, index) => index);
  const stores = lesson.solutions.flatMap((solution) => {
    const lab = ground.applied(solution);
    return lab.ok ? [lab.value.store] : [];
  });
  for (const solution of lesson.solutions) {
    const solved = ground.applied(solution);
    if (!solved.ok) continue;
    for (const one of ground.touched(solution)) {
      for (const mutant of mutantsOf(one, ground, solved.value, solution)) {
        const changed = change(solved.value, mutant.changes);
        // What the API server refuses is no repair either; what it fills in again is no change, and what another solution does is known to be one.
        if (!changed.ok || stores.some((store) => touched(store, changed.value.lab.store).length === 0)) continue;
        if (solves(lesson, broken, changed.value.lab, footing, likely)) against.push(`${solution.name} still solves it with ${mutant.says}`);
      }
    }
  }
  return against;
}

export const mutation: Proof = {
  name: 'mutation',
  against: accepted,
  proven: ({ lesson }) => (lesson.solutions.length === 0 ? 'the lesson has no repair' : `no field of the ${count(lesson.solutions.length, 'solution')} can be spared`),
};

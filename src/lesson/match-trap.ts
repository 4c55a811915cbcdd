// Which trap a learner walked into: the one that falls for the same checks, touched the same things and had the most alike effect.
import type { Lab } from '../sim/lab.ts';
import type { Fall, Lesson, Shape, Trap } from './lesson.ts';
import type { Touched } from './touched.ts';
import { touched } from './touched.ts';
import { globHolds } from './globs.ts';
import type { Footing, Judged } from './judge.ts';
import { footingOf, judge } from './judge.ts';
import { applyFix } from './apply-fix.ts';

/** A trap as it ends when it is applied to the broken cluster; `null` when it cannot be. */
export interface SprungTrap {
  readonly judged: Judged;
  readonly touched: readonly Touched[];
}

export function springTrap(lesson: Lesson, broken: Lab, trap: Trap, footing: Footing = footingOf(lesson, broken)): SprungTrap | null {
  const applied = applyFix(lesson, broken, trap);
  if (!applied.ok) return null;
  const all = touched(broken.store, applied.value.store);
  return { judged: judge(lesson, broken, applied.value, footing, all), touched: all };
}

const shapeHolds = (shape: Shape, all: readonly Touched[]): boolean =>
  all.some((one) => one.how === shape.how && globHolds(shape.object, one.object) && (shape.field === null || one.fields.some(({ path }) => path.startsWith(shape.field ?? ''))));

/** What a judged fix did to the world, as a set of words. */
const effect = (judged: Judged): Set<string> =>
  new Set([
    ...judged.intents.flatMap((intent, index) => (intent.fell === null ? [] : [`intent ${index} ${intent.fell}`])),
    ...judged.guards.flatMap((guard) => (guard.holds ? [] : [`guard ${guard.say}`])),
    ...judged.opened.map((path) => `opened ${path.from} ${path.to} ${JSON.stringify(path.ports)}`),
    ...judged.closed.map((path) => `closed ${path.from} ${path.to} ${JSON.stringify(path.ports)}`),
  ]);

/** Shared words against all words, 0 to 1. */
function likeness(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  const shared = [...left].filter((word) => right.has(word)).length;
  const all = left.size + right.size - shared;
  return all === 0 ? 1 : shared / all;
}

/** The traps that fall for this check and whose shape is in what was touched. */
export const trapsLike = (lesson: Lesson, all: readonly Touched[], fall: Fall): readonly Trap[] =>
  lesson.traps.filter((trap) => trap.falls === fall && trap.looksLike.every((shape) => shapeHolds(shape, all)));

/** The trap that matches for one of the checks that the fix fell for; `all` is what the fix touched. `undefined` when none does. */
export function matchTrap(lesson: Lesson, all: readonly Touched[], judged: Judged, fall: Fall, spring: (trap: Trap) => SprungTrap | null): Trap | undefined {
  const mine = effect(judged);
  let best: { readonly trap: Trap; readonly score: number } | undefined;
  const candidates = trapsLike(lesson, all, fall);
  for (const trap of candidates) {
    // One with its shape said matches alone; otherwise the effects are compared, and a far cry is no match.
    if (candidates.length === 1 && trap.looksLike.length > 0) return trap;
    const sprung = spring(trap);
    if (sprung === null) continue;
    if (trap.looksLike.length === 0 && !sprung.touched.every((one) => all.some((other) => other.how === one.how && other.object === one.object))) continue;
    const score = likeness(mine, effect(sprung.judged));
    if (score > 0.2 && (best === undefined || score > best.score)) best = { trap, score };
  }
  return best?.trap;
}

// Judges a fix by what the cluster then does: as it stands, after all pods were replaced, from every node, from outside, and over all paths.
import type { Lab, Reach } from '../sim/lab.ts';
import { reach } from '../sim/lab.ts';
import { refText } from '../sim/model/object.ts';
import type { Trace } from '../sim/model/trace.ts';
import type { Fall, Grade, Intent, IntentResult, Lesson } from './lesson.ts';
import type { Found } from './intents/intent-check.ts';
import type { Door } from './exposure.ts';
import { doorsOf, newDoors } from './exposure.ts';
import type { BlastRadius } from './blast-radius.ts';
import { blastRadius, openedAllowed } from './blast-radius.ts';
import { guardsOf } from './guards.ts';
import type { Touched } from './touched.ts';
import { touched } from './touched.ts';
import { liveIntents, resultOf } from './live-intents.ts';
import type { Trial } from './trial.ts';
import { tryOut } from './trial.ts';

export type Judged = Omit<Grade, 'messages'>;

/** What every fix of a lesson is held against, worked out once from the broken cluster. */
export interface Footing {
  /** The intents before any fix. */
  readonly before: readonly IntentResult[];
  readonly reach: Reach;
  readonly doors: ReadonlyMap<string, Door>;
}

export const footingOf = (lesson: Lesson, broken: Lab): Footing => ({ before: liveIntents(lesson, broken), reach: reach(broken), doors: doorsOf(broken) });

/** A door leads to what an intent asks for, inside: the Service on its road, or the workload that answers. */
function leadsTo(door: Door, traces: readonly Trace[], lab: Lab): boolean {
  const name = refText(door.object);
  return traces.some((trace) => trace.request.from.kind !== 'external' && trace.walks.some((walk) => {
    const pod = lab.network.pods.find((one) => `${one.namespace}/${one.name}` === walk.backend?.pod);
    return (pod !== undefined && refText(pod.owner) === name) || walk.hops.some((hop) => refText(hop.object) === name);
  }));
}

/** Doors that an intent asks for: somebody outside is to be served through that Service. */
const askedDoor = (door: Door, found: readonly Found[]): boolean =>
  found.some(({ traces }) => traces.some((trace) => trace.request.from.kind === 'external' && trace.verdict === 'delivered' && trace.walks.some((walk) => walk.hops.some((hop) => refText(hop.object) === refText(door.object)))));

/** What is left of the new doors when those that the intents ask for are taken away. */
const unaskedDoors = (footing: Footing, now: Lab, found: readonly Found[]): Door[] => newDoors(footing.doors, now).filter((door) => !askedDoor(door, found));

const radiusOf = (footing: Footing, now: Lab, intents: readonly Intent[], found: readonly Found[]): BlastRadius =>
  blastRadius(footing.reach, now, intents.map((intent, index) => ({ intent, traces: found[index]?.traces ?? [] })));

/** One intent through its re-checks; `through` is the door that it falls for. */
function resultFor(trial: Trial, index: number, intent: Intent, now: Lab, doors: readonly Door[]): { readonly result: IntentResult; readonly through: Door | null } {
  const found = trial.live(index);
  if (!found.holds) return { result: resultOf(intent, found, 'intent'), through: null };
  const later = trial.replaced(index);
  if (!later.holds) return { result: resultOf(intent, later, 'replaced', `It holds now, and no more when the pods are replaced: ${later.why}`), through: null };
  const elsewhere = trial.elsewhere(index);
  if (elsewhere !== null) return { result: resultOf(intent, elsewhere.found, 'every-node', `It does not hold from a pod on ${elsewhere.node}: ${elsewhere.found.why}`), through: null };
  const through = doors.find((door) => leadsTo(door, found.traces, now)) ?? null;
  return { result: through === null ? resultOf(intent, found, null) : resultOf(intent, found, 'outside', `${refText(through.object)} can now be entered from outside: ${through.says}.`), through };
}

const order: readonly Fall[] = ['intent', 'replaced', 'every-node', 'outside', 'opened', 'guard'];

/** Everything of a grade but the messages; `all` is what the fix touched. */
export function judge(lesson: Lesson, broken: Lab, now: Lab, footing: Footing = footingOf(lesson, broken), all: readonly Touched[] = touched(broken.store, now.store)): Judged {
  const trial = tryOut(lesson.intents, now);
  const live = lesson.intents.map((_, index) => trial.live(index));
  const doors = unaskedDoors(footing, now, live);
  const results = lesson.intents.map((intent, index) => resultFor(trial, index, intent, now, doors));
  const intents = results.map(({ result }) => result);
  const { opened, closed } = radiusOf(footing, now, lesson.intents, live);
  const own = guardsOf(lesson, now, all);
  const others = doors.filter((door) => !results.some(({ through }) => through === door));
  const falls = new Set<Fall>(intents.flatMap((intent) => intent.fell ?? []));
  if (doors.length > 0) falls.add('outside');
  if (!openedAllowed(lesson.guard, opened)) falls.add('opened');
  if (own.some((guard) => !guard.holds)) falls.add('guard');
  return {
    solved: falls.size === 0,
    intents, opened, closed,
    guards: [...own, ...others.map((door) => ({ say: `Nothing new can be entered from outside (${refText(door.object)}: ${door.says})`, holds: false }))],
    fixed: live.filter((found, index) => found.holds && footing.before[index]?.holds === false).length,
    broke: live.filter((found, index) => !found.holds && footing.before[index]?.holds === true).length,
    falls: order.filter((fall) => falls.has(fall)),
  };
}

/** Whether {@link judge} would name this check among the falls, at the least cost. */
export function fallsFor(lesson: Lesson, now: Lab, footing: Footing, all: readonly Touched[], fall: Fall): boolean {
  if (fall === 'guard') return guardsOf(lesson, now, all).some(({ holds }) => !holds);
  const trial = tryOut(lesson.intents, now);
  const some = (falls: (index: number) => boolean): boolean => lesson.intents.some((_, index) => falls(index));
  if (fall === 'intent') return some((index) => !trial.live(index).holds);
  if (fall === 'replaced') return some((index) => trial.live(index).holds && !trial.replaced(index).holds);
  if (fall === 'every-node') return some((index) => trial.live(index).holds && trial.elsewhere(index) !== null && trial.replaced(index).holds);
  const live = lesson.intents.map((_, index) => trial.live(index));
  return fall === 'outside' ? unaskedDoors(footing, now, live).length > 0 : !openedAllowed(lesson.guard, radiusOf(footing, now, lesson.intents, live).opened);
}

/**
 * Whether {@link judge} would call it solved, at the least cost: it ends at the first thing that fails, and asks the intents in the order of `likely`,
 * in which the one that fails comes to the front for the next fix.
 */
export function solves(lesson: Lesson, broken: Lab, now: Lab, footing: Footing, likely: number[]): boolean {
  const trial = tryOut(lesson.intents, now);
  const failing = likely.findIndex((index) => !trial.live(index).holds);
  if (failing >= 0) {
    likely.unshift(...likely.splice(failing, 1));
    return false;
  }
  const live = lesson.intents.map((_, index) => trial.live(index));
  return openedAllowed(lesson.guard, radiusOf(footing, now, lesson.intents, live).opened)
    && guardsOf(lesson, now, touched(broken.store, now.store)).every(({ holds }) => holds)
    && unaskedDoors(footing, now, live).length === 0
    && lesson.intents.every((_, index) => trial.elsewhere(index) === null)
    && lesson.intents.every((_, index) => trial.replaced(index).holds);
}

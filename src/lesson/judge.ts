// Judges a fix by what the cluster then does: as it stands, after all pods were replaced, from every node, from outside, and over all paths.
import type { Lab } from '../sim/lab.ts';
import { replacePods } from '../sim/lab.ts';
import { refText } from '../sim/model/object.ts';
import type { Trace } from '../sim/model/trace.ts';
import type { Fall, Grade, Intent, IntentResult, Lesson } from './lesson.ts';
import { checkIntent } from './intents/check-intent.ts';
import type { Found } from './intents/intent-check.ts';
import { everyNode } from './every-node.ts';
import type { Door } from './exposure.ts';
import { newDoors } from './exposure.ts';
import { blastRadius, openedAllowed } from './blast-radius.ts';
import { guardsOf } from './guards.ts';
import { touched } from './touched.ts';

const resultOf = (intent: Intent, found: Found, fell: Fall | null, why = found.why): IntentResult =>
  ({ say: intent.say, holds: fell === null, why, fell, trace: found.trace, lookup: found.lookup });

/** Every intent against the cluster as it stands: after every change, on screen. */
export const liveIntents = (lesson: Lesson, lab: Lab): IntentResult[] =>
  lesson.intents.map((intent) => {
    const found = checkIntent(intent, lab);
    return resultOf(intent, found, found.holds ? null : 'intent');
  });

/** A door leads to what an intent asks for, inside: the Service on its road, or the workload that answers. */
function leadsTo(door: Door, trace: Trace | null, lab: Lab): boolean {
  if (trace === null || trace.request.from.kind === 'external') return false;
  const name = refText(door.object);
  return trace.walks.some((walk) => {
    const pod = lab.network.pods.find((one) => `${one.namespace}/${one.name}` === walk.backend?.pod);
    return (pod !== undefined && refText(pod.owner) === name) || walk.hops.some((hop) => refText(hop.object) === name);
  });
}

/** Doors that an intent asks for: somebody outside is to be served through that Service. */
const askedDoor = (door: Door, traces: readonly Found[]): boolean =>
  traces.some(({ trace }) => trace !== null && trace.request.from.kind === 'external' && trace.verdict === 'delivered' && trace.walks.some((walk) => walk.hops.some((hop) => refText(hop.object) === refText(door.object))));

/** Everything of a grade but the messages. */
export function judge(lesson: Lesson, broken: Lab, now: Lab): Omit<Grade, 'messages'> {
  const before = liveIntents(lesson, broken);
  const live = lesson.intents.map((intent) => checkIntent(intent, now));
  const replaced = replacePods(now);
  const after = lesson.intents.map((intent) => checkIntent(intent, replaced));
  const spread = everyNode(lesson.intents, now);
  const doors = newDoors(broken, now).filter((door) => !askedDoor(door, live));
  const seen = new Set<Door>();
  const intents = lesson.intents.map((intent, index): IntentResult => {
    const found = live[index] ?? checkIntent(intent, now);
    if (!found.holds) return resultOf(intent, found, 'intent');
    const later = after[index];
    if (later !== undefined && !later.holds) return resultOf(intent, later, 'replaced', `It holds now, and no more when the pods are replaced: ${later.why}`);
    for (const copy of spread.copies.get(intent) ?? []) {
      const there = checkIntent(intent, spread.lab, copy.source);
      if (!there.holds) return resultOf(intent, there, 'every-node', `It does not hold from a pod on ${copy.node}: ${there.why}`);
    }
    const door = doors.find((one) => leadsTo(one, found.trace, now));
    if (door !== undefined) {
      seen.add(door);
      return resultOf(intent, found, 'outside', `${refText(door.object)} can now be entered from outside: ${door.says}.`);
    }
    return resultOf(intent, found, null);
  });
  const { opened, closed } = blastRadius(broken, now, lesson.intents.map((intent, index) => ({ intent, trace: live[index]?.trace ?? null })));
  const guards = guardsOf(lesson, now, touched(broken.store, now.store));
  const others = doors.filter((door) => !seen.has(door));
  for (const door of others) guards.push({ say: `Nothing new can be entered from outside (${refText(door.object)}: ${door.says})`, holds: false });
  const falls = new Set<Fall>(intents.flatMap((intent) => intent.fell ?? []));
  if (doors.length > 0) falls.add('outside');
  if (!openedAllowed(lesson.guard, opened)) falls.add('opened');
  if (guards.length > others.length && guards.slice(0, guards.length - others.length).some((guard) => !guard.holds)) falls.add('guard');
  const order: readonly Fall[] = ['intent', 'replaced', 'every-node', 'outside', 'opened', 'guard'];
  return {
    solved: falls.size === 0,
    intents, guards, opened, closed,
    fixed: live.filter((found, index) => found.holds && before[index]?.holds === false).length,
    broke: live.filter((found, index) => !found.holds && before[index]?.holds === true).length,
    falls: order.filter((fall) => falls.has(fall)),
  };
}

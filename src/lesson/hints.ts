// At most four rungs: the first from the trace and what was not looked at yet, the others as the lesson wrote them.
import type { Lab } from '../sim/lab.ts';
import { placeText } from '../sim/model/packet.ts';
import type { Trace } from '../sim/model/trace.ts';
import type { Lesson, Seen } from './lesson.ts';
import { liveIntents } from './live-intents.ts';

/** What hints are made from. */
export type LookedAt = Pick<Seen, 'stages'> & Partial<Seen>;

const same = (left: string, right: string): boolean => left.replace(/\s+/g, ' ').trim() === right.replace(/\s+/g, ' ').trim();

/** What to look at next, from the road that the packet took. */
function fromTrace(trace: Trace, say: string, seen: LookedAt): string {
  const hops = trace.shown.hops;
  const unseen = hops.findIndex((hop) => !seen.stages.includes(hop.stage));
  const hop = hops[unseen];
  if (hop !== undefined) {
    return `"${say}" does not hold. Its road has ${hops.length} hop${hops.length === 1 ? '' : 's'}, and you have not stood at hop ${unseen + 1} yet: ${hop.stage} at ${placeText(hop.at)}. Step there with \`.\` in the Layers pane.`;
  }
  const unasked = [...hops].reverse().find((one) => one.evidence !== '' && !(seen.lines ?? []).some((line) => same(line, one.evidence)));
  if (unasked !== undefined) return `You have seen the whole road of "${say}". A command shows more of it: \`${unasked.evidence}\``;
  return `You have looked at everything on the road of "${say}". Compare what the last hop asks for with what is there.`;
}

/** For the first intent that fails; a tour, in which none fails, has only what its text says. */
export function hints(lesson: Lesson, lab: Lab, language: string, seen: LookedAt): string[] {
  const written = (lesson.texts[language] ?? lesson.texts['en'])?.hints ?? [];
  const failing = liveIntents(lesson, lab).find((intent) => !intent.holds && intent.trace !== null);
  if (failing?.trace == null) return [...written];
  return [fromTrace(failing.trace, failing.say, seen), ...written].slice(0, 4);
}

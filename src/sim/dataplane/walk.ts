// One packet through all stations, in every way that it may go.
import type { Walk } from '../model/trace.ts';
import { byText } from '../base/order.ts';
import { unheard } from './lost-walk.ts';
import type { Plane } from './plane.ts';
import { relayed } from './sizes.ts';
import { stations } from './stations.ts';
import type { Journey } from './station.ts';

/** More hand-overs than any packet has: beyond that something goes round in a circle. */
const mostRounds = 4;

/** The journey with one round more. */
const again = (journey: Journey): Journey => {
  if (journey.rounds >= mostRounds) throw new Error('a packet goes round in a circle');
  return { ...journey, rounds: journey.rounds + 1 };
};

/** Adds every walk from a station on to the list. */
function follow(journey: Journey, plane: Plane, start: number, walks: Walk[]): void {
  let current = journey;
  for (let index = start; index < stations.length; index++) {
    const step = stations[index]?.meet(current, plane);
    if (step === undefined) continue;
    switch (step.kind) {
      case 'on': current = step.journey; break;
      case 'fork': for (const way of step.journeys) follow(way, plane, index + 1, walks); return;
      case 'again': follow(again(step.journey), plane, 0, walks); return;
      case 'relay':
        for (const walk of step.join(step.legs.map((leg) => allFrom(again(leg), plane)))) walks.push(current.narrow === null ? walk : relayed(walk, current, plane));
        return;
      case 'end': walks.push(settled(step.walk, current)); return;
    }
  }
  throw new Error('a packet passed the last station');
}

function allFrom(journey: Journey, plane: Plane): Walk[] {
  const walks: Walk[] = [];
  follow(journey, plane, 0, walks);
  return walks;
}

/** Whatever was rejected on the way has to be heard, too; and who fails a packet that is not for him is not to blame. */
function settled(walk: Walk, journey: Journey): Walk {
  const { mute, mistaken } = journey;
  if (mute !== null && walk.verdict !== 'timeout' && walk.verdict !== 'hang') return unheard(walk, journey, mute);
  if (mistaken === null || walk.verdict === 'delivered' || walk.reason === mistaken.reason) return walk;
  return { ...walk, reason: mistaken.reason, layer: mistaken.layer, object: mistaken.object, field: mistaken.field, why: `${mistaken.says} ${walk.why}` };
}

const sameEnd = (walk: Walk): string => JSON.stringify([walk.backend, walk.verdict, walk.reason, walk.snat, walk.status, walk.object, walk.field]);

const backendText = (walk: Walk): string => `${walk.backend?.ip ?? ''} ${String(walk.backend?.port ?? '').padStart(5, '0')} ${walk.verdict}`;

/** Walks that end alike at one backend are one; likeliest first, ties by the backend's address. */
export function merged(walks: readonly Walk[]): Walk[] {
  if (walks.length < 2) return [...walks];
  const found = new Map<string, Walk>();
  for (const walk of walks) {
    const key = sameEnd(walk);
    const before = found.get(key);
    found.set(key, before === undefined ? walk : { ...before, probability: before.probability + walk.probability });
  }
  return [...found.values()].sort((left, right) => (Math.abs(right.probability - left.probability) < 1e-12 ? 0 : right.probability - left.probability) || byText(backendText(left), backendText(right)));
}

/** Every way of a packet; never empty. */
export const walkAll = (journey: Journey, plane: Plane): Walk[] => merged(allFrom(journey, plane));

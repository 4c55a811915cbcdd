// One packet through all stations, in every way that it may go.
import type { Walk } from '../model/trace.ts';
import { byText } from '../base/order.ts';
import type { Plane } from './plane.ts';
import { stations } from './stations.ts';
import type { Journey } from './station.ts';

/** More hand-overs than any packet has: beyond that something goes round in a circle. */
const mostRounds = 4;

function* from(journey: Journey, plane: Plane, start: number): Generator<Walk> {
  let current = journey;
  for (let index = start; index < stations.length; index++) {
    const step = stations[index]?.meet(current, plane);
    if (step === undefined) continue;
    switch (step.kind) {
      case 'on': current = step.journey; break;
      case 'fork': for (const way of step.journeys) yield* from(way, plane, index + 1); return;
      case 'again':
        if (step.journey.rounds >= mostRounds) throw new Error('a packet goes round in a circle');
        yield* from({ ...step.journey, rounds: step.journey.rounds + 1 }, plane, 0);
        return;
      case 'relay':
        yield* step.join(step.legs.map((leg) => {
          if (leg.rounds >= mostRounds) throw new Error('a packet goes round in a circle');
          return [...from({ ...leg, rounds: leg.rounds + 1 }, plane, 0)];
        }));
        return;
      case 'end': yield step.walk; return;
    }
  }
  throw new Error('a packet passed the last station');
}

const sameEnd = (walk: Walk): string => JSON.stringify([walk.backend, walk.verdict, walk.reason, walk.snat, walk.status, walk.object, walk.field]);

const backendText = (walk: Walk): string => `${walk.backend?.ip ?? ''} ${String(walk.backend?.port ?? '').padStart(5, '0')} ${walk.verdict}`;

/** Walks that end alike at one backend are one; likeliest first, ties by the backend's address. */
export function merged(walks: readonly Walk[]): Walk[] {
  if (walks.length === 1) return [...walks];
  const found = new Map<string, Walk>();
  for (const walk of walks) {
    const key = sameEnd(walk);
    const before = found.get(key);
    found.set(key, before === undefined ? walk : { ...before, probability: before.probability + walk.probability });
  }
  return [...found.values()].sort((left, right) => (Math.abs(right.probability - left.probability) < 1e-12 ? 0 : right.probability - left.probability) || byText(backendText(left), backendText(right)));
}

/** Every way of a packet; never empty. */
export const walkAll = (journey: Journey, plane: Plane): Walk[] => merged([...from(journey, plane, 0)]);

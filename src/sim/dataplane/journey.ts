// Steps of a journey: a hop more, and the end of the walk.
import type { ObjectRef } from '../model/object.ts';
import type { Packet } from '../model/packet.ts';
import type { Action, Hop, Layer, Stage, Walk } from '../model/trace.ts';
import type { Reason } from '../model/reason.ts';
import type { Journey } from './station.ts';

export interface HopFacts {
  readonly layer: Layer;
  readonly stage: Stage;
  readonly action: Action;
  readonly object: ObjectRef;
  readonly field?: string | null;
  readonly evidence: string;
  readonly says: string;
  /** As it leaves; as it came where nothing changed. */
  readonly after?: Packet;
}

export const hopAt = (journey: Journey, facts: HopFacts): Hop => ({
  layer: facts.layer, at: journey.place, stage: facts.stage, action: facts.action, packet: journey.packet, after: facts.after ?? journey.packet,
  object: facts.object, field: facts.field ?? null, evidence: facts.evidence, says: facts.says,
});

/** The journey with one hop more, its packet as the hop leaves it. */
export const withHop = (journey: Journey, facts: HopFacts, change: Partial<Journey> = {}): Journey => ({
  ...journey, packet: facts.after ?? journey.packet, hops: [...journey.hops, hopAt(journey, facts)], ...change,
});

export interface Ending {
  readonly verdict: Walk['verdict'];
  readonly reason: Reason;
  readonly hop: HopFacts;
  /** Where another object than the hop's is what a repair would change. */
  readonly object?: ObjectRef;
  readonly field?: string | null;
  readonly layer?: Layer;
  readonly why: string;
  readonly repair?: string | undefined;
  readonly status?: number;
  readonly body?: string;
  readonly elapsed: number | null;
}

export function end(journey: Journey, ending: Ending): Walk {
  const delivered = ending.verdict === 'delivered';
  return {
    probability: journey.probability, verdict: ending.verdict, reason: ending.reason, backend: journey.backend, snat: journey.marked, status: ending.status ?? null,
    layer: delivered ? null : ending.layer ?? ending.hop.layer, object: delivered ? null : ending.object ?? ending.hop.object,
    field: delivered ? null : ending.field !== undefined ? ending.field : ending.hop.field ?? null,
    why: ending.why, ...(ending.repair === undefined ? {} : { repair: ending.repair }), hops: [...journey.hops, hopAt(journey, ending.hop)], body: ending.body ?? null, elapsed: ending.elapsed, ...(journey.names === null ? {} : { names: journey.names }),
  };
}

// How a loss between machines is told: as the end of a walk, or as the answer that the client never hears.
import { end } from './journey.ts';
import type { Loss } from './loss.ts';
import type { Plane } from './plane.ts';
import type { Journey } from './station.ts';
import type { Walk } from '../model/trace.ts';

/** A command that is run on a node. */
export const onNode = (node: string, command: string): string => `ssh ${node} ${command}`;

type Told = Pick<Loss, 'reason' | 'at' | 'field' | 'evidence' | 'says'> & Partial<Loss>;

/** Silence, because of a field of the Cluster document. */
export const silence = (plane: Plane, told: Told): Loss => ({ verdict: 'timeout', elapsed: null, layer: 'network', stage: 'underlay', action: 'drop', object: plane.network.cluster.ref, ...told });

const placed = (journey: Journey, loss: Loss): Journey => ({ ...journey, place: loss.at === null ? { kind: 'outside', name: journey.packet.destination.ip } : { kind: 'node', name: loss.at } });

/** The walk ends here. */
export const lostWalk = (journey: Journey, loss: Loss): Walk => end(placed(journey, loss), {
  verdict: loss.verdict, reason: loss.reason, why: loss.says, elapsed: loss.elapsed,
  hop: { layer: loss.layer, stage: loss.stage, action: loss.action, object: loss.object, field: loss.field, evidence: loss.evidence, says: loss.says },
});

/** Somebody at the far end said something, and it does not come back: the client never hears of it. */
export function unheard(walk: Walk, journey: Journey, loss: Loss): Walk {
  return { ...lostWalk({ ...journey, hops: walk.hops }, loss), backend: walk.backend, snat: walk.snat, probability: walk.probability };
}

// A node's kernel before any rule: what came from the wire passes the cloud's firewall and the reverse path filter, and everything needs room in the connection tracking table.
import { arriveFromOutside } from '../crossing.ts';
import { untracked } from '../kernel.ts';
import { lostWalk, onNode, silence } from '../lost-walk.ts';
import { nodeRangeOf, type Plane } from '../plane.ts';
import { narrower } from '../sizes.ts';
import type { Journey, Station } from '../station.ts';
import { nodeOf } from './kube-proxy.ts';

/** Whoever outside has an address of the pods' ranges gets no answer: nodes send it to their pods. */
function answeredInside(journey: Journey, plane: Plane, node: string): Journey {
  const home = journey.mute === null && journey.sender.kind === 'outside' ? nodeRangeOf(plane, journey.packet.source.ip) : undefined;
  if (home === undefined) return journey;
  const { ip } = journey.packet.source;
  return { ...journey, mute: silence(plane, {
    reason: 'overlapping-range', stage: 'route', action: 'lose', at: node, field: 'spec.network.pods', evidence: onNode(node, 'ip route'),
    says: `The packet arrives, and its answer is lost: ${ip} is outside, and within the cluster it is an address of the pods' range of node ${home.name}, so that node ${node} sends the answer there.`,
  }) };
}

export const nodeKernel: Station = {
  name: 'node',
  meet: (given, plane) => {
    const { underlay } = plane;
    const last = given.sender.kind === 'outside' || underlay !== null ? given.hops.at(-1) : undefined;
    const arrived = given.place.kind === 'node' && (last?.stage === 'outside' || last?.stage === 'load-balancer');
    const journey = arrived && given.place.kind === 'node' ? answeredInside(given, plane, given.place.name) : given;
    if (underlay === null) return journey === given ? undefined : { kind: 'on', journey };
    const node = nodeOf(journey, plane);
    // What a pod says to itself does not leave it.
    if (node === null || (journey.place.kind === 'pod' && journey.egressJudged && journey.ingressJudged)) return undefined;
    const full = untracked(plane, node);
    if (!arrived || last === undefined) return full === null ? undefined : { kind: 'end', walk: lostWalk(journey, full) };
    const crossed = arriveFromOutside(journey, plane, underlay, node, { wired: last.at.kind === 'outside', balanced: last.stage === 'load-balancer' });
    const loss = crossed.loss ?? full;
    if (loss !== null) return { kind: 'end', walk: lostWalk(journey, loss) };
    return { kind: 'on', journey: { ...journey, narrow: narrower(journey.narrow, crossed.narrow) } };
  },
};

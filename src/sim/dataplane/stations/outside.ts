// Where a packet from outside meets the cluster: a node's address does, a pod's or a Service's own address does not.
import { hash32 } from '../../base/choose.ts';
import { isLoopback } from '../../controlplane/run-pod.ts';
import { refText, type ObjectRef } from '../../model/object.ts';
import { describing, getting, podPlaces } from '../evidence.ts';
import { end, withHop } from '../journey.ts';
import { isIn, type Plane } from '../plane.ts';
import type { Journey, Station, Step } from '../station.ts';

/** Nobody outside has a route to the cluster's own ranges. */
function unreachable(journey: Journey, plane: Plane): Step | undefined {
  const ip = journey.packet.destination.ip;
  const pod = plane.podAt.get(ip);
  const service = plane.serviceAt.get(ip);
  const inside = pod !== undefined || service?.clusterAddresses.includes(ip) === true || isIn(plane.podRanges, ip) || isIn(plane.serviceRanges, ip);
  if (!inside) return undefined;
  const clusterField = isIn(plane.serviceRanges, ip) ? 'spec.network.services' : 'spec.network.pods';
  const object: ObjectRef = service?.ref ?? pod?.ref ?? plane.network.cluster.ref;
  const field = service !== undefined ? 'spec.type' : pod !== undefined ? 'status.podIP' : clusterField;
  const what = service !== undefined ? `the cluster address of ${refText(service.ref)}` : pod !== undefined ? `the address of pod ${pod.namespace}/${pod.name}` : 'an address of the cluster\'s own ranges';
  const why = `${ip} is ${what}: outside the cluster nobody has a route to it.`;
  return { kind: 'end', walk: end(journey, {
    verdict: 'unreachable', reason: 'not-reachable-from-outside', why, elapsed: 0, object, field,
    hop: { layer: 'external', stage: 'outside', action: 'lose', object, field, evidence: service !== undefined ? getting(service.ref) : pod !== undefined ? podPlaces(pod) : 'kubectl get nodes -o wide', says: why },
  }) };
}

/** 127.0.0.0/8 is the sender itself; no node takes such a destination from the wire (a martian). */
function loopback(journey: Journey): Step {
  const ip = journey.packet.destination.ip;
  const object: ObjectRef = { kind: 'External', namespace: '', name: journey.packet.source.ip };
  const arrived = journey.place.kind === 'node';
  const why = arrived ? `No node takes a packet for ${ip} from the wire: it is dropped.` : `${ip} is the sender itself, outside the cluster, and nothing listens there.`;
  return { kind: 'end', walk: end(journey, {
    verdict: arrived ? 'timeout' : 'refused', reason: 'nothing-on-localhost', why, elapsed: arrived ? null : 0,
    hop: { layer: 'external', stage: 'outside', action: arrived ? 'drop' : 'reject', object, evidence: 'kubectl get nodes -o wide', says: why },
  }) };
}

export const outside: Station = {
  name: 'outside',
  meet: (journey, plane) => {
    if (journey.sender.kind !== 'outside' || journey.rounds > 0) return undefined;
    const ip = journey.packet.destination.ip;
    const { place } = journey;
    if (isLoopback(ip)) return loopback(journey);
    if (place.kind === 'node') {
      return { kind: 'on', journey: withHop(journey, { layer: 'external', stage: 'outside', action: 'forward', object: { kind: 'Node', namespace: '', name: place.name }, evidence: 'kubectl get nodes -o wide', says: `The packet from ${journey.sender.ip} arrives at node ${place.name}.` }) };
    }
    const node = plane.nodeAt.get(ip);
    if (node !== undefined) {
      return { kind: 'on', journey: withHop(journey, { layer: 'external', stage: 'outside', action: 'forward', object: { kind: 'Node', namespace: '', name: node.name }, evidence: 'kubectl get nodes -o wide', says: `${ip} is node ${node.name}.` }, { place: { kind: 'node', name: node.name } }) };
    }
    if (plane.balancerAt.has(ip)) return undefined;
    const service = plane.serviceAt.get(ip);
    if (service?.externalAddresses.includes(ip) === true) {
      // Simplified: whoever routes an external address to the cluster routes it to one node, always the same.
      const ready = plane.network.nodes.filter((candidate) => candidate.ready && candidate.taints.every(({ effect }) => effect === 'PreferNoSchedule'));
      const nodes = ready.length > 0 ? ready : plane.network.nodes;
      const chosen = nodes[hash32(ip) % Math.max(nodes.length, 1)];
      if (chosen === undefined) return undefined;
      return { kind: 'on', journey: withHop(journey, { layer: 'external', stage: 'outside', action: 'forward', object: service.ref, field: 'spec.externalIPs', evidence: describing(service.ref), says: `${ip} is an external address of ${refText(service.ref)}: the network outside is taken to route it to node ${chosen.name}.` }, { place: { kind: 'node', name: chosen.name } }) };
    }
    return unreachable(journey, plane);
  },
};

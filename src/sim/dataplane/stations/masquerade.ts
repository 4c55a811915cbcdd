// Source rewriting as a packet leaves a node: marked by kube-proxy, or on its way out of the pods' network.
import type { NetworkNode } from '../../model/network.ts';
import { withHop } from '../journey.ts';
import { isIn, type Plane } from '../plane.ts';
import type { Journey, Station } from '../station.ts';

/** The source becomes the node's own address. */
export function rewrite(journey: Journey, node: NetworkNode, says: string): Journey {
  const { source } = journey.packet;
  const ip = node.internal.find((address) => address.includes(':') === source.ip.includes(':')) ?? node.internal[0];
  if (ip === undefined || ip === source.ip) return journey;
  return withHop(journey, {
    layer: 'network', stage: 'masquerade', action: 'snat', object: { kind: 'Node', namespace: '', name: node.name }, after: { ...journey.packet, source: { ...source, ip } },
    evidence: 'kubectl get nodes -o wide', says,
  }, { rewritten: true });
}

/**
 * A packet to another machine is rewritten on this one, before it is wrapped or sent: the hop of the way to there tells of the packet as it leaves.
 * One to a pod of this node has its hop where it stands, after that pod's policies.
 */
function rewrittenHere(journey: Journey, node: NetworkNode, within: boolean, says: string): Journey {
  const here: Journey = { ...journey, place: { kind: 'node', name: node.name } };
  const last = journey.hops.at(-1);
  if (within || last?.stage !== 'route' || last.at.kind !== 'node' || last.at.name !== node.name) {
    const done = rewrite(here, node, says);
    return done === here ? journey : { ...done, place: journey.place };
  }
  const before: Journey = { ...here, hops: journey.hops.slice(0, -1) };
  const done = rewrite(before, node, says);
  return done === before ? journey : { ...done, place: journey.place, hops: [...done.hops, { ...last, packet: done.packet, after: done.packet }] };
}

/** A pod that calls something that is no pod: the plugin rewrites its source, so that the answer finds back. */
export const leaving = (journey: Journey, plane: Plane, node: NetworkNode): Journey =>
  (plane.network.cni.masquerades && isIn(plane.podRanges, journey.packet.source.ip) && !isIn(plane.keepsSource, journey.packet.destination.ip) ? rewrite(journey, node, `Outside the pods' network nobody knows ${journey.packet.source.ip}: node ${node.name} puts its own address there.`) : journey);

/** The node's own process, or a pod on its network: what it sends goes out even to the node itself. */
const startsAt = ({ sender }: Journey, node: NetworkNode): boolean => (sender.kind === 'node' ? sender.node.name === node.name : sender.kind === 'pod' && sender.pod.hostNetwork && sender.pod.node === node.name);

/**
 * Stands twice in the order: a packet to another node is rewritten before it gets there, one to a pod of the same node only after that
 * pod's policies (the filter table's FORWARD comes before POSTROUTING).
 */
export const masquerade: Station = {
  name: 'masquerade',
  meet: (journey, plane) => {
    // What another node rewrote before (a pod's packet to another node's port) is rewritten again here.
    if (!journey.marked || journey.proxiedAt === null) return undefined;
    const node = plane.nodes.get(journey.proxiedAt);
    if (node === undefined) return undefined;
    // What comes in and ends at the node itself, at a pod on its network, does not leave it again: sources are rewritten on the way out alone.
    if (plane.nodeAt.get(journey.packet.destination.ip)?.name === node.name && !startsAt(journey, node)) return undefined;
    const pod = plane.podAt.get(journey.packet.destination.ip);
    const within = pod !== undefined && pod.node === node.name;
    if (within && !journey.ingressJudged) return undefined;
    const after = rewrittenHere(journey, node, within, `kube-proxy marked the packet: node ${node.name} puts its own address in place of ${journey.packet.source.ip}, so that the answer comes back through it.`);
    return after === journey ? undefined : { kind: 'on', journey: after };
  },
};

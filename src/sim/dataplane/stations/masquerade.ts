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

/** A pod that calls something that is no pod: the plugin rewrites its source, so that the answer finds back. */
export const leaving = (journey: Journey, plane: Plane, node: NetworkNode): Journey =>
  (plane.network.cni.masquerades && isIn(plane.podRanges, journey.packet.source.ip) && !isIn(plane.keepsSource, journey.packet.destination.ip) ? rewrite(journey, node, `Outside the pods' network nobody knows ${journey.packet.source.ip}: node ${node.name} puts its own address there.`) : journey);

/**
 * Stands twice in the order: a packet to another node is rewritten before it gets there, one to a pod of the same node only after that
 * pod's policies (the filter table's FORWARD comes before POSTROUTING).
 */
export const masquerade: Station = {
  name: 'masquerade',
  meet: (journey, plane) => {
    if (!journey.marked || journey.rewritten || journey.proxiedAt === null) return undefined;
    const node = plane.nodes.get(journey.proxiedAt);
    if (node === undefined) return undefined;
    const pod = plane.podAt.get(journey.packet.destination.ip);
    if (pod !== undefined && pod.node === node.name && !journey.ingressJudged) return undefined;
    const after = rewrite(journey, node, `kube-proxy marked the packet: node ${node.name} puts its own address in place of ${journey.packet.source.ip}, so that the answer comes back through it.`);
    return after === journey ? undefined : { kind: 'on', journey: after };
  },
};

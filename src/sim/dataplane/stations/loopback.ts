// localhost and a pod's own address never leave the pod: its containers share one network.
import { isLoopback } from '../../controlplane/run-pod.ts';
import { listening } from '../evidence.ts';
import { withHop } from '../journey.ts';
import type { Station } from '../station.ts';

export const loopback: Station = {
  name: 'loopback',
  meet: (journey, plane) => {
    const { destination, protocol } = journey.packet;
    const { sender, place } = journey;
    if (place.kind === 'outside' || journey.rounds > 0) return undefined;
    if (sender.kind === 'pod' && !sender.pod.hostNetwork) {
      if (!isLoopback(destination.ip) && !sender.pod.addresses.includes(destination.ip)) return undefined;
      return { kind: 'on', journey: withHop(journey, {
        layer: 'pod', stage: 'loopback', action: 'forward', object: sender.pod.ref, evidence: listening(sender.pod),
        says: `${destination.ip} is pod ${sender.pod.namespace}/${sender.pod.name} itself: the packet does not leave it.`,
      }, { egressJudged: true, ingressJudged: true }) };
    }
    // On a node, a node port answers on 127.0.0.1 too: the rules come first there.
    if (!isLoopback(destination.ip) || plane.nodePorts.has(`${destination.port ?? ''}/${protocol}`)) return undefined;
    const object = place.kind === 'node' ? { kind: 'Node', namespace: '', name: place.name } : sender.kind === 'pod' ? sender.pod.ref : { kind: 'Node', namespace: '', name: '' };
    return { kind: 'on', journey: withHop(journey, { layer: 'network', stage: 'loopback', action: 'forward', object, evidence: 'kubectl get nodes -o wide', says: `${destination.ip} is the node itself: the packet does not leave it.` }, { egressJudged: true, ingressJudged: true }) };
  },
};

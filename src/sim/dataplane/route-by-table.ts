// The way to a pod by the route tables that nodes really have, where they or what lies between them are not as usual.
import type { NetworkNode, NetworkPod, Route } from '../model/network.ts';
import { refText } from '../model/object.ts';
import { cross, missingRoute, otherOwner, guardedWithin, startsAt } from './crossing.ts';
import { noHairpin, notForwarded } from './kernel.ts';
import type { Loss } from './loss.ts';
import { lostWalk, onNode, silence } from './lost-walk.ts';
import type { Plane } from './plane.ts';
import type { Journey, Step } from './station.ts';
import { hasBridge, isKnownOutside, routeTo, type Underlay } from './underlay.ts';

const keyOf = ({ namespace, name }: Pick<NetworkPod, 'namespace' | 'name'>): string => `${namespace}/${name}`;

/** On one node: what a bridge, the FORWARD chain and a pod's own security groups say. */
function within(journey: Journey, plane: Plane, underlay: Underlay, here: NetworkNode, pod: NetworkPod): Loss | null {
  const { sender } = journey;
  const self = sender.kind === 'pod' && sender.pod === pod;
  const beside = sender.kind === 'pod' && !sender.pod.hostNetwork && sender.pod.node === here.name && journey.packet.source.ip === journey.dialled.source.ip;
  return (self ? noHairpin(plane, here, keyOf(pod)) : null)
    ?? (startsAt(journey, here) ? null : notForwarded(plane, here, journey, beside && hasBridge(here)))
    ?? guardedWithin(journey, plane, underlay, here);
}

/** Worth saying of a node whose FORWARD chain would drop the packet, did the plugin's own rules not accept it before. */
function accepted(journey: Journey, plane: Plane, here: NetworkNode): Journey {
  if (here.state.forwardPolicy !== 'DROP' || journey.note !== null || startsAt(journey, here)) return journey;
  return { ...journey, note: `The FORWARD chain of node ${here.name} has the policy DROP, and a rule before its end accepts the packet: ${plane.network.cni.acceptsForwarded === true ? `${plane.network.cni.plugin}'s own` : 'kube-proxy\'s, for what it marked'}.` };
}

/** The node that the table leads to; `undefined`: to none, by the default route or not at all. */
function leadsTo(plane: Plane, underlay: Underlay, here: NetworkNode, pod: NetworkPod, ip: string, route: Route | undefined): NetworkNode | undefined {
  if (route !== undefined && (route.kind === 'tunnel' || route.kind === 'direct')) return plane.nodes.get(route.node ?? '');
  if (route?.kind === 'local' || pod.node === here.name) return here;
  // An address that the cloud gave out: the nodes' own network leads to it.
  return isKnownOutside(underlay, here, ip) ? plane.nodes.get(pod.node ?? '') : undefined;
}

/** Whom the packet is meant for: of several pods with the address the one that its Service selects, or the one on this node. */
function aimedAt(journey: Journey, plane: Plane, here: NetworkNode, first: NetworkPod, twins: readonly NetworkPod[] | undefined): NetworkPod {
  if (twins === undefined) return (journey.backend?.pod == null ? undefined : plane.pods.get(journey.backend.pod)) ?? first;
  const { rule } = journey;
  return (rule === null ? undefined : twins.find((pod) => rule.service.selected.includes(keyOf(pod)))) ?? twins.find(({ node }) => node === here.name) ?? first;
}

interface Mistake { readonly aimed: NetworkPod; readonly home: NetworkNode; readonly found: NetworkPod; readonly taken: NetworkNode }

/** Another pod has the address, where the table leads to. */
function mistaken(journey: Journey, plane: Plane, here: NetworkNode, { aimed, home, found, taken }: Mistake): Journey {
  const { ip } = journey.packet.destination;
  const range = home.podRanges.find((cidr) => taken.podRanges.includes(cidr));
  const says = `${refText(found.ref)} gets what is for ${refText(aimed.ref)}: ${range === undefined ? `on nodes ${[home.name, taken.name].sort().join(' and ')}` : `nodes ${[home.name, taken.name].sort().join(' and ')} both have the range ${range},`} both pods ${range === undefined ? 'have ' : ''}the address ${ip}, and node ${here.name} sends it to ${taken.name === here.name ? 'its own pods' : `node ${taken.name}`}.`;
  return {
    ...journey, note: says, backend: journey.backend === null ? null : { ...journey.backend, pod: keyOf(found) },
    mistaken: silence(plane, { reason: 'duplicate-pod-range', at: here.name, object: { kind: 'Node', namespace: '', name: home.name }, field: 'spec.podCIDR', evidence: onNode(here.name, 'ip route'), says }),
  };
}

/** To a pod; `onward` tells the step of a network in which everything is in order. */
export function podByTable(journey: Journey, plane: Plane, underlay: Underlay, here: NetworkNode, first: NetworkPod, onward: (journey: Journey, pod: NetworkPod) => Step): Step {
  const { ip } = journey.packet.destination;
  const twins = underlay.twins.get(ip);
  const aimed = aimedAt(journey, plane, here, first, twins);
  const route = routeTo(underlay, here, ip);
  const taken = leadsTo(plane, underlay, here, aimed, ip, route);
  const home = plane.nodes.get(aimed.node ?? '');
  const ended = (loss: Loss): Step => ({ kind: 'end', walk: lostWalk(journey, loss) });
  if (home === undefined) return onward(journey, first);
  if (taken === undefined) return ended(missingRoute(plane, here, ip, home));
  const found = aimed.node === taken.name ? aimed : twins?.find(({ node }) => node === taken.name);
  if (found === undefined) return ended(otherOwner(plane, here, ip, home, taken));
  const met: Journey = found === aimed ? journey : mistaken(journey, plane, here, { aimed, home, found, taken });
  const lost = taken === here ? within(met, plane, underlay, here, found) : null;
  if (lost !== null) return ended(lost);
  const step = onward(accepted(met, plane, here), found);
  return taken === here || step.kind !== 'on' ? step : { kind: 'on', journey: { ...step.journey, crossing: { from: here, to: taken, route: route ?? null, again: false } } };
}

/** To another node, or out of the cluster: the step as it is, and the machine that the packet leaves by it. */
export function leavingNode(step: Step, plane: Plane, underlay: Underlay, here: NetworkNode, to: NetworkNode | null): Step {
  if (step.kind !== 'on' && step.kind !== 'again') return step;
  const { journey } = step;
  const { ip } = journey.packet.destination;
  const route = routeTo(underlay, here, ip);
  if (route === undefined && to !== null) {
    return { kind: 'end', walk: lostWalk(journey, silence(plane, {
      verdict: 'unreachable', elapsed: 0, reason: 'no-route', stage: 'route', action: 'lose', at: here.name, object: { kind: 'Node', namespace: '', name: here.name }, field: null, evidence: onNode(here.name, 'ip route'),
      says: `Node ${here.name} has no route to ${ip}: its kernel says so at once.`,
    })) };
  }
  return { kind: 'on', journey: { ...journey, crossing: { from: here, to, route: null, again: step.kind === 'again' } } };
}

/** A packet for an address of the other node's range that no pod has: whether it would get there, and the answer back. */
export function lostBefore(journey: Journey, plane: Plane, underlay: Underlay, here: NetworkNode, home: NetworkNode, ip: string, heard: boolean): Step | undefined {
  if (home === here) return undefined;
  const route = routeTo(underlay, here, ip);
  if (route === undefined || (route.kind !== 'tunnel' && route.kind !== 'direct')) return { kind: 'end', walk: lostWalk(journey, missingRoute(plane, here, ip, home)) };
  const { loss, mute } = cross(journey, plane, underlay, { from: here, to: home, route, again: false });
  const lost = loss ?? (heard ? mute : null);
  return lost === null ? undefined : { kind: 'end', walk: lostWalk(journey, lost) };
}

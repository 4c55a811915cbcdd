// From one machine to another: what leaves, what the network between lets through, what arrives, and whether an answer would come back.
import type { NetworkNode, Route } from '../model/network.ts';
import { checkFails, notForwarded, reverseFiltered, untracked } from './kernel.ts';
import type { Crossing, Loss, Narrow } from './loss.ts';
import { onNode, silence } from './lost-walk.ts';
import type { Plane } from './plane.ts';
import { entersMachine, leavesMachine, type GuardedEnd } from './security-group.ts';
import type { Journey } from './station.ts';
import { isKnownOutside, machineAddresses, routeTo, type Underlay } from './underlay.ts';
import { wireBetween, wireOutside, type Wire } from './wire.ts';

export interface Crossed {
  /** It does not arrive. */
  readonly loss: Loss | null;
  /** It arrives, and no answer comes back. */
  readonly mute: Loss | null;
  readonly narrow: Narrow;
  readonly wire: Wire;
}

/** The smallest of what the two uplinks and the network between them carry. */
function linkOf(underlay: Underlay, from: NetworkNode | null, to: NetworkNode | null, overhead: number): Narrow {
  const link = Math.min(from?.state.mtu ?? Infinity, to?.state.mtu ?? Infinity, underlay.facts.mtu);
  return { bytes: link - overhead, overhead, link, from: from?.name ?? null, to: to?.name ?? null };
}

/** The pod whose own interface an address is, and the groups on it. */
function endOf(plane: Plane, underlay: Underlay, node: NetworkNode, ip: string, wire: Wire): GuardedEnd {
  const pod = wire.encapsulation === null && underlay.groupsOfPod.size > 0 ? plane.podAt.get(ip) : undefined;
  const own = pod === undefined ? undefined : underlay.groupsOfPod.get(`${pod.namespace}/${pod.name}`);
  return own === undefined || pod === undefined ? { name: `node ${node.name}`, node: node.name, groups: underlay.groupsOfNode.get(node.name) } : { name: `pod ${pod.namespace}/${pod.name}`, node: node.name, groups: own };
}

/** Where it leaves: a pod with an interface of its own sends through that, whatever source its node would give it outside. */
function sendingEnd(journey: Journey, plane: Plane, underlay: Underlay, from: NetworkNode, wire: Wire): GuardedEnd {
  const { sender } = journey;
  const own = sender.kind === 'pod' && sender.pod.node === from.name && wire.encapsulation === null ? underlay.groupsOfPod.get(`${sender.pod.namespace}/${sender.pod.name}`) : undefined;
  return own === undefined || sender.kind !== 'pod' ? endOf(plane, underlay, from, journey.packet.source.ip, wire) : { name: `pod ${sender.pod.namespace}/${sender.pod.name}`, node: from.name, groups: own };
}

/** What a rule of the other node's table does with the tunnel or the next hop: it must lead to the machine that is meant. */
function strays(plane: Plane, from: NetworkNode, to: NetworkNode, route: Route | null, wire: Wire): Loss | null {
  const hop = wire.encapsulation === null ? (route?.kind === 'direct' ? route.via : null) : wire.destination;
  const own = machineAddresses(to);
  if (hop === null || (route?.kind !== 'tunnel' && route?.kind !== 'direct')) return null;
  const announced = to.state.announces;
  if (wire.encapsulation === null && hop !== announced) return null;
  const holders = plane.network.nodes.filter((node) => machineAddresses(node).includes(hop));
  if (own.includes(hop) && holders.length === 1) return null;
  const who = holders.length === 0 ? 'no machine has it' : holders.length > 1 ? `${holders.map(({ name }) => name).join(', ')} all have it` : `it is node ${holders[0]?.name ?? ''}'s`;
  const asked = wire.encapsulation === null && holders.length === 0;
  return silence(plane, {
    reason: 'announced-elsewhere', verdict: asked ? 'unreachable' : 'timeout', elapsed: asked ? 3.06 : null, action: 'lose', at: from.name, field: `${to.state.field ?? 'spec.nodes'}.announces`,
    evidence: onNode(from.name, wire.encapsulation === null ? 'ip route' : `tcpdump -ni ${wire.device} ${wire.filter}`),
    says: `Node ${to.name} is announced with ${hop}, and ${who}: what node ${from.name} sends to the pods there ${wire.encapsulation === null ? 'has no next hop' : `goes into a ${wire.encapsulation.name} tunnel that does not end at it`}.`,
  });
}

/** A node's own address goes into a tunnel as the tunnel's: the answer comes back to the range that it is in. */
const answered = (from: NetworkNode, source: string, wire: Wire): string | undefined =>
  (wire.encapsulation === null || !machineAddresses(from).includes(source) ? source : from.podRanges.find((range) => range.includes(':') === source.includes(':'))?.replace(/\/.*$/, ''));

const returnSays = (to: NetworkNode, says: string): string => `The first packet arrives at node ${to.name}, and its answer does not come back: ${says.charAt(0).toLowerCase()}${says.slice(1)}`;

/** Names keep their capitals, sentences that begin with one are told as part of another. */
const asPart = (loss: Loss, to: NetworkNode): Loss => ({ ...loss, verdict: 'timeout', elapsed: null, reason: loss.reason === 'duplicate-pod-range' || loss.reason === 'overlapping-range' ? loss.reason : 'answer-lost', action: 'lose', says: returnSays(to, loss.says) });

/** Why a node has no route to a range of another one. */
export function missingRoute(plane: Plane, here: NetworkNode, ip: string, home: NetworkNode): Loss {
  const found = here.state.unrouted.find(({ node, to }) => node === home.name && to.includes(':') === ip.includes(':')) ?? here.state.unrouted.find(({ node }) => node === home.name);
  const way = here.routes.find(({ kind }) => kind === 'default');
  const sentence = found === undefined ? `node ${here.name} has no route to ${ip}` : found.why;
  const says = `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}: ${way === undefined ? `its kernel has no way to ${ip}, and says so at once` : `the packet to ${ip} goes to the default gateway${way.via === null ? '' : ` ${way.via}`}, which knows nothing of pods, and is lost`}.`;
  // What stands in no Cluster document stands in the Node.
  const field = found?.field ?? null;
  return silence(plane, {
    reason: 'missing-route', verdict: way === undefined ? 'unreachable' : 'timeout', elapsed: way === undefined ? 0 : null, stage: 'route', action: 'lose', at: here.name, field: field ?? 'spec.podCIDR',
    ...(field === null ? { object: { kind: 'Node', namespace: '', name: home.name } } : {}), evidence: onNode(here.name, 'ip route'), says,
  });
}

/** Two nodes have the range, and the table knows one of them. */
export function otherOwner(plane: Plane, here: NetworkNode, ip: string, home: NetworkNode, taken: NetworkNode): Loss {
  const range = home.podRanges.find((cidr) => taken.podRanges.includes(cidr));
  return silence(plane, {
    reason: 'duplicate-pod-range', stage: 'route', action: 'lose', at: here.name, object: { kind: 'Node', namespace: '', name: home.name }, field: 'spec.podCIDR', evidence: onNode(here.name, 'ip route'),
    says: `${range === undefined ? `Node ${taken.name} has the range that ${ip} is in` : `Nodes ${[home.name, taken.name].sort().join(' and ')} both have the range ${range}`}: node ${here.name} sends what is for ${ip} to ${taken.name === here.name ? 'its own pods' : `node ${taken.name}`}, and the pod is on node ${home.name}.`,
  });
}

/** The way of the answer: the far node's own table and the filters in the other direction. What a stateful filter saw go out may come back. */
function answerLost(plane: Plane, underlay: Underlay, from: NetworkNode, to: NetworkNode, wire: Wire, source: string): Loss | null {
  const ip = answered(from, source, wire);
  if (ip === undefined) return null;
  const isPods = plane.podAt.has(source) || ip !== source;
  const route = routeTo(underlay, to, ip);
  if (isPods) {
    if (route === undefined || route.kind === 'default') return asPart(missingRoute(plane, to, ip, from), to);
    if (route.node !== null && route.node !== from.name) {
      const taken = plane.nodes.get(route.node);
      if (taken !== undefined) return asPart(otherOwner(plane, to, ip, from, taken), to);
    }
  } else if (route === undefined) return asPart(missingRoute(plane, to, ip, from), to);
  const packet = { source: { ip: wire.destination, port: wire.port }, destination: { ip, port: null }, protocol: wire.protocol === 'IPIP' ? 'TCP' as const : wire.protocol };
  const back = wireBetween(plane.network.cni, to, from, route ?? null, packet);
  if (back.encapsulation === null) return null;
  const lost = strays(plane, to, from, route ?? null, back)
    ?? (wire.symmetric ? null : leavesMachine(plane, { name: `node ${to.name}`, node: to.name, groups: underlay.groupsOfNode.get(to.name) }, back)
      ?? entersMachine(plane, { name: `node ${from.name}`, node: from.name, groups: underlay.groupsOfNode.get(from.name) }, back));
  return lost === null ? null : asPart(lost, to);
}

/** Whether the node itself makes the packet: then it is not forwarded there. */
export const startsAt = (journey: Journey, node: NetworkNode): boolean =>
  (journey.sender.kind === 'node' && journey.sender.node.name === node.name) || (journey.sender.kind === 'pod' && journey.sender.pod.hostNetwork && journey.sender.pod.node === node.name);

function toNode(journey: Journey, plane: Plane, underlay: Underlay, crossing: Crossing, to: NetworkNode): Crossed {
  const { from, route } = crossing;
  const { packet } = journey;
  const wire = wireBetween(plane.network.cni, from, to, route, packet);
  const narrow = linkOf(underlay, from, to, wire.encapsulation?.overhead ?? 0);
  const intoPod = !machineAddresses(to).includes(packet.destination.ip);
  const source = answered(from, packet.source.ip, wire) ?? packet.source.ip;
  const loss = (startsAt(journey, from) ? null : notForwarded(plane, from, journey, false))
    ?? strays(plane, from, to, route, wire)
    ?? leavesMachine(plane, sendingEnd(journey, plane, underlay, from, wire), wire)
    ?? (wire.encapsulation === null ? checkFails(plane, underlay, from, machineAddresses(from), wire, 'source') : null)
    ?? (wire.encapsulation === null ? checkFails(plane, underlay, to, machineAddresses(to), wire, 'destination') : null)
    ?? entersMachine(plane, endOf(plane, underlay, to, packet.destination.ip, wire), wire)
    ?? untracked(plane, to)
    ?? reverseFiltered(plane, underlay, to, wire, source, intoPod ? route?.via ?? to.internal[0] ?? '' : packet.destination.ip)
    ?? (intoPod ? notForwarded(plane, to, { ...journey, marked: false }, false) : null);
  return { loss, mute: loss === null ? answerLost(plane, underlay, from, to, wire, packet.source.ip) : null, narrow, wire };
}

/** Nobody outside has a route to a pod's own address, unless the underlay gave it out. */
function unknownOutside(plane: Plane, underlay: Underlay, from: NetworkNode, ip: string): Loss | null {
  if (machineAddresses(from).includes(ip) || !plane.podAt.has(ip) || isKnownOutside(underlay, from, ip)) return null;
  const cni = plane.network.cni.plugin;
  return silence(plane, {
    reason: 'not-masqueraded', layer: 'network', action: 'lose', at: from.name, field: 'spec.cni', evidence: onNode(from.name, 'iptables-save -t nat'),
    says: `${cni} leaves the pod's own address ${ip} on what goes outside: nobody there knows a way back to it, and the answer is lost.`,
  });
}

function toOutside(journey: Journey, plane: Plane, underlay: Underlay, { from }: Crossing): Crossed {
  const { packet } = journey;
  const wire = wireOutside(from, packet.source.ip, packet);
  const none = routeTo(underlay, from, packet.destination.ip) === undefined;
  const loss = (startsAt(journey, from) ? null : notForwarded(plane, from, journey, false))
    ?? (none ? silence(plane, { verdict: 'unreachable', elapsed: 0, reason: 'no-route', stage: 'route', action: 'lose', at: from.name, object: { kind: 'Node', namespace: '', name: from.name }, field: null, evidence: onNode(from.name, 'ip route'), says: `Node ${from.name} has no default route: its kernel knows no way to ${packet.destination.ip}, and says so at once.` }) : null)
    ?? leavesMachine(plane, sendingEnd(journey, plane, underlay, from, wire), wire)
    ?? checkFails(plane, underlay, from, machineAddresses(from), wire, 'source');
  return { loss, mute: loss === null ? unknownOutside(plane, underlay, from, packet.source.ip) : null, narrow: linkOf(underlay, from, null, 0), wire };
}

/** A packet leaves a node for another one, or for the outside. */
export const cross = (journey: Journey, plane: Plane, underlay: Underlay, crossing: Crossing): Crossed =>
  (crossing.to === null ? toOutside(journey, plane, underlay, crossing) : toNode(journey, plane, underlay, crossing, crossing.to));

/** A packet from outside arrives at a node; what a cloud's load balancer sends is the cloud's own. */
export function arriveFromOutside(journey: Journey, plane: Plane, underlay: Underlay, node: NetworkNode, how: { readonly wired: boolean; readonly balanced: boolean }): Crossed {
  const { packet } = journey;
  const wire = wireOutside(node, packet.destination.ip, packet);
  const loss = (how.wired ? entersMachine(plane, endOf(plane, underlay, node, packet.destination.ip, wire), wire, { layer: 'external' }) : null)
    ?? (how.wired && !how.balanced ? checkFails(plane, underlay, node, machineAddresses(node), wire, 'destination') : null)
    ?? reverseFiltered(plane, underlay, node, wire, packet.source.ip, packet.destination.ip);
  return { loss, mute: null, narrow: linkOf(underlay, null, node, 0), wire };
}

/** Between two pods, or a node and its pod, on one machine: only pods with an interface of their own send what they say through the cloud. */
export function guardedWithin(journey: Journey, plane: Plane, underlay: Underlay, node: NetworkNode): Loss | null {
  if (underlay.groupsOfPod.size === 0) return null;
  const { packet } = journey;
  const wire = wireOutside(node, packet.source.ip, packet);
  const [from, to] = [packet.source.ip, packet.destination.ip].map((ip) => endOf(plane, underlay, node, ip, wire));
  if (from === undefined || to === undefined || (from.groups === to.groups && from.name === to.name) || (!from.name.startsWith('pod ') && !to.name.startsWith('pod '))) return null;
  return leavesMachine(plane, from, wire) ?? entersMachine(plane, to, wire);
}

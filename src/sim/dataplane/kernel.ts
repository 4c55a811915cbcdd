// What a node's kernel does to a packet before and after its routes: connection tracking, the reverse path filter, forwarding. Measured in network namespaces (Linux 6.18) where no other source stands.
import type { NetworkNode, Route } from '../model/network.ts';
import type { Loss } from './loss.ts';
import { onNode, silence } from './lost-walk.ts';
import type { Plane } from './plane.ts';
import type { Journey } from './station.ts';
import { hasBridge, isKnownOutside, routeTo, uplinkOf, type Underlay } from './underlay.ts';
import type { Wire } from './wire.ts';

const fieldOf = (node: NetworkNode, name: string): string => `${node.state.field ?? 'spec.nodes'}.${name}`;

/** A full table takes no new connection: whatever passes the node's hooks is dropped, its own loopback and what is bridged between its pods too (nf_conntrack_in). */
export function untracked(plane: Plane, node: NetworkNode): Loss | null {
  const { max, used } = node.state.conntrack;
  if (used < max) return null;
  return silence(plane, {
    reason: 'conntrack-full', stage: 'node', at: node.name, field: fieldOf(node, 'conntrack'), evidence: onNode(node.name, 'conntrack -C'),
    says: `The connection tracking table of node ${node.name} is full (${used} of ${max}): its kernel drops every packet of a new connection ("nf_conntrack: table full, dropping packet").`,
  });
}

/** By which interface the node would answer, and by which the packet came. */
function paths(underlay: Underlay, node: NetworkNode, wire: Wire, source: string, own: string): { readonly back: Route | undefined; readonly by: string; readonly same: boolean } {
  const back = routeTo(underlay, node, source);
  if (wire.encapsulation !== null) return { back, by: wire.encapsulation.device, same: back?.kind === 'tunnel' };
  const by = uplinkOf(node, own);
  return { back, by, same: back?.device === by };
}

/** RFC 3704: strict asks that the way back leaves by the interface that the packet came by; loose that there is a way at all. */
export function reverseFiltered(plane: Plane, underlay: Underlay, node: NetworkNode, wire: Wire, source: string, own: string): Loss | null {
  const { rpFilter } = node.state;
  if (rpFilter !== 'strict') return null;
  const { back, by, same } = paths(underlay, node, wire, source, own);
  if (same) return null;
  return silence(plane, {
    reason: 'reverse-path-filter', stage: 'node', at: node.name, field: fieldOf(node, 'rpFilter'), evidence: onNode(node.name, 'nstat -az TcpExtIPReversePathFilter'),
    says: `A packet from ${source} comes to node ${node.name} by ${by}, and the node would answer by ${back === undefined ? 'no interface at all' : back.device}: its strict reverse path filter (rp_filter=1) drops it.`,
  });
}

/** kube-proxy's KUBE-FORWARD accepts what it marked for masquerading; it stands in the chains of iptables, which IPVS mode keeps too. */
const isAccepted = (plane: Plane, node: NetworkNode, journey: Journey): boolean =>
  plane.network.cni.acceptsForwarded === true || (journey.marked && journey.proxiedAt === node.name && (plane.network.proxy.mode === 'iptables' || plane.network.proxy.mode === 'ipvs'));

/**
 * Whether the node passes on what it neither sent nor takes itself. What goes from pod to pod over one bridge is not routed, so that `ip_forward` does not matter, unless a rule
 * rewrote its destination; the FORWARD chain sees it all the same, by `net.bridge.bridge-nf-call-iptables`, without which kube-proxy's rules would not see it either.
 */
export function notForwarded(plane: Plane, node: NetworkNode, journey: Journey, bridged: boolean): Loss | null {
  const { state } = node;
  const rewritten = journey.packet.destination.ip !== journey.dialled.destination.ip;
  if (!state.ipForward && (!bridged || rewritten)) {
    return silence(plane, {
      reason: 'not-forwarded', stage: 'node', at: node.name, field: fieldOf(node, 'ipForward'), evidence: onNode(node.name, 'sysctl net.ipv4.ip_forward'),
      says: `Node ${node.name} is no router (net.ipv4.ip_forward=0): it takes packets for itself, and drops those between its pods and anybody else.`,
    });
  }
  if (state.forwardPolicy !== 'DROP' || isAccepted(plane, node, journey)) return null;
  return silence(plane, {
    reason: 'not-forwarded', stage: 'node', at: node.name, field: fieldOf(node, 'forwardPolicy'), evidence: onNode(node.name, 'iptables-save -t filter'),
    says: `The FORWARD chain of node ${node.name} has the policy DROP, and none of its rules accepts the packet: it is neither the node's own nor for the node, and is dropped.`,
  });
}

/** A bridge sends nothing back out by the port that it came by, unless that port is a hairpin. */
export function noHairpin(plane: Plane, node: NetworkNode, pod: string): Loss | null {
  if (node.state.hairpinMode || !hasBridge(node)) return null;
  const veth = node.interfaces.find((one) => one.pod === pod)?.name ?? 'veth';
  return silence(plane, {
    reason: 'hairpin-off', stage: 'node', action: 'lose', at: node.name, field: fieldOf(node, 'hairpinMode'), evidence: onNode(node.name, `bridge -d link show dev ${veth}`),
    says: `Pod ${pod} is sent to itself by its own Service: the packet would have to leave the bridge of node ${node.name} by the port that it came by, and that port is no hairpin.`,
  });
}

/** A source/destination check is the cloud's: a machine sends and gets nothing but what carries an address of its own. */
export function checkFails(plane: Plane, underlay: Underlay, node: NetworkNode, own: readonly string[], wire: Wire, end: 'source' | 'destination'): Loss | null {
  const ip = wire[end];
  if (!underlay.facts.sourceDestinationCheck || own.includes(ip) || isKnownOutside(underlay, node, ip)) return null;
  return silence(plane, {
    reason: 'source-destination-check', at: node.name, field: 'spec.underlay.sourceDestinationCheck', evidence: onNode(node.name, `tcpdump -ni ${wire.device} ${wire.filter}`),
    says: end === 'source'
      ? `The packet leaves node ${node.name} with the source ${ip}, which is not the machine's own: the cloud's source/destination check drops it.`
      : `The packet is for ${ip}, which is not an address of machine ${node.name}: the cloud's source/destination check drops it.`,
  });
}

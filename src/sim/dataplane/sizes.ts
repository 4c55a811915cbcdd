// Packets too large for a link on their way: what TCP makes of it, and what single packets meet (RFC 1191, RFC 9293 3.7.1; measured, failures.md E, cni-mtu-blackhole).
import type { NetworkNode } from '../model/network.ts';
import type { Walk } from '../model/trace.ts';
import { fromSender, getting } from './evidence.ts';
import { end, withHop, type HopFacts } from './journey.ts';
import type { Narrow } from './loss.ts';
import type { Plane } from './plane.ts';
import { senderField, senderObject } from './causes.ts';
import type { Journey } from './station.ts';
import { podMtu } from './underlay.ts';

export const narrower = (one: Narrow | null, other: Narrow): Narrow => (one === null || other.bytes < one.bytes ? other : one);

/** What everybody outside has. */
const usualMtu = 1500;
/** A server's certificate and its chain. */
const certificates = 4000;

const six = (journey: Journey): boolean => journey.packet.destination.ip.includes(':');

/** IP and TCP with timestamps; IP and UDP, or ICMP. */
const headers = (journey: Journey): { readonly tcp: number; readonly single: number } => (six(journey) ? { tcp: 72, single: 48 } : { tcp: 52, single: 28 });

/** Of the interface by which a node sends to an address: a tunnel's is smaller than the uplink's. */
function mtuFrom(node: NetworkNode, ip: string, plane: Plane): number {
  const pod = plane.podAt.get(ip);
  const tunnel = pod === undefined || pod.node === node.name ? undefined : node.interfaces.find(({ kind }) => kind === 'tunnel');
  return tunnel?.mtu ?? node.state.mtu;
}

/** Of the sender's interface. */
function ownMtu(journey: Journey, plane: Plane): number {
  const { sender } = journey;
  const { ip } = journey.packet.destination;
  if (sender.kind === 'outside') return usualMtu;
  if (sender.kind === 'node') return mtuFrom(sender.node, ip, plane);
  const node = plane.nodes.get(sender.pod.node ?? '');
  return node === undefined ? plane.network.cni.mtu : sender.pod.hostNetwork ? mtuFrom(node, ip, plane) : podMtu(node, sender.pod, plane.network.cni);
}

/** Of whoever is reached. */
function farMtu({ place }: Journey, plane: Plane): number {
  if (place.kind === 'outside') return usualMtu;
  if (place.kind === 'node') return plane.nodes.get(place.name)?.state.mtu ?? usualMtu;
  const pod = plane.pods.get(`${place.namespace}/${place.name}`);
  const node = plane.nodes.get(pod?.node ?? '');
  return pod === undefined || node === undefined ? usualMtu : podMtu(node, pod, plane.network.cni);
}

/** What a client could send to see it. */
function ping(journey: Journey, plane: Plane, bytes: number): string {
  const { sender, packet } = journey;
  const command = `ping -c 1 -W 3 -M do -s ${bytes - headers(journey).single} ${packet.destination.ip}`;
  return sender.kind === 'node' ? `ssh ${sender.node.name} ${command}` : fromSender(sender, command, getting(plane.network.cluster.ref, ' -o yaml'));
}

const between = ({ from, to }: Narrow): string => (from === null ? `on the way in to node ${to ?? ''}` : to === null ? `on the way out of node ${from}` : `between nodes ${from} and ${to}`);

const carries = ({ link, overhead, bytes }: Narrow): string => (overhead === 0 ? `${link} bytes get through` : `${link} bytes get through, ${overhead} of which the tunnel takes, which leaves ${bytes}`);

/** The end from which the large packet comes, and what a repair would change: the pods' MTU where pods are at an end. */
function blackHole(journey: Journey, plane: Plane, narrow: Narrow, bytes: number, back: boolean, why: string): HopFacts & { readonly node: string | null } {
  const pods = (journey.sender.kind === 'pod' && !journey.sender.pod.hostNetwork) || journey.place.kind === 'pod';
  return {
    node: back ? narrow.to ?? narrow.from : narrow.from ?? narrow.to, layer: 'network', stage: 'underlay', action: 'lose', object: plane.network.cluster.ref, field: pods ? 'spec.cni.mtu' : 'spec.underlay.fragmentationNeeded',
    evidence: ping(journey, plane, bytes), says: why,
  };
}

const onNode = (journey: Journey, name: string | null): Journey => (name === null ? journey : { ...journey, place: { kind: 'node', name } });

/** What goes over the connection once it stands. */
export interface Exchange {
  /** The server speaks TLS to this client. */
  readonly secure: boolean;
  /** Of the answer; `null`: nothing is asked over the connection. */
  readonly answer: number | null;
  readonly status: number | null;
  /** What is told of the process that took the packet. */
  readonly taken: HopFacts;
}

// Simplified: nobody cuts a tunnel's outer packets. Linux does on the sending node where its own uplink is too small, unless the tunnel sets DF as IP in IP does; in the middle many networks drop the pieces.
/** A connection that stands still as soon as a large packet is due; `null`: everything gets through. Either end's smaller interface makes both ends send small ones (the advertised MSS). */
export function stalled(journey: Journey, plane: Plane, exchange: Exchange): Walk | null {
  const { narrow } = journey;
  if (narrow === null || plane.underlay === null || plane.underlay.facts.fragmentationNeeded === 'delivered') return null;
  const largest = Math.min(ownMtu(journey, plane), farMtu(journey, plane));
  if (largest <= narrow.bytes) return null;
  const isTooBig = (bytes: number): boolean => Math.min(largest, bytes + headers(journey).tcp) > narrow.bytes;
  const { asked } = journey;
  const during = exchange.secure && isTooBig(certificates) ? 'tls' : asked.upload !== undefined && isTooBig(asked.upload) ? 'request' : exchange.answer !== null && isTooBig(exchange.answer) ? 'answer' : null;
  if (during === null) return null;
  const fate = during === 'tls' ? 'the TLS handshake stands still at the server\'s certificate' : during === 'request' ? 'the request\'s body never gets through' : 'the answer\'s headers come, and its body never does';
  const why = `Packets of up to ${largest} bytes are sent, and ${between(narrow)} ${carries(narrow)}: somebody filters the ICMP message that would say so, so that ${fate}. Small packets get through.`;
  const { node, ...hop } = blackHole(journey, plane, narrow, largest, during !== 'request', why);
  const walk = end(onNode(withHop(journey, exchange.taken), node), { verdict: 'hang', reason: 'packet-too-big', why, elapsed: null, hop, ...(during === 'answer' && exchange.status !== null ? { status: exchange.status } : {}) });
  return { ...walk, stalled: { during, promised: during === 'answer' ? exchange.answer : null } };
}

/** One packet that may not be cut, and the sender's own interface is too small for it: its kernel says so (EMSGSIZE). */
export function tooLong(journey: Journey, plane: Plane): Walk | null {
  const { asked } = journey;
  if (asked.dontFragment !== true || asked.size === undefined || (journey.packet.protocol !== 'ICMP' && journey.packet.protocol !== 'UDP')) return null;
  const bytes = asked.size + headers(journey).single;
  const own = ownMtu(journey, plane);
  if (bytes <= own) return null;
  const why = `The packet has ${bytes} bytes and may not be cut, and the sender's own interface takes ${own}: its kernel says so at once, and nothing leaves.`;
  const evidence = journey.sender.kind === 'node' ? `ssh ${journey.sender.node.name} ip link` : fromSender(journey.sender, 'ip link', 'kubectl get nodes -o wide');
  const walk = end(journey, { verdict: 'unreachable', reason: 'message-too-long', why, elapsed: 0, hop: { layer: 'network', stage: 'route', action: 'drop', object: senderObject(journey.sender), field: senderField(journey.sender), evidence, says: why } });
  return { ...walk, mtu: { bytes: own, saidBy: null } };
}

/** One packet that a link on its way does not carry; `null`: it arrives, or its sender learns of the link and cuts the next one. */
export function tooLarge(journey: Journey, plane: Plane): Walk | null {
  const { narrow, asked } = journey;
  if (narrow === null || plane.underlay === null || asked.size === undefined) return null;
  const bytes = Math.min(asked.size + headers(journey).single, ownMtu(journey, plane));
  if (bytes <= narrow.bytes) return null;
  const told = plane.underlay.facts.fragmentationNeeded === 'delivered';
  if (told && asked.dontFragment !== true) return null;
  const reason = `The packet has ${bytes} bytes, and ${between(narrow)} ${carries(narrow)}`;
  const why = told ? `${reason}: it may not be cut, and node ${narrow.from ?? narrow.to ?? ''} says so.` : `${reason}: it is dropped, and the ICMP message that would say so is filtered.`;
  const { node, ...hop } = blackHole(journey, plane, narrow, bytes, false, why);
  const walk = end(onNode(journey, node), { verdict: told ? 'unreachable' : 'timeout', reason: told ? 'message-too-long' : 'packet-too-big', why, elapsed: told ? 0.001 : null, hop });
  return told ? { ...walk, mtu: { bytes: narrow.bytes, saidBy: node } } : walk;
}

/** What somebody on the way answers for others has to get through to the client as well. */
export function relayed(walk: Walk, journey: Journey, plane: Plane): Walk {
  const secure = journey.asked.scheme === 'https';
  const answers = walk.verdict === 'delivered' || walk.verdict === 'http-error' || walk.verdict === 'tls-error';
  const last = walk.hops.at(-1);
  if (!answers || last === undefined) return walk;
  const { layer, stage, action, object, field, evidence, says } = last;
  const hung = stalled({ ...journey, hops: walk.hops.slice(0, -1), probability: walk.probability, backend: walk.backend }, plane, { secure, answer: walk.bodySize ?? walk.body?.length ?? 0, status: walk.status, taken: { layer, stage, action, object, field, evidence, says } });
  return hung ?? walk;
}

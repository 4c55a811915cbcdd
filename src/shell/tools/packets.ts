// The packets of the session's requests as an interface saw them: worked out of the traces' hops, in the order of time.
import { parseAddress, parseRange, rangeHolds } from '../../sim/base/address.ts';
import { hash32 } from '../../sim/base/choose.ts';
import type { AskedQuery } from '../../sim/model/lookup.ts';
import type { NetworkNode } from '../../sim/model/network.ts';
import type { Packet, Place } from '../../sim/model/packet.ts';
import type { Hop, Walk } from '../../sim/model/trace.ts';
import type { Lab } from '../../sim/lab.ts';
import type { Inside } from '../command.ts';
import type { Sent } from '../session.ts';
import { bodyLength } from './http-words.ts';
import { messageSize } from './ask-dns.ts';

export interface SeenPacket {
  /** Seconds of the session's clock. */
  readonly at: number;
  readonly device: string;
  readonly out: boolean;
  readonly from: { readonly ip: string; readonly port: number | null };
  readonly to: { readonly ip: string; readonly port: number | null };
  readonly protocol: Packet['protocol'];
  /** What tcpdump prints behind the addresses; of ARP, which has none, the whole line. */
  readonly says: string;
  readonly arp: boolean;
  /** The packet around it on the link between the nodes; `null` where it travels as it is. */
  readonly outer: { readonly from: string; readonly to: string; readonly name: string; readonly protocol: 'UDP' | 'IPIP'; readonly port: number | null } | null;
}

/** Where a packet is seen on its way: at which interface, and how it looks there. */
interface Crossing { readonly device: string; readonly out: boolean; readonly packet: Packet; readonly outer: SeenPacket['outer'] }

const samePlace = (place: Place, inside: Inside): boolean => {
  const { from } = inside;
  if (from.kind === 'pod') return place.kind === 'pod' && place.namespace === from.namespace && place.name === from.name;
  if (from.kind === 'node') return place.kind === 'node' && place.name === from.name;
  return place.kind === 'outside';
};

/** The crossings of a walk's packet at one place, in order. */
function crossingsAt(lab: Lab, inside: Inside, sent: Pick<Sent, 'from'>, walk: Walk): readonly Crossing[] {
  const hops = walk.hops.filter((hop) => hop.stage !== 'lookup');
  const [first] = hops;
  const last = hops.at(-1);
  if (first === undefined || last === undefined) return [];
  const local = /^127\.|^::1$/.test(first.packet.destination.ip);
  const starts = sent.from.kind === inside.from.kind && (sent.from.kind === 'external' ? inside.from.kind === 'external' && sent.from.ip === inside.from.ip : 'name' in inside.from && sent.from.name === inside.from.name && (sent.from.kind !== 'pod' || (inside.from.kind === 'pod' && sent.from.namespace === inside.from.namespace)));
  const here = hops.filter((hop) => samePlace(hop.at, inside));
  const stoppedHere = samePlace(last.at, inside) && (last.action === 'drop' || last.action === 'lose' || last.action === 'reject');
  if (inside.from.kind !== 'node') {
    const crossings: Crossing[] = [];
    if (starts) crossings.push({ device: local ? 'lo' : 'eth0', out: true, packet: first.packet, outer: null });
    // It came in at the end of its way, unless somebody stopped it before the door.
    const arrives = here.some((hop) => hop.stage === 'arrival' || hop.stage === 'edge');
    if (arrives && !starts) crossings.push({ device: 'eth0', out: false, packet: here.at(-1)?.packet ?? first.packet, outer: null });
    return crossings;
  }
  const node = lab.network.nodes.find((one) => inside.from.kind === 'node' && one.name === inside.from.name);
  if (node === undefined) return [];
  // What a firewall around the machine or the wire before it takes, no interface of the machine ever sees.
  if (here[0] === last && last.stage === 'underlay' && last.action !== 'forward' && !starts) return [];
  if (here.length > 0) return onNode(lab, node, hops, here, sent, starts, stoppedHere, local);
  // Nothing was decided here: the node hands the packet to its pod.
  const delivered = hops.find((hop) => hop.at.kind === 'pod' && hop !== first && lab.network.pods.some((pod) => hop.at.kind === 'pod' && pod.namespace === hop.at.namespace && pod.name === hop.at.name && pod.node === node.name && !pod.hostNetwork));
  if (delivered === undefined) return [];
  const passing: Hop = { ...delivered, at: { kind: 'node', name: node.name }, after: delivered.packet, action: 'forward' };
  const at = hops.indexOf(delivered);
  // A policy of the pod drops it before its door.
  const stopped = delivered.stage === 'ingress-policy' && delivered.action !== 'allow' && delivered.action !== 'forward';
  return onNode(lab, node, [...hops.slice(0, at), passing, ...hops.slice(at)], [passing], sent, starts, stopped, local);
}

const keyOf = (place: Place): string | null => (place.kind === 'pod' ? `${place.namespace}/${place.name}` : null);

function onNode(lab: Lab, node: NetworkNode, hops: readonly Hop[], here: readonly Hop[], sent: Pick<Sent, 'from'>, starts: boolean, stoppedHere: boolean, local: boolean): readonly Crossing[] {
  const { network } = lab;
  const [firstHere] = here;
  const lastHere = here.at(-1);
  const first = hops[0];
  if (first === undefined || firstHere === undefined || lastHere === undefined) return [];
  const uplink = node.interfaces.find(({ kind }) => kind === 'uplink')?.name ?? 'eth0';
  const tunnel = node.interfaces.find(({ kind }) => kind === 'tunnel')?.name ?? null;
  const bridge = node.interfaces.find(({ kind }) => kind === 'bridge')?.name ?? null;
  const vethOf = (pod: string | null): string | null => (pod === null ? null : node.interfaces.find((one) => one.kind === 'veth' && one.pod === pod)?.name ?? null);
  const crossings: Crossing[] = [];
  const push = (device: string | null, out: boolean, packet: Packet, outer: SeenPacket['outer'] = null): void => { if (device !== null) crossings.push({ device, out, packet, outer }); };
  const index = hops.indexOf(firstHere);
  const before = hops.slice(0, index).findLast((hop) => hop.at.kind !== 'node' || hop.at.name !== node.name)?.at;
  const other = before?.kind === 'node' ? network.nodes.find((one) => one.name === before.name) : undefined;
  const enters = firstHere.packet;
  const senderPod = sent.from.kind === 'pod' ? network.pods.find((pod) => sent.from.kind === 'pod' && pod.namespace === sent.from.namespace && pod.name === sent.from.name) : undefined;
  const fromOwnPod = senderPod !== undefined && !senderPod.hostNetwork && senderPod.node === node.name && (before === undefined || before.kind === 'pod');
  if (local && starts) { push('lo', true, enters); return crossings; }
  if (fromOwnPod) {
    push(vethOf(`${senderPod.namespace}/${senderPod.name}`), false, enters);
    push(bridge, false, enters);
  } else if (!starts) {
    const wrapped = other !== undefined ? wrapping(lab, other, node, enters) : null;
    if (wrapped === null) push(uplink, false, enters);
    else {
      push(uplink, false, enters, wrapped);
      push(tunnel, false, enters);
    }
  }
  // What was stopped here leaves by no interface.
  if (stoppedHere && lastHere.stage !== 'arrival') return crossings;
  const leaves = lastHere.after;
  const onward = hops[hops.indexOf(lastHere) + 1];
  const target = onward?.at;
  if (target === undefined) return crossings;
  if (target.kind === 'pod') {
    const pod = network.pods.find((one) => `${one.namespace}/${one.name}` === keyOf(target));
    if (pod?.node === node.name && !pod.hostNetwork) {
      if (onward?.stage === 'ingress-policy' && (onward.action === 'drop' || onward.action === 'reject')) return crossings;
      push(bridge, true, leaves);
      push(vethOf(keyOf(target)), true, leaves);
    } else if (pod !== undefined && pod.node !== null) leaveFor(network.nodes.find((one) => one.name === pod.node));
  } else if (target.kind === 'node') leaveFor(network.nodes.find((one) => one.name === target.name));
  else push(uplink, true, leaves);
  return crossings;

  function leaveFor(to: NetworkNode | undefined): void {
    const wrapped = to === undefined || node === undefined ? null : wrapping(lab, node, to, leaves);
    if (wrapped === null) push(uplink, true, leaves);
    else {
      push(tunnel, true, leaves);
      push(uplink, true, leaves, wrapped);
    }
  }
}

/** The packet around a pod's packet between two nodes; `null` where none is needed. */
function wrapping(lab: Lab, from: NetworkNode, to: NetworkNode, packet: Packet): SeenPacket['outer'] {
  const { encapsulation } = lab.network.cni;
  const route = from.routes.find((one) => one.kind === 'tunnel' && one.node === to.name);
  const toNode = to.internal.includes(packet.destination.ip);
  if (encapsulation === null || route === undefined || toNode) return null;
  return { from: from.internal[0] ?? '', to: to.internal[0] ?? '', name: encapsulation.name, protocol: encapsulation.protocol, port: encapsulation.port };
}

/** Seconds after the first SYN at which Linux sends it again (tcp_syn_linear_timeouts=4, tcp_syn_retries=6). */
const again = [1.024, 2.048, 3.072, 4.096, 5.12, 7.168, 11.264, 19.456, 35.84, 68.608];

interface Segment { readonly after: number; readonly back: boolean; readonly says: string; readonly protocol?: Packet['protocol']; readonly source?: string; readonly arp?: boolean }

// Simplified: sequence numbers, time stamps and window sizes of packets are made up, the same in every run; their ends, flags, order and what carries them are those of the trace.
/** What goes to and fro for one walk, seconds after its start. */
function conversation(lab: Lab, sent: Sent, walk: Walk): readonly Segment[] {
  const first = walk.hops.find((hop) => hop.stage !== 'lookup');
  if (first === undefined) return [];
  const { packet } = first;
  const asked = unheardOf(lab, sent, walk);
  if (asked !== null) return asked;
  const seed = hash32(`${packet.source.ip}:${packet.source.port ?? 0}>${packet.destination.ip}:${packet.destination.port ?? 0}@${sent.at}`);
  const ack = hash32(`${seed}a`);
  const stamp = hash32(`${seed}t`) % 4_000_000_000;
  const size = walk.verdict === 'hang' && walk.stalled?.during === 'answer' ? 0 : bodyLength(walk);
  if (packet.protocol === 'ICMP') return echoes(sent, walk, seed);
  if (packet.protocol === 'UDP') return [{ after: 0, back: false, says: 'UDP, length 1' }, ...unreachable(walk, 'udp')];
  const syn = `Flags [S], seq ${seed}, win 64240, options [mss 1460,sackOK,TS val ${stamp} ecr 0,nop,wscale 7], length 0`;
  const options = `options [nop,nop,TS val ${stamp} ecr ${(stamp + 17) % 4_294_967_296}]`;
  switch (walk.verdict) {
    case 'refused': {
      const icmp = walk.hops.at(-1)?.at.kind === 'node' && walk.hops.at(-1)?.stage !== 'arrival';
      return [{ after: 0, back: false, says: syn }, ...(icmp ? unreachable(walk, 'tcp') : [{ after: 0.000_051, back: true, says: `Flags [R.], seq 0, ack ${(seed + 1) % 4_294_967_296}, win 0, length 0` }])];
    }
    case 'unreachable': {
      if ((walk.elapsed ?? 0) < 1) return walk.reason === 'no-route' ? [] : [{ after: 0, back: false, says: syn }, ...unreachable(walk, 'tcp')];
      return [...[0, ...again.filter((at) => at < (walk.elapsed ?? 3))].map((after) => ({ after, back: false, says: syn })), ...unreachable(walk, 'tcp').map((one) => ({ ...one, after: walk.elapsed ?? 3 }))];
    }
    case 'timeout': {
      const until = sent.limit ?? 134;
      return [0, ...again.filter((at) => at < until)].map((after) => ({ after, back: false, says: syn }));
    }
    case 'name-not-found': case 'dns-failure': return [];
    case 'delivered': case 'http-error': case 'tls-error': case 'hang': {
      const asked = sent.trace?.request.to;
      const http = asked?.scheme === 'http';
      const request = http ? `GET ${asked.path === '' ? '/' : asked.path} HTTP/1.1` : '';
      const length = http ? 70 + request.length + asked.host.length : 517;
      const answer = 120 + size;
      const status = walk.status ?? 200;
      const open: readonly Segment[] = [
        { after: 0, back: false, says: syn }, { after: 0.000_083, back: true, says: `Flags [S.], seq ${ack}, ack ${(seed + 1) % 4_294_967_296}, win 65160, options [mss 1460,sackOK,TS val ${(stamp + 17) % 4_294_967_296} ecr ${stamp},nop,wscale 7], length 0` },
        { after: 0.000_101, back: false, says: `Flags [.], ack 1, win 502, ${options}, length 0` },
      ];
      if (asked?.scheme === 'tcp') return [...open, { after: 0.000_19, back: false, says: `Flags [F.], seq 1, ack 1, win 502, ${options}, length 0` }, { after: 0.000_25, back: true, says: `Flags [F.], seq 1, ack 2, win 509, ${options}, length 0` }, { after: 0.000_27, back: false, says: `Flags [.], ack 2, win 502, ${options}, length 0` }];
      const sends: readonly Segment[] = [{ after: 0.000_16, back: false, says: `Flags [P.], seq 1:${length + 1}, ack 1, win 502, ${options}, length ${length}${http ? `: HTTP: ${request}` : ''}` }, { after: 0.000_19, back: true, says: `Flags [.], ack ${length + 1}, win 509, ${options}, length 0` }];
      if (walk.verdict === 'hang') {
        if (walk.stalled?.during === 'request') return [...open, ...[0, 0.2, 0.6, 1.4, 3].map((after) => ({ after: 0.000_16 + after, back: false, says: `Flags [.], seq 1:1449, ack 1, win 502, ${options}, length 1448` }))];
        return walk.stalled?.during === 'answer' ? [...open, ...sends, { after: 0.000_6, back: true, says: `Flags [P.], seq 1:121, ack ${length + 1}, win 509, ${options}, length 120${http ? `: HTTP: HTTP/1.1 ${status} OK` : ''}` }] : [...open, ...sends];
      }
      if (walk.reason === 'tls-closed') return [...open, ...sends.slice(0, 1), { after: 0.000_4, back: true, says: `Flags [R.], seq 1, ack ${length + 1}, win 509, ${options}, length 0` }];
      return [
        ...open, ...sends, { after: 0.000_61 + (walk.elapsed ?? 0), back: true, says: `Flags [P.], seq 1:${answer + 1}, ack ${length + 1}, win 509, ${options}, length ${answer}${http ? `: HTTP: HTTP/1.1 ${status}${status === 200 ? ' OK' : ''}` : ''}` },
        { after: 0.000_64 + (walk.elapsed ?? 0), back: false, says: `Flags [.], ack ${answer + 1}, win 501, ${options}, length 0` }, { after: 0.000_82 + (walk.elapsed ?? 0), back: false, says: `Flags [F.], seq ${length + 1}, ack ${answer + 1}, win 501, ${options}, length 0` },
        { after: 0.000_9 + (walk.elapsed ?? 0), back: true, says: `Flags [F.], seq ${answer + 1}, ack ${length + 2}, win 509, ${options}, length 0` }, { after: 0.000_92 + (walk.elapsed ?? 0), back: false, says: `Flags [.], ack ${answer + 2}, win 501, ${options}, length 0` },
      ];
    }
  }
}

/** An address on the sender's own link that nobody has: only ARP goes out, once a second, and no packet follows. `null` where somebody has it or a router stands before. */
function unheardOf(lab: Lab, sent: Sent, walk: Walk): readonly Segment[] | null {
  const first = walk.hops.find((hop) => hop.stage !== 'lookup');
  if (walk.verdict !== 'unreachable' || (walk.elapsed ?? 0) < 1 || first === undefined || sent.from.kind !== 'pod') return null;
  const { from } = sent;
  const pod = lab.network.pods.find((one) => one.namespace === from.namespace && one.name === from.name);
  const node = lab.network.nodes.find((one) => one.name === pod?.node);
  const { source, destination } = first.packet;
  const ownLink = node?.interfaces.some(({ kind, addresses }) => kind === 'bridge' && addresses.some((cidr) => { const range = parseRange(cidr); const address = parseAddress(destination.ip); return range !== undefined && address !== undefined && rangeHolds(range, address); }));
  if (ownLink !== true) return null;
  return [0, 1.024, 2.048].map((after) => ({ after, back: false, arp: true, says: `ARP, Request who-has ${destination.ip} tell ${source.ip}, length 28` }));
}

function echoes(sent: Sent, walk: Walk, seed: number): readonly Segment[] {
  const size = (sent.trace?.request.size ?? 56) + 8;
  return Array.from({ length: Math.min(20, sent.times) }, (_unused, index): readonly Segment[] => {
    const request: Segment = { after: index, back: false, says: `ICMP echo request, id ${seed % 65_536}, seq ${index + 1}, length ${size}` };
    if (walk.verdict === 'delivered') return [request, { after: index + 0.000_21, back: true, says: `ICMP echo reply, id ${seed % 65_536}, seq ${index + 1}, length ${size}` }];
    if (walk.mtu?.saidBy !== undefined && walk.mtu.saidBy !== null && index === 0) return [request, { after: 0.000_1, back: true, source: walk.mtu.saidBy, protocol: 'ICMP', says: `ICMP ${walk.hops.at(-1)?.packet.destination.ip ?? ''} unreachable - need to frag (mtu ${walk.mtu.bytes}), length 556` }];
    if (walk.mtu !== undefined) return [];
    return [request, ...unreachable(walk, 'icmp').map((one) => ({ ...one, after: index + one.after }))];
  }).flat();
}

/** What the one who stops a packet says back, if anything. */
function unreachable(walk: Walk, protocol: 'tcp' | 'udp' | 'icmp'): readonly Segment[] {
  const last = walk.hops.at(-1);
  if (last === undefined) return [];
  const { destination } = walk.hops.find((hop) => hop.stage !== 'lookup')?.packet ?? last.packet;
  if (walk.verdict === 'refused') return [{ after: 0.000_06, back: true, protocol: 'ICMP', says: `ICMP ${destination.ip}${protocol === 'icmp' ? ' protocol 1' : ` ${protocol} port ${destination.port ?? 0}`} unreachable, length ${protocol === 'tcp' ? 68 : 37}` }];
  if (walk.verdict === 'unreachable') return [{ after: (walk.elapsed ?? 0) < 1 ? 0.000_06 : walk.elapsed ?? 3, back: true, protocol: 'ICMP', says: `ICMP host ${destination.ip} unreachable${walk.reason.startsWith('denied') ? ' - admin prohibited' : ''}, length ${protocol === 'tcp' ? 68 : 92}` }];
  return [];
}

/** A DNS question and its answer as tcpdump shows them. */
function dnsSegments(query: AskedQuery): readonly Segment[] {
  const number = hash32(`${query.name}${query.type}${query.at}`) % 65_536;
  const size = messageSize({ ...query, answers: [], authority: [], additional: [] }, 0);
  const ask = `${number}+ ${query.type}? ${query.name} (${size})`;
  const asked: Segment = { after: 0, back: false, says: ask };
  if (query.rcode === 'DROP') return [asked, { after: 5, back: false, says: ask }];
  if (query.rcode === 'UNREACHABLE') return [asked, { after: 0.000_06, back: true, protocol: 'ICMP', says: `ICMP ${query.server} udp port 53 unreachable, length ${size + 36}` }];
  const code = { NOERROR: '', NXDOMAIN: ' NXDomain', SERVFAIL: ' ServFail', REFUSED: ' Refused', NOTIMP: ' NotImp', FORMERR: ' FormErr' }[query.rcode];
  const own = query.authority.length > 0 || query.answers.length > 0 ? '*-' : '';
  const records = query.answers.map((record) => `${record.type} ${record.data}`).join(', ');
  return [asked, { after: 0.000_4, back: true, says: `${number}${code}${own}${query.truncated ? '|' : ''} ${query.answers.length}/${query.authority.length}/${query.additional.length}${records === '' ? '' : ` ${records}`} (${messageSize(query, 0)})` }];
}

/** Every packet that one place saw of the session's requests, oldest first. */
export function packetsAt(lab: Lab, inside: Inside, all: readonly Sent[]): readonly SeenPacket[] {
  const seen: SeenPacket[] = [];
  const put = (sent: Sent, walk: Walk, start: number, segments: readonly Segment[]): void => {
    const crossings = crossingsAt(lab, inside, sent, walk);
    const saidBy = walk.hops.findLast((hop) => hop.stage !== 'lookup');
    const speaker = saidBy?.at.kind === 'node' ? lab.network.nodes.find((node) => saidBy.at.kind === 'node' && node.name === saidBy.at.name)?.internal[0] : undefined;
    for (const segment of segments) {
      const order = segment.back ? [...crossings].reverse() : crossings;
      order.forEach((crossing, index) => {
        const { packet, outer } = crossing;
        // An ICMP message comes from whoever stopped the packet, not from where it was going.
        const error = segment.protocol === 'ICMP';
        const speaks = error ? { ip: segment.source ?? speaker ?? packet.destination.ip, port: null } : packet.destination;
        const sender = error ? { ip: packet.source.ip, port: null } : packet.source;
        seen.push({
          at: start + segment.after + index * 0.000_004, device: crossing.device, out: segment.back ? !crossing.out : crossing.out, from: segment.back ? speaks : packet.source, to: segment.back ? sender : packet.destination,
          protocol: error ? 'ICMP' : packet.protocol, says: segment.says, arp: segment.arp === true, outer: outer === null || !segment.back ? outer : { ...outer, from: outer.to, to: outer.from },
        });
      });
    }
  };
  for (const sent of all) {
    const lookup = sent.lookup ?? sent.trace?.lookup ?? null;
    for (const query of lookup?.queries ?? []) if (query.walk !== null) put({ ...sent, trace: null }, query.walk, sent.at + query.at, dnsSegments(query));
    if (sent.walk !== null) put(sent, sent.walk, sent.at + Math.max(0, lookup?.elapsed ?? 0), conversation(lab, sent, sent.walk));
  }
  return seen.map((packet, index) => ({ packet, index })).sort((left, right) => left.packet.at - right.packet.at || left.index - right.index).map(({ packet }) => packet);
}

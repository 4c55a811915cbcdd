// Who sends: the source of a request as the network knows it, and the first packet that it makes.
import { hash32 } from '../base/choose.ts';
import { isLoopback } from '../controlplane/run-pod.ts';
import type { Packet, PacketProtocol, Place } from '../model/packet.ts';
import type { Source } from '../model/request.ts';
import type { Plane } from './plane.ts';
import type { Asked, Journey, Sender } from './station.ts';

/** A request from what is not there is a mistake of the caller: sources are checked when they are read. */
export function senderOf(plane: Plane, source: Source): Sender {
  if (source.kind === 'external') return { kind: 'outside', ip: source.ip };
  if (source.kind === 'node') {
    const node = plane.nodes.get(source.name);
    if (node === undefined) throw new Error(`no node ${source.name}`);
    return { kind: 'node', node };
  }
  const pod = plane.pods.get(`${source.namespace}/${source.name}`);
  if (pod === undefined) throw new Error(`no pod ${source.namespace}/${source.name}`);
  return { kind: 'pod', pod, container: source.container };
}

/** One text for each source. */
export function sourceKey(source: Source): string {
  switch (source.kind) {
    case 'pod': return `pod ${source.namespace}/${source.name}/${source.container ?? ''}`;
    case 'node': return `node ${source.name}`;
    case 'external': return `external ${source.ip} ${source.atNode ?? ''}`;
  }
}

/** Where the packet starts: a pod on its node's network starts at the node. */
export function startPlace(sender: Sender, source: Source): Place {
  if (sender.kind === 'node') return { kind: 'node', name: sender.node.name };
  if (sender.kind === 'pod') return sender.pod.hostNetwork ? { kind: 'node', name: sender.pod.node ?? '' } : { kind: 'pod', namespace: sender.pod.namespace, name: sender.pod.name };
  return source.kind === 'external' && source.atNode !== null ? { kind: 'node', name: source.atNode } : { kind: 'outside', name: sender.ip };
}

/** The address that the sender writes as its own towards a destination. */
function sourceIp(sender: Sender, destination: string): string {
  if (isLoopback(destination) && sender.kind !== 'outside') return destination.includes(':') ? '::1' : '127.0.0.1';
  const own = sender.kind === 'pod' ? sender.pod.addresses : sender.kind === 'node' ? sender.node.internal : [sender.ip];
  return own.find((ip) => ip.includes(':') === destination.includes(':')) ?? own[0] ?? '0.0.0.0';
}

export function startJourney(plane: Plane, source: Source, asked: Asked, protocol: PacketProtocol, dialled: string, port: number | null): Journey {
  const sender = senderOf(plane, source);
  // Linux takes the unspecified address as the machine itself.
  const ip = dialled === '0.0.0.0' ? '127.0.0.1' : dialled === '::' ? '::1' : dialled;
  const from = sourceIp(sender, ip);
  // An ephemeral port of Linux' range, the same in every run.
  const ephemeral = protocol === 'ICMP' ? null : 32768 + (hash32(`${plane.network.seed}\u0000${from}\u0000${ip}\u0000${port ?? ''}\u0000${protocol}`) % 28232);
  const packet: Packet = { source: { ip: from, port: ephemeral }, destination: { ip, port }, protocol };
  const direct = plane.podAt.get(ip);
  return {
    sender, asked, dialled: packet, packet, place: startPlace(sender, source), rule: null, untranslated: null,
    backend: direct === undefined ? null : { pod: `${direct.namespace}/${direct.name}`, ip, port },
    marked: false, proxiedAt: null, note: null, rewritten: false, egressJudged: false, ingressJudged: false, names: null, probability: 1, hops: [], crossing: null, mute: null, mistaken: null, narrow: null, rounds: 0,
  };
}

// Before anything else: whether the sender has an address to send from. Without one of the target's family its kernel says so at once.
import { refText, type ObjectRef } from '../../model/object.ts';
import { configured, senderField, senderObject } from '../causes.ts';
import { podPlaces } from '../evidence.ts';
import { end } from '../journey.ts';
import type { Plane } from '../plane.ts';
import { tooLong } from '../sizes.ts';
import type { Journey, Station, Step } from '../station.ts';

/** Broadcast and multicast, which no connection can be made to (RFC 919, RFC 5771, RFC 4291). */
const forMany = (ip: string): boolean => ip === '255.255.255.255' || /^2(2[4-9]|3\d)\./.test(ip) || /^ff/i.test(ip);

function unreachable(journey: Journey, plane: Plane, why: string, families: boolean): Step {
  const { sender } = journey;
  const written = configured(sender, journey.packet.destination.ip);
  // The families that pods have are the cluster's; a node's and an outside host's are their own.
  const fallback: { object: ObjectRef; field: string | null } = families && sender.kind === 'pod' && !sender.pod.hostNetwork
    ? { object: plane.network.cluster.ref, field: 'spec.network.pods' } : { object: senderObject(sender), field: senderField(sender) };
  const { object, field } = written ?? fallback;
  const evidence = sender.kind === 'pod' ? podPlaces(sender.pod) : 'kubectl get nodes -o wide';
  return { kind: 'end', walk: end(journey, { verdict: 'unreachable', reason: 'no-route', why, elapsed: 0, hop: { layer: 'network', stage: 'route', action: 'lose', object, field, evidence, says: why } }) };
}

export const ownFamily: Station = {
  name: 'route',
  meet: (journey, plane) => {
    if (journey.rounds > 0 || journey.hops.length > 0) return undefined;
    const { source, destination, protocol } = journey.packet;
    const who = journey.sender.kind === 'outside' ? journey.sender.ip : refText(journey.sender.kind === 'pod' ? journey.sender.pod.ref : { kind: 'Node', namespace: '', name: journey.sender.node.name });
    if (source.ip.includes(':') !== destination.ip.includes(':')) {
      return unreachable(journey, plane, `${who} has no ${destination.ip.includes(':') ? 'IPv6' : 'IPv4'} address: it has no way to ${destination.ip}, and its kernel says so at once.`, true);
    }
    if (forMany(destination.ip) && protocol !== 'UDP') return unreachable(journey, plane, `${destination.ip} is no address of one machine: nobody can be connected to there.`, false);
    const long = journey.asked.dontFragment === true ? tooLong(journey, plane) : null;
    return long === null ? undefined : { kind: 'end', walk: long };
  },
};

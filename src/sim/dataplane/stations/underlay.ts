// Between the machines: tunnels, security groups, the cloud's checks, and the kernel of the node at the other end.
import { cross } from '../crossing.ts';
import { withHop } from '../journey.ts';
import { lostWalk, onNode } from '../lost-walk.ts';
import { narrower } from '../sizes.ts';
import type { Station } from '../station.ts';
import { wireText } from '../wire.ts';

export const underlay: Station = {
  name: 'underlay',
  meet: (given, plane) => {
    const { crossing } = given;
    if (crossing === null || plane.underlay === null) return undefined;
    const { loss, mute, narrow, wire } = cross(given, plane, plane.underlay, crossing);
    const { from, to } = crossing;
    const journey = { ...given, crossing: null, mute: given.mute ?? mute, narrow: narrower(given.narrow, narrow) };
    const far = loss ?? mute;
    // tcpdump at both ends tells on which side it is lost.
    const seen = far === null || to === null || loss?.at === from.name ? journey : withHop({ ...journey, place: { kind: 'node', name: from.name } }, {
      layer: 'network', stage: 'underlay', action: 'forward', object: { kind: 'Node', namespace: '', name: from.name }, evidence: onNode(from.name, `tcpdump -ni ${wire.device} ${wire.filter}`),
      says: `${wireText(wire)} leaves node ${from.name} from ${wire.source} to ${wire.destination}.`,
    }, { place: journey.place });
    if (loss !== null) return { kind: 'end', walk: lostWalk(seen, loss) };
    return crossing.again ? { kind: 'again', journey: seen } : { kind: 'on', journey: seen };
  },
};

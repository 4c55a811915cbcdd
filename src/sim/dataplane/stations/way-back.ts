// The end of a way by which no answer comes back: the packet still gets there, and that is worth seeing.
import { refText } from '../../model/object.ts';
import { lostWalk, onNode } from '../lost-walk.ts';
import type { Journey, Station, Step } from '../station.ts';

export const wayBack: Station = {
  name: 'underlay',
  meet: (journey, plane): Step | undefined => {
    const { mute, place } = journey;
    if (mute === null) return undefined;
    const pod = place.kind === 'pod' ? plane.pods.get(`${place.namespace}/${place.name}`) : undefined;
    const object = pod?.ref ?? (place.kind === 'node' ? { kind: 'Node', namespace: '', name: place.name } : { kind: 'External', namespace: '', name: place.name });
    const at = pod?.node ?? (place.kind === 'node' ? place.name : null);
    const filter = `host ${journey.packet.destination.ip}`;
    const arrived: Journey = { ...journey, hops: [...journey.hops, {
      layer: place.kind === 'outside' ? 'external' : place.kind === 'pod' ? 'pod' : 'network', at: place, stage: 'arrival', action: 'deliver', packet: journey.packet, after: journey.packet, object, field: null,
      evidence: at === null ? 'kubectl get nodes -o wide' : onNode(at, `tcpdump -ni any ${filter}`), says: `The packet arrives at ${place.kind === 'outside' ? place.name : refText(object)}.`,
    }] };
    return { kind: 'end', walk: lostWalk(arrived, mute) };
  },
};

// A cloud's load balancer: spreads connections over the nodes that its health checks find, keeping the address or aiming at the node port.
import { refText } from '../../model/object.ts';
import { describing, slicesOf } from '../evidence.ts';
import { end, withHop } from '../journey.ts';
import type { Station } from '../station.ts';

const excluded = 'node.kubernetes.io/exclude-from-external-load-balancers';

export const loadBalancer: Station = {
  name: 'load-balancer',
  meet: (journey, plane) => {
    if (journey.place.kind !== 'outside') return undefined;
    const { destination, protocol } = journey.packet;
    const service = plane.balancerAt.get(destination.ip);
    if (service === undefined) return undefined;
    const port = service.ports.find((candidate) => candidate.port === destination.port && candidate.protocol === protocol);
    if (port === undefined) {
      const why = `The load balancer of ${refText(service.ref)} has no listener for ${protocol}${destination.port === null ? '' : ` port ${destination.port}`}: it has ${service.ports.map((one) => `${one.port}/${one.protocol}`).join(', ')}.`;
      return { kind: 'end', walk: end(journey, { verdict: 'timeout', reason: 'port-not-in-service', why, elapsed: null, hop: { layer: 'external', stage: 'load-balancer', action: 'drop', object: service.ref, field: 'spec.ports', evidence: describing(service.ref), says: why } }) };
    }
    const mode = service.balancer.find(({ ip }) => ip === destination.ip)?.mode ?? 'VIP';
    // Load balancers without node ports aim at pods in their own ways; here they know nodes only.
    const ready = plane.network.nodes.filter((node) => node.ready && !Object.hasOwn(node.labels, excluded) && node.taints.every(({ key }) => key !== 'node-role.kubernetes.io/control-plane'));
    const all = ready.length > 0 ? ready : plane.network.nodes;
    const healthy = service.externalPolicy === 'Local' ? all.filter((node) => port.endpoints.some((endpoint) => endpoint.ready && endpoint.node === node.name)) : all;
    if (healthy.length === 0) {
      const why = `No node has a ready pod of ${refText(service.ref)}, whose externalTrafficPolicy is Local: the load balancer's health checks fail everywhere.`;
      return { kind: 'end', walk: end(journey, { verdict: 'timeout', reason: 'no-local-endpoints', why, elapsed: null, hop: { layer: 'external', stage: 'load-balancer', action: 'drop', object: service.ref, field: 'spec.externalTrafficPolicy', evidence: slicesOf(service), says: why } }) };
    }
    return { kind: 'fork', journeys: healthy.map((node) => {
      const nodeAddress = node.internal[0] ?? '';
      const after = mode === 'Proxy' && port.nodePort !== null ? { ...journey.packet, destination: { ip: nodeAddress, port: port.nodePort } } : journey.packet;
      return withHop(journey, { layer: 'external', stage: 'load-balancer', action: 'forward', object: service.ref, evidence: describing(service.ref), after, says: `The load balancer of ${refText(service.ref)} sends the connection to node ${node.name}${mode === 'Proxy' ? `, port ${port.nodePort ?? '?'}` : ''}.` },
        { place: { kind: 'node', name: node.name }, probability: journey.probability / healthy.length });
    }) };
  },
};

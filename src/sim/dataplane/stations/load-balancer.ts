// A cloud's load balancer: spreads connections over the nodes that its health checks find, keeping the address or aiming at the node port; without node ports, over the pods.
import { parseRange } from '../../base/address.ts';
import type { NetworkNode, NetworkService, NetworkServicePort } from '../../model/network.ts';
import { refText } from '../../model/object.ts';
import { describing, slicesOf } from '../evidence.ts';
import { end, withHop } from '../journey.ts';
import { sourceRangesOf } from '../pick-endpoints.ts';
import { isIn, type Plane } from '../plane.ts';
import type { Journey, Station, Step } from '../station.ts';

const excluded = 'node.kubernetes.io/exclude-from-external-load-balancers';

/**
 * The nodes that answer the balancer's health checks. Under a Local policy kube-proxy says on the health check node port who has ready pods;
 * else it says on port 10256 that it runs (KEP-3836). A kube-proxy that is dead says neither. Where nobody answers, balancers let everybody in.
 */
function healthyNodes(plane: Plane, service: NetworkService, port: NetworkServicePort): readonly NetworkNode[] {
  const ready = plane.network.nodes.filter((node) => node.ready && !Object.hasOwn(node.labels, excluded) && node.taints.every(({ key }) => key !== 'node-role.kubernetes.io/control-plane'));
  const all = ready.length > 0 ? ready : plane.network.nodes;
  const running = all.filter(({ state }) => state.kubeProxyRuns);
  if (service.externalPolicy === 'Local') return running.filter((node) => port.endpoints.some((endpoint) => endpoint.ready && endpoint.node === node.name));
  return running.length > 0 ? running : all;
}

function refuseSource(journey: Journey, service: NetworkService, ranges: readonly string[]): Step {
  const why = `The load balancer of ${refText(service.ref)} takes only sources in ${ranges.join(', ')}: ${journey.packet.source.ip} is dropped.`;
  return { kind: 'end', walk: end(journey, {
    verdict: 'timeout', reason: 'source-range-refused', why, elapsed: null,
    hop: { layer: 'external', stage: 'load-balancer', action: 'drop', object: service.ref, field: 'spec.loadBalancerSourceRanges', evidence: describing(service.ref), says: why },
  }) };
}

/** Who has no node ports has pods as its targets (`allocateLoadBalancerNodePorts: false` is for balancers that can do that). */
function toPods(journey: Journey, service: NetworkService, port: NetworkServicePort): Step {
  const targets = port.endpoints.filter(({ ready, node, family }) => ready && node !== null && (family === 'IPv6') === journey.packet.destination.ip.includes(':'));
  if (targets.length === 0) {
    const why = `The load balancer of ${refText(service.ref)} sends to pods itself, and none of them is ready.`;
    return { kind: 'end', walk: end(journey, { verdict: 'timeout', reason: 'no-ready-endpoints', why, elapsed: null, hop: { layer: 'external', stage: 'load-balancer', action: 'drop', object: service.ref, field: 'spec.selector', evidence: slicesOf(service), says: why } }) };
  }
  return { kind: 'fork', journeys: targets.map(({ ip, port: number, node, pod }) => withHop(journey, {
    layer: 'external', stage: 'load-balancer', action: 'forward', object: service.ref, evidence: describing(service.ref), after: { ...journey.packet, destination: { ip, port: number } },
    says: `The load balancer of ${refText(service.ref)} has no node port to aim at: it sends the connection to ${ip}:${number} itself.`,
  }, { place: { kind: 'node', name: node ?? '' }, probability: journey.probability / targets.length, backend: { pod: pod === null ? null : `${pod.namespace}/${pod.name}`, ip, port: number } })) };
}

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
    if (mode === 'Proxy') {
      // Nodes have no rules for such an address, so nobody but the balancer itself can ask whom it lets in.
      const ranges = sourceRangesOf(service, destination.ip.includes(':') ? 'IPv6' : 'IPv4');
      if (ranges.length > 0 && !isIn(ranges.flatMap((cidr) => parseRange(cidr) ?? []), journey.packet.source.ip)) return refuseSource(journey, service, ranges);
      if (port.nodePort === null) return toPods(journey, service, port);
    }
    const healthy = healthyNodes(plane, service, port);
    if (healthy.length === 0) {
      const why = `No node has a ready pod of ${refText(service.ref)}, whose externalTrafficPolicy is Local: the load balancer's health checks fail everywhere.`;
      return { kind: 'end', walk: end(journey, { verdict: 'timeout', reason: 'no-local-endpoints', why, elapsed: null, hop: { layer: 'external', stage: 'load-balancer', action: 'drop', object: service.ref, field: 'spec.externalTrafficPolicy', evidence: slicesOf(service), says: why } }) };
    }
    return { kind: 'fork', journeys: healthy.map((node) => {
      const nodeAddress = node.internal.find((ip) => ip.includes(':') === destination.ip.includes(':')) ?? node.internal[0] ?? '';
      const after = mode === 'Proxy' && port.nodePort !== null ? { ...journey.packet, destination: { ip: nodeAddress, port: port.nodePort } } : journey.packet;
      return withHop(journey, { layer: 'external', stage: 'load-balancer', action: 'forward', object: service.ref, evidence: describing(service.ref), after, says: `The load balancer of ${refText(service.ref)} sends the connection to node ${node.name}${mode === 'Proxy' ? `, port ${port.nodePort ?? '?'}` : ''}.` },
        { place: { kind: 'node', name: node.name }, probability: journey.probability / healthy.length });
    }) };
  },
};

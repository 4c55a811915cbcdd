// kube-proxy in iptables mode: a Service's address becomes an endpoint's, or is rejected or dropped (services.md 2 and 3, pkg/proxy/iptables/proxier.go).
import { parseRange, socketText, type AddressRange } from '../../base/address.ts';
import type { NetworkEndpoint, NetworkNode } from '../../model/network.ts';
import type { Packet } from '../../model/packet.ts';
import { refText } from '../../model/object.ts';
import { emptyCause, senderObject } from '../causes.ts';
import { describing, getting, slicesOf } from '../evidence.ts';
import { end, withHop } from '../journey.ts';
import { pickEndpoints } from '../pick-endpoints.ts';
import { isIn, type Plane, type ServiceRule } from '../plane.ts';
import type { Journey, Station, Step } from '../station.ts';

const rangesOf = (cidr: string): AddressRange[] => { const range = parseRange(cidr); return range === undefined ? [] : [range]; };

/** The node whose rules the packet meets: its own, or that of the pod. */
export function nodeOf(journey: Journey, plane: Plane): NetworkNode | null {
  if (journey.place.kind === 'node') return plane.nodes.get(journey.place.name) ?? null;
  if (journey.place.kind === 'pod') return plane.nodes.get(plane.pods.get(`${journey.place.namespace}/${journey.place.name}`)?.node ?? '') ?? null;
  return null;
}

/** Whether a node port answers on this address of the node. */
function answersNodePorts(plane: Plane, node: NetworkNode, ip: string): boolean {
  if (ip.startsWith('127.')) return plane.network.proxy.localhostNodePorts;
  if (!node.addresses.some(({ address }) => address === ip)) return false;
  const { nodePortAddresses } = plane.network.proxy;
  return nodePortAddresses.length === 0 || nodePortAddresses.includes('primary') || nodePortAddresses.some((cidr) => isIn(rangesOf(cidr), ip));
}


function ruleFor(journey: Journey, plane: Plane, node: NetworkNode): ServiceRule | undefined {
  const { destination, protocol } = journey.packet;
  if (destination.port === null) return undefined;
  const rule = plane.rules.get(`${destination.ip} ${destination.port}/${protocol}`);
  if (rule !== undefined) return rule;
  const nodePort = plane.nodePorts.get(`${destination.port}/${protocol}`);
  return nodePort !== undefined && answersNodePorts(plane, node, destination.ip) ? nodePort : undefined;
}

const shown = (endpoints: readonly NetworkEndpoint[]): string => endpoints.length === 1 ? '1 endpoint' : `${endpoints.length} endpoints`;

/** Nobody to send to: refused by an ICMP message for everybody, at once. */
function reject(journey: Journey, plane: Plane, rule: ServiceRule): Step {
  const cause = emptyCause(plane, rule.service, rule.port);
  return { kind: 'end', walk: end(journey, {
    verdict: 'refused', reason: cause.inPod ?? 'no-ready-endpoints', why: cause.why, elapsed: 0, object: cause.object, field: cause.field,
    hop: { layer: cause.inPod === null ? 'service' : 'pod', stage: 'kube-proxy', action: 'reject', object: cause.object, field: cause.field, evidence: cause.evidence, says: cause.why },
  }) };
}

function dropLocal(journey: Journey, rule: ServiceRule, node: NetworkNode, field: string): Step {
  const why = `${refText(rule.service.ref)} has ${field.slice(5)}: Local and no ready endpoint on node ${node.name}: kube-proxy drops the packet there.`;
  return { kind: 'end', walk: end(journey, {
    verdict: 'timeout', reason: 'no-local-endpoints', why, elapsed: null,
    hop: { layer: 'service', stage: 'kube-proxy', action: 'drop', object: rule.service.ref, field, evidence: slicesOf(rule.service), says: why },
  }) };
}

function translate(journey: Journey, rule: ServiceRule, node: NetworkNode, endpoints: readonly NetworkEndpoint[], marked: boolean): Step {
  const source = journey.packet.source.ip;
  return { kind: 'fork', journeys: endpoints.map((endpoint) => {
    const after: Packet = { ...journey.packet, destination: { ip: endpoint.ip, port: endpoint.port } };
    // A pod that reaches itself through its Service would answer itself past the translation: its source is rewritten.
    const hairpin = endpoint.ip === source;
    return withHop(journey, {
      layer: 'service', stage: 'kube-proxy', action: 'dnat', object: rule.service.ref, after, evidence: slicesOf(rule.service),
      says: `${refText(rule.service.ref)} has ${shown(endpoints)} for ${rule.port.protocol} port ${rule.port.port}: node ${node.name} picks ${socketText(endpoint.ip, endpoint.port)}${rule.service.affinitySeconds === null ? '' : ' and keeps to it (ClientIP)'}.`,
    }, {
      rule, proxiedAt: node.name, probability: journey.probability / endpoints.length, marked: marked || hairpin,
      backend: { pod: endpoint.pod === null ? null : `${endpoint.pod.namespace}/${endpoint.pod.name}`, ip: endpoint.ip, port: endpoint.port },
    });
  }) };
}

/** A node in the ranges may come back with the load balancer's own address as its source (proxier.go, "allowFromNode"). */
const sourceAllowed = (journey: Journey, ranges: readonly AddressRange[], node: NetworkNode): boolean =>
  isIn(ranges, journey.packet.source.ip) || (journey.packet.source.ip === journey.packet.destination.ip && node.internal.some((ip) => isIn(ranges, ip)));

function enter(journey: Journey, plane: Plane, rule: ServiceRule, node: NetworkNode): Step {
  const { service } = rule;
  const source = journey.packet.source.ip;
  const family = journey.packet.destination.ip.includes(':') ? 'IPv6' : 'IPv4';
  const picked = pickEndpoints(rule.port, node, family);
  const { proxy } = plane.network;
  const fromPods = isIn(plane.clusterRanges, source);
  if (!picked.any) return reject(journey, plane, rule);
  if (rule.entrance === 'cluster') {
    const marked = proxy.masqueradeAll || (plane.clusterRanges.length > 0 && !fromPods);
    if (service.internalPolicy === 'Local') return picked.local.length === 0 ? dropLocal(journey, rule, node, 'spec.internalTrafficPolicy') : translate(journey, rule, node, picked.local, marked);
    return picked.cluster.length === 0 ? reject(journey, plane, rule) : translate(journey, rule, node, picked.cluster, marked);
  }
  if (rule.entrance === 'balancer' && service.sourceRanges.length > 0 && !sourceAllowed(journey, service.sourceRanges.flatMap(rangesOf), node)) {
    const why = `${refText(service.ref)} takes only sources in ${service.sourceRanges.join(', ')}: ${source} is dropped.`;
    return { kind: 'end', walk: end(journey, {
      verdict: 'timeout', reason: 'source-range-refused', why, elapsed: null, layer: 'external',
      hop: { layer: 'external', stage: 'kube-proxy', action: 'drop', object: service.ref, field: 'spec.loadBalancerSourceRanges', evidence: describing(service.ref), says: why },
    }) };
  }
  if (service.externalPolicy !== 'Local') return picked.cluster.length === 0 ? reject(journey, plane, rule) : translate(journey, rule, node, picked.cluster, true);
  // Pods and the node itself are short-circuited to all endpoints; only the node's own source is rewritten.
  const fromNode = node.addresses.some(({ address }) => address === source) || source.startsWith('127.');
  if ((fromPods || fromNode) && picked.cluster.length > 0) return translate(journey, rule, node, picked.cluster, fromNode && !fromPods);
  return picked.local.length === 0 ? dropLocal(journey, rule, node, 'spec.externalTrafficPolicy') : translate(journey, rule, node, picked.local, false);
}

/** A Service's address without a rule for this port: the packet goes on as it is. */
function passBy(journey: Journey, plane: Plane): Step | undefined {
  const { destination, protocol } = journey.packet;
  const service = plane.serviceAt.get(destination.ip) ?? null;
  const cluster = service?.clusterAddresses.includes(destination.ip) ?? false;
  if (!cluster && !isIn(plane.serviceRanges, destination.ip)) return undefined;
  const asked = destination.port === null ? 'ICMP' : `${protocol} port ${destination.port}`;
  const says = service === null
    ? `No Service has the address ${destination.ip}: no rule takes the packet.`
    : `${refText(service.ref)} has no ${asked} (it has ${service.ports.map((port) => `${port.port}/${port.protocol}`).join(', ') || 'none'}): no rule takes the packet, and it goes on to ${destination.ip} as it is.`;
  const object = service?.ref ?? senderObject(journey.sender);
  return { kind: 'on', journey: withHop(journey, { layer: 'service', stage: 'kube-proxy', action: 'forward', object, field: service === null ? null : 'spec.ports', evidence: service === null ? 'kubectl get services -A' : getting(service.ref), says }, { untranslated: { service } }) };
}

/** A port of the node that a pod asked for (the portmap plugin). */
function hostPort(journey: Journey, plane: Plane, node: NetworkNode): Step | undefined {
  const { destination, protocol } = journey.packet;
  if (plane.hostPorts.size === 0 || !node.addresses.some(({ address }) => address === destination.ip)) return undefined;
  const found = plane.hostPorts.get(`${node.name} ${destination.port ?? ''}/${protocol}`);
  const ip = found?.pod.addresses[0];
  if (found === undefined || ip === undefined) return undefined;
  return { kind: 'on', journey: withHop(journey, {
    layer: 'service', stage: 'kube-proxy', action: 'dnat', object: found.pod.ref, after: { ...journey.packet, destination: { ip, port: found.port } }, evidence: describing(found.pod.ref),
    says: `Port ${destination.port ?? ''} of node ${node.name} is a hostPort of pod ${found.pod.namespace}/${found.pod.name}.`,
  }, { backend: { pod: `${found.pod.namespace}/${found.pod.name}`, ip, port: found.port } }) };
}

export const kubeProxy: Station = {
  name: 'kube-proxy',
  meet: (given, plane) => {
    if (given.rule !== null || given.place.kind === 'outside' || (given.egressJudged && given.ingressJudged)) return undefined;
    const node = nodeOf(given, plane);
    if (node === null) return undefined;
    // From here on the packet is on the node: the rules, the policies and the routes are the node's.
    const journey: Journey = { ...given, place: { kind: 'node', name: node.name } };
    const rule = ruleFor(journey, plane, node);
    if (rule !== undefined) return enter(journey, plane, rule, node);
    return hostPort(journey, plane, node) ?? passBy(journey, plane) ?? { kind: 'on', journey };
  },
};

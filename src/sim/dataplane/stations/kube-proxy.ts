// kube-proxy, or who stands in its place: a Service's address becomes an endpoint's, or is rejected or dropped (services.md 2 and 3, pkg/proxy).
import { parseRange, socketText, type AddressRange } from '../../base/address.ts';
import type { NetworkEndpoint, NetworkNode, NetworkService } from '../../model/network.ts';
import type { Packet } from '../../model/packet.ts';
import { refText } from '../../model/object.ts';
import { configured, emptyCause, senderField, senderObject } from '../causes.ts';
import { describing, getting, slicesOf } from '../evidence.ts';
import { end, withHop } from '../journey.ts';
import { pickEndpoints } from '../pick-endpoints.ts';
import { isIn, type Plane, type ServiceRule } from '../plane.ts';
import { primaryAddresses } from '../proxy-manners.ts';
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
  if (ip.startsWith('127.')) return plane.manners.localhostNodePorts;
  if (!node.addresses.some(({ address }) => address === ip)) return false;
  const { nodePortAddresses } = plane.network.proxy;
  if (nodePortAddresses.includes('primary') || (nodePortAddresses.length === 0 && plane.manners.primaryOnly)) return primaryAddresses(node).includes(ip);
  return nodePortAddresses.length === 0 || nodePortAddresses.some((cidr) => isIn(rangesOf(cidr), ip));
}

function ruleFor(journey: Journey, plane: Plane, node: NetworkNode): ServiceRule | undefined {
  const { destination, protocol } = journey.packet;
  if (destination.port === null || !plane.manners.translates) return undefined;
  const rule = plane.rules.get(`${destination.ip} ${destination.port}/${protocol}`);
  if (rule !== undefined) return rule;
  const nodePort = plane.nodePorts.get(`${destination.port}/${protocol}`);
  return nodePort !== undefined && answersNodePorts(plane, node, destination.ip) ? nodePort : undefined;
}

const shown = (endpoints: readonly NetworkEndpoint[]): string => endpoints.length === 1 ? '1 endpoint' : `${endpoints.length} endpoints`;

/** Nobody to send to: refused by an ICMP message for everybody, at once; some replacements drop. */
function reject(journey: Journey, plane: Plane, rule: ServiceRule): Step {
  const cause = emptyCause(plane, rule.service, rule.port);
  const drops = plane.manners.noEndpoints === 'drop';
  return { kind: 'end', walk: end(journey, {
    verdict: drops ? 'timeout' : 'refused', reason: cause.inPod ?? 'no-ready-endpoints', why: cause.why, elapsed: drops ? null : 0, object: cause.object, field: cause.field,
    hop: { layer: cause.inPod === null ? 'service' : 'pod', stage: 'kube-proxy', action: drops ? 'drop' : 'reject', object: cause.object, field: cause.field, evidence: cause.evidence, says: cause.why },
  }) };
}

function dropLocal(journey: Journey, plane: Plane, rule: ServiceRule, node: NetworkNode, field: string): Step {
  const why = `${refText(rule.service.ref)} has ${field.slice(5)}: Local and no ready endpoint on node ${node.name}: ${plane.manners.name} drops the packet there.`;
  return { kind: 'end', walk: end(journey, {
    verdict: 'timeout', reason: 'no-local-endpoints', why, elapsed: null,
    hop: { layer: 'service', stage: 'kube-proxy', action: 'drop', object: rule.service.ref, field, evidence: slicesOf(rule.service), says: why },
  }) };
}

/** IPVS sends on to another node all the same, with the client's own source: the answer comes back past the translation, and the client drops it. */
function answerLost(journey: Journey, rule: ServiceRule, node: NetworkNode): Step {
  const why = `${refText(rule.service.ref)} has externalTrafficPolicy: Local and no ready endpoint on node ${node.name}: IPVS sends the packet to another node with its source kept, and the answer, which comes straight from the pod, belongs to no connection of the client.`;
  return { kind: 'end', walk: end(journey, {
    verdict: 'timeout', reason: 'no-local-endpoints', why, elapsed: null,
    hop: { layer: 'service', stage: 'kube-proxy', action: 'lose', object: rule.service.ref, field: 'spec.externalTrafficPolicy', evidence: slicesOf(rule.service), says: why },
  }) };
}

function translate(journey: Journey, plane: Plane, rule: ServiceRule, node: NetworkNode, endpoints: readonly NetworkEndpoint[], marked: boolean): Step {
  const source = journey.packet.source.ip;
  const { atConnect, keepsSourceHere } = plane.manners;
  const inside = journey.sender.kind !== 'outside';
  return { kind: 'fork', journeys: endpoints.map((endpoint) => {
    const after: Packet = { ...journey.packet, destination: { ip: endpoint.ip, port: endpoint.port } };
    // A pod that reaches itself through its Service would answer itself past the translation: its source is rewritten.
    const direct = atConnect && inside;
    const hairpin = endpoint.ip === source;
    const rewrites = !direct && (marked || hairpin) && !(keepsSourceHere && endpoint.node === node.name && !hairpin);
    return withHop(journey, {
      layer: 'service', stage: 'kube-proxy', action: 'dnat', object: rule.service.ref, after, evidence: slicesOf(rule.service),
      says: `${refText(rule.service.ref)} has ${shown(endpoints)} for ${rule.port.protocol} port ${rule.port.port}: node ${node.name} picks ${socketText(endpoint.ip, endpoint.port)}${rule.service.affinitySeconds === null ? '' : ' and keeps to it (ClientIP)'}${direct ? ', at connect(), so that no packet carries the Service\'s address' : ''}.`,
    }, {
      rule, proxiedAt: node.name, probability: journey.probability / endpoints.length, marked: rewrites,
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
  const { manners } = plane;
  const fromPods = isIn(plane.clusterRanges, source);
  if (!picked.any) return reject(journey, plane, rule);
  if (rule.entrance === 'cluster') {
    // With IPVS a node's own packets leave with the Service's address as their source: they are rewritten even where nobody can tell pods apart.
    const fromOwnNode = proxy.mode === 'ipvs' && journey.sender.kind !== 'outside' && !fromPods && node.internal.includes(source);
    const marked = proxy.masqueradeAll || (plane.clusterRanges.length > 0 && !fromPods) || fromOwnNode;
    if (service.internalPolicy === 'Local' && (picked.local.length > 0 || manners.noLocalEndpoints === 'drop')) return picked.local.length === 0 ? dropLocal(journey, plane, rule, node, 'spec.internalTrafficPolicy') : translate(journey, plane, rule, node, picked.local, marked);
    return picked.cluster.length === 0 ? reject(journey, plane, rule) : translate(journey, plane, rule, node, picked.cluster, marked);
  }
  if (rule.entrance === 'balancer' && service.sourceRanges.length > 0 && !sourceAllowed(journey, service.sourceRanges.flatMap(rangesOf), node)) {
    const why = `${refText(service.ref)} takes only sources in ${service.sourceRanges.join(', ')}: ${source} is dropped.`;
    return { kind: 'end', walk: end(journey, {
      verdict: 'timeout', reason: 'source-range-refused', why, elapsed: null, layer: 'external',
      hop: { layer: 'external', stage: 'kube-proxy', action: 'drop', object: service.ref, field: 'spec.loadBalancerSourceRanges', evidence: describing(service.ref), says: why },
    }) };
  }
  if (service.externalPolicy !== 'Local') return picked.cluster.length === 0 ? reject(journey, plane, rule) : translate(journey, plane, rule, node, picked.cluster, true);
  const fromNode = node.addresses.some(({ address }) => address === source) || source.startsWith('127.');
  if (!manners.sparesInsiders && picked.local.length === 0 && picked.cluster.length > 0) return fromPods || fromNode ? translate(journey, plane, rule, node, picked.cluster, false) : answerLost(journey, rule, node);
  // Pods and the node itself are short-circuited to all endpoints; only the node's own source is rewritten.
  if (manners.sparesInsiders && (fromPods || fromNode) && picked.cluster.length > 0) return translate(journey, plane, rule, node, picked.cluster, fromNode && !fromPods);
  return picked.local.length === 0 ? dropLocal(journey, plane, rule, node, 'spec.externalTrafficPolicy') : translate(journey, plane, rule, node, picked.local, false);
}

/** A Service's address without a rule for this port: the packet goes on as it is, or the proxy says no. */
function passBy(journey: Journey, plane: Plane): Step | undefined {
  const { destination, protocol } = journey.packet;
  const { manners } = plane;
  const service = plane.serviceAt.get(destination.ip) ?? null;
  const cluster = service?.clusterAddresses.includes(destination.ip) ?? false;
  const outer = service !== null && !cluster && !plane.nodeAt.has(destination.ip);
  if (outer && manners.unknownPortOutside === 'reject') return refuse(journey, plane, service);
  if (!cluster && !isIn(plane.serviceRanges, destination.ip)) return undefined;
  if (!manners.translates) return untouched(journey, plane, service);
  if (service !== null && manners.unknownPort === 'reject') return refuse(journey, plane, service);
  const asked = destination.port === null ? 'ICMP' : `${protocol} port ${destination.port}`;
  if (service === null && manners.unknownAddress === 'drop') {
    const written = configured(journey.sender, destination.ip);
    const why = `No Service has the address ${destination.ip}, which is in the range of Services: ${manners.name} drops the packet.`;
    const [object, field] = [written?.object ?? senderObject(journey.sender), written?.field ?? senderField(journey.sender)];
    return { kind: 'end', walk: end(journey, {
      verdict: 'timeout', reason: 'no-such-service-address', why, elapsed: null,
      hop: { layer: 'service', stage: 'kube-proxy', action: 'drop', object, field, evidence: 'kubectl get services -A', says: why },
    }) };
  }
  const says = service === null
    ? `No Service has the address ${destination.ip}: no rule takes the packet.`
    : `${refText(service.ref)} has no ${asked} (it has ${portsText(service)}): no rule takes the packet, and it goes on to ${destination.ip} as it is.`;
  const object = service?.ref ?? senderObject(journey.sender);
  return { kind: 'on', journey: withHop(journey, { layer: 'service', stage: 'kube-proxy', action: 'forward', object, field: service === null ? null : 'spec.ports', evidence: service === null ? 'kubectl get services -A' : getting(service.ref), says }, { untranslated: { service } }) };
}

const portsText = (service: NetworkService): string => service.ports.map((port) => `${port.port}/${port.protocol}`).join(', ') || 'none';

/** The proxy rejects what is for a Service's address and none of its ports. */
function refuse(journey: Journey, plane: Plane, service: NetworkService): Step {
  const { destination, protocol } = journey.packet;
  const ping = destination.port === null;
  const why = ping
    ? `${refText(service.ref)} has an address for its ports alone (${portsText(service)}): ${plane.manners.name} rejects a ping.`
    : `${refText(service.ref)} has no ${protocol} port ${destination.port ?? ''}: it has ${portsText(service)}. ${plane.manners.name} rejects the packet.`;
  return { kind: 'end', walk: end(journey, {
    verdict: 'refused', reason: ping ? 'ping-unanswered' : 'port-not-in-service', why, elapsed: 0,
    hop: { layer: 'service', stage: 'kube-proxy', action: 'reject', object: service.ref, field: ping ? 'spec.clusterIP' : 'spec.ports', evidence: getting(service.ref), says: why },
  }) };
}

/** Neither kube-proxy nor anybody in its place: the address is translated nowhere, whatever its port. */
function untouched(journey: Journey, plane: Plane, service: NetworkService | null): Step {
  const { ref, declared } = plane.network.cluster;
  const why = `Nobody translates addresses of Services: kube-proxy's mode is none, and ${plane.network.cni.plugin} does not take its place. The packet to ${service === null ? journey.packet.destination.ip : refText(service.ref)} is lost.`;
  return { kind: 'end', walk: end(journey, {
    verdict: 'timeout', reason: 'no-service-proxy', why, elapsed: null,
    hop: { layer: 'service', stage: 'kube-proxy', action: 'lose', object: ref, field: 'spec.kubeProxy.mode', evidence: declared ? getting(ref, ' -o yaml') : 'kubectl get pods -n kube-system -o wide', says: why },
  }) };
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

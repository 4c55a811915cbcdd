// kube-proxy, or who stands in its place: a Service's address becomes an endpoint's, or is rejected or dropped (services.md 2 and 3, pkg/proxy).
import { parseRange, socketText, type AddressRange } from '../../base/address.ts';
import { otherProxyLabel, type NetworkEndpoint, type NetworkNode, type NetworkService } from '../../model/network.ts';
import type { Packet } from '../../model/packet.ts';
import { refText } from '../../model/object.ts';
import { isLoopback } from '../../controlplane/run-pod.ts';
import { rememberedEndpoint } from '../affinity.ts';
import { configured, emptyCause, senderField, senderObject } from '../causes.ts';
import { describing, getting, slicesOf } from '../evidence.ts';
import { end, withHop, type HopFacts } from '../journey.ts';
import type { Loss } from '../loss.ts';
import { isStale, portOnNode } from '../node-view.ts';
import { pickEndpoints, policyUse, sourceRangesOf } from '../pick-endpoints.ts';
import { isIn, type Plane, type ServiceRule } from '../plane.ts';
import { nodeIp, nodePortReach, nodePortsOnLoopback, ownAddresses, reachHolds } from '../proxy-manners.ts';
import { answerHealthCheck } from '../service-health.ts';
import { shadowed } from '../shadowed.ts';
import { blamedOnStale, proxyStopped, staleHop } from '../stale-rules.ts';
import type { Journey, Station, Step } from '../station.ts';

const rangesOf = (cidr: string): AddressRange[] => { const range = parseRange(cidr); return range === undefined ? [] : [range]; };

/** The node whose rules the packet meets: its own, or that of the pod. */
export function nodeOf(journey: Journey, plane: Plane): NetworkNode | null {
  if (journey.place.kind === 'node') return plane.nodes.get(journey.place.name) ?? null;
  if (journey.place.kind === 'pod') return plane.nodes.get(plane.pods.get(`${journey.place.namespace}/${journey.place.name}`)?.node ?? '') ?? null;
  return null;
}

/** Whether a node port answers on this address of the node. A cloud turns an ExternalIP into the node's own before the packet gets there. */
function answersNodePorts(plane: Plane, node: NetworkNode, ip: string): boolean {
  const { proxy } = plane.network;
  const family = ip.includes(':') ? 'IPv6' : 'IPv4';
  if (isLoopback(ip)) return nodePortsOnLoopback(proxy, plane.manners, node, family);
  const own = node.addresses.some(({ type, address }) => type === 'ExternalIP' && address === ip) ? nodeIp(node, family) : ip;
  return own !== undefined && ownAddresses(node, family).includes(own) && reachHolds(nodePortReach(proxy, node, family), own);
}

/** The rule that the node should have for the packet's destination. */
function ruleFor(journey: Journey, plane: Plane, node: NetworkNode): ServiceRule | undefined {
  const { destination, protocol } = journey.packet;
  if (destination.port === null || !plane.manners.translates) return undefined;
  const rule = plane.rules.get(`${destination.ip} ${destination.port}/${protocol}`);
  if (rule !== undefined) return rule;
  const nodePort = plane.nodePorts.get(`${destination.port}/${protocol}`);
  return nodePort !== undefined && answersNodePorts(plane, node, destination.ip) ? nodePort : undefined;
}

/** Nobody on the node has a rule for the Service: a packet to one of its addresses goes on as it is, one to its node port meets a closed port. */
function ruleless(journey: Journey, plane: Plane, node: NetworkNode, { service, entrance }: ServiceRule): Step | undefined {
  // A pod's packet to a balancer's address leaves, and comes back by way of the balancer.
  if (entrance === 'balancer' && journey.sender.kind !== 'outside') return undefined;
  const closed = entrance === 'node-port';
  const fate = closed ? 'nothing on the node has that port, and it says so' : 'the packet leaves as it is and is lost';
  const other = service.otherProxy;
  const why = other === null
    ? `${proxyStopped(plane, node)}: they were written before ${refText(service.ref)}, so ${fate}.`
    : `${refText(service.ref)} is left to another proxy, "${other}", by its label ${otherProxyLabel}: kube-proxy has no rules for it, so ${fate}.`;
  const hop: HopFacts = other === null ? staleHop(plane, node, closed ? 'reject' : 'lose', why)
    : { layer: 'service', stage: 'kube-proxy', action: closed ? 'reject' : 'lose', object: service.ref, field: 'metadata.labels', evidence: getting(service.ref, ' --show-labels'), says: why };
  return { kind: 'end', walk: end(journey, { verdict: closed ? 'refused' : 'timeout', reason: other === null ? 'stale-proxy-rules' : 'no-service-proxy', why, elapsed: closed ? 0 : null, hop }) };
}

const shown = (endpoints: readonly NetworkEndpoint[]): string => endpoints.length === 1 ? '1 endpoint' : `${endpoints.length} endpoints`;

/** Nobody to send to: refused by an ICMP message for everybody, at once; some replacements drop. */
function reject(journey: Journey, plane: Plane, rule: ServiceRule, node: NetworkNode): Step {
  const drops = plane.manners.noEndpoints === 'drop';
  if (isStale(node, rule.service)) {
    const why = `${proxyStopped(plane, node)}: they say that ${refText(rule.service.ref)} has no endpoints.`;
    return { kind: 'end', walk: end(journey, { verdict: drops ? 'timeout' : 'refused', reason: 'stale-proxy-rules', why, elapsed: drops ? null : 0, hop: staleHop(plane, node, drops ? 'drop' : 'reject', why) }) };
  }
  const cause = emptyCause(plane, rule.service, rule.port);
  const local = journey.sender.kind === 'node' || (journey.sender.kind === 'pod' && journey.sender.pod.hostNetwork);
  if (local && !plane.manners.rejectsOwn && (rule.entrance === 'external' || rule.entrance === 'balancer') && !plane.nodeAt.has(journey.packet.destination.ip)) {
    const says = `${cause.why.replace(/\.$/, '')}. The rule that refuses such packets is for those that come to the node or pass through it: its own leaves as it is, and is lost.`;
    return { kind: 'end', walk: end(journey, {
      verdict: 'timeout', reason: 'no-ready-endpoints', why: says, elapsed: null, object: cause.object, field: cause.field,
      hop: { layer: 'service', stage: 'kube-proxy', action: 'lose', object: cause.object, field: cause.field, evidence: cause.evidence, says },
    }) };
  }
  return { kind: 'end', walk: end(journey, {
    verdict: drops ? 'timeout' : 'refused', reason: cause.inPod ?? 'no-ready-endpoints', why: cause.why, elapsed: drops ? null : 0, object: cause.object, field: cause.field,
    hop: { layer: cause.inPod === null ? 'service' : 'pod', stage: 'kube-proxy', action: drops ? 'drop' : 'reject', object: cause.object, field: cause.field, evidence: cause.evidence, says: cause.why },
  }) };
}

/** A Local policy and nobody on this node: dropped; IPVS has a virtual server without servers then, and rejects. */
function dropLocal(journey: Journey, plane: Plane, rule: ServiceRule, node: NetworkNode, field: string): Step {
  const drops = plane.manners.noLocalEndpoints === 'drop';
  const why = `${refText(rule.service.ref)} has ${field.slice(5)}: Local and no ready endpoint on node ${node.name}: ${drops ? `${plane.manners.name} drops the packet there` : 'IPVS has nobody to send it to there, and rejects it'}.`;
  return { kind: 'end', walk: end(journey, {
    verdict: drops ? 'timeout' : 'refused', reason: 'no-local-endpoints', why, elapsed: drops ? null : 0,
    hop: { layer: 'service', stage: 'kube-proxy', action: drops ? 'drop' : 'reject', object: rule.service.ref, field, evidence: slicesOf(rule.service), says: why },
  }) };
}

const sitsOn = (sender: Journey['sender'], node: NetworkNode): boolean => (sender.kind === 'pod' ? sender.pod.node === node.name : sender.kind === 'node' && sender.node.name === node.name);

/** The client's source was kept on the way to another node: the answer comes straight from there, past the translation, and the client drops it. */
function pastProxy(plane: Plane, rule: ServiceRule, node: NetworkNode, endpoint: NetworkEndpoint): Loss {
  const name = refText(rule.service.ref);
  const straight = `the answer comes straight from ${endpoint.ip}, which the client never called`;
  const common = { verdict: 'timeout', elapsed: null, layer: 'service', stage: 'kube-proxy', action: 'lose', at: node.name } as const;
  if (rule.entrance !== 'cluster') {
    return { ...common, reason: 'no-local-endpoints', object: rule.service.ref, field: 'spec.externalTrafficPolicy', evidence: slicesOf(rule.service), says: `${name} has externalTrafficPolicy: Local and no ready endpoint on node ${node.name}: IPVS sends the packet to another node with its source kept, and ${straight}.` };
  }
  return {
    ...common, reason: 'answer-lost', object: { kind: 'ConfigMap', namespace: 'kube-system', name: 'kube-proxy' }, field: 'data.config.conf', evidence: 'kubectl get configmap -n kube-system kube-proxy -o yaml',
    says: `Node ${node.name} sends the packet for ${name} to another node with the client's source kept, because ${plane.manners.name} does not know which sources are pods (no clusterCIDR): ${straight}.`,
  };
}

/** To one of the endpoints: whichever chance picks, or the one that the client had before. */
function translate(journey: Journey, plane: Plane, rule: ServiceRule, node: NetworkNode, endpoints: readonly NetworkEndpoint[], marked: boolean): Step {
  const source = journey.packet.source.ip;
  const { atConnect, keepsSourceHere } = plane.manners;
  const inside = journey.sender.kind !== 'outside';
  const away = !(atConnect && inside) && !sitsOn(journey.sender, node);
  const had = rememberedEndpoint(journey, plane, rule, node, endpoints);
  const choices = had === undefined ? endpoints : [had];
  const stale = isStale(node, rule.service);
  const { affinitySeconds } = rule.service;
  const keeps = affinitySeconds === null ? '' : had === undefined ? ` and keeps ${source} there for ${affinitySeconds} seconds (sessionAffinity: ClientIP)` : `, where ${source} was sent before (sessionAffinity: ClientIP)`;
  const journeys = choices.map((endpoint) => {
    const after: Packet = { ...journey.packet, destination: { ip: endpoint.ip, port: endpoint.port } };
    // A pod that reaches itself through its Service would answer itself past the translation: its source is rewritten.
    const direct = atConnect && inside;
    const hairpin = endpoint.ip === source;
    const rewrites = !direct && (marked || hairpin) && !(keepsSourceHere && endpoint.node === node.name && !hairpin);
    const pod = endpoint.pod ?? plane.podAt.get(endpoint.ip) ?? null;
    const says = `${refText(rule.service.ref)} has ${shown(endpoints)} for ${rule.port.protocol} port ${rule.port.port}: node ${node.name} picks ${socketText(endpoint.ip, endpoint.port)}${keeps}${direct ? ', at connect(), so that no packet carries the Service\'s address' : ''}.`;
    return withHop(journey, stale ? { ...staleHop(plane, node, 'dnat', `${says.slice(0, -1)}, as its old rules have it.`), object: rule.service.ref, after } : { layer: 'service', stage: 'kube-proxy', action: 'dnat', object: rule.service.ref, after, evidence: slicesOf(rule.service), says }, {
      rule, proxiedAt: node.name, probability: journey.probability / choices.length, marked: rewrites,
      backend: { pod: pod === null ? null : `${pod.namespace}/${pod.name}`, ip: endpoint.ip, port: endpoint.port },
      mute: journey.mute ?? (away && !rewrites && endpoint.node !== node.name ? pastProxy(plane, rule, node, endpoint) : null),
    });
  });
  if (!stale) return { kind: 'fork', journeys };
  const declared = { ...rule, port: rule.service.ports[rule.port.index] ?? rule.port };
  return { kind: 'relay', legs: journeys, join: (ways) => blamedOnStale(ways.flat(), plane, node, declared) };
}

/** A node in the ranges may come back with the load balancer's own address as its source (proxier.go, "allowFromNode"). */
const sourceAllowed = (journey: Journey, ranges: readonly AddressRange[], node: NetworkNode): boolean =>
  isIn(ranges, journey.packet.source.ip) || (journey.packet.source.ip === journey.packet.destination.ip && node.internal.some((ip) => isIn(ranges, ip)));

function enter(journey: Journey, plane: Plane, rule: ServiceRule, node: NetworkNode): Step {
  const { service } = rule;
  const source = journey.packet.source.ip;
  const family = journey.packet.destination.ip.includes(':') ? 'IPv6' : 'IPv4';
  const picked = pickEndpoints(rule.port, node, family, policyUse(service, rule.port, family));
  const { proxy } = plane.network;
  const { manners } = plane;
  const fromPods = isIn(plane.clusterRanges, source);
  const ranges = rule.entrance === 'balancer' ? sourceRangesOf(service, family) : [];
  const outOfRange = ranges.length > 0 && !sourceAllowed(journey, ranges.flatMap(rangesOf), node);
  if (!picked.any && !(outOfRange && manners.rangesFirst)) return reject(journey, plane, rule, node);
  if (rule.entrance === 'cluster') {
    // With IPVS a node's own packets leave with the Service's address as their source: they are rewritten even where nobody can tell pods apart.
    const fromOwnNode = proxy.mode === 'ipvs' && journey.sender.kind !== 'outside' && !fromPods && node.internal.includes(source);
    const marked = proxy.masqueradeAll || (plane.clusterRanges.length > 0 && !fromPods) || fromOwnNode;
    const endpoints = service.internalPolicy === 'Local' && (picked.local.length > 0 || manners.noLocalEndpoints === 'drop') ? picked.local : picked.cluster;
    return endpoints.length === 0 ? dropLocal(journey, plane, rule, node, 'spec.internalTrafficPolicy') : translate(journey, plane, rule, node, endpoints, marked);
  }
  if (outOfRange) {
    const why = `${refText(service.ref)} takes only sources in ${ranges.join(', ')}: ${source} is dropped.`;
    return { kind: 'end', walk: end(journey, {
      verdict: 'timeout', reason: 'source-range-refused', why, elapsed: null, layer: 'external',
      hop: { layer: 'external', stage: 'kube-proxy', action: 'drop', object: service.ref, field: 'spec.loadBalancerSourceRanges', evidence: describing(service.ref), says: why },
    }) };
  }
  if (service.externalPolicy !== 'Local') return translate(journey, plane, rule, node, picked.cluster, true);
  const fromNode = ownAddresses(node, family).includes(source) || isLoopback(source);
  if (!manners.sparesInsiders && picked.local.length === 0 && picked.cluster.length > 0) return translate(journey, plane, rule, node, picked.cluster, false);
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
  if (outer && manners.translates && service.externalAddresses.includes(destination.ip)) return roundabout(journey, service);
  if (!cluster && !isIn(plane.serviceRanges, destination.ip)) return undefined;
  if (!manners.translates) return untouched(journey, plane, service);
  if (service !== null && manners.unknownPort === 'reject') return refuse(journey, plane, service);
  const asked = destination.port === null ? 'ICMP' : `${protocol} port ${destination.port}`;
  if (service === null && manners.unknownAddress === 'drop') {
    const known = shadowed(journey, plane, nodeOf(journey, plane), 'services', { layer: 'network', stage: 'kube-proxy', action: 'drop' });
    if (known !== undefined) return known;
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

/** Whoever routes an external address to the cluster brings the packet back, and again no rule takes it. */
function roundabout(journey: Journey, service: NetworkService): Step {
  const { destination, protocol } = journey.packet;
  const asked = destination.port === null ? 'answers no ping' : `has no ${protocol} port ${destination.port} (it has ${portsText(service)})`;
  const why = `${refText(service.ref)} ${asked}: no rule takes the packet to its external address ${destination.ip}, which leads out of the cluster and back into it, until it is lost.`;
  return { kind: 'end', walk: end(journey, {
    verdict: 'timeout', reason: destination.port === null ? 'ping-unanswered' : 'port-not-in-service', why, elapsed: null,
    hop: { layer: 'service', stage: 'kube-proxy', action: 'lose', object: service.ref, field: destination.port === null ? 'spec.externalIPs' : 'spec.ports', evidence: getting(service.ref), says: why },
  }) };
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
    const declared = ruleFor(journey, plane, node);
    if (declared !== undefined) {
      const port = declared.service.otherProxy === null ? portOnNode(plane.network, node, declared.service, declared.port) : null;
      if (port !== null) return enter(journey, plane, port === declared.port ? declared : { ...declared, port }, node);
      return ruleless(journey, plane, node, declared) ?? { kind: 'on', journey };
    }
    return hostPort(journey, plane, node) ?? answerHealthCheck(journey, plane, node) ?? passBy(journey, plane) ?? { kind: 'on', journey };
  },
};

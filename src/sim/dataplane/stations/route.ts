// Which way an address lies: a pod of this node, a pod of another one through the tunnel, a node, nobody, or the world outside.
import type { NetworkNode, NetworkPod } from '../../model/network.ts';
import { refText, type ObjectRef } from '../../model/object.ts';
import type { Place } from '../../model/packet.ts';
import { isLoopback } from '../../controlplane/run-pod.ts';
import { configured, senderField, senderObject } from '../causes.ts';
import { getting, podPlaces, slicesOf } from '../evidence.ts';
import { end, withHop } from '../journey.ts';
import { isIn, nodeRangeOf, type Plane } from '../plane.ts';
import { leavingNode, lostBefore, podByTable } from '../route-by-table.ts';
import { shadowed } from '../shadowed.ts';
import type { Journey, Station, Step } from '../station.ts';
import { hasBridge } from '../underlay.ts';
import { nodeOf } from './kube-proxy.ts';
import { leaving } from './masquerade.ts';

const nodeRef = (name: string): ObjectRef => ({ kind: 'Node', namespace: '', name });

function toPod(journey: Journey, plane: Plane, here: NetworkNode | null, pod: NetworkPod): Step {
  const place: Place = { kind: 'pod', namespace: pod.namespace, name: pod.name };
  const { encapsulation, plugin } = plane.network.cni;
  const same = here !== null && pod.node === here.name;
  const how = same ? `is on the same node ${here.name}` : encapsulation === null ? `is on node ${pod.node ?? '?'}, which is the next hop` : `is on node ${pod.node ?? '?'}: ${plugin} wraps the packet in ${encapsulation.name}${encapsulation.port === null ? '' : ` (${encapsulation.protocol} ${encapsulation.port})`}`;
  return { kind: 'on', journey: withHop(journey, {
    layer: 'network', stage: 'route', action: 'forward', object: nodeRef(same ? here.name : pod.node ?? here?.name ?? ''), evidence: podPlaces(pod), says: `Pod ${pod.namespace}/${pod.name} (${journey.packet.destination.ip}) ${how}.`,
  }, { place }) };
}

function toNode(journey: Journey, plane: Plane, here: NetworkNode | null, node: NetworkNode): Step {
  const place: Place = { kind: 'node', name: node.name };
  const other = here !== null && here.name !== node.name;
  const forward = withHop(journey, { layer: 'network', stage: 'route', action: 'forward', object: nodeRef(node.name), evidence: 'kubectl get nodes -o wide', says: `${journey.packet.destination.ip} is ${other ? '' : 'this '}node ${node.name}.` });
  const out = other && !journey.marked ? leaving(forward, plane, here) : forward;
  // Another node has rules of its own for the packet: a node port, a hostPort.
  return other && journey.rule === null && journey.rounds < 2 ? { kind: 'again', journey: { ...out, place } } : { kind: 'on', journey: { ...out, place } };
}

/** What a repair would change about an address that leads nowhere. */
function blame(journey: Journey): { readonly object: ObjectRef; readonly field: string | null; readonly evidence: string } {
  const { rule, backend, sender, packet } = journey;
  if (rule !== null) {
    const endpoint = rule.port.endpoints.find(({ ip }) => ip === backend?.ip);
    return { object: endpoint?.slice ?? rule.service.ref, field: 'endpoints', evidence: slicesOf(rule.service) };
  }
  const where = configured(sender, packet.destination.ip);
  return { object: where?.object ?? senderObject(sender), field: where?.field ?? senderField(sender), evidence: 'kubectl get pods -A -o wide' };
}

function nobody(journey: Journey, plane: Plane, node: NetworkNode): Step {
  const ip = journey.packet.destination.ip;
  const gone = plane.network.pods.find((pod) => !pod.running && pod.addresses.includes(ip));
  const says = gone === undefined ? `No pod has the address ${ip} of node ${node.name}'s range` : `Pod ${gone.namespace}/${gone.name} has ${ip} but is not running (${gone.status})`;
  const found = blame(journey);
  // A bridge asks for the address and tells when nobody answers; a plugin that routes to each pod has no route, and its block's blackhole takes the packet.
  const asks = node.interfaces.some(({ kind }) => kind === 'bridge');
  const why = `${journey.rule === null ? '' : `${refText(journey.rule.service.ref)} sends to ${ip}, but `}${journey.rule === null ? says : `${says.charAt(0).toLowerCase()}${says.slice(1)}`}: ${asks ? 'nobody answers for it there, and the node says so after about three seconds' : `node ${node.name} has no route to it, and drops the packet`}.`;
  return { kind: 'end', walk: end(journey, {
    verdict: asks ? 'unreachable' : 'timeout', reason: gone === undefined ? 'address-of-nobody' : 'pod-not-running', why, elapsed: asks ? 3.06 : null, object: found.object, field: found.field,
    hop: { layer: 'network', stage: 'route', action: 'lose', object: found.object, field: found.field, evidence: found.evidence, says: `${says}.` },
  }) };
}

/** A pod answers where somebody outside would like to be asked. */
function beside(journey: Journey, plane: Plane, pod: NetworkPod): Journey {
  const host = plane.outsideAt.get(journey.packet.destination.ip);
  return host === undefined ? journey : { ...journey, note: `Pod ${pod.namespace}/${pod.name} answers at ${journey.packet.destination.ip}, which is the address of ${host.name} outside too: within the cluster nobody reaches that host.` };
}

function lost(journey: Journey, object: ObjectRef, field: string | null, reason: 'port-not-in-service' | 'no-such-service-address' | 'no-route' | 'ping-unanswered', layer: 'service' | 'network', says: string, why: string, evidence: string): Step {
  return { kind: 'end', walk: end(journey, { verdict: 'timeout', reason, why, elapsed: null, object, field, layer, hop: { layer, stage: 'route', action: 'lose', object, field, evidence, says } }) };
}

/** An address of the Services' range that no rule took: it leaves by the default route and is never heard of again. */
function untranslated(journey: Journey): Step {
  const { destination, protocol } = journey.packet;
  const service = journey.untranslated?.service ?? null;
  const says = `${destination.ip} is no machine's address: the packet leaves by the default route and is lost.`;
  if (service === null) {
    const found = configured(journey.sender, destination.ip);
    return lost(journey, found?.object ?? senderObject(journey.sender), found?.field ?? senderField(journey.sender), 'no-such-service-address', 'service', says, `No Service has the address ${destination.ip}, which is in the range of Services: the packet is lost.`, 'kubectl get services -A');
  }
  const ports = service.ports.map((port) => `${port.port}/${port.protocol}`).join(', ');
  if (destination.port === null) {
    return lost(journey, service.ref, 'spec.clusterIP', 'ping-unanswered', 'service', says, `${refText(service.ref)} has an address that exists in rules only: they translate its ports (${ports}), and nobody answers a ping.`, getting(service.ref));
  }

  return lost(journey, service.ref, 'spec.ports', 'port-not-in-service', 'service', says, `${refText(service.ref)} has no ${protocol} port ${destination.port}: it has ${ports === '' ? 'none' : ports}. Nothing translates the packet, and it is lost.`, getting(service.ref));
}

export const route: Station = {
  name: 'route',
  meet: (journey, plane) => {
    const { destination } = journey.packet;
    if (journey.place.kind === 'outside') return undefined;
    if (isLoopback(destination.ip) || (journey.sender.kind === 'pod' && journey.rule === null && !journey.sender.pod.hostNetwork && journey.sender.pod.addresses.includes(destination.ip))) return undefined;
    const here = nodeOf(journey, plane);
    const pod = plane.podAt.get(destination.ip);
    const { underlay } = plane;
    if (pod !== undefined) {
      const known = plane.outsideAt.size > 0 && journey.note === null ? beside(journey, plane, pod) : journey;
      return underlay === null || here === null ? toPod(known, plane, here, pod) : podByTable(known, plane, underlay, here, pod, (next, found) => toPod(next, plane, here, found));
    }
    const node = plane.nodeAt.get(destination.ip);
    if (node !== undefined) {
      const step = toNode(journey, plane, here, node);
      return underlay === null || here === null || here === node ? step : leavingNode(step, plane, underlay, here, node);
    }
    if (journey.untranslated !== null) return (journey.untranslated.service === null ? shadowed(journey, plane, here, 'services') : undefined) ?? untranslated(journey);
    const home = nodeRangeOf(plane, destination.ip);
    if (home !== undefined) {
      const before = underlay === null || here === null ? undefined : lostBefore(journey, plane, underlay, here, home, destination.ip, hasBridge(home));
      return shadowed(journey, plane, here, 'pods') ?? before ?? nobody(journey, plane, home);
    }
    if (isIn(plane.podRanges, destination.ip)) {
      const found = blame(journey);
      return shadowed(journey, plane, here, 'pods') ?? lost(journey, found.object, found.field, 'no-route', 'network', `No node has a pod range that holds ${destination.ip}.`, `${destination.ip} is in the pods' range, but no node's part of it holds the address: the packet leaves by the default route and is lost.`, 'kubectl get nodes -o wide');
    }
    if (journey.sender.kind === 'outside' && journey.rule === null && journey.hops.length > 0 && !plane.outsideAt.has(destination.ip)) {
      return lost(journey, nodeRef(here?.name ?? ''), null, 'no-route', 'network', `Node ${here?.name ?? ''} has nothing at ${destination.ip}.`, `${destination.ip} is no address of the cluster: node ${here?.name ?? ''} sends the packet back out, and it is lost.`, 'kubectl get nodes -o wide');
    }
    const out = withHop(journey, {
      layer: 'network', stage: 'route', action: 'forward', object: nodeRef(here?.name ?? ''), evidence: 'kubectl get nodes -o wide', says: `${destination.ip} lies outside the cluster: by the default route of node ${here?.name ?? ''}.`,
    });
    const left = here === null || journey.marked ? out : leaving(out, plane, here);
    const place: Place = { kind: 'outside', name: destination.ip };
    // A load balancer that nodes have no rules for brings the packet back in.
    const step: Step = plane.balancerAt.has(destination.ip) && journey.rounds < 2 ? { kind: 'again', journey: { ...left, place } } : { kind: 'on', journey: { ...left, place } };
    return underlay === null || here === null ? step : leavingNode(step, plane, underlay, here, null);
  },
};

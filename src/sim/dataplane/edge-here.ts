// The edge that a packet has come to: its process, who calls as it sees it, and what stood before it.
import type { EdgeFront, EdgePort, EdgeProxy } from '../model/edge.ts';
import type { NetworkPod } from '../model/network.ts';
import { refText } from '../model/object.ts';
import { socketTakes } from '../controlplane/run-pod.ts';
import type { Plane } from './plane.ts';
import type { Journey } from './station.ts';

export interface Edge {
  readonly journey: Journey;
  readonly plane: Plane;
  readonly proxy: EdgeProxy;
  readonly pod: NetworkPod;
  readonly port: EdgePort;
  /** The load balancer that the connection came by, where it does more than pass it on. */
  readonly front: EdgeFront | null;
  /** It ended TLS: the edge gets plain text. */
  readonly ended: boolean;
  /** Who calls, as the edge sees it. */
  readonly client: string;
  /** It was told that the client came by TLS, and believes that. */
  readonly told: boolean;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The pod that took the packet: by its address, or the one on this node's network that listens there. */
function podHere(journey: Journey, plane: Plane): NetworkPod | undefined {
  const { destination, protocol } = journey.packet;
  if (journey.place.kind === 'pod') return plane.pods.get(`${journey.place.namespace}/${journey.place.name}`);
  if (journey.place.kind !== 'node') return undefined;
  return (plane.hostPods.get(journey.place.name) ?? []).find((pod) => pod.sockets.some((socket) => socket.port === destination.port && socket.protocol === protocol && socketTakes(socket, destination.ip)));
}

const schemes: readonly string[] = ['http', 'https', 'tcp'];

// Simplified: an edge behind another edge counts as a process that answers.
/** `undefined`: nobody here is an edge, or not for this. */
export function edgeHere(journey: Journey, plane: Plane): Edge | undefined {
  const { asked, rule } = journey;
  const { destination, protocol } = journey.packet;
  if (plane.edgeOf.size === 0 || protocol !== 'TCP' || !schemes.includes(asked.scheme) || journey.hops.some(({ stage }) => stage === 'edge')) return undefined;
  const pod = podHere(journey, plane);
  const proxy = pod === undefined ? undefined : plane.edgeOf.get(refText(pod.owner));
  if (pod === undefined || proxy === undefined || (!pod.implied && !pod.sockets.some((socket) => socket.port === destination.port && socketTakes(socket, destination.ip)))) return undefined;
  const ports = proxy.ports.filter((one) => one.pod === destination.port);
  const port = ports.find(({ listener }) => listener === rule?.port.port) ?? ports[0];
  // Without HTTP or TLS in it a connection means something to a listener of connections alone.
  if (port === undefined || (asked.scheme === 'tcp' && !proxy.rules.listeners.some((listener) => listener.port === port.listener && listener.stream === true && listener.tls === null))) return undefined;
  // A pod's call of the balancer's address is translated on its own node, and never gets to the balancer.
  const balanced = journey.hops.some(({ stage }) => stage === 'load-balancer');
  const front = balanced && rule !== null ? proxy.fronts.find(({ service }) => refText(service) === refText(rule.service.ref)) ?? null : null;
  const ended = front !== null && asked.scheme === 'https' && rule !== null && front.tls.includes(rule.port.port);
  const headers = asked.http?.headers ?? {};
  const { trustsForwarded } = proxy.settings;
  const known = front?.proxyProtocol === true || (front?.readsHttp === true && trustsForwarded);
  const does = front === null ? '' : `${ended ? ' It ends TLS, and sends plain text on.' : ''}${front.proxyProtocol ? ' It writes the client\'s address before the client\'s own bytes (PROXY protocol).' : ''}`;
  const told: Journey = does === '' ? journey : { ...journey, hops: journey.hops.map((hop) => (hop.stage === 'load-balancer' ? { ...hop, says: hop.says + does } : hop)) };
  return {
    journey: told, plane, proxy, pod, port, front, ended, client: known ? journey.dialled.source.ip : journey.packet.source.ip, headers, method: asked.http?.method ?? 'GET',
    told: trustsForwarded && (ended ? front?.readsHttp === true : headers['x-forwarded-proto'] === 'https'),
  };
}

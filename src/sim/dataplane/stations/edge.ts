// A process that takes requests for others: an Ingress controller or a Gateway. It answers itself, or asks a backend's pod from its own address.
import { hostText, socketText } from '../../base/address.ts';
import { hash32 } from '../../base/choose.ts';
import { answerAtEdge, type AnswerCause, type EdgeAnswer } from '../../edge/answer-at-edge.ts';
import { edgeBody } from '../../edge/manners.ts';
import type { EdgeBackend, EdgePort, EdgeProxy, EdgeReply } from '../../model/edge.ts';
import type { NetworkEndpoint, NetworkPod } from '../../model/network.ts';
import { refText } from '../../model/object.ts';
import type { Packet } from '../../model/packet.ts';
import type { Walk } from '../../model/trace.ts';
import type { Reason } from '../../model/reason.ts';
import { socketTakes } from '../../controlplane/run-pod.ts';
import { emptyCause } from '../causes.ts';
import { describing } from '../evidence.ts';
import { end, hopAt, withHop, type HopFacts } from '../journey.ts';
import type { Plane } from '../plane.ts';
import type { Journey, Station, Step } from '../station.ts';

interface Edge {
  readonly journey: Journey;
  readonly plane: Plane;
  readonly proxy: EdgeProxy;
  readonly pod: NetworkPod;
  readonly port: EdgePort;
}

/** The pod that took the packet: by its address, or the one on this node's network that listens there. */
function podHere(journey: Journey, plane: Plane): NetworkPod | undefined {
  const { destination, protocol } = journey.packet;
  if (journey.place.kind === 'pod') return plane.pods.get(`${journey.place.namespace}/${journey.place.name}`);
  if (journey.place.kind !== 'node') return undefined;
  return (plane.hostPods.get(journey.place.name) ?? []).find((pod) => pod.sockets.some((socket) => socket.port === destination.port && socket.protocol === protocol && socketTakes(socket, destination.ip)));
}

// Simplified: an edge behind another edge counts as a process that answers.
function edgeAt(journey: Journey, plane: Plane): Edge | undefined {
  const { destination, protocol } = journey.packet;
  if (plane.edgeOf.size === 0 || protocol !== 'TCP' || (journey.asked.scheme !== 'http' && journey.asked.scheme !== 'https') || journey.hops.some(({ stage }) => stage === 'edge')) return undefined;
  const pod = podHere(journey, plane);
  const proxy = pod === undefined ? undefined : plane.edgeOf.get(refText(pod.owner));
  if (pod === undefined || proxy === undefined || (!pod.implied && !pod.sockets.some((socket) => socket.port === destination.port && socketTakes(socket, destination.ip)))) return undefined;
  const ports = proxy.ports.filter((port) => port.pod === destination.port);
  const port = ports.find(({ listener }) => listener === journey.rule?.port.port) ?? ports[0];
  return port === undefined ? undefined : { journey, plane, proxy, pod, port };
}

const address = (pod: NetworkPod): { readonly ip: string; readonly at: string } => ({ ip: pod.addresses[0] ?? '', at: `${pod.namespace}/${pod.name}` });

/** The edge says something itself. */
function answered({ journey, proxy }: Edge, answer: EdgeReply, reason: Reason, more: { readonly nobody?: boolean; readonly layer?: Walk['layer']; readonly evidence?: string } = {}): Walk {
  const good = answer.status < 400;
  const says = good ? answer.why : `${proxy.rules.name} answers ${answer.status}: ${answer.why}`;
  const hop: HopFacts = { layer: 'external', stage: 'edge', action: 'answer', object: answer.object, field: answer.field, evidence: more.evidence ?? describing(answer.object), says };
  return end({ ...journey, backend: good ? journey.backend : null }, {
    verdict: good ? 'delivered' : 'http-error', reason, why: says, status: answer.status, body: edgeBody(proxy.rules.manners, answer.status, more.nobody), elapsed: 0.002, hop, ...(more.layer == null ? {} : { layer: more.layer }),
  });
}

const reasons: Readonly<Record<AnswerCause, Reason>> = { redirected: 'redirected', 'not-matched': 'not-at-edge', unserved: 'edge-unserved', 'no-backend': 'edge-backend-unresolved', 'plain-to-tls': 'answered' };
const faults: Readonly<Record<Extract<EdgeAnswer, { kind: 'tls' }>['fault'], Reason>> = { 'self-signed': 'tls-untrusted', expired: 'tls-expired', name: 'tls-name-mismatch', closed: 'tls-closed', 'no-tls': 'tls-not-spoken' };

/** The packet of the edge's own request to one endpoint. */
function legTo(edge: Edge, backend: EdgeBackend, asked: { readonly host: string; readonly path: string }, endpoint: NetworkEndpoint, forward: Journey): Journey {
  const { plane, pod, journey } = edge;
  const from = pod.addresses.find((ip) => ip.includes(':') === endpoint.ip.includes(':')) ?? address(pod).ip;
  const packet: Packet = { source: { ip: from, port: 32768 + (hash32(`${plane.network.seed}\u0000edge\u0000${from}\u0000${endpoint.ip}\u0000${endpoint.port}`) % 28232) }, destination: { ip: endpoint.ip, port: endpoint.port }, protocol: 'TCP' };
  const service = backend.service === null ? undefined : plane.services.get(`${backend.service.namespace}/${backend.service.name}`);
  const port = service?.ports[backend.portIndex ?? 0];
  // Nobody checks the backend's certificate: proxies take what they get.
  const named = backend.scheme === 'https' && endpoint.pod !== null ? plane.pods.get(`${endpoint.pod.namespace}/${endpoint.pod.name}`)?.sockets.find((socket) => socket.port === endpoint.port)?.tls?.[0] : undefined;
  return {
    ...forward, sender: { kind: 'pod', pod, container: null }, asked: { ...journey.asked, scheme: backend.scheme, host: named ?? asked.host, path: asked.path, alias: null, headless: null },
    dialled: packet, packet, place: pod.hostNetwork ? { kind: 'node', name: pod.node ?? '' } : { kind: 'pod', namespace: pod.namespace, name: pod.name },
    // The proxy's rules are not asked: the Service is in the route, and its port is what a repair would change.
    rule: service === undefined || port === undefined ? null : { service, port, entrance: 'cluster' }, untranslated: null,
    backend: { pod: endpoint.pod === null ? null : `${endpoint.pod.namespace}/${endpoint.pod.name}`, ip: endpoint.ip, port: endpoint.port },
    marked: false, proxiedAt: null, rewritten: false, egressJudged: false, ingressJudged: false, probability: 1,
  };
}

const failed = (walk: Walk): boolean => walk.verdict !== 'delivered' && walk.verdict !== 'http-error';

/** What the client sees of a request that the edge made for it. */
function seen({ journey, proxy, pod }: Edge, walk: Walk): Walk {
  const base = { ...walk, snat: journey.marked };
  if (!failed(walk)) return base;
  const { manners, name } = proxy.rules;
  const silent = walk.verdict === 'timeout' || walk.verdict === 'hang';
  const status = silent ? manners.silent : walk.verdict === 'tls-error' ? 502 : manners.refused;
  const why = `${name} answers ${status}: ${silent ? 'its packets to the backend are never answered' : walk.verdict === 'tls-error' ? 'the backend does not speak TLS' : walk.verdict === 'unreachable' ? 'it cannot reach the backend' : 'the backend refuses its connection'}. ${walk.why}`;
  const object = walk.object ?? pod.owner;
  const hop = hopAt({ ...journey, place: journey.place }, { layer: 'external', stage: 'edge', action: 'answer', object, field: walk.field, evidence: walk.hops.at(-1)?.evidence ?? describing(object), says: why });
  return { ...base, verdict: 'http-error', status, object, why, body: edgeBody(manners, status), hops: [...walk.hops, hop], elapsed: silent ? manners.patience : (walk.elapsed ?? 0) + 0.001 };
}

const share = (walks: readonly Walk[], part: number): readonly Walk[] => walks.map((walk) => ({ ...walk, probability: walk.probability * part }));

/** One backend's endpoints: each is as likely as the other, and an edge that may try again goes on to the next one. */
function joined(edge: Edge, ways: readonly (readonly Walk[])[], weight: number): readonly Walk[] {
  const { tries } = edge.proxy.rules.manners;
  const each = ways.map((walks) => ({ walks, bad: walks.every(failed) }));
  const good = each.filter(({ bad }) => !bad);
  const lost = each.length - good.length;
  // All tries at endpoints that fail, none twice.
  let all = good.length === 0 ? 1 : 0;
  if (good.length > 0 && lost >= tries) {
    all = 1;
    for (let index = 0; index < tries; index++) all *= (lost - index) / (each.length - index);
  }
  return each.flatMap(({ walks, bad }) => share(walks.map((walk) => seen(edge, walk)), bad ? (all === 0 ? 0 : (weight * all) / lost) : (weight * (1 - all)) / good.length)).filter(({ probability }) => probability > 0);
}

interface Part {
  readonly legs: readonly Journey[];
  readonly join: (ways: readonly (readonly Walk[])[]) => readonly Walk[];
}

function toBackend(edge: Edge, answer: Extract<EdgeAnswer, { kind: 'forward' }>, backend: EdgeBackend, weight: number): Part {
  const { plane, journey, proxy, pod } = edge;
  const always = (walk: Walk): Part => ({ legs: [], join: () => [{ ...walk, probability: weight }] });
  if (backend.reply !== null) return always(answered(edge, backend.reply, 'edge-backend-unresolved'));
  const service = backend.service === null ? undefined : plane.services.get(`${backend.service.namespace}/${backend.service.name}`);
  const port = service?.ports[backend.portIndex ?? -1];
  const { object, field } = answer.route;
  if (service === undefined || port === undefined) return always(answered(edge, { status: proxy.rules.manners.empty, object, field, why: `Nobody knows Service ${backend.service?.name ?? ''}.` }, 'edge-backend-unresolved'));
  // Simplified: an edge does not follow a Service of type ExternalName; some controllers do, others refuse it.
  if (service.externalName !== null) {
    return always(answered(edge, { status: proxy.rules.manners.empty, object: service.ref, field: 'spec.type', why: `${refText(service.ref)} is of type ExternalName: it is a name only, and has no endpoints.` }, 'edge-backend-unresolved'));
  }
  const family = address(pod).ip.includes(':') ? 'IPv6' : 'IPv4';
  const own = port.endpoints.filter((endpoint) => endpoint.ready && (pod.addresses.length > 1 || endpoint.family === family));
  if (own.length === 0) {
    const cause = emptyCause(plane, service, port);
    const status = object.kind === 'HTTPRoute' ? 503 : proxy.rules.manners.empty;
    return always(answered(edge, { status, object: cause.object, field: cause.field, why: cause.why }, cause.inPod ?? 'no-ready-endpoints', { nobody: true, layer: cause.inPod === null ? 'service' : 'pod', evidence: cause.evidence }));
  }
  const changed = answer.rewritten ? ` as ${answer.host}${answer.path}` : '';
  const legs = own.map((endpoint) => {
    const forward = withHop(journey, {
      layer: 'external', stage: 'edge', action: 'forward', object, evidence: describing(object), after: journey.packet,
      says: `${proxy.rules.name} (pod ${address(pod).at}) takes the request for ${hostText(journey.asked.host)}${journey.asked.path === '' ? '/' : journey.asked.path}: ${refText(object)} sends it to ${refText(service.ref)}, port ${port.port}${changed}, and it asks ${socketText(endpoint.ip, endpoint.port)} itself.`,
    });
    // The rule decides where the request goes.
    const hops = forward.hops.map((hop, index) => (index === forward.hops.length - 1 ? { ...hop, field: backend.field, evidence: describing(object) } : hop));
    return legTo(edge, backend, { host: answer.host, path: answer.path }, endpoint, { ...forward, hops });
  });
  return { legs, join: (ways) => joined(edge, ways, weight) };
}

function relay(edge: Edge, answer: Extract<EdgeAnswer, { kind: 'forward' }>, also: (walk: Walk) => Walk): Step {
  const { probability } = edge.journey;
  const total = answer.backends.reduce((sum, { weight }) => sum + weight, 0);
  const parts = answer.backends.map((backend) => toBackend(edge, answer, backend, (probability * backend.weight) / total));
  return {
    kind: 'relay', legs: parts.flatMap(({ legs }) => legs),
    join: (ways) => {
      let at = 0;
      return parts.flatMap(({ legs, join }) => join(ways.slice(at, (at += legs.length)))).map(also);
    },
  };
}

/** The client turns away from the certificate: what it would have got is kept for one that does not look (`curl -k`). */
function broken(edge: Edge, answer: Extract<EdgeAnswer, { kind: 'tls' }>): (walk: Walk) => Walk {
  const reason = faults[answer.fault];
  const hop: HopFacts = { layer: 'external', stage: 'edge', action: 'answer', object: answer.object, field: answer.field, evidence: describing(answer.object), says: answer.why };
  return (walk) => ({
    ...end({ ...edge.journey, backend: null, probability: walk.probability }, { verdict: 'tls-error', reason, why: answer.why, elapsed: 0.004, hop }), status: walk.status, body: walk.body,
  });
}

export const edge: Station = {
  name: 'edge',
  meet: (journey, plane) => {
    const found = edgeAt(journey, plane);
    if (found === undefined) return undefined;
    const { asked } = journey;
    const headers = asked.http?.headers ?? {};
    const host = headers['host'] ?? asked.host;
    const answer = answerAtEdge(found.proxy.rules, {
      host, path: asked.path, method: asked.http?.method ?? 'GET', headers, tls: asked.scheme === 'https' ? { serverName: asked.host } : null, port: found.port.listener,
    });
    switch (answer.kind) {
      case 'answer': return { kind: 'end', walk: answered(found, answer, reasons[answer.cause]) };
      case 'forward': return relay(found, answer, (walk) => walk);
      case 'tls': {
        const also = broken(found, answer);
        if (answer.past?.kind === 'forward') return relay(found, answer.past, also);
        const past = answer.past?.kind === 'answer' ? answered(found, answer.past, 'answered') : answered(found, { status: 404, object: answer.object, field: answer.field, why: answer.why }, 'answered');
        return { kind: 'end', walk: also(past) };
      }
    }
  },
};

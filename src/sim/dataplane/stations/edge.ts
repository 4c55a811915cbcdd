// A process that takes requests for others: an Ingress controller or a Gateway. It answers itself, or asks a backend's pod from its own address.
import { hostText, socketText } from '../../base/address.ts';
import { hash32 } from '../../base/choose.ts';
import { answerAtEdge, type EdgeAnswer } from '../../edge/answer-at-edge.ts';
import { forwardedHeaders, ownHeaders } from '../../edge/edge-exchange.ts';
import { changedHeaders } from '../../edge/header-change.ts';
import { hostFits } from '../../edge/host-names.ts';
import { edgeBody, plainToTlsBody } from '../../edge/manners.ts';
import { changedPath } from '../../edge/path-match.ts';
import { isRoute } from '../../edge/gateway-route.ts';
import type { EdgeBackend, EdgeRoute } from '../../model/edge.ts';
import type { NetworkEndpoint, NetworkService } from '../../model/network.ts';
import { refText, type ObjectRef } from '../../model/object.ts';
import type { Packet } from '../../model/packet.ts';
import type { TlsShown, Walk } from '../../model/trace.ts';
import { emptyCause } from '../causes.ts';
import { edgeHere, type Edge } from '../edge-here.ts';
import { answered, clientTls, edgeReasons, turnedAway, unannounced, withTls } from '../edge-says.ts';
import { describing, getting } from '../evidence.ts';
import { hopAt, withHop } from '../journey.ts';
import type { Journey, Station, Step } from '../station.ts';

type Forward = Extract<EdgeAnswer, { kind: 'forward' }>;

/** A request as the edge makes it of the client's. */
interface Passed {
  readonly host: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the edge connects to: an endpoint of a Service, or the address that a name stands for. */
interface Aim {
  readonly ip: string;
  readonly port: number;
  readonly endpoint: NetworkEndpoint | null;
  readonly service: NetworkService | null;
}

const addressOf = ({ pod }: Edge, ip: string): string => pod.addresses.find((own) => own.includes(':') === ip.includes(':')) ?? pod.addresses[0] ?? '';

/** The names in the certificate of the process that would answer. */
const shownBy = ({ plane }: Edge, { endpoint }: Aim): readonly string[] | null | undefined =>
  (endpoint?.pod === null || endpoint === null ? undefined : plane.pods.get(`${endpoint.pod.namespace}/${endpoint.pod.name}`)?.sockets.find((socket) => socket.port === endpoint.port)?.tls);

/** The packet of the edge's own request. */
function legTo(edge: Edge, answer: Forward, backend: EdgeBackend, passed: Passed, aim: Aim, forward: Journey): Journey {
  const { plane, pod, journey, method } = edge;
  const { ip, port, endpoint, service } = aim;
  const from = addressOf(edge, ip);
  const packet: Packet = { source: { ip: from, port: 32768 + (hash32(`${plane.network.seed}\u0000edge\u0000${from}\u0000${ip}\u0000${port}`) % 28232) }, destination: { ip, port }, protocol: 'TCP' };
  const stream = answer.route.stream === true;
  const own = stream && answer.listener.tls !== 'terminate' ? journey.asked.scheme : stream ? 'http' : backend.scheme;
  // Without a policy nobody checks the backend's certificate: proxies take what they get. With one it must have one of the names.
  const names = shownBy(edge, aim);
  const { verifies } = backend;
  const named = own !== 'https' || stream ? undefined : verifies === undefined || verifies.names.length === 0 ? names?.[0] : names?.find((name) => verifies.names.some((wanted) => hostFits(name, wanted, true))) ?? verifies.hostname;
  const rulePort = service?.ports[backend.portIndex ?? 0];
  return {
    ...forward, sender: { kind: 'pod', pod, container: null },
    asked: { ...journey.asked, scheme: own, host: named ?? (stream ? journey.asked.host : passed.host), path: passed.path, alias: null, headless: null, ...(stream ? {} : { http: { method, headers: passed.headers } }) },
    dialled: packet, packet, place: pod.hostNetwork ? { kind: 'node', name: pod.node ?? '' } : { kind: 'pod', namespace: pod.namespace, name: pod.name },
    // The proxy's rules are not asked of an endpoint: the Service is in the route, and its port is what a repair would change.
    rule: endpoint === null || service === null || rulePort === undefined ? null : { service, port: rulePort, entrance: 'cluster' }, untranslated: null,
    backend: endpoint === null ? null : { pod: endpoint.pod === null ? null : `${endpoint.pod.namespace}/${endpoint.pod.name}`, ip, port },
    marked: false, proxiedAt: null, rewritten: false, egressJudged: false, ingressJudged: false, names: null, probability: 1,
  };
}

const failed = (walk: Walk): boolean => walk.verdict !== 'delivered' && walk.verdict !== 'http-error';
const silent = (walk: Walk): boolean => walk.verdict === 'timeout' || walk.verdict === 'hang';

const whyOf = (walk: Walk, checked: boolean): string =>
  (silent(walk) ? 'its packets to the backend are never answered' : walk.verdict === 'tls-error' ? (walk.reason === 'tls-not-spoken' ? 'the backend does not speak TLS' : checked ? 'it does not take the certificate of the backend' : 'TLS with the backend fails') : walk.verdict === 'unreachable' ? 'it cannot reach the backend' : 'the backend refuses its connection');

/** The backend speaks TLS and nobody told the edge so: that is what a repair would say. */
function plainToTls({ proxy }: Edge, route: EdgeRoute, backend: EdgeBackend, names: readonly string[] | null | undefined, walk: Walk): Partial<Walk> {
  if (walk.status !== 400 || backend.scheme !== 'http' || names == null) return {};
  const nginx = proxy.rules.manners.targetPortToo && route.object.kind === 'Ingress';
  return { layer: 'external', object: route.object, field: nginx ? 'metadata.annotations[nginx.ingress.kubernetes.io/backend-protocol]' : backend.field, why: `${proxy.rules.name} speaks plain HTTP to a backend that wants TLS. ${walk.why}` };
}

/** What the client sees of a request that the edge made for it. */
function seen(edge: Edge, answer: Forward, backend: EdgeBackend, passed: Passed, aim: Aim, tls: TlsShown | null, walk: Walk): Walk {
  const { journey, proxy, pod } = edge;
  const { manners, name } = proxy.rules;
  const { route } = answer;
  const stream = route.stream === true;
  // TLS between the edge and its backend is none of the client's.
  const { tls: inner, ...bare } = walk;
  const base: Walk = withTls({ ...bare, snat: journey.marked }, stream && inner !== undefined ? inner : tls);
  // TLS that goes through is between the client and the pod: what goes wrong there is the client's to see.
  if (stream && (!failed(walk) || walk.verdict === 'tls-error')) return base;
  if (!failed(walk)) {
    const client = walk.hops.at(-1)?.packet.source.ip ?? addressOf(edge, '');
    const changed = changedHeaders({}, [...(route.response ?? []), ...(backend.response ?? [])]);
    return { ...base, ...plainToTls(edge, route, backend, shownBy(edge, aim), walk), http: { received: { client, method: edge.method, host: passed.host, path: passed.path, headers: passed.headers }, headers: [...Object.entries(changed), ...ownHeaders(manners, tls !== null)] } };
  }
  const tries = route.tries ?? manners.tries;
  const patience = manners.patience * tries;
  const limit = route.timeout !== undefined && silent(walk) && route.timeout.seconds < patience ? route.timeout : null;
  if (stream) {
    // The client is connected to the edge already: it loses a connection that came about.
    const why = `${name} closes the connection: ${whyOf(walk, false)}. ${walk.why}`;
    const hop = hopAt({ ...journey }, { layer: 'external', stage: 'edge', action: 'answer', object: walk.object ?? pod.owner, field: walk.field, evidence: walk.hops.at(-1)?.evidence ?? describing(pod.owner), says: why });
    return journey.asked.scheme === 'https' ? { ...base, verdict: 'tls-error', reason: 'tls-closed', object: walk.object ?? pod.owner, why, hops: [...walk.hops, hop], body: null, status: null } : { ...base, hops: [...walk.hops, hop], why };
  }
  const status = limit !== null ? 504 : silent(walk) ? manners.silent : walk.verdict === 'tls-error' ? manners.refused : manners.refused;
  const given = limit === null ? '' : ` It gives up after ${limit.seconds} s (${refText(limit.object)} ${limit.field ?? ''}).`;
  const why = `${name} answers ${status}: ${whyOf(walk, backend.verifies !== undefined)}.${given} ${walk.why}`;
  const blamed: { readonly object: ObjectRef; readonly field: string | null } = walk.verdict === 'tls-error' && walk.reason === 'tls-name-mismatch' && backend.verifies !== undefined ? backend.verifies : { object: walk.object ?? pod.owner, field: walk.field };
  const hop = hopAt({ ...journey }, { layer: 'external', stage: 'edge', action: 'answer', object: blamed.object, field: blamed.field, evidence: walk.hops.at(-1)?.evidence ?? describing(blamed.object), says: why });
  const elapsed = limit !== null ? limit.seconds : silent(walk) ? patience : (walk.elapsed ?? 0) + 0.001;
  return { ...base, verdict: 'http-error', status, ...blamed, why, body: edgeBody(manners, status), hops: [...walk.hops, hop], elapsed, http: { received: null, headers: ownHeaders(manners, tls !== null) } };
}

const share = (walks: readonly Walk[], part: number): readonly Walk[] => walks.map((walk) => ({ ...walk, probability: walk.probability * part }));

/** One backend's endpoints: each is as likely as the other, and an edge that may try again goes on to the next one. */
function joined(ways: readonly (readonly Walk[])[], tries: number, weight: number, also: (walk: Walk, way: number) => Walk): readonly Walk[] {
  const each = ways.map((walks, way) => ({ walks: walks.map((walk) => also(walk, way)), bad: walks.every(failed) }));
  const good = each.filter(({ bad }) => !bad);
  const lost = each.length - good.length;
  // All tries at endpoints that fail, none twice.
  let all = good.length === 0 ? 1 : 0;
  if (good.length > 0 && lost >= tries) {
    all = 1;
    for (let index = 0; index < tries; index++) all *= (lost - index) / (each.length - index);
  }
  return each.flatMap(({ walks, bad }) => share(walks, bad ? (all === 0 ? 0 : (weight * all) / lost) : (weight * (1 - all)) / good.length)).filter(({ probability }) => probability > 0);
}

interface Part {
  readonly legs: readonly Journey[];
  readonly join: (ways: readonly (readonly Walk[])[]) => readonly Walk[];
}

// Simplified: a name that an edge follows (ExternalName) is taken to be answered by its DNS; no query of it is walked.
/** Where a name leads: to a Service of the cluster, or to a host outside. */
function addressNamed({ plane }: Edge, name: string): string | undefined {
  const host = name.toLowerCase().replace(/\.$/, '');
  const suffix = `.svc.${plane.network.domain}`;
  const [service = '', namespace = ''] = host.endsWith(suffix) ? host.slice(0, -suffix.length).split('.') : [];
  const inside = plane.services.get(`${namespace}/${service}`);
  if (inside !== undefined) return inside.headless ? inside.addresses.find(({ ready }) => ready)?.ip : inside.clusterAddresses[0];
  return plane.network.outside.hosts.find((one) => one.name === host)?.addresses[0];
}

function toBackend(edge: Edge, answer: Forward, backend: EdgeBackend, weight: number, tls: TlsShown | null): Part {
  const { plane, journey, proxy, pod, client, headers } = edge;
  const { manners, name } = proxy.rules;
  const { route, listener } = answer;
  const { object, field } = route;
  const always = (walk: Walk): Part => ({ legs: [], join: () => [{ ...withTls(walk, tls), probability: weight }] });
  if (backend.reply !== null) return always(answered(edge, backend.reply, 'edge-backend-unresolved'));
  const service = backend.service === null ? undefined : plane.services.get(`${backend.service.namespace}/${backend.service.name}`);
  const port = service?.ports[backend.portIndex ?? -1];
  if (service === undefined || (port === undefined && service.externalName === null)) return always(answered(edge, { status: manners.empty, object, field, why: `Nobody knows Service ${backend.service?.name ?? ''}.` }, 'edge-backend-unresolved'));
  const own = backend.rewrite ?? null;
  const rewritten = own === null ? answer : { host: own.host ?? answer.host, path: changedPath(own.path, route.path, journey.asked.path), rewritten: true };
  const secure = tls !== null || edge.told;
  const forwarded = forwardedHeaders(manners, proxy.settings, headers, { ip: client, secure, host: answer.host, port: secure ? 443 : listener.port });
  const passed: Passed = { host: rewritten.host, path: rewritten.path, headers: changedHeaders(forwarded, [...(route.request ?? []), ...(backend.request ?? [])]) };
  const aims: Aim[] = [];
  if (service.externalName !== null) {
    const ip = manners.targetPortToo ? addressNamed(edge, service.externalName) : undefined;
    if (ip === undefined) {
      const why = manners.targetPortToo ? `${refText(service.ref)} is another name for ${service.externalName}, which leads nowhere.` : `${refText(service.ref)} is of type ExternalName: it is a name only, has no endpoints, and ${name} does not follow it.`;
      return always(answered(edge, { status: isRoute(object.kind) ? 503 : manners.empty, object: service.ref, field: manners.targetPortToo ? 'spec.externalName' : 'spec.type', why }, 'edge-backend-unresolved'));
    }
    aims.push({ ip, port: backend.port ?? port?.port ?? 80, endpoint: null, service });
  } else if (port !== undefined) {
    const family = (pod.addresses[0] ?? '').includes(':') ? 'IPv6' : 'IPv4';
    for (const endpoint of port.endpoints) if (endpoint.ready && (pod.addresses.length > 1 || endpoint.family === family)) aims.push({ ip: endpoint.ip, port: endpoint.port, endpoint, service });
  }
  if (aims.length === 0) {
    const cause = emptyCause(plane, service, port ?? null);
    const status = isRoute(object.kind) ? 503 : manners.empty;
    if (route.stream === true) return always({ ...answered(edge, { status, object: cause.object, field: cause.field, why: cause.why }, cause.inPod ?? 'no-ready-endpoints'), verdict: journey.asked.scheme === 'https' ? 'tls-error' : 'refused', status: null, body: null, reason: journey.asked.scheme === 'https' ? 'tls-closed' : 'no-ready-endpoints', layer: cause.inPod === null ? 'service' : 'pod', why: `${name} closes the connection: ${cause.why}` });
    return always(answered(edge, { status, object: cause.object, field: cause.field, why: cause.why }, cause.inPod ?? 'no-ready-endpoints', { nobody: true, layer: cause.inPod === null ? 'service' : 'pod', evidence: cause.evidence }));
  }
  const changed = rewritten.rewritten ? ` as ${passed.host}${passed.path}` : '';
  const ends = tls !== null && !edge.ended ? `${name} (pod ${pod.namespace}/${pod.name}) ends TLS, and ` : `${name} (pod ${pod.namespace}/${pod.name}) `;
  const asks = route.stream === true ? `takes the connection for ${hostText(journey.asked.host)}` : `takes the request for ${hostText(journey.asked.host)}${journey.asked.path === '' ? '/' : journey.asked.path}`;
  const legs = aims.map((aim) => {
    const to = port === undefined ? '' : `, port ${port.port}`;
    const how = route.stream === true && listener.tls === 'passthrough' ? ', TLS and all' : backend.scheme === 'https' && route.stream !== true ? ', over TLS' : '';
    const forward = withHop(journey, {
      layer: 'external', stage: 'edge', action: 'forward', object, evidence: describing(object), after: journey.packet,
      says: `${ends}${asks}: ${refText(object)} sends it to ${refText(service.ref)}${to}${changed}${how}, and it asks ${socketText(aim.ip, aim.port)} itself${aim.endpoint === null ? ` (${service.externalName ?? ''})` : ''}.`,
    });
    // The rule decides where the request goes.
    const hops = forward.hops.map((hop, index) => (index === forward.hops.length - 1 ? { ...hop, field: backend.field, evidence: describing(object) } : hop));
    return legTo(edge, answer, backend, passed, aim, { ...forward, hops });
  });
  return { legs, join: (ways) => joined(ways, route.tries ?? manners.tries, weight, (walk, way) => { const aim = aims[way]; return aim === undefined ? walk : seen(edge, answer, backend, passed, aim, tls, walk); }) };
}

function relay(edge: Edge, answer: Forward, tls: TlsShown | null, also: (walk: Walk) => Walk): Step {
  const { probability } = edge.journey;
  const total = answer.backends.reduce((sum, { weight }) => sum + weight, 0);
  const parts = answer.backends.map((backend) => toBackend(edge, answer, backend, (probability * backend.weight) / total, tls));
  return {
    kind: 'relay', legs: parts.flatMap(({ legs }) => legs),
    join: (ways) => {
      let at = 0;
      return parts.flatMap(({ legs, join }) => join(ways.slice(at, (at += legs.length)))).map(also);
    },
  };
}

type Said = Extract<EdgeAnswer, { kind: 'answer' }>;

/** A redirect to where the client came from: the load balancer ends TLS, and the edge takes everybody for a plain client. */
function goesRound(edge: Edge, answer: Said): Walk | null {
  const { journey, front, proxy } = edge;
  if (!edge.ended || front === null || answer.cause !== 'redirected' || answer.location === null) return null;
  const own = `https://${edge.headers['host'] ?? journey.asked.host}${journey.asked.path === '' ? '/' : journey.asked.path}`;
  if (answer.location !== own) return null;
  const { settings } = proxy;
  const canBeTold = front.readsHttp && settings.object.kind === 'ConfigMap';
  const blamed = canBeTold ? { object: settings.object, field: 'data.use-forwarded-headers' } : { object: answer.object, field: answer.field };
  const why = `The load balancer of ${refText(front.service)} ends TLS and sends plain HTTP on: ${proxy.rules.name} takes every client for one without TLS, and sends it to ${answer.location}, where it came from${canBeTold ? `, because it does not believe the X-Forwarded-Proto of the load balancer` : ''}.`;
  return answered(edge, { status: answer.status, ...blamed, why }, 'redirect-loop', { location: answer.location, bad: true, evidence: canBeTold ? getting(settings.object, ' -o yaml') : describing(answer.object) });
}

/** Nobody is let in whose address was lost on the way: the Service decides that, not the list. */
function sourceLost(edge: Edge, answer: Said): Said {
  const { journey, proxy } = edge;
  const { rule } = journey;
  if (answer.cause !== 'source-refused' || rule === null || edge.client === journey.dialled.source.ip || proxy.settings.proxyProtocol) return answer;
  return { ...answer, object: rule.service.ref, field: 'spec.externalTrafficPolicy', why: `${answer.why} That is a node: the client is ${journey.dialled.source.ip}, and ${refText(rule.service.ref)} with externalTrafficPolicy: Cluster loses its address.` };
}

/** The load balancer has ended TLS, and the port behind it wants TLS again. */
function endedTwice(edge: Edge, answer: Said): Said {
  const { journey, front } = edge;
  if (answer.cause !== 'plain-to-tls' || !edge.ended || front === null || journey.rule === null) return answer;
  return { ...answer, object: front.service, field: `spec.ports[${journey.rule.port.index}].targetPort`, why: `The load balancer of ${refText(front.service)} ends TLS and sends plain HTTP on, and its port ${journey.rule.port.port} leads to a port of ${edge.proxy.rules.name} that speaks TLS.` };
}

function said(edge: Edge, answer: Said): Walk {
  const round = goesRound(edge, answer);
  if (round !== null) return round;
  const told = endedTwice(edge, sourceLost(edge, answer));
  if (told.cause === 'plain-to-tls') return answered(edge, told, edgeReasons[told.cause], { body: plainToTlsBody(edge.proxy.rules.manners), evidence: getting(told.object, ' -o yaml') });
  return answered(edge, told, edgeReasons[told.cause], { location: told.location, ...(told === answer ? {} : { evidence: getting(told.object, ' -o yaml') }) });
}

export const edge: Station = {
  name: 'edge',
  meet: (journey, plane) => {
    const found = edgeHere(journey, plane);
    if (found === undefined) return undefined;
    const unread = unannounced(found);
    if (unread !== null) return { kind: 'end', walk: unread };
    const { asked } = journey;
    const answer = answerAtEdge(found.proxy.rules, {
      host: found.headers['host'] ?? asked.host, path: asked.path, method: found.method, headers: found.headers, tls: asked.scheme === 'https' && !found.ended ? { serverName: asked.host } : null, port: found.port.listener, client: found.client, secured: found.told,
    });
    const tls = clientTls(found, answer.certificate);
    switch (answer.kind) {
      case 'answer': return { kind: 'end', walk: withTls(said(found, answer), tls) };
      case 'forward': return relay(found, answer, tls, (walk) => walk);
      case 'tls': {
        const also = turnedAway(found, answer);
        if (answer.past?.kind === 'forward') return relay(found, answer.past, tls, also);
        const past = answer.past?.kind === 'answer' ? said(found, answer.past) : answered(found, { status: 404, object: answer.object, field: answer.field, why: answer.why }, 'answered');
        return { kind: 'end', walk: also(past) };
      }
    }
  },
};

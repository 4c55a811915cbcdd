// The end of the way: a process that listens, one that does not, or a host outside; and what it answers to HTTP and TLS.
import { hostText } from '../../base/address.ts';
import type { NetworkPod, Socket } from '../../model/network.ts';
import { refText, type ObjectRef } from '../../model/object.ts';
import type { TlsShown } from '../../model/trace.ts';
import { answerFor, isLoopback, socketTakes } from '../../controlplane/run-pod.ts';
import { bindField, configured } from '../causes.ts';
import { describing, fromSender, listening } from '../evidence.ts';
import { end, type HopFacts } from '../journey.ts';
import type { Plane } from '../plane.ts';
import { stalled, tooLarge } from '../sizes.ts';
import { answerHealthCheck } from '../service-health.ts';
import type { Journey, Station, Step } from '../station.ts';

const nodeRef = (name: string): ObjectRef => ({ kind: 'Node', namespace: '', name });

/** A certificate's name fits the host: equal, or a wildcard for one label (RFC 6125, 6.4.3). */
const nameFits = (name: string, host: string): boolean => {
  const [left, right] = [name.toLowerCase(), host.toLowerCase().replace(/\.$/, '')];
  return left === '*' || left === right || (left.startsWith('*.') && right.includes('.') && right.slice(right.indexOf('.')) === left.slice(1));
};

const sockets = (list: readonly Socket[]): string => (list.length === 0 ? 'it listens nowhere' : `it listens on ${list.map((socket) => `${hostText(socket.ip)}:${socket.port}/${socket.protocol}`).join(', ')}`);

// Simplified: of a process' own certificate its names are known, nothing else: a known authority has signed it, and it holds.
/** What a client sees of it; a certificate that fits any name shows the one that was asked for. */
const ownTls = (names: readonly string[], host: string, by: ObjectRef): TlsShown => {
  const shown = names.includes('*') ? [host.toLowerCase().replace(/\.$/, '')] : names;
  return { by, subject: `CN=${shown[0] ?? host}`, issuer: 'C=US; O=Example Trust Services; CN=Example CA', names: shown, from: null, until: null, verify: { code: 0, text: 'ok' } };
};

interface Answerer {
  /** As it stands in sentences. */
  readonly name: string;
  readonly object: ObjectRef;
  readonly evidence: string;
  readonly stem: string;
}

/** A connection that came about, and the certificate that its client was shown. */
function answer(journey: Journey, plane: Plane, who: Answerer, socket: Pick<Socket, 'tls' | 'answers' | 'port'>, elapsed: number): Step {
  const step = answeredBy(journey, plane, who, socket, elapsed);
  return step.kind === 'end' && journey.asked.scheme === 'https' && socket.tls !== null && step.walk.stalled?.during !== 'tls' ? { kind: 'end', walk: { ...step.walk, tls: ownTls(socket.tls, journey.asked.host, who.object) } } : step;
}

/** What TLS and HTTP make of it. */
function answeredBy(journey: Journey, plane: Plane, who: Answerer, socket: Pick<Socket, 'tls' | 'answers' | 'port'>, elapsed: number): Step {
  const { asked } = journey;
  const hop: HopFacts = { layer: 'pod', stage: 'arrival', action: 'deliver', object: who.object, evidence: who.evidence, says: `${who.name} ${journey.asked.scheme === 'icmp' ? 'answers the ping' : `listens on port ${socket.port} and takes the packet`}.` };
  if (asked.scheme === 'https' && socket.tls === null) {
    const why = `${who.name} speaks no TLS on port ${socket.port}: the client asks for TLS and gets plain text.`;
    return { kind: 'end', walk: end(journey, { verdict: 'tls-error', reason: 'tls-not-spoken', why, elapsed, layer: 'external', hop: { ...hop, layer: 'external', action: 'answer', says: why } }) };
  }
  const web = asked.scheme === 'http' || asked.scheme === 'https';
  const plain = asked.scheme === 'http' && socket.tls !== null;
  const said = web && !plain ? answerFor(socket.answers, asked.path) : undefined;
  const status = plain ? 400 : said?.status ?? 200;
  const body = plain ? 'Client sent an HTTP request to an HTTPS server.\n' : `${who.stem}:${socket.port}\n`;
  // Simplified: of an answer with a size the body is its first line; `bodySize` says how long it is.
  const size = plain ? undefined : asked.size ?? said?.size;
  const secure = asked.scheme === 'https' && socket.tls !== null;
  const lost = journey.packet.protocol === 'TCP' ? stalled(journey, plane, { secure, answer: size ?? (web ? body.length : null), status: web ? status : null, taken: { ...hop, says: `${who.name} listens on port ${socket.port} and takes the packet.` } }) : tooLarge(journey, plane);
  if (lost !== null) return { kind: 'end', walk: lost };
  if (asked.scheme === 'https' && socket.tls !== null && !socket.tls.some((name) => nameFits(name, asked.host))) {
    const why = `${who.name} has a certificate for ${socket.tls.join(', ')}, not for ${asked.host}.`;
    return { kind: 'end', walk: end(journey, { verdict: 'tls-error', reason: 'tls-name-mismatch', why, elapsed, layer: 'external', hop: { ...hop, layer: 'external', action: 'answer', says: why } }) };
  }
  const delivered = journey.note ?? (journey.asked.scheme === 'icmp' ? `${who.name} answers the ping.` : `${who.name} answers on port ${socket.port}.`);
  if (!web) return { kind: 'end', walk: end(journey, { verdict: 'delivered', reason: 'answered', why: delivered, elapsed, hop }) };
  const long = size === undefined ? {} : { bodySize: size };
  if (status < 400) return { kind: 'end', walk: { ...end(journey, { verdict: 'delivered', reason: 'answered', why: delivered, status, body, elapsed, hop: { ...hop, says: `${who.name} answers with HTTP status ${status}.` } }), ...long } };
  const why = `${who.name} answers with HTTP status ${status}${plain ? ': it speaks TLS on that port, and the client does not' : ''}.`;
  return { kind: 'end', walk: { ...end(journey, { verdict: 'http-error', reason: 'answered', why, status, body, elapsed, hop: { ...hop, action: 'answer', says: why } }), ...long } };
}

/** Nothing listens there: the kernel says so at once. */
function refuse(journey: Journey, facts: { readonly reason: 'target-port-closed' | 'port-closed' | 'bound-to-loopback' | 'nothing-on-localhost' | 'port-clash'; readonly layer: HopFacts['layer']; readonly object: ObjectRef; readonly field: string | null; readonly evidence: string; readonly why: string }): Step {
  const hop: HopFacts = { layer: facts.layer, stage: 'arrival', action: 'reject', object: facts.object, field: facts.field, evidence: facts.evidence, says: facts.why };
  return { kind: 'end', walk: end(journey, { verdict: 'refused', reason: facts.reason, why: facts.why, elapsed: 0, hop }) };
}

/** What a process listens on is in no field of the API; the nearest that is true is the containers that run it. */
const processField = (pod: NetworkPod): string => `${pod.template}.containers`;

function closedPod(journey: Journey, pod: NetworkPod): Step {
  const { destination, protocol } = journey.packet;
  const port = destination.port ?? 0;
  const { rule } = journey;
  const evidence = listening(pod, protocol);
  const where = `pod ${pod.namespace}/${pod.name}`;
  const clash = pod.containers.find((container) => container.clash !== null);
  if (rule === null && (isLoopback(destination.ip) || journey.sender.kind === 'pod' && journey.sender.pod === pod)) {
    const text = journey.asked.host;
    const written = configured(journey.sender, `${hostText(text)}:${journey.dialled.destination.port ?? ''}`) ?? configured(journey.sender, text);
    const self = isLoopback(destination.ip) ? `${text} is the pod itself` : `${destination.ip} is the pod's own address`;
    return refuse(journey, {
      reason: 'nothing-on-localhost', layer: 'pod', object: written?.object ?? pod.owner, field: written?.field ?? processField(pod), evidence: fromSender(journey.sender, protocol === 'UDP' ? 'ss -lnu' : 'ss -lnt', evidence),
      why: `In ${where} ${self}, and nothing in it listens on ${protocol} port ${port}: ${sockets(pod.sockets)}.`,
    });
  }
  const bind = bindField(pod, port);
  if (bind !== null) {
    return refuse(journey, { reason: 'bound-to-loopback', layer: 'pod', object: bind.object, field: bind.field, evidence, why: `In ${where} the process listens on 127.0.0.1:${port} only: nobody outside the pod reaches it.` });
  }
  if (clash?.clash != null && (clash.ports.some((declared) => declared.port === port))) {
    return refuse(journey, { reason: 'port-clash', layer: 'pod', object: pod.owner, field: `${pod.template}.containers`, evidence: describing(pod.ref), why: `In ${where} container ${clash.name} cannot start: container ${clash.clash.container} already listens on port ${clash.clash.port}.` });
  }
  if (rule === null) {
    const headless = journey.asked.headless;
    const remapped = headless?.ports.find((one) => one.port === port && one.protocol === protocol && one.targetPort !== port);
    const translation = headless === null || remapped === undefined ? '' : ` ${refText(headless.ref)} is headless: nobody translates its port ${port} to ${remapped.targetPort}.`;
    const written = configured(journey.sender, `${hostText(journey.asked.host)}:${journey.dialled.destination.port ?? ''}`);
    return refuse(journey, {
      reason: 'port-closed', layer: 'pod', object: written?.object ?? pod.owner, field: written?.field ?? processField(pod), evidence,
      why: `In ${where} nothing listens on ${protocol} port ${port}: ${sockets(pod.sockets)}.${translation}`,
    });
  }
  const other = pod.sockets.find((socket) => socket.port === port && socket.protocol !== protocol);
  const name = refText(rule.service.ref);
  const field = `spec.ports[${rule.port.index}]`;
  // A slice written by hand names the port itself.
  const slice = rule.service.selector === null ? rule.port.endpoints.find(({ ip }) => ip === destination.ip)?.slice : undefined;
  const object = slice ?? rule.service.ref;
  return refuse(journey, {
    reason: 'target-port-closed', layer: 'service', object, field: slice !== undefined ? 'ports' : other === undefined ? `${field}.targetPort` : `${field}.protocol`, evidence,
    why: other === undefined
      ? `${name} sends its port ${rule.port.port} to port ${port} of ${where}, where nothing listens: ${sockets(pod.sockets)}.`
      : `${name} sends ${protocol} to port ${port} of ${where}, which listens there for ${other.protocol} only.`,
  });
}

function atNode(journey: Journey, plane: Plane, name: string): Step {
  const node = plane.nodes.get(name);
  const { destination, protocol } = journey.packet;
  const who: Answerer = { name: `Node ${name}`, object: nodeRef(name), evidence: 'kubectl get nodes -o wide', stem: name };
  if (protocol === 'ICMP') return answer(journey, plane, who, { tls: null, answers: [], port: 0 }, 0.001);
  const health = node === undefined ? undefined : answerHealthCheck(journey, plane, node);
  if (health !== undefined) return health;
  const pods = plane.hostPods.get(name) ?? [];
  for (const pod of pods) {
    const socket = pod.sockets.find((candidate) => candidate.port === destination.port && candidate.protocol === protocol && socketTakes(candidate, destination.ip));
    const others = pods.filter((other) => other !== pod && other.sockets.some((candidate) => candidate.port === destination.port && candidate.protocol === protocol && socketTakes(candidate, destination.ip)));
    const own = journey.rule === null ? { ...journey, backend: { pod: others.length === 0 ? `${pod.namespace}/${pod.name}` : null, ip: destination.ip, port: destination.port } } : journey;
    if (socket !== undefined) return answer(own, plane, { name: `Pod ${pod.namespace}/${pod.name} on node ${name}`, object: pod.ref, evidence: listening(pod, protocol), stem: pod.name }, socket, 0.001);
  }
  const own = node?.sockets.find((socket) => socket.port === destination.port && socket.protocol === protocol && socketTakes(socket, destination.ip));
  if (own !== undefined) return answer(journey, plane, { ...who, name: `${own.container} on node ${name}` }, own, 0.001);
  if (journey.rule !== null) {
    const pod = pods.find((candidate) => journey.backend?.pod === `${candidate.namespace}/${candidate.name}`);
    if (pod !== undefined) return closedPod(journey, pod);
  }
  if (journey.sender.kind === 'pod' && journey.sender.pod.hostNetwork && isLoopback(destination.ip)) return closedPod(journey, journey.sender.pod);
  const written = configured(journey.sender, journey.asked.host);
  return refuse(journey, {
    reason: 'port-closed', layer: 'network', object: written?.object ?? nodeRef(name), field: written?.field ?? 'status.addresses', evidence: 'kubectl get services -A',
    why: `On node ${name} nothing listens on ${protocol} port ${destination.port ?? ''}, and no Service has it as a node port.`,
  });
}

/** A name of the host, or an address as it was typed: what a server takes without being told. */
const known = (names: readonly string[], host: string): boolean => names.some((name) => nameFits(name, host)) || /^[\d.]+$|:/.test(host);

function atOutside(journey: Journey, plane: Plane): Step {
  const step = outsideAnswers(journey, plane);
  const { ip, port } = journey.packet.destination;
  const host = plane.outsideAt.get(ip);
  const tls = host?.ports.find((one) => one.port === port && one.protocol === journey.packet.protocol)?.tls;
  if (step.kind !== 'end' || journey.asked.scheme !== 'https' || host === undefined || tls == null || step.walk.stalled?.during === 'tls') return step;
  return { kind: 'end', walk: { ...step.walk, tls: ownTls(tls, journey.asked.host, { kind: 'External', namespace: '', name: host.name }) } };
}

function outsideAnswers(journey: Journey, plane: Plane): Step {
  const { destination, protocol } = journey.packet;
  const { asked } = journey;
  const host = plane.outsideAt.get(destination.ip);
  const name = host?.name ?? destination.ip;
  const object: ObjectRef = { kind: 'External', namespace: '', name };
  const web = asked.scheme === 'http' || asked.scheme === 'https';
  const evidence = fromSender(journey.sender, `curl -sS ${web ? asked.scheme : 'http'}://${hostText(asked.host)}${destination.port === null ? '' : `:${destination.port}`}${web && asked.path !== '' ? asked.path : '/'}`, 'kubectl get services -A');
  const hop: HopFacts = { layer: 'external', stage: 'arrival', action: 'deliver', object, evidence, says: `${name} outside the cluster takes the packet.` };
  const secure = asked.scheme === 'https' && (host === undefined || host.ports.some((one) => one.port === destination.port && one.tls !== null));
  const listens = host === undefined || protocol === 'ICMP' || host.ports.some((one) => one.port === destination.port && one.protocol === protocol);
  const stuck = journey.narrow === null || !listens ? null : protocol === 'TCP' ? stalled(journey, plane, { secure, answer: asked.size ?? (web ? name.length : null), status: web ? 200 : null, taken: hop }) : tooLarge(journey, plane);
  if (stuck !== null) return { kind: 'end', walk: stuck };
  // An alias decides what the host makes of the name: the deciding hop is its own.
  const blamed = asked.alias?.ref ?? object;
  const field = asked.alias === null ? null : 'spec.externalName';
  const deciding = { ...hop, object: blamed, field };
  if (host === undefined) {
    const why = journey.note ?? `Nothing is known of ${destination.ip} outside the cluster: it is taken to answer.`;
    return { kind: 'end', walk: end(journey, { verdict: 'delivered', reason: 'answered', why, elapsed: 0.02, ...(web ? { status: 200, body: `${destination.ip}:${destination.port ?? ''}\n` } : {}), hop }) };
  }
  if (protocol === 'ICMP') return { kind: 'end', walk: end(journey, { verdict: 'delivered', reason: 'answered', why: `${name} answers.`, elapsed: 0.02, hop }) };
  const port = host.ports.find((candidate) => candidate.port === destination.port && candidate.protocol === protocol);
  if (port === undefined) {
    const why = `${name} (${destination.ip}) does not answer on ${protocol} port ${destination.port ?? ''}${asked.alias === null ? '' : `: ${refText(asked.alias.ref)} is a name only, its ports translate nothing`}.`;
    return { kind: 'end', walk: end(journey, { verdict: 'timeout', reason: 'outside-host-silent', why, elapsed: null, hop: { ...deciding, action: 'lose', says: why } }) };
  }
  if (asked.scheme === 'https') {
    if (port.tls === null) {
      const why = `${name} speaks no TLS on port ${port.port}.`;
      return { kind: 'end', walk: end(journey, { verdict: 'tls-error', reason: 'tls-not-spoken', why, elapsed: 0.02, hop: { ...deciding, action: 'answer', says: why } }) };
    }
    if (!port.tls.some((one) => nameFits(one, asked.host))) {
      const why = `The certificate of ${name} is for ${port.tls.join(', ')}, and the client asked for ${asked.host}${asked.alias === null ? '' : `: ${refText(asked.alias.ref)} gives the host another name, and TLS keeps the one that was typed`}.`;
      return { kind: 'end', walk: end(journey, { verdict: 'tls-error', reason: asked.alias === null ? 'tls-name-mismatch' : 'external-alias', why, elapsed: 0.02, hop: { ...deciding, action: 'answer', says: why } }) };
    }
  }
  if (asked.scheme === 'http' && port.tls !== null) {
    const why = `${name} speaks TLS on port ${port.port}, and the client does not.`;
    return { kind: 'end', walk: end(journey, { verdict: 'http-error', reason: 'answered', status: 400, body: 'Bad Request\n', why, elapsed: 0.02, hop: { ...deciding, action: 'answer', says: why } }) };
  }
  if (web && !known([...(port.hosts ?? []), ...(asked.alias === null || port.hosts === null ? [name] : [])], asked.host)) {
    const why = `${name} has no site called ${asked.host}: ${asked.alias === null ? 'the Host header names another' : `${refText(asked.alias.ref)} gives the host another name, and the Host header keeps the one that was typed`}.`;
    return { kind: 'end', walk: end(journey, { verdict: 'http-error', reason: 'external-alias', status: 404, body: 'Not Found\n', why, elapsed: 0.02, hop: { ...deciding, action: 'answer', says: why } }) };
  }
  return { kind: 'end', walk: end(journey, { verdict: 'delivered', reason: 'answered', why: journey.note ?? `${name} answers on port ${port.port}.`, elapsed: 0.02, ...(web ? { status: 200, body: `${name}:${port.port}\n` } : {}), hop }) };
}

export const arrival: Station = {
  name: 'arrival',
  meet: (given, plane) => {
    const { place, packet } = given;
    // Whoever is reached without a Service is the only backend that there could be.
    const pods = place.kind === 'pod' ? `${place.namespace}/${place.name}` : null;
    const journey: Journey = given.backend === null ? { ...given, backend: { pod: pods, ip: packet.destination.ip, port: packet.destination.port } } : given;
    if (place.kind === 'outside') return atOutside(journey, plane);
    if (place.kind === 'node') return atNode(journey, plane, place.name);
    const pod = plane.pods.get(`${place.namespace}/${place.name}`);
    if (pod === undefined) return undefined;
    const who: Answerer = { name: `Pod ${pod.namespace}/${pod.name}`, object: pod.ref, evidence: listening(pod, packet.protocol), stem: pod.name };
    if (packet.protocol === 'ICMP') return answer({ ...journey, asked: { ...journey.asked, scheme: 'icmp' } }, plane, who, { tls: null, answers: [], port: 0 }, 0.001);
    const socket = pod.sockets.find((candidate) => candidate.port === packet.destination.port && candidate.protocol === packet.protocol && socketTakes(candidate, packet.destination.ip));
    return socket === undefined ? closedPod(journey, pod) : answer(journey, plane, who, socket, 0.001);
  },
};

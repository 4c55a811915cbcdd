// What an edge says itself: redirects, statuses, and TLS that comes to nothing.
import type { AnswerCause, EdgeAnswer } from '../edge/answer-at-edge.ts';
import { ownHeaders, tlsShown } from '../edge/edge-exchange.ts';
import { edgeBody } from '../edge/manners.ts';
import type { EdgeCertificate, EdgeReply } from '../model/edge.ts';
import type { ObjectRef } from '../model/object.ts';
import type { Reason } from '../model/reason.ts';
import type { TlsShown, Walk } from '../model/trace.ts';
import type { Edge } from './edge-here.ts';
import { describing, getting } from './evidence.ts';
import { end, type HopFacts } from './journey.ts';

export const edgeReasons: Readonly<Record<AnswerCause, Reason>> = { redirected: 'redirected', 'not-matched': 'not-at-edge', unserved: 'edge-unserved', 'no-backend': 'edge-backend-unresolved', 'plain-to-tls': 'answered', misdirected: 'not-at-edge', 'source-refused': 'source-range-refused' };

type Fault = Extract<EdgeAnswer, { kind: 'tls' }>['fault'];

const faults: Readonly<Record<Fault, Reason>> = { 'self-signed': 'tls-untrusted', 'unknown-issuer': 'tls-untrusted', expired: 'tls-expired', name: 'tls-name-mismatch', closed: 'tls-closed', 'no-tls': 'tls-not-spoken' };

/** TLS as the client meets it, before the edge or at it; `null` where it sees none. */
export function clientTls({ journey, front, ended, pod }: Edge, certificate: EdgeCertificate | null): TlsShown | null {
  if (journey.asked.scheme !== 'https') return null;
  if (ended && front !== null) return tlsShown(front.certificate, front.service);
  return certificate === null ? null : tlsShown(certificate, pod.ref);
}

/** A walk with what TLS showed its client. */
export const withTls = (walk: Walk, tls: TlsShown | null): Walk => (tls === null ? walk : { ...walk, tls });

interface Saying {
  readonly nobody?: boolean;
  readonly layer?: Walk['layer'];
  readonly evidence?: string;
  readonly location?: string | null;
  /** An answer that helps nobody, whatever its status. */
  readonly bad?: boolean;
  readonly body?: string;
}

/** The edge says something itself. */
export function answered({ journey, proxy, told }: Edge, answer: EdgeReply, reason: Reason, more: Saying = {}): Walk {
  const good = answer.status < 400 && more.bad !== true;
  const { manners, name } = proxy.rules;
  const says = answer.status < 400 ? answer.why : `${name} answers ${answer.status}: ${answer.why}`;
  const hop: HopFacts = { layer: 'external', stage: 'edge', action: 'answer', object: answer.object, field: answer.field, evidence: more.evidence ?? describing(answer.object), says };
  const walk = end({ ...journey, backend: good ? journey.backend : null }, {
    verdict: good ? 'delivered' : 'http-error', reason, why: says, status: answer.status, body: more.body ?? edgeBody(manners, answer.status, more.nobody), elapsed: 0.002, hop, ...(more.layer == null ? {} : { layer: more.layer }),
  });
  return { ...walk, http: { received: null, headers: [...(more.location == null ? [] : [['Location', more.location] as const]), ...ownHeaders(manners, told || journey.asked.scheme === 'https')] } };
}

/** The client turns away from the certificate: what it would have got is kept for one that does not look (`curl -k`). */
export function turnedAway(edge: Edge, answer: Extract<EdgeAnswer, { kind: 'tls' }>): (walk: Walk) => Walk {
  const hop: HopFacts = { layer: 'external', stage: 'edge', action: 'answer', object: answer.object, field: answer.field, evidence: describing(answer.object), says: answer.why };
  const tls = clientTls(edge, answer.certificate);
  return (walk) => withTls({
    ...end({ ...edge.journey, backend: null, probability: walk.probability }, { verdict: 'tls-error', reason: faults[answer.fault], why: answer.why, elapsed: 0.004, hop }), status: walk.status, body: walk.body, ...(walk.http === undefined ? {} : { http: walk.http }),
  }, tls);
}

/** The load balancer announces its clients, and the edge does not expect that; or the other way round (haproxy.org, PROXY protocol). */
export function unannounced(edge: Edge): Walk | null {
  const { journey, front, proxy } = edge;
  const { settings } = proxy;
  const sent = front?.proxyProtocol === true;
  if (sent === settings.proxyProtocol) return null;
  const tls = journey.asked.scheme === 'https' && !edge.ended;
  const object: ObjectRef = sent ? front.object : settings.object;
  const field = sent ? front.field : settings.object.kind === 'ConfigMap' ? 'data.use-proxy-protocol' : null;
  const why = sent
    ? `The load balancer of ${front.service.kind} ${front.service.namespace}/${front.service.name} writes a PROXY line before the client's own bytes, and ${proxy.rules.name} does not expect one: it reads it as a broken request.`
    : `${proxy.rules.name} waits for a PROXY line (${settings.object.kind} ${settings.object.namespace}/${settings.object.name}), and nobody on the way writes one${journey.sender.kind === 'pod' ? ': inside the cluster the address of the load balancer leads past it' : ''}: it closes the connection.`;
  const hop: HopFacts = { layer: 'external', stage: 'edge', action: 'answer', object, field, evidence: sent ? describing(object) : settings.object.kind === 'ConfigMap' ? getting(object, ' -o yaml') : describing(object), says: why };
  const walk = (verdict: Walk['verdict'], reason: Reason, more: { readonly status?: number; readonly body?: string } = {}): Walk => end({ ...journey, backend: null }, { verdict, reason, why, elapsed: 0.002, hop, ...more });
  if (sent) return withTls(tls ? walk('tls-error', 'tls-not-spoken') : walk('http-error', 'proxy-protocol-mismatch', { status: 400, body: edgeBody(proxy.rules.manners, 400) }), clientTls(edge, null));
  // Without a status: the connection ends before one came.
  return withTls(tls ? walk('tls-error', 'tls-closed') : { ...walk('http-error', 'proxy-protocol-mismatch'), body: null }, clientTls(edge, null));
}

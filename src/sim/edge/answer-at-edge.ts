// One request at an edge: which listener and rule take it, and where it goes, or what the edge says itself.
import { parseAddress, parseRange, rangeHolds } from '../base/address.ts';
import type { EdgeBackend, EdgeCertificate, EdgeListener, EdgeRoute, EdgeRules } from '../model/edge.ts';
import { refText, type ObjectRef } from '../model/object.ts';
import { isHttp, isRoute } from './gateway-route.ts';
import { hostFits, hostRank, usualHost } from './host-names.ts';
import { changedPath, pathFits, pathOf, patternOf } from './path-match.ts';

export interface EdgeRequest {
  /** The Host header. */
  readonly host: string;
  /** With its query. */
  readonly path: string;
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** `verify`: the client looks at the certificate (curl without `-k`). */
  readonly tls: { readonly serverName: string; readonly verify?: boolean } | null;
  /** Of the listener. */
  readonly port: number;
  /** The sender's address, as the edge sees it; absent: nobody asks for it. */
  readonly client?: string;
  /** TLS ended before the edge, and it was told so. */
  readonly secured?: boolean;
}

export type CertificateFault = 'self-signed' | 'unknown-issuer' | 'expired' | 'name';

/** Why the edge answers itself: a redirect, no rule, a rule that nobody serves, a rule without a backend, plain HTTP where TLS is spoken, TLS for one host and HTTP for another, a sender that may not. */
export type AnswerCause = 'redirected' | 'not-matched' | 'unserved' | 'no-backend' | 'plain-to-tls' | 'misdirected' | 'source-refused';

export type EdgeAnswer =
  /** To one of the backends, by weight; they have at least one with a weight above 0. */
  | { readonly kind: 'forward'; readonly route: EdgeRoute; readonly listener: EdgeListener; readonly backends: readonly EdgeBackend[]; readonly host: string; readonly path: string; readonly rewritten: boolean; /** What TLS showed before; `null` without TLS at the edge. */ readonly certificate: EdgeCertificate | null }
  | { readonly kind: 'answer'; readonly cause: AnswerCause; readonly status: number; readonly location: string | null; readonly object: ObjectRef; readonly field: string | null; readonly why: string; readonly certificate: EdgeCertificate | null }
  /** TLS comes to nothing: `fault` is `closed` where no certificate was shown, `no-tls` where the port speaks none. `past` is what a client gets that does not verify. */
  | { readonly kind: 'tls'; readonly certificate: EdgeCertificate | null; readonly fault: CertificateFault | 'closed' | 'no-tls'; readonly object: ObjectRef; readonly field: string | null; readonly why: string; readonly past: EdgeAnswer | null };

type Plain = Exclude<EdgeAnswer, { kind: 'tls' }>;

const conditions = (asked: EdgeRequest, route: EdgeRoute): boolean => {
  const query = new URLSearchParams(/\?([^#]*)/.exec(asked.path)?.[1] ?? '');
  const holds = (value: string | null | undefined, wanted: string, regex: boolean): boolean => value !== null && value !== undefined && (regex ? patternOf(`(?:${wanted})$`, false)?.test(value) === true : value === wanted);
  return (route.method === null || route.method === asked.method)
    && route.headers.every(({ name, value, regex }) => holds(Object.hasOwn(asked.headers, name) ? asked.headers[name] : undefined, value, regex))
    && route.query.every(({ name, value, regex }) => holds(query.get(name), value, regex));
};

/** A wildcard of an Ingress may stand for one label only; one of the Gateway API stands for more. */
const forHost = (route: EdgeRoute, host: string, oneLabel: boolean): boolean => hostFits(route.host, host, oneLabel && !isRoute(route.object.kind));

/** Whether a route is for a request, host and all. */
export const routeFits = (route: EdgeRoute, asked: EdgeRequest, oneLabel: boolean): boolean => forHost(route, asked.host, oneLabel) && pathFits(route.path, asked.path) && conditions(asked, route);

function routeFor(rules: EdgeRules, listener: EdgeListener, asked: EdgeRequest): EdgeRoute | undefined {
  const { oneLabel, strictHost, catchAll } = rules.manners;
  const forIt = listener.routes.filter((route) => forHost(route, asked.host, oneLabel));
  const own = forIt.filter(({ fallback }) => !fallback);
  // A server of nginx, a virtual host of Envoy: once the host has one, no wider one is asked.
  const most = Math.max(...(catchAll === 'hosts' ? forIt : own).map(({ host }) => hostRank(host)));
  const standing = (route: EdgeRoute): boolean => hostRank(route.host) === most;
  return own.find((route) => (!strictHost || standing(route)) && routeFits(route, asked, oneLabel)) ?? forIt.find((route) => route.fallback && (catchAll === 'everything' || standing(route)) && routeFits(route, asked, oneLabel));
}

/** Nothing takes it: the nearest thing that a repair would change. */
function unmatched(rules: EdgeRules, listeners: readonly EdgeListener[], asked: EdgeRequest): Plain {
  const { oneLabel } = rules.manners;
  const host = usualHost(asked.host);
  const reply = (object: ObjectRef, field: string | null, why: string, cause: AnswerCause = 'not-matched'): Plain => ({ kind: 'answer', cause, status: 404, location: null, object, field, why, certificate: null });
  const missed = rules.missed.find(({ route }) => routeFits(route, asked, oneLabel));
  if (missed !== undefined) return reply(missed.object, missed.field, missed.why, missed.unserved ? 'unserved' : 'not-matched');
  const routes = listeners.flatMap((listener) => listener.routes).filter(({ fallback }) => !fallback);
  const here = routes.filter((route) => forHost(route, host, oneLabel));
  const near = here.find((route) => pathFits({ kind: 'text', value: route.path.value }, asked.path)) ?? here[0];
  if (near !== undefined) {
    const path = pathOf(asked.path);
    const met = pathFits(near.path, asked.path) && !conditions(asked, near);
    const own = near.path.kind === 'exact' ? 'exactly ' : near.path.kind === 'regex' ? 'the pattern ' : '';
    return reply(near.object, near.field, met
      ? `No rule for ${host} takes a ${asked.method} request for ${path}: ${refText(near.object)} asks for another method, header or query.`
      : `No rule for ${host} takes the path ${path}: the nearest, of ${refText(near.object)}, is for ${own}${near.path.value}.`);
  }
  const elsewhere = routes.find((route) => pathFits(route.path, asked.path)) ?? routes[0];
  if (elsewhere !== undefined) {
    const hosts = [...new Set(routes.map((route) => route.host))].slice(0, 3).join(', ');
    return reply(elsewhere.object, hostField(elsewhere), `No rule is for the host ${host}: ${rules.name} has rules for ${hosts}.`);
  }
  const other = rules.missed[0];
  return other === undefined ? reply(rules.own.object, rules.own.field, `No Ingress or route of ${rules.name} takes requests for ${host}.`) : reply(other.object, other.field, other.why, other.unserved ? 'unserved' : 'not-matched');
}

const hostField = (route: EdgeRoute): string => (isRoute(route.object.kind) ? 'spec.hostnames' : `${/^spec\.rules\[\d+\]/.exec(route.field ?? '')?.[0] ?? 'spec.rules'}.host`);

function redirectOf(route: EdgeRoute, listener: EdgeListener, asked: EdgeRequest): Plain | undefined {
  const redirect = route.redirect;
  const secure = asked.tls !== null || asked.secured === true;
  if (redirect === null || (redirect.plainOnly && secure)) return undefined;
  const now = secure ? 'https' : 'http';
  const scheme = redirect.scheme ?? now;
  const port = redirect.port ?? (redirect.scheme === null ? listener.port : null);
  const shown = port === null || (scheme === 'http' && port === 80) || (scheme === 'https' && port === 443) ? '' : `:${port}`;
  const location = `${scheme}://${redirect.host ?? usualHost(asked.host)}${shown}${changedPath(redirect.path, route.path, asked.path)}`;
  return { kind: 'answer', cause: 'redirected', status: redirect.status, location, object: redirect.object, field: redirect.field, why: `${refText(redirect.object)} sends the request on to ${location}.`, certificate: null };
}

/** Whether the sender is one of those that a rule takes; a rule without a list takes everybody. */
function sourceTaken(route: EdgeRoute, client: string | undefined): boolean {
  const address = client === undefined ? undefined : parseAddress(client);
  return route.sources === undefined || address === undefined || route.sources.ranges.some((text) => { const range = parseRange(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`); return range !== undefined && rangeHolds(range, address); });
}

function taken(rules: EdgeRules, route: EdgeRoute, listener: EdgeListener, asked: EdgeRequest): Plain {
  // nginx redirects in its rewrite phase, before it looks at who may come in.
  const redirected = redirectOf(route, listener, asked);
  if (redirected !== undefined) return redirected;
  if (route.sources !== undefined && !sourceTaken(route, asked.client)) {
    return { kind: 'answer', cause: 'source-refused', status: 403, location: null, object: route.sources.object, field: route.sources.field, why: `${refText(route.sources.object)} takes requests from ${route.sources.ranges.join(', ')} only, and ${rules.name} sees this one come from ${asked.client ?? '?'}.`, certificate: null };
  }
  const backends = route.backends.filter(({ weight }) => weight > 0);
  if (backends.length === 0) {
    const status = isRoute(route.object.kind) ? 500 : rules.manners.empty;
    const why = route.backends.length === 0 ? `The rule of ${refText(route.object)} names no backend.` : `Every backend in the rule of ${refText(route.object)} has weight 0.`;
    return { kind: 'answer', cause: 'no-backend', status, location: null, object: route.object, field: route.field, why, certificate: null };
  }
  const { rewrite } = route;
  const path = changedPath(rewrite?.path ?? null, route.path, asked.path);
  const host = rewrite?.host ?? asked.host;
  return { kind: 'forward', route, listener, backends, host, path, rewritten: path !== changedPath(null, route.path, asked.path) || host !== asked.host, certificate: null };
}

/** Listeners of a port for a name, the most particular first. */
const listenersFor = (rules: EdgeRules, port: number, name: string): EdgeListener[] =>
  rules.listeners.filter((listener) => listener.port === port && hostFits(listener.host, name, false)).sort((left, right) => hostRank(right.host) - hostRank(left.host));

function plain(rules: EdgeRules, listeners: readonly EdgeListener[], asked: EdgeRequest): Plain {
  // Listeners of the same host on one port are those of several objects: Ingresses beside a Gateway.
  const most = listeners[0]?.host;
  for (const listener of listeners) {
    if (listener.host !== most) break;
    const route = routeFor(rules, listener, asked);
    if (route !== undefined) return taken(rules, route, listener, asked);
  }
  return unmatched(rules, listeners.length > 0 ? listeners : rules.listeners.filter(({ port }) => port === asked.port), asked);
}

/** The fault that a client with the usual authorities finds; OpenSSL looks at the chain and its dates before curl looks at the names. */
export function certificateFault(certificate: EdgeCertificate, name: string): CertificateFault | null {
  if (certificate.trust !== 'trusted') return certificate.trust;
  return certificate.names.some((one) => hostFits(one, name, true)) && certificate.names.every((one) => one !== '') ? null : 'name';
}

/** Connections that are passed on: the name that TLS asks for is all that is read of them. */
function passed(rules: EdgeRules, listeners: readonly EdgeListener[], asked: EdgeRequest, name: string): EdgeAnswer {
  for (const listener of listeners) {
    const route = listener.routes.find((one) => hostFits(one.host, name, false));
    if (route !== undefined) return taken(rules, { ...route, redirect: null }, listener, { ...asked, path: '' });
  }
  const missed = rules.missed.find(({ route }) => route.stream === true && hostFits(route.host, name, false));
  const [listener] = listeners;
  const other = listener?.routes[0];
  const why = missed?.why ?? (other === undefined ? `No route sends connections of listener ${listener?.name ?? ''} of ${rules.name} anywhere: they are closed.` : `No route of listener ${listener?.name ?? ''} of ${rules.name} is for ${name}: it has routes for ${other.host}. The connection is closed.`);
  return { kind: 'tls', certificate: null, fault: 'closed', object: missed?.object ?? other?.object ?? listener?.object ?? rules.own.object, field: missed?.field ?? (other === undefined ? listener?.field ?? null : hostField(other)), why, past: null };
}

/** The listener of a port that is for a name, as its neighbours leave it. */
const listenerFor = (rules: EdgeRules, port: number, name: string): EdgeListener | undefined => listenersFor(rules, port, name)[0];

function overTls(rules: EdgeRules, listeners: readonly EdgeListener[], asked: EdgeRequest, name: string): Plain {
  const own = listeners[0];
  const meant = listenerFor(rules, asked.port, asked.host);
  // The connection was made for another listener: its clients are told to make a new one (RFC 9110, 15.5.20; Gateway API, Listener.hostname).
  if (own !== undefined && meant !== own && rules.manners.misdirected !== null && own.routes.every((route) => isHttp(route.object.kind))) {
    return { kind: 'answer', cause: 'misdirected', status: rules.manners.misdirected, location: null, object: own.object, field: own.field, why: `TLS was made for ${name}, which is listener ${own.name} of ${rules.name}, and the request is for ${usualHost(asked.host)}, which is ${meant === undefined ? 'none of its listeners' : `listener ${meant.name}`}.`, certificate: null };
  }
  return plain(rules, listeners, asked);
}

const faultSays = (fault: CertificateFault, certificate: EdgeCertificate, shown: string, edge: string, name: string): string => {
  switch (fault) {
    case 'name': return `The certificate that ${edge} shows is for ${shown}, not for ${name}: ${certificate.says}`;
    case 'expired': return `The certificate for ${shown} has expired: ${certificate.says}`;
    case 'self-signed': case 'unknown-issuer': return certificate.says;
  }
};

/** Never fails: an edge always says something. The request must be for a port of one of the listeners. */
export function answerAtEdge(rules: EdgeRules, asked: EdgeRequest): EdgeAnswer {
  if (asked.tls === null) {
    const secure = rules.listeners.find((listener) => listener.port === asked.port);
    if (secure !== undefined && secure.tls !== null) {
      return { kind: 'answer', cause: 'plain-to-tls', status: 400, location: null, object: secure.object, field: secure.field, why: `Listener ${secure.name} of ${rules.name} speaks TLS on port ${asked.port}, and the client does not.`, certificate: null };
    }
    const listeners = listenersFor(rules, asked.port, asked.host);
    return listeners[0]?.stream === true ? passed(rules, listeners, asked, '') : plain(rules, listeners, asked);
  }
  const name = usualHost(asked.tls.serverName);
  const listeners = listenersFor(rules, asked.port, name);
  const listener = listeners[0];
  if (listener?.stream === true && listener.tls !== 'terminate') return passed(rules, listeners, asked, listener.tls === null ? '' : name);
  if (listener === undefined || listener.tls === null) {
    const other = listener ?? rules.listeners.find((one) => one.port === asked.port);
    const why = listener?.tls === null
      ? `Listener ${listener.name} of ${rules.name} speaks no TLS on port ${asked.port}: the client asks for TLS and gets plain text.`
      : `No listener of ${rules.name} on port ${asked.port} is for ${name}: the connection is closed before TLS begins.`;
    return { kind: 'tls', certificate: null, fault: listener?.tls === null ? 'no-tls' : 'closed', object: other?.object ?? rules.own.object, field: other === undefined ? rules.own.field : listener?.tls === null ? `${other.field ?? 'spec'}.protocol` : `${other.field ?? 'spec'}.hostname`, why, past: null };
  }
  const certificate = listener.certificates.find(({ host }) => hostFits(host, name, true))?.certificate ?? listener.certificates.at(-1)?.certificate;
  if (certificate === undefined) {
    return { kind: 'tls', certificate: null, fault: 'closed', object: listener.object, field: listener.field, why: `Listener ${listener.name} of ${rules.name} has no certificate: TLS fails.`, past: null };
  }
  const after = listener.stream === true ? passed(rules, listeners, asked, name) : overTls(rules, listeners, asked, name);
  if (after.kind === 'tls') return after;
  const past: Plain = { ...after, certificate };
  const fault = asked.tls.verify === false ? null : certificateFault(certificate, name);
  if (fault === null) return past;
  const shown = certificate.names.length === 0 ? 'nobody' : certificate.names.join(', ');
  return { kind: 'tls', certificate, fault, object: certificate.decider.object, field: certificate.decider.field, why: faultSays(fault, certificate, shown, rules.name, name), past };
}

// How a tool asks the network: a target, the trace, and the one way that this request took; kept for conntrack and tcpdump.
import { hash32 } from '../../sim/base/choose.ts';
import { parseAddress } from '../../sim/base/address.ts';
import { connectionsOf } from '../../sim/dataplane/connections.ts';
import { send } from '../../sim/lab.ts';
import type { Connection } from '../../sim/model/connection.ts';
import type { HttpRequest, Request, Target } from '../../sim/model/request.ts';
import type { Trace, Walk } from '../../sim/model/trace.ts';
import type { Call, Inside } from '../command.ts';
import type { Sent } from '../session.ts';

export interface Asked {
  readonly trace: Trace;
  /** The way of this request: where the proxy has a choice, another command may take another. */
  readonly walk: Walk;
  /** For the session to remember. */
  readonly sent: Sent;
}

export interface Asking {
  readonly http?: HttpRequest | undefined;
  readonly size?: number | undefined;
  readonly upload?: number | undefined;
  readonly dontFragment?: boolean | undefined;
  /** Where it goes without a lookup. */
  readonly dialled?: Request['dialled'] | undefined;
  /** Seconds after which the tool gives up by itself. */
  readonly limit?: number | null | undefined;
  readonly times?: number | undefined;
}

/** What the network still knows of the session's requests: conntrack and affinity live of it. */
export function connectionsBefore(call: Pick<Call, 'sent' | 'clock'>): readonly Connection[] {
  return call.sent.flatMap((one) => (one.trace === null || one.walk === null ? [] : connectionsOf(one.trace, one.walk, Math.max(0, call.clock - one.at), false)));
}

/** Sends one request from the tool's place. */
export function askNetwork(call: Call, inside: Inside, to: Target, asking: Asking = {}): Asked {
  const { http, size, upload, dontFragment, dialled: at } = asking;
  const given = { from: inside.from, to, ...(http === undefined ? {} : { http }), ...(size === undefined ? {} : { size }), ...(upload === undefined ? {} : { upload }), ...(dontFragment === undefined ? {} : { dontFragment }) };
  const earlier = connectionsBefore(call);
  const trace = send(call.lab, { ...given, ...(earlier.length === 0 ? {} : { earlier }), ...(at === undefined ? {} : { dialled: at }) });
  const walk = walkOf(trace, call.turn, call.lab.network.seed);
  return { trace, walk, sent: { from: inside.from, at: call.clock, trace, walk, lookup: null, limit: asking.limit ?? null, times: asking.times ?? 1, turn: call.turn } };
}

/** One of the possible ways, as likely as it is: by hash, so that a replay is exact. */
export function walkOf(trace: Trace, turn: string, seed: number): Walk {
  let left = hash32(`${seed}\u0000${turn}`) / 2 ** 32;
  for (const walk of trace.walks) {
    left -= walk.probability;
    if (left < 0) return walk;
  }
  return trace.shown;
}

const defaultPorts = { http: 80, https: 443 } as const;

/** A target from its parts; the port may be left out for http, https and icmp. */
export function targetOf(scheme: Target['scheme'], host: string, port: number | null, path = ''): Target {
  const given = port ?? (scheme === 'http' || scheme === 'https' ? defaultPorts[scheme] : null);
  const literal = parseAddress(host)?.family === 'IPv6' ? `[${host}]` : host;
  return {
    scheme, host, path, port: given,
    protocol: scheme === 'http' || scheme === 'https' ? 'TCP' : scheme === 'tcp' ? 'TCP' : scheme === 'udp' ? 'UDP' : scheme === 'sctp' ? 'SCTP' : 'ICMP',
    text: `${scheme}://${literal}${port === null ? '' : `:${port}`}${path}`,
  };
}

/** The address that the request went to first: of the lookup, or the literal. */
export const dialled = (trace: Trace): string => {
  if (trace.request.dialled !== undefined) return trace.request.dialled.ip;
  const first = trace.shown.hops.find((hop) => hop.packet.destination.ip !== '' && hop.stage !== 'lookup');
  return parseAddress(trace.request.to.host) !== undefined ? trace.request.to.host : trace.lookup?.addresses[0] ?? first?.packet.destination.ip ?? trace.request.to.host;
};

/** The address of the name that the walk's packet went to. */
export const went = (trace: Trace, walk: Walk): string => {
  const to = walk.hops.find((hop) => hop.packet.destination.ip !== '' && hop.stage !== 'lookup')?.packet.destination.ip;
  return to !== undefined && (trace.lookup?.addresses ?? []).includes(to) ? to : dialled(trace);
};

/** Addresses of the name that a client tries before the walk's own, each of which refuses: a loopback of a family that nothing listens on. */
export const triedBefore = (trace: Trace, walk: Walk): readonly string[] => {
  const addresses = trace.lookup?.addresses ?? [];
  return trace.lookup?.without === 'hosts' ? addresses.slice(0, Math.max(0, addresses.indexOf(went(trace, walk)))) : [];
};

/** Where the connection came from, as the client's own kernel has it. */
export const sourceOf = (walk: Walk): { readonly ip: string; readonly port: number | null } => walk.hops.find((hop) => hop.stage !== 'lookup')?.packet.source ?? { ip: '0.0.0.0', port: 0 };

/** Simulated seconds that the lookup took; answers that came at once do not count. */
export const lookupSeconds = (trace: Trace): number => {
  const elapsed = trace.lookup?.elapsed ?? 0;
  return elapsed < 1 ? 0 : elapsed;
};

export const milliseconds = (seconds: number): number => Math.round(seconds * 1000);

/** Linux gives up a connection after six repetitions of the SYN (tcp_syn_retries=6): about 134.7 s. */
export const kernelGivesUp = 134.717;

export type Errno = 'Connection refused' | 'No route to host' | 'Network is unreachable' | 'Connection timed out';

/** What the kernel says of a connection that did not come about (connect(2)); `null` when it did. */
export function errnoOf(walk: Walk): Errno | null {
  switch (walk.verdict) {
    case 'refused': return 'Connection refused';
    case 'timeout': return 'Connection timed out';
    case 'unreachable': return walk.reason === 'no-route' && (walk.elapsed ?? 0) < 1 ? 'Network is unreachable' : 'No route to host';
    case 'delivered': case 'http-error': case 'tls-error': case 'hang': case 'name-not-found': case 'dns-failure': return null;
  }
}

/** musl's words for the same (strerror of musl 1.2). */
const muslWords: Readonly<Record<Errno, string>> = { 'Connection refused': 'Connection refused', 'No route to host': 'Host is unreachable', 'Network is unreachable': 'Network unreachable', 'Connection timed out': 'Operation timed out' };

/** An error in the words of the place's C library. */
export const errnoText = (errno: Errno, inside: Inside): string => (isMusl(inside) ? muslWords[errno] : errno);

export const isMusl = (inside: Inside): boolean => inside.resolver?.startsWith('musl') === true || /alpine|netshoot|curlimages\//.test(inside.image);

/** Seconds until a tool without a limit of its own knew. */
export const secondsOf = (trace: Trace, walk: Walk): number => lookupSeconds(trace) + (walk.verdict === 'timeout' ? kernelGivesUp : walk.elapsed ?? 0);

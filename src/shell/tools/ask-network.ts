// How a tool asks the network: a target, the trace, and the one way that this request took.
import { hash32 } from '../../sim/base/choose.ts';
import { parseAddress } from '../../sim/base/address.ts';
import { send } from '../../sim/lab.ts';
import type { HttpRequest, Target } from '../../sim/model/request.ts';
import type { Trace, Walk } from '../../sim/model/trace.ts';
import type { Call, Inside } from '../command.ts';

export interface Asked {
  readonly trace: Trace;
  /** The way of this request: where the proxy has a choice, another command may take another. */
  readonly walk: Walk;
}

/** Sends one request from the tool's container. */
export function askNetwork(call: Call, inside: Inside, to: Target, http?: HttpRequest): Asked {
  const trace = send(call.lab, { from: inside.from, to, ...(http === undefined ? {} : { http }) });
  return { trace, walk: walkOf(trace, call.turn, call.lab.network.seed) };
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
  const first = trace.shown.hops.find((hop) => hop.packet.destination.ip !== '' && hop.stage !== 'lookup');
  return parseAddress(trace.request.to.host) !== undefined ? trace.request.to.host : trace.lookup?.addresses[0] ?? first?.packet.destination.ip ?? trace.request.to.host;
};

/** Simulated seconds that the lookup took; answers that came at once do not count. */
export const lookupSeconds = (trace: Trace): number => {
  const elapsed = trace.lookup?.elapsed ?? 0;
  return elapsed < 1 ? 0 : elapsed;
};

export const milliseconds = (seconds: number): number => Math.round(seconds * 1000);

/** What the kernel says of a connection that did not come about (connect(2)); `null` when it did. */
export function errnoOf(walk: Walk): 'Connection refused' | 'No route to host' | 'Network is unreachable' | 'Connection timed out' | null {
  switch (walk.verdict) {
    case 'refused': return 'Connection refused';
    case 'timeout': return 'Connection timed out';
    case 'unreachable': return walk.reason === 'no-route' && (walk.elapsed ?? 0) < 1 ? 'Network is unreachable' : 'No route to host';
    case 'delivered': case 'http-error': case 'tls-error': case 'hang': case 'name-not-found': case 'dns-failure': return null;
  }
}

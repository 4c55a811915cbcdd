// The contract between a resolver and whatever carries its packets: the data plane, or a script in tests.
import type { AskedQuery, DnsQuery, DnsReply } from '../../model/lookup.ts';
import type { Walk } from '../../model/trace.ts';

export interface AskReply extends DnsReply {
  /** The way of the query's packet; `null` where no cluster stands behind the lookup. */
  readonly walk: Walk | null;
  /** Seconds until the answer is there (or the news that the port is closed); {@link roundTrip} when it is not said. Means nothing for `DROP`. */
  readonly delay?: number;
}

/**
 * Sends one query. `at` is simulated seconds after the start of the lookup.
 * Over TCP, `DROP` is a connection that is never made and `UNREACHABLE` one that is refused.
 * Called once for each query that leaves, in the order of leaving.
 */
export type Ask = (query: DnsQuery, at: number) => AskReply;

/** Seconds that a question and its answer take where nothing slows them down. */
export const roundTrip = 0.001;

/** A query under way; times in milliseconds since the start of the lookup. */
export interface Flight {
  readonly query: DnsQuery;
  readonly reply: AskReply;
  readonly leaves: number;
  /** `Infinity` when nothing ever comes back. */
  readonly arrives: number;
}

/** The network as a resolver sees it: it remembers what was asked. */
export interface Wire {
  /** The number of a new socket. */
  readonly open: () => number;
  readonly send: (query: DnsQuery, atMs: number) => Flight;
  readonly asked: () => readonly AskedQuery[];
}

/** Simulated milliseconds as the seconds of a document. */
export const inSeconds = (ms: number): number => Math.round(ms) / 1000;

export function openWire(ask: Ask): Wire {
  const asked: AskedQuery[] = [];
  let sockets = 0;
  return {
    open: () => sockets++,
    send(query, atMs) {
      const reply = ask(query, inSeconds(atMs));
      const { name, type, server, proto } = query;
      const { rcode, truncated, answers, authority, additional, walk } = reply;
      asked.push({ name, type, server, proto, rcode, truncated, answers, authority, additional, walk, at: inSeconds(atMs) });
      return { query, reply, leaves: atMs, arrives: rcode === 'DROP' ? Infinity : atMs + (reply.delay ?? roundTrip) * 1000 };
    },
    asked: () => asked,
  };
}

/** The earliest flight to arrive; of those that arrive together the one that left first. */
export function earliest(flights: readonly Flight[]): Flight | undefined {
  let first: Flight | undefined;
  for (const flight of flights) if (first === undefined || flight.arrives < first.arrives) first = flight;
  return first;
}

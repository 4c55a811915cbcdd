// glibc's way with servers: one after the other, both questions at once over one socket, TCP after a truncated answer.
import type { DnsReply, RecordType } from '../../model/lookup.ts';
import type { ResolverConfig } from '../parse-resolv-conf.ts';
import { earliest } from './ask.ts';
import type { Flight, Wire } from './ask.ts';

/** What one lookup changes for its later questions, as glibc's `res_state` does. */
export interface GlibcState {
  readonly config: ResolverConfig;
  nowMs: number;
  /** After a lost answer the second question waits for the answer to the first (`RES_SNGLKUP`), then has a socket of its own (`RES_SNGLKUPREOP`). */
  singleRequest: boolean;
  singleRequestReopen: boolean;
  /** The rcode that stands in the first answer buffer, from whatever question it came. */
  header: DnsReply['rcode'] | null;
  /** The last question got no answer that counts: the error number says so. */
  unanswered: boolean;
  sends: number;
}

/** Replies in the order of arrival (a slot may be empty), or the error number with which the library gave up. */
export type Sent = { readonly replies: readonly [DnsReply | null, DnsReply | null] } | { readonly failed: 'ECONNREFUSED' | 'ETIMEDOUT' };

interface Socket {
  flights: readonly Flight[];
  /** `null` while it is closed. */
  number: number | null;
}

type Attempt = 'next-server' | 'over-tcp' | { readonly replies: readonly [DnsReply | null, DnsReply | null] };

/** Milliseconds after which the kernel gives up connecting (tcp_syn_retries 6, measured: failures.md 0.1). */
const connectGivesUp = 134_717;
const ednsSize = 1200;

/** Sends one or two questions of a name (resolv/res_send.c, `__res_context_send`). */
export function send(state: GlibcState, wire: Wire, name: string, types: readonly RecordType[]): Sent {
  const { nameservers, attempts, rotate, useTcp } = state.config;
  // Simplified: the library starts at a random server; here each name of a lookup starts one server further than the last.
  const offset = rotate ? state.sends % nameservers.length : 0;
  state.sends += 1;
  const sockets = nameservers.map((): Socket => ({ flights: [], number: null }));
  let tcp = useTcp;
  let gotSomewhere = false;
  let tcpError: 'ECONNREFUSED' | 'ETIMEDOUT' = 'ETIMEDOUT';
  for (let attempt = 0; attempt < attempts; attempt++) {
    for (let shift = 0; shift < nameservers.length; shift++) {
      const place = (shift + offset) % nameservers.length;
      const server = nameservers[place] ?? '';
      let outcome: Attempt = 'next-server';
      if (!tcp) {
        const sent = overUdp(state, wire, name, types, server, place, sockets);
        gotSomewhere ||= sent.gotSomewhere;
        outcome = sent.outcome;
        tcp = outcome === 'over-tcp';
      }
      if (tcp) {
        // One try a server once TCP is spoken.
        attempt = attempts;
        const sent = overTcp(state, wire, name, types, server);
        if ('failed' in sent) tcpError = sent.failed;
        else outcome = sent;
      }
      if (typeof outcome === 'object' && outcome.replies.some((reply) => reply !== null)) return outcome;
    }
  }
  return { failed: tcp ? tcpError : gotSomewhere ? 'ETIMEDOUT' : 'ECONNREFUSED' };
}

/** One try of one server over UDP (`send_dg`). The sockets, one for each server, hold what is still under way: a late answer to an earlier try counts. */
function overUdp(state: GlibcState, wire: Wire, name: string, types: readonly RecordType[], server: string, place: number, sockets: readonly Socket[]): { outcome: Attempt; gotSomewhere: boolean } {
  const { timeout, nameservers, edns } = state.config;
  const socket = sockets[place] ?? { flights: [], number: null };
  // The library never closes one of them alone.
  const closeAll = (): void => {
    for (const each of sockets) {
      each.flights = [];
      each.number = null;
    }
  };
  // The time grows with the place of the server: 5, then 10 / n, then 20 / n seconds.
  const seconds = Math.max(place === 0 ? timeout : Math.trunc((timeout * 2 ** place) / nameservers.length), 1);
  const post = (type: RecordType): void => {
    socket.number ??= wire.open();
    socket.flights = [...socket.flights, wire.send({ name, type, server, proto: 'udp', socket: socket.number, ...(edns ? { size: ednsSize } : {}) }, state.nowMs)];
  };
  const end = (outcome: Attempt, gotSomewhere: boolean, close: boolean): { outcome: Attempt; gotSomewhere: boolean } => {
    if (close) closeAll();
    return { outcome, gotSomewhere };
  };
  let gotSomewhere = false;
  for (;;) {
    const finish = state.nowMs + seconds * 1000;
    const single = state.singleRequest || state.singleRequestReopen;
    const waiting = types.slice(single ? 1 : types.length);
    types.slice(0, single ? 1 : types.length).forEach(post);
    const came: { readonly type: RecordType; readonly reply: DnsReply | null }[] = [];
    for (let flight = earliest(socket.flights); flight !== undefined && flight.arrives <= finish; flight = earliest(socket.flights)) {
      const { query, reply, arrives } = flight;
      socket.flights = socket.flights.filter((other) => other.query !== query);
      state.nowMs = Math.max(state.nowMs, arrives);
      // The socket is connected, so the news of a closed port ends the try.
      if (reply.rcode === 'UNREACHABLE') return end('next-server', gotSomewhere, true);
      if (came.some(({ type }) => type === query.type)) continue;
      gotSomewhere = true;
      if (came.length === 0) state.header = reply.rcode;
      if (reply.rcode === 'SERVFAIL' || reply.rcode === 'NOTIMP' || reply.rcode === 'REFUSED') {
        const [first] = came;
        if (first !== undefined) return end({ replies: [first.reply, null] }, gotSomewhere, false);
        // Questions that go one by one end with the first failure.
        if (types.length === 1 || single) return end('next-server', gotSomewhere, true);
        came.push({ type: query.type, reply: null });
        continue;
      }
      if (reply.truncated) return end('over-tcp', gotSomewhere, true);
      came.push({ type: query.type, reply });
      if (came.length === types.length) return end({ replies: [came[0]?.reply ?? null, came[1]?.reply ?? null] }, gotSomewhere, true);
      const next = waiting.shift();
      if (next === undefined) continue;
      if (state.singleRequestReopen) closeAll();
      post(next);
    }
    state.nowMs = finish;
    const first = came[0]?.reply ?? null;
    if (first === null) return end('next-server', true, false);
    // One answer came and one was lost: ask again in a more careful way, and keep the one in the end.
    if (!single) state.singleRequest = true;
    else if (!state.singleRequestReopen) {
      state.singleRequestReopen = true;
      closeAll();
    } else return end({ replies: [first, null] }, gotSomewhere, true);
  }
}

/** One server over TCP (`send_vc`): both questions over one connection, no time limit but the kernel's. */
function overTcp(state: GlibcState, wire: Wire, name: string, types: readonly RecordType[], server: string): Sent {
  const start = state.nowMs;
  const came: DnsReply[] = [];
  const connection = wire.open();
  let flights = types.map((type) => wire.send({ name, type, server, proto: 'tcp', socket: connection }, start));
  for (let flight = earliest(flights); flight !== undefined; flight = earliest(flights)) {
    const arrived = flight;
    if (arrived.arrives === Infinity) {
      state.nowMs = Math.max(state.nowMs, start + connectGivesUp);
      return { failed: 'ETIMEDOUT' };
    }
    state.nowMs = arrived.arrives;
    if (arrived.reply.rcode === 'UNREACHABLE') return { failed: 'ECONNREFUSED' };
    if (came.length === 0) state.header = arrived.reply.rcode;
    came.push(arrived.reply);
    flights = flights.filter((other) => other !== arrived);
  }
  return { replies: [came[0] ?? null, came[1] ?? null] };
}

// What `ping -c N` says: iputils 20221126, as most images have it, and BusyBox' own.
import type { Trace, Walk } from '../../sim/model/trace.ts';
import { parseAddress } from '../../sim/base/address.ts';
import type { Inside } from '../command.ts';
import { dialled, errnoOf } from './ask-network.ts';

export interface PingEnd {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  /** The one line that says what went wrong; `null` when an answer came. */
  readonly failure: string | null;
  readonly seconds: number;
}

export interface PingHow {
  readonly count: number;
  /** Seconds between two packets. */
  readonly interval: number;
  /** Seconds that the last one is waited for (`-W`), and seconds for all of it (`-w`); `null` for none. */
  readonly wait: number | null;
  readonly deadline: number | null;
  /** Bytes of data. */
  readonly size: number;
  readonly quiet: boolean;
  readonly numeric: boolean;
  /** Nobody may cut the packets (`-M do`). */
  readonly whole: boolean;
  /** Of the interface that they leave by. */
  readonly mtu: number;
}

export const plainPing = (count: number): PingHow => ({ count, interval: 1, wait: 3, deadline: null, size: 56, quiet: false, numeric: false, whole: false, mtu: 1500 });

/** A packet starts with 64; every node that it crosses takes one. */
export const hopsLeft = (walk: Walk): number => 64 - new Set(walk.hops.filter((hop) => hop.at.kind === 'node').map((hop) => (hop.at.kind === 'node' ? hop.at.name : ''))).size;

/** The name that the resolver found: ping prints it in place of what was typed. */
const canonical = (trace: Trace): string => {
  const { host } = trace.request.to;
  if (trace.lookup === null || trace.lookup.without !== null) return host;
  return trace.lookup.queries.findLast((query) => query.answers.some((record) => record.type === 'A' || record.type === 'AAAA'))?.answers.findLast((record) => record.type === 'A' || record.type === 'AAAA')?.name.replace(/\.$/, '') ?? host;
};

const times = (count: number): readonly string[] => Array.from({ length: count }, (_unused, index) => (index === 0 ? '0.214' : '0.121'));

const resolvedError = (walk: Walk): string => (walk.verdict === 'name-not-found' ? 'Name or service not known' : 'Temporary failure in name resolution');

/** What came of the packets, in common: answers, what somebody on the way says, or nothing. */
function outcome(walk: Walk, how: PingHow): { readonly answered: boolean; readonly says: ((sequence: number) => string) | null; readonly local: string | null } {
  if (walk.verdict === 'delivered') return { answered: true, says: null, local: null };
  const errno = errnoOf(walk);
  const from = walk.hops.find((hop) => hop.stage !== 'lookup')?.packet.source.ip ?? '';
  if (walk.mtu !== undefined) {
    const { bytes, saidBy } = walk.mtu;
    if (saidBy === null) return { answered: false, says: null, local: `ping: local error: message too long, mtu=${bytes}` };
    // The first one is told by the node on the way; the sender remembers it for the next.
    return { answered: false, says: (sequence) => (sequence === 1 ? `From ${saidBy} icmp_seq=1 Frag needed and DF set (mtu = ${bytes})` : `ping: local error: message too long, mtu=${bytes}`), local: null };
  }
  const late = how.wait !== null && how.count === 1 && (walk.elapsed ?? 0) > how.wait;
  if (errno === 'No route to host' && !late) return { answered: false, says: (sequence) => `From ${from} icmp_seq=${sequence} Destination Host Unreachable`, local: null };
  if (errno === 'Connection refused') return { answered: false, says: (sequence) => `From ${from} icmp_seq=${sequence} Destination Port Unreachable`, local: null };
  return { answered: false, says: null, local: null };
}

/** What comes of `ping -c COUNT HOST`. */
export function pingSays(trace: Trace, walk: Walk, given: PingHow | number): PingEnd {
  const how = typeof given === 'number' ? plainPing(given) : given;
  const { host } = trace.request.to;
  const looked = trace.lookup?.elapsed ?? 0;
  if (walk.verdict === 'name-not-found' || walk.verdict === 'dns-failure') {
    const failure = `ping: ${host}: ${resolvedError(walk)}`;
    return { status: 2, out: '', err: `${failure}\n`, failure, seconds: looked };
  }
  const address = dialled(trace);
  if (errnoOf(walk) === 'Network is unreachable') return { status: 2, out: '', err: 'ping: connect: Network is unreachable\n', failure: 'ping: connect: Network is unreachable', seconds: looked };
  const six = address.includes(':');
  const shown = canonical(trace);
  const literal = parseAddress(host) !== undefined;
  const heading = six ? `PING ${shown}(${literal ? address : `${shown} (${address})`}) ${how.size} data bytes\n` : `PING ${shown} (${address}) ${how.size}(${how.size + 28}) bytes of data.\n`;
  const { answered, says, local } = outcome(walk, how);
  // Without answers -w goes on until its time is over, whatever -c says.
  const count = !answered && how.deadline !== null ? Math.max(1, Math.ceil(how.deadline / how.interval)) : how.count;
  const waited = Math.round((count - 1) * how.interval * 1000);
  const seconds = looked + (count - 1) * how.interval + (answered ? 0 : how.deadline !== null ? 0 : how.wait ?? 10);
  const title = `\n--- ${shown} ping statistics ---\n`;
  if (answered) {
    const from = literal || how.numeric ? address : `${address} (${address})`;
    const lines = how.quiet ? '' : times(count).map((time, index) => `${how.size + 8} bytes from ${from}: icmp_seq=${index + 1} ttl=${hopsLeft(walk)} time=${time} ms\n`).join('');
    const average = count === 1 ? '0.214/0.214/0.214/0.000' : count === 2 ? '0.121/0.167/0.214/0.046' : '0.121/0.152/0.214/0.043';
    return { status: 0, out: `${heading}${lines}${title}${count} packets transmitted, ${count} received, 0% packet loss, time ${waited}ms\nrtt min/avg/max/mdev = ${average} ms\n`, err: '', failure: null, seconds };
  }
  const errors = says !== null || local !== null ? `+${count} errors, ` : '';
  const said = Array.from({ length: count }, (_unused, index) => local ?? says?.(index + 1) ?? '').filter((line) => line !== '');
  const failure = `${count} packets transmitted, 0 received, ${errors}100% packet loss, time ${waited}ms`;
  const out = how.quiet ? '' : said.filter((line) => !line.startsWith('ping: ')).map((line) => `${line}\n`).join('');
  const err = said.filter((line) => line.startsWith('ping: ')).map((line) => `${line}\n`).join('');
  return { status: 1, out: `${heading}${out}${title}${failure}\n\n`, err, failure, seconds };
}

/** What BusyBox' ping says. */
export function busyboxPing(trace: Trace, walk: Walk, how: PingHow, _inside: Inside): PingEnd {
  const { host } = trace.request.to;
  const looked = trace.lookup?.elapsed ?? 0;
  if (walk.verdict === 'name-not-found' || walk.verdict === 'dns-failure') return { status: 1, out: '', err: `ping: bad address '${host}'\n`, failure: `ping: bad address '${host}'`, seconds: looked };
  const address = dialled(trace);
  const heading = `PING ${host} (${address}): ${how.size} data bytes\n`;
  if (errnoOf(walk) === 'Network is unreachable') return { status: 1, out: heading, err: 'ping: sendto: Network is unreachable\n', failure: 'ping: sendto: Network is unreachable', seconds: looked };
  if (walk.mtu !== undefined && walk.mtu.saidBy === null) return { status: 1, out: heading, err: 'ping: sendto: Message too large\n', failure: 'ping: sendto: Message too large', seconds: looked };
  const title = `\n--- ${host} ping statistics ---\n`;
  if (walk.verdict === 'delivered') {
    const lines = how.quiet ? '' : times(how.count).map((time, index) => `${how.size + 8} bytes from ${address}: seq=${index} ttl=${hopsLeft(walk)} time=${time} ms\n`).join('');
    const average = how.count === 1 ? '0.214/0.214/0.214' : how.count === 2 ? '0.121/0.167/0.214' : '0.121/0.152/0.214';
    return { status: 0, out: `${heading}${lines}${title}${how.count} packets transmitted, ${how.count} packets received, 0% packet loss\nround-trip min/avg/max = ${average} ms\n`, err: '', failure: null, seconds: looked + (how.count - 1) * how.interval };
  }
  // BusyBox hears no ICMP error: whatever is wrong, nothing came back.
  const failure = `${how.count} packets transmitted, 0 packets received, 100% packet loss`;
  return { status: 1, out: `${heading}${title}${failure}\n`, err: '', failure, seconds: looked + (how.count - 1) * how.interval + (how.wait ?? 10) };
}

// What `ping -c N` says: iputils, as most images have it.
import type { Trace, Walk } from '../../sim/model/trace.ts';
import { dialled, errnoOf } from './ask-network.ts';

export interface PingEnd {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  /** The one line that says what went wrong; `null` when an answer came. */
  readonly failure: string | null;
}

/** What comes of `ping -c COUNT HOST`. */
export function pingSays(trace: Trace, walk: Walk, count: number): PingEnd {
  const { host } = trace.request.to;
  if (walk.verdict === 'name-not-found' || walk.verdict === 'dns-failure') {
    const failure = `ping: ${host}: ${walk.verdict === 'name-not-found' ? 'Name or service not known' : 'Temporary failure in name resolution'}`;
    return { status: 2, out: '', err: `${failure}\n`, failure };
  }
  const address = dialled(trace);
  const errno = errnoOf(walk);
  if (errno === 'Network is unreachable') return { status: 2, out: '', err: 'ping: connect: Network is unreachable\n', failure: 'ping: connect: Network is unreachable' };
  const heading = `PING ${host} (${address}) 56(84) bytes of data.\n`;
  const waited = (count - 1) * 1000;
  if (walk.verdict === 'delivered') {
    const lines = Array.from({ length: count }, (_unused, index) => `64 bytes from ${address}: icmp_seq=${index + 1} ttl=${hopsLeft(walk)} time=0.${index === 0 ? '214' : '121'} ms\n`).join('');
    const summary = `\n--- ${host} ping statistics ---\n${count} packets transmitted, ${count} received, 0% packet loss, time ${waited}ms\n`;
    return { status: 0, out: `${heading}${lines}${summary}rtt min/avg/max/mdev = ${count === 1 ? '0.214/0.214/0.214/0.000' : '0.121/0.152/0.214/0.043'} ms\n`, err: '', failure: null };
  }
  const errors = errno === 'No route to host' || errno === 'Connection refused';
  const what = errno === 'No route to host' ? 'Destination Host Unreachable' : 'Destination Port Unreachable';
  const source = walk.hops[0]?.packet.source.ip ?? '';
  const lines = errors ? Array.from({ length: count }, (_unused, index) => `From ${source} icmp_seq=${index + 1} ${what}\n`).join('') : '';
  const failure = `${count} packets transmitted, 0 received, ${errors ? `+${count} errors, ` : ''}100% packet loss, time ${waited}ms`;
  return { status: 1, out: `${heading}${lines}\n--- ${host} ping statistics ---\n${failure}\n\n`, err: '', failure };
}

/** A packet starts with 64; every node that it crosses takes one. */
const hopsLeft = (walk: Walk): number => 64 - new Set(walk.hops.filter((hop) => hop.at.kind === 'node').map((hop) => (hop.at.kind === 'node' ? hop.at.name : ''))).size;

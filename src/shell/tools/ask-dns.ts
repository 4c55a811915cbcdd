// How a tool asks DNS servers by itself, past the C library: one name, one type, the server of the container's resolv.conf.
import { parseAddress } from '../../sim/base/address.ts';
import { lookUp } from '../../sim/lab.ts';
import type { DnsRecord, Lookup, RecordType } from '../../sim/model/lookup.ts';
import type { Call, Inside } from '../command.ts';

/** What a tool reads in /etc/resolv.conf. */
export interface ResolvConf {
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  readonly ndots: number;
}

export function resolvConfOf(text: string): ResolvConf {
  const nameservers: string[] = [];
  let searches: readonly string[] = [];
  let ndots = 1;
  for (const line of text.split('\n')) {
    const [key, ...values] = line.trim().split(/\s+/);
    if (key === 'nameserver' && values[0] !== undefined && nameservers.length < 3) nameservers.push(values[0]);
    if (key === 'search' || key === 'domain') searches = values;
    if (key === 'options') for (const value of values) if (/^ndots:\d+$/.test(value)) ndots = Math.min(15, Number(value.slice(6)));
  }
  return { nameservers, searches, ndots };
}

/** The address of the cluster's DNS Service. */
export function isClusterDns(call: Call, server: string): boolean {
  const { network } = call.lab;
  const { service } = network.dns;
  return network.services.some((one) => one.ref.namespace === service.namespace && one.ref.name === service.name && one.clusterAddresses.includes(server));
}

/** One question, of the name as it stands; `asked` is the server that was named on the command line. */
export function askDns(call: Call, inside: Inside, name: string, type: RecordType, asked: string | null = null): Lookup {
  const absolute = name.endsWith('.') ? name : `${name}.`;
  if (inside.pod !== null || (asked !== null && isClusterDns(call, asked))) return lookUp(call.lab, { from: inside.from, name: absolute, type, resolver: null, direct: true });
  // A node and a host outside have servers of their own, which know nothing of the cluster.
  const lookup = lookUp(call.lab, { from: inside.from, name: absolute, type, resolver: null, direct: false });
  const [server = ''] = resolvConfOf(inside.resolvConf).nameservers;
  if (lookup.queries.length > 0) return lookup;
  const answers = lookup.addresses.filter((ip) => ip.includes(':') === (type === 'AAAA') && (type === 'A' || type === 'AAAA')).map((data): DnsRecord => ({ name: absolute, type, ttl: 300, data }));
  const rcode = lookup.addresses.length > 0 ? 'NOERROR' : 'NXDOMAIN';
  return { ...lookup, rcode, queries: [{ name: absolute, type, server, proto: 'udp', rcode, truncated: false, answers, authority: [], additional: [], at: 0, walk: null }] };
}

/** The name of an address in the tree for reverse lookups; `null` when the text is no address. */
export function reverseName(text: string): string | null {
  const address = parseAddress(text);
  if (address === undefined) return null;
  if (address.family === 'IPv4') return `${text.split('.').reverse().join('.')}.in-addr.arpa`;
  return `${address.value.toString(16).padStart(32, '0').split('').reverse().join('.')}.ip6.arpa`;
}

/** True where the cluster's server speaks for the name itself: its own domain, and addresses that have a name there. Everything else it got from another server. */
// Simplified: a CoreDNS that answers from its cache calls every answer authoritative.
export function isAuthoritative(call: Call, name: string, answers: readonly DnsRecord[]): boolean {
  const domain = call.lab.network.domain;
  const within = (text: string): boolean => bare(text) === domain || bare(text).endsWith(`.${domain}`);
  if (call.inside?.from.kind === 'external') return false;
  return within(name) || answers.some((record) => record.type === 'PTR' && within(record.data));
}

/** How the last question ended: an answer, no server, or a closed port. */
export function silent(lookup: Lookup): 'timed out' | 'connection refused' | null {
  const last = lookup.queries.at(-1);
  if (last === undefined || last.rcode === 'DROP') return 'timed out';
  return last.rcode === 'UNREACHABLE' ? 'connection refused' : null;
}

/** Without the dot at the end. */
export const bare = (name: string): string => (name.length > 1 && name.endsWith('.') ? name.slice(0, -1) : name);

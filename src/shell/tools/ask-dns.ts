// How a tool asks DNS servers by itself, past the C library: one name, one type, the server of the container's resolv.conf.
import { parseAddress } from '../../sim/base/address.ts';
import { lookUp } from '../../sim/lab.ts';
import type { Lookup, RecordType } from '../../sim/model/lookup.ts';
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

/** One question, of the name as it stands. */
export function askDns(call: Call, inside: Inside, name: string, type: RecordType): Lookup {
  return lookUp(call.lab, { from: inside.from, name: name.endsWith('.') ? name : `${name}.`, type, resolver: null, direct: true });
}

/** The name of an address in the tree for reverse lookups; `null` when the text is no address. */
export function reverseName(text: string): string | null {
  const address = parseAddress(text);
  if (address === undefined) return null;
  if (address.family === 'IPv4') return `${text.split('.').reverse().join('.')}.in-addr.arpa`;
  return `${address.value.toString(16).padStart(32, '0').split('').reverse().join('.')}.ip6.arpa`;
}

/** How the last question ended: an answer, no server, or a closed port. */
export function silent(lookup: Lookup): 'timed out' | 'connection refused' | null {
  const last = lookup.queries.at(-1);
  if (last === undefined || last.rcode === 'DROP') return 'timed out';
  return last.rcode === 'UNREACHABLE' ? 'connection refused' : null;
}

/** Without the dot at the end. */
export const bare = (name: string): string => (name.length > 1 && name.endsWith('.') ? name.slice(0, -1) : name);

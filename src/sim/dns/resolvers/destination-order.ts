// The order in which getaddrinfo hands addresses out: what can be reached first, then the rules of RFC 3484 or RFC 6724 as each library has them.
import { parseAddress, parseRange, rangeHolds } from '../../base/address.ts';
import type { Address, AddressFamily, AddressRange } from '../../base/address.ts';

/** An address that a destination's packets would leave from, and the length of the prefix on its interface. */
export interface SourceAddress {
  readonly ip: string;
  readonly prefixLength: number;
}

/** What the asker has of each family: `null` is no address, or no route. */
export type SourceAddresses = Readonly<Record<AddressFamily, SourceAddress | null>>;

type Table = readonly (readonly [prefix: string, label: number, precedence: number])[];

/** How a library orders: its table of prefixes, longest first, and what it makes of rule 9 (longest matching prefix). */
export interface DestinationRules {
  readonly table: Table;
  /** glibc: IPv4 only within the subnet of the source, and addresses of different families not at all. musl: every address, IPv4 as its mapped form. */
  readonly longestPrefix: 'within-subnet' | 'always';
  /** musl leaves a list of IPv4 addresses as it is. */
  readonly sortsIpv4Only: boolean;
}

// IPv4 stands as the row of its own family (::ffff:0:0/96).
const rfc3484: Table = [
  ['::1/128', 0, 50], ['::/96', 3, 20], ['2001::/32', 7, 40], ['2002::/16', 2, 30], ['fec0::/10', 5, 40], ['fc00::/7', 6, 40], ['::/0', 1, 40], ['0.0.0.0/0', 4, 10],
];
const rfc6724: Table = [['::1/128', 0, 50], ['2001::/32', 5, 5], ['2002::/16', 2, 30], ['fc00::/7', 13, 3], ['::/0', 1, 40], ['0.0.0.0/0', 4, 35]];

/** glibc (sysdeps/posix/getaddrinfo.c): unique local IPv6 addresses have a label of their own, so that a source of that kind makes IPv4 come before global IPv6. */
export const glibcDestinations: DestinationRules = { table: rfc3484, longestPrefix: 'within-subnet', sortsIpv4Only: true };
/** musl (src/network/lookup_name.c): unique local IPv6 addresses after IPv4. */
export const muslDestinations: DestinationRules = { table: rfc6724, longestPrefix: 'always', sortsIpv4Only: false };

function rowOf(table: Table, address: Address): { readonly label: number; readonly precedence: number } {
  for (const [prefix, label, precedence] of table) {
    const range: AddressRange | undefined = parseRange(prefix);
    if (range !== undefined && rangeHolds(range, address)) return { label, precedence };
  }
  return { label: 0, precedence: 0 };
}

const linkLocal = 2;
const siteLocal = 5;
const global = 14;

const holds = (range: string, address: Address): boolean => {
  const parsed = parseRange(range);
  return parsed !== undefined && rangeHolds(parsed, address);
};

/** RFC 4291, 2.5.3: loopback counts as link-local. */
function scopeOf(address: Address): number {
  const near = address.family === 'IPv4' ? ['127.0.0.0/8', '169.254.0.0/16'] : ['::1/128', 'fe80::/10'];
  return near.some((range) => holds(range, address)) ? linkLocal : address.family === 'IPv6' && holds('fec0::/10', address) ? siteLocal : global;
}

const bitsOf = (family: AddressFamily): number => (family === 'IPv4' ? 32 : 128);

function commonBits(left: Address, right: Address): number {
  const differing = left.value ^ right.value;
  return bitsOf(left.family) - (differing === 0n ? 0 : differing.toString(2).length);
}

function matchingPrefix(rules: DestinationRules, address: Address, source: Address, prefixLength: number): number {
  const common = commonBits(address, source);
  if (rules.longestPrefix === 'always') return common + 128 - bitsOf(address.family);
  return address.family === 'IPv6' || common >= prefixLength ? common : 0;
}

const isLoopback = (address: Address): boolean => holds(address.family === 'IPv4' ? '127.0.0.0/8' : '::1/128', address);

interface Ranked {
  readonly text: string;
  readonly family: AddressFamily | null;
  /** Rules 1, 2, 5, 6 and 8: more is better. */
  readonly keys: readonly number[];
  /** Rule 9. */
  readonly prefix: number;
}

function ranked(rules: DestinationRules, text: string, sources: SourceAddresses | null): Ranked {
  const address = parseAddress(text);
  if (address === undefined) return { text, family: null, keys: [0], prefix: 0 };
  const own = sources?.[address.family] ?? null;
  // What goes to oneself leaves from oneself.
  const source = own !== null && isLoopback(address) ? address : own === null ? undefined : parseAddress(own.ip);
  const { label, precedence } = rowOf(rules.table, address);
  const scope = scopeOf(address);
  const known = source !== undefined;
  return {
    text, family: address.family, prefix: known ? matchingPrefix(rules, address, source, own?.prefixLength ?? 0) : 0,
    keys: [known ? 1 : 0, known && scopeOf(source) === scope ? 1 : 0, known && rowOf(rules.table, source).label === label ? 1 : 0, precedence, -scope],
  };
}

/**
 * Sorts by rules 1, 2, 5, 6, 8, 9 and 10 (leave the order as it is); the others are about mobile hosts, tunnels and addresses that are going away.
 * Without sources nothing is known of what can be reached, and only the preference among prefixes and scopes counts.
 */
export function inDestinationOrder(addresses: readonly string[], rules: DestinationRules, sources: SourceAddresses | null): readonly string[] {
  if (addresses.length < 2 || (!rules.sortsIpv4Only && !addresses.some((text) => text.includes(':')))) return addresses;
  return addresses.map((text) => ranked(rules, text, sources)).sort((left, right) => {
    for (const [index, key] of left.keys.entries()) {
      const difference = (right.keys[index] ?? 0) - key;
      if (difference !== 0) return difference;
    }
    return rules.longestPrefix === 'always' || left.family === right.family ? right.prefix - left.prefix : 0;
  }).map(({ text }) => text);
}

// The order in which getaddrinfo hands addresses out: what can be reached first, then by a table of prefixes.
import { parseAddress, parseRange, rangeHolds } from '../../base/address.ts';
import type { AddressFamily, AddressRange } from '../../base/address.ts';

type Table = readonly (readonly [prefix: string, precedence: number])[];

// Longest prefixes first. IPv4 stands as the row of its own family.
const rfc3484: Table = [['::1/128', 50], ['::/96', 20], ['2002::/16', 30], ['::/0', 40], ['0.0.0.0/0', 10]];
const rfc6724: Table = [['::1/128', 50], ['2001::/32', 5], ['2002::/16', 30], ['fc00::/7', 3], ['::/0', 40], ['0.0.0.0/0', 35]];

function precedenceIn(table: Table, text: string): number {
  const address = parseAddress(text);
  if (address === undefined) return 0;
  for (const [prefix, precedence] of table) {
    const range: AddressRange | undefined = parseRange(prefix);
    if (range !== undefined && rangeHolds(range, address)) return precedence;
  }
  return 0;
}

/** glibc's table (RFC 3484, 2.1): IPv6 before IPv4, unique local addresses too. */
export const rfc3484Precedence = (address: string): number => precedenceIn(rfc3484, address);

/** musl's table (RFC 6724, 2.1): unique local IPv6 addresses after IPv4. */
export const rfc6724Precedence = (address: string): number => precedenceIn(rfc6724, address);

/**
 * Sorts by rules 1 (avoid unusable destinations), 6 (higher precedence) and 10 (leave the order as it is) of RFC 6724.
 * `usable` are the families for which the source has an address and a route.
 * Simplified: rules 2 to 5 and 7 to 9 need the source addresses; within a family they rarely decide in a cluster.
 */
export function inDestinationOrder(addresses: readonly string[], precedence: (address: string) => number, usable: readonly AddressFamily[]): readonly string[] {
  const keyed = addresses.map((address) => ({ address, usable: usable.includes(address.includes(':') ? 'IPv6' : 'IPv4') ? 1 : 0, precedence: precedence(address) }));
  return keyed.sort((left, right) => right.usable - left.usable || right.precedence - left.precedence).map(({ address }) => address);
}

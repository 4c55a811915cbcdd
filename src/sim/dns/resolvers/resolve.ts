// A lookup as a process in a pod makes it: literal, hosts file, then the resolver's queries.
import type { AskedQuery, Lookup, Rcode, RecordType, ResolverName } from '../../model/lookup.ts';
import { inSeconds, openWire } from './ask.ts';
import type { Ask } from './ask.ts';
import { inDestinationOrder } from './destination-order.ts';
import type { SourceAddresses } from './destination-order.ts';
import { literalAddress } from './literal.ts';
import { resolvers } from './resolvers.ts';
export type { Ask, AskReply } from './ask.ts';

export interface LookupInput {
  readonly resolver: ResolverName;
  /** The text of /etc/resolv.conf. */
  readonly conf: string;
  /** The text of /etc/hosts; `null` where there is none. */
  readonly hosts: string | null;
  readonly name: string;
  readonly type: RecordType | 'A+AAAA';
  readonly ask: Ask;
  /** What the asker would send from: decides on the order of the addresses. Nothing is known when it is not said. */
  readonly sources?: SourceAddresses;
}

/**
 * `A+AAAA`, `A` and `AAAA` are getaddrinfo's: address literals and the hosts file come first, then the search list.
 * Other types are one question of the name as it stands. Always ends; nothing is guessed.
 */
export function resolve(input: LookupInput): Lookup {
  const resolver = resolvers[input.resolver];
  const wire = openWire(input.ask);
  const lookup = (addresses: readonly string[], error: Lookup['error'], elapsedMs: number, without: Lookup['without']): Lookup => ({
    name: input.name, type: input.type, resolver: input.resolver, resolvConf: input.conf, queries: wire.asked(), rcode: lastRcode(wire.asked()),
    error, elapsed: inSeconds(elapsedMs), addresses: inDestinationOrder(addresses, resolver.destinations, input.sources ?? null), without,
  });
  if (input.type !== 'A' && input.type !== 'AAAA' && input.type !== 'A+AAAA') {
    const { error, elapsedMs } = resolver.records(wire, input.conf, input.name, input.type);
    return lookup([], error, elapsedMs, null);
  }
  const types = input.type === 'A+AAAA' ? (['A', 'AAAA'] as const) : ([input.type] as const);
  const literal = literalAddress(input.name);
  if (literal !== undefined) {
    const fits = types.some((type) => (type === 'AAAA') === literal.includes(':'));
    return lookup(fits ? [literal] : [], fits ? null : resolver.otherFamily, 0, 'literal');
  }
  const written = input.hosts === null ? null : resolver.inHostsFile(input.hosts, input.name, types);
  if (written !== null) return lookup(written.addresses, written.error, 0, 'hosts');
  const { addresses, error, elapsedMs } = resolver.addresses(wire, input.conf, input.name, types);
  return lookup(addresses, error, elapsedMs, null);
}

/** The rcode of the last answer; where none came, why not. */
export function lastRcode(queries: readonly AskedQuery[]): Rcode | null {
  return (queries.findLast(({ rcode }) => rcode !== 'DROP' && rcode !== 'UNREACHABLE') ?? queries.at(-1))?.rcode ?? null;
}

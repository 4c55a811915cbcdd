// The contract of a C library's resolver: one name in, addresses or an error out, and the time it took.
import type { LookupError, RecordType } from '../../model/lookup.ts';
import type { Wire } from './ask.ts';
import type { DestinationRules } from './destination-order.ts';

/** The answer of a resolver. `elapsedMs` counts from the start of the lookup. */
export interface Resolved {
  readonly addresses: readonly string[];
  readonly error: LookupError | null;
  readonly elapsedMs: number;
}

export interface Resolver {
  /** The same text means different things to the two libraries. */
  readonly flavour: 'glibc' | 'musl';
  /** getaddrinfo without a hosts file: the addresses of the families asked for, through the search list. */
  readonly addresses: (wire: Wire, conf: string, name: string, types: readonly ('A' | 'AAAA')[]) => Resolved;
  /** res_query: one question of the name as it stands. */
  readonly records: (wire: Wire, conf: string, name: string, type: RecordType) => Resolved;
  /** How addresses are put in order before the caller gets them. */
  readonly destinations: DestinationRules;
  /** For an address of the family that was not asked for (glibc has a word of its own, EAI_ADDRFAMILY). */
  readonly otherFamily: LookupError;
  /** What the hosts file says, as this library reads it; `null` when DNS is to be asked. */
  readonly inHostsFile: (hosts: string, name: string, types: readonly ('A' | 'AAAA')[]) => { readonly addresses: readonly string[]; readonly error: LookupError | null } | null;
}

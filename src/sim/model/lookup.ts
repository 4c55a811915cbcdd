// What happened when a name was looked up: each query in order, its answer, and the packet's way for those that got none.

import type { Walk } from './walk.ts';

export type RecordType = 'A' | 'AAAA' | 'SRV' | 'PTR' | 'CNAME' | 'TXT' | 'NS' | 'SOA';

/** `data` is what dig prints; `name` ends with a dot. */
export interface DnsRecord {
  readonly name: string;
  readonly type: RecordType;
  readonly ttl: number;
  readonly data: string;
}

/** `DROP`: no answer came; `UNREACHABLE`: the port is closed and the network said so. */
export type Rcode = 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED' | 'NOTIMP' | 'FORMERR' | 'DROP' | 'UNREACHABLE';

export interface DnsQuery {
  /** Ends with a dot. */
  readonly name: string;
  readonly type: RecordType;
  readonly server: string;
  readonly proto: 'udp' | 'tcp';
  /** The largest answer over UDP that the asker takes, in bytes; 512 when it is not said (no EDNS). Not kept in {@link AskedQuery}. */
  readonly size?: number;
  /** Queries of one lookup with the same number leave from one socket, and connection tracking sends them to one server. Not kept in {@link AskedQuery}. */
  readonly socket?: number;
}

export interface DnsReply {
  readonly rcode: Rcode;
  /** The rest came short and must be asked again over TCP. */
  readonly truncated: boolean;
  readonly answers: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  readonly additional: readonly DnsRecord[];
}

export interface AskedQuery extends DnsQuery, DnsReply {
  /** Simulated seconds after the start of the lookup at which the query left. */
  readonly at: number;
  /** The way of the query's packet; `null` where no cluster stands behind the lookup. */
  readonly walk: Walk | null;
}

export type ResolverName = 'glibc' | 'musl' | 'musl-1.2.3';
export type LookupError = 'EAI_NONAME' | 'EAI_NODATA' | 'EAI_AGAIN';

export interface Lookup {
  /** As the caller typed it. */
  readonly name: string;
  readonly type: RecordType | 'A+AAAA';
  /** `null` for a direct question to the server. */
  readonly resolver: ResolverName | null;
  /** The text of the source's resolv.conf; `null` for a direct question. */
  readonly resolvConf: string | null;
  readonly queries: readonly AskedQuery[];
  /** Of the last answer; `null` when nothing was asked (an address literal, /etc/hosts). */
  readonly rcode: Rcode | null;
  readonly error: LookupError | null;
  /** Simulated seconds. */
  readonly elapsed: number;
  /** In the order that the caller gets them. */
  readonly addresses: readonly string[];
  /** Who answered when no server was asked: `literal`, `hosts` (the file), or `outside` (the public DNS of an external source). */
  readonly without: 'literal' | 'hosts' | 'outside' | null;
}

// The contract of CoreDNS' plugins: a question goes down the chain until one of them answers.
import type { DnsRecord, DnsReply } from '../../model/lookup.ts';
import type { Directive, ServerBlock, Corefile } from '../corefile.ts';
import type { ClusterRecords } from '../cluster-records.ts';

export interface Question {
  /** Absolute, with its final dot; its case is kept in the answer. */
  readonly name: string;
  /** `A`, `SRV` … also types that the simulation has no records of (`HINFO`, `ANY`). */
  readonly type: string;
  /** Over `udp`, an answer over {@link size} is cut and `truncated` is set; uncut when it is not said. */
  readonly proto?: 'udp' | 'tcp';
  /** With `udp`: the largest answer that the asker takes (EDNS); 512 when it is not said. */
  readonly size?: number;
  /** The address that asks, for autopath; `null` when nobody knows. */
  readonly client?: string | null;
}

/** One CoreDNS process: its configuration, what it knows of the cluster, and the world behind `forward`. All plain data but `upstream`. */
export interface DnsServer {
  readonly corefile: Corefile;
  readonly records: ClusterRecords;
  /** The text of the process' own /etc/resolv.conf, for `forward . /etc/resolv.conf` and autopath. */
  readonly resolvConf: string;
  /** Its own addresses: the NS record of the zone is the Service that has them as endpoints. */
  readonly addresses: readonly string[];
  /** False while the API server has not been read (no right to list, not reachable): unknown cluster names are then SERVFAIL. */
  readonly synced: boolean;
  /** The port that the question came to; 53 when it is not said. */
  readonly port?: number;
  /** What `forward` gets from the servers behind it, in their order; `DROP` and `UNREACHABLE` become SERVFAIL. */
  readonly upstream: (question: Question, servers: readonly string[]) => DnsReply;
}

/** Answers or hands on; `next` asks the rest of the chain, with another question if need be. */
export type Handler = (question: Question, next: (question: Question) => DnsReply) => DnsReply;

export interface PluginContext {
  readonly server: DnsServer;
  readonly block: ServerBlock;
  /** The zone of the server block that the question fell under, absolute and lower case. */
  readonly zone: string;
  /** Asks the whole server anew, as CoreDNS' internal upstream lookups do. */
  readonly ask: (question: Question) => DnsReply;
}

/** Why CoreDNS would not start, in its words. */
export interface Refusal {
  readonly says: string;
  /** The line that it names; `null` where it names none. */
  readonly line: number | null;
  /** What CoreDNS calls it: an error during parsing when it is not said. */
  readonly kind?: 'Syntax error';
}

export const atLine = ({ line }: Directive, says: string): Refusal => ({ says, line });

/** Said without file and line. */
export const bare = (says: string): Refusal => ({ says, line: null });

/** Too few or too many words on a line: the last one that was read is named. */
export const argumentError = ({ name, args, line }: Directive, read = args.length): Refusal => ({ says: `Wrong argument count or unexpected line ending after '${[name, ...args][read] ?? name}'`, line });

/** One plugin: how its directive is read and what it does with a question. */
export interface Plugin {
  readonly name: string;
  /** What CoreDNS would refuse at start; it stops at the first. */
  readonly check: (directive: Directive, block: ServerBlock) => readonly Refusal[];
  /** `null` when the plugin never changes an answer. Called with all directives of that name in the block, of which there is one at least. */
  readonly handle: ((directives: readonly [Directive, ...Directive[]], context: PluginContext) => Handler) | null;
}

export const reply = (rcode: DnsReply['rcode'], answers: readonly DnsRecord[] = [], authority: readonly DnsRecord[] = [], additional: readonly DnsRecord[] = []): DnsReply => ({
  rcode, truncated: false, answers, authority, additional,
});

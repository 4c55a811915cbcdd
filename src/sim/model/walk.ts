// One way of one packet: hop by hop, with the object and field that decided and the command that shows it.

import type { ObjectRef } from './object.ts';
import type { Packet, Place } from './packet.ts';
import type { NameRule } from './policy.ts';
import type { Reason } from './reason.ts';

/** What the client sees. `intermittent` is a trace's alone: its walks differ. */
export type Verdict =
  | 'delivered' | 'refused' | 'timeout' | 'unreachable' | 'name-not-found' | 'dns-failure' | 'http-error' | 'tls-error' | 'hang' | 'intermittent';

export type Layer = 'policy' | 'dns' | 'service' | 'pod' | 'network' | 'external';

export type Action = 'forward' | 'resolve' | 'dnat' | 'snat' | 'allow' | 'drop' | 'reject' | 'deliver' | 'answer' | 'lose';

/** The names of the stations, in the order in which a packet can meet them. */
export type Stage = 'lookup' | 'outside' | 'load-balancer' | 'loopback' | 'node' | 'kube-proxy' | 'egress-policy' | 'route' | 'masquerade' | 'underlay' | 'ingress-policy' | 'edge' | 'arrival';

export interface Hop {
  readonly layer: Layer;
  readonly at: Place;
  readonly stage: Stage;
  readonly action: Action;
  /** As it is when it meets the station, and as it leaves it. */
  readonly packet: Packet;
  readonly after: Packet;
  /** What decided, or what would be looked at: every hop names one. */
  readonly object: ObjectRef;
  /** The field that decided, in the API server's form; `null` when the hop decided nothing. */
  readonly field: string | null;
  /** A command that the learner could run to see it. */
  readonly evidence: string;
  /** One sentence: what happened here and because of what. */
  readonly says: string;
}

export interface Backend {
  /** `NAMESPACE/NAME`; `null` for an address that no pod has. */
  readonly pod: string | null;
  readonly ip: string;
  readonly port: number | null;
}

/** A certificate as a TLS client was shown it, by who ended TLS. Names as OpenSSL writes them (`CN=shop.example.com`), times as `2026-01-01T00:00:00Z`. */
export interface TlsShown {
  /** The pod, load balancer or host that ended TLS. */
  readonly by: ObjectRef;
  readonly subject: string;
  readonly issuer: string;
  /** DNS names of the subject alternative name. */
  readonly names: readonly string[];
  readonly from: string | null;
  readonly until: string | null;
  /** What OpenSSL makes of the chain, its number and words (X509_V_ERR_…); 0 and `ok` where nothing is wrong. Names are looked at after that. */
  readonly verify: { readonly code: number; readonly text: string };
}

/** HTTP beyond status and body. */
export interface HttpExchange {
  /** The request as the process at the end of the way got it, after what edges made of it; `null` where an edge answered itself. Names of headers in lower case. */
  readonly received: { readonly client: string; readonly method: string; readonly host: string; readonly path: string; readonly headers: Readonly<Record<string, string>> } | null;
  /** Of the answer, beside those that every answer has. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** A connection that came about and then stood still: what was on its way when it did. */
export interface Stalled {
  /** `tls` before a byte of HTTP; `request` while the client still sends; `answer` after its headers. */
  readonly during: 'tls' | 'request' | 'answer';
  /** Bytes of the answer's body that its headers promise; `null` before they came. */
  readonly promised: number | null;
}

/** One way that the packet may go: the hops for one pick among the possible backends. */
export interface Walk {
  /** Of this pick, 0 to 1; a trace's walks add up to 1. */
  readonly probability: number;
  readonly verdict: Exclude<Verdict, 'intermittent'>;
  readonly reason: Reason;
  readonly backend: Backend | null;
  /** The source address is rewritten on the way (the proxy's decision, even if the packet is then lost). */
  readonly snat: boolean;
  /** The HTTP status for `http-error`. */
  readonly status: number | null;
  readonly layer: Layer | null;
  /** What a repair would change; both `null` when delivered. */
  readonly object: ObjectRef | null;
  readonly field: string | null;
  /** One sentence that names the cause; for a delivered packet, why nothing stopped it where that is worth saying. */
  readonly why: string;
  /** The smallest change after which this denial would be none, in one sentence; lessons keep it to themselves. Absent: no policy denied, or none alone could allow. */
  readonly repair?: string | undefined;
  readonly hops: readonly Hop[];
  /** Of the answer: what the server said, for the tools to print; `null` when none came. */
  readonly body: string | null;
  /** Simulated seconds until the client knew, without its own time limit; `null` for never. */
  readonly elapsed: number | null;
  /** Names that a plugin's DNS proxy on the way lets through: a question passes where each list has a rule for its name. Absent: there is none. */
  readonly names?: readonly (readonly NameRule[])[];
  /** Of a `hang`. */
  readonly stalled?: Stalled;
  /** Of the local interface or the link that said so, for `message-too-long`: what ping prints. */
  readonly mtu?: { readonly bytes: number; readonly saidBy: string | null };
  /** Bytes of the answer's body, where the process said more than `body` shows. */
  readonly bodySize?: number;
  /** Absent: no TLS, or nothing is known of its certificate. */
  readonly tls?: TlsShown;
  /** Absent: no edge stood in between. */
  readonly http?: HttpExchange;
}

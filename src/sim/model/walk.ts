// One way of one packet: hop by hop, with the object and field that decided and the command that shows it.

import type { ObjectRef } from './object.ts';
import type { Packet, Place } from './packet.ts';
import type { Reason } from './reason.ts';

/** What the client sees. `intermittent` is a trace's alone: its walks differ. */
export type Verdict =
  | 'delivered' | 'refused' | 'timeout' | 'unreachable' | 'name-not-found' | 'dns-failure' | 'http-error' | 'tls-error' | 'hang' | 'intermittent';

export type Layer = 'policy' | 'dns' | 'service' | 'pod' | 'network' | 'external';

export type Action = 'forward' | 'resolve' | 'dnat' | 'snat' | 'allow' | 'drop' | 'reject' | 'deliver' | 'answer' | 'lose';

/** The names of the stations, in the order in which a packet can meet them. */
export type Stage = 'lookup' | 'outside' | 'load-balancer' | 'loopback' | 'kube-proxy' | 'egress-policy' | 'route' | 'masquerade' | 'ingress-policy' | 'edge' | 'arrival';

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
  readonly hops: readonly Hop[];
  /** Of the answer: what the server said, for the tools to print; `null` when none came. */
  readonly body: string | null;
  /** Simulated seconds until the client knew, without its own time limit; `null` for never. */
  readonly elapsed: number | null;
}

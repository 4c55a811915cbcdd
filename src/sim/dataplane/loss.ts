// Between machines: a packet that is about to leave one, what may become of it, and the narrowest link on its way.
import type { NetworkNode, Route } from '../model/network.ts';
import type { ObjectRef } from '../model/object.ts';
import type { Action, Layer, Stage } from '../model/trace.ts';
import type { Reason } from '../model/reason.ts';

/** Set where the route is chosen, met when the packet's source is what it will be on the wire. */
export interface Crossing {
  readonly from: NetworkNode;
  /** `null`: the world outside. */
  readonly to: NetworkNode | null;
  /** Of the sending node's table; `null` for the nodes' own network. */
  readonly route: Route | null;
  /** The chain starts over at the other end. */
  readonly again: boolean;
}

/** A kernel or the network between machines does not let the packet through. */
export interface Loss {
  readonly verdict: 'timeout' | 'unreachable';
  readonly reason: Reason;
  readonly elapsed: number | null;
  readonly layer: Layer;
  readonly stage: Stage;
  readonly action: Extract<Action, 'drop' | 'lose'>;
  /** The node where it happens; `null`: outside. */
  readonly at: string | null;
  readonly object: ObjectRef;
  readonly field: string | null;
  readonly evidence: string;
  /** One sentence. */
  readonly says: string;
}

/** A link by what it leaves for a packet, as the sender makes it. */
export interface Narrow {
  readonly bytes: number;
  /** What the tunnel adds; 0 without one. */
  readonly overhead: number;
  /** Of the smallest link, in bytes. */
  readonly link: number;
  readonly from: string | null;
  readonly to: string | null;
}

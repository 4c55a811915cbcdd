// The contract of stations: a packet at a place and the network, in; go on, part ways, start over or end, out.
import type { NetworkNode, NetworkPod, NetworkService } from '../model/network.ts';
import type { Connection } from '../model/connection.ts';
import type { NameRule } from '../model/policy.ts';
import type { HttpRequest } from '../model/request.ts';
import type { Packet, Place } from '../model/packet.ts';
import type { Backend, Hop, Stage, Walk } from '../model/trace.ts';
import type { Crossing, Loss, Narrow } from './loss.ts';
import type { ServiceRule, Plane } from './plane.ts';

/** Who sent the packet. A pod on its node's network counts as the node, but is named. */
export type Sender =
  | { readonly kind: 'pod'; readonly pod: NetworkPod; readonly container: string | null }
  | { readonly kind: 'node'; readonly node: NetworkNode }
  | { readonly kind: 'outside'; readonly ip: string };

/** What the client asks for on top of the connection. */
export interface Asked {
  readonly scheme: 'http' | 'https' | 'tcp' | 'udp' | 'sctp' | 'icmp';
  /** As it was typed: the Host header and the name that a certificate must have. */
  readonly host: string;
  readonly path: string;
  /** GET without headers of its own where nothing is said. */
  readonly http?: HttpRequest;
  /** What the same session asked before. */
  readonly earlier?: readonly Connection[];
  /** As {@link Request} has them. */
  readonly size?: number;
  readonly upload?: number;
  readonly dontFragment?: boolean;
  /** The ExternalName Service whose alias the name was. */
  readonly alias: NetworkService | null;
  /** The headless Service that the name stood for. */
  readonly headless: NetworkService | null;
}

/** A packet on its way. Plain data: each station makes the next one. */
export interface Journey {
  readonly sender: Sender;
  readonly asked: Asked;
  /** As the client sent it. */
  readonly dialled: Packet;
  readonly packet: Packet;
  readonly place: Place;
  /** The rule that translated the destination. */
  readonly rule: ServiceRule | null;
  /** An address of this Service (or of its range: `null`) that no rule translated. */
  readonly untranslated: { readonly service: NetworkService | null } | null;
  readonly backend: Backend | null;
  /** The proxy decided to rewrite the source. */
  readonly marked: boolean;
  /** The node whose rules translated it. */
  readonly proxiedAt: string | null;
  /** Worth saying of a packet that arrives all the same: a policy that nobody enforces. */
  readonly note: string | null;
  /** The source was rewritten by somebody. */
  readonly rewritten: boolean;
  readonly egressJudged: boolean;
  readonly ingressJudged: boolean;
  /** Names that a DNS proxy on the way lets through; `null`: there is none. */
  readonly names: readonly (readonly NameRule[])[] | null;
  readonly probability: number;
  readonly hops: readonly Hop[];
  /** It is about to leave a machine; set only where the underlay is not as it usually is. */
  readonly crossing: Crossing | null;
  /** Whatever the far end says is not heard: why. */
  readonly mute: Loss | null;
  /** Somebody else than was meant has the packet: who fails it is not to blame. */
  readonly mistaken: Loss | null;
  /** The narrowest link so far: the largest packet that it carries, as the sender makes it. */
  readonly narrow: Narrow | null;
  /** Times that the chain was started over, against circles. */
  readonly rounds: number;
}

export type Step =
  /** To the next station. */
  | { readonly kind: 'on'; readonly journey: Journey }
  /** To the next station, in several ways; their probabilities are set. */
  | { readonly kind: 'fork'; readonly journeys: readonly Journey[] }
  /** Another machine takes it: the chain starts over there. */
  | { readonly kind: 'again'; readonly journey: Journey }
  /** A process takes the request and makes requests of its own: each leg starts anew, and `join` says what the client sees of what became of them. */
  | { readonly kind: 'relay'; readonly legs: readonly Journey[]; readonly join: (ways: readonly (readonly Walk[])[]) => readonly Walk[] }
  | { readonly kind: 'end'; readonly walk: Walk };

/** `meet` is called once for each packet that comes by; `undefined`: not my business. */
export interface Station {
  readonly name: Stage;
  readonly meet: (journey: Journey, plane: Plane) => Step | undefined;
}

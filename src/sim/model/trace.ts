// What happened to one request: the lookup of its name and every way that its packet may go.

import type { Lookup } from './lookup.ts';
import type { Request } from './request.ts';
import type { Verdict, Walk } from './walk.ts';

export type { Action, Backend, Hop, HttpExchange, Layer, Stage, Stalled, TlsShown, Verdict, Walk } from './walk.ts';

export interface Trace {
  readonly request: Request;
  /** The lookup of the host's name; `null` when the host is an address. */
  readonly lookup: Lookup | null;
  readonly verdict: Verdict;
  /** Every possible way, likeliest first, ties by backend address. Never empty. */
  readonly walks: readonly Walk[];
  /** The walk to show: the likeliest that fails, or the likeliest of all. Its layer, object, field, why and hops are the trace's. */
  readonly shown: Walk;
}

// What is remembered of a request that was made before: connection tracking and session affinity live of it.
import type { Walk } from './walk.ts';

export interface Connection {
  /** The way that the request took. */
  readonly walk: Walk;
  /** Simulated seconds since. */
  readonly ago: number;
  /** The client still holds it; false: it was closed when the answer was there. */
  readonly open: boolean;
}

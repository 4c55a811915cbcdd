// The contract of an intent's kind: what it finds when it is held against a cluster, from one source.
import type { Lab, Source } from '../../sim/lab.ts';
import type { Intent } from '../lesson.ts';
import type { Trace } from '../../sim/model/trace.ts';
import type { Lookup } from '../../sim/model/lookup.ts';

export interface Found {
  readonly holds: boolean;
  /** One line. */
  readonly why: string;
  readonly trace: Trace | null;
  readonly lookup: Lookup | null;
}

/** Called once for each source that the intent is held against. */
export type IntentCheck<Kind extends Intent['kind']> = (intent: Extract<Intent, { readonly kind: Kind }>, lab: Lab, source: Source) => Found;

/** An intent that could not be asked at all. */
export const cannotAsk = (why: string): Found => ({ holds: false, why, trace: null, lookup: null });

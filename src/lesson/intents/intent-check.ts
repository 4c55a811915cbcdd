// The contract of an intent's kind: what it finds when it is held against a cluster.
import type { Lab, Source } from '../../sim/lab.ts';
import type { Intent } from '../lesson.ts';
import type { Trace } from '../../sim/model/trace.ts';
import type { Lookup } from '../../sim/model/lookup.ts';

export interface Found {
  readonly holds: boolean;
  /** False: it could not be asked at all. */
  readonly asked: boolean;
  /** One line. */
  readonly why: string;
  /** What is shown: of several, the first that fails, or the first. */
  readonly trace: Trace | null;
  readonly lookup: Lookup | null;
  /** Of every request that was sent. */
  readonly traces: readonly Trace[];
}

/** Somebody who stands in for a source of the intent: only what that source asks is asked, and by the other. */
export interface StandIn {
  /** As the intent writes the source. */
  readonly of: string;
  readonly source: Source;
}

/** Called once for each cluster that the intent is held against, and for each stand-in. */
export type IntentCheck<Kind extends Intent['kind']> = (intent: Extract<Intent, { readonly kind: Kind }>, lab: Lab, standIn: StandIn | null) => Found;

/** An intent that could not be asked at all. */
export const cannotAsk = (why: string): Found => ({ holds: false, asked: false, why, trace: null, lookup: null, traces: [] });

/** Of several findings of one intent: the first that fails, or the first; with the traces of all. */
export function together(found: readonly (Found & { readonly of: string })[]): Found {
  const failing = found.find(({ holds }) => !holds);
  const shown = failing ?? found[0];
  if (shown === undefined) return { holds: true, asked: true, why: '', trace: null, lookup: null, traces: [] };
  const { of, ...rest } = shown;
  return { ...rest, why: failing === undefined || found.length === 1 ? rest.why : `${of}: ${rest.why}`, traces: found.flatMap(({ traces }) => traces) };
}

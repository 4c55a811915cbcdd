// One intent against one cluster: asks the intent's kind.
import type { Lab } from '../../sim/lab.ts';
import type { Intent } from '../lesson.ts';
import type { Found, StandIn } from './intent-check.ts';
import { request } from './request.ts';
import { lookup } from './lookup.ts';
import { ready } from './ready.ts';

/** From every source that the intent names, or from another that stands in for one of them. What the intent says is to happen before (`after`) is the caller's. */
export function checkIntent(intent: Intent, lab: Lab, standIn: StandIn | null = null): Found {
  switch (intent.kind) {
    case 'request': return request(intent, lab, standIn);
    case 'lookup': return lookup(intent, lab, standIn);
    case 'ready': return ready(intent, lab, standIn);
  }
}

/** The sources that the intent asks from, as it writes them, each once. */
export function sourcesOf(intent: Intent): readonly string[] {
  switch (intent.kind) {
    case 'request': return [...new Set(intent.pairs.map(({ from }) => from))];
    case 'lookup': return intent.sources;
    case 'ready': return [];
  }
}

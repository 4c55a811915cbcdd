// One intent against one cluster: finds the source and asks the intent's kind.
import type { Lab, Source } from '../../sim/lab.ts';
import { parseSource } from '../../sim/lab.ts';
import type { Intent } from '../lesson.ts';
import type { Found } from './intent-check.ts';
import { cannotAsk } from './intent-check.ts';
import { request } from './request.ts';
import { lookup } from './lookup.ts';

/** From the source that the intent names, or from another that stands in for it. */
export function checkIntent(intent: Intent, lab: Lab, from?: Source): Found {
  let source = from;
  if (source === undefined) {
    const parsed = parseSource(intent.from, lab.network);
    if (!parsed.ok) return cannotAsk(parsed.failures.map((failure) => failure.says).join('; '));
    source = parsed.value;
  }
  switch (intent.kind) {
    case 'request': return request(intent, lab, source);
    case 'lookup': return lookup(intent, lab, source);
  }
}

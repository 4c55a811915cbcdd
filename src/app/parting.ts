// Where the broken and the repaired run part: the first hop at which they do not do the same.
import type { Hop, Walk } from '../sim/model/trace.ts';
import { refText } from '../sim/model/object.ts';

const sameObject = (left: Hop, right: Hop): boolean => refText(left.object) === refText(right.object);

/** The place of the first hop that differs in station, action or decision; `null` when the walks do the same. */
export function partingHop(broken: Walk, repaired: Walk): number | null {
  const length = Math.max(broken.hops.length, repaired.hops.length);
  for (let index = 0; index < length; index++) {
    const was = broken.hops[index];
    const is = repaired.hops[index];
    if (was === undefined || is === undefined) return index;
    if (was.stage !== is.stage || was.action !== is.action || (was.says !== is.says && was.after.destination.port !== is.after.destination.port) || (!sameObject(was, is) && was.action !== 'forward')) return index;
  }
  return broken.verdict === repaired.verdict ? null : length - 1;
}

// Headers as filters change them (HTTPHeaderFilter): set, then add, then remove, without regard to case.
import type { HeaderFilter } from '../model/edge-objects.ts';
import type { HeaderChange } from '../model/edge.ts';
import { listOf } from './edge-context.ts';

type Headers = Readonly<Record<string, string>>;

const pairs = (list: HeaderFilter['set']): readonly (readonly [string, string])[] => listOf(list).map(({ name, value }) => [String(name).toLowerCase(), String(value)]);

/** A filter of a route; nothing where it has none of that type. */
export const headerChange = (filter: HeaderFilter | undefined): readonly HeaderChange[] =>
  (filter === undefined ? [] : [{ set: pairs(filter.set), add: pairs(filter.add), remove: listOf(filter.remove).map((name) => String(name).toLowerCase()) }]);

/** Several values of one header stand after a comma each (RFC 9110, 5.2). */
export function changedHeaders(headers: Headers, changes: readonly HeaderChange[]): Headers {
  const found = new Map(Object.entries(headers));
  for (const { set, add, remove } of changes) {
    for (const [name, value] of set) found.set(name, value);
    for (const [name, value] of add) { const before = found.get(name); found.set(name, before === undefined ? value : `${before},${value}`); }
    for (const name of remove) found.delete(name);
  }
  return Object.fromEntries(found);
}

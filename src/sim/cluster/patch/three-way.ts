// What `kubectl apply` makes of an object: the live one, without what the last applied had and the new one has not, with what the new one says.
import { setField } from '../decode/read.ts';
import { isRecord, sameJson } from '../record.ts';
import type { Shape } from '../schema/shape.ts';
import { inElementOrder } from './element-order.ts';
import { fieldShape } from './strategic.ts';

type Json = Readonly<Record<string, unknown>>;

/** `shape` is the object's; without one (a custom resource) lists are replaced whole, as a JSON merge patch does. */
export function mergeThreeWay(live: unknown, last: unknown, applied: unknown, shape: Shape | undefined): unknown {
  if (isRecord(applied)) return mergeMaps(isRecord(live) ? live : {}, isRecord(last) ? last : {}, applied, shape);
  if (Array.isArray(applied)) return mergeLists(Array.isArray(live) ? live : [], Array.isArray(last) ? last : [], applied, shape);
  return applied;
}

function mergeMaps(live: Json, last: Json, applied: Json, shape: Shape | undefined): Json {
  const out: Record<string, unknown> = {};
  const retains = shape?.is === 'struct' && shape.retainsKeys;
  for (const name of Object.keys(live)) {
    // A union (a strategy, a volume) keeps no field of its old kind.
    const gone = (Object.hasOwn(last, name) || retains) && !(Object.hasOwn(applied, name) && applied[name] !== null);
    if (!gone && !(Object.hasOwn(applied, name) && applied[name] === null)) setField(out, name, live[name]);
  }
  for (const name of Object.keys(applied)) {
    const value = applied[name];
    if (value === null) continue;
    setField(out, name, mergeThreeWay(Object.hasOwn(live, name) ? live[name] : undefined, Object.hasOwn(last, name) ? last[name] : undefined, value, fieldShape(shape, name)));
  }
  return out;
}

function mergeLists(live: readonly unknown[], last: readonly unknown[], applied: readonly unknown[], shape: Shape | undefined): readonly unknown[] {
  const merge = shape?.is === 'list' ? shape.merge : null;
  const of = shape?.is === 'list' ? shape.of : undefined;
  if (merge === null) return applied;
  if (merge.by === 'value') {
    const kept = live.filter((item) => !last.some((old) => sameJson(old, item)) || applied.some((now) => sameJson(now, item)));
    return [...kept, ...applied.filter((item) => !kept.some((known) => sameJson(known, item)))];
  }
  const { key } = merge;
  const keyed = (list: readonly unknown[], wanted: unknown): unknown => list.find((item) => isRecord(item) && sameJson(item[key], wanted));
  // Two ports of one number with different protocols have the same key; such a list cannot be merged by it and is taken as applied.
  const keys = applied.map((item) => (isRecord(item) ? JSON.stringify(item[key]) : ''));
  if (new Set(keys).size < keys.length) return applied;
  const merged = applied.map((item) => {
    const wanted = isRecord(item) ? item[key] : undefined;
    return mergeThreeWay(keyed(live, wanted), keyed(last, wanted), item, of);
  });
  // What others added stays.
  const others = live.filter((item) => isRecord(item) && keyed(applied, item[key]) === undefined && keyed(last, item[key]) === undefined);
  return inElementOrder(others, merged, (item) => live.findIndex((known) => isRecord(known) && isRecord(item) && sameJson(known[key], item[key])));
}

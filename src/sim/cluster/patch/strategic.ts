// Strategic merge patch: JSON merge patch that knows lists of named things, by the merge keys of the published schema.
import { fail, succeed } from '../../base/result.ts';
import type { Result } from '../../base/result.ts';
import { setField } from '../decode/read.ts';
import { isRecord, sameJson } from '../record.ts';
import { definitionOf } from '../schema/shape.ts';
import { inElementOrder } from './element-order.ts';
import type { Merge, Shape } from '../schema/shape.ts';

type Json = Readonly<Record<string, unknown>>;

/** The target with the patch laid over it; fails with the API server's sentence. `shape` is the target's, absent where the schema ends. */
export function strategicPatch(target: Json, patch: Json, shape: Shape | undefined): Result<unknown, string> {
  const refusals: string[] = [];
  const value = patchMap(target, patch, shape, refusals);
  return refusals.length > 0 ? fail(...refusals) : succeed(value);
}

function patchMap(target: Json, patch: Json, shape: Shape | undefined, refusals: string[]): unknown {
  const directive = patch['$patch'];
  if (directive === 'replace') return withoutDirectives(patch);
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge') refusals.push(`Unknown patch type found: ${typeof directive === 'string' ? directive : JSON.stringify(directive)}`);
  const out: Record<string, unknown> = {};
  for (const name of Object.keys(target)) setField(out, name, target[name]);
  const retained = patch['$retainKeys'];
  if (Array.isArray(retained)) for (const name of Object.keys(out)) if (!retained.includes(name)) delete out[name];
  for (const name of Object.keys(patch)) {
    const value = patch[name];
    const deleted = /^\$deleteFromPrimitiveList\/(.+)$/.exec(name)?.[1];
    if (deleted !== undefined) {
      const list = out[deleted];
      if (Array.isArray(list) && Array.isArray(value)) setField(out, deleted, list.filter((item) => !value.some((gone) => sameJson(item, gone))));
      continue;
    }
    // The order that a client asks for ($setElementOrder) and the rest of the directives are for clients that send half of a list.
    if (name.startsWith('$')) continue;
    if (value === null) {
      delete out[name];
      continue;
    }
    const was = Object.hasOwn(out, name) ? out[name] : undefined;
    if (Array.isArray(value)) setField(out, name, patchList(Array.isArray(was) ? was : [], value, fieldShape(shape, name), refusals));
    else if (isRecord(value) && isRecord(was)) setField(out, name, patchMap(was, value, fieldShape(shape, name), refusals));
    else setField(out, name, isRecord(value) && value['$patch'] === 'delete' ? {} : withoutDirectives(value));
  }
  return out;
}

function patchList(target: readonly unknown[], patch: readonly unknown[], shape: Shape | undefined, refusals: string[]): unknown[] {
  const merge: Merge = shape?.is === 'list' ? shape.merge : null;
  const of = shape?.is === 'list' ? shape.of : undefined;
  if (merge === null || patch.some((item) => isDirective(item) && item['$patch'] === 'replace')) return patch.filter((item) => !isDirective(item)).map(withoutDirectives);
  if (merge.by === 'value') return [...target, ...patch.filter((item, index) => !target.some((known) => sameJson(known, item)) && patch.findIndex((other) => sameJson(other, item)) === index)];
  const { key } = merge;
  const placeIn = (list: readonly unknown[], wanted: unknown): number => list.findIndex((item) => isRecord(item) && sameJson(item[key], wanted));
  const keyOf = (item: unknown): unknown => (isRecord(item) ? item[key] : undefined);
  const patched: unknown[] = [];
  const touched: unknown[] = [];
  for (const item of patch) {
    if (isDirective(item) && item['$patch'] === 'merge') continue;
    if (!isRecord(item) || !Object.hasOwn(item, key)) {
      refusals.push(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
      continue;
    }
    const wanted = item[key];
    touched.push(wanted);
    if (item['$patch'] === 'delete') continue;
    const again = placeIn(patched, wanted);
    const was = again === -1 ? target[placeIn(target, wanted)] : patched[again];
    const now = item['$patch'] === 'replace' || !isRecord(was) ? withoutDirectives(item) : patchMap(was, item, of, refusals);
    if (again === -1) patched.push(now);
    else patched[again] = now;
  }
  const others = target.filter((item) => !touched.some((wanted) => sameJson(keyOf(item), wanted)));
  return inElementOrder(others, patched, (item) => placeIn(target, keyOf(item)));
}

const isDirective = (item: unknown): item is Json => isRecord(item) && typeof item['$patch'] === 'string' && Object.keys(item).length === 1;

/** The value with every `$patch` and its like left out: what a patch says about something that was not there. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isDirective(item)).map(withoutDirectives);
  if (!isRecord(value)) return value;
  const out: Record<string, unknown> = {};
  for (const name of Object.keys(value)) if (!name.startsWith('$') && value[name] !== null) setField(out, name, withoutDirectives(value[name]));
  return out;
}

/** The shape of a field, where the schema knows it. */
export function fieldShape(shape: Shape | undefined, name: string): Shape | undefined {
  if (shape?.is === 'struct') return definitionOf(shape.definition).fields.get(name);
  return shape?.is === 'map' ? shape.of : undefined;
}

// Completion of field names in the editor: where the cursor stands by indentation alone, so that a text that cannot be read yet is completed too.
import { byText } from '../sim/base/order.ts';
import { definitionOf, resourceOf } from '../sim/cluster/schema/shape.ts';
import type { Definition, Shape } from '../sim/cluster/schema/shape.ts';
import { insert } from './buffer.ts';
import type { Buffer, FieldOffer } from './state.ts';

export interface FieldCompletion {
  readonly buffer: Buffer;
  /** What can still stand there; empty when it is decided, or nothing can. */
  readonly offers: readonly FieldOffer[];
}

interface Row {
  readonly start: number;
  /** Where the last dash of the row stands; `null` for none. */
  readonly dash: number | null;
  readonly keyAt: number;
  readonly key: string | null;
}

function rowOf(text: string): Row | null {
  const match = /^( *)((?:- +)*)(?:([^\s:#"'-][^\s:#"']*)\s*:(?:\s|$))?/.exec(text);
  const [, spaces = '', dashes = '', key] = match ?? [];
  const rest = text.slice(spaces.length + dashes.length);
  if ((rest === '' && dashes === '') || rest.startsWith('#')) return null;
  return { start: spaces.length, dash: dashes === '' ? null : spaces.length + dashes.lastIndexOf('-'), keyAt: spaces.length + dashes.length, key: key ?? null };
}

interface Place {
  /** From the object's root. */
  readonly path: readonly string[];
  readonly siblings: ReadonlySet<string>;
}

/** The keys around a place, and those that stand beside it already. */
function placeOf(rows: readonly string[], at: number, keyAt: number, dash: number | null): Place {
  const path: string[] = [];
  const siblings = new Set<string>();
  let want = dash ?? keyAt;
  let inItem = dash !== null;
  let beside = dash === null;
  for (let index = at - 1; index >= 0; index--) {
    const row = rowOf(rows[index] ?? '');
    if (row === null || row.start > want) continue;
    if (beside && row.keyAt === want) {
      if (row.key !== null) siblings.add(row.key);
      if (row.dash !== null) { inItem = true; beside = false; want = row.dash; }
      continue;
    }
    if (inItem && row.dash !== null && row.start >= want) continue;
    if (!inItem && row.keyAt >= want) continue;
    if (row.key === null) continue;
    path.unshift(row.key);
    inItem = row.dash !== null;
    beside = false;
    want = row.dash ?? row.keyAt;
  }
  // Keys that come after it, as far as the same map goes.
  for (let index = at + 1; index < rows.length; index++) {
    const row = rowOf(rows[index] ?? '');
    if (row === null) continue;
    if (row.start < keyAt) break;
    if (row.start === keyAt && row.key !== null) siblings.add(row.key);
  }
  return { path, siblings };
}

const within = (shape: Shape | undefined): Shape | undefined => (shape?.is === 'list' ? within(shape.of) : shape);

/** The fields that the place may have; `null` where any key may stand. */
function fieldsAt(root: Definition, path: readonly string[]): Definition | null {
  let now: Definition | null = root;
  for (let step = 0; step < path.length; step++) {
    let shape: Shape | undefined = within(now.fields.get(path[step] ?? ''));
    while (shape?.is === 'map' && step < path.length - 1) {
      step++;
      shape = within(shape.of);
    }
    now = shape?.is === 'struct' ? definitionOf(shape.definition) : null;
    if (now === null) return null;
  }
  return now;
}

const typeWord = (shape: Shape): string => (shape.is === 'scalar' ? shape.type : shape.is === 'struct' ? definitionOf(shape.definition).goName : shape.is === 'list' ? `list of ${typeWord(shape.of)}` : shape.is);

const valueAfter = (shape: Shape | undefined): string => (shape === undefined || shape.is === 'scalar' || shape.is === 'any' ? ': ' : ':');

/** The field's name under the cursor completed as far as it is clear; `null` where no field name is being written. */
export function completeField(buffer: Buffer, kind: string): FieldCompletion | null {
  const { row, column } = buffer.cursor;
  const text = buffer.rows[row] ?? '';
  const match = /^( *)((?:- +)*)([A-Za-z][A-Za-z0-9]*)?$/.exec(text.slice(0, column));
  if (match === null || text.slice(column).trim() !== '') return null;
  const [, spaces = '', dashes = '', typed = ''] = match;
  const keyAt = spaces.length + dashes.length;
  const version = buffer.rows.map((one) => /^apiVersion:\s*["']?([^\s"'#]+)/.exec(one)?.[1]).find((one) => one !== undefined) ?? '';
  const resource = resourceOf(version, kind);
  if (resource === undefined) return null;
  const { path, siblings } = placeOf(buffer.rows, row, keyAt, dashes === '' ? null : spaces.length + dashes.lastIndexOf('-'));
  const fields = fieldsAt(definitionOf(resource.definition), path);
  if (fields === null) return null;
  const names = [...fields.fields.keys()].filter((name) => name !== '*' && !siblings.has(name) && name.toLowerCase().startsWith(typed.toLowerCase())).sort(byText);
  const [first] = names;
  if (first === undefined) return { buffer, offers: [] };
  const shared = names.reduce((start, name) => {
    let length = 0;
    while (length < start.length && start[length] === name[length]) length++;
    return start.slice(0, length);
  }, first);
  const put = (word: string): Buffer => insert({ ...buffer, anchor: { row, column: column - typed.length } }, word);
  if (names.length === 1) return { buffer: put(first + valueAfter(fields.fields.get(first))), offers: [] };
  const offers = names.map((name): FieldOffer => { const shape = fields.fields.get(name); return { name, type: shape === undefined ? '' : typeWord(shape) }; });
  return { buffer: shared.length > typed.length ? put(shared) : buffer, offers };
}

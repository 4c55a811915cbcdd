// Field paths in the API server's form (`spec.ports[0].port`), where keys may have dots themselves: the longest key that exists wins.

export type PathStep = string | number;

const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] => (typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []);

const keyed = (value: unknown, key: string): unknown => entriesOf(value).find(([name]) => name === key)?.[1];

/** The steps of a path into a value; what does not exist yet is cut at its dots. */
export function stepsOf(path: string, value: unknown): PathStep[] {
  if (path === '') return [];
  const index = /^\[(\d+)\]\.?/.exec(path);
  if (index !== null) return [Number(index[1]), ...stepsOf(path.slice(index[0].length), Array.isArray(value) ? value[Number(index[1])] : undefined)];
  const keys = entriesOf(value).map(([key]) => key).filter((key) => path === key || path.startsWith(`${key}.`) || path.startsWith(`${key}[`)).sort((left, right) => right.length - left.length);
  const key = keys[0] ?? /^[^.[]+/.exec(path)?.[0] ?? path;
  return [key, ...stepsOf(path.slice(key.length).replace(/^\./, ''), keyed(value, key))];
}

/** The value at a place; `undefined` where there is none. */
export const valueAt = (value: unknown, steps: readonly PathStep[]): unknown =>
  steps.reduce((holder, step) => (typeof step === 'number' ? (Array.isArray(holder) ? (holder as readonly unknown[])[step] : undefined) : keyed(holder, step)), value);

/** A copy with another value at a place; `undefined` takes the place away. */
export function withValue(value: unknown, steps: readonly PathStep[], next: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return next;
  if (typeof step === 'number') {
    const list: unknown[] = Array.isArray(value) ? [...(value as readonly unknown[])] : [];
    const inner = withValue(list[step], rest, next);
    if (inner === undefined) list.splice(step, 1);
    else list[step] = inner;
    return list;
  }
  const entries = new Map(entriesOf(value));
  const inner = withValue(entries.get(step), rest, next);
  if (inner === undefined) entries.delete(step);
  else entries.set(step, inner);
  return Object.fromEntries(entries);
}

// One parsed value with the place of each of its fields, before anybody asks what kind of object it is.
import type { Origin } from '../store.ts';

/** A value as JSON has it, the places of its fields side by side in the order in which they were met: `paths[i]` starts at `offsets[i]` of the text. */
export interface Read {
  readonly value: unknown;
  readonly paths: readonly string[];
  readonly offsets: readonly number[];
}

/** What stands in the way of reading a value. */
export interface Fault {
  readonly says: string;
  readonly help: string | null;
  readonly offset: number;
  readonly field: string | null;
}

/** A field of a map, in the form of the API server where it has one: `spec.ports`, `metadata.labels[app.kubernetes.io/name]`. */
export const childPath = (parent: string, key: string): string => (/^[\w$-]+$/.test(key) ? (parent === '' ? key : `${parent}.${key}`) : `${parent}[${key}]`);

/** Sets a field whatever it is called: `__proto__` becomes a field like any other. */
export function setField(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

/** The starts of lines, for {@link lineColumn}. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Line and column from 1. */
export function lineColumn(starts: readonly number[], offset: number): readonly [line: number, column: number] {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return [low + 1, offset - (starts[low] ?? 0) + 1];
}

/** The origin of an object that stands in a file from entry `from` to `to` of what was read; `prefix` is the path of the object itself (an item of a List). */
export function originOf(file: string, starts: readonly number[], read: Read, from = 0, to = read.paths.length, prefix = ''): Origin {
  let known: Origin['positions'] | undefined;
  return {
    file,
    // Worked out when somebody asks: most objects of a big input are never pointed at.
    get positions() {
      if (known === undefined) {
        const positions: Record<string, readonly [number, number]> = Object.create(null) as Record<string, readonly [number, number]>;
        for (let index = from; index < to; index++) {
          const path = (read.paths[index] ?? '').slice(prefix.length);
          positions[path.startsWith('.') ? path.slice(1) : path] = lineColumn(starts, read.offsets[index] ?? 0);
        }
        known = positions;
      }
      return known;
    },
  };
}

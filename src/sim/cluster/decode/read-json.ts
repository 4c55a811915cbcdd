// Strict JSON with the place of every field; `undefined` for what is not strict JSON, which then goes to the YAML reader and its better errors.
import { childPath, setField } from './read.ts';
import type { Fault, Read } from './read.ts';
import { depthLimit } from './guard.ts';

/** Every value of a text that holds nothing but JSON values that nest no deeper than the limit. */
export function readJson(text: string): readonly (Read | Fault)[] | undefined {
  const found: (Read | Fault)[] = [];
  let at = skip(0);
  while (at < text.length) {
    const paths: string[] = [];
    const offsets: number[] = [];
    const faults: Fault[] = [];
    const value = readValue('', 0, paths, offsets, faults);
    if (value === broken) return undefined;
    found.push(faults[0] ?? { value, paths, offsets });
    at = skip(at);
  }
  return found;

  function skip(from: number): number {
    let index = from;
    for (; index < text.length; index++) {
      const character = text.charCodeAt(index);
      if (character !== 0x20 && character !== 0x0a && character !== 0x0d && character !== 0x09) break;
    }
    return index;
  }

  function readString(): string | typeof broken {
    const start = at;
    for (let index = at + 1; index < text.length; index++) {
      const character = text.charCodeAt(index);
      if (character === 0x5c) index++;
      else if (character === 0x22) {
        at = index + 1;
        return parse(text.slice(start, at));
      }
    }
    return broken;
  }

  function readValue(path: string, depth: number, paths: string[], offsets: number[], faults: Fault[]): unknown {
    const first = text[at];
    if (depth === 0 || path.endsWith(']')) {
      paths.push(path);
      offsets.push(at);
    }
    if (depth > depthLimit) return broken;
    if (first === '{') {
      const object: Record<string, unknown> = {};
      const seen = new Set<string>();
      at = skip(at + 1);
      if (text[at] === '}') { at++; return object; }
      for (;;) {
        const start = at;
        if (text[at] !== '"') return broken;
        const key = readString();
        if (typeof key !== 'string') return broken;
        const child = childPath(path, key);
        if (seen.has(key)) faults.push({ says: `key ${JSON.stringify(key)} already set in map`, help: 'A field may stand only once; remove one of the two.', offset: start, field: child });
        seen.add(key);
        if (!child.endsWith(']')) {
          paths.push(child);
          offsets.push(start);
        }
        at = skip(at);
        if (text[at] !== ':') return broken;
        at = skip(at + 1);
        const value = readValue(child, depth + 1, paths, offsets, faults);
        if (value === broken) return broken;
        setField(object, key, value);
        at = skip(at);
        if (text[at] === '}') { at++; return object; }
        if (text[at] !== ',') return broken;
        at = skip(at + 1);
      }
    }
    if (first === '[') {
      const list: unknown[] = [];
      at = skip(at + 1);
      if (text[at] === ']') { at++; return list; }
      for (;;) {
        const value = readValue(`${path}[${list.length}]`, depth + 1, paths, offsets, faults);
        if (value === broken) return broken;
        list.push(value);
        at = skip(at);
        if (text[at] === ']') { at++; return list; }
        if (text[at] !== ',') return broken;
        at = skip(at + 1);
      }
    }
    if (first === '"') return readString();
    const [literal = ''] = /^(?:true|false|null|-?\d[\d.eE+-]*)/.exec(text.slice(at, at + 64)) ?? [];
    if (literal === '') return broken;
    at += literal.length;
    return parse(literal);
  }
}

const broken = Symbol('not strict JSON');

function parse(literal: string): string | typeof broken {
  try {
    return JSON.parse(literal) as string;
  } catch {
    return broken;
  }
}

// jq for the simple paths that people ask of kubectl's JSON: fields, indexes, iteration, pipes, select, length, keys and the raw form.
import { isRecord, sameJson } from '../../sim/cluster/record.ts';
import { byText, sortedEntries } from '../../sim/base/order.ts';
import { failed, printed } from '../command.ts';
import type { Answer, Call } from '../command.ts';

type Filter = (value: unknown) => readonly unknown[];

/** Marks what jq says of a value that a filter cannot take: it ends the program. */
const faultName = 'jq';
function fault(says: string): never {
  const error = new Error(says);
  error.name = faultName;
  throw error;
}

const kindOf = (value: unknown): string => (value === null || value === undefined ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'object' ? 'object' : typeof value);

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const field = (name: string): Filter => (value) => {
  if (value === null || value === undefined) return [null];
  if (!isRecord(value)) fault(`Cannot index ${kindOf(value)} with "${name}"`);
  return [Object.hasOwn(value, name) ? value[name] : null];
};

const place = (index: number): Filter => (value) => {
  if (value === null || value === undefined) return [null];
  if (!isList(value)) fault(`Cannot index ${kindOf(value)} with number`);
  return [value.at(index) ?? null];
};

const each: Filter = (value) => {
  if (isList(value)) return value;
  if (isRecord(value)) return Object.values(value);
  return fault(`Cannot iterate over ${kindOf(value)}`);
};

const named: Readonly<Record<string, Filter>> = {
  length: (value) => [Array.isArray(value) || typeof value === 'string' ? value.length : isRecord(value) ? Object.keys(value).length : 0],
  keys: (value) => {
    if (Array.isArray(value)) return [value.map((_, index) => index)];
    if (isRecord(value)) return [Object.keys(value).sort(byText)];
    return fault(`${kindOf(value)} has no keys`);
  },
  not: (value) => [value === false || value === null],
};

const then = (first: Filter, second: Filter): Filter => (value) => first(value).flatMap((one) => second(one));

/** Reads a filter; `null` for what this jq does not know. */
function read(text: string): Filter | null {
  const source = text.trim();
  const pipe = outside(source, '|');
  if (pipe >= 0) {
    const [left, right] = [read(source.slice(0, pipe)), read(source.slice(pipe + 1))];
    return left === null || right === null ? null : then(left, right);
  }
  const comma = outside(source, ',');
  if (comma >= 0) {
    const [left, right] = [read(source.slice(0, comma)), read(source.slice(comma + 1))];
    return left === null || right === null ? null : (value) => [...left(value), ...right(value)];
  }
  const collected = /^\[([\s\S]*)\]$/.exec(source);
  if (collected !== null) {
    const inner = read(collected[1] ?? '');
    return inner === null ? null : (value) => [inner(value)];
  }
  const chosen = /^select\(([\s\S]*)\)$/.exec(source);
  if (chosen !== null) {
    const test = read(chosen[1] ?? '');
    return test === null ? null : (value) => test(value).flatMap((one) => (one === false || one === null || one === undefined ? [] : [value]));
  }
  const compared = /^([\s\S]*?)\s*(==|!=)\s*([\s\S]*)$/.exec(source);
  if (compared !== null) {
    const [left, right] = [read(compared[1] ?? ''), read(compared[3] ?? '')];
    const wanted = compared[2] === '==';
    return left === null || right === null ? null : (value) => left(value).flatMap((one) => right(value).map((other) => sameJson(one, other) === wanted));
  }
  if (Object.hasOwn(named, source)) return named[source] ?? null;
  const [, before = '', behind = ''] = /^([a-z]+)([.[][\s\S]*)$/.exec(source) ?? [];
  if (Object.hasOwn(named, before)) {
    const [first, second] = [named[before], path(behind.startsWith('.') ? behind : `.${behind}`)];
    return first === undefined || second === null ? null : then(first, second);
  }
  if (/^("(?:[^"\\]|\\.)*"|-?\d+(\.\d+)?|true|false|null)$/.test(source)) {
    const constant: unknown = JSON.parse(source);
    return () => [constant];
  }
  return path(source);
}

/** Where a sign stands outside of quotes and brackets; -1 for nowhere. */
function outside(text: string, sign: string): number {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const char = text.charAt(index);
    if (char === '"') {
      for (index += 1; index < text.length && text.charAt(index) !== '"'; index++) if (text.charAt(index) === '\\') index += 1;
    } else if (char === '(' || char === '[') depth += 1;
    else if (char === ')' || char === ']') depth -= 1;
    else if (char === sign && depth === 0) return index;
  }
  return -1;
}

function path(source: string): Filter | null {
  if (!source.startsWith('.')) return null;
  let filter: Filter = (value) => [value];
  let rest = source === '.' ? '' : source;
  while (rest !== '') {
    const step = /^(?:\.([A-Za-z_]\w*)|\.?"((?:[^"\\]|\\.)*)"|\.?\["((?:[^"\\]|\\.)*)"\]|\.?\[(-?\d+)\]|(\.?\[\]))(\?)?/.exec(rest);
    if (step === null) return null;
    const name = step[1] ?? step[2] ?? step[3];
    filter = then(filter, name !== undefined ? field(name) : step[4] !== undefined ? place(Number(step[4])) : each);
    rest = rest.slice(step[0].length);
  }
  return filter;
}

const sorted = (value: unknown): unknown => (Array.isArray(value) ? value.map(sorted) : isRecord(value) ? Object.fromEntries(sortedEntries(value).map(([key, inner]) => [key, sorted(inner)])) : value);

/** `jq [-r] [-c] [-S] FILTER`, standard input only. */
export function jq(call: Call): Answer {
  const options = call.args.filter((word) => /^-[a-zA-Z-]+$/.test(word));
  const [text = '.', file] = call.args.filter((word) => !options.includes(word));
  const letters = options.map((word) => ({ '--raw-output': '-r', '--compact-output': '-c', '--sort-keys': '-S', '--exit-status': '-e' })[word] ?? word).join('');
  const strange = /[^-rcSe]/.exec(letters);
  if (strange !== null) return failed(`the lab's jq has no option -${strange[0]}: it knows -r, -c and -S`, 2);
  if (file !== undefined) return failed(`jq: error: Could not open ${file}: No such file or directory`, 2);
  const filter = read(text);
  if (filter === null) return failed(`the lab's jq knows paths (.items[].metadata.name), |, select(… == …), length and keys, not ${JSON.stringify(text)}`, 3);
  let value: unknown;
  try {
    if ((call.stdin ?? '').trim() === '') return printed('');
    value = JSON.parse(call.stdin ?? '');
  } catch {
    return failed('jq: parse error: Invalid literal at line 1, column 1', 5);
  }
  try {
    return printed(filter(value).map((one) => `${letters.includes('r') && typeof one === 'string' ? one : JSON.stringify(letters.includes('S') ? sorted(one) : one ?? null, null, letters.includes('c') ? 0 : 2)}\n`).join(''));
  } catch (error) {
    if (error instanceof Error && error.name === faultName) return failed(`jq: error (at <stdin>:0): ${error.message}`, 5);
    throw error;
  }
}

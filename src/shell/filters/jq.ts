// jq on what kubectl prints: most of what people type on a terminal, evaluated on plain values.
import { isRecord, sameJson } from '../../sim/cluster/record.ts';
import { byText, sortedEntries } from '../../sim/base/order.ts';
import { failed, printed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { inputOf } from '../files.ts';
import { jqProgram } from './jq-program.ts';
import type { JqFilter } from './jq-program.ts';

/** Marks what jq says of a value that a filter cannot take: it ends the program. */
const faultName = 'jq';
function fault(says: string): never {
  const error = new Error(says);
  error.name = faultName;
  throw error;
}

const isFault = (error: unknown): error is Error => error instanceof Error && error.name === faultName;
const kindOf = (value: unknown): string => (value === null || value === undefined ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'object' ? 'object' : typeof value);
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const truthy = (value: unknown): boolean => value !== false && value !== null && value !== undefined;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));
const shown = (value: unknown): string => { const text = JSON.stringify(value ?? null); return text.length > 11 ? `${text.slice(0, 10)}...` : text; };

/** jq's order: null, false, true, numbers, texts, arrays, objects. */
const rank = (value: unknown): number => ['null', 'boolean', 'number', 'string', 'array', 'object'].indexOf(kindOf(value)) * 2 + (value === true ? 1 : 0);
function compare(left: unknown, right: unknown): number {
  if (rank(left) !== rank(right)) return rank(left) - rank(right);
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'string' && typeof right === 'string') return byText(left, right);
  if (isList(left) && isList(right)) {
    for (let index = 0; index < Math.min(left.length, right.length); index++) {
      const order = compare(left[index], right[index]);
      if (order !== 0) return order;
    }
    return left.length - right.length;
  }
  return byText(JSON.stringify(left ?? null), JSON.stringify(right ?? null));
}

interface Scope { readonly variables: Readonly<Record<string, unknown>>; steps: number }

const mostSteps = 200_000;

function field(value: unknown, name: unknown): unknown {
  if (typeof name === 'string') {
    if (value === null || value === undefined) return null;
    if (!isRecord(value)) fault(`Cannot index ${kindOf(value)} with "${name}"`);
    return Object.hasOwn(value, name) ? value[name] : null;
  }
  if (typeof name === 'number') {
    if (value === null || value === undefined) return null;
    if (!isList(value)) fault(`Cannot index ${kindOf(value)} with number`);
    return value.at(Math.floor(name)) ?? null;
  }
  return fault(`Cannot index ${kindOf(value)} with ${kindOf(name)}`);
}

function binary(sign: string, left: unknown, right: unknown): unknown {
  switch (sign) {
    case '==': return sameJson(left ?? null, right ?? null);
    case '!=': return !sameJson(left ?? null, right ?? null);
    case '<': return compare(left, right) < 0;
    case '<=': return compare(left, right) <= 0;
    case '>': return compare(left, right) > 0;
    case '>=': return compare(left, right) >= 0;
    case '+':
      if (left === null || left === undefined) return right;
      if (right === null || right === undefined) return left;
      if (typeof left === 'number' && typeof right === 'number') return left + right;
      if (typeof left === 'string' && typeof right === 'string') return left + right;
      if (isList(left) && isList(right)) return [...left, ...right];
      if (isRecord(left) && isRecord(right)) return { ...left, ...right };
      return fault(`${kindOf(left)} (${shown(left)}) and ${kindOf(right)} (${shown(right)}) cannot be added`);
    case '-':
      if (typeof left === 'number' && typeof right === 'number') return left - right;
      if (isList(left) && isList(right)) return left.filter((one) => !right.some((other) => sameJson(one, other)));
      return fault(`${kindOf(left)} (${shown(left)}) and ${kindOf(right)} (${shown(right)}) cannot be subtracted`);
    default: {
      if (sign === '/' && typeof left === 'string' && typeof right === 'string') return left.split(right);
      if (typeof left !== 'number' || typeof right !== 'number') return fault(`${kindOf(left)} (${shown(left)}) and ${kindOf(right)} (${shown(right)}) cannot be ${sign === '*' ? 'multiplied' : 'divided'}`);
      if (sign === '*') return left * right;
      if (right === 0) return fault(`${kindOf(left)} (${shown(left)}) and ${kindOf(right)} (${shown(right)}) cannot be divided because the divisor is zero`);
      return sign === '/' ? left / right : Math.trunc(left) % Math.trunc(right);
    }
  }
}

function evaluate(filter: JqFilter, value: unknown, scope: Scope): readonly unknown[] {
  scope.steps += 1;
  if (scope.steps > mostSteps) fault('the filter ran too long for the lab');
  const all = (of: JqFilter, on: unknown = value): readonly unknown[] => evaluate(of, on, scope);
  switch (filter.kind) {
    case 'identity': return [value];
    case 'recurse': return everything(value);
    case 'value': return [filter.value];
    case 'text': return filter.parts.reduce<readonly string[]>((made, part) => (typeof part === 'string' ? made.map((one) => one + part) : made.flatMap((one) => all(part).map((inner) => one + textOf(inner)))), ['']);
    case 'field': return all(filter.of).flatMap((of) => all(filter.name).flatMap((name) => (filter.tries ? attempt(() => [field(of, name)]) : [field(of, name)])));
    case 'slice': {
      const bound = (of: JqFilter | null): number | undefined => { const found = of === null ? undefined : all(of)[0]; return typeof found === 'number' ? found : undefined; };
      return all(filter.of).map((of) => (of === null ? null : typeof of === 'string' || isList(of) ? of.slice(bound(filter.from) ?? 0, bound(filter.to)) : fault(`Cannot index ${kindOf(of)} with object`)));
    }
    case 'each': return all(filter.of).flatMap((of) => (isList(of) ? of : isRecord(of) ? Object.values(of) : filter.tries ? [] : fault(`Cannot iterate over ${kindOf(of)} (${shown(of)})`)));
    case 'pipe': return all(filter.first).flatMap((one) => all(filter.then, one));
    case 'comma': return [...all(filter.left), ...all(filter.right)];
    case 'negate': return all(filter.of).map((one) => (typeof one === 'number' ? -one : fault(`${kindOf(one)} (${shown(one)}) cannot be negated`)));
    case 'list': return [filter.of === null ? [] : [...all(filter.of)]];
    case 'object': return filter.entries.reduce<readonly Readonly<Record<string, unknown>>[]>((made, { key, value: of }) => made.flatMap((one) => all(key).flatMap((name) => (typeof name === 'string' ? all(of).map((inner) => ({ ...one, [name]: inner ?? null })) : fault(`Object keys must be strings`)))), [{}]);
    case 'if': return all(filter.test).flatMap((one) => (truthy(one) ? all(filter.yes) : all(filter.no)));
    case 'as': return all(filter.of).flatMap((one) => evaluate(filter.body, value, { ...scope, variables: { ...scope.variables, [filter.name]: one } }));
    case 'variable': return Object.hasOwn(scope.variables, filter.name) ? [scope.variables[filter.name]] : fault(`$${filter.name} is not defined`);
    case 'format': return [formatted(filter.name, value)];
    case 'binary': {
      if (filter.sign === '//') {
        const found = attempt(() => all(filter.left)).filter(truthy);
        return found.length > 0 ? found : all(filter.right);
      }
      if (filter.sign === 'and') return all(filter.left).flatMap((left) => (truthy(left) ? all(filter.right).map(truthy) : [false]));
      if (filter.sign === 'or') return all(filter.left).flatMap((left) => (truthy(left) ? [true] : all(filter.right).map(truthy)));
      return all(filter.right).flatMap((right) => all(filter.left).map((left) => binary(filter.sign, left, right)));
    }
    case 'call': return called(filter.name, filter.args, value, scope);
  }
}

function attempt(make: () => readonly unknown[]): readonly unknown[] {
  try {
    return make();
  } catch (error) {
    if (isFault(error)) return [];
    throw error;
  }
}

const everything = (value: unknown): readonly unknown[] => [value, ...(isList(value) ? value.flatMap(everything) : isRecord(value) ? Object.values(value).flatMap(everything) : [])];

function formatted(name: string, value: unknown): string {
  const cells = (): readonly unknown[] => (isList(value) ? value : fault(`${kindOf(value)} (${shown(value)}) cannot be ${name}-formatted, only an array can be`));
  switch (name) {
    case 'tsv': return cells().map((cell) => (cell === null ? '' : textOf(cell).replace(/\t/g, '\\t').replace(/\n/g, '\\n'))).join('\t');
    case 'csv': return cells().map((cell) => (cell === null ? '' : typeof cell === 'string' ? `"${cell.replace(/"/g, '""')}"` : textOf(cell))).join(',');
    case 'text': return textOf(value);
    case 'json': return JSON.stringify(value ?? null);
    case 'base64': return btoa(String.fromCharCode(...new TextEncoder().encode(textOf(value))));
    case 'base64d': return attemptText(() => new TextDecoder().decode(Uint8Array.from(atob(textOf(value)), (char) => char.charCodeAt(0))));
    case 'uri': return encodeURIComponent(textOf(value));
    case 'sh': return `'${textOf(value).replace(/'/g, "'\\''")}'`;
    default: return fault(`${name} is not a valid format`);
  }
}

function attemptText(make: () => string): string {
  try {
    return make();
  } catch {
    return fault('string is not valid base64 data');
  }
}

const wantsList = (value: unknown): readonly unknown[] => (isList(value) ? value : isRecord(value) ? Object.values(value) : fault(`Cannot iterate over ${kindOf(value)} (${shown(value)})`));
const wantsText = (value: unknown, says: string): string => (typeof value === 'string' ? value : fault(`${kindOf(value)} (${shown(value)}) ${says}`));

function called(name: string, args: readonly JqFilter[], value: unknown, scope: Scope): readonly unknown[] {
  const [first, second] = args;
  const of = (filter: JqFilter | undefined, on: unknown = value): readonly unknown[] => (filter === undefined ? [on] : evaluate(filter, on, scope));
  const one = (filter: JqFilter | undefined, on: unknown = value): unknown => of(filter, on)[0] ?? null;
  const keyed = (): readonly { readonly item: unknown; readonly key: unknown }[] => wantsList(value).map((item) => ({ item, key: first === undefined ? item : [...of(first, item)] })).sort((left, right) => compare(left.key, right.key));
  const groups = (): readonly (readonly unknown[])[] => keyed().reduce<{ key: unknown; items: unknown[] }[]>((all, { item, key }) => { const last = all.at(-1); if (last !== undefined && sameJson(last.key, key)) last.items.push(item); else all.push({ key, items: [item] }); return all; }, []).map(({ items }) => items);
  const expression = (): RegExp => { try { return new RegExp(wantsText(one(first), 'cannot be matched, as it is not a string'), second === undefined ? '' : textOf(one(second)).replace(/[^gimsx]/g, '').replace('x', '')); } catch { return fault('the expression cannot be read'); } };
  switch (name) {
    case 'select': return of(first).filter(truthy).map(() => value);
    case 'empty': return [];
    case 'not': return [!truthy(value)];
    case 'length': return [value === null || value === undefined ? 0 : typeof value === 'string' ? [...value].length : isList(value) ? value.length : isRecord(value) ? Object.keys(value).length : typeof value === 'number' ? Math.abs(value) : fault(`boolean (${String(value)}) has no length`)];
    case 'keys': case 'keys_unsorted': return [isList(value) ? value.map((_, index) => index) : isRecord(value) ? (name === 'keys' ? Object.keys(value).sort(byText) : Object.keys(value)) : fault(`${kindOf(value)} has no keys`)];
    case 'values': return value === null || value === undefined ? [] : [value];
    case 'map': return [wantsList(value).flatMap((item) => [...of(first, item)])];
    case 'map_values': return [isRecord(value) ? Object.fromEntries(Object.entries(value).flatMap(([key, item]) => of(first, item).slice(0, 1).map((made) => [key, made]))) : wantsList(value).flatMap((item) => of(first, item).slice(0, 1))];
    case 'to_entries': return [isRecord(value) ? Object.entries(value).map(([key, item]) => ({ key, value: item })) : fault(`${kindOf(value)} (${shown(value)}) has no keys`)];
    case 'from_entries': return [Object.fromEntries(wantsList(value).flatMap((item) => (isRecord(item) ? [[textOf(item['key'] ?? item['name'] ?? item['k'] ?? null), item['value'] ?? item['v'] ?? null]] : [])))];
    case 'with_entries': return of({ kind: 'call', name: 'from_entries', args: [] }, of({ kind: 'call', name: 'map', args: first === undefined ? [] : [first] }, of({ kind: 'call', name: 'to_entries', args: [] })[0])[0]);
    case 'has': { const key = one(first); return [isRecord(value) && typeof key === 'string' ? Object.hasOwn(value, key) : isList(value) && typeof key === 'number' ? key < value.length : fault(`Cannot check whether ${kindOf(value)} has a ${kindOf(key)} key`)]; }
    case 'in': { const whole = one(first); return [isRecord(whole) && typeof value === 'string' && Object.hasOwn(whole, value)]; }
    case 'sort': case 'sort_by': return [keyed().map(({ item }) => item)];
    case 'group_by': return [groups()];
    case 'unique': case 'unique_by': return [groups().map(([item]) => item)];
    case 'min': case 'min_by': return [keyed()[0]?.item ?? null];
    case 'max': case 'max_by': return [keyed().at(-1)?.item ?? null];
    case 'add': return [wantsList(value).reduce<unknown>((sum, item) => binary('+', sum, item), null)];
    case 'any': return [second !== undefined ? of(first).some((item) => of(second, item).some(truthy)) : first === undefined ? wantsList(value).some(truthy) : wantsList(value).some((item) => of(first, item).some(truthy))];
    case 'all': return [second !== undefined ? of(first).every((item) => of(second, item).every(truthy)) : first === undefined ? wantsList(value).every(truthy) : wantsList(value).every((item) => of(first, item).every(truthy))];
    case 'first': return first === undefined ? [field(value, 0)] : of(first).slice(0, 1);
    case 'last': return first === undefined ? [field(value, -1)] : of(first).slice(-1);
    case 'reverse': return [typeof value === 'string' ? [...value].reverse().join('') : [...wantsList(value)].reverse()];
    case 'flatten': return [wantsList(value).flat(Infinity)];
    case 'range': return Array.from({ length: Math.max(0, Math.min(10_000, second === undefined ? Number(one(first)) : Number(one(second)) - Number(one(first)))) }, (_unused, index) => index + (second === undefined ? 0 : Number(one(first))));
    case 'join': return [wantsList(value).map((item) => (item === null ? '' : typeof item === 'object' ? fault('cannot join with object') : textOf(item))).join(textOf(one(first)))];
    case 'split': return [wantsText(value, 'cannot be split').split(textOf(one(first)))];
    case 'test': return [expression().test(wantsText(value, 'cannot be matched, as it is not a string'))];
    case 'match': case 'capture': return [...wantsText(value, 'cannot be matched, as it is not a string').matchAll(new RegExp(expression().source, 'g'))].slice(0, 1).map((match) => (name === 'capture' ? { ...match.groups } : { offset: match.index, length: match[0].length, string: match[0], captures: [] }));
    case 'sub': case 'gsub': return [wantsText(value, 'cannot be matched, as it is not a string').replace(new RegExp(textOf(one(first)), name === 'gsub' ? 'g' : ''), () => textOf(one(second)))];
    case 'startswith': return [wantsText(value, 'startswith() requires string inputs').startsWith(textOf(one(first)))];
    case 'endswith': return [wantsText(value, 'endswith() requires string inputs').endsWith(textOf(one(first)))];
    case 'ltrimstr': { const start = textOf(one(first)); return [typeof value === 'string' && value.startsWith(start) ? value.slice(start.length) : value]; }
    case 'rtrimstr': { const end = textOf(one(first)); return [typeof value === 'string' && end !== '' && value.endsWith(end) ? value.slice(0, -end.length) : value]; }
    case 'ascii_downcase': return [wantsText(value, 'cannot be lowercased').toLowerCase()];
    case 'ascii_upcase': return [wantsText(value, 'cannot be uppercased').toUpperCase()];
    case 'contains': return [contains(value, one(first))];
    case 'inside': return [contains(one(first), value)];
    case 'index': { const text = textOf(one(first)); const at = typeof value === 'string' ? value.indexOf(text) : -1; return [at < 0 ? null : at]; }
    case 'tostring': return [textOf(value)];
    case 'tonumber': { const number = Number(value); return [Number.isFinite(number) && value !== '' && value !== null ? number : fault(`Cannot parse '${textOf(value)}' as JSON`)]; }
    case 'type': return [kindOf(value)];
    case 'floor': return [Math.floor(Number(value))];
    case 'ceil': return [Math.ceil(Number(value))];
    case 'tojson': return [JSON.stringify(value ?? null)];
    case 'fromjson': try { return [JSON.parse(wantsText(value, 'cannot be parsed as JSON'))]; } catch { return fault(`${shown(value)} cannot be parsed as JSON`); }
    case 'recurse': return everything(value);
    case 'try': return attempt(() => of(first));
    case 'del': return [without(value, first)];
    case 'error': return fault(textOf(one(first)));
    case 'limit': return of(second).slice(0, Number(one(first)));
    case 'paths': return everything(value).length > 0 ? fault('the lab\'s jq has no paths') : [];
    default: return fault(`${name}/${args.length} is not defined`);
  }
}

function contains(whole: unknown, part: unknown): boolean {
  if (typeof whole === 'string' && typeof part === 'string') return whole.includes(part);
  if (isList(whole) && isList(part)) return part.every((one) => whole.some((item) => contains(item, one)));
  if (isRecord(whole) && isRecord(part)) return Object.entries(part).every(([key, one]) => Object.hasOwn(whole, key) && contains(whole[key], one));
  return sameJson(whole, part);
}

/** `del(.a.b)`: of simple paths only. */
function without(value: unknown, path: JqFilter | undefined): unknown {
  if (path?.kind === 'comma') return without(without(value, path.left), path.right);
  if (path?.kind !== 'field' || path.name.kind !== 'value') return fault('the lab\'s jq deletes simple paths only');
  const name = path.name.value;
  const drop = (of: unknown): unknown => (isRecord(of) && typeof name === 'string' ? Object.fromEntries(Object.entries(of).filter(([key]) => key !== name)) : isList(of) ? of.filter((_, index) => index !== name) : of);
  const inside = (at: JqFilter, of: unknown): unknown => {
    if (at.kind === 'identity') return drop(of);
    if (at.kind === 'field' && at.name.kind === 'value') return changed(at.of, of, String(at.name.value));
    if (at.kind === 'each') return fault('the lab\'s jq deletes simple paths only');
    return fault('the lab\'s jq deletes simple paths only');
  };
  const changed = (at: JqFilter, of: unknown, key: string): unknown => {
    const apply = (whole: unknown): unknown => (isRecord(whole) && Object.hasOwn(whole, key) ? { ...whole, [key]: drop(whole[key]) } : whole);
    if (at.kind === 'identity') return apply(of);
    if (at.kind === 'field' && at.name.kind === 'value' && at.of.kind === 'identity' && isRecord(of)) {
      const outer = String(at.name.value);
      return Object.hasOwn(of, outer) ? { ...of, [outer]: apply(of[outer]) } : of;
    }
    return fault('the lab\'s jq deletes simple paths only');
  };
  return inside(path.of, value);
}

const sorted = (value: unknown): unknown => (Array.isArray(value) ? value.map(sorted) : isRecord(value) ? Object.fromEntries(sortedEntries(value).map(([key, inner]) => [key, sorted(inner)])) : value);

const long: Readonly<Record<string, string>> = { '--raw-output': '-r', '--compact-output': '-c', '--sort-keys': '-S', '--exit-status': '-e', '--null-input': '-n', '--slurp': '-s', '--monochrome-output': '-M', '--join-output': '-j', '--color-output': '-C', '--tab': '-t' };

const known: ReadonlySet<string> = new Set(['add', 'all', 'any', 'ascii_downcase', 'ascii_upcase', 'capture', 'ceil', 'contains', 'del', 'empty', 'endswith', 'error', 'first', 'flatten', 'floor', 'from_entries', 'fromjson', 'group_by', 'gsub', 'has', 'in', 'index', 'inside', 'join', 'keys', 'keys_unsorted', 'last', 'length', 'limit', 'ltrimstr', 'map', 'map_values', 'match', 'max', 'max_by', 'min', 'min_by', 'not', 'paths', 'range', 'recurse', 'reverse', 'rtrimstr', 'select', 'sort', 'sort_by', 'split', 'startswith', 'sub', 'test', 'to_entries', 'tojson', 'tonumber', 'tostring', 'try', 'type', 'unique', 'unique_by', 'values', 'with_entries']);

/** The first call of a function that is not there. */
function unknownIn(filter: unknown): string | null {
  if (isList(filter)) return filter.map(unknownIn).find((one) => one !== null) ?? null;
  if (!isRecord(filter)) return null;
  if (filter['kind'] === 'value') return null;
  if (filter['kind'] === 'call' && typeof filter['name'] === 'string' && !known.has(filter['name'])) return `${filter['name']}/${isList(filter['args']) ? filter['args'].length : 0}`;
  return Object.values(filter).map(unknownIn).find((one) => one !== null) ?? null;
}

/** `jq [-r] [-c] [-S] [-e] [-n] [-s] [-j] [--arg NAME VALUE] FILTER [FILE…]` */
export function jq(call: Call): Answer {
  const variables: Record<string, unknown> = {};
  let letters = '';
  const rest: string[] = [];
  for (let index = 0; index < call.args.length; index++) {
    const word = call.args[index] ?? '';
    if (word === '--arg' || word === '--argjson') {
      const [name = '', value = ''] = [call.args[++index], call.args[++index]];
      try {
        variables[name] = word === '--arg' ? value : JSON.parse(value);
      } catch {
        return failed(`jq: Invalid JSON text passed to --argjson\nUse jq --help for help with command-line options,\nor see the jq manpage, or online docs  at https://jqlang.github.io/jq`, 2);
      }
    } else if (/^-./.test(word) && rest.length === 0) letters += (long[word] ?? word).replace(/^-/, '');
    else if (/^-[rcSensjMC]+$/.test(word)) letters += word.slice(1);
    else rest.push(word);
  }
  const strange = /[^rcSensjMCt]/.exec(letters);
  if (strange !== null) return failed(`jq: Unknown option: -${strange[0]}\nUse jq --help for help with command-line options,\nor see the jq manpage, or online docs  at https://jqlang.github.io/jq`, 2);
  const [text = '.', ...paths] = rest;
  const read = jqProgram(text);
  if (!read.ok) return failed(`jq: error: syntax error, unexpected ${JSON.stringify(read.failures.join(''))} (Unix shell quoting issues?) at <top-level>, line 1:\n${text}\njq: 1 compile error`, 3);
  const unknown = unknownIn(read.value);
  if (unknown !== null) return failed(`jq: error: ${unknown} is not defined at <top-level>, line 1:\n${text}\njq: 1 compile error`, 3);
  const input = inputOf(call, paths);
  if (typeof input !== 'string') return input;
  const values: unknown[] = [];
  if (letters.includes('n')) values.push(null);
  else {
    for (const part of documents(input)) {
      try {
        values.push(JSON.parse(part));
      } catch {
        return failed('jq: parse error: Invalid numeric literal at line 2, column 0', 5);
      }
    }
  }
  let last: unknown = null;
  let out = '';
  const end = letters.includes('j') ? '' : '\n';
  try {
    for (const value of letters.includes('s') ? [values] : values) {
      for (const one of evaluate(read.value, value, { variables, steps: 0 })) {
        last = one;
        out += `${(letters.includes('r') || letters.includes('j')) && typeof one === 'string' ? one : JSON.stringify(letters.includes('S') ? sorted(one) : one ?? null, null, letters.includes('c') ? 0 : letters.includes('t') ? '\t' : 2)}${end}`;
      }
    }
  } catch (error) {
    if (!isFault(error)) throw error;
    return { kind: 'done', status: 5, output: [...(out === '' ? [] : [{ stream: 'out' as const, text: out }]), { stream: 'err', text: `jq: error (at ${paths[0] ?? '<stdin>'}:${input.split('\n').length - 1}): ${error.message}\n` }] };
  }
  return letters.includes('e') && !truthy(last) ? { ...printed(out), status: 1 } : printed(out);
}

/** Several JSON texts one after the other, as `kubectl get -o json` of several objects in a loop gives them. */
function documents(text: string): readonly string[] {
  const whole = text.trim();
  if (whole === '') return [];
  try {
    JSON.parse(whole);
    return [whole];
  } catch {
    const parts = whole.split(/\n(?=[{["\d])/);
    return parts.length > 1 && parts.length < 1000 && /^[}\]]|^\S+$/m.test(whole) ? whole.split(/(?<=^[}\]])\n(?=[{[])|\n(?=[^\s}\]])/m) : [whole];
  }
}

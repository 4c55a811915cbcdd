// `-o jsonpath=…` and the paths of --sort-by and custom columns: the part of client-go's JSONPath that people use.
import { fail, succeed } from '../../sim/base/result.ts';
import type { Result } from '../../sim/base/result.ts';
import { goSyntax } from './go-value.ts';
import { isRecord } from '../../sim/cluster/record.ts';
import { serialize } from '../../sim/cluster/serialize.ts';

type Step =
  | { readonly is: 'field'; readonly name: string }
  | { readonly is: 'index'; readonly index: number }
  | { readonly is: 'slice'; readonly from: number; readonly to: number | null }
  | { readonly is: 'every' }
  | { readonly is: 'deep' }
  | { readonly is: 'names'; readonly names: readonly string[] }
  | { readonly is: 'filter'; readonly path: readonly Step[]; readonly operator: '==' | '!=' | '<' | '>' | '<=' | '>=' | null; readonly value: string | number | boolean | readonly Step[] };

type Part =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'paths'; readonly paths: readonly (readonly Step[])[] }
  | { readonly is: 'range'; readonly path: readonly Step[]; readonly parts: readonly Part[] };

/** Fills a template; the failure is the sentence behind `error: `. */
export function jsonPath(template: string, data: unknown): Result<string, string> {
  try {
    const reader = { text: template, at: 0 };
    const parts = readParts(reader, false);
    return succeed(fillParts(parts, data, data));
  } catch (error) {
    if (error instanceof WalkProblem) return fail(executing(template, data, error));
    if (error instanceof PathProblem) return fail(`error parsing jsonpath ${template}, ${error.message}`);
    throw error;
  }
}

/** The results of a template's paths as data, each path's a list: `-o jsonpath-as-json`. */
export function jsonPathResults(template: string, data: unknown): Result<readonly unknown[], string> {
  try {
    return succeed(readParts({ text: template, at: 0 }, false).flatMap((part) => (part.is === 'paths' ? part.paths.flatMap((path) => walk(path, [data], data)) : part.is === 'text' ? [part.text] : walk(part.path, [data], data))));
  } catch (error) {
    if (error instanceof WalkProblem) return fail(executing(template, data, error));
    if (error instanceof PathProblem) return fail(`error parsing jsonpath ${template}, ${error.message}`);
    throw error;
  }
}

const executing = (template: string, data: unknown, { message }: Error): string =>
  `error executing jsonpath ${JSON.stringify(template)}: Error executing template: ${message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${goSyntax(data)}\n\n`;

/** The values under one path: `.metadata.name`, `{.spec.ports[*].port}`. The failure as above. */
export function valuesAt(path: string, data: unknown): Result<readonly unknown[], string> {
  const bare = path.trim().replace(/^\{([\s\S]*)\}$/, '$1');
  try {
    return succeed(walk(readPath({ text: bare.startsWith('.') || bare.startsWith('[') || bare.startsWith('$') ? bare : `.${bare}`, at: 0 }), [data], data));
  } catch (error) {
    if (error instanceof WalkProblem) return fail(error.message);
    if (error instanceof PathProblem) return fail(`error parsing jsonpath ${path}, ${error.message}`);
    throw error;
  }
}

/** How a value is printed: texts bare, everything else as JSON with sorted fields. */
export const valueText = (value: unknown): string =>
  typeof value === 'string' ? value : value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(JSON.parse(serialize(value, 'json'))) : String(value);

// Thrown and caught in this file alone: the way out of a recursive reader.
class PathProblem extends Error {}
class WalkProblem extends Error {}
interface Reader { readonly text: string; at: number }

function readParts(reader: Reader, inRange: boolean): readonly Part[] {
  const parts: Part[] = [];
  while (reader.at < reader.text.length) {
    const open = reader.text.indexOf('{', reader.at);
    if (open !== reader.at) {
      const end = open < 0 ? reader.text.length : open;
      parts.push({ is: 'text', text: reader.text.slice(reader.at, end) });
      reader.at = end;
      continue;
    }
    const close = closingBrace(reader.text, open);
    const inner = reader.text.slice(open + 1, close).trim();
    reader.at = close + 1;
    if (inner === 'end') {
      if (!inRange) throw new WalkProblem('not in range, nothing to end');
      return parts;
    }
    if (/^range(\s|$)/.test(inner)) {
      parts.push({ is: 'range', path: readPath({ text: inner.slice(5).trim(), at: 0 }), parts: readParts(reader, true) });
      continue;
    }
    const quoted = /^(["'])([\s\S]*)\1$/.exec(inner);
    if (quoted !== null) {
      parts.push({ is: 'text', text: (quoted[2] ?? '').replace(/\\([ntr"'\\])/g, (_whole, letter: string) => ({ n: '\n', t: '\t', r: '\r' }[letter] ?? letter)) });
      continue;
    }
    const paths = inner.split(/\s+(?=[.$@[])/).map((path) => readPath({ text: path, at: 0 }));
    parts.push({ is: 'paths', paths });
  }
  return parts;
}

function closingBrace(text: string, open: number): number {
  let quote = '';
  for (let index = open + 1; index < text.length; index++) {
    const char = text.charAt(index);
    if (quote !== '') {
      if (char === '\\') index += 1;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '}') return index;
  }
  if (/\[[^\]]*$/.test(text.slice(open))) throw new PathProblem('unterminated array');
  throw new PathProblem('unclosed action');
}

function readPath(reader: Reader): readonly Step[] {
  const { text } = reader;
  const steps: Step[] = [];
  if (/^[$@]/.test(text.slice(reader.at))) reader.at += 1;
  while (reader.at < text.length) {
    const rest = text.slice(reader.at);
    if (rest.startsWith('..')) {
      steps.push({ is: 'deep' });
      reader.at += rest.startsWith('..[') ? 2 : 1;
    } else if (rest.startsWith('.')) {
      const name = /^\.((?:\\.|[^.[\]{}\s])*)/.exec(rest);
      const word = (name?.[1] ?? '').replace(/\\(.)/g, '$1');
      reader.at += name?.[0].length ?? 1;
      if (word === '*') steps.push({ is: 'every' });
      else if (word !== '') steps.push({ is: 'field', name: word });
    } else if (rest.startsWith('[')) {
      const end = closingBracket(text, reader.at);
      steps.push(bracket(text.slice(reader.at + 1, end).trim()));
      reader.at = end + 1;
    } else throw new PathProblem(`unrecognized character in action: U+${rest.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')} '${rest.charAt(0)}'`);
  }
  return steps;
}

function closingBracket(text: string, open: number): number {
  let quote = '';
  let depth = 0;
  for (let index = open; index < text.length; index++) {
    const char = text.charAt(index);
    if (quote !== '') { if (char === quote) quote = ''; } else if (char === '"' || char === "'") quote = char;
    else if (char === '[') depth += 1;
    else if (char === ']' && --depth === 0) return index;
  }
  throw new PathProblem('unterminated array');
}

function bracket(inner: string): Step {
  if (inner === '*' || inner === ':' || inner === '') return { is: 'every' };
  const filter = /^\?\(([\s\S]*)\)$/.exec(inner);
  if (filter !== null) return filterStep(filter[1] ?? '');
  const slice = /^(-?\d*):(-?\d*)$/.exec(inner);
  if (slice !== null) return { is: 'slice', from: Number(slice[1] || 0), to: slice[2] === '' ? null : Number(slice[2]) };
  if (/^-?\d+$/.test(inner)) return { is: 'index', index: Number(inner) };
  const names = inner.split(',').map((name) => /^\s*'([\s\S]*)'\s*$/.exec(name)?.[1]);
  if (names.every((name) => name !== undefined)) return { is: 'names', names };
  throw new PathProblem(`invalid array index ${inner.split(',')[0] ?? inner}`);
}

function filterStep(text: string): Step {
  const match = /^\s*(@[^\s=!<>]*)\s*(?:(==|!=|<=|>=|<|>)\s*([\s\S]*?))?\s*$/.exec(text);
  if (match === null) throw new PathProblem(`unrecognized filter ${text}`);
  const path = readPath({ text: match[1] ?? '@', at: 0 });
  const operator = match[2];
  const raw = match[3] ?? '';
  if (operator !== '==' && operator !== '!=' && operator !== '<' && operator !== '>' && operator !== '<=' && operator !== '>=') return { is: 'filter', path, operator: null, value: '' };
  const quoted = /^(['"])([\s\S]*)\1$/.exec(raw);
  if (quoted !== null) return { is: 'filter', path, operator, value: quoted[2] ?? '' };
  if (/^-?\d+(\.\d+)?$/.test(raw)) return { is: 'filter', path, operator, value: Number(raw) };
  if (raw === 'true' || raw === 'false') return { is: 'filter', path, operator, value: raw === 'true' };
  if (raw.startsWith('@')) return { is: 'filter', path, operator, value: readPath({ text: raw, at: 0 }) };
  throw new PathProblem(`unrecognized identifier ${raw}`);
}

function walk(steps: readonly Step[], values: readonly unknown[], root: unknown): readonly unknown[] {
  let current = values;
  for (const step of steps) current = current.flatMap((value) => stepInto(step, value, root));
  return current;
}

function stepInto(step: Step, value: unknown, root: unknown): readonly unknown[] {
  switch (step.is) {
    case 'field': return isRecord(value) && Object.hasOwn(value, step.name) ? [value[step.name]] : [];
    case 'names': return step.names.flatMap((name) => (isRecord(value) && Object.hasOwn(value, name) ? [value[name]] : []));
    case 'every': return Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [];
    case 'index': return slice(value, step.index, step.index === -1 ? null : step.index + 1);
    case 'slice': return slice(value, step.from, step.to);
    case 'deep': return everything(value);
    case 'filter': return Array.isArray(value) ? value.filter((item) => filterHolds(step, item, root)) : [];
  }
}

/** Elements of a list, refused as client-go's evalArray refuses them. */
function slice(value: unknown, first: number, end: number | null): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw new WalkProblem(`${isRecord(value) ? 'map[string]interface {}' : typeof value} is not array or slice`);
  const { length } = value;
  const from = first < 0 ? first + length : first;
  const to = end === null ? length : end < 0 || (end === 0 && first < 0) ? end + length : end;
  if (from === to) return [];
  if (from >= length || from < 0) throw new WalkProblem(`array index out of bounds: index ${from}, length ${length}`);
  if (to > length || to < 0) throw new WalkProblem(`array index out of bounds: index ${to - 1}, length ${length}`);
  if (from > to) throw new WalkProblem(`starting index ${from} is greater than ending index ${to}`);
  return value.slice(from, to);
}

function everything(value: unknown): readonly unknown[] {
  const inside = Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [];
  return [value, ...inside.flatMap(everything)];
}

function filterHolds(step: Extract<Step, { is: 'filter' }>, item: unknown, root: unknown): boolean {
  const [left] = walk(step.path, [item], root);
  if (step.operator === null) return left !== undefined;
  const right: unknown = typeof step.value === 'object' ? walk(step.value, [item], root)[0] : step.value;
  if (left === undefined) return step.operator === '!=';
  const [one, other] = [typeof left === 'number' ? left : String(left), typeof left === 'number' ? Number(right) : String(right)];
  switch (step.operator) {
    case '==': return one === other;
    case '!=': return one !== other;
    case '<': return one < other;
    case '>': return one > other;
    case '<=': return one <= other;
    case '>=': return one >= other;
  }
}

function fillParts(parts: readonly Part[], value: unknown, root: unknown): string {
  return parts.map((part) => {
    switch (part.is) {
      case 'text': return part.text;
      case 'paths': return part.paths.flatMap((path) => walk(path, [value], root)).map(valueText).join(' ');
      case 'range': return walk(part.path, [value], root).map((item) => fillParts(part.parts, item, root)).join('');
    }
  }).join('');
}

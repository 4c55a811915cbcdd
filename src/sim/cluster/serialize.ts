// An object as text, as `kubectl get -o yaml` and `-o json` print it: sorted, two spaces, lists at their field's column, quotes where a word would mean something else.
import { byText } from '../base/order.ts';
import { needsQuotes } from './decode/plain-scalar.ts';
import { bareKind } from './kinds/not-simulated.ts';
import { isRecord } from './record.ts';
import type { KubeObject } from '../model/object.ts';

/** Any JSON value as text that ends with a line end. */
export const serialize = (value: unknown, format: 'yaml' | 'json'): string => (format === 'yaml' ? toYaml(written(value)) : toJson(written(value)));

/** An object, or a List of them, with the kinds that manifests have. */
function written(value: unknown): unknown {
  if (!isRecord(value) || typeof value['apiVersion'] !== 'string' || typeof value['kind'] !== 'string') return value;
  if (value['kind'].endsWith('List') && Array.isArray(value['items'])) return { ...value, items: value['items'].map(written) };
  return value['kind'].includes('.') ? { ...value, kind: bareKind(value['kind']) } : value;
}

/** Several objects as kubectl prints them: a List. */
export const listOf = (objects: readonly KubeObject[]): unknown => ({ apiVersion: 'v1', items: objects, kind: 'List', metadata: { resourceVersion: '' } });

// Four spaces, and keys in the order of their bytes, as Go's encoder has them.
const toJson = (value: unknown): string => `${JSON.stringify(sorted(value), null, 4)}\n`;

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.keys(value).filter((name) => value[name] !== undefined).sort(byText).map((name) => [name, sorted(value[name])]));
}

function toYaml(value: unknown): string {
  const lines: string[] = [];
  if (isRecord(value) && fields(value).length > 0) writeMap(value, '', '', lines);
  else if (Array.isArray(value) && value.length > 0) writeList(value, '', '', lines);
  else lines.push(inline(value, ''));
  return `${lines.join('\n')}\n`;
}

const fields = (map: Readonly<Record<string, unknown>>): string[] => Object.keys(map).filter((name) => map[name] !== undefined).sort(naturally);

/** `first` stands in front of the first line (a `- ` of the list around), `indent` in front of the others. */
function writeMap(map: Readonly<Record<string, unknown>>, first: string, indent: string, lines: string[]): void {
  for (const [index, name] of fields(map).entries()) writeField(`${index === 0 ? first : indent}${keyText(name)}:`, map[name], indent, lines);
}

function writeField(head: string, value: unknown, indent: string, lines: string[]): void {
  if (isRecord(value) && fields(value).length > 0) {
    lines.push(head);
    writeMap(value, `${indent}  `, `${indent}  `, lines);
  } else if (Array.isArray(value) && value.length > 0) {
    lines.push(head);
    writeList(value, indent, indent, lines);
  } else lines.push(`${head} ${inline(value, `${indent}  `)}`);
}

function writeList(list: readonly unknown[], first: string, indent: string, lines: string[]): void {
  for (const [index, item] of list.entries()) {
    const head = `${index === 0 ? first : indent}- `;
    if (isRecord(item) && fields(item).length > 0) writeMap(item, head, `${indent}  `, lines);
    else if (Array.isArray(item) && item.length > 0) writeList(item, head, `${indent}  `, lines);
    else lines.push(`${head}${inline(item, `${indent}  `)}`);
  }
}

function inline(value: unknown, indent: string): string {
  if (typeof value === 'string') return stringText(value, indent);
  if (Array.isArray(value)) return '[]';
  if (isRecord(value)) return '{}';
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'null';
}

const keyText = (name: string): string => (name.includes('\n') ? doubleQuoted(name) : stringText(name, ''));

// Tabs are not printable to go-yaml: a text with one (a Corefile, say) is printed in double quotes.
const unprintable = /[\u0000-\u0009\u000b-\u001f\u007f-\u0084\u0086-\u009f\u2028\u2029\ufeff\ud800-\udfff]/u;

function stringText(text: string, indent: string): string {
  if (text.includes('\n')) return unprintable.test(text) || / (\n|$)/.test(text) || /\u0085/.test(text) ? doubleQuoted(text) : literal(text, indent);
  // 1:30 and dates are numbers and times to older readers.
  if (needsQuotes(text) || /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(text) || isTimestamp(text)) return doubleQuoted(text);
  if (unprintable.test(text) || /\u0085/.test(text)) return doubleQuoted(text);
  return isPlain(text) ? text : `'${text.replaceAll("'", "''")}'`;
}

const isTimestamp = (text: string): boolean => /^\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt]|\s+)\d{1,2}:\d{2}:\d{2}(?:\.\d*)?(?:\s*(?:Z|[-+]\d{1,2}(?::?\d{2})?))?)?$/.test(text);

const isPlain = (text: string): boolean =>
  !/^[#,[\]{}&*!|>'"%@`]/.test(text) && !/^[-?:](?:\s|$)/.test(text) && !/^(?:---|\.\.\.)/.test(text) && !/:(?:\s|$)/.test(text) && !/\s#/.test(text) && !/^\s|\s$/.test(text);

function literal(text: string, indent: string): string {
  const body = text.replace(/\n+$/, '');
  const ends = text.length - body.length;
  // Nothing but line ends, or a first line that starts with a space, needs the depth of its indentation said.
  const hint = /^[ \n]/.test(text) ? '2' : '';
  const chomp = ends === 0 ? '-' : ends === 1 && body !== '' ? '' : '+';
  const lines = (ends > 1 || body === '' ? text.slice(0, -1) : body).split('\n').map((line) => (line === '' ? '' : `${indent}${line}`));
  return `|${hint}${chomp}\n${lines.join('\n')}`;
}

function doubleQuoted(text: string): string {
  let out = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const short = escapes[character];
    if (short !== undefined) out += short;
    else if (code < 0x20 || (code >= 0x7f && code < 0xa0)) out += `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`;
    else if (unprintable.test(character)) out += `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
    else out += character;
  }
  return `"${out}"`;
}

const escapes: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r', '\0': '\\0', '\x07': '\\a', '\b': '\\b', '\v': '\\v', '\f': '\\f', '\x1b': '\\e' };

/** The order of go-yaml's maps: numbers in names count as numbers, and letters come after everything else (sorter.go). */
function naturally(left: string, right: string): number {
  const a = [...left];
  const b = [...right];
  let digits = false;
  for (let index = 0; index < a.length && index < b.length; index++) {
    const one = a[index] ?? '';
    const two = b[index] ?? '';
    if (one === two) {
      digits = isDigit(one);
      continue;
    }
    const oneIsLetter = /\p{L}/u.test(one);
    const twoIsLetter = /\p{L}/u.test(two);
    if (oneIsLetter && twoIsLetter) return byText(one, two);
    if (oneIsLetter || twoIsLetter) return (digits ? oneIsLetter : twoIsLetter) ? -1 : 1;
    const [before, size] = numberAt(a, index);
    const [after, length] = numberAt(b, index);
    return before - after || size - length || byText(one, two);
  }
  return a.length - b.length;
}

const isDigit = (character: string): boolean => /\p{Nd}/u.test(character);

function numberAt(characters: readonly string[], start: number): readonly [value: number, length: number] {
  let value = 0;
  let at = start;
  for (; at < characters.length && isDigit(characters[at] ?? ''); at++) value = value * 10 + Number(characters[at]);
  return [value, at - start];
}

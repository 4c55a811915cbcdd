// Reads a lesson's own YAML field by field: unknown fields, wrong types and missing ones become problems with their place and what to do.
import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Node } from 'yaml';
import { closest } from 'fastest-levenshtein';
import type { Problem } from '../sim/model/problem.ts';
import { shownLine } from './shown-text.ts';

/** One file while it is read; problems are collected, never only the first. */
export interface Reading {
  readonly file: string;
  readonly counter: LineCounter;
  readonly problems: Problem[];
}

/** A value in the file and the path that leads to it (`''` is the document). */
export interface Field {
  readonly reading: Reading;
  readonly node: Node;
  readonly path: string;
}

const limits = { characters: 200_000, depth: 40 } as const;

function note(reading: Reading, node: Node | null, path: string, code: string, says: string, help: string | null): void {
  const start = node?.range?.[0];
  const place = start === undefined ? null : reading.counter.linePos(start);
  reading.problems.push({
    code,
    severity: 'error',
    says,
    where: { file: reading.file, line: place?.line ?? null, column: place?.col ?? null, object: null, field: path === '' ? null : path },
    help,
  });
}

/** Says what is wrong with a field. */
export const complain = (field: Field, code: string, says: string, help: string | null): void => note(field.reading, field.node, field.path, code, says, help);

/** The deepest nesting that the text can open, counted without a parser: the yaml library recurses and would end the process. */
function deepest(text: string): number {
  let flow = 0;
  let most = 0;
  for (const character of text) {
    if (character === '[' || character === '{') most = Math.max(most, ++flow);
    else if (character === ']' || character === '}') flow = Math.max(0, flow - 1);
  }
  for (const line of text.split('\n')) most = Math.max(most, (/^[ ]*((?:[-?:][ ]+)*)/.exec(line)?.[1]?.match(/[-?:]/g)?.length ?? 0));
  return most;
}

/** Parses one YAML document of ours; `undefined` when it cannot be read at all, with the reasons among the problems. */
export function readFields(file: string, text: string, problems: Problem[]): Field | undefined {
  const counter = new LineCounter();
  const reading: Reading = { file, counter, problems };
  if (text.length > limits.characters || deepest(text) > limits.depth) {
    note(reading, null, '', 'too-large', text.length > limits.characters ? `the file has more than ${limits.characters} characters` : `the file nests deeper than ${limits.depth} levels`, 'A lesson file is small; cut it down.');
    return undefined;
  }
  const document = parseDocument(text, { lineCounter: counter, schema: 'core', prettyErrors: false, uniqueKeys: true, merge: false });
  for (const error of document.errors) {
    const place = counter.linePos(error.pos[0]);
    problems.push({ code: 'yaml-syntax', severity: 'error', says: shownLine(error.message), where: { file, line: place.line, column: place.col, object: null, field: null }, help: /flow|at node end/.test(error.message) ? 'Correct the YAML at this place. Inside { … } and [ … ] a text with brackets, commas or ": " is quoted.' : 'Correct the YAML at this place.' });
  }
  if (document.errors.length > 0) return undefined;
  if (document.contents === null) {
    note(reading, null, '', 'empty-file', 'the file is empty', 'See docs/writing-lessons.md for what belongs in it.');
    return undefined;
  }
  return { reading, node: document.contents, path: '' };
}

const nameOf = (node: Node): string =>
  isMap(node) ? 'a map' : isSeq(node) ? 'a list' : isAlias(node) ? 'an alias' : isScalar(node) ? (node.value === null ? 'nothing' : typeof node.value === 'string' ? 'a text' : `${typeof node.value === 'number' ? 'a number' : typeof node.value === 'boolean' ? 'a boolean' : 'a value'}`) : 'a value';

const under = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** The fields of a map by name, in the order of the file; names outside `known` are problems. `null` in `known` takes any name. */
export function mapOf(field: Field, known: readonly string[] | null): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  if (!isMap(field.node)) {
    complain(field, 'wrong-type', `expected a map, found ${nameOf(field.node)}`, known === null ? null : `It has the fields ${known.join(', ')}.`);
    return fields;
  }
  for (const pair of field.node.items) {
    const key = pair.key;
    if (!isScalar(key) || typeof key.value !== 'string') {
      complain(field, 'wrong-type', 'a field name must be a text', null);
      continue;
    }
    const name = shownLine(key.value);
    if (known !== null && !known.includes(key.value)) {
      note(field.reading, key, under(field.path, name), 'unknown-field', `unknown field "${name}"`, `Did you mean "${closest(name, known)}"? Known are ${known.join(', ')}.`);
      continue;
    }
    const value = pair.value;
    if (value === null || value === undefined || typeof value !== 'object') {
      note(field.reading, key, under(field.path, name), 'wrong-type', `"${name}" has no value`, 'Give it one or leave the line out.');
      continue;
    }
    fields.set(key.value, { reading: field.reading, node: value as Node, path: under(field.path, name) });
  }
  return fields;
}

/** A field that must be there. */
export function wanted(parent: Field, fields: ReadonlyMap<string, Field>, name: string, what: string): Field | undefined {
  const found = fields.get(name);
  if (found === undefined && isMap(parent.node)) note(parent.reading, parent.node, under(parent.path, name), 'missing-field', `"${name}" is missing`, `Add it: ${what}.`);
  return found;
}

/** The items of a list; nothing for what is none. */
export function listOf(field: Field | undefined, what: string): Field[] {
  if (field === undefined) return [];
  if (!isSeq(field.node)) {
    complain(field, 'wrong-type', `expected a list, found ${nameOf(field.node)}`, `Write a list: ${what}.`);
    return [];
  }
  return field.node.items.map((item, index) => ({ reading: field.reading, node: item as Node, path: `${field.path}[${index}]` }));
}

/** A text that is not empty, control characters shown. */
export function textOf(field: Field | undefined, what: string): string | undefined {
  if (field === undefined) return undefined;
  if (isScalar(field.node) && typeof field.node.value === 'string' && field.node.value !== '') return shownLine(field.node.value);
  complain(field, 'wrong-type', `expected a text, found ${nameOf(field.node)}`, `Write ${what}.`);
  return undefined;
}

/** A whole number between two others. */
export function numberOf(field: Field | undefined, low: number, high: number): number | undefined {
  if (field === undefined) return undefined;
  const value = isScalar(field.node) ? field.node.value : undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) return value;
  complain(field, 'wrong-type', `expected a whole number from ${low} to ${high}, found ${isScalar(field.node) ? shownLine(String(field.node.value)) : nameOf(field.node)}`, null);
  return undefined;
}

/** One of a closed set of words. */
export function choiceOf<const Choice extends string>(field: Field | undefined, choices: readonly Choice[]): Choice | undefined {
  const text = field === undefined ? undefined : textOf(field, `one of ${choices.join(', ')}`);
  if (field === undefined || text === undefined) return undefined;
  const found = choices.find((choice) => choice === text);
  if (found === undefined) complain(field, 'invalid-value', `"${text}" is none of ${choices.join(', ')}`, `Did you mean "${closest(text, [...choices])}"?`);
  return found;
}

/** Texts of a list. */
export const textsOf = (field: Field | undefined, what: string): string[] => listOf(field, what).map((item) => textOf(item, what)).filter((text) => text !== undefined);

/** A name of words: small letters, digits and dashes, starting with a letter. */
export function nameIn(field: Field | undefined): string | undefined {
  const text = textOf(field, 'a name of small letters and dashes');
  if (field === undefined || text === undefined) return undefined;
  if (/^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(text)) return text;
  complain(field, 'invalid-value', `"${text}" is no name`, 'Use words of small letters, digits and dashes, starting with a letter: empty-endpoint-list.');
  return undefined;
}

/** Holds apiVersion and kind against what this program reads. False: the rest makes no sense. */
export function formatHolds(document: Field, fields: ReadonlyMap<string, Field>, format: string, kind: string): boolean {
  const version = textOf(wanted(document, fields, 'apiVersion', format), format);
  const found = textOf(wanted(document, fields, 'kind', kind), kind);
  const at = fields.get('apiVersion');
  if (version !== undefined && at !== undefined && version !== format) {
    const number = (text: string): number => Number(/^k8snet-lab\/v(\d{1,4})$/.exec(text)?.[1] ?? Number.NaN);
    if (number(version) > number(format)) complain(at, 'newer-format', `made for a newer k8snet-lab (${version}); this one reads ${format}`, 'Update k8snet-lab.');
    else if (number(version) < number(format)) complain(at, 'older-format', `made for an older k8snet-lab (${version}); this one reads ${format}`, 'Bring the lesson to the present format: docs/writing-lessons.md.');
    else complain(at, 'invalid-value', `"${version}" is no format of k8snet-lab`, `Write ${format}.`);
    return false;
  }
  const kindAt = fields.get('kind');
  if (found !== undefined && kindAt !== undefined && found !== kind) complain(kindAt, 'invalid-value', `expected kind ${kind}, found ${found}`, `Write kind: ${kind}.`);
  return version !== undefined && found === kind;
}

// `-o go-template=…`: Go's text/template, as far as people write it for objects: fields, variables, pipelines, if, with, range, and the usual functions.
import { fail, succeed } from '../../sim/base/result.ts';
import type { Result } from '../../sim/base/result.ts';
import { sortedEntries } from '../../sim/base/order.ts';
import { isRecord } from '../../sim/cluster/record.ts';
import { goText } from './go-value.ts';
import { callFunction, functionNames } from './go-template-functions.ts';

type Operand =
  | { readonly is: 'dot' }
  | { readonly is: 'value'; readonly value: unknown }
  | { readonly is: 'variable'; readonly name: string }
  | { readonly is: 'function'; readonly name: string }
  | { readonly is: 'pipeline'; readonly pipeline: Pipeline };
interface Term { readonly operand: Operand; readonly fields: readonly string[] }
interface Pipeline { readonly sets: readonly string[]; readonly declares: boolean; readonly commands: readonly (readonly Term[])[] }
type Node =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'print'; readonly pipeline: Pipeline }
  | { readonly is: 'if' | 'with' | 'range'; readonly pipeline: Pipeline; readonly then: readonly Node[]; readonly otherwise: readonly Node[] }
  | { readonly is: 'leave'; readonly word: 'break' | 'continue' };

// Thrown and caught in this file alone: the way out of a recursive reader.
class TemplateProblem extends Error {}

type Piece = { readonly is: 'text'; readonly text: string } | { readonly is: 'action'; readonly words: readonly string[] };

const wordPattern = /\s*(:=|\||,|=|\(|\)|"(?:[^"\\]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)'|\$[A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*|(?:\.[A-Za-z0-9_]+)+|\.|-?\d+(?:\.\d+)?|[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)/y;

/** Text and actions, `{{-` and `-}}` already heeded. */
function pieces(text: string): readonly Piece[] {
  const out: Piece[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('{{', at);
    if (open < 0) { out.push({ is: 'text', text: text.slice(at) }); break; }
    const trims = /^\{\{-\s/.test(text.slice(open, open + 4));
    const before = text.slice(at, open);
    out.push({ is: 'text', text: trims ? before.trimEnd() : before });
    let index = open + (trims ? 3 : 2);
    const comment = /^\s*\/\*[\s\S]*?\*\/\s*(-)?\}\}/.exec(text.slice(index));
    const words: string[] = [];
    let trimsAfter: boolean;
    if (comment !== null) {
      index += comment[0].length;
      trimsAfter = comment[1] !== undefined;
    } else {
      for (;;) {
        const end = /^(?:\s+-)?\s*\}\}/.exec(text.slice(index));
        if (end !== null) { trimsAfter = end[0].includes('-'); index += end[0].length; break; }
        wordPattern.lastIndex = index;
        const word = wordPattern.exec(text);
        if (word === null || /^\s*$/.test(text.slice(index))) {
          const rest = text.slice(index).trimStart();
          throw new TemplateProblem(rest === '' ? 'unclosed action' : rest.startsWith('"') ? 'unterminated quoted string' : `unexpected ${JSON.stringify(rest.charAt(0))} in operand`);
        }
        // A dot between parentheses and a field, and after a value, is a field of it.
        words.push((/^\s/.test(word[0]) ? '' : '\u0000') + (word[1] ?? ''));
        index = wordPattern.lastIndex;
      }
      out.push({ is: 'action', words });
    }
    at = trimsAfter ? index + (/^\s*/.exec(text.slice(index))?.[0].length ?? 0) : index;
  }
  return out;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
const unquoted = (text: string): string => (text.startsWith('`') ? text.slice(1, -1) : text.slice(1, -1).replace(/\\(.)/g, (_whole, letter: string) => escapes[letter] ?? letter));

interface Words { readonly words: readonly string[]; at: number }
const peek = (words: Words, ahead = 0): string | undefined => words.words[words.at + ahead]?.replace('\u0000', '');
/** The next word stands right behind the last one. */
const glued = (words: Words): boolean => words.words[words.at]?.startsWith('\u0000') ?? false;
function next(words: Words): string | undefined {
  const word = peek(words);
  words.at += 1;
  return word;
}

function readPipeline(words: Words, where: string, nested = false): Pipeline {
  const sets: string[] = [];
  let declares = false;
  const second = peek(words, 1);
  if ((peek(words) ?? '').startsWith('$') && (second === ':=' || second === '=' || (second === ',' && where === 'range'))) {
    sets.push(next(words) ?? '');
    if (peek(words) === ',') { next(words); sets.push(next(words) ?? ''); }
    const sign = next(words);
    if (sign !== ':=' && sign !== '=') throw new TemplateProblem(`unexpected ${JSON.stringify(sign ?? '')} in ${where}`);
    declares = sign === ':=';
  }
  const commands: Term[][] = [[]];
  for (let word = peek(words); word !== undefined; word = peek(words)) {
    if (word === ')') { if (nested) break; throw new TemplateProblem('unexpected right paren'); }
    if (word === '|') { next(words); commands.push([]); continue; }
    commands.at(-1)?.push(readTerm(words));
  }
  if (commands.some((command) => command.length === 0)) throw new TemplateProblem(`missing value for ${where}`);
  return { sets, declares, commands };
}

function readTerm(words: Words): Term {
  const word = next(words) ?? '';
  let operand: Operand;
  let fields: string[] = [];
  if (word === '(') {
    operand = { is: 'pipeline', pipeline: readPipeline(words, 'parenthesized pipeline', true) };
    if (next(words) !== ')') throw new TemplateProblem('unclosed left paren');
  } else if (word === '.') operand = { is: 'dot' };
  else if (word.startsWith('.')) [operand, fields] = [{ is: 'dot' }, word.slice(1).split('.')];
  else if (word.startsWith('$')) {
    const [name = '$', ...rest] = word.split('.');
    [operand, fields] = [{ is: 'variable', name }, rest];
  } else if (/^["`]/.test(word)) operand = { is: 'value', value: unquoted(word) };
  else if (word.startsWith("'")) operand = { is: 'value', value: unquoted(word).codePointAt(0) };
  else if (/^-?\d/.test(word)) operand = { is: 'value', value: Number(word) };
  else if (word === 'true' || word === 'false') operand = { is: 'value', value: word === 'true' };
  else if (word === 'nil') operand = { is: 'value', value: null };
  else if (functionNames.includes(word)) operand = { is: 'function', name: word };
  else throw new TemplateProblem(/^[A-Za-z_]/.test(word) ? `function ${JSON.stringify(word)} not defined` : `unexpected ${JSON.stringify(word)} in operand`);
  while (glued(words) && /^\.[A-Za-z0-9_]/.test(peek(words) ?? '')) fields.push(...(next(words) ?? '').slice(1).split('.'));
  return { operand, fields };
}

const bare = (word: string | undefined): string => (word ?? '').replace('\u0000', '');

interface Reading { readonly pieces: readonly Piece[]; at: number }

/** Reads until `end` or `else`; what ended it. */
function readNodes(reading: Reading, inside: boolean): { readonly nodes: readonly Node[]; readonly ended: readonly string[] } {
  const nodes: Node[] = [];
  while (reading.at < reading.pieces.length) {
    const piece = reading.pieces[reading.at];
    reading.at += 1;
    if (piece === undefined) break;
    if (piece.is === 'text') { nodes.push(piece); continue; }
    const first = bare(piece.words[0]);
    if (first === 'end' || first === 'else') {
      if (!inside) throw new TemplateProblem(`unexpected {{${first}}}`);
      return { nodes, ended: piece.words };
    }
    if (first === 'if' || first === 'with' || first === 'range') nodes.push(readBlock(reading, first, piece.words.slice(1)));
    else if (first === 'break' || first === 'continue') nodes.push({ is: 'leave', word: first });
    else if (first === '') throw new TemplateProblem('missing value for command');
    else if (first === 'define' || first === 'template' || first === 'block') throw new TemplateProblem(`the lab knows no {{${first}}}`);
    else nodes.push({ is: 'print', pipeline: readPipeline({ words: piece.words, at: 0 }, 'command') });
  }
  if (inside) throw new TemplateProblem('unexpected EOF');
  return { nodes, ended: [] };
}

function readBlock(reading: Reading, is: 'if' | 'with' | 'range', words: readonly string[]): Node {
  const pipeline = readPipeline({ words, at: 0 }, is);
  const body = readNodes(reading, true);
  if (bare(body.ended[0]) === 'end') return { is, pipeline, then: body.nodes, otherwise: [] };
  const chained = bare(body.ended[1]);
  if (chained === 'if' || chained === 'with') return { is, pipeline, then: body.nodes, otherwise: [readBlock(reading, chained, body.ended.slice(2))] };
  const otherwise = readNodes(reading, true);
  if (bare(otherwise.ended[0]) !== 'end') throw new TemplateProblem('expected end; found {{else}}');
  return { is, pipeline, then: body.nodes, otherwise: otherwise.nodes };
}

/** Go's truth: not empty. */
const isTrue = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : isRecord(value) ? Object.keys(value).length > 0 : Boolean(value));

interface State { readonly scopes: Map<string, unknown>[]; out: string; left: number }
class Leave extends Error { readonly word: 'break' | 'continue'; constructor(word: 'break' | 'continue') { super(word); this.word = word; } }

const missing = Symbol('no value');

function fieldOf(value: unknown, name: string): unknown {
  if (value === missing || value === undefined) return missing;
  if (value === null) throw new TemplateProblem(`nil pointer evaluating interface {}.${name}`);
  if (!isRecord(value)) throw new TemplateProblem(`can't evaluate field ${name} in type interface {}`);
  return Object.hasOwn(value, name) ? value[name] : missing;
}

function evaluate(term: Term, dot: unknown, state: State): unknown {
  const { operand } = term;
  const base = operand.is === 'dot' ? dot : operand.is === 'value' ? operand.value : operand.is === 'pipeline' ? run(operand.pipeline, dot, state)
    : operand.is === 'variable' ? lookedUp(operand.name, state) : callFunction(operand.name, [], complain);
  return term.fields.reduce(fieldOf, base);
}

const complain = (says: string): never => { throw new TemplateProblem(says); };

function lookedUp(name: string, state: State): unknown {
  const scope = state.scopes.findLast((one) => one.has(name));
  return scope === undefined ? complain(`undefined variable ${JSON.stringify(name)}`) : scope.get(name);
}

function run(pipeline: Pipeline, dot: unknown, state: State): unknown {
  let value: unknown;
  for (const [index, [first, ...rest]] of pipeline.commands.entries()) {
    if (first === undefined) continue;
    const piped = index === 0 ? [] : [value];
    if (first.operand.is === 'function') value = callFunction(first.operand.name, [...rest.map((term) => evaluate(term, dot, state)), ...piped].map((one) => (one === missing ? undefined : one)), complain);
    else if (rest.length + piped.length > 0) complain(`can't give argument to non-function`);
    else value = evaluate(first, dot, state);
  }
  return value;
}

function assign(pipeline: Pipeline, values: readonly unknown[], state: State): void {
  pipeline.sets.forEach((name, index) => {
    const scope = pipeline.declares ? state.scopes.at(-1) : state.scopes.findLast((one) => one.has(name));
    if (scope === undefined) complain(`undefined variable ${JSON.stringify(name)}`);
    scope?.set(name, values[index]);
  });
}

// An endless template cannot be written, but a slow one.
const mostSteps = 200_000;

function fill(nodes: readonly Node[], dot: unknown, state: State): void {
  for (const node of nodes) {
    state.left -= 1;
    if (state.left < 0) complain('the template does too much');
    if (node.is === 'text') { state.out += node.text; continue; }
    if (node.is === 'leave') throw new Leave(node.word);
    const value = run(node.pipeline, dot, state);
    if (node.is === 'print') {
      if (node.pipeline.sets.length > 0) assign(node.pipeline, [value], state);
      else state.out += value === missing || value === null || value === undefined ? '<no value>' : goText(value);
      continue;
    }
    const plain = value === missing ? undefined : value;
    const within = (inner: readonly Node[], here: unknown, values: readonly unknown[]): void => {
      state.scopes.push(new Map());
      assign(node.pipeline, values, state);
      try { fill(inner, here, state); } finally { state.scopes.pop(); }
    };
    if (node.is !== 'range') {
      within(isTrue(plain) ? node.then : node.otherwise, node.is === 'with' && isTrue(plain) ? plain : dot, [plain]);
      continue;
    }
    const items: readonly (readonly [unknown, unknown])[] = Array.isArray(plain) ? plain.map((one: unknown, index) => [index, one] as const) : isRecord(plain) ? sortedEntries(plain) : typeof plain === 'number' ? Array.from({ length: Math.max(0, Math.min(plain, 1000)) }, (_none, index) => [index, index] as const) : plain === undefined || plain === null ? [] : complain(`range can't iterate over ${goText(plain)}`);
    if (items.length === 0) { within(node.otherwise, dot, []); continue; }
    for (const [key, one] of items) {
      try { within(node.then, one, node.pipeline.sets.length === 2 ? [key, one] : [one]); } catch (error) {
        if (!(error instanceof Leave)) throw error;
        if (error.word === 'break') break;
      }
    }
  }
}

/** Fills a template with an object; the failure is the sentence behind `error: `. */
export function goTemplate(template: string, data: unknown): Result<string, string> {
  let nodes: readonly Node[];
  try {
    nodes = readNodes({ pieces: pieces(template), at: 0 }, false).nodes;
  } catch (error) {
    if (error instanceof TemplateProblem) return fail(`error parsing template ${template}, template: output:1: ${error.message}`);
    throw error;
  }
  const state: State = { scopes: [new Map([['$', data]])], out: '', left: mostSteps };
  try {
    fill(nodes, data, state);
  } catch (error) {
    if (error instanceof TemplateProblem) return fail(`error executing template ${JSON.stringify(template)}: template: output: executing "output": ${error.message}`);
    if (error instanceof Leave) return fail(`error parsing template ${template}, template: output:1: {{${error.word}}} outside {{range}}`);
    throw error;
  }
  return succeed(state.out);
}

// Reads a jq filter: paths, pipes, constructions, comparisons, arithmetic and calls.
import { fail, succeed } from '../../sim/base/result.ts';
import type { Result } from '../../sim/base/result.ts';

export type JqFilter =
  | { readonly kind: 'identity' } | { readonly kind: 'recurse' }
  | { readonly kind: 'value'; readonly value: unknown }
  /** Parts of a text: plain, or what a filter gives. */
  | { readonly kind: 'text'; readonly parts: readonly (string | JqFilter)[] }
  | { readonly kind: 'field'; readonly of: JqFilter; readonly name: JqFilter; readonly tries: boolean }
  | { readonly kind: 'slice'; readonly of: JqFilter; readonly from: JqFilter | null; readonly to: JqFilter | null }
  | { readonly kind: 'each'; readonly of: JqFilter; readonly tries: boolean }
  | { readonly kind: 'pipe'; readonly first: JqFilter; readonly then: JqFilter }
  | { readonly kind: 'comma'; readonly left: JqFilter; readonly right: JqFilter }
  | { readonly kind: 'binary'; readonly sign: string; readonly left: JqFilter; readonly right: JqFilter }
  | { readonly kind: 'negate'; readonly of: JqFilter }
  | { readonly kind: 'list'; readonly of: JqFilter | null }
  | { readonly kind: 'object'; readonly entries: readonly { readonly key: JqFilter; readonly value: JqFilter }[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly JqFilter[] }
  | { readonly kind: 'if'; readonly test: JqFilter; readonly yes: JqFilter; readonly no: JqFilter }
  | { readonly kind: 'as'; readonly of: JqFilter; readonly name: string; readonly body: JqFilter }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'format'; readonly name: string };

const levels: readonly (readonly string[])[] = [['//'], ['or'], ['and'], ['==', '!=', '<', '<=', '>', '>='], ['+', '-'], ['*', '/', '%']];
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\', '/': '/' };
const deepest = 60;

/** The filter that a text stands for. The failure names what could not be read. */
export function jqProgram(source: string): Result<JqFilter, string> {
  let at = 0;
  let wrong: string | null = null;
  let depth = 0;
  const blank = (): void => { at += /^(?:\s|#[^\n]*)*/.exec(source.slice(at))?.[0].length ?? 0; };
  const is = (sign: string): boolean => { blank(); return source.startsWith(sign, at); };
  const isWord = (word: string): boolean => { blank(); return new RegExp(`^${word}(?![\\w$])`).test(source.slice(at)); };
  const take = (sign: string): boolean => { if (!is(sign)) return false; at += sign.length; return true; };
  const complain = (): JqFilter => { wrong ??= source.slice(at, at + 20) || 'the end'; at = source.length; return { kind: 'identity' }; };
  const need = (sign: string): void => { if (!take(sign)) complain(); };
  const sign = (wanted: readonly string[]): string | null => {
    blank();
    const found = /^(?:\/\/(?!=)|==|!=|<=|>=|[-+*/%<>](?!=)|and\b|or\b)/.exec(source.slice(at))?.[0];
    return found !== undefined && wanted.includes(found) ? found : null;
  };

  const pipe = (): JqFilter => {
    depth += 1;
    if (depth > deepest) return complain();
    let left = comma();
    if (isWord('as')) {
      at += 2;
      blank();
      const name = /^\$(\w+)/.exec(source.slice(at))?.[1];
      if (name === undefined) return complain();
      at += name.length + 1;
      need('|');
      left = { kind: 'as', of: left, name, body: pipe() };
    } else if (is('|') && !is('|=')) {
      at += 1;
      left = { kind: 'pipe', first: left, then: pipe() };
    }
    depth -= 1;
    return left;
  };
  const comma = (): JqFilter => {
    let left = level(0);
    while (is(',')) {
      at += 1;
      left = { kind: 'comma', left, right: level(0) };
    }
    return left;
  };
  const level = (index: number): JqFilter => {
    const wanted = levels[index];
    if (wanted === undefined) return postfix();
    let left = level(index + 1);
    for (let found = sign(wanted); found !== null; found = sign(wanted)) {
      at += found.length;
      left = { kind: 'binary', sign: found, left, right: level(index + 1) };
    }
    return left;
  };
  const postfix = (): JqFilter => {
    let of = term();
    for (;;) {
      const rest = source.slice(at);
      const name = /^\.([A-Za-z_]\w*)/.exec(rest);
      if (name !== null) {
        at += name[0].length;
        of = { kind: 'field', of, name: { kind: 'value', value: name[1] ?? '' }, tries: taken('?') };
      } else if (/^\.?\[/.test(rest)) of = index(of);
      else if (/^\."/.test(rest)) {
        at += 1;
        of = { kind: 'field', of, name: text(), tries: taken('?') };
      } else if (rest.startsWith('?')) {
        at += 1;
        of = { kind: 'call', name: 'try', args: [of] };
      } else return of;
    }
  };
  const taken = (char: string): boolean => { if (source.charAt(at) !== char) return false; at += 1; return true; };
  const index = (of: JqFilter): JqFilter => {
    at += source.charAt(at) === '.' ? 2 : 1;
    if (take(']')) return { kind: 'each', of, tries: taken('?') };
    if (take(':')) {
      const to = pipe();
      need(']');
      return { kind: 'slice', of, from: null, to };
    }
    const name = pipe();
    if (take(':')) {
      const to = is(']') ? null : pipe();
      need(']');
      return { kind: 'slice', of, from: name, to };
    }
    need(']');
    return { kind: 'field', of, name, tries: taken('?') };
  };
  const text = (): JqFilter => {
    at += 1;
    const parts: (string | JqFilter)[] = [];
    let plain = '';
    while (at < source.length && source.charAt(at) !== '"') {
      if (source.startsWith('\\(', at)) {
        at += 2;
        parts.push(plain);
        plain = '';
        parts.push(pipe());
        need(')');
      } else if (source.charAt(at) === '\\') {
        const unicode = /^\\u([0-9a-fA-F]{4})/.exec(source.slice(at));
        plain += unicode === null ? escapes[source.charAt(at + 1)] ?? source.charAt(at + 1) : String.fromCharCode(parseInt(unicode[1] ?? '0', 16));
        at += unicode === null ? 2 : 6;
      } else plain += source.charAt(at++);
    }
    if (source.charAt(at) !== '"') return complain();
    at += 1;
    return { kind: 'text', parts: [...parts, plain] };
  };
  const term = (): JqFilter => {
    blank();
    const rest = source.slice(at);
    if (rest.startsWith('"')) return text();
    const number = /^\d+(?:\.\d+)?/.exec(rest);
    if (number !== null) { at += number[0].length; return { kind: 'value', value: Number(number[0]) }; }
    if (rest.startsWith('..')) { at += 2; return { kind: 'recurse' }; }
    if (/^\.[A-Za-z_"[]/.test(rest)) return { kind: 'identity' };
    if (rest.startsWith('.')) { at += 1; return { kind: 'identity' }; }
    if (rest.startsWith('-')) { at += 1; return { kind: 'negate', of: postfix() }; }
    if (take('(')) { const inner = pipe(); need(')'); return inner; }
    if (take('[')) {
      if (take(']')) return { kind: 'list', of: null };
      const inner = pipe();
      need(']');
      return { kind: 'list', of: inner };
    }
    if (take('{')) return object();
    const variable = /^\$(\w+)/.exec(rest);
    if (variable !== null) { at += variable[0].length; return { kind: 'variable', name: variable[1] ?? '' }; }
    const format = /^@(\w+)/.exec(rest);
    if (format !== null) { at += format[0].length; return { kind: 'format', name: format[1] ?? '' }; }
    const word = /^[A-Za-z_]\w*/.exec(rest)?.[0];
    if (word === undefined) return complain();
    at += word.length;
    if (word === 'null' || word === 'true' || word === 'false') return { kind: 'value', value: word === 'null' ? null : word === 'true' };
    if (word === 'if') return condition();
    const args: JqFilter[] = [];
    if (source.charAt(at) === '(') {
      at += 1;
      do args.push(pipe()); while (take(';'));
      need(')');
    }
    return { kind: 'call', name: word, args };
  };
  const condition = (): JqFilter => {
    const test = pipe();
    if (!isWord('then')) return complain();
    at += 4;
    const yes = pipe();
    if (isWord('elif')) { at += 4; return { kind: 'if', test, yes, no: condition() }; }
    let no: JqFilter = { kind: 'identity' };
    if (isWord('else')) { at += 4; no = pipe(); }
    if (!isWord('end')) return complain();
    at += 3;
    return { kind: 'if', test, yes, no };
  };
  const object = (): JqFilter => {
    const entries: { key: JqFilter; value: JqFilter }[] = [];
    while (!take('}')) {
      blank();
      const rest = source.slice(at);
      const variable = /^\$(\w+)/.exec(rest);
      const name = /^[A-Za-z_]\w*/.exec(rest)?.[0];
      let key: JqFilter;
      if (variable !== null) { at += variable[0].length; key = { kind: 'value', value: variable[1] ?? '' }; } else if (name !== undefined) { at += name.length; key = { kind: 'value', value: name }; } else if (rest.startsWith('"')) key = text();
      else if (take('(')) { key = pipe(); need(')'); } else return complain();
      if (take(':')) entries.push({ key, value: withoutComma() });
      else entries.push({ key, value: variable !== null ? { kind: 'variable', name: variable[1] ?? '' } : { kind: 'field', of: { kind: 'identity' }, name: key, tries: false } });
      if (!is('}')) need(',');
      if (wrong !== null) return complain();
    }
    return { kind: 'object', entries };
  };
  const withoutComma = (): JqFilter => {
    const left = level(0);
    if (is('|')) { at += 1; return { kind: 'pipe', first: left, then: withoutComma() }; }
    return left;
  };
  const filter = source.trim() === '' ? { kind: 'identity' as const } : pipe();
  blank();
  if (wrong === null && at < source.length) complain();
  return wrong === null ? succeed(filter) : fail(wrong);
}

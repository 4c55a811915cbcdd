// Reads an awk program: rules of a pattern and statements.
import { fail, succeed } from '../../sim/base/result.ts';
import type { Result } from '../../sim/base/result.ts';

export type AwkPlace = { readonly kind: 'field'; readonly of: AwkExpression } | { readonly kind: 'name'; readonly name: string } | { readonly kind: 'item'; readonly name: string; readonly key: AwkExpression };

export type AwkExpression =
  | AwkPlace
  | { readonly kind: 'value'; readonly value: string | number }
  | { readonly kind: 'regex'; readonly source: string }
  | { readonly kind: 'unary'; readonly sign: '!' | '-'; readonly of: AwkExpression }
  | { readonly kind: 'binary'; readonly sign: string; readonly left: AwkExpression; readonly right: AwkExpression }
  | { readonly kind: 'match'; readonly negated: boolean; readonly left: AwkExpression; readonly right: AwkExpression }
  | { readonly kind: 'in'; readonly key: AwkExpression; readonly name: string }
  | { readonly kind: 'assign'; readonly sign: string; readonly to: AwkPlace; readonly value: AwkExpression }
  | { readonly kind: 'step'; readonly by: 1 | -1; readonly first: boolean; readonly to: AwkPlace }
  | { readonly kind: 'choice'; readonly test: AwkExpression; readonly yes: AwkExpression; readonly no: AwkExpression }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly AwkExpression[] };

export type AwkStatement =
  | { readonly kind: 'print' | 'printf'; readonly args: readonly AwkExpression[] }
  | { readonly kind: 'expression'; readonly of: AwkExpression }
  | { readonly kind: 'if'; readonly test: AwkExpression; readonly then: AwkStatement; readonly otherwise: AwkStatement | null }
  | { readonly kind: 'for-in'; readonly name: string; readonly of: string; readonly body: AwkStatement }
  | { readonly kind: 'for'; readonly start: AwkExpression | null; readonly test: AwkExpression | null; readonly step: AwkExpression | null; readonly body: AwkStatement }
  | { readonly kind: 'block'; readonly body: readonly AwkStatement[] }
  | { readonly kind: 'delete'; readonly to: AwkPlace }
  | { readonly kind: 'next' }
  | { readonly kind: 'exit'; readonly status: AwkExpression | null };

export interface AwkRule {
  readonly when: 'BEGIN' | 'END' | AwkExpression | null;
  readonly to: AwkExpression | null;
  readonly does: readonly AwkStatement[];
}

interface Token { readonly kind: 'number' | 'text' | 'regex' | 'name' | 'sign'; readonly text: string }

const signs = /^(?:\+\+|--|\+=|-=|\*=|\/=|%=|==|!=|<=|>=|&&|\|\||!~|[-+*/%^!<>=~?:,;(){}[\]$])/;
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', '"': '"', '/': '/' };

function tokensOf(source: string): Result<readonly Token[], string> {
  const tokens: Token[] = [];
  let rest = source;
  while (rest !== '') {
    const blank = /^(?:[ \t\r]|\\\n|#[^\n]*)+/.exec(rest);
    if (blank !== null) { rest = rest.slice(blank[0].length); continue; }
    if (rest.startsWith('\n')) {
      tokens.push({ kind: 'sign', text: ';' });
      rest = rest.slice(1);
      continue;
    }
    const last = tokens.at(-1);
    // A slash begins an expression where no value stands before it.
    const afterValue = last !== undefined && (last.kind !== 'sign' || [')', ']', '$', '++', '--'].includes(last.text));
    const regex = afterValue ? null : /^\/((?:\\[\s\S]|\[[^\]\n]*\]|[^/\\\n])*)\//.exec(rest);
    const found = regex ?? /^"((?:\\[\s\S]|[^"\\])*)"/.exec(rest) ?? /^(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/.exec(rest) ?? /^[A-Za-z_]\w*/.exec(rest) ?? signs.exec(rest);
    if (found === null) return fail(`syntax error at source line 1 near ${rest.slice(0, 10)}`);
    const [whole, inner = ''] = found;
    if (regex !== null) tokens.push({ kind: 'regex', text: inner.replaceAll('\\/', '/') });
    else if (whole.startsWith('"')) tokens.push({ kind: 'text', text: inner.replace(/\\([\s\S])/g, (sign, letter: string) => escapes[letter] ?? sign) });
    else tokens.push({ kind: /^[\d.]/.test(whole) ? 'number' : /^[A-Za-z_]/.test(whole) ? 'name' : 'sign', text: whole });
    rest = rest.slice(whole.length);
  }
  return succeed(tokens);
}

const binarySigns: readonly (readonly string[])[] = [['||'], ['&&'], ['in'], ['~', '!~'], ['<', '<=', '==', '!=', '>', '>='], ['concatenate'], ['+', '-'], ['*', '/', '%'], ['^']];
const functions: ReadonlySet<string> = new Set(['length', 'substr', 'split', 'index', 'tolower', 'toupper', 'int', 'gsub', 'sub', 'sprintf', 'match']);

/** The rules of a program. The failure is awk's complaint without `awk: `. */
export function awkProgram(source: string): Result<readonly AwkRule[], string> {
  const lexed = tokensOf(source);
  if (!lexed.ok) return lexed;
  const tokens = lexed.value;
  let at = 0;
  let wrong: string | null = null;
  let depth = 0;
  const is = (text: string, ahead = 0): boolean => tokens[at + ahead]?.kind === 'sign' && tokens[at + ahead]?.text === text;
  const isName = (text: string): boolean => tokens[at]?.kind === 'name' && tokens[at]?.text === text;
  const complain = (): void => {
    wrong ??= `syntax error at source line 1 near ${tokens[at]?.text ?? 'end of file'}`;
    at = tokens.length;
  };
  const need = (text: string): void => {
    if (is(text)) at += 1;
    else complain();
  };
  const skip = (): void => { while (is(';')) at += 1; };
  const nothing: AwkExpression = { kind: 'value', value: '' };

  let inPrint = false;
  const place = (of: AwkExpression): AwkPlace => {
    if (of.kind === 'field' || of.kind === 'name' || of.kind === 'item') return of;
    complain();
    return { kind: 'name', name: '' };
  };
  const primary = (): AwkExpression => {
    const token = tokens[at];
    if (token === undefined || depth > 100) { complain(); return nothing; }
    at += 1;
    if (token.kind === 'number') return { kind: 'value', value: Number(token.text) };
    if (token.kind === 'text') return { kind: 'value', value: token.text };
    if (token.kind === 'regex') return { kind: 'regex', source: token.text };
    if (token.kind === 'name') {
      if (functions.has(token.text)) {
        if (!is('(')) return { kind: 'call', name: token.text, args: [] };
        at += 1;
        const args = list(')');
        need(')');
        return { kind: 'call', name: token.text, args };
      }
      if (!is('[')) return { kind: 'name', name: token.text };
      at += 1;
      const [key = nothing, ...more] = list(']');
      need(']');
      return { kind: 'item', name: token.text, key: more.reduce<AwkExpression>((left, right) => ({ kind: 'binary', sign: 'concatenate', left: { kind: 'binary', sign: 'concatenate', left, right: { kind: 'value', value: '\u001c' } }, right }), key) };
    }
    if (token.text === '(') {
      // Between brackets > compares, also in a print statement.
      const printing = inPrint;
      inPrint = false;
      const inner = expression();
      inPrint = printing;
      need(')');
      return inner;
    }
    if (token.text === '$') return { kind: 'field', of: is('++') || is('--') || is('-') ? unary() : primary() };
    at -= 1;
    complain();
    return nothing;
  };
  const postfix = (): AwkExpression => {
    const of = primary();
    if ((is('++') || is('--')) && (of.kind === 'name' || of.kind === 'field' || of.kind === 'item')) {
      const by = is('++') ? 1 : -1;
      at += 1;
      return { kind: 'step', by, first: false, to: of };
    }
    return of;
  };
  const unary = (): AwkExpression => {
    depth += 1;
    try {
      if (is('!') || is('-')) {
        const sign = is('!') ? '!' as const : '-' as const;
        at += 1;
        return { kind: 'unary', sign, of: unary() };
      }
      if (is('+')) { at += 1; return unary(); }
      if (is('++') || is('--')) {
        const by = is('++') ? 1 : -1;
        at += 1;
        return { kind: 'step', by, first: true, to: place(primary()) };
      }
      return postfix();
    } finally {
      depth -= 1;
    }
  };
  const startsValue = (): boolean => {
    const token = tokens[at];
    if (token === undefined) return false;
    if (token.kind === 'name') return !['in'].includes(token.text);
    return token.kind !== 'sign' || ['(', '$', '!', '++', '--'].includes(token.text);
  };
  const level = (index: number): AwkExpression => {
    const wanted = binarySigns[index];
    if (wanted === undefined) return unary();
    let left = level(index + 1);
    for (;;) {
      if (wanted[0] === 'concatenate') {
        if (!startsValue()) return left;
        left = { kind: 'binary', sign: 'concatenate', left, right: level(index + 1) };
        continue;
      }
      const token = tokens[at];
      if (token === undefined || !wanted.includes(token.text) || token.kind === 'text' || (inPrint && token.text === '>')) return left;
      at += 1;
      if (token.text === 'in') {
        left = { kind: 'in', key: left, name: tokens[at]?.text ?? '' };
        at += 1;
      } else if (token.text === '~' || token.text === '!~') left = { kind: 'match', negated: token.text === '!~', left, right: level(index + 1) };
      else left = { kind: 'binary', sign: token.text, left, right: level(index + 1) };
    }
  };
  const expression = (): AwkExpression => {
    depth += 1;
    try {
      if (depth > 100) { complain(); return nothing; }
      const left = level(0);
      if (is('?')) {
        at += 1;
        const yes = expression();
        need(':');
        return { kind: 'choice', test: left, yes, no: expression() };
      }
      const sign = ['=', '+=', '-=', '*=', '/=', '%='].find((one) => is(one));
      if (sign === undefined) return left;
      at += 1;
      return { kind: 'assign', sign, to: place(left), value: expression() };
    } finally {
      depth -= 1;
    }
  };
  const list = (end: string): readonly AwkExpression[] => {
    const all: AwkExpression[] = [];
    if (is(end)) return all;
    for (;;) {
      all.push(expression());
      if (!is(',')) return all;
      at += 1;
    }
  };
  const statement = (): AwkStatement => {
    depth += 1;
    try {
      if (depth > 100) { complain(); return { kind: 'next' }; }
      return statementHere();
    } finally {
      depth -= 1;
    }
  };
  const statementHere = (): AwkStatement => {
    if (is('{')) return { kind: 'block', body: block() };
    if (isName('print') || isName('printf')) {
      const kind = isName('print') ? 'print' as const : 'printf' as const;
      at += 1;
      if (is(';') || is('}') || at >= tokens.length) return { kind, args: [] };
      inPrint = true;
      // `print(a, b)` has its list in brackets.
      const bracketed = is('(') && closesList();
      if (bracketed) at += 1;
      const args = list(bracketed ? ')' : ';');
      if (bracketed) need(')');
      inPrint = false;
      return { kind, args };
    }
    if (isName('if')) {
      at += 1;
      need('(');
      const test = expression();
      need(')');
      skip();
      const then = statement();
      const back = at;
      skip();
      if (!isName('else')) {
        at = back;
        return { kind: 'if', test, then, otherwise: null };
      }
      at += 1;
      skip();
      return { kind: 'if', test, then, otherwise: statement() };
    }
    if (isName('for')) {
      at += 1;
      need('(');
      if (tokens[at]?.kind === 'name' && tokens[at + 1]?.text === 'in' && tokens[at + 3]?.text === ')') {
        const [name, of] = [tokens[at]?.text ?? '', tokens[at + 2]?.text ?? ''];
        at += 4;
        skip();
        return { kind: 'for-in', name, of, body: statement() };
      }
      const start = is(';') ? null : expression();
      need(';');
      const test = is(';') ? null : expression();
      need(';');
      const step = is(')') ? null : expression();
      need(')');
      skip();
      return { kind: 'for', start, test, step, body: statement() };
    }
    if (isName('delete')) { at += 1; return { kind: 'delete', to: place(primary()) }; }
    if (isName('next')) { at += 1; return { kind: 'next' }; }
    if (isName('exit')) {
      at += 1;
      return { kind: 'exit', status: is(';') || is('}') || at >= tokens.length ? null : expression() };
    }
    return { kind: 'expression', of: expression() };
  };
  /** True where the bracket that opens here closes before the statement ends. */
  const closesList = (): boolean => {
    let open = 0;
    for (let index = at; index < tokens.length; index++) {
      if (tokens[index]?.kind !== 'sign') continue;
      if (tokens[index]?.text === '(') open += 1;
      else if (tokens[index]?.text === ')') {
        open -= 1;
        if (open === 0) return tokens[index + 1] === undefined || [';', '}', '>'].includes(tokens[index + 1]?.text ?? '');
      }
    }
    return false;
  };
  const block = (): readonly AwkStatement[] => {
    const body: AwkStatement[] = [];
    need('{');
    skip();
    while (!is('}') && at < tokens.length) {
      body.push(statement());
      if (!is('}') && !is(';')) {
        if (body.at(-1)?.kind !== 'block' && body.at(-1)?.kind !== 'if' && body.at(-1)?.kind !== 'for-in' && body.at(-1)?.kind !== 'for') complain();
      }
      skip();
    }
    need('}');
    return body;
  };
  const rules: AwkRule[] = [];
  skip();
  while (at < tokens.length) {
    let when: AwkRule['when'] = null;
    let to: AwkExpression | null = null;
    if (isName('BEGIN') || isName('END')) {
      when = isName('BEGIN') ? 'BEGIN' : 'END';
      at += 1;
    } else if (!is('{')) {
      when = expression();
      if (is(',')) { at += 1; to = expression(); }
    }
    rules.push({ when, to, does: is('{') ? block() : [{ kind: 'print', args: [] }] });
    skip();
  }
  return wrong === null ? succeed(rules) : fail(wrong);
}

// Reads a typed line: lists of pipelines, loops, conditions and groups. Words are left to arguments.ts.
import { fail, succeed } from '../../sim/base/result.ts';
import type { Result } from '../../sim/base/result.ts';
import type { Body, Command, Pipeline, Redirect, Stage } from './syntax.ts';
import { tokensOf, unexpected } from './tokens.ts';
import type { Token } from './tokens.ts';

export type { Body, Command, Pipeline, Redirect, Stage } from './syntax.ts';

/** Reads a line (or several). The failure is one sentence in bash's or the lab's words. */
export function parseLine(line: string): Result<Body, string> {
  const tokens = tokensOf(line);
  if (!tokens.ok) return tokens;
  const read = readBody(tokens.value, 0, []);
  if (!read.ok) return read;
  return read.value.next < tokens.value.length ? fail(unexpected(shown(tokens.value[read.value.next]))) : succeed(read.value.body);
}

/** More is to come: a quote, bracket, loop or here-document stands open, or the line ends with an operator. */
export function unfinished(line: string): boolean {
  const parsed = parseLine(line);
  return !parsed.ok && parsed.failures.some((failure) => /unexpected end of file$|unexpected EOF|here-document delimited by end-of-file/.test(failure));
}

interface Read { readonly body: Body; readonly next: number }
type Reading<T> = Result<{ readonly value: T; readonly next: number }, string>;

const shown = (token: Token | undefined): string => (token === undefined ? '' : token.kind === 'word' || token.kind === 'operator' ? token.text : token.kind === 'arithmetic' ? '((' : '<');
const isOperator = (token: Token | undefined, ...texts: readonly string[]): boolean => token?.kind === 'operator' && texts.includes(token.text);
const isWord = (token: Token | undefined, text: string): boolean => token?.kind === 'word' && token.text === text;
const deepest = 50;

/** Pipelines until one of the words stands where a command would (or the tokens end). */
function readBody(tokens: readonly Token[], from: number, until: readonly string[], depth = 0): Result<Read, string> {
  if (depth > deepest) return fail('bash: commands are nested too deep');
  const body: Pipeline[] = [];
  let index = from;
  let after: Pipeline['after'] = ';';
  for (;;) {
    while (isOperator(tokens[index], '\n')) index += 1;
    const token = tokens[index];
    const ends = token === undefined || (token.kind === 'word' && until.includes(token.text)) || (token.kind === 'operator' && until.includes(token.text));
    if (ends && after !== ';') return fail(unexpected(shown(token)));
    if (ends) return succeed({ body, next: index });
    const read = readPipeline(tokens, index, after, depth);
    if (!read.ok) return read;
    body.push(read.value.value);
    index = read.value.next;
    const end = tokens[index];
    after = ';';
    if (end === undefined) continue;
    if (isOperator(end, ';', '\n')) index += 1;
    else if (end.kind === 'operator' && (end.text === '&&' || end.text === '||')) {
      after = end.text;
      index += 1;
    } else if (!(end.kind === 'operator' && until.includes(end.text))) return fail(unexpected(shown(end)));
  }
}

function readPipeline(tokens: readonly Token[], from: number, after: Pipeline['after'], depth: number): Reading<Pipeline> {
  let index = from;
  let negated = false;
  let timed = false;
  for (;;) {
    if (isWord(tokens[index], '!')) negated = !negated;
    else if (isWord(tokens[index], 'time')) {
      timed = true;
      if (isWord(tokens[index + 1], '-p')) index += 1;
    } else break;
    index += 1;
  }
  const stages: Stage[] = [];
  for (;;) {
    const read = readStage(tokens, index, depth);
    if (!read.ok) return read;
    index = read.value.next;
    const end = tokens[index];
    const piped = isOperator(end, '|', '|&');
    stages.push(isOperator(end, '|&') ? { ...read.value.value, redirects: [...read.value.value.redirects, { kind: 'join', stream: 'err', to: 'out' }] } : read.value.value);
    if (!piped) return succeed({ value: { after, negated, timed, stages }, next: index });
    index += 1;
    while (isOperator(tokens[index], '\n')) index += 1;
    if (tokens[index] === undefined) return fail(unexpected(''));
  }
}

function readStage(tokens: readonly Token[], from: number, depth: number): Reading<Stage> {
  const compound = readCompound(tokens, from, depth);
  if (compound !== null) {
    if (!compound.ok) return compound;
    const redirects: Redirect[] = [];
    let index = compound.value.next;
    for (let token = tokens[index]; token?.kind === 'redirect'; token = tokens[++index]) redirects.push(token.redirect);
    return succeed({ value: { command: compound.value.value, redirects }, next: index });
  }
  const words: string[] = [];
  const redirects: Redirect[] = [];
  let index = from;
  for (let token = tokens[index]; token !== undefined; token = tokens[++index]) {
    if (token.kind === 'redirect') redirects.push(token.redirect);
    else if (token.kind === 'word') words.push(token.text);
    else break;
  }
  if (isOperator(tokens[index], '(')) {
    return fail(words.length === 1 && isOperator(tokens[index + 1], ')') ? 'bash: the lab\'s terminal has no functions' : unexpected('('));
  }
  if (words.length === 0 && redirects.length === 0) return fail(unexpected(shown(tokens[index])));
  const [first = ''] = words;
  if (reserved.includes(first)) return fail(unexpected(first));
  return succeed({ value: { command: { kind: 'simple', text: words.join(' ') }, redirects }, next: index });
}

/** Words that end a part of a compound command: none of them begins a command. */
const reserved: readonly string[] = ['do', 'done', 'then', 'elif', 'else', 'fi', 'esac', '}'];

function readCompound(tokens: readonly Token[], from: number, depth: number): Reading<Command> | null {
  const token = tokens[from];
  if (token?.kind === 'arithmetic') return succeed({ value: { kind: 'arithmetic', text: token.text }, next: from + 1 });
  if (isOperator(token, '(')) {
    const read = closed(tokens, from + 1, [')'], depth);
    return read.ok ? succeed({ value: { kind: 'group', body: read.value.body, subshell: true }, next: read.value.next + 1 }) : read;
  }
  if (token?.kind !== 'word') return null;
  switch (token.text) {
    case '{': {
      const read = closed(tokens, from + 1, ['}'], depth);
      return read.ok ? succeed({ value: { kind: 'group', body: read.value.body, subshell: false }, next: read.value.next + 1 }) : read;
    }
    case 'for': return readFor(tokens, from, depth);
    case 'while':
    case 'until': {
      const test = closed(tokens, from + 1, ['do'], depth);
      if (!test.ok) return test;
      const body = closed(tokens, test.value.next + 1, ['done'], depth);
      return body.ok ? succeed({ value: { kind: 'while', until: token.text === 'until', test: test.value.body, body: body.value.body }, next: body.value.next + 1 }) : body;
    }
    case 'if': return readIf(tokens, from, depth);
    case 'case': return readCase(tokens, from, depth);
    case 'function': return fail('bash: the lab\'s terminal has no functions');
    case 'select': return fail('bash: the lab\'s terminal has no select');
    default: return null;
  }
}

/** A body that must not be empty, up to one of the words. */
function closed(tokens: readonly Token[], from: number, until: readonly string[], depth: number): Result<Read, string> {
  const read = readBody(tokens, from, until, depth + 1);
  if (!read.ok) return read;
  const end = tokens[read.value.next];
  return read.value.body.length === 0 || end === undefined ? fail(unexpected(shown(end))) : read;
}

function readFor(tokens: readonly Token[], from: number, depth: number): Reading<Command> {
  const name = tokens[from + 1];
  if (name?.kind === 'arithmetic') return fail('bash: the lab\'s terminal knows one form of for: for NAME in WORDS; do COMMANDS; done');
  if (name?.kind !== 'word') return fail(unexpected(shown(name)));
  if (!/^[A-Za-z_]\w*$/.test(name.text)) return fail(`bash: \`${name.text}': not a valid identifier`);
  let index = from + 2;
  const words: string[] = [];
  while (isOperator(tokens[index], '\n')) index += 1;
  if (isWord(tokens[index], 'in')) {
    index += 1;
    for (let token = tokens[index]; token?.kind === 'word'; token = tokens[++index]) words.push(token.text);
  }
  if (isOperator(tokens[index], ';', '\n')) index += 1;
  while (isOperator(tokens[index], '\n')) index += 1;
  if (!isWord(tokens[index], 'do')) return fail(unexpected(shown(tokens[index])));
  const body = closed(tokens, index + 1, ['done'], depth);
  return body.ok ? succeed({ value: { kind: 'for', name: name.text, list: words.join(' '), body: body.value.body }, next: body.value.next + 1 }) : body;
}

function readIf(tokens: readonly Token[], from: number, depth: number): Reading<Command> {
  const branches: { readonly test: Body; readonly body: Body }[] = [];
  let index = from;
  for (;;) {
    const test = closed(tokens, index + 1, ['then'], depth);
    if (!test.ok) return test;
    const body = closed(tokens, test.value.next + 1, ['elif', 'else', 'fi'], depth);
    if (!body.ok) return body;
    branches.push({ test: test.value.body, body: body.value.body });
    index = body.value.next;
    if (isWord(tokens[index], 'fi')) return succeed({ value: { kind: 'if', branches, otherwise: null }, next: index + 1 });
    if (isWord(tokens[index], 'else')) break;
  }
  const otherwise = closed(tokens, index + 1, ['fi'], depth);
  return otherwise.ok ? succeed({ value: { kind: 'if', branches, otherwise: otherwise.value.body }, next: otherwise.value.next + 1 }) : otherwise;
}

function readCase(tokens: readonly Token[], from: number, depth: number): Reading<Command> {
  const word = tokens[from + 1];
  if (word?.kind !== 'word') return fail(unexpected(shown(word)));
  if (!isWord(tokens[from + 2], 'in')) return fail(unexpected(shown(tokens[from + 2])));
  const branches: { readonly patterns: readonly string[]; readonly body: Body }[] = [];
  let index = from + 3;
  for (;;) {
    while (isOperator(tokens[index], '\n')) index += 1;
    if (isWord(tokens[index], 'esac')) return succeed({ value: { kind: 'case', word: word.text, branches }, next: index + 1 });
    if (isOperator(tokens[index], '(')) index += 1;
    const patterns: string[] = [];
    for (;;) {
      const pattern = tokens[index];
      if (pattern?.kind !== 'word') return fail(unexpected(shown(pattern)));
      patterns.push(pattern.text);
      index += 1;
      if (isOperator(tokens[index], '|')) index += 1;
      else break;
    }
    if (!isOperator(tokens[index], ')')) return fail(unexpected(shown(tokens[index])));
    const body = readBody(tokens, index + 1, [';;', 'esac'], depth + 1);
    if (!body.ok) return body;
    branches.push({ patterns, body: body.value.body });
    index = body.value.next;
    if (isOperator(tokens[index], ';;')) index += 1;
    else if (tokens[index] === undefined) return fail(unexpected(''));
  }
}

// Cuts a line into tokens: words as they were written, operators, and redirections with the here-documents that belong to them.
import { fail, succeed } from '../../sim/base/result.ts';
import type { Result } from '../../sim/base/result.ts';
import { bracketed, endOf } from './scan.ts';
import type { Redirect } from './syntax.ts';

export type Token =
  | { readonly kind: 'word'; readonly text: string }
  /** `;`, `&&`, `||`, `|`, `|&`, `(`, `)`, `;;`, a line end. */
  | { readonly kind: 'operator'; readonly text: string }
  | { readonly kind: 'redirect'; readonly redirect: Redirect }
  | { readonly kind: 'arithmetic'; readonly text: string };

const limit = 65_536;

interface Here { readonly place: number; readonly delimiter: string; readonly expand: boolean; readonly tabs: boolean }

const unclosed = (sign: string): string => `bash: unexpected EOF while looking for matching \`${sign}'`;

/** The tokens of a line (or several). The failure is one sentence in bash's or the lab's words. */
export function tokensOf(line: string): Result<readonly Token[], string> {
  if (line.length > limit) return fail(`bash: the line is longer than ${limit} characters`);
  const tokens: Token[] = [];
  let heres: Here[] = [];
  let index = 0;
  while (index < line.length) {
    const rest = line.slice(index);
    const char = line.charAt(index);
    if (char === ' ' || char === '\t' || char === '\r') { index += 1; continue; }
    if (rest.startsWith('\\\n')) { index += 2; continue; }
    if (char === '#') {
      const end = line.indexOf('\n', index);
      index = end < 0 ? line.length : end;
      continue;
    }
    if (char === '\n') {
      index += 1;
      for (const here of heres) {
        const read = readHere(line, index, here);
        if (read === undefined) return fail(`bash: here-document delimited by end-of-file (wanted \`${here.delimiter}')`);
        tokens[here.place] = { kind: 'redirect', redirect: { kind: 'here', text: read.text, expand: here.expand } };
        index = read.next;
      }
      heres = [];
      tokens.push({ kind: 'operator', text: '\n' });
      continue;
    }
    const redirection = /^(?:&>>?|\d?(?:>>|>&|>\||>|<<<|<<-|<<|<&|<))/.exec(rest);
    if (redirection !== null) {
      if (/^[<>]\(/.test(rest)) return fail('bash: the lab\'s terminal has no process substitution: use a pipe or a file');
      if (/^[3-9]/.test(redirection[0])) return fail(`bash: ${redirection[0]}: the lab's terminal has the streams 0, 1 and 2 only`);
      index += redirection[0].length;
      index += /^[ \t]*/.exec(line.slice(index))?.[0].length ?? 0;
      if (/^[<>]\(/.test(line.slice(index))) return fail('bash: the lab\'s terminal has no process substitution: use a pipe or a file');
      const word = wordAt(line, index);
      if (!word.ok) return word;
      if (word.value === '') return fail(unexpected(nextSign(line, index)));
      index += word.value.length;
      const bare = word.value.replace(/^(['"])([\s\S]*)\1$/, '$2').replace(/\\([\s\S])/g, '$1');
      const sign = redirection[0].replace(/^\d/, '');
      const stream = redirection[0].startsWith('2') ? 'err' : 'out';
      if (sign === '<<' || sign === '<<-') {
        heres.push({ place: tokens.length, delimiter: bare, expand: bare === word.value, tabs: sign === '<<-' });
        tokens.push({ kind: 'redirect', redirect: { kind: 'here', text: '', expand: false } });
        continue;
      }
      const redirect = redirectOf(sign, stream, word.value);
      if (redirect === null) return fail(`bash: ${bare}: the lab's terminal has the streams 0, 1 and 2 only`);
      tokens.push({ kind: 'redirect', redirect });
      continue;
    }
    if (rest.startsWith('((')) {
      const end = bracketed(line, index);
      if ('open' in end) return fail(unclosed(end.open));
      if (line.slice(end.at - 2, end.at) === '))') {
        tokens.push({ kind: 'arithmetic', text: line.slice(index + 2, end.at - 2) });
        index = end.at;
        continue;
      }
    }
    const operator = /^(?:&&|\|\||;;|\|&|[;|&()])/.exec(rest);
    if (operator !== null) {
      if (operator[0] === '&') return fail('bash: the lab\'s terminal runs nothing in the background');
      tokens.push({ kind: 'operator', text: operator[0] });
      index += operator[0].length;
      continue;
    }
    const word = wordAt(line, index);
    if (!word.ok) return word;
    index += word.value.length;
    if (word.value === '[[') {
      const closing = /\s\]\](?=[\s;|&)]|$)/.exec(line.slice(index));
      if (closing === null) return fail("bash: unexpected EOF while looking for `]]'");
      tokens.push({ kind: 'word', text: '[[' }, { kind: 'word', text: quotedSigns(line.slice(index, index + closing.index)) }, { kind: 'word', text: ']]' });
      index += closing.index + closing[0].length;
      continue;
    }
    tokens.push({ kind: 'word', text: word.value });
  }
  const open = heres[0];
  return open === undefined ? succeed(tokens) : fail(`bash: here-document delimited by end-of-file (wanted \`${open.delimiter}')`);
}

export const unexpected = (token: string): string => (token === '' ? 'bash: syntax error: unexpected end of file' : `bash: syntax error near unexpected token \`${token === '\n' ? 'newline' : token}'`);

const nextSign = (line: string, index: number): string => /^(?:&&|\|\||;;|[;|&()<>])/.exec(line.slice(index))?.[0] ?? '\n';

/** Inside of `[[ … ]]` signs are words of the test, not operators. */
const quotedSigns = (text: string): string => text.replace(/(^|\s)(&&|\|\||[<>()])(?=\s|$)/g, "$1'$2'");

/** The word at an index, as it was written; empty where none begins. */
function wordAt(line: string, from: number): Result<string, string> {
  let index = from;
  while (index < line.length && !/[\s;|&<>()]/.test(line.charAt(index))) {
    const end = endOf(line, index);
    if ('open' in end) return fail(unclosed(end.open));
    index = end.at;
  }
  return succeed(line.slice(from, index));
}

function redirectOf(sign: string, stream: 'out' | 'err', word: string): Redirect | null {
  switch (sign) {
    case '<<<': return { kind: 'here-word', word };
    case '<': return { kind: 'from-file', word };
    case '>': case '>|': return { kind: 'file', stream, append: false, word };
    case '>>': return { kind: 'file', stream, append: true, word };
    case '&>': return { kind: 'file', stream: 'both', append: false, word };
    case '&>>': return { kind: 'file', stream: 'both', append: true, word };
    case '>&':
      if (word === '1' || word === '2') return { kind: 'join', stream, to: word === '1' ? 'out' : 'err' };
      return /^\d|^-$/.test(word) ? null : { kind: 'file', stream: 'both', append: false, word };
    default: return null;
  }
}

function readHere(line: string, from: number, here: Here): { readonly text: string; readonly next: number } | undefined {
  let text = '';
  let index = from;
  while (index < line.length) {
    const end = line.indexOf('\n', index);
    const raw = end < 0 ? line.slice(index) : line.slice(index, end);
    const row = here.tabs ? raw.replace(/^\t+/, '') : raw;
    index = end < 0 ? line.length : end + 1;
    if (row === here.delimiter) return { text, next: index };
    text += `${row}\n`;
  }
  return undefined;
}

// A Corefile as words: quoted texts are one, a `#` outside of them begins a comment.

export interface Token {
  readonly text: string;
  /** From 1, in the file. */
  readonly line: number;
  /** Which reading of which text the token comes from: tokens of different ones are never on one line. */
  readonly source: number;
}

/** Reads the words as Caddy's lexer does: only quotes can be escaped, a `#` also ends a word that it stands in. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (character === '\n') line += 1;
    if (/\s/.test(character)) at += 1;
    else if (character === '#') at = endOfLine(text, at);
    else {
      const [word, next] = character === '"' ? quoted(text, at + 1) : bareWord(text, at);
      tokens.push({ text: withoutEnvironment(word), line, source: 0 });
      line += text.slice(at, next).split('\n').length - 1;
      at = next;
    }
  }
  return tokens;
}

const endOfLine = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
};

function bareWord(text: string, from: number): readonly [word: string, next: number] {
  const [word = ''] = /^[^\s#]+/.exec(text.slice(from, from + 10_000)) ?? [];
  return [word, from + word.length];
}

function quoted(text: string, from: number): readonly [word: string, next: number] {
  let word = '';
  for (let at = from; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === '"') return [word, at + 1];
    if (character === '\\' && text[at + 1] === '"') {
      word += '"';
      at += 1;
    } else if (character !== '\r') word += character;
  }
  return [word, text.length];
}

/** `{$NAME}` and `{%NAME%}` are the process' environment, in which nothing of that kind is set. */
const withoutEnvironment = (word: string): string => (word.includes('{') ? word.replace(/\{%[^%}]+%\}|\{\$[^}]+\}/g, '') : word);

/** Lines that a text breaks into. */
export const lineBreaks = (text: string): number => text.split('\n').length - 1;

/** Both tokens stand on one line; a text in quotes may end on a later one than it begins. */
export const onOneLine = (left: Token | undefined, right: Token | undefined): boolean =>
  left !== undefined && right !== undefined && left.source === right.source && left.line + lineBreaks(left.text) >= right.line;

// The words of one command: quotes, variables and word splitting by shell-quote; what stands in $(…), $((…)) and ${…} is worked out before.
import { parse } from 'shell-quote';
import type { ParseOptions } from 'shell-quote';
import { endOf } from './scan.ts';

export interface Words {
  /** `NAME=VALUE` in front of the command, or alone. */
  readonly assignments: readonly (readonly [name: string, value: string])[];
  readonly words: readonly string[];
  /** The places of words that are patterns of files (`*.yaml`), not quoted. */
  readonly globs: readonly number[];
}

const options: ParseOptions & { readonly splitUnquoted: boolean } = { splitUnquoted: true };

/** Reads the words of a command. Globs stay as they were written. */
export function argumentsOf(text: string, variables: Readonly<Record<string, string>>): Words {
  // Without a prototype, so that `$constructor` is empty.
  const environment: Record<string, string> = { ...variables };
  Object.setPrototypeOf(environment, null);
  const assignments: [string, string][] = [];
  let rest = text.trimStart();
  for (;;) {
    const assignment = /^([A-Za-z_]\w*)=((?:\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|\$\{[^}]*\}|[^\s'"\\])*)(?:\s+|$)/.exec(rest);
    if (assignment === null) break;
    // An assignment is not split into words: blanks that a variable brings stay as they are.
    const value = parse(assignment[2] ?? '', environment).map(entryText).join(' ');
    environment[assignment[1] ?? ''] = value;
    assignments.push([assignment[1] ?? '', value]);
    rest = rest.slice(assignment[0].length);
  }
  const entries = parse(rest, environment, options);
  return { assignments, words: entries.map(entryText), globs: entries.flatMap((entry, index) => (typeof entry !== 'string' && 'pattern' in entry ? [index] : [])) };
}

/** The words of one raw word: what a redirection or a pattern stands for. */
export const wordOf = (text: string, variables: Readonly<Record<string, string>>): string => {
  const environment: Record<string, string> = { ...variables };
  Object.setPrototypeOf(environment, null);
  return parse(text, environment).map(entryText).join(' ');
};

function entryText(entry: ReturnType<typeof parse>[number]): string {
  if (typeof entry === 'string') return entry;
  if ('pattern' in entry && typeof entry.pattern === 'string') return entry.pattern;
  if ('comment' in entry) return `#${String(entry.comment)}`;
  return 'op' in entry ? String(entry.op) : '';
}

export interface Substitution {
  /** The variable that stands in its place. */
  readonly variable: string;
  readonly kind: 'command' | 'arithmetic' | 'parameter';
  readonly text: string;
}

/** What is worked out before the words are read, and the text with variables in their places (quotes keep their meaning that way). `here`: quotes mean nothing. */
export function substitutions(text: string, here = false): { readonly text: string; readonly found: readonly Substitution[] } {
  const found: Substitution[] = [];
  let out = '';
  let inDouble = false;
  const put = (kind: Substitution['kind'], inner: string): void => {
    const variable = `_substitution_${found.length}`;
    found.push({ variable, kind, text: inner });
    out += `\${${variable}}`;
  };
  for (let index = 0; index < text.length;) {
    const char = text.charAt(index);
    if (char === '"' && !here) {
      inDouble = !inDouble;
      out += char;
      index += 1;
      continue;
    }
    if (/^\$[#?@*!-]/.test(text.slice(index, index + 2))) {
      put('parameter', text.charAt(index + 1));
      index += 2;
      continue;
    }
    const end = endOf(text, index, inDouble || here);
    const to = 'at' in end ? end.at : text.length;
    const whole = text.slice(index, to);
    if (whole.startsWith('$((') && whole.endsWith('))')) put('arithmetic', whole.slice(3, -2));
    else if (whole.startsWith('$(')) put('command', whole.slice(2, -1));
    else if (whole.startsWith('`')) put('command', whole.slice(1, -1).replace(/\\([`$\\])/g, '$1'));
    else if (whole.startsWith('${') && !/^\$\{\w+\}$/.test(whole)) put('parameter', whole.slice(2, -1));
    // In the middle of a word # is a character like any other, which shell-quote does not know.
    else if (whole === '#' && !inDouble && !here) out += '\\#';
    else out += whole;
    index = to;
  }
  return { text: out, found };
}

/** `{1..3}` and `{a,b}` as bash makes words of them; quoted texts stay whole. */
export function braces(text: string): string {
  if (!text.includes('{')) return text;
  return wordsOf(text).flatMap((word) => expanded(word, 0)).join(' ');
}

/** Raw words, cut at blanks outside of quotes. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  for (let index = 0; index < text.length;) {
    if (/\s/.test(text.charAt(index))) {
      if (word !== '') words.push(word);
      word = '';
      index += 1;
      continue;
    }
    const end = endOf(text, index);
    const to = 'at' in end ? end.at : text.length;
    word += text.slice(index, to);
    index = to;
  }
  return word === '' ? words : [...words, word];
}

const mostWords = 1000;

function expanded(word: string, depth: number): readonly string[] {
  // An assignment's value and a quoted text are not taken apart.
  const match = depth > 4 || /^[A-Za-z_]\w*=/.test(word) ? null : /^((?:[^{}'"\\$`]|\$(?!\{))*)\{([^{}'"\\$`\s]*)\}([\s\S]*)$/.exec(word);
  if (match === null) return [word];
  const [, before = '', inner = '', after = ''] = match;
  const numbers = /^(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?$/.exec(inner);
  if (numbers !== null) {
    const [from, to] = [Number(numbers[1]), Number(numbers[2])];
    const step = Math.max(1, Math.abs(Number(numbers[3] ?? 1)));
    const count = Math.min(mostWords, Math.floor(Math.abs(to - from) / step) + 1);
    return Array.from({ length: count }, (_, index) => `${before}${from + (to < from ? -1 : 1) * index * step}${after}`).flatMap((one) => expanded(one, depth + 1));
  }
  if (!inner.includes(',')) return [word];
  return inner.split(',').flatMap((part) => expanded(`${before}${part}${after}`, depth + 1));
}

/** `$NAME` and `${NAME}` in a here-document. */
export const expandHere = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replace(/\\([\\$`])|\$(?:(\w+)|\{(\w+)\}|(\?))/g, (whole, escaped: string | undefined, bare: string | undefined, braced: string | undefined, status: string | undefined) => {
    if (escaped !== undefined) return escaped;
    const name = bare ?? braced ?? status ?? '';
    return Object.hasOwn(variables, name) ? variables[name] ?? '' : name === '' ? whole : '';
  });

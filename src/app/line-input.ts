// One line being typed: the prompt, the command line and the filter of a list share this editing.
import type { LineEdit } from './message.ts';
import type { LineInput } from './state.ts';

export const emptyLine: LineInput = { text: '', cursor: 0, cut: '' };

export const lineOf = (text: string): LineInput => ({ text, cursor: text.length, cut: '' });

export function typeInto(line: LineInput, text: string): LineInput {
  const flat = text.replace(/[\r\n\t]+/g, ' ');
  return { ...line, text: line.text.slice(0, line.cursor) + flat + line.text.slice(line.cursor), cursor: line.cursor + flat.length };
}

/** The place before the character that ends at `at`: surrogate pairs and combining marks stay together. */
export function before(text: string, at: number): number {
  let to = at - 1;
  while (to > 0 && (/\p{M}/u.test(text[to] ?? '') || isLow(text, to))) to--;
  return Math.max(to, 0);
}

/** The place after the character that starts at `at`. */
export function after(text: string, at: number): number {
  let to = at + 1;
  while (to < text.length && (/\p{M}/u.test(text[to] ?? '') || isLow(text, to))) to++;
  return Math.min(to, text.length);
}

const isLow = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
};

/** Words are as the shell's user thinks of them: letters, digits, and what names are made of. */
export function wordBefore(text: string, at: number): number {
  let to = at;
  while (to > 0 && !/[\w.-]/.test(text[to - 1] ?? '')) to--;
  while (to > 0 && /[\w.-]/.test(text[to - 1] ?? '')) to--;
  return to;
}

export function wordAfter(text: string, at: number): number {
  let to = at;
  while (to < text.length && !/[\w.-]/.test(text[to] ?? '')) to++;
  while (to < text.length && /[\w.-]/.test(text[to] ?? '')) to++;
  return to;
}

export function editLine(line: LineInput, edit: LineEdit): LineInput {
  const { text, cursor } = line;
  switch (edit) {
    case 'left': return { ...line, cursor: before(text, cursor) };
    case 'right': return { ...line, cursor: after(text, cursor) };
    case 'word-left': return { ...line, cursor: wordBefore(text, cursor) };
    case 'word-right': return { ...line, cursor: wordAfter(text, cursor) };
    case 'start': return { ...line, cursor: 0 };
    case 'end': return { ...line, cursor: text.length };
    case 'erase-left': return cursor === 0 ? line : erase(line, before(text, cursor), cursor, false);
    case 'erase-right': return cursor === text.length ? line : erase(line, cursor, after(text, cursor), false);
    // Ctrl-W in a shell cuts to the space before, not to the dot.
    case 'erase-word': return erase(line, text.slice(0, cursor).replace(/\S+\s*$/, '').length, cursor, true);
    case 'erase-word-right': return erase(line, cursor, wordAfter(text, cursor), true);
    case 'erase-to-start': return erase(line, 0, cursor, true);
    case 'erase-to-end': return erase(line, cursor, text.length, true);
    case 'yank': return typeInto(line, line.cut);
  }
}

const erase = (line: LineInput, from: number, to: number, keep: boolean): LineInput => ({
  text: line.text.slice(0, from) + line.text.slice(to),
  cursor: from,
  cut: keep && to > from ? line.text.slice(from, to) : line.cut,
});

// Styled lines as the text that blessed draws: roles become colours, and no character of the text itself can become a control.
import stringWidth from 'fast-string-width';
import type { Box, Line, Role, Span } from '../view/frame.ts';

/** How one role looks. Colours are the terminal's own by name, or an index of the 256-colour palette. */
export interface RoleStyle {
  readonly fg?: string | number;
  readonly bg?: string | number;
  readonly bold?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
}

export interface Theme {
  readonly name: string;
  readonly roles: Readonly<Record<Role, RoleStyle>>;
}

export interface PaintOptions {
  readonly theme: Theme;
  /** Letters and ASCII signs only. */
  readonly ascii: boolean;
  /** False: no colours; bold, underline and inverse stay. */
  readonly color: boolean;
}

const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const reset = '\x1b[0m';

function colorCode(color: string | number | undefined, base: 30 | 40): string[] {
  if (color === undefined || color === 'default') return [];
  if (typeof color === 'number') return [`${base + 8};5;${color}`];
  const bright = color.startsWith('bright-');
  const index = names.indexOf(bright ? color.slice(7) : color);
  return index < 0 ? [] : [String(base + index + (bright ? 60 : 0))];
}

/** The escape sequence that turns a style on; empty for the terminal's own look. */
export function styleCode(style: RoleStyle | undefined, color: boolean): string {
  if (style === undefined) return '';
  const codes = [
    ...(style.bold === true ? ['1'] : []),
    ...(style.underline === true ? ['4'] : []),
    ...(style.inverse === true ? ['7'] : []),
    ...(color ? [...colorCode(style.fg, 30), ...colorCode(style.bg, 40)] : []),
  ];
  return codes.length === 0 ? '' : `\x1b[${codes.join(';')}m`;
}

// C0, DEL, C1 and the bidirectional controls: shown, never obeyed.
const controls = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/**
 * Control characters as visible signs: `␛` for escape, `·` for what has no sign of its own.
 * Composed where Unicode can: blessed counts a combining mark as a cell when it cuts a line.
 */
export const visible = (text: string): string =>
  text.normalize('NFC').replace(controls, (found) => {
    const code = found.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '␡' : '·';
  });

const plainSigns: Readonly<Record<string, string>> = {
  '─': '-', '│': '|', '┌': '+', '┐': '+', '└': '+', '┘': '+', '├': '+', '┤': '+', '┬': '+', '┴': '+', '┼': '+', '═': '=', '║': '|',
  '╔': '+', '╗': '+', '╚': '+', '╝': '+', '╭': '+', '╮': '+', '╯': '+', '╰': '+', '╱': '/', '╲': '\\', '✓': 'Y', '✗': 'X', '…': '.', '→': '>',
  '←': '<', '↑': '^', '↓': 'v', '▸': '>', '▶': '>', '◀': '<', '▾': 'v', '▴': '^', '•': '*', '●': '*', '○': 'o', '·': '.', '⚠': '!', '█': '#', '▌': '#',
  '▲': '^', '▼': 'v', '␛': '?', '“': '"', '”': '"', '’': "'", '‘': "'", '–': '-', '—': '-', '×': 'x', '≥': '>', '≤': '<', '▏': '|', '░': '.', '▒': ':', '▓': '#',
};

/** The same width in ASCII: a sign each, `?` for what has none. */
export const ascii = (text: string): string => text.replace(/[^\x00-\x7f]/gu, (found) => (plainSigns[found] ?? '?').padEnd(Math.max(1, stringWidth(found)), ' '));

/** The width of a text in cells. */
export const cells = (text: string): number => stringWidth(text);

/** The start of a text that fits a number of cells. */
export function cutText(text: string, width: number): string {
  if (text.length <= width && stringWidth(text) <= width) return text;
  let taken = '';
  let used = 0;
  for (const character of text) {
    const next = used + stringWidth(character);
    if (next > width) break;
    taken += character;
    used = next;
  }
  return taken;
}

function paintSpans(spans: Line, width: number, options: PaintOptions, fill: string): string {
  let left = width;
  let painted = '';
  for (const span of spans) {
    if (left <= 0) break;
    const safe = visible(span.text);
    const text = cutText(options.ascii ? ascii(safe) : safe, left);
    left -= stringWidth(text);
    const code = styleCode(options.theme.roles[span.role], options.color);
    painted += code === '' ? text : code + text + reset;
  }
  return painted + fill.repeat(Math.max(0, left));
}

/** The border's upper edge with the title in it. */
function topEdge(box: Box, options: PaintOptions): string {
  const edge = (text: string): Span => ({ text, role: box.focused ? 'border-focus' : 'border' });
  const title = box.title.length === 0 ? [] : [edge(' '), ...box.title, edge(' ')];
  const room = Math.max(0, box.width - 3);
  const used = Math.min(room, title.reduce((sum, span) => sum + stringWidth(span.text), 0));
  return paintSpans([edge('┌'), ...(title.length === 0 ? [edge('─')] : [])], title.length === 0 ? 2 : 1, options, '')
    + (title.length === 0 ? '' : paintSpans(title, used, options, ' '))
    + paintSpans([edge('─'.repeat(Math.max(0, box.width - 2 - (title.length === 0 ? 1 : used))) + '┐')], Math.max(0, box.width - 1 - (title.length === 0 ? 1 : used)), options, '');
}

/** A box as one text of `height` lines, each `width` cells wide, with its border, title and scroll marks. */
export function paintBox(box: Box, options: PaintOptions): string {
  if (!box.border) return Array.from({ length: box.height }, (_, row) => paintSpans(box.lines[row] ?? [], box.width, options, ' ')).join('\n');
  const role: Role = box.focused ? 'border-focus' : 'border';
  const side = (text: string): string => paintSpans([{ text, role }], 1, options, '');
  const inner = Math.max(0, box.width - 2);
  const rows = [topEdge(box, options)];
  const height = Math.max(0, box.height - 2);
  for (let row = 0; row < height; row++) {
    const above = row === 0 && (box.scroll?.above ?? 0) > 0;
    const below = row === height - 1 && (box.scroll?.below ?? 0) > 0;
    rows.push(side('│') + paintSpans(box.lines[row] ?? [], inner, options, ' ') + side(above ? '▲' : below ? '▼' : '│'));
  }
  if (box.height > 1) rows.push(paintSpans([{ text: `└${'─'.repeat(inner)}┘`, role }], box.width, options, ''));
  return rows.slice(0, box.height).join('\n');
}

// Pieces of text with a role, and lines of them: every text that reaches the screen is made clean here.
import { shownText } from '../lesson/shown-text.ts';
import type { Line, Role, Span } from './frame.ts';
import { cutText, widthOf, wrapPoints } from './width.ts';

/** Characters that terminals disagree about (emoji, joiners, variation selectors) would shift the rest of the row. */
const unsteady = /[\u{1f000}-\u{1faff}\u200b-\u200d\ufe00-\ufe0f\ud800-\udfff]/gu;

/** What may stand on a screen: control characters are shown, never obeyed; one row stays one row. */
export function clean(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return shownText(text.replace(/\t/g, '  ').replace(/\n/g, ' ')).replace(/\n/g, ' ').replace(unsteady, (character) => (/^[\u200b-\u200d\ufe00-\ufe0f]$/.test(character) ? '' : '▯'));
}

export const span = (text: string, role: Role = 'text'): Span => ({ text: clean(text), role });

/** A line of one piece. */
export const line = (text: string, role: Role = 'text'): Line => [span(text, role)];

export const emptyLine: Line = [];

export const lineWidth = (spans: Line): number => spans.reduce((sum, { text }) => sum + widthOf(text), 0);

/** The line cut to a width, with `…` where something is missing. */
export function cutLine(spans: Line, width: number): Line {
  if (lineWidth(spans) <= width) return spans;
  const kept: Span[] = [];
  let left = width;
  for (const one of spans) {
    const size = widthOf(one.text);
    if (size < left) {
      kept.push(one);
      left -= size;
      continue;
    }
    kept.push({ text: left <= 0 ? '' : size === left && one === spans[spans.length - 1] ? one.text : `${cutText(one.text, left - 1)}…`, role: one.role });
    break;
  }
  return kept;
}

/** The same, cut between words. */
export function cutWords(spans: Line, width: number): Line {
  const [first = []] = lineWidth(spans) <= width ? [spans] : wrapLine(spans, Math.max(width - 2, 1));
  return first === spans ? spans : [...first, { text: ' …', role: 'dim' }];
}

/** The line made as wide as asked for, with spaces of a role. */
export function padLine(spans: Line, width: number, role: Role = 'text'): Line {
  const missing = width - lineWidth(spans);
  return missing <= 0 ? cutLine(spans, width) : [...spans, { text: ' '.repeat(missing), role }];
}

/** Left and right on one line, the right end at the right edge; the left gives way. */
export function spread(left: Line, right: Line, width: number): Line {
  const room = width - lineWidth(right);
  if (room < 4) return cutLine(left, width);
  return [...padLine(left, room - 1), { text: ' ', role: 'text' }, ...right];
}

/** Wrapped at spaces, long words at the edge; later rows start with `indent`. */
export function wrapLine(spans: Line, width: number, indent = ''): Line[] {
  if (lineWidth(spans) <= width) return [spans];
  const text = spans.map((one) => one.text).join('');
  const points = wrapPoints(text, width, widthOf(indent));
  return points.map(([from, to], index) => {
    const row = slice(spans, from, to);
    return index === 0 || indent === '' ? row : [{ text: indent, role: 'text' as const }, ...row];
  });
}

function slice(spans: Line, from: number, to: number): Line {
  const kept: Span[] = [];
  let at = 0;
  for (const one of spans) {
    const start = Math.max(from - at, 0);
    const end = Math.min(to - at, one.text.length);
    if (start < end) kept.push({ text: one.text.slice(start, end), role: one.role });
    at += one.text.length;
  }
  return kept;
}

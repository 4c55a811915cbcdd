// How wide a text is on a screen, in cells: letters of other scripts may take two, marks none.
import measure from 'fast-string-width';

const plain = /^[\x20-\x7e]*$/;

export const widthOf = (text: string): number => (plain.test(text) ? text.length : measure(text));

/** The start of the text that fits in so many cells. */
export function cutText(text: string, width: number): string {
  if (width <= 0) return '';
  if (plain.test(text)) return text.slice(0, width);
  let kept = '';
  let used = 0;
  for (const character of text) {
    const size = measure(character);
    if (used + size > width) break;
    kept += character;
    used += size;
  }
  return kept;
}

export const padText = (text: string, width: number): string => text + ' '.repeat(Math.max(width - widthOf(text), 0));

/** Cut with `…`, and padded: exactly so many cells. */
export const fitText = (text: string, width: number): string => padText(widthOf(text) <= width ? text : `${cutText(text, width - 1)}…`, width);

/** Where to break: `[from, to)` of each row in code units. The spaces at a break are left out. */
export function wrapPoints(text: string, width: number, indent: number): (readonly [from: number, to: number])[] {
  const rows: (readonly [number, number])[] = [];
  const size = Math.max(width, 1);
  let from = 0;
  while (from < text.length) {
    const room = Math.max(rows.length === 0 ? size : size - indent, 1);
    const fits = cutText(text.slice(from, from + room * 2 + 8), room).length || 1;
    if (from + fits >= text.length) {
      rows.push([from, text.length]);
      break;
    }
    const at = text.lastIndexOf(' ', from + fits);
    const to = at > from ? at : from + fits;
    rows.push([from, to]);
    from = to;
    while (text[from] === ' ') from++;
  }
  return rows.length === 0 ? [[0, 0]] : rows;
}

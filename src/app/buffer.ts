// The text in the editor: rows, a cursor, a selection. Every edit gives another buffer.
import { after, before, wordAfter, wordBefore } from './line-input.ts';
import type { Move } from './message.ts';
import type { Buffer, Spot } from './state.ts';

/** A text is cut at these; the rest of the control characters stay and are shown. */
export const rowsOf = (text: string): readonly string[] => text.split(/\r\n|\n|\r/);
export const textOf = (buffer: Buffer): string => buffer.rows.join('\n');
export const bufferOf = (text: string): Buffer => ({ rows: rowsOf(text), cursor: { row: 0, column: 0 }, anchor: null });

const rowAt = (buffer: Buffer, row: number): string => buffer.rows[row] ?? '';
const isBefore = (left: Spot, right: Spot): boolean => left.row < right.row || (left.row === right.row && left.column < right.column);

/** From and to, in order; `null` when nothing is selected. */
export function selectionOf(buffer: Buffer): { readonly from: Spot; readonly to: Spot } | null {
  const { anchor, cursor } = buffer;
  if (anchor === null || (anchor.row === cursor.row && anchor.column === cursor.column)) return null;
  return isBefore(anchor, cursor) ? { from: anchor, to: cursor } : { from: cursor, to: anchor };
}

export function selectedText(buffer: Buffer): string {
  const selection = selectionOf(buffer);
  if (selection === null) return '';
  const { from, to } = selection;
  if (from.row === to.row) return rowAt(buffer, from.row).slice(from.column, to.column);
  return [rowAt(buffer, from.row).slice(from.column), ...buffer.rows.slice(from.row + 1, to.row), rowAt(buffer, to.row).slice(0, to.column)].join('\n');
}

export function clampSpot(buffer: Buffer, spot: Spot): Spot {
  const row = Math.min(Math.max(spot.row, 0), buffer.rows.length - 1);
  return { row, column: Math.min(Math.max(spot.column, 0), rowAt(buffer, row).length) };
}

export function moveTo(buffer: Buffer, spot: Spot, select: boolean): Buffer {
  return { rows: buffer.rows, cursor: clampSpot(buffer, spot), anchor: select ? (buffer.anchor ?? buffer.cursor) : null };
}

export function move(buffer: Buffer, how: Move, select: boolean, page: number): Buffer {
  const selection = selectionOf(buffer);
  if (!select && selection !== null && (how === 'left' || how === 'right')) return moveTo(buffer, how === 'left' ? selection.from : selection.to, false);
  return moveTo(buffer, spotAfter(buffer, how, page), select);
}

function spotAfter(buffer: Buffer, how: Move, page: number): Spot {
  const { row, column } = buffer.cursor;
  const text = rowAt(buffer, row);
  switch (how) {
    case 'left': return column > 0 ? { row, column: before(text, column) } : row > 0 ? { row: row - 1, column: rowAt(buffer, row - 1).length } : buffer.cursor;
    case 'right': return column < text.length ? { row, column: after(text, column) } : row < buffer.rows.length - 1 ? { row: row + 1, column: 0 } : buffer.cursor;
    case 'word-left': return column > 0 ? { row, column: wordBefore(text, column) } : row > 0 ? { row: row - 1, column: rowAt(buffer, row - 1).length } : buffer.cursor;
    case 'word-right': return column < text.length ? { row, column: wordAfter(text, column) } : row < buffer.rows.length - 1 ? { row: row + 1, column: 0 } : buffer.cursor;
    case 'up': return { row: row - 1, column: row === 0 ? 0 : column };
    case 'down': return row === buffer.rows.length - 1 ? { row, column: text.length } : { row: row + 1, column };
    case 'line-start': {
      const indent = text.length - text.trimStart().length;
      return { row, column: column === indent ? 0 : indent };
    }
    case 'line-end': return { row, column: text.length };
    case 'page-up': return { row: row - page, column };
    case 'page-down': return { row: row + page, column };
    case 'start': return { row: 0, column: 0 };
    case 'end': return { row: buffer.rows.length - 1, column: rowAt(buffer, buffer.rows.length - 1).length };
  }
}

/** The text put in the place of the selection, the cursor after it. */
export function insert(buffer: Buffer, text: string): Buffer {
  const { from, to } = selectionOf(buffer) ?? { from: buffer.cursor, to: buffer.cursor };
  const parts = rowsOf(text);
  const last = parts[parts.length - 1] ?? '';
  const tail = rowAt(buffer, to.row).slice(to.column);
  const made = [...parts];
  made[0] = rowAt(buffer, from.row).slice(0, from.column) + (parts[0] ?? '');
  made[made.length - 1] = (made[made.length - 1] ?? '') + tail;
  const column = parts.length === 1 ? from.column + last.length : last.length;
  return { rows: [...buffer.rows.slice(0, from.row), ...made, ...buffer.rows.slice(to.row + 1)], cursor: { row: from.row + parts.length - 1, column }, anchor: null };
}

/** A new row, indented as this one; one step deeper after a line that opens a map. */
export function breakRow(buffer: Buffer): Buffer {
  const { row, column } = selectionOf(buffer)?.from ?? buffer.cursor;
  const text = rowAt(buffer, row).slice(0, column);
  const indent = /^ */.exec(text)?.[0] ?? '';
  return insert(buffer, `\n${indent}${/:\s*$/.test(text) ? '  ' : ''}`);
}

export function erase(buffer: Buffer, side: 'left' | 'right'): Buffer {
  if (selectionOf(buffer) !== null) return insert(buffer, '');
  const { row, column } = buffer.cursor;
  const text = rowAt(buffer, row);
  // Backspace in the indent takes a whole step of two.
  const step = side === 'left' && column > 1 && column % 2 === 0 && text.slice(0, column).trim() === '' ? { row, column: column - 2 } : null;
  const anchor = step ?? spotAfter(buffer, side, 0);
  return insert({ ...buffer, anchor }, '');
}

export function eraseRow(buffer: Buffer): Buffer {
  const rows = buffer.rows.filter((_, index) => index !== buffer.cursor.row);
  const kept = { rows: rows.length === 0 ? [''] : rows, cursor: buffer.cursor, anchor: null };
  return { ...kept, cursor: clampSpot(kept, { row: buffer.cursor.row, column: 0 }) };
}

/** Two spaces, for the cursor or for every selected row. YAML knows no tabs. */
export function indent(buffer: Buffer, by: 1 | -1): Buffer {
  const selection = selectionOf(buffer);
  if (selection === null && by === 1) return insert(buffer, ' '.repeat(2 - (buffer.cursor.column % 2)));
  const from = selection?.from.row ?? buffer.cursor.row;
  const to = selection?.to.row ?? buffer.cursor.row;
  const rows = buffer.rows.map((text, row) => (row < from || row > to ? text : by === 1 ? `  ${text}` : text.replace(/^ {1,2}/, '')));
  const shift = (spot: Spot): Spot => ({ row: spot.row, column: Math.max(0, spot.column + (rows[spot.row] ?? '').length - rowAt(buffer, spot.row).length) });
  return { rows, cursor: shift(buffer.cursor), anchor: buffer.anchor === null ? null : shift(buffer.anchor) };
}

export const selectAll = (buffer: Buffer): Buffer =>
  ({ rows: buffer.rows, anchor: { row: 0, column: 0 }, cursor: spotAfter(buffer, 'end', 0) });

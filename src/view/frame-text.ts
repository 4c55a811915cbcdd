// A frame as plain text: for tests, and to look at a screen without one.
import type { Box, Frame, Line } from './frame.ts';
import { cutText, padText, widthOf } from './width.ts';

const textOf = (line: Line): string => line.map(({ text }) => text).join('');

/** What a person sees, without colours; rows without the spaces at their end. */
export function frameText(frame: Frame): string {
  const grid = Array.from({ length: frame.rows }, () => Array.from({ length: frame.columns }, () => ' '));
  for (const box of frame.boxes) paint(grid, box);
  return grid.map((row) => row.join('').trimEnd()).join('\n');
}

function paint(grid: string[][], box: Box): void {
  const inner = box.border ? 1 : 0;
  for (let y = 0; y < box.height; y++) {
    const text = y < inner || y >= box.height - inner ? ' '.repeat(box.width - 2 * inner) : textOf(box.lines[y - inner] ?? []);
    write(grid, box.x + inner, box.y + y, padText(cutText(text, box.width - 2 * inner), box.width - 2 * inner));
  }
  if (!box.border) return;
  const [h, v] = ['─', '│'];
  write(grid, box.x, box.y, `┌${h.repeat(Math.max(box.width - 2, 0))}┐`);
  write(grid, box.x, box.y + box.height - 1, `└${h.repeat(Math.max(box.width - 2, 0))}┘`);
  for (let y = 1; y < box.height - 1; y++) {
    write(grid, box.x, box.y + y, v);
    write(grid, box.x + box.width - 1, box.y + y, v);
  }
  if (box.title.length > 0) write(grid, box.x + 1, box.y, cutText(` ${textOf(box.title)} `, Math.max(box.width - 2, 0)));
}

/** One cell takes one entry; the second cell of a wide letter is empty. */
function write(grid: string[][], x: number, y: number, text: string): void {
  const row = grid[y];
  if (row === undefined) return;
  let at = x;
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)) {
    const size = widthOf(segment);
    if (at >= 0 && at < row.length) row[at] = segment;
    if (size === 2 && at + 1 < row.length) row[at + 1] = '';
    at += size;
  }
}

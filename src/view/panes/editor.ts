// The editor: rows with numbers, the selection, and under a row what is wrong with it.
import { selectionOf, textOf } from '../../app/buffer.ts';
import type { EditorState } from '../../app/state.ts';
import { isChanged } from '../../app/update-editor.ts';
import { refText } from '../../sim/model/object.ts';
import type { Line, Role, Span } from '../frame.ts';
import { drawn, windowOf } from '../pane.ts';
import type { ClickTarget, Drawn, Pane } from '../pane.ts';
import { diffRows } from './editor-diff.ts';
import { clean, cutLine, line, span, wrapLine } from '../span.ts';
import { widthOf } from '../width.ts';

/** Pieces of a YAML row by what they are. Colour only: nothing is read from it. */
function coloured(text: string): Span[] {
  if (/^\s*#/.test(text)) return [span(text, 'comment')];
  const match = /^(\s*(?:- )*)([^\s:'"#][^:#]*?|"[^"]*"|'[^']*')(:)(\s.*|)$/.exec(text);
  if (match === null) return [span(text, valueRole(text.replace(/^\s*-\s*/, '')))];
  const [, lead = '', key = '', colon = '', rest = ''] = match;
  return [span(lead), span(key, 'key'), span(colon), span(rest, valueRole(rest))];
}

const valueRole = (text: string): Role => (/^\s*["']/.test(text) ? 'string' : /^\s*(-?\d+(\.\d+)?|true|false|null)\s*$/.test(text) ? 'number' : 'text');

/** The part of a row that is selected, in code units; `null` for none. */
function selectedPart(editor: EditorState, row: number): { readonly from: number; readonly to: number } | null {
  const selection = selectionOf(editor.buffer);
  if (selection === null || row < selection.from.row || row > selection.to.row) return null;
  const length = (editor.buffer.rows[row] ?? '').length;
  if (row === selection.to.row && selection.to.column === 0) return null;
  return { from: row === selection.from.row ? selection.from.column : 0, to: row === selection.to.row ? selection.to.column : length + 1 };
}

function textRow(editor: EditorState, row: number, shift: number, width: number): Line {
  const text = editor.buffer.rows[row] ?? '';
  const part = selectedPart(editor, row);
  const spans = part === null ? coloured(text) : [span(text.slice(0, part.from)), span(text.slice(part.from, part.to) || ' ', 'selection'), span(text.slice(part.to))];
  return cutFrom(spans, shift, width);
}

/** The line from a cell on. */
function cutFrom(spans: readonly Span[], from: number, width: number): Line {
  if (from === 0) return cutLine(spans, width);
  let skip = from;
  const kept: Span[] = [];
  for (const one of spans) {
    const size = widthOf(one.text);
    if (size <= skip) {
      skip -= size;
      continue;
    }
    let text = one.text;
    while (skip > 0 && text !== '') {
      skip -= widthOf(text[0] ?? '');
      text = text.slice(1);
    }
    kept.push({ text, role: one.role });
  }
  return cutLine(kept, width);
}

/** A message below its row takes no more. */
const problemRows = 2;

export const editorPane: Pane = {
  name: 'editor',
  title: 'Editor',
  number: 9,
  draw: (_state, desk, { width, height }) => {
    const { editor } = desk;
    if (editor === null) return drawn([line('Nothing is being edited. e picks an object.', 'dim')]);
    const { buffer, problems, refused } = editor;
    if (editor.diff) return drawDiff(editor, width, height);
    const gutter = String(buffer.rows.length).length + 1;
    const room = Math.max(width - gutter - 1, 1);
    const current = buffer.rows[buffer.cursor.row] ?? '';
    const cell = widthOf(clean(current.slice(0, buffer.cursor.column)));
    const shift = cell < room ? 0 : cell - room + 1;
    const below: Line[] = refused === null ? [] : refused.split('\n').slice(0, Math.max(Math.floor(height / 3), 1)).map((text) => cutLine([span(text, 'bad')], width));
    below.push(...offerLines(editor, width, Math.max(Math.floor(height / 3), 2)));
    const space = height - below.length;
    const top = topInSight(editor, space);
    const lines: Line[] = [];
    const targets: ClickTarget[] = [];
    let cursor: { x: number; y: number } | null = null;
    for (let row = top; row < buffer.rows.length && lines.length < space; row++) {
      if (row === buffer.cursor.row) cursor = { x: gutter + 1 + cell - shift, y: lines.length };
      targets.push({ row: lines.length, rows: 1, from: 0, to: width, message: { kind: 'editor-edited', edit: { kind: 'place', row, column: 0, select: false }, height } });
      const wrong = problems.filter((problem) => problem.row === row);
      lines.push([span(String(row + 1).padStart(gutter - 1), wrong.length > 0 ? 'bad' : 'dim'), span('  ', 'dim'), ...textRow(editor, row, shift, room)]);
      for (const problem of wrong.slice(0, 2)) {
        const lead = ' '.repeat(gutter + 1 + Math.min(problem.column ?? 0, Math.max(room - 40, 0)));
        for (const one of wrapLine([span(lead), span(`^ ${problem.says}`, 'bad')], width, `${lead}  `).slice(0, problemRows)) if (lines.length < space) lines.push(cutLine(one, width));
      }
    }
    const placeless = problems.find((problem) => problem.row === null || problem.row >= buffer.rows.length);
    if (placeless !== undefined && lines.length < space) lines.push(cutLine([span(placeless.says, 'bad')], width));
    while (lines.length < space) lines.push([]);
    const hidden = Math.max(buffer.rows.length - top - space, 0);
    return drawn([...lines, ...below], {
      cursor, targets, note: [span(refText(editor.ref), 'object'), ...(isChanged(editor) ? [span(' changed', 'warn')] : [])],
      scroll: top === 0 && hidden === 0 ? null : { above: top, below: hidden },
    });
  },
};

/** What may stand here, with its type: as many as fit, several in a row. */
function offerLines({ offers }: EditorState, width: number, most: number): readonly Line[] {
  if (offers.length === 0) return [];
  const cell = Math.min(Math.max(...offers.map(({ name, type }) => name.length + type.length)) + 3, width);
  const columns = Math.max(Math.floor(width / cell), 1);
  const rows: Line[] = [];
  for (let index = 0; index < offers.length && rows.length < most; index += columns) {
    rows.push(cutLine(offers.slice(index, index + columns).flatMap(({ name, type }): Line => [span(name, 'key'), span(` ${type}`.padEnd(Math.max(cell - name.length, 0)), 'dim')]), width));
  }
  const shown = rows.length * columns;
  if (shown < offers.length) rows[rows.length - 1] = [span(`… ${offers.length} fields: type a letter of one`, 'dim')];
  return rows;
}

function drawDiff(editor: EditorState, width: number, height: number): Drawn {
  const keys: Line = [span('Ctrl-S', 'key'), span(' applies it   '), span('Ctrl-D', 'key'), span(' back to the text')];
  const seen = windowOf(diffRows(editor.original, textOf(editor.buffer), width), 0, Math.max(height - 2, 1));
  return drawn([...seen.lines, [], keys].slice(0, height), { scroll: seen.scroll, note: [span(refText(editor.ref), 'object'), span(' what was changed', 'warn')] });
}

/** The first row: problems under rows take room, so that the cursor may have to come up. */
function topInSight(editor: EditorState, height: number): number {
  const { row } = editor.buffer.cursor;
  let top = Math.min(editor.top, Math.max(editor.buffer.rows.length - 1, 0));
  if (row < top) top = row;
  const extra = (from: number): number => editor.problems.filter((problem) => problem.row !== null && problem.row >= from && problem.row <= row).length * problemRows;
  while (top < row && row - top + Math.min(extra(top), 2 * problemRows * (row - top + 1)) >= height) top++;
  return top;
}

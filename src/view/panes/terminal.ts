// The terminal: what was printed, wrapped, and the prompt below it.
import type { TerminalLine, TerminalState } from '../../app/state.ts';
import { promptOf } from '../../app/update-prompt.ts';
import type { Line, Role } from '../frame.ts';
import { drawn } from '../pane.ts';
import type { Pane } from '../pane.ts';
import { clean, line, span } from '../span.ts';
import { cutText, widthOf } from '../width.ts';

const roleOf: Readonly<Record<TerminalLine['kind'], Role>> = { prompt: 'strong', out: 'text', err: 'bad', note: 'dim' };

/** Rows of a text at the edge, as a terminal breaks them. */
function rowsOf(text: string, width: number): string[] {
  if (widthOf(text) <= width) return [text];
  const rows: string[] = [];
  for (let rest = text; rest !== '';) {
    const row = cutText(rest, width) || rest.slice(0, 1);
    rows.push(row);
    rest = rest.slice(row.length);
  }
  return rows;
}

/** Tabs stand at every eighth column in what tools print. */
const expandTabs = (text: string): string => {
  if (!text.includes('\t')) return text;
  let made = '';
  for (const part of text.split('\t')) made += part + ' '.repeat(8 - (widthOf(made + part) % 8));
  return made.trimEnd();
};

const shownRows = (one: TerminalLine, width: number): Line[] => rowsOf(clean(expandTabs(one.text)), width).map((text) => [{ text, role: roleOf[one.kind] }]);

/** The prompt's rows and where the cursor stands in them. */
function promptRows(prompt: string, terminal: TerminalState, history: readonly string[], width: number, focused: boolean): { readonly rows: Line[]; readonly x: number; readonly y: number } {
  const { input, search } = terminal;
  if (search !== null) {
    const found = search.found === null ? '' : (history[search.found] ?? '');
    const head = `(reverse-i-search)'${clean(search.query)}': `;
    const rows = rowsOf(head + clean(found), width);
    return { rows: rows.map((text) => line(text, 'accent')), x: Math.min(widthOf(head), width - 1), y: 0 };
  }
  const before = clean(prompt) + clean(input.text.slice(0, input.cursor));
  const whole = before + clean(input.text.slice(input.cursor));
  const rows = rowsOf(whole, width);
  const beforeRows = rowsOf(before, width);
  let y = beforeRows.length - 1;
  let x = widthOf(beforeRows[y] ?? '');
  if (x >= width) {
    x = 0;
    y += 1;
    if (rows.length <= y) rows.push('');
  }
  const lines: Line[] = rows.map((text, index) => (index === 0 ? [span(text.slice(0, prompt.length), /^\d+ /.test(prompt) ? 'bad' : 'accent'), span(text.slice(prompt.length), focused ? 'text' : 'dim')] : [span(text)]));
  return { rows: lines, x, y };
}

export const terminalPane: Pane = {
  name: 'terminal',
  title: 'Terminal',
  number: 5,
  draw: (_state, desk, { width, height }) => {
    const { terminal, session, focus } = desk;
    const prompt = promptRows(promptOf(desk), terminal, session.history, width, focus === 'terminal');
    const offers = terminal.candidates.length === 0 ? [] : candidateRows(terminal.candidates, width, Math.max(Math.min(4, height - 2), 1));
    const wanted = height + terminal.scroll;
    const rows: Line[] = [];
    let hidden = 0;
    for (let index = terminal.lines.length - 1; index >= 0; index--) {
      const one = terminal.lines[index];
      if (one === undefined) continue;
      // Only what can be seen is wrapped: a long history costs nothing.
      if (rows.length >= wanted) {
        hidden = index + 1;
        break;
      }
      rows.unshift(...shownRows(one, width));
    }
    const tail = [...prompt.rows, ...offers];
    const all = [...rows, ...tail];
    const scroll = Math.min(terminal.scroll, Math.max(all.length - height, 0));
    const first = Math.max(all.length - height - scroll, 0);
    const y = rows.length + prompt.y - first;
    const above = first + hidden;
    return drawn(all.slice(first, first + height), {
      scroll: above === 0 && scroll === 0 ? null : { above, below: scroll },
      cursor: y >= 0 && y < height ? { x: prompt.x, y } : null,
    });
  },
};

function candidateRows(candidates: readonly string[], width: number, most: number): Line[] {
  const cell = Math.min(Math.max(...candidates.map((one) => widthOf(clean(one)))) + 2, width);
  const columns = Math.max(Math.floor(width / cell), 1);
  const rows: Line[] = [];
  for (let index = 0; index < candidates.length && rows.length < most; index += columns) {
    rows.push(candidates.slice(index, index + columns).map((one) => span(clean(one).padEnd(cell), 'dim')));
  }
  const shown = rows.length * columns;
  if (shown < candidates.length) rows[rows.length - 1] = line(`… ${candidates.length} possibilities`, 'dim');
  return rows;
}

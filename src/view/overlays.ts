// What lies over the panes as boxes: help, palette, objects, the command line, a question, a list of problems.
import { objectText } from '../app/questions.ts';
import type { LineInput, Overlay, State } from '../app/state.ts';
import type { Problem } from '../sim/model/problem.ts';
import type { Box, Line } from './frame.ts';
import { keyTable } from './key-table.ts';
import { placesUnder } from './keys.ts';
import { commandOffers, overlayItems } from './overlay-items.ts';
import type { OverlayItem } from './overlay-items.ts';
import { topFor, windowOf } from './pane.ts';
import type { ClickTarget } from './pane.ts';
import { clean, cutLine, line, span, spread, wrapLine } from './span.ts';
import { fitText, widthOf } from './width.ts';

export interface DrawnOverlay {
  readonly boxes: readonly Box[];
  readonly cursor: { readonly x: number; readonly y: number } | null;
  /** In the last box, inside its border. */
  readonly targets: readonly ClickTarget[];
}

const titles = { help: 'Help: type to search, Enter executes', palette: 'Palette', objects: 'Edit which object? Type to filter', plugins: 'Which CNI plugin, or which kube-proxy? Type to filter', lessons: 'Lessons: type to filter, Enter opens' } as const;

export function drawOverlay(state: State, overlay: Overlay): DrawnOverlay {
  switch (overlay.kind) {
    case 'command': return drawCommand(state, overlay);
    case 'find': return drawFind(state, overlay.input);
    case 'confirm': return drawSmall(state, 'Sure?', confirmLines(state, overlay.about));
    case 'problems': return drawSmall(state, overlay.title, problemLines(overlay.problems));
    default: return drawList(state, overlay);
  }
}

function drawList(state: State, overlay: Extract<Overlay, { readonly query: string }>): DrawnOverlay {
  const { columns, rows } = state.size;
  const width = Math.min(columns - 4, 110);
  // As high as the whole list, so that it stands still while it is filtered.
  const height = Math.max(Math.min(rows - 4, 36, overlayItems(state, { ...overlay, query: '' }, keyTable, placesUnder(state)).length + 4), 8);
  const items = overlayItems(state, overlay, keyTable, placesUnder(state));
  const inner = width - 2;
  const room = height - 4;
  const index = Math.min(overlay.index, Math.max(items.length - 1, 0));
  const left = Math.min(Math.max(...items.map((item) => widthOf(item.left)), 8), Math.floor(inner / (overlay.kind === 'objects' ? 1.1 : 2.4)));
  const lines = items.map((item, at) => itemLine(item, at === index, left, inner));
  const seen = windowOf(lines, topFor(index, index + 1, lines.length, room), room);
  const query: Line = [span('/ ', 'accent'), span(overlay.query)];
  const count = items.length === 0 ? 'nothing' : `${items.length}`;
  const x = Math.floor((columns - width) / 2);
  const y = Math.max(Math.floor((rows - height) / 2), 1);
  const targets = seen.lines.flatMap((_, row): ClickTarget[] => {
    const item = items[seen.top + row];
    return item?.message == null || item.why !== null ? [] : [{ row: row + 2, rows: 1, from: 0, to: inner, message: { kind: 'overlay-chosen', message: item.message } }];
  });
  return {
    boxes: [{ id: 'overlay', x, y, width, height, border: true, focused: true, title: [span(titles[overlay.kind], 'title')], lines: [spread(query, [span(`${count} `, 'dim')], inner), [span('─'.repeat(inner), 'dim')], ...seen.lines], figure: null, scroll: seen.scroll }],
    cursor: { x: x + 1 + Math.min(2 + widthOf(clean(overlay.query)), inner - 1), y: y + 1 }, targets,
  };
}

function itemLine(item: OverlayItem, chosen: boolean, left: number, width: number): Line {
  const able = item.message !== null && item.why === null;
  const why = item.why === null ? [] : [span(` ${item.why}`, 'warn')];
  return cutLine([span(chosen ? '▸ ' : '  ', 'accent'), span(fitText(clean(item.left), left), able ? 'key' : 'dim'), span('  '), span(item.right, chosen ? 'selected' : able ? 'text' : 'dim'), ...why], width);
}

function drawCommand(state: State, overlay: Extract<Overlay, { readonly kind: 'command' }>): DrawnOverlay {
  const { columns, rows } = state.size;
  const { input } = overlay;
  const offers = commandOffers(state, input.text).slice(0, Math.max(Math.min(rows - 6, 12), 0));
  const list: Box[] = offers.length === 0 ? [] : [{
    id: 'overlay', x: 0, y: rows - 1 - offers.length - 2, width: columns, height: offers.length + 2, border: true, focused: false, title: [span('Commands', 'title')], figure: null, scroll: null,
    lines: offers.map((offer, index) => cutLine([span(index === overlay.index ? '▸ ' : '  ', 'accent'), span(fitText(offer.text, 30), index === overlay.index ? 'selected' : 'key'), span(` ${offer.says}`, 'dim')], columns - 2)),
  }];
  const before = widthOf(clean(input.text.slice(0, input.cursor)));
  const shift = Math.max(before + 2 - columns, 0);
  return {
    boxes: [...list, { id: 'command', x: 0, y: rows - 1, width: columns, height: 1, border: false, focused: true, title: [], lines: [cutLine([span(':', 'accent'), span(input.text.slice(shift))], columns)], figure: null, scroll: null }],
    cursor: { x: Math.min(1 + before - shift, columns - 1), y: rows - 1 }, targets: [],
  };
}

/** The line that the editor searches for, in the place of the footer. */
function drawFind(state: State, input: LineInput): DrawnOverlay {
  const { columns, rows } = state.size;
  const before = widthOf(clean(input.text.slice(0, input.cursor)));
  const hints: Line = [span('Enter', 'key'), span(' next   '), span('Esc', 'key'), span(' back to the text ')];
  return {
    boxes: [{ id: 'command', x: 0, y: rows - 1, width: columns, height: 1, border: false, focused: true, title: [], lines: [spread([span('find ', 'accent'), span(input.text)], hints, columns)], figure: null, scroll: null }],
    cursor: { x: Math.min(5 + before, columns - 1), y: rows - 1 }, targets: [],
  };
}

function confirmLines(state: State, about: 'reset' | 'leave-editor' | 'quit'): readonly Line[] {
  const { editor } = state.desk ?? { editor: null };
  const object = editor === null ? '' : objectText(editor.ref);
  const says = about === 'reset' ? 'Every change to the cluster is taken back. z brings them again.'
    : about === 'leave-editor' ? `What you typed in ${object} is not saved. Leave the editor?`
    : `What you typed in ${object} is not saved. Leave the lab?`;
  return [line(says), [], [span('y', 'key'), span(' yes   '), span('n', 'key'), span(' no')]];
}

const problemLines = (problems: readonly Problem[]): readonly Line[] => [
  ...problems.slice(0, 12).flatMap((problem): Line[] => {
    const where = problem.where === null ? '' : `${problem.where.file}${problem.where.line === null ? '' : `:${problem.where.line}`}${problem.where.column === null ? '' : `:${problem.where.column}`} `;
    return [[span(where, 'object'), span(problem.says)], ...(problem.help === null ? [] : [[span(`  ${problem.help}`, 'dim')]])];
  }),
  ...(problems.length > 12 ? [line(`… and ${problems.length - 12} more`, 'dim')] : []), [], [span('Enter', 'key'), span(' closes')],
];

function drawSmall(state: State, title: string, lines: readonly Line[]): DrawnOverlay {
  const { columns, rows } = state.size;
  const width = Math.min(columns - 4, 76);
  const wrapped = lines.flatMap((one) => wrapLine([span(' '), ...one], width - 2, ' '));
  const height = Math.min(wrapped.length + 2, rows - 2);
  return {
    boxes: [{ id: 'overlay', x: Math.floor((columns - width) / 2), y: Math.max(Math.floor((rows - height) / 2), 0), width, height, border: true, focused: true, title: [span(title, 'title')], lines: wrapped.slice(0, height - 2), figure: null, scroll: null }],
    cursor: null, targets: [],
  };
}

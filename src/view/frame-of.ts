// The whole screen as data: a state in, a frame out. Nothing here asks the simulation anything.
import type { Desk, State } from '../app/state.ts';
import { footerLine, intentLine, titleLine, tooSmall } from './bars.ts';
import type { Box, Frame, Line } from './frame.ts';
import { innerOf, layoutOf, marginOf, smallest } from './layout.ts';
import type { Layout, Place } from './layout.ts';
import { drawMap } from './map-list.ts';
import { drawOverlay } from './overlays.ts';
import { paneNamed, panes } from './panes/list.ts';
import type { Drawn } from './pane.ts';
import { cutLine, lineWidth, span } from './span.ts';
import { asciiText } from './words.ts';

export function frameOf(state: State): Frame {
  const { columns, rows } = state.size;
  const layout = layoutOf(state);
  if (layout.kind === 'tiny') return { columns, rows, boxes: [bare('small', 0, 0, columns, rows, tooSmall(columns, rows, smallest))], cursor: null };
  const body = state.desk === null ? mapBody(state) : deskBody(state, state.desk, layout);
  const over = state.overlay === null ? null : drawOverlay(state, state.overlay);
  const boxes = [bare('title', 0, 0, columns, 1, [titleLine(state)]), ...body.boxes, bare('footer', 0, rows - 1, columns, 1, [footerLine(state)]), ...(over?.boxes ?? [])];
  return { columns, rows, boxes: state.options.ascii ? boxes.map(asciiBox) : boxes, cursor: over === null ? body.cursor : over.cursor };
}

interface Body {
  readonly boxes: readonly Box[];
  readonly cursor: Frame['cursor'];
}

const bare = (id: string, x: number, y: number, width: number, height: number, lines: readonly Line[]): Box =>
  ({ id, x, y, width, height, border: false, focused: false, title: [], lines, figure: null, scroll: null });

function mapBody(state: State): Body {
  const { columns, rows } = state.size;
  const height = rows - 2;
  const map = drawMap(state, columns - 2, height - 2);
  return { boxes: [{ id: 'map', x: 0, y: 1, width: columns, height, border: true, focused: true, title: [span('Course', 'title')], lines: map.lines, figure: null, scroll: map.scroll }], cursor: null };
}

function deskBody(state: State, desk: Desk, layout: Layout): Body {
  const boxes: Box[] = [];
  let cursor: Frame['cursor'] = null;
  for (const place of layout.places) {
    const inner = innerOf(place);
    const drawing = paneNamed(place.pane).draw(state, desk, { width: inner.width, height: inner.height });
    const focused = desk.focus === place.pane;
    if (focused && drawing.cursor !== null) cursor = { x: inner.x + drawing.cursor.x, y: inner.y + drawing.cursor.y };
    boxes.push(place.border ? bordered(state, desk, layout, place, drawing, focused) : ruled(place, drawing, focused));
    if (drawing.figure !== null) boxes.push({ ...bare('figure', inner.x, inner.y + drawing.figure.row, inner.width, drawing.figure.rows, []), figure: drawing.figure.figure });
  }
  if (layout.intentRow !== null) boxes.push(bare('intent', 0, layout.intentRow, layout.body.width, 1, [intentLine(state, desk)]));
  return { boxes, cursor };
}

function bordered(state: State, desk: Desk, layout: Layout, place: Place, drawing: Drawn, focused: boolean): Box {
  const { width } = innerOf(place);
  // The last guard: no line leaves its box, whatever a pane did.
  const lines = drawing.lines.slice(0, innerOf(place).height).map((one): Line => (marginOf(place) === 0 ? cutLine(one, width) : [span(' '), ...cutLine(one, width)]));
  return { id: boxId(place), x: place.x, y: place.y, width: place.width, height: place.height, border: true, focused, title: paneTitle(state, desk, layout, place, drawing.note, focused), lines, figure: null, scroll: drawing.scroll };
}

/** Panes that take each other's place share a box, so that the terminal keeps one widget for them. */
const boxId = (place: Place): string => (place.pane === 'story' || place.pane === 'intents' || place.pane === 'terminal' ? place.pane : 'diagram');

/** Number and name; beside a diagram the names of those that can take its place. */
function paneTitle(_state: State, desk: Desk, layout: Layout, place: Place, note: Line, focused: boolean): Line {
  const { number, title } = paneNamed(place.pane);
  const shown = new Set(layout.places.map(({ pane }) => pane));
  const others = place.pane === 'terminal' || layout.kind === 'full' || ((place.pane === 'story' || place.pane === 'intents') && layout.kind !== 'narrow')
    ? [] : panes.filter(({ name }) => !shown.has(name) && (name !== 'editor' || desk.editor !== null));
  const full: Line = others.length === 0 ? [] : [span(` · ${others.map((pane) => `${pane.number} ${pane.title}`).join(' · ')}`, 'dim')];
  const short: Line = others.length === 0 ? [] : [span(` · ${others.map((pane) => `${pane.number} ${shortTitle(pane.title)}`).join(' ')}`, 'dim')];
  const noted: Line = note.length === 0 ? [] : [span(' ── ', 'border'), ...note];
  const name = span(`${number} ${title}`, focused ? 'accent' : 'title');
  // What is edited is known from the title alone; what a diagram shows can be read in it.
  const joined = (tabs: Line, kept: Line): Line => (place.pane === 'editor' ? [name, ...kept, ...tabs] : [name, ...tabs, ...kept]);
  const fits = (spans: Line): boolean => lineWidth(spans) <= place.width - 4;
  // What does not fit is left out in whole pieces: names of other panes get short, then the note gives way from its end.
  const numbers: Line = others.length === 0 ? [] : [span(` · ${others.map((pane) => String(pane.number)).join(' ')}`, 'dim')];
  const whole = [full, short, numbers].find((tabs) => fits(joined(tabs, noted)));
  if (whole !== undefined) return joined(whole, noted);
  let kept = noted;
  while (kept.length > 2 && !fits(joined(numbers, kept))) kept = kept.slice(0, -1);
  return fits(joined(numbers, kept)) ? joined(numbers, kept) : joined(short, []);
}

const shortTitle = (title: string): string => (title === 'Service' ? 'Svc' : title.slice(0, 3));

/** Without a border: a rule with the title on top. */
function ruled(place: Place, drawing: Drawn, focused: boolean): Box {
  const { number, title } = paneNamed(place.pane);
  const name = ` ${number} ${title} `;
  const rule: Line = [span('──', focused ? 'border-focus' : 'border'), span(name, focused ? 'accent' : 'title'), span('─'.repeat(Math.max(place.width - 2 - name.length, 0)), focused ? 'border-focus' : 'border')];
  return { ...bare(place.pane, place.x, place.y, place.width, place.height, [rule, ...drawing.lines]), focused };
}

const asciiLine = (spans: Line): Line => spans.map(({ text, role }) => ({ text: asciiText(text), role }));
const asciiBox = (box: Box): Box => ({ ...box, title: asciiLine(box.title), lines: box.lines.map(asciiLine) });

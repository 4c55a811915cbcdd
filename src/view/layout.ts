// Where everything stands at a size: wide, medium and narrow are the same panes in other places.
import { isDiagram } from '../app/focus.ts';
import type { Desk, PaneName, State } from '../app/state.ts';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Place extends Rect {
  readonly pane: PaneName;
  readonly border: boolean;
}

export interface Layout {
  readonly kind: 'tiny' | 'map' | 'wide' | 'medium' | 'narrow' | 'full';
  readonly places: readonly Place[];
  /** Between title line and footer. */
  readonly body: Rect;
  /** The row of the one-line intent; `null` where the intents have a pane. */
  readonly intentRow: number | null;
}

export const smallest = { columns: 60, rows: 18 };

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

export function layoutOf(state: State): Layout {
  const { columns, rows } = state.size;
  const body: Rect = { x: 0, y: 1, width: columns, height: Math.max(rows - 2, 0) };
  const none = { places: [], body, intentRow: null };
  if (columns < smallest.columns || rows < smallest.rows) return { kind: 'tiny', ...none };
  const { desk } = state;
  if (desk === null) return { kind: 'map', ...none };
  if (desk.full) return { kind: 'full', places: [{ pane: desk.focus, border: true, ...body }], body, intentRow: null };
  return columns >= 120 ? wide(desk, body) : columns >= 84 ? medium(desk, body) : narrow(desk, body);
}

/** The diagram, or the editor while it is open and no diagram has the focus. */
const rightPane = (desk: Desk): PaneName => (desk.editor !== null && !isDiagram(desk.focus) ? 'editor' : desk.diagram);

function wide(desk: Desk, body: Rect): Layout {
  const bottom = clamp(Math.floor(body.height * 0.3), 7, 18);
  const top = body.height - bottom;
  const left = clamp(Math.floor(body.width * 0.36), 44, 64);
  const story = Math.ceil(top * 0.62);
  return {
    kind: 'wide', body, intentRow: null,
    places: [
      { pane: 'story', border: true, x: 0, y: body.y, width: left, height: story },
      { pane: 'intents', border: true, x: 0, y: body.y + story, width: left, height: top - story },
      { pane: rightPane(desk), border: true, x: left, y: body.y, width: body.width - left, height: top },
      { pane: 'terminal', border: true, x: 0, y: body.y + top, width: body.width, height: bottom },
    ],
  };
}

function medium(desk: Desk, body: Rect): Layout {
  const left = clamp(Math.floor(body.width * 0.41), 34, 46);
  const story = Math.ceil(body.height * 0.6);
  const top = Math.ceil(body.height * 0.62);
  return {
    kind: 'medium', body, intentRow: null,
    places: [
      { pane: 'story', border: true, x: 0, y: body.y, width: left, height: story },
      { pane: 'intents', border: true, x: 0, y: body.y + story, width: left, height: body.height - story },
      { pane: rightPane(desk), border: true, x: left, y: body.y, width: body.width - left, height: top },
      { pane: 'terminal', border: true, x: left, y: body.y + top, width: body.width - left, height: body.height - top },
    ],
  };
}

/** One pane at a time over the terminal; the failing intent in one line between them. */
function narrow(desk: Desk, body: Rect): Layout {
  const terminal = Math.max(7, Math.floor(body.height * 0.3));
  const top = body.height - terminal - 1;
  const upper = desk.focus === 'terminal' ? (desk.editor !== null ? 'editor' : desk.lastFocus === 'terminal' ? desk.diagram : desk.lastFocus) : desk.focus;
  return {
    kind: 'narrow', body, intentRow: body.y + top,
    places: [
      { pane: upper, border: true, x: 0, y: body.y, width: body.width, height: top },
      { pane: 'terminal', border: false, x: 0, y: body.y + top + 1, width: body.width, height: terminal },
    ],
  };
}

/** Text to read stands one column off the border. */
export const marginOf = (place: Place): number => (place.border && (place.pane === 'story' || place.pane === 'intents' || place.pane === 'policy') ? 1 : 0);

/** What is inside the border. */
export const innerOf = (place: Place): Rect =>
  place.border ? { x: place.x + 1 + marginOf(place), y: place.y + 1, width: Math.max(place.width - 2 - 2 * marginOf(place), 0), height: Math.max(place.height - 2, 0) } : { x: place.x, y: place.y + 1, width: place.width, height: Math.max(place.height - 1, 0) };

/** The inside of a pane as it stands on the screen now; a page where it is not shown. */
export function innerSize(state: State, pane: PaneName): { readonly width: number; readonly height: number } {
  const place = layoutOf(state).places.find((one) => one.pane === pane);
  if (place === undefined) return { width: Math.max(state.size.columns - 2, 1), height: Math.max(state.size.rows - 4, 1) };
  const inner = innerOf(place);
  return { width: inner.width, height: inner.height };
}

// The mouse: a click gives the focus and chooses what lies under it, the wheel scrolls. Never needed.
import type { Message } from '../app/message.ts';
import type { State } from '../app/state.ts';
import type { Rect } from './layout.ts';
import { innerOf, layoutOf } from './layout.ts';
import { messageForKey } from './keys.ts';
import { drawMap } from './map-list.ts';
import { drawOverlay } from './overlays.ts';
import { paneNamed } from './panes/list.ts';
import type { ClickTarget } from './pane.ts';

export interface Mouse {
  readonly action: 'down' | 'up' | 'wheel-up' | 'wheel-down';
  /** Cells from 0. */
  readonly x: number;
  readonly y: number;
}

const holds = (rect: Rect, { x, y }: Mouse): boolean => x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;

function hit(targets: readonly ClickTarget[], inner: { readonly x: number; readonly y: number }, { x, y }: Mouse): Message | null {
  const [column, row] = [x - inner.x, y - inner.y];
  return targets.find((target) => row >= target.row && row < target.row + target.rows && column >= target.from && column < target.to)?.message ?? null;
}

export function messageForMouse(state: State, mouse: Mouse): Message | null {
  if (mouse.action === 'up') return null;
  const wheel = mouse.action === 'wheel-up' ? 'up' : mouse.action === 'wheel-down' ? 'down' : null;
  const layout = layoutOf(state);
  if (layout.kind === 'tiny') return null;
  if (state.overlay !== null) return wheel === null ? clickOverlay(state, mouse) : messageForKey(state, { name: wheel, text: null });
  if (state.desk === null) {
    if (wheel !== null) return messageForKey(state, { name: wheel, text: null });
    const { columns, rows } = state.size;
    return hit(drawMap(state, columns - 2, rows - 4).targets, { x: 1, y: 2 }, mouse);
  }
  const place = layout.places.find((one) => holds(one, mouse));
  if (place === undefined) return null;
  const { desk } = state;
  const inner = innerOf(place);
  if (wheel !== null) {
    // The wheel scrolls what lies under it, wherever the focus is.
    const there: State = { ...state, desk: { ...desk, focus: place.pane } };
    return messageForKey(there, { name: place.pane === 'terminal' ? (wheel === 'up' ? 'pageup' : 'pagedown') : wheel, text: null });
  }
  const drawing = paneNamed(place.pane).draw(state, desk, { width: inner.width, height: inner.height });
  const target = hit(drawing.targets, inner, mouse);
  return { kind: 'clicked', pane: place.pane, message: target?.kind === 'editor-edited' ? atColumn(state, target, mouse.x - inner.x) : target };
}

/** The editor's target names the row; the column is where the mouse stands behind the line numbers. */
function atColumn(state: State, message: Extract<Message, { readonly kind: 'editor-edited' }>, x: number): Message {
  const rows = state.desk?.editor?.buffer.rows.length ?? 0;
  const gutter = String(rows).length + 2;
  return message.edit.kind === 'place' ? { ...message, edit: { ...message.edit, column: Math.max(x - gutter, 0) } } : message;
}

function clickOverlay(state: State, mouse: Mouse): Message | null {
  if (state.overlay === null) return null;
  const over = drawOverlay(state, state.overlay);
  const box = over.boxes[over.boxes.length - 1];
  if (box === undefined) return null;
  if (!holds(box, mouse)) return state.overlay.kind === 'confirm' ? null : { kind: 'overlay-closed' };
  return hit(over.targets, { x: box.x + 1, y: box.y + 1 }, mouse);
}

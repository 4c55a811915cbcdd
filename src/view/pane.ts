// What every pane gives: lines cut to its size, what a click on them means, and where the cursor stands.
import type { Desk, PaneName, State } from '../app/state.ts';
import type { Message } from '../app/message.ts';
import type { Figure, Line } from './frame.ts';

export interface PaneSize {
  readonly width: number;
  readonly height: number;
}

/** A part of the pane that can be clicked: whole rows, or some columns of one. From 0, inside the border. */
export interface ClickTarget {
  readonly row: number;
  readonly rows: number;
  readonly from: number;
  readonly to: number;
  readonly message: Message;
}

export interface Drawn {
  /** No more than the height. */
  readonly lines: readonly Line[];
  readonly scroll: { readonly above: number; readonly below: number } | null;
  readonly cursor: { readonly x: number; readonly y: number } | null;
  readonly targets: readonly ClickTarget[];
  /** Stands behind the title in the border. */
  readonly note: Line;
  /** Numbers as a widget over some rows of the pane; the lines below it are empty. */
  readonly figure: { readonly figure: Figure; readonly row: number; readonly rows: number } | null;
}

export interface Pane {
  readonly name: PaneName;
  readonly title: string;
  readonly number: number;
  readonly draw: (state: State, desk: Desk, size: PaneSize) => Drawn;
}

export const drawn = (lines: readonly Line[], more: Partial<Drawn> = {}): Drawn => ({ lines, scroll: null, cursor: null, targets: [], note: [], figure: null, ...more });

/** The visible part of a list of lines from `top` on, kept inside; the message scrolls it there. */
export function windowOf(lines: readonly Line[], top: number, height: number): { readonly lines: readonly Line[]; readonly top: number; readonly scroll: Drawn['scroll'] } {
  const first = Math.min(Math.max(top, 0), Math.max(lines.length - height, 0));
  const below = Math.max(lines.length - first - height, 0);
  return { lines: lines.slice(first, first + height), top: first, scroll: first === 0 && below === 0 ? null : { above: first, below } };
}

/** Where a window must start so that the rows `from` to `to` are in sight, with as little movement as a fresh look allows. */
export const topFor = (from: number, to: number, total: number, height: number): number =>
  total <= height ? 0 : Math.max(Math.min(from - Math.floor((height - (to - from)) / 2), total - height), 0);

/** A target for whole rows. */
export const rowTarget = (row: number, rows: number, width: number, message: Message): ClickTarget => ({ row, rows, from: 0, to: width, message });

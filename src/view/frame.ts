// A frame is data: boxes of styled lines and figures, with a role for each style that the theme turns into colours.

/** What a piece of text is, never how it looks; themes give each a colour and an attribute. */
export type Role =
  | 'text' | 'dim' | 'strong' | 'accent' | 'good' | 'bad' | 'warn' | 'title' | 'border' | 'border-focus' | 'heading' | 'code' | 'link'
  | 'key' | 'selected' | 'cursor' | 'selection' | 'object' | 'number' | 'comment' | 'string' | 'bar';

export interface Span {
  readonly text: string;
  readonly role: Role;
}

export type Line = readonly Span[];

/** Numbers to be drawn by a widget, or written as text by `plain`. */
export type Figure =
  | { readonly kind: 'chart'; readonly title: string; readonly x: readonly string[]; readonly series: readonly { readonly name: string; readonly y: readonly number[] }[] }
  | { readonly kind: 'gauge'; readonly percent: number; readonly label: string }
  | { readonly kind: 'tree'; readonly root: FigureTree }
  | { readonly kind: 'table'; readonly headers: readonly string[]; readonly rows: readonly (readonly string[])[] };

export interface FigureTree {
  readonly name: string;
  readonly children: readonly FigureTree[];
}

/** One box on the screen; `lines` are those that are visible, already cut to the inner size. */
export interface Box {
  /** Stays the same from frame to frame: the terminal keeps one widget for it. */
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** A bordered box has its title in the border; the inner size is two less each way. */
  readonly border: boolean;
  readonly focused: boolean;
  readonly title: Line;
  readonly lines: readonly Line[];
  readonly figure: Figure | null;
  /** Part of the text that lies outside: for a scroll mark on the right border. */
  readonly scroll: { readonly above: number; readonly below: number } | null;
}

export interface Frame {
  readonly columns: number;
  readonly rows: number;
  /** Painted in order: a later box covers an earlier one. */
  readonly boxes: readonly Box[];
  /** Where the terminal's own cursor stands, from 0; `null` hides it. */
  readonly cursor: { readonly x: number; readonly y: number } | null;
}

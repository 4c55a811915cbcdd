// A frame onto the screen: one blessed box for each box of the frame, made once and kept, and written to only where it changed.
import blessed from 'blessed';
import type { Widgets } from 'blessed';
import type { Box, Figure, Frame } from '../view/frame.ts';
import type { BlessedScreen } from './blessed-screen.ts';
import type { PaintOptions } from './paint.ts';
import { paintBox } from './paint.ts';

/** Draws a figure inside a box; loaded only when the first figure is shown. */
export type FigurePainter = (screen: BlessedScreen, box: Box, figure: Figure) => Widgets.BlessedElement;

interface Kept {
  readonly element: Widgets.BoxElement;
  figure: Widgets.BlessedElement | undefined;
  drawn: Box | undefined;
  /** What stands in the element, to leave it alone where nothing changed. */
  painted: string;
}

export interface Painter {
  draw(frame: Frame): void;
  /** New colours: everything is painted again with the next frame. */
  repaint(options: PaintOptions): void;
}

const samePlace = (left: Box, right: Box): boolean => left.x === right.x && left.y === right.y && left.width === right.width && left.height === right.height;

export function painterFor(screen: BlessedScreen, first: PaintOptions, loadFigures: () => Promise<FigurePainter>): Painter {
  const kept = new Map<string, Kept>();
  let options = first;
  let order = '';
  let figures: FigurePainter | undefined;
  let last: Frame | undefined;

  const keep = (id: string): Kept => {
    const known = kept.get(id);
    if (known !== undefined) return known;
    const element = blessed.box({ parent: screen, tags: false, wrap: false, top: 0, left: 0, width: 1, height: 1, hidden: true });
    const made: Kept = { element, figure: undefined, drawn: undefined, painted: '' };
    kept.set(id, made);
    return made;
  };

  const drawFigure = (entry: Kept, box: Box): void => {
    entry.figure?.destroy();
    entry.figure = undefined;
    if (box.figure === null) return;
    if (figures !== undefined) {
      entry.figure = figures(screen, box, box.figure);
      // A fresh widget stands before everything: what lies over it comes to the front again.
      order = '';
      return;
    }
    void loadFigures().then((loaded) => {
      figures = loaded;
      const again = last;
      for (const other of kept.values()) if (other.drawn?.figure != null) other.drawn = undefined;
      if (again !== undefined) draw(again);
    });
  };

  const draw = (frame: Frame): void => {
    last = frame;
    const shown = new Set<string>();
    for (const box of frame.boxes) {
      shown.add(box.id);
      const entry = keep(box.id);
      if (entry.drawn === box) continue;
      const { element } = entry;
      const moved = entry.drawn === undefined || !samePlace(box, entry.drawn);
      if (moved) {
        element.left = box.x;
        element.top = box.y;
        element.width = box.width;
        element.height = box.height;
        element.show();
      }
      const painted = paintBox(box, options);
      // blessed reads a content sign by sign: most boxes say what they said.
      if (moved || painted !== entry.painted) element.setContent(painted);
      entry.painted = painted;
      if (entry.drawn === undefined || box.figure !== entry.drawn.figure || (box.figure !== null && !samePlace(box, entry.drawn))) drawFigure(entry, box);
      entry.drawn = box;
    }
    for (const [id, entry] of kept) {
      if (shown.has(id) || entry.drawn === undefined) continue;
      entry.element.hide();
      entry.figure?.destroy();
      entry.figure = undefined;
      entry.drawn = undefined;
    }
    const now = frame.boxes.map((box) => box.id).join('\n');
    if (now !== order) {
      for (const box of frame.boxes) {
        kept.get(box.id)?.element.setFront();
        kept.get(box.id)?.figure?.setFront();
      }
      order = now;
    }
    screen.render();
    if (frame.cursor === null) screen.program.hideCursor();
    else {
      screen.program.cup(frame.cursor.y, frame.cursor.x);
      screen.program.showCursor();
    }
    screen.program.flush();
  };

  return {
    draw,
    repaint(next) {
      options = next;
      for (const entry of kept.values()) entry.drawn = undefined;
    },
  };
}

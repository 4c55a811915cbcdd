// The terminal as the rest sees it: frames go in, keys, mouse, paste and sizes come out.
import type { Frame } from '../view/frame.ts';
import { openBlessed } from './blessed-screen.ts';
import { painterFor } from './draw.ts';
import { guardTerminal } from './guard.ts';
import type { InputStream } from './input.ts';
import { splitInput } from './input.ts';
import type { PaintOptions } from './paint.ts';

/** `name` as blessed spells keys: `up`, `S-tab`, `C-c`, `M-1`, `escape`, `enter`; `text` when the key types something. */
export interface TypedKey {
  readonly name: string;
  readonly text: string | null;
}

export interface MouseEvent {
  readonly action: 'down' | 'up' | 'wheel-up' | 'wheel-down';
  /** Cells from 0. */
  readonly x: number;
  readonly y: number;
}

export interface ScreenEvents {
  readonly key: (key: TypedKey) => void;
  readonly mouse: (event: MouseEvent) => void;
  readonly paste: (text: string) => void;
  readonly resize: (columns: number, rows: number) => void;
  /** After Ctrl-Z and back, or after another program had the terminal: draw again. */
  readonly resumed: () => void;
  /** A signal or a defect ends the program: print what happened, give the exit status. */
  readonly ended: (why: { readonly signal: string; readonly status: number } | { readonly thrown: unknown }) => number;
}

export interface OpenScreen {
  draw(frame: Frame): void;
  repaint(options: PaintOptions): void;
  size(): { readonly columns: number; readonly rows: number };
  suspend(): void;
  lend(run: () => Promise<void>): Promise<void>;
  close(): void;
}

export interface ScreenSetup extends PaintOptions {
  readonly input: InputStream;
  readonly output: NodeJS.WriteStream;
  readonly terminfo: string;
  readonly term: string;
  readonly platform: NodeJS.Platform;
}

interface BlessedKey {
  readonly full?: string;
  readonly name?: string;
}

const mouseActions: Readonly<Record<string, MouseEvent['action']>> = { mousedown: 'down', mouseup: 'up', wheelup: 'wheel-up', wheeldown: 'wheel-down' };

export function openScreen(setup: ScreenSetup, events: ScreenEvents): OpenScreen {
  const { input, close: closeInput } = splitInput(setup.input, (text) => events.paste(text));
  const screen = openBlessed({ input, output: setup.output, terminfo: setup.terminfo, term: setup.term, platform: setup.platform });
  const painter = painterFor(screen, setup, async () => (await import('./figures.ts')).paintFigure);
  const guard = guardTerminal(screen, setup.output, events.resumed, events.ended);

  screen.on('keypress', (character: string | undefined, key: BlessedKey) => {
    const name = key.full ?? key.name ?? character ?? '';
    // blessed tells of Enter twice, as `enter` and as `return`.
    if (name === 'return' || name === '') return;
    const typed = character !== undefined && !/^[\u0000-\u001f\u007f]/.test(character) && !name.startsWith('M-') && !name.startsWith('C-');
    events.key({ name: character === ' ' ? 'space' : name, text: typed ? character : null });
  });
  screen.on('mouse', (event: { readonly action: string; readonly x: number; readonly y: number }) => {
    const action = mouseActions[event.action];
    if (action !== undefined) events.mouse({ action, x: event.x, y: event.y });
  });
  screen.on('resize', () => events.resize(Number(screen.width), Number(screen.height)));
  screen.program.enableMouse();

  return {
    draw: painter.draw,
    repaint: painter.repaint,
    size: () => ({ columns: Number(screen.width), rows: Number(screen.height) }),
    suspend: guard.suspend,
    lend: guard.lend,
    close() {
      guard.close();
      closeInput();
      setup.input.pause();
    },
  };
}

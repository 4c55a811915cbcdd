// blessed, started so that it is right on every terminal: our own terminfo, real box characters, mouse as SGR, one render a tick.
import blessed from 'blessed';
import type { Widgets } from 'blessed';
import type { SplitInput } from './input.ts';

/** What blessed has and its types leave out. */
export interface BlessedProgram extends Widgets.BlessedElement {
  flush(): void;
  enableMouse(): void;
  showCursor(): void;
  hideCursor(): void;
  cup(row: number, column: number): void;
  readonly input: SplitInput;
}

export type BlessedScreen = Widgets.Screen & {
  readonly program: BlessedProgram;
  enter(): void;
  leave(): void;
  alloc(dirty?: boolean): void;
};

interface TputConstructor {
  readonly prototype: { _prefix(term?: string): string };
}

export interface ScreenOptions {
  readonly input: SplitInput;
  readonly output: NodeJS.WriteStream;
  /** The folder of our own terminfo files, absolute. */
  readonly terminfo: string;
  /** The value of TERM. */
  readonly term: string;
  readonly platform: NodeJS.Platform;
}

/** The terminfo file for a TERM: every modern terminal speaks xterm's 256 colours; the Linux console and Windows have their own. */
export function terminfoFor(term: string, platform: NodeJS.Platform): string {
  if (platform === 'win32') return 'windows-ansi';
  if (term === 'linux' || term.startsWith('linux-')) return 'linux';
  return 'xterm-256color';
}

export function openBlessed(options: ScreenOptions): BlessedScreen {
  const kind = terminfoFor(options.term, options.platform);
  // blessed cannot read the 32-bit terminfo of ncurses 6.1 and later and then falls to eight colours: it never looks at the system's.
  const tput = (blessed as unknown as { readonly Tput: TputConstructor }).Tput;
  tput.prototype._prefix = (term?: string): string => (term !== undefined && term.includes('/') ? term : `${options.terminfo}/${kind}`);
  process.env['NCURSES_NO_UTF8_ACS'] ??= '1';
  process.env['BLESSED_FORCE_MODES'] ??= 'VT200MOUSE=1,SGRMOUSE=1,CELLMOTION=1';
  const given = {
    smartCSR: true, fullUnicode: true, forceUnicode: true, autoPadding: false, terminal: kind, resizeTimeout: 30, title: 'k8snet-lab',
    input: options.input, output: options.output,
  };
  return blessed.screen(given) as unknown as BlessedScreen;
}

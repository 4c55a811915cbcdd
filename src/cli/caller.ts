// Who called the program: where from, with which environment, and where answers go.

export interface Caller {
  /** The folder of the package: it holds `lessons/` and `assets/`. */
  readonly home: string;
  readonly version: string;
  /** The program's own file, for commands that share their work with threads; absent: they do it alone. */
  readonly program?: string;
  /** What relative paths start from. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly stdin: () => NodeJS.ReadableStream & AsyncIterable<Uint8Array | string>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Which of the streams are terminals. */
  readonly terminal: { readonly in: boolean; readonly out: boolean; readonly err: boolean };
}

/** Colour only on a terminal, never with `NO_COLOR` (no-color.org: present and not empty) or `TERM=dumb`. */
export const wantsColor = (caller: Caller): boolean => caller.terminal.out && (caller.env['NO_COLOR'] ?? '') === '' && caller.env['TERM'] !== 'dumb';

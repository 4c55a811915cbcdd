// A real pseudo-terminal with a real emulator behind it, and what a person would do at it: wait, press, look, resize.
import { createRequire } from 'node:module';
import type { IPty } from '@lydell/node-pty';
import type { Terminal as HeadlessTerminal } from '@xterm/headless';

const require = createRequire(import.meta.url);
const pty = require('@lydell/node-pty') as typeof import('@lydell/node-pty');
const { Terminal } = require('@xterm/headless') as { Terminal: typeof HeadlessTerminal };

export const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

export interface EmulatorOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly term?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface Ended {
  readonly exitCode: number;
  readonly signal?: number | undefined;
}

export class Emulator {
  readonly terminal: HeadlessTerminal;
  readonly process: IPty;
  raw = '';
  ended: Ended | undefined;
  private pending = 0;
  private lastOutput = 0;

  constructor(file: string, args: readonly string[], options: EmulatorOptions = {}) {
    const { columns = 100, rows = 30, term = 'xterm-256color', env = {}, cwd = process.cwd() } = options;
    this.terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 });
    const base = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', LANG: 'C.UTF-8' };
    this.process = pty.spawn(file, [...args], { name: term, cols: columns, rows, cwd, env: { ...base, TERM: term, ...env } });
    this.process.onData((data) => {
      this.raw += data;
      this.lastOutput = performance.now();
      this.pending++;
      this.terminal.write(data, () => { this.pending--; });
    });
    this.terminal.onData((data) => { if (this.ended === undefined) this.process.write(data); });
    this.process.onExit((ended) => { this.ended = ended; });
  }

  lines(): string[] {
    const buffer = this.terminal.buffer.active;
    return Array.from({ length: this.terminal.rows }, (_, row) => buffer.getLine(buffer.viewportY + row)?.translateToString(true) ?? '');
  }

  text(): string {
    return this.lines().join('\n');
  }

  /** The colours and attributes of a cell: palette index, or `default`. */
  cell(x: number, y: number): { readonly text: string; readonly fg: number | 'default'; readonly bold: boolean; readonly inverse: boolean } {
    const buffer = this.terminal.buffer.active;
    const cell = buffer.getLine(buffer.viewportY + y)?.getCell(x);
    if (cell === undefined) throw new Error(`no cell at ${x},${y}`);
    return { text: cell.getChars(), fg: cell.isFgDefault() ? 'default' : cell.getFgColor(), bold: cell.isBold() !== 0, inverse: cell.isInverse() !== 0 };
  }

  find(text: string): { readonly x: number; readonly y: number } | undefined {
    const lines = this.lines();
    for (const [y, line] of lines.entries()) {
      const x = line.indexOf(text);
      if (x >= 0) return { x, y };
    }
    return undefined;
  }

  onAlternateScreen(): boolean {
    return this.terminal.buffer.active.type === 'alternate';
  }

  async sees(wanted: string | RegExp | ((text: string) => boolean), milliseconds = 10000): Promise<void> {
    const start = performance.now();
    const met = (): boolean => {
      const text = this.text();
      return typeof wanted === 'string' ? text.includes(wanted) : wanted instanceof RegExp ? wanted.test(text) : wanted(text);
    };
    while (performance.now() - start < milliseconds) {
      if (this.pending === 0 && met()) return;
      if (this.ended !== undefined && this.pending === 0 && !met()) break;
      await pause(5);
    }
    if (this.pending === 0 && met()) return;
    throw new Error(`did not see ${String(wanted)}${this.ended === undefined ? '' : ` (the program ended with ${this.ended.exitCode})`}\n--- screen ---\n${this.text()}`);
  }

  async settled(quiet = 60, milliseconds = 5000): Promise<void> {
    const start = performance.now();
    while (performance.now() - start < milliseconds) {
      const now = performance.now();
      if (this.pending === 0 && now - this.lastOutput >= quiet && now - start >= quiet) return;
      await pause(3);
    }
  }

  write(text: string): void {
    this.process.write(text);
  }

  async types(text: string): Promise<void> {
    for (const character of text) this.write(character);
    await this.settled();
  }

  async presses(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const sent = keyBytes[key] ?? key;
      this.write(sent);
      await this.settled(40);
    }
  }

  resize(columns: number, rows: number): void {
    this.terminal.resize(columns, rows);
    this.process.resize(columns, rows);
  }

  async exits(milliseconds = 5000): Promise<Ended> {
    const start = performance.now();
    while (this.ended === undefined && performance.now() - start < milliseconds) await pause(5);
    if (this.ended === undefined) throw new Error(`the program did not end\n--- screen ---\n${this.text()}`);
    await this.settled(30, 500);
    return this.ended;
  }

  dispose(): void {
    if (this.ended === undefined) this.process.kill('SIGKILL');
    this.terminal.dispose();
  }
}

export const keyBytes: Readonly<Record<string, string>> = {
  enter: '\r', escape: '\x1b', tab: '\t', 'S-tab': '\x1b[Z', up: '\x1b[A', down: '\x1b[B', right: '\x1b[C', left: '\x1b[D', home: '\x1b[H', end: '\x1b[F',
  backspace: '\x7f', delete: '\x1b[3~', pageup: '\x1b[5~', pagedown: '\x1b[6~', f1: '\x1bOP', space: ' ', 'C-c': '\x03', 'C-d': '\x04', 'C-p': '\x10', 'C-r': '\x12',
  'C-s': '\x13', 'C-z': '\x1a', 'C-e': '\x05', 'C-a': '\x01', 'C-u': '\x15', 'C-k': '\x0b', 'C-o': '\x0f', 'C-g': '\x07',
  ...Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`M-${index + 1}`, `\x1b${index + 1}`])),
};

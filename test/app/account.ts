// One account of what a person does and reads, told at the screen and line by line: the same steps, the same sentences.
import assert from 'node:assert/strict';
import { messageForLine, plainText } from '../../src/view/plain.ts';
import { frameText } from '../../src/view/frame-text.ts';
import { frameOf } from '../../src/view/frame-of.ts';
import type { PaneName } from '../../src/app/state.ts';
import { Player } from './player.ts';

/** What both ways of using the lab can do. */
export interface Person {
  readonly player: Player;
  /** A command of the lab, without its colon. */
  says(command: string): Person;
  /** A line of the shell. */
  runs(line: string): Person;
  /** Goes to the pane, or has it printed. */
  looksAt(pane: PaneName): Person;
  /** Anywhere in what can be seen now. */
  reads(...texts: readonly string[]): Person;
}

const flat = (text: string): string => text.replace(/[│┌┐└┘─]/g, ' ').replace(/\s+/g, ' ');

class AtTheScreen implements Person {
  readonly player: Player;

  constructor(lesson: string, size: string) {
    this.player = new Player({ lesson, size });
  }

  says(command: string): this {
    if (this.player.desk.focus === 'terminal' || this.player.desk.focus === 'editor') this.player.press('escape');
    this.player.press(':').types(command).press('enter');
    return this;
  }

  runs(line: string): this {
    if (this.player.desk.focus !== 'terminal') this.player.press('M-5');
    this.player.types(line).press('enter');
    return this;
  }

  looksAt(pane: PaneName): this {
    this.player.hears({ kind: 'pane-chosen', pane });
    return this;
  }

  reads(...texts: readonly string[]): this {
    // A person scrolls: every pane that is in sight is read from its top to its end.
    const seen = this.pages();
    for (const text of texts) assert.ok(seen.some((page) => page.includes(text)), `"${text}" is nowhere on the screen:\n${this.player.screen}`);
    return this;
  }

  private pages(): readonly string[] {
    const { state } = this.player;
    const boxes = (size: { readonly columns: number; readonly rows: number }, pane: PaneName): string[] => {
      const desk = state.desk === null ? null : { ...state.desk, focus: pane, full: true };
      return frameOf({ ...state, size, desk }).boxes.map((box) => flat([box.title, ...box.lines].map((line) => line.map(({ text }) => text).join('')).join('\n')));
    };
    const focus = state.desk?.focus ?? 'story';
    return [flat(this.player.screen), ...boxes(state.size, focus), ...boxes({ columns: state.size.columns, rows: 400 }, focus), ...boxes({ columns: state.size.columns, rows: 400 }, 'story'), flat(frameText(frameOf(state)))];
  }
}

class LineByLine implements Person {
  readonly player: Player;
  private text: string;

  constructor(lesson: string) {
    this.player = new Player({ lesson, plain: true });
    this.text = plainText(null, this.player.state);
  }

  private line(text: string): this {
    const before = this.player.state;
    const message = messageForLine(before, text);
    if (message !== null) this.player.hears(message);
    this.text = plainText(before, this.player.state);
    return this;
  }

  says(command: string): this { return this.line(`:${command}`); }
  runs(line: string): this { return this.line(line); }
  looksAt(pane: PaneName): this { return this.line(`:${pane}`); }

  reads(...texts: readonly string[]): this {
    for (const text of texts) assert.ok(flat(this.text).includes(text), `"${text}" was not printed:\n${this.text}`);
    return this;
  }
}

/** The same lesson, opened each way. */
export const ways: readonly { readonly name: string; readonly open: (lesson: string) => Person }[] = [
  { name: 'on a wide screen', open: (lesson) => new AtTheScreen(lesson, '160x50') },
  { name: 'on a medium screen', open: (lesson) => new AtTheScreen(lesson, '100x30') },
  { name: 'at 80x24', open: (lesson) => new AtTheScreen(lesson, '80x24') },
  { name: 'line by line', open: (lesson) => new LineByLine(lesson) },
];

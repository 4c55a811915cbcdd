// The screen's budgets: a key to its settled frame with every pane full, an idle lab, a lab that moves, and a flood of terminal output.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { spawn } from '@lydell/node-pty';
import { update } from '../../src/app/update.ts';
import { start } from '../../src/app/start.ts';
import type { State } from '../../src/app/state.ts';
import type { World } from '../../src/app/world.ts';
import { afterRan } from '../../src/app/update-prompt.ts';
import { run } from '../../src/shell/shell.ts';
import { openBlessed } from '../../src/terminal/blessed-screen.ts';
import { painterFor } from '../../src/terminal/draw.ts';
import { splitInput } from '../../src/terminal/input.ts';
import { frameOf } from '../../src/view/frame-of.ts';
import { messageForKey } from '../../src/view/keys.ts';
import { decodeTheme } from '../../src/view/theme.ts';

const now = (): number => Number(process.hrtime.bigint()) / 1e6;
const sorted = (times: readonly number[]): number[] => [...times].sort((left, right) => left - right);
const median = (times: readonly number[]): number => sorted(times)[Math.floor(times.length / 2)] ?? Number.NaN;
const worst = (times: readonly number[]): number => sorted(times).at(-1) ?? Number.NaN;
/** Milliseconds of processor time of this process: other work on the machine does not count. */
const busy = (): number => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
/** What all but one of a hundred stay under. */
const late = (times: readonly number[]): number => sorted(times)[Math.floor(times.length * 0.99)] ?? Number.NaN;
const row = (name: string, says: string): void => console.log(`${name.padEnd(28)}${says}`);
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The lab in its own process: what it draws, and what of a core it takes. */
interface Running {
  readonly write: (text: string) => void;
  /** Waits until nothing was drawn for so long; gives the moment of the last drawing. */
  readonly settled: (quiet: number) => Promise<number>;
  /** Waits for a drawing after a moment, and until it is settled; `null` where the key changed nothing. */
  readonly drawn: (after: number, quiet: number) => Promise<number | null>;
  /** Seconds of processor time so far (Linux). */
  readonly used: () => number;
  readonly end: () => void;
}

function openLab(program: string, env: Readonly<Record<string, string | undefined>>, words: readonly string[], columns: number, rows: number): Running {
  const terminal = spawn(process.execPath, [program, ...words], { cols: columns, rows, env: { ...env } });
  let last = now();
  terminal.onData(() => { last = now(); });
  return {
    write: (text) => { terminal.write(text); },
    async settled(quiet) {
      do await pause(2); while (now() - last < quiet);
      return last;
    },
    async drawn(after, quiet) {
      while (last < after && now() - after < 250) await pause(1);
      if (last < after) return null;
      do await pause(2); while (now() - last < quiet);
      return last;
    },
    used() {
      // proc(5): the 14th and 15th field count clock ticks, of which Linux has 100 a second.
      const fields = readFileSync(`/proc/${terminal.pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    end: () => { terminal.kill('SIGKILL'); },
  };
}

/** Keys that change what is shown: hops back and forth, rows, panes. */
const walk: readonly string[] = ['.', ',', '\t', '\x1b[Z', '3', '4', '2', 'j', 'k', '7', '8', '3'];

async function inATerminal(program: string, env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const lab = openLab(program, env, ['three-ports'], 200, 60);
  await lab.settled(600);
  lab.write('s');
  await lab.settled(300);
  const times: number[] = [];
  for (let index = 0; index < 1000; index++) {
    const before = now();
    lab.write(walk[index % walk.length] ?? '.');
    const end = await lab.drawn(before, 15);
    if (end !== null) times.push(end - before);
  }
  row('key to settled frame', `${median(times).toFixed(2)} ms median, ${late(times).toFixed(1)} ms for 99 of 100, ${worst(times).toFixed(1)} ms worst of ${times.length}, at 200x60 through a pseudo-terminal`);
  await lab.settled(500);
  const share = async (seconds: number, each: (() => void) | null, every = 50): Promise<number> => {
    const [from, used] = [now(), lab.used()];
    while (now() - from < seconds * 1000) {
      each?.();
      await pause(every);
    }
    return ((lab.used() - used) / ((now() - from) / 1000)) * 100;
  };
  row('idle', `${(await share(5, null)).toFixed(1)} % of a core over 5 s`);
  let turn = 0;
  lab.write('3');
  await lab.settled(200);
  row('20 frames a second', `${(await share(5, () => { lab.write(turn++ % 2 === 0 ? '.' : ','); })).toFixed(1)} % of a core over 5 s`);
  lab.end();
}

/** Every pane, and steps in them. */
const every: readonly string[] = ['.', ',', 'tab', 'S-tab', '3', '4', '2', 'j', 'k', '6', '7', '8'];
const steps = 400;

/** The same in this process, where every frame can be timed: update, frame and drawing together. */
function inThisProcess(root: string, world: World): void {
  const theme = decodeTheme(readFileSync(path.join(root, 'assets/themes/dark.json'), 'utf8'), 'dark.json');
  if (!theme.ok) throw new Error('the dark theme cannot be read');
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 200, rows: 60 }) as unknown as NodeJS.WriteStream;
  output.resume();
  const { input } = splitInput(Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined }), () => undefined);
  const screen = openBlessed({ input, output, terminfo: path.join(root, 'assets/terminfo'), term: 'xterm-256color', platform: process.platform });
  const painter = painterFor(screen, { theme: theme.value, ascii: false, color: true }, async () => (await import('../../src/terminal/figures.ts')).paintFigure);
  let [state]: readonly [State, ...unknown[]] = start({ ...world, size: { columns: 200, rows: 60 } });
  const draw = (): void => { painter.draw(frameOf(state)); };
  const keys = ['s', '5', ...'echo full'].map((name) => ({ name: name === ' ' ? 'space' : name, text: name }));
  for (const key of keys) { const message = messageForKey(state, key); if (message !== null) [state] = update(state, message); }
  if (state.desk !== null) {
    const ran = run(state.desk.session, 'seq 5000');
    if (ran.kind === 'done') state = { ...state, desk: afterRan(state.desk, ran.ran) };
  }
  draw();
  const press = (name: string): number => {
    const before = busy();
    const message = messageForKey(state, { name, text: name.length === 1 ? name : null });
    if (message !== null) [state] = update(state, message);
    draw();
    return busy() - before;
  };
  press('escape');
  for (const name of every) press(name);
  const times = Array.from({ length: 1000 }, (_, index) => press(every[index % every.length] ?? '.'));
  row('key, frame and drawing', `${median(times).toFixed(2)} ms median, ${late(times).toFixed(1)} ms for 99 of 100, ${worst(times).toFixed(1)} ms worst of 1,000, at 200x60, in process, of processor time`);
  const frames: number[] = [];
  for (let step = 0; step < steps; step++) {
    if (state.desk === null) break;
    const ran = run(state.desk.session, `seq ${step * 13} ${step * 13 + 12}`);
    const before = busy();
    if (ran.kind === 'done') state = { ...state, desk: afterRan(state.desk, ran.ran) };
    draw();
    frames.push(busy() - before);
  }
  const scroll = Array.from({ length: 200 }, () => { if (state.desk !== null && state.desk.focus !== 'terminal') press('5'); return press('pageup'); });
  row('5,000 lines of output', `${median(frames).toFixed(2)} ms median, ${late(frames).toFixed(1)} ms for 99 of 100, ${worst(frames).toFixed(1)} ms worst of ${frames.length} frames; ${median(scroll).toFixed(2)} ms a page back, ${worst(scroll).toFixed(1)} ms worst`);
  screen.destroy();
}

export async function screenBudgets(root: string, program: string, env: Readonly<Record<string, string | undefined>>, world: World): Promise<void> {
  await inATerminal(program, env);
  inThisProcess(root, world);
}

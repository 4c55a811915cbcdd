// `npm run bench`: times side by side in one run, as medians and as multiples of what `node -e 0` takes at the same moment. Nothing here passes or fails.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { decodeCourse } from '../../src/lesson/decode-course.ts';
import { decodeLesson } from '../../src/lesson/decode-lesson.ts';
import { liveIntents } from '../../src/lesson/grade.ts';
import { foldersOf, readCourse, readLesson } from '../../src/disk/lessons.ts';
import { change, openLab, parseSource, parseTarget, send } from '../../src/sim/lab.ts';
import { list } from '../../src/sim/cluster/store.ts';
import type { Result } from '../../src/sim/base/result.ts';
import type { Problem } from '../../src/sim/model/problem.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = path.join(root, 'bin/k8snet-lab.js');
const room = mkdtempSync(path.join(tmpdir(), 'k8snet-lab-bench-'));
const env = { ...process.env, XDG_DATA_HOME: room, TERM: 'xterm-256color', LANG: 'C.UTF-8' };

const now = (): number => Number(process.hrtime.bigint()) / 1e6;
const sorted = (times: readonly number[]): number[] => [...times].sort((left, right) => left - right);
const median = (times: readonly number[]): number => sorted(times)[Math.floor(times.length / 2)] ?? Number.NaN;
const ms = (time: number): string => `${time.toFixed(time < 10 ? 2 : 0)} ms`.padStart(10);
const must = <Value>(result: Result<Value, Problem>): Value => {
  if (result.ok) return result.value;
  throw new Error(result.failures.map(({ says }) => says).join('; '));
};

/** Time of one run of Node with these arguments. */
function run(...words: readonly string[]): number {
  const start = now();
  spawnSync(process.execPath, words, { env, stdio: 'ignore' });
  return now() - start;
}

/** A lab in a pseudo-terminal of 120 by 40. */
function openInTerminal(): { readonly terminal: ReturnType<typeof spawn>; readonly settled: (quiet: number) => Promise<number>; readonly firstFrame: Promise<number>; readonly start: number } {
  const start = now();
  const terminal = spawn(process.execPath, [program], { cols: 120, rows: 40, cwd: room, env });
  let last = start;
  let seen = '';
  const firstFrame = new Promise<number>((resolve) => {
    terminal.onData((data) => {
      last = now();
      if (seen.length > 100_000) return;
      seen += data;
      if (seen.includes('k8snet-lab')) resolve(last);
    });
  });
  /** Waits until nothing was drawn for so long, and gives the moment of the last drawing. */
  const settled = async (quiet: number): Promise<number> => {
    do await new Promise((resolve) => setTimeout(resolve, 5)); while (now() - last < quiet);
    return last;
  };
  return { terminal, settled, firstFrame, start };
}

async function firstFrame(): Promise<number> {
  const lab = openInTerminal();
  const shown = await lab.firstFrame;
  lab.terminal.kill('SIGKILL');
  return shown - lab.start;
}

async function keys(count: number): Promise<number[]> {
  const lab = openInTerminal();
  await lab.firstFrame;
  await lab.settled(200);
  lab.terminal.write('\r');
  await lab.settled(400);
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const start = now();
    lab.terminal.write(index % 2 === 0 ? '\t' : '\x1b[Z');
    const end = await lab.settled(30);
    if (end > start) times.push(end - start);
  }
  lab.terminal.kill('SIGKILL');
  return times;
}

const repeat = (count: number, work: () => void): number[] => Array.from({ length: count }, () => { const start = now(); work(); return now() - start; });

console.log(`Node ${process.version}, ${process.platform} ${process.arch}; medians\n`);

const starts: Record<'node -e 0' | '--version' | 'lessons' | 'first frame', number[]> = { 'node -e 0': [], '--version': [], lessons: [], 'first frame': [] };
for (let round = 0; round < 15; round++) {
  starts['node -e 0'].push(run('-e', '0'));
  starts['--version'].push(run(program, '--version'));
  starts.lessons.push(run(program, 'lessons'));
  starts['first frame'].push(await firstFrame());
}
const base = median(starts['node -e 0']);
for (const [name, times] of Object.entries(starts)) console.log(`${name.padEnd(28)}${ms(median(times))}   ${(median(times) / base).toFixed(2)} times node -e 0`);

const pressed = await keys(200);
console.log(`${'key to settled frame'.padEnd(28)}${ms(median(pressed))}   worst of ${pressed.length}: ${ms(sorted(pressed).at(-1) ?? Number.NaN).trim()}, at 120x40 through a pseudo-terminal`);

const course = must(decodeCourse(must(readCourse(root))));
const all = foldersOf(root, course).map((folder) => must(decodeLesson(must(readLesson(folder)), folder.shown)));
console.log('');
for (const lesson of all) {
  const lab = must(openLab(lesson.cluster));
  const pod = list(lab.store, 'Pod').find(({ implied }) => !implied);
  if (pod === undefined) continue;
  const ref = { kind: 'Pod', namespace: pod.object.metadata.namespace ?? '', name: pod.object.metadata.name };
  let turn = 0;
  const changed = repeat(60, () => {
    const after = must(change(lab, [{ verb: 'patch', ref, type: 'merge', patch: { metadata: { labels: { bench: String(turn++) } } } }]));
    liveIntents(lesson, after.lab);
  }).slice(10);
  console.log(`${`change, compile, check`.padEnd(28)}${ms(median(changed))}   ${lesson.name}`);
}

const lesson = all.find(({ intents }) => intents.some((intent) => intent.kind === 'request' && intent.to.kind === 'target'));
const intent = lesson?.intents.find((each) => each.kind === 'request' && each.to.kind === 'target');
if (lesson !== undefined && intent?.kind === 'request' && intent.to.kind === 'target') {
  const lab = must(openLab(lesson.cluster));
  const request = { from: must(parseSource(intent.from, lab.network)), to: must(parseTarget(intent.to.text)) };
  const times = repeat(2000, () => { send(lab, request); }).slice(200);
  console.log(`${'one trace'.padEnd(28)}${ms(median(times))}   ${Math.round(1000 / median(times))} a second, ${lesson.name}`);
}
rmSync(room, { recursive: true, force: true });

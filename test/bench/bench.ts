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
import { change, openLab, parseSource, parseTarget, reach, send, type Lab } from '../../src/sim/lab.ts';
import { noProgress } from '../../src/lesson/progress.ts';
import { screenBudgets } from './screen.ts';
import { services, workloadsWithPolicies } from './sizes.ts';
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
const ms = (time: number): string => `${time.toFixed(time < 0.1 ? 4 : time < 10 ? 2 : 0)} ms`.padStart(10);
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

const course = must(decodeCourse(must(readCourse(root))));
const all = foldersOf(root, course).map((folder) => must(decodeLesson(must(readLesson(folder)), folder.shown)));
const shown = all.find(({ name }) => name === 'three-ports');
if (shown !== undefined) {
  await screenBudgets(root, program, env, {
    course, cards: [], progress: noProgress, size: { columns: 200, rows: 60 }, start: { kind: 'lesson', lesson: shown },
    options: { ascii: false, color: true, motion: true, plain: false, themes: ['dark'], theme: 'dark', language: 'en' },
  });
}
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

/** Megabytes in use; exact where Node was started with --expose-gc. */
const memory = (): number => { globalThis.gc?.(); return process.memoryUsage().heapUsed / 1e6; };
const opened = (text: string): Lab => must(openLab([{ path: 'bench.yaml', text }]));
const growth = (name: string, sizes: readonly { readonly size: number; readonly time: number; readonly more: string }[]): void => {
  for (const [index, { size, time, more }] of sizes.entries()) {
    const before = sizes[index - 1];
    const grown = before === undefined ? '' : `   ${(time / before.time).toFixed(2)} times for ${(size / before.size).toFixed(0)} times the size`;
    console.log(`${name.padEnd(28)}${ms(time)}   ${size}${grown}${more}`);
  }
};

console.log('');
growth('open, then reach', [100, 300, 1000].map((workloads) => {
  const before = memory();
  const lab = opened(workloadsWithPolicies(workloads));
  const time = median(repeat(3, () => { reach(lab); }));
  return { size: workloads, time, more: `   workloads; ${reach(lab).connections.length} connections, ${(memory() - before).toFixed(0)} MB` };
}));
growth('one changed policy', [20, 60].map((workloads) => {
  const lab = opened(workloadsWithPolicies(workloads));
  const ref = { kind: 'NetworkPolicy', namespace: 'team-0', name: 'for-app-0' };
  let turn = 0;
  const pods = lab.network.pods.filter(({ implied }) => !implied);
  const requests = Array.from({ length: 10 }, (_, index) => ({ from: must(parseSource(`team-${index}/app-${index}`, lab.network)), to: must(parseTarget(`http://${pods[index]?.addresses[0] ?? ''}:8080/`)) }));
  const time = median(repeat(12, () => {
    const after = must(change(lab, [{ verb: 'patch', ref, type: 'merge', patch: { spec: { ingress: [{ ports: [{ port: 1000 + turn++ }] }] } } }]));
    for (const request of requests) send(after.lab, request);
  }));
  return { size: pods.length, time, more: '   pods, to ten verdicts' };
}));
const ofServices = [10, 100, 1000, 10_000].map((size) => {
  const text = services(size);
  const before = memory();
  const start = now();
  const lab = opened(text);
  const time = now() - start;
  return { size, time, more: `   Services; ${(memory() - before).toFixed(0)} MB`, lab };
});
growth('open', ofServices);
for (const [name, target] of [['one trace by name', 'http://service-5/'], ['one trace by address', null]] as const) {
  growth(name, ofServices.map(({ size, lab }) => {
    const to = must(parseTarget(target ?? `http://${lab.network.services.find(({ ref }) => ref.name === 'service-5')?.clusterAddresses[0] ?? ''}/`));
    const request = { from: must(parseSource('many/pod-0', lab.network)), to };
    return { size, time: median(repeat(3000, () => { send(lab, request); }).slice(500)), more: '   Services' };
  }));
}
const everyIntent = all.map((each) => {
  const lab = must(openLab(each.cluster));
  return { lab, requests: each.intents.flatMap((one) => (one.kind === 'request' && one.to.kind === 'target' ? [{ from: must(parseSource(one.from, lab.network)), to: must(parseTarget(one.to.text)) }] : [])) };
});
const counted = everyIntent.reduce((sum, { requests }) => sum + requests.length, 0);
/** Every trace with its evidence, of labs that were asked before (lookups and verdicts of policies are kept with the plane), or of planes that never were. */
const tracesOf = (name: string, fresh: boolean): void => {
  const times = Array.from({ length: 200 }, () => {
    const labs = everyIntent.map(({ lab, requests }) => ({ lab: fresh ? { ...lab, plane: { ...lab.plane, policies: { ...lab.plane.policies }, records: { ...lab.plane.records } } } : lab, requests }));
    const start = now();
    for (const { lab, requests } of labs) for (const request of requests) send(lab, request);
    return now() - start;
  }).slice(40);
  const round = median(times);
  console.log(`${name.padEnd(28)}${ms(round)}   ${counted} intents, ${Math.round(counted * 1000 / round)} traces a second; best ${Math.round(counted * 1000 / (sorted(times)[0] ?? round))}`);
};
const before = memory();
tracesOf('traces of all lessons', false);
console.log(`${'kept with their planes'.padEnd(28)}${(memory() - before).toFixed(1).padStart(7)} MB`);
tracesOf('the same, asked first', true);
rmSync(room, { recursive: true, force: true });

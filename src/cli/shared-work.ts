// Work on a list, shared with threads that run the same command: each takes the next item when it is free.
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Caller } from './caller.ts';

/** A thread costs the start of the program; a list shorter than this is done sooner alone. */
const worthIt = 6;
const mostThreads = 8;

interface Share {
  readonly next: SharedArrayBuffer;
}

const isShare = (value: unknown): value is Share => typeof value === 'object' && value !== null && 'next' in value && value.next instanceof SharedArrayBuffer;

function takeTurns<Answer>(count: number, next: SharedArrayBuffer, work: (index: number) => Answer): [number, Answer][] {
  const counter = new Int32Array(next);
  const done: [number, Answer][] = [];
  for (let index = Atomics.add(counter, 0, 1); index < count; index = Atomics.add(counter, 0, 1)) done.push([index, work(index)]);
  return done;
}

/** Started by {@link shareWork} in another thread: does its part, hands it over, and gives nothing. */
const isHelper = (): boolean => !isMainThread && isShare(workerData);

/**
 * The answers for 0 to `count` - 1 in order. `words` is the command line that does the same work: with a helper's data it ends up here, in a thread.
 * `undefined`: this is such a thread, its part is handed over, and nothing is left to do. Answers are plain data.
 */
export async function shareWork<Answer>(caller: Caller, words: readonly string[], count: number, work: (index: number) => Answer): Promise<readonly Answer[] | undefined> {
  // Many different things once each: most of what the optimizing compiler would do here is not earned back. Measured: a third less time.
  setFlagsFromString('--interrupt-budget=1000000');
  const given: unknown = workerData;
  if (isHelper() && isShare(given)) {
    parentPort?.postMessage(takeTurns(count, given.next, work));
    return undefined;
  }
  const { program } = caller;
  // The sources as they are (in development) are read by a loader that threads do not have.
  const threads = program?.endsWith('.js') !== true || count < worthIt ? 0 : Math.min(availableParallelism(), mostThreads, Math.ceil(count / 4)) - 1;
  const next = new SharedArrayBuffer(4);
  const helpers = Array.from({ length: threads }, () => new Promise<[number, Answer][]>((resolve, reject) => {
    const helper = new Worker(program ?? '', { argv: [...words], workerData: { next } satisfies Share });
    helper.once('message', (done: [number, Answer][]) => resolve(done));
    helper.once('error', reject);
    helper.once('exit', () => reject(new Error('a thread ended without its part')));
  }));
  const mine = takeTurns(count, next, work);
  const all = [...mine, ...(await Promise.all(helpers)).flat()];
  return all.sort(([left], [right]) => left - right).map(([, answer]) => answer);
}

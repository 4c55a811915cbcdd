// One file as text: never more than a limit, and never bytes that are no text.
import { closeSync, openSync, readSync } from 'node:fs';
import type { Result } from '../sim/base/result.ts';
import { fail, succeed } from '../sim/base/result.ts';
import type { Problem } from '../sim/model/problem.ts';
import { trouble, troubleOf } from './trouble.ts';

const megabyte = 1024 * 1024;

/** UTF-8 bytes as text, without a byte order mark. `shown` is how the file is named to the person: as it was written, not where it lies. */
function decode(bytes: Uint8Array, shown: string): Result<string, Problem> {
  try {
    return succeed(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return fail(trouble('file-not-text', shown, 'is not UTF-8 text'));
  }
}

const tooLarge = (shown: string, limit: number): Result<never, Problem> => fail(trouble('file-too-large', shown, `is larger than ${limit / megabyte} MB`));

/** Reads a file, a pipe (`<(helm template …)`) or what a link points to. A pipe has no size that could be asked for: it is read until the limit. */
export function readText(file: string, shown: string, limit: number): Result<string, Problem> {
  try {
    const descriptor = openSync(file, 'r');
    try {
      const chunks: Uint8Array[] = [];
      for (let size = 0; ;) {
        const chunk = Buffer.alloc(64 * 1024);
        const count = readSync(descriptor, chunk);
        if (count === 0) return decode(Buffer.concat(chunks), shown);
        size += count;
        if (size > limit) return tooLarge(shown, limit);
        chunks.push(chunk.subarray(0, count));
      }
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return fail(troubleOf(error, shown));
  }
}

/** The same for a stream, such as standard input. */
export async function readStream(chunks: AsyncIterable<Uint8Array | string>, shown: string, limit: number): Promise<Result<string, Problem>> {
  const kept: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    size += bytes.length;
    if (size > limit) return tooLarge(shown, limit);
    kept.push(bytes);
  }
  return decode(Buffer.concat(kept), shown);
}

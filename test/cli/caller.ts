// A caller for tests: what is printed is kept, nothing is a terminal, the data folder is its own.
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { commandLine } from '../../src/cli/command-line.ts';
import type { Caller } from '../../src/cli/caller.ts';

export interface Called {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const home = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a command line in this process. */
export async function called(words: readonly string[], more: Partial<Caller> & { readonly typed?: string } = {}): Promise<Called> {
  let stdout = '';
  let stderr = '';
  const { typed, ...rest } = more;
  const caller: Caller = {
    home, version: '0.0.0', folder: home, env: { XDG_DATA_HOME: '/nonexistent/data' }, platform: 'linux', stdin: () => Readable.from(typed === undefined ? [] : [typed]),
    out: (text) => { stdout += text; }, err: (text) => { stderr += text; }, terminal: { in: false, out: false, err: false }, ...rest,
  };
  const status = await commandLine(words, caller);
  return { status, stdout, stderr };
}

// Runs the built program as a user does: its own process, nothing of ours in the environment.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const shared = path.join(root, '../shared');
const bin = path.join(root, 'bin/k8snet-lab.js');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Workbench {
  readonly folder: string;
  readonly write: (files: Readonly<Record<string, string>>) => void;
  readonly lab: (words: readonly string[], typed?: string) => Ended;
  /** Standard output as one JSON document. */
  readonly json: (words: readonly string[]) => Readonly<Record<string, unknown>>;
  /** A line of the real shell, the program being `lab`. */
  readonly sh: (line: string) => Ended;
}

/** An empty folder with a data folder of its own, gone after the test. */
export function workbench(t: { after: (clean: () => void) => void }): Workbench {
  const room = mkdtempSync(path.join(tmpdir(), 'k8snet-lab-test-'));
  t.after(() => rmSync(room, { recursive: true, force: true }));
  const folder = path.join(room, 'work');
  mkdirSync(folder);
  const env = { PATH: process.env['PATH'], HOME: room, XDG_DATA_HOME: path.join(room, 'data'), LANG: 'C.UTF-8', TERM: 'xterm-256color' };
  const run = (command: string, words: readonly string[], typed?: string): Ended => {
    const { status, stdout, stderr, error } = spawnSync(command, words, { cwd: folder, env, encoding: 'utf8', timeout: 60_000, maxBuffer: 64 * 1024 * 1024, ...(typed === undefined ? { stdio: ['ignore', 'pipe', 'pipe'] } : { input: typed }) });
    if (error !== undefined) throw error;
    return { status, stdout, stderr };
  };
  const lab = (words: readonly string[], typed?: string): Ended => run(process.execPath, [bin, ...words], typed);
  return {
    folder, lab,
    write: (files) => {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        writeFileSync(path.join(folder, name), text);
      }
    },
    json: (words) => JSON.parse(lab([...words, '-o', 'json']).stdout) as Record<string, unknown>,
    sh: (line) => run('bash', ['-c', `lab() { '${process.execPath}' '${bin}' "$@"; }\n${line}`]),
  };
}

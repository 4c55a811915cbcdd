// A person's own editor on a text: a private file that is gone afterwards.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Result } from '../sim/base/result.ts';
import { fail, succeed } from '../sim/base/result.ts';

/** The editor that the environment names, in kubectl's order; `undefined` when it names none. */
export const editorOf = (env: Readonly<Record<string, string | undefined>>): string | undefined => [env['KUBE_EDITOR'], env['VISUAL'], env['EDITOR']].find((name) => name !== undefined && name.trim() !== '');

/**
 * Runs the editor (a command line, as `code --wait`) with the terminal that the program has, and gives what the file holds then.
 * Fails with a sentence when the editor cannot be run or ends with another status than 0.
 */
export function editText(text: string, name: string, editor: string, platform: NodeJS.Platform): Result<string, string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'k8snet-lab-'));
  try {
    const file = path.join(folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    const { status, signal, error } = platform === 'win32'
      ? spawnSync(`${editor} "${file}"`, { stdio: 'inherit', shell: true })
      : spawnSync('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
    if (error !== undefined) return fail(`cannot run the editor "${editor}": ${error.message}`);
    if (status !== 0) return fail(`there was a problem with the editor "${editor}"${signal === null ? '' : ` (${signal})`}`);
    return succeed(readFileSync(file, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// A new folder with files in it: nothing that is there is ever overwritten.
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Result } from '../sim/base/result.ts';
import { fail, succeed } from '../sim/base/result.ts';
import type { SourceFile } from '../sim/lab.ts';
import type { Problem } from '../sim/model/problem.ts';
import { trouble, troubleOf } from './trouble.ts';

/** Writes the files below the folder, which is made, or is there and empty. `shown` is how it is named in problems. */
export function writeNewFolder(folder: string, shown: string, files: readonly SourceFile[]): Result<null, Problem> {
  try {
    const there = statSync(folder, { throwIfNoEntry: false });
    if (there !== undefined && !there.isDirectory()) return fail(trouble('file-exists', shown, 'is there and is no folder', 'Choose another name.'));
    if (there !== undefined && readdirSync(folder).length > 0) return fail(trouble('file-exists', shown, 'is there and is not empty', 'Nothing is overwritten: choose another name.'));
    for (const file of files) {
      const full = path.join(folder, file.path);
      mkdirSync(path.dirname(full), { recursive: true });
      writeFileSync(full, file.text, { encoding: 'utf8', flag: 'wx' });
    }
    return succeed(null);
  } catch (error) {
    return fail(troubleOf(error, shown));
  }
}

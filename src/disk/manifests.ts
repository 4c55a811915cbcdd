// The manifests that a command line names: files, directories and standard input, as plain text with the path as it was written.
import { readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { byText } from '../sim/base/order.ts';
import type { Result } from '../sim/base/result.ts';
import { fail, succeed } from '../sim/base/result.ts';
import type { SourceFile } from '../sim/lab.ts';
import type { Problem } from '../sim/model/problem.ts';
import { readStream, readText } from './read-text.ts';
import { trouble, troubleOf } from './trouble.ts';

/** How standard input is named in problems. */
export const standardInput = '<stdin>';

const extensions = ['.yaml', '.yml', '.json'];
const fileLimit = 64 * 1024 * 1024;
const countLimit = 20_000;

export const readStandardInput = (chunks: AsyncIterable<Uint8Array | string>): Promise<Result<string, Problem>> => readStream(chunks, standardInput, fileLimit);

/** The manifests of a directory, sorted by code unit at each level. Links to files are followed, links to directories are not: they could lead round. */
function manifestsIn(folder: string, shown: string, found: { readonly file: string; readonly shown: string }[]): void {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((left, right) => byText(left.name, right.name))) {
    if (found.length > countLimit) return;
    const file = path.join(folder, entry.name);
    const name = path.join(shown, entry.name);
    const leadsToFolder = entry.isSymbolicLink() && statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
    if (entry.isDirectory()) manifestsIn(file, name, found);
    else if (extensions.includes(path.extname(entry.name)) && !leadsToFolder) found.push({ file, shown: name });
  }
}

/** A pipe's real path names no file (`pipe:[4711]`): it stands for itself. */
function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

/**
 * Reads what `-f` names, in the order given, relative to a folder; a file that two paths name is read once. `stdin` stands for `-`.
 * A missing file, a directory without a manifest and text that is none are problems, all of them collected.
 */
export function readManifests(paths: readonly string[], folder: string, stdin: string | null = null): Result<readonly SourceFile[], Problem> {
  const problems: Problem[] = [];
  const files: SourceFile[] = [];
  const seen = new Set<string>();
  const take = (file: string, shown: string): void => {
    const real = realPath(file);
    if (seen.has(real)) return;
    seen.add(real);
    const read = readText(file, shown, fileLimit);
    if (read.ok) files.push({ path: shown, text: read.value });
    else problems.push(...read.failures);
  };
  for (const written of paths) {
    if (written === '-') {
      if (stdin !== null && !seen.has('-')) files.push({ path: standardInput, text: stdin });
      seen.add('-');
      continue;
    }
    const file = path.resolve(folder, written);
    try {
      if (!statSync(file).isDirectory()) {
        take(file, written);
        continue;
      }
      const found: { readonly file: string; readonly shown: string }[] = [];
      manifestsIn(file, written, found);
      if (found.length === 0) problems.push(trouble('no-manifest', written, 'holds no manifest', `A manifest's name ends with ${extensions.join(', ')}.`));
      else if (found.length > countLimit) problems.push(trouble('too-many-files', written, `holds more than ${countLimit} manifests`));
      else for (const each of found) take(each.file, each.shown);
    } catch (error) {
      problems.push(troubleOf(error, written));
    }
  }
  return problems.length > 0 ? fail(...problems) : succeed(files);
}

/**
 * The files that a line of the lab's terminal names, by path as written; what is not there or not readable is listed.
 * A directory is read as one text of several documents.
 */
export function readNamed(paths: readonly string[], folder: string): { readonly files: Readonly<Record<string, string>>; readonly missing: readonly string[] } {
  const files: [string, string][] = [];
  const missing: string[] = [];
  for (const written of paths) {
    const read = readManifests([written], folder);
    if (read.ok) files.push([written, read.value.map((file) => file.text).join('\n---\n')]);
    else missing.push(written);
  }
  return { files: Object.fromEntries(files), missing };
}

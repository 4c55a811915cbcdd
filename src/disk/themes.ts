// The theme files of the package, as text; `view` decodes them.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { byText } from '../sim/base/order.ts';
import type { SourceFile } from '../sim/lab.ts';
import { readText } from './read-text.ts';

const fileLimit = 64 * 1024;

/** Sorted by name. They come with the package: one that is not there is a defect of ours. */
export function readThemes(home: string): SourceFile[] {
  const folder = path.join(home, 'assets', 'themes');
  return readdirSync(folder).filter((name) => name.endsWith('.json')).sort(byText).map((name) => {
    const read = readText(path.join(folder, name), `assets/themes/${name}`, fileLimit);
    if (!read.ok) throw new Error(read.failures.map(({ says }) => says).join('; '));
    return { path: `assets/themes/${name}`, text: read.value };
  });
}

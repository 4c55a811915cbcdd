// The documents are true: what the code says of itself stands in them.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { reasons } from '../src/sim/model/reason.ts';

const root = new URL('..', import.meta.url).pathname;
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const sources = (folder: string): string[] => readdirSync(join(root, folder), { withFileTypes: true })
  .flatMap((entry) => (entry.isDirectory() ? sources(join(folder, entry.name)) : entry.name.endsWith('.ts') ? [join(folder, entry.name)] : []));

/** Every sentence after `Simplified:` in a comment, behind the file that says it, with the comment's own line breaks folded. */
function simplified(): string[] {
  const found: string[] = [];
  for (const path of sources('src')) {
    const lines = read(path).split('\n');
    lines.forEach((line, index) => {
      const start = /(\/\/|\*).*Simplified: (.*)$/.exec(line);
      if (start === null) return;
      let text = start[2] ?? '';
      for (let next = index + 1; !/\.(\s*\*\/)?$/.test(text.trimEnd()); next++) {
        const more = /^\s*(?:\/\/|\*) (.*)$/.exec(lines[next] ?? '');
        if (more === null) break;
        text += ` ${more[1] ?? ''}`;
      }
      found.push(`\`${path.replace(/^src\//, '').replace(/\.ts$/, '')}\`: ${text.replace(/\s*\*\/\s*$/, '').trim()}`);
    });
  }
  return found.sort();
}

test('what the code simplifies stands on the page of what we simulate, and nothing else does', () => {
  const page = read('docs/what-we-simulate.md');
  const listed = page.slice(page.indexOf('<!-- simplified -->')).split('\n').filter((line) => line.startsWith('- ')).map((line) => line.slice(2)).sort();
  const wanted = simplified();
  assert.ok(wanted.length > 10, 'the code has simplifications to compare with');
  assert.deepEqual(listed, wanted);
});

test('docs/verdicts.md has one row for each reason, and no other', () => {
  const rows = [...read('docs/verdicts.md').matchAll(/^\| `([a-z-]+)` \|/gm)].map((row) => row[1]);
  assert.deepEqual([...rows].sort(), [...reasons].sort());
});

test('every file that a document links to is there', () => {
  const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
  for (const page of pages) {
    for (const link of read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      const target = join(page, '..', link[1] ?? '');
      assert.doesNotThrow(() => readdirOrFile(target), `${page} links to ${link[1] ?? ''}`);
    }
  }
});

function readdirOrFile(path: string): void {
  try {
    read(path);
  } catch {
    readdirSync(join(root, path));
  }
}

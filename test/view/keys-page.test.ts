// docs/keys.md is made from the key table. `UPDATE=1` writes it anew.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { keyTable } from '../../src/view/keys.ts';
import { keysPage } from '../../src/view/keys-page.ts';

const file = fileURLToPath(new URL('../../docs/keys.md', import.meta.url));

test('docs/keys.md says what the key table says', () => {
  if (process.env['UPDATE'] === '1') writeFileSync(file, keysPage());
  assert.equal(readFileSync(file, 'utf8'), keysPage());
});

test('no key stands twice in one place, but where the first gives way', () => {
  const seen = new Map<string, string>();
  for (const row of keyTable) {
    for (const key of row.keys) {
      const name = `${row.place} ${key}`;
      assert.ok(!seen.has(name), `${name}: "${seen.get(name) ?? ''}" and "${row.says}"`);
      seen.set(name, row.says);
    }
  }
});

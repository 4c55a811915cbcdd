// The shell line and its small programs against recordings of the real ones: bash 5.2, coreutils 9.1, grep 3.8, sed 4.9, gawk 5.2, jq 1.6 and findutils 4.9 on Debian 12, in the C locale.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run, startSession } from '../../../src/shell/shell.ts';
import { finished, openShop } from '../shop.ts';

const here = fileURLToPath(new URL('recorded/', import.meta.url));
const read = (name: string): string => readFileSync(`${here}${name}`, 'utf8');
const files = Object.fromEntries(['pods.txt', 'rules.txt', 'svc.json'].map((name) => [name, read(name)]));
const lab = openShop();

for (const block of read('bash.txt').split(/^(?=### )/m).filter((one) => one !== '')) {
  const [, line = '', text = '', status = ''] = /^### ([^\n]*)\n([\s\S]*?)\[(\d+)\]\n$/.exec(block) ?? [];
  test(`${line} prints what it prints elsewhere`, () => {
    const ran = finished(run(startSession(lab), line, { files, stdin: null, missing: ['nofile.txt'] }));
    // A script's complaints name its line, a terminal's do not.
    assert.equal(ran.output.map((piece) => piece.text).join(''), text.replace(/^bash: line 1: /gm, 'bash: '));
    assert.equal(String(ran.status), status);
  });
}

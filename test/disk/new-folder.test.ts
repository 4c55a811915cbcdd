import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { writeNewFolder } from '../../src/disk/new-folder.ts';

function room(t: { after: (clean: () => void) => void }): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'k8snet-lab-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const files = [{ path: 'lesson.yaml', text: 'a' }, { path: 'text/en.md', text: 'b' }];

test('a new folder is made with its files, and an empty one is taken', (t) => {
  const folder = room(t);
  mkdirSync(path.join(folder, 'empty'));
  for (const name of ['new/deep', 'empty']) {
    assert.ok(writeNewFolder(path.join(folder, name), name, files).ok);
    assert.equal(readFileSync(path.join(folder, name, 'text/en.md'), 'utf8'), 'b');
  }
});

test('nothing that is there is overwritten', (t) => {
  const folder = room(t);
  writeFileSync(path.join(folder, 'mine'), 'mine');
  for (const [name, says] of [['', /not empty/], ['mine', /no folder/]] as const) {
    const written = writeNewFolder(path.join(folder, name), name, files);
    assert.ok(!written.ok);
    assert.match(written.failures[0]?.says ?? '', says);
  }
  assert.equal(readFileSync(path.join(folder, 'mine'), 'utf8'), 'mine');
});

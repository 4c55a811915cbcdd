import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { readManifests, readNamed } from '../../src/disk/manifests.ts';

/** A folder with files by relative path, gone after the test. */
function folderWith(t: { after: (clean: () => void) => void }, files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'k8snet-lab-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  return folder;
}

const pathsOf = (read: ReturnType<typeof readManifests>): string[] => (read.ok ? read.value.map((file) => file.path) : assert.fail(read.failures.map(({ says }) => says).join()));
const saysOf = (read: ReturnType<typeof readManifests>): string[] => (read.ok ? assert.fail('was read') : read.failures.map(({ where, says }) => `${where?.file ?? ''}: ${says}`));

test('a directory is read recursively, manifests only, in the order of code units', (t) => {
  const folder = folderWith(t, { 'm/b.yaml': 'b', 'm/B.yml': 'B', 'm/a/z.json': '{}', 'm/readme.md': 'no', 'm/é.yaml': 'e' });
  assert.deepEqual(pathsOf(readManifests(['m'], folder)), ['m/B.yml', 'm/a/z.json', 'm/b.yaml', 'm/é.yaml']);
});

test('a file that two paths name is read once', (t) => {
  const folder = folderWith(t, { 'm/a.yaml': 'a' });
  assert.deepEqual(pathsOf(readManifests(['m/a.yaml', 'm', './m/a.yaml'], folder)), ['m/a.yaml']);
});

test('a link to a folder is not followed, so that a circle of links ends', (t) => {
  const folder = folderWith(t, { 'm/a.yaml': 'a' });
  symlinkSync(path.join(folder, 'm'), path.join(folder, 'm', 'again.yaml'));
  symlinkSync(path.join(folder, 'm', 'a.yaml'), path.join(folder, 'm', 'b.yaml'));
  assert.deepEqual(pathsOf(readManifests(['m'], folder)), ['m/a.yaml']);
});

test('standard input stands for a dash', (t) => {
  const folder = folderWith(t, { 'a.yaml': 'a' });
  const read = readManifests(['a.yaml', '-'], folder, 'typed');
  assert.deepEqual(read, { ok: true, value: [{ path: 'a.yaml', text: 'a' }, { path: '<stdin>', text: 'typed' }] });
});

test('what is missing, empty of manifests or no text is told, all of it', (t) => {
  const folder = folderWith(t, { 'empty/readme.md': '', 'bytes.yaml': new Uint8Array([0x6b, 0xff, 0xfe]) });
  assert.deepEqual(saysOf(readManifests(['none.yaml', 'empty', 'bytes.yaml'], folder)), ['none.yaml: no such file or directory', 'empty: holds no manifest', 'bytes.yaml: is not UTF-8 text']);
});

test('a byte order mark is no part of the text', (t) => {
  const folder = folderWith(t, { 'a.yaml': '\ufeffkind: Pod' });
  assert.deepEqual(readNamed(['a.yaml', 'b.yaml'], folder), { files: { 'a.yaml': 'kind: Pod' }, missing: ['b.yaml'] });
});

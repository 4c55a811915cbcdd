import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { called } from './caller.ts';
import type { Called } from './caller.ts';

/** A folder and a data folder of their own, gone after the test. */
function bench(t: { after: (clean: () => void) => void }): { readonly folder: string; readonly lab: (words: readonly string[], typed?: string) => Promise<Called> } {
  const folder = mkdtempSync(path.join(tmpdir(), 'k8snet-lab-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const env = { XDG_DATA_HOME: path.join(folder, 'data'), LANG: 'C.UTF-8' };
  return { folder, lab: (words, typed) => called(words, { folder, env, ...(typed === undefined ? {} : { typed }) }) };
}

test('a new lesson is proven as it is, and its schema is where the first line says', async (t) => {
  const { folder, lab } = bench(t);
  const made = await lab(['new', 'my-lesson']);
  assert.equal(made.status, 0, made.stderr);
  assert.match(made.stdout, /^my-lesson\/lesson\.yaml$/m);
  const [first = ''] = readFileSync(path.join(folder, 'my-lesson/lesson.yaml'), 'utf8').split('\n');
  const schema = path.resolve(folder, 'my-lesson', /\$schema=(.*)$/.exec(first)?.[1] ?? '');
  assert.equal((JSON.parse(readFileSync(schema, 'utf8')) as Record<string, unknown>)['title'], 'A lesson of k8snet-lab (lesson.yaml)');
  const proven = await lab(['verify', 'my-lesson']);
  assert.deepEqual([proven.status, proven.stdout, proven.stderr], [0, '✓ my-lesson: 8 checks\n\n1 of 1 proven.\n', '']);
});

test('a new lesson needs a name in words and a place where nothing is', async (t) => {
  const { lab } = bench(t);
  assert.deepEqual([(await lab(['new', 'My Lesson'])).status, (await lab(['new', '42'])).status], [2, 2]);
  await lab(['new', 'twice']);
  const again = await lab(['new', 'twice']);
  assert.deepEqual([again.status, again.stdout], [2, '']);
  assert.match(again.stderr, /not empty/);
});

test('verify counts what a language lacks, in a warning', async (t) => {
  const { folder, lab } = bench(t);
  await lab(['new', 'my-lesson']);
  writeFileSync(path.join(folder, 'my-lesson/text/de.md'), '# Eine Lektion\n\n## Story\n\nNichts geht.\n');
  const { status, stdout, stderr } = await lab(['verify', 'my-lesson', '-o', 'json']);
  const document = JSON.parse(stdout) as { readonly lessons: readonly unknown[]; readonly warnings: readonly { readonly code: string; readonly says: string }[] };
  assert.deepEqual([status, stderr, document.lessons.length], [0, '', 1]);
  assert.deepEqual(document.warnings.map(({ code, says }) => [code, says]), [['text-missing', 'de: 0 of 1 lessons complete, 5 parts missing in the others; English stands in']]);
});

test('a lesson is played in the language that was asked for, and the next time too', async (t) => {
  const { folder, lab } = bench(t);
  await lab(['new', 'my-lesson']);
  writeFileSync(path.join(folder, 'my-lesson/text/de.md'), '# Eine Lektion\n\n## Story\n\nNichts geht.\n\n## Intents\n\n- Das Schaufenster bekommt Antwort\n- Die API erreicht die Datenbank\n- Fremde kommen nicht hinein\n');
  const german = await lab(['my-lesson', '--plain', '--language', 'de'], ':quit\n');
  assert.match(german.stdout, /Eine Lektion[\s\S]*Nichts geht\.[\s\S]*Die API erreicht die Datenbank/);
  assert.match((await lab(['my-lesson', '--plain'], ':quit\n')).stdout, /Nichts geht\./);
  assert.match((await lab(['my-lesson', '--plain', '--language', 'en'], ':quit\n')).stdout, /gets no answer from the API/);
  assert.equal((await lab(['my-lesson', '--plain', '--language', 'x'])).status, 2);
});

test('a drill is a lesson: played, graded by its name, solved by its cluster as it was', async (t) => {
  const { folder, lab } = bench(t);
  const played = await lab(['drill', '--seed', '42', '--faults', '2', '--plain'], ':quit\n');
  assert.equal(played.status, 0, played.stderr);
  assert.match(played.stdout, /^Drill 42: 2 faults$/m);
  assert.equal((await lab(['drill', '--seed', '42', '--faults', '2', '--plain'], ':quit\n')).stdout, played.stdout);
  writeFileSync(path.join(folder, 'note.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: note, namespace: default }\ndata: { a: b }\n');
  const graded = await lab(['check', 'drill-42-2', '-f', 'note.yaml', '-o', 'json']);
  assert.equal(graded.status, 1, graded.stderr);
  assert.equal((JSON.parse(graded.stdout) as Record<string, unknown>)['solved'], false);
});

test('without a seed a drill is the next that is not solved', async (t) => {
  const { folder, lab } = bench(t);
  assert.match((await lab(['drill', '--plain'], ':quit\n')).stdout, /^Drill 1: one fault$/m);
  writeFileSync(path.join(folder, 'solved.json'), '{"version":1,"lessons":{"drill-1-1":{"solved":true}}}');
  await lab(['progress', 'import', 'solved.json']);
  assert.match((await lab(['drill', '--plain'], ':quit\n')).stdout, /^Drill 2: one fault$/m);
});

test('a fault can be asked for, and one that does not exist is told with the nearest', async (t) => {
  const { lab } = bench(t);
  assert.equal((await lab(['drill', '--fault', 'svc-selector-typo', '--plain'], ':quit\n')).status, 0);
  const unknown = await lab(['drill', '--fault', 'svc-selector-typos', '--plain']);
  assert.deepEqual([unknown.status, unknown.stdout], [2, '']);
  assert.match(unknown.stderr, /Did you mean 'svc-selector-typo'/);
  for (const words of [['--faults', '9'], ['--faults', '0'], ['--seed', '9999999999'], ['--seed', 'x']]) assert.equal((await lab(['drill', ...words, '--plain'])).status, 2, words.join(' '));
});

test('progress tells predictions, surprises, hints, paths and what is due, and a review is that fault in another cluster', async (t) => {
  const { folder, lab } = bench(t);
  assert.match((await lab(['drill', '--review', '--plain'])).stdout, /Nothing is due/);
  writeFileSync(path.join(folder, 'done.json'), JSON.stringify({
    version: 1, reviews: { 'svc-missing': { box: 0, due: 1, done: 1 } },
    lessons: { a: { solved: true, attempts: 2, hints: 1, predictions: { x: 'right', y: 'surprised' }, diagnosis: 'right', opened: 3, probes: 4 } },
  }));
  await lab(['progress', 'import', 'done.json']);
  const { stdout } = await lab(['progress']);
  assert.match(stdout, /^✓ a {2}2 attempts, 1 of 2 predictions right, diagnosis right, 1 hint, 4 probes, 3 paths opened that nobody asked for$/m);
  assert.match(stdout, /^2 predictions, 1 surprise\.$/m);
  assert.match(stdout, /^Due for a review, in another cluster: svc-missing\. k8snet-lab drill --review$/m);
  const review = await lab(['drill', '--review', '--plain'], ':quit\n');
  assert.match(review.stdout, /cannot resolve/);
});

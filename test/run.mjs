// Runs every test, or those that the arguments pick: `npm test -- sim/policy dns --name=glibc`. A filter is a part of a test file's path.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspect, parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values, positionals: filters } = parseArgs({ allowPositionals: true, options: { name: { type: 'string', multiple: true, default: [] } } });

const all = (await readdir(path.join(root, 'test'), { recursive: true }))
  .map((file) => path.join('test', file).split(path.sep).join('/'))
  .filter((file) => file.endsWith('.test.ts') && !file.startsWith('test/bench/'))
  .sort();
const files = filters.length === 0 ? all : all.filter((file) => filters.some((filter) => file.includes(filter)));
if (files.length === 0) {
  console.error(`No test file's path contains ${filters.map((filter) => `'${filter}'`).join(' or ')}.`);
  process.exit(2);
}

let passed = 0;
let failed = 0;
const skipped = [];

const place = ({ file, name }) => (file === undefined ? name : `${path.relative(root, file)}: ${name}`);

/** What went wrong and where in our own files; the runner's own frames say nothing. */
function account(error) {
  const cause = error?.cause ?? error;
  const text = cause instanceof Error ? cause.stack ?? inspect(cause) : inspect(cause);
  return text.split('\n').filter((line) => !/^\s+at .*(node:internal|node:async_hooks)/.test(line)).join('\n').replace(/^/gm, '    ');
}

const stream = run({ files: files.map((file) => path.join(root, file)), concurrency: 2, ...(values.name.length > 0 ? { testNamePatterns: values.name } : {}) });
stream.on('test:pass', (test) => {
  if (test.details.type === 'suite' || test.skip === 'test name does not match pattern') return;
  if (test.skip !== undefined && test.skip !== false) skipped.push(`${place(test)}: ${test.skip === true || test.skip === '' ? 'NO REASON GIVEN' : test.skip}`);
  else passed++;
});
stream.on('test:fail', (test) => {
  const { error } = test.details;
  if (test.todo !== undefined && test.todo !== false) {
    skipped.push(`${place(test)}: to do`);
    return;
  }
  // A suite or a parent fails because of a test in it, which was told already.
  if (error?.failureType === 'subtestsFailed') return;
  failed++;
  console.log(`\n✗ ${place(test)}\n${account(error)}`);
});
stream.on('test:stdout', ({ message }) => process.stdout.write(message));
stream.on('test:stderr', ({ message }) => process.stderr.write(message));
stream.on('end', () => {
  if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.sort().map((line) => `  ${line}`).join('\n')}`);
  const unexplained = skipped.filter((line) => line.endsWith('NO REASON GIVEN')).length;
  console.log(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  process.exitCode = failed > 0 || unexplained > 0 || passed + failed + skipped.length === 0 ? 1 : 0;
});
stream.resume();

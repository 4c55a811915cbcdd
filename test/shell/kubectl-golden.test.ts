// What a real kubectl and a real API server (1.37, no controllers) answered to the same command lines about the same objects, word for word.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { openLab } from '../../src/sim/lab.ts';
import { run, startSession } from '../../src/shell/shell.ts';
import type { Session } from '../../src/shell/shell.ts';

/** A line alone is run because the next ones need what it does; its answer differs in ages, names or addresses. */
type Line = readonly [line: string] | readonly [line: string, status: number, out: string, err: string];

interface Golden {
  readonly manifests: string;
  readonly files: Readonly<Record<string, string>>;
  readonly sessions: Readonly<Record<string, readonly Line[]>>;
}

const golden = JSON.parse(readFileSync(new URL('kubectl-golden.json', import.meta.url), 'utf8')) as Golden;
const opened = openLab([{ path: 'cluster.yaml', text: golden.manifests }]);
assert.ok(opened.ok);

for (const [name, lines] of Object.entries(golden.sessions)) {
  test(`kubectl ${name}: ${lines.filter((line) => line.length > 1).length} lines answer as the real ones do`, () => {
    let session: Session = startSession(opened.value, 'shop');
    for (const [line, status, out, err] of lines) {
      const missing = [...line.matchAll(/\bm\/[\w.-]+/g)].map(([path]) => path).filter((path) => !Object.hasOwn(golden.files, path));
      const running = run(session, line, { files: golden.files, stdin: null, missing });
      assert.ok(running.kind === 'done', `${line} wants ${running.kind}`);
      ({ session } = running.ran);
      if (status !== undefined) assert.deepEqual({ status: running.ran.status, out: running.ran.stdout, err: running.ran.stderr }, { status, out, err }, line);
    }
  });
}

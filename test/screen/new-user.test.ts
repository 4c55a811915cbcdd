// A new user's first hour in a real pseudo-terminal, with the keys alone: the tour, a diagnosis from panes and terminal, two repairs, one that is none, and a restart.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Emulator } from './emulator.ts';

const program = fileURLToPath(new URL('../../bin/k8snet-lab.js', import.meta.url));
const sizes = [[120, 40], [80, 24]] as const;

const freshHome = (): string => mkdtempSync(join(tmpdir(), 'k8snet-home-'));

async function play(home: string, [columns, rows]: readonly [number, number], args: readonly string[], account: (user: Emulator) => Promise<void>): Promise<void> {
  const user = new Emulator(process.execPath, [program, '--no-motion', ...args], { columns, rows, cwd: home, env: { HOME: home, XDG_DATA_HOME: join(home, 'data') } });
  try {
    await account(user);
  } finally {
    user.dispose();
  }
}

/** The progress file, wherever below the data folder it stands. */
function progressIn(home: string): string {
  const files = readdirSync(join(home, 'data'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.equal(files.length, 1, 'one file is written, and nothing beside it');
  const [file] = files;
  return readFileSync(join(file?.parentPath ?? '', file?.name ?? ''), 'utf8');
}

async function runs(user: Emulator, line: string, sees: string | RegExp): Promise<void> {
  await user.presses('M-5');
  await user.types(line);
  await user.presses('enter');
  await user.sees(sees);
  await user.presses('escape');
}

async function leaves(user: Emulator): Promise<void> {
  user.write('q');
  await user.settled(100);
  if (user.ended === undefined && /\by\b/.test(user.text())) await user.presses('y');
  assert.equal((await user.exits()).exitCode, 0);
  assert.equal(user.onAlternateScreen(), false);
}

for (const size of sizes) {
  describe(`a new user at ${size.join('x')}`, () => {
    test('opens the map, follows the tour to its end, and finds it solved after a restart', async () => {
      const home = freshHome();
      await play(home, size, [], async (user) => {
        await user.sees('One request through four layers');
        await user.presses('enter');
        await user.sees('Nothing is broken here');
        await user.presses('M-1', 'a');
        await user.sees('Step 2 of 9');
        await user.presses('4');
        await user.sees('api.shop.svc.cluster.local.');
        await user.presses('3', '.');
        await runs(user, 'kubectl get endpointslices -n shop', 'ADDRESSTYPE');
        await user.presses('3', '.', '.');
        await user.presses('6', '1');
        await user.sees('nc -zv -w 3 db.shop 5432');
        await user.presses('c');
        await user.sees('Step 8 of 9');
        await user.presses('b');
        await user.sees('Step 9 of 9');
        await user.presses('d');
        await user.sees('Solved');
        await leaves(user);
      });
      assert.match(progressIn(home), /tour-four-layers[\s\S]*"solved": true/);
      await play(home, size, [], async (user) => {
        await user.sees(/1 of \d+ solved/);
        await leaves(user);
      });
    });

    test('finds the cause of the empty endpoint list, and repairs it with `kubectl edit service`', async () => {
      const home = freshHome();
      await play(home, size, ['empty-endpoint-list'], async (user) => {
        await user.sees('Ticket from the checkout team');
        await user.presses('M-1', 'b');
        await user.presses('3', '.');
        await user.sees('app=api,tier=backend');
        await runs(user, 'kubectl exec -n shop deploy/web -- curl -sS http://api:8080/', 'command terminated with exit code 7');
        await runs(user, 'kubectl get endpointslices -n shop -l kubernetes.io/service-name=api', '<unset>');
        await user.presses('M-5');
        await user.types('kubectl edit service api -n shop');
        await user.presses('enter');
        await user.sees('Please edit the object below');
        // Down to the line `tier: backend`, wherever it stands, and away with it.
        for (let step = 0; step < 60 && !/tier: backend/.test(user.lines()[user.terminal.buffer.active.cursorY] ?? ''); step++) await user.presses('down');
        await user.presses('home', 'C-k');
        await user.presses('C-s');
        await user.sees('Solved');
        await leaves(user);
      });
      assert.match(progressIn(home), /empty-endpoint-list[\s\S]*"solved": true/);
    });

    test('repairs it with `kubectl patch deployment`, after labelling the pods was told to be no repair', async () => {
      const home = freshHome();
      await play(home, size, ['empty-endpoint-list'], async (user) => {
        await user.sees('Ticket from the checkout team');
        await runs(user, 'kubectl label pods -n shop -l app=api tier=backend', 'labeled');
        await user.presses('M-1');
        await user.sees('no repair');
        await user.sees(/not in the\s+[│ ]*template|template that makes/);
        await user.presses('z');
        await runs(user, `kubectl patch deployment api -n shop -p '{"spec":{"template":{"metadata":{"labels":{"tier":"backend"}}}}}'`, 'patched');
        await user.presses('M-1');
        await user.sees('Solved');
        await leaves(user);
      });
      assert.match(progressIn(home), /empty-endpoint-list[\s\S]*"solved": true/);
    });
  });
}

test('killed at any moment, the terminal is given back and what was solved is kept', async () => {
  const home = freshHome();
  await play(home, [100, 30], ['empty-endpoint-list'], async (user) => {
    await user.sees('Ticket from the checkout team');
    await runs(user, `kubectl patch deployment api -n shop -p '{"spec":{"template":{"metadata":{"labels":{"tier":"backend"}}}}}'`, 'patched');
    await user.presses('M-1');
    await user.sees('Solved');
    user.process.kill('SIGHUP');
    assert.equal((await user.exits()).exitCode, 129);
    assert.equal(user.onAlternateScreen(), false);
  });
  assert.match(progressIn(home), /"solved": true/);
});

// The program under the names that terminals give themselves: it starts, shows the map, opens a lesson, survives a resize and leaves, and prints nothing of its own making beside the frames.
import test from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Emulator } from './emulator.ts';

const program = fileURLToPath(new URL('../../bin/k8snet-lab.js', import.meta.url));

const openUnder = (term: string): Emulator => {
  const home = mkdtempSync(join(tmpdir(), 'k8snet-term-'));
  return new Emulator(process.execPath, [program, '--no-motion'], { columns: 100, rows: 30, term, cwd: home, env: { HOME: home, XDG_DATA_HOME: join(home, 'data') } });
};

// What a library prints when it does not understand a terminal, and what Node prints when something is deprecated.
const debris = /Error on|console\.|DeprecationWarning|undefined|\[object|function \(|\bat .*\.js:\d+/;

for (const term of ['xterm-256color', 'tmux-256color', 'screen-256color', 'xterm-kitty', 'alacritty', 'linux', 'vt100']) {
  test(`TERM=${term}: the map, a lesson, the chart, another size, and out`, async () => {
    const user = openUnder(term);
    try {
      await user.sees('One request through four layers');
      await user.presses('enter');
      await user.sees('Nothing is broken here');
      await user.presses('s', '8', 'm', 'm', '+');
      await user.sees('rules and tables it meets');
      await user.settled(200);
      assert.ok(!debris.test(user.text()), user.text());
      user.resize(80, 24);
      await user.sees(/rules and tables it\s+meets|tables it meets/);
      await user.settled(100);
      assert.ok(!debris.test(user.text()), user.text());
      user.write('q');
      assert.equal((await user.exits()).exitCode, 0);
      assert.equal(user.onAlternateScreen(), false);
      assert.ok(!debris.test(user.raw), 'nothing but frames was sent');
      if (term === 'linux') assert.ok(!/\x1b\[[0-9;]*[34]8;5;/.test(user.raw), 'eight colours are enough');
    } finally {
      user.dispose();
    }
  });
}

test('TERM=dumb gets the lab line by line', async () => {
  const user = openUnder('dumb');
  try {
    // The course is longer than a screen: its head is gone when the prompt stands.
    await user.sees('map> ');
    assert.ok(user.raw.includes('Type the number or the name of a lesson'));
    assert.ok(!user.raw.includes('\x1b'), 'a dumb terminal gets no sequence');
    user.write(':quit\r');
    assert.equal((await user.exits()).exitCode, 0);
  } finally {
    user.dispose();
  }
});

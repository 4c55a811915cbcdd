import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Emulator, pause } from '../screen/emulator.ts';
import type { EmulatorOptions } from '../screen/emulator.ts';

const probe = fileURLToPath(new URL('probe.fixture.ts', import.meta.url));

async function withProbe(options: EmulatorOptions, play: (emulator: Emulator, heard: () => string[]) => Promise<void>): Promise<void> {
  const file = join(mkdtempSync(join(tmpdir(), 'k8snet-probe-')), 'heard.json');
  const emulator = new Emulator(process.execPath, ['--import', 'tsx', probe, file], options);
  try {
    await emulator.sees('READY');
    await emulator.settled();
    await play(emulator, () => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as string[] : []));
  } finally {
    emulator.dispose();
  }
}

async function hears(emulator: Emulator, heard: () => string[], sent: readonly string[], wanted: readonly string[]): Promise<void> {
  const before = heard().length;
  for (const chunk of sent) {
    emulator.write(chunk);
    if (sent.length > 1) await pause(6);
  }
  for (let waited = 0; waited < 2000 && heard().length < before + wanted.length; waited += 20) await pause(20);
  await pause(40);
  assert.deepEqual(heard().slice(before), wanted);
}

describe('the terminal', () => {
  for (const term of ['xterm-256color', 'tmux-256color', 'alacritty', 'xterm-kitty', 'screen-256color']) {
    test(`TERM=${term} has 256 colours and real box characters, also where the locale is C`, () => withProbe({ term, env: { LANG: 'C' } }, async (emulator) => {
      assert.match(emulator.lines()[0] ?? '', /^┌ 1 Probe ─+┐$/);
      assert.ok(!emulator.raw.includes('\x1b(0'), 'no alternate character set');
      const at = emulator.find('colour');
      assert.ok(at !== undefined);
      assert.equal(emulator.cell(at.x, at.y).fg, 208);
      assert.ok(!emulator.raw.includes('Error on'), 'no complaint about terminfo');
    }));
  }

  test('escape sequences, tags and wide characters in a text are shown and never obeyed', () => withProbe({}, async (emulator) => {
    assert.match(emulator.text(), /esc ␛\[31mred \{bold\}tag\{\/bold\}/);
    assert.match(emulator.lines()[4] ?? '', /^│日本 ✓ é +▼$/);
  }));

  test('with ascii, borders and signs are letters of ASCII alone', () => withProbe({ env: { PROBE_ASCII: '1' } }, async (emulator) => {
    assert.match(emulator.lines()[0] ?? '', /^\+ 1 Probe -+\+$/);
    assert.ok(!/[^\x00-\x7f]/.test(emulator.text()));
  }));

  test('without colour no colour is sent', () => withProbe({ env: { NO_COLOR: '1' } }, async (emulator) => {
    assert.ok(!/\x1b\[[0-9;]*(3[0-7]|38;5;\d+|4[0-7])m/.test(emulator.raw));
  }));

  test('a key and a mouse event that arrive together are both heard', () => withProbe({}, async (emulator, heard) => {
    await hears(emulator, heard, ['\x1b[<0;10;5Mj'], ['down@9,4', 'j=j']);
    await hears(emulator, heard, ['j\x1b[<64;10;5M\x1b[<64;10;5M'], ['j=j', 'wheel-up@9,4', 'wheel-up@9,4']);
  }));

  test('a paste is one piece, with its lines', () => withProbe({}, async (emulator, heard) => {
    await hears(emulator, heard, ['\x1b[200~one\rtwo\x1b[201~y'], ['paste:one\ntwo', 'y=y']);
    await hears(emulator, heard, ['\x1b[200~a', 'b\x1b[20', '1~z'], ['paste:ab', 'z=z']);
  }));

  test('keys have their names, Enter is one key, and a split arrow is one arrow', () => withProbe({}, async (emulator, heard) => {
    await hears(emulator, heard, ['\r'], ['enter']);
    await hears(emulator, heard, ['\x1b', '[A'], ['up']);
    await hears(emulator, heard, ['\x1b'], ['escape']);
    await hears(emulator, heard, ['\x1b[Z'], ['S-tab']);
    await hears(emulator, heard, ['\x1b3'], ['M-3']);
    await hears(emulator, heard, [' '], ['space= ']);
    await hears(emulator, heard, ['\x03'], ['C-c']);
    await hears(emulator, heard, ['ü'], ['ü=ü']);
  }));

  test('answers of the terminal to questions are not typed text', () => withProbe({}, async (emulator, heard) => {
    await hears(emulator, heard, ['\x1b[?62;22c', '\x1b[12;40R', 'a'], ['a=a']);
  }));

  test('a resize is drawn at the new size, down to nothing and back', () => withProbe({}, async (emulator) => {
    for (const [columns, rows] of [[140, 40], [1, 1], [60, 20]] as const) {
      emulator.resize(columns, rows);
      await emulator.settled(120);
    }
    await emulator.sees('size 60x20');
  }));

  test('leaving gives the terminal back with status 0', () => withProbe({}, async (emulator) => {
    await emulator.presses('q');
    assert.equal((await emulator.exits()).exitCode, 0);
    assert.equal(emulator.onAlternateScreen(), false);
    assert.ok(emulator.raw.lastIndexOf('\x1b[?2004l') > emulator.raw.lastIndexOf('\x1b[?2004h'));
    assert.ok(emulator.raw.lastIndexOf('\x1b[?25h') > emulator.raw.lastIndexOf('\x1b[?25l'), 'the cursor is shown');
  }));

  for (const [signal, status] of [['SIGTERM', 143], ['SIGHUP', 129], ['SIGINT', 130], ['SIGQUIT', 131]] as const) {
    test(`${signal} gives the terminal back and ends with ${status}`, () => withProbe({}, async (emulator) => {
      emulator.process.kill(signal);
      assert.equal((await emulator.exits()).exitCode, status);
      assert.equal(emulator.onAlternateScreen(), false);
      assert.match(emulator.text(), new RegExp(`ended by ${signal}`));
    }));
  }

  test('a defect gives the terminal back before it is told, and ends with 70', () => withProbe({}, async (emulator) => {
    await emulator.presses('t');
    assert.equal((await emulator.exits()).exitCode, 70);
    assert.equal(emulator.onAlternateScreen(), false);
    assert.match(emulator.text(), /defect: Error: thrown on purpose/);
  }));

  test('Ctrl-Z gives the terminal back, and going on takes it again', () => withProbe({}, async (emulator, heard) => {
    await emulator.presses('C-z');
    await pause(150);
    assert.equal(emulator.onAlternateScreen(), false);
    emulator.process.kill('SIGCONT');
    await emulator.sees('READY');
    assert.equal(emulator.onAlternateScreen(), true);
    await hears(emulator, heard, ['a'], ['a=a']);
  }));
});

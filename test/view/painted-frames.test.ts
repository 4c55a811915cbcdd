// Frames as they go to the terminal, with every theme, sixteen colours and none: kept as text with the styles spelled out. `UPDATE=1` writes them anew.
import test from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { paintBox } from '../../src/terminal/paint.ts';
import type { Theme } from '../../src/terminal/paint.ts';
import { frameOf } from '../../src/view/frame-of.ts';
import { decodeTheme } from '../../src/view/theme.ts';
import { Player } from '../app/player.ts';

const themesIn = fileURLToPath(new URL('../../assets/themes/', import.meta.url));
const goldenIn = fileURLToPath(new URL('../golden/painted/', import.meta.url));

const themes: readonly Theme[] = readdirSync(themesIn).sort().map((file) => {
  const theme = decodeTheme(readFileSync(`${themesIn}${file}`, 'utf8'), file);
  assert.ok(theme.ok);
  return theme.value;
});

const scenes: Readonly<Record<string, () => Player>> = {
  layers: () => new Player({ lesson: 'empty-endpoint-list', size: '100x30' }).press('b', '3', '.'),
  policy: () => new Player({ lesson: 'default-deny-then-allow', size: '100x30' }).press('s', 's', 's', 's', '6', 'm', 'down', 'right', 'right', 'right'),
  service: () => new Player({ lesson: 'three-ports', size: '100x30' }).press('s', '7'),
};

const painted = (player: Player, theme: Theme, color: boolean): string =>
  frameOf(player.state).boxes.map((box) => `== ${box.id} ${box.x},${box.y} ${box.width}x${box.height}\n${paintBox(box, { theme, ascii: false, color })}`).join('\n');

/** `\e[1;31m` rather than the byte itself, so that the file can be looked at. */
const spelled = (text: string): string => `${text.replaceAll('\u001b', '\\e')}\n`;

for (const [name, scene] of Object.entries(scenes)) {
  for (const theme of themes) {
    test(`${name} in ${theme.name} goes to the terminal as it did`, () => {
      const text = spelled(painted(scene(), theme, true));
      const file = `${goldenIn}${name}.${theme.name}.txt`;
      if (process.env['UPDATE'] === '1') {
        mkdirSync(goldenIn, { recursive: true });
        writeFileSync(file, text);
      }
      assert.ok(existsSync(file), `${file} is missing: run with UPDATE=1 and look at it`);
      assert.equal(text, readFileSync(file, 'utf8'));
    });
  }

  test(`${name} without colour says the same, and sends none`, () => {
    const [theme] = themes;
    assert.ok(theme);
    const [coloured, bare] = [painted(scene(), theme, true), painted(scene(), theme, false)];
    const text = (all: string): string => all.replace(/\u001b\[[0-9;]*m/g, '');
    assert.equal(text(bare), text(coloured));
    for (const [, codes = ''] of bare.matchAll(/\u001b\[([0-9;]*)m/g)) assert.ok(codes.split(';').every((code) => ['0', '1', '4', '7'].includes(code)), `${codes} is a colour`);
  });

  test(`${name} in dark needs no more than the terminal's own sixteen colours`, () => {
    const dark = themes.find((theme) => theme.name === 'dark');
    assert.ok(dark);
    assert.ok(!painted(scene(), dark, true).includes('8;5;'));
  });
}

// A tiny program on the terminal room: it shows one box and writes down what it hears.
import { writeFileSync, renameSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openScreen } from '../../src/terminal/open-screen.ts';
import type { Frame, Role } from '../../src/view/frame.ts';
import type { Theme } from '../../src/terminal/paint.ts';

const heard: string[] = [];
const file = process.argv[2] ?? '';
const roles = new Proxy({}, { get: (_, role) => (role === 'accent' ? { fg: 208 } : role === 'title' ? { bold: true } : {}) }) as Record<Role, object>;
const theme: Theme = { name: 'probe', roles };

const frame = (columns: number, rows: number): Frame => ({
  columns, rows,
  boxes: [{
    id: 'main', x: 0, y: 0, width: Math.min(40, columns), height: Math.min(6, rows), border: true, focused: true, title: [{ text: '1 Probe', role: 'title' }],
    lines: [[{ text: 'READY ', role: 'text' }, { text: 'colour', role: 'accent' }], [{ text: 'esc \x1b[31mred {bold}tag{/bold}', role: 'text' }], [{ text: `size ${columns}x${rows}`, role: 'text' }], [{ text: '日本 ✓ e\u0301', role: 'text' }]],
    figure: null, scroll: { above: 0, below: 3 },
  }],
  cursor: { x: 1, y: 4 },
});

const save = (): void => {
  writeFileSync(`${file}.new`, JSON.stringify(heard));
  renameSync(`${file}.new`, file);
};
const show = (): void => screen.draw(frame(screen.size().columns, screen.size().rows));
const screen = openScreen({
  input: process.stdin, output: process.stdout, terminfo: fileURLToPath(new URL('../../assets/terminfo', import.meta.url)), term: process.env['TERM'] ?? '', platform: process.platform, theme,
  ascii: process.env['PROBE_ASCII'] === '1', color: process.env['NO_COLOR'] === undefined,
}, {
  key: (key) => {
    if (key.name === 'C-z') return screen.suspend();
    if (key.name === 'q') {
      screen.close();
      process.exitCode = 0;
      return;
    }
    if (key.name === 't') throw new Error('thrown on purpose');
    heard.push(key.text === null ? key.name : `${key.name}=${key.text}`);
    save();
  },
  mouse: (event) => { heard.push(`${event.action}@${event.x},${event.y}`); save(); },
  paste: (text) => { heard.push(`paste:${text}`); save(); },
  resize: show,
  resumed: () => { heard.push('resumed'); save(); show(); },
  ended: (why) => {
    if ('thrown' in why) {
      process.stderr.write(`defect: ${String(why.thrown)}\n`);
      return 70;
    }
    process.stderr.write(`ended by ${why.signal}\n`);
    return why.status;
  },
});
show();

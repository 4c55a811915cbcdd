// Makes the pictures of the README: a lesson played in a real pseudo-terminal, frame by frame, as one SVG, and each pane as a still. Run by `npm run record`.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Emulator } from './emulator.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const columns = 110;
const rows = 34;
const cell = { width: 8.4, height: 17 };
const palette = ['#1b1f27', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#c8ccd4', '#6b7280', '#ff7b86', '#b5e890', '#ffd68a', '#7cc4ff', '#dd9cf0', '#7fdbe6', '#ffffff'];

interface Shot {
  readonly picture: string;
  readonly seconds: number;
}

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** One row as runs of text that look the same, each placed by its own column so that no font can shift it. */
function rowOf(emulator: Emulator, y: number): string {
  const runs: { x: number; text: string; look: string }[] = [];
  for (let x = 0; x < columns; x++) {
    const { text, fg, bold, inverse } = emulator.cell(x, y);
    const color = fg === 'default' ? '#c8ccd4' : palette[fg] ?? '#c8ccd4';
    const look = `fill="${inverse ? '#1b1f27' : color}"${bold ? ' font-weight="bold"' : ''}${inverse ? ' data-inverse="1"' : ''}`;
    const last = runs.at(-1);
    if (last !== undefined && last.look === look) last.text += text === '' ? ' ' : text;
    else runs.push({ x, text: text === '' ? ' ' : text, look });
  }
  const top = y * cell.height;
  return runs.filter(({ text, look }) => text.trim() !== '' || look.includes('data-inverse')).map(({ x, text, look }) => {
    const back = look.includes('data-inverse') ? `<rect x="${(x * cell.width).toFixed(1)}" y="${top}" width="${(text.length * cell.width).toFixed(1)}" height="${cell.height}" fill="#c8ccd4"/>` : '';
    return `${back}<text x="${(x * cell.width).toFixed(1)}" y="${top + 13}" textLength="${(text.trimEnd().length * cell.width).toFixed(1)}" ${look.replace(' data-inverse="1"', '')}>${escaped(text.trimEnd())}</text>`;
  }).join('');
}

const shoot = (emulator: Emulator, seconds: number): Shot => ({ picture: Array.from({ length: rows }, (_, y) => rowOf(emulator, y)).join('\n'), seconds });

/** The frames one after the other, for ever: each is visible for its share of the time. */
function svgOf(shots: readonly Shot[]): string {
  const total = shots.reduce((sum, shot) => sum + shot.seconds, 0);
  let at = 0;
  const frames = shots.map(({ picture, seconds }, index) => {
    const from = (at / total) * 100;
    at += seconds;
    const to = (at / total) * 100;
    const rule = `@keyframes f${index}{0%,${from.toFixed(2)}%{visibility:${index === 0 ? 'visible' : 'hidden'}}${(from + 0.01).toFixed(2)}%,${(to - 0.01).toFixed(2)}%{visibility:visible}${to.toFixed(2)}%,100%{visibility:hidden}}.f${index}{animation:f${index} ${total}s linear infinite;visibility:hidden}`;
    return { rule, group: `<g class="f${index}">\n${picture}\n</g>` };
  });
  const width = columns * cell.width + 20;
  const height = rows * cell.height + 20;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="-10 -10 ${width} ${height}" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14" xml:space="preserve"><style>text{white-space:pre}${frames.map(({ rule }) => rule).join('')}</style>\n<rect x="-10" y="-10" width="${width}" height="${height}" rx="8" fill="#1b1f27"/>\n${frames.map(({ group }) => group).join('\n')}\n</svg>\n`;
}

/** One frame that stands still. */
function stillOf({ picture }: Shot): string {
  const [width, height] = [columns * cell.width + 20, rows * cell.height + 20];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="-10 -10 ${width} ${height}" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14" xml:space="preserve"><style>text{white-space:pre}</style>\n<rect x="-10" y="-10" width="${width}" height="${height}" rx="8" fill="#1b1f27"/>\n${picture}\n</svg>\n`;
}

const opened = (lesson: string | null): Emulator => new Emulator(process.execPath, [join(root, 'bin/k8snet-lab.js'), ...(lesson === null ? [] : [lesson]), '--no-motion'], {
  columns, rows, env: { XDG_DATA_HOME: mkdtempSync(join(tmpdir(), 'k8snet-record-')) },
});

/** The still pictures: a lesson, the keys that lead there, and what is seen when it is there. */
const stills: Readonly<Record<string, { readonly lesson: string | null; readonly keys: readonly string[]; readonly sees: string }>> = {
  map: { lesson: null, keys: ['down', 'down'], sees: 'An empty endpoint list' },
  layers: { lesson: 'empty-endpoint-list', keys: ['b', '3', '.'], sees: 'broke here' },
  dns: { lesson: 'a-name-in-another-namespace', keys: ['s', 's', 's', '4', '.'], sees: 'coredns' },
  policy: { lesson: 'default-deny-then-allow', keys: ['s', 's', 's', 's', '6', 'down', 'right', 'right'], sees: 'nothing may be sent' },
  service: { lesson: 'three-ports', keys: ['s', '7'], sees: 'broken here' },
  network: { lesson: 'tour-four-layers', keys: ['s', '8', 'm', 'm', '+'], sees: 'rules and tables it meets' },
  plugins: { lesson: 'a-policy-nobody-enforces', keys: ['s', '8', 'm', '+'], sees: 'overhead' },
};

mkdirSync(join(root, 'assets/recordings'), { recursive: true });
for (const [name, { lesson, keys, sees }] of Object.entries(stills)) {
  const still = opened(lesson);
  try {
    await still.settled(400);
    await still.presses(...keys);
    await still.sees(sees);
    await still.settled(300);
    writeFileSync(join(root, `assets/recordings/${name}.svg`), stillOf(shoot(still, 1)));
  } finally {
    still.dispose();
  }
}
process.stdout.write(`${Object.keys(stills).length} stills in assets/recordings\n`);

const emulator = opened('empty-endpoint-list');
const shots: Shot[] = [];
const shot = async (seconds: number): Promise<void> => {
  await emulator.settled(150);
  shots.push(shoot(emulator, seconds));
};
try {
  await emulator.sees('Ticket from the checkout team');
  await shot(4);
  await emulator.presses('down', 'enter');
  await shot(3);
  await emulator.presses('3', '.');
  await shot(3);
  await emulator.presses('enter');
  await shot(3);
  await emulator.presses('escape', '5');
  for (const part of ['kubectl describe ', 'service api -n shop']) {
    await emulator.types(part);
    await shot(0.7);
  }
  await emulator.presses('enter');
  await shot(3);
  await emulator.types('kubectl get pods -n shop --show-labels');
  await emulator.presses('enter');
  await shot(3);
  await emulator.types(`kubectl patch service api -n shop --type json -p '[{"op":"remove","path":"/spec/selector/tier"}]'`);
  await shot(1.5);
  await emulator.presses('enter');
  await shot(5);
} finally {
  emulator.dispose();
}
writeFileSync(join(root, 'assets/recordings/empty-endpoint-list.svg'), svgOf(shots));
process.stdout.write(`${shots.length} frames in assets/recordings/empty-endpoint-list.svg\n`);

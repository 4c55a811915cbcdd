// Holds the house together: reads every import of src and says which go up, beside or round in a circle, and which reach the world from where they may not.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import typescript from 'typescript';

/** Rooms by floor; a room is a folder, or a file that stands alone. */
const floors: readonly (readonly string[])[] = [
  ['src/sim/base/'], ['src/sim/model/'], ['src/sim/cluster/'], ['src/sim/cni/', 'src/sim/policy/', 'src/sim/dns/', 'src/sim/edge/'], ['src/sim/controlplane/'], ['src/sim/dataplane/'],
  ['src/sim/lab.ts'], ['src/index.ts', 'src/shell/'], ['src/lesson/'], ['src/app/'], ['src/view/'], ['src/terminal/', 'src/disk/'], ['src/cli/'], ['src/main.ts'],
];

/** Who alone may import what; a name ending in `*` stands for all that start so. */
const only: readonly (readonly [string, readonly string[]])[] = [
  ['blessed*', ['src/terminal/']], ['node:fs*', ['src/disk/']], ['write-file-atomic', ['src/disk/']], ['env-paths', ['src/disk/']], ['commander', ['src/cli/']],
  ['ipaddr.js', ['src/sim/base/']], ['shell-quote', ['src/shell/']], ['../package.json', ['src/main.ts']], ['node:*', ['src/terminal/', 'src/disk/', 'src/cli/', 'src/main.ts']],
];

const pure = /^src\/(sim|shell|lesson|app|view|index)\b/;
const dice = /\bnew Date\(\s*\)|\bDate\.now\b|(?<!\bnew )\bDate\(|\.get(Hours|Minutes|Seconds|Date|Day|Month|FullYear)\(|\bMath\.random\b|\blocaleCompare\b|\btoLocale\w+|\bIntl\b(?!\.Segmenter)|\bperformance\.|\bset(Timeout|Interval|Immediate)\b|\bprocess\.|\bcrypto\b/;

/** Every fault in files given by path, as one line each. */
function faults(files: ReadonlyMap<string, string>): string[] {
  const found: string[] = [];
  const roomOf = (file: string): { floor: number; room: string } => {
    const floor = floors.findIndex((rooms) => rooms.some((room) => file.startsWith(room)));
    return { floor, room: floors[floor]?.find((room) => file.startsWith(room)) ?? '' };
  };
  const graph = new Map<string, string[]>();
  for (const [file, text] of files) {
    const from = roomOf(file);
    if (from.floor < 0) found.push(`${file}: stands in no room`);
    const code = text.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
    const throws = pure.test(file) ? dice.exec(code)?.[0] : undefined;
    if (throws !== undefined) found.push(`${file}: ${throws} is a clock, a die, a locale or the world`);
    const targets: string[] = [];
    for (const { fileName: name } of typescript.preProcessFile(text, true, true).importedFiles) {
      const rule = only.find(([pattern]) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
      if (rule !== undefined && !rule[1].some((room) => file.startsWith(room))) found.push(`${file}: imports ${name}, which is for ${rule[1].join(', ')}`);
      if (!name.startsWith('.') || rule !== undefined) continue;
      const target = path.posix.join(path.posix.dirname(file), name);
      if (!files.has(target)) { found.push(`${file}: imports ${name}, which is not there`); continue; }
      const to = roomOf(target);
      if (to.room !== from.room && to.floor >= from.floor) found.push(`${file}: imports ${target}, which is ${to.floor === from.floor ? 'beside' : 'above'} it`);
      targets.push(target);
    }
    graph.set(file, targets);
  }
  const done = new Set<string>();
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) found.push(`circle: ${[...way.slice(way.indexOf(file)), file].join(' → ')}`);
    else if (!done.has(file)) {
      for (const target of graph.get(file) ?? []) visit(target, [...way, file]);
      done.add(file);
    }
  };
  for (const file of files.keys()) visit(file, []);
  return found;
}

test('the checker names an import that goes up, beside, in a circle, to the world, or nowhere', () => {
  const fake = new Map([
    ['src/sim/base/low.ts', "import type { High } from '../dataplane/high.ts';"],
    ['src/sim/dataplane/high.ts', ''],
    ['src/sim/cni/left.ts', "export { right } from '../policy/right.ts';"],
    ['src/sim/policy/right.ts', "// Date.now() in a comment is none\nconst now = Date.now();"],
    ['src/view/one.ts', "import type { Two } from './two.ts';"],
    ['src/view/two.ts', "type One = import('./one.ts').One;\nconst world = await import('node:fs');"],
    ['src/app/three.ts', "import './four.ts'; import blessed from 'blessed';"],
    ['src/attic/five.ts', ''],
  ]);
  assert.deepEqual(faults(fake).sort(), [
    'circle: src/view/one.ts → src/view/two.ts → src/view/one.ts',
    'src/app/three.ts: imports ./four.ts, which is not there',
    'src/app/three.ts: imports blessed, which is for src/terminal/',
    'src/attic/five.ts: stands in no room',
    'src/sim/base/low.ts: imports src/sim/dataplane/high.ts, which is above it',
    'src/sim/cni/left.ts: imports src/sim/policy/right.ts, which is beside it',
    'src/sim/policy/right.ts: Date.now is a clock, a die, a locale or the world',
    'src/view/two.ts: imports node:fs, which is for src/disk/',
  ]);
});

test('every room imports from lower floors only, and nothing goes round in a circle', () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const names = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' }).map((name) => `src/${name.split(path.sep).join('/')}`).filter((name) => name.endsWith('.ts')).sort();
  assert.ok(names.length > 10);
  assert.deepEqual(faults(new Map(names.map((name) => [name, readFileSync(path.join(root, name), 'utf8')]))), []);
});

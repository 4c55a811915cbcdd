// What a user gets: packs the package, runs it with npx in an empty folder with an empty cache, and uses it as a library in a project without our tools.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const room = realpathSync(mkdtempSync(path.join(tmpdir(), 'k8snet-lab-smoke-')));
const empty = path.join(room, 'empty');
const consumer = path.join(room, 'consumer');
mkdirSync(empty);
mkdirSync(consumer);

// npm tells its children of the project that it runs in, and a tool that runs this may have a cache: neither is a user's.
const env = { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))), npm_config_cache: path.join(room, 'cache'), XDG_DATA_HOME: path.join(room, 'data'), NO_COLOR: '1' };

/** Runs a command line and gives its status and outputs. */
function run(folder, command, ...args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8', timeout: 120_000 });
  if (error !== undefined) throw error;
  console.log(`  ${status} ${[path.basename(command), ...args].join(' ')}`);
  return { status, stdout, stderr };
}

/** The same, for what must succeed. */
function must(folder, command, ...args) {
  const ran = run(folder, command, ...args);
  assert.equal(ran.status, 0, `${command} ${args.join(' ')}\n${ran.stdout}\n${ran.stderr}`);
  return ran.stdout;
}

try {
  const packed = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', empty], { cwd: root, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }));
  const { filename, files, size, unpackedSize } = packed[0] ?? Object.values(packed)[0];
  console.log(`  ${filename}: ${files.length} files, ${Math.round(size / 1024)} kB packed, ${Math.round(unpackedSize / 1024)} kB unpacked`);
  const names = files.map((file) => file.path);
  for (const wanted of ['bin/k8snet-lab.js', 'dist/k8snet-lab.js', 'dist/index.js', 'dist/index.d.ts', 'assets/terminfo/xterm-256color', 'NOTICES.md', 'LICENSE', 'README.md', 'lessons/course.yaml']) assert.ok(names.includes(wanted), `${wanted} is not in the package`);
  assert.deepEqual(names.filter((name) => /^(src|test|node_modules|assets\/build)\//.test(name)), []);

  const lab = (...args) => ['--yes', `./${filename}`, ...args];
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  assert.equal(must(empty, 'npx', ...lab('--version')), `${version}\n`);
  assert.match(must(empty, 'npx', ...lab('--help')), /trace.*\n[\s\S]*verify/);
  const course = JSON.parse(must(empty, 'npx', ...lab('lessons', '-o', 'json')));
  const lessons = course.modules.flatMap((module) => module.lessons.map(({ name }) => name));
  assert.ok(lessons.length > 0, 'no lessons');
  const proof = JSON.parse(must(empty, 'npx', ...lab('verify', '-o', 'json')));
  assert.deepEqual(proof.lessons.map(({ lesson, proven }) => [lesson, proven]), lessons.map((lesson) => [lesson, true]));

  writeFileSync(path.join(empty, 'shop.yaml'), 'apiVersion: v1\nkind: Pod\nmetadata: { name: web, annotations: { k8snet-lab/listen: "0.0.0.0:8080/TCP" } }\nspec: { containers: [{ name: web, image: web }] }\n');
  const trace = ['trace', '-f', 'shop.yaml', '--from', 'default/web', '--to'];
  assert.equal(JSON.parse(must(empty, 'npx', ...lab(...trace, 'http://localhost:8080/', '-o', 'json'))).verdict, 'delivered');
  const refused = run(empty, 'npx', ...lab(...trace, 'http://localhost:81/', '-o', 'json'));
  assert.equal(refused.status, 1);
  assert.equal(JSON.parse(refused.stdout).verdict, 'refused');
  const missing = run(empty, 'npx', ...lab('trace', '-f', 'nothing.yaml', '--from', 'default/web', '--to', 'icmp://localhost'));
  assert.deepEqual([missing.status, missing.stdout], [2, '']);
  assert.match(missing.stderr, /nothing\.yaml/);

  writeFileSync(path.join(consumer, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }\n');
  writeFileSync(path.join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions: { module: 'NodeNext', target: 'ES2022', lib: ['ES2022', 'DOM'], types: [], strict: true, skipLibCheck: false, outDir: 'out', rootDir: '.' }, include: ['consumer.ts'] }));
  copyFileSync(path.join(root, 'test/smoke/consumer.ts'), path.join(consumer, 'consumer.ts'));
  must(consumer, 'npm', 'install', '--offline', '--no-audit', '--no-fund', path.join(empty, filename));
  must(consumer, process.execPath, path.join(root, 'node_modules/typescript/bin/tsc'), '-p', '.');
  assert.equal(must(consumer, process.execPath, 'out/consumer.js'), 'delivered\n');
  console.log('The packed package works.');
} finally {
  rmSync(room, { recursive: true, force: true });
}

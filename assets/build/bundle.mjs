// Builds what is published: dist/k8snet-lab.js (the program, one file), dist/index.js (the simulation as a library), NOTICES.md, and with --types dist/index.d.ts.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { blessedInABundle, external } from './blessed-in-a-bundle.mjs';
import { notices } from './notices.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

// Libraries in CommonJS call require and ask for their folder; an ES module has neither.
const banner = [
  "import { createRequire as bundleRequire } from 'node:module';",
  "import { fileURLToPath as bundlePath } from 'node:url';",
  'const require = bundleRequire(import.meta.url), __filename = bundlePath(import.meta.url), __dirname = bundlePath(new URL(".", import.meta.url));',
].join('\n');

/** Of package.json only what the program says about itself. @type {import('esbuild').Plugin} */
const ownVersion = {
  name: 'own-version',
  setup(builder) {
    builder.onLoad({ filter: /^/, namespace: 'file' }, async ({ path: file }) => {
      if (file !== path.join(root, 'package.json')) return undefined;
      const { name, version } = JSON.parse(await readFile(file, 'utf8'));
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });
  },
};

/** Beside its place first, then renamed: who runs the old one meanwhile never sees half of the new one. */
async function place(file, contents) {
  const full = path.join(root, file);
  const beside = `${full}.${process.pid}.new`;
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(beside, contents);
  await rename(beside, full);
}

async function bundle(entry, outfile, more = {}) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root, entryPoints: [entry], outfile, bundle: true, write: false, metafile: true, platform: 'node', format: 'esm', target: 'node20',
    // Names stay: a report of a defect should be readable. The rest is smaller, and so read faster at every start.
    // Lines are kept short, because Node prints the line of an error that nobody caught.
    minifySyntax: true, minifyWhitespace: true, lineLimit: 160,
    // The build of yaml that needs nothing of Node: it leaves out what is not used, and the library runs anywhere.
    alias: { yaml: path.join(root, 'node_modules/yaml/browser/dist/index.js') },
    external, plugins: [ownVersion, blessedInABundle], logLevel: 'warning', legalComments: 'none', ...more,
  });
  for (const file of outputFiles) await place(path.relative(root, file.path), file.contents);
  return Object.keys(metafile.inputs);
}

async function types() {
  const { generateDtsBundle } = createRequire(import.meta.url)('dts-bundle-generator');
  const [text] = generateDtsBundle([{ filePath: path.join(root, 'src/index.ts'), output: { noBanner: true, exportReferencedTypes: false } }], { preferredConfigPath: path.join(root, 'tsconfig.json') });
  await place('dist/index.d.ts', text);
}

const inputs = await Promise.all([bundle('src/main.ts', 'dist/k8snet-lab.js', { banner: { js: banner } }), bundle('src/index.ts', 'dist/index.js')]);
await place('NOTICES.md', await notices(root, inputs.flat()));
if (process.argv.includes('--types')) await types();

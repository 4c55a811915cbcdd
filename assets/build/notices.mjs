// The notices of everything that is bundled, from the licence files of the packages that esbuild says it read.
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

const licenceFile = /^(licen[cs]e|copying|notice)/i;

/** The folder of the package that a file belongs to: what follows the last node_modules. */
function packageFolder(file) {
  const parts = file.split('/');
  const at = parts.lastIndexOf('node_modules');
  if (at < 0) return undefined;
  return parts.slice(0, at + (parts[at + 1]?.startsWith('@') ? 3 : 2)).join('/');
}

const people = ({ author, contributors = [], maintainers = [] }) =>
  [author, ...contributors, ...maintainers].filter(Boolean).map((person) => (typeof person === 'string' ? person : person.name)).slice(0, 1).join('');

async function notice(root, folder) {
  const manifest = JSON.parse(await readFile(path.join(root, folder, 'package.json'), 'utf8'));
  const licence = typeof manifest.license === 'string' ? manifest.license : manifest.license?.type ?? manifest.licenses?.map(({ type }) => type).join(' OR ');
  const files = (await readdir(path.join(root, folder))).filter((name) => licenceFile.test(name)).sort();
  const texts = await Promise.all(files.map(async (name) => (await readFile(path.join(root, folder, name), 'utf8')).replace(/\r\n?/g, '\n').trim()));
  if (licence === undefined && texts.length === 0) throw new Error(`${manifest.name} states no licence: it may not be bundled`);
  const text = texts.length > 0 ? texts.join('\n\n') : `Copyright (c) ${people(manifest) || `the authors of ${manifest.name}`}\n\nLicensed as ${licence} by its package.json; the package has no licence file.`;
  const title = `${manifest.name} ${manifest.version}`;
  return { title, text: `## ${title}\n\n${licence ?? 'See below'}\n\n${text.split('\n').map((line) => (line.trim() === '' ? '' : `    ${line.trimEnd()}`)).join('\n')}\n` };
}

/**
 * NOTICES.md as text: one part a package, sorted, the same bytes on every machine.
 * @param {string} root
 * @param {readonly string[]} inputs paths that esbuild's metafiles name, relative to the root
 */
export async function notices(root, inputs) {
  const folders = [...new Set(inputs.map((file) => packageFolder(file)).filter((folder) => folder !== undefined))];
  const byTitle = new Map((await Promise.all(folders.map((folder) => notice(root, folder)))).map(({ title, text }) => [title, text]));
  const parts = [...byTitle].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, text]) => text);
  return `# Notices\n\nk8snet-lab is published as a bundle. It contains the packages below, each under its own licence, and in \`assets/terminfo\` the terminal descriptions that come with blessed.\n\n${parts.join('\n')}`;
}

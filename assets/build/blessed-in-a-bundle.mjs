// What blessed and blessed-contrib need before they can live in a bundle, and start fast there; used by bundle.mjs.
import { readFile } from 'node:fs/promises';

/** Requires that never run in the lab: a terminal inside the terminal. */
export const external = ['term.js', 'pty.js'];

/** Replaces what must be there: a library that is not as it was fails the build, not the user's screen. */
function replaced(source, pattern, replacement, name) {
  if (!pattern.test(source)) throw new Error(`${name} is not as it was: adapt assets/build/blessed-in-a-bundle.mjs`);
  return source.replace(pattern, replacement);
}

const onUse = (names, file) => names.map((name) => `Object.defineProperty(widget, '${name}', { enumerable: true, get: function() { return require('./widgets/${file}'); } });`).join('\n');

/**
 * blessed lists its widgets by name and requires them in a loop, which no bundler can follow: the loop is written out.
 * Each is loaded when it is first used; the lab uses four of thirty-four.
 * @param {string} source of blessed/lib/widget.js
 */
export function writeOutWidgets(source) {
  const list = /widget\.classes = \[([\s\S]*?)\];/.exec(source)?.[1] ?? '';
  const classes = [...list.matchAll(/'(\w+)'/g)].map(([, name = '']) => name);
  const aliases = [...(/widget\.aliases = \{([\s\S]*?)\};/.exec(source)?.[1] ?? '').matchAll(/'(\w+)': '(\w+)'/g)];
  const lines = [
    ...classes.map((name) => onUse([...new Set([name, name.toLowerCase()])], name.toLowerCase())),
    ...aliases.map(([, alias = '', name = '']) => onUse([alias, alias.toLowerCase()].filter((each) => each !== name.toLowerCase()), name.toLowerCase())),
  ];
  const withClasses = replaced(source, /widget\.classes\.forEach\(function\(name\) \{[\s\S]*?\n\}\);/, () => lines.join('\n'), 'blessed/lib/widget.js');
  return replaced(withClasses, /Object\.keys\(widget\.aliases\)\.forEach\(function\(key\) \{[\s\S]*?\n\}\);/, '', 'blessed/lib/widget.js');
}

/** blessed copies every widget to itself, which would load them all. @param {string} source of blessed/lib/blessed.js */
export const mergeWithoutLoading = (source) =>
  replaced(source, /blessed\.helpers\.merge\(blessed, blessed\.widget\);/, 'Object.defineProperties(blessed, Object.getOwnPropertyDescriptors(blessed.widget));', 'blessed/lib/blessed.js');

/** The chart takes one function out of all of lodash, in a version with known advisories. @param {string} source of blessed-contrib/lib/widget/charts/line.js */
export const withoutLodash = (source) =>
  replaced(source, /_ = require\('lodash'\)/, '_ = { max: function(list) { return list.reduce(function(most, each) { return most === undefined || each > most ? each : most; }, undefined); } }', 'blessed-contrib/lib/widget/charts/line.js');

/**
 * `new Buffer` is deprecated; the warning is hidden inside node_modules, but would be printed over the screen out of a bundle.
 * @param {string} source of any module
 */
export const withoutNewBuffer = (source) =>
  source.replace(/new Buffer\(([^()]*)\)/g, (_, inner) => (/,\s*['"]/.test(inner) ? `Buffer.from(${inner})` : `Buffer.alloc(${inner})`));

const changes = [
  [/[\\/]blessed[\\/]lib[\\/]widget\.js$/, writeOutWidgets],
  [/[\\/]blessed[\\/]lib[\\/]blessed\.js$/, mergeWithoutLoading],
  [/[\\/]blessed-contrib[\\/]lib[\\/]widget[\\/]charts[\\/]line\.js$/, withoutLodash],
];

/** @type {import('esbuild').Plugin} */
export const blessedInABundle = {
  name: 'blessed-in-a-bundle',
  setup(build) {
    build.onLoad({ filter: /[\\/]node_modules[\\/](blessed|blessed-contrib|drawille-blessed-contrib)[\\/].*\.js$/ }, async ({ path }) => {
      const source = withoutNewBuffer(await readFile(path, 'utf8'));
      return { contents: changes.filter(([file]) => file.test(path)).reduce((text, [, change]) => change(text), source), loader: 'js' };
    });
  },
};

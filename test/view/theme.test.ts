// Themes are data, and every one that comes with the lab has a look for every role.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decodeTheme, roles } from '../../src/view/theme.ts';

const folder = fileURLToPath(new URL('../../assets/themes/', import.meta.url));

for (const file of readdirSync(folder)) {
  test(`${file} is whole`, () => {
    const theme = decodeTheme(readFileSync(`${folder}${file}`, 'utf8'), file);
    assert.ok(theme.ok, theme.ok ? '' : theme.failures.map(({ says }) => says).join('; '));
    assert.equal(`${theme.value.name}.json`, file);
  });
}

test('the theme that is there at first uses only the colours of the terminal', () => {
  const theme = decodeTheme(readFileSync(`${folder}dark.json`, 'utf8'), 'dark.json');
  assert.ok(theme.ok);
  for (const role of roles) for (const colour of [theme.value.roles[role].fg, theme.value.roles[role].bg]) assert.equal(typeof colour, 'string');
});

test('a theme with a slip is told all of it', () => {
  const theme = decodeTheme('{ "name": "x", "roles": { "text": { "fg": "mauve" }, "nothing": {} } }', 'x.json');
  assert.ok(!theme.ok);
  assert.ok(theme.failures.some(({ says }) => says.includes('mauve')) && theme.failures.some(({ says }) => says.includes('nothing')) && theme.failures.length >= roles.length);
  assert.ok(!decodeTheme('{', 'x.json').ok && !decodeTheme('[]', 'x.json').ok);
});

// Scenario folders: a cluster and what becomes of each call in it, one line a call: FROM > TO > VERDICT REASON LAYER OBJECT FIELD.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { openLab, parseSource, parseTarget, send, type Lab } from '../../src/sim/lab.ts';
import { refText } from '../../src/sim/model/object.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Names that controllers made up are left out: `shop/web-6d4cf56db6-k2x8p` is `shop/web-*`. */
const stable = (text: string): string => text.replace(/-[bcdf4-9]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '-*').replace(/(EndpointSlice \S+)-[bcdfghjklmnpqrstvwxz2456789]{5}$/, '$1-*');

function line(lab: Lab, from: string, to: string): string {
  const source = parseSource(from, lab.network);
  const target = parseTarget(to);
  assert.ok(source.ok && target.ok, JSON.stringify([source, target]));
  const { verdict, shown } = send(lab, { from: source.value, to: target.value });
  return [verdict, shown.reason, shown.layer ?? '-', shown.object === null ? '-' : stable(refText(shown.object)), shown.field ?? '-'].join(' ');
}

for (const folder of readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort()) {
  test(`scenario ${folder}: every call ends as it is written down`, () => {
    const files = readdirSync(`${here}${folder}`).filter((name) => name.endsWith('.yaml')).sort().map((name) => ({ path: name, text: readFileSync(`${here}${folder}/${name}`, 'utf8') }));
    const opened = openLab(files);
    assert.ok(opened.ok, opened.ok ? '' : JSON.stringify(opened.failures, null, 1));
    const calls = readFileSync(`${here}${folder}/calls.txt`, 'utf8').split('\n').filter((text) => text !== '' && !text.startsWith('#'));
    assert.ok(calls.length > 0);
    const got = calls.map((call) => {
      const [from = '', to = ''] = call.split(' > ');
      return `${from} > ${to} > ${line(opened.value, from, to)}`;
    });
    assert.deepEqual(got, calls);
  });
}

// What a person sees, pane by pane and size by size. `UPDATE=1` writes the pictures anew; look at them before they are kept.
import test from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { frameOf } from '../../src/view/frame-of.ts';
import { Player } from '../app/player.ts';
import { assertFrame } from './frame-laws.ts';

const sizes = ['160x50', '120x40', '100x30', '80x24'] as const;

/** Each a way to get there. */
const scenes: Readonly<Record<string, (size: string) => Player>> = {
  map: (size) => new Player({ size }),
  story: (size) => new Player({ lesson: 'empty-endpoint-list', size }),
  intents: (size) => new Player({ lesson: 'empty-endpoint-list', size }).press('s', '2', 'down'),
  layers: (size) => new Player({ lesson: 'empty-endpoint-list', size }).press('b', '3', '.'),
  dns: (size) => new Player({ lesson: 'a-name-in-another-namespace', size }).press('s', 's', 's', '4', '.'),
  'not-run': (size) => new Player({ lesson: 'empty-endpoint-list', size }).press('3'),
  ndots: (size) => new Player({ lesson: 'a-name-in-another-namespace', size }).press('s', '4', ':').types('lookup gateway.payments').press('enter', 'o'),
  policy: (size) => new Player({ lesson: 'default-deny-then-allow', size }).press('s', 's', 's', 's', '6', 'down', 'right', 'right', 'right'),
  matrix: (size) => new Player({ lesson: 'default-deny-then-allow', size }).press('s', 's', 's', 's', '6', 'm', 'down', 'right', 'right', 'right'),
  service: (size) => new Player({ lesson: 'three-ports', size }).press('s', '7'),
  network: (size) => new Player({ lesson: 'tour-four-layers', size }).press('s', '8', 'down'),
  plugins: (size) => new Player({ lesson: 'a-policy-nobody-enforces', size }).press('s', '8', 'm'),
  cost: (size) => new Player({ lesson: 'tour-four-layers', size }).press('s', '8', 'm', 'm'),
  'plugin-list': (size) => new Player({ lesson: 'a-policy-nobody-enforces', size }).press('s', '8', 'p'),
  'without-policies': (size) => new Player({ lesson: 'default-deny-then-allow', size }).press('s', 's', 's', 's', '6', 'm', 'p'),
  outside: (size) => new Player({ lesson: 'default-deny-then-allow', size }).press('s', 's', 's', 's', ':').types('policy outside web').press('enter'),
  fields: (size) => new Player({ lesson: 'empty-endpoint-list', size }).press('s', 'e').types('service/shop/api').press('enter', 'C-f').types('selector:').press('enter', 'escape', 'end', 'enter', 'backspace').types('ext').press('tab'),
  surprise: (size) => new Player({ lesson: 'empty-endpoint-list', size }).press('a'),
  opened: (size) => new Player({ lesson: 'empty-endpoint-list', size }).press('b', '3', '.', 'enter'),
  shell: (size) => new Player({ lesson: 'empty-endpoint-list', size }).press('s').runs('kubectl exec -it -n shop deploy/web -- sh').runs('curl -sS http://api:8080/'),
  terminal: (size) => new Player({ lesson: 'empty-endpoint-list', size }).press('s').runs('kubectl get pods -n shop').runs('kubectl exec -n shop deploy/web -- curl -sS http://api:8080/'),
  editor: (size) => new Player({ lesson: 'empty-endpoint-list', size }).press('s', 'e').types('service/shop/api').press('enter', 'S-down', 'S-down'),
  solved: (size) => new Player({ lesson: 'empty-endpoint-list', size }).press('b').runs(`kubectl patch service api -n shop --type json -p '[{"op":"remove","path":"/spec/selector/tier"}]'`).press('escape', '1'),
  help: (size) => new Player({ lesson: 'empty-endpoint-list', size }).press('s', '?'),
};

for (const [name, scene] of Object.entries(scenes)) {
  for (const size of sizes) {
    test(`${name} at ${size} looks as it did`, () => {
      const player = scene(size);
      assertFrame(frameOf(player.state), `${name} at ${size}`);
      const file = fileURLToPath(new URL(`../golden/frames/${name}.${size}.txt`, import.meta.url));
      if (process.env['UPDATE'] === '1') writeFileSync(file, `${player.screen}\n`);
      assert.ok(existsSync(file), `${file} is missing: run with UPDATE=1 and look at it`);
      assert.equal(`${player.screen}\n`, readFileSync(file, 'utf8'));
    });
  }
}

// What lessons and manifests say is data: escape sequences, tags and direction marks are shown in every pane at every size, and none is obeyed.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openLab } from '../../src/sim/lab.ts';
import type { PaneName } from '../../src/app/state.ts';
import { paintBox } from '../../src/terminal/paint.ts';
import { frameOf } from '../../src/view/frame-of.ts';
import { plainText } from '../../src/view/plain.ts';
import { decodeTheme } from '../../src/view/theme.ts';
import { Player, realLesson } from '../app/player.ts';
import { assertFrame } from './frame-laws.ts';

const esc = '\u001b';
const evil = `${esc}[2J${esc}]0;owned\u0007{bold}{red-fg}tag{/}\u202egnp.exe\u2066\u009b31m\r\b{center}`;
const panes: readonly PaneName[] = ['story', 'intents', 'layers', 'dns', 'policy', 'service', 'network', 'terminal'];
const sizes = [[160, 50], [120, 40], [100, 30], [80, 24]] as const;

const read = decodeTheme(readFileSync(fileURLToPath(new URL('../../assets/themes/dark.json', import.meta.url)), 'utf8'), 'dark.json');
assert.ok(read.ok);
const theme = read.value;

/** Every box as it goes to blessed: styles are the only sequences in it. */
function assertPainted(player: Player, where: string): void {
  const frame = frameOf(player.state);
  assertFrame(frame, where);
  for (const box of frame.boxes) {
    const painted = paintBox(box, { theme, ascii: false, color: true }).replace(/\u001b\[[0-9;]*m/g, '');
    assert.ok(!/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(painted), `${where}: ${box.id} would send ${JSON.stringify(painted.match(/[^\n]{0,20}[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069][^\n]{0,20}/)?.[0])}`);
  }
}

function everywhere(player: Player, where: string): void {
  for (const [columns, rows] of sizes) {
    player.resizes(columns, rows);
    for (const pane of panes) {
      player.hears({ kind: 'pane-chosen', pane });
      assertPainted(player, `${where}, ${pane} at ${columns}x${rows}`);
    }
  }
}

test('a lesson whose every word is hostile is read in every pane', () => {
  const lesson = realLesson('empty-endpoint-list');
  const english = lesson.texts['en'];
  assert.ok(english);
  const bad = {
    ...lesson, title: evil, intents: lesson.intents.map((intent) => ({ ...intent, say: evil })),
    texts: { en: { ...english, story: `${evil}\n\n- ${evil}\n\n\`${evil}\`\n\n| ${evil} | b |\n| - | - |\n| ${evil} | d |`, hints: [evil], debrief: evil, predictions: Object.fromEntries(Object.keys(english.predictions).map((id) => [id, evil])) } },
  };
  const player = new Player({ start: { kind: 'lesson', lesson: bad } });
  everywhere(player, 'asked');
  player.hears({ kind: 'question-skipped' }).hears({ kind: 'hint-asked' }).hears({ kind: 'hint-asked' });
  everywhere(player, 'skipped');
  player.hears({ kind: 'line-given', text: `kubectl patch service api -n shop --type json -p '[{"op":"remove","path":"/spec/selector/tier"}]'` });
  everywhere(player, 'solved');
  assert.ok(player.desk.story.solved);
  assert.ok(player.resizes(120, 40).screen.includes('{bold}'), 'tags are text');
  assert.ok(!/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(plainText(null, { ...player.state, options: { ...player.state.options, plain: true } })));
});

test('a cluster whose every free text is hostile is read in every pane, the terminal and the editor', () => {
  const text = JSON.stringify(evil);
  const lab = openLab([{ path: `${esc}[31mfile.yaml`, text: `
apiVersion: v1
kind: ConfigMap
metadata: { name: words, namespace: shop, annotations: { note: ${text} } }
data: { greeting: ${text} }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web }, annotations: { said: ${text} } }
spec: { containers: [ { name: main, image: ${text}, env: [ { name: WORDS, value: ${text} } ], ports: [ { containerPort: 80 } ] } ] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop, annotations: { said: ${text} } }
spec: { selector: { app: web }, ports: [ { port: 80 } ] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop, annotations: { said: ${text} } }
spec: { podSelector: {}, ingress: [ { from: [ { podSelector: { matchExpressions: [ { key: app, operator: In, values: [ web ] } ] } } ] } ] }
` }], { validate: false });
  assert.ok(lab.ok, lab.ok ? '' : lab.failures.map(({ says }) => says).join('; '));
  const player = new Player({ start: { kind: 'sandbox', lab: lab.value, title: evil } });
  player.hears({ kind: 'request-asked', from: 'shop/web', to: 'http://web/' });
  for (const line of ['kubectl get configmap words -n shop -o yaml', 'kubectl describe pod web -n shop', `echo '${evil}'`, 'kubectl exec -n shop web -- env', 'kubectl get cm -n shop words -o jsonpath={.data.greeting}']) {
    player.hears({ kind: 'line-given', text: line });
    assertPainted(player, line);
  }
  everywhere(player, 'sandbox');
  for (const name of ['configmap words -n shop', 'pod web -n shop', 'networkpolicy web -n shop']) {
    player.hears({ kind: 'line-given', text: `kubectl edit ${name}` });
    for (const [columns, rows] of sizes) assertPainted(player.resizes(columns, rows), `editor of ${name}`);
    player.hears({ kind: 'editor-edited', edit: { kind: 'insert', text: evil }, height: 10 }).hears({ kind: 'editor-compared' });
    assertPainted(player, `diff of ${name}`);
    player.hears({ kind: 'editor-left' }).hears({ kind: 'confirmed', yes: true });
  }
});

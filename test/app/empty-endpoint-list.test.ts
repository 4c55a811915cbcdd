// A person solves "an empty endpoint list" at the screen: from the ticket to the fix, two ways, and by a way that is none.
import test from 'node:test';
import assert from 'node:assert/strict';
import { Player } from './player.ts';

const open = (size = '120x40'): Player => new Player({ lesson: 'empty-endpoint-list', size });

/** To the row of the editor that holds the text. */
function toRow(player: Player, text: string): void {
  for (let tries = 0; tries < 200; tries++) {
    const editor = player.desk.editor;
    assert.ok(editor);
    if (editor.buffer.rows[editor.buffer.cursor.row]?.includes(text) === true) return;
    player.press('down');
  }
  assert.fail(`no row holds ${text}`);
}

test('the ticket is read, a prediction is made, and the surprise is shown', () => {
  const player = open();
  player.sees('An empty endpoint list', 'Ticket from the checkout team', 'What does web see?', '✓ 3 hold', '1 not run yet').press('a');
  player.sees('✗ 1 fails', 'you said delivered', 'it is refused', 'a surprise');
  assert.deepEqual(player.saved?.lessons['empty-endpoint-list']?.predictions, Object.fromEntries(Object.keys(player.saved?.lessons['empty-endpoint-list']?.predictions ?? {}).map((id) => [id, 'surprised'])));
});

test('the layers show where it broke, and the hop gives its evidence', () => {
  const player = open().press('s', '3').sees('✗ broke here', 'not reached', 'not on this road', 'hop 1 of 2');
  player.press('.').sees('hop 2 of 2', 'field spec.selector', 'kubectl get endpointslices -n shop').press(',').sees('hop 1 of 2').press('.', 'enter');
  player.sees('station kube-proxy, reject', 'Enter runs it in the terminal').press('enter').sees('$ kubectl get endpointslices -n shop', 'ADDRESSTYPE');
});

test('the cause is named by lists: layer, object, field', () => {
  const player = open().press('s', 'D').sees('The cause: which layer?').press('d').sees('In service: which object?');
  while (!player.screen.includes('▸ ') || !/▸ \w Service\/shop\/api/.test(player.screen)) player.press('down');
  player.press('enter').sees('In Service/shop/api: which field?');
  while (!/▸ \w spec\.selector/.test(player.screen)) player.press('down');
  player.press('enter').sees('That is the cause. Now repair it.');
  assert.equal(player.saved?.lessons['empty-endpoint-list']?.diagnosis, 'right');
});

test('editing the Service in the lab repairs it, and the debrief says where the runs part', () => {
  const player = open().press('s', 'e').types('service/shop/api').press('enter').sees('9 Editor', 'Service shop/api');
  toRow(player, 'tier: backend');
  player.press('C-k').sees('changed').press('C-s');
  player.sees('✓ solved', '✓ Solved.', 'fixed 1, broke 0, opened 0 paths');
  player.press('1').sees('Where the runs part: hop 2', 'broken ✗ refused', 'repaired ✓').press('d').sees('hop 2 of 4', 'broken  10.96.42.7:8080 rejected');
  assert.equal(player.saved?.lessons['empty-endpoint-list']?.solved, true);
});

test('patching the Deployment in the terminal repairs it too', () => {
  const player = open().press('s').runs(`kubectl patch deployment api -n shop -p '{"spec":{"template":{"metadata":{"labels":{"tier":"backend"}}}}}'`);
  player.sees('deployment.apps/api patched', '✓ solved');
});

test('a label on the pods makes the intents hold and is no repair: the lab says why', () => {
  const player = open().press('s').runs('kubectl label pod -n shop -l app=api tier=backend');
  player.sees('labeled', '✓ 4 hold', 'Every intent holds now, and still this is no repair');
  player.press('escape').sees('this is no repair yet');
  assert.equal(player.saved?.lessons['empty-endpoint-list']?.solved, false);
  player.press('n').sees('Not now: the repair does not hold');
});

test('the debrief builds on what was tried', () => {
  const player = open('80x24').press('s').runs('kubectl label pod -n shop -l app=api tier=backend').press('escape', 'z').runs(`kubectl patch service api -n shop --type json -p '[{"op":"remove","path":"/spec/selector/tier"}]'`).press('escape', '1');
  player.sees('Where the runs part: hop 2').press('pagedown').sees('What you tried', 'tier=backend gone when the pods are replaced', 'the repair');
});

test('a change is undone, made again, and the cluster reset when asked', () => {
  const player = open().press('s').runs('kubectl delete service db -n shop').sees('✗ 3 fail').press('escape', 'z').sees('✗ 1 fails', 'Undone.').press('Z').sees('✗ 3 fail').press('x').sees('Every change to the cluster is taken back', 'y yes').press('n').sees('✗ 3 fail');
  player.press('x', 'y').sees('✗ 1 fails', 'as it was opened').press('x').sees('Not now: nothing was changed');
});

test('a key that is not possible now says why', () => {
  open().press('s', 'z').sees('Not now: nothing was changed.').press('n').sees('Not now: one intent fails.').press('w').sees('Not now: there is one answer only.').press('M-9').sees('nothing is being edited');
});

test('hints come one by one and are counted', () => {
  const player = open().press('s', '1').sees('h hint (4 left)').press('h').sees('Hint 1', 'have not stood at hop 1 yet').press('.', '.', 'h').sees('Hint 2').press('1').sees('h hint (2 left)');
  assert.equal(player.saved?.lessons['empty-endpoint-list']?.hints, 2);
});

test('after the fix n opens the next lesson', () => {
  const player = open().press('s').runs(`kubectl patch service api -n shop --type json -p '[{"op":"remove","path":"/spec/selector/tier"}]'`).sees('✓ solved').press('escape', 'n');
  player.sees('Services 2/', '· Three ports');
  assert.equal(player.saved?.current, 'three-ports');
});

test('what curl does in the terminal is what the panes show', () => {
  const player = open().press('s', 'r').sees('curl: (7) Failed to connect to api port 8080', 'command terminated with exit code 7', '7 $');
  player.runs('kubectl exec -n shop deploy/web -- curl -sS http://db:5432/').sees('http://db:5432/').press('escape', '2');
  assert.equal(player.desk.rows[player.desk.chosen]?.kind, 'asked');
  assert.equal(player.desk.rows.length, 5);
});

test('the whole lesson can be played at 80x24', () => {
  const player = open('80x24').sees('Ticket from the checkout team', '· The storefront gets an answer from the API  not run yet', '5 Terminal').press('b').sees('as predicted', '✗ The storefront gets an answer from the API');
  player.press('3').sees('✗ broke here').press('4').sees('api.shop.svc.cluster.local.').press('6').sees('from → to').press('2').sees('✓ The API still reaches');
  player.runs(`kubectl patch service api -n shop --type json -p '[{"op":"remove","path":"/spec/selector/tier"}]'`).sees('✓ solved').press('M-1').sees('✓ Solved.');
});

test('a resize in the middle of everything loses nothing', () => {
  const player = open().press('s', 'e').types('service/shop/api').press('enter').types('# mine').press('enter');
  const text = player.desk.editor?.buffer.rows.join('\n');
  player.resizes(20, 5).sees('needs 60 columns').resizes(80, 24).sees('# mine').resizes(160, 50).sees('# mine');
  assert.equal(player.desk.editor?.buffer.rows.join('\n'), text);
});

test('the same messages played again give the same state', async () => {
  const { replay } = await import('../../src/app/replay.ts');
  const player = open().press('b', 'h', '3', '.').runs('kubectl label pod -n shop -l app=api tier=backend').press('escape', 'z');
  const again = new Player({ lesson: 'empty-endpoint-list' });
  assert.deepEqual(replay(again.world, player.messages).desk?.rows, player.desk.rows);
  assert.deepEqual(replay(again.world, player.messages).progress, player.state.progress);
});

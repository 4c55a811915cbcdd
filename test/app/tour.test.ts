// A newcomer takes the tour: steps advance by what was done, at any size, and it is solved without a repair.
import test from 'node:test';
import assert from 'node:assert/strict';
import { Player } from './player.ts';

function takeTour(player: Player): Player {
  player.sees('What does it see?', 'more').press('pagedown', 'pagedown').sees('Step 1 of 9: One request').press('a').sees('Step 2 of 9: The name');
  player.press('4').sees('api.shop.svc.cluster.local.', 'Step 3 of 9');
  player.press('3', '.').sees('Step 4 of 9');
  player.runs('kubectl -n shop get endpointslice').sees('ADDRESSTYPE', 'Step 5 of 9').press('escape');
  player.press('3', '.', '.').sees('Step 6 of 9').press('6').sees('Step 7 of 9').press('1').sees('nc -zv -w 3 db.shop 5432');
  player.press('c').sees('Step 8 of 9').press('b').sees('Step 9 of 9', 'From outside').press('d').sees('✓ Solved');
  return player;
}

test('the tour is taken on a wide screen', () => {
  const player = takeTour(new Player({ lesson: 'tour-four-layers' }));
  assert.equal(player.saved?.lessons['tour-four-layers']?.solved, true);
  assert.deepEqual(Object.values(player.saved?.lessons['tour-four-layers']?.predictions ?? {}), ['right', 'right', 'right', 'right']);
});

test('the tour is taken at 80x24', () => {
  takeTour(new Player({ lesson: 'tour-four-layers', size: '80x24' }));
});

test('the tour is taken in letters only', () => {
  const player = new Player({ lesson: 'tour-four-layers', ascii: true });
  player.press('a', '4', '3', '.');
  const own = player.screen.replace(/[┌┐└┘─│]/g, '');
  assert.ok(/^[\x00-\x7e]*$/.test(own), [...own].filter((sign) => sign > '~').join(' '));
});

test('a question that comes with a later step is not asked before', () => {
  const player = new Player({ lesson: 'tour-four-layers' }).press('a');
  assert.equal(player.desk.story.question, null);
});

test('a skipped prediction holds nobody up and earns nothing', () => {
  const player = new Player({ lesson: 'tour-four-layers' }).press('s').sees('Step 2 of 9');
  assert.equal(player.saved?.lessons['tour-four-layers']?.predictions['first-request'], undefined);
});

test('playing goes hop by hop to the end, and only where things may move', () => {
  const player = new Player({ lesson: 'tour-four-layers' }).press('s', '3', 'space');
  for (let beats = 0; beats < 10; beats++) player.hears({ kind: 'beat' });
  assert.equal(player.desk.road.playing, false);
  assert.equal(player.desk.road.hop, (player.desk.rows[0]?.trace?.shown.hops.length ?? 0) - 1);
  const still = new Player({ lesson: 'tour-four-layers', motion: false }).press('s', '3', 'space').sees('motion is off');
  assert.ok(!still.asked.some(({ kind }) => kind === 'beat'));
});

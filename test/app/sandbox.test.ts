// The sandbox: a cluster of one's own, nothing graded, every pane follows what was asked.
import test from 'node:test';
import assert from 'node:assert/strict';
import path from 'node:path';
import { openLab } from '../../src/sim/lab.ts';
import { filesUnder, hasShared, Player, realLesson, sharedFolder } from './player.ts';

function open(size = '120x40'): Player {
  const lab = openLab(realLesson('empty-endpoint-list').cluster);
  assert.ok(lab.ok);
  return new Player({ start: { kind: 'sandbox', lab: lab.value, title: 'my-cluster' }, size });
}

test('the story says what can be done, and a question fills the panes', () => {
  const player = open().sees('Sandbox · my-cluster', 'Nothing is graded here').press('escape', ':').types('from shop/web to http://api:8080/').press('enter');
  player.sees('✗ broke here', 'refused').press('4').sees('api.shop.svc.cluster.local.').press('6').sees('api (open)', 'db').press('m').sees('from → to');
});

test('what cannot be asked is told', () => {
  open().press('escape', ':').types('from nobody to nothing').press('enter').sees('✗').press('.').sees('Not now: ask something first').press('h').sees('the sandbox has no hints');
});

test('a change asks every question again', () => {
  const player = open().press('escape', ':').types('from shop/web to http://api:8080/').press('enter').runs(`kubectl patch service api -n shop --type json -p '[{"op":"remove","path":"/spec/selector/tier"}]'`);
  assert.equal(player.desk.rows[0]?.trace?.verdict, 'delivered');
});

test('a shop that others wrote opens, and its policies say who decides', { skip: hasShared ? false : 'the shared manifests are not here' }, () => {
  const files = filesUnder(path.join(sharedFolder, 'data/online-boutique')).filter(({ path: name }) => /\.ya?ml$/.test(name));
  const lab = openLab(files);
  assert.ok(lab.ok, lab.ok ? '' : lab.failures.map(({ says }) => says).join('; '));
  const player = new Player({ start: { kind: 'sandbox', lab: lab.value, title: 'online-boutique' }, size: '160x50' });
  player.press('escape', ':').types('from default/frontend to tcp://redis-cart:6379').press('enter').sees('timed out').press('6').sees('from → to');
  player.press(':').types('policy frontend redis-cart').press('enter').sees('✗ default/frontend → default/redis-cart');
});

test('a command of the lab may be typed where the shell\'s are', () => {
  const player = open().runs(':from shop/web to http://api:8080/').sees('✗ broke here');
  assert.equal(player.desk.rows.length, 1);
  assert.equal(player.desk.terminal.input.text, '');
});

// The Service, Network and DNS panes, and the picture of the policies, as a person walks them.
import test from 'node:test';
import assert from 'node:assert/strict';
import { Player } from './player.ts';

test('the Service pane leads from the door to the pods and marks the field that breaks the way', () => {
  const player = new Player({ lesson: 'three-ports' }).press('s', '7').sees('Service shop/api', '10.96.42.7:80', '(http) → targetPort 80', 'broken here', 'nobody listens on 80');
  player.press('down').sees('Service shop/db').press('up', 'up').sees('Service shop/web');
  new Player({ lesson: 'empty-endpoint-list' }).press('s', '7').sees('matches no pod', 'broken here', 'the list is empty', 'spec.selector');
});

test('a node port is a door on every node', () => {
  new Player({ lesson: 'tour-four-layers' }).press('s', '2', 'down', '7').sees('Service shop/web NodePort', ':30080 and on 2 more nodes', 'in the cluster');
});

test('the Service pane keeps the secret of an open prediction', () => {
  new Player({ lesson: 'empty-endpoint-list' }).press('7').sees('Predict first').seesNot('matches no pod');
});

test('the Network pane shows ranges, tunnel and routes, and another plugin is one choice away', () => {
  const player = new Player({ lesson: 'a-policy-nobody-enforces' }).press('s', '8').sees('flannel', 'enforces no policies', 'VXLAN tunnel', 'MTU 1450', 'routes', 'conntrack').press('down', 'up');
  player.press('p').types('calico').press('enter').sees('kubectl patch cluster lab', 'calico').press('8').sees('enforces NetworkPolicy');
});

test('the policies are a picture while it fits, and a matrix when it is asked for or does not', () => {
  const player = new Player({ lesson: 'default-deny-then-allow' }).press('s', 's', '6').sees('web (8080 open)', 'db (closed)', '✗╌▶').press('m').sees('from → to', 'outside').press('m').seesNot('from → to');
  player.resizes(80, 24).sees('from → to');
});

test('what a change opens stands in the picture', () => {
  const player = new Player({ lesson: 'default-deny-then-allow' }).press('s', 's', '6');
  player.runs(`kubectl label ns default x=y`).press('escape');
  player.hears({ kind: 'line-given', text: 'kubectl delete networkpolicy default-deny -n shop' }).press('6').sees('api (open)').press('c').sees('what my change did');
});

test('the outside has a row of its own', () => {
  const player = new Player({ lesson: 'empty-endpoint-list' }).press('s', ':').types('policy outside db').press('enter').sees('✗ outside → shop/db', 'does not allow 203.0.113.10');
  assert.equal(player.desk.focus, 'policy');
});

test('a name is asked otherwise: another name, type, resolver, ndots', () => {
  const player = new Player({ lesson: 'a-name-in-another-namespace' }).press('s', '4', 'o').sees('ndots:1').press('o').seesNot('ndots:1 ');
  player.press(':').types('lookup gateway.payments').press('enter').sees('10.96.80.3', 'one dot, fewer than ndots:5').press('o').sees('6 queries instead of 4, the same answer');
  player.press('t').sees('A       NXDOMAIN').press('u').sees('with musl');
  player.press(':').types('lookup nothing NONSENSE').press('enter').sees('no type that can be asked for');
});

test('the cells can be guessed before they are looked at, and a surprise is said', () => {
  const player = new Player({ lesson: 'empty-endpoint-list' }).press('s', '6', 'g').sees('May default/stranger call shop/api?', '0 guessed').seesNot('✓ 5432');
  player.press('n').sees('you said no: a surprise', '1 guessed, 0 right').press('right', 'n').sees('you said no', '2 guessed, 1 right').seesNot('shop/db   nothing may be sent   you said no: a').press('g').sees('db');
  assert.equal(player.desk.policy.guesses, null);
});

test('what does not fit in the Service pane is a page away', () => {
  new Player({ lesson: 'three-ports', size: '80x24' }).press('s', '7').seesNot('10.244.2.2').press('pagedown').sees('10.244.2.2').press('pageup').sees('Service shop/api');
});

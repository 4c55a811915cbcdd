// The terminal's prompt as a person knows it from a shell.
import test from 'node:test';
import assert from 'node:assert/strict';
import { Player } from './player.ts';

const open = (): Player => new Player({ lesson: 'empty-endpoint-list' }).press('s', '5');
const typed = (player: Player): string => player.desk.terminal.input.text;

test('a line is edited in its middle', () => {
  const player = open().types('kubectl gt pods').press('left', 'left', 'left', 'left', 'left', 'left').types('e');
  assert.equal(typed(player), 'kubectl get pods');
  player.press('C-a').types('x ').press('C-e').types(' -A').press('C-w', 'C-a', 'delete', 'delete');
  assert.equal(typed(player), 'kubectl get pods ');
  player.press('C-e', 'C-u');
  assert.equal(typed(player), '');
  player.press('C-y');
  assert.equal(typed(player), 'kubectl get pods ');
});

test('the arrows walk the history and bring back what was being typed', () => {
  const player = open().runs('kubectl get pods -n shop').runs('kubectl get svc -n shop').types('half').press('up');
  assert.equal(typed(player), 'kubectl get svc -n shop');
  player.press('up', 'up');
  assert.equal(typed(player), 'kubectl get pods -n shop');
  player.press('down', 'down');
  assert.equal(typed(player), 'half');
});

test('Ctrl-R searches back, once more for an older line, and Esc leaves it', () => {
  const player = open().runs('kubectl get pods -n shop').runs('kubectl get svc -n shop').press('C-r').types('get').sees("(reverse-i-search)'get': kubectl get svc -n shop").press('C-r').sees("'get': kubectl get pods -n shop");
  player.press('left');
  assert.equal(typed(player), 'kubectl get pods -n shop');
  player.press('C-e', 'C-u', 'C-r').types('svc').press('backspace', 'escape');
  assert.equal(typed(player), '');
  assert.equal(player.desk.focus, 'terminal');
});

test('Tab completes, and offers where there are several', () => {
  const player = open().types('kubec').press('tab');
  assert.equal(typed(player), 'kubectl ');
  player.types('de').press('tab').sees('describe', 'delete');
});

test('the prompt carries the last status, and Ctrl-C ends a line before it leaves the lab', () => {
  const player = open().runs('nonsense').sees('127 $').types('half').press('C-c');
  assert.equal(typed(player), '');
  assert.equal(player.left, null);
  player.sees('half^C').press('C-c');
  assert.equal(player.left, 0);
});

test('control characters in a pasted line are shown and never obeyed', () => {
  open().hears({ kind: 'pasted', text: 'echo \u001b[2J' }).sees('␛[2J');
});

test('several pasted lines run one after the other', () => {
  open().hears({ kind: 'pasted', text: 'cd\nkubectl get nodes\nkubectl get' }).sees('$ cd', '$ kubectl get nodes', '$ kubectl get');
});

test('a file that a command names is read from disk, and its absence is told', () => {
  const manifest = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: mine }\n';
  const player = new Player({ lesson: 'empty-endpoint-list', files: { 'ns.yaml': manifest } }).press('s').runs('kubectl apply -f ns.yaml').sees('namespace/mine created');
  player.runs('kubectl apply -f gone.yaml').sees('gone.yaml', '1 $');
});

test('a long output scrolls back and stays where it was left', () => {
  const player = open();
  for (let count = 0; count < 12; count++) player.runs('kubectl get pods -A');
  player.press('pageup', 'pageup');
  const back = player.screen;
  player.resizes(120, 40);
  assert.equal(player.screen, back);
  player.types('x').press('backspace');
  assert.equal(player.desk.terminal.scroll, 0);
});

test('memory stays flat: old lines are forgotten', () => {
  const player = open();
  for (let count = 0; count < 300; count++) player.hears({ kind: 'line-given', text: 'kubectl get pods -A' });
  assert.ok(player.desk.terminal.lines.length <= 5000);
  assert.ok(player.desk.terminal.printed >= player.desk.terminal.lines.length);
});

test('wide letters and marks keep the cursor in its place', () => {
  const player = open().types('日本é');
  assert.equal(player.desk.terminal.input.cursor, 3);
  player.press('backspace', 'left');
  assert.equal(player.desk.terminal.input.cursor, 1);
});

test('a shell that was opened stays, its prompt says where, Ctrl-C ends only the line, and Ctrl-D leaves it', () => {
  const player = new Player({ lesson: 'empty-endpoint-list', size: '160x50' }).press('s').runs('kubectl exec -it -n shop deploy/web -- sh').runs('curl -sS http://api:8080/');
  assert.match(player.screen, /7 web-\S+:\/# /);
  player.types('half a line').press('C-c').press('C-c');
  assert.equal(player.left, null);
  player.press('C-d').runs('ssh worker-1').sees('root@worker-1:~#').press('C-d').sees('Connection to worker-1 closed.').press('C-d');
  assert.notEqual(player.desk.focus, 'terminal');
});

test('an open quote goes on in the next line, and Ctrl-C gives it up', () => {
  const player = new Player({ lesson: 'empty-endpoint-list' }).press('s').runs("echo 'one").sees('> ').runs("two'").sees('one', 'two');
  player.runs("echo 'three").press('C-c').runs('echo four').sees('four');
  assert.equal(player.desk.terminal.begun, '');
});

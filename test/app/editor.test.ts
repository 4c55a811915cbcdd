// The editor as a person knows it: moving, selecting, cutting and pasting, undoing, saving and leaving.
import test from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bufferOf, breakRow, erase, indent, insert, move, moveTo, selectAll, selectedText, textOf } from '../../src/app/buffer.ts';
import type { Move } from '../../src/app/message.ts';
import { Player } from './player.ts';

const open = (): Player => new Player({ lesson: 'empty-endpoint-list' }).press('s', 'e').types('service/shop/api').press('enter');
const text = (player: Player): string => player.desk.editor?.buffer.rows.join('\n') ?? '';

test('what is typed stands at the cursor, undo takes it back and redo brings it again', () => {
  const player = open();
  const before = text(player);
  player.types('abc');
  assert.notEqual(text(player), before);
  player.press('C-z', 'C-z', 'C-z');
  assert.equal(text(player), before);
  player.press('C-y');
  assert.ok(text(player).includes('a'));
});

test('a selection is cut and pasted elsewhere', () => {
  const player = open().press('home', 'S-end', 'C-x', 'C-end', 'C-v');
  assert.match(text(player), /apiVersion: v1$/);
});

test('typing replaces the selection', () => {
  const player = open().press('C-a').types('x');
  assert.equal(text(player), 'x');
});

test('errors are said under their line while typing', () => {
  open().press('end').types(' : :').sees('^').press('C-s').sees('Not saved');
});

test('what the cluster refuses keeps the editor open and says why', () => {
  const player = open();
  for (let tries = 0; tries < 60 && player.desk.editor?.buffer.rows[player.desk.editor.buffer.cursor.row]?.includes('port: 8080') !== true; tries++) player.press('down');
  player.press('end', 'backspace', 'backspace', 'backspace', 'backspace').types('99999').press('C-s');
  assert.ok(player.desk.editor !== null);
  player.sees('Not saved', 'Invalid value: 99999');
});

test('what the API server would refuse is said under its line while typing', () => {
  const player = open();
  for (let tries = 0; tries < 60 && player.desk.editor?.buffer.rows[player.desk.editor.buffer.cursor.row]?.includes('port: 8080') !== true; tries++) player.press('down');
  player.press('end').types('0').sees('^ spec.ports[0].port: Invalid value: 80800').press('backspace').seesNot('Invalid value').types('a').sees('^').press('backspace').seesNot('^');
});

test('a field that Kubernetes does not know is said while typing', () => {
  open().press('C-f').types('selector').press('enter', 'escape').types('x').sees('^ ');
});

test('search goes from match to match, and says when there is none', () => {
  const player = open().press('C-f').sees('find').types('PORT').press('enter').sees('nowhere in this text').press('C-u').types('port').press('enter');
  const first = player.desk.editor?.buffer.cursor.row ?? -1;
  assert.match(player.desk.editor?.buffer.rows[first] ?? '', /port/);
  player.press('enter', 'escape', 'C-g');
  assert.notEqual(player.desk.editor?.buffer.cursor.row, first);
});

test('what was changed is shown before it is applied, on request', () => {
  const player = open().press('C-d').sees('Nothing was changed yet.').press('C-f').types('tier: backend').press('enter', 'escape', 'C-k', 'C-d');
  player.sees('-     tier: backend', 'Ctrl-S applies it').press('C-d').sees('changed').seesNot('applies it').press('C-d', 'C-s').sees('solved');
});

test('leaving asks when something was changed, and not otherwise', () => {
  const player = open().press('escape');
  assert.equal(player.desk.editor, null);
  player.press('e').types('service/shop/api').press('enter').types('x').press('escape').sees('is not saved. Leave the editor?').press('n').sees('9 Editor').press('escape', 'y');
  assert.equal(player.desk.editor, null);
});

test('kubectl edit in the terminal opens the same editor', () => {
  const player = new Player({ lesson: 'empty-endpoint-list' }).press('s').runs('kubectl edit svc api -n shop').sees('9 Editor', 'Service shop/api').press('C-s');
  assert.equal(player.desk.editor, null);
  player.sees('Edit cancelled, no changes made.');
});

test('the text goes to $EDITOR and comes back', () => {
  const player = open().press('C-o');
  assert.ok(player.asked.some((effect) => effect.kind === 'open-external-editor' && effect.text === text(player)));
  player.hears({ kind: 'external-editor-closed', text: 'kind: Service\n' });
  assert.equal(text(player), 'kind: Service');
});

test('Alt and a number leave the editor open and the focus goes', () => {
  const player = open().types('x').press('M-3');
  assert.equal(player.desk.focus, 'layers');
  player.press('e');
  assert.equal(player.desk.focus, 'editor');
});

test('a new row after a colon is indented one step deeper', () => {
  const buffer = breakRow({ ...bufferOf('spec:\n  selector:'), cursor: { row: 1, column: 11 } });
  assert.equal(textOf(buffer), 'spec:\n  selector:\n    ');
});

test('backspace in the indent takes a step of two', () => {
  assert.equal(textOf(erase({ ...bufferOf('    a'), cursor: { row: 0, column: 4 } }, 'left')), '  a');
});

test('indent and outdent move every selected row', () => {
  const all = selectAll(bufferOf('a\nb'));
  assert.equal(textOf(indent(all, 1)), '  a\n  b');
  assert.equal(textOf(indent(indent(all, 1), -1)), 'a\nb');
});

const moves: readonly Move[] = ['left', 'right', 'up', 'down', 'word-left', 'word-right', 'line-start', 'line-end', 'page-up', 'page-down', 'start', 'end'];
const texts = fc.array(fc.string({ maxLength: 8, unit: 'grapheme' }), { minLength: 1, maxLength: 6 }).map((rows) => rows.join('\n').replace(/\r/g, ''));

test('inserting and erasing again leaves the text as it was, wherever the cursor stands', () => {
  fc.assert(fc.property(texts, fc.nat(9), fc.nat(9), texts, (start, row, column, piece) => {
    const at = moveTo(bufferOf(start), { row, column }, false);
    const put = insert(at, piece);
    const back = insert({ ...put, anchor: at.cursor }, '');
    assert.equal(textOf(back), textOf(at));
    assert.deepEqual(back.cursor, at.cursor);
    assert.equal(selectedText({ ...put, anchor: at.cursor }), piece.replace(/\r\n?/g, '\n'));
  }));
});

test('the cursor never leaves the text', () => {
  fc.assert(fc.property(texts, fc.array(fc.record({ how: fc.constantFrom(...moves), select: fc.boolean() }), { maxLength: 20 }), (start, steps) => {
    let buffer = bufferOf(start);
    for (const { how, select } of steps) {
      buffer = move(buffer, how, select, 3);
      const row = buffer.rows[buffer.cursor.row];
      assert.ok(row !== undefined && buffer.cursor.column <= row.length);
    }
    assert.equal(textOf(buffer), textOf(bufferOf(start)));
  }));
});

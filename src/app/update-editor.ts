// The editor: open an object, type, save. Saving is what `kubectl edit` does when its editor closes.
import { edited, run } from '../shell/shell.ts';
import { decodeOne } from '../sim/cluster/decode.ts';
import { change } from '../sim/lab.ts';
import * as text from './buffer.ts';
import { completeField } from './complete-field.ts';
import type { Effect } from './effect.ts';
import type { EditorEdit, EditorMessage } from './message.ts';
import { onDesk, tell } from './on-desk.ts';
import { openEditor, problemRows, problemsIn } from './open-editor.ts';
import { afterRan } from './update-prompt.ts';
import type { Buffer, Desk, EditorState, State } from './state.ts';

const mostUndo = 500;

export function updateEditor(state: State, message: EditorMessage): [State, readonly Effect[]] {
  const { desk } = state;
  if (desk === null) return [state, []];
  const { editor } = desk;
  if (message.kind === 'editor-opened') return [open(state, desk, message.ref), []];
  if (editor === null) return [state, []];
  const put = (next: EditorState): [State, readonly Effect[]] => [onDesk(state, (now) => ({ ...now, editor: next })), []];
  switch (message.kind) {
    case 'editor-edited': return put(follow(edit(desk, { ...editor, diff: false, offers: [] }, message.edit, message.height), message.height));
    case 'editor-sought': {
      const found = seek(editor, message.text === '' ? editor.sought : message.text);
      return found === null ? [tell(onDesk(state, (now) => ({ ...now, editor: { ...editor, sought: message.text } })), `"${message.text}" is nowhere in this text.`, 'bad'), []] : put(follow({ ...found, diff: false }, message.height));
    }
    case 'editor-compared': return isChanged(editor) || editor.diff ? put({ ...editor, diff: !editor.diff }) : [tell(state, 'Nothing was changed yet.'), []];
    case 'editor-line-given': {
      const rows = editor.retyping ? [...editor.buffer.rows, message.text] : [message.text];
      return put({ ...changed(desk, editor, { rows, cursor: { row: rows.length - 1, column: message.text.length }, anchor: null }), retyping: true });
    }
    case 'editor-saved': return [save(state, desk, editor), []];
    case 'editor-left': return [leave(state, editor), []];
    case 'external-editor-asked': return [state, [{ kind: 'open-external-editor', text: text.textOf(editor.buffer) }]];
    case 'external-editor-closed': return message.text === null ? [tell(state, 'The editor could not be started: is $EDITOR set?', 'bad'), []] : put(changed(desk, editor, { ...text.bufferOf(message.text.replace(/\n$/, '')), cursor: editor.buffer.cursor }));
  }
}

function open(state: State, desk: Desk, ref: EditorState['ref']): State {
  const running = run(desk.session, `kubectl edit ${ref.kind.toLowerCase()} ${ref.name}${ref.namespace === '' ? '' : ` -n ${ref.namespace}`}`);
  if (running.kind === 'edit') return onDesk(state, (now) => openEditor(now, running.ref, running.text));
  return tell(state, running.kind === 'done' ? running.ran.stderr.trim() || 'This object cannot be edited.' : 'This object cannot be edited.', 'bad');
}

export const isChanged = (editor: EditorState): boolean => text.textOf(editor.buffer) !== editor.original.replace(/\n$/, '');

/** Another text: one step of undo, problems looked for anew. */
function changed(desk: Desk, editor: EditorState, buffer: Buffer): EditorState {
  const clamped = { ...buffer, cursor: text.clampSpot(buffer, buffer.cursor) };
  if (clamped.rows === editor.buffer.rows) return { ...editor, buffer: clamped };
  return { ...editor, buffer: clamped, past: [...editor.past, editor.buffer].slice(-mostUndo), future: [], problems: problemsIn(text.textOf(clamped), desk, editor.ref), refused: null };
}

/** The window moves no more than it must to keep the cursor in sight. */
function follow(editor: EditorState, height: number): EditorState {
  const { row } = editor.buffer.cursor;
  const top = Math.min(Math.max(editor.top, row - Math.max(height, 1) + 1), row);
  return top === editor.top ? editor : { ...editor, top };
}

function edit(desk: Desk, editor: EditorState, how: EditorEdit, height: number): EditorState {
  const { buffer } = editor;
  switch (how.kind) {
    case 'move': return { ...editor, buffer: text.move(buffer, how.move, how.select, Math.max(height - 1, 1)) };
    case 'place': return { ...editor, buffer: text.moveTo(buffer, { row: how.row, column: how.column }, how.select) };
    case 'insert': return changed(desk, editor, text.insert(buffer, how.text));
    case 'break': return changed(desk, editor, text.breakRow(buffer));
    case 'complete': return complete(desk, editor);
    case 'offer': return offerFields(desk, editor);
    case 'indent': return changed(desk, editor, text.indent(buffer, 1));
    case 'outdent': return changed(desk, editor, text.indent(buffer, -1));
    case 'erase-left': return changed(desk, editor, text.erase(buffer, 'left'));
    case 'erase-right': return changed(desk, editor, text.erase(buffer, 'right'));
    case 'erase-line': return { ...changed(desk, editor, text.eraseRow(buffer)), clipboard: `${buffer.rows[buffer.cursor.row] ?? ''}\n` };
    case 'copy': return { ...editor, clipboard: text.selectedText(buffer) || editor.clipboard };
    case 'cut': return text.selectionOf(buffer) === null ? editor : { ...changed(desk, editor, text.insert(buffer, '')), clipboard: text.selectedText(buffer) };
    case 'paste': return changed(desk, editor, text.insert(buffer, editor.clipboard));
    case 'select-all': return { ...editor, buffer: text.selectAll(buffer) };
    case 'undo': return travel(desk, editor, editor.past, 'undo');
    case 'redo': return travel(desk, editor, editor.future, 'redo');
  }
}

/** The field's name, as far as it is clear; where none is being written, two spaces. */
function complete(desk: Desk, editor: EditorState): EditorState {
  const { buffer } = editor;
  const before = (buffer.rows[buffer.cursor.row] ?? '').slice(0, buffer.cursor.column);
  const completed = text.selectionOf(buffer) !== null || /^[ -]*$/.test(before) ? null : completeField(buffer, editor.ref.kind);
  if (completed === null) return changed(desk, editor, text.indent(buffer, 1));
  return { ...changed(desk, editor, completed.buffer), offers: completed.offers };
}

/** Every field that may stand here. */
function offerFields(desk: Desk, editor: EditorState): EditorState {
  const completed = completeField(editor.buffer, editor.ref.kind);
  return completed === null ? editor : { ...changed(desk, editor, completed.buffer), offers: completed.offers };
}

function travel(desk: Desk, editor: EditorState, from: readonly Buffer[], way: 'undo' | 'redo'): EditorState {
  const buffer = from[from.length - 1];
  if (buffer === undefined) return editor;
  const left = from.slice(0, -1);
  const moved = way === 'undo' ? { past: left, future: [...editor.future, editor.buffer] } : { past: [...editor.past, editor.buffer], future: left };
  return { ...editor, buffer, ...moved, problems: problemsIn(text.textOf(buffer), desk, editor.ref), refused: null };
}

/** The next place of a text after the cursor, from the top again at the end; `null` when there is none. Small letters find both. */
function seek(editor: EditorState, wanted: string): EditorState | null {
  const { buffer } = editor;
  if (wanted === '') return editor;
  const fold = (line: string): string => (wanted === wanted.toLowerCase() ? line.toLowerCase() : line);
  const { row, column } = buffer.cursor;
  for (let step = 0; step <= buffer.rows.length; step++) {
    const at = (row + step) % buffer.rows.length;
    const found = fold(buffer.rows[at] ?? '').indexOf(wanted, step === 0 ? column + 1 : 0);
    if (found >= 0) return { ...editor, sought: wanted, buffer: { ...buffer, cursor: { row: at, column: found }, anchor: null } };
  }
  return null;
}

function save(state: State, desk: Desk, editor: EditorState): State {
  const decoded = decodeOne(text.textOf(editor.buffer), 'editor');
  if (!decoded.ok) {
    const unreadable = problemRows(decoded.failures);
    const first = unreadable[0];
    const refused = first === undefined ? null : `${first.row === null ? '' : `line ${first.row + 1}: `}${first.says}`;
    return tell(onDesk(state, (now) => ({ ...now, editor: { ...editor, refused, retyping: false } })), 'Not saved: the text cannot be read.', 'bad');
  }
  const ran = edited(desk.session, editor.ref, editor.original, `${text.textOf(editor.buffer)}\n`);
  if (ran.status !== 0) {
    // What was typed is not lost: the editor stays open and says why.
    const refused = (ran.stderr || ran.stdout).trim();
    return tell(onDesk(state, (now) => ({ ...now, editor: { ...editor, refused, problems: refusalsOf(desk, editor), retyping: false } })), 'Not saved: the cluster refuses it.', 'bad');
  }
  return onDesk(state, (now) => ({ ...closed(afterRan(now, ran)) }));
}

/** The same refusals by the row that they are about. */
function refusalsOf(desk: Desk, editor: EditorState): EditorState['problems'] {
  const decoded = decodeOne(text.textOf(editor.buffer), 'editor');
  if (!decoded.ok) return editor.problems;
  const tried = change(desk.session.lab, [{ verb: 'replace', object: decoded.value.object, origin: decoded.value.origin }]);
  return tried.ok ? [] : problemRows(tried.failures);
}

const closed = (desk: Desk): Desk => ({ ...desk, editor: null, focus: desk.lastFocus === 'editor' ? 'story' : desk.lastFocus });

function leave(state: State, editor: EditorState): State {
  return isChanged(editor) ? { ...state, overlay: { kind: 'confirm', about: 'leave-editor' } } : onDesk(state, closed);
}

export const dropEditor = (state: State): State => onDesk(state, closed);

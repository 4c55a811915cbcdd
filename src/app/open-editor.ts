// The editor opens on an object's text, and says by line what is wrong with it while it is typed.
import { decodeOne } from '../sim/cluster/decode.ts';
import { replaceObject } from '../sim/cluster/writes.ts';
import type { ObjectRef } from '../sim/model/object.ts';
import type { Problem } from '../sim/model/problem.ts';
import { bufferOf } from './buffer.ts';
import type { Desk, EditorProblem } from './state.ts';

export function openEditor(desk: Desk, ref: ObjectRef, text: string): Desk {
  const kept = text.endsWith('\n') ? text.slice(0, -1) : text;
  // The cursor starts below the comment that `kubectl edit` puts on top.
  const rows = kept.split('\n');
  const row = Math.max(rows.findIndex((line) => !line.startsWith('#')), 0);
  const buffer = { ...bufferOf(kept), cursor: { row, column: 0 } };
  const lastFocus = desk.focus === 'terminal' || desk.focus === 'editor' ? desk.lastFocus : desk.focus;
  const panes = desk.seen.panes.includes('editor') ? desk.seen.panes : [...desk.seen.panes, 'editor' as const];
  return {
    ...desk, focus: 'editor', lastFocus, seen: { ...desk.seen, panes },
    editor: { ref, original: text, buffer, past: [], future: [], clipboard: desk.editor?.clipboard ?? '', offers: [], problems: problemsIn(kept, desk, ref), refused: null, top: 0, sought: '', diff: false, retyping: false },
  };
}

/** What cannot be read, or else what the API server would refuse, by row. Only the object is judged: what controllers would make of it waits for the save. */
export function problemsIn(text: string, desk: Desk, ref: ObjectRef): readonly EditorProblem[] {
  const decoded = decodeOne(text, 'editor');
  if (!decoded.ok) return problemRows(decoded.failures);
  const { object, origin } = decoded.value;
  if (object.kind !== ref.kind || object.metadata.name !== ref.name) return [{ row: null, column: null, says: 'kind and name must stay as they are' }];
  const placed = ref.namespace !== '' && object.metadata.namespace === undefined ? { ...object, metadata: { ...object.metadata, namespace: ref.namespace } } : object;
  const tried = replaceObject(desk.session.lab.store, placed, origin);
  return tried.ok ? [] : problemRows(tried.failures);
}

export function problemRows(problems: readonly Problem[]): readonly EditorProblem[] {
  return problems.map(({ says, help, where }) => ({
    row: where?.line == null ? null : where.line - 1, column: where?.column == null ? null : where.column - 1, says: help === null ? says : `${says} (${help})`,
  }));
}

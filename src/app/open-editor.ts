// The editor opens on an object's text, and says by line what is wrong with it while it is typed.
import { decodeOne } from '../sim/cluster/decode.ts';
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
    editor: { ref, original: text, buffer, past: [], future: [], clipboard: desk.editor?.clipboard ?? '', problems: problemsIn(kept), refused: null, top: 0, retyping: false },
  };
}

/** What cannot be read, by row. */
export function problemsIn(text: string): readonly EditorProblem[] {
  const decoded = decodeOne(text, 'editor');
  return decoded.ok ? [] : problemRows(decoded.failures);
}

export function problemRows(problems: readonly Problem[]): readonly EditorProblem[] {
  return problems.map(({ says, help, where }) => ({
    row: where?.line == null ? null : where.line - 1, column: where?.column == null ? null : where.column - 1, says: help === null ? says : `${says} (${help})`,
  }));
}

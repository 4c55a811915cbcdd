// Applies a solution, a trap or a learner's files to the broken cluster, as `kubectl apply` would, and runs its lines in the terminal.
import type { Change, Lab } from '../sim/lab.ts';
import { change } from '../sim/lab.ts';
import { decode } from '../sim/cluster/decode.ts';
import type { Problem } from '../sim/model/problem.ts';
import { refOf } from '../sim/model/object.ts';
import type { Result } from '../sim/base/result.ts';
import { fail, succeed } from '../sim/base/result.ts';
import type { Fix, Lesson } from './lesson.ts';
import { runLines } from './run-lines.ts';

const isDelete = (object: object): boolean => Object.entries(object).some(([name, value]) => name === '$patch' && value === 'delete');

function ranLines(fix: Fix, start: Lab): Result<Lab, Problem> {
  const ran = runLines(fix.run, start);
  if ('lab' in ran) return succeed(ran.lab);
  const where = { file: fix.files[0]?.path ?? fix.name, line: null, column: null, object: null, field: null };
  return fail({ code: 'line-failed', severity: 'error', says: ran.failed, where, help: 'A fix runs lines that need nobody (patch, label, annotate, delete …); correct the line.' });
}

/** Files first, lines after. The broken manifests stand as last applied, so what a file leaves out of them is removed. */
export function applyFix(_lesson: Lesson, broken: Lab, fix: Fix): Result<Lab, Problem> {
  let lab = broken;
  if (fix.files.length > 0) {
    const decoded = decode(fix.files);
    if (!decoded.ok) return decoded;
    const changes = decoded.value.documents.map(({ object, origin }): Change => {
      if (!isDelete(object)) return { verb: 'apply', object, origin };
      const ref = refOf(object);
      const namespaced = ref.namespace !== '' || [...broken.store.objects.values()].every(({ object: other }) => other.kind !== ref.kind || other.metadata.namespace === undefined);
      return { verb: 'delete', ref: namespaced ? ref : { ...ref, namespace: 'default' } };
    });
    const changed = change(lab, changes);
    if (!changed.ok) return changed;
    lab = changed.value.lab;
  }
  return fix.run.length === 0 ? succeed(lab) : ranLines(fix, lab);
}

// Problems as people read them: `FILE:LINE:COLUMN: OBJECT: FIELD: what is wrong`, and beneath it what to do.
import { shownLine } from '../lesson/shown-text.ts';
import type { Problem } from '../sim/model/problem.ts';
import type { Caller } from './caller.ts';
import { status } from './status.ts';

/** One problem, without a line break at its end. The parts that are not known are left out. */
export function problemText(problem: Problem): string {
  const { where, severity, says, help } = problem;
  const place = where === null ? null : [where.file, where.line, where.line === null ? null : where.column].filter((part) => part !== null && part !== '').join(':');
  // The API server's own sentences begin with the field already.
  const field = where?.field !== null && where?.field !== undefined && where.field !== '' && !says.startsWith(where.field) ? where.field : null;
  const parts = [place === '' ? null : place, severity === 'warning' ? 'warning' : null, where?.object ?? null, field, says].filter((part) => part !== null);
  return shownLine(parts.join(': ')) + (help === null ? '' : `\n  ${shownLine(help)}`);
}

/** Tells the problems on standard error and gives the status of wrong input. */
export function wrong(caller: Caller, problems: readonly Problem[]): number {
  for (const problem of problems) caller.err(`${problemText(problem)}\n`);
  return status.wrong;
}

/** What the command line itself got wrong. */
export function misused(caller: Caller, says: string, help: string | null = null): number {
  caller.err(`k8snet-lab: ${shownLine(says)}\n${help === null ? '' : `  ${shownLine(help)}\n`}`);
  return status.wrong;
}

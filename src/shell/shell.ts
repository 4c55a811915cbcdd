// The door of the shell: a session runs lines, edits, completes, shows evidence, and words traces.
import type { Lab } from '../sim/lab.ts';
import type { ObjectRef } from '../sim/model/object.ts';
import { streamOf } from './command.ts';
import type { Done, Find } from './command.ts';
import { interpret } from './interpret.ts';
import type { Ground } from './interpret.ts';
import { afterEdit } from './kubectl/edit.ts';
import { parseLine } from './parse/line.ts';
import { findProgram } from './programs.ts';
import type { Inputs, Ran, Running, Session } from './session.ts';

export { complete } from './complete.ts';
export { words } from './words.ts';
export type { Completion, Inputs, Ran, Running, Session } from './session.ts';

/** A fresh terminal on a cluster; the context's namespace is `default` unless said. */
export const startSession = (lab: Lab, namespace = 'default'): Session => ({ lab, namespace, variables: {}, status: 0, history: [] });

const nothing: Inputs = { files: {}, stdin: null };
// No lesson needs a longer memory, and a replay carries it.
const longestHistory = 1000;

/** Runs one typed line (several lines are several commands). Asks for what it needs from outside first. */
export function run(session: Session, line: string, inputs: Inputs & { readonly missing?: readonly string[] } = nothing): Running {
  const answer = interpret(line, groundOf(session, inputs, findProgram), session.status);
  if (answer.kind === 'done') return { kind: 'done', ran: ranOf(session, line, answer) };
  const parsed = parseLine(line);
  const alone = parsed.ok && parsed.value.flatMap((pipeline) => pipeline.stages).length === 1;
  if (answer.kind === 'clear' && !alone) {
    const again = interpret(line, groundOf(session, inputs, (name) => (name === 'clear' ? () => ({ kind: 'done', status: 0, output: [] }) : findProgram(name))), session.status);
    if (again.kind === 'done') return { kind: 'done', ran: ranOf(session, line, again) };
    return again;
  }
  // What the line did before the editor would be lost: nothing is handed on until a line has ended.
  if (answer.kind === 'edit' && !alone) return { kind: 'done', ran: ranOf(session, line, { kind: 'done', status: 1, output: [{ stream: 'err', text: 'kubectl edit needs a line of its own here; nothing of this line was done\n' }] }) };
  return answer;
}

/** What `kubectl edit` does after the editor closed. `reopen` in the result is the text to open again where the change was refused. */
export function edited(session: Session, ref: ObjectRef, original: string, text: string): Ran {
  const { answer, again } = afterEdit(session.lab, ref, original, text);
  const line = `kubectl edit ${ref.kind.toLowerCase()} ${ref.name}${ref.namespace === '' || ref.namespace === session.namespace ? '' : ` -n ${ref.namespace}`}`;
  const ran = ranOf(session, session.history.at(-1) === line ? '' : line, answer);
  return again === null ? ran : { ...ran, reopen: { ref, text: again } };
}

/** Standard output and error of a command that shows something, on this cluster. What it would change is not kept. */
export function evidence(lab: Lab, command: string): string {
  const ran = run(startSession(lab), command);
  return ran.kind === 'done' ? ran.ran.output.map((piece) => piece.text).join('') : '';
}

function groundOf(session: Session, inputs: Ground['inputs'], find: Find): Ground {
  const { lab, namespace, variables, history } = session;
  return { lab, namespace, variables, history, inputs, stdin: inputs.stdin, inside: null, find, turn: String(history.length) };
}

/** Control characters as kubectl's tables show them (`^[` for escape): what a manifest says is never obeyed by a terminal. */
const harmless = (text: string): string => text.replace(/\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, (char) => {
  const code = char.charCodeAt(0);
  return code < 0x20 ? `^${String.fromCharCode(code + 64)}` : code === 0x7f ? '^?' : '?';
});

function ranOf(session: Session, line: string, answer: Done): Ran {
  const output = answer.output.map((piece) => ({ ...piece, text: harmless(piece.text) }));
  const lab = answer.lab ?? session.lab;
  const typed = line.trim();
  const history = typed === '' ? session.history : [...session.history, line].slice(-longestHistory);
  // An empty line leaves everything as it was, the last status too.
  const status = typed === '' && answer.output.length === 0 ? session.status : answer.status;
  return {
    session: { lab, namespace: answer.namespace ?? session.namespace, variables: answer.variables ?? session.variables, status, history },
    stdout: streamOf(output, 'out'),
    stderr: streamOf(output, 'err'),
    output,
    status,
    traces: answer.traces ?? [],
    lookups: answer.lookups ?? [],
    changed: lab.store !== session.lab.store,
    meanings: [...new Set(answer.meanings ?? [])],
  };
}


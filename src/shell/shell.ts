// The door of the shell: a session runs lines, edits, completes, shows evidence, and words traces.
import type { Lab } from '../sim/lab.ts';
import type { ObjectRef } from '../sim/model/object.ts';
import { streamOf } from './command.ts';
import type { Done, Find, Inside, Piece } from './command.ts';
import type { Ground } from './ground.ts';
import { interpret } from './interpret.ts';
import { afterEdit } from './kubectl/edit.ts';
import { parseLine } from './parse/line.ts';
import { atPlace, placeAgain } from './places.ts';
import { findProgram, placePrograms } from './programs.ts';
import type { Inputs, OpenShell, Ran, Running, Session } from './session.ts';
import { toolsAt } from './tools/tools.ts';

export { complete } from './complete.ts';
export { unfinished } from './parse/line.ts';
export { promptOf } from './prompt.ts';
export { words } from './words.ts';
export type { Completion, Inputs, Ran, Running, Session } from './session.ts';

/** A fresh terminal on a cluster; the context's namespace is `default` unless said. */
export const startSession = (lab: Lab, namespace = 'default'): Session => ({ lab, namespace, variables: {}, status: 0, history: [], places: [], files: {}, sent: [], clock: 0 });

const nothing: Inputs = { files: {}, stdin: null };
// No lesson needs a longer memory, and a replay carries it.
const longestHistory = 1000;
const longestMemory = 1000;

/** Runs one typed line (several lines are several commands). Asks for what it needs from outside first. */
export function run(session: Session, line: string, inputs: Inputs & { readonly missing?: readonly string[] } = nothing): Running {
  const place = session.places.at(-1);
  if (place !== undefined) return runInside(session, place, line, inputs);
  const answer = interpret(line, groundOf(session, inputs, findProgram), session.status);
  if (answer.kind === 'done') return { kind: 'done', ran: ranOf(session, line, answer) };
  const parsed = parseLine(line);
  const alone = parsed.ok && parsed.value.length === 1 && parsed.value[0]?.stages.length === 1 && parsed.value[0].stages[0]?.command.kind === 'simple';
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

/** Runs a line in the shell that was opened last. */
function runInside(session: Session, place: OpenShell, line: string, inputs: Ground['inputs']): Running {
  const inside = placeAgain(session.lab, place.where);
  if (inside === null) {
    // The container was killed: its shell with it.
    const gone: Done = { kind: 'done', status: 137, output: [{ stream: 'err', text: 'command terminated with exit code 137\n' }], shellDoes: { kind: 'exit' } };
    return { kind: 'done', ran: ranOf(session, line, gone) };
  }
  const tools = toolsAt(inside);
  const find: Find = (name) => tools(name) ?? (Object.hasOwn(placePrograms, name) ? placePrograms[name] : undefined);
  const ground: Ground = { ...groundOf(session, inputs, find), inside: { ...inside, env: place.variables }, variables: place.variables, shell: place.program, stdin: null };
  const answer = interpret(line, ground, place.status);
  return answer.kind === 'done' ? { kind: 'done', ran: ranOf(session, line, { ...answer, output: worded(answer.output, place), meanings: (answer.meanings ?? []).map((meaning) => atPlace(meaning, inside)) }, inside) } : answer;
}

const worded = (output: readonly Piece[], place: OpenShell): readonly Piece[] => (place.program === 'bash' ? output : output.map((piece) => (piece.stream === 'err' ? { ...piece, text: piece.text.replace(/^bash: /gm, 'sh: ') } : piece)));

function groundOf(session: Session, inputs: Ground['inputs'], find: Find): Ground {
  const { lab, namespace, variables, history, files, sent, clock } = session;
  return { lab, namespace, variables, history, inputs, stdin: inputs.stdin, inside: null, find, turn: String(history.length), files, sent, clock, shell: 'bash' };
}

/** What is said when a shell ends. */
function farewell(place: OpenShell, status: number): readonly Piece[] {
  if (place.opener === 'ssh') return [{ stream: 'out', text: 'logout\n' }, { stream: 'err', text: `Connection to ${place.where.kind === 'node' ? place.where.name : ''} closed.\n` }];
  return place.opener === 'exec' && status !== 0 ? [{ stream: 'err', text: `command terminated with exit code ${status}\n` }] : [];
}

/** Control characters as kubectl's tables show them (`^[` for escape): what a manifest says is never obeyed by a terminal. */
const harmless = (text: string): string => text.replace(/\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, (char) => {
  const code = char.charCodeAt(0);
  return code < 0x20 ? `^${String.fromCharCode(code + 64)}` : code === 0x7f ? '^?' : '?';
});

function ranOf(session: Session, line: string, answer: Done, inside: Inside | null = null): Ran {
  const place = session.places.at(-1);
  const leaves = place !== undefined && answer.shellDoes?.kind === 'exit';
  const output = [...answer.output, ...(leaves && answer.status !== 137 ? farewell(place, answer.status) : [])].map((piece) => ({ ...piece, text: harmless(piece.text) }));
  const lab = answer.lab ?? session.lab;
  const typed = line.trim();
  const history = typed === '' ? session.history : [...session.history, line].slice(-longestHistory);
  // An empty line leaves everything as it was, the last status too.
  const status = typed === '' && answer.output.length === 0 ? session.status : answer.status;
  const before = place === undefined ? [] : session.places.slice(0, -1);
  const here = place === undefined || leaves ? before : [...before, { ...place, variables: answer.variables ?? place.variables, status }];
  // A shell in a shell is left by itself, without a word of what opened it.
  const opened = answer.opens === undefined ? here : [...here, inside === null ? answer.opens : { ...answer.opens, opener: 'shell' as const }];
  return {
    session: {
      lab, namespace: place === undefined ? answer.namespace ?? session.namespace : session.namespace, variables: place === undefined ? answer.variables ?? session.variables : session.variables, status, history, places: opened,
      files: answer.files ?? session.files, sent: [...session.sent, ...(answer.sent ?? [])].slice(-longestMemory),
      // A change takes its time, and so does every command that waits.
      clock: session.clock + (answer.seconds ?? 0) + Math.max(0, lab.store.now - session.lab.store.now),
    },
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

// Words of a command as they are when it runs: substitutions worked out, variables put in, quotes taken off.
import type { Answer, AskedLookup, Piece } from './command.ts';
import { streamOf } from './command.ts';
import type { Ground } from './ground.ts';
import type { Sent } from './session.ts';
import { argumentsOf, braces, expandHere, substitutions, wordOf } from './parse/arguments.ts';
import type { Words } from './parse/arguments.ts';
import { arithmetic } from './parse/arithmetic.ts';
import { parameter } from './parse/parameter.ts';
import type { Trace } from '../sim/model/trace.ts';

/** What the commands in `$(…)` did beside giving their output. */
export interface Beside {
  readonly output: readonly Piece[];
  readonly traces: readonly Trace[];
  readonly lookups: readonly AskedLookup[];
  readonly meanings: readonly string[];
  readonly sent: readonly Sent[];
}

export interface Expanded<T> {
  readonly kind: 'expanded';
  readonly value: T;
  readonly ground: Ground;
  readonly beside: Beside;
  /** Of the last command in `$(…)`; `null` where there was none. */
  readonly status: number | null;
}

/** A text is the shell's complaint. */
export type Expanding<T> = Expanded<T> | Exclude<Answer, { readonly kind: 'done' }> | string;

/** Runs a line in a subshell. */
export type Inner = (line: string, ground: Ground, turn: string) => Answer;

/** The variables that a command sees: the session's, and the shell's own. */
const visible = (ground: Ground, status: number): Readonly<Record<string, string>> => ({ ...ground.variables, '?': String(status), '$': '1', '#': '0', '0': ground.shell, '@': '', '*': '', '!': '', '-': '' });

function worked<T>(text: string, here: boolean, ground: Ground, status: number, turn: string, inner: Inner, use: (text: string, variables: Readonly<Record<string, string>>) => T): Expanding<T> {
  let now = ground;
  let last: number | null = null;
  const output: Piece[] = [];
  const traces: Trace[] = [];
  const lookups: AskedLookup[] = [];
  const meanings: string[] = [];
  const sent: Sent[] = [];
  const cut = substitutions(text, here);
  const values: Record<string, string> = {};
  for (const { variable, kind, text: within } of cut.found) {
    if (kind === 'command') {
      const answer = inner(within, { ...now, stdin: null }, `${turn}${variable}`);
      if (answer.kind !== 'done') return answer;
      values[variable] = streamOf(answer.output, 'out').replace(/\n+$/, '');
      last = answer.status;
      // A subshell's variables and namespace are its own; the cluster, the files and the time are everybody's.
      now = { ...now, lab: answer.lab ?? now.lab, files: answer.files ?? now.files, sent: [...now.sent, ...(answer.sent ?? [])], clock: now.clock + (answer.seconds ?? 0) };
      output.push(...answer.output.filter((piece) => piece.stream === 'err'));
      traces.push(...(answer.traces ?? []));
      lookups.push(...(answer.lookups ?? []));
      meanings.push(...(answer.meanings ?? []));
      sent.push(...(answer.sent ?? []));
    } else if (kind === 'arithmetic') {
      // Variables may stand in it with their sign, and substitutions too.
      const ready = worked(within, true, now, status, `${turn}${variable}`, inner, expandHere);
      if (typeof ready === 'string' || ready.kind !== 'expanded') return ready;
      const sum = arithmetic(ready.value, now.variables);
      if (!sum.ok) return `${ground.shell}: ${sum.failures.join('; ')}`;
      values[variable] = String(sum.value.value);
      now = { ...now, variables: { ...now.variables, ...sum.value.variables } };
    } else {
      const made = parameter(within, visible(now, status), (word) => {
        const ready = worked(word, true, now, status, `${turn}${variable}`, inner, expandHere);
        return typeof ready === 'string' || ready.kind !== 'expanded' ? '' : ready.value.replace(/^(["'])([\s\S]*)\1$/, '$2');
      });
      if (!made.ok) return `${ground.shell}: ${made.failures.join('; ')}`;
      values[variable] = made.value.value;
      now = { ...now, variables: { ...now.variables, ...made.value.variables } };
    }
  }
  try {
    return { kind: 'expanded', value: use(cut.text, { ...visible(now, status), ...values }), ground: now, beside: { output, traces, lookups, meanings, sent }, status: last };
  } catch (error) {
    // shell-quote's way to refuse what it cannot read.
    return `${ground.shell}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** A command's words. */
export const expandWords = (text: string, ground: Ground, status: number, turn: string, inner: Inner): Expanding<Words> =>
  worked(ground.shell === 'bash' ? braces(text) : text, false, ground, status, turn, inner, argumentsOf);

/** One word: a file's name, a case's word. */
export const expandWord = (text: string, ground: Ground, status: number, turn: string, inner: Inner): Expanding<string> => worked(text, false, ground, status, turn, inner, wordOf);

/** A here-document. */
export const expandText = (text: string, ground: Ground, status: number, turn: string, inner: Inner): Expanding<string> => worked(text, true, ground, status, turn, inner, expandHere);

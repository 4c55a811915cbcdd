// A session of the lab's terminal: the cluster, the variables and the last status; one typed line gives another session and what it printed.
import type { Lab } from '../sim/lab.ts';
import type { Lookup } from '../sim/model/lookup.ts';
import type { ObjectRef } from '../sim/model/object.ts';
import type { Trace } from '../sim/model/trace.ts';

export interface Session {
  readonly lab: Lab;
  /** The namespace of the kubectl context. */
  readonly namespace: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Of the last line. */
  readonly status: number;
  /** Lines as typed, oldest first. */
  readonly history: readonly string[];
}

/** What a line may need from outside: files that it names, and standard input. */
export interface Inputs {
  /** The text of a file that the line names, by the path as written; a string starting with nothing found is absent. */
  readonly files: Readonly<Record<string, string>>;
  readonly stdin: string | null;
}

export interface Ran {
  readonly session: Session;
  readonly stdout: string;
  readonly stderr: string;
  /** In the order in which they were printed, for a screen that shows both together. */
  readonly output: readonly { readonly stream: 'out' | 'err'; readonly text: string }[];
  readonly status: number;
  /** Every network question that was asked leaves its trace for the panes. */
  readonly traces: readonly Trace[];
  readonly lookups: readonly { readonly from: string; readonly lookup: Lookup }[];
  /** The cluster was changed. */
  readonly changed: boolean;
  /** What ran, in one meaning for all spellings: `get endpointslices`, `exec curl` … (a lesson's `ran:` steps). */
  readonly meanings: readonly string[];
  /** `kubectl edit` was refused: the text to open again, what was wrong as comments on top. Then call `edited` with it as the original. */
  readonly reopen?: { readonly ref: ObjectRef; readonly text: string };
}

/** What running a line comes to: done, or something is wanted first. */
export type Running =
  | { readonly kind: 'done'; readonly ran: Ran }
  /** Run the line again with these files read (a missing one mapped to nothing in `missing`). */
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  /** `kubectl edit`: open an editor on this text, then call {@link Edited} with what came of it. */
  | { readonly kind: 'edit'; readonly ref: ObjectRef; readonly text: string }
  | { readonly kind: 'clear' };

export interface Completion {
  /** Where the word that is completed starts in the line. */
  readonly from: number;
  readonly candidates: readonly string[];
}
/*
 * The functions of this room's door (src/shell/shell.ts; signatures are fixed):
 *
 * startSession(lab: Lab, namespace?: string): Session
 * run(session: Session, line: string, inputs?: Inputs & { missing?: readonly string[] }): Running
 * edited(session: Session, ref: ObjectRef, original: string, text: string): Ran     what `kubectl edit` does after the editor closed
 * complete(session: Session, line: string, cursor: number): Completion
 * evidence(lab: Lab, command: string): string                                       standard output and error of an evidence command
 * words(trace: Trace): string | null                                                cli.md's `error`: what curl -sS, nc or ping prints; null when delivered and silent
 */

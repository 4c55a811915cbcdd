// A session of the lab's terminal: the cluster, the variables and the last status; one typed line gives another session and what it printed.
import type { Lab } from '../sim/lab.ts';
import type { Lookup } from '../sim/model/lookup.ts';
import type { ObjectRef } from '../sim/model/object.ts';
import type { Source } from '../sim/model/request.ts';
import type { Trace, Walk } from '../sim/model/trace.ts';

export interface Session {
  readonly lab: Lab;
  /** The namespace of the kubectl context. */
  readonly namespace: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Of the last line. */
  readonly status: number;
  /** Lines as typed, oldest first. */
  readonly history: readonly string[];
  /** Shells that were opened in pods, on nodes and outside and that nobody left yet; the last one reads the lines. */
  readonly places: readonly OpenShell[];
  /** What was written with `>`, `tee`, `curl -o` …: text by place and path ({@link fileKey}). */
  readonly files: Files;
  /** What was asked of the network so far, oldest first. */
  readonly sent: readonly Sent[];
  /** Simulated seconds since the session began: what commands took, and `sleep`. */
  readonly clock: number;
}

export type Files = Readonly<Record<string, string>>;

/** The key of a file: of the learner's own machine by its path alone, of another place with the place in front. */
export const fileKey = (place: string | null, path: string): string => {
  const bare = path.replace(/^(?:\.\/)+/, '').replace(/\/{2,}/g, '/');
  return place === null ? bare : `${place}:${bare.startsWith('/') ? bare : `/${bare}`}`;
};

/** Where a shell stands, by names: the place itself is found anew for every line, because the cluster goes on. */
export type Where =
  | { readonly kind: 'container'; readonly namespace: string; readonly pod: string; readonly container: string; readonly image: string }
  | { readonly kind: 'node'; readonly name: string; readonly image: string }
  | { readonly kind: 'host'; readonly name: string };

/** A shell that stays until `exit`. */
export interface OpenShell {
  readonly where: Where;
  /** The program that was started: `sh`, `bash`. */
  readonly program: 'bash' | 'sh';
  readonly variables: Readonly<Record<string, string>>;
  /** Of the last line in it. */
  readonly status: number;
  /** What opened it says when it ends, by the status. */
  readonly opener: 'exec' | 'debug' | 'ssh' | 'on' | 'shell';
}

/** One question to the network, and which of its possible ways it took: what conntrack and tcpdump look back on. */
export interface Sent {
  readonly from: Source;
  /** Of the session's clock. */
  readonly at: number;
  /** `null` for a question to a DNS server alone. */
  readonly trace: Trace | null;
  readonly walk: Walk | null;
  readonly lookup: Lookup | null;
  /** Seconds after which the client gave up by itself (`-m 3`); `null`: it waited. */
  readonly limit: number | null;
  /** How often the packet was sent (ping -c 3); 1 for a connection. */
  readonly times: number;
  /** The key under which the way was chosen. */
  readonly turn: string;
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
 * promptOf(session: Session): string                                               what stands before the line that is typed; shows where a shell stands
 * unfinished(line: string): boolean                                                 the line goes on: an open quote, loop or here-document
 * words(trace: Trace): string | null                                                cli.md's `error`: what curl -sS, nc or ping prints; null when delivered and silent
 */

// The contract of every program of the terminal: what it is called with and what it answers, whether it is kubectl, a filter or a tool inside a pod.
import type { Lab } from '../sim/lab.ts';
import type { Lookup, ResolverName } from '../sim/model/lookup.ts';
import type { NetworkContainer, NetworkPod, Socket } from '../sim/model/network.ts';
import type { ObjectRef } from '../sim/model/object.ts';
import type { Source } from '../sim/model/request.ts';
import type { Trace } from '../sim/model/trace.ts';
import type { Files, Inputs, OpenShell, Sent } from './session.ts';

/** Where a tool runs: a container, a node, or a host outside of the cluster. */
export interface Inside {
  readonly from: Source;
  /** A terminal is attached (`exec -t`): some tools print less or more. */
  readonly terminal: boolean;
  /** `null` on nodes and outside. */
  readonly pod: NetworkPod | null;
  /** Whose tools they are. */
  readonly image: string;
  readonly env: Readonly<Record<string, string>>;
  readonly hostname: string;
  readonly addresses: readonly string[];
  readonly sockets: readonly Socket[];
  readonly resolvConf: string;
  readonly hostsFile: string;
  /** `null`: as the place has it. */
  readonly resolver: ResolverName | null;
  /** What brought somebody here; absent: exec, ssh or on, by the kind of place. */
  readonly opener?: OpenShell['opener'];
}

/** The key of a place's files. */
export const placeKey = (inside: Inside | null): string | null => {
  if (inside === null) return null;
  const { from } = inside;
  return from.kind === 'pod' ? `${from.namespace}/${from.name}/${from.container ?? ''}` : from.kind === 'node' ? `node/${from.name}` : `host/${inside.hostname}`;
};

/** A container as a place. */
export const insideContainer = (pod: NetworkPod, container: NetworkContainer, terminal: boolean): Inside => ({
  from: { kind: 'pod', namespace: pod.namespace, name: pod.name, container: container.name }, terminal, pod, image: container.image, env: container.env,
  hostname: pod.hostname, addresses: pod.addresses, sockets: pod.sockets, resolvConf: pod.resolvConf, hostsFile: pod.hostsFile, resolver: pod.resolver,
});

/** What a program may know. `null` for `inside` is the learner's own machine. */
export interface Call {
  readonly name: string;
  readonly args: readonly string[];
  readonly stdin: string | null;
  readonly lab: Lab;
  readonly namespace: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly history: readonly string[];
  readonly inputs: Inputs & { readonly missing?: readonly string[] };
  readonly inside: Inside | null;
  /** Differs for every command of a session: the key of choices that a real tool leaves to chance. */
  readonly turn: string;
  /** Finds the programs of the same place. */
  readonly find: Find;
  readonly files: Files;
  /** What was asked of the network before. */
  readonly sent: readonly Sent[];
  /** Simulated seconds since the session began. */
  readonly clock: number;
  /** Whose words a shell's own complaints are in. */
  readonly shell: 'bash' | 'sh';
}

export type Program = (call: Call) => Answer;
export type Find = (name: string) => Program | undefined;

export interface Piece {
  readonly stream: 'out' | 'err';
  readonly text: string;
}

export interface AskedLookup {
  readonly from: string;
  readonly lookup: Lookup;
}

/** A program that ran to its end. What is absent stays as it was. */
export interface Done {
  readonly kind: 'done';
  readonly status: number;
  readonly output: readonly Piece[];
  readonly lab?: Lab;
  readonly namespace?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly traces?: readonly Trace[];
  readonly lookups?: readonly AskedLookup[];
  readonly meanings?: readonly string[];
  /** All of the session's files after it. */
  readonly files?: Files;
  /** What this program asked of the network. */
  readonly sent?: readonly Sent[];
  /** Simulated seconds that it took. */
  readonly seconds?: number;
  /** A shell that stays: the next lines are its own. */
  readonly opens?: OpenShell;
  /** What a shell's own command does to the shell: `exit`, `break`, `continue`; `read` leaves the rest of standard input. */
  readonly shellDoes?: { readonly kind: 'exit' } | { readonly kind: 'break' | 'continue'; readonly levels: number } | { readonly kind: 'read'; readonly rest: string };
}

/** A program that cannot go on alone. */
export type Wanted =
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  | { readonly kind: 'edit'; readonly ref: ObjectRef; readonly text: string }
  | { readonly kind: 'clear' };

export type Answer = Done | Wanted;

type Beside = Partial<Omit<Done, 'kind' | 'status' | 'output'>>;

/** Ends well, with this on standard output. */
export const printed = (text: string, beside: Beside = {}): Done => ({ kind: 'done', status: 0, output: text === '' ? [] : [{ stream: 'out', text }], ...beside });

/** Ends with a status and this on standard error; a missing newline is added. */
export const failed = (text: string, status = 1, beside: Beside = {}): Done => ({
  kind: 'done', status, output: text === '' ? [] : [{ stream: 'err', text: text.endsWith('\n') ? text : `${text}\n` }], ...beside,
});

/** Ends with both streams, standard output first. */
export const both = (out: string, err: string, status: number, beside: Beside = {}): Done => ({
  kind: 'done', status, ...beside,
  output: [...(out === '' ? [] : [{ stream: 'out' as const, text: out }]), ...(err === '' ? [] : [{ stream: 'err' as const, text: err.endsWith('\n') ? err : `${err}\n` }])],
});

/** One stream of an answer as text. */
export const streamOf = (output: readonly Piece[], stream: Piece['stream']): string => output.filter((piece) => piece.stream === stream).map((piece) => piece.text).join('');

// Everything the app knows at one moment. Facts are kept once; what costs asking the simulation is kept beside them and worked out again after each change.
import type { Course, Diagnosis, Fall, Grade, Lesson, LessonCard, LessonText, Seen } from '../lesson/lesson.ts';
import type { Progress } from '../lesson/progress.ts';
import type { Session } from '../shell/session.ts';
import type { LookupCost } from '../sim/dataplane/lookup-cost.ts';
import type { Lab } from '../sim/lab.ts';
import type { Lookup } from '../sim/model/lookup.ts';
import type { CniFacts } from '../sim/model/network.ts';
import type { ObjectRef } from '../sim/model/object.ts';
import type { Reach } from '../sim/model/policy.ts';
import type { Problem } from '../sim/model/problem.ts';
import type { Layer, Trace } from '../sim/model/trace.ts';
import type { Options, Size } from './world.ts';

export type DiagramName = 'layers' | 'dns' | 'policy' | 'service' | 'network';
export type PaneName = 'story' | 'intents' | DiagramName | 'terminal' | 'editor';

export interface State {
  readonly size: Size;
  readonly options: Options;
  readonly course: Course;
  readonly cards: readonly LessonCard[];
  readonly progress: Progress;
  readonly map: MapState;
  /** The lesson or sandbox that is open; `null` on the map. */
  readonly desk: Desk | null;
  /** The lesson that was left for the map: opening it again goes on where it was. */
  readonly parked: Desk | null;
  readonly overlay: Overlay | null;
  /** One line in the footer until the next key. */
  readonly notice: Notice | null;
}

export interface MapState {
  /** The lesson under the cursor. */
  readonly chosen: string | null;
  /** The lesson that is being read from disk. */
  readonly loading: string | null;
}

export interface Notice {
  readonly tone: 'good' | 'bad' | 'plain';
  readonly text: string;
}

/** One thing that every other pane can follow: an intent of the lesson, or a question that was asked in the terminal. */
export interface Row {
  readonly kind: 'intent' | 'asked';
  readonly say: string;
  /** Of an intent; `null` where nobody expected anything. */
  readonly holds: boolean | null;
  readonly why: string;
  readonly from: string;
  readonly trace: Trace | null;
  readonly lookup: Lookup | null;
  /** A prediction asks about it: what came of it is not said yet. */
  readonly veiled: boolean;
}

/** A question of the learner's own, to be asked again after each change. */
export type Asked =
  | { readonly kind: 'request'; readonly trace: Trace }
  | { readonly kind: 'lookup'; readonly from: string; readonly lookup: Lookup };

/** Where a learner works: a lesson, or in the sandbox a cluster of one's own. */
export interface Desk {
  readonly title: string;
  readonly lesson: Lesson | null;
  readonly text: LessonText | null;
  /** The cluster as it was opened. */
  readonly broken: Lab;
  readonly session: Session;
  readonly asked: readonly Asked[];
  /** Worked out from the cluster after each change. Intents first. */
  readonly rows: readonly Row[];
  /** The same rows before any change; only the intents. */
  readonly brokenRows: readonly Row[];
  readonly chosen: number;
  /** The places of the intents whose request the learner sent. */
  readonly ran: readonly number[];
  readonly focus: PaneName;
  /** The pane that Esc goes back to. */
  readonly lastFocus: PaneName;
  readonly diagram: DiagramName;
  /** The focused pane fills the screen. */
  readonly full: boolean;
  readonly road: Road;
  readonly policy: PolicyView;
  /** The shown lookup with another ndots beside it; `null` until it is asked for. */
  readonly ndots: { readonly value: number; readonly lookup: Lookup } | null;
  /** The first visible line of the Service and Network panes. */
  readonly top: number;
  /** `NAMESPACE/NAME` that the Service pane shows; `null` for the one on the road. */
  readonly service: string | null;
  readonly network: NetworkView;
  /** The node whose routes are shown; `null` for the one where the road starts. */
  readonly node: string | null;
  readonly terminal: TerminalState;
  readonly editor: EditorState | null;
  readonly story: StoryState;
  /** What was looked at: steps end by it, and the first hint tells what is missing. Predictions and diagnosis stand in the story. */
  readonly seen: Pick<Seen, 'panes' | 'stages' | 'meanings' | 'lines'>;
  /** A pane that `--plain` was asked to print; the number counts the askings. */
  readonly report: { readonly pane: PaneName; readonly count: number } | null;
}

/** The place on the request's road that Layers shows, and the query that DNS shows. */
export interface Road {
  readonly walk: number;
  readonly hop: number;
  readonly query: number;
  /** The hop is opened: packet, object, field, evidence. */
  readonly open: boolean;
  readonly playing: boolean;
}

export interface PolicyView {
  /** `null` until the pane is looked at, and after each change until it is again. */
  readonly now: Reach | null;
  readonly without: Reach | null;
  readonly before: Reach | null;
  readonly row: number;
  readonly column: number;
  readonly show: 'with' | 'without';
  readonly compare: boolean;
  /** The matrix is asked for, though the picture would fit. */
  readonly matrix: boolean;
  /** What was guessed of each cell, `FROM TO`: true where it is allowed. `null` while nothing is guessed. */
  readonly guesses: Readonly<Record<string, boolean>> | null;
  /** Why the cell under the cursor is as it is. */
  readonly cell: CellAnswer | null;
}

export interface CellAnswer {
  readonly from: string;
  readonly to: string;
  readonly allowed: boolean;
  /** `5432/TCP`, `all ports` … */
  readonly ports: string;
  /** One sentence a deciding policy, with `FILE:LINE` where it is written and the rows that say it. */
  readonly says: readonly { readonly text: string; readonly object: string; readonly field: string | null; readonly written: string | null; readonly yaml: readonly string[] }[];
}

export type NetworkPart = 'nodes' | 'plugins' | 'cost';

export interface NetworkView {
  readonly part: NetworkPart;
  /** The same cluster under each plugin; `null` until it is looked at, and after each change until it is again. */
  readonly plugins: readonly PluginFacts[] | null;
  /** As the shown node's rules have it; likewise. */
  readonly cost: (LookupCost & { readonly node: string }) | null;
}

/** One plugin in this cluster. */
export interface PluginFacts {
  readonly name: string;
  /** It carries the packets now. */
  readonly now: boolean;
  readonly mode: string;
  readonly mtu: number;
  readonly encapsulation: CniFacts['encapsulation'];
  readonly enforces: readonly string[];
  readonly denied: 'drop' | 'reject';
  /** Who translates Services; `null`: nobody. */
  readonly services: string | null;
  /** Of the nodes, for their pods. */
  readonly ranges: readonly string[];
  /** Which address the first pod would have. */
  readonly pod: { readonly name: string; readonly node: string; readonly address: string } | null;
}

export interface TerminalLine {
  readonly kind: 'prompt' | 'out' | 'err' | 'note';
  readonly text: string;
}

export interface TerminalState {
  /** The youngest lines, oldest first. */
  readonly lines: readonly TerminalLine[];
  /** How many lines were ever printed: `lines` keeps the last of them. */
  readonly printed: number;
  readonly input: LineInput;
  /** Lines before the one being typed that are not whole without it; empty for none. */
  readonly begun: string;
  /** Which history entry is shown; `null` for the line being typed. */
  readonly recalled: number | null;
  /** What was typed before the history was walked. */
  readonly draft: string;
  readonly search: { readonly query: string; readonly found: number | null } | null;
  /** Offered by the last Tab. */
  readonly candidates: readonly string[];
  /** Lines below the visible part. */
  readonly scroll: number;
  /** The line that waits for files from disk. */
  readonly waiting: string | null;
}

/** One line being typed; the cursor counts code units. */
export interface LineInput {
  readonly text: string;
  readonly cursor: number;
  /** What was cut last, for Ctrl-Y. */
  readonly cut: string;
}

export interface Spot {
  readonly row: number;
  /** In code units of the row. */
  readonly column: number;
}

export interface Buffer {
  readonly rows: readonly string[];
  readonly cursor: Spot;
  /** The other end of the selection. */
  readonly anchor: Spot | null;
}

export interface FieldOffer {
  readonly name: string;
  /** `string`, `list of ServicePort` … */
  readonly type: string;
}

export interface EditorState {
  readonly ref: ObjectRef;
  readonly original: string;
  readonly buffer: Buffer;
  readonly past: readonly Buffer[];
  readonly future: readonly Buffer[];
  readonly clipboard: string;
  /** Field names that the last completion left open. */
  readonly offers: readonly FieldOffer[];
  readonly problems: readonly EditorProblem[];
  /** Why the last save was refused. */
  readonly refused: string | null;
  /** First visible row. */
  readonly top: number;
  /** What was searched for last. */
  readonly sought: string;
  /** What differs from the object as it was opened is shown instead of the text. */
  readonly diff: boolean;
  /** `--plain` types the whole text anew, line by line. */
  readonly retyping: boolean;
}

export interface EditorProblem {
  /** From 0; `null` when it belongs to no line. */
  readonly row: number | null;
  readonly column: number | null;
  readonly says: string;
}

export type Question =
  | { readonly kind: 'prediction'; readonly id: string }
  | { readonly kind: 'diagnosis'; readonly layer: Layer | null; readonly object: string | null };

export interface Answered {
  readonly id: string;
  readonly given: string;
  readonly actual: string;
}

/** One change that the learner made, and what came of it. */
export interface Try {
  /** The line that was typed, or what was edited. */
  readonly what: string;
  /** How many intents failed then; with none, the checks that the repair fell for (none: it solves the lesson). `null` until it is graded. */
  readonly failing: number;
  readonly falls: readonly Fall[] | null;
}

export interface StoryState {
  /** First visible line, or the part of the story that is shown from its start. */
  readonly top: number | { readonly part: string };
  readonly question: Question | null;
  /** The choice under the cursor. */
  readonly cursor: number;
  readonly answered: readonly Answered[];
  /** Ids of predictions that the learner did not want to make. */
  readonly skipped: readonly string[];
  readonly hints: readonly string[];
  /** How many hints there are in all, as last counted. */
  readonly hintCount: number;
  readonly diagnosed: { readonly given: Diagnosis; readonly layer: boolean; readonly object: boolean; readonly field: boolean } | null;
  /** Places of the lesson's faults that were named whole. */
  readonly named: readonly number[];
  /** The youngest last; changes that were taken back stay, the debrief builds on them. */
  readonly tried: readonly Try[];
  /** Every intent holds since the last change: the repair is to be graded, after the frame that shows it. */
  readonly ungraded: boolean;
  /** Of the last repair that made every intent hold. */
  readonly grade: Grade | null;
  readonly solved: boolean;
  /** Which step of a guided lesson; the count of steps when all are done. */
  readonly step: number;
}

export type Overlay =
  /** `help` the key table, `palette` the commands, `objects` what can be edited, `lessons` the course, `plugins` what can carry the packets. */
  | { readonly kind: 'help' | 'palette' | 'objects' | 'lessons' | 'plugins'; readonly query: string; readonly index: number }
  /** The text that the editor searches for. */
  | { readonly kind: 'find'; readonly input: LineInput }
  | { readonly kind: 'command'; readonly input: LineInput; readonly index: number | null }
  | { readonly kind: 'confirm'; readonly about: 'reset' | 'leave-editor' | 'quit' }
  | { readonly kind: 'problems'; readonly title: string; readonly problems: readonly Problem[] };

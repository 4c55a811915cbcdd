// A lesson as data: a broken cluster, what must hold, what may not be touched, and the words around it. No code knows a lesson by name.
import type { Layer, Trace, Verdict } from '../sim/model/trace.ts';
import type { ReachConnection } from '../sim/model/policy.ts';
import type { Lookup, RecordType } from '../sim/model/lookup.ts';
import type { SourceFile } from '../sim/lab.ts';

export const lessonFormat = 'k8snet-lab/v1';

/** Where an intent calls: a TARGET as the command line writes it, or the name of an environment variable of the source's container. */
export type IntentTarget = { readonly kind: 'target'; readonly text: string } | { readonly kind: 'env'; readonly name: string };

export type Intent =
  /** `by` is the workload whose pods must have answered, whichever backend is picked; `null` when it does not matter. */
  | { readonly kind: 'request'; readonly say: string; readonly from: string; readonly to: IntentTarget; readonly expect: Verdict | 'blocked'; readonly by: string | null }
  | { readonly kind: 'lookup'; readonly say: string; readonly from: string; readonly name: string; readonly type: RecordType | null; readonly expect: { readonly addresses: readonly string[] } | 'found' | 'not-found' };

/** A question before the run. The right answer is never written down: it is read from the trace. */
export interface Prediction {
  readonly id: string;
  readonly from: string;
  readonly to: IntentTarget;
  readonly about: 'verdict' | 'layer';
  /** The choices offered, the right one among them (proven by `verify`). */
  readonly choices: readonly string[];
}

export interface Diagnosis {
  readonly layer: Layer;
  /** `KIND/NAMESPACE/NAME` as the lesson file writes it. */
  readonly object: string;
  readonly field: string;
}

/** What ends a step of a guided lesson. */
export type StepEnd =
  | { readonly kind: 'ran'; readonly meaning: string }
  | { readonly kind: 'opened'; readonly pane: string }
  | { readonly kind: 'stepped-to'; readonly station: string }
  /** The prediction that must have been answered; `null` for every one of the lesson. */
  | { readonly kind: 'predicted'; readonly id: string | null }
  | { readonly kind: 'diagnosed' }
  | { readonly kind: 'intents' };

/** What a learner has done so far in a lesson: what ends steps and what the first hint is made from. */
export interface Seen {
  /** Panes that were opened, by name. */
  readonly panes: readonly string[];
  /** Stages of hops that were stepped to. */
  readonly stages: readonly string[];
  /** What ran in the terminal, in one meaning for all spellings (`get endpointslices`). */
  readonly meanings: readonly string[];
  /** Lines as they were typed, evidence commands that were run from a hop among them. */
  readonly lines: readonly string[];
  /** Ids of the predictions that were answered. */
  readonly predicted: readonly string[];
  readonly diagnosed: boolean;
}

export interface Step {
  /** Also the heading of its part of the text. */
  readonly title: string;
  readonly ends: StepEnd;
}

/** A way to change the broken cluster: manifests to apply, or lines for the lab's terminal. */
export interface Fix {
  readonly name: string;
  readonly files: readonly SourceFile[];
  readonly run: readonly string[];
}

/** A way that solves the lesson; `free` are fields of it that may be left out or altered, each with the reason (the proof by mutation leaves them alone). */
export interface Solution extends Fix {
  readonly free: readonly { readonly object: string; readonly field: string; readonly why: string }[];
}

/** What a fix did to an object: `object` is `KIND/NAMESPACE/NAME` with `*` for any text, `field` the start of a path that must be among those that differ. */
export interface Shape {
  readonly how: 'changed' | 'created' | 'deleted';
  readonly object: string;
  readonly field: string | null;
}

/** Which check a fix fell for. */
export type Fall = 'intent' | 'replaced' | 'every-node' | 'outside' | 'opened' | 'guard';

/** A tempting wrong fix, the check that it must fall for and the heading of the message that the learner gets. */
export interface Trap extends Fix {
  readonly falls: Fall;
  /** A fix that falls for the same check and did all of this gets the trap's message. Empty: what the trap itself does. */
  readonly looksLike: readonly Shape[];
}

/** What a file of words holds, cut at its fixed headings. Markdown. */
export interface LessonText {
  readonly language: string;
  readonly story: string;
  /** By prediction id. */
  readonly predictions: Readonly<Record<string, string>>;
  /** Written rungs only, the last nearly the answer; the first rung comes from the trace. */
  readonly hints: readonly string[];
  readonly debrief: string;
  /** By trap name. */
  readonly traps: Readonly<Record<string, string>>;
  /** By step title. */
  readonly steps: Readonly<Record<string, string>>;
}

export interface Lesson {
  readonly name: string;
  readonly title: string;
  readonly minutes: number;
  readonly level: 1 | 2 | 3;
  readonly layers: readonly Layer[];
  readonly concepts: readonly string[];
  readonly requires: readonly string[];
  readonly focus: 'layers' | 'dns' | 'policy';
  readonly intents: readonly Intent[];
  readonly predictions: readonly Prediction[];
  readonly guard: { readonly opened: 'none' | 'warn' | readonly { readonly from: string; readonly to: string }[]; readonly untouched: readonly string[] };
  readonly diagnosis: Diagnosis | null;
  /** How many fields the smallest fix changes; `null` for a lesson without repair. */
  readonly edits: number | null;
  readonly steps: readonly Step[];
  readonly cluster: readonly SourceFile[];
  readonly solutions: readonly Solution[];
  readonly traps: readonly Trap[];
  readonly texts: Readonly<Record<string, LessonText>>;
}

export interface CourseModule {
  readonly name: string;
  readonly title: string;
  /** Lesson names in order. */
  readonly lessons: readonly string[];
}

export interface Course {
  readonly modules: readonly CourseModule[];
  readonly languages: readonly string[];
}

/** What the map shows of a lesson without opening it. */
export interface LessonCard {
  readonly name: string;
  readonly module: string;
  readonly title: string;
  readonly level: 1 | 2 | 3;
  readonly minutes: number;
}

export interface IntentResult {
  readonly say: string;
  readonly holds: boolean;
  /** One line. */
  readonly why: string;
  /** The re-check in which it failed; `null` when it holds, `intent` as the fix stands. */
  readonly fell: Fall | null;
  readonly trace: Trace | null;
  readonly lookup: Lookup | null;
}

export interface Grade {
  readonly solved: boolean;
  readonly intents: readonly IntentResult[];
  readonly guards: readonly { readonly say: string; readonly holds: boolean }[];
  /** Connections that no intent asked for, against the broken cluster. */
  readonly opened: readonly ReachConnection[];
  readonly closed: readonly ReachConnection[];
  readonly fixed: number;
  readonly broke: number;
  /** Every check that the fix fell for. */
  readonly falls: readonly Fall[];
  /** Why an unsolved fix is none, in a sentence each: the messages of the lesson's traps where one matches, ours otherwise. */
  readonly messages: readonly string[];
}

export interface ProofCheck {
  readonly check: string;
  readonly passes: boolean;
  readonly detail: string;
}
/*
 * The functions of this room's door (signatures are fixed):
 *
 * decode-course.ts   decodeCourse(file: SourceFile): Result<Course, Problem>
 * decode-lesson.ts   decodeLesson(files: readonly SourceFile[], folder: string): Result<Lesson, Problem>     paths relative to the lesson's folder
 *                    cardOf(files): Result<LessonCard without module, Problem>                               cheap: lesson.yaml alone
 * grade.ts           grade(lesson: Lesson, broken: Lab, now: Lab): Grade                                     full: every re-check, guards, blast radius
 *                    liveIntents(lesson: Lesson, lab: Lab): IntentResult[]                                   fast: the cluster as it stands (after every change, on screen)
 * apply-fix.ts       applyFix(lesson: Lesson, broken: Lab, fix: Fix): Result<Lab, Problem>                   three-way apply, `$patch: delete` documents delete
 * step-ended.ts      stepEnded(lesson: Lesson, step: Step, seen: Seen, allIntentsHold: boolean): boolean
 * hints.ts           hints(lesson: Lesson, lab: Lab, language: string, seen: Seen): string[]                 first rung from the trace
 * predictions.ts     answerOf(lesson: Lesson, lab: Lab, id: string): { answer: string; trace: Trace }
 *                    judgeDiagnosis(lesson: Lesson, lab: Lab, given: Partial<Diagnosis>): { layer: boolean; object: boolean; field: boolean }
 * proofs.ts          prove(lesson: Lesson): ProofCheck[]                                                     what `verify` runs
 */

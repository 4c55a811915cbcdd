// A lesson as data: a broken cluster, what must hold, what may not be touched, and the words around it. No code knows a lesson by name.
import type { Layer, Trace, Verdict } from '../sim/model/trace.ts';
import type { ReachConnection } from '../sim/model/policy.ts';
import type { Lookup, Rcode, RecordType } from '../sim/model/lookup.ts';
import type { HttpRequest } from '../sim/model/request.ts';
import type { SourceFile } from '../sim/lab.ts';

export const lessonFormat = 'k8snet-lab/v1';

/** Where an intent calls: a TARGET as the command line writes it, or the name of an environment variable of the source's container; `scheme` is what must stand there (`https`), `null` when it does not matter. */
export type IntentTarget = { readonly kind: 'target'; readonly text: string } | { readonly kind: 'env'; readonly name: string; readonly scheme: string | null };

/** Who calls whom, as texts: SOURCE and TARGET of the command line. */
export interface Pair {
  readonly from: string;
  readonly to: IntentTarget;
}

/** A request as intents and predictions write it. */
export interface Ask extends Pair {
  /** What the client says beyond the URL; `null`: GET, no headers of its own. */
  readonly http: HttpRequest | null;
  /** Bytes of the answer (of the one packet with udp and icmp); `null`: small. */
  readonly size: number | null;
}

interface Wish {
  readonly say: string;
  /** Lines for the terminal that are run before it is asked: what must still hold after a release, a scaling, a drained node. */
  readonly after: readonly string[];
}

export interface RequestIntent extends Wish, Ask {
  readonly kind: 'request';
  /** Every pair that must do as expected, `from` and `to` of the intent first. */
  readonly pairs: readonly Pair[];
  /** A list: any of them. */
  readonly expect: Verdict | 'blocked' | readonly Verdict[];
  /** The workloads or pods that must have answered: each backend is one of them, whichever is picked, and each of them answers. Empty: it does not matter. */
  readonly by: readonly string[];
  /** How many different backends may be picked. */
  readonly backends: number | null;
  /** The HTTP status of the answer. */
  readonly status: number | null;
  /** Whose address the process that answers sees: the caller's own, or another. */
  readonly sees: 'client' | 'other' | null;
  /** The most DNS queries that the name may cost. */
  readonly queries: number | null;
}

export interface LookupIntent extends Wish {
  readonly kind: 'lookup';
  readonly from: string;
  /** Every source that must get it, `from` first. */
  readonly sources: readonly string[];
  readonly name: string;
  readonly type: RecordType | null;
  /** `pods` is a workload or a pod: exactly the addresses of its ready pods. */
  readonly expect: { readonly addresses: readonly string[] } | { readonly pods: string } | { readonly rcode: Rcode } | 'found' | 'not-found';
  readonly queries: number | null;
}

export interface ReadyIntent extends Wish {
  readonly kind: 'ready';
  /** A workload, a pod or `node/NAME`. */
  readonly from: string;
  /** How many of its pods are ready; `all`: as many as it wants, and at least one. */
  readonly expect: number | 'all';
}

export type Intent = RequestIntent | LookupIntent | ReadyIntent;

/** What a prediction is about: each answer is read from a trace. */
export type PredictionSubject = 'verdict' | 'layer' | 'status' | 'queries' | 'rcode' | 'backends' | 'sees';

/** A question before the run. The right answer is never written down: it is read from the trace. */
export interface Prediction extends Ask {
  readonly id: string;
  readonly about: PredictionSubject;
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

/** What a file of words holds, cut at its fixed headings. Markdown. English is whole; of another language what is missing is taken from it. */
export interface LessonText {
  readonly language: string;
  /** Only in other languages than English, whose title stands in lesson.yaml. */
  readonly title: string | null;
  /** What the intents say, in their order; of other languages than English. */
  readonly says: readonly string[];
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
  /** Step titles in this language, by the title in lesson.yaml. */
  readonly stepTitles: Readonly<Record<string, string>>;
  /** Headings that this language lacks. */
  readonly missing: readonly string[];
}

/** A field that a fix may not change; `null`: nothing of the object, and it may not be deleted. */
export interface Protected {
  readonly object: string;
  readonly field: string | null;
}

/** A text that must still stand in a field after the fix. */
export interface Kept {
  readonly object: string;
  readonly field: string;
  readonly text: string;
}

export interface Guard {
  readonly opened: 'none' | 'warn' | readonly { readonly from: string; readonly to: string }[];
  readonly untouched: readonly Protected[];
  readonly keeps: readonly Kept[];
  /** The most Services of type LoadBalancer that may be left: each has a bill. `null`: any number. */
  readonly loadBalancers: number | null;
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
  readonly guard: Guard;
  /** The first of {@link diagnoses}. */
  readonly diagnosis: Diagnosis | null;
  /** Every fault that is to be named, in the order in which they show. */
  readonly diagnoses: readonly Diagnosis[];
  /** Ids of the faults that the lesson is about (src/lesson/faults): they come back in reviews. */
  readonly faults: readonly string[];
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
  /** By language, where the course says more than one. */
  readonly titles?: Readonly<Record<string, string>>;
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
  /** False: it could not even be asked, because nobody of that name is there. */
  readonly asked: boolean;
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
 * lesson-in.ts       lessonIn(lesson: Lesson, language: string): Lesson                                      titles, what intents say and words of a language
 *                    courseIn(course: Course, language: string): Course
 * grade.ts           grade(lesson: Lesson, broken: Lab, now: Lab, language?: string): Grade                  full: every re-check, guards, blast radius
 *                    liveIntents(lesson: Lesson, lab: Lab): IntentResult[]                                   fast: the cluster as it stands (after every change, on screen)
 * apply-fix.ts       applyFix(lesson: Lesson, broken: Lab, fix: Fix): Result<Lab, Problem>                   three-way apply, `$patch: delete` documents delete
 * step-ended.ts      stepEnded(lesson: Lesson, step: Step, seen: Seen, allIntentsHold: boolean): boolean
 * hints.ts           hints(lesson: Lesson, lab: Lab, language: string, seen: Seen): string[]                 first rung from the trace
 * predictions.ts     answerOf(lesson: Lesson, lab: Lab, id: string): { answer: string; trace: Trace }
 *                    judgeDiagnosis(lesson: Lesson, lab: Lab, given: Partial<Diagnosis>): { layer: boolean; object: boolean; field: boolean }
 *                    faultNamed(lesson: Lesson, given: Partial<Diagnosis>): number | null                    which of several faults
 * proofs.ts          prove(lesson: Lesson, languages?: readonly string[]): ProofCheck[]                      what `verify` runs
 * drill/make-drill.ts  makeDrill(wish: DrillWish): Lesson; drillName, drillNamed                             a cluster with seeded faults
 * reviews.ts         dueFaults(progress: Progress): string[]; scheduleReviews(before, after, faultsOf): Progress
 */

// After every message: what follows from it. Rows and policies are worked out anew, steps advance, a repair is graded, progress is kept.
import { grade } from '../lesson/grade.ts';
import type { Fall } from '../lesson/lesson.ts';
import { stepEnded } from '../lesson/step-ended.ts';
import { dueQuestion, seenBy } from './due-question.ts';
import { onDesk, tell, withRoad, withStory } from './on-desk.ts';
import { shownWalk } from './asked.ts';
import { hintsFor } from './hints-for.ts';
import { refreshNetwork } from './network-view.ts';
import { refreshPolicy } from './policy-view.ts';
import { rememberHere } from './remember.ts';
import { refreshRows } from './rows.ts';
import { objectText } from './questions.ts';
import type { Desk, State, Try } from './state.ts';

export function settle(before: State, after: State): State {
  if (after.desk === null || after.desk === before.desk) return after;
  const sameDesk = before.desk !== null && before.desk.broken === after.desk.broken;
  const changed = sameDesk && before.desk.session.lab.store !== after.desk.session.lab.store;
  let now = changed ? afterChange(after) : after;
  // Counted once for a desk, not at every frame and change: each count asks the simulation.
  if (!sameDesk) now = onDesk(now, (desk) => withStory(desk, { hintCount: hintsFor(desk, now.options.language).length }));
  now = onDesk(now, (desk) => (needsPolicy(desk) ? refreshPolicy(desk) : needsNetwork(desk) ? refreshNetwork(desk) : desk));
  now = askDue(advance(tellSkipped(before, now)));
  return changed ? judge(noteTry(before, now)) : solveWithoutRepair(now);
}

/** In a wide layout the pane may be in sight without the focus. */
const needsPolicy = (desk: Desk): boolean => (desk.diagram === 'policy' || desk.report?.pane === 'policy') && desk.policy.now === null;

const needsNetwork = (desk: Desk): boolean => desk.diagram === 'network' || desk.report?.pane === 'network';

function afterChange(state: State): State {
  return onDesk(state, (desk) => {
    const now = refreshRows({ ...desk, ndots: null, network: { ...desk.network, plugins: null, cost: null }, policy: { ...desk.policy, now: null, without: null, guesses: null, before: desk.policy.before ?? desk.policy.now } });
    const row = now.rows[now.chosen] ?? null;
    const walk = shownWalk(row);
    const hops = row?.trace?.walks[walk]?.hops.length ?? 0;
    return withRoad(now, { walk, hop: Math.min(now.road.hop, Math.max(hops - 1, 0)), query: 0, playing: false });
  });
}

/** A request that was run before it was predicted leaves nothing to predict. */
function tellSkipped(before: State, after: State): State {
  const { desk } = after;
  const sameLesson = before.desk !== null && desk !== null && before.desk.broken === desk.broken;
  if (!sameLesson || before.desk.ran === desk.ran || before.desk.story.skipped === desk.story.skipped) return after;
  return tell(after, 'You ran it before you predicted: that question is skipped.');
}

/** A guided lesson goes on to its next step, over all that are already done. */
function advance(state: State): State {
  const { desk } = state;
  if (desk?.lesson == null) return state;
  const { steps } = desk.lesson;
  let step = desk.story.step;
  const seen = seenBy(desk);
  const hold = desk.rows.every((row) => row.holds !== false);
  for (let next = steps[step]; next !== undefined && stepEnded(desk.lesson, next, seen, hold); next = steps[step]) step++;
  if (step === desk.story.step) return state;
  const done = step === steps.length;
  const moved = onDesk(state, (now) => withStory(now, { step, top: { part: 'step' } }));
  return tell(moved, done ? 'Every step is done.' : `Step ${step + 1} of ${steps.length}: ${steps[step]?.title ?? ''}${desk.focus === 'story' || state.options.plain ? '' : '. The story (1) goes on.'}`, 'good');
}

/** The next prediction that is due is asked as soon as no other question is open. */
function askDue(state: State): State {
  return onDesk(state, (desk) => {
    if (desk.lesson === null || desk.story.question !== null) return desk;
    const question = dueQuestion(desk.lesson, desk.story);
    return question === null ? desk : withStory(desk, { question, cursor: 0 });
  });
}

const mostTries = 20;

/** What was done to the cluster, in the learner's words; undo, redo and reset try nothing. */
function noteTry(before: State, after: State): State {
  const { desk } = after;
  if (desk?.lesson == null || desk.story.solved || before.desk === null) return after;
  const line = desk.seen.lines.length > before.desk.seen.lines.length ? desk.seen.lines[desk.seen.lines.length - 1] : undefined;
  const edited = before.desk.editor !== null && desk.editor === null ? `edited ${objectText(before.desk.editor.ref)}` : undefined;
  const what = edited ?? line;
  if (what === undefined) return after;
  const failing = desk.rows.filter((row) => row.holds === false).length;
  return onDesk(after, (now) => withStory(now, { tried: [...now.story.tried, { what, failing, falls: null }].slice(-mostTries) }));
}

/** When every intent holds as the cluster stands, the repair is graded: at once line by line, after the frame that shows it on a screen. */
function judge(state: State): State {
  const { desk } = state;
  if (desk?.lesson == null || desk.story.solved) return state;
  const tried = rememberHere(state, (was) => ({ attempts: was.attempts + 1 }));
  const ungraded = desk.rows.length > 0 && desk.rows.every((row) => row.holds !== false);
  const waiting = onDesk(tried, (now) => (now.story.grade === null && now.story.ungraded === ungraded ? now : withStory(now, { grade: null, ungraded })));
  return ungraded && state.options.plain ? gradeRepair(waiting) : waiting;
}

/** In full: every re-check, the guards and what else was opened. */
export function gradeRepair(state: State): State {
  const { desk } = state;
  if (desk?.lesson == null || !desk.story.ungraded) return state;
  const result = grade(desk.lesson, desk.broken, desk.session.lab, state.options.language);
  const graded = onDesk(state, (now) => withStory(now, { ungraded: false, tried: gradedTries(now, result.falls), grade: result, solved: result.solved, top: { part: 'result' } }));
  if (result.solved) return solved(rememberHere(onDesk(graded, closeQuestions), () => ({ opened: result.opened.length })));
  return tell(graded, 'Every intent holds now, and still this is no repair: the story says why.', 'bad');
}

/** Nothing is left to predict of a cluster that was repaired. */
const closeQuestions = (desk: Desk): Desk => {
  const { question, answered, skipped } = desk.story;
  const late = (desk.lesson?.predictions ?? []).map(({ id }) => id).filter((id) => !skipped.includes(id) && !answered.some((one) => one.id === id));
  return withStory(desk, { skipped: [...skipped, ...late], ...(question?.kind === 'prediction' ? { question: null, cursor: 0 } : {}) });
};

/** The last one is what was graded, unless it was an undo that brought the repair back. */
const gradedTries = (desk: Desk, falls: readonly Fall[]): readonly Try[] =>
  desk.story.tried.map((one, index) => (index === desk.story.tried.length - 1 && one.failing === 0 && one.falls === null ? { ...one, falls } : one));

/** A lesson without a repair is solved by its steps, predictions and diagnosis. */
function solveWithoutRepair(state: State): State {
  const { desk } = state;
  if (desk?.lesson == null || desk.story.solved || desk.lesson.solutions.length > 0) return state;
  const { lesson, story } = desk;
  const stepped = story.step >= lesson.steps.length;
  const predicted = lesson.predictions.every(({ id }) => story.skipped.includes(id) || story.answered.some((one) => one.id === id));
  const { diagnosed } = story;
  const diagnosis = lesson.diagnosis === null || (lesson.diagnoses.length > 1 ? story.named.length >= lesson.diagnoses.length : diagnosed !== null && diagnosed.layer && diagnosed.object && diagnosed.field);
  return stepped && predicted && diagnosis ? solved(onDesk(state, (now) => withStory(now, { solved: true, top: { part: 'debrief' } }))) : state;
}

const solved = (state: State): State => tell(rememberHere(state, () => ({ solved: true })), `Solved. The story tells what it was; ${state.options.plain ? ':next' : 'n'} goes on.`, 'good');

// After every message: what follows from it. Rows and policies are worked out anew, steps advance, a repair is graded, progress is kept.
import { grade } from '../lesson/grade.ts';
import { stepEnded } from '../lesson/step-ended.ts';
import { dueQuestion, seenBy } from './due-question.ts';
import { onDesk, tell, withRoad, withStory } from './on-desk.ts';
import { shownWalk } from './asked.ts';
import { hintsFor } from './hints-for.ts';
import { refreshPolicy } from './policy-view.ts';
import { rememberHere } from './remember.ts';
import { refreshRows } from './rows.ts';
import type { Desk, State } from './state.ts';

export function settle(before: State, after: State): State {
  if (after.desk === null || after.desk === before.desk) return after;
  const sameDesk = before.desk !== null && before.desk.broken === after.desk.broken;
  const changed = sameDesk && before.desk.session.lab.store !== after.desk.session.lab.store;
  let now = changed ? afterChange(after) : after;
  // Counted once for a desk, not at every frame and change: each count asks the simulation.
  if (!sameDesk) now = onDesk(now, (desk) => withStory(desk, { hintCount: hintsFor(desk, now.options.language).length }));
  now = onDesk(now, (desk) => (needsPolicy(desk) ? refreshPolicy(desk) : desk));
  now = askDue(advance(now));
  return changed ? judge(now) : solveWithoutRepair(now);
}

/** In a wide layout the pane may be in sight without the focus. */
const needsPolicy = (desk: Desk): boolean => (desk.diagram === 'policy' || desk.report?.pane === 'policy') && desk.policy.now === null;

function afterChange(state: State): State {
  return onDesk(state, (desk) => {
    const now = refreshRows({ ...desk, policy: { ...desk.policy, now: null, without: null, before: desk.policy.before ?? desk.policy.now } });
    const row = now.rows[now.chosen] ?? null;
    const walk = shownWalk(row);
    const hops = row?.trace?.walks[walk]?.hops.length ?? 0;
    return withRoad(now, { walk, hop: Math.min(now.road.hop, Math.max(hops - 1, 0)), query: 0, playing: false });
  });
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

/** When every intent holds as the cluster stands, the repair is graded in full. */
function judge(state: State): State {
  const { desk } = state;
  if (desk?.lesson == null || desk.story.solved) return state;
  const tried = rememberHere(state, (was) => ({ attempts: was.attempts + 1 }));
  if (desk.rows.length === 0 || desk.rows.some((row) => row.holds === false)) return onDesk(tried, (now) => (now.story.grade === null ? now : withStory(now, { grade: null })));
  const result = grade(desk.lesson, desk.broken, desk.session.lab, state.options.language);
  const graded = onDesk(tried, (now) => withStory(now, { grade: result, solved: result.solved, top: { part: 'result' } }));
  if (!result.solved) return tell(graded, 'Every intent holds now, and still this is no repair: the story says why.', 'bad');
  return solved(rememberHere(graded, () => ({ opened: result.opened.length })));
}

/** A lesson without a repair is solved by its steps, predictions and diagnosis. */
function solveWithoutRepair(state: State): State {
  const { desk } = state;
  if (desk?.lesson == null || desk.story.solved || desk.lesson.solutions.length > 0) return state;
  const { lesson, story } = desk;
  const stepped = story.step >= lesson.steps.length;
  const predicted = lesson.predictions.every(({ id }) => story.skipped.includes(id) || story.answered.some((one) => one.id === id));
  const { diagnosed } = story;
  const diagnosis = lesson.diagnosis === null || (diagnosed !== null && diagnosed.layer && diagnosed.object && diagnosed.field);
  return stepped && predicted && diagnosis ? solved(onDesk(state, (now) => withStory(now, { solved: true, top: { part: 'debrief' } }))) : state;
}

const solved = (state: State): State => tell(rememberHere(state, () => ({ solved: true })), `Solved. The story tells what it was; ${state.options.plain ? ':next' : 'n'} goes on.`, 'good');

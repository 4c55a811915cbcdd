// What is not possible now, and why: one place for the footer, the help, the commands and the update.
import type { Message } from './message.ts';
import type { Desk, State } from './state.ts';
import { chosenRow, shownRows } from './veil.ts';

/** The lesson after the open one in the course; `null` at its end. */
export function nextLesson(state: State): string | null {
  const order = state.course.modules.flatMap((module) => module.lessons);
  const at = order.indexOf(state.desk?.lesson?.name ?? '');
  return at < 0 ? null : (order[at + 1] ?? null);
}

/** Why a road cannot be walked while a prediction about it is open. */
const notRunYet = ({ options }: State): string => (options.plain ? 'the request was not run yet: :predict, or :run sends it' : 'the request was not run yet: predict (1), or r runs it');

const steps = (desk: Desk): number => chosenRow(desk)?.trace?.walks[desk.road.walk]?.hops.length ?? 0;

/** One short reason why the message would do nothing; `null` when it can happen. */
export function whyNot(state: State, message: Message): string | null {
  const { desk } = state;
  switch (message.kind) {
    case 'map-opened':
      return desk !== null && desk.lesson === null ? 'the sandbox has no map; q leaves the lab' : null;
    case 'hint-asked':
      if (desk?.lesson == null) return 'the sandbox has no hints';
      if (desk.story.hintCount > 0 && chosenRow(desk)?.veiled === true) return notRunYet(state);
      return desk.story.hintCount === 0 ? 'this lesson has no hints' : desk.story.hints.length >= desk.story.hintCount ? 'that was the last hint' : null;
    case 'diagnosis-asked':
    case 'diagnosis-given':
      if (desk?.lesson == null) return 'the sandbox has no diagnosis';
      return desk.lesson.diagnosis === null ? 'this lesson asks for no diagnosis' : null;
    case 'next-asked':
      return desk?.lesson == null ? 'the sandbox has no next lesson' : desk.story.solved ? null : whyUnsolved(desk);
    case 'undone':
      return desk === null || desk.session.lab.past.length === 0 ? 'nothing was changed' : null;
    case 'redone':
      return desk === null || desk.session.lab.future.length === 0 ? 'nothing was undone' : null;
    case 'reset-asked':
      return desk === null || desk.session.lab.store === desk.broken.store ? 'nothing was changed' : null;
    case 'stepped':
    case 'stepped-to':
    case 'hop-opened':
      if (desk !== null && chosenRow(desk)?.veiled === true) return notRunYet(state);
      if (desk === null || chosenRow(desk) === null) return desk?.lesson === null ? 'ask something first: :from shop/web to http://api:8080/' : 'no intent is chosen';
      if (desk.diagram === 'dns' && desk.focus === 'dns' && !(message.kind === 'stepped-to' && message.place === 'difference')) return (lookupOf(desk)?.queries.length ?? 0) === 0 ? 'no name was asked' : null;
      if (message.kind === 'stepped-to' && message.place === 'difference' && desk.brokenRows.every(({ trace }) => trace === null)) return 'there is nothing to compare with';
      return steps(desk) === 0 ? 'this row has no hops' : null;
    case 'played':
      if (desk !== null && chosenRow(desk)?.veiled === true) return notRunYet(state);
      if (!state.options.motion) return 'motion is off (--no-motion): . and , step';
      return desk === null || steps(desk) === 0 ? 'this row has no hops' : null;
    case 'evidence-run':
      if (desk !== null && chosenRow(desk)?.veiled === true) return notRunYet(state);
      return desk === null || steps(desk) === 0 ? 'this row has no hops' : null;
    case 'row-run':
      return desk === null || chosenRow(desk) === null ? 'no intent is chosen' : null;
    case 'type-turned':
    case 'resolver-turned':
    case 'ndots-compared':
      if (desk !== null && chosenRow(desk)?.veiled === true) return notRunYet(state);
      return desk === null || lookupOf(desk) === null ? 'no name was asked: :lookup NAME asks one' : null;
    case 'walk-turned':
      if (desk !== null && chosenRow(desk)?.veiled === true) return notRunYet(state);
      return desk === null || (chosenRow(desk)?.trace?.walks.length ?? 0) < 2 ? 'there is one answer only' : null;
    case 'pane-chosen':
      return message.pane === 'editor' && desk?.editor === null ? 'nothing is being edited: e picks an object' : null;
    case 'question-skipped':
      return desk?.story.question == null ? 'there is no open question' : null;
    case 'change-compared':
      return desk === null || desk.session.lab.store === desk.broken.store ? 'nothing was changed yet' : null;
    default:
      return null;
  }
}

function whyUnsolved(desk: Desk): string {
  const rows = shownRows(desk);
  if (rows.some(({ veiled }) => veiled)) return 'nothing was run yet';
  const failing = rows.filter((row) => row.holds === false).length;
  if (failing > 0) return failing === 1 ? 'one intent fails' : `${failing} intents fail`;
  const steps = desk.lesson?.steps.length ?? 0;
  if (desk.story.step < steps) return `step ${desk.story.step + 1} of ${steps} is open`;
  return desk.story.grade === null ? 'this lesson is not solved yet' : 'the repair does not hold: the story says why';
}

/** The lookup that DNS shows: of the row's request, or the row itself. */
export function lookupOf(desk: Desk): NonNullable<ReturnType<typeof chosenRow>>['lookup'] {
  const row = chosenRow(desk);
  return row?.trace?.lookup ?? row?.lookup ?? null;
}

// Where a learner works is opened here: the broken cluster of a lesson, or a cluster of one's own.
import type { Lesson, LessonText } from '../lesson/lesson.ts';
import { liveIntents } from '../lesson/grade.ts';
import { startSession } from '../shell/shell.ts';
import type { Lab } from '../sim/lab.ts';
import { dueQuestion } from './due-question.ts';
import { emptyLine } from './line-input.ts';
import { unseenNetwork } from './network-view.ts';
import { rowsOfIntents } from './rows.ts';
import { asksIt } from './veil.ts';
import type { Desk, PaneName, PolicyView, StoryState, TerminalState } from './state.ts';

const emptyTerminal: TerminalState = { lines: [], printed: 0, input: emptyLine, begun: '', recalled: null, draft: '', search: null, candidates: [], scroll: 0, waiting: null };

export const unseenPolicy: PolicyView = { now: null, without: null, before: null, row: 0, column: 1, show: 'with', compare: false, matrix: false, guesses: null, cell: null };

export const textFor = (lesson: Lesson, language: string): LessonText | null => lesson.texts[language] ?? lesson.texts['en'] ?? null;

/** A lesson at its beginning. `solved` is remembered from another day. */
export function openLessonDesk(lesson: Lesson, lab: Lab, language: string): Desk {
  const rows = rowsOfIntents(liveIntents(lesson, lab), lesson);
  const story: StoryState = {
    top: 0, question: dueQuestion(lesson, { answered: [], skipped: [], step: 0 }), cursor: 0, answered: [], skipped: [], hints: [], hintCount: 0, diagnosed: null, named: [], tried: [], ungraded: false, grade: null, solved: false, step: 0,
  };
  const failing = rows.findIndex((row) => row.holds === false);
  const predicted = firstPredicted(lesson);
  return {
    ...emptyDesk(lesson.title, lab),
    lesson, text: textFor(lesson, language), rows, brokenRows: rows, chosen: Math.max(predicted >= 0 ? predicted : failing, 0), diagram: lesson.focus, story,
    seen: { panes: ['story'], meanings: [], stages: [], lines: [] },
  };
}

/** The first question is about the row that the panes show: that another one fails is not given away. */
const firstPredicted = (lesson: Lesson): number => {
  const [first] = lesson.predictions;
  return first === undefined ? -1 : lesson.intents.findIndex((intent) => asksIt(intent, first));
};

/** A cluster of one's own: no story, no intents. */
export function openSandboxDesk(lab: Lab, title: string): Desk {
  return { ...emptyDesk(title, lab), focus: 'terminal', seen: { panes: ['terminal'], meanings: [], stages: [], lines: [] } };
}

function emptyDesk(title: string, lab: Lab): Desk {
  const focus: PaneName = 'story';
  return {
    title, lesson: null, text: null, broken: lab, session: startSession(lab), asked: [], rows: [], brokenRows: [], chosen: 0, ran: [],
    focus, lastFocus: 'story', diagram: 'layers', full: false,
    road: { walk: 0, hop: 0, query: 0, open: false, playing: false }, policy: unseenPolicy, ndots: null, top: 0, service: null, network: unseenNetwork, node: null, terminal: emptyTerminal, editor: null,
    story: { top: 0, question: null, cursor: 0, answered: [], skipped: [], hints: [], hintCount: 0, diagnosed: null, named: [], tried: [], ungraded: false, grade: null, solved: false, step: 0 },
    seen: { panes: [], meanings: [], stages: [], lines: [] }, report: null,
  };
}

// Where a learner works is opened here: the broken cluster of a lesson, or a cluster of one's own.
import type { Lesson, LessonText } from '../lesson/lesson.ts';
import { liveIntents } from '../lesson/grade.ts';
import { startSession } from '../shell/shell.ts';
import type { Lab } from '../sim/lab.ts';
import { dueQuestion } from './due-question.ts';
import { emptyLine } from './line-input.ts';
import { rowsOfIntents } from './rows.ts';
import type { Desk, PaneName, PolicyView, StoryState, TerminalState } from './state.ts';

const emptyTerminal: TerminalState = { lines: [], printed: 0, input: emptyLine, recalled: null, draft: '', search: null, candidates: [], scroll: 0, waiting: null };

export const unseenPolicy: PolicyView = { now: null, without: null, before: null, row: 0, column: 1, show: 'with', compare: false, cell: null };

export const textFor = (lesson: Lesson, language: string): LessonText | null => lesson.texts[language] ?? lesson.texts['en'] ?? null;

/** A lesson at its beginning. `solved` is remembered from another day. */
export function openLessonDesk(lesson: Lesson, lab: Lab, language: string): Desk {
  const rows = rowsOfIntents(liveIntents(lesson, lab), lesson);
  const story: StoryState = {
    top: 0, question: dueQuestion(lesson, { answered: [], skipped: [], step: 0 }), cursor: 0, answered: [], skipped: [], hints: [], hintCount: 0, diagnosed: null, grade: null, solved: false, step: 0,
  };
  const failing = rows.findIndex((row) => row.holds === false);
  return {
    ...emptyDesk(lesson.title, lab),
    lesson, text: textFor(lesson, language), rows, brokenRows: rows, chosen: Math.max(failing, 0), diagram: lesson.focus, story,
    seen: { panes: ['story'], meanings: [], stages: [], lines: [] },
  };
}

/** A cluster of one's own: no story, no intents. */
export function openSandboxDesk(lab: Lab, title: string): Desk {
  return { ...emptyDesk(title, lab), focus: 'terminal', seen: { panes: ['terminal'], meanings: [], stages: [], lines: [] } };
}

function emptyDesk(title: string, lab: Lab): Desk {
  const focus: PaneName = 'story';
  return {
    title, lesson: null, text: null, broken: lab, session: startSession(lab), asked: [], rows: [], brokenRows: [], chosen: 0,
    focus, lastFocus: 'story', diagram: 'layers', full: false,
    road: { walk: 0, hop: 0, query: 0, open: false, playing: false }, policy: unseenPolicy, terminal: emptyTerminal, editor: null,
    story: { top: 0, question: null, cursor: 0, answered: [], skipped: [], hints: [], hintCount: 0, diagnosed: null, grade: null, solved: false, step: 0 },
    seen: { panes: [], meanings: [], stages: [], lines: [] }, report: null,
  };
}

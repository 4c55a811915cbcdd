// Another language for the lessons' texts. What the lab itself says stays English.
import { courseIn, lessonIn } from '../lesson/lesson-in.ts';
import { textFor } from './desk.ts';
import { tell } from './on-desk.ts';
import { setSetting } from './remember.ts';
import { refreshRows } from './rows.ts';
import type { Desk, State } from './state.ts';

function deskIn(desk: Desk, language: string): Desk {
  if (desk.lesson === null) return desk;
  const lesson = lessonIn(desk.lesson, language);
  return refreshRows({ ...desk, lesson, title: lesson.title, text: textFor(lesson, language) });
}

/** The open lesson is read in it at once, the others when they are opened. */
export function chooseLanguage(state: State, code: string): State {
  const { languages } = state.course;
  if (!languages.includes(code)) return tell(state, `The course is written in ${languages.join(', ')}.`, 'bad');
  const chosen = setSetting({ ...state, options: { ...state.options, language: code }, course: courseIn(state.course, code), desk: state.desk === null ? null : deskIn(state.desk, code) }, 'language', code);
  return tell(chosen, code === 'en' ? 'Lessons are read in English.' : `Lessons are read in ${code}; what has no such text stays English. The titles on the map follow at the next start.`);
}

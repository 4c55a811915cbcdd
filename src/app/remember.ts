// What is kept of a lesson for another day. Ids that this course does not know stay as they are.
import { noteLesson, progressOf } from '../lesson/progress.ts';
import type { LessonProgress } from '../lesson/progress.ts';
import type { State } from './state.ts';

/** Of the lesson that is open; nothing in the sandbox. */
export function rememberHere(state: State, change: (was: LessonProgress) => Partial<LessonProgress>): State {
  const name = state.desk?.lesson?.name;
  return name === undefined ? state : { ...state, progress: noteLesson(state.progress, name, change(progressOf(state.progress, name))) };
}

export const setCurrent = (state: State, name: string | null): State => (state.progress.current === name ? state : { ...state, progress: { ...state.progress, current: name } });

export const setSetting = (state: State, key: string, value: string): State =>
  ({ ...state, progress: { ...state.progress, settings: { ...state.progress.settings, [key]: value } } });

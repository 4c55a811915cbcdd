// The map of the course: the cursor on a lesson, and opening one.
import { lessonIn } from '../lesson/lesson-in.ts';
import type { Lesson } from '../lesson/lesson.ts';
import { progressOf } from '../lesson/progress.ts';
import { openLab } from '../sim/lab.ts';
import { openLessonDesk } from './desk.ts';
import type { Effect } from './effect.ts';
import type { MapMessage } from './message.ts';
import { tell } from './on-desk.ts';
import { setCurrent } from './remember.ts';
import type { State } from './state.ts';

export function updateMap(state: State, message: MapMessage): [State, readonly Effect[]] {
  switch (message.kind) {
    case 'map-opened':
      return [{ ...state, desk: null, parked: state.desk ?? state.parked, overlay: null, map: { chosen: state.desk?.lesson?.name ?? state.map.chosen, loading: null } }, []];
    case 'map-moved':
      return [{ ...state, map: { ...state.map, chosen: message.to } }, []];
    case 'lesson-chosen':
      return chooseLesson(state, message.name);
    case 'lesson-loaded':
      return [openLesson({ ...state, map: { ...state.map, loading: null } }, message.lesson), []];
    case 'lesson-failed':
      return [{ ...state, map: { ...state.map, loading: null }, overlay: { kind: 'problems', title: 'This lesson cannot be opened', problems: message.problems } }, []];
  }
}

/** By name, or by its position in the course. */
function chooseLesson(state: State, wanted: string): [State, readonly Effect[]] {
  const card = state.cards.find(({ name }) => name === wanted) ?? (/^[1-9]\d*$/.test(wanted) ? state.cards[Number(wanted) - 1] : undefined);
  if (card === undefined) return [tell(state, `There is no lesson ${wanted}. The map (:map) lists them.`, 'bad'), []];
  const { parked } = state;
  if (parked?.lesson?.name === card.name && state.desk === null) return [tell({ ...setCurrent(state, card.name), desk: parked, parked: null }, 'It goes on where you left it. x begins anew.'), []];
  return [{ ...state, map: { chosen: card.name, loading: card.name }, notice: null }, [{ kind: 'load-lesson', name: card.name, language: state.options.language }]];
}

/** The lesson at its beginning, with what was kept of it. */
export function openLesson(state: State, read: Lesson): State {
  const lesson = lessonIn(read, state.options.language);
  const opened = openLab(lesson.cluster);
  if (!opened.ok) return { ...state, overlay: { kind: 'problems', title: `The cluster of ${lesson.title} cannot be read`, problems: opened.failures } };
  const desk = openLessonDesk(lesson, opened.value, state.options.language);
  const again = progressOf(state.progress, lesson.name).solved;
  const shown: State = { ...setCurrent(state, lesson.name), desk, parked: null, overlay: null, map: { chosen: lesson.name, loading: null }, notice: null };
  return again ? tell(shown, 'You solved this one before. It starts anew; what you earned stays.') : shown;
}

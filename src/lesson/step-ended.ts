// What ends a step of a guided lesson.
import type { Lesson, Seen, Step } from './lesson.ts';

export const nothingSeen: Seen = { panes: [], stages: [], meanings: [], lines: [], predicted: [], diagnosed: false };

/** Whether the step is over; `allIntentsHold` is of the cluster as it stands. */
export function stepEnded(lesson: Lesson, step: Step, seen: Seen, allIntentsHold: boolean): boolean {
  const { ends } = step;
  switch (ends.kind) {
    case 'ran': return seen.meanings.some((meaning) => meaning === ends.meaning || meaning.startsWith(`${ends.meaning} `));
    case 'opened': return seen.panes.includes(ends.pane);
    case 'stepped-to': return seen.stages.some((stage) => stage === ends.station);
    case 'predicted': return ends.id === null ? lesson.predictions.every(({ id }) => seen.predicted.includes(id)) : seen.predicted.includes(ends.id);
    case 'diagnosed': return seen.diagnosed;
    case 'intents': return allIntentsHold;
  }
}

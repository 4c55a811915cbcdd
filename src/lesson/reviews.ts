// Spaced review: a fault that was solved comes back later, in another cluster under other names. Counted in what was solved, not in days.
import { byText } from '../sim/base/order.ts';
import type { Progress, Review } from './progress.ts';
import { progressOf } from './progress.ts';
import { faults } from './faults/faults.ts';

/** How many lessons and drills lie between two meetings, by box. */
const gaps = [3, 6, 12, 24, 48, 96] as const;

export const solvedCount = ({ lessons }: Pick<Progress, 'lessons'>): number => Object.values(lessons).filter(({ solved }) => solved).length;

/** Faults that are due, those that wait longest first. */
export function dueFaults(progress: Progress): string[] {
  const turn = solvedCount(progress);
  return Object.entries(progress.reviews)
    .filter(([name, { due }]) => due <= turn && faults.some((fault) => fault.name === name))
    .sort(([left, one], [right, other]) => one.due - other.due || byText(left, right))
    .map(([name]) => name);
}

/** When the next one is due, in lessons and drills to solve; `null` when none is scheduled. */
export function untilNext(progress: Progress): number | null {
  const turn = solvedCount(progress);
  const due = Object.values(progress.reviews).map((review) => review.due - turn).filter((left) => left > 0);
  return due.length === 0 ? null : Math.min(...due);
}

function next(known: Review | undefined, clean: boolean, turn: number): Review {
  const box = known === undefined ? 0 : clean ? Math.min(known.box + 1, gaps.length - 1) : 0;
  return { box, due: turn + (gaps[box] ?? gaps[0]), done: (known?.done ?? 0) + 1 };
}

/** The progress with the schedule of what was solved since `before`; `faultsOf` says what a lesson is about. A solution without hints and wrong diagnosis keeps its faults away longer. */
export function scheduleReviews(before: Progress, after: Progress, faultsOf: (lesson: string) => readonly string[]): Progress {
  const fresh = Object.keys(after.lessons).filter((name) => progressOf(after, name).solved && !progressOf(before, name).solved).sort(byText);
  if (fresh.length === 0) return after;
  const turn = solvedCount(after);
  const reviews = new Map(Object.entries(after.reviews));
  for (const name of fresh) {
    const { hints, diagnosis } = progressOf(after, name);
    for (const fault of faultsOf(name)) {
      if (faults.some((one) => one.name === fault)) reviews.set(fault, next(reviews.get(fault), hints === 0 && diagnosis !== 'wrong', turn));
    }
  }
  return { ...after, reviews: Object.fromEntries(reviews) };
}

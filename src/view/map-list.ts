// The map of the course as lines: modules, lessons, what was solved and where to go on.
import type { Message } from '../app/message.ts';
import type { State } from '../app/state.ts';
import { progressOf } from '../lesson/progress.ts';
import type { LessonCard } from '../lesson/lesson.ts';
import type { Line } from './frame.ts';
import { topFor, windowOf } from './pane.ts';
import type { ClickTarget } from './pane.ts';
import { line, span, spread, wrapLine } from './span.ts';
import { marksOf } from './words.ts';

/** Cards in the order of the course. */
export function cardsInOrder(state: State): readonly LessonCard[] {
  return state.course.modules.flatMap((module) => module.lessons.flatMap((name) => state.cards.filter((card) => card.name === name)));
}

/** The cursor moved by some lessons, kept inside. */
export function stepMap(state: State, by: number): Message | null {
  const cards = cardsInOrder(state);
  const at = cards.findIndex(({ name }) => name === state.map.chosen);
  const to = cards[Math.min(Math.max(at + by, 0), cards.length - 1)];
  return to === undefined ? null : { kind: 'map-moved', to: to.name };
}

export interface MapLines {
  readonly lines: readonly Line[];
  readonly rows: Readonly<Record<string, number>>;
}

const levelWords = { 1: 'guided', 2: 'assisted', 3: 'on your own' } as const;

export function mapLines(state: State, width: number): MapLines {
  const marks = marksOf(state.options);
  const lines: Line[] = [];
  const rows: Record<string, number> = {};
  const order = cardsInOrder(state);
  for (const module of state.course.modules) {
    const cards = module.lessons.flatMap((name) => state.cards.filter((card) => card.name === name));
    if (cards.length === 0) continue;
    const solved = cards.filter(({ name }) => progressOf(state.progress, name).solved).length;
    if (lines.length > 0) lines.push([]);
    lines.push(spread([span(` ${module.title}`, 'heading')], [span(`${solved} of ${cards.length} `, 'dim')], width));
    for (const card of cards) {
      rows[card.name] = lines.length;
      lines.push(cardLine(state, card, order.indexOf(card) + 1, width, marks.good, marks.point));
    }
  }
  return { lines, rows };
}

function cardLine(state: State, card: LessonCard, place: number, width: number, good: string, point: string): Line {
  const { solved, attempts } = progressOf(state.progress, card.name);
  const chosen = state.map.chosen === card.name;
  const current = state.progress.current === card.name;
  const standing = solved ? `${good} solved` : current ? 'go on here' : attempts > 0 ? 'begun' : '';
  const facts = width < 84 ? `${card.minutes} min` : `${levelWords[card.level]}, ${card.minutes} min`;
  return spread(
    [span(chosen ? ` ${point} ` : '   ', 'accent'), span(`${String(place).padStart(2)}  `, 'dim'), span(card.title, chosen ? 'selected' : solved ? 'dim' : 'text')],
    [span(standing.padEnd(11), solved ? 'good' : 'accent'), span(facts.padStart(width < 84 ? 7 : 19), 'dim'), span(' ')], width);
}

export interface DrawnMap {
  readonly lines: readonly Line[];
  readonly scroll: { readonly above: number; readonly below: number } | null;
  readonly targets: readonly ClickTarget[];
}

/** The map cut to the height, the chosen lesson in sight. */
export function drawMap(state: State, width: number, height: number): DrawnMap {
  const cards = cardsInOrder(state);
  if (cards.length === 0) return { lines: [line('There are no lessons here.', 'dim')], scroll: null, targets: [] };
  const anySolved = cards.some(({ name }) => progressOf(state.progress, name).solved);
  const welcome = anySolved ? [] : [...wrapLine([span(' A cluster is broken, a ticket says how it feels. Say what will happen, look, name the cause, repair it. Nothing here can be harmed.', 'dim')], width, ' '), []];
  const { lines, rows } = mapLines(state, width);
  const room = Math.max(height - welcome.length, 3);
  const at = rows[state.map.chosen ?? ''] ?? 0;
  const seen = windowOf(lines, topFor(at, at + 1, lines.length, room), room);
  const targets: ClickTarget[] = Object.entries(rows).flatMap(([name, row]) =>
    row < seen.top || row >= seen.top + room ? [] : [{ row: row - seen.top + welcome.length, rows: 1, from: 0, to: width, message: name === state.map.chosen ? { kind: 'lesson-chosen', name } : { kind: 'map-moved', to: name } }]);
  return { lines: [...welcome, ...seen.lines].slice(0, height), scroll: seen.scroll, targets };
}

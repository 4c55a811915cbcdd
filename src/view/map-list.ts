// The map of the course as lines: modules, lessons, what was solved and where to go on.
import type { Message } from '../app/message.ts';
import type { State } from '../app/state.ts';
import { progressOf } from '../lesson/progress.ts';
import type { LessonCard } from '../lesson/lesson.ts';
import type { Line } from './frame.ts';
import { topFor, windowOf } from './pane.ts';
import type { ClickTarget } from './pane.ts';
import { cutLine, line, span, spread, wrapLine } from './span.ts';
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

/** `close`: no empty rows between the modules. */
export function mapLines(state: State, width: number, close = false): MapLines {
  const marks = marksOf(state.options);
  const lines: Line[] = [];
  const rows: Record<string, number> = {};
  const order = cardsInOrder(state);
  for (const module of state.course.modules) {
    const cards = module.lessons.flatMap((name) => state.cards.filter((card) => card.name === name));
    if (cards.length === 0) continue;
    const solved = cards.filter(({ name }) => progressOf(state.progress, name).solved).length;
    if (lines.length > 0 && !close) lines.push([]);
    lines.push(moduleLine(module.title, solved, cards.length, width));
    for (const card of cards) {
      rows[card.name] = lines.length;
      lines.push(cardLine(state, card, order.indexOf(card) + 1, width, marks.good, marks.point));
    }
  }
  return { lines, rows };
}

const moduleLine = (title: string, solved: number, count: number, width: number): Line =>
  spread([span(` ${title}`, 'heading')], [span(`${solved} of ${count} `, solved === count ? 'good' : 'dim')], width);

/** The next lesson to do: the first that is not solved, from the one that was open last on. */
export function nextOnMap(state: State): LessonCard | null {
  const cards = cardsInOrder(state);
  const open = (card: LessonCard): boolean => !progressOf(state.progress, card.name).solved;
  const at = Math.max(cards.findIndex(({ name }) => name === state.progress.current), 0);
  return cards.slice(at).find(open) ?? cards.find(open) ?? null;
}

/** The cursor to the first lesson of another module. */
export function stepModule(state: State, by: 1 | -1): Message | null {
  const modules = state.course.modules.filter(({ lessons }) => lessons.some((name) => state.cards.some((card) => card.name === name)));
  const at = modules.findIndex(({ lessons }) => lessons.includes(state.map.chosen ?? ''));
  const to = modules[(at + by + modules.length) % Math.max(modules.length, 1)]?.lessons.find((name) => state.cards.some((card) => card.name === name));
  return to === undefined ? null : { kind: 'map-moved', to };
}

/** What to do next, in one row. */
function nextLine(state: State, width: number): Line {
  const next = nextOnMap(state);
  if (next === null) return [span(' Every lesson is solved.', 'good')];
  const place = cardsInOrder(state).indexOf(next) + 1;
  const begun = state.parked?.lesson?.name === next.name || progressOf(state.progress, next.name).attempts > 0;
  return cutLine([span(begun ? ' Go on with ' : ' Next is ', 'dim'), span(`${place} `, 'dim'), span(next.title, 'strong'), span('   n', 'key'), span(' opens it', 'dim')], width);
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

/** What stands at the right is read together with what stands at the left. */
const widest = 118;

/** The map cut to the height, the chosen lesson in sight. */
export function drawMap(state: State, columns: number, height: number): DrawnMap {
  const width = Math.min(columns, widest);
  const cards = cardsInOrder(state);
  if (cards.length === 0) return { lines: [line('There are no lessons here.', 'dim')], scroll: null, targets: [] };
  const anySolved = cards.some(({ name }) => progressOf(state.progress, name).solved);
  const welcome = anySolved ? [nextLine(state, width)] : wrapLine([span(' A cluster is broken, a ticket says how it feels. Say what will happen, look, name the cause, repair it. Nothing here can be harmed.', 'dim')], width, ' ');
  const wide = mapLines(state, width);
  const fits = wide.lines.length + welcome.length + 1 <= height;
  const { lines, rows } = fits ? wide : mapLines(state, width, true);
  const head: readonly Line[] = [...welcome, ...(fits || height > 30 ? [[]] : [])];
  const room = Math.max(height - head.length, 3);
  const at = rows[state.map.chosen ?? ''] ?? 0;
  const seen = windowOf(lines, topFor(at, at + 1, lines.length, room), room);
  // A module's title stays in sight above its lessons.
  const titles = state.course.modules.map(({ lessons }) => (rows[lessons.find((name) => rows[name] !== undefined) ?? ''] ?? 0) - 1);
  const above = titles.filter((row) => row >= 0 && row <= seen.top).at(-1);
  const shown = above === undefined || above === seen.top || titles.includes(seen.top + 1) ? seen.lines : [lines[above] ?? [], ...seen.lines.slice(1)];
  const targets: ClickTarget[] = Object.entries(rows).flatMap(([name, row]) =>
    row < seen.top || row >= seen.top + room ? [] : [{ row: row - seen.top + head.length, rows: 1, from: 0, to: width, message: name === state.map.chosen ? { kind: 'lesson-chosen', name } : { kind: 'map-moved', to: name } }]);
  return { lines: [...head, ...shown].slice(0, height), scroll: seen.scroll, targets };
}

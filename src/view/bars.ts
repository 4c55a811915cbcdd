// The title line and the footer: where I am, how it stands, and the keys that count now.
import { whyNot } from '../app/possible.ts';
import type { Desk, State } from '../app/state.ts';
import { shownRows } from '../app/veil.ts';
import { progressOf } from '../lesson/progress.ts';
import type { Line, Span } from './frame.ts';
import { keyLabel } from './key.ts';
import type { KeyRow } from './key.ts';
import { letteredChoices } from './key-table.ts';
import { footerRows } from './keys.ts';
import { cutLine, cutWords, lineWidth, span, spread, wrapLine } from './span.ts';
import { holdsMark, marksOf } from './words.ts';

export function titleLine(state: State): Line {
  const { desk } = state;
  const marks = marksOf(state.options);
  const keys = state.size.columns < 84 ? [span('?', 'key'), span(' help ')] : [span(':', 'key'), span(' command  '), span('?', 'key'), span(' help ')];
  if (desk === null) {
    const solved = state.cards.filter(({ name }) => progressOf(state.progress, name).solved).length;
    const reading = state.map.loading === null ? [] : [span(`   reading ${state.map.loading} …`, 'accent')];
    return spread([span(' k8snet-lab', 'accent'), span('   Map', 'title'), ...reading], [span(`${solved} of ${state.cards.length} solved   `), ...keys], state.size.columns);
  }
  const stands: Span[] = [];
  if (desk.lesson !== null) {
    const rows = shownRows(desk);
    const holds = rows.filter((row) => row.holds === true).length;
    const fails = rows.filter((row) => row.holds === false).length;
    const veiled = rows.filter((row) => row.veiled).length;
    const steps = desk.lesson.steps.length;
    if (!desk.story.solved && desk.story.step < steps) stands.push(span(`Step ${desk.story.step + 1} of ${steps}   `, 'accent'));
    if (desk.story.solved) stands.push(span(`${marks.good} solved   `, 'good'));
    else {
      stands.push(span(`${marks.good} ${holds} ${holds === 1 ? 'holds' : 'hold'}   `, holds > 0 ? 'good' : 'dim'));
      if (veiled > 0) stands.push(span(`${marks.dot} ${veiled} not run${state.size.columns < 100 ? '' : ' yet'}   `, 'dim'));
      if (fails > 0) stands.push(span(`${marks.bad} ${fails} ${fails === 1 ? 'fails' : 'fail'}   `, 'bad'));
    }
  }
  return spread([span(' k8snet-lab', 'accent'), span(`   ${placeOf(state, desk)}`, 'title')], [...stands, ...keys], state.size.columns);
}

/** `Services 2/9 · An empty endpoint list`. */
function placeOf(state: State, desk: Desk): string {
  if (desk.lesson === null) return `Sandbox · ${desk.title}`;
  const name = desk.lesson.name;
  const module = state.course.modules.find(({ lessons }) => lessons.includes(name));
  const dot = marksOf(state.options).dot;
  return module === undefined ? desk.title : `${module.title} ${module.lessons.indexOf(name) + 1}/${module.lessons.length} ${dot} ${desk.title}`;
}

export function footerLine(state: State): Line {
  const { notice, overlay } = state;
  const width = state.size.columns;
  const marks = marksOf(state.options);
  if (notice !== null) {
    const mark = notice.tone === 'good' ? `${marks.good} ` : notice.tone === 'bad' ? `${marks.bad} ` : '';
    const role = notice.tone === 'good' ? 'good' : notice.tone === 'bad' ? 'bad' : 'strong';
    return cutLine([span(` ${mark}${notice.text}`, role)], width);
  }
  if (overlay !== null && overlay.kind !== 'confirm') return cutLine([span(' '), span('Enter', 'key'), span(' choose   '), span('Up Down', 'key'), span(' walk   '), span('Esc', 'key'), span(' close')], width);
  const parts: Span[][] = [];
  const { desk } = state;
  if (desk !== null && desk.story.question !== null && desk.focus !== 'story' && desk.focus !== 'editor') parts.push([span(desk.focus === 'terminal' ? 'Alt-1' : '1', 'key'), span(desk.story.question.kind === 'prediction' ? ' predict' : ' answer')]);
  const rows = footerRows(state).filter((row) => desk?.story.solved !== true || (row.footer !== 'hint' && row.footer !== 'diagnose'));
  // When the lesson is solved, the way on comes first.
  const solved = desk?.story.solved === true;
  for (const row of solved ? [...rows.filter(isNext), ...rows.filter((one) => !isNext(one))] : rows) {
    const [first = ''] = row.keys;
    const message = row.message(state, { name: first, text: first.length === 1 ? first : null });
    const why = message === null ? null : whyNot(state, message);
    // Only the way on says why it is shut: the rest of the line is for what can be done.
    if (why !== null && row.footer !== 'next') continue;
    const extra = row.footer === 'hint' && state.desk !== null ? hintsLeft(state.desk) : '';
    parts.push([span(footerKeys(state, row), why === null ? 'key' : 'dim'), span(` ${row.footer ?? ''}${extra}`, why === null ? 'text' : 'dim'), ...(why === null ? [] : [span(` ${marks.bad} ${why}`, 'dim')])]);
  }
  return joinParts(parts, width);
}

const isNext = (row: KeyRow): boolean => row.footer === 'next';

/** Lettered choices are answered by their letter as well. */
function footerKeys(state: State, row: KeyRow): string {
  const count = state.desk === null || row.place !== 'question' || row.footer !== 'answer' ? 0 : letteredChoices(state.desk);
  if (count > 0) return `a-${String.fromCharCode(96 + count)} or Enter`;
  return row.keys.slice(0, row.keys[0] === ',' ? 2 : 1).map(keyLabel).join(' ');
}

function hintsLeft(desk: Desk): string {
  const left = desk.story.hintCount - desk.story.hints.length;
  return left <= 0 ? ' (none left)' : ` (${left} left)`;
}

/** As many parts as fit; the last one (the way on) is kept before the others. */
function joinParts(parts: readonly Span[][], width: number): Line {
  const gap = span('   ');
  const spans: Span[] = [span(' ')];
  for (const part of parts) {
    if (lineWidth(spans) + lineWidth(part) + 3 > width) continue;
    if (spans.length > 1) spans.push(gap);
    spans.push(...part);
  }
  return spans;
}

/** The intents in one line: the first that fails, or that all hold. */
export function intentLine(state: State, desk: Desk): Line {
  const marks = marksOf(state.options);
  const width = state.size.columns;
  const rows = shownRows(desk);
  const failing = rows.find((row) => row.holds === false);
  const shown = rows[desk.chosen];
  const row = shown !== undefined && (shown.holds !== true || failing === undefined) ? shown : failing;
  if (row === undefined) return cutLine([span(' '), span(desk.lesson === null ? ':from SOURCE to TARGET asks the network' : 'no intents', 'dim')], width);
  const mark = row.kind === 'intent' ? holdsMark(row.holds, marks) : span(marks.point, 'accent');
  const line: Line = [span(' '), mark, span(` ${row.say}  `, 'strong'), span(row.why, 'dim')];
  return cutWords(line, width);
}

/** Under the smallest size: one sentence that says which size is needed. */
export const tooSmall = (columns: number, rows: number, needed: { readonly columns: number; readonly rows: number }): readonly Line[] =>
  wrapLine([span(`k8snet-lab needs ${needed.columns} columns and ${needed.rows} rows; this is ${columns} by ${rows}.`)], Math.max(columns, 1)).slice(0, Math.max(rows, 1)).map((one) => cutLine(one, columns));

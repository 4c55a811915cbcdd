// The story pane: what was written scrolls above; the open question stands below it and is always in sight.
import { choicesOf, predictionOf } from '../../app/questions.ts';
import type { Desk, State } from '../../app/state.ts';
import type { Line } from '../frame.ts';
import { markdownLines } from '../markdown.ts';
import { drawn, rowTarget, topFor, windowOf } from '../pane.ts';
import type { ClickTarget, Pane, PaneSize } from '../pane.ts';
import { line, span, wrapLine } from '../span.ts';
import { storyParts } from '../story-parts.ts';
import { widthOf } from '../width.ts';
import { choiceWords, marksOf } from '../words.ts';

const letter = (index: number): string => (index < 26 ? String.fromCharCode(97 + index) : ' ');

export interface QuestionLines {
  readonly lines: readonly Line[];
  readonly targets: readonly ClickTarget[];
}

/** The question's words, without its choices. */
export function questionLines(desk: Desk, width: number): readonly Line[] {
  const { question } = desk.story;
  if (question === null) return [];
  if (question.kind === 'prediction') {
    const text = desk.text?.predictions[question.id] ?? '';
    if (text !== '') return markdownLines(text, width);
    const prediction = predictionOf(desk, question.id);
    const target = prediction === null ? '' : prediction.to.kind === 'target' ? prediction.to.text : `$${prediction.to.name}`;
    return wrapLine([span(`${prediction?.from ?? ''} calls ${target}. What happens?`)], width);
  }
  if (question.layer === null) return [line('The cause: which layer?')];
  if (question.object === null) return wrapLine([span(`In ${question.layer}: which object?`)], width);
  return wrapLine([span(`In ${question.object}: which field?`)], width);
}

/** The question with its choices, cut to the height around the cursor. */
export function questionBlock(state: State, desk: Desk, { width, height }: PaneSize): QuestionLines {
  if (desk.story.question === null) return { lines: [], targets: [] };
  const focused = desk.focus === 'story';
  const marks = marksOf(state.options);
  const asked = questionLines(desk, width);
  const choices = choicesOf(desk);
  const words = choices.map((choice, index) => `${letter(index)} ${choiceWords(choice)}`);
  const rule: Line = [span('─'.repeat(width), 'dim')];
  const cell = Math.max(...words.map(widthOf), 1) + 3;
  const columns = Math.floor((width + 1) / cell);
  // Short choices stand side by side: the story keeps its room.
  if (columns > 1 && choices.length <= 6) {
    const count = Math.min(Math.ceil(choices.length / columns), height);
    const perRow = Math.ceil(choices.length / count);
    const rows = Array.from({ length: count }, (_, row): Line => words.slice(row * perRow, (row + 1) * perRow).flatMap((word, at, inRow): Line => {
      const chosen = row * perRow + at === desk.story.cursor && focused;
      return [span(chosen ? `${marks.point} `.slice(0, 2) : '  ', 'accent'), span(word, chosen ? 'selected' : 'text'), ...(at === inRow.length - 1 ? [] : [span(' '.repeat(Math.max(cell - 2 - widthOf(word), 0)))])];
    }));
    const targets = words.map((word, index): ClickTarget => {
      const from = (index % perRow) * cell;
      return { row: asked.length + 1 + Math.floor(index / perRow), rows: 1, from, to: from + 2 + widthOf(word), message: { kind: 'choice-made', index } };
    });
    return { lines: [rule, ...asked.map((one) => strong(one)), ...rows], targets };
  }
  const room = Math.max(Math.min(choices.length, height - asked.length - 1), 1);
  const rows = words.map((word, index): Line => [span(index === desk.story.cursor && focused ? `${marks.point} ` : '  ', 'accent'), span(word, index === desk.story.cursor && focused ? 'selected' : 'text')]);
  const seen = windowOf(rows, topFor(desk.story.cursor, desk.story.cursor + 1, rows.length, room), room);
  const targets = seen.lines.map((_, row) => rowTarget(asked.length + 1 + row, 1, width, { kind: 'choice-made', index: seen.top + row }));
  return { lines: [rule, ...asked.map((one) => strong(one)), ...seen.lines], targets };
}

const strong = (spans: Line): Line => spans.map((one) => (one.role === 'text' ? { ...one, role: 'strong' } : one));

/** All lines of the story, and where each part starts. */
export function storyDocument(state: State, desk: Desk, width: number): { readonly lines: readonly Line[]; readonly starts: Readonly<Record<string, number>> } {
  const lines: Line[] = [];
  const starts: Record<string, number> = {};
  for (const part of storyParts(state, desk, width)) {
    if (lines.length > 0) lines.push([]);
    starts[part.name] = lines.length;
    lines.push(...part.lines);
  }
  return { lines, starts };
}

/** The first line in sight. */
export function storyTop(desk: Desk, document: { readonly lines: readonly Line[]; readonly starts: Readonly<Record<string, number>> }, height: number): number {
  const { top } = desk.story;
  const wanted = typeof top === 'number' ? top : (document.starts[top.part] ?? document.lines.length);
  return Math.min(Math.max(wanted, 0), Math.max(document.lines.length - height, 0));
}

/** How many rows the story itself has above the question. */
export function storyHeight(state: State, desk: Desk, size: PaneSize): number {
  return Math.max(size.height - questionBlock(state, desk, { width: size.width, height: questionRoom(size.height) }).lines.length, 0);
}

const questionRoom = (height: number): number => Math.max(Math.floor(height * 0.6), Math.min(height, 4));

export const storyPane: Pane = {
  name: 'story',
  title: 'Story',
  number: 1,
  draw: (state, desk, { width, height }) => {
    const question = questionBlock(state, desk, { width, height: questionRoom(height) });
    const room = Math.max(height - question.lines.length, 0);
    const document = storyDocument(state, desk, width);
    const seen = windowOf(document.lines, storyTop(desk, document, room), room);
    const lines = [...seen.lines];
    while (question.lines.length > 0 && lines.length < room) lines.push([]);
    const first = lines.length;
    // Said in words: a mark on the border is easily missed.
    const below = seen.scroll?.below ?? 0;
    const prompt: Line = below > 0 ? [span(`PgDn ${below} more`, 'warn')] : desk.story.solved ? [span('solved', 'good')] : [];
    return drawn([...lines, ...question.lines].slice(0, height), {
      scroll: seen.scroll, note: prompt,
      targets: question.targets.map((target) => ({ ...target, row: target.row + first })),
    });
  },
};

// What a diagram says of a request that a prediction asks about: nothing yet, and how to go on.
import type { Desk } from '../app/state.ts';
import type { Line } from './frame.ts';
import { span, wrapLine } from './span.ts';

export function notRunLines(desk: Desk, width: number): readonly Line[] {
  const say = desk.rows[desk.chosen]?.say ?? '';
  const open = desk.story.question?.kind === 'prediction';
  const predict: Line = open
    ? [span('Not run yet. Predict first: the question stands in the story ('), span('1', 'key'), span('). Or '), span('r', 'key'), span(' runs it now.')]
    : [span('Not run yet: a later question asks about it. Or '), span('r', 'key'), span(' runs it now.')];
  return [...wrapLine([span(' '), span(say, 'strong')], width, ' '), ...wrapLine([span(' '), ...predict], width, ' ')];
}

// The intents: what must hold, whether it does, and one line of why. The chosen one is what every other pane follows.
import type { Desk, Row, State } from '../../app/state.ts';
import { shownRows } from '../../app/veil.ts';
import type { Line } from '../frame.ts';
import { drawn, rowTarget, topFor, windowOf } from '../pane.ts';
import type { ClickTarget, Pane } from '../pane.ts';
import { cutLine, cutWords, line, lineWidth, span, wrapLine } from '../span.ts';
import { holdsMark, marksOf, verdictSpan } from '../words.ts';
import type { Marks } from '../words.ts';

/** The mark of a row: of an intent whether it holds, of an own question what came of it. */
export function rowMark(row: Row, marks: Marks): Line {
  if (row.kind === 'intent') return [holdsMark(row.holds, marks)];
  if (row.trace !== null) return [{ ...verdictSpan(row.trace.verdict, marks), text: verdictSpan(row.trace.verdict, marks).text.split(' ')[0] ?? '' }];
  const found = (row.lookup?.addresses.length ?? 0) > 0;
  return [{ text: found ? marks.good : marks.bad, role: found ? 'good' : 'bad' }];
}

function rowLines(row: Row, chosen: boolean, focused: boolean, width: number, marks: Marks, short: boolean): Line[] {
  const mark = rowMark(row, marks);
  const point = span(chosen ? `${marks.point} ` : '  ', focused ? 'accent' : 'dim');
  const say = span(row.say, chosen ? (focused ? 'strong' : 'text') : row.kind === 'asked' ? 'dim' : 'text');
  const head: Line = [point, ...mark, span(' '), say];
  const why: Line = [span('    '), span(row.why, 'dim')];
  if (!chosen) return short ? [cutLine(head, width)] : [cutLine(head, width), cutLine(why, width)];
  const whys = wrapLine(why, width, '    ');
  const most = short ? 3 : 4;
  const said = whys.length <= most ? whys : [...whys.slice(0, most - 1), andMore(whys[most - 1] ?? [], width)];
  return [...wrapLine(head, width, '    '), ...said];
}

/** The last row of what was cut says that there was more. */
const andMore = (row: Line, width: number): Line => (lineWidth(row) + 2 <= width ? [...row, span(' …', 'dim')] : cutWords([...row, span(' .')], width));

export const intentsPane: Pane = {
  name: 'intents',
  title: 'Intents',
  number: 2,
  draw: (state: State, desk: Desk, { width, height }) => {
    const marks = marksOf(state.options);
    if (desk.rows.length === 0) return drawn([line('Nothing was asked yet.', 'dim'), line(':from shop/web to http://api:8080/', 'code')]);
    // Where not everything fits, only the chosen one says why.
    const short = desk.rows.length * 2 + 4 > height;
    const lines: Line[] = [];
    const spans: { readonly from: number; readonly to: number }[] = [];
    for (const [index, row] of shownRows(desk).entries()) {
      const rows = rowLines(row, index === desk.chosen, desk.focus === 'intents', width, marks, short);
      spans.push({ from: lines.length, to: lines.length + rows.length });
      lines.push(...rows);
    }
    const chosen = spans[desk.chosen] ?? { from: 0, to: 0 };
    const seen = windowOf(lines, topFor(chosen.from, chosen.to, lines.length, height), height);
    const targets: ClickTarget[] = spans.flatMap(({ from, to }, index) =>
      to <= seen.top || from >= seen.top + height ? [] : [rowTarget(from - seen.top, to - from, width, { kind: 'row-chosen', index })]);
    return drawn(seen.lines, { scroll: seen.scroll, targets });
  },
};

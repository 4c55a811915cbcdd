// The layers: one stack, the request drawn through it hop by hop. Below it, the hop under the cursor: what happened, because of what, and how to see it.
import { partingHop } from '../../app/parting.ts';
import { currentHop } from '../../app/update-requests.ts';
import type { Desk, State } from '../../app/state.ts';
import { placeText } from '../../sim/model/packet.ts';
import { refText } from '../../sim/model/object.ts';
import type { Hop, Trace, Walk } from '../../sim/model/trace.ts';
import { bandsOf, bareBands } from '../bands.ts';
import type { Band } from '../bands.ts';
import type { Line } from '../frame.ts';
import { notRunLines } from '../not-run.ts';
import { drawn, rowTarget, windowOf } from '../pane.ts';
import type { ClickTarget, Drawn, Pane, PaneSize } from '../pane.ts';
import { cutLine, line, padLine, span, spread, wrapLine } from '../span.ts';
import { fitText } from '../width.ts';
import { hopWords, marksOf, packetText, placeName, verdictSpan } from '../words.ts';
import type { Marks } from '../words.ts';
import { chosenRow } from '../../app/veil.ts';

interface Stack {
  readonly lines: readonly Line[];
  /** The row of each hop. */
  readonly rows: Readonly<Record<number, number>>;
}

const stateWords = (band: Band, walk: Walk, marks: Marks): Line => {
  switch (band.state) {
    case 'broke': return [span(`${marks.bad} broke here`, 'bad')];
    case 'passed': return [span(`${marks.good} passed`, 'good')];
    case 'not-reached': return [span(`${marks.wait} not reached`, 'dim')];
    case 'not-on-road': return [span(walk.hops.length === 0 ? '' : 'not on this road', 'dim')];
  }
};

function hopLine(hop: Hop, index: number, walk: Walk, current: boolean, focused: boolean, width: number, marks: Marks): Line {
  const last = index === walk.hops.length - 1 && walk.verdict !== 'delivered';
  const mark = last ? verdictSpan(walk.verdict, marks) : { text: marks.good, role: 'good' as const };
  const number = `${index + 1}`.padStart(2);
  const where = fitText(placeName(hop.at), Math.min(Math.max(Math.floor(width / 5), 8), 22));
  const role = current ? (focused ? 'selected' : 'strong') : 'text';
  return spread([span(`${number} `, 'dim'), span(`${where} `, current ? role : 'object'), span(hopWords(hop, marks), role)], [mark, span(' ')], width);
}

/** Bands as boxes where there is room, as plain rows where there is not. */
function stackOf(state: State, desk: Desk, trace: Trace, walk: Walk, width: number, boxed: boolean): Stack {
  const marks = marksOf(state.options);
  const focused = desk.focus === 'layers';
  const lines: Line[] = [];
  const rows: Record<number, number> = {};
  for (const band of bandsOf(trace, walk)) {
    const dim = band.state === 'not-on-road' || band.state === 'not-reached';
    const head: Line = [span(band.tag.padEnd(5), dim ? 'dim' : 'accent'), span(band.title.replace('→', marks.to), dim ? 'dim' : 'strong')];
    if (band.hops.length === 0 || !boxed) {
      lines.push(spread([span(boxed ? '  ' : ' '), ...head], [...stateWords(band, walk, marks), span(boxed ? '   ' : ' ')], width));
      for (const { hop, index } of band.hops) {
        rows[index] = lines.length;
        lines.push([span('  '), ...hopLine(hop, index, walk, index === desk.road.hop, focused, width - 2, marks)]);
      }
      continue;
    }
    const edge = band.state === 'broke' ? 'bad' : 'border';
    lines.push(boxTop(head, stateWords(band, walk, marks), width, edge));
    for (const { hop, index } of band.hops) {
      rows[index] = lines.length;
      lines.push([span(' │', edge), ...padLine(hopLine(hop, index, walk, index === desk.road.hop, focused, width - 4, marks), width - 4), span('│ ', edge)]);
    }
    lines.push([span(` └${'─'.repeat(Math.max(width - 4, 0))}┘`, edge)]);
  }
  return { lines, rows };
}

function boxTop(head: Line, state: Line, width: number, edge: 'bad' | 'border'): Line {
  const size = (spans: Line): number => spans.reduce((sum, { text }) => sum + text.length, 0);
  const rule = Math.max(width - 4 - size(head) - size(state) - 6, 0);
  return cutLine([span(' ┌─ ', edge), ...head, span(` ${'─'.repeat(rule)} `, edge), ...state, span(' ─┐', edge)], width);
}

function detailLines(hop: Hop, width: number, marks: Marks, height: number): readonly Line[] {
  const changed = packetText(hop.packet, marks) !== packetText(hop.after, marks);
  const field: Line = hop.field === null ? [] : [span('   field  ', 'dim'), span(hop.field, 'accent')];
  const packet: Line[] = changed
    ? [[span(' before  ', 'dim'), span(packetText(hop.packet, marks))], [span(' after   ', 'dim'), span(packetText(hop.after, marks))]]
    : [[span(' packet  ', 'dim'), span(packetText(hop.packet, marks))]];
  const seeIt: Line = spread([span(' see it  ', 'dim'), span(hop.evidence, 'code')], [span('Enter ', 'key')], width);
  const says = wrapLine([span(' '), span(hop.says, 'strong')], width, ' ');
  const rest: Line[] = [[span(' object  ', 'dim'), span(refText(hop.object), 'object'), ...field], seeIt];
  const all = [...says, ...packet, ...rest];
  if (all.length <= height) return all.map((row) => cutLine(row, width));
  // Little room: the whole sentence, then what decided, the packet, and how to see it.
  const [object = [], see = []] = rest;
  const few = [object, packet[packet.length - 1] ?? [], see].slice(0, Math.max(height - says.length, 0));
  const kept = [...packet, ...rest].filter((row) => few.includes(row));
  return [...says, ...kept].slice(0, Math.max(height, 0)).map((row) => cutLine(row, width));
}

/** The hop opened: everything about it, and every answer that the request can get. */
function openedLines(trace: Trace, walk: Walk, hop: Hop, width: number, marks: Marks): readonly Line[] {
  const row = (name: string, value: string, role: 'text' | 'object' | 'accent' | 'code' = 'text'): Line[] => wrapLine([span(`${name.padEnd(9)}`, 'dim'), span(value, role)], width, ' '.repeat(9));
  return [
    ...wrapLine([span(hop.says, 'strong')], width), [],
    ...row('where', placeText(hop.at)), ...row('station', `${hop.stage}, ${hop.action}`),
    ...row('before', packetText(hop.packet, marks)), ...row('after', packetText(hop.after, marks)),
    ...row('object', refText(hop.object), 'object'), ...(hop.field === null ? row('field', 'decided nothing here') : row('field', hop.field, 'accent')),
    ...row('see it', hop.evidence, 'code'), ...wrapLine([span('Enter', 'key'), span(' runs it in the terminal, '), span('Esc', 'key'), span(' closes')], width), [],
    ...outcomeLines(trace, walk, width, marks),
  ];
}

function outcomeLines(trace: Trace, walk: Walk, width: number, marks: Marks): readonly Line[] {
  if (trace.walks.length < 2) return [];
  return [
    line(`${trace.walks.length} answers are possible`, 'heading'),
    ...trace.walks.map((one): Line => cutLine([
      span(one === walk ? `${marks.point} ` : '  ', 'accent'), span(`${Math.round(one.probability * 100)}%`.padStart(4), 'number'), span('  '),
      span(fitText(one.backend === null ? 'no backend' : (one.backend.pod ?? one.backend.ip), Math.max(Math.floor(width / 3), 12))), span('  '), verdictSpan(one.verdict, marks), span(`  ${one.why}`, 'dim'),
    ], width)),
  ];
}

/** `answer 1 of 3`, the trace's own verdict, and where the cursor is. */
function noteOf(desk: Desk, trace: Trace, walk: Walk, marks: Marks): Line {
  const from = chosenRow(desk)?.from ?? '';
  const many = trace.walks.length > 1 ? [span(`  answer ${desk.road.walk + 1} of ${trace.walks.length} (w)`, 'warn')] : [];
  return [span(`${from} ${marks.to} ${trace.request.to.text}`), span(`  hop ${Math.min(desk.road.hop + 1, walk.hops.length)} of ${walk.hops.length}`, 'dim'), ...many];
}

export const layersPane: Pane = {
  name: 'layers',
  title: 'Layers',
  number: 3,
  draw: (state, desk, size) => {
    const row = chosenRow(desk);
    if (row === null) return drawn([line('No request yet. Ask one: :from shop/web to http://api:8080/', 'dim')]);
    if (row.veiled) return drawVeiled(desk, size, marksOf(state.options));
    const { trace } = row;
    if (trace === null) return drawn([...wrapLine([span(row.say, 'strong')], size.width), ...wrapLine([span(row.why)], size.width), [], ...wrapLine([span(row.lookup === null ? 'No request is sent for this one: it is about the pods themselves. The terminal (5) shows them: kubectl get pods, kubectl describe.' : 'This one only asks for a name: the DNS pane (4) shows it.', 'dim')], size.width)].slice(0, size.height));
    const walk = trace.walks[desk.road.walk] ?? trace.shown;
    const marks = marksOf(state.options);
    const note = noteOf(desk, trace, walk, marks);
    const hop = currentHop(desk);
    if (desk.road.open && hop !== undefined) return { ...drawn(windowOf(openedLines(trace, walk, hop, size.width, marks), 0, size.height).lines), note };
    return { ...drawStack(state, desk, trace, walk, hop, size), note };
  },
};

/** At the hop where the broken run and this one part: what the broken one did here. */
function wasLines(desk: Desk, walk: Walk, width: number, marks: Marks): readonly Line[] {
  const was = desk.brokenRows[desk.chosen]?.trace?.shown;
  if (was === undefined || desk.session.lab.store === desk.broken.store || partingHop(was, walk) !== desk.road.hop) return [];
  const hop = was.hops[desk.road.hop];
  return [cutLine([span(' broken  ', 'warn'), span(hop === undefined ? 'not reached' : hopWords(hop, marks)), ...(hop?.field == null ? [] : [span(`  ${hop.field}`, 'accent')])], width)];
}

/** The stack as it is before the request was sent. */
function drawVeiled(desk: Desk, { width, height }: PaneSize, marks: Marks): Drawn {
  const stack = bareBands.map(({ tag, title }): Line => spread([span(' '), span(tag.padEnd(5), 'accent'), span(title.replace('→', marks.to), 'strong')], [span(`${marks.dot} not run yet `, 'dim')], width));
  return drawn([...stack, [], ...notRunLines(desk, width)].slice(0, height));
}

/** At least the current hop stays in each band; others give way, farthest first, until the stack fits. The bands themselves always stay. */
function foldStack({ lines, rows }: Stack, hop: number, height: number): Stack {
  const hops = Object.entries(rows).map(([place, row]) => ({ place: Number(place), row }));
  const over = lines.length - height;
  if (over <= 0) return { lines, rows };
  const far = [...hops].filter(({ place }) => place !== hop).sort((left, right) => Math.abs(right.place - hop) - Math.abs(left.place - hop) || left.place - right.place);
  const gone = new Set(far.slice(0, over).map(({ row }) => row));
  const kept = lines.flatMap((_, row) => (gone.has(row) ? [] : [row]));
  return { lines: kept.map((row) => lines[row] ?? []), rows: Object.fromEntries(hops.filter(({ row }) => !gone.has(row)).map(({ place, row }) => [place, kept.indexOf(row)])) };
}

function drawStack(state: State, desk: Desk, trace: Trace, walk: Walk, hop: Hop | undefined, { width, height }: PaneSize): Drawn {
  const marks = marksOf(state.options);
  const why: readonly Line[] = hop === undefined ? wrapLine([span(walk.why)], width) : [];
  const was = wasLines(desk, walk, width, marks);
  const full = hop === undefined ? why : [...was, ...detailLines(hop, width, marks, 12)];
  const boxed = stackOf(state, desk, trace, walk, width, true);
  // The stack comes first, whole: as much of the hop as fits stands below it, and Enter opens the rest.
  const stack = boxed.lines.length + full.length + 1 <= height ? boxed : foldStack(stackOf(state, desk, trace, walk, width, false), desk.road.hop, height);
  const rest = Math.max(height - stack.lines.length, 0);
  const gap: readonly Line[] = rest > full.length ? [[]] : [];
  const detail = hop === undefined ? why : [...was, ...detailLines(hop, width, marks, rest - gap.length - was.length)].slice(0, rest - gap.length);
  const left = rest - gap.length - detail.length;
  const outcomes = left > 4 ? outcomeLines(trace, walk, width, marks) : [];
  const targets = Object.entries(stack.rows).map(([place, row]): ClickTarget => rowTarget(row, 1, width, { kind: 'stepped-to', place: Number(place) }));
  return drawn([...stack.lines, ...gap, ...detail, ...(outcomes.length > 0 ? [[] as Line] : []), ...outcomes].slice(0, height), { targets });
}

// A pane in full, as lines to read: what the screen shows in a window, without the window.
import type { Desk, PaneName, State } from '../app/state.ts';
import { placeText } from '../sim/model/packet.ts';
import { refText } from '../sim/model/object.ts';
import { bandsOf } from './bands.ts';
import type { Band } from './bands.ts';
import type { Line } from './frame.ts';
import { paneNamed } from './panes/list.ts';
import { rowMark } from './panes/intents.ts';
import { line, span, wrapLine } from './span.ts';
import { storyParts } from './story-parts.ts';
import { marksOf, packetText, verdictSpan } from './words.ts';
import type { Marks } from './words.ts';
import { chosenRow, shownRows } from '../app/veil.ts';

export function plainPane(state: State, desk: Desk, pane: PaneName, width: number): readonly Line[] {
  switch (pane) {
    case 'story': return storyParts(state, desk, width).flatMap((part, index) => (index === 0 ? part.lines : [[], ...part.lines]));
    case 'intents': return shownRows(desk).flatMap((row, index) => [
      [span(`${index + 1} `), span(index === desk.chosen ? '* ' : '  '), ...rowMark(row, marksOf(state.options)), span(` ${row.say}`)], ...wrapLine([span('      '), span(row.veiled ? 'not run yet: :predict, or :run sends it' : row.why)], width, '      ')]);
    case 'layers': return layersText(state, desk, width);
    // A matrix can be read aloud, a picture cannot.
    case 'policy': return paneNamed(pane).draw(state, { ...desk, focus: pane, policy: { ...desk.policy, matrix: true } }, { width, height: 400 }).lines;
    // The focus brings the details of the query; nothing is cut at this height.
    default: return paneNamed(pane).draw(state, { ...desk, focus: pane }, { width, height: 400 }).lines;
  }
}

const stateWords: Readonly<Record<Band['state'], string>> = { passed: 'passed', broke: 'broke here', 'not-reached': 'not reached', 'not-on-road': 'not on this road' };

function layersText(state: State, desk: Desk, width: number): readonly Line[] {
  const marks = marksOf(state.options);
  const row = chosenRow(desk);
  if (row?.veiled === true) return [line(`${row.from}: ${row.say}`), line('Not run yet: :predict, :skip, or :run sends it.')];
  if (row === null || row.trace === null) return [line(row === null ? 'Nothing was asked yet: :from SOURCE to TARGET' : 'This one only asks for a name: :dns shows it.')];
  const walk = row.trace.walks[desk.road.walk] ?? row.trace.shown;
  const lines: Line[] = [[span(`${row.from} ${marks.to} ${row.trace.request.to.text}: `), verdictSpan(row.trace.verdict, marks)], ...wrapLine([span(walk.why)], width)];
  for (const band of bandsOf(row.trace, walk)) {
    lines.push(line(`${band.tag} ${band.title.replace('→', marks.to)}: ${stateWords[band.state]}`));
    for (const { hop, index } of band.hops) {
      const object = `${refText(hop.object)}${hop.field === null ? '' : `, ${hop.field}`}`;
      lines.push(...wrapLine([span(`  ${index + 1}  ${placeText(hop.at)}: ${hop.says}`)], width, '     '), ...wrapLine([span(`     packet  ${packetChange(hop, marks)}`)], width, '             '), line(`     object  ${object}`), ...wrapLine([span(`     see it  ${hop.evidence}`)], width, '             '));
    }
  }
  if (row.trace.walks.length > 1) {
    lines.push(line(`${row.trace.walks.length} answers are possible:`));
    for (const one of row.trace.walks) lines.push([span(`  ${Math.round(one.probability * 100)}%  ${one.backend?.pod ?? one.backend?.ip ?? 'no backend'}  `), verdictSpan(one.verdict, marks)]);
  }
  return lines;
}

function packetChange(hop: Parameters<typeof bandsOf>[1]['hops'][number], marks: Marks): string {
  const before = packetText(hop.packet, marks);
  const after = packetText(hop.after, marks);
  return before === after ? before : `${before}, then ${after}`;
}

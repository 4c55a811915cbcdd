// A trace as people read it: the answer first, then the way hop by hop, then why and where a repair would be.
import { shownLine, shownText } from '../lesson/shown-text.ts';
import type { Lab } from '../sim/lab.ts';
import { refText } from '../sim/model/object.ts';
import { placeText } from '../sim/model/packet.ts';
import type { Hop, Trace, Walk } from '../sim/model/trace.ts';
import { sourceText } from '../sim/lab.ts';
import { endText } from './trace-json.ts';
import type { Wording } from './trace-json.ts';

const bad: readonly Hop['action'][] = ['drop', 'reject', 'lose'];

function hopText(hop: Hop, number: number): string {
  const { packet } = hop;
  return [
    ` ${bad.includes(hop.action) ? '✗' : ' '}${String(number).padStart(2)}  ${placeText(hop.at)} · ${hop.stage} · ${hop.action}`,
    `     ${endText(packet.source)} → ${endText(packet.destination)} ${packet.protocol}`,
    `     ${shownLine(hop.says)}`,
    `     ${refText(hop.object)}${hop.field === null ? '' : ` ${hop.field}`}`,
    `     $ ${shownLine(hop.evidence)}`,
  ].join('\n');
}

const percent = (probability: number): string => `${Number((probability * 100).toFixed(1))}%`.padStart(6);

const backendText = ({ backend }: Walk): string => (backend === null ? 'nobody' : `${backend.pod === null ? '' : `${backend.pod} `}${endText({ ip: backend.ip, port: backend.port })}`);

function outcomesText(trace: Trace): string[] {
  if (trace.walks.length < 2) return [];
  return ['', 'Every backend that may be picked:', ...trace.walks.map((walk) => ` ${percent(walk.probability)}  ${walk.verdict.padEnd(11)} ${backendText(walk)}`)];
}

function lookupText({ lookup }: Trace): string[] {
  if (lookup === null || lookup.queries.length === 0) return [];
  return lookup.queries.map((query) => `     ${query.name} ${query.type} → ${query.rcode}${query.answers.length === 0 ? '' : ` ${query.answers.map(({ data }) => data).join(' ')}`}`);
}

export function traceText(trace: Trace, _lab: Lab, wording: Wording): string {
  const { request, shown } = trace;
  const error = wording.words(trace);
  const queries = lookupText(trace);
  const lines = [
    `${sourceText(request.from)} → ${shownLine(request.to.text)}: ${trace.verdict}${shown.verdict !== 'http-error' ? '' : ` (HTTP ${shown.status ?? ''})`}`,
    ...(error === null ? [] : shownText(error).trimEnd().split('\n').map((line) => `  ${line}`)),
    '',
    ...(queries.length === 0 ? [] : ['  The name:', ...queries]),
    ...shown.hops.map((hop, index) => hopText(hop, index + 1)),
    ...outcomesText(trace),
    '',
    `Why: ${shownLine(shown.why)}`,
    ...(shown.repair === undefined ? [] : [`To allow it: ${shownLine(shown.repair)}`]),
    ...(shown.object === null ? [] : [`Look at: ${refText(shown.object)}${shown.field === null ? '' : `, ${shown.field}`}${shown.layer === null ? '' : ` (layer: ${shown.layer})`}`]),
  ];
  return `${lines.join('\n')}\n`;
}

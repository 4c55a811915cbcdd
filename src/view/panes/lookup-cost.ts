// What it costs to find a Service, by how Services are found and how many there are: as numbers everywhere, and as a chart where there is room and colour.
import { lookupWays } from '../../sim/dataplane/lookup-cost.ts';
import type { LookupCost, LookupWay } from '../../sim/dataplane/lookup-cost.ts';
import { wayNow } from '../../app/network-view.ts';
import type { Desk, State } from '../../app/state.ts';
import type { Figure, Line } from '../frame.ts';
import { cutLine, span, wrapLine } from '../span.ts';
import { fitText } from '../width.ts';
import type { Marks } from '../words.ts';

const wayWords: Readonly<Record<LookupWay, string>> = { iptables: 'iptables', ipvs: 'IPVS', nftables: 'nftables', ebpf: 'eBPF' };

const shortNumber = (value: number): string => (value < 10_000 ? String(Math.round(value)) : `${Math.round(value / 1000)}k`);

/** The same figure for the same cost: the terminal keeps its widget. */
const figures = new WeakMap<LookupCost, Figure>();

function chartOf(cost: LookupCost): Figure {
  const known = figures.get(cost);
  if (known !== undefined) return known;
  const made: Figure = {
    kind: 'chart', title: 'rules and tables that a first packet meets, by number of Services', x: cost.sizes.map(shortNumber),
    series: lookupWays.map((way) => ({ name: wayWords[way], y: cost.steps[way] })),
  };
  figures.set(cost, made);
  return made;
}

export interface CostLines {
  readonly lines: readonly Line[];
  /** `null` where only the numbers are shown. */
  readonly figure: { readonly figure: Figure; readonly row: number; readonly rows: number } | null;
}

/** A chart needs this much to be read. */
const smallestChart = { width: 50, rows: 9 };
const highestChart = 20;

export function costLines(state: State, desk: Desk, { width, height }: { readonly width: number; readonly height: number }, marks: Marks): CostLines {
  const { cost } = desk.network;
  if (cost === null) return { lines: [], figure: null };
  const now = wayNow(desk.session.lab.network);
  const cell = Math.max(Math.min(Math.floor((width - 12) / cost.sizes.length), 9), 5);
  const endpoints = Number.isInteger(cost.endpoints) ? String(cost.endpoints) : cost.endpoints.toFixed(1);
  const head = wrapLine([
    span(' A first packet to a Service', 'heading'), span(`: how many rules and tables it meets on ${cost.node}. `, 'dim'),
    span(`Counted from its ${cost.servicePorts} Service ${cost.servicePorts === 1 ? 'port' : 'ports'} with ${endpoints} ${endpoints === '1' ? 'endpoint' : 'endpoints'} each on the average; later packets of a connection meet none.`, 'dim'),
  ], width, ' ');
  const sizes: Line = [span(`   ${'Services'.padEnd(10)}`, 'dim'), ...cost.sizes.map((size) => span(shortNumber(size).padStart(cell), 'dim'))];
  const rows = lookupWays.map((way): Line => [
    span(way === now ? ` ${marks.point} ` : '   ', 'accent'), span(fitText(wayWords[way], 9), way === now ? 'strong' : 'text'), span(' '),
    ...cost.steps[way].map((steps) => span(shortNumber(steps).padStart(cell), way === now ? 'number' : 'text')), span(way === now ? '  now' : '', 'accent'),
  ]);
  const why = wrapLine([span(' iptables asks rule by rule until one fits; the others look into a table, which does not grow slower.', 'dim')], width, ' ');
  const lines = [...head, [], sizes, ...rows, [], ...why].map((row) => cutLine(row, width));
  const left = height - lines.length - 1;
  const charted = !state.options.ascii && state.options.color && !state.options.plain && width >= smallestChart.width && left >= smallestChart.rows;
  if (!charted) return { lines, figure: null };
  const size = Math.min(left, highestChart);
  return { lines: [...lines, ...Array.from({ length: size + 1 }, (): Line => [])], figure: { figure: chartOf(cost), row: lines.length + 1, rows: size } };
}

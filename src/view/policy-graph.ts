// The policies as a picture: who may open what is not open to everybody, and which calls of the lesson are kept out.
import { connectionOf, portsText, reachShown } from '../app/policy-view.ts';
import { shownRows } from '../app/veil.ts';
import type { Desk } from '../app/state.ts';
import type { ReachConnection } from '../sim/model/policy.ts';
import { drawGraph } from './char-graph.ts';
import type { DrawnGraph, GraphEdge, GraphNode } from './char-graph.ts';
import type { Line, Role, Span } from './frame.ts';
import type { Marks } from './words.ts';

export const outside = 'outside';

const bareName = (name: string): string => name.slice(name.indexOf('/') + 1);

/** Drawn graphs by what they draw: from frame to frame it is the same one. */
const made = new Map<string, DrawnGraph | null>();
const mostKept = 32;

/** The workloads at both ends of the lesson's calls that were seen to run. */
function calls(desk: Desk): readonly { readonly from: string; readonly to: string }[] {
  const { workloads } = desk.session.lab.network;
  const ownerOf = (namespace: string, pod: string): string => `${namespace}/${workloads.find(({ ref, pods }) => ref.namespace === namespace && pods.includes(pod))?.ref.name ?? pod}`;
  return shownRows(desk).flatMap(({ trace }) => {
    const [space, pod] = trace?.shown.backend?.pod?.split('/') ?? [];
    if (trace === null || trace.request.from.kind !== 'pod' || space === undefined || pod === undefined) return [];
    return [{ from: ownerOf(trace.request.from.namespace, trace.request.from.name), to: ownerOf(space, pod) }];
  });
}

/** `null` when the picture would not fit: then the matrix says it. */
export function policyGraph(desk: Desk, room: { readonly width: number; readonly height: number }, marks: Marks): DrawnGraph | null {
  const reach = reachShown(desk.policy);
  if (reach === null || reach.workloads.length > 14) return null;
  const names = reach.workloads.map(({ name }) => name);
  const from = new Map<string, ReachConnection[]>();
  for (const one of reach.connections) if (one.toKind !== 'IPBlock') from.set(one.to, [...(from.get(one.to) ?? []), one]);
  const edges: GraphEdge[] = [];
  const notes = new Map<string, string>();
  for (const to of names) {
    const sources = from.get(to) ?? [];
    const ports = new Set(sources.map(portsText));
    const anyone = sources.some(({ fromKind }) => fromKind === 'IPBlock') && names.every((name) => name === to || sources.some((one) => one.from === name));
    if (anyone && ports.size === 1) {
      const [text = ''] = ports;
      notes.set(to, text === 'all ports' ? ' (open)' : ` (${text.replace(/\/TCP$/, '')} open)`);
      continue;
    }
    if (sources.length === 0) notes.set(to, ' (closed)');
    for (const one of sources) {
      const source = one.fromKind === 'IPBlock' ? outside : one.from;
      if (source === to || edges.some((edge) => edge.from === source && edge.to === to)) continue;
      const fresh = desk.policy.compare && connectionOf(desk.policy.before, one.from, to) === null;
      edges.push({ from: source, to, label: `${fresh ? '+' : ''}${one.ports === 'all' ? 'all' : portsText(one).replace(/\/TCP$/, '')}`, role: fresh ? 'warn' : 'good', broken: false });
    }
  }
  for (const { from: source, to } of calls(desk)) {
    if (source === to || connectionOf(reach, source, to) !== null || edges.some((edge) => edge.from === source && edge.to === to)) continue;
    edges.push({ from: source, to, label: '', role: 'bad', broken: true });
  }
  if (edges.length > 24) return null;
  const nodes = names.map((name): GraphNode => ({
    id: name, group: name.slice(0, name.indexOf('/')), text: `${bareName(name)}${notes.get(name) ?? ''}`,
    role: 'strong',
  }));
  const out: GraphNode[] = edges.some((edge) => edge.from === outside) ? [{ id: outside, group: '', text: outside, role: 'strong' }] : [];
  const key = JSON.stringify([nodes, edges, room, marks.bad]);
  const kept = made.get(key);
  if (kept !== undefined) return withCursor(desk, names, kept);
  const drawn = drawGraph([...nodes, ...out], edges, room, { head: marks.to === '→' ? '▶' : '>', back: marks.to === '→' ? '◀' : '<', cross: marks.bad });
  if (made.size >= mostKept) made.clear();
  made.set(key, drawn);
  return withCursor(desk, names, drawn);
}

/** The layout stays while the cursor walks: only the two names at its ends look different. */
function withCursor(desk: Desk, names: readonly string[], drawn: DrawnGraph | null): DrawnGraph | null {
  if (drawn === null || desk.focus !== 'policy') return drawn;
  const [from, to] = [names[desk.policy.row], names[desk.policy.column]];
  const looks = drawn.nodes.filter(({ id }) => id === from || id === to).map((spot) => ({ ...spot, role: spot.id === to ? 'selected' as const : 'accent' as const }));
  return { ...drawn, lines: drawn.lines.map((line, row) => looks.filter((spot) => spot.row === row).reduce((spans, spot) => paintedOver(spans, spot.from, spot.to, spot.role), line)) };
}

/** Every sign of a picture is one cell wide. */
function paintedOver(line: Line, from: number, to: number, role: Role): Line {
  let at = 0;
  return line.flatMap((one): Span[] => {
    const start = at;
    at += one.text.length;
    const [low, high] = [Math.min(Math.max(from - start, 0), one.text.length), Math.min(Math.max(to - start, 0), one.text.length)];
    return [{ text: one.text.slice(0, low), role: one.role }, { text: one.text.slice(low, high), role }, { text: one.text.slice(high), role: one.role }].filter(({ text }) => text !== '');
  });
}

// A small directed graph as characters: laid out in layers by dagre, drawn with box lines. Groups are boxes around their nodes.
import { Graph, layout } from '@dagrejs/dagre';
import type { Line, Role, Span } from './frame.ts';
import { widthOf } from './width.ts';

export interface GraphNode {
  readonly id: string;
  readonly text: string;
  readonly role: Role;
  /** The group whose box it stands in; empty for none. */
  readonly group: string;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly role: Role;
  /** Drawn with gaps: it is not there. */
  readonly broken: boolean;
}

export interface DrawnGraph {
  readonly lines: readonly Line[];
  readonly width: number;
  /** Where each node's text stands. */
  readonly nodes: readonly { readonly id: string; readonly row: number; readonly from: number; readonly to: number }[];
}

interface Cell {
  text: string;
  role: Role;
  /** Which sides a line leaves by: 1 up, 2 right, 4 down, 8 left. 0 for text. */
  sides: number;
  broken: boolean;
  /** Part of a text, a space in it too. */
  written: boolean;
}

/** Cells before empty rows and columns are taken out: more is no picture. */
const largest = 60_000;

const corners = [' ', '│', '─', '└', '│', '│', '┌', '├', '─', '┘', '─', '┴', '┐', '┤', '┬', '┼'];

/** `null` when it does not fit. The arrow's signs are the caller's: `▶`, or letters. */
export function drawGraph(nodes: readonly GraphNode[], edges: readonly GraphEdge[], room: { readonly width: number; readonly height: number }, signs: { readonly head: string; readonly back: string; readonly cross: string }): DrawnGraph | null {
  const graph = new Graph({ compound: true, multigraph: false });
  const label = Math.max(...edges.map((edge) => widthOf(edge.label)), 0);
  graph.setGraph({ rankdir: 'LR', nodesep: 1, edgesep: 1, ranksep: label + 8 + Math.min(Math.max(...nodes.map(({ id }) => edges.filter(({ to }) => to === id).length), 0), 6), marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  const groups = [...new Set(nodes.map(({ group }) => group))].filter((group) => group !== '');
  for (const group of groups) graph.setNode(`group ${group}`, { width: 1, height: 1 });
  for (const { id, text, group } of nodes) {
    graph.setNode(id, { width: widthOf(text) + 4, height: Math.max(edges.filter(({ to }) => to === id).length, 1) });
    if (group !== '') graph.setParent(id, `group ${group}`);
  }
  for (const { from, to } of edges) graph.setEdge(from, to, { width: 1, height: 1 });
  layout(graph);
  const size = graph.graph();
  const [width, height] = [Math.ceil(size.width ?? 0) + 2, Math.ceil(size.height ?? 0) + 1];
  if (!Number.isFinite(width + height) || width * height > largest) return null;
  const cells: Cell[][] = Array.from({ length: height }, () => Array.from({ length: width }, (): Cell => ({ text: ' ', role: 'text', sides: 0, broken: false, written: false })));
  const at = (x: number, y: number): Cell | undefined => cells[y]?.[x];
  const write = (x: number, y: number, text: string, role: Role): void => {
    [...text].forEach((sign, index) => {
      const cell = at(x + index, y);
      if (cell !== undefined) Object.assign(cell, { text: sign, role, sides: 0, written: true });
    });
  };
  for (const group of groups) {
    const { x = 0, y = 0, width: wide = 1, height: high = 1 } = graph.node(`group ${group}`);
    const [left, right, top, bottom] = [Math.round(x - wide / 2), Math.round(x + wide / 2), Math.round(y - high / 2), Math.round(y + high / 2)];
    frame(at, left, right, top, bottom);
    write(left + 2, top, ` ${group} `, 'dim');
  }
  const spots = nodes.map(({ id, text }) => {
    const { x = 0, y = 0 } = graph.node(id);
    const from = Math.round(x - widthOf(text) / 2);
    return { id, row: Math.round(y), from, to: from + widthOf(text) };
  });
  const heads: { readonly x: number; readonly y: number; readonly edge: GraphEdge }[] = [];
  for (const spot of spots) {
    // Each arrow ends in a row of its own; those from above and below turn in columns of their own, so that no two share a stretch.
    const into = edges.filter(({ to }) => to === spot.id).flatMap((edge) => spots.filter(({ id }) => id === edge.from).map((source) => ({ edge, source }))).sort((left, right) => left.source.row - right.source.row);
    const top = spot.row - Math.floor((into.length - 1) / 2);
    const below = into.filter(({ source }) => source.row > spot.row).length;
    into.forEach(({ edge, source }, index) => {
      const end = { x: spot.from - 3, y: top + index };
      const turn = end.x - label - 3 - (source.row > spot.row ? into.length - 1 - index : Math.min(index, Math.max(into.length - below - 1, 0)));
      if (source.from < spot.from) {
        const points = (graph.edge(edge.from, edge.to).points ?? []).slice(2, -2).map((point) => ({ x: Math.round(point.x), y: Math.round(point.y) })).filter(({ x }) => x > source.to && x < turn);
        route(at, [{ x: source.to + 1, y: source.row }, ...points, { x: turn, y: end.y }, end], turn, edge);
        heads.push({ ...end, edge });
      } else {
        // Against the stream: in from the right.
        const right = { x: spot.to + 1, y: spot.row };
        route(at, [{ x: source.from - 2, y: source.row }, right], Math.round((source.from + spot.to) / 2), edge);
        heads.push({ x: right.x, y: right.y, edge });
      }
    });
    if (into.filter(({ source }) => source.from < spot.from).length > 1) for (let row = 0; row < into.length; row++) write(spot.from - 2, top + row, '│', 'border');
  }
  for (const { x, y, edge } of heads) {
    const against = edge.to === edge.from || (spots.find(({ id }) => id === edge.to)?.to ?? 0) < x;
    write(x, y, against ? signs.back : signs.head, edge.role);
    const text = edge.broken ? signs.cross : edge.label;
    if (text !== '') write(against ? x + 2 : x - 1 - widthOf(text), y, text, edge.role);
  }
  for (const spot of spots) {
    const node = nodes.find(({ id }) => id === spot.id);
    if (node !== undefined) write(spot.from, spot.row, node.text, node.role);
  }
  // Rows and columns in which nothing stands but lines that go through say nothing: one column of a gap is enough.
  const rows = cells.flatMap((row, y) => (row.some((cell) => (cell.sides === 0 ? cell.text !== ' ' : cell.sides !== 5)) ? [y] : []));
  const bare = Array.from({ length: width }, (_, x) => cells.every((row) => (row[x]?.sides === 0 ? !row[x].written : row[x]?.sides === 10)));
  const columns = bare.flatMap((isBare, x) => (isBare && bare[x - 1] === true ? [] : [x]));
  if (rows.length > room.height || columns.length > room.width) return null;
  return {
    lines: rows.map((y) => rowOf(columns.flatMap((x) => cells[y]?.[x] ?? []))), width: columns.length,
    nodes: spots.map((spot) => ({ id: spot.id, row: rows.indexOf(spot.row), from: columns.indexOf(spot.from), to: columns.indexOf(spot.to - 1) + 1 })),
  };
}

type At = (x: number, y: number) => Cell | undefined;

function frame(at: At, left: number, right: number, top: number, bottom: number): void {
  const join = (x: number, y: number, sides: number): void => {
    const cell = at(x, y);
    if (cell !== undefined) Object.assign(cell, { role: 'border', sides: cell.sides | sides });
  };
  for (let x = left; x <= right; x++) for (const y of [top, bottom]) join(x, y, (x > left ? 8 : 0) | (x < right ? 2 : 0));
  for (let y = top; y <= bottom; y++) for (const x of [left, right]) join(x, y, (y > top ? 1 : 0) | (y < bottom ? 4 : 0));
}

/** Across, up or down at the turn, and across again. */
function route(at: At, points: readonly { readonly x: number; readonly y: number }[], turn: number, edge: GraphEdge): void {
  const go = (fromX: number, fromY: number, toX: number, toY: number): void => {
    const [dx, dy] = [Math.sign(toX - fromX), Math.sign(toY - fromY)];
    let [x, y] = [fromX, fromY];
    while (x !== toX || y !== toY) {
      join(at(x, y), dx > 0 ? 2 : dx < 0 ? 8 : dy > 0 ? 4 : 1, edge);
      x += dx;
      y += dy;
      join(at(x, y), dx > 0 ? 8 : dx < 0 ? 2 : dy > 0 ? 1 : 4, edge);
    }
  };
  for (let index = 1; index < points.length; index++) {
    const [one, next] = [points[index - 1], points[index]];
    if (one === undefined || next === undefined) continue;
    const middle = one.y === next.y ? next.x : Math.min(Math.max(turn, Math.min(one.x, next.x)), Math.max(one.x, next.x));
    go(one.x, one.y, middle, one.y);
    go(middle, one.y, middle, next.y);
    go(middle, next.y, next.x, next.y);
  }
}

function join(cell: Cell | undefined, side: number, edge: GraphEdge): void {
  if (cell === undefined) return;
  const fresh = cell.sides === 0;
  Object.assign(cell, { sides: cell.sides | side, role: fresh || cell.role === 'border' ? edge.role : cell.role === edge.role ? edge.role : 'text', broken: fresh ? edge.broken : cell.broken && edge.broken });
}

function rowOf(cells: readonly Cell[]): Line {
  const spans: { text: string; role: Role }[] = [];
  for (const cell of cells) {
    const sign = cell.sides === 0 ? cell.text : cell.broken && cell.sides === 10 ? '╌' : cell.broken && cell.sides === 5 ? '╎' : (corners[cell.sides] ?? ' ');
    const last = spans[spans.length - 1];
    if (last !== undefined && last.role === cell.role) last.text += sign;
    else spans.push({ text: sign, role: cell.role });
  }
  return spans satisfies Span[];
}

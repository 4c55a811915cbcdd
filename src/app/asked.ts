// Rows are chosen and added here: every other pane follows the chosen one.
import { withRoad } from './on-desk.ts';
import { rowOfAsked } from './rows.ts';
import type { Asked, Desk, Row } from './state.ts';
import { sameTarget, seeRun } from './veil.ts';

const mostAsked = 9;

/** Every pane follows the row: its failing walk, from the first hop. */
export function chooseRow(desk: Desk, index: number): Desk {
  const at = Math.min(Math.max(index, 0), Math.max(desk.rows.length - 1, 0));
  return withRoad({ ...desk, chosen: at, ndots: null, top: 0, service: null, node: null }, { walk: shownWalk(desk.rows[at] ?? null), hop: 0, query: 0, open: false, playing: false });
}

/** The place of the walk that the trace shows. */
export function shownWalk(row: Row | null): number {
  return row?.trace == null ? 0 : Math.max(row.trace.walks.indexOf(row.trace.shown), 0);
}

/** The intent that asks the same: its row stands for the question. */
function sameIntent(desk: Desk, one: Asked): number {
  if (one.kind === 'lookup') return -1;
  const { from, to } = one.trace.request;
  return desk.rows.findIndex((row) => {
    if (row.kind !== 'intent' || row.trace === null || !sameTarget(row.trace.request.to, to)) return false;
    const source = row.trace.request.from;
    return source.kind === 'pod' && from.kind === 'pod' ? source.namespace === from.namespace && source.name === from.name : JSON.stringify(source) === JSON.stringify(from);
  });
}

/** A question of the learner's own is a row like an intent. The youngest stand last; the same question stands once. */
export function addAsked(desk: Desk, all: readonly Asked[]): Desk {
  const asked = all.filter((one) => sameIntent(desk, one) < 0);
  const last = all[all.length - 1];
  const intent = last === undefined ? -1 : sameIntent(desk, last);
  const fresh = new Set(asked.map((one) => rowOfAsked(one).say));
  const kept = [...desk.asked.filter((one) => !fresh.has(rowOfAsked(one).say)), ...asked.filter((one, index) => asked.findIndex((other) => rowOfAsked(other).say === rowOfAsked(one).say) === index)].slice(-mostAsked);
  const intents = desk.rows.filter((row) => row.kind === 'intent');
  const rows = [...intents, ...kept.map(rowOfAsked)];
  const seen = seeRun({ ...desk, asked: kept, rows }, all.map((one) => sameIntent(desk, one)).filter((index) => index >= 0));
  return chooseRow(seen, intent >= 0 ? intent : rows.length - 1);
}

// The request that the panes follow: choose a row, step through its hops, ask questions of one's own.
import { parseSource, parseTarget, send } from '../sim/lab.ts';
import { addAsked, chooseRow } from './asked.ts';
import type { Effect } from './effect.ts';
import type { RequestMessage } from './message.ts';
import { chosenRow, onDesk, tell, withRoad } from './on-desk.ts';
import { cellNamed, moveCell, refreshPolicy, toggleCompare, togglePolicies } from './policy-view.ts';
import { focusOn } from './focus.ts';
import { partingHop } from './parting.ts';
import { lookupOf } from './possible.ts';
import { sourceText } from './rows.ts';
import { giveLine } from './update-prompt.ts';
import type { Desk, Row, State } from './state.ts';

const beatLength = 600;

export function updateRequests(state: State, message: RequestMessage): [State, readonly Effect[]] {
  switch (message.kind) {
    case 'row-chosen':
      return [onDesk(state, (desk) => chooseRow(desk, message.index)), []];
    case 'stepped':
      return [onDesk(state, (desk) => step(desk, message.by)), []];
    case 'stepped-to':
      return [onDesk(state, (desk) => stepTo(desk, message.place)), []];
    case 'walk-turned':
      return [onDesk(state, (desk) => {
        const count = chosenRow(desk)?.trace?.walks.length ?? 1;
        return withRoad(desk, { walk: (desk.road.walk + message.by + count) % count, hop: 0 });
      }), []];
    case 'played':
      return play(state);
    case 'beat':
      return beat(state);
    case 'hop-opened':
      return [onDesk(state, (desk) => see(withRoad(desk, { open: !desk.road.open }))), []];
    case 'evidence-run': {
      const hop = state.desk === null ? undefined : currentHop(state.desk);
      return hop === undefined || hop.evidence === '' ? [tell(state, 'This hop has no command that shows it.'), []] : giveLine(onDesk(state, (desk) => withRoad(desk, { open: false })), hop.evidence);
    }
    case 'row-run':
      return runRow(state);
    case 'request-asked':
      return [ask(state, message.from, message.to), []];
    case 'cell-moved':
      return [onDesk(state, (desk) => moveCell(desk, message.row, message.column)), []];
    case 'cell-named':
      return [nameCell(state, message.from, message.to), []];
    case 'policies-toggled':
      return [onDesk(state, togglePolicies), []];
    case 'change-compared':
      return [onDesk(state, toggleCompare), []];
  }
}

export const currentHop = (desk: Desk): NonNullable<Row['trace']>['shown']['hops'][number] | undefined =>
  chosenRow(desk)?.trace?.walks[desk.road.walk]?.hops[desk.road.hop];

const hopCount = (desk: Desk): number => chosenRow(desk)?.trace?.walks[desk.road.walk]?.hops.length ?? 0;

/** The hop counts as looked at. */
function see(desk: Desk): Desk {
  const stage = currentHop(desk)?.stage;
  return stage === undefined || desk.seen.stages.includes(stage) ? desk : { ...desk, seen: { ...desk.seen, stages: [...desk.seen.stages, stage] } };
}

function step(desk: Desk, by: 1 | -1): Desk {
  if (desk.diagram === 'dns') {
    const last = Math.max((lookupOf(desk)?.queries.length ?? 0) - 1, 0);
    return withRoad(desk, { query: Math.min(Math.max(desk.road.query + by, 0), last) });
  }
  return see(withRoad(desk, { hop: Math.min(Math.max(desk.road.hop + by, 0), Math.max(hopCount(desk) - 1, 0)), playing: false }));
}

function stepTo(desk: Desk, place: 'first' | 'last' | 'difference' | number): Desk {
  const last = Math.max(hopCount(desk) - 1, 0);
  if (place === 'first') return see(withRoad(desk, { hop: 0, query: 0, playing: false }));
  if (place === 'last') return see(withRoad(desk, { hop: last, playing: false }));
  if (typeof place === 'number') return see(withRoad(desk, { hop: Math.min(Math.max(place, 0), last), playing: false }));
  const now = chosenRow(desk)?.trace;
  const was = desk.brokenRows[desk.chosen]?.trace;
  // Before the repair there is nothing to part from: the hop where it broke.
  const hop = now == null || was == null ? last : (partingHop(was.shown, now.shown) ?? last);
  return see(withRoad(desk, { hop: Math.min(hop, last), playing: false }));
}

function play(state: State): [State, readonly Effect[]] {
  const { desk } = state;
  if (desk === null) return [state, []];
  if (desk.road.playing) return [onDesk(state, (now) => withRoad(now, { playing: false })), []];
  const atEnd = desk.road.hop >= hopCount(desk) - 1;
  return [onDesk(state, (now) => see(withRoad(now, { playing: true, hop: atEnd ? 0 : now.road.hop }))), [{ kind: 'beat', in: beatLength }]];
}

function beat(state: State): [State, readonly Effect[]] {
  const { desk } = state;
  if (desk === null || !desk.road.playing) return [state, []];
  const hop = desk.road.hop + 1;
  const playing = hop < hopCount(desk) - 1;
  return [onDesk(state, (now) => see(withRoad(now, { hop: Math.min(hop, hopCount(now) - 1), playing }))), playing ? [{ kind: 'beat', in: beatLength }] : []];
}

/** The row's request as a person would send it by hand. */
function runRow(state: State): [State, readonly Effect[]] {
  const row = state.desk === null ? null : chosenRow(state.desk);
  const line = row === null ? null : commandOf(row);
  return line === null ? [tell(state, 'This one has no command: it does not start in a pod.'), []] : giveLine(state, line);
}

/** The command line that sends a row's request from its pod; `null` where no kubectl reaches its source. */
export function commandOf(row: Row): string | null {
  if (row.trace === null) {
    const [namespace, name] = row.from.split('/');
    return row.lookup === null || name === undefined ? null : `kubectl exec -n ${namespace} ${name} -- nslookup ${row.lookup.name}`;
  }
  const { from, to } = row.trace.request;
  const tool = to.scheme === 'http' || to.scheme === 'https' ? `curl -sS ${to.text}`
    : to.scheme === 'icmp' ? `ping -c 1 -W 3 ${to.host}`
    : `nc -zv -w 3${to.scheme === 'udp' ? ' -u' : ''} ${to.host} ${to.port ?? ''}`;
  if (from.kind !== 'pod') return null;
  return `kubectl exec -n ${from.namespace} ${from.name}${from.container === null ? '' : ` -c ${from.container}`} -- ${tool}`;
}

function nameCell(state: State, from: string, to: string): State {
  const { desk } = state;
  if (desk === null) return tell(state, 'Open a lesson first.', 'bad');
  const looked = refreshPolicy(focusOn(desk, 'policy'));
  const cell = cellNamed(looked, from, to);
  if (typeof cell === 'string') return tell(state, cell, 'bad');
  const moved = moveCell(looked, cell.row, cell.column);
  return { ...state, desk: state.options.plain ? { ...moved, report: { pane: 'policy', count: (moved.report?.count ?? 0) + 1 } } : moved };
}

function ask(state: State, from: string, to: string): State {
  const { desk } = state;
  if (desk === null) return tell(state, 'Open a lesson first.', 'bad');
  const source = parseSource(from, desk.session.lab.network);
  const target = parseTarget(to);
  if (!source.ok) return tell(state, source.failures[0]?.says ?? 'This source cannot be read.', 'bad');
  if (!target.ok) return tell(state, target.failures[0]?.says ?? 'This target cannot be read.', 'bad');
  const trace = send(desk.session.lab, { from: source.value, to: target.value });
  const asked = onDesk(state, (now) => addAsked(now, [{ kind: 'request', trace }]));
  return tell(asked, `${sourceText(source.value)} → ${target.value.text}: ${trace.verdict}`, trace.verdict === 'delivered' ? 'good' : 'bad');
}

// The request that the panes follow: choose a row, step through its hops, ask questions of one's own.
import { parseSource, parseTarget, send } from '../sim/lab.ts';
import { addAsked, chooseRow, shownWalk } from './asked.ts';
import type { Effect } from './effect.ts';
import type { RequestMessage } from './message.ts';
import { onDesk, tell, withRoad } from './on-desk.ts';
import { cellNamed, guessKey, moveCell, refreshPolicy, toggleCompare, togglePolicies } from './policy-view.ts';
import { askOtherwise, isType, nextResolver, nextType, withNdots } from './dns-view.ts';
import type { OtherQuestion } from './dns-view.ts';
import { focusOn } from './focus.ts';
import { showPart, turnPart } from './network-view.ts';
import { partingHop } from './parting.ts';
import { lookupOf } from './possible.ts';
import { sourceText } from './rows.ts';
import { turnNode, turnService } from './service-view.ts';
import { giveLine } from './update-prompt.ts';
import type { Desk, NetworkPart, Row, State } from './state.ts';
import { chosenRow, seeRun } from './veil.ts';

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
    case 'lookup-asked':
      if (message.type !== null && !isType(message.type)) return [tell(state, `${message.type} is no type that can be asked for: A, AAAA, SRV, CNAME, TXT.`, 'bad'), []];
      return [askDns(state, { name: message.name, type: message.type, resolver: null, from: message.from }), []];
    case 'type-turned':
      return [state.desk === null ? state : askDns(state, { name: null, type: nextType(state.desk), resolver: null, from: null }), []];
    case 'resolver-turned':
      return [state.desk === null ? state : askDns(state, { name: null, type: null, resolver: nextResolver(state.desk), from: null }), []];
    case 'ndots-compared':
      return [onDesk(state, (desk) => {
        const lookup = desk.ndots === null ? withNdots(desk, otherNdots) : null;
        return { ...desk, ndots: lookup === null ? null : { value: otherNdots, lookup } };
      }), []];
    case 'service-turned':
      return [onDesk(state, (desk) => turnService(desk, message.by)), []];
    case 'node-turned':
      return [onDesk(state, (desk) => turnNode(desk, message.by)), []];
    case 'node-chosen':
      return [onDesk(state, (desk) => ({ ...desk, node: message.name })), []];
    case 'network-turned':
      return [onDesk(state, (desk) => turnPart(desk, message.by)), []];
    case 'network-shown':
      return [showNetwork(state, message.part), []];
    case 'policies-toggled':
      return [onDesk(state, togglePolicies), []];
    case 'guessing-toggled':
      return [onDesk(state, (desk) => ({ ...desk, policy: { ...desk.policy, guesses: desk.policy.guesses === null ? {} : null } })), []];
    case 'cell-guessed':
      return [onDesk(state, (desk) => {
        const { cell, guesses } = desk.policy;
        return cell === null || guesses === null ? desk : { ...desk, policy: { ...desk.policy, guesses: { ...guesses, [guessKey(cell.from, cell.to)]: guesses[guessKey(cell.from, cell.to)] ?? message.allowed } } };
      }), []];
    case 'matrix-toggled':
      return [onDesk(state, (desk) => ({ ...desk, policy: { ...desk.policy, matrix: !desk.policy.matrix } })), []];
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
  return toParting(desk);
}

/** Of the chosen request, or of the first that was broken when nothing changed for the chosen one. Before a repair nothing parts: the hop where it broke. */
function toParting(desk: Desk): Desk {
  const parts = (index: number): number | null => {
    const [was, is] = [desk.brokenRows[index]?.trace, desk.rows[index]?.trace];
    return was == null || is == null ? null : partingHop(was.shown, is.shown);
  };
  const broken = desk.brokenRows.findIndex((row, index) => row.holds === false && parts(index) !== null);
  const index = parts(desk.chosen) === null && broken >= 0 ? broken : desk.chosen;
  const chosen = focusOn(index === desk.chosen ? withRoad(desk, { walk: shownWalk(desk.rows[index] ?? null) }) : chooseRow(desk, index), 'layers');
  const last = Math.max(hopCount(chosen) - 1, 0);
  return see(withRoad(chosen, { hop: Math.min(parts(index) ?? last, last), open: false, playing: false }));
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

/** What resolv.conf(5) has where nothing is said. */
const otherNdots = 1;

function askDns(state: State, other: OtherQuestion): State {
  if (state.desk === null) return tell(state, 'Open a lesson first.', 'bad');
  const asked = askOtherwise(state.desk, other);
  return typeof asked === 'string' ? tell(state, asked, 'bad') : { ...state, desk: focusOn(asked, 'dns') };
}

/** The row's request as a person would send it by hand. */
function runRow(state: State): [State, readonly Effect[]] {
  const { desk } = state;
  // As it is, not as it is shown: running it is what lifts the veil.
  const row = desk?.rows[desk.chosen];
  if (desk == null || row === undefined) return [state, []];
  const line = commandOf(row);
  if (line !== null) return giveLine(state, line);
  if (chosenRow(desk)?.veiled !== true) return [tell(state, row.trace === null && row.lookup === null ? 'Nothing is sent for this one: it is about the pods themselves.' : 'This one has no command: it does not start in a pod.'), []];
  return [tell(onDesk(state, (now) => seeRun(now, [now.chosen])), `${row.from} ${row.trace === null ? '' : `→ ${row.trace.request.to.text}: ${row.trace.verdict}`}`), []];
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

function showNetwork(state: State, part: NetworkPart): State {
  if (state.desk === null) return tell(state, 'Open a lesson first.', 'bad');
  const shown = showPart(focusOn(state.desk, 'network'), part);
  return { ...state, desk: state.options.plain ? { ...shown, report: { pane: 'network', count: (shown.report?.count ?? 0) + 1 } } : shown };
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

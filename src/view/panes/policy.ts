// The policies: who reaches whom, as a picture while it fits and as a matrix from rows to columns. The cursor stands on a cell, and the lines below say which policy and rule decides.
import { veiledPairs } from '../../app/veil.ts';
import { connectionOf, endName, endsOf, guessKey, isOutside, portsText, reachShown } from '../../app/policy-view.ts';
import type { Desk, State } from '../../app/state.ts';
import type { ReachConnection } from '../../sim/model/policy.ts';
import type { DrawnGraph } from '../char-graph.ts';
import type { Line, Role } from '../frame.ts';
import { policyGraph } from '../policy-graph.ts';
import { drawn } from '../pane.ts';
import type { ClickTarget, Pane } from '../pane.ts';
import { cutLine, cutWords, line, span, spread, wrapLine } from '../span.ts';
import { fitText, widthOf } from '../width.ts';
import { marksOf } from '../words.ts';
import type { Marks } from '../words.ts';

const spaceOf = (name: string): string => (isOutside(name) ? '' : name.slice(0, name.indexOf('/')));
const bareName = (name: string): string => (isOutside(name) ? endName(name) : name.slice(name.indexOf('/') + 1));

/** Names without their namespace where all share one. */
const shortNames = (names: readonly string[]): readonly string[] => (new Set(names.filter((name) => !isOutside(name)).map(spaceOf)).size === 1 ? names.map(bareName) : names.map((name) => (isOutside(name) ? endName(name) : name)));

interface Cell {
  readonly text: string;
  readonly role: Role;
}

/** `✓` every port, `✓ 8080` some, `✗` none, `?` what a prediction asks; `+` and `-` for what the change opened and closed. */
function cellOf(desk: Desk, from: string, to: string, room: number, marks: Marks, veiled: ReadonlySet<string>): Cell {
  if (from === to || (isOutside(from) && isOutside(to))) return { text: marks.dot, role: 'dim' };
  const guess = desk.policy.guesses?.[guessKey(from, to)];
  if (veiled.has(`${from} ${to}`) || (desk.policy.guesses !== null && guess === undefined)) return { text: '?', role: 'dim' };
  const now = connectionOf(reachShown(desk.policy), from, to);
  // A wrong guess keeps its mark: that is the cell to think about.
  if (guess !== undefined) return { text: `${now === null ? marks.bad : marks.good}${guess === (now !== null) ? '' : ' !'}`, role: guess === (now !== null) ? (now === null ? 'bad' : 'good') : 'warn' };
  const change = desk.policy.compare ? changeMark(connectionOf(desk.policy.before, from, to), now) : '';
  if (now === null) return { text: `${marks.bad}${change}`, role: change === '' ? 'bad' : 'warn' };
  const ports = now.ports === 'all' ? '' : ` ${portsText(now).replace(/\/TCP$/, '')}`;
  const text = `${marks.good}${change}${ports}`;
  return { text: widthOf(text) <= room ? text : `${marks.good}${change}${marks.dot}`, role: change === '' ? 'good' : 'warn' };
}

const changeMark = (was: ReachConnection | null, is: ReachConnection | null): string =>
  was === null && is !== null ? '+' : was !== null && is === null ? '-' : portsText(was) === portsText(is) ? '' : '±';

/** Which columns are in sight: around the cursor. */
function columnWindow(count: number, fits: number, cursor: number): { readonly from: number; readonly to: number } {
  const size = Math.min(Math.max(fits, 1), count);
  const from = Math.min(Math.max(cursor - Math.floor(size / 2), 0), count - size);
  return { from, to: from + size };
}

interface Matrix {
  readonly lines: readonly Line[];
  readonly targets: readonly ClickTarget[];
  readonly above: number;
  readonly below: number;
}

function matrix(state: State, desk: Desk, width: number, height: number): Matrix {
  const marks = marksOf(state.options);
  const names = endsOf(reachShown(desk.policy));
  const shorts = shortNames(names);
  const focused = desk.focus === 'policy';
  const veiled = veiledPairs(desk);
  const bare = names.map(bareName);
  const many = new Set(names.filter((name) => !isOutside(name)).map(spaceOf)).size > 1;
  const left = Math.min(Math.max(...shorts.map(widthOf), 9), Math.max(Math.floor(width / 3), 12)) + 1;
  const cell = Math.min(Math.max(...bare.map(widthOf), 6), 11) + 1;
  const columns = columnWindow(names.length, Math.floor((width - left - 1) / cell), desk.policy.column);
  const rows = columnWindow(names.length, Math.max(height - (many ? 2 : 1), 1), desk.policy.row);
  const head: Line = [span(fitText(`from ${marks.to} to`, left), 'dim'), ...bare.slice(columns.from, columns.to).map((name, index) => span(`${fitText(name, cell - 1)} `, columns.from + index === desk.policy.column && focused ? 'strong' : 'dim'))];
  const targets: ClickTarget[] = [];
  const lines = names.slice(rows.from, rows.to).map((from, rowIndex): Line => {
    const row = rows.from + rowIndex;
    const cells = names.slice(columns.from, columns.to).map((to, columnIndex) => {
      const column = columns.from + columnIndex;
      const { text, role } = cellOf(desk, from, to, cell - 1, marks, veiled);
      const at = left + columnIndex * cell;
      targets.push({ row: rowIndex + (many ? 2 : 1), rows: 1, from: at, to: at + cell, message: { kind: 'cell-moved', row, column } });
      const cursor = focused && row === desk.policy.row && column === desk.policy.column;
      return span(`${fitText(text, cell - 1)} `, cursor ? 'selected' : role);
    });
    return cutLine([span(fitText(shorts[row] ?? from, left), row === desk.policy.row && focused ? 'strong' : 'text'), ...cells], width);
  });
  // Over the names their namespaces, once for each group.
  const shown = names.slice(columns.from, columns.to).map(spaceOf);
  const spaces: Line = [span(' '.repeat(left)), ...shown.flatMap((name, index): Line => {
    if (index > 0 && shown[index - 1] === name) return [];
    const size = shown.slice(index).findIndex((other) => other !== name);
    const count = size < 0 ? shown.length - index : size;
    return [span(`${fitText(name, count * cell - 1)} `, 'dim')];
  })];
  return { lines: [...(many ? [cutLine(spaces, width)] : []), cutLine(head, width), ...lines], targets, above: rows.from, below: names.length - rows.to };
}

/** The cell under the cursor: allowed or not, and the rules that say so with the place where they are written; as many rows of the rules themselves as there is room for. */
function answerLines(state: State, desk: Desk, width: number, yamlRows: number): readonly Line[] {
  const { cell } = desk.policy;
  const marks = marksOf(state.options);
  if (cell === null) return [line('Arrows choose who asks (up, down) and whom (left, right): the policy that decides is said here.', 'dim')];
  if (veiledPairs(desk).has(`${cell.from} ${cell.to}`)) return wrapLine([span('? ', 'dim'), span(`${cell.from} ${marks.to} ${cell.to}`, 'strong'), span('  not run yet: predict first (1), or r runs it', 'dim')], width, '  ');
  const { guesses } = desk.policy;
  const guess = guesses?.[guessKey(cell.from, cell.to)];
  if (guesses !== null && guess === undefined) return wrapLine([span(`May ${endName(cell.from)} call ${endName(cell.to)}?   `, 'strong'), span('y', 'key'), span(' yes   '), span('n', 'key'), span(' no')], width, '  ');
  const said: Line = guess === undefined ? [] : [span(`   you said ${guess ? 'yes' : 'no'}${guess === cell.allowed ? '' : ': a surprise'}`, guess === cell.allowed ? 'good' : 'warn')];
  const head: Line = [span(cell.allowed ? `${marks.good} ` : `${marks.bad} `, cell.allowed ? 'good' : 'bad'), span(`${endName(cell.from)} ${marks.to} ${endName(cell.to)}`, 'strong'), span(cell.allowed ? `  ${cell.ports}` : '  nothing may be sent', cell.allowed ? 'text' : 'bad'), ...said];
  const says = cell.says.flatMap((one): readonly Line[] => [
    [span('  '), span(one.text), span(one.written === null ? '' : `  ${one.written.slice(one.written.lastIndexOf('/') + 1)}`, 'object')],
    ...one.yaml.slice(0, Math.max(Math.floor(yamlRows / cell.says.length), 0)).map((row): Line => [cutLine([span(`  ${marks.point === '▸' ? '│' : '|'} `, 'border'), span(row, 'code')], width)].flat()),
  ]);
  const outer = isOutside(cell.from) || isOutside(cell.to);
  const silent: readonly Line[] = cell.says.length > 0 ? [] : outer ? [[span(cell.allowed ? '  Policies let it pass; whether there is a way between outside and the pod is another question (Service, 7).' : '  The policies of the pod let no address outside the cluster through.', 'dim')]] : [[span(cell.allowed ? '  No policy has a say here: everything is accepted.' : '  No running pod at one of the ends.', 'dim')]];
  return [head, ...says, ...silent].flatMap((row) => wrapLine(row, width, '  '));
}

/** `3 guessed, 2 right`. */
function guessScore(desk: Desk): Line {
  const reach = reachShown(desk.policy);
  const all = Object.entries(desk.policy.guesses ?? {});
  const right = all.filter(([key, allowed]) => {
    const [from = '', to = ''] = key.split(' ');
    return allowed === (connectionOf(reach, from, to) !== null);
  }).length;
  return [span(`${all.length} guessed, ${right} right  `, 'strong'), span('g', 'key'), span(' ends it ', 'dim')];
}

/** The picture as the pane's lines; a click on a box chooses it as the target. */
function pictured(desk: Desk, picture: DrawnGraph, names: readonly string[]): Matrix {
  const targets = picture.nodes.flatMap(({ id, row, from, to }): ClickTarget[] => (names.includes(id) ? [{ row, rows: 1, from, to, message: { kind: 'cell-moved', row: desk.policy.row, column: names.indexOf(id) } }] : []));
  return { lines: picture.lines, targets, above: 0, below: 0 };
}

export const policyPane: Pane = {
  name: 'policy',
  title: 'Policy',
  number: 6,
  draw: (state, desk, { width, height }) => {
    const { policy } = desk;
    const marks = marksOf(state.options);
    const reach = reachShown(policy);
    if (reach === null) return drawn([line('Not worked out yet.', 'dim')]);
    if (reach.workloads.length === 0) return drawn([line('There are no workloads in this cluster.', 'dim')]);
    const changed = desk.session.lab.store !== desk.broken.store;
    const { policy: facts } = desk.session.lab.network;
    const unenforced = policy.show === 'with' && facts.objects.length > 0 && facts.enforced.length === 0;
    const bar = spread(
      [span(policy.show === 'with' ? 'with policies' : 'without policies', policy.show === 'with' ? 'strong' : 'warn'), ...(unenforced ? [span(', which nobody enforces', 'warn')] : []), span('  p', 'key'), span(' toggles', 'dim')],
      policy.guesses !== null ? guessScore(desk) : changed ? [span(policy.compare ? 'what my change did  ' : 'as it is  ', policy.compare ? 'warn' : 'dim'), span('c', 'key'), span(' compares ', 'dim')] : [span('nothing changed yet ', 'dim')], width);
    const usual = Math.max(Math.floor(height / 2) - 1, 2);
    const said = answerLines(state, desk, width, 0).slice(0, usual);
    const roomFor = (lines: readonly Line[]): number => Math.max(height - lines.length - 2, 2);
    const told = answerLines(state, desk, width, usual - said.length).slice(0, usual);
    const picture = policy.matrix || policy.guesses !== null || veiledPairs(desk).size > 0 ? null : policyGraph(desk, { width, height: roomFor(told) }, marks);
    // The matrix comes first: the rows of the rule take what it leaves.
    const answer = picture !== null ? told : answerLines(state, desk, width, height - said.length - endsOf(reach).length - 5).slice(0, Math.max(said.length, height - endsOf(reach).length - 5));
    const room = roomFor(answer);
    const legend: readonly Line[] = picture === null || picture.lines.length + 1 > room ? [] : [cutWords([span(`${marks.to} may call, with the port   ${marks.bad} a call that is kept out   (open) everybody may call it`, 'dim')], width)];
    const drawing = picture === null ? matrix(state, desk, width, room) : pictured(desk, { ...picture, lines: [...picture.lines, ...legend] }, reach.workloads.map(({ name }) => name));
    return drawn([bar, ...drawing.lines, [], ...answer].slice(0, height), {
      targets: drawing.targets.map((target) => ({ ...target, row: target.row + 1 })),
      scroll: drawing.above === 0 && drawing.below === 0 ? null : { above: drawing.above, below: drawing.below },
    });
  },
};

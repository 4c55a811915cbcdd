// The policies: who reaches whom as a matrix, from rows to columns. The cursor stands on a cell, and the lines below say which policy and rule decides.
import { connectionOf, portsText, reachShown } from '../../app/policy-view.ts';
import type { Desk, State } from '../../app/state.ts';
import type { ReachConnection } from '../../sim/model/policy.ts';
import type { Line, Role } from '../frame.ts';
import { drawn } from '../pane.ts';
import type { ClickTarget, Pane } from '../pane.ts';
import { cutLine, line, span, spread, wrapLine } from '../span.ts';
import { fitText, widthOf } from '../width.ts';
import { marksOf } from '../words.ts';
import type { Marks } from '../words.ts';

const spaceOf = (name: string): string => name.slice(0, name.indexOf('/'));
const bareName = (name: string): string => name.slice(name.indexOf('/') + 1);

/** Names without their namespace where all share one. */
const shortNames = (names: readonly string[]): readonly string[] => (new Set(names.map(spaceOf)).size === 1 ? names.map(bareName) : names);

interface Cell {
  readonly text: string;
  readonly role: Role;
}

/** `✓` every port, `✓ 8080` some, `✗` none; `+` and `-` for what the change opened and closed. */
function cellOf(desk: Desk, from: string, to: string, room: number, marks: Marks): Cell {
  if (from === to) return { text: marks.dot, role: 'dim' };
  const now = connectionOf(reachShown(desk.policy), from, to);
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

function matrix(state: State, desk: Desk, width: number, height: number): { readonly lines: readonly Line[]; readonly targets: readonly ClickTarget[]; readonly above: number; readonly below: number } {
  const marks = marksOf(state.options);
  const names = (reachShown(desk.policy)?.workloads ?? []).map(({ name }) => name);
  const shorts = shortNames(names);
  const focused = desk.focus === 'policy';
  const bare = names.map(bareName);
  const many = shorts !== names ? false : new Set(names.map(spaceOf)).size > 1;
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
      const { text, role } = cellOf(desk, from, to, cell - 1, marks);
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

/** The cell under the cursor: allowed or not, and the rules that say so with the place where they are written. */
function answerLines(state: State, desk: Desk, width: number): readonly Line[] {
  const { cell } = desk.policy;
  const marks = marksOf(state.options);
  if (cell === null) return [line('Arrows walk the cells; a cell says which policy decides.', 'dim')];
  const head: Line = [span(cell.allowed ? `${marks.good} ` : `${marks.bad} `, cell.allowed ? 'good' : 'bad'), span(`${cell.from} ${marks.to} ${cell.to}`, 'strong'), span(cell.allowed ? `  ${cell.ports}` : '  nothing may be sent', cell.allowed ? 'text' : 'bad')];
  const says = cell.says.map((one): Line => [span('  '), span(one.text), span(one.written === null ? '' : `  ${one.written.slice(one.written.lastIndexOf('/') + 1)}`, 'object')]);
  const silent: readonly Line[] = cell.says.length > 0 ? [] : [[span(cell.allowed ? '  No policy has a say here: everything is accepted.' : '  No running pod at one of the ends.', 'dim')]];
  return [head, ...says, ...silent].flatMap((row) => wrapLine(row, width, '  '));
}

export const policyPane: Pane = {
  name: 'policy',
  title: 'Policy',
  number: 6,
  draw: (state, desk, { width, height }) => {
    const { policy } = desk;
    const reach = reachShown(policy);
    if (reach === null) return drawn([line('Not worked out yet.', 'dim')]);
    if (reach.workloads.length === 0) return drawn([line('There are no workloads in this cluster.', 'dim')]);
    const changed = desk.session.lab.store !== desk.broken.store;
    const { policy: facts } = desk.session.lab.network;
    const unenforced = policy.show === 'with' && facts.objects.length > 0 && facts.enforced.length === 0;
    const bar = spread(
      [span(policy.show === 'with' ? 'with policies' : 'without policies', policy.show === 'with' ? 'strong' : 'warn'), ...(unenforced ? [span(', which nobody enforces', 'warn')] : []), span('  p', 'key'), span(' toggles', 'dim')],
      changed ? [span(policy.compare ? 'what my change did  ' : 'as it is  ', policy.compare ? 'warn' : 'dim'), span('c', 'key'), span(' compares ', 'dim')] : [span('nothing changed yet ', 'dim')], width);
    const answer = answerLines(state, desk, width).slice(0, Math.max(Math.floor(height / 2) - 1, 2));
    const drawing = matrix(state, desk, width, Math.max(height - answer.length - 2, 2));
    return drawn([bar, ...drawing.lines, [], ...answer].slice(0, height), {
      targets: drawing.targets.map((target) => ({ ...target, row: target.row + 1 })),
      scroll: drawing.above === 0 && drawing.below === 0 ? null : { above: drawing.above, below: drawing.below },
    });
  },
};

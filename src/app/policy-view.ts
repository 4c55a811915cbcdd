// The policy pane's matrix: who reaches whom with and without policies, before and after the change, and which rule decides a cell.
import { parseSource, reach, send } from '../sim/lab.ts';
import type { Lab } from '../sim/lab.ts';
import { byText } from '../sim/base/order.ts';
import { hostText, parseAddress } from '../sim/base/address.ts';
import { serialize } from '../sim/cluster/serialize.ts';
import { find } from '../sim/cluster/store.ts';
import { layPlane } from '../sim/dataplane/plane.ts';
import { refText } from '../sim/model/object.ts';
import type { ObjectRef } from '../sim/model/object.ts';
import { judge } from '../sim/policy/judge.ts';
import { stepsOf, valueAt } from '../lesson/field-paths.ts';
import type { NetworkPod } from '../sim/model/network.ts';
import type { Reach, ReachConnection } from '../sim/model/policy.ts';
import type { Trace } from '../sim/model/trace.ts';
import type { CellAnswer, Desk, PolicyView } from './state.ts';

/** The same network with nobody's policies. */
function withoutPolicies(lab: Lab): Lab {
  const network = { ...lab.network, policy: { ...lab.network.policy, objects: [] } };
  return { ...lab, network, plane: layPlane(network) };
}

/** Worked out when the pane is looked at and the cluster is another. */
export function refreshPolicy(desk: Desk): Desk {
  if (desk.policy.now !== null) return desk;
  const { lab } = desk.session;
  const now = reach(lab);
  const before = lab.store === desk.broken.store ? now : (desk.policy.before ?? reach(desk.broken));
  const policy: PolicyView = { ...desk.policy, now, before, without: desk.policy.show === 'without' ? reach(withoutPolicies(lab)) : null };
  return moveCell({ ...desk, policy }, policy.row, policy.column);
}

/** What is drawn: with policies or without. */
export const reachShown = (policy: PolicyView): Reach | null => (policy.show === 'without' ? (policy.without ?? policy.now) : policy.now);

export const connectionOf = (reach: Reach | null, from: string, to: string): ReachConnection | null =>
  reach?.connections.find((one) => one.from === from && one.to === to) ?? null;

export function togglePolicies(desk: Desk): Desk {
  const show = desk.policy.show === 'with' ? 'without' : 'with';
  const without = show === 'without' ? (desk.policy.without ?? reach(withoutPolicies(desk.session.lab))) : desk.policy.without;
  return moveCell({ ...desk, policy: { ...desk.policy, show, without } }, desk.policy.row, desk.policy.column);
}

export const toggleCompare = (desk: Desk): Desk => ({ ...desk, policy: { ...desk.policy, compare: !desk.policy.compare } });

/** How a guess is kept: the first one counts. */
export const guessKey = (from: string, to: string): string => `${from} ${to}`;

/** The names that the matrix has rows and columns for: the workloads, then the addresses outside that a rule tells apart. */
export function endsOf(reach: Reach | null): readonly string[] {
  if (reach === null) return [];
  const blocks = new Set(reach.connections.flatMap((one) => [...(one.fromKind === 'IPBlock' ? [one.from] : []), ...(one.toKind === 'IPBlock' ? [one.to] : [])]));
  return [...reach.workloads.map(({ name }) => name), ...[...blocks].sort(byText).slice(0, mostBlocks)];
}

const mostBlocks = 6;

/** An end that is no workload, and how it is called. */
export const isOutside = (name: string): boolean => !name.includes('/') || /^[0-9a-f.:]+[/-]/i.test(name);
export const endName = (name: string): string => (name === '0.0.0.0-255.255.255.255' || name === '0.0.0.0/0' ? 'outside' : name);

/** The cursor on a cell, and the answer of that cell. Cells of a workload to itself say nothing. */
export function moveCell(desk: Desk, row: number, column: number): Desk {
  const names = endsOf(reachShown(desk.policy));
  const last = Math.max(names.length - 1, 0);
  const at = { row: Math.min(Math.max(row, 0), last), column: Math.min(Math.max(column, 0), last) };
  const from = names[at.row];
  const to = names[at.column];
  return { ...desk, policy: { ...desk.policy, ...at, cell: from === undefined || to === undefined || from === to ? null : cellAnswer(desk, from, to) } };
}

/** The place of a cell by its workloads' names, or why there is none. */
export function cellNamed(desk: Desk, from: string, to: string): { readonly row: number; readonly column: number } | string {
  const names = endsOf(reachShown(desk.policy));
  const find = (text: string): number => {
    const exact = names.indexOf(text);
    return text === 'outside' ? names.findIndex(isOutside) : exact >= 0 ? exact : names.findIndex((name) => name.endsWith(`/${text}`));
  };
  const [row, column] = [find(from), find(to)];
  if (row < 0 || column < 0) return `There is no workload ${row < 0 ? from : to}: ${names.join(', ')}.`;
  return { row, column };
}

export function portsText(connection: ReachConnection | null): string {
  if (connection === null) return 'nothing';
  if (connection.ports === 'all') return 'all ports';
  const parts: string[] = [];
  for (const protocol of ['TCP', 'UDP', 'SCTP'] as const) {
    const ranges = connection.ports[protocol] ?? [];
    if (ranges.length === 0) continue;
    const whole = ranges.length === 1 && ranges[0]?.[0] === 1 && ranges[0][1] === 65535;
    parts.push(whole ? `all ${protocol}` : `${ranges.map(([low, high]) => (low === high ? `${low}` : `${low}-${high}`)).join(',')}/${protocol}`);
  }
  return parts.length === 0 ? 'nothing' : parts.join(' ');
}

/** A port on which the pod listens, so that the answer is about a connection that somebody would make. */
function somePort(pod: NetworkPod, allowed: ReachConnection | null): { readonly port: number; readonly scheme: 'tcp' | 'udp' } {
  const socket = pod.sockets.find(({ protocol }) => protocol === 'TCP') ?? pod.sockets[0];
  if (socket !== undefined) return { port: socket.port, scheme: socket.protocol === 'UDP' ? 'udp' : 'tcp' };
  const range = allowed !== null && allowed.ports !== 'all' ? allowed.ports.TCP?.[0] : undefined;
  return { port: range?.[0] ?? 80, scheme: 'tcp' };
}

function cellAnswer(desk: Desk, from: string, to: string): CellAnswer {
  const lab = desk.policy.show === 'without' ? withoutPolicies(desk.session.lab) : desk.session.lab;
  const connection = connectionOf(reachShown(desk.policy), from, to);
  const bare = { from, to, allowed: connection !== null, ports: portsText(connection) };
  if (isOutside(from) || isOutside(to)) return { ...bare, says: outsideSentences(lab, bare, connection) };
  const target = firstPod(lab, to);
  const source = parseSource(from, lab.network);
  if (target === undefined || !source.ok) return { ...bare, says: [] };
  const ip = target.addresses[0];
  if (ip === undefined) return { ...bare, says: [] };
  const { port, scheme } = somePort(target, connection);
  const text = `${scheme}://${hostText(ip)}:${port}`;
  const trace = send(lab, { from: source.value, to: { scheme, protocol: scheme === 'tcp' ? 'TCP' : 'UDP', host: ip, port, path: '', text } });
  return { ...bare, says: policySentences(lab, trace) };
}

/** An address of a block that a rule tells apart; of everywhere else, the usual client outside. */
const addressOf = (lab: Lab, block: string): string => {
  const first = /^[^-/]+/.exec(block)?.[0] ?? '';
  return parseAddress(first) === undefined || /^0\.0\.0\.0|^::/.test(first) ? lab.network.outside.client : first;
};

/** What the policies of the pod's end say of an address outside: there is no other end. */
function outsideSentences(lab: Lab, { from, to }: { readonly from: string; readonly to: string }, connection: ReachConnection | null): CellAnswer['says'] {
  const direction = isOutside(from) ? 'ingress' as const : 'egress' as const;
  const subject = firstPod(lab, direction === 'ingress' ? to : from);
  if (subject === undefined || (isOutside(from) && isOutside(to))) return [];
  const ip = addressOf(lab, direction === 'ingress' ? from : to);
  const allowed = connection === null || connection.ports === 'all' ? undefined : connection.ports.TCP?.[0]?.[0];
  const port = allowed ?? (direction === 'ingress' ? somePort(subject, connection).port : 443);
  const verdict = judge(lab.plane.policies, { direction, subject, peer: { pod: null, ip }, protocol: 'TCP', port });
  const rule = verdict.nearest ?? verdict.decidedBy[0] ?? verdict.isolatedBy[0] ?? verdict.unenforced?.by[0];
  return rule === undefined ? [] : [said(lab, verdict.says, rule.policy, rule.field)];
}

function firstPod(lab: Lab, workload: string): NetworkPod | undefined {
  const [namespace = '', name = ''] = workload.split('/');
  const owner = lab.network.workloads.find(({ ref }) => ref.namespace === namespace && ref.name === name);
  const wanted = owner?.pods ?? [name];
  return lab.network.pods.find((pod) => pod.namespace === namespace && pod.running && wanted.some((one) => one === pod.name || one === `${namespace}/${pod.name}`));
}

/** What the policies said on the way of a packet, one sentence a direction, with the place where each stands. */
export function policySentences(lab: Lab, trace: Trace): CellAnswer['says'] {
  return trace.shown.hops
    .filter((hop) => hop.stage === 'egress-policy' || hop.stage === 'ingress-policy')
    .map((hop) => said(lab, hop.says, hop.object, hop.field));
}

const said = (lab: Lab, text: string, ref: ObjectRef, field: string | null): CellAnswer['says'][number] =>
  ({ text, object: refText(ref), field, written: writtenAt(lab, ref, field), yaml: yamlAt(lab, ref, field) });

const mostRows = 12;

/** The field that decided as it stands in the object: its name, and its rows below it. */
function yamlAt(lab: Lab, ref: ObjectRef, field: string | null): readonly string[] {
  const object = find(lab.store, ref)?.object;
  if (object === undefined) return [];
  const wanted = field ?? 'spec';
  const steps = stepsOf(wanted, object);
  // What is not there (an `ingress` that a repair would write) shows what stands around it.
  while (steps.length > 0 && valueAt(object, steps) === undefined) steps.pop();
  const value = valueAt(object, steps);
  const last = steps[steps.length - 1];
  if (value === undefined || last === undefined) return [];
  return serialize(typeof last === 'number' ? [value] : { [last]: value }, 'yaml').trimEnd().split('\n').slice(0, mostRows);
}

/** `FILE:LINE` of a field, or of the nearest field around it. */
export function writtenAt(lab: Lab, ref: Trace['shown']['hops'][number]['object'], field: string | null): string | null {
  const origin = find(lab.store, ref)?.origin;
  if (origin === null || origin === undefined) return null;
  let path = field ?? '';
  for (;;) {
    const position = origin.positions[path];
    if (position !== undefined) return `${origin.file}:${position[0]}`;
    if (path === '') return origin.file;
    path = path.replace(/(\.[^.[\]]*|\[[^\]]*\]|^[^.[\]]+)$/, '');
  }
}

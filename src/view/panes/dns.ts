// The name: from the app's call over resolv.conf and every question of the search list to the answer, the translation and the delivery.
import { lookupOf } from '../../app/possible.ts';
import type { Desk, State } from '../../app/state.ts';
import type { AskedQuery, Lookup } from '../../sim/model/lookup.ts';
import type { Trace } from '../../sim/model/trace.ts';
import type { Line, Span } from '../frame.ts';
import { notRunLines } from '../not-run.ts';
import { drawn, rowTarget, topFor, windowOf } from '../pane.ts';
import type { ClickTarget, Pane } from '../pane.ts';
import { cutLine, line, span, wrapLine } from '../span.ts';
import { fitText } from '../width.ts';
import { marksOf, verdictSpan } from '../words.ts';
import type { Marks } from '../words.ts';
import { chosenRow } from '../../app/veil.ts';

/** The questions of one name, side by side: A and AAAA go out together. */
export interface QueryGroup {
  readonly name: string;
  readonly first: number;
  readonly queries: readonly AskedQuery[];
}

export function queryGroups(lookup: Lookup): readonly QueryGroup[] {
  const groups: { name: string; first: number; queries: AskedQuery[] }[] = [];
  lookup.queries.forEach((query, index) => {
    const last = groups[groups.length - 1];
    if (last !== undefined && last.name === query.name && !last.queries.some(({ type, server }) => type === query.type && server === query.server)) last.queries.push(query);
    else groups.push({ name: query.name, first: index, queries: [query] });
  });
  return groups;
}

const head = (name: string): Span => span(` ${name.padEnd(9)}`, 'accent');

/** `option ndots` of a resolv.conf; 1 where it says nothing (resolv.conf(5)). */
const ndotsOf = (resolvConf: string): number => Number(/\bndots:(\d+)/.exec(resolvConf)?.[1] ?? 1);

const countWord = (count: number, word: string): string => `${count === 0 ? 'no' : count === 1 ? 'one' : count} ${word}${count === 1 ? '' : 's'}`;

/** Why the search list is walked first, last or not at all. */
function searchReason(lookup: Lookup): string {
  if (lookup.without === 'literal') return 'an address: nobody is asked';
  if (lookup.without === 'hosts') return 'the hosts file knows it: nobody is asked';
  if (lookup.without === 'outside') return 'asked in the public DNS';
  if (lookup.resolvConf === null) return 'asked as it stands, without a search list';
  if (lookup.name.endsWith('.')) return 'a dot at the end: asked as it stands';
  const dots = lookup.name.split('.').length - 1;
  const ndots = ndotsOf(lookup.resolvConf);
  return dots < ndots ? `${countWord(dots, 'dot')}, fewer than ndots:${ndots}: the search list goes first` : `${countWord(dots, 'dot')}, not fewer than ndots:${ndots}: asked as it stands first`;
}

function resolvLines(resolvConf: string, width: number): Line[] {
  const value = (key: string): string => resolvConf.split('\n').filter((row) => row.startsWith(`${key} `)).map((row) => row.slice(key.length + 1).trim()).join(' ');
  return wrapLine([head('resolv'), span('nameserver ', 'dim'), span(value('nameserver')), span('   search ', 'dim'), span(value('search') || '(none)')], width, ' '.repeat(10));
}

function groupLine(group: QueryGroup, index: number, current: boolean, focused: boolean, width: number, marks: Marks): Line {
  const best = group.queries.find(({ answers }) => answers.length > 0) ?? group.queries[0];
  const types = group.queries.map(({ type }) => type).join(' ');
  const rcodes = [...new Set(group.queries.map(({ rcode }) => rcode))].join(' ');
  const found = best?.answers.filter(({ type }) => type !== 'CNAME').map(({ data }) => data) ?? [];
  const bad = best === undefined || (best.rcode !== 'NOERROR' && best.rcode !== 'NXDOMAIN');
  const what = found.length > 0 ? `${marks.to} ${found.join(', ')}` : best?.rcode === 'NOERROR' ? '(no address)' : best?.rcode === 'DROP' ? 'no answer' : best?.rcode === 'UNREACHABLE' ? 'port closed' : '';
  const name = fitText(group.name, Math.min(Math.max(width - 40, 20), 48));
  return cutLine([
    span(current && focused ? marks.point : ' ', 'accent'), span(`${String(index + 1).padStart(2)}  `, 'dim'), span(name, current ? 'strong' : 'text'), span(` ${fitText(types, 7)} `, 'dim'),
    span(fitText(rcodes, 9), found.length > 0 ? 'good' : bad ? 'bad' : 'warn'), span(` ${what}`, found.length > 0 ? 'strong' : 'dim'),
  ], width);
}

/** What CoreDNS saw, and by which way it was reached. */
function serverLine(lookup: Lookup, groups: readonly QueryGroup[], marks: Marks): Line[] {
  const [query] = lookup.queries;
  if (query === undefined) return [];
  const nat = query.walk?.hops.find((hop) => hop.action === 'dnat');
  const to = nat === undefined ? '' : ` ${marks.to} ${nat.after.destination.ip}:${nat.after.destination.port ?? ''}`;
  const cost = `${groups.length === 1 ? 'one name' : `${groups.length} names`} asked, ${lookup.queries.length} ${lookup.queries.length === 1 ? 'query' : 'queries'}, ${milliseconds(lookup.elapsed)}`;
  return [[head('coredns'), span(`${query.server}${to}`), span(`   ${cost}`, 'dim')]];
}

const milliseconds = (seconds: number): string => (seconds >= 1 ? `${seconds} s` : `${Math.round(seconds * 1000)} ms`);

/** The way after the name: translation and delivery. */
function wayLines(trace: Trace, walkIndex: number, width: number, marks: Marks): Line[] {
  const walk = trace.walks[walkIndex] ?? trace.shown;
  const nat = walk.hops.find((hop) => hop.stage === 'kube-proxy');
  const end = (packet: { readonly ip: string; readonly port: number | null }): string => `${packet.ip}${packet.port === null ? '' : `:${packet.port}`}`;
  const lines: Line[] = [];
  if (nat !== undefined) {
    const many = trace.walks.filter((one) => one.backend !== null).length;
    const says = nat.action === 'dnat' ? `${end(nat.packet.destination)} ${marks.to} ${end(nat.after.destination)}` : nat.says;
    lines.push([head('proxy'), span(says), span(nat.action === 'dnat' ? `   1 of ${many} ${many === 1 ? 'endpoint' : 'endpoints'}` : '', 'dim')]);
  }
  const routes = walk.hops.filter((hop) => hop.stage === 'route' || hop.stage === 'egress-policy' || hop.stage === 'ingress-policy');
  const decisive = routes.find((hop) => hop.action === 'drop' || hop.action === 'lose' || hop.action === 'reject') ?? routes.find((hop) => hop.stage === 'route');
  if (decisive !== undefined) lines.push([head('cni'), span(decisive.says)]);
  return [...lines, [head('end'), verdictSpan(walk.verdict, marks), span(`  ${walk.why}`, 'dim')]].flatMap((row) => wrapLine(row, width, ' '.repeat(10)));
}

function queryDetail(query: AskedQuery, width: number): Line[] {
  const lost = query.walk !== null && query.walk.verdict !== 'delivered' ? [span(`  ${query.walk.why}`, 'bad')] : [];
  const records = query.answers.map((record): Line => [span('    '), span(`${record.name} ${record.ttl} IN ${record.type} ${record.data}`, 'code')]);
  return [[span(`    ${query.type} `, 'strong'), span(`from ${query.server} over ${query.proto}, at ${milliseconds(query.at)}: `, 'dim'), span(query.rcode), ...lost], ...records].flatMap((row) => wrapLine(row, width, '      '));
}

function dnsLines(state: State, desk: Desk, lookup: Lookup, trace: Trace | null, width: number): { readonly lines: readonly Line[]; readonly rows: readonly number[]; readonly current: number } {
  const marks = marksOf(state.options);
  const groups = queryGroups(lookup);
  const call = trace === null ? `looks up ${lookup.name}` : `calls ${trace.request.to.text}`;
  const lines: Line[] = [...wrapLine([head('app'), span(call, 'strong'), span(`   ${searchReason(lookup)}`, 'dim')], width, ' '.repeat(10))];
  if (lookup.resolvConf !== null) lines.push(...resolvLines(lookup.resolvConf, width));
  const rows: number[] = [];
  let current = 0;
  groups.forEach((group, index) => {
    const here = desk.road.query >= group.first && desk.road.query < group.first + group.queries.length;
    if (here) current = lines.length;
    rows.push(lines.length);
    lines.push(groupLine(group, index, here, desk.focus === 'dns', width, marks));
  });
  lines.push(...serverLine(lookup, groups, marks).flatMap((row) => wrapLine(row, width, ' '.repeat(10))));
  const answer = lookup.addresses.length > 0 ? [span(lookup.addresses.join(' '), 'good')] : [span(lookup.error ?? lookup.rcode ?? 'no address', 'bad')];
  lines.push(...wrapLine([head('answer'), ...answer], width, ' '.repeat(10)));
  if (trace !== null) lines.push(...wayLines(trace, desk.road.walk, width, marks));
  if (desk.ndots !== null) lines.push(...ndotsLines(lookup, desk.ndots.lookup, desk.ndots.value, width, marks));
  const query = lookup.queries[desk.road.query];
  if (query !== undefined && desk.focus === 'dns') lines.push([], line(' this question', 'heading'), ...queryDetail(query, width));
  return { lines, rows, current };
}

/** What another ndots would ask, beside what was asked. */
function ndotsLines(now: Lookup, other: Lookup, value: number, width: number, marks: Marks): Line[] {
  const names = [...new Set(other.queries.map(({ name }) => name))];
  const count = (lookup: Lookup): string => `${lookup.queries.length} ${lookup.queries.length === 1 ? 'query' : 'queries'}`;
  const same = other.addresses.join(' ') === now.addresses.join(' ');
  const answer = same ? 'the same answer' : other.addresses.length > 0 ? `another answer: ${other.addresses.join(' ')}` : `no answer: ${other.error ?? other.rcode ?? ''}`;
  return wrapLine([head(`ndots:${value}`), span(`${count(other)} instead of ${now.queries.length}, ${answer}`, same ? 'strong' : 'warn'), span(`   ${names.join(`  ${marks.to} `)}`, 'dim')], width, ' '.repeat(10));
}

export const dnsPane: Pane = {
  name: 'dns',
  title: 'DNS',
  number: 4,
  draw: (state, desk, { width, height }) => {
    const row = chosenRow(desk);
    if (row === null) return drawn([line('No name yet. Ask one: :from shop/web to http://api:8080/', 'dim')]);
    if (row.veiled) return drawn(notRunLines(desk, width));
    const lookup = lookupOf(desk);
    if (lookup === null && row.trace === null) return drawn([...wrapLine([span(row.say, 'strong')], width), ...wrapLine([span('No name is asked for this one: it is about the pods themselves.', 'dim')], width)].slice(0, height));
    if (lookup === null) {
      const target = row.trace?.request.to.text ?? row.say;
      const lines = [...wrapLine([span(`${target} is an address: no name is asked.`, 'dim')], width), ...(row.trace === null ? [] : wayLines(row.trace, desk.road.walk, width, marksOf(state.options)))];
      return drawn(windowOf(lines, 0, height).lines);
    }
    const { lines, rows, current } = dnsLines(state, desk, lookup, row.trace, width);
    const seen = windowOf(lines, desk.focus === 'dns' ? topFor(Math.max(current - 2, 0), current + 1, lines.length, height) : 0, height);
    const targets: ClickTarget[] = rows.flatMap((at) => (at < seen.top || at >= seen.top + height ? [] : [rowTarget(at - seen.top, 1, width, { kind: 'pane-chosen', pane: 'dns' })]));
    return drawn(seen.lines, { scroll: seen.scroll, targets, note: [span(`${row.from} asks for ${lookup.name}`), span(lookup.resolver === null ? '' : `  ${lookup.resolver}`, 'dim')] });
  },
};

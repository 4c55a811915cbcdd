// The network under the pods: nodes and their ranges, how packets travel between them, the state and routes of one node; the plugins side by side; what finding a Service costs.
import { networkParts } from '../../app/network-view.ts';
import { shownNode } from '../../app/service-view.ts';
import { chosenRow } from '../../app/veil.ts';
import type { Desk, NetworkPart, State } from '../../app/state.ts';
import type { NetworkNode, Route } from '../../sim/model/network.ts';
import type { Line } from '../frame.ts';
import { drawn, rowTarget, topFor, windowOf } from '../pane.ts';
import type { ClickTarget, Pane } from '../pane.ts';
import { cutLine, line, span, spread, wrapLine } from '../span.ts';
import { costLines } from './lookup-cost.ts';
import { nodeStateLines, troubleWords } from './node-state.ts';
import { pluginTable } from './plugin-table.ts';
import { fitText } from '../width.ts';
import { marksOf } from '../words.ts';
import type { Marks } from '../words.ts';

const head = (name: string): Line => [span(` ${name.padEnd(10)}`, 'accent')];
const indent = ' '.repeat(11);

function pluginLines(desk: Desk, width: number, plain: boolean): readonly Line[] {
  const { cni, proxy, podRanges, serviceRanges } = desk.session.lab.network;
  const { encapsulation } = cni;
  const between: Line = encapsulation === null
    ? [span('routed as they are', 'strong'), span(`: no tunnel, MTU ${cni.mtu}`, 'dim')]
    : [span(`${encapsulation.name} tunnel`, 'strong'), span(` by ${encapsulation.device}, ${encapsulation.protocol}${encapsulation.port === null ? '' : ` ${encapsulation.port}`}: ${encapsulation.overhead} bytes of each packet, MTU ${cni.mtu} is left`, 'dim')];
  return [
    [...head('plugin'), span(cni.plugin, 'strong'), span(`  ${cni.mode}   `, 'dim'), span(cni.enforces.length === 0 ? 'enforces no policies' : `enforces ${cni.enforces.join(', ')}`, cni.enforces.length === 0 ? 'warn' : 'text'), ...(plain ? [] : [span('   p', 'key'), span(' another', 'dim')])],
    [...head('packets'), ...between],
    [...head('ranges'), span('pods ', 'dim'), span(podRanges.join(' ')), span('   Services ', 'dim'), span(serviceRanges.join(' ')), span(`   kube-proxy ${proxy.mode}`, 'dim')],
  ].flatMap((row) => wrapLine(row, width, indent));
}

/** The nodes that the chosen request starts and ends on. */
function roadNodes(desk: Desk): { readonly from: string | null; readonly to: string | null } {
  const trace = chosenRow(desk)?.trace;
  const { pods } = desk.session.lab.network;
  const nodeOf = (name: string | null | undefined): string | null => pods.find((pod) => `${pod.namespace}/${pod.name}` === name)?.node ?? null;
  if (trace == null) return { from: null, to: null };
  const { from } = trace.request;
  return { from: from.kind === 'pod' ? nodeOf(`${from.namespace}/${from.name}`) : from.kind === 'node' ? from.name : null, to: nodeOf(trace.shown.backend?.pod) };
}

function nodeLine(desk: Desk, node: NetworkNode, shown: boolean, focused: boolean, width: number, marks: Marks): Line {
  const road = roadNodes(desk);
  const count = desk.session.lab.network.pods.filter((pod) => pod.node === node.name && !pod.hostNetwork).length;
  const trouble = troubleWords(node);
  const on = [...(road.from === node.name ? ['starts'] : []), ...(road.to === node.name ? ['ends'] : [])].join(' and ');
  return cutLine([
    span(shown ? ` ${marks.point} ` : '   ', 'accent'), span(fitText(node.name, 15), shown && focused ? 'selected' : 'strong'), span(` ${fitText(node.internal[0] ?? '', 15)} `),
    span(`pods ${fitText(node.podRanges.join(' ') || '(no range)', 16)} `, 'dim'), span(`${String(count).padStart(2)} ${count === 1 ? 'pod ' : 'pods'} `, 'number'),
    ...(trouble.length === 0 ? [] : [span(`${marks.bad} ${trouble.join(', ')}  `, 'bad')]), span(on === '' ? '' : `${on} here`, 'accent'),
  ], width);
}

const routeWords: Readonly<Record<Route['kind'], string>> = { local: 'its own pods', tunnel: 'through the tunnel', direct: 'straight to the node', link: "the nodes' own network", default: 'everything else' };

function routeLine(route: Route, width: number, tunnel: string): Line {
  const arrow = route.kind === 'tunnel' ? ` ══ ${tunnel} ══ ` : route.kind === 'local' ? ' ── ' : ' ─── ';
  return cutLine([
    span(`   ${fitText(route.to, 18)}`, 'strong'), span(`${fitText(route.device, 13)} `, 'object'), span(fitText(route.via === null ? '' : `via ${route.via}`, 17), 'dim'),
    span(route.node === null ? ` ${routeWords[route.kind]}` : `${arrow}${route.node}`, route.kind === 'tunnel' ? 'accent' : 'text'), span(route.node === null ? '' : `  ${routeWords[route.kind]}`, 'dim'),
  ], width);
}

/** The parts of the pane, the shown one bright. */
function partsLine(desk: Desk, width: number): Line {
  const words: Readonly<Record<NetworkPart, string>> = { nodes: 'nodes', plugins: 'plugins side by side', cost: 'cost of a Service' };
  const parts = networkParts.flatMap((part, index): Line => [span(index === 0 ? ' ' : '   '), span(words[part], part === desk.network.part ? 'strong' : 'dim')]);
  return spread(parts, [span('m', 'key'), span(' turns ', 'dim')], width);
}

interface NodeLines {
  readonly lines: readonly Line[];
  /** The row of each node. */
  readonly rows: readonly { readonly row: number; readonly name: string }[];
  readonly at: number;
}

function nodesPart(desk: Desk, width: number, marks: Marks, plain: boolean): NodeLines {
  const { network } = desk.session.lab;
  const shown = shownNode(desk);
  const lines: Line[] = [...pluginLines(desk, width, plain), []];
  const rows: { readonly row: number; readonly name: string }[] = [];
  for (const node of network.nodes) {
    rows.push({ row: lines.length, name: node.name });
    lines.push(nodeLine(desk, node, node === shown, desk.focus === 'network', width, marks));
  }
  if (shown !== null) {
    const devices = shown.interfaces.filter(({ kind }) => kind !== 'loopback' && kind !== 'veth');
    lines.push([], cutLine([span(` ${shown.name}`, 'heading'), span(`   ${devices.map(({ name, mtu }) => `${name} mtu ${mtu}`).join('  ')}`, 'dim')], width));
    lines.push(...nodeStateLines(network, shown, width, marks), ...routeLines(desk, shown, width));
  }
  return { lines, rows, at: rows.find(({ name }) => name === shown?.name)?.row ?? 0 };
}

function routeLines(desk: Desk, shown: NetworkNode, width: number): readonly Line[] {
  const { cni } = desk.session.lab.network;
  // One route for each pod tells nothing more than their number.
  const own = shown.routes.filter((route) => route.kind === 'local' && /\/(32|128)$/.test(route.to));
  const many = own.length > 2;
  const counted = [span(`   ${fitText(`${own.length} addresses`, 18)}`, 'strong'), span(`${fitText('one each', 13)} `, 'object'), span(fitText('', 17)), span(' its own pods, by a route to each', 'text')];
  return [[span('   routes', 'dim')], ...(many ? [cutLine(counted, width)] : []), ...shown.routes.filter((route) => !many || !own.includes(route)).map((route) => routeLine(route, width, cni.encapsulation?.name ?? ''))];
}

export const networkPane: Pane = {
  name: 'network',
  title: 'Network',
  number: 8,
  draw: (state: State, desk: Desk, { width, height }) => {
    const marks = marksOf(state.options);
    const parts = state.options.plain ? line('Also: :network nodes, :network plugins, :network cost', 'dim') : partsLine(desk, width);
    const room = Math.max(height - 1, 1);
    if (desk.network.part === 'plugins') {
      const seen = windowOf(pluginTable(desk, width, marks, state.options.plain), desk.top, room);
      return drawn([parts, ...seen.lines], { scroll: seen.scroll });
    }
    if (desk.network.part === 'cost') {
      const { lines, figure } = costLines(state, desk, { width, height: room }, marks);
      const seen = windowOf(lines, desk.top, room);
      return drawn([parts, ...seen.lines], { scroll: seen.scroll, figure: figure === null || seen.scroll !== null ? null : { ...figure, row: figure.row + 1 } });
    }
    const { lines, rows, at } = nodesPart(desk, width, marks, state.options.plain);
    const seen = windowOf(lines, desk.top > 0 ? desk.top : at < room - 2 ? 0 : topFor(at, at + 1, lines.length, room), room);
    // Below the nodes there is often room for the chart.
    const left = room - lines.length - 1;
    const cost = desk.top === 0 && seen.scroll === null ? costLines(state, desk, { width, height: left }, marks) : { lines: [], figure: null };
    const below = cost.figure === null ? [] : [[], ...cost.lines];
    const targets = rows.flatMap(({ row, name }): ClickTarget[] => (row < seen.top || row >= seen.top + room ? [] : [rowTarget(row - seen.top + 1, 1, width, { kind: 'node-chosen', name })]));
    return drawn([parts, ...seen.lines, ...below].slice(0, height), { scroll: seen.scroll, targets, figure: cost.figure === null ? null : { ...cost.figure, row: cost.figure.row + lines.length + 2 } });
  },
};

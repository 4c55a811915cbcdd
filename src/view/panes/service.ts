// The Service: from its doors over the list of endpoints to the pods, with the port at every arrow, and the field where the way breaks.
import { chosenRow } from '../../app/veil.ts';
import { serviceName, servicesOf, shownNode, shownService } from '../../app/service-view.ts';
import type { Desk, State } from '../../app/state.ts';
import { hostText } from '../../sim/base/address.ts';
import type { NetworkEndpoint, NetworkPod, NetworkService, NetworkServicePort } from '../../sim/model/network.ts';
import type { Walk } from '../../sim/model/trace.ts';
import type { Line } from '../frame.ts';
import { notRunLines } from '../not-run.ts';
import { drawn, windowOf } from '../pane.ts';
import type { Pane } from '../pane.ts';
import { line, span, spread, wrapLine } from '../span.ts';
import { marksOf } from '../words.ts';
import type { Marks } from '../words.ts';
import { proxyRules } from './proxy-rules.ts';

const head = (name: string): Line => [span(` ${name.padEnd(10)}`, 'accent')];
const indent = ' '.repeat(11);

/** Where the request of the chosen row broke, if it broke at this Service or behind it. */
function brokenAt(desk: Desk, service: NetworkService): Walk | null {
  const walk = chosenRow(desk)?.trace?.shown;
  if (walk === undefined || walk.verdict === 'delivered') return null;
  return walk.hops.some(({ object }) => object.kind === 'Service' && object.namespace === service.ref.namespace && object.name === service.ref.name) ? walk : null;
}

const isField = (walk: Walk | null, service: NetworkService, field: string): boolean =>
  walk?.object?.kind === 'Service' && walk.object.name === service.ref.name && walk.field !== null && walk.field.startsWith(field);

const broken = (marks: Marks): Line => [span(`   ${marks.bad} broken here`, 'bad')];

/** Every address at which the port can be asked for. */
function doorLines(desk: Desk, service: NetworkService, port: NetworkServicePort, width: number): readonly Line[] {
  const { nodes, domain } = desk.session.lab.network;
  const at = (ip: string, number: number): string => `${hostText(ip)}:${number}`;
  const doors: Line[] = [];
  for (const { ip, hostname } of service.balancer) doors.push([span(at(ip ?? hostname ?? '', port.port), 'strong'), span('  load balancer, from outside', 'dim')]);
  for (const ip of service.externalAddresses.filter((one) => !service.balancer.some((balancer) => balancer.ip === one))) doors.push([span(at(ip, port.port), 'strong'), span('  external address', 'dim')]);
  if (port.nodePort !== null) {
    const [first] = nodes.flatMap(({ internal }) => internal.slice(0, 1));
    doors.push([span(at(first ?? 'NODE', port.nodePort), 'strong'), span(`  and on ${nodes.length - 1} more ${nodes.length === 2 ? 'node' : 'nodes'}, from outside`, 'dim')]);
  }
  for (const ip of service.clusterAddresses) doors.push([span(at(ip, port.port), 'strong'), span('  in the cluster', 'dim')]);
  if (service.headless) doors.push([span('no address of its own', 'strong'), span(`  DNS gives the pods' addresses: ${service.ref.name}.${service.ref.namespace}.svc.${domain}`, 'dim')]);
  return doors.flatMap((door, index) => wrapLine([...(index === 0 ? head('doors') : [span(indent)]), ...door], width, indent));
}

const podOf = (desk: Desk, endpoint: NetworkEndpoint): NetworkPod | undefined =>
  endpoint.pod === null ? undefined : desk.session.lab.network.pods.find(({ namespace, name }) => namespace === endpoint.pod?.namespace && name === endpoint.pod.name);

/** What stands at the end of the arrow: ready or why not, and whether a process listens there. */
function endWords(desk: Desk, endpoint: NetworkEndpoint, port: NetworkServicePort, marks: Marks): Line {
  const pod = podOf(desk, endpoint);
  if (endpoint.terminating) return [span(`${marks.wait} ends`, 'warn')];
  if (!endpoint.ready) return [span(`${marks.bad} not ready`, 'bad'), span(pod?.unready === null || pod === undefined ? '' : `: ${pod.unready.says}`, 'dim')];
  if (pod === undefined) return [span(`${marks.dot} ready, no pod has this address`, 'warn')];
  const sockets = pod.sockets.filter((socket) => socket.port === endpoint.port && socket.protocol === port.protocol);
  if (sockets.length === 0) return [span(`${marks.bad} ready, but nobody listens on ${endpoint.port}`, 'bad')];
  const local = sockets.every(({ ip }) => ip === '::1' || ip.startsWith('127.'));
  return local ? [span(`${marks.bad} listens on localhost only`, 'bad')] : [span(`${marks.good} ready, ${sockets[0]?.container ?? ''} listens`, 'good')];
}

function portLines(desk: Desk, service: NetworkService, port: NetworkServicePort, walk: Walk | null, width: number, marks: Marks): readonly Line[] {
  const ready = port.endpoints.filter((one) => one.ready);
  const field = `spec.ports[${port.index}]`;
  const bent = isField(walk, service, field);
  const arrow: Line = [span(`${indent}│ `, bent ? 'bad' : 'border'), span('port ', 'dim'), span(`${port.port}/${port.protocol}`, 'number'), span(`${port.name === '' ? '' : ` (${port.name})`} ${marks.to} targetPort `, 'dim'), span(String(port.targetPort), 'number'), ...(bent ? broken(marks) : [])];
  const share = ready.length === 0 ? 'rejects: no endpoint is ready' : ready.length === 1 ? 'sends everything to the one that is ready' : `picks one of ${ready.length}, each with ${Math.round(100 / ready.length)}%`;
  const { mode } = desk.session.lab.network.proxy;
  const proxy: Line = [...head('proxy'), span(service.headless ? 'has nothing to do: the client connects to the pod' : share, ready.length === 0 && !service.headless ? 'bad' : 'text'), span(`   kube-proxy, ${mode}`, 'dim')];
  const rows = port.endpoints.map((endpoint, index): Line[] => {
    const last = index === port.endpoints.length - 1;
    const name = endpoint.pod === null ? '' : `${endpoint.pod.name}`;
    return wrapLine([span(`${indent}${last ? '└' : '├'}─`, 'border'), span(String(endpoint.port), 'number'), span(`─${marks.to === '→' ? '▶' : '>'} `, 'border'), span(hostText(endpoint.ip), 'strong'), span(`  ${name}`), span(endpoint.node === null ? '' : ` on ${endpoint.node}  `, 'dim'), ...endWords(desk, endpoint, port, marks)], width, `${indent}${last ? ' ' : '│'}         `);
  });
  const none: Line[] = port.endpoints.length > 0 ? [] : [[span(`${indent}└─`, 'border'), span(` ${marks.bad} the list is empty`, 'bad')]];
  return [...doorLines(desk, service, port, width), ...wrapLine(arrow, width, `${indent}│ `), ...wrapLine(proxy, width, indent), ...rows.flat(), ...none];
}

const arrowOf = (marks: Marks): string => (marks.to === '→' ? '▶' : '>');

/** The whole way in one row, from who calls to the pod, with the port at every arrow. */
function wayLine(service: NetworkService, marks: Marks): Line {
  const [port] = service.ports;
  if (port === undefined) return [];
  const step = (number: number | string): Line => [span(' ─', 'border'), span(String(number), 'number'), span(`─${arrowOf(marks)} `, 'border')];
  const end: Line = [...step(port.endpoints[0]?.port ?? port.targetPort), span('pod', 'strong')];
  if (service.headless) return [...head('way'), span('pod asks DNS, gets the pods\' addresses'), ...end];
  const inside: Line = [span(service.clusterAddresses[0] ?? 'address', 'strong'), ...end];
  if (service.type === 'ClusterIP' || port.nodePort === null) return [...head('way'), span('pod'), ...step(port.port), ...inside];
  const node: Line = [...step(port.nodePort), span(service.externalPolicy === 'Local' ? 'a node with a pod' : 'any node', 'strong'), ...end];
  if (service.type === 'NodePort') return [...head('way'), span('outside'), ...node];
  const balancer = service.balancer[0];
  return [...head('way'), span('internet'), ...step(port.port), span(balancer === undefined ? 'load balancer (pending)' : (balancer.ip ?? balancer.hostname ?? ''), balancer === undefined ? 'warn' : 'strong'), ...node];
}

/** What the Service says beside ports and selector, where it is not as usual. */
function settingLines(service: NetworkService, width: number): readonly Line[] {
  const rows: Line[] = [];
  const outside = service.type === 'NodePort' || service.type === 'LoadBalancer';
  if (outside) rows.push([...head('outside'), span(service.externalPolicy === 'Local' ? 'externalTrafficPolicy Local: only nodes with a ready pod answer, and the pod sees the client' : 'externalTrafficPolicy Cluster: every node answers, and the pod sees a node', 'dim')]);
  if (service.internalPolicy === 'Local') rows.push([...head('inside'), span("internalTrafficPolicy Local: only pods on the caller's own node", 'warn')]);
  if (service.sourceRanges.length > 0) rows.push([...head('sources'), span(`only ${service.sourceRanges.join(' ')}`, 'warn')]);
  if (service.affinitySeconds !== null) rows.push([...head('affinity'), span(`a client stays with its pod for ${service.affinitySeconds} s`)]);
  if (service.otherProxy !== null) rows.push([...head('proxy'), span(`kube-proxy leaves it to ${service.otherProxy}`, 'warn')]);
  if (service.publishNotReady) rows.push([...head('not ready'), span('pods are in the list before they are ready (publishNotReadyAddresses)', 'warn')]);
  return rows.flatMap((row) => wrapLine(row, width, indent));
}

/** Every load balancer has a price. */
function billLines(desk: Desk, service: NetworkService, width: number, marks: Marks): readonly Line[] {
  const count = desk.session.lab.network.services.filter(({ type }) => type === 'LoadBalancer').length;
  const most = desk.lesson?.guard.loadBalancers ?? null;
  if (most === null && service.type !== 'LoadBalancer') return [];
  const over = most !== null && count > most;
  return wrapLine([...head('bill'), span(`${over ? `${marks.bad} ` : ''}${count} ${count === 1 ? 'load balancer' : 'load balancers'} in the cluster`, over ? 'bad' : 'text'), span(most === null ? ': the cloud asks money for each, by the hour' : `, at most ${most} may be left: the cloud asks money for each`, 'dim')], width, indent);
}

const mostRules = 24;

/** The rules of the node where the road starts. */
function ruleLines(desk: Desk, service: NetworkService, width: number): readonly Line[] {
  const node = shownNode(desk);
  if (node === null) return [];
  const { command, rows } = proxyRules(desk.session.lab.network, node, service);
  if (command === null) return [];
  const shown = rows.slice(0, mostRules);
  return [
    [], ...wrapLine([...head('rules'), span(`${rows.length} ${rows.length === 1 ? 'row' : 'rows'} about it on ${node.name}`), span(`   ${command}`, 'code')], width, indent),
    ...shown.flatMap((row) => wrapLine([span('  '), span(row.trimStart(), 'dim')], width, '      ')), ...(rows.length > shown.length ? [line(`  … and ${rows.length - shown.length} more`, 'dim')] : []),
  ];
}

function serviceLines(desk: Desk, service: NetworkService, width: number, marks: Marks): readonly Line[] {
  const walk = brokenAt(desk, service);
  const all = servicesOf(desk);
  const place: Line = all.length < 2 ? [] : [span(`${all.indexOf(service) + 1} of ${all.length}  `, 'dim'), span('Up Down', 'key'), span(' ', 'dim')];
  const title = spread([span(' Service ', 'dim'), span(serviceName(service), 'object'), span(`  ${service.headless ? 'headless' : service.type}`, 'strong')], place, width);
  if (service.type === 'ExternalName') {
    const alias: Line = [...head('name'), span('an alias (CNAME) of '), span(service.externalName ?? '', 'strong'), span(': no address, no ports, no proxy', 'dim')];
    const way: Line = [...head('way'), span('pod asks DNS '), span(`─CNAME─${arrowOf(marks)} `, 'border'), span(service.externalName ?? '', 'strong'), span(' and connects to what that name is, with the port that it called', 'dim')];
    return [title, ...(walk === null ? [] : wrapLine([span(` ${marks.bad} `, 'bad'), span(walk.why)], width, '   ')), ...[alias, way].flatMap((row) => wrapLine(row, width, indent))];
  }
  const selector = service.selector === null ? '(none: somebody writes the list by hand)' : Object.entries(service.selector).map(([key, value]) => `${key}=${value}`).join(', ');
  const count = service.selected.length;
  const picked: Line = service.selector === null ? [] : [span(`   ${count === 0 ? `${marks.bad} matches no pod` : `matches ${count} ${count === 1 ? 'pod' : 'pods'}`}`, count === 0 ? 'bad' : 'dim')];
  const slices = service.slices.map(({ name }) => name).join(' ') || '(none)';
  const why: readonly Line[] = walk === null ? [] : [...wrapLine([span(` ${marks.bad} `, 'bad'), span(walk.field ?? '', 'accent'), span(walk.field === null ? '' : '  '), span(walk.why)], width, '   ')];
  return [
    title, ...why, ...wrapLine([...head('selector'), span(selector), ...picked, ...(isField(walk, service, 'spec.selector') ? broken(marks) : [])], width, indent),
    ...wrapLine([...head('slices'), span(slices, 'object')], width, indent),
    ...wrapLine(wayLine(service, marks), width, indent).filter((row) => row.length > 0), ...settingLines(service, width), ...billLines(desk, service, width, marks),
    ...service.ports.flatMap((port) => [[], ...portLines(desk, service, port, walk, width, marks)]), ...ruleLines(desk, service, width),
  ];
}

export const servicePane: Pane = {
  name: 'service',
  title: 'Service',
  number: 7,
  draw: (state: State, desk: Desk, { width, height }) => {
    if (chosenRow(desk)?.veiled === true) return drawn(notRunLines(desk, width).slice(0, height));
    const service = shownService(desk);
    if (service === null) return drawn([line(' There are no Services in this cluster.', 'dim')]);
    const seen = windowOf(serviceLines(desk, service, width, marksOf(state.options)), desk.top, height);
    return drawn(seen.lines, { scroll: seen.scroll });
  },
};

// The Service: from its doors over the list of endpoints to the pods, with the port at every arrow, and the field where the way breaks.
import { chosenRow } from '../../app/veil.ts';
import { serviceName, servicesOf, shownService } from '../../app/service-view.ts';
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

function serviceLines(desk: Desk, service: NetworkService, width: number, marks: Marks): readonly Line[] {
  const walk = brokenAt(desk, service);
  const all = servicesOf(desk);
  const place: Line = all.length < 2 ? [] : [span(`${all.indexOf(service) + 1} of ${all.length}  `, 'dim'), span('Up Down', 'key'), span(' ', 'dim')];
  const title = spread([span(' Service ', 'dim'), span(serviceName(service), 'object'), span(`  ${service.headless ? 'headless' : service.type}`, 'strong')], place, width);
  if (service.type === 'ExternalName') return [title, ...wrapLine([...head('name'), span('an alias (CNAME) of '), span(service.externalName ?? '', 'strong'), span(': no address, no ports, no proxy', 'dim')], width, indent)];
  const selector = service.selector === null ? '(none: somebody writes the list by hand)' : Object.entries(service.selector).map(([key, value]) => `${key}=${value}`).join(', ');
  const count = service.selected.length;
  const picked: Line = service.selector === null ? [] : [span(`   ${count === 0 ? `${marks.bad} matches no pod` : `matches ${count} ${count === 1 ? 'pod' : 'pods'}`}`, count === 0 ? 'bad' : 'dim')];
  const slices = service.slices.map(({ name }) => name).join(' ') || '(none)';
  const why: readonly Line[] = walk === null ? [] : [...wrapLine([span(` ${marks.bad} `, 'bad'), span(walk.field ?? '', 'accent'), span(walk.field === null ? '' : '  '), span(walk.why)], width, '   ')];
  return [
    title, ...why, ...wrapLine([...head('selector'), span(selector), ...picked, ...(isField(walk, service, 'spec.selector') ? broken(marks) : [])], width, indent),
    ...wrapLine([...head('slices'), span(slices, 'object')], width, indent),
    ...service.ports.flatMap((port) => [[], ...portLines(desk, service, port, walk, width, marks)]),
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

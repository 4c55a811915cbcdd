// `ip` at a place: addresses, links, routes, neighbours and rules, as iproute2 6.1 prints them, from what the network holds.
import { parseAddress, parseRange, rangeHolds } from '../../sim/base/address.ts';
import { hash32 } from '../../sim/base/choose.ts';
import { byText } from '../../sim/base/order.ts';
import { failed, printed } from '../command.ts';
import type { Answer, Call, Inside } from '../command.ts';
import { insideOf } from './inside.ts';
import { addrText, interfacesAt, nodeAt, routeText } from './interfaces.ts';
import type { Interface } from './interfaces.ts';
import { onNode } from '../on-node.ts';

interface Options { brief: boolean; json: boolean; pretty: boolean; oneLine: boolean; family: 'IPv4' | 'IPv6' | null; statistics: boolean }

const objects: readonly (readonly [name: string, shortest: number])[] = [['address', 1], ['link', 1], ['route', 1], ['rule', 2], ['neighbour', 1], ['neighbor', 1], ['netns', 5]];
const usage = 'Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }\nwhere  OBJECT := { address | link | neighbour | route | rule }\n       OPTIONS := { -4 | -6 | -br[ief] | -o[neline] | -j[son] | -p[retty] | -s[tatistics] | -d[etails] | -c[olor] | -V[ersion] }';

export function ip(call: Call): Answer {
  const inside = insideOf(call);
  const options: Options = { brief: false, json: false, pretty: false, oneLine: false, family: null, statistics: false };
  const words: string[] = [];
  for (let index = 0; index < call.args.length; index++) {
    const word = call.args[index] ?? '';
    if (!word.startsWith('-') || words.length > 1) { words.push(word); continue; }
    const name = word.replace(/^--?/, '');
    if (name === '4') options.family = 'IPv4';
    else if (name === '6') options.family = 'IPv6';
    else if ('brief'.startsWith(name) && name.length > 1) options.brief = true;
    else if ('json'.startsWith(name)) options.json = true;
    else if ('pretty'.startsWith(name)) options.pretty = true;
    else if ('oneline'.startsWith(name)) options.oneLine = true;
    else if ('statistics'.startsWith(name)) options.statistics = true;
    else if (name === 'f' || name === 'family') options.family = call.args[++index] === 'inet6' ? 'IPv6' : 'IPv4';
    else if (/^(V|Version)$/.test(name)) return printed('ip utility, iproute2-6.1.0, libbpf 1.1.2\n');
    else if (!/^(d|details|c|color(=.*)?|s|n|N|r|resolve|h|human|a|all)$/.test(name)) return failed(`Option "${word}" is unknown, try "ip -help".`, 255);
  }
  const [given, ...rest] = words;
  if (given === undefined || given === 'help') return failed(usage, 255);
  const object = objects.find(([name, shortest]) => name.startsWith(given) && given.length >= shortest)?.[0];
  const beside = (what: string) => ({ meanings: [`exec ip ${what}`] });
  switch (object) {
    case 'address': return shown(call, inside, options, rest, 'address', beside('addr'));
    case 'link': return shown(call, inside, options, rest, 'link', beside('link'));
    case 'route': return route(call, inside, options, rest, beside('route'));
    case 'neighbour': case 'neighbor': return neighbours(call, inside, rest, beside('neigh'));
    case 'rule': return printed('0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n', beside('rule'));
    case 'netns': return printed('', beside('netns'));
    default: return failed(`Object "${given.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?')}" is unknown, try "ip help".`);
  }
}

type Beside = { readonly meanings: readonly string[] };

const changing = (word: string): boolean => ['add', 'a', 'del', 'delete', 'd', 'set', 'change', 'replace', 'append', 'flush', 'f', 'save', 'restore', 'monitor'].includes(word);
const refused = (): Answer => failed('RTNETLINK answers: Operation not permitted\nthe lab\'s ip shows and changes nothing: what stands on a node is made by the CNI plugin and the Cluster document', 2);

/** `ip addr` and `ip link`, all or one. */
function shown(call: Call, inside: Inside, options: Options, words: readonly string[], what: 'address' | 'link', beside: Beside): Answer {
  const [first, ...rest] = words;
  const shows = first === undefined || ['show', 'list', 'ls', 'lst', 's', 'sh', 'l'].includes(first);
  if (first !== undefined && !shows && first !== 'dev') {
    if (changing(first)) return refused();
    return failed(`Command "${first}" is unknown, try "ip ${what} help".`, 255);
  }
  const after = (shows ? rest : words).filter((word) => word !== 'dev' && word !== 'up' && word !== 'scope' && word !== 'global' && word !== 'type' && word !== 'master');
  const [device] = after;
  const all = interfacesAt(call.lab, inside);
  const byType = words.includes('type') || words.includes('master');
  const picked = device === undefined || byType ? all.filter((one) => !byType || ofType(call, inside, one, device ?? '')) : all.filter((one) => one.name === device);
  if (device !== undefined && !byType && picked.length === 0) return failed(`Device "${device}" does not exist.`);
  if (options.json) return printed(`${JSON.stringify(picked.map((one) => jsonOf(one, what)), null, options.pretty ? 4 : 0)}\n`, beside);
  if (options.brief) {
    return printed(picked.filter((one) => what === 'link' || options.family === null || addressesOf(one, options).length > 0).map((one) => `${one.shown.padEnd(16)} ${one.state.padEnd(14)} ${what === 'link' ? `${one.mac} <${one.flags.join(',')}>` : addressesOf(one, options).map(({ cidr }) => cidr).join(' ')} \n`).join(''), beside);
  }
  const text = picked.map((one) => blockOf(one, options, what)).join('');
  if (options.oneLine && what === 'address') return printed(picked.flatMap((one) => addressesOf(one, options).map(({ cidr, brd, scope }) => `${one.index}: ${one.name}    ${cidr.includes(':') ? 'inet6' : 'inet'} ${cidr}${brd === null ? '' : ` brd ${brd}`} scope ${scope} ${cidr.includes(':') ? '' : one.name}\\       valid_lft forever preferred_lft forever\n`)).join(''), beside);
  return printed(options.oneLine ? text.replace(/\n {4}/g, '\\    ') : text, beside);
}

const addressesOf = (one: Interface, options: Options): Interface['addresses'] => one.addresses.filter(({ cidr }) => options.family === null || cidr.includes(':') === (options.family === 'IPv6'));

function ofType(call: Call, inside: Inside, one: Interface, type: string): boolean {
  const kind = nodeAt(call.lab, inside)?.interfaces.find(({ name }) => name === one.name)?.kind;
  return { veth: kind === 'veth' || one.shown.includes('@if'), bridge: kind === 'bridge', vxlan: kind === 'tunnel', cni0: kind === 'veth' }[type] ?? false;
}

function blockOf(one: Interface, options: Options, what: 'address' | 'link'): string {
  if (what === 'link') {
    const [head = '', link = ''] = one.text.split('\n');
    const counters = options.statistics ? '    RX:  bytes packets errors dropped  missed   mcast           \n             0       0      0       0       0       0 \n    TX:  bytes packets errors dropped carrier collsns           \n             0       0      0       0       0       0 \n' : '';
    return `${head.replace(/ group default/, ' mode DEFAULT group default')}\n${link}\n${counters}`;
  }
  if (options.family === null) return one.text;
  const wanted = options.family === 'IPv6' ? 'inet6' : 'inet ';
  const lines = one.text.split('\n');
  const kept = lines.slice(2).filter((line, index, all) => line.startsWith(`    ${wanted}`) || (/^ {7}valid_lft/.test(line) && (all[index - 1] ?? '').startsWith(`    ${wanted}`)));
  return kept.length === 0 ? '' : `${lines[0] ?? ''}\n${kept.join('\n')}\n`;
}

function jsonOf(one: Interface, what: 'address' | 'link'): Readonly<Record<string, unknown>> {
  const linked = /@if(\d+)$/.exec(one.shown);
  return {
    ifindex: one.index, ...(linked === null ? {} : { link_index: Number(linked[1]) }), ifname: one.name, flags: one.flags, mtu: one.mtu, qdisc: one.qdisc, operstate: one.state, ...(what === 'link' ? { linkmode: 'DEFAULT' } : {}), group: 'default', txqlen: 1000, link_type: one.kind, address: one.mac, broadcast: one.kind === 'loopback' ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff',
    ...(what === 'link' ? {} : { addr_info: one.addresses.map(({ cidr, brd, scope }) => ({ family: cidr.includes(':') ? 'inet6' : 'inet', local: cidr.replace(/\/.*$/, ''), prefixlen: Number(cidr.split('/')[1] ?? 32), ...(brd === null ? {} : { broadcast: brd }), scope, ...(cidr.includes(':') ? {} : { label: one.name }), valid_life_time: 4_294_967_295, preferred_life_time: 4_294_967_295 })) }),
  };
}

interface RouteLine { readonly to: string; readonly via: string | null; readonly device: string; readonly source: string | null; readonly text: string }

export function routesAt(call: Pick<Call, 'lab'>, inside: Inside, family: 'IPv4' | 'IPv6'): readonly RouteLine[] {
  return routeText(call.lab, inside, family).split('\n').filter((line) => line !== '').map((text) => ({
    to: text.split(' ')[0] ?? '', via: / via (\S+)/.exec(text)?.[1] ?? null, device: / dev (\S+)/.exec(text)?.[1] ?? '', source: / src (\S+)/.exec(text)?.[1] ?? null, text,
  }));
}

function route(call: Call, inside: Inside, options: Options, words: readonly string[], beside: Beside): Answer {
  const [first, ...rest] = words;
  if (first === 'get' || first === 'g') return routeGet(call, inside, rest, beside);
  const shows = first === undefined || ['show', 'list', 'ls', 'lst', 's', 'sh', 'l'].includes(first);
  if (!shows && changing(first)) return refused();
  if (!shows && first !== 'dev') return failed(`Command "${first}" is unknown, try "ip route help".`, 255);
  let lines = routesAt(call, inside, options.family ?? 'IPv4');
  const filters = shows ? rest : words;
  for (let index = 0; index < filters.length; index++) {
    const word = filters[index] ?? '';
    const value = filters[index + 1] ?? '';
    if (word === 'dev') { lines = lines.filter((line) => line.device === value); index += 1; } else if (word === 'via') { lines = lines.filter((line) => line.via === value); index += 1; } else if (word === 'table') {
      if (value === 'local' || value === '255' || value === 'all') {
        const own = interfacesAt(call.lab, inside).flatMap((one) => one.addresses.filter(({ cidr }) => !cidr.includes(':')).map(({ cidr }) => `local ${cidr.replace(/\/.*$/, '')} dev ${one.name} table local proto kernel scope host src ${cidr.replace(/\/.*$/, '')} \n`));
        return printed((value === 'all' ? lines.map(({ text }) => `${text}\n`).join('') : '') + own.join(''), beside);
      }
      index += 1;
    } else if (['proto', 'scope', 'src', 'type', 'match', 'exact', 'root'].includes(word)) index += 1;
    else lines = lines.filter((line) => line.to === word || line.to === word.replace(/\/(32|128)$/, ''));
  }
  if (options.json) return printed(`${JSON.stringify(lines.map((line) => ({ dst: line.to, ...(line.via === null ? {} : { gateway: line.via }), dev: line.device, ...(/ proto (\S+)/.exec(line.text) === null ? {} : { protocol: / proto (\S+)/.exec(line.text)?.[1] }), ...(/ scope (\S+)/.exec(line.text) === null ? {} : { scope: / scope (\S+)/.exec(line.text)?.[1] }), ...(line.source === null ? {} : { prefsrc: line.source }), flags: line.text.includes('onlink') ? ['onlink'] : [] })), null, options.pretty ? 4 : 0)}\n`, beside);
  return printed(lines.map(({ text }) => `${text}\n`).join(''), beside);
}

/** The route of the longest prefix. */
export function routeTo(call: Pick<Call, 'lab'>, inside: Inside, ip_: string): RouteLine | undefined {
  const address = parseAddress(ip_);
  if (address === undefined) return undefined;
  const fits = routesAt(call, inside, address.family).flatMap((line) => {
    const kind = /^(?:blackhole|unreachable|prohibit) (\S+)/.exec(line.text);
    const to = kind?.[1] ?? line.to;
    if (to === 'default') return [{ line, length: -1 }];
    const range = parseRange(to.includes('/') ? to : `${to}/${address.family === 'IPv4' ? 32 : 128}`);
    return range !== undefined && rangeHolds(range, address) ? [{ line, length: Number(to.split('/')[1] ?? (address.family === 'IPv4' ? 32 : 128)) }] : [];
  });
  return fits.sort((left, right) => right.length - left.length)[0]?.line;
}

function routeGet(call: Call, inside: Inside, words: readonly string[], beside: Beside): Answer {
  const target = (words[0] === 'to' ? words[1] : words[0]) ?? '';
  if (target === '') return failed('need at least a destination address', 2);
  const address = parseAddress(target.replace(/\/.*$/, ''));
  if (address === undefined) return failed(`Error: any valid prefix is expected rather than "${target}".`);
  const ip_ = target.replace(/\/.*$/, '');
  const interfaces = interfacesAt(call.lab, inside);
  const own = interfaces.find((one) => one.addresses.some(({ cidr }) => cidr.replace(/\/.*$/, '') === ip_));
  if (own !== undefined || /^127\./.test(ip_) || ip_ === '::1') return printed(`local ${ip_} dev lo src ${/^127\./.test(ip_) ? '127.0.0.1' : ip_} uid 0 \n    cache <local> \n`, beside);
  const line = routeTo(call, inside, ip_);
  if (line === undefined) return failed('RTNETLINK answers: Network is unreachable', 2);
  if (/^blackhole/.test(line.text)) return failed('RTNETLINK answers: Invalid argument', 2);
  const of = interfaces.find((one) => one.name === line.device)?.addresses.find(({ cidr }) => cidr.includes(':') === (address.family === 'IPv6'))?.cidr.replace(/\/.*$/, '');
  // A device without an address of its own lends one of the machine's.
  const source = line.source ?? of ?? inside.addresses.find((one) => one.includes(':') === (address.family === 'IPv6')) ?? '';
  return printed(`${ip_}${line.via === null ? '' : ` via ${line.via}`} dev ${line.device} src ${source} uid 0 \n    cache \n`, beside);
}

const hashedMac = (name: string): string => `02:${hash32(`${name}\u0000`).toString(16).slice(0, 2).padStart(2, '0')}:${(hash32(name).toString(16).padStart(8, '0').match(/../g) ?? []).join(':')}`;

/** Who is known on each link: the next hops, and on a node its pods and the other nodes. */
function neighbours(call: Call, inside: Inside, words: readonly string[], beside: Beside): Answer {
  const node = nodeAt(call.lab, inside);
  if (words[0] !== undefined && changing(words[0])) return refused();
  const rows: { readonly ip: string; readonly device: string; readonly mac: string; readonly state: string }[] = [];
  const { network } = call.lab;
  if (node !== undefined && inside.pod === null) {
    const uplink = node.interfaces.find(({ kind }) => kind === 'uplink')?.name ?? 'eth0';
    for (const other of network.nodes) {
      if (other.name === node.name) continue;
      const mac = interfacesAt(call.lab, onNode(other)).find((one) => one.name === uplink)?.mac ?? hashedMac(other.name);
      for (const ip_ of other.internal) rows.push({ ip: ip_, device: uplink, mac, state: 'REACHABLE' });
    }
    rows.push({ ip: network.outside.gateway, device: uplink, mac: hashedMac('gateway'), state: 'REACHABLE' });
    for (const one of node.routes) {
      if (one.kind === 'tunnel' && one.via !== null) rows.push({ ip: one.via, device: one.device, mac: hashedMac(`${one.node ?? ''}/${one.device}`), state: 'PERMANENT' });
    }
    const bridge = node.interfaces.find(({ kind }) => kind === 'bridge');
    for (const pod of network.pods) {
      if (pod.node !== node.name || pod.hostNetwork) continue;
      const device = bridge?.name ?? node.interfaces.find((one) => one.pod === `${pod.namespace}/${pod.name}`)?.name;
      const mac = /^ {4}link\/ether (\S+)/m.exec(addrText(call.lab, { ...inside, pod, from: { kind: 'pod', namespace: pod.namespace, name: pod.name, container: null } }).split(/^2: /m)[1] ?? '')?.[1] ?? hashedMac(pod.name);
      if (device !== undefined) for (const ip_ of pod.addresses) rows.push({ ip: ip_, device, mac, state: 'REACHABLE' });
    }
    // Who was asked for and did not answer (ARP).
    for (const { walk } of call.sent) {
      const lost = walk?.reason === 'address-of-nobody' && walk.verdict === 'unreachable' ? walk.hops.at(-1) : undefined;
      if (lost?.at.kind === 'node' && lost.at.name === node.name && lost.packet.destination.ip !== '') rows.push({ ip: lost.packet.destination.ip, device: bridge?.name ?? uplink, mac: '', state: 'FAILED' });
    }
  } else {
    for (const line of routesAt(call, inside, 'IPv4')) {
      if (line.via === null || rows.some((row) => row.ip === line.via)) continue;
      const bridge = node?.interfaces.find(({ kind }) => kind === 'bridge');
      const mac = /^169\.254\./.test(line.via) ? 'ee:ee:ee:ee:ee:ee' : bridge === undefined || node === undefined ? hashedMac(line.via) : interfacesAt(call.lab, onNode(node)).find((one) => one.name === bridge.name)?.mac ?? hashedMac(line.via);
      rows.push({ ip: line.via, device: line.device, mac, state: 'REACHABLE' });
    }
  }
  const device = words.includes('dev') ? words[words.indexOf('dev') + 1] : undefined;
  const unique = rows.filter((row, index) => rows.findIndex((other) => other.ip === row.ip && other.device === row.device) === index && (device === undefined || row.device === device));
  return printed(unique.sort((left, right) => byText(left.device, right.device) || byText(left.ip, right.ip)).map((row) => `${row.ip} dev ${row.device} ${row.mac === '' ? '' : `lladdr ${row.mac} `}${row.state} \n`).join(''), beside);
}

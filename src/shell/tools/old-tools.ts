// The old names for `ip`: ifconfig, route, arp, as BusyBox has them.
import { formatAddress, parseRange } from '../../sim/base/address.ts';
import { failed, printed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { insideOf } from './inside.ts';
import { interfacesAt } from './interfaces.ts';
import { ip, routesAt } from './ip.ts';

function maskOf(cidr: string): string {
  const length = Number(cidr.split('/')[1] ?? 32);
  return [0, 8, 16, 24].map((from) => 256 - 2 ** (8 - Math.min(8, Math.max(0, length - from)))).map((part) => (part === 256 ? 255 : part)).join('.');
}

export function ifconfig(call: Call): Answer {
  const inside = insideOf(call);
  const wanted = call.args.find((word) => !word.startsWith('-'));
  const all = [...interfacesAt(call.lab, inside)].sort((left, right) => Number(left.kind === 'loopback') - Number(right.kind === 'loopback'));
  const picked = wanted === undefined ? all : all.filter(({ name }) => name === wanted);
  if (wanted !== undefined && picked.length === 0) return failed(`ifconfig: ${wanted}: error fetching interface information: Device not found`);
  const blocks = picked.map((one) => {
    const lines = [one.kind === 'loopback' ? 'Link encap:Local Loopback  ' : `Link encap:Ethernet  HWaddr ${one.mac.toUpperCase()}  `];
    for (const { cidr, brd } of one.addresses) lines.push(cidr.includes(':') ? `inet6 addr: ${cidr} Scope:${one.kind === 'loopback' ? 'Host' : 'Global'}` : `inet addr:${cidr.replace(/\/.*$/, '')}  ${one.kind === 'loopback' ? '' : `Bcast:${brd ?? '0.0.0.0'}  `}Mask:${maskOf(cidr)}`);
    lines.push(`${one.state === 'DOWN' ? '' : 'UP '}${one.kind === 'loopback' ? 'LOOPBACK ' : 'BROADCAST '}RUNNING${one.kind === 'loopback' ? '' : ' MULTICAST'}  MTU:${one.mtu}  Metric:1`);
    return `${one.name.padEnd(9)} ${lines.join('\n          ')}\n\n`;
  });
  return printed(blocks.join(''), { meanings: ['exec ip addr'] });
}

/** `route -n` and `netstat -rn`. */
export function route(call: Call): Answer {
  const inside = insideOf(call);
  const rows = routesAt(call, inside, 'IPv4').map((line) => {
    const range = line.to === 'default' ? undefined : parseRange(line.to.includes('/') ? line.to : `${line.to}/32`);
    const mask = line.to === 'default' ? '0.0.0.0' : maskOf(line.to.includes('/') ? line.to : `${line.to}/32`);
    return [range === undefined ? '0.0.0.0' : formatAddress({ family: range.family, value: range.first }), line.via ?? '0.0.0.0', mask, `U${line.via === null ? '' : 'G'}${mask === '255.255.255.255' ? 'H' : ''}`, line.device] as const;
  });
  return printed(`Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n${rows.map(([to, via, mask, flags, device]) => `${to.padEnd(15)} ${via.padEnd(15)} ${mask.padEnd(15)} ${flags.padEnd(5)} 0      0        0 ${device}\n`).join('')}`, { meanings: ['exec ip route'] });
}

export function arp(call: Call): Answer {
  const neighbours = ip({ ...call, name: 'ip', args: ['neigh'] });
  if (neighbours.kind !== 'done') return neighbours;
  const text = neighbours.output.map((piece) => piece.text).join('');
  return printed(text.split('\n').flatMap((line) => {
    const match = /^(\S+) dev (\S+) (?:lladdr (\S+) )?(\S+)/.exec(line);
    return match === null ? [] : [`? (${match[1] ?? ''}) at ${match[3] ?? '<incomplete>'} ${match[3] === undefined ? '' : '[ether]'}  on ${match[2] ?? ''}\n`];
  }).join(''), { meanings: ['exec ip neigh'] });
}

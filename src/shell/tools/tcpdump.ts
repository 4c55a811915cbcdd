// tcpdump at a place: the packets of the session's requests so far, as tcpdump 4.99 prints them.
import { both, failed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { captureFilter, outerPort } from './capture-filter.ts';
import { insideOf } from './inside.ts';
import { interfacesAt } from './interfaces.ts';
import { portNumbers } from './nc-says.ts';
import { packetsAt } from './packets.ts';
import type { SeenPacket } from './packets.ts';

// Simplified: nothing runs while tcpdump listens, so it shows the packets of the requests that the session made before.
export function tcpdump(call: Call): Answer {
  const inside = insideOf(call);
  const interfaces = interfacesAt(call.lab, inside);
  let device = interfaces.find(({ kind }) => kind === 'ether')?.name ?? 'eth0';
  let count: number | null = null;
  let names = true;
  let verbose = false;
  let times = true;
  const words: string[] = [];
  for (let index = 0; index < call.args.length; index++) {
    const word = call.args[index] ?? '';
    if (words.length > 0 || !/^-./.test(word)) { words.push(word); continue; }
    if (word === '--version') return both('', 'tcpdump version 4.99.5\nlibpcap version 1.10.5 (with TPACKET_V3)', 0);
    if (word.startsWith('--')) continue;
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      if ('icswrQBCGWzZFTyj'.includes(letter)) {
        const value = at + 1 < word.length ? word.slice(at + 1) : call.args[++index];
        if (value === undefined) return failed(`tcpdump: option requires an argument -- '${letter}'`);
        if (letter === 'i') device = value;
        if (letter === 'c') {
          if (!/^[1-9]\d*$/.test(value)) return failed(`tcpdump: invalid packet count ${value}`);
          count = Number(value);
        }
        if (letter === 'w' || letter === 'r') return failed(`tcpdump: the lab's tcpdump writes and reads no capture files`);
        break;
      }
      if (letter === 'n') names = false;
      else if (letter === 'v') verbose = true;
      else if (letter === 't') times = false;
      else if (letter === 'D') return both(interfaces.map((one, position) => `${position + 1}.${one.name} [Up, Running]\n`).join('') + `${interfaces.length + 1}.any (Pseudo-device that captures on all interfaces) [Up, Running]\n`, '', 0);
      else if (!'AbdefhHJKlLNOpqSuUxX#'.includes(letter)) return failed(`tcpdump: invalid option -- '${letter}'`);
    }
  }
  if (device !== 'any' && !interfaces.some(({ name }) => name === device)) return failed(`tcpdump: ${device}: No such device exists\n(No such device exists)`);
  const filter = captureFilter(words);
  if (!filter.ok) return failed(filter.failures.join('\n'));
  const any = device === 'any';
  const seen = packetsAt(call.lab, inside, call.sent).filter((packet) => (any || packet.device === device) && filter.value(packet));
  const shown = count === null ? seen : seen.slice(0, count);
  const wide = Math.max(5, ...shown.map((packet) => packet.device.length));
  const lines = shown.map((packet) => {
    const stamp = times ? `${clockOf(call, packet.at)} ` : '';
    const where = any ? `${packet.device.padEnd(wide)} ${packet.out ? 'Out' : 'In '} ` : '';
    return `${stamp}${where}${lineOf(packet, names)}\n`;
  }).join('');
  const heading = `${verbose ? 'tcpdump: ' : 'tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n'}listening on ${device}, link-type ${any ? 'LINUX_SLL2 (Linux cooked v2)' : 'EN10MB (Ethernet)'}, snapshot length 262144 bytes\n`;
  const enough = count !== null && shown.length >= count;
  const ending = `${shown.length} packet${shown.length === 1 ? '' : 's'} captured\n${seen.length} packet${seen.length === 1 ? '' : 's'} received by filter\n0 packets dropped by kernel\n`;
  const note = seen.length === 0 && call.sent.length === 0 ? 'The lab\'s tcpdump shows the packets of the requests that were made before it: make one, then run it again.\n' : '';
  return {
    kind: 'done', status: 0, meanings: ['exec tcpdump'], seconds: 0,
    output: [{ stream: 'err', text: (any ? 'tcpdump: data link type LINUX_SLL2\n' : '') + heading }, ...(lines === '' ? [] : [{ stream: 'out' as const, text: lines }]), { stream: 'err', text: `${enough ? '' : '^C\n'}${ending}${note}` }],
  };
}

function clockOf(call: Call, at: number): string {
  // The session began that long before the cluster's own clock.
  const total = Math.max(0, call.lab.store.now - call.clock + at);
  const whole = Math.floor(total);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(whole / 3600) % 24)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}.${String(Math.round((total - whole) * 1e6) % 1_000_000).padStart(6, '0')}`;
}

const endOf = ({ ip, port }: SeenPacket['from'], names: boolean): string => (port === null ? ip : `${ip}.${names ? Object.entries(portNumbers).find(([, number]) => number === port)?.[0] ?? port : port}`);

function lineOf(packet: SeenPacket, names: boolean): string {
  if (packet.arp) return packet.says;
  const family = (ip: string): string => (ip.includes(':') ? 'IP6' : 'IP');
  const inner = `${family(packet.from.ip)} ${endOf(packet.from, names)} > ${endOf(packet.to, names)}: ${packet.says}`;
  const { outer } = packet;
  if (outer === null) return inner;
  const link = `${family(outer.from)} ${outer.from}`;
  if (outer.protocol === 'IPIP') return `${link} > ${outer.to}: ${inner}`;
  const ends = `${link}.${outerPort(packet)} > ${outer.to}.${outer.port ?? 0}`;
  if (/wireguard/i.test(outer.name)) return `${family(outer.from)} ${outer.from}.${outer.port ?? 51_820} > ${outer.to}.${outer.port ?? 51_820}: UDP, length 128`;
  // 8472 is what Linux used before VXLAN had its port: tcpdump takes it for Cisco's OTV.
  if (/geneve/i.test(outer.name)) return `${ends}: Geneve, Flags [none], vni 0x2, proto TEB (0x6558): ${inner}`;
  return outer.port === 8472 ? `${ends}: OTV, flags [I] (0x08), overlay 0, instance 1\n${inner}` : `${ends}: VXLAN, flags [I] (0x08), vni 4096\n${inner}`;
}

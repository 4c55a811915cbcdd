// tcpdump's filter expressions: host, net, port, protocols, src and dst, joined by and, or, not.
import { parseAddress, parseRange, rangeHolds } from '../../sim/base/address.ts';
import { fail, succeed } from '../../sim/base/result.ts';
import type { Result } from '../../sim/base/result.ts';
import { portNumbers } from './nc-says.ts';
import type { SeenPacket } from './packets.ts';

type Test = (packet: SeenPacket) => boolean;

const wrong = (): Result<never, string> => fail("tcpdump: can't parse filter expression: syntax error");

/** A test of packets; the failure is tcpdump's sentence. */
export function captureFilter(words: readonly string[]): Result<Test, string> {
  const tokens = words.join(' ').match(/\(|\)|&&|\|\||!(?!=)|[^\s()]+/g) ?? [];
  let at = 0;
  let bad = false;
  let previous: { readonly direction: 'src' | 'dst' | null; readonly kind: string } = { direction: null, kind: 'host' };
  const either = (depth: number): Test => {
    const tests = [both(depth)];
    while (tokens[at] === 'or' || tokens[at] === '||') { at += 1; tests.push(both(depth)); }
    return (packet) => tests.some((test) => test(packet));
  };
  const both = (depth: number): Test => {
    const tests = [one(depth)];
    while (tokens[at] === 'and' || tokens[at] === '&&') { at += 1; tests.push(one(depth)); }
    return (packet) => tests.every((test) => test(packet));
  };
  const one = (depth: number): Test => {
    const token = tokens[at];
    if (token === undefined || depth > 30) { bad = true; return () => false; }
    if (token === 'not' || token === '!') {
      at += 1;
      const inner = one(depth + 1);
      return (packet) => !inner(packet);
    }
    if (token === '(') {
      at += 1;
      const inner = either(depth + 1);
      if (tokens[at++] !== ')') bad = true;
      return inner;
    }
    return primitive();
  };
  const primitive = (): Test => {
    let protocol: string | null = null;
    let direction: 'src' | 'dst' | null = null;
    let kind: string | null = null;
    for (;;) {
      const token = tokens[at] ?? '';
      if (['tcp', 'udp', 'icmp', 'ip', 'ip6', 'arp', 'icmp6'].includes(token) && protocol === null && kind === null && direction === null) protocol = token;
      else if ((token === 'src' || token === 'dst') && direction === null) direction = token;
      else if (['host', 'net', 'port', 'portrange'].includes(token) && kind === null) kind = token;
      else break;
      at += 1;
    }
    const value = tokens[at];
    const ends = value === undefined || [')', 'and', 'or', '&&', '||', 'not'].includes(value);
    const fits: Test = (packet) => {
      if (protocol === null) return true;
      if (protocol === 'arp' || packet.arp) return protocol === 'arp' && packet.arp;
      if (protocol === 'ip' || protocol === 'ip6') return packet.from.ip.includes(':') === (protocol === 'ip6');
      // A tunnel's packet is none of the protocol that it carries.
      return packet.outer === null ? packet.protocol.toLowerCase() === protocol.replace('6', '') : protocol === 'udp' && packet.outer.protocol === 'UDP';
    };
    if (ends) {
      if (protocol === null || kind !== null || direction !== null) bad = true;
      return fits;
    }
    at += 1;
    const what = kind ?? (direction === null && protocol === null ? previous.kind : 'host');
    const where = direction ?? (kind === null && protocol === null ? previous.direction : null);
    previous = { direction: where, kind: what };
    return (packet) => fits(packet) && matches(packet, what, where, value);
  };
  const matches = (packet: SeenPacket, kind: string, direction: 'src' | 'dst' | null, value: string): boolean => {
    // Outside of a tunnel the filter sees the outer packet only.
    const from = packet.outer === null ? packet.from : { ip: packet.outer.from, port: packet.outer.port === null ? null : outerPort(packet) };
    const to = packet.outer === null ? packet.to : { ip: packet.outer.to, port: packet.outer.port };
    const sides = direction === 'src' ? [from] : direction === 'dst' ? [to] : [from, to];
    if (kind === 'port') return sides.some(({ port }) => port === Number(portNumbers[value] ?? value));
    if (kind === 'portrange') {
      const [low = 0, high = 0] = value.split('-').map(Number);
      return sides.some(({ port }) => port !== null && port >= low && port <= high);
    }
    if (kind === 'net') {
      const range = parseRange(value.includes('/') ? value : `${value}/32`);
      return range !== undefined && sides.some(({ ip }) => { const address = parseAddress(ip); return address !== undefined && rangeHolds(range, address); });
    }
    return sides.some(({ ip }) => ip === value);
  };
  if (tokens.length === 0) return succeed(() => true);
  const test = either(0);
  return bad || at < tokens.length ? wrong() : succeed(test);
}

/** The source port of a tunnel's packet comes from a hash of the inner one. */
export const outerPort = (packet: SeenPacket): number => 32_768 + ([...`${packet.from.ip}${packet.from.port ?? 0}${packet.to.ip}${packet.to.port ?? 0}`].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 28_000, 7));

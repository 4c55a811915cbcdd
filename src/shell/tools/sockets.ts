// `ss` and `netstat` at a place: who listens where, and the connections that were closed a moment ago.
import { byText } from '../../sim/base/order.ts';
import { printed } from '../command.ts';
import type { Answer, Call, Inside } from '../command.ts';
import { insideOf } from './inside.ts';
import { portNumbers } from './nc-says.ts';

interface Row { readonly netid: string; readonly state: string; readonly receive: string; readonly send: string; readonly local: readonly [ip: string, port: string]; readonly peer: readonly [ip: string, port: string]; readonly owner: string }

const bracketed = (ip: string): string => (ip.includes(':') ? `[${ip}]` : ip);

/** Seconds that a closed connection waits in TIME-WAIT. */
const waits = 60;

function listening(inside: Inside, named: boolean): readonly Row[] {
  return inside.sockets.filter((socket) => socket.protocol === 'TCP' || socket.protocol === 'UDP').map((socket): Row => ({
    netid: socket.protocol.toLowerCase(), state: socket.protocol === 'TCP' ? 'LISTEN' : 'UNCONN', receive: '0', send: socket.protocol === 'TCP' ? '4096' : '0', local: [bracketed(socket.ip), String(socket.port)], peer: [socket.ip.includes(':') ? '[::]' : '0.0.0.0', '*'],
    owner: named ? `users:(("${socket.container}",pid=1,fd=3))` : '',
  }));
}

/** Both ends keep a closed connection for a minute; the one that closed first. */
function closed(call: Call, inside: Inside): readonly Row[] {
  return call.sent.flatMap((one): readonly Row[] => {
    if (one.walk === null || one.trace === null || one.trace.request.to.protocol !== 'TCP' || call.clock - one.at > waits) return [];
    if (!['delivered', 'http-error'].includes(one.walk.verdict)) return [];
    const first = one.walk.hops.find((hop) => hop.stage !== 'lookup')?.packet;
    const mine = inside.from.kind === one.from.kind && 'name' in inside.from && 'name' in one.from && inside.from.name === one.from.name && (inside.from.kind !== 'pod' || (one.from.kind === 'pod' && inside.from.namespace === one.from.namespace));
    if (!mine || first === undefined) return [];
    return [{ netid: 'tcp', state: 'TIME-WAIT', receive: '0', send: '0', local: [bracketed(first.source.ip), String(first.source.port ?? 0)], peer: [bracketed(first.destination.ip), String(first.destination.port ?? 0)], owner: '' }];
  });
}

// Simplified: ss and netstat show who listens, and connections that the session closed within the last minute; what the pods do among themselves is not known.
export function ss(call: Call): Answer {
  const inside = insideOf(call);
  const letters = call.args.filter((word) => /^-[A-Za-z0-9]+$/.test(word)).join('');
  const words = call.args.map((word) => ({ '--listening': 'l', '--tcp': 't', '--udp': 'u', '--numeric': 'n', '--all': 'a', '--processes': 'p' })[word] ?? '').join('') + letters;
  const has = (letter: string): boolean => words.includes(letter);
  const beside = { meanings: ['exec ss'] };
  if (call.name === 'ss' && has('s')) return printed(`Total: ${inside.sockets.length}\nTCP:   ${inside.sockets.filter(({ protocol }) => protocol === 'TCP').length} (estab 0, closed ${closed(call, inside).length}, orphaned 0, timewait ${closed(call, inside).length})\n`, beside);
  const [tcp, udp] = [has('t') || !has('u'), has('u') || !has('t')];
  const state = /\bstate\s+(\S+)/.exec(call.args.join(' '))?.[1];
  const all = has('a') || has('l') || (call.name === 'netstat' && has('l'));
  let rows: readonly Row[] = [...(all ? listening(inside, has('p')) : []), ...(has('l') ? [] : closed(call, inside))].filter(({ netid }) => (netid === 'tcp' ? tcp : udp));
  if (state !== undefined) rows = (state === 'listening' ? listening(inside, has('p')) : closed(call, inside)).filter((row) => row.netid === 'tcp' && (state === 'listening' || state === 'all' || row.state.toLowerCase() === state));
  if (has('4')) rows = rows.filter(({ local }) => !local[0].startsWith('['));
  if (has('6')) rows = rows.filter(({ local }) => local[0].startsWith('['));
  rows = filtered(rows, call.args);
  const sorted = [...rows].sort((left, right) => byText(left.netid, right.netid) || byText(left.state, right.state) || Number(left.local[1]) - Number(right.local[1]) || byText(left.local[0], right.local[0]));
  const named = has('n') ? sorted : sorted.map((row) => ({ ...row, local: [row.local[0], nameOf(row.local[1])] as const, peer: [row.peer[0], nameOf(row.peer[1])] as const }));
  return call.name === 'netstat' ? netstat(named, has('l'), beside) : printed(columns(named, tcp === udp, state !== undefined, has('H')), beside);
}

const nameOf = (port: string): string => Object.entries(portNumbers).find(([, number]) => String(number) === port)?.[0] ?? port;

/** `sport = :80`, `dport = :443`, `( … or … )`. */
function filtered(rows: readonly Row[], args: readonly string[]): readonly Row[] {
  const tests = [...args.join(' ').matchAll(/\b(sport|dport|src|dst)\s*(?:=|eq|==)?\s*:?([\w.:]+)/g)];
  if (tests.length === 0) return rows;
  const some = /\bor\b/.test(args.join(' '));
  const holds = (row: Row, [, what, value = '']: RegExpMatchArray): boolean => {
    const wanted = String(portNumbers[value] ?? value);
    if (what === 'sport') return row.local[1] === wanted;
    if (what === 'dport') return row.peer[1] === wanted;
    return (what === 'src' ? row.local[0] : row.peer[0]) === value;
  };
  return rows.filter((row) => (some ? tests.some((test) => holds(row, test)) : tests.every((test) => holds(row, test))));
}

/** ss lays addresses right and ports left of a colon, every column as narrow as its widest cell. */
function columns(rows: readonly Row[], netid: boolean, withoutState: boolean, bare: boolean): string {
  const heading: Row = { netid: 'Netid', state: 'State', receive: 'Recv-Q', send: 'Send-Q', local: ['Local Address', 'Port'], peer: ['Peer Address', 'Port'], owner: 'Process' };
  const lines = bare ? rows : [heading, ...rows];
  const width = (of: (row: Row) => string): number => Math.max(0, ...lines.map((row) => of(row).length));
  const [id, state, receive, send, local, localPort, peer, peerPort, owner] = [width((row) => row.netid), width((row) => row.state), width((row) => row.receive), width((row) => row.send), width((row) => row.local[0]), width((row) => row.local[1]), width((row) => row.peer[0]), width((row) => row.peer[1]), width((row) => row.owner)];
  return lines.map((row) => `${netid ? `${row.netid.padEnd(id)} ` : ''}${withoutState ? '' : `${row.state.padEnd(state)} `}${row.receive.padEnd(receive)} ${row.send.padEnd(send)} ${row.local[0].padStart(local)}:${row.local[1].padEnd(localPort)} ${row.peer[0].padStart(peer)}:${row.peer[1].padEnd(peerPort)}${row.owner.padEnd(owner)}\n`).join('');
}

function netstat(rows: readonly Row[], onlyServers: boolean, beside: { readonly meanings: readonly string[] }): Answer {
  const plain = (ip: string): string => ip.replace(/^\[|\]$/g, '');
  const body = rows.map((row) => {
    const proto = row.local[0].startsWith('[') ? `${row.netid}6` : row.netid;
    const state = row.state === 'UNCONN' ? '' : row.state.replace('TIME-WAIT', 'TIME_WAIT');
    return `${proto.padEnd(5)} ${'0'.padStart(6)} ${'0'.padStart(6)} ${`${plain(row.local[0])}:${row.local[1]}`.padEnd(23)} ${`${plain(row.peer[0])}:${row.peer[1]}`.padEnd(23)} ${state.padEnd(11)} \n`;
  }).join('');
  return printed(`Active Internet connections (${onlyServers ? 'only servers' : 'w/o servers'})\nProto Recv-Q Send-Q Local Address           Foreign Address         State      \n${body}`, beside);
}

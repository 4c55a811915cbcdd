// traceroute and tracepath at a place: the nodes on the way, read from the trace of one packet.
import { parseAddress } from '../../sim/base/address.ts';
import type { Trace, Walk } from '../../sim/model/trace.ts';
import { both, failed } from '../command.ts';
import type { Answer, Call, Inside } from '../command.ts';
import { askNetwork, dialled, errnoOf, targetOf } from './ask-network.ts';
import { hasBusybox } from './images.ts';
import { insideOf } from './inside.ts';
import { interfacesAt, nodeAt } from './interfaces.ts';

interface Step { readonly ip: string; readonly last: boolean }

/** Who would answer a packet whose time is over, in order; `null` for silence from there on. */
function stepsOf(call: Call, trace: Trace, walk: Walk, inside: Inside): readonly (Step | null)[] {
  const { nodes } = call.lab.network;
  const steps: (Step | null)[] = [];
  const seen = new Set<string>();
  const own = inside.from.kind === 'node' ? inside.from.name : null;
  for (const hop of walk.hops) {
    if (hop.stage === 'lookup' || hop.at.kind !== 'node' || seen.has(hop.at.name) || hop.at.name === own) continue;
    seen.add(hop.at.name);
    const node = nodes.find((one) => hop.at.kind === 'node' && one.name === hop.at.name);
    if (node === undefined) continue;
    // The pod's own node answers by the bridge, or by its own address where pods have none in common.
    const bridge = node.interfaces.find(({ kind }) => kind === 'bridge')?.addresses.find((cidr) => !cidr.includes(':'))?.replace(/\/.*$/, '');
    const first = nodeAt(call.lab, inside)?.name === node.name && inside.pod !== null;
    const tunnel = node.interfaces.find(({ kind }) => kind === 'tunnel')?.addresses[0]?.replace(/\/.*$/, '');
    steps.push({ ip: first ? bridge ?? node.internal[0] ?? '' : tunnel ?? node.internal[0] ?? '', last: false });
  }
  const reached = walk.verdict === 'delivered' || walk.verdict === 'refused' || walk.verdict === 'http-error';
  const target = dialled(trace);
  if (reached && steps.at(-1)?.ip !== target) steps.push({ ip: target, last: true });
  else if (!reached) steps.push(null);
  return steps;
}

export function traceroute(call: Call): Answer {
  const inside = insideOf(call);
  const busybox = hasBusybox(inside.image);
  let most = 30;
  let probes = 3;
  let numeric = false;
  let tcp = false;
  let icmp = false;
  let port: number | null = null;
  const rest: string[] = [];
  for (let index = 0; index < call.args.length; index++) {
    const word = call.args[index] ?? '';
    if (!/^-./.test(word)) { rest.push(word); continue; }
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      if ('mqwpfsizNtgl'.includes(letter)) {
        const value = at + 1 < word.length ? word.slice(at + 1) : call.args[++index] ?? '';
        if (letter === 'm') most = Math.min(30, Math.max(1, Number(value) || 30));
        if (letter === 'q') probes = Math.min(10, Math.max(1, Number(value) || 3));
        if (letter === 'p') port = Number(value) || null;
        break;
      }
      if (letter === 'n') numeric = true;
      else if (letter === 'T') tcp = true;
      else if (letter === 'I') icmp = true;
      else if (!'46FUdrevA'.includes(letter)) return failed(`Bad option \`-${letter}' (argc 1)`, 2);
    }
  }
  const [host] = rest;
  if (host === undefined) return failed('Usage:\n  traceroute [ -46dFITnreAUDV ] [ -f first_ttl ] [ -i device ] [ -m max_ttl ] [ -p port ] [ -w MAX,HERE,NEAR ] [ -q nqueries ] host [ packetlen ]', 0);
  const { trace, walk, sent } = askNetwork(call, inside, tcp ? targetOf('tcp', host, port ?? 80) : icmp ? targetOf('icmp', host, null) : targetOf('udp', host, port ?? 33_434));
  const beside = { traces: [trace], sent: [sent], meanings: ['exec traceroute'] };
  if (walk.verdict === 'name-not-found' || walk.verdict === 'dns-failure') {
    const why = walk.verdict === 'name-not-found' ? 'Name or service not known' : 'Temporary failure in name resolution';
    return busybox ? both('', `traceroute: bad address '${host}'`, 1, beside) : both('', `${host}: ${why}\nCannot handle "host" cmdline arg \`${host}' on position 1 (argc 1)`, 2, beside);
  }
  const address = dialled(trace);
  const heading = `traceroute to ${host} (${address}), ${most} hops max, ${busybox ? 46 : 60} byte packets\n`;
  if (errnoOf(walk) === 'Network is unreachable') return both(busybox ? heading : '', busybox ? 'traceroute: sendto: Network is unreachable' : 'connect: Network is unreachable', 1, beside);
  const steps = stepsOf(call, trace, walk, inside);
  const lines: string[] = [];
  for (let ttl = 1; ttl <= most; ttl++) {
    const step = steps[Math.min(ttl - 1, steps.length - 1)] ?? null;
    if (step === null) { lines.push(`${String(ttl).padStart(2)}  ${Array.from({ length: probes }, () => '*').join(busybox ? '  ' : ' ')}\n`); continue; }
    const times = Array.from({ length: probes }, (_unused, index) => `0.${String(ttl * 97 + index * 11).padStart(3, '0')} ms`).join('  ');
    lines.push(`${String(ttl).padStart(2)}  ${step.ip}${numeric ? '' : ` (${step.ip})`}  ${times}\n`);
    if (step.last || ttl >= steps.length) break;
  }
  return both(heading + lines.join(''), '', 0, { ...beside, seconds: steps.includes(null) ? most * 5 : 0.01 });
}

/** `tracepath [-n] HOST`: the same way with the largest packet that each link carries. */
export function tracepath(call: Call): Answer {
  const inside = insideOf(call);
  const most = Number(/-m\s*(\d+)/.exec(call.args.join(' '))?.[1] ?? 30);
  const host = call.args.find((word, index) => !word.startsWith('-') && !['-m', '-l', '-p'].includes(call.args[index - 1] ?? ''));
  if (host === undefined) return failed('Usage\n  tracepath [options] <destination>', 1);
  const uplink = interfacesAt(call.lab, inside).find(({ kind }) => kind === 'ether')?.mtu ?? 1500;
  // A packet as big as the first link carries, which nobody may cut, finds the narrowest link.
  const probe = (size: number): ReturnType<typeof askNetwork> => askNetwork(call, inside, targetOf('udp', host, 44_444), { size: size - 28, dontFragment: true });
  let asked = probe(uplink);
  const { trace, sent } = asked;
  const beside = { traces: [trace], sent: [sent], meanings: ['exec tracepath'] };
  if (asked.walk.verdict === 'name-not-found' || asked.walk.verdict === 'dns-failure') return both('', `tracepath: ${host}: ${asked.walk.verdict === 'name-not-found' ? 'Name or service not known' : 'Temporary failure in name resolution'}`, 1, beside);
  const address = dialled(trace);
  let out = ` 1?: [LOCALHOST]                      pmtu ${uplink}\n`;
  let pmtu = uplink;
  const told = asked.walk.mtu;
  const steps = stepsOf(call, trace, askNetwork(call, inside, targetOf('udp', host, 44_444)).walk, inside);
  const shown = (step: Step): string => step.ip;
  let count = 0;
  for (const [index, step] of steps.entries()) {
    const ttl = index + 1;
    if (ttl > most) break;
    count = ttl;
    if (step === null) {
      for (let silent = ttl; silent <= most; silent++) out += `${String(silent).padStart(2)}:  no reply\n`;
      return both(`${out}     Too many hops: pmtu ${pmtu}\n     Resume: pmtu ${pmtu} \n`, '', 0, { ...beside, seconds: (most - ttl) * 3 });
    }
    if (told !== undefined && told.saidBy !== null && told.bytes < pmtu && (step.ip === told.saidBy || index === steps.length - 1)) {
      pmtu = told.bytes;
      out += `${String(ttl).padStart(2)}:  ${told.saidBy.padEnd(53)} 0.032ms pmtu ${pmtu}\n`;
      asked = probe(pmtu);
    }
    out += `${String(ttl).padStart(2)}:  ${shown(step).padEnd(53)} 0.0${30 + ttl}ms ${step.last ? 'reached' : ''}\n`;
  }
  // A link that swallows what is too big and says nothing: no reply at that size.
  if (asked.walk.verdict === 'timeout' || asked.walk.verdict === 'hang') {
    const lines = out.split('\n').filter((line) => !line.includes('reached'));
    return both(`${lines.join('\n')}${Array.from({ length: Math.max(0, most - count + 1) }, (_unused, index) => `${String(count + index).padStart(2)}:  no reply\n`).join('')}     Too many hops: pmtu ${pmtu}\n     Resume: pmtu ${pmtu} \n`, '', 0, beside);
  }
  const last = parseAddress(address) === undefined ? '' : ` hops ${count} back ${count} `;
  return both(`${out}     Resume: pmtu ${pmtu}${last}\n`, '', 0, beside);
}

// ping at a place: iputils' or BusyBox'.
import { both, failed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { askNetwork, targetOf } from './ask-network.ts';
import { busyboxVersion, hasBusybox } from './images.ts';
import { insideOf } from './inside.ts';
import { interfacesAt } from './interfaces.ts';
import { busyboxPing, pingSays } from './ping-says.ts';

const most = 100;

export function ping(call: Call): Answer {
  const inside = insideOf(call);
  const busybox = hasBusybox(inside.image);
  let count: number | null = null;
  let interval = 1;
  let wait: number | null = null;
  let deadline: number | null = null;
  let size = 56;
  let quiet = false;
  let numeric = false;
  let whole = false;
  let family: 4 | 6 | null = call.name === 'ping6' ? 6 : null;
  const rest: string[] = [];
  const usage = busybox ? `${busyboxVersion(inside.image)}\n\nUsage: ping [OPTIONS] HOST\n\nSend ICMP ECHO_REQUESTs to HOST` : '';
  for (let index = 0; index < call.args.length; index++) {
    const word = call.args[index] ?? '';
    if (!/^-./.test(word)) { rest.push(word); continue; }
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      if (letter === 'q') quiet = true;
      else if (letter === 'n') numeric = true;
      else if (letter === '4' || letter === '6') family = letter === '4' ? 4 : 6;
      else if ('cWwistIMpQ'.includes(letter)) {
        const value = at + 1 < word.length ? word.slice(at + 1) : call.args[++index];
        if (value === undefined) return failed(`ping: option requires an argument -- '${letter}'${busybox ? `\n${usage}` : ''}`, busybox ? 1 : 2);
        if ('cWwis'.includes(letter) && !/^\d+(\.\d+)?$/.test(value)) return failed(busybox ? `ping: invalid number '${value}'` : `ping: invalid argument: '${value}'`);
        if (letter === 'c') {
          if (Number(value) < 1 && !busybox) return failed(`ping: invalid argument: '${value}': out of range: 1 <= value <= 9223372036854775807`);
          count = Math.min(most, Math.max(1, Number(value)));
        } else if (letter === 'W') wait = Number(value);
        else if (letter === 'w') deadline = Math.min(most, Number(value));
        else if (letter === 'i') interval = Math.max(0.002, Number(value));
        else if (letter === 's') {
          if (Number(value) > 65_507) return failed(`ping: invalid argument: '${value}': out of range: 0 <= value <= 127992`);
          size = Number(value);
        } else if (letter === 'M') {
          if (!['do', 'dont', 'want', 'probe'].includes(value)) return failed(`ping: invalid -M argument: ${value}`, 2);
          whole = value === 'do';
        } else if (letter === 't' && !/^\d+$/.test(value)) return failed(`ping: invalid argument: '${value}'`);
        break;
      } else if (!(busybox ? 'Av' : 'aAbBdDfhLORUvV').includes(letter)) return failed(`ping: invalid option -- '${letter}'\n${busybox ? usage : '\nUsage\n  ping [options] <destination>\n\nFor more details see ping(8).'}`, busybox ? 1 : 2);
    }
  }
  const [host] = rest;
  if (host === undefined) return failed(busybox ? usage : 'ping: usage error: Destination address required');
  if (host === '255.255.255.255' && !busybox) return failed('ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules', 2);
  // Without -c a real ping goes on until Ctrl-C; the lab stops after four.
  const shots = count ?? (deadline === null ? 4 : Math.max(1, Math.floor(deadline / interval)));
  const big = size > 56 || whole;
  const { trace, walk, sent } = askNetwork(call, inside, targetOf('icmp', host, null), { times: shots, limit: wait, ...(big ? { size } : {}), ...(whole ? { dontFragment: true } : {}) });
  const beside = { traces: [trace], sent: [sent], meanings: ['exec ping'] };
  const addresses = trace.lookup?.addresses ?? [];
  if (family !== null && addresses.length > 0 && !addresses.some((ip) => ip.includes(':') === (family === 6))) {
    return both('', busybox ? `ping: bad address '${host}'` : `ping: ${host}: Address family for hostname not supported`, busybox ? 1 : 2, beside);
  }
  const mtu = interfacesAt(call.lab, inside).find(({ kind }) => kind === 'ether')?.mtu ?? 1500;
  const how = { count: shots, interval, wait, deadline, size, quiet, numeric, whole, mtu };
  const end = busybox ? busyboxPing(trace, walk, how, inside) : pingSays(trace, walk, how);
  return both(count === null && deadline === null && end.out.includes('\n--- ') ? end.out.replace('\n--- ', '^C\n--- ') : end.out, end.err, end.status, { ...beside, seconds: end.seconds });
}

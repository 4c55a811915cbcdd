// nc in a pod: `nc -zv -w N HOST PORT`, netcat of OpenBSD; BusyBox' own where the image has only that.
import type { Trace } from '../../sim/model/trace.ts';
import { both, failed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { hasBusybox } from './images.ts';
import { insideOf } from './inside.ts';
import { askNetwork, dialled, errnoOf, targetOf } from './ask-network.ts';
import { ncSays } from './nc-says.ts';

export function nc(call: Call): Answer {
  const inside = insideOf(call);
  let udp = false;
  let verbose = false;
  let zero = false;
  let limit: number | null = null;
  const rest: string[] = [];
  for (let index = 0; index < call.args.length; index++) {
    const word = call.args[index] ?? '';
    if (!/^-./.test(word)) { rest.push(word); continue; }
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      if (letter === 'u') udp = true;
      else if (letter === 'v') verbose = true;
      else if (letter === 'z') zero = true;
      else if (letter === 'w' || letter === 'q' || letter === 'i') {
        const value = at + 1 < word.length ? word.slice(at + 1) : call.args[++index] ?? '';
        if (!/^\d+$/.test(value)) return failed(`nc: timeout value is invalid: ${value}`);
        if (letter === 'w') limit = Number(value);
        break;
      } else if (letter === 'l') return failed('nc: the lab\'s nc does not listen: what a pod listens on stands in its manifest', 1);
      else if (letter !== 'n' && letter !== '4' && letter !== 'N') return failed(`nc: invalid option -- '${letter}'\nusage: nc [-46CDdFhklNnrStUuvZz] [-w timeout] [destination] [port]`);
    }
  }
  const [host, ports] = rest;
  if (host === undefined || ports === undefined) return failed('usage: nc [-46CDdFhklNnrStUuvZz] [-w timeout] [destination] [port]');
  const span = /^(\d+)(?:-(\d+))?$/.exec(ports);
  const [first, last] = [Number(span?.[1] ?? NaN), Number(span?.[2] ?? span?.[1] ?? NaN)];
  if (span === null || first < 1 || last > 65535) return failed(`nc: port number ${/^\d+$/.test(ports) ? 'too large' : 'invalid'}: ${ports}`);
  if (last - first > 99) return failed('nc: the lab\'s nc tries at most 100 ports');
  const traces: Trace[] = [];
  let text = '';
  let out = '';
  let status = 1;
  for (let port = first; port <= last; port++) {
    const { trace, walk } = askNetwork({ ...call, turn: `${call.turn}.${port}` }, inside, targetOf(udp ? 'udp' : 'tcp', host, port));
    traces.push(trace);
    if (hasBusybox(inside.image)) {
      const said = busyboxSays(trace, walk, limit);
      text += said.text;
      status = said.status;
      continue;
    }
    const said = ncSays(trace, walk, limit);
    if (said.status === 0) status = 0;
    // Without -v nc says nothing of a connection, or of one that failed.
    if (verbose || said.text.startsWith('nc: getaddrinfo')) text += said.text;
    if (!zero && said.status === 0 && walk.body !== null) out = '';
    if (said.text.startsWith('nc: getaddrinfo')) break;
  }
  return both(out, text, status, { traces, meanings: ['exec nc'] });
}

function busyboxSays(trace: Trace, walk: Trace['shown'], limit: number | null): { readonly status: number; readonly text: string } {
  const { host, port } = trace.request.to;
  if (walk.verdict === 'name-not-found' || walk.verdict === 'dns-failure') return { status: 1, text: `nc: bad address '${host}'\n` };
  const errno = errnoOf(walk);
  const where = `${host} (${dialled(trace)}:${port ?? 0})`;
  if (errno === null) return { status: 0, text: `${where} open\n` };
  if (errno === 'Connection timed out' && limit !== null) return { status: 1, text: 'nc: timed out\n' };
  return { status: 1, text: `nc: ${where}: ${errno === 'Connection timed out' ? 'Operation timed out' : errno}\n` };
}

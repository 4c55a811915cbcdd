// nc at a place: netcat of OpenBSD, or BusyBox' own where the image has only that.
import type { Target } from '../../sim/model/request.ts';
import type { Trace, Walk } from '../../sim/model/trace.ts';
import { both, failed } from '../command.ts';
import type { Answer, Call, Inside } from '../command.ts';
import type { Sent } from '../session.ts';
import { askNetwork, errnoOf, errnoText, kernelGivesUp, lookupSeconds, targetOf, went } from './ask-network.ts';
import { busyboxVersion, hasBusybox } from './images.ts';
import { insideOf } from './inside.ts';
import { ncSays, portNumbers } from './nc-says.ts';

const usage = `usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]
\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]
\t  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]
\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]
\t  [destination] [port]`;

interface Options { udp: boolean; verbose: number; zero: boolean; limit: number | null; family: 4 | 6 | null; numeric: boolean; rest: string[] }

const valued = 'wqipsIMmOPTVWXxe';

function optionsOf(call: Call, busybox: boolean): Options | string {
  const options: Options = { udp: false, verbose: 0, zero: false, limit: null, family: null, numeric: false, rest: [] };
  for (let index = 0; index < call.args.length; index++) {
    const word = call.args[index] ?? '';
    if (!/^-./.test(word)) { options.rest.push(word); continue; }
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      if (letter === 'u') options.udp = true;
      else if (letter === 'v') options.verbose += 1;
      else if (letter === 'z') options.zero = true;
      else if (letter === '4' && !busybox) options.family = 4;
      else if (letter === '6' && !busybox) options.family = 6;
      else if (letter === 'n') options.numeric = true;
      else if (letter === 'l') return 'nc: the lab\'s nc does not listen: what a pod listens on stands in its manifest';
      else if (valued.includes(letter)) {
        const value = at + 1 < word.length ? word.slice(at + 1) : call.args[++index] ?? '';
        if ('wqi'.includes(letter) && !/^\d+$/.test(value)) return letter === 'w' ? `nc: timeout invalid: ${value}` : `nc: ${letter === 'i' ? 'interval' : 'quit timer'} invalid: ${value}`;
        if (letter === 'w') options.limit = Number(value);
        break;
      } else if (!(busybox ? 'nr' : 'CDdFhkNrStUZ').includes(letter)) return `nc: invalid option -- '${letter}'`;
    }
  }
  return options;
}

export function nc(call: Call): Answer {
  const inside = insideOf(call);
  const busybox = hasBusybox(inside.image);
  const help = busybox ? `${busyboxVersion(inside.image)}\n\nUsage: nc [OPTIONS] HOST PORT  - connect\nnc [OPTIONS] -l -p PORT [HOST] [PORT]  - listen` : usage;
  const options = optionsOf(call, busybox);
  if (typeof options === 'string') return failed(options.includes('invalid option') ? `${options}\n${help}` : options);
  const [host, ports] = options.rest;
  if (host === undefined) return failed(help);
  if (ports === undefined) return failed(busybox ? help : 'nc: missing port number');
  const named = Object.hasOwn(portNumbers, ports) ? String(portNumbers[ports]) : ports;
  const span = /^(\d+)(?:-(\d+))?$/.exec(named);
  const [first, last] = [Number(span?.[1] ?? NaN), Number(span?.[2] ?? span?.[1] ?? NaN)];
  if (busybox && (span === null || span[2] !== undefined || first > 65_535)) return failed(`nc: bad port '${ports}'`);
  if (span === null || first < 1 || last > 65_535) return failed(span === null ? `nc: service "${ports}" unknown` : `nc: port number ${first < 1 ? 'too small' : 'too large'}: ${first < 1 ? ports : last > 65_535 ? String(last) : ports}`);
  if (last - first > 99) return failed('nc: the lab\'s nc tries at most 100 ports');
  const traces: Trace[] = [];
  const sent: Sent[] = [];
  let text = '';
  let out = '';
  let status = 1;
  let seconds = 0;
  for (let port = first; port <= last; port++) {
    const http = sentRequest(call, options);
    const asked = ask({ ...call, turn: `${call.turn}.${port}`, clock: call.clock + seconds }, inside, options, targetOf(options.udp ? 'udp' : 'tcp', host, port), http);
    const { trace, walk } = asked;
    traces.push(trace);
    sent.push(asked.sent);
    const errno = errnoOf(walk);
    const took = walk.verdict === 'timeout' && !options.udp ? Math.min(options.limit ?? Infinity, kernelGivesUp) : Math.min(options.limit ?? Infinity, walk.elapsed ?? 0);
    seconds += lookupSeconds(trace) + took;
    if (!options.zero && !options.udp && errno === null && http && walk.body !== null) out += `HTTP/1.0 ${walk.status ?? 200} OK\r\n\r\n${walk.body}`;
    if (busybox) {
      const said = busyboxSays(trace, walk, options, inside);
      text += said.text;
      status = said.status;
      continue;
    }
    const noFamily = options.family !== null && trace.lookup !== null && trace.lookup.addresses.length > 0 && !trace.lookup.addresses.some((ip) => ip.includes(':') === (options.family === 6));
    if (noFamily) return both('', `nc: getaddrinfo for host "${host}" port ${port}: No address associated with hostname\n`, 1, { traces, sent, seconds, meanings: ['exec nc'] });
    const said = ncSays(trace, walk, options.limit, inside);
    if (said.status === 0) status = 0;
    // Without -v nc says nothing of a connection, or of one that failed.
    const unresolved = said.text.startsWith('nc: getaddrinfo');
    if (options.verbose > 0 || unresolved) text += options.numeric ? said.text.replace(/\[(tcp|udp)\/[^\]]*\]/, '[$1/*]') : said.text;
    if (unresolved) break;
    // Without -z the first port that answers is talked to.
    if (!options.zero && said.status === 0) break;
  }
  return both(out, text, status, { traces, sent, seconds, meanings: ['exec nc'] });
}

/** A request that is typed into nc: HTTP answers it. */
const sentRequest = (call: Call, options: Options): boolean => !options.zero && /^(GET|HEAD|POST) /.test(call.stdin ?? '');

function ask(call: Call, inside: Inside, options: Options, target: Target, http: boolean): ReturnType<typeof askNetwork> {
  const path = /^[A-Z]+ (\S+)/.exec(call.stdin ?? '')?.[1] ?? '';
  return askNetwork(call, inside, http ? { ...targetOf('http', target.host, target.port, path) } : target, { limit: options.limit });
}

function busyboxSays(trace: Trace, walk: Walk, options: Options, inside: Inside): { readonly status: number; readonly text: string } {
  const { host, port } = trace.request.to;
  if (walk.verdict === 'name-not-found' || walk.verdict === 'dns-failure') return { status: 1, text: `nc: bad address '${host}'\n` };
  const errno = errnoOf(walk);
  const where = `${host} (${went(trace, walk)}:${port ?? 0})`;
  // Nothing tells a datagram that arrived from one that was dropped.
  if (errno === null || (options.udp && errno === 'Connection timed out')) return { status: 0, text: options.verbose > 0 ? `${where} open\n` : '' };
  const late = options.limit !== null && (errno === 'Connection timed out' ? kernelGivesUp : walk.elapsed ?? 0) > options.limit;
  if (late) return { status: 1, text: 'nc: timed out\n' };
  // A refusal is no news to one -v: it is what a scan finds.
  if (options.verbose === 0 || (options.verbose === 1 && errno === 'Connection refused')) return { status: 1, text: '' };
  return { status: 1, text: `nc: ${where}: ${errnoText(errno, inside)}\n` };
}

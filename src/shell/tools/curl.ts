// curl at a place: one URL after the other, redirects followed and failures tried again where the options say so; the words are those of curl-says.ts and curl-verbose.ts.
import { hostText, parseAddress } from '../../sim/base/address.ts';
import type { HttpRequest, Request, Target } from '../../sim/model/request.ts';
import type { Trace } from '../../sim/model/trace.ts';
import { failed, printed } from '../command.ts';
import type { Answer, Call, Inside, Piece } from '../command.ts';
import { writeFile } from '../files.ts';
import type { Sent } from '../session.ts';
import { askNetwork } from './ask-network.ts';
import { certificateAt } from './certificate.ts';
import { curlOptions } from './curl-options.ts';
import type { CurlOptions } from './curl-options.ts';
import { curlSays } from './curl-says.ts';
import type { CurlEnd } from './curl-says.ts';
import { globbed, urlTarget } from './curl-url.ts';
import { methodOf, verboseEnd, verboseStart } from './curl-verbose.ts';
import type { Told } from './curl-verbose.ts';
import { writeOut } from './curl-write-out.ts';
import { answerHeaders, headerOf, phrase } from './http-words.ts';
import { insideOf } from './inside.ts';

/** One transfer: where it goes, and what came of it. */
interface Transfer { readonly told: Told; readonly sent: Sent }

export function curl(call: Call): Answer {
  const inside = insideOf(call);
  if (call.args.some((word) => word === '--version' || word === '-V')) return printed('curl 8.10.1 (x86_64-pc-linux-gnu) libcurl/8.10.1 OpenSSL/3.0.19 zlib/1.3.1 nghttp2/1.64.0\nRelease-Date: 2024-09-18\nProtocols: http https telnet\nFeatures: AsynchDNS HTTP2 HTTPS-proxy IPv6 libz SSL\n');
  const options = curlOptions(call.args);
  if ('says' in options) return failed(`curl: ${options.says}`, options.status);
  if (options.urls.length === 0) return failed(call.args.length === 0 ? "curl: try 'curl --help' or 'curl --manual' for more information" : "curl: (2) no URL specified\ncurl: try 'curl --help' or 'curl --manual' for more information", 2);
  const bad = options.resolve.find((entry) => !/^[-+]?(?:\*|[^:]+):\d+(?::.+)?$|^-[^:]+:\d+$/.test(entry));
  const output: Piece[] = [];
  const traces: Trace[] = [];
  const sent: Sent[] = [];
  let { files } = call;
  let status = 0;
  let seconds = 0;
  let number = 0;
  const complains = !options.silent || options.showError;
  const complain = (text: string): void => { if (complains) output.push({ stream: 'err', text: `curl: ${text}\n` }); };
  let before: Transfer | null = null;
  for (const url of options.urls) {
    const urls = options.globoff ? [url] : url === '' ? [] : globbed(url);
    if (url === '') {
      complain("option : blank argument where content is expected\ncurl: try 'curl --help' or 'curl --manual' for more information");
      return { kind: 'done', status: 2, output };
    }
    if ('error' in urls) {
      status = urls.status;
      complain(`(${urls.status}) ${urls.error}`);
      continue;
    }
    for (const one of urls) {
      if (bad !== undefined) {
        status = 49;
        complain(`(49) Couldn't parse CURLOPT_RESOLVE entry '${bad}'`);
        continue;
      }
      const transferred = transfer({ ...call, sent: [...call.sent, ...sent], clock: call.clock + seconds }, inside, options, one, number, before);
      if ('error' in transferred) {
        status = transferred.status;
        complain(`(${transferred.status}) ${transferred.error}`);
        continue;
      }
      for (const { told, sent: remembered } of transferred.transfers) {
        traces.push(told.trace);
        sent.push(remembered);
        seconds += told.end.seconds ?? 0;
      }
      const last = transferred.transfers.at(-1);
      if (last === undefined) continue;
      before = last;
      status = transferred.status;
      for (const piece of transferred.pieces) {
        if (piece.to === 'out' || piece.to === 'err') {
          output.push({ stream: piece.to, text: piece.text });
          continue;
        }
        const written = writeFile({ files, inside }, piece.to, piece.text, false);
        if (typeof written === 'string') {
          status = 23;
          complain(`(23) client returned ERROR on write, ${piece.text.length} was not ${piece.text.length}: ${written}`);
        } else files = written;
      }
      number += 1;
    }
  }
  return { kind: 'done', status, output, traces, sent, seconds, files, meanings: ['exec curl'] };
}

type Written = { readonly to: 'out' | 'err'; readonly text: string } | { readonly to: string; readonly text: string };

interface Transferred { readonly transfers: readonly Transfer[]; readonly pieces: readonly Written[]; readonly status: number }

/** What goes beyond the URL; absent where nothing does. */
function httpOf(options: CurlOptions, method: string, user: string | null): HttpRequest | undefined {
  const headers = options.headers.flatMap((header): readonly (readonly [string, string])[] => {
    const colon = header.indexOf(':');
    return colon < 1 || header.slice(colon + 1).trim() === '' ? [] : [[header.slice(0, colon).trim().toLowerCase(), header.slice(colon + 1).trim()]];
  });
  const basic = options.user ?? user;
  const all = Object.fromEntries([...headers, ...(options.agent === null ? [] : [['user-agent', options.agent] as const]), ...(options.cookie === null ? [] : [['cookie', options.cookie] as const]), ...(basic === null ? [] : [['authorization', `Basic ${btoa(basic)}`] as const])]);
  return method === 'GET' && Object.keys(all).length === 0 ? undefined : { method, headers: all };
}

/** `--resolve` and `--connect-to`: where the connection goes; `fails` where the name that it is sent to is unknown. */
function wayOf(options: CurlOptions, target: Target): { readonly dialled: Request['dialled']; readonly instead: Told['instead'] } {
  for (const entry of options.connectTo) {
    const match = /^(\[[^\]]*\]|[^:]*):(\d*):(\[[^\]]*\]|[^:]*):(\d*)$/.exec(entry);
    if (match === null || (match[1] !== '' && match[1]?.toLowerCase() !== hostText(target.host).toLowerCase()) || (match[2] !== '' && Number(match[2]) !== target.port)) continue;
    const host = (match[3] === '' ? target.host : match[3] ?? '').replace(/^\[|\]$/g, '');
    return { dialled: undefined, instead: { host, port: match[4] === '' ? target.port ?? 0 : Number(match[4]), addresses: [] } };
  }
  for (const entry of options.resolve) {
    const match = /^\+?([^:]+):(\d+):(.+)$/.exec(entry);
    if (match === null || (match[1] !== '*' && match[1]?.toLowerCase() !== target.host.toLowerCase()) || Number(match[2]) !== target.port) continue;
    const ip = (match[3] ?? '').split(',')[0]?.replace(/^\[|\]$/g, '') ?? '';
    return { dialled: { ip, port: target.port }, instead: null };
  }
  return { dialled: undefined, instead: null };
}

function transfer(call: Call, inside: Inside, options: CurlOptions, url: string, number: number, before: Transfer | null): Transferred | { readonly status: number; readonly error: string } {
  const read = urlTarget(options.asQuery && options.data.length > 0 ? `${url}${url.includes('?') ? '&' : /^[^/]*\/\/[^/]*$/.test(url) || !url.includes('/') ? '/?' : '?'}${options.data.join('&')}` : url);
  if ('error' in read) return read;
  const transfers: Transfer[] = [];
  const pieces: Written[] = [];
  const say = (to: string, text: string): void => { if (text !== '') pieces.push({ to, text }); };
  const saving = options.outputs[number] ?? (options.remoteName ? url.replace(/[?#].*$/, '').replace(/^.*\//, '') || 'curl_response' : null);
  const meter = !options.silent && options.meter && (!inside.terminal || saving !== null);
  let target = read.target;
  let method = methodOf(options);
  let redirects = 0;
  let tries = 0;
  let last = before;
  for (;;) {
    const turn = `${call.turn}.${number}.${transfers.length}`;
    const asked = attempt({ ...call, turn }, inside, options, target, method, read.user, number, last);
    const { told } = asked;
    last = asked;
    transfers.push(asked);
    const { end, walk } = told;
    const again = tries < options.retry && retryable(options, end);
    const location = options.location && !again && end.code >= 300 && end.code < 400 ? headerOf(walk, 'location') : null;
    const next = location === null ? null : urlTarget(absolute(location, target));
    const tooMany = next !== null && redirects >= options.maxRedirects && options.maxRedirects >= 0;
    const follows = next !== null && !('error' in next) && !tooMany;
    const finished: CurlEnd = tooMany ? { ...end, status: 47, message: `(47) Maximum (${options.maxRedirects}) redirects followed` } : end;
    const headers = end.code === 0 ? '' : `${[`HTTP/1.1 ${end.code} ${phrase(end.code)}`, ...answerHeaders(walk).map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`;
    if (options.verbose) say('err', verboseStart(told));
    if (meter && transfers.length === 1) say('err', `  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n`);
    if (meter) say('err', progress(end));
    if (options.verbose) say('err', follows ? verboseEnd({ ...told, end: { ...end, body: '' } }).replace(/^< \n/m, '* Ignoring the response-body\n* setting size while ignoring\n< \n') : verboseEnd(told));
    if (options.dump !== null && headers !== '') say(options.dump === '-' ? 'out' : options.dump, headers);
    const reply = `${options.head || options.include ? headers : ''}${options.head || follows ? '' : end.body}`;
    const body = end.status === 22 && options.fail === 'with-body' ? `${options.include ? headers : ''}${walk.body ?? ''}` : end.status === 22 ? (options.include ? headers : '') : reply;
    if (end.code !== 0) say(saving === null || saving === '-' ? 'out' : saving, body);
    if (again) {
      tries += 1;
      if (!options.silent) say('err', `Warning: Problem : ${end.code >= 400 ? 'HTTP error' : end.status === 28 ? 'timeout' : 'connection refused'}. Will retry in ${options.retryDelay || 2 ** (tries - 1)} second${(options.retryDelay || 2 ** (tries - 1)) === 1 ? '' : 's'}. ${options.retry - tries + 1} ${options.retry - tries + 1 === 1 ? 'retry' : 'retries'} left.\n`);
      continue;
    }
    if (follows) {
      redirects += 1;
      if (options.verbose) say('err', `* Issue another request to this URL: '${absolute(location ?? '', target)}'\n`);
      // A POST becomes a GET, unless the status says that it must not or -X does.
      if (options.method === null && method === 'POST' && [301, 302, 303].includes(end.code)) method = 'GET';
      target = next.target;
      continue;
    }
    if (tooMany && options.verbose) say('err', `* Maximum (${options.maxRedirects}) redirects followed\n`);
    if (options.write !== null) for (const part of writeOut(options.write, { ...told, end: finished }, { count: redirects, url: urlShown(target), number })) say(part.stream, part.text);
    if (end.seconds === null) say('err', '^C\n');
    else if (finished.message !== null && (!options.silent || options.showError)) say('err', `curl: ${finished.message}\n${finished.more}`);
    return { transfers, pieces, status: finished.status };
  }
}

const urlShown = (target: Target): string => `${target.text}${target.path === '' && target.scheme !== 'tcp' ? '/' : ''}`;

function absolute(location: string, from: Target): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(location)) return location;
  const origin = /^[a-z]+:\/\/[^/]*/i.exec(from.text)?.[0] ?? from.text;
  if (location.startsWith('//')) return `${from.scheme}:${location}`;
  return location.startsWith('/') ? `${origin}${location}` : `${origin}${from.path.replace(/[^/]*$/, '') || '/'}${location}`;
}

/** Of what `--retry` tries again (curl's manual): timeouts, 408, 429, 500, 502, 503, 504; refused connections where it is told. */
const retryable = (options: CurlOptions, end: CurlEnd): boolean => end.status === 28 || end.seconds === null || [408, 429, 500, 502, 503, 504].includes(end.code) || (options.retryRefused && end.status === 7) || (options.retryAll && end.status !== 0);

function attempt(call: Call, inside: Inside, options: CurlOptions, target: Target, method: string, user: string | null, number: number, before: Transfer | null): Transfer {
  const way = wayOf(options, target);
  const limits = { total: options.total, connect: options.connect };
  const limit = options.total ?? options.connect;
  // An open connection to the same place serves the next URL as well: the proxy is not asked again.
  const same = before !== null && before.told.end.code !== 0 && before.told.end.status === 0 && before.told.trace.request.to.scheme === target.scheme && before.told.trace.request.to.host === target.host && before.told.trace.request.to.port === target.port && !options.haproxy;
  const asking = { http: httpOf(options, method, user), limit, ...(options.data.length > 0 && !options.asQuery ? { upload: options.data.join('&').length } : {}) };
  const ask = (to: Target, more: { readonly dialled?: Request['dialled'] }) => askNetwork(same ? { ...call, turn: before.sent.turn } : call, inside, to, { ...asking, ...more });
  let asked = ask(target, { dialled: way.dialled });
  let { instead } = way;
  if (way.instead !== null) {
    // The other name is looked up, and the URL's own stays in TLS and HTTP.
    const there = ask({ ...target, host: way.instead.host, port: way.instead.port }, {});
    const ip = parseAddress(way.instead.host) !== undefined ? way.instead.host : there.trace.lookup?.addresses[0];
    instead = { ...way.instead, addresses: there.trace.lookup?.addresses ?? [] };
    asked = ip === undefined ? there : ask(target, { dialled: { ip, port: way.instead.port } });
  } else if (options.family !== null && way.dialled === undefined) {
    const six = options.family === 6;
    const literal = parseAddress(target.host);
    const addresses = literal === undefined ? asked.trace.lookup?.addresses ?? [] : [target.host];
    const mine = addresses.filter((ip) => ip.includes(':') === six);
    if (addresses.length > 0 && mine.length === 0) {
      const end: CurlEnd = literal === undefined ? { status: 6, message: `(6) Could not resolve host: ${target.host}`, more: '', code: 0, body: '', seconds: 0, came: 'nowhere' } : { status: 7, message: '(7) Could not connect to server', more: '', code: 0, body: '', seconds: 0, came: 'nowhere' };
      return { told: { options, inside, trace: asked.trace, walk: asked.walk, end, number, reused: false, instead: null, certificate: certificateAt(call.lab, asked.walk, target.host) }, sent: { ...asked.sent, walk: null } };
    }
    const [first] = mine;
    if (first !== undefined && first !== addresses[0]) asked = ask(target, { dialled: { ip: first, port: target.port } });
  }
  const end = curlSays(asked.trace, asked.walk, limits, !options.insecure, options.fail !== 'no');
  return { told: { options: method === methodOf(options) ? options : { ...options, method }, inside, trace: asked.trace, walk: asked.walk, end, number: same ? before.told.number : before === null ? 0 : before.told.number + 1, reused: same, instead, certificate: certificateAt(call.lab, asked.walk, target.host) }, sent: asked.sent };
}

/** The last state of the meter; a real one writes every state over the one before. */
function progress(end: CurlEnd): string {
  const size = String(new TextEncoder().encode(end.body).length).padStart(5);
  if (end.code === 0 || end.body === '') return `  0     0    0     0    0     0      0      0 --:--:-- ${clock(end.seconds ?? 0)} --:--:--     0\n`;
  return `100 ${size}  100 ${size}    0     0      0      0 --:--:-- --:--:-- --:--:--     0\n`;
}

const clock = (seconds: number): string => (seconds < 1 ? '--:--:--' : ` ${Math.floor(seconds / 3600)}:${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}:${String(Math.floor(seconds) % 60).padStart(2, '0')}`);

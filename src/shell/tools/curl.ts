// curl in a pod: the options that people use against Services, the texts of curl-says.ts, the progress meter where no terminal is attached.
import { hostText, parseAddress } from '../../sim/base/address.ts';
import type { HttpRequest, Target } from '../../sim/model/request.ts';
import type { Trace, Walk } from '../../sim/model/trace.ts';
import { both, failed } from '../command.ts';
import type { Answer, Call, Piece } from '../command.ts';
import { insideOf } from './inside.ts';
import { askNetwork, dialled, errnoOf, targetOf } from './ask-network.ts';
import { curlSays } from './curl-says.ts';
import type { CurlEnd } from './curl-says.ts';

interface Options {
  silent: boolean; showError: boolean; verbose: boolean; head: boolean; include: boolean; insecure: boolean; fail: boolean;
  total: number | null; connect: number | null; output: string | null; write: string | null; method: string | null; headers: string[]; data: boolean; urls: string[];
}

/** Options without a value that change nothing that the lab shows. */
const quiet = new Set(['--location', '--compressed', '--http1.1', '--http2', '--ipv4', '--no-buffer', '--globoff', '--no-keepalive', '--disable', '--progress-bar', '--path-as-is', '--tcp-nodelay', '--no-progress-meter', '-L', '-4', '-N', '-g', '-q', '-#']);
/** Options with a value that change nothing that the lab shows. */
const quietValued = new Set(['--user-agent', '--user', '--cookie', '--retry', '--retry-delay', '--cacert', '--cert', '--key', '--referer', '--max-redirs', '--limit-rate', '-A', '-u', '-b', '-e', '-E']);
const unsupported = new Set(['--resolve', '--connect-to', '--interface', '--proxy', '-x', '--dns-servers', '--ipv6', '-6', '--unix-socket', '--config', '-K']);
const long: Readonly<Record<string, string>> = {
  '--silent': '-s', '--show-error': '-S', '--verbose': '-v', '--head': '-I', '--include': '-i', '--insecure': '-k', '--fail': '-f', '--max-time': '-m', '--output': '-o', '--write-out': '-w', '--request': '-X', '--header': '-H', '--data': '-d', '--data-raw': '-d', '--data-binary': '-d', '--json': '-d', '--fail-with-body': '-f', '--remote-name': '-O', '--form': '-d',
};

export function curl(call: Call): Answer {
  const inside = insideOf(call);
  if (call.args[0] === '--version' || call.args[0] === '-V') return both('curl 8.10.1 (x86_64-pc-linux-gnu) libcurl/8.10.1 OpenSSL/3.0.15 zlib/1.3.1\nProtocols: http https telnet\n', '', 0);
  const options = optionsOf(call.args);
  if (typeof options === 'string') return failed(`curl: ${options}`, 2);
  if (options.urls.length === 0) return failed('curl: (2) no URL specified', 2);
  const output: Piece[] = [];
  const traces: Trace[] = [];
  let status = 0;
  for (const [index, url] of options.urls.entries()) {
    const target = urlTarget(url);
    if ('error' in target) {
      status = target.status;
      if (!options.silent || options.showError) output.push({ stream: 'err', text: `curl: (${target.status}) ${target.error}\n` });
      continue;
    }
    const { trace, walk } = askNetwork({ ...call, turn: `${call.turn}.${index}` }, inside, target, httpOf(options));
    traces.push(trace);
    const end = curlSays(trace, walk, options, !options.insecure, options.fail);
    status = end.status;
    output.push(...printing(options, trace, walk, end, inside.terminal));
  }
  return { kind: 'done', status, output, traces, meanings: ['exec curl'] };
}

function optionsOf(args: readonly string[]): Options | string {
  const options: Options = { silent: false, showError: false, verbose: false, head: false, include: false, insecure: false, fail: false, total: null, connect: null, output: null, write: null, method: null, headers: [], data: false, urls: [] };
  const words = [...args];
  const unknown = (name: string): string => `option ${name}: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information`;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (!word.startsWith('-') || word === '-') { options.urls.push(word); continue; }
    if (unsupported.has(word)) return `the lab's curl has no ${word}`;
    if (quiet.has(word)) continue;
    if (quietValued.has(word)) { index += 1; continue; }
    if (word === '--url') { options.urls.push(words[++index] ?? ''); continue; }
    const letters = word.startsWith('--') ? (word === '--connect-timeout' ? word : long[word]) : word;
    if (letters === undefined) return unknown(word);
    if (letters === '--connect-timeout') {
      const seconds = secondsOf(words[++index]);
      if (seconds === null) return needs('--connect-timeout', words[index]);
      options.connect = seconds;
      continue;
    }
    for (let at = 1; at < letters.length; at++) {
      const letter = letters.charAt(at);
      const valued = 'mowXHd'.includes(letter) || quietValued.has(`-${letter}`);
      const value = valued ? (at + 1 < letters.length ? letters.slice(at + 1) : words[++index]) : undefined;
      if (valued && value === undefined) return `option ${word}: requires parameter\ncurl: try 'curl --help' or 'curl --manual' for more information`;
      switch (letter) {
        case 's': options.silent = true; break;
        case 'S': options.showError = true; break;
        case 'v': options.verbose = true; break;
        case 'I': options.head = true; break;
        case 'i': options.include = true; break;
        case 'k': options.insecure = true; break;
        case 'f': options.fail = true; break;
        case 'O': options.output = '-O'; break;
        case 'o': options.output = value ?? null; break;
        case 'w': options.write = value ?? null; break;
        case 'X': options.method = value ?? null; break;
        case 'H': options.headers.push(value ?? ''); break;
        case 'd': options.data = true; break;
        case 'm': {
          const seconds = secondsOf(value);
          if (seconds === null) return needs(word, value);
          options.total = seconds;
          break;
        }
        default:
          if (!quiet.has(`-${letter}`) && !quietValued.has(`-${letter}`)) return unsupported.has(`-${letter}`) ? `the lab's curl has no -${letter}` : unknown(word.startsWith('--') ? word : `-${letter}`);
      }
      if (valued) break;
    }
  }
  return options;
}

/** What goes beyond the URL; absent where nothing does. */
function httpOf(options: Options): HttpRequest | undefined {
  const headers = options.headers.flatMap((header): readonly (readonly [string, string])[] => {
    const colon = header.indexOf(':');
    return colon < 1 ? [] : [[header.slice(0, colon).trim().toLowerCase(), header.slice(colon + 1).trim()]];
  });
  const method = options.method ?? (options.head ? 'HEAD' : options.data ? 'POST' : 'GET');
  return method === 'GET' && headers.length === 0 ? undefined : { method, headers: Object.fromEntries(headers) };
}

const needs = (name: string, value: string | undefined): string =>
  value === undefined ? `option ${name}: requires parameter\ncurl: try 'curl --help' or 'curl --manual' for more information` : `option ${name}: expected a proper numerical parameter\ncurl: try 'curl --help' or 'curl --manual' for more information`;

const secondsOf = (text: string | undefined): number | null => (text !== undefined && /^\d+(\.\d+)?$/.test(text) ? (Number(text) === 0 ? null : Number(text)) : null);

/** A URL as curl reads it: http where no scheme stands. */
function urlTarget(url: string): Target | { readonly status: number; readonly error: string } {
  const match = /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?(?:[^/?#@]*@)?(\[[^\]]*\]|[^:/?#]*)(?::([^/?#]*))?([/?#].*)?$/s.exec(url);
  const scheme = (match?.[1] ?? 'http').toLowerCase();
  if (match === null) return { status: 3, error: 'URL rejected: Malformed input to a URL function' };
  if (scheme !== 'http' && scheme !== 'https' && scheme !== 'telnet') return { status: 1, error: `Protocol "${scheme}" not supported` };
  const host = (match[2] ?? '').replace(/^\[|\]$/g, '');
  if (host === '') return { status: 3, error: 'URL rejected: No host part in the URL' };
  if (/[\s<>"{}|\\^`]/.test(host) || ((match[2] ?? '').startsWith('[') && parseAddress(host) === undefined)) return { status: 3, error: 'URL rejected: Bad hostname' };
  const port = match[3] === undefined || match[3] === '' ? null : Number(match[3]);
  if (port !== null && (!Number.isInteger(port) || port < 0 || port > 65535)) return { status: 3, error: 'URL rejected: Port number was not a decimal number between 0 and 65535' };
  const path = (match[4] ?? '').replace(/#.*$/s, '');
  if (scheme === 'telnet') return targetOf('tcp', host, port ?? 23);
  return targetOf(scheme, host, port, path.startsWith('/') || path === '' ? path : `/${path}`);
}

function printing(options: Options, trace: Trace, walk: Walk, end: CurlEnd, terminal: boolean): readonly Piece[] {
  const pieces: Piece[] = [];
  const say = (stream: Piece['stream'], text: string): void => { if (text !== '') pieces.push({ stream, text }); };
  const headers = end.code === 0 ? '' : `HTTP/1.1 ${end.code} ${phrases[end.code] ?? ''}\r\nContent-Length: ${end.body.length}\r\n\r\n`;
  const meter = !options.silent && (!terminal || options.output !== null);
  if (options.verbose) say('err', beginning(options, trace, walk));
  if (meter) say('err', `  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n${progress(end)}`);
  if (options.verbose) say('err', ending(trace, end));
  const reply = `${options.head || options.include ? headers : ''}${options.head ? '' : end.body}`;
  if (end.code !== 0 && (options.output === null || options.output === '-')) say('out', reply);
  if (options.write !== null) say('out', writeOut(options.write, trace, walk, end));
  if (end.seconds === null) say('err', '^C\n');
  if (end.message !== null && (!options.silent || options.showError)) say('err', `curl: ${end.message}\n${end.more}`);
  return pieces;
}

const phrases: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 204: 'No Content', 301: 'Moved Permanently', 302: 'Found', 400: 'Bad Request', 403: 'Forbidden', 404: 'Not Found', 421: 'Misdirected Request', 500: 'Internal Server Error', 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Timeout' };

/** The last state of the meter; a real one writes every state over the one before. */
function progress(end: CurlEnd): string {
  if (end.code === 0 || end.body === '') return `  0     0    0     0    0     0      0      0 --:--:-- ${clock(end.seconds ?? 0)} --:--:--     0\n`;
  const size = String(end.body.length).padStart(5);
  return `100 ${size}  100 ${size}    0     0      0      0 --:--:-- --:--:-- --:--:--     0\n`;
}

const clock = (seconds: number): string => (seconds < 1 ? '--:--:--' : ` ${Math.floor(seconds / 3600)}:${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}:${String(Math.floor(seconds) % 60).padStart(2, '0')}`);

function beginning(options: Options, trace: Trace, walk: Walk): string {
  const { host, port, path } = trace.request.to;
  if (walk.verdict === 'name-not-found' || walk.verdict === 'dns-failure') return `* Could not resolve host: ${host}\n* shutting down connection #0\n`;
  const address = dialled(trace);
  const literal = parseAddress(host) !== undefined;
  const six = (trace.lookup?.addresses ?? []).filter((one) => one.includes(':'));
  const four = (trace.lookup?.addresses ?? []).filter((one) => !one.includes(':'));
  let text = literal ? '' : `* Host ${host}:${port ?? 0} was resolved.\n* IPv6: ${six.join(', ') || '(none)'}\n* IPv4: ${four.join(', ') || '(none)'}\n`;
  text += `*   Trying ${hostText(address)}:${port ?? 0}...\n`;
  const errno = errnoOf(walk);
  if (errno === 'Connection timed out' && (options.total !== null || options.connect !== null)) return text;
  if (errno !== null) {
    const from = walk.hops.find((hop) => hop.stage !== 'lookup')?.packet.source;
    return `${text}* connect to ${address} port ${port ?? 0} from ${from?.ip ?? '0.0.0.0'} port ${from?.port ?? 0} failed: ${errno}\n`;
  }
  text += `* Connected to ${host} (${address}) port ${port ?? 0}\n`;
  if (walk.verdict === 'tls-error') return text;
  const shown = port === 80 || port === 443 || port === null ? hostText(host) : `${hostText(host)}:${port}`;
  const sent = options.headers.filter((header) => !/^host:/i.test(header)).map((header) => `> ${header}\n`).join('');
  const hostHeader = options.headers.find((header) => /^host:/i.test(header)) ?? `Host: ${shown}`;
  const method = options.method ?? (options.head ? 'HEAD' : options.data ? 'POST' : 'GET');
  return `${text}> ${method} ${path === '' ? '/' : path} HTTP/1.1\n> ${hostHeader}\n> User-Agent: curl/8.10.1\n> Accept: */*\n${sent}> \n* Request completely sent off\n`;
}

function ending(trace: Trace, end: CurlEnd): string {
  if (end.code !== 0) return `< HTTP/1.1 ${end.code} ${phrases[end.code] ?? ''}\n< Content-Length: ${end.body.length}\n< \n* Connection #0 to host ${trace.request.to.host} left intact\n`;
  if (end.message === null || end.status === 6) return '';
  return `* ${end.message.replace(/^\(\d+\) /, '')}\n* closing connection #0\n`;
}

function writeOut(format: string, trace: Trace, walk: Walk, end: CurlEnd): string {
  const seconds = (value: number): string => value.toFixed(6);
  const values: Readonly<Record<string, string>> = {
    http_code: String(end.code).padStart(3, '0'), response_code: String(end.code).padStart(3, '0'), exitcode: String(end.status), errormsg: end.message?.replace(/^\(\d+\) /, '') ?? '',
    remote_ip: end.code === 0 ? '' : dialled(trace), remote_port: end.code === 0 ? '0' : String(trace.request.to.port ?? 0), local_ip: end.code === 0 ? '' : walk.hops[0]?.packet.source.ip ?? '',
    time_total: seconds(end.seconds ?? 0), time_connect: seconds(end.code === 0 ? 0 : end.seconds ?? 0), time_namelookup: seconds(trace.lookup?.elapsed ?? 0), size_download: String(end.body.length), url: trace.request.to.text, url_effective: trace.request.to.text, num_connects: end.code === 0 ? '0' : '1', method: 'GET', scheme: trace.request.to.scheme,
  };
  return format.replace(/%\{(\w+)\}|\\([nrt\\])|%%/g, (whole, name: string | undefined, escape: string | undefined) => {
    if (name !== undefined) return values[name] ?? '';
    if (escape !== undefined) return { n: '\n', r: '\r', t: '\t', '\\': '\\' }[escape] ?? '';
    return whole === '%%' ? '%' : whole;
  });
}

// wget at a place: GNU's 1.21, or BusyBox' where the image has only that. Measured with both in network namespaces.
import { hostText } from '../../sim/base/address.ts';
import { timestampOf } from '../../sim/cluster/server-metadata.ts';
import type { HttpRequest, Target } from '../../sim/model/request.ts';
import type { Trace, Walk } from '../../sim/model/trace.ts';
import { failed } from '../command.ts';
import type { Answer, Call, Inside, Piece } from '../command.ts';
import { writeFile } from '../files.ts';
import { fileKey } from '../session.ts';
import type { Files, Sent } from '../session.ts';
import { placeKey } from '../command.ts';
import { askNetwork, errnoOf, errnoText, kernelGivesUp, lookupSeconds, targetOf, triedBefore, went } from './ask-network.ts';
import { busyboxVersion, hasBusybox } from './images.ts';
import { answerHeaders, bodyLength, headerOf, phrase } from './http-words.ts';
import { insideOf } from './inside.ts';

interface Options {
  quiet: boolean; brief: boolean; document: string | null; spider: boolean; server: boolean; insecure: boolean; trusted: boolean; limit: number | null; connectLimit: number | null; tries: number; family: 4 | 6 | null; maxRedirect: number;
  method: string; headers: Record<string, string>; urls: string[]; content: boolean;
}

const usageGnu = "Usage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.";
const usageBusybox = (inside: Inside): string => `${busyboxVersion(inside.image)}\n\nUsage: wget [-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR]\n\t[--post-data STR | --post-file FILE] [-Y on/off]\n\t[--no-check-certificate] [-P DIR] [-U AGENT] [-T SEC] URL...\n\nRetrieve files via HTTP or FTP`;

export function wget(call: Call): Answer {
  const inside = insideOf(call);
  const busybox = hasBusybox(inside.image);
  const options = optionsOf(call.args, busybox);
  if (typeof options === 'string') return busybox ? failed(`${options}\n${usageBusybox(inside)}`) : failed(`${options}\n${usageGnu}`, 2);
  if (options.urls.length === 0) return failed(busybox ? usageBusybox(inside) : `wget: missing URL\n${usageGnu}`, 1);
  const ran: Run = { output: [], traces: [], sent: [], seconds: 0, files: call.files };
  let status = 0;
  for (const [index, url] of options.urls.entries()) {
    const read = targetFrom(url);
    if (typeof read === 'string') {
      ran.output.push({ stream: 'err', text: busybox ? `wget: bad address '${read}'\n` : `${read}\n` });
      status = 1;
      continue;
    }
    const here = { ...call, turn: `${call.turn}.${index}`, sent: [...call.sent, ...ran.sent], clock: call.clock + ran.seconds };
    status = busybox ? busyboxRun(here, inside, options, read, ran, 0) : gnuRun(here, inside, options, read, ran);
    if (busybox && status !== 0) break;
  }
  return { kind: 'done', status, output: ran.output, traces: ran.traces, sent: ran.sent, seconds: ran.seconds, files: ran.files, meanings: ['exec wget'] };
}

/** What has happened so far. */
interface Run { readonly output: Piece[]; readonly traces: Trace[]; readonly sent: Sent[]; seconds: number; files: Files }

function optionsOf(args: readonly string[], busybox: boolean): Options | string {
  const options: Options = { quiet: false, brief: false, document: null, spider: false, server: false, insecure: false, trusted: false, limit: null, connectLimit: null, tries: 20, family: null, maxRedirect: 20, method: 'GET', headers: {}, urls: [], content: false };
  const words = args.flatMap((word) => (/^--[a-z-]+=/.test(word) ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] : [word]));
  const seconds = (text: string): number | null => (Number(text) > 0 ? Number(text) : null);
  const header = (text: string): void => {
    const [name = '', value = ''] = text.split(/:\s*([\s\S]*)/);
    options.headers[name.trim().toLowerCase()] = value.trim();
  };
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (!/^-./.test(word)) { options.urls.push(word); continue; }
    if (word.startsWith('--')) {
      const next = (): string => words[++index] ?? '';
      switch (word) {
        case '--quiet': options.quiet = true; break;
        case '--no-verbose': options.brief = true; break;
        case '--spider': options.spider = true; break;
        case '--server-response': options.server = true; break;
        case '--no-check-certificate': options.insecure = true; break;
        case '--ca-certificate': options.trusted = next() !== ''; break;
        case '--inet4-only': options.family = 4; break;
        case '--inet6-only': options.family = 6; break;
        case '--content-on-error': options.content = true; break;
        case '--timeout': options.limit = seconds(next()); break;
        case '--connect-timeout': options.connectLimit = seconds(next()); break;
        case '--output-document': options.document = next(); break;
        case '--tries': options.tries = Number(next()) || Infinity; break;
        case '--max-redirect': options.maxRedirect = Number(next()) || 0; break;
        case '--header': header(next()); break;
        case '--post-data': case '--post-file': case '--body-data': options.method = 'POST'; next(); break;
        case '--method': options.method = next(); break;
        case '--user-agent': options.headers['user-agent'] = next(); break;
        case '--no-cache': case '--no-proxy': case '--continue': case '--show-progress': case '--no-hsts': case '--no-cookies': case '--retry-connrefused': break;
        case '--user': case '--password': case '--read-timeout': case '--dns-timeout': case '--waitretry': case '--wait': case '--progress': case '--directory-prefix': case '--bind-address': case '--referer': case '--certificate': case '--private-key': case '--output-file': next(); break;
        default: return `wget: unrecognized option '${word}'`;
      }
      continue;
    }
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      if ('OTtPUoYw'.includes(letter)) {
        const value = at + 1 < word.length ? word.slice(at + 1) : words[++index] ?? '';
        if (letter === 'O') options.document = value;
        if (letter === 'T') options.limit = seconds(value);
        if (letter === 't') options.tries = Number(value) || Infinity;
        if (letter === 'U') options.headers['user-agent'] = value;
        break;
      }
      if (letter === 'q') options.quiet = true;
      else if (letter === 'S') options.server = true;
      else if (letter === 'n' && !busybox) {
        options.brief ||= word.charAt(at + 1) === 'v';
        break;
      } else if (letter === '4' && !busybox) options.family = 4;
      else if (letter === '6' && !busybox) options.family = 6;
      else if (letter !== 'c' && !(letter === 'v' && !busybox) && !(letter === 'd' && !busybox)) return `wget: invalid option -- '${letter}'`;
    }
  }
  return options;
}

/** A text is what is wrong with the URL. */
function targetFrom(url: string): Target | string {
  const match = /^(?:(https?):\/\/)?(?:[^/@]*@)?(\[[^\]]*\]|[^:/?#]+)(?::([^/?#]*))?([/?#].*)?$/s.exec(url);
  if (match === null) return /^[a-z]+:\/\//.test(url) ? `${url}: Unsupported scheme.` : `${url}: Invalid host name.`;
  const port = match[3];
  if (port !== undefined && (!/^\d+$/.test(port) || Number(port) > 65_535)) return `${url}: Bad port number.`;
  const path = (match[4] ?? '').replace(/#.*$/s, '');
  return targetOf(match[1] === 'https' ? 'https' : 'http', (match[2] ?? '').replace(/^\[|\]$/g, ''), port === undefined ? null : Number(port), path.startsWith('?') ? `/${path}` : path);
}

const httpOf = (options: Options): HttpRequest | undefined => (options.method === 'GET' && !options.spider && Object.keys(options.headers).length === 0 ? undefined : { method: options.spider ? 'HEAD' : options.method, headers: options.headers });

const heard = (walk: Walk): boolean => walk.verdict === 'delivered' || walk.verdict === 'http-error';

/** Seconds until the client knew, and whether its own limit ended it. */
function waited(trace: Trace, walk: Walk, limit: number | null): { readonly seconds: number; readonly limited: boolean } {
  const seconds = walk.verdict === 'timeout' ? kernelGivesUp : walk.verdict === 'hang' ? Infinity : walk.elapsed ?? 0;
  return limit !== null && seconds > limit ? { seconds: lookupSeconds(trace) + limit, limited: true } : { seconds: lookupSeconds(trace) + (Number.isFinite(seconds) ? seconds : 0), limited: false };
}

function ask(call: Call, inside: Inside, options: Options, target: Target, ran: Run): { readonly trace: Trace; readonly walk: Walk } {
  const limit = options.connectLimit ?? options.limit;
  const { trace, walk, sent } = askNetwork(call, inside, target, { http: httpOf(options), limit });
  ran.traces.push(trace);
  ran.sent.push(sent);
  return { trace, walk };
}

const fileName = (target: Target): string => target.path.replace(/[?#].*$/, '').replace(/^.*\//, '') || 'index.html';

function save(call: Call, inside: Inside, ran: Run, name: string, text: string): void {
  const written = writeFile({ files: ran.files, inside }, name, text, false);
  if (typeof written !== 'string') ran.files = written;
  void call;
}

function busyboxRun(call: Call, inside: Inside, options: Options, target: Target, ran: Run, redirects: number): number {
  const err = (text: string): void => { ran.output.push({ stream: 'err', text: `${text}\n` }); };
  const { trace, walk } = ask({ ...call, turn: `${call.turn}.${redirects}` }, inside, options, target, ran);
  const { host, port } = target;
  const named = port === 80 && target.scheme === 'http' && !/:\d+(\/|$)/.test(target.text.slice(8)) ? hostText(host) : target.text.replace(/^[a-z]+:\/\//, '').replace(/[/?].*$/s, '');
  if (walk.verdict === 'name-not-found' || walk.verdict === 'dns-failure') {
    ran.seconds += lookupSeconds(trace);
    err(`wget: bad address '${named}'`);
    return 1;
  }
  // BusyBox gives up after 900 seconds without -T; the kernel before that.
  const { seconds, limited } = waited(trace, walk, options.limit ?? 900);
  ran.seconds += seconds;
  const address = went(trace, walk);
  if (!options.quiet) err(`Connecting to ${named} (${hostText(address)}:${port ?? 80})`);
  const errno = errnoOf(walk);
  if (limited && (errno === 'Connection timed out' || walk.verdict === 'hang')) { err('wget: download timed out'); return 1; }
  if (errno !== null) { err(`wget: can't connect to remote host (${address}): ${errnoText(errno, inside)}`); return 1; }
  if (walk.verdict === 'tls-error' && (walk.reason === 'tls-not-spoken' || walk.reason === 'tls-closed')) { err('wget: error getting response: Connection reset by peer'); return 1; }
  // BusyBox' own TLS looks at no name and no signature; it says so once.
  if (target.scheme === 'https' && !options.insecure) err('wget: note: TLS certificate validation not implemented');
  const status = walk.verdict === 'tls-error' ? 200 : walk.status ?? 200;
  if (options.server) ran.output.push({ stream: 'err', text: `  HTTP/1.1 ${status} ${phrase(status)}\n${answerHeaders(walk).map(([name, value]) => `  ${name}: ${value}\n`).join('')}  \n` });
  const location = status >= 300 && status < 400 ? headerOf(walk, 'location') : null;
  if (location !== null && redirects < 5) {
    const next = targetFrom(/^[a-z]+:\/\//.test(location) ? location : `${target.scheme}://${hostText(host)}${port === null ? '' : `:${port}`}${location}`);
    if (typeof next !== 'string') return busyboxRun(call, inside, options, next, ran, redirects + 1);
  }
  if (location !== null) { err('wget: too many redirections'); return 1; }
  if (status >= 400) { err(`wget: server returned error: HTTP/1.1 ${status} ${phrase(status)}`); return 1; }
  if (options.spider) {
    if (!options.quiet) err('remote file exists');
    return 0;
  }
  const text = walk.body ?? '';
  const name = options.document ?? fileName(target);
  if (name === '-') {
    if (!options.quiet) err('writing to stdout');
    if (text !== '') ran.output.push({ stream: 'out', text });
    if (!options.quiet) err(`${'-'.padEnd(20)} 100% |${'*'.repeat(32)}|${String(bodyLength(walk)).padStart(6)}  0:00:00 ETA\nwritten to stdout`);
    return 0;
  }
  if (options.document === null && Object.hasOwn(ran.files, fileKey(placeKey(inside), name))) { err(`wget: can't open '${name}': File exists`); return 1; }
  save(call, inside, ran, name, text);
  if (!options.quiet) err(`saving to '${name}'\n${name.replace(/^.*\//, '').slice(0, 20).padEnd(20)} 100% |${'*'.repeat(32)}|${String(bodyLength(walk)).padStart(6)}  0:00:00 ETA\n'${name}' saved`);
  return 0;
}

const openQuote = '‘';
const closeQuote = '’';
const quoted = (text: string): string => `${openQuote}${text}${closeQuote}`;

function gnuRun(call: Call, inside: Inside, options: Options, first: Target, ran: Run): number {
  let target = first;
  let redirects = 0;
  let tries = 0;
  const err = (text: string): void => { if (!options.quiet && text !== '') ran.output.push({ stream: 'err', text }); };
  const loud = (text: string): void => { if (!options.brief) err(text); };
  const date = (): string => timestampOf(call.lab.store.now + ran.seconds).replace('T', ' ').replace('Z', '');
  if (options.spider) loud('Spider mode enabled. Check if remote file exists.\n');
  for (;;) {
    tries += 1;
    const { host, port, scheme } = target;
    loud(`--${date()}--  ${tries > 1 ? `(try:${String(tries).padStart(2)})  ` : ''}${target.text}${target.path === '' ? '/' : ''}\n`);
    const { trace, walk } = ask({ ...call, turn: `${call.turn}.${redirects}.${tries}` }, inside, options, target, ran);
    const limit = options.connectLimit ?? options.limit;
    const literal = trace.lookup === null || trace.lookup.without === 'literal';
    const addresses = (trace.lookup?.addresses ?? []).filter((ip) => options.family === null || ip.includes(':') === (options.family === 6));
    if (!literal && tries === 1) {
      const looked = lookupSeconds(trace);
      const slow = limit !== null && looked > limit;
      const why = slow ? 'Connection timed out' : walk.verdict === 'name-not-found' ? 'Name or service not known' : walk.verdict === 'dns-failure' ? 'Temporary failure in name resolution' : addresses.length === 0 ? 'No address associated with hostname' : null;
      loud(`Resolving ${host} (${host})... `);
      if (why !== null) {
        ran.seconds += slow ? limit : looked;
        loud(`failed: ${why}.\n`);
        err(`wget: unable to resolve host address ${quoted(host)}\n`);
        return 4;
      }
      loud(`${addresses.length > 3 ? `${addresses.slice(0, 3).join(', ')}, ...` : addresses.join(', ')}\n`);
    }
    const connecting = (ip: string): string => `Connecting to ${literal ? hostText(host) : `${host} (${host})|${ip}|`}:${port ?? 80}... `;
    for (const before of triedBefore(trace, walk)) loud(`${connecting(before)}failed: Connection refused.\n`);
    loud(connecting(went(trace, walk)));
    const { seconds, limited } = waited(trace, walk, limit);
    ran.seconds += seconds;
    const errno = limited && walk.verdict !== 'hang' && !heard(walk) ? 'Connection timed out' : errnoOf(walk);
    const retry = (): boolean => {
      if (tries >= options.tries) {
        loud('Giving up.\n\n');
        return false;
      }
      loud('Retrying.\n\n');
      // It waits a second longer before each try, ten at most.
      ran.seconds += Math.min(tries, 10);
      return true;
    };
    if (errno !== null) {
      loud(`failed: ${errnoText(errno, inside)}.\n`);
      if (errno === 'Connection timed out' && retry()) continue;
      return 4;
    }
    loud('connected.\n');
    const tls = scheme === 'https' ? tlsTrouble(options, host, walk) : { text: '', ends: null };
    err(tls.text);
    if (tls.ends !== null) return tls.ends;
    loud('HTTP request sent, awaiting response... ');
    if (walk.verdict === 'hang' || limited) {
      if (limit === null) {
        ran.output.push({ stream: 'err', text: '^C\n' });
        return 130;
      }
      loud('Read error (Connection timed out) in headers.\n');
      if (retry()) continue;
      return 4;
    }
    const status = walk.verdict === 'tls-error' ? 200 : walk.status ?? 200;
    if (options.server) err(`\n  HTTP/1.1 ${status} ${phrase(status)}\n${answerHeaders(walk).map(([name, value]) => `  ${name}: ${value}\n`).join('')}`);
    else loud(`${status} ${phrase(status)}\n`);
    const location = status >= 300 && status < 400 ? headerOf(walk, 'location') : null;
    if (location !== null) {
      const next = targetFrom(/^[a-z]+:\/\//.test(location) ? location : `${scheme}://${hostText(host)}${port === null || port === 80 || port === 443 ? '' : `:${port}`}${location}`);
      if (redirects >= options.maxRedirect) {
        loud(`Location: ${location} [following]\n${options.maxRedirect} redirections exceeded.\n`);
        return 8;
      }
      if (typeof next !== 'string') {
        loud(`Location: ${location} [following]\n`);
        target = next;
        redirects += 1;
        tries = 0;
        continue;
      }
    }
    if (options.spider) {
      if (status >= 400) {
        loud('Remote file does not exist -- broken link!!!\n\n');
        return 8;
      }
      loud(`Length: ${bodyLength(walk)} [text/plain]\nRemote file exists.\n\n`);
      return 0;
    }
    if (status >= 400) {
      if (options.brief) err(`${target.text}${target.path === '' ? '/' : ''}:\n`);
      err(`${date()} ERROR ${status}: ${phrase(status)}.\n${options.brief ? '' : '\n'}`);
      if (options.content && walk.body !== null && options.document === '-') ran.output.push({ stream: 'out', text: walk.body });
      return 8;
    }
    const text = walk.body ?? '';
    const length = bodyLength(walk);
    const toOut = options.document === '-';
    const wanted = options.document ?? fileName(target);
    let name = wanted;
    // wget overwrites nothing by itself: index.html.1, index.html.2 …
    for (let number = 1; options.document === null && Object.hasOwn(ran.files, fileKey(placeKey(inside), name)); number++) name = `${wanted}.${number}`;
    loud(`Length: ${length} [text/plain]\nSaving to: ${quoted(toOut ? 'STDOUT' : name)}\n`);
    if (toOut) {
      if (text !== '') ran.output.push({ stream: 'out', text });
    } else save(call, inside, ran, name, text);
    loud(`\n     0K                                                       100% 5.00M=0s\n\n${date()} (5.00 MB/s) - ${toOut ? 'written to stdout' : `${quoted(name)} saved`} [${length}/${length}]\n\n`);
    if (options.brief) err(`${date()} URL:${target.text}${target.path === '' ? '/' : ''} [${length}/${length}] -> "${toOut ? '-' : name}" [1]\n`);
    return 0;
  }
}

/** What GnuTLS says of a certificate; `ends` with a status where wget goes no further. */
function tlsTrouble(options: Options, host: string, walk: Walk): { readonly text: string; readonly ends: number | null } {
  if (walk.verdict !== 'tls-error') return { text: '', ends: null };
  if (walk.reason === 'tls-not-spoken') return { text: 'GnuTLS: An unexpected TLS packet was received.\nUnable to establish SSL connection.\n', ends: 4 };
  if (walk.reason === 'tls-closed') return { text: 'GnuTLS: Error in the pull function.\nUnable to establish SSL connection.\n', ends: 4 };
  const code = walk.tls?.verify.code ?? (walk.reason === 'tls-expired' ? 10 : walk.reason === 'tls-untrusted' ? 18 : 0);
  const word = options.insecure ? 'WARNING' : 'ERROR';
  let text = '';
  if (code !== 0 && !(options.trusted && code !== 10)) text += `${word}: The certificate of ${quoted(host)} is not trusted.\n${code === 10 ? `${word}: The certificate of ${quoted(host)} has expired.\n` : `${word}: The certificate of ${quoted(host)} doesn't have a known issuer.\n`}`;
  if (walk.reason === 'tls-name-mismatch') text += `The certificate's owner does not match hostname ${quoted(host)}\n`;
  return { text, ends: options.insecure || text === '' ? null : 5 };
}

// wget in a pod: GNU's, or BusyBox' where the image has only that.
import { hostText } from '../../sim/base/address.ts';
import { timestampOf } from '../../sim/cluster/server-metadata.ts';
import type { Trace, Walk } from '../../sim/model/trace.ts';
import { both, failed } from '../command.ts';
import type { Answer, Call } from '../command.ts';
import { hasBusybox } from './images.ts';
import { insideOf } from './inside.ts';
import { askNetwork, dialled, errnoOf, targetOf } from './ask-network.ts';

export function wget(call: Call): Answer {
  const inside = insideOf(call);
  let quiet = false;
  let document: string | null = null;
  let limit: number | null = null;
  const urls: string[] = [];
  const words = call.args.flatMap((word) => (/^--[a-z-]+=/.test(word) ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] : [word]));
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--quiet') quiet = true;
    else if (word === '--spider') document = '-spider';
    else if (word === '--timeout' || word === '--connect-timeout') limit = Number(words[++index] ?? 'x');
    else if (word === '--output-document') document = words[++index] ?? '-';
    else if (word === '--tries' || word === '--header') index += 1;
    else if (word === '--no-check-certificate' || word === '--no-verbose') continue;
    else if (word.startsWith('--')) return failed(`wget: unrecognized option '${word}'`, 2);
    else if (/^-./.test(word)) {
      for (let at = 1; at < word.length; at++) {
        const letter = word.charAt(at);
        if (letter === 'q') quiet = true;
        else if (letter === 'S' || letter === 'c' || letter === 'n' || letter === 'v') continue;
        else if (letter === 'O' || letter === 'T' || letter === 't' || letter === 'Y') {
          const value = at + 1 < word.length ? word.slice(at + 1) : words[++index] ?? '';
          if (letter === 'O') document = value;
          if (letter === 'T') limit = Number(value);
          break;
        } else return failed(`wget: invalid option -- '${letter}'`, 2);
      }
    } else urls.push(word);
  }
  const url = urls[0];
  if (url === undefined) return failed(hasBusybox(inside.image) ? 'BusyBox v1.36.1 multi-call binary.\n\nUsage: wget [-cqS] [-T SEC] [-O FILE] URL...' : 'wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help\' for more options.', 1);
  if (limit !== null && !(limit > 0)) limit = null;
  const match = /^(?:(https?):\/\/)?(\[[^\]]*\]|[^:/?#]+)(?::(\d+))?([/?#].*)?$/s.exec(url);
  if (match === null) return failed(`wget: ${url}: Invalid URL`, 1);
  const scheme = match[1] === 'https' ? 'https' : 'http';
  const path = match[4] ?? '';
  const { trace, walk } = askNetwork(call, inside, targetOf(scheme, (match[2] ?? '').replace(/^\[|\]$/g, ''), match[3] === undefined ? null : Number(match[3]), path.startsWith('?') ? `/${path}` : path));
  return hasBusybox(inside.image) ? busybox(trace, walk, limit, document) : gnu(call, trace, walk, limit, quiet, document);
}

const heard = (walk: Walk): boolean => walk.verdict === 'delivered' || walk.verdict === 'http-error';

function busybox(trace: Trace, walk: Walk, limit: number | null, document: string | null): Answer {
  const { host, port } = trace.request.to;
  const end = (err: string, status = 1, out = ''): Answer => both(out, err, status, { traces: [trace], meanings: ['exec wget'] });
  if (walk.verdict === 'name-not-found' || walk.verdict === 'dns-failure') return end(`wget: bad address '${host}${port === 80 || port === null ? '' : `:${port}`}'`);
  const errno = errnoOf(walk);
  if (errno === 'Connection timed out' && limit !== null) return end('wget: download timed out');
  if (errno !== null) return end(`wget: can't connect to remote host (${dialled(trace)}): ${errno === 'Connection timed out' ? 'Operation timed out' : errno}`);
  if (walk.verdict === 'hang') return end(limit === null ? '^C' : 'wget: download timed out', limit === null ? 130 : 1);
  if (walk.verdict === 'tls-error') return end('wget: error getting response: Connection reset by peer');
  if (walk.verdict === 'http-error') return end(`wget: server returned error: HTTP/1.1 ${walk.status ?? 500} ${phrase(walk.status ?? 500)}`);
  return end('', 0, document === '-' ? walk.body ?? '' : '');
}

function gnu(call: Call, trace: Trace, walk: Walk, limit: number | null, quiet: boolean, document: string | null): Answer {
  const { host, port, scheme } = trace.request.to;
  const address = dialled(trace);
  const date = timestampOf(call.lab.store.now).replace('T', ' ').replace('Z', '');
  let err = `--${date}--  ${trace.request.to.text}${trace.request.to.path === '' ? '/' : ''}\n`;
  const end = (status: number, out = ''): Answer => both(out, quiet ? '' : err, status, { traces: [trace], meanings: ['exec wget'] });
  if (trace.lookup !== null && trace.lookup.without !== 'literal') {
    err += `Resolving ${host} (${host})... `;
    if (walk.verdict === 'name-not-found' || walk.verdict === 'dns-failure') {
      const why = walk.verdict === 'name-not-found' ? 'Name or service not known' : 'Temporary failure in name resolution';
      err += `failed: ${why}.\nwget: unable to resolve host address '${host}'\n`;
      return end(4);
    }
    err += `${trace.lookup.addresses.join(', ')}\n`;
  }
  err += `Connecting to ${host === address ? `${hostText(host)}` : `${host} (${host})|${address}|`}:${port ?? 80}... `;
  const errno = errnoOf(walk);
  if (errno !== null) {
    err += `failed: ${errno}.\n`;
    if (errno === 'Connection timed out') err += 'Giving up.\n\n';
    return end(4);
  }
  err += 'connected.\n';
  if (walk.verdict === 'tls-error') {
    err += scheme === 'https' && walk.reason === 'tls-not-spoken' ? 'OpenSSL: error:0A00010B:SSL routines::wrong version number\nUnable to establish SSL connection.\n' : `The certificate's owner does not match hostname '${host}'\n`;
    return end(walk.reason === 'tls-not-spoken' ? 4 : 5);
  }
  err += 'HTTP request sent, awaiting response... ';
  if (walk.verdict === 'hang') {
    err += limit === null ? '^C\n' : 'Read error (Connection timed out) in headers.\nGiving up.\n\n';
    return end(limit === null ? 130 : 4);
  }
  const status = walk.status ?? 200;
  err += `${status} ${phrase(status)}\n`;
  if (walk.verdict === 'http-error') {
    err += `${date} ERROR ${status}: ${phrase(status)}.\n\n`;
    return end(8);
  }
  const body = walk.body ?? '';
  const name = document === '-' ? 'STDOUT' : document ?? 'index.html';
  err += `Length: ${body.length} [text/plain]\nSaving to: '${name}'\n\n${date} (1.00 MB/s) - ${document === '-' ? 'written to stdout' : `'${name}' saved`} [${body.length}/${body.length}]\n\n`;
  // Simplified: files that wget saves are not kept; the container's file system is not simulated.
  return end(0, document === '-' && heard(walk) ? body : '');
}

const phrase = (status: number): string => ({ 200: 'OK', 403: 'Forbidden', 404: 'Not Found', 500: 'Internal Server Error', 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Time-out' }[status] ?? 'Unknown');

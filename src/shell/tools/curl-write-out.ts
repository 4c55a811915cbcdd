// `curl -w`: its variables, worked out of the trace. Times are those of the simulation and small fixed costs, the same on every machine.
import { parseAddress } from '../../sim/base/address.ts';
import { dialled, sourceOf } from './ask-network.ts';
import { answerHeaders, bodyLength, headerOf, phrase } from './http-words.ts';
import { methodOf, requestLines } from './curl-verbose.ts';
import type { Told } from './curl-verbose.ts';

const six = (value: number): string => value.toFixed(6);

/** Seconds after the start at which each part was done; 0 for what was not reached. */
export function timesOf({ trace, walk, end }: Told): { readonly lookup: number; readonly connect: number; readonly secured: number; readonly first: number; readonly total: number } {
  const looked = parseAddress(trace.request.to.host) !== undefined ? 0.000041 : Math.max(trace.lookup?.elapsed ?? 0, 0.000612);
  const total = (least: number): number => Math.max(least, end.seconds ?? least);
  if (end.came === 'nowhere') return { lookup: 0, connect: 0, secured: 0, first: 0, total: total(looked) };
  if (end.came === 'resolved') return { lookup: looked, connect: 0, secured: 0, first: 0, total: total(looked + 0.000214) };
  const connect = looked + 0.000328;
  const https = trace.request.to.scheme === 'https';
  const secured = https && end.came === 'secured' ? connect + 0.004102 : 0;
  const first = end.code === 0 ? 0 : Math.max(connect, secured) + 0.000512 + (walk.elapsed ?? 0);
  return { lookup: looked, connect, secured, first, total: total(Math.max(first, connect) + 0.000097) };
}

/** The text of `-w FORMAT`, and on which stream each part is printed. */
export function writeOut(format: string, told: Told, redirects: { readonly count: number; readonly url: string; readonly number: number }): readonly { readonly stream: 'out' | 'err'; readonly text: string }[] {
  const { options, trace, walk, end } = told;
  const times = timesOf(told);
  const connected = end.came === 'connected' || end.came === 'secured';
  const code = String(end.code).padStart(3, '0');
  const sent = `${requestLines(options, trace).join('\r\n')}\r\n\r\n`.length;
  const headers = [`HTTP/1.1 ${end.code} ${phrase(end.code)}`, ...answerHeaders(walk).map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n').length;
  const size = end.code === 0 || options.head ? 0 : end.body === '' ? 0 : bodyLength(walk);
  const location = end.code >= 300 && end.code < 400 ? headerOf(walk, 'location') : null;
  const values: Readonly<Record<string, string>> = {
    http_code: code, response_code: code, exitcode: String(end.status), errormsg: end.message?.replace(/^\(\d+\) /, '') ?? '',
    remote_ip: connected ? dialled(trace) : '', remote_port: connected ? String(trace.request.to.port ?? 0) : '0', local_ip: connected ? sourceOf(walk).ip : '', local_port: connected ? String(sourceOf(walk).port ?? 0) : '0',
    time_total: six(times.total), time_connect: six(times.connect), time_namelookup: six(times.lookup), time_appconnect: six(times.secured), time_pretransfer: six(end.code === 0 && !connected ? 0 : Math.max(times.connect, times.secured) + 0.000061), time_starttransfer: six(times.first), time_redirect: six(0),
    size_download: String(size), size_header: String(end.code === 0 ? 0 : headers), size_request: String(connected ? sent : 0), size_upload: String(options.asQuery ? 0 : options.data.join('&').length), speed_download: String(times.total === 0 ? 0 : Math.round(size / times.total)), speed_upload: '0',
    content_type: end.code === 0 ? '' : headerOf(walk, 'content-type') ?? '', url: trace.request.to.text, url_effective: redirects.url, urlnum: String(redirects.number), num_connects: connected && !told.reused ? '1' : '0', num_redirects: String(redirects.count), redirect_url: location === null ? '' : location, num_headers: String(end.code === 0 ? 0 : answerHeaders(walk).length),
    method: methodOf(options), scheme: trace.request.to.scheme, http_version: end.code === 0 ? '0' : '1.1', ssl_verify_result: String(walk.tls?.verify.code ?? 0), http_connect: '000', filename_effective: options.outputs[redirects.number] ?? options.outputs[0] ?? '', conn_id: '0', num_retries: '0', referer: options.referer ?? '', certs: '', onerror: '', stdout: '', stderr: '',
  };
  const parts: { stream: 'out' | 'err'; text: string }[] = [{ stream: 'out', text: '' }];
  let silenced = false;
  const append = (text: string): void => {
    const last = parts.at(-1);
    if (last !== undefined && !silenced) last.text += text;
  };
  for (const match of format.matchAll(/%\{([\w.]+)\}|%header\{([^}]*)\}|\\([nrt\\])|%%|[\s\S]/g)) {
    const [whole, name, header, escape] = match;
    if (name === 'stderr' || name === 'stdout') parts.push({ stream: name === 'stderr' ? 'err' : 'out', text: '' });
    else if (name === 'onerror') silenced = end.status === 0;
    else if (name === 'json') append(jsonOf(values));
    else if (name === 'header_json') append(`${JSON.stringify(Object.fromEntries(answerHeaders(walk).map(([key, value]) => [key.toLowerCase(), [value]])))}\n`);
    else if (name !== undefined) {
      if (Object.hasOwn(values, name)) append(values[name] ?? '');
      else parts.push({ stream: 'err', text: `curl: unknown --write-out variable: '${name}'\n` }, { stream: 'out', text: '' });
    } else if (header !== undefined) append(headerOf(walk, header.toLowerCase()) ?? '');
    else if (escape !== undefined) append({ n: '\n', r: '\r', t: '\t', '\\': '\\' }[escape] ?? '');
    else append(whole === '%%' ? '%' : whole);
  }
  return parts.filter(({ text }) => text !== '');
}

const numbers = /^(?:http_code|response_code|exitcode|remote_port|local_port|time_|size_|speed_|num_|urlnum|ssl_verify_result|http_connect|conn_id)/;

function jsonOf(values: Readonly<Record<string, string>>): string {
  const names = Object.keys(values).filter((name) => !['onerror', 'stdout', 'stderr'].includes(name)).sort();
  return `{${names.map((name) => `"${name}":${numbers.test(name) ? (name.startsWith('time_') ? values[name] ?? '0' : String(Number(values[name] ?? '0'))) : (values[name] ?? '') === '' && name !== 'certs' ? 'null' : JSON.stringify(values[name] ?? '')}`).join(',')},"curl_version":"libcurl/8.10.1 OpenSSL/3.0.19 zlib/1.3.1"}`;
}

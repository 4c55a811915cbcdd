// What `curl -v` tells on the way, line by line, as curl 8.10.1 prints it.
import { hostText, parseAddress } from '../../sim/base/address.ts';
import type { Trace, Walk } from '../../sim/model/trace.ts';
import { dialled, errnoOf, errnoText, sourceOf, triedBefore, went } from './ask-network.ts';
import type { Inside } from '../command.ts';
import type { CurlOptions } from './curl-options.ts';
import type { Certificate } from './certificate.ts';
import { peerKind } from './curl-says.ts';
import type { CurlEnd } from './curl-says.ts';
import { answerHeaders, phrase } from './http-words.ts';

export interface Told {
  readonly options: CurlOptions;
  readonly inside: Inside;
  readonly trace: Trace;
  readonly walk: Walk;
  readonly end: CurlEnd;
  readonly number: number;
  /** The connection of the URL before serves this one too. */
  readonly reused: boolean;
  /** `--connect-to`: where it goes instead, and the addresses of that name. */
  readonly instead: { readonly host: string; readonly port: number; readonly addresses: readonly string[] } | null;
  readonly certificate: Certificate;
}

/** The request's own lines: what the client sends. */
export function requestLines(options: CurlOptions, trace: Trace): readonly string[] {
  const { host, port, path, scheme } = trace.request.to;
  const shown = port === null || (port === 80 && scheme === 'http') || (port === 443 && scheme === 'https') ? hostText(host) : `${hostText(host)}:${port}`;
  const own = options.headers.filter((header) => !/^host:/i.test(header));
  const has = (name: string): boolean => own.some((header) => header.toLowerCase().startsWith(`${name}:`) || header.toLowerCase() === `${name};`);
  const method = methodOf(options);
  const body = options.asQuery || options.head ? '' : options.data.join('&');
  const given = options.headers.find((header) => /^host:/i.test(header));
  return [
    `${method} ${path === '' ? '/' : path.startsWith('?') ? `/${path}` : path} HTTP/${options.version}`,
    given ?? `Host: ${shown}`,
    ...(options.user === null ? [] : [`Authorization: Basic ${btoa(options.user)}`]),
    ...(options.range === null ? [] : [`Range: bytes=${options.range}`]),
    ...(has('user-agent') ? [] : [`User-Agent: ${options.agent ?? 'curl/8.10.1'}`]),
    ...(options.json ? ['Content-Type: application/json', 'Accept: application/json'] : has('accept') ? [] : ['Accept: */*']),
    ...(options.compressed ? ['Accept-Encoding: deflate, gzip, br, zstd'] : []),
    ...(options.referer === null ? [] : [`Referer: ${options.referer}`]),
    ...(options.cookie === null ? [] : [`Cookie: ${options.cookie}`]),
    ...own.filter((header) => !/:\s*$/.test(header)).map((header) => header.replace(/;$/, ':')),
    ...(options.upload === null ? [] : options.upload === '-' ? ['Transfer-Encoding: chunked', 'Expect: 100-continue'] : []),
    ...(options.asQuery || (body === '' && options.data.length === 0) ? [] : [`Content-Length: ${new TextEncoder().encode(body).length}`, ...(options.json || has('content-type') ? [] : ['Content-Type: application/x-www-form-urlencoded'])]),
  ];
}

export const methodOf = (options: CurlOptions): string => options.method ?? (options.head ? 'HEAD' : options.upload !== null ? 'PUT' : options.data.length > 0 && !options.asQuery ? 'POST' : 'GET');

const info = (text: string): string => `* ${text}\n`;

/** Everything up to the request; what belongs behind the meter comes from {@link verboseEnd}. */
export function verboseStart(told: Told): string {
  const { options, inside, trace, walk, end, number, reused, instead } = told;
  const { host, port, scheme } = trace.request.to;
  const name = instead?.host ?? host;
  let text = number === 0 ? options.resolve.filter((entry) => !entry.startsWith('-')).map((entry) => info(`Added ${entry.replace(/^\+/, '')} to DNS cache`)).join('') : '';
  if (instead !== null) text += info(`Connecting to hostname: ${instead.host}`) + info(`Connecting to port: ${instead.port}`);
  if (reused) return `${info(`Re-using existing connection with host ${host}`)}${requestText(told)}`;
  if (end.came === 'nowhere') return end.status === 6 ? text + info(`Could not resolve host: ${name}`) + info(`shutting down connection #${number}`) : text + info(end.message?.replace(/^\(\d+\) /, '') ?? '') + info(`closing connection #${number}`);
  const addresses = instead?.addresses ?? trace.lookup?.addresses ?? [];
  const literal = parseAddress(name) !== undefined;
  const at = instead?.port ?? port ?? 0;
  if (trace.request.dialled !== undefined && instead === null) text += info(`Hostname ${host} was found in DNS cache`);
  else if (!literal) {
    const [six, four] = [addresses.filter((one) => one.includes(':')), addresses.filter((one) => !one.includes(':'))];
    text += info(`Host ${name}:${at} was resolved.`) + info(`IPv6: ${(options.family === 4 ? [] : six).join(', ') || '(none)'}`) + info(`IPv4: ${(options.family === 6 ? [] : four).join(', ') || '(none)'}`);
  }
  for (const before of triedBefore(trace, walk)) text += trying(before, at) + info(`connect to ${before} port ${at} from ${before} port ${sourceOf(walk).port ?? 0} failed: Connection refused`);
  const address = trace.request.dialled?.ip ?? went(trace, walk);
  text += trying(address, at);
  const errno = errnoOf(walk);
  if (errno !== null) {
    const from = sourceOf(walk);
    const limited = end.status === 28 && (options.total !== null || options.connect !== null);
    if (errno === 'Network is unreachable') text += info(`Immediate connect fail for ${address}: ${errnoText(errno, inside)}`);
    else if (!limited) text += info(`connect to ${address} port ${at} from ${from.ip} port ${from.port ?? 0} failed: ${errnoText(errno, inside)}`);
    else if (/Timeout was reached/.test(end.message ?? '')) text += info(`ipv4 connect timeout after ${Math.round((options.connect ?? 0) * 1000)}ms, move on!`);
    return text + info(end.message?.replace(/^\(\d+\) /, '') ?? '') + info(`closing connection #${number}`);
  }
  if (scheme === 'https') {
    const tls = handshake(told);
    text += tls.text;
    if (!tls.stands) return text;
  }
  const by = instead ?? { host, port: port ?? 0 };
  text += info(`Connected to ${by.host} (${address}) port ${at}`);
  return scheme === 'tcp' ? text : text + info('using HTTP/1.x') + requestText(told);
}

const trying = (ip: string, port: number): string => `*   Trying ${hostText(ip)}:${port}...\n`;

function requestText({ options, inside, trace, end, walk }: Told): string {
  const body = options.asQuery || options.head ? '' : options.data.join('&');
  const auth = options.user === null ? '' : info(`Server auth using Basic with user '${options.user.replace(/:.*$/s, '')}'`);
  const lines = auth + requestLines(options, trace).map((line) => `> ${line}\n`).join('');
  const bytes = new TextEncoder().encode(body).length;
  const sent = body === '' ? info('Request completely sent off') : `${inside.terminal ? '' : `} [${bytes} bytes data]\n`}${info(`upload completely sent off: ${bytes} bytes`)}`;
  return `${lines}> \n${walk.stalled?.during === 'request' && end.code === 0 ? '' : sent}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Nov 23 00:57:15 2026 GMT`, as OpenSSL prints `2026-11-23T00:57:15Z`. */
export function opensslTime(time: string | null): string {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)/.exec(time ?? '');
  return match === null ? 'Jan  1 00:00:00 2026 GMT' : `${months[Number(match[2]) - 1] ?? ''} ${String(Number(match[3])).padStart(2)} ${match[4] ?? ''} ${match[1] ?? ''} GMT`;
}

const alerts: Readonly<Record<number, string>> = { 10: 'certificate expired (557)', 9: 'certificate expired (557)' };

// Simplified: where no terminal is attached curl -v also counts the bytes of each TLS message; only those of data are told.
function handshake({ options, trace, walk, end, number, certificate: tls }: Told): { readonly text: string; readonly stands: boolean } {
  const { host } = trace.request.to;
  const message = end.message?.replace(/^\(\d+\) /, '') ?? '';
  let text = info('ALPN: curl offers h2,http/1.1') + info('TLSv1.3 (OUT), TLS handshake, Client hello (1):');
  if (!options.insecure) text += info(` CAfile: ${options.ca ?? '/etc/ssl/certs/ca-certificates.crt'}`) + info(' CApath: /etc/ssl/certs');
  if (walk.stalled?.during === 'tls') return { text: text + (message === '' ? '' : info(message) + info(`closing connection #${number}`)), stands: false };
  if (walk.reason === 'tls-not-spoken') return { text: text + info(message) + info(`closing connection #${number}`), stands: false };
  if (walk.reason === 'tls-closed') return { text: text + info(message) + info(`OpenSSL SSL_connect: Connection reset by peer in connection to ${host}:${trace.request.to.port ?? 443} `) + info(`closing connection #${number}`), stands: false };
  text += info('TLSv1.3 (IN), TLS handshake, Server hello (2):') + info('TLSv1.3 (IN), TLS handshake, Encrypted Extensions (8):') + info('TLSv1.3 (IN), TLS handshake, Certificate (11):');
  const unverified = end.status === 60 && /^SSL certificate problem/.test(message);
  if (unverified) return { text: text + info(`TLSv1.3 (OUT), TLS alert, ${alerts[tls.verify.code === 0 ? (walk.reason === 'tls-expired' ? 10 : 18) : tls.verify.code] ?? 'unknown CA (560)'}:`) + info(message) + info(`closing connection #${number}`), stands: false };
  text += info('TLSv1.3 (IN), TLS handshake, CERT verify (15):') + info('TLSv1.3 (IN), TLS handshake, Finished (20):') + info('TLSv1.3 (OUT), TLS change cipher, Change cipher spec (1):') + info('TLSv1.3 (OUT), TLS handshake, Finished (20):');
  text += info('SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384 / X25519 / RSASSA-PSS') + info('ALPN: server accepted http/1.1') + info('Server certificate:');
  text += info(` subject: ${tls.subject}`) + (tls.from === null ? '' : info(` start date: ${opensslTime(tls.from)}`)) + (tls.until === null ? '' : info(` expire date: ${opensslTime(tls.until)}`));
  if (end.status === 60) return { text: text + info(` subjectAltName does not match ${peerKind(host)} ${host}`) + info(message) + info(`closing connection #${number}`), stands: false };
  const matched = matchingName(tls, host);
  if (!options.insecure && matched !== null) text += info(` subjectAltName: host "${host}" matched cert's "${matched}"`);
  text += info(` issuer: ${tls.issuer}`);
  text += info(options.insecure ? ` SSL certificate verify ${tls.verify.code === 0 ? 'ok.' : `result: ${tls.verify.text} (${tls.verify.code}), continuing anyway.`}` : ' SSL certificate verify ok.');
  return { text, stands: true };
}

function matchingName(tls: Certificate, host: string): string | null {
  return tls.names.find((name) => name === host) ?? tls.names.find((name) => name.startsWith('*.') && host.endsWith(name.slice(1)) && !host.slice(0, -name.length + 1).includes('.')) ?? null;
}

/** The answer's lines and how the connection ends. `length` of the data that stands behind the headers, `null` where none is shown. */
export function verboseEnd({ options, inside, trace, walk, end, number, instead }: Told): string {
  if (end.code === 0 && walk.stalled?.during !== 'answer') {
    // What failed before the request was told at the start.
    const late = end.came === 'connected' && trace.request.to.scheme !== 'https' && end.message !== null;
    return late ? info(end.message.replace(/^\(\d+\) /, '')) + info(`${end.status === 52 ? 'shutting down' : 'closing'} connection #${number}`) : '';
  }
  const status = end.code === 0 ? walk.status ?? 200 : end.code;
  const lines = [`HTTP/1.1 ${status} ${phrase(status)}`, ...answerHeaders(walk).map(([name, value]) => `${name}: ${value}`)].map((line) => `< ${line}\n`).join('');
  const size = new TextEncoder().encode(end.body).length;
  // Where a terminal shows the data itself its size is not told.
  const data = size > 0 && !options.head && !(inside.terminal && options.outputs.length === 0) ? `{ [${size} bytes data]\n` : '';
  if (end.code === 0) return `${lines}< \n${end.message === null ? '' : info(end.message.replace(/^\(\d+\) /, '')) + info(`closing connection #${number}`)}`;
  if (end.status === 22 && options.fail === 'quietly') return `${lines}${info(`The requested URL returned error: ${status}`)}< \n${info(`closing connection #${number}`)}`;
  return `${lines}< \n${data}${info(`Connection #${number} to host ${instead?.host ?? trace.request.to.host} left intact`)}`;
}

/** For a trace that never reached the network. */
export const addressOf = (trace: Trace): string => dialled(trace);

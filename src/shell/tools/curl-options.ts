// curl's options: what they are called, what they take, and what of them the lab follows.
export interface CurlOptions {
  readonly silent: boolean; readonly showError: boolean; readonly verbose: boolean; readonly head: boolean; readonly include: boolean; readonly insecure: boolean;
  readonly fail: 'no' | 'quietly' | 'with-body'; readonly location: boolean; readonly maxRedirects: number; readonly family: 4 | 6 | null;
  /** `--cacert`: somebody else's signature is trusted. */
  readonly ca: string | null;
  readonly total: number | null; readonly connect: number | null; readonly outputs: readonly string[]; readonly remoteName: boolean; readonly write: string | null; readonly dump: string | null;
  readonly method: string | null; readonly headers: readonly string[]; readonly data: readonly string[]; readonly json: boolean; readonly asQuery: boolean; readonly upload: string | null;
  readonly agent: string | null; readonly user: string | null; readonly referer: string | null; readonly cookie: string | null; readonly range: string | null; readonly compressed: boolean; readonly version: string; readonly meter: boolean;
  readonly resolve: readonly string[]; readonly connectTo: readonly string[]; readonly retry: number; readonly retryDelay: number; readonly retryRefused: boolean; readonly retryAll: boolean; readonly haproxy: boolean; readonly globoff: boolean;
  readonly urls: readonly string[];
}

export interface CurlMisuse { readonly status: number; readonly says: string }

interface Spec { readonly name: string; readonly letter?: string; readonly takes: 'nothing' | 'text' | 'seconds' | 'number' }

const nothing = (name: string, letter?: string): Spec => ({ name, takes: 'nothing', ...(letter === undefined ? {} : { letter }) });
const takes = (name: string, letter?: string, what: Spec['takes'] = 'text'): Spec => ({ name, takes: what, ...(letter === undefined ? {} : { letter }) });

/** Options that curl has and that change nothing that the lab shows stand here too. */
const specs: readonly Spec[] = [
  nothing('silent', 's'), nothing('show-error', 'S'), nothing('verbose', 'v'), nothing('head', 'I'), nothing('include', 'i'), nothing('show-headers'), nothing('insecure', 'k'), nothing('fail', 'f'), nothing('fail-with-body'), nothing('fail-early'), nothing('location', 'L'), nothing('location-trusted'),
  nothing('ipv4', '4'), nothing('ipv6', '6'), nothing('compressed'), nothing('http1.0', '0'), nothing('http1.1'), nothing('http2'), nothing('http2-prior-knowledge'), nothing('http3'), nothing('no-buffer', 'N'), nothing('globoff', 'g'), nothing('keepalive'), nothing('disable', 'q'), nothing('progress-bar', '#'), nothing('path-as-is'), nothing('tcp-nodelay'), nothing('progress-meter'),
  nothing('remote-name', 'O'), nothing('remote-header-name', 'J'), nothing('get', 'G'), nothing('parallel', 'Z'), nothing('retry-connrefused'), nothing('retry-all-errors'), nothing('haproxy-protocol'), nothing('version', 'V'), nothing('help', 'h'), nothing('tlsv1', '1'), nothing('tlsv1.2'), nothing('tlsv1.3'), nothing('ssl-reqd'), nothing('anyauth'), nothing('basic'), nothing('digest'), nothing('negotiate'), nothing('create-dirs'), nothing('raw'), nothing('tr-encoding'), nothing('append', 'a'), nothing('netrc', 'n'), nothing('proxytunnel', 'p'), nothing('styled-output'), nothing('buffer'), nothing('alpn'), nothing('sessionid'), nothing('trace-time'), nothing('trace-ids'),
  takes('max-time', 'm', 'seconds'), takes('connect-timeout', undefined, 'seconds'), takes('output', 'o'), takes('write-out', 'w'), takes('dump-header', 'D'), takes('request', 'X'), takes('header', 'H'), takes('data', 'd'), takes('data-raw'), takes('data-binary'), takes('data-ascii'), takes('data-urlencode'), takes('json'), takes('form', 'F'), takes('form-string'), takes('upload-file', 'T'), takes('user-agent', 'A'), takes('user', 'u'), takes('cookie', 'b'), takes('cookie-jar', 'c'), takes('referer', 'e'), takes('range', 'r'), takes('max-redirs', undefined, 'number'), takes('resolve'), takes('connect-to'), takes('retry', undefined, 'number'), takes('retry-delay', undefined, 'number'), takes('retry-max-time', undefined, 'number'),
  takes('cacert'), takes('capath'), takes('cert', 'E'), takes('key'), takes('limit-rate'), takes('speed-limit', 'Y', 'number'), takes('speed-time', 'y', 'number'), takes('url'), takes('request-target'), takes('stderr'), takes('keepalive-time', undefined, 'number'), takes('oauth2-bearer'), takes('tls-max'), takes('ciphers'), takes('max-filesize', 'C', 'number'), takes('local-port'), takes('trace'), takes('trace-ascii'), takes('output-dir'), takes('url-query'), takes('happy-eyeballs-timeout-ms', undefined, 'number'), takes('expect100-timeout', undefined, 'number'), takes('aws-sigv4'), takes('proto'), takes('proto-default'), takes('noproxy'),
];
/** What curl has and the lab cannot follow: to pretend would be to lie. */
const lacking = new Set(['interface', 'proxy', 'preproxy', 'socks5', 'socks5-hostname', 'socks4', 'dns-servers', 'doh-url', 'unix-socket', 'abstract-unix-socket', 'config', 'next', 'proxy-header', 'telnet-option', 'ftp-port', 'mail-from', 'ssl', 'parallel-max', 'x', 'K', ':', 'P', 't']);

const try_ = "\ncurl: try 'curl --help' or 'curl --manual' for more information";
const misuse = (says: string): CurlMisuse => ({ status: 2, says: `option ${says}${try_}` });

type Draft = { -readonly [Key in keyof CurlOptions]: CurlOptions[Key] };

/** Reads curl's words; the first mistake ends it, as in curl. */
export function curlOptions(args: readonly string[]): CurlOptions | CurlMisuse {
  const draft: Draft = {
    silent: false, showError: false, verbose: false, head: false, include: false, insecure: false, fail: 'no', location: false, maxRedirects: 50, family: null, ca: null, total: null, connect: null, outputs: [], remoteName: false, write: null, dump: null, method: null, headers: [], data: [], json: false, asQuery: false, upload: null,
    agent: null, user: null, referer: null, cookie: null, range: null, compressed: false, version: '1.1', meter: true, resolve: [], connectTo: [], retry: 0, retryDelay: 0, retryRefused: false, retryAll: false, haproxy: false, globoff: false, urls: [],
  };
  let plain = false;
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    if (plain || !word.startsWith('-') || word === '-') { draft.urls = [...draft.urls, word]; continue; }
    if (word === '--') { plain = true; continue; }
    if (word.startsWith('--')) {
      const negated = /^--no-/.test(word) && specs.some(({ name, takes: what }) => what === 'nothing' && name === word.slice(5));
      const name = negated ? word.slice(5) : word.slice(2);
      if (lacking.has(name)) return { status: 2, says: `the lab's curl has no ${word}` };
      const spec = specs.find((one) => one.name === name);
      if (spec === undefined) return misuse(`${word}: is unknown`);
      const value = spec.takes === 'nothing' ? undefined : args[++index];
      const problem = put(draft, spec, word, value, negated);
      if (problem !== null) return problem;
      continue;
    }
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      if (lacking.has(letter)) return { status: 2, says: `the lab's curl has no -${letter}` };
      const spec = specs.find((one) => one.letter === letter);
      if (spec === undefined) return misuse(`${word}: is unknown`);
      const joined = at + 1 < word.length ? word.slice(at + 1) : undefined;
      const value = spec.takes === 'nothing' ? undefined : joined ?? args[++index];
      const problem = put(draft, spec, word, value, false);
      if (problem !== null) return problem;
      if (spec.takes !== 'nothing') break;
    }
  }
  return draft;
}

function put(draft: Draft, spec: Spec, word: string, value: string | undefined, negated: boolean): CurlMisuse | null {
  if (spec.takes !== 'nothing' && value === undefined) return misuse(`${word}: requires parameter`);
  const text = value ?? '';
  const number = Number(text);
  if ((spec.takes === 'seconds' && !/^\d+(\.\d*)?$/.test(text)) || (spec.takes === 'number' && !/^-?\d+$/.test(text))) return misuse(`${word}: expected a proper numerical parameter`);
  const on = !negated;
  switch (spec.name) {
    case 'silent': draft.silent = on; break;
    case 'show-error': draft.showError = on; break;
    case 'verbose': draft.verbose = on; break;
    case 'head': draft.head = on; break;
    case 'include': case 'show-headers': draft.include = on; break;
    case 'insecure': draft.insecure = on; break;
    case 'fail': draft.fail = on ? 'quietly' : 'no'; break;
    case 'fail-with-body': draft.fail = on ? 'with-body' : 'no'; break;
    case 'location': case 'location-trusted': draft.location = on; break;
    case 'ipv4': draft.family = 4; break;
    case 'ipv6': draft.family = 6; break;
    case 'compressed': draft.compressed = on; break;
    case 'http1.0': draft.version = '1.0'; break;
    case 'progress-meter': draft.meter = on; break;
    case 'remote-name': draft.remoteName = true; break;
    case 'get': draft.asQuery = true; break;
    case 'globoff': draft.globoff = on; break;
    case 'retry-connrefused': draft.retryRefused = on; break;
    case 'retry-all-errors': draft.retryAll = on; break;
    case 'haproxy-protocol': draft.haproxy = on; break;
    case 'max-time': draft.total = number === 0 ? null : number; break;
    case 'connect-timeout': draft.connect = number === 0 ? null : number; break;
    case 'output': draft.outputs = [...draft.outputs, text]; break;
    case 'write-out': draft.write = text; break;
    case 'dump-header': draft.dump = text; break;
    case 'request': draft.method = text; break;
    case 'header': draft.headers = [...draft.headers, text]; break;
    case 'data': case 'data-raw': case 'data-binary': case 'data-ascii': case 'data-urlencode': case 'form': case 'form-string': draft.data = [...draft.data, text]; break;
    case 'json': draft.data = [...draft.data, text]; draft.json = true; break;
    case 'upload-file': draft.upload = text; break;
    case 'user-agent': draft.agent = text; break;
    case 'user': draft.user = text; break;
    case 'cookie': draft.cookie = text.includes('=') ? text : draft.cookie; break;
    case 'referer': draft.referer = text; break;
    case 'range': draft.range = text; break;
    case 'oauth2-bearer': draft.headers = [...draft.headers, `Authorization: Bearer ${text}`]; break;
    case 'max-redirs': draft.maxRedirects = number; break;
    case 'resolve': draft.resolve = [...draft.resolve, text]; break;
    case 'connect-to': draft.connectTo = [...draft.connectTo, text]; break;
    case 'retry': draft.retry = Math.min(10, Math.max(0, number)); break;
    case 'retry-delay': draft.retryDelay = number; break;
    case 'cacert': draft.ca = text; break;
    case 'url': draft.urls = [...draft.urls, text]; break;
    default: break;
  }
  return null;
}

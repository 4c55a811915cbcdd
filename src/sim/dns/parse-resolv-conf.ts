// How a C library reads /etc/resolv.conf: the same text means different things to glibc and to musl.
import { remembered } from '../base/remembered.ts';
import { literalAddress } from './resolvers/literal.ts';

export interface ResolverConfig {
  /** Never empty: 127.0.0.1 when the file names none; three at most. */
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  readonly ndots: number;
  /** Seconds: of one try with glibc, of the whole question with musl. */
  readonly timeout: number;
  readonly attempts: number;
  readonly rotate: boolean;
  readonly singleRequest: boolean;
  readonly singleRequestReopen: boolean;
  readonly useTcp: boolean;
  readonly noAaaa: boolean;
  /** A name without dots is not asked as it is once it was searched for. */
  readonly noTldQuery: boolean;
  readonly edns: boolean;
}

type Draft = { -readonly [Key in keyof ResolverConfig]: ResolverConfig[Key] };

const defaults: ResolverConfig = {
  nameservers: [], searches: [], ndots: 1, timeout: 5, attempts: 2, rotate: false, singleRequest: false, singleRequestReopen: false, useTcp: false, noAaaa: false, noTldQuery: false, edns: false,
};

const mostNameservers = 3;
/** musl reads lines into a buffer of 256 bytes and ignores what does not fit with its line end. */
const longestMuslLine = 254;

/** Reads the text as the library does (glibc 2.36 resolv/res_init.c; musl 1.2 src/network/resolvconf.c). What it does not understand it ignores: there is no error. */
export const parseResolvConf = (text: string, flavour: 'glibc' | 'musl'): ResolverConfig => (flavour === 'glibc' ? forGlibc : forMusl)(text);

const forGlibc = remembered((text) => read(text, 'glibc'), 500, 3000);
const forMusl = remembered((text) => read(text, 'musl'), 500, 3000);

function read(text: string, flavour: 'glibc' | 'musl'): ResolverConfig {
  const draft: Draft = { ...defaults };
  for (const line of text.split('\n')) {
    if (flavour === 'glibc') readGlibcLine(draft, line);
    else if (new TextEncoder().encode(line).length <= longestMuslLine) readMuslLine(draft, line);
  }
  if (draft.nameservers.length === 0) draft.nameservers = ['127.0.0.1'];
  return draft;
}

function readGlibcLine(draft: Draft, line: string): void {
  const found = /^(nameserver|search|domain|options)[ \t]+(.*)$/.exec(line);
  if (found === null) return;
  const [, keyword = '', rest = ''] = found;
  const words = rest.split(/[ \t]+/).filter((word) => word !== '');
  if (keyword === 'options') for (const word of words) readGlibcOption(draft, word);
  else if (keyword === 'nameserver') addNameserver(draft, words[0] ?? '');
  else if (words.length > 0) draft.searches = keyword === 'domain' ? words.slice(0, 1) : words;
}

function readGlibcOption(draft: Draft, word: string): void {
  const [, name, digits] = /^(ndots|timeout|attempts):(\d*)/.exec(word) ?? [];
  const value = Number(digits ?? 0);
  if (name === 'ndots') draft.ndots = Math.min(value, 15);
  else if (name === 'timeout') draft.timeout = Math.min(value, 30);
  else if (name === 'attempts') draft.attempts = Math.min(value, 5);
  else if (word.startsWith('rotate')) draft.rotate = true;
  else if (word.startsWith('edns0')) draft.edns = true;
  else if (word.startsWith('single-request-reopen')) draft.singleRequestReopen = true;
  else if (word.startsWith('single-request')) draft.singleRequest = true;
  else if (word.startsWith('use-vc')) draft.useTcp = true;
  else if (word.startsWith('no-aaaa')) draft.noAaaa = true;
  else if (/^no(-tld-|_tld_)query/.test(word)) draft.noTldQuery = true;
}

function readMuslLine(draft: Draft, line: string): void {
  const number = (key: string): number | undefined => {
    const at = line.indexOf(key);
    const digits = at < 0 ? null : /^\d+/.exec(line.slice(at + key.length));
    return digits === null ? undefined : Number(digits[0]);
  };
  // The line end counts as the space after the keyword, so that a bare `search` empties the list.
  const padded = `${line}\n`;
  if (/^options\s/.test(padded)) {
    draft.ndots = Math.min(number('ndots:') ?? draft.ndots, 15);
    // musl divides by the attempts: none at all would be a crash, not a lookup.
    draft.attempts = Math.max(Math.min(number('attempts:') ?? draft.attempts, 10), 1);
    draft.timeout = Math.min(number('timeout:') ?? draft.timeout, 60);
  } else if (/^nameserver\s/.test(padded)) addNameserver(draft, line.slice(11).trim().split(/\s/)[0] ?? '');
  else if (/^(domain|search)\s/.test(padded)) draft.searches = line.slice(7).split(/\s+/).filter((word) => word !== '');
}

function addNameserver(draft: Draft, text: string): void {
  // Both libraries read inet_aton's short forms; the zone of a link-local address is left out.
  const address = literalAddress(text.includes(':') ? text.replace(/%.*$/, '') : text);
  if (draft.nameservers.length < mostNameservers && address !== undefined) draft.nameservers = [...draft.nameservers, address];
}

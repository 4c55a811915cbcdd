// URLs as curl reads them: sets and ranges in them, what it refuses, and the target that is meant.
import { parseAddress } from '../../sim/base/address.ts';
import type { Target } from '../../sim/model/request.ts';
import { targetOf } from './ask-network.ts';

export interface UrlProblem { readonly status: number; readonly error: string }

const mostUrls = 100;

/** `http://x/{a,b}?[1-3]` as single URLs. */
export function globbed(url: string): readonly string[] | UrlProblem {
  let urls: readonly string[] = [''];
  for (let index = 0; index < url.length;) {
    const rest = url.slice(index);
    const set = /^\{([^{}]*)\}/.exec(rest);
    const range = /^\[(?:(\d+)-(\d+)|([a-zA-Z])-([a-zA-Z]))(?::(\d+))?\]/.exec(rest);
    const pointed = (says: string): UrlProblem => ({ status: 3, error: `${says} in URL position ${index + 1}:\n${url}\n${' '.repeat(index)}^` });
    if (set !== null) {
      urls = urls.flatMap((one) => (set[1] ?? '').split(',').map((part) => one + part));
      index += set[0].length;
    } else if (range !== null) {
      const step = Math.max(1, Number(range[5] ?? 1));
      const [from, to] = range[1] === undefined ? [(range[3] ?? 'a').charCodeAt(0), (range[4] ?? 'a').charCodeAt(0)] : [Number(range[1]), Number(range[2])];
      if (to < from) return pointed('bad range');
      const values = Array.from({ length: Math.min(mostUrls + 1, Math.floor((to - from) / step) + 1) }, (_, at) => from + at * step);
      const shown = values.map((value) => (range[1] === undefined ? String.fromCharCode(value) : String(value).padStart((range[1] ?? '').startsWith('0') ? (range[1] ?? '').length : 0, '0')));
      urls = urls.flatMap((one) => shown.map((value) => one + value));
      index += range[0].length;
    } else if (rest.startsWith('{')) return pointed('unmatched brace');
    else if (rest.startsWith('}')) return pointed('unmatched close brace/bracket');
    else if (rest.startsWith('[') && !/^\[[0-9a-fA-F:.%]+\]/.test(rest)) return pointed('bad range specification');
    else {
      const literal = /^\[[0-9a-fA-F:.%]+\]/.exec(rest)?.[0] ?? rest.charAt(0);
      urls = urls.map((one) => one + literal);
      index += literal.length;
    }
    if (urls.length > mostUrls) return { status: 3, error: `the lab's curl asks ${mostUrls} URLs at most` };
  }
  return urls;
}

/** A URL as curl reads it: http where no scheme stands. `user` is what stands before the host. */
export function urlTarget(url: string): { readonly target: Target; readonly user: string | null } | UrlProblem {
  if (/[\u0000-\u0020\u007f]/.test(url)) return { status: 3, error: 'URL rejected: Malformed input to a URL function' };
  const match = /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/{1,3})?(?:([^/?#@]*)@)?(\[[^\]]*\]|[^:/?#]*)(?::([^/?#]*))?([/?#].*)?$/s.exec(url);
  const scheme = (match?.[1] ?? 'http').toLowerCase();
  if (match === null) return { status: 3, error: 'URL rejected: Malformed input to a URL function' };
  if (scheme !== 'http' && scheme !== 'https' && scheme !== 'telnet') return { status: 1, error: `Protocol "${scheme}" not supported` };
  const host = (match[3] ?? '').replace(/^\[|\]$/g, '');
  if (host === '') return { status: 3, error: 'URL rejected: No host part in the URL' };
  if (/[\s<>"{}|\\^`]/.test(host) || ((match[3] ?? '').startsWith('[') && parseAddress(host) === undefined)) return { status: 3, error: 'URL rejected: Bad hostname' };
  const written = match[4];
  if (written !== undefined && written !== '' && (!/^\d+$/.test(written) || Number(written) > 65_535)) return { status: 3, error: 'URL rejected: Port number was not a decimal number between 0 and 65535' };
  const port = written === undefined || written === '' ? null : Number(written);
  const path = (match[5] ?? '').replace(/#.*$/s, '');
  const target = scheme === 'telnet' ? targetOf('tcp', host, port ?? 23) : targetOf(scheme, host, port, path.startsWith('/') || path === '' ? path : `/${path}`);
  return { target, user: match[2] ?? null };
}

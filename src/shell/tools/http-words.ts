// HTTP in words: what a status is called, and the headers that an answer has.
import type { Walk } from '../../sim/model/trace.ts';

const phrases: Readonly<Record<number, string>> = {
  200: 'OK', 201: 'Created', 202: 'Accepted', 204: 'No Content', 206: 'Partial Content', 301: 'Moved Permanently', 302: 'Found', 303: 'See Other', 304: 'Not Modified', 307: 'Temporary Redirect', 308: 'Permanent Redirect', 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 405: 'Method Not Allowed', 408: 'Request Timeout', 413: 'Request Entity Too Large', 421: 'Misdirected Request', 429: 'Too Many Requests',
  500: 'Internal Server Error', 501: 'Not Implemented', 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Timeout',
};

export const phrase = (status: number): string => phrases[status] ?? '';

/** Bytes of the answer's body. */
export const bodyLength = (walk: Walk): number => walk.bodySize ?? walk.stalled?.promised ?? new TextEncoder().encode(walk.body ?? '').length;

/** The answer's headers, in order: an edge's own first, then what every answer has. */
export function answerHeaders(walk: Walk): readonly (readonly [name: string, value: string])[] {
  const own = walk.http?.headers ?? [];
  const has = (name: string): boolean => own.some(([one]) => one.toLowerCase() === name);
  return [...own, ...(has('content-type') ? [] : [['Content-Type', 'text/plain; charset=utf-8'] as const]), ...(has('content-length') ? [] : [['Content-Length', String(bodyLength(walk))] as const])];
}

export const headerOf = (walk: Walk, name: string): string | null => answerHeaders(walk).find(([one]) => one.toLowerCase() === name)?.[1] ?? null;

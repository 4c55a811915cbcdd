// Names and patterns of names as Cilium reads them (cilium v1.20, pkg/fqdn/matchpattern).
import { fullMatch } from '../base/expression/full-match.ts';

const label = '[-a-zA-Z0-9_]';

const withDot = (name: string): string => (name.endsWith('.') ? name : `${name}.`);

/**
 * `*` is any part of one label, `**.` in front one or more whole labels, and a pattern of stars alone any name.
 * Capitals do not matter, nor whether the last dot is written.
 */
export function patternHolds(pattern: string, name: string): boolean {
  const [wanted, given] = [pattern.trim().toLowerCase(), withDot(name.toLowerCase())];
  if (/^\*+\.?$/.test(wanted)) return fullMatch(`(${label}+[.])+|[.]`).matches(given);
  const front = /^\*{2,}\./.exec(wanted)?.[0] ?? '';
  const parts = (withDot(wanted).slice(front.length).match(/\*+|[^*]/g) ?? []).map((part) => (part.startsWith('*') ? `${label}*` : part === '.' ? '[.]' : /[\w-]/.test(part) ? part : `\\${part}`));
  return fullMatch(`${front === '' ? '' : `(${label}+[.])+`}${parts.join('')}`).matches(given);
}

export const nameHolds = (wanted: string, name: string): boolean => withDot(wanted.toLowerCase()) === withDot(name.toLowerCase());

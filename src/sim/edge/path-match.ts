// Paths of requests against paths of rules, and what a rule makes of a path that it takes.
import type { EdgeChange, EdgePath } from '../model/edge.ts';

/** Without query and fragment; never empty. */
export const pathOf = (asked: string): string => { const path = asked.replace(/[?#].*$/s, ''); return path === '' ? '/' : path; };

const longestPattern = 256;
const longestPath = 2048;

// Simplified: regular expressions are RE2's and PCRE's common ground; more than three open repetitions, repeated groups that repeat, and back references match nothing.
/** A pattern that cannot run away, anchored at the start; `null` for what is none. */
export function patternOf(text: string, anyCase: boolean): RegExp | null {
  const plain = text.replace(/\\./g, '_').replace(/\[[^\]]*\]/g, '_');
  const open = plain.match(/[*+]|\{\d*,\d*\}/g) ?? [];
  if (text.length > longestPattern || open.length > 3 || /\\[1-9]/.test(text) || /\([^()]*[*+{|][^()]*\)[*+{]/.test(plain)) return null;
  try {
    return new RegExp(`^(?:${text})`, anyCase ? 'i' : '');
  } catch {
    return null;
  }
}

/** By whole elements: `/foo` is for `/foo`, `/foo/` and `/foo/bar`, not for `/foobar` (networking/v1, PathType; gateway.networking.k8s.io/v1, PathMatchPathPrefix). */
export function pathFits(path: EdgePath, asked: string): boolean {
  const given = pathOf(asked);
  switch (path.kind) {
    case 'exact': return given === path.value;
    case 'text': return given.startsWith(path.value);
    case 'regex': return given.length <= longestPath && patternOf(path.value, path.anyCase ?? false)?.test(given) === true;
    case 'prefix': {
      const stem = path.value.replace(/\/+$/, '');
      return stem === '' || given === stem || given.startsWith(`${stem}/`);
    }
  }
}

/** The path that the backend or the redirect gets; the query is kept. */
export function changedPath(change: EdgeChange | null, path: EdgePath, asked: string): string {
  const given = pathOf(asked);
  const query = /\?[^#]*/.exec(asked)?.[0] ?? '';
  if (change === null) return given + query;
  switch (change.kind) {
    case 'whole': return change.path + query;
    case 'prefix': {
      const rest = given.slice(path.value.replace(/\/+$/, '').length).replace(/^\/*/, '');
      const stem = change.path.replace(/\/+$/, '');
      return `${rest === '' && stem !== '' ? stem : `${stem}/${rest}`}${query}`;
    }
    case 'groups': {
      const found = patternOf(path.kind === 'regex' ? path.value : path.value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), true)?.exec(given.slice(0, longestPath));
      return change.path.replace(/\$(\d)/g, (_, digit: string) => found?.[Number(digit)] ?? '') + query;
    }
  }
}

const kinds = ['exact', 'prefix', 'text', 'regex'] as const;

/** The more particular path first: Exact, then the longest one. */
export const byPath = (left: EdgePath, right: EdgePath): number =>
  Number(right.kind === 'exact') - Number(left.kind === 'exact') || right.value.replace(/(?<=.)\/+$/, '').length - left.value.replace(/(?<=.)\/+$/, '').length || kinds.indexOf(left.kind) - kinds.indexOf(right.kind);

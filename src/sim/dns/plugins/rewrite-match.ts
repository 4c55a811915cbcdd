// How a rule of the rewrite plugin finds its names: whole, by their ends, by a part, or by a regular expression.
import type { Result } from '../../base/result.ts';
import { fail, succeed } from '../../base/result.ts';
import { findSubmatch } from '../go-regexp-run.ts';
import { parseRegexp } from '../go-regexp.ts';
import { absoluteName, comparableName } from '../names.ts';

export const nameMatches = ['exact', 'prefix', 'suffix', 'substring', 'regex'] as const;
export type NameMatch = (typeof nameMatches)[number];

/** Puts the groups of a match in the places of `{0}`, `{1}` …. */
const filled = (template: string, groups: readonly string[]): string => groups.reduce((text, value, index) => text.replaceAll(`{${index}}`, () => value), template);

/** How many different groups a replacement speaks of. */
const groupsUsed = (text: string): number => new Set([...text.matchAll(/\{(\d{1,2}|100)\}/g)].map(([, digits]) => Number(digits))).size;

/** A renaming by regular expression: the new text, or `undefined` where it does not match. Fails in CoreDNS' words. */
export function regexRenaming(from: string, to: string): Result<(text: string) => string | undefined, string> {
  const read = parseRegexp(from);
  if (!read.ok) return fail(`invalid regex matching pattern: ${from}`);
  if (groupsUsed(to) > read.value.groups.length - 1) return fail(`the rewrite regex pattern (${to}) uses more subexpressions than its corresponding matching regex pattern (${from})`);
  return succeed((text) => {
    const groups = findSubmatch(read.value, text);
    return groups === undefined ? undefined : filled(to, groups);
  });
}

/** The other kinds of match. `from` and `to` are in the form in which names are compared. */
export function plainRenaming(match: Exclude<NameMatch, 'regex'>, from: string, to: string): (name: string) => string | undefined {
  switch (match) {
    case 'exact': return (name) => (name === from ? to : undefined);
    case 'prefix': return (name) => (name.startsWith(from) ? `${to}${name.slice(from.length)}` : undefined);
    case 'suffix': return (name) => (name.endsWith(from) ? `${name.slice(0, name.length - from.length)}${to}` : undefined);
    case 'substring': return (name) => (name.includes(from) ? name.replaceAll(from, () => to) : undefined);
  }
}

/** As CoreDNS writes names of its configuration: lower case, with a final dot (a prefix gets one too). */
export const normalized = (text: string): string => comparableName(absoluteName(text));

/** Whether a name is one of a rule that only selects (`ttl`, `rcode`). Fails for an expression that cannot be read. */
export function nameTest(match: NameMatch, text: string): Result<(name: string) => boolean, null> {
  const wanted = normalized(text);
  switch (match) {
    case 'exact': return succeed((name) => name === wanted);
    case 'prefix': return succeed((name) => name.startsWith(wanted));
    case 'suffix': return succeed((name) => name.endsWith(wanted));
    case 'substring': return succeed((name) => name.includes(wanted));
    case 'regex': {
      const read = parseRegexp(text);
      return read.ok ? succeed((name) => findSubmatch(read.value, name) !== undefined) : fail(null);
    }
  }
}

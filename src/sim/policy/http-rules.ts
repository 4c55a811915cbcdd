// One HTTP request against the conditions of the rules that allow its connection, as Envoy checks them for Cilium (cilium/proxy, network_policy.cc).
import { fullMatch } from '../base/expression/full-match.ts';
import { refText } from '../model/object.ts';
import type { HttpRule, RuleRef } from '../model/policy.ts';

export interface HttpAsked {
  /** Capitals count. */
  readonly method: string;
  /** With its query, without the fragment; at least `/`. */
  readonly path: string;
  /** What the client says in Host, with the port where it is not the scheme's own. */
  readonly host: string;
  /** Names in lower case; several values joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface ProxyVerdict {
  readonly allowed: boolean;
  /** The first condition that lets it through. */
  readonly by: RuleRef | null;
  /** For a denial: the part of a condition that a repair would change, of the one that misses least. */
  readonly nearest: RuleRef | null;
  /** One sentence. */
  readonly says: string;
}

interface Miss {
  readonly field: string;
  readonly says: string;
}

/** Any one of the rules is enough, and all parts of one must hold. */
export function judgeHttp(rules: readonly HttpRule[], asked: HttpAsked): ProxyVerdict {
  const request = `${asked.method} ${asked.path}`;
  const misses = rules.map((rule) => ({ rule, missing: missesOf(rule, asked) }));
  const open = misses.find(({ missing }) => missing.length === 0);
  if (open !== undefined) return { allowed: true, by: open.rule.ref, nearest: null, says: `${ruleText(open.rule)} lets ${request} through.` };
  const [nearest] = [...misses].sort((left, right) => left.missing.length - right.missing.length);
  const missing = nearest?.missing ?? [];
  const why = missing.map(({ says }) => says).join(', and ');
  const which = nearest === undefined ? 'No rule' : ruleText(nearest.rule);
  const others = rules.length > 1 ? `; ${rules.length === 2 ? 'the other condition does' : `the ${rules.length - 1} other conditions do`} not either` : '';
  return {
    allowed: false, by: null, nearest: nearest === undefined ? null : { ...nearest.rule.ref, field: `${nearest.rule.ref.field ?? ''}.${missing[0]?.field ?? ''}` },
    says: `${which} does not let ${request} through: ${why}${others}.`,
  };
}

const ruleText = ({ ref }: HttpRule): string => `${ref.field ?? ''} of ${refText(ref.policy)}`;

function missesOf({ method, path, host, headers }: HttpRule, asked: HttpAsked): readonly Miss[] {
  const text = (field: 'method' | 'path' | 'host', wanted: string | null): readonly Miss[] => {
    if (wanted === null || fullMatch(wanted).matches(asked[field])) return [];
    const query = field === 'path' && asked.path.includes('?') && fullMatch(wanted).matches(asked.path.replace(/\?.*$/s, '')) ? ' (the query belongs to the path)' : '';
    return [{ field, says: `the ${field} ${asked[field]} is not ${wanted} as a whole${query}` }];
  };
  return [
    ...text('method', method), ...text('path', path), ...text('host', host),
    ...headers.flatMap(({ name, value, field }): readonly Miss[] => {
      const given = Object.hasOwn(asked.headers, name) ? asked.headers[name] : undefined;
      if (given === undefined) return [{ field, says: `the header ${name} is missing` }];
      return value === null || given === value ? [] : [{ field, says: `the header ${name} has another value` }];
    }),
  ];
}

// Rules on HTTP and on names, which a plugin's proxy checks once the connection stands: who is let through, and by which rule (Cilium docs, "Layer 7 Policies").
import { fullMatch } from '../base/expression/full-match.ts';
import type { HttpRule, NameRule } from '../model/policy.ts';
import { nameHolds, patternHolds } from '../policy/name-pattern.ts';
import type { Journey } from './station.ts';

interface Asking {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** As the Host header has it: with a port that is not the scheme's own. */
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function askingOf({ asked, dialled }: Journey): Asking {
  const headers = asked.http?.headers ?? {};
  const { port } = dialled.destination;
  const literal = asked.host.includes(':') ? `[${asked.host}]` : asked.host;
  return { method: asked.http?.method ?? 'GET', path: asked.path === '' ? '/' : asked.path.replace(/#.*$/s, ''), host: headers['host'] ?? (port === null || port === 80 ? literal : `${literal}:${port}`), headers };
}

/** The parts of a rule that the request does not have, as they stand in it. */
function lacking(rule: HttpRule, asking: Asking): readonly string[] {
  const part = (name: string, pattern: string | null, text: string): readonly string[] => (pattern === null || fullMatch(pattern).matches(text) ? [] : [name]);
  return [
    ...part('method', rule.method, asking.method), ...part('path', rule.path, asking.path), ...part('host', rule.host, asking.host),
    ...rule.headers.flatMap(({ name, value, field }) => {
      const given = name === 'host' ? asking.host : Object.hasOwn(asking.headers, name) ? asking.headers[name] : undefined;
      return given !== undefined && (value === null || given === value) ? [] : [field];
    }),
  ];
}

export interface HttpJudgement {
  readonly rule: HttpRule;
  readonly allowed: boolean;
  /** Of the rule: what would have to be another; `null` when it lets the request through. */
  readonly field: string | null;
}

/** The first rule that lets the request through, or the one that comes nearest; `null` where there is none at all. */
export function judgeHttp(rules: readonly HttpRule[], asking: Asking): HttpJudgement | null {
  let nearest: { readonly rule: HttpRule; readonly lacks: readonly string[] } | null = null;
  for (const rule of rules) {
    const lacks = lacking(rule, asking);
    if (lacks.length === 0) return { rule, allowed: true, field: null };
    if (nearest === null || lacks.length < nearest.lacks.length) nearest = { rule, lacks };
  }
  return nearest === null ? null : { rule: nearest.rule, allowed: false, field: nearest.lacks[0] ?? null };
}

/** Every list that the question passed has to let the name through; the first list that does not, by its first rule. */
export function refusesName(lists: readonly (readonly NameRule[])[], name: string): NameRule | null {
  for (const rules of lists) {
    if (!rules.some((rule) => (rule.name === null && rule.pattern === null) || (rule.name !== null && nameHolds(rule.name, name)) || (rule.pattern !== null && patternHolds(rule.pattern, name)))) return rules[0] ?? null;
  }
  return null;
}

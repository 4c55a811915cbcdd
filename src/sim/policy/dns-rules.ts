// One lookup against the names that the rules let through which allow its connection, as Cilium's DNS proxy checks them.
import { refText } from '../model/object.ts';
import type { NameRule } from '../model/policy.ts';
import type { ProxyVerdict } from './http-rules.ts';
import { nameHolds, patternHolds } from './name-pattern.ts';

/** `name` as the query carries it, search list and all; the last dot does not matter. What is not let through is refused at once. */
export function judgeQuery(rules: readonly NameRule[], name: string): ProxyVerdict {
  const open = rules.find((rule) => (rule.name === null && rule.pattern === null) || (rule.name !== null && nameHolds(rule.name, name)) || (rule.pattern !== null && patternHolds(rule.pattern, name)));
  if (open !== undefined) return { allowed: true, by: open.ref, nearest: null, says: `${open.ref.field ?? ''} of ${refText(open.ref.policy)} lets the lookup of ${name} through.` };
  const [first] = rules;
  const names = rules.map((rule) => rule.name ?? rule.pattern ?? '');
  const shown = names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
  return { allowed: false, by: null, nearest: first?.ref ?? null, says: `${first === undefined ? 'No rule lets' : `${first.ref.field ?? ''} of ${refText(first.ref.policy)} does not let`} the lookup of ${name} through: only ${shown}.` };
}

// The tiers asked in order: ordered rules that allow, deny or pass on, and between them the union of what isolating policies allow.
import type { HttpRule, NameRule, PolicyQuestion, PolicyVerdict, RuleRef } from '../model/policy.ts';
import type { CompiledPolicy } from './policy-api.ts';
import { refAt } from './policy-api.ts';
import type { TierLists } from './policy-index.ts';
import { actedText, allowedBy, defaultText, deniedBy, noMatchText, notIsolated, passedText, sentence, untouchedText } from './policy-words.ts';
import { repairOfAct, repairOfUnion } from './repair.ts';
import type { Ends, RuleOutcome } from './rule-outcome.ts';
import { outcomesOf, proxiedPorts } from './rule-outcome.ts';
import type { Tier } from './tiers.ts';
import { tiers } from './tiers.ts';

/** What a set of policies says. */
export type Decision = Omit<PolicyVerdict, 'unenforced'>;

type Decided = Omit<Decision, 'isolatedBy' | 'passedBy' | 'says'>;

/** The policies that isolate the subject: those of a union, but for the ones beside them that only allow. */
export const isolatingOf = (lists: TierLists, { direction }: Pick<PolicyQuestion, 'direction'>): readonly CompiledPolicy[] =>
  tiers.flatMap(({ decides }, position) => (decides === 'union' ? (lists[position] ?? []).filter(({ isolates }) => isolates?.[direction] !== false) : []));

/** The verdict of the policies that select the subject, one list for each tier. */
export function decide(lists: TierLists, ends: Ends, question: PolicyQuestion): Decision {
  const isolating = isolatingOf(lists, question);
  const isolatedBy = isolating.map((policy) => refAt(policy, null));
  const before: string[] = [];
  const passedBy: RuleRef[] = [];
  const decision = (decided: Decided, clause: string): Decision => ({
    ...decided, isolatedBy, ...(passedBy.length > 0 ? { passedBy } : {}), says: sentence([...before, clause]),
  });
  for (const [position, tier] of tiers.entries()) {
    const policies = lists[position] ?? [];
    if (policies.length === 0 || (tier.decides === 'union' && isolating.length === 0)) continue;
    if (tier.decides === 'union') return decision(...union(policies, isolating, ends, question));
    const { acting, near } = firstMatch(policies, ends);
    if (acting !== null && acting.rule.action !== 'pass') {
      if (tier.name === 'baseline') before.push(untouchedText(question));
      return decision(...(acting.rule.action === 'allow' ? accepted(acting, policies, tier, ends, question) : denied(acting, near, tier, lists, ends, question)));
    }
    if (acting !== null) {
      passedBy.push(refAt(acting.policy, acting.rule.field));
      before.push(passedText(acting, tier, tiers.slice(position + 1).find(({ title }) => title !== null), question));
    } else if (tier.title !== null) before.push(noMatchText(policies, tier, question));
  }
  return decision({ allowed: true, decidedBy: [], nearest: null }, before.length === 0 ? notIsolated(question) : defaultText(question));
}

/** NetworkPolicy is a union: there is no order and no denying rule. */
function union(policies: readonly CompiledPolicy[], isolating: readonly CompiledPolicy[], ends: Ends, question: PolicyQuestion): [Decided, string] {
  const outcomes = policies.flatMap((policy) => outcomesOf(policy, ends));
  const allowing = outcomes.filter(({ fails }) => fails === null);
  const decidedBy = allowing.map(({ policy, rule }) => refAt(policy, rule.field));
  if (decidedBy.length > 0) return [{ allowed: true, decidedBy, nearest: null, ...proxiedBy(allowing, ends) }, allowedBy(decidedBy, question)];
  const repair = repairOfUnion(isolating, outcomes, ends, question);
  return [{ allowed: false, decidedBy, nearest: nearestOf(isolating, outcomes, question), ...(repair === null ? {} : { repair }) }, deniedBy(isolating, outcomes, question)];
}

/** Once any rule sends the connection through a proxy, a rule without conditions is one that lets everything through. */
function proxiedBy(allowing: readonly RuleOutcome[], ends: Ends): { readonly http?: readonly HttpRule[]; readonly dns?: readonly NameRule[] } {
  if (allowing.every(({ rule }) => rule.proxied === undefined)) return {};
  const http: HttpRule[] = [];
  const dns: NameRule[] = [];
  let asks = { http: false, dns: false };
  for (const outcome of allowing) {
    const ref = refAt(outcome.policy, outcome.rule.field);
    const terms = outcome.rule.proxied === undefined ? [{ http: [], dns: [] }] : proxiedPorts(outcome, ends);
    asks = { http: asks.http || terms.some((term) => term.http.length > 0), dns: asks.dns || terms.some((term) => term.dns.length > 0) };
    if (terms.some((term) => term.http.length === 0)) http.push(anyRequest(ref));
    if (terms.some((term) => term.dns.length === 0)) dns.push({ ref, name: null, pattern: null });
    for (const term of terms) {
      http.push(...term.http);
      dns.push(...term.dns);
    }
  }
  return { ...(asks.http ? { http } : {}), ...(asks.dns ? { dns } : {}) };
}

const anyRequest = (ref: RuleRef): HttpRule => ({ ref, method: null, path: null, host: null, headers: [] });

/** What a repair would change: the ports of a rule that has the peer, else the peers of a rule that has the port, else the list of rules (of a policy that has any). */
function nearestOf(policies: readonly CompiledPolicy[], outcomes: readonly RuleOutcome[], question: PolicyQuestion): RuleRef | null {
  const peerFits = outcomes.find(({ fails }) => fails !== 'peer');
  if (peerFits !== undefined) return refAt(peerFits.policy, `${peerFits.rule.field}.${peerFits.rule.parts.ports}`);
  const portFits = outcomes.find(({ portWould }) => portWould);
  if (portFits !== undefined) return refAt(portFits.policy, `${portFits.rule.field}.${portFits.rule.parts.peers}`);
  const first = outcomes[0]?.policy ?? policies[0];
  return first === undefined ? null : refAt(first, listField(first, question));
}

/** `spec.ingress`, in the spec of the policy's subject. */
const listField = ({ selector }: CompiledPolicy, { direction }: PolicyQuestion): string => `${selector.slice(0, selector.lastIndexOf('.'))}.${direction}`;

/** The first rule that matches, and before it the first that would have allowed this peer had it had the port. */
function firstMatch(policies: readonly CompiledPolicy[], ends: Ends): { readonly acting: RuleOutcome | null; readonly near: RuleOutcome | null } {
  let near: RuleOutcome | null = null;
  for (const policy of policies) {
    for (const outcome of outcomesOf(policy, ends)) {
      if (outcome.fails === null) return { acting: outcome, near };
      if (outcome.fails !== 'peer' && outcome.rule.action === 'allow') near ??= outcome;
    }
  }
  return { acting: null, near };
}

/** An ordered rule allows. */
function accepted(acting: RuleOutcome, policies: readonly CompiledPolicy[], tier: Tier, ends: Ends, question: PolicyQuestion): [Decided, string] {
  const decidedBy = [refAt(acting.policy, acting.rule.field)];
  // Where nothing isolates, every rule sends its connections through its proxy, which then lets everything through (Cilium pkg/policy/l4.go, ensureWildcard).
  const proxied = tier.name === 'allow' ? proxiedBy(policies.flatMap((policy) => outcomesOf(policy, ends)).filter(({ fails }) => fails === null), ends) : {};
  const [ref] = decidedBy;
  const open = ref === undefined || proxied.http === undefined ? proxied : { ...proxied, http: [...proxied.http, anyRequest(ref)] };
  return [{ allowed: true, decidedBy, nearest: null, ...open }, actedText(acting, tier, null, question)];
}

/** An ordered rule denies. A repair would widen the ports of an earlier rule that allows the peer, else change this rule. */
function denied(acting: RuleOutcome, near: RuleOutcome | null, tier: Tier, lists: TierLists, ends: Ends, question: PolicyQuestion): [Decided, string] {
  const decidedBy = [refAt(acting.policy, acting.rule.field)];
  const nearest = near === null ? decidedBy[0] ?? null : refAt(near.policy, `${near.rule.field}.${near.rule.parts.ports}`);
  const repair = repairOfAct(acting, near, tier, lists, ends, question, (rest) => decide(rest, ends, question));
  return [{ allowed: false, decidedBy, nearest, ...(repair === null ? {} : { repair }) }, actedText(acting, tier, near, question)];
}

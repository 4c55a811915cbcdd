// The tiers asked in order: ordered rules that allow, deny or pass on, and between them the union of what isolating policies allow.
import type { PolicyQuestion, PolicyVerdict, RuleRef } from '../model/policy.ts';
import type { CompiledPolicy } from './policy-api.ts';
import { refAt } from './policy-api.ts';
import type { TierLists } from './policy-index.ts';
import { actedText, allowedBy, defaultText, deniedBy, noMatchText, notIsolated, passedText, sentence, untouchedText } from './policy-words.ts';
import type { Ends, RuleOutcome } from './rule-outcome.ts';
import { outcomesOf } from './rule-outcome.ts';
import type { Tier } from './tiers.ts';
import { tiers } from './tiers.ts';

/** What a set of policies says. */
export type Decision = Omit<PolicyVerdict, 'unenforced'>;

/** The verdict of the policies that select the subject, one list for each tier. */
export function decide(lists: TierLists, ends: Ends, question: PolicyQuestion): Decision {
  const isolating = tiers.flatMap(({ decides }, position) => (decides === 'union' ? (lists[position] ?? []) : []));
  const isolatedBy = isolating.map((policy) => refAt(policy, null));
  const before: string[] = [];
  const passedBy: RuleRef[] = [];
  const decision = (decided: Pick<Decision, 'allowed' | 'decidedBy' | 'nearest'>, clause: string): Decision => ({
    ...decided, isolatedBy, ...(passedBy.length > 0 ? { passedBy } : {}), says: sentence([...before, clause]),
  });
  for (const [position, tier] of tiers.entries()) {
    const policies = lists[position] ?? [];
    if (policies.length === 0) continue;
    if (tier.decides === 'union') return decision(...union(policies, ends, question));
    const { acting, near } = firstMatch(policies, ends);
    if (acting !== null && acting.rule.action !== 'pass') {
      if (tier.name === 'baseline') before.push(untouchedText(question));
      return decision(...acted(acting, near, tier, question));
    }
    if (acting === null) before.push(noMatchText(policies, tier, question));
    else {
      passedBy.push(refAt(acting.policy, acting.rule.field));
      before.push(passedText(acting, tier, tiers[position + 1], question));
    }
  }
  return decision({ allowed: true, decidedBy: [], nearest: null }, before.length === 0 ? notIsolated(question) : defaultText(question));
}

/** NetworkPolicy is a union: there is no order and no denying rule. */
function union(policies: readonly CompiledPolicy[], ends: Ends, question: PolicyQuestion): [Pick<Decision, 'allowed' | 'decidedBy' | 'nearest'>, string] {
  const outcomes = policies.flatMap((policy) => outcomesOf(policy, ends));
  const decidedBy = outcomes.filter(({ fails }) => fails === null).map(({ policy, rule }) => refAt(policy, rule.field));
  if (decidedBy.length > 0) return [{ allowed: true, decidedBy, nearest: null }, allowedBy(decidedBy, question)];
  return [{ allowed: false, decidedBy, nearest: nearestOf(policies, outcomes, question) }, deniedBy(policies, outcomes, question)];
}

/** What a repair would change: the ports of a rule that has the peer, else the peers of a rule that has the port, else the list of rules (of a policy that has any). */
function nearestOf(policies: readonly CompiledPolicy[], outcomes: readonly RuleOutcome[], question: PolicyQuestion): RuleRef | null {
  const peerFits = outcomes.find(({ fails }) => fails !== 'peer');
  if (peerFits !== undefined) return refAt(peerFits.policy, `${peerFits.rule.field}.${peerFits.rule.parts.ports}`);
  const portFits = outcomes.find(({ portWould }) => portWould);
  if (portFits !== undefined) return refAt(portFits.policy, `${portFits.rule.field}.${portFits.rule.parts.peers}`);
  const first = outcomes[0]?.policy ?? policies[0];
  return first === undefined ? null : refAt(first, `spec.${question.direction}`);
}

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

/** An ordered rule decides. A repair would widen the ports of an earlier rule that allows the peer, else change this rule. */
function acted(acting: RuleOutcome, near: RuleOutcome | null, tier: Tier, question: PolicyQuestion): [Pick<Decision, 'allowed' | 'decidedBy' | 'nearest'>, string] {
  const decidedBy = [refAt(acting.policy, acting.rule.field)];
  if (acting.rule.action === 'allow') return [{ allowed: true, decidedBy, nearest: null }, actedText(acting, tier, null, question)];
  const nearest = near === null ? decidedBy[0] ?? null : refAt(near.policy, `${near.rule.field}.${near.rule.parts.ports}`);
  return [{ allowed: false, decidedBy, nearest }, actedText(acting, tier, near, question)];
}

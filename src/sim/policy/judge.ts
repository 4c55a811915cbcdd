// One question to the policies of one end of a connection: allowed or not, by which policies and rules, and which part of a rule failed.
import { parseAddress } from '../base/address.ts';
import type { PolicyQuestion, PolicyVerdict, RuleRef } from '../model/policy.ts';
import { exemptionOf } from './exemption.ts';
import type { CompiledPolicy } from './policy-api.ts';
import { refAt } from './policy-api.ts';
import type { PolicyIndex } from './policy-index.ts';
import { classOf } from './policy-index.ts';
import type { Ends, RuleOutcome } from './rule-outcome.ts';
import { outcomesOf } from './rule-outcome.ts';
import { allowedBy, deniedBy, exemptText, notIsolated, unenforcedText } from './policy-words.ts';

/** What a set of isolating policies says: NetworkPolicy is a union, there is no order and no denying rule. */
interface Decision {
  readonly allowed: boolean;
  readonly isolatedBy: readonly RuleRef[];
  readonly decidedBy: readonly RuleRef[];
  readonly nearest: RuleRef | null;
  readonly says: string;
}

/**
 * The verdict of the policies on one end. A connection needs the egress verdict of its source and the ingress verdict of its destination;
 * what has no pod at an end has no policies there. Replies need no question: they belong to the connection.
 */
export function judge(index: PolicyIndex, question: PolicyQuestion): PolicyVerdict {
  const subject = classOf(index, question.subject);
  const isolating = subject.isolatedBy[question.direction];
  const peer = question.peer.pod === null || !question.peer.pod.running ? null : classOf(index, question.peer.pod);
  const ends: Ends = { direction: question.direction, subject, peer, address: parseAddress(question.peer.ip) ?? null, protocol: question.protocol, port: question.port };
  const enforced = isolating.filter(({ policy }) => index.enforced.has(policy.kind));
  const exemption = exemptionOf(question);
  if (exemption !== null) {
    const decision = { allowed: true, isolatedBy: enforced.map(wholePolicy), decidedBy: [], nearest: null };
    return { ...decision, unenforced: null, says: exemptText(exemption, question) };
  }
  const decision = decide(enforced, ends, question);
  if (enforced.length === isolating.length) return { ...decision, unenforced: null };
  const would = decide(isolating, ends, question);
  const by = would.decidedBy.length > 0 ? would.decidedBy : would.isolatedBy;
  const unenforced = { wouldAllow: would.allowed, by };
  return { ...decision, unenforced, says: enforced.length > 0 ? decision.says : unenforcedText(would, question) };
}

const wholePolicy = (policy: CompiledPolicy): RuleRef => refAt(policy, null);

function decide(policies: readonly CompiledPolicy[], ends: Ends, question: PolicyQuestion): Decision {
  const isolatedBy = policies.map(wholePolicy);
  if (policies.length === 0) return { allowed: true, isolatedBy, decidedBy: [], nearest: null, says: notIsolated(question) };
  const outcomes = outcomesOf(policies, ends);
  const decidedBy = outcomes.filter(({ fails }) => fails === null).map(({ policy, rule }) => refAt(policy, rule.field));
  if (decidedBy.length > 0) return { allowed: true, isolatedBy, decidedBy, nearest: null, says: allowedBy(decidedBy, question) };
  return { allowed: false, isolatedBy, decidedBy, nearest: nearestOf(policies, outcomes, question), says: deniedBy(policies, outcomes, question) };
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

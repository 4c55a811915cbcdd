// One question to the policies of one end of a connection: allowed or not, by which policies and rules, and which part of a rule failed.
import { parseAddress } from '../base/address.ts';
import type { PolicyQuestion, PolicyVerdict } from '../model/policy.ts';
import type { Decision } from './decide.ts';
import { decide, isolatingOf } from './decide.ts';
import type { Exemption } from './exemption.ts';
import { exemptionOf } from './exemption.ts';
import { refAt } from './policy-api.ts';
import type { PolicyIndex, TierLists } from './policy-index.ts';
import { classOf } from './policy-index.ts';
import { exemptText, partlyUnenforcedText, unenforcedText } from './policy-words.ts';
import type { Ends } from './rule-outcome.ts';
import { tiers } from './tiers.ts';

/**
 * The verdict of the policies on one end. A connection needs the egress verdict of its source and the ingress verdict of its destination;
 * what has no pod at an end has no policies there. Replies need no question: they belong to the connection.
 */
export function judge(index: PolicyIndex, question: PolicyQuestion): PolicyVerdict {
  const subject = classOf(index, question.subject);
  const exemption = exemptionOf(question);
  const selecting = exemption === null ? subject.selectedBy[question.direction] : subject.selectedBy[question.direction].map((policies, position) => (judgesExempt(exemption, position, question) ? policies : []));
  const enforced = selecting.map((policies) => (policies.length === 0 ? policies : policies.filter(({ policy }) => index.enforced.has(policy.kind))));
  const exempt = (reason: Exemption): PolicyVerdict => {
    const isolating = isolatingOf(subject.selectedBy[question.direction].map((policies) => policies.filter(({ policy }) => index.enforced.has(policy.kind))), question);
    return { allowed: true, isolatedBy: isolating.map((policy) => refAt(policy, null)), decidedBy: [], nearest: null, unenforced: null, says: exemptText(reason, question) };
  };
  if (exemption !== null && count(enforced) === 0) return exempt(exemption);
  const peer = question.peer.pod === null || !question.peer.pod.running ? null : classOf(index, question.peer.pod);
  const ends: Ends = { direction: question.direction, subject, peer, address: parseAddress(question.peer.ip) ?? null, protocol: question.protocol, port: question.port, apart: index.ipBlocks === 'outside' ? index.nodesTogether : null };
  const decision = decide(enforced, ends, question);
  if (exemption === 'own-node' && decision.allowed) return exempt(exemption);
  if (count(enforced) === count(selecting)) return { ...decision, unenforced: null };
  const would = decide(selecting, ends, question);
  const by = would.decidedBy.length > 0 ? would.decidedBy : would.isolatedBy;
  // Policies that nobody enforces and that would have left the connection to others are no news.
  if (would.allowed === decision.allowed && by.every(({ policy }) => index.enforced.has(policy.kind))) return { ...decision, unenforced: null };
  return { ...decision, unenforced: { wouldAllow: would.allowed, by }, says: saysOf(decision, would, count(enforced) > 0, question) };
}

const count = (lists: TierLists): number => lists.reduce((sum, policies) => sum + policies.length, 0);

/** NetworkPolicy cannot keep a pod from itself in any way (docs, "Network Policies"); some tiers can, on the way through a Service, and some stop a pod's own node. */
const judgesExempt = (exemption: Exemption, position: number, { throughService }: PolicyQuestion): boolean =>
  (exemption === 'itself' ? throughService === true && tiers[position]?.judges.itself === true : tiers[position]?.judges.ownNode === true);

function saysOf(decision: Decision, would: Decision, others: boolean, question: PolicyQuestion): string {
  if (!others) return unenforcedText(would, question);
  return would.allowed === decision.allowed ? decision.says : partlyUnenforcedText(decision.says, would);
}

// The sentences of a verdict: plain English that says which policy, which rule and which part of it.
import { portProtocols } from '../base/port-set.ts';
import { refText } from '../model/object.ts';
import type { PolicyQuestion, PolicyVerdict, RuleRef } from '../model/policy.ts';
import type { Exemption } from './exemption.ts';
import type { CompiledPolicy, CompiledRule, PeerTerm } from './policy-api.ts';
import type { RuleOutcome } from './rule-outcome.ts';
import type { Tier } from './tiers.ts';

const listed = 3;

/** `a`, `a and b`, `a, b and c`, `a, b, c and 4 more`. */
function listText(items: readonly string[], word = 'and'): string {
  const unique = [...new Set(items)];
  const shown = unique.length > listed + 1 ? [...unique.slice(0, listed), `${unique.length - listed} more`] : unique;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} ${word} ${shown.slice(-1).join('')}`;
}

const subjectText = ({ subject }: PolicyQuestion): string => `${subject.namespace}/${subject.name}`;

function peerText({ peer }: PolicyQuestion): string {
  if (peer.pod !== null) return `${peer.pod.namespace}/${peer.pod.name}${peer.pod.hostNetwork ? ` (on the node's network, as ${peer.ip})` : ''}`;
  return typeof peer.node === 'string' ? `node ${peer.node} (${peer.ip})` : peer.ip;
}

const wantedText = ({ protocol, port }: PolicyQuestion): string => (port === null ? protocol : `${protocol} ${port}`);

const toOrFrom = (question: PolicyQuestion): string => (question.direction === 'ingress' ? 'from' : 'to');

/** `NetworkPolicy shop/a and NetworkPolicy shop/b isolate`. */
const isolateText = (policies: readonly RuleRef['policy'][]): string => `${listText(policies.map(refText))} ${policies.length > 1 ? 'isolate' : 'isolates'}`;

export function notIsolated(question: PolicyQuestion): string {
  const { subject, direction } = question;
  if (subject.hostNetwork) return `${subjectText(question)} uses its node's network, which policies do not select.`;
  return `No policy isolates ${subjectText(question)} for ${direction}, so everything is allowed.`;
}

/** What stands before the verdict of a tier: how the connection came to it. Each clause begins in lower case, and ends without a full stop. */
export function sentence(clauses: readonly string[]): string {
  const text = clauses.map((clause, index) => (index > 0 && clause.startsWith('No ') ? `n${clause.slice(1)}` : clause).replace(/\.$/, '')).join('; ');
  return `${text.startsWith('no ') ? `N${text.slice(1)}` : text}.`;
}

const ruleText = ({ policy, rule }: RuleOutcome): string => `${rule.field} of ${refText(policy.policy)}`;

const connectionText = (question: PolicyQuestion): string => `${wantedText(question)} ${toOrFrom(question)} ${peerText(question)}`;

export function passedText(passing: RuleOutcome, tier: Tier, next: Tier | undefined, question: PolicyQuestion): string {
  return `${ruleText(passing)} passes ${connectionText(question)} on from the ${tier.title ?? ''} tier${next === undefined ? '' : ` to the ${next.title ?? ''} tier`}`;
}

export const noMatchText = (policies: readonly CompiledPolicy[], tier: Tier, question: PolicyQuestion): string =>
  `no rule of ${listText(policies.map(({ policy }) => refText(policy)))} in the ${tier.title ?? ''} tier matches ${connectionText(question)}`;

/** `everything` or only `it`: whether any policy of an ordered tier selects the pod. */
export const defaultText = (question: PolicyQuestion): string =>
  `no NetworkPolicy isolates ${subjectText(question)} for ${question.direction}, so it is allowed`;

/** Why the last tier was asked at all. */
export const untouchedText = (question: PolicyQuestion): string => `No NetworkPolicy isolates ${subjectText(question)} for ${question.direction}`;

/** An ordered rule that decides. */
export function actedText(acting: RuleOutcome, tier: Tier, near: RuleOutcome | null, question: PolicyQuestion): string {
  if (acting.rule.failsClosed) {
    return `${ruleText(acting)} denies everything in the ${tier.title ?? ''} tier, because one of its peers is of no known kind and it fails closed`;
  }
  if (tier.title === null) return `${ruleText(acting)} ${acting.rule.action === 'allow' ? 'allows' : 'denies'} ${connectionText(question)}${acting.rule.action === 'allow' ? '' : ', whatever other rules allow'}`;
  const final = tier.name === 'admin' ? ', and no NetworkPolicy can change that' : '';
  const acts = `${ruleText(acting)} ${acting.rule.action === 'allow' ? 'allows' : 'denies'} ${connectionText(question)} in the ${tier.title} tier${final}`;
  if (near === null) return acts;
  return `${acts}; before it ${near.policy === acting.policy ? near.rule.field : ruleText(near)} allows ${peerText(question)} on ${listText(portTexts(near.rule))} only`;
}

/** The verdict of what is enforced, with what the rest would have said. */
export function partlyUnenforcedText(says: string, would: Pick<PolicyVerdict, 'allowed' | 'decidedBy' | 'isolatedBy'>): string {
  const by = would.decidedBy.length > 0 ? would.decidedBy : would.isolatedBy;
  const verb = would.allowed ? 'would allow' : 'would deny';
  return sentence([says, `${listText(by.map(({ policy }) => refText(policy)))} ${verb} it, but the cluster's CNI plugin does not enforce ${listText(by.map(({ policy }) => policy.kind))}`]);
}

export function allowedBy(rules: readonly RuleRef[], question: PolicyQuestion): string {
  const by = listText(rules.map((rule) => `${rule.field ?? ''} of ${refText(rule.policy)}`));
  return `${by} ${rules.length > 1 ? 'allow' : 'allows'} ${wantedText(question)} ${toOrFrom(question)} ${peerText(question)}.`;
}

export function exemptText(exemption: Exemption, question: PolicyQuestion): string {
  return exemption === 'itself'
    ? `A pod can always reach itself by its own address, whatever policies say: ${subjectText(question)}.`
    : `Traffic from a pod's own node is always allowed in, whatever policies say: node ${question.subject.node ?? ''} runs ${subjectText(question)}.`;
}

/** What would have been said if somebody enforced the policies. */
export function unenforcedText(would: Pick<PolicyVerdict, 'allowed' | 'decidedBy' | 'isolatedBy'>, question: PolicyQuestion): string {
  const by = would.decidedBy.length > 0 ? would.decidedBy : would.isolatedBy;
  const kinds = listText(by.map(({ policy }) => policy.kind));
  const policies = listText(by.map(({ policy }) => refText(policy)));
  const verb = would.allowed ? 'would allow' : 'would deny';
  return `The cluster's CNI plugin does not enforce ${kinds}, so everything is allowed; ${policies} ${verb} ${wantedText(question)} ${toOrFrom(question)} ${peerText(question)}.`;
}

/** Which part failed: nobody has a rule, no rule has the peer, or the rules that have it lack the protocol, the port or the name. */
export function deniedBy(policies: readonly CompiledPolicy[], outcomes: readonly RuleOutcome[], question: PolicyQuestion): string {
  const isolated = `${isolateText(policies.map(({ policy }) => policy))} ${subjectText(question)} for ${question.direction}`;
  const whose = policies.length > 1 ? 'their' : 'its';
  const several = policies.length > 1 || outcomes.some(({ policy }) => policy !== policies[0]);
  if (outcomes.length === 0) return `${isolated}, and ${policies.length > 1 ? 'they have' : 'it has'} no rule that allows anything.`;
  const reached = outcomes.filter(({ fails }) => fails !== 'peer');
  if (reached.length === 0) {
    const peers = listText(outcomes.flatMap(({ policy, rule }) => (rule.peers ?? []).map((peer) => peerTermText(peer, policy, question))));
    const rules = outcomes.length > 1 ? `none of ${whose} rules allows ${peerText(question)}: they allow` : `${whose} only rule does not allow ${peerText(question)}: it allows`;
    return `${isolated}, and ${rules} ${peers === '' ? 'nobody' : `only ${peers}`}.`;
  }
  const rules = listText(reached.map(({ policy, rule }) => (several ? `${rule.field} of ${refText(policy.policy)}` : rule.field)));
  const allow = `${rules} ${reached.length > 1 ? 'allow' : 'allows'} ${peerText(question)}`;
  const ports = listText(reached.flatMap(({ rule }) => portTexts(rule)));
  return `${isolated}; ${allow} on ${ports} only, not on ${wantedText(question)}${nameText(reached, question)}.`;
}

/** Why a named port did not help, where that is the cause. */
function nameText(reached: readonly RuleOutcome[], question: PolicyQuestion): string {
  const nameless = reached.filter(({ fails }) => fails === 'name');
  if (nameless.length === 0) return '';
  const names = listText(nameless.flatMap(({ rule }) => (rule.ports?.named ?? []).filter(({ protocol }) => protocol === null || protocol === question.protocol).map(({ name }) => `"${name}"`)), 'or');
  const destination = question.direction === 'ingress' ? question.subject : question.peer.pod;
  if (destination === null || destination.hostNetwork) return `: ${names} cannot be resolved for an address`;
  const has = destination.namedPorts.some(({ name, protocol }) => protocol === question.protocol && nameless.some(({ rule }) => rule.ports?.named.some((one) => one.name === name)));
  const pod = `${destination.namespace}/${destination.name}`;
  return has ? `: ${names} cannot be resolved for a pod that is matched by its address` : `: ${pod} has no ${question.protocol} port named ${names}`;
}

function portTexts({ ports }: CompiledRule): readonly string[] {
  if (ports === null) return [];
  const fixed = portProtocols.flatMap((protocol) =>
    ports.fixed[protocol].map(([low, high]) => (low === 1 && high === 65535 ? `every ${protocol} port` : low === high ? `${protocol} ${low}` : `${protocol} ${low}-${high}`)));
  return [...fixed, ...ports.named.map(({ name, protocol }) => `${protocol ?? 'port'} "${name}"`), ...(ports.echo ?? []).map((family) => `ping over ${family}`)];
}

function peerTermText(peer: PeerTerm, { policy }: CompiledPolicy, question: PolicyQuestion): string {
  if (peer.kind === 'addresses') return peer.entity === true ? peer.says : `addresses in ${peer.says}`;
  const { namespaces, pods } = peer.term;
  const which = pods.requirements.length === 0 ? 'pods' : `pods with ${pods.says}`;
  if ('selector' in namespaces) return `${which} in ${namespaces.selector.requirements.length === 0 ? 'any namespace' : `namespaces with ${namespaces.selector.says}`}`;
  // Within one namespace the namespace goes without saying; across, it is often the very cause.
  const same = question.peer.pod !== null && question.peer.pod.namespace === policy.namespace && pods.requirements.length > 0;
  return same ? which : `${which} in namespace ${namespaces.name}`;
}

// What would have to change in the policies' objects for a denied connection to be allowed: one entry more where one will do.
import type { Labels } from '../model/object.ts';
import { refText } from '../model/object.ts';
import type { PolicyQuestion, Repair, RepairStep } from '../model/policy.ts';
import type { CompiledPolicy, CompiledRule } from './policy-api.ts';
import { refAt } from './policy-api.ts';
import type { TierLists } from './policy-index.ts';
import { namingLabels } from './repair/peer-labels.ts';
import type { Wanted, WrittenPeer } from './repair/writing.ts';
import { writingOf } from './repair/writing.ts';
import type { Ends, RuleOutcome } from './rule-outcome.ts';
import type { Tier } from './tiers.ts';

/** What the policies would say with other lists. */
type Again = (lists: TierLists) => { readonly allowed: boolean; readonly repair?: Repair };

/** A rule of the union that lacks one port gets it, else one that lacks the peer, else a policy that isolates gets a rule. */
export function repairOfUnion(isolating: readonly CompiledPolicy[], outcomes: readonly RuleOutcome[], ends: Ends, question: PolicyQuestion): Repair | null {
  for (const { policy, rule, fails } of outcomes) {
    const repair = fails === 'peer' ? null : withPort(policy, rule, ends, question);
    if (repair !== null) return repair;
  }
  for (const { policy, rule, fails, portWould } of outcomes) {
    const repair = fails === 'peer' && portWould ? withPeer(policy, rule, ends, question) : null;
    if (repair !== null) return repair;
  }
  const { direction } = question;
  const open = [...isolating].sort((left, right) => Number((right.rules[direction] ?? []).length > 0) - Number((left.rules[direction] ?? []).length > 0));
  for (const policy of open) {
    const list = `${specOf(policy)}.${direction}`;
    const rule = writingOf(policy.policy.kind)?.rule(wantedOf(policy, ends, question)) ?? null;
    if (rule === null) continue;
    const empty = (policy.rules[direction] ?? []).length === 0;
    return { steps: [{ policy: policy.policy, op: 'add', path: empty ? pointer(list) : `${pointer(list)}/-`, value: empty ? [rule] : rule }], at: refAt(policy, list), says: `Add a rule to ${list} of ${refText(policy.policy)} that allows ${connectionText(ends, question)}.` };
  }
  return null;
}

/** Of ordered rules: the earlier one that has the peer gets the port, else one that allows is put before the one that denies; what cannot be said before it is done by taking it away. */
export function repairOfAct(acting: RuleOutcome, near: RuleOutcome | null, tier: Tier, lists: TierLists, ends: Ends, question: PolicyQuestion, again: Again): Repair | null {
  const { policy, rule } = acting;
  if (tier.name !== 'deny') {
    const wider = near === null ? null : withPort(near.policy, near.rule, ends, question);
    if (wider !== null) return wider;
    const written = writingOf(policy.policy.kind)?.rule(wantedOf(policy, ends, question)) ?? null;
    if (written !== null) {
      return { steps: [{ policy: policy.policy, op: 'add', path: pointer(rule.field), value: written }], at: refAt(policy, rule.field), says: `Put a rule before ${rule.field} of ${refText(policy.policy)} that allows ${connectionText(ends, question)}.` };
    }
  }
  const rest = again(lists.map((policies) => policies.flatMap((one) => without(one, policy, rule, question))));
  if (!rest.allowed && rest.repair === undefined) return null;
  const removal = removalOf(policy, rule);
  const steps = [removal, ...(rest.repair?.steps ?? [])].filter((step, _, all) => !all.some((wider) => wider !== step && wider.op === 'remove' && refText(wider.policy) === refText(step.policy) && (wider.path === '' || step.path.startsWith(`${wider.path}/`))));
  const says = removal.path === '' ? `Delete ${refText(policy.policy)}` : `Take ${removal.path === pointer(specOf(policy)) ? specOf(policy) : rule.field} of ${refText(policy.policy)} away`;
  return { steps: [...steps].sort(byTurn), at: refAt(policy, rule.field), says: rest.repair === undefined ? `${says}.` : `${says}; ${rest.repair.says.charAt(0).toLowerCase()}${rest.repair.says.slice(1)}` };
}

/** The rule; with the last one its spec, and with the last spec the object. */
function removalOf(policy: CompiledPolicy, rule: CompiledRule): RepairStep {
  const path = policy.written !== 1 ? pointer(rule.field) : specOf(policy) === 'spec' ? '' : pointer(specOf(policy));
  return { policy: policy.policy, op: 'remove', path };
}

/** What is removed first must not move what comes later: rules from the end, then what is added, then whole specs from the end. */
function byTurn(left: RepairStep, right: RepairStep): number {
  const turn = ({ op, path }: RepairStep): number => (op === 'add' ? 1 : path === '' || /^\/specs\/\d+$/.test(path) ? 2 : 0);
  const index = ({ path }: RepairStep): number => Number(/\/(\d+)$/.exec(path)?.[1] ?? 0);
  return turn(left) - turn(right) || (left.op === 'remove' && right.op === 'remove' ? index(right) - index(left) : 0);
}

/** A policy without one of its rules. One whose last rule for a direction goes does not isolate for it any more, where its denying rules are a part of their own. */
function without(one: CompiledPolicy, policy: CompiledPolicy, rule: CompiledRule, { direction }: PolicyQuestion): readonly CompiledPolicy[] {
  const rules = one.rules[direction] ?? [];
  const same = one.selector === policy.selector && refText(one.policy) === refText(policy.policy);
  if (same && policy.written === 1) return [];
  const left = policy.written === undefined || !same ? {} : { written: policy.written - 1 };
  if (one === policy) {
    const kept = rules.filter((other) => other !== rule);
    return kept.length === 0 ? [] : [{ ...one, ...left, rules: { ...one.rules, [direction]: kept } }];
  }
  const lastOfAll = same && policy.tier === 'deny' && one.tier === 'namespace' && rules.length === 0 && (policy.rules[direction] ?? []).length === 1;
  return lastOfAll ? [] : [same ? { ...one, ...left } : one];
}

function withPort(policy: CompiledPolicy, rule: CompiledRule, ends: Ends, question: PolicyQuestion): Repair | null {
  const list = `${rule.field}.${rule.parts.ports}`;
  const port = rule.failsClosed || rule.empty === true || rule.ports === null ? null : writingOf(policy.policy.kind)?.port(wantedOf(policy, ends, question), rule.parts.ports) ?? null;
  return port === null ? null : { steps: [{ policy: policy.policy, op: 'add', path: `${pointer(list)}/-`, value: port }], at: refAt(policy, list), says: `Add ${portText(question)} to ${list} of ${refText(policy.policy)}.` };
}

function withPeer(policy: CompiledPolicy, rule: CompiledRule, ends: Ends, question: PolicyQuestion): Repair | null {
  const list = `${rule.field}.${rule.parts.peers}`;
  const wanted = wantedOf(policy, ends, question);
  const peer = rule.failsClosed || rule.empty === true || rule.peers === null ? null : writingOf(policy.policy.kind)?.peer(wanted, rule.parts.peers) ?? null;
  return peer === null ? null : { steps: [{ policy: policy.policy, op: 'add', path: `${pointer(list)}/-`, value: peer }], at: refAt(policy, list), says: `Add ${peerText(ends, question)} to ${list} of ${refText(policy.policy)}.` };
}

function wantedOf(policy: CompiledPolicy, ends: Ends, question: PolicyQuestion): Wanted {
  return { direction: question.direction, peer: writtenPeer(ends, question), protocol: question.protocol, port: question.port, family: ends.address?.family ?? 'IPv4', namespace: policy.policy.namespace, apart: ends.apart };
}

function writtenPeer({ peer, address }: Ends, { peer: given, subject }: PolicyQuestion): WrittenPeer {
  if (given.pod !== null && peer?.selectable === true) return { kind: 'pod', namespace: given.pod.namespace, labels: namingLabels(given.pod.labels) };
  const node = given.pod === null ? given.node ?? null : given.pod.hostNetwork ? given.pod.node : null;
  return { kind: 'address', address: address ?? { family: 'IPv4', value: 0n }, node: node === null ? null : { own: node === subject.node }, isPod: given.pod !== null && peer !== null };
}

/** `spec`, or the one of several specs of an object. */
const specOf = ({ selector }: CompiledPolicy): string => selector.slice(0, selector.lastIndexOf('.'));

/** `spec.ingress[0].from` as a JSON pointer. */
const pointer = (field: string): string => `/${field.replace(/\[(\d+)\]/g, '.$1').split('.').join('/')}`;

const portText = ({ protocol, port }: PolicyQuestion): string => (port === null ? protocol : `${protocol} ${port}`);

const labelsText = (labels: Labels): string => Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(', ');

function peerText(ends: Ends, question: PolicyQuestion): string {
  const peer = writtenPeer(ends, question);
  if (peer.kind === 'address') return peer.node === null ? question.peer.ip : `node ${question.peer.pod?.node ?? (question.peer.pod === null ? question.peer.node ?? '' : '')} (${question.peer.ip})`;
  const labels = labelsText(peer.labels);
  return `${labels === '' ? 'all pods' : `pods with ${labels}`} in namespace ${peer.namespace}`;
}

const connectionText = (ends: Ends, question: PolicyQuestion): string => `${portText(question)} ${question.direction === 'ingress' ? 'from' : 'to'} ${peerText(ends, question)}`;

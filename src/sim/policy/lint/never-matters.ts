// Rules that say nothing new whatever pods there may be: covered by other rules of a union, or shadowed by earlier ones of an ordered tier.
import { withoutAddresses } from '../../base/address-set.ts';
import { wholeFamily } from '../../base/address.ts';
import type { PortSet } from '../../base/port-set.ts';
import { isNoPorts, noPorts, subtractPorts } from '../../base/port-set.ts';
import type { Requirement } from '../../cluster/selector.ts';
import { matchesRequirements } from '../../cluster/selector.ts';
import type { Problem } from '../../model/problem.ts';
import { refText } from '../../model/object.ts';
import type { Selector } from '../label-selector.ts';
import type { CompiledPolicy, CompiledRule, PeerTerm, PodTerm, PortTerm } from '../policy-api.ts';
import { namespaceLabels } from '../policy-index.ts';
import { tiers } from '../tiers.ts';
import type { Ground, PlacedRule } from './ground.ts';
import { rulesOf, warning } from './ground.ts';

/** Judged by what the rules say, not by the pods of the moment: what is reported here can be taken away without any change, ever. */
export function neverMatters(ground: Ground): readonly Problem[] {
  const gone = new Set<CompiledRule>();
  const groups = new Map<string, CompiledPolicy[]>();
  for (const policy of ground.policies) {
    const key = `${policy.tier} ${'name' in policy.subject.namespaces ? policy.subject.namespaces.name : ''}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [policy]);
    else group.push(policy);
  }
  return [...groups.values()].flatMap((group) => group.flatMap((policy) => {
    const union = policy.tier === 'deny' || tiers.some(({ name, decides }) => name === policy.tier && decides === 'union');
    const denying = policy.tier === 'namespace' ? ground.policies.filter((other) => other.tier === 'deny' && termCovers(ground, other.subject, policy.subject)) : [];
    const wider = group.filter((other) => other === policy || (termCovers(ground, other.subject, policy.subject) && (union || other.priority < policy.priority)));
    // From the end: of two equal rules the later one is the one too many.
    return [...rulesOf(policy)].reverse().flatMap((placed) => {
      // What a proxy checks is more than peers and ports can say.
      if (placed.rule.peers?.length === 0 || placed.rule.proxied !== undefined) return [];
      const others = wider.flatMap((other) => rivals(placed, other, union)).filter(({ rule }) => !gone.has(rule) && rule.proxied === undefined);
      const covering = coveringRules(ground, placed.rule, others);
      const stopping = covering === null ? coveringRules(ground, placed.rule, denying.flatMap((other) => rivals(placed, other, true))) : null;
      if (covering === null && stopping === null) return [];
      gone.add(placed.rule);
      return [stopping !== null ? shadowed(placed, stopping) : union ? redundant(placed, covering ?? []) : shadowed(placed, covering ?? [])];
    });
  }));
}

/** The rules of a policy that could make this one superfluous: in a union every other one, in an ordered tier those that are asked before it. */
function rivals(placed: PlacedRule, other: CompiledPolicy, union: boolean): readonly PlacedRule[] {
  const rules = other.rules[placed.direction] ?? [];
  const before = union || other !== placed.policy ? rules : rules.slice(0, rules.indexOf(placed.rule));
  return before.filter((rule) => rule !== placed.rule).map((rule) => ({ policy: other, direction: placed.direction, rule }));
}

const nameOf = ({ policy, rule }: PlacedRule): string => `${rule.field} of ${refText(policy.policy)}`;

/** At most three; those of the same policy by their field alone. */
const namesOf = (placed: PlacedRule, covering: readonly PlacedRule[]): string =>
  covering.slice(0, 3).map((one) => (one.policy === placed.policy ? one.rule.field : nameOf(one))).join(' and ');

function redundant(placed: PlacedRule, covering: readonly PlacedRule[]): Problem {
  const [plural, single] = placed.rule.action === 'deny' ? ['deny', 'denies'] : ['allow', 'allows'];
  return warning('rule-redundant', placed.policy, placed.rule.field, `${nameOf(placed)} changes nothing: ${namesOf(placed, covering)} already ${covering.length > 1 ? plural : single} everything that it ${single}.`, 'Take one of them away, or narrow the wider one if less was meant.');
}

function shadowed(placed: PlacedRule, covering: readonly PlacedRule[]): Problem {
  const verbs = covering.length > 1 ? ['come', 'match'] as const : ['comes', 'matches'] as const;
  const help = covering.every(({ policy }) => policy.tier === 'deny') ? 'Denying rules go before every rule that allows: narrow them, or take it away.' : 'Put it before them, give its policy a lower priority number, or take it away.';
  return warning('rule-shadowed', placed.policy, placed.rule.field, `${nameOf(placed)} can never act: ${namesOf(placed, covering)} ${verbs[0]} before it and ${verbs[1]} everything that it matches.`, help);
}

/** The rules that together have all of a rule; `null` when they do not. */
function coveringRules(ground: Ground, rule: CompiledRule, others: readonly PlacedRule[]): readonly PlacedRule[] | null {
  const used = new Set<PlacedRule>();
  for (const peer of rule.peers ?? [null]) {
    const holding = others.filter((other) => other.rule.peers === null || (peer !== null && other.rule.peers.some((wide) => peerCovers(ground, wide, peer))));
    const byAddress = (other: PlacedRule): boolean => peer?.kind === 'pods' && other.rule.peers !== null && !other.rule.peers.some((wide) => wide.kind === 'pods' && peerCovers(ground, wide, peer));
    const enough = portsCover(rule.ports, holding, (other) => other.direction === 'ingress' || !byAddress(other));
    if (enough === null) return null;
    for (const one of enough) used.add(one);
  }
  return [...used];
}

/** As few as are found in order; a name counts only where it is resolved for pods. */
function portsCover(wanted: PortTerm | null, holding: readonly PlacedRule[], resolves: (other: PlacedRule) => boolean): readonly PlacedRule[] | null {
  const everything = holding.find(({ rule }) => rule.ports === null);
  if (everything !== undefined) return [everything];
  // What allows every protocol allows ICMP too, which no list of ports does.
  if (wanted === null) return null;
  const used: PlacedRule[] = [];
  let left: PortSet = wanted.fixed;
  let names = wanted.named;
  let echo = wanted.echo ?? [];
  for (const other of holding) {
    const fixed = other.rule.ports?.fixed ?? noPorts;
    const less = subtractPorts(left, fixed);
    const fewer = names.filter(({ name, protocol }) => !resolves(other) || !(other.rule.ports?.named ?? []).some((own) => own.name === name && (own.protocol === null || own.protocol === protocol)));
    const quieter = echo.filter((family) => !(other.rule.ports?.echo ?? []).includes(family));
    if (fewer.length < names.length || !isNoPorts(subtractPorts(left, less)) || quieter.length < echo.length) used.push(other);
    [left, names, echo] = [less, fewer, quieter];
  }
  return isNoPorts(left) && names.length === 0 && echo.length === 0 && used.length > 0 ? used : null;
}

function peerCovers(ground: Ground, wide: PeerTerm, narrow: PeerTerm): boolean {
  if (wide.kind === 'pods') return narrow.kind === 'pods' && termCovers(ground, wide.term, narrow.term);
  if (wide.outside !== undefined || (narrow.kind === 'addresses' && narrow.outside !== undefined)) {
    // What is for the outside alone never has a pod, and what is for more than that has the nodes too.
    return narrow.kind === 'addresses' && (wide.outside === undefined || narrow.outside !== undefined) && withoutAddresses(narrow.addresses, wide.addresses).length === 0;
  }
  if (narrow.kind === 'addresses') return (wide.podsToo || !narrow.podsToo || ground.index.ipBlocks === 'all') && withoutAddresses(narrow.addresses, wide.addresses).length === 0;
  if (!wide.podsToo && ground.index.ipBlocks === 'outside') return false;
  const families = (['IPv4', 'IPv6'] as const).filter((family) => family === 'IPv4' || ground.classes.some(({ addresses }) => addresses.IPv6 !== null));
  return withoutAddresses(families.map(wholeFamily), wide.addresses).length === 0;
}

/** Every pod that the narrow term picks the wide one picks too, by what they say. */
function termCovers(ground: Ground, wide: PodTerm, narrow: PodTerm): boolean {
  if (wide.node !== undefined && wide !== narrow) return false;
  if (!selectorCovers(wide.pods, narrow.pods)) return false;
  if ('name' in wide.namespaces) return 'name' in narrow.namespaces && wide.namespaces.name === narrow.namespaces.name;
  const { selector } = wide.namespaces;
  if ('selector' in narrow.namespaces) return selectorCovers(selector, narrow.namespaces.selector);
  // The labels of a namespace may change, its name may not.
  const { name } = narrow.namespaces;
  return selector.requirements.every((one) => one.key === 'kubernetes.io/metadata.name' && matchesRequirements([one], namespaceLabels(ground.index.namespaces, name)));
}

/** Fewer requirements pick more. */
const selectorCovers = (wide: Selector, narrow: Selector): boolean => wide === narrow || wide.requirements.every((one) => narrow.requirements.some((own) => implies(own, one)));

function implies(own: Requirement, wanted: Requirement): boolean {
  if (own.key !== wanted.key) return false;
  const positive = own.operator === 'Equals' || own.operator === 'In';
  switch (wanted.operator) {
    case 'Exists': return positive || own.operator === 'Exists';
    case 'Equals':
    case 'In': return positive && own.values.every((value) => wanted.values.includes(value));
    case 'NotEquals':
    case 'NotIn': return positive ? own.values.every((value) => !wanted.values.includes(value)) : own.operator === 'DoesNotExist' || ((own.operator === 'NotIn' || own.operator === 'NotEquals') && wanted.values.every((value) => own.values.includes(value)));
    case 'DoesNotExist': return own.operator === 'DoesNotExist';
    default: return false;
  }
}


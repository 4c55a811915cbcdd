// Two policies of one tier with one priority that say different things of one connection: nobody can say which of them acts.
import { intersectPorts, isNoPorts } from '../../base/port-set.ts';
import type { Problem } from '../../model/problem.ts';
import { refText } from '../../model/object.ts';
import type { CompiledPolicy, CompiledRule } from '../policy-api.ts';
import type { PodClass } from '../policy-index.ts';
import { tiers } from '../tiers.ts';
import type { Ground, PlacedRule } from './ground.ts';
import { rulesOf, warning } from './ground.ts';

/** network-policy-api, ClusterNetworkPolicySpec.Priority: "there is no way for the user to reliably determine which one it will choose". */
export function equalPriorities(ground: Ground): readonly Problem[] {
  const problems: Problem[] = [];
  const groups = new Map<string, CompiledPolicy[]>();
  for (const policy of ground.policies) {
    if (tiers.some(({ name, decides, title }) => name === policy.tier && (decides === 'union' || title === null))) continue;
    const key = `${policy.tier} ${policy.priority}`;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    for (const earlier of group) {
      const clash = clashOf(ground, earlier, policy);
      if (clash === null) continue;
      const [one, other] = clash;
      problems.push(warning('equal-priorities', policy, 'spec.priority',
        `${refText(policy.policy)} and ${refText(earlier.policy)} have the same priority ${policy.priority}, and ${other.rule.field} of the first and ${one.rule.field} of the second match the same connections with different actions: which of them acts is not defined.`,
        'Give each of them a priority of its own; the lower number is asked first.'));
    }
    group.push(policy);
  }
  return problems;
}

function clashOf(ground: Ground, earlier: CompiledPolicy, later: CompiledPolicy): readonly [PlacedRule, PlacedRule] | null {
  const subjects = new Set<PodClass>(ground.subjects.get(earlier) ?? []);
  if (!(ground.subjects.get(later) ?? []).some((one) => subjects.has(one))) return null;
  for (const one of rulesOf(earlier)) {
    for (const other of rulesOf(later)) {
      if (one.direction === other.direction && one.rule.action !== other.rule.action && portsMeet(one.rule, other.rule) && peersMeet(ground, one.rule, other.rule)) return [one, other];
    }
  }
  return null;
}

/** A named port may be any number. */
const portsMeet = ({ ports: left }: CompiledRule, { ports: right }: CompiledRule): boolean =>
  left === null || right === null || !isNoPorts(intersectPorts(left.fixed, right.fixed)) || left.named.some(({ name }) => right.named.some((other) => other.name === name));

function peersMeet(ground: Ground, { peers: left }: CompiledRule, { peers: right }: CompiledRule): boolean {
  if (left?.length === 0 || right?.length === 0) return false;
  if (left === null || right === null) return true;
  return left.some((one) => right.some((other) => {
    const [here, there] = [ground.hits(one), ground.hits(other)];
    if ([...here.classes].some((found) => there.classes.has(found))) return true;
    if (one.kind !== 'addresses' || other.kind !== 'addresses') return false;
    return one.addresses.some((range) => other.addresses.some((same) => range.family === same.family && range.first <= same.last && same.first <= range.last));
  }));
}

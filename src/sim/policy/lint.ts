// Everything that is suspicious about policies that the API server accepts: said as warnings, each with its file and line.
import { byText } from '../base/order.ts';
import { refText } from '../model/object.ts';
import type { Problem } from '../model/problem.ts';
import { dnsBlocked } from './lint/dns-blocked.ts';
import { equalPriorities } from './lint/equal-priorities.ts';
import type { Check, Ground } from './lint/ground.ts';
import { groundOf, warning } from './lint/ground.ts';
import { matchesNothing } from './lint/matches-nothing.ts';
import { neverMatters } from './lint/never-matters.ts';
import type { PolicyIndex } from './policy-index.ts';

const checks: readonly Check[] = [notEnforced, matchesNothing, neverMatters, equalPriorities, dnsBlocked];

/**
 * Warnings about policies, by file, line and code: `policy-not-enforced`, `policy-selects-nothing`, `rule-matches-nothing`, `peer-matches-nothing`,
 * `rule-fails-closed`, `named-port-unresolved`, `rule-redundant`, `rule-shadowed`, `equal-priorities`, `dns-blocked`.
 * What meets nobody is told by the running pods of the index; what is redundant or shadowed is so for any pods.
 */
export function lintPolicies(index: PolicyIndex): readonly Problem[] {
  const ground = groundOf(index);
  const problems = checks.flatMap((check) => check(ground));
  const key = ({ where, code, says }: Problem): readonly [string, number, string] => [where?.file ?? '', where?.line ?? 0, `${where?.object ?? ''} ${where?.field ?? ''} ${code} ${says}`];
  return problems.sort((left, right) => {
    const [[leftFile, leftLine, leftRest], [rightFile, rightLine, rightRest]] = [key(left), key(right)];
    return byText(leftFile, rightFile) || leftLine - rightLine || byText(leftRest, rightRest);
  });
}

function notEnforced({ index, policies }: Ground): readonly Problem[] {
  return policies.filter(({ policy }) => !index.enforced.has(policy.kind)).map((policy) =>
    warning('policy-not-enforced', policy, null, `${refText(policy.policy)} does nothing: the cluster's CNI plugin does not enforce ${policy.policy.kind}.`, 'Choose a plugin that enforces it, or say the same with a kind that this one enforces.'));
}

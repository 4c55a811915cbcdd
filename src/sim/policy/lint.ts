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

const checks: readonly Check[] = [noted, notEnforced, matchesNothing, neverMatters, equalPriorities, dnsBlocked];

/**
 * Warnings about policies, by file, line and code: `policy-not-enforced`, `policy-selects-nothing`, `rule-matches-nothing`, `peer-matches-nothing`,
 * `rule-fails-closed`, `named-port-unresolved`, `rule-redundant`, `rule-shadowed`, `equal-priorities`, `dns-blocked`; of Cilium's policies too
 * `policy-invalid`, `policy-not-followed`, `policy-opens-wide`, `label-of-no-identity`, `name-not-learned`.
 * What meets nobody is told by the running pods of the index; what is redundant or shadowed is so for any pods.
 */
export function lintPolicies(index: PolicyIndex): readonly Problem[] {
  const ground = groundOf(index);
  return inOrder(checks.flatMap((check) => check(ground)));
}

const always: ReadonlySet<string> = new Set(['policy-invalid', 'policy-not-followed', 'policy-opens-wide', 'name-not-learned']);

/** Of the same warnings those without which a verdict could not be understood: what of a policy is not followed, or is read as nobody would think. */
export const policyWarnings = (index: PolicyIndex): readonly Problem[] => inOrder(noted(groundOf(index)).filter(({ code }) => always.has(code)));

/** By place; what two parts of one policy have in common is said once. */
function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const key = ({ where, code, says }: Problem): readonly [string, number, string] => [where?.file ?? '', where?.line ?? 0, `${where?.object ?? ''} ${where?.field ?? ''} ${code} ${says}`];
  const keyed = new Map(problems.map((problem) => { const parts = key(problem); return [parts.join('\u0000'), { problem, parts }] as const; }));
  return [...keyed.values()].sort(({ parts: [leftFile, leftLine, leftRest] }, { parts: [rightFile, rightLine, rightRest] }) => byText(leftFile, rightFile) || leftLine - rightLine || byText(leftRest, rightRest)).map(({ problem }) => problem);
}

/** Only where somebody enforces the policy: else there is nothing that it could do. */
function noted({ index, notes }: Ground): readonly Problem[] {
  return notes.filter(({ policy }) => index.enforced.has(policy.policy.kind)).map(({ policy, note }) => warning(note.code, policy, note.field, note.says, note.help));
}

function notEnforced({ index, policies, notes }: Ground): readonly Problem[] {
  return [...policies, ...notes.map(({ policy }) => policy)].filter(({ policy }) => !index.enforced.has(policy.kind)).map((policy) =>
    warning('policy-not-enforced', policy, null, `${refText(policy.policy)} does nothing: the cluster's CNI plugin does not enforce ${policy.policy.kind}.`, 'Choose a plugin that enforces it, or say the same with a kind that this one enforces.'));
}

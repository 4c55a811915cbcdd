// Where a request of a lesson goes: a target as written, or what the source's container is configured to call.
import type { Lab, Request, Source, Target } from '../../sim/lab.ts';
import { parseTarget } from '../../sim/lab.ts';
import type { Problem } from '../../sim/model/problem.ts';
import type { Result } from '../../sim/base/result.ts';
import { fail, succeed } from '../../sim/base/result.ts';
import type { Ask, IntentTarget } from '../lesson.ts';

const problem = (says: string): Problem => ({ code: 'no-target', severity: 'error', says, where: null, help: null });

export const targetText = (to: IntentTarget): string => (to.kind === 'target' ? to.text : `$${to.name}`);

/** `env` is read from the source's container as its process sees it, ConfigMaps filled in. */
export function targetFor(to: IntentTarget, lab: Lab, source: Source): Result<Target, Problem> {
  if (to.kind === 'target') return parseTarget(to.text);
  if (source.kind !== 'pod') return fail(problem(`only a pod has the variable ${to.name}`));
  const pod = lab.network.pods.find((one) => one.namespace === source.namespace && one.name === source.name);
  const containers = pod?.containers.filter((container) => source.container === null || container.name === source.container) ?? [];
  for (const container of containers) {
    const value = Object.hasOwn(container.env, to.name) ? container.env[to.name] : undefined;
    if (value === undefined) continue;
    const target = parseTarget(value);
    return target.ok && to.scheme !== null && target.value.scheme !== to.scheme ? fail(problem(`${source.namespace}/${source.name} calls ${value}: it must call by ${to.scheme}`)) : target;
  }
  return fail(problem(`${source.namespace}/${source.name} has no variable ${to.name}`));
}

/** The request that an intent or a prediction means, from a source of the cluster. */
export function requestOf(ask: Ask, lab: Lab, source: Source): Result<Request, Problem> {
  const to = targetFor(ask.to, lab, source);
  return to.ok ? succeed({ from: source, to: to.value, ...(ask.http === null ? {} : { http: ask.http }), ...(ask.size === null ? {} : { size: ask.size }) }) : to;
}

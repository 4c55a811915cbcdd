// Where a request of a lesson goes: a target as written, or what the source's container is configured to call.
import type { Lab, Source, Target } from '../../sim/lab.ts';
import { parseTarget } from '../../sim/lab.ts';
import type { Problem } from '../../sim/model/problem.ts';
import type { Result } from '../../sim/base/result.ts';
import { fail } from '../../sim/base/result.ts';
import type { IntentTarget } from '../lesson.ts';

const problem = (says: string): Problem => ({ code: 'no-target', severity: 'error', says, where: null, help: null });

/** `env` is read from the source's container as its process sees it, ConfigMaps filled in. */
export function targetFor(to: IntentTarget, lab: Lab, source: Source): Result<Target, Problem> {
  if (to.kind === 'target') return parseTarget(to.text);
  if (source.kind !== 'pod') return fail(problem(`only a pod has the variable ${to.name}`));
  const pod = lab.network.pods.find((one) => one.namespace === source.namespace && one.name === source.name);
  const containers = pod?.containers.filter((container) => source.container === null || container.name === source.container) ?? [];
  for (const container of containers) {
    const value = Object.hasOwn(container.env, to.name) ? container.env[to.name] : undefined;
    if (value !== undefined) return parseTarget(value);
  }
  return fail(problem(`${source.namespace}/${source.name} has no variable ${to.name}`));
}

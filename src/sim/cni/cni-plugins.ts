// The plugins that are simulated, and those that are only known by name.
import { fail, succeed, type Result } from '../base/result.ts';
import type { Problem, Where } from '../model/problem.ts';
import { calico } from './calico.ts';
import type { CniPlugin } from './cni-plugin.ts';
import { flannel } from './flannel.ts';

export const cniPlugins: readonly CniPlugin[] = [calico, flannel];

/** Real plugins that the lab does not simulate yet: it says so and guesses nothing. */
const notYet: readonly string[] = ['aws-vpc-cni', 'cilium', 'weave'];

/** The plugin of that name with a mode of its own (`null`: its default). */
export function findCniPlugin(name: string, mode: string | null, where: Where | null): Result<{ readonly plugin: CniPlugin; readonly mode: string }, Problem> {
  const known = cniPlugins.map((plugin) => plugin.name).join(', ');
  const plugin = cniPlugins.find((candidate) => candidate.name === name);
  if (plugin === undefined) {
    return notYet.includes(name)
      ? fail({ code: 'not-simulated', severity: 'error', says: `the CNI plugin ${name} is not simulated yet`, where, help: `Simulated are: ${known}.` })
      : fail({ code: 'unknown-plugin', severity: 'error', says: `no CNI plugin is called "${name}"`, where, help: `Simulated are: ${known}.` });
  }
  const chosen = mode ?? plugin.modes[0] ?? '';
  if (!plugin.modes.includes(chosen)) {
    return fail({ code: 'unknown-mode', severity: 'error', says: `${plugin.name} has no mode "${chosen}" that is simulated`, where, help: `Simulated are: ${plugin.modes.join(', ')}.` });
  }
  return succeed({ plugin, mode: chosen });
}

// `reach`: who can reach whom, as exact port sets.
import { lint, reach as reachOf, type Lab } from '../sim/lab.ts';
import type { Problem } from '../sim/model/problem.ts';
import type { Reach, ReachConnection, ReachWorkload } from '../sim/model/policy.ts';
import { answer, withOutput } from './answer.ts';
import type { OutputOption } from './answer.ts';
import type { CliCommand } from './cli-command.ts';
import { withCluster, withMorePaths } from './cluster-options.ts';
import { misuse, openCluster } from './cluster.ts';
import type { ClusterFlags } from './cluster.ts';
import { status } from './status.ts';
import { wrong } from './tell-problems.ts';

interface ReachOptions extends ClusterFlags, OutputOption {
  readonly from?: string;
  readonly to?: string;
}

export const connectionJson = ({ from, fromKind, to, toKind, ports }: ReachConnection): Readonly<Record<string, unknown>> => ({ from, fromKind, to, toKind, ports });

/** `all ports`, or `TCP 80,443-445 UDP 53`. */
export const portsText = (ports: ReachConnection['ports']): string =>
  ports === 'all' ? 'all ports' : Object.entries(ports).map(([protocol, ranges]) => `${protocol} ${ranges.map(([low, high]) => (low === high ? String(low) : `${low}-${high}`)).join(',')}`).join(' ');

function reachText(connections: readonly ReachConnection[], workloads: readonly ReachWorkload[]): string {
  if (workloads.length === 0) return 'There are no workloads.\n';
  if (connections.length === 0) return 'Nobody can reach anybody.\n';
  const width = (pick: (connection: ReachConnection) => string): number => Math.max(...connections.map((connection) => pick(connection).length));
  const [from, to] = [width((connection) => connection.from), width((connection) => connection.to)];
  return `${connections.map((connection) => `${connection.from.padEnd(from)}  →  ${connection.to.padEnd(to)}  ${portsText(connection.ports)}`).join('\n')}\n`;
}

/** The rows that belong to a workload: its own, and those of its pods that are listed for themselves. `undefined` when there is none of that name. */
export function rowsNamed(reach: Reach, name: string): ReadonlySet<string> | undefined {
  const pods = (reach.split ?? []).filter((pod) => pod.name === name).map(({ pod }) => pod);
  const known = pods.length > 0 || reach.workloads.some((workload) => workload.name === name) || reach.connections.some(({ from, to }) => from === name || to === name);
  return known ? new Set([name, ...pods]) : undefined;
}

/** What the policies say that they may not mean, after what was assumed; each once. */
function withLint(lab: Lab): readonly Problem[] {
  const key = ({ code, says, where }: Problem): string => JSON.stringify([code, says, where]);
  const said = new Set(lab.warnings.map(key));
  return [...lab.warnings, ...lint(lab).filter((problem) => !said.has(key(problem)))];
}

export const reach: CliCommand = {
  declare(command, caller, done) {
    withMorePaths(withOutput(withCluster(command)).option('--from <workload>', 'only from NAMESPACE/WORKLOAD').option('--to <workload>', 'only to NAMESPACE/WORKLOAD'))
      .addHelpText('after', '\nBy pod address, with every policy applied and no Service involved: what may be sent, not what listens.')
      .action(async (more: readonly string[], options: ReachOptions) => {
        const lab = await openCluster(options, caller, more);
        if (!lab.ok) return done(wrong(caller, lab.failures));
        const all = reachOf(lab.value);
        const from = options.from === undefined ? null : rowsNamed(all, options.from);
        const to = options.to === undefined ? null : rowsNamed(all, options.to);
        const unknown = [...(from === undefined ? [options.from] : []), ...(to === undefined ? [options.to] : [])];
        if (from === undefined || to === undefined) return done(wrong(caller, unknown.flatMap((name) => misuse(`there is no workload '${name ?? ''}'`, 'Write it as NAMESPACE/WORKLOAD.').failures)));
        const connections = all.connections.filter((connection) => (from === null || from.has(connection.from)) && (to === null || to.has(connection.to)));
        answer(caller, options.output, () => ({ workloads: all.workloads.map(({ name, kind, pods }) => ({ name, kind, pods })), connections: connections.map(connectionJson) }), () => reachText(connections, all.workloads), withLint(lab.value));
        return done(status.holds);
      });
  },
};

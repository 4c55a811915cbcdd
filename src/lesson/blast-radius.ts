// What a fix opened and closed that no intent asked for, over the whole reach matrix.
import type { Lab, Reach } from '../sim/lab.ts';
import { reach } from '../sim/lab.ts';
import { reachDifference } from '../sim/dataplane/reach.ts';
import { readPorts, showPorts } from '../sim/dataplane/reach-ports.ts';
import type { PortSet } from '../sim/base/port-set.ts';
import { isNoPorts, noPorts, portsOf, subtractPorts, unionPorts } from '../sim/base/port-set.ts';
import type { ReachConnection } from '../sim/model/policy.ts';
import type { Source } from '../sim/model/request.ts';
import type { Trace, Walk } from '../sim/model/trace.ts';
import type { Guard, Intent } from './lesson.ts';
import { globHolds } from './globs.ts';

export interface BlastRadius {
  readonly opened: readonly ReachConnection[];
  readonly closed: readonly ReachConnection[];
}

interface Asked {
  readonly from: (name: string, kind: string) => boolean;
  readonly to: string;
  readonly ports: PortSet;
}

const workloadOf = (lab: Lab, pod: string): string => {
  const found = lab.network.pods.find((one) => `${one.namespace}/${one.name}` === pod);
  return found === undefined ? pod : `${found.namespace}/${found.owner.name}`;
};

function askedBy(lab: Lab, source: Source, walks: readonly Walk[], protocol: 'TCP' | 'UDP' | 'SCTP'): Asked[] {
  const pod = source.kind === 'pod' ? `${source.namespace}/${source.name}` : null;
  const from = (name: string, kind: string): boolean => (pod === null ? kind === 'IPBlock' : name === pod || name === workloadOf(lab, pod));
  return walks.flatMap((walk) => {
    const backend = walk.backend;
    if (backend?.pod == null || backend.port === null) return [];
    const ports = portsOf(protocol, backend.port);
    return [{ from, to: backend.pod, ports }, { from, to: workloadOf(lab, backend.pod), ports }];
  });
}

function asked(lab: Lab, trace: Trace): Asked[] {
  const { from, to } = trace.request;
  const dns = (trace.lookup?.queries ?? []).flatMap((query) => (query.walk === null ? [] : askedBy(lab, from, [query.walk], query.proto === 'udp' ? 'UDP' : 'TCP')));
  return [...dns, ...(to.protocol === 'ICMP' ? [] : askedBy(lab, from, trace.walks, to.protocol))];
}

/** Held against the reach of the broken cluster; `traces` are those of the intents after the fix. */
export function blastRadius(before: Reach, now: Lab, traces: readonly { readonly intent: Intent; readonly traces: readonly Trace[] }[]): BlastRadius {
  const { opened, closed } = reachDifference(before, reach(now));
  const requests = traces.filter(({ intent }) => intent.kind === 'request');
  const keptOut = (intent: Intent): boolean => intent.kind === 'request' && intent.expect === 'blocked';
  const wanted = opened.length === 0 ? [] : requests.flatMap(({ intent, traces: all }) => (keptOut(intent) ? [] : all.flatMap((trace) => asked(now, trace))));
  // A declared workload that had no pods opens nothing by having them again: that they run was asked for all along.
  const absent = new Set(before.workloads.filter(({ pods }) => pods === 0).map(({ name, kind }) => `${kind} ${name}`));
  const rest = opened.flatMap((connection) => {
    if (absent.has(`${connection.toKind} ${connection.to}`) || absent.has(`${connection.fromKind} ${connection.from}`)) return [];
    const ports = wanted.filter((one) => one.from(connection.from, connection.fromKind) && one.to === connection.to).reduce((sum, one) => unionPorts(sum, one.ports), noPorts);
    const left = subtractPorts(readPorts(connection.ports), ports);
    return isNoPorts(left) ? [] : [{ ...connection, ports: showPorts(left) }];
  });
  const blocked = requests.filter(({ intent }) => keptOut(intent)).flatMap(({ traces: all }) => all);
  return { opened: rest, closed: closed.filter((connection) => !askedClosed(now, blocked, connection)) };
}

/** An intent that somebody is kept out asks for the closed path. */
const askedClosed = (lab: Lab, traces: readonly Trace[], connection: ReachConnection): boolean =>
  traces.some(({ request, walks }) => {
    const pod = request.from.kind === 'pod' ? `${request.from.namespace}/${request.from.name}` : null;
    const from = pod === null ? connection.fromKind === 'IPBlock' : connection.from === pod || connection.from === workloadOf(lab, pod);
    return from && walks.some((walk) => walk.backend?.pod != null && (walk.backend.pod === connection.to || workloadOf(lab, walk.backend.pod) === connection.to));
  });

/** Whether what was opened is as the lesson allows. */
export function openedAllowed(guard: Guard, opened: readonly ReachConnection[]): boolean {
  if (guard.opened === 'warn') return true;
  const allowed = guard.opened === 'none' ? [] : guard.opened;
  return opened.every((path) => allowed.some((one) => globHolds(one.from, path.from) && globHolds(one.to, path.to)));
}

// The kubelet's part for every pod: an address from the node's range that was never handed out before, what the containers start with, and the status.
import type { CniPlugin, NodeAddresses } from '../cni/cni-plugin.ts';
import { formatAddress, nthAddress, parseRange } from '../base/address.ts';
import type { Started } from '../cluster/store.ts';
import { keyOf } from '../cluster/store.ts';
import type { Condition, NodeObject, Pod } from '../model/object.ts';
import { refOf } from '../model/object.ts';
import { gateway } from './compile/outside.ts';
import { dnsServerCrashes } from './dns-server.ts';
import { listed, look, next, write, type Draft } from './draft.ts';
import { environmentOf } from './environment.ts';
import { processesOf, runningContainers } from './processes.ts';
import { runPod, type PodRun } from './run-pod.ts';
import { whyPending } from './scheduler.ts';

export const internalAddresses = (node: NodeObject | undefined): string[] => (node?.status?.addresses ?? []).filter(({ type }) => type === 'InternalIP').map(({ address }) => address);

export const nodeRanges = (node: NodeObject | undefined): readonly string[] => node?.spec?.podCIDRs ?? (node?.spec?.podCIDR === undefined ? [] : [node.spec.podCIDR]);

/** How the plugin deals out addresses; the same answer for the same nodes. */
export function nodeAddresses(plugin: CniPlugin, podRanges: readonly string[], nodes: readonly NodeObject[]): ReadonlyMap<string, NodeAddresses> {
  return new Map(plugin.addresses({ podRanges, nodes: nodes.map((node) => ({ name: node.metadata.name, internal: internalAddresses(node), podRanges: nodeRanges(node), instanceType: node.metadata.labels?.['node.kubernetes.io/instance-type'] ?? null })) }).map((given) => [given.name, given]));
}

function allocate(draft: Draft, given: NodeAddresses | undefined, held: number, used: Set<string>): string[] {
  const addresses: string[] = [];
  const families = new Set<string>();
  if (given === undefined || (given.capacity !== null && held >= given.capacity)) return [];
  for (const cidr of given.ranges) {
    const range = parseRange(cidr);
    if (range === undefined || families.has(range.family)) continue;
    for (;;) {
      const address = nthAddress(range, given.reserved + next(draft, `address/${given.name}/${cidr}`));
      if (address === undefined || (!given.wholeRange && address.value === range.last)) break;
      const text = formatAddress(address);
      if (used.has(text)) continue;
      used.add(text);
      addresses.push(text);
      families.add(range.family);
      break;
    }
  }
  return addresses;
}

/** What is missing to start a container, by its name, and what each gets. */
function start(draft: Draft, pod: Pod): { readonly env: Started['env']; readonly missing: ReadonlyMap<string, string> } {
  const missing = new Map<string, string>();
  const env: Record<string, Readonly<Record<string, string>>> = {};
  for (const container of runningContainers(pod.spec)) {
    const environment = environmentOf(draft.objects, pod, container, '');
    if (environment.missing !== null) missing.set(container.name, environment.missing);
    env[container.name] = environment.env;
  }
  return { env: missing.size === 0 ? env : null, missing };
}

const condition = (type: string, holds: boolean, reason?: string, message?: string): Condition => ({ type, status: holds ? 'True' : 'False', ...(reason === undefined ? {} : { reason }), ...(message === undefined ? {} : { message }) });

function conditionsOf(given: NonNullable<Pod['status']>, scheduled: boolean, finished: boolean, run: PodRun | null, pending: string): Condition[] {
  const unready = run?.containers.filter(({ ready }) => !ready).map(({ container }) => container.name) ?? [];
  const ready = run !== null && unready.length === 0 && !finished;
  const why: [string?, string?] = finished ? ['PodCompleted'] : ready ? [] : ['ContainersNotReady', `containers with unready status: [${unready.join(' ')}]`];
  const made = scheduled
    ? [condition('PodScheduled', true), condition('Initialized', true), condition('ContainersReady', ready, ...why), condition('Ready', ready, ...why)]
    : [condition('PodScheduled', false, 'Unschedulable', pending)];
  // What the manifest says of a condition stands; a given Ready speaks for the containers too.
  const said = new Map((given.conditions ?? []).map((one) => [one.type, one]));
  const spoken = said.get('Ready');
  return [...made.map((one) => said.get(one.type) ?? (one.type === 'ContainersReady' && spoken !== undefined ? { ...one, status: spoken.status } : one)), ...[...said.values()].filter((one) => !made.some(({ type }) => type === one.type))];
}

function statusOf(draft: Draft, pod: Pod, started: Started, addresses: readonly string[], hostIp: string | undefined, run: PodRun | null): NonNullable<Pod['status']> {
  const given = started.given;
  const finished = given.phase === 'Succeeded' || given.phase === 'Failed';
  const scheduled = pod.spec.nodeName !== undefined && pod.spec.nodeName !== '';
  const phase = given.phase ?? (run === null || started.env === null ? 'Pending' : 'Running');
  const said = given.conditions?.find(({ type }) => type === 'Ready')?.status;
  const statuses = run?.containers.map(({ container, sidecar, ready, state, reason, message, clash }) => ({
    name: container.name, ready: ready && !finished && said !== 'False', restartCount: clash === null && reason !== 'CrashLoopBackOff' ? 0 : 5, started: state === 'Running', image: container.image ?? '', sidecar,
    state: state === 'Running' ? { running: {} } : { waiting: { ...(reason === null ? {} : { reason }), ...(message === null ? {} : { message }) } },
  })) ?? [];
  const bare = (sidecar: boolean): readonly Readonly<Record<string, unknown>>[] => statuses.filter((status) => status.sidecar === sidecar).map(({ sidecar: _, ...status }) => status);
  const computed = {
    phase, conditions: conditionsOf(given, scheduled, finished, run, scheduled ? '' : whyPending(draft, pod)),
    ...(hostIp === undefined ? {} : { hostIP: hostIp, hostIPs: [{ ip: hostIp }] }),
    ...(addresses[0] === undefined ? {} : { podIP: addresses[0], podIPs: addresses.map((ip) => ({ ip })) }),
    ...(statuses.length === 0 ? {} : { containerStatuses: bare(false) }),
    ...(bare(true).length === 0 ? {} : { initContainerStatuses: bare(true) }),
  };
  return { ...computed, ...given, conditions: computed.conditions, phase } as NonNullable<Pod['status']>;
}

/** Runs the pods of every node, in the order of their names. */
export function runKubelets(draft: Draft): void {
  for (const key of [...draft.started.keys()]) if (!draft.objects.has(key)) draft.started.delete(key);
  const pods = listed(draft, 'Pod');
  const dealt = nodeAddresses(draft.settings.plugin, draft.settings.podRanges, listed(draft, 'Node').map(({ object }) => object));
  const held = new Map<string, number>();
  for (const { object } of pods) if (object.spec.hostNetwork !== true && object.status?.podIP !== undefined && object.spec.nodeName !== undefined) held.set(object.spec.nodeName, (held.get(object.spec.nodeName) ?? 0) + 1);
  const used = new Set(pods.flatMap(({ object }) => [object.status?.podIP ?? '', ...(object.status?.podIPs ?? []).map(({ ip }) => ip)]));
  for (const { object: pod } of pods) {
    const key = keyOf(refOf(pod));
    const known = draft.started.get(key);
    // A pod without a phase that was known is another pod of the same name: it was deleted and made again.
    const fresh = known === undefined || (pod.status?.phase === undefined && known.given.phase === undefined);
    const given = fresh ? pod.status ?? {} : known.given;
    const node = pod.spec.nodeName === undefined ? undefined : look(draft, 'Node', '', pod.spec.nodeName)?.object;
    const finished = given.phase === 'Succeeded' || given.phase === 'Failed';
    let addresses = pod.status?.podIPs?.map(({ ip }) => ip) ?? (pod.status?.podIP === undefined ? [] : [pod.status.podIP]);
    if (addresses.length === 0 && node !== undefined && !finished && given.phase !== 'Pending') {
      addresses = pod.spec.hostNetwork === true ? internalAddresses(node) : allocate(draft, dealt.get(node.metadata.name), held.get(node.metadata.name) ?? 0, used);
      if (pod.spec.hostNetwork !== true && addresses.length > 0) held.set(node.metadata.name, (held.get(node.metadata.name) ?? 0) + 1);
    }
    const hostIp = internalAddresses(node)[0];
    const scheduled = node !== undefined || addresses.length > 0;
    const placed: Pod = { ...pod, status: { ...pod.status, ...(addresses[0] === undefined ? {} : { podIP: addresses[0], podIPs: addresses.map((ip) => ({ ip })) }), ...(hostIp === undefined ? {} : { hostIP: hostIp }) } };
    let started: Started = fresh ? { env: null, given } : known;
    let missing: ReadonlyMap<string, string> = new Map();
    // Without an address there is no sandbox for the containers to start in.
    const sandbox = addresses.length > 0;
    if (scheduled && sandbox && started.env === null) {
      const begun = start(draft, placed);
      missing = begun.missing;
      started = { env: begun.env, given };
    }
    if (draft.started.get(key) !== started) {
      draft.started.set(key, started);
      if (known === undefined || known.env !== started.env) draft.writes++;
    }
    const run = scheduled && given.phase !== 'Pending' ? runPod(placed, processesOf(draft.objects, draft.processes, pod), sandbox ? started.env : null, missing, dnsServerCrashes(draft.objects, placed, gateway, draft.settings.domain)) : null;
    write(draft, { ...pod, status: statusOf(draft, pod, started, addresses, hostIp, run) } as Pod);
  }
}


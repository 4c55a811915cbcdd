// The kubelet's part for every pod: an address from the node's range, what the containers start with, and the status.
import { sha256 } from '../base/sha256.ts';
import type { Processes, Started } from '../cluster/store.ts';
import { keyOf } from '../cluster/store.ts';
import type { Condition, NodeObject, ObjectRef, Pod } from '../model/object.ts';
import { refOf } from '../model/object.ts';
import { gateway, nodeResolvConf } from './compile/outside.ts';
import { crashesOf } from './crashes.ts';
import { listed, look, same, write, type Draft } from './draft.ts';
import { environmentOf, serviceLinks } from './environment.ts';
import { probeGuards } from './guarded-probes.ts';
import { idleAgent, networkNotReady } from './plugin-agent.ts';
import { addressesOf, internalAddresses, nodeAddresses, openBook, takeAddresses, type AddressBook } from './pod-addresses.ts';
import { processesOf } from './processes.ts';
import { runPod, type PodRun } from './run-pod.ts';
import { takenByNode, whyPending, type Taken } from './scheduler.ts';

/** The variables for Services of a namespace, worked out once for all pods that start now. */
function linksFor(draft: Draft, pod: Pod): Readonly<Record<string, string>> {
  const namespace = pod.spec.enableServiceLinks === false ? '' : pod.metadata.namespace ?? '';
  const known = draft.links.get(namespace);
  if (known !== undefined) return known;
  const services = listed(draft, 'Service').map(({ object }) => object);
  // The API server's own is there for every pod, wherever it is and whatever it says.
  const links = serviceLinks([...services.filter(({ metadata }) => metadata.namespace === 'default' && metadata.name === 'kubernetes'), ...services.filter(({ metadata }) => namespace !== '' && metadata.namespace === namespace)]);
  draft.links.set(namespace, links);
  return links;
}

/** What is missing to start a container, by its name, and what each gets. */
function start(draft: Draft, pod: Pod, links: Readonly<Record<string, string>>): { readonly env: Started['env']; readonly missing: ReadonlyMap<string, string> } {
  const missing = new Map<string, string>();
  const env: Record<string, Readonly<Record<string, string>>> = {};
  for (const container of [...(pod.spec.initContainers ?? []), ...(pod.spec.containers ?? [])]) {
    const environment = environmentOf(draft.objects, pod, container, '', links);
    if (environment.missing !== null) missing.set(container.name, environment.missing);
    env[container.name] = environment.env;
  }
  return { env: missing.size === 0 ? env : null, missing };
}

const condition = (type: string, holds: boolean, reason?: string, message?: string): Condition => ({ type, status: holds ? 'True' : 'False', ...(reason === undefined ? {} : { reason }), ...(message === undefined ? {} : { message }) });

function conditionsOf(given: NonNullable<Pod['status']>, scheduled: boolean, finished: boolean, run: PodRun | null, pending: string): Condition[] {
  const unready = run?.containers.filter(({ ready, kind }) => !ready && kind !== 'init').map(({ container }) => container.name) ?? [];
  const ready = run !== null && unready.length === 0 && !finished;
  const why: [string?, string?] = finished ? ['PodCompleted'] : ready ? [] : ['ContainersNotReady', `containers with unready status: [${unready.join(' ')}]`];
  const waiting = run?.containers.filter(({ kind, state, reason }) => (kind === 'init' && state !== 'Terminated') || (kind === 'sidecar' && (state !== 'Running' || reason === 'PodInitializing'))).map(({ container }) => container.name) ?? [];
  const initialized = waiting.length === 0 || finished ? condition('Initialized', true) : condition('Initialized', false, 'ContainersNotInitialized', `containers with incomplete status: [${waiting.join(' ')}]`);
  const made = scheduled
    ? [condition('PodScheduled', true), initialized, condition('ContainersReady', ready, ...why), condition('Ready', ready, ...why)]
    : [condition('PodScheduled', false, 'Unschedulable', pending)];
  // What the manifest says of a condition stands; a given Ready speaks for the containers too.
  const said = new Map((given.conditions ?? []).map((one) => [one.type, one]));
  const spoken = said.get('Ready');
  return [...made.map((one) => said.get(one.type) ?? (one.type === 'ContainersReady' && spoken !== undefined ? { ...one, status: spoken.status } : one)), ...[...said.values()].filter((one) => !made.some(({ type }) => type === one.type))];
}

function statusOf(draft: Draft, pod: Pod, started: Started, addresses: readonly string[], hostIp: string | undefined, run: PodRun | null, taken: () => ReadonlyMap<string, Taken>): NonNullable<Pod['status']> {
  const given = started.given;
  const finished = given.phase === 'Succeeded' || given.phase === 'Failed';
  const scheduled = pod.spec.nodeName !== undefined && pod.spec.nodeName !== '';
  const pending = run === null || started.env === null || run.containers.some(({ kind, reason }) => kind === 'container' && reason === 'PodInitializing');
  const phase = given.phase ?? (pending ? 'Pending' : 'Running');
  const said = given.conditions?.find(({ type }) => type === 'Ready')?.status;
  const statuses = run?.containers.map(({ container, kind, ready, state, reason, message, clash }) => {
    const crashes = clash !== null || reason === 'CrashLoopBackOff';
    return {
      name: container.name, ready: ready && !finished && (kind === 'init' || said !== 'False'), restartCount: crashes ? 5 : 0, started: state === 'Running', image: container.image ?? '', kind,
      state: state === 'Running' ? { running: {} } : state === 'Terminated' ? { terminated: { exitCode: 0, reason } } : { waiting: { ...(reason === null ? {} : { reason }), ...(message === null ? {} : { message }) } },
      ...(crashes ? { lastState: { terminated: { exitCode: 1, reason: 'Error' } } } : {}),
    };
  }) ?? [];
  const bare = (inits: boolean): readonly Readonly<Record<string, unknown>>[] => statuses.filter((status) => (status.kind !== 'container') === inits).map(({ kind: _, ...status }) => status);
  const computed = {
    phase, conditions: conditionsOf(given, scheduled, finished, run, scheduled ? '' : whyPending(draft, pod, taken())),
    ...(hostIp === undefined ? {} : { hostIP: hostIp, hostIPs: [{ ip: hostIp }] }),
    ...(addresses[0] === undefined ? {} : { podIP: addresses[0], podIPs: addresses.map((ip) => ({ ip })) }),
    ...(statuses.length === 0 ? {} : { containerStatuses: bare(false) }),
    ...(bare(true).length === 0 ? {} : { initContainerStatuses: bare(true) }),
  };
  return { ...computed, ...given, conditions: computed.conditions, phase } as NonNullable<Pod['status']>;
}

/** Of the form that the runtime gives them. */
const sandboxId = (pod: Pod): string => [...sha256(`${pod.metadata.namespace ?? ''}/${pod.metadata.name}`)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Why the plugin gave a pod no network, as the kubelet's Event says it. */
function sandboxFailure(draft: Draft, pod: Pod, node: NodeObject, book: AddressBook): NonNullable<Started['failed']> {
  const { settings } = draft;
  const { name } = node.metadata;
  const ranges = book.dealt.get(name)?.ranges ?? [];
  const idle = idleAgent(name, ranges, settings);
  const own: ObjectRef = { kind: 'Node', namespace: '', name };
  const blamed = idle?.field == null ? { object: own, field: 'spec.podCIDR' } : { object: settings.cluster, field: idle.field };
  if (idle !== null && idle.failure === null) return { reason: 'NetworkNotReady', message: `network is not ready: ${networkNotReady}`, ...blamed };
  const said = settings.plugin.addFails(idle?.failure ?? { kind: 'exhausted', ranges, podRanges: settings.podRanges }) ?? 'no network';
  // The cloud's addresses are no range of the node.
  const cloud = idle === null && settings.traits.announcedBy === 'cloud' ? { object: settings.cluster, field: 'spec.cni' } : blamed;
  return { reason: 'FailedCreatePodSandBox', message: `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "${sandboxId(pod)}": ${said}`, ...cloud };
}

/**
 * Pods as a kubelet last left them, with what decided on their status: as long as all of it is the same, there is nothing to do.
 * Only for those whose containers have all they start with, and outside kube-system, where processes end because of other objects.
 */
const settledPods = new WeakMap<Pod, readonly [started: Started, node: NodeObject, processes: Processes | undefined]>();

/** Runs the pods of every node, in the order of their names. */
export function runKubelets(draft: Draft): void {
  for (const key of [...draft.started.keys()]) if (!draft.objects.has(key)) draft.started.delete(key);
  const pods = listed(draft, 'Pod');
  const book = openBook(nodeAddresses(draft.settings.plugin, draft.settings.podRanges, listed(draft, 'Node').map(({ object }) => object)), pods.map(({ object }) => object));
  const guardOf = probeGuards(draft.settings, listed(draft, 'Node').map(({ object }) => object), pods.map(({ object }) => object));
  let counted: ReadonlyMap<string, Taken> | undefined;
  const taken = (): ReadonlyMap<string, Taken> => (counted ??= takenByNode(draft, pods.map(({ object }) => object)));
  for (const { object: pod } of pods) {
    const key = keyOf(refOf(pod));
    const known = draft.started.get(key);
    // A pod without a phase that was known is another pod of the same name: it was deleted and made again.
    const fresh = known === undefined || (pod.status?.phase === undefined && known.given.phase === undefined);
    const given = fresh ? pod.status ?? {} : known.given;
    const node = pod.spec.nodeName === undefined ? undefined : look(draft, 'Node', '', pod.spec.nodeName)?.object;
    const processes = processesOf(draft.objects, draft.processes, pod);
    const settled = settledPods.get(pod);
    const guard = guardOf(pod);
    if (settled !== undefined && guard === undefined && settled[0] === known && settled[1] === node && settled[2] === processes) continue;
    const finished = given.phase === 'Succeeded' || given.phase === 'Failed';
    let addresses = addressesOf(pod);
    let failed: Started['failed'];
    if (addresses.length === 0 && node !== undefined && !finished && given.phase !== 'Pending') {
      if (pod.spec.hostNetwork === true) addresses = internalAddresses(node);
      else {
        const works = idleAgent(node.metadata.name, book.dealt.get(node.metadata.name)?.ranges ?? [], draft.settings) === null;
        addresses = works ? takeAddresses(draft, book, node.metadata.name) : [];
        if (addresses.length === 0) failed = sandboxFailure(draft, pod, node, book);
      }
    }
    const hostIp = internalAddresses(node)[0];
    const scheduled = node !== undefined || addresses.length > 0;
    const placed: Pod = { ...pod, status: { ...pod.status, ...(addresses[0] === undefined ? {} : { podIP: addresses[0], podIPs: addresses.map((ip) => ({ ip })) }), ...(hostIp === undefined ? {} : { hostIP: hostIp }) } };
    let started: Started = fresh ? { env: null, given } : known;
    let missing: ReadonlyMap<string, string> = new Map();
    // Without an address there is no sandbox for the containers to start in.
    const sandbox = addresses.length > 0;
    if (scheduled && sandbox && started.env === null) {
      const links = linksFor(draft, placed);
      const begun = start(draft, placed, links);
      missing = begun.missing;
      started = { env: begun.env, given, ...(begun.env === null ? {} : { links }) };
    }
    if (!same(started.failed, failed)) {
      const { failed: _, ...rest } = started;
      started = failed === undefined ? rest : { ...rest, failed };
    }
    if (draft.started.get(key) !== started) {
      draft.started.set(key, started);
      if (known === undefined || known.env !== started.env || known.failed !== started.failed) draft.writes++;
    }
    const crashes = crashesOf(draft.objects, placed, () => nodeResolvConf({ resolver: gateway }, draft.settings, pod.spec.nodeName ?? null), draft.settings);
    const run = scheduled && given.phase !== 'Pending' ? runPod(placed, { processes, env: sandbox ? started.env : null, ...(started.links === undefined ? {} : { links: started.links }), missing, crashes, guard }) : null;
    const before = draft.writes;
    write(draft, { ...pod, status: statusOf(draft, pod, started, addresses, hostIp, run, taken) } as Pod);
    if (draft.writes === before && guard === undefined && started === known && !fresh && node !== undefined && started.env !== null && started.failed === undefined && pod.metadata.namespace !== 'kube-system' && addressesOf(pod).length > 0) settledPods.set(pod, [started, node, processes]);
  }
}

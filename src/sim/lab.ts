// The only door to the simulation: open a cluster, change it, undo, send a request, look a name up, ask who reaches whom.
import { fail, succeed, type Result } from './base/result.ts';
import { refOf, refText, type KubeObject, type ObjectRef } from './model/object.ts';
import type { Problem } from './model/problem.ts';
import type { Lookup, RecordType, ResolverName } from './model/lookup.ts';
import type { Reach } from './model/policy.ts';
import type { Request, Source, Target } from './model/request.ts';
import type { Trace } from './model/trace.ts';
import { decode } from './cluster/decode.ts';
import { emptyStore, keyOf, type Origin, type Store } from './cluster/store.ts';
import { applyObject, createObject, deleteObject, loadDocuments, patchStored, replaceObject, type Written } from './cluster/writes.ts';
import { documentWarnings, unknownNodes } from './controlplane/check-cluster-document.ts';
import { compile, recompilePolicy } from './controlplane/compile.ts';
import { assumedWarnings } from './controlplane/processes.ts';
import { reconcile } from './controlplane/reconcile.ts';
import { withoutPods } from './controlplane/replace-pods.ts';
import { readSettings, type Settings } from './controlplane/settings.ts';
import { layPlane, withPolicies, type Plane } from './dataplane/plane.ts';
import { policyKinds } from './policy/compile-policies.ts';
import { lintPolicies, policyWarnings } from './policy/lint.ts';
import { reachOfNetwork } from './dataplane/reach-network.ts';
import { webhookRefusal } from './edge/admission.ts';
import { corefileWarnings } from './dns/check-corefile.ts';
import { askDirectly, lookUpName } from './dataplane/resolve-name.ts';
import { trace } from './dataplane/trace.ts';
import type { Network, NetworkPod, NetworkWorkload } from './model/network.ts';

/** A file as it was read; the simulation reads none itself. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface LabOptions {
  /** Another plugin than the `Cluster` document says. */
  readonly cni?: string;
  readonly proxy?: string;
  readonly ipBlocks?: 'all' | 'outside';
  readonly seed?: number;
  /** False: load what can be read; what a cluster would refuse becomes a warning. */
  readonly validate?: boolean;
}

/** A cluster at one moment, with the way back. A value: every change gives another one. */
export interface Lab {
  readonly options: LabOptions;
  readonly store: Store;
  readonly network: Network;
  /** The network made ready for packets: indexes by address and label, compiled policies. */
  readonly plane: Plane;
  /** What was said when the files were read; {@link warnings} has these too. */
  readonly opening: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly past: readonly Store[];
  readonly future: readonly Store[];
}

export type PatchType = 'strategic' | 'merge' | 'json';

/** A change as a client of the API server asks for it. */
export type Change =
  | { readonly verb: 'apply'; readonly object: KubeObject; readonly origin: Origin | null }
  | { readonly verb: 'create'; readonly object: KubeObject; readonly origin: Origin | null }
  | { readonly verb: 'replace'; readonly object: KubeObject; readonly origin: Origin | null }
  | { readonly verb: 'patch'; readonly ref: ObjectRef; readonly type: PatchType; readonly patch: unknown }
  | { readonly verb: 'delete'; readonly ref: ObjectRef };

export interface Outcome {
  readonly ref: ObjectRef;
  readonly result: 'created' | 'configured' | 'patched' | 'replaced' | 'unchanged' | 'deleted';
  readonly warnings: readonly string[];
}

export interface Changed {
  readonly lab: Lab;
  readonly outcomes: readonly Outcome[];
}
/** What `dns` asks: a name as the source would look it up, or the cluster's DNS server itself (`direct`, or no source). */
export interface Question {
  readonly from: Source | null;
  readonly name: string;
  /** `null`: A and AAAA together as getaddrinfo asks; A for a direct question. */
  readonly type: RecordType | null;
  /** `null`: the source's own. */
  readonly resolver: ResolverName | null;
  readonly direct: boolean;
}

export type { Result, Reach, Request, Source, Target, Trace, Lookup, RecordType, ResolverName };
export { parseSource, parseTarget, sourceText } from './dataplane/request-text.ts';

/** Simulated seconds that a change by a person takes. */
const changeTakes = 15;

/** What of the Corefile is not followed: said, never guessed. */
const serverWarnings = (plane: Plane): readonly Problem[] => (plane.corefile === null ? [] : corefileWarnings(plane.corefile)).map((warning): Problem => ({
  ...warning, where: warning.where === null ? null : { ...warning.where, object: 'ConfigMap kube-system/coredns', field: 'data.Corefile' },
}));

function standing(options: LabOptions, store: Store, settings: Settings, opening: readonly Problem[], past: readonly Store[], future: readonly Store[], worked: Plane | null = null): Lab {
  const plane = worked ?? layPlane(compile(store, settings));
  const { network } = plane;
  return { options, store, network, plane, opening, warnings: [...opening, ...settings.cniWarnings, ...documentWarnings(store, settings, network), ...assumedWarnings(store.objects, store.processes), ...serverWarnings(plane), ...policyWarnings(plane.policies), ...network.edge.problems], past, future };
}

/** Settings of a store that was opened with them once. */
function settingsOf(lab: Lab, store: Store): Settings {
  const settings = readSettings(store, lab.options);
  if (!settings.ok) throw new Error(`a store of this lab has no settings: ${settings.failures.map(({ says }) => says).join('; ')}`);
  return settings.value;
}

const moved = (lab: Lab, store: Store, past: readonly Store[], future: readonly Store[]): Lab => standing(lab.options, store, settingsOf(lab, store), lab.opening, past, future);

/** Opens a cluster: reads, loads, lets controllers answer, works the network out. Fails with every problem of the files, or of plugins and modes that are not simulated. */
export function openLab(files: readonly SourceFile[], options: LabOptions = {}): Result<Lab, Problem> {
  const validate = options.validate ?? true;
  const decoded = decode(files, { validate });
  if (!decoded.ok) return decoded;
  const loaded = loadDocuments(emptyStore, decoded.value.documents, { validate });
  if (!loaded.ok) return loaded;
  const settings = readSettings(loaded.value.store, options);
  if (!settings.ok) return settings;
  const strangers = validate ? unknownNodes(loaded.value.store) : [];
  if (strangers.length > 0) return fail(...strangers);
  const opening = [...decoded.value.warnings, ...loaded.value.warnings];
  return succeed(standing(options, reconcile(loaded.value.store, settings.value), settings.value, opening, [], []));
}

function written(store: Store, change: Change): Result<Written, Problem> {
  switch (change.verb) {
    case 'apply': return applyObject(store, change.object, change.origin);
    case 'create': return createObject(store, change.object, change.origin);
    case 'replace': return replaceObject(store, change.object, change.origin);
    case 'patch': return patchStored(store, change.ref, change.type, change.patch);
    case 'delete': return deleteObject(store, change.ref);
  }
}

/** All changes or none, as one step of undo, after which the controllers have answered. What is unchanged leaves no step. */
export function change(lab: Lab, changes: readonly Change[]): Result<Changed, Problem> {
  let store: Store = { ...lab.store, now: lab.store.now + changeTakes };
  const outcomes: Outcome[] = [];
  for (const one of changes) {
    const result = written(store, one);
    if (!result.ok) return result;
    const refused = one.verb === 'delete' || result.value.result === 'unchanged' ? null : webhookRefusal(store, result.value.object, 'origin' in one ? one.origin : null);
    if (refused !== null) return fail(refused);
    store = result.value.store;
    outcomes.push({ ref: refOf(result.value.object), result: result.value.result, warnings: result.value.warnings });
  }
  if (outcomes.every(({ result }) => result === 'unchanged')) return succeed({ lab, outcomes });
  const settings = readSettings(store, lab.options);
  if (!settings.ok) return fail(...settings.failures);
  const strangers = outcomes.some(({ ref, result }) => ref.kind === 'Cluster' && result !== 'deleted') ? unknownNodes(store) : [];
  if (strangers.length > 0) return fail(...strangers);
  const past = [...lab.past, lab.store];
  if (outcomes.every(({ ref }) => changesPoliciesOnly(lab, ref))) {
    const plane = withPolicies(lab.plane, recompilePolicy(lab.network, store, settings.value));
    return succeed({ lab: standing(lab.options, store, settings.value, lab.opening, past, [], plane), outcomes });
  }
  return succeed({ lab: standing(lab.options, reconcile(store, settings.value), settings.value, lab.opening, past, []), outcomes });
}

/** No controller answers a policy, and nothing else of the network follows from one, unless its namespace is there because of it. */
const changesPoliciesOnly = (lab: Lab, { kind, namespace }: ObjectRef): boolean =>
  policyKinds.includes(kind) && (namespace === '' || lab.network.namespaces.some(({ name, implied }) => name === namespace && !implied));

/** One change back; `undefined` when there is none. */
export function undo(lab: Lab): Lab | undefined {
  const before = lab.past.at(-1);
  return before === undefined ? undefined : moved(lab, before, lab.past.slice(0, -1), [lab.store, ...lab.future]);
}

export function redo(lab: Lab): Lab | undefined {
  const [after, ...rest] = lab.future;
  return after === undefined ? undefined : moved(lab, after, [...lab.past, lab.store], rest);
}

/** Back to how it was opened, as a step that can be undone. */
export const reset = (lab: Lab): Lab => {
  const opened = lab.past[0];
  return opened === undefined ? lab : moved(lab, opened, [...lab.past, lab.store], []);
};

/** Every pod replaced, as if all nodes had been renewed: new names where a controller gives them, and new addresses. */
export function replacePods(lab: Lab): Lab {
  const settings = settingsOf(lab, lab.store);
  return moved(lab, reconcile(withoutPods({ ...lab.store, now: lab.store.now + changeTakes }), settings), [...lab.past, lab.store], []);
}

/** One request, hop by hop. The source must be of this lab's network ({@link parseSource}). */
export const send = (lab: Lab, request: Request): Trace => trace(lab.plane, request);

/** One name, query by query. */
export function lookUp(lab: Lab, question: Question): Lookup {
  if (question.direct || question.from === null) return askDirectly(lab.plane, question.from, question.name, question.type ?? 'A');
  return lookUpName(lab.plane, question.from, question.name, question.type ?? 'A+AAAA', question.resolver);
}

/** Who may reach whom by pod address, among what the manifests declare. */
export const reach = (lab: Lab): Reach => reachOfNetwork(lab.network, lab.plane.policies);

/** What is suspicious about the policies, each with its file and line: those that select nothing, rules that can never matter, named ports and peers that meet nobody, a blocked DNS. */
export const lint = (lab: Lab): readonly Problem[] => lintPolicies(lab.plane.policies);

/** Root owners with their pods; what the cluster has of its own (CoreDNS) is marked `implied`. */
export const workloadsOf = (network: Network): readonly NetworkWorkload[] => network.workloads;

/** The pods of a workload, sorted by name, finished ones left out. */
export function podsOfWorkload(network: Network, ref: ObjectRef, pods: ReadonlyMap<string, NetworkPod> = new Map(network.pods.map((pod) => [`${pod.namespace}/${pod.name}`, pod]))): readonly NetworkPod[] {
  const workload = network.workloads.find((candidate) => keyOf(candidate.ref) === keyOf(ref));
  return (workload?.pods ?? []).flatMap((name) => pods.get(`${ref.namespace}/${name}`) ?? []);
}

/** The root of a pod's owners: the Deployment rather than its ReplicaSet. */
export const ownerOf = (pod: NetworkPod): ObjectRef => pod.owner;

/** What was assumed on the way: hosts outside of which nothing is known answer. */
export function traceWarnings(lab: Lab, asked: Trace): Problem[] {
  const ip = asked.walks.flatMap(({ hops }) => hops).findLast(({ stage, action, at }) => stage === 'arrival' && action === 'deliver' && at.kind === 'outside')?.packet.destination.ip;
  if (ip === undefined || lab.plane.outsideAt.has(ip)) return [];
  return [{ code: 'outside-assumed', severity: 'warning', says: `nothing is known of ${ip} outside the cluster: it is taken to answer`, where: null, help: 'underlay.hosts of the Cluster document says what is there.' }];
}

/** How an object is written in every message. */
export { refText };

// The API server's verbs: a store and an object in, another store out, or the refusal that a client would read.
import { fail, succeed } from '../base/result.ts';
import type { Result } from '../base/result.ts';
import { suffix } from '../base/choose.ts';
import type { KubeObject, ObjectRef, Service } from '../model/object.ts';
import { refOf } from '../model/object.ts';
import type { Problem } from '../model/problem.ts';
import { carryOver } from './carry-over.ts';
import { conform } from './conform.ts';
import { withDefaults } from './defaults.ts';
import { kindOf } from './kinds.ts';
import { patchObject, threeWay } from './patch.ts';
import type { PatchType } from './patch.ts';
import { problemAt, quoted } from './problem-at.ts';
import type { Finding } from './problem-at.ts';
import { isRecord, sameJson } from './record.ts';
import { resourceOf } from './schema/shape.ts';
import { placed, stamp, timestampOf, uidOf } from './server-metadata.ts';
import { find, keyOf, put } from './store.ts';
import type { Origin, Store, Stored } from './store.ts';
import { judge } from './validate.ts';
import { isOldForm } from './validate/names.ts';
import { serviceWarnings } from './validate/service-warnings.ts';
import { claimsIn } from './validate/taken.ts';
import type { Claims } from './validate/taken.ts';
import { updateFindings } from './validate/update.ts';

export interface Written {
  readonly store: Store;
  readonly object: KubeObject;
  readonly result: 'created' | 'configured' | 'patched' | 'replaced' | 'unchanged' | 'deleted';
  /** As kubectl prints them behind `Warning: `. */
  readonly warnings: readonly string[];
}

/**
 * Creates an object. Fails with `already-exists` (`services "api" already exists`), `not-found` (its namespace), or everything that `validate` says. What controllers hand out is not handed out here.
 * A status that comes along is dropped, as the server does.
 */
export function createObject(store: Store, given: KubeObject, origin: Origin | null): Result<Written, Problem> {
  return create(store, given, origin, null);
}

/** Creates an object or merges it into the one that is there, by what was last applied. */
export function applyObject(store: Store, given: KubeObject, origin: Origin | null): Result<Written, Problem> {
  const desired = placed(given);
  if (desired.metadata.name === '') return refuse('bad-request', given, 'from ' + (desired.metadata.generateName ?? '') + ': cannot use generate name with apply');
  const live = find(store, refOf(desired));
  if (live === undefined) return create(store, given, origin, desired);
  const merged = threeWay(live.object, live.lastApplied, desired);
  const warnings = live.lastApplied === null && !live.implied ? [missingAnnotation(live, store)] : [];
  return update(store, live, merged, { from: origin, origin: origin ?? live.origin, lastApplied: desired, result: 'configured', warnings, unknown: 'refuse' });
}

/** Replaces an object that is there. Fails with `not-found`, `conflict` when it carries the version of an older one, or everything that `validate` says. */
export function replaceObject(store: Store, given: KubeObject, origin: Origin | null): Result<Written, Problem> {
  const desired = placed(given);
  const live = find(store, refOf(desired));
  if (live === undefined) return notFound(store, refOf(desired));
  const version = desired.metadata.resourceVersion;
  if (version !== undefined && version !== live.object.metadata.resourceVersion) {
    return refuse('conflict', desired, `Operation cannot be fulfilled on ${plural(desired, store)} ${quoted(desired.metadata.name)}: the object has been modified; please apply your changes to the latest version and try again`);
  }
  return update(store, live, desired, { from: origin, origin: origin ?? live.origin, lastApplied: live.lastApplied, result: 'replaced', warnings: [], unknown: 'refuse' });
}

/** Patches an object that is there. Fails with `not-found`, `bad-patch`, or everything that `validate` says. A field that the kind does not have is left out with a warning. */
export function patchStored(store: Store, ref: ObjectRef, type: PatchType, patch: unknown): Result<Written, Problem> {
  const live = find(store, ref);
  if (live === undefined) return notFound(store, ref);
  const patched = patchObject(live.object, type, patch);
  if (!patched.ok) return patched;
  return update(store, live, patched.value, { from: null, origin: live.origin, lastApplied: live.lastApplied, result: 'patched', warnings: [], unknown: 'warn' });
}

/** Deletes an object, what it owns, and everything in it when it is a namespace. Fails with `not-found`, or `forbidden` for the namespaces that must stay. */
export function deleteObject(store: Store, ref: ObjectRef): Result<Written, Problem> {
  const live = find(store, ref);
  if (live === undefined) return notFound(store, ref);
  if (ref.kind === 'Namespace' && ['default', 'kube-system', 'kube-public'].includes(ref.name)) return refuse('forbidden', live.object, `namespaces ${quoted(ref.name)} is forbidden: this namespace may not be deleted`);
  const gone = new Set([keyOf(ref)]);
  if (ref.kind === 'Namespace') for (const [key, stored] of store.objects) if (stored.object.metadata.namespace === ref.name) gone.add(key);
  collectDependents(store, gone);
  const objects = new Map(store.objects);
  const processes = new Map(store.processes);
  const started = store.started === undefined ? undefined : new Map(store.started);
  for (const key of gone) {
    const known = processes.get(key);
    const images = imagesOf(store.objects.get(key)?.object);
    // What runs in a pod goes with it, but not what is known of the program: the same image started again listens where it did.
    if (known !== undefined && images !== undefined && !isOwned(store.objects.get(key)?.object)) processes.set(key, { ...known, images });
    else processes.delete(key);
    objects.delete(key);
    started?.delete(key);
  }
  return succeed({ store: { ...store, objects, processes, ...(started === undefined ? {} : { started }), revision: store.revision + 1 }, object: live.object, result: 'deleted', warnings: [] });
}

const isOwned = (object: KubeObject | undefined): boolean => (object?.metadata.ownerReferences?.length ?? 0) > 0;

/** Images by container, of a pod or of what makes pods. */
function imagesOf(object: KubeObject | undefined): Readonly<Record<string, string>> | undefined {
  const spec = object !== undefined && 'spec' in object && isRecord(object.spec) ? object.spec : {};
  const template = isRecord(spec['template']) && isRecord(spec['template']['spec']) ? spec['template']['spec'] : object?.kind === 'Pod' ? spec : undefined;
  if (template === undefined) return undefined;
  const containers = ['containers', 'initContainers'].flatMap((field): readonly unknown[] => { const list = template[field]; return Array.isArray(list) ? list : []; }).filter(isRecord);
  return Object.fromEntries(containers.flatMap((container) => (typeof container['name'] === 'string' ? [[container['name'], typeof container['image'] === 'string' ? container['image'] : '']] : [])));
}

/** What was known of a workload of this name that is gone: kept for containers with the same image, forgotten for others. */
function rememberedProcesses(store: Store, object: KubeObject): Store['processes'] {
  const key = keyOf(refOf(object));
  const known = store.processes.get(key);
  if (known?.images === undefined) return store.processes;
  const now = imagesOf(object) ?? {};
  const { images, ...rest } = known;
  const sockets = Object.fromEntries(Object.entries(known.sockets).filter(([name]) => images[name] !== undefined && images[name] === now[name]));
  const processes = new Map(store.processes);
  if (Object.keys(sockets).length === 0) processes.delete(key);
  else processes.set(key, { ...rest, sockets });
  return processes;
}

// What nobody owns any more goes with its last owner, and so on down.
function collectDependents(store: Store, gone: Set<string>): void {
  const owned: { readonly key: string; readonly owners: readonly string[] }[] = [];
  for (const [key, { object }] of store.objects) {
    const owners = object.metadata.ownerReferences ?? [];
    if (owners.length > 0) owned.push({ key, owners: owners.map((owner) => ownerKey(owner.kind, owner.name, object, store)) });
  }
  for (let before = -1; before !== gone.size;) {
    before = gone.size;
    for (const { key, owners } of owned) {
      if (!gone.has(key) && owners.some((owner) => gone.has(owner)) && owners.every((owner) => gone.has(owner) || !store.objects.has(owner))) gone.add(key);
    }
  }
}

function ownerKey(kind: string, name: string, dependent: KubeObject, store: Store): string {
  const beside = keyOf({ kind, namespace: dependent.metadata.namespace ?? '', name });
  return store.objects.has(beside) ? beside : keyOf({ kind, namespace: '', name });
}

function create(store: Store, written: KubeObject, origin: Origin | null, lastApplied: KubeObject | null): Result<Written, Problem> {
  const given = placed(written);
  const prefix = given.metadata.generateName;
  const object = given.metadata.name === '' && prefix !== undefined ? { ...given, metadata: { ...given.metadata, name: `${prefix}${suffix(0, `${prefix}\u0000${store.revision}`, 5)}` } } : given;
  const { object: full, findings } = judge(object, claimsFor(object, store));
  if (findings.length > 0) return fail(...findings.map((finding) => problemAt(object, origin, finding)));
  const ref = refOf(full);
  if (find(store, ref) !== undefined) return refuse('already-exists', full, `${plural(full, store)} ${quoted(ref.name)} already exists`);
  const missing = missingNamespace(store, full);
  if (missing !== null) return missing;
  // Simplified: only a Node may say how it is; of everything else the controllers say it.
  const kept = full.kind === 'Node' || resourceOf(full.apiVersion, full.kind) === undefined ? full : withDefaults(withoutStatus(full));
  const stamped = stamp(kept, { uid: uidOf(`${keyOf(ref)}\u0000${store.revision}`), creationTimestamp: timestampOf(store.now), resourceVersion: String(store.revision + 1) });
  const stored: Stored = { object: stamped, origin, lastApplied, implied: false, created: store.now };
  return succeed({ store: { ...put(store, stored), processes: rememberedProcesses(store, stamped) }, object: stamped, result: 'created', warnings: serverWarnings(stamped) });
}

interface Update {
  /** Where the change was written; `null` for a command. */
  readonly from: Origin | null;
  /** Where the object is written from now on. */
  readonly origin: Origin | null;
  readonly lastApplied: KubeObject | null;
  readonly result: Written['result'];
  readonly warnings: readonly string[];
  /** What becomes of fields that the kind does not have. */
  readonly unknown: 'refuse' | 'warn';
}

function update(store: Store, live: Stored, next: KubeObject, how: Update): Result<Written, Problem> {
  const read = conform(next, how.unknown === 'warn' ? 'drop' : 'keep');
  const unknown = how.unknown === 'warn' ? read.findings.filter((finding) => finding.code === 'unknown-field') : [];
  const refused = read.findings.filter((finding) => !unknown.includes(finding));
  const { object: full, findings } = judge(carryOver(live.object, read.object), claimsFor(read.object, store));
  // What cannot be read has no values to judge.
  // What controllers made was never admitted, and has its defaults only from here on.
  const settled = withDefaults(live.object);
  // A value in a form that was once allowed may stay, wherever it moves in its list.
  const held = new Set(findings.some(isOldForm) ? judge(settled, null).findings.filter(isOldForm).map(valueOf) : []);
  const all = refused.some((finding) => finding.code === 'wrong-type') ? refused : [...findings.filter((finding) => !(isOldForm(finding) && held.has(valueOf(finding)))), ...updateFindings(settled, full)];
  if (all.length > 0) return fail(...all.map((finding) => problemAt(next, how.from, finding)));
  const withStatus = keepStatus(settled, full);
  const before = live.object.metadata;
  const same = stamp(withStatus, { uid: before.uid, creationTimestamp: before.creationTimestamp, resourceVersion: before.resourceVersion });
  const warnings = [...how.warnings, ...unknown.map((finding) => finding.says.replace(/^strict decoding error: /, '')), ...serverWarnings(full)];
  if (sameJson(same, settled) && sameJson(how.lastApplied, live.lastApplied)) return succeed({ store, object: live.object, result: 'unchanged', warnings });
  const stamped = stamp(same, { uid: before.uid, creationTimestamp: before.creationTimestamp, resourceVersion: String(store.revision + 1) });
  // A command changes what is there and declares nothing: only a manifest does. Nodes are listed nowhere, and count as changed by whoever changes them.
  const stored: Stored = { ...live, object: stamped, origin: how.origin, lastApplied: how.lastApplied, implied: live.implied && how.from === null && stamped.kind !== 'Node' };
  return succeed({ store: put(store, stored), object: stamped, result: how.result, warnings });
}

/** The sentence without its field. */
const valueOf = (finding: Finding): string => finding.says.slice(finding.field?.length ?? 0);

function withoutStatus(object: KubeObject): KubeObject {
  if (!('status' in object)) return object;
  const { status: _, ...rest } = object;
  return rest;
}

// The status of an object is written by controllers; a client that sends another one is not heard.
function keepStatus(live: KubeObject, next: KubeObject): KubeObject {
  if (resourceOf(next.apiVersion, next.kind) === undefined || next.kind === 'Node') return next;
  const rest = withoutStatus(next);
  const kept = 'status' in live ? { ...rest, status: live.status } : rest;
  return kept;
}

// Only Services compete for what is given out once.
const claimsFor = (object: KubeObject, store: Store): Claims | null => (object.kind === 'Service' && object.apiVersion === 'v1' ? claimsIn(store) : null);

const always: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public', 'kube-node-lease']);

function missingNamespace(store: Store, object: KubeObject): { readonly ok: false; readonly failures: readonly Problem[] } | null {
  const namespace = object.metadata.namespace ?? '';
  if (namespace === '' || always.has(namespace) || find(store, { kind: 'Namespace', namespace: '', name: namespace }) !== undefined) return null;
  return refuse('not-found', object, `namespaces ${quoted(namespace)} not found`);
}

const plural = (object: KubeObject, store: Store): string => {
  const kind = kindOf(object, store);
  return kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`;
};

function notFound(store: Store, ref: ObjectRef): { readonly ok: false; readonly failures: readonly Problem[] } {
  const known = [...store.objects.values()].find((stored) => stored.object.kind === ref.kind)?.object.apiVersion;
  const apiVersion = known ?? apiVersionOf(ref.kind);
  const object: KubeObject = { apiVersion, kind: ref.kind, metadata: { name: ref.name, ...(ref.namespace === '' ? {} : { namespace: ref.namespace }) } };
  return refuse('not-found', object, `${plural(object, store)} ${quoted(ref.name)} not found`);
}

function apiVersionOf(kind: string): string {
  return resourceOf('v1', kind)?.apiVersion ?? ['apps/v1', 'batch/v1', 'networking.k8s.io/v1', 'discovery.k8s.io/v1'].find((version) => resourceOf(version, kind) !== undefined) ?? 'v1';
}

const refuse = (code: string, object: KubeObject, says: string): { readonly ok: false; readonly failures: readonly Problem[] } => fail(problemAt(object, null, { code, field: null, says }));

const missingAnnotation = (live: Stored, store: Store): string =>
  `resource ${kindOf(live.object, store).plural}/${live.object.metadata.name} is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.`;

function serverWarnings(object: KubeObject): readonly string[] {
  if (object.kind === 'Service' && object.apiVersion === 'v1') return serviceWarnings(object as Service);
  return object.kind === 'Endpoints' && object.apiVersion === 'v1' ? ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'] : [];
}

export { loadDocuments } from './load.ts';

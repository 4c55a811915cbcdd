// The store while controllers work on it: changed in place, indexed by kind and by owner, and turned back into a value at the end.
import { byText } from '../base/order.ts';
import { hash32, suffix } from '../base/choose.ts';
import { timestampOf } from '../cluster/server-metadata.ts';
import { keyOf, type Processes, type Started, type Store, type Stored } from '../cluster/store.ts';
import type { KnownKind, ObjectOf } from '../model/known-object.ts';
import type { KubeObject, ObjectRef, OwnerReference, Pod } from '../model/object.ts';
import { refOf } from '../model/object.ts';
import type { Settings } from './settings.ts';

export interface Draft {
  readonly settings: Settings;
  /** Controllers meet this store for the first time: what it declares is how the cluster stands. */
  readonly first: boolean;
  readonly now: number;
  readonly revision: number;
  readonly objects: Map<string, Stored>;
  readonly kinds: Map<string, Map<string, Stored>>;
  /** By kind, as {@link listed} gives them; a write of the kind takes its list away. */
  readonly sorted: Map<string, readonly Stored[]>;
  /** Variables for Services, by namespace: those that pods get which start now. */
  readonly links: Map<string, Readonly<Record<string, string>>>;
  readonly processes: Map<string, Processes>;
  readonly started: Map<string, Started>;
  readonly counters: Record<string, number>;
  writes: number;
}

export function startDraft(store: Store, settings: Settings): Draft {
  const kinds = new Map<string, Map<string, Stored>>();
  for (const [key, stored] of store.objects) {
    const found = kinds.get(stored.object.kind);
    if (found === undefined) kinds.set(stored.object.kind, new Map([[key, stored]]));
    else found.set(key, stored);
  }
  return {
    settings, first: store.counters['reconciled'] === undefined, now: store.now, revision: store.revision, objects: new Map(store.objects), kinds, sorted: new Map(), links: new Map(),
    processes: new Map(store.processes), started: new Map(store.started ?? []), counters: { ...store.counters }, writes: 0,
  };
}

/** The store as the controllers leave it; the same one when they changed nothing. */
export function finishDraft(draft: Draft, store: Store): Store {
  return { ...store, objects: draft.objects, processes: draft.processes, started: draft.started, counters: { ...draft.counters, reconciled: 1 }, revision: store.revision + draft.writes };
}

/** The objects of a kind, sorted by namespace and name, so that no order of documents shows. */
export function listed<Kind extends KnownKind>(draft: Draft, kind: Kind): readonly Stored<ObjectOf<Kind>>[];
export function listed(draft: Draft, kind: string): readonly Stored[];
export function listed(draft: Draft, kind: string): readonly Stored[] {
  const known = draft.sorted.get(kind);
  if (known !== undefined) return known;
  const sorted = [...(draft.kinds.get(kind)?.values() ?? [])].sort((left, right) => byText(left.object.metadata.namespace ?? '', right.object.metadata.namespace ?? '') || byText(left.object.metadata.name, right.object.metadata.name));
  draft.sorted.set(kind, sorted);
  return sorted;
}

export function look<Kind extends KnownKind>(draft: Draft, kind: Kind, namespace: string, name: string): Stored<ObjectOf<Kind>> | undefined;
export function look(draft: Draft, kind: string, namespace: string, name: string): Stored | undefined;
export function look(draft: Draft, kind: string, namespace: string, name: string): Stored | undefined {
  return draft.objects.get(keyOf({ kind, namespace, name }));
}

/** Deep equality of plain data. */
export function same(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null || Array.isArray(left) !== Array.isArray(right)) return false;
  const [one, other] = [left as Readonly<Record<string, unknown>>, right as Readonly<Record<string, unknown>>];
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key) && same(one[key], other[key]));
}

/** The metadata that the API server writes itself stays as it was, or is given to what is new. */
function stamped(draft: Draft, object: KubeObject, before: KubeObject | undefined): KubeObject {
  const { uid, creationTimestamp, resourceVersion } = { ...before?.metadata };
  const own = object.metadata;
  return {
    ...object,
    metadata: {
      ...own, uid: own.uid ?? uid ?? uidFor(draft, refOf(object), next(draft, `uid/${keyOf(refOf(object))}`)),
      creationTimestamp: own.creationTimestamp ?? creationTimestamp ?? timestampOf(draft.first ? 0 : draft.now), resourceVersion: own.resourceVersion ?? resourceVersion ?? String(draft.revision + draft.writes),
    },
  };
}

/** Writes an object; nothing happens when it is as it was. What stood there keeps its origin. */
export function write(draft: Draft, object: KubeObject, implied = false): void {
  const key = keyOf(refOf(object));
  const before = draft.objects.get(key);
  if (before !== undefined && same(before.object, object)) return;
  const full = stamped(draft, object, before?.object);
  if (before !== undefined && same(before.object, full)) return;
  const stored: Stored = before === undefined
    ? { object: full, origin: null, lastApplied: null, implied, created: draft.first ? 0 : draft.now }
    : { ...before, object: full };
  draft.objects.set(key, stored);
  draft.sorted.delete(object.kind);
  const kind = draft.kinds.get(object.kind);
  if (kind === undefined) draft.kinds.set(object.kind, new Map([[key, stored]]));
  else kind.set(key, stored);
  draft.writes++;
}

export function remove(draft: Draft, ref: ObjectRef): void {
  const key = keyOf(ref);
  if (!draft.objects.delete(key)) return;
  draft.kinds.get(ref.kind)?.delete(key);
  draft.sorted.delete(ref.kind);
  if (ref.kind === 'Pod') draft.started.delete(key);
  draft.writes++;
}

/** A unique id made from the seed and the object's names; the form of a UUID. */
export function uidFor(draft: Draft, ref: ObjectRef, salt = 0): string {
  const hex = [0, 1, 2, 3].map((part) => hash32(`${draft.settings.seed}\u0000${keyOf(ref)}\u0000${salt}\u0000${part}`).toString(16).padStart(8, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The next number of a counter, from 0. */
export function next(draft: Draft, counter: string): number {
  const value = draft.counters[counter] ?? 0;
  draft.counters[counter] = value + 1;
  return value;
}

/** A free name `PREFIX-xxxxx` for an object of a kind; no name is handed out twice. */
export function freeName(draft: Draft, kind: string, namespace: string, prefix: string): string {
  for (;;) {
    const name = `${prefix}-${suffix(draft.settings.seed, `${kind}/${namespace}/${prefix}/${next(draft, `name/${kind}/${namespace}/${prefix}`)}`, 5)}`;
    if (look(draft, kind, namespace, name) === undefined) return name;
  }
}

/** The reference that a controller puts on what it makes. */
export const controllerOf = (draft: Draft, owner: KubeObject): OwnerReference & { readonly controller: true; readonly blockOwnerDeletion: true } => ({
  apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid ?? uidFor(draft, refOf(owner)), controller: true, blockOwnerDeletion: true,
});

/** The controller among an object's owners. A dump may leave the flag out where there is one owner only. */
export const controller = (object: KubeObject): OwnerReference | undefined => {
  const owners = object.metadata.ownerReferences ?? [];
  return owners.find((owner) => owner.controller === true) ?? (owners.length === 1 && owners[0]?.controller === undefined ? owners[0] : undefined);
};

/** `KIND/NAMESPACE/NAME` of the controller; `undefined` for what has none. */
export const controllerKey = (object: KubeObject): string | undefined => {
  const owner = controller(object);
  return owner === undefined ? undefined : `${owner.kind}/${object.metadata.namespace ?? ''}/${owner.name}`;
};

/** Pods by the key of their controller, each list sorted by name. */
export function podsByController(draft: Draft): Map<string, Stored<Pod>[]> {
  const owned = new Map<string, Stored<Pod>[]>();
  for (const stored of listed(draft, 'Pod')) {
    const key = controllerKey(stored.object);
    if (key === undefined) continue;
    const found = owned.get(key);
    if (found === undefined) owned.set(key, [stored]);
    else found.push(stored);
  }
  return owned;
}

/** Counts for its owner: neither finished nor on its way out. */
export const active = (pod: Pod): boolean => pod.metadata.deletionTimestamp === undefined && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed';

export const isReady = (pod: Pod): boolean => (pod.status?.conditions ?? []).some((condition) => condition.type === 'Ready' && condition.status === 'True');

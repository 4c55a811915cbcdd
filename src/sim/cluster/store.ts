// What is declared, as the API server keeps it: an immutable store of objects with where each came from.
import type { KnownKind, ObjectOf } from '../model/known-object.ts';
import type { KubeObject, ObjectRef, Pod } from '../model/object.ts';
import { refOf } from '../model/object.ts';
import { byText } from '../base/order.ts';

/** Where an object was written: positions of its fields, `[line, column]` from 1, by field path (`''` is the document). */
export interface Origin {
  readonly file: string;
  readonly positions: Readonly<Record<string, readonly [line: number, column: number]>>;
}

export interface Stored<Kept extends KubeObject = KubeObject> {
  readonly object: Kept;
  /** `null` for what a controller or a command made. */
  readonly origin: Origin | null;
  /** What was last applied, for the three-way merge; `null` when it never was. */
  readonly lastApplied: KubeObject | null;
  /** Part of the cluster around the manifests (CoreDNS, default nodes, namespaces): answers, but was not declared. */
  readonly implied: boolean;
  /** Simulated seconds at which it was created. */
  readonly created: number;
}

/**
 * What the processes of a workload's pods listen on, kept from when the manifest was first read (cli.md, "What is read from manifests"):
 * by container name, the sockets as the annotation writes them, not yet expanded from the environment (`$(BIND):$(PORT)/TCP`).
 */
export interface Processes {
  readonly sockets: Readonly<Record<string, readonly string[]>>;
  /** True where no manifest said so and it was taken from Services and probes. */
  readonly assumed: boolean;
  /** What the program of a container asks of its surroundings before it works, by container name; sockets as {@link sockets} has them. */
  readonly demands?: Readonly<Record<string, Demands>>;
  /** Of a workload that was deleted: the images that its containers had, so that one of the same name and image listens as it did. */
  readonly images?: Readonly<Record<string, string>>;
}

export interface Demands {
  /** Sockets of its own pod without which it ends at once. */
  readonly needs: readonly string[];
  /** Sockets of its own pod for which it waits, running. */
  readonly waitsFor: readonly string[];
  /** Variables that it reads as numbers. */
  readonly numbers: readonly string[];
}

/** What a pod's containers got when they started: a ConfigMap edited later does not reach them. */
export interface Started {
  /** By container; `null` while something that they need is missing. */
  readonly env: Readonly<Record<string, Readonly<Record<string, string>>>> | null;
  /** Variables for the Services that were there (`enableServiceLinks`); pods that started together share one. */
  readonly links?: Readonly<Record<string, string>>;
  /** What the manifest itself said of the pod's status: taken as it is. */
  readonly given: NonNullable<Pod['status']>;
  /** Why its sandbox has no network: the kubelet's Event. */
  readonly failed?: { readonly reason: 'FailedCreatePodSandBox' | 'NetworkNotReady'; readonly message: string; readonly object: ObjectRef; readonly field: string | null };
}

export interface Store {
  /** By {@link keyOf}. */
  readonly objects: ReadonlyMap<string, Stored>;
  /** Counts every write. */
  readonly revision: number;
  /** Simulated seconds: starts at 720, grows with every change that a person makes. There is no other clock. */
  readonly now: number;
  /** By the key of the object that declares the template: a workload, or a bare pod. */
  readonly processes: ReadonlyMap<string, Processes>;
  /** What the containers of a pod got when they started, by the pod's key (`sim/controlplane`); absent before controllers ran. */
  readonly started?: ReadonlyMap<string, Started>;
  /** By node whose kube-proxy runs no more: endpoints (`IP:PORT`) by Service (`NAMESPACE/NAME`) as they were when it stopped. */
  readonly lastRules?: ReadonlyMap<string, Readonly<Record<string, readonly string[]>>>;
  /** Next free numbers that controllers hand out (pod addresses by node, names), so that nothing is handed out twice. */
  readonly counters: Readonly<Record<string, number>>;
}

export const emptyStore: Store = { objects: new Map(), revision: 0, now: 720, processes: new Map(), counters: {} };

/** `KIND/NAMESPACE/NAME`, the namespace empty for what has none. */
export const keyOf = (ref: ObjectRef): string => `${ref.kind}/${ref.namespace}/${ref.name}`;

export const find = (store: Store, ref: ObjectRef): Stored | undefined => store.objects.get(keyOf(ref));

/** The objects of a kind, sorted by namespace and name; of one namespace where it is named. */
export function list<Kind extends KnownKind>(store: Store, kind: Kind, namespace?: string): Stored<ObjectOf<Kind>>[];
export function list(store: Store, kind: string, namespace?: string): Stored[];
export function list(store: Store, kind: string, namespace?: string): Stored[] {
  const found: Stored[] = [];
  for (const stored of store.objects.values()) {
    if (stored.object.kind === kind && (namespace === undefined || stored.object.metadata.namespace === namespace)) found.push(stored);
  }
  return found.sort((left, right) => byText(left.object.metadata.namespace ?? '', right.object.metadata.namespace ?? '') || byText(left.object.metadata.name, right.object.metadata.name));
}

/** The store with one more object, or another version of one. Nothing is checked here. */
export function put(store: Store, stored: Stored): Store {
  const objects = new Map(store.objects);
  objects.set(keyOf(refOf(stored.object)), stored);
  return { ...store, objects, revision: store.revision + 1 };
}

/** The store without an object. */
export function drop(store: Store, ref: ObjectRef): Store {
  const objects = new Map(store.objects);
  return objects.delete(keyOf(ref)) ? { ...store, objects, revision: store.revision + 1 } : store;
}

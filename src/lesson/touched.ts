// What a fix did to the declared objects: created, changed or deleted by a person; what controllers answered is left out.
import type { KubeObject, ObjectRef } from '../sim/model/object.ts';
import { refOf } from '../sim/model/object.ts';
import type { Store, Stored } from '../sim/cluster/store.ts';
import { by } from '../sim/base/order.ts';
import { objectKey } from './globs.ts';

/** One value that differs; `undefined` where there is none. */
export interface FieldChange {
  /** In the API server's form, keys with dots or slashes as they are: `spec.ports[0].port`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface Touched {
  readonly ref: ObjectRef;
  /** As lesson files write it. */
  readonly object: string;
  readonly how: 'changed' | 'created' | 'deleted';
  readonly fields: readonly FieldChange[];
}

type Plain = Readonly<Record<string, unknown>>;
const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);

const ownedBySystem = new Set(['resourceVersion', 'uid', 'generation', 'managedFields', 'creationTimestamp', 'ownerReferences', 'selfLink', 'generateName']);
const systemAnnotations = new Set(['deployment.kubernetes.io/revision', 'kubectl.kubernetes.io/last-applied-configuration', 'kubectl.kubernetes.io/restartedAt']);

/** The part of an object that people write. */
function written(object: KubeObject): Plain {
  const parts: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(object)) if (name !== 'status' && name !== 'metadata') parts[name] = value;
  const metadata: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(object.metadata)) {
    if (ownedBySystem.has(name)) continue;
    const kept: unknown = name === 'annotations' && isPlain(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => !systemAnnotations.has(key))) : value;
    if (!isPlain(kept) || Object.keys(kept).length > 0) metadata[name] = kept;
  }
  return { ...parts, metadata };
}

/** Every leaf in which two values differ, lists by position. */
export function fieldChanges(before: unknown, after: unknown, path = ''): FieldChange[] {
  if (Object.is(before, after)) return [];
  const holds = (value: unknown): boolean => isPlain(value) || Array.isArray(value);
  const under = (name: string): string => (path === '' ? name : `${path}.${name}`);
  if ((isPlain(before) || before === undefined) && (isPlain(after) || after === undefined)) {
    const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].sort();
    if (names.length > 0) return names.flatMap((name) => fieldChanges(before?.[name], after?.[name], under(name)));
  } else if ((Array.isArray(before) || before === undefined) && (Array.isArray(after) || after === undefined)) {
    const length = Math.max(before?.length ?? 0, after?.length ?? 0);
    if (length > 0) return Array.from({ length }, (_, index) => fieldChanges(before?.[index], after?.[index], `${path}[${index}]`)).flat();
  } else if (holds(before) || holds(after)) {
    return [...fieldChanges(before, undefined, path), ...fieldChanges(undefined, after, path)];
  }
  return [{ path, before, after }];
}

/** The lists of a Service's pods, which the control plane keeps. */
const keptLists: Readonly<Record<string, readonly [label: string, manager: string]>> = {
  Endpoints: ['endpoints.kubernetes.io/managed-by', 'endpoint-controller'],
  EndpointSlice: ['endpointslice.kubernetes.io/managed-by', 'endpointslice-controller.k8s.io'],
};

function owned(stored: Stored | undefined): boolean {
  if (stored === undefined) return false;
  const { kind, metadata } = stored.object;
  const kept = Object.hasOwn(keptLists, kind) ? keptLists[kind] : undefined;
  return (metadata.ownerReferences?.some((owner) => owner.controller === true) ?? false) || (kept !== undefined && metadata.labels?.[kept[0]] === kept[1]);
}

/** Objects in which the cluster after a fix differs from the broken one. Sorted by object. */
export function touched(broken: Store, now: Store): Touched[] {
  const found: Touched[] = [];
  for (const key of new Set([...broken.objects.keys(), ...now.objects.keys()])) {
    const was = broken.objects.get(key);
    const is = now.objects.get(key);
    const object = is?.object ?? was?.object;
    if (object === undefined || was?.object === is?.object) continue;
    const ref = refOf(object);
    const entry = (how: Touched['how'], fields: readonly FieldChange[]): void => void found.push({ ref, object: objectKey(ref), how, fields });
    // Controllers make, change and delete what they own; only labels and annotations of a running pod are somebody's hand.
    if (owned(was) || owned(is)) {
      if (was === undefined || is === undefined || object.kind !== 'Pod') continue;
      const fields = fieldChanges(written(was.object)['metadata'], written(is.object)['metadata'], 'metadata').filter((change) => /^metadata\.(labels|annotations)/.test(change.path));
      if (fields.length > 0) entry('changed', fields);
      continue;
    }
    if (was === undefined) {
      if (is !== undefined && !is.implied) entry('created', fieldChanges(undefined, written(is.object)));
    } else if (is === undefined) {
      if (!was.implied || object.kind !== 'Node') entry('deleted', []);
    } else {
      const fields = fieldChanges(written(was.object), written(is.object));
      // The nodes around the manifests follow the Cluster document (ranges, addresses).
      if (fields.length > 0 && !(was.implied && is.implied && object.kind === 'Node')) entry('changed', fields);
    }
  }
  return found.sort(by((one) => one.object));
}

// All pods renewed: those of controllers go and are made again, others start anew where they were declared.
import { keyOf, type Store, type Stored } from '../cluster/store.ts';
import type { KubeObject, Pod } from '../model/object.ts';
import { controllerKey } from './draft.ts';

const given = (object: KubeObject | null): string | undefined => (object as Pod | null)?.spec?.nodeName;

/** The store without pods that a controller makes again; the others without their status, so that they get another address. Finished pods stay. */
export function withoutPods(store: Store): Store {
  const objects = new Map<string, Stored>();
  const started = new Map(store.started ?? []);
  for (const [key, stored] of store.objects) {
    const pod = stored.object as Pod;
    if (pod.kind !== 'Pod' || pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') {
      objects.set(key, stored);
      continue;
    }
    started.delete(key);
    const owner = controllerKey(pod);
    if (owner !== undefined && store.objects.has(owner)) continue;
    const { status: _, ...rest } = pod;
    // What the manifest said of its state still holds; only its addresses are new.
    const { podIP: _ip, podIPs: _ips, hostIP: _host, ...state } = store.started?.get(key)?.given ?? {};
    const status = Object.keys(state).length === 0 ? {} : { status: state };
    const { nodeName, ...spec } = rest.spec;
    const node = given(stored.lastApplied) ?? (stored.origin?.positions['spec.nodeName'] === undefined ? undefined : nodeName);
    objects.set(keyOf({ kind: 'Pod', namespace: pod.metadata.namespace ?? '', name: pod.metadata.name }), { ...stored, object: { ...rest, ...status, spec: node === undefined ? spec : { ...spec, nodeName: node } } as Pod, created: store.now });
  }
  return { ...store, objects, started, revision: store.revision + 1 };
}

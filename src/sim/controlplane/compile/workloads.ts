// Root owners with their pods: the rows of reach, and what a SOURCE may name.
import { by } from '../../base/order.ts';
import { keyOf, list, type Store } from '../../cluster/store.ts';
import type { KubeObject, ObjectRef, Workload } from '../../model/object.ts';
import { refOf } from '../../model/object.ts';
import type { NetworkPod, NetworkWorkload } from '../../model/network.ts';
import { controllerKey } from '../draft.ts';

const kinds = ['CronJob', 'DaemonSet', 'Deployment', 'Job', 'ReplicaSet', 'ReplicationController', 'StatefulSet'] as const;

const wanted = (workload: Workload, pods: number): number => (workload.kind === 'DaemonSet' ? pods : workload.kind === 'Job' ? workload.spec.parallelism ?? 1 : workload.spec.replicas ?? 1);

export function compileWorkloads(store: Store, pods: readonly NetworkPod[]): NetworkWorkload[] {
  const owned = new Map<string, NetworkPod[]>();
  for (const pod of pods) {
    const key = keyOf(pod.owner);
    const found = owned.get(key);
    if (found === undefined) owned.set(key, [pod]);
    else found.push(pod);
  }
  const rows: NetworkWorkload[] = [];
  const add = (ref: ObjectRef, object: KubeObject | undefined, implied: boolean): void => {
    const own = (owned.get(keyOf(ref)) ?? []).filter(({ phase }) => phase !== 'Succeeded' && phase !== 'Failed');
    const template = object !== undefined && object.kind !== 'Pod' && object.kind !== 'CronJob' ? (object as Workload).spec.template : undefined;
    rows.push({
      ref, labels: object?.metadata.labels ?? {}, podLabels: template?.metadata?.labels ?? own[0]?.labels ?? {},
      replicas: template === undefined ? own.length : wanted(object as Workload, own.length), pods: own.map(({ name }) => name), implied,
    });
    owned.delete(keyOf(ref));
  };
  for (const kind of kinds) {
    for (const { object, implied } of list(store, kind)) {
      const owner = controllerKey(object);
      // What another workload of the input made is shown as that one.
      if (owner === undefined || !store.objects.has(owner)) add(refOf(object), object, implied);
    }
  }
  for (const [key, [first]] of [...owned]) if (first !== undefined && (first.phase !== 'Succeeded' && first.phase !== 'Failed')) add(first.owner, store.objects.get(key)?.object, first.implied);
  return rows.sort(by(({ ref }) => `${ref.namespace}/${ref.name}/${ref.kind}`));
}

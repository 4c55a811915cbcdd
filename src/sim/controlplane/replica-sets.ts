// ReplicaSets and ReplicationControllers: as many pods as they want, adopting what their selector matches and letting go of what it no longer does.
import { byText } from '../base/order.ts';
import { matchesLabels } from '../cluster/selector.ts';
import type { Stored } from '../cluster/store.ts';
import type { Labels, LabelSelector, Pod, Workload } from '../model/object.ts';
import { refOf } from '../model/object.ts';
import { active, controller, controllerOf, freeName, isReady, listed, look, podsByController, remove, write, type Draft } from './draft.ts';
import { makePod } from './pod-template.ts';

/** A ReplicationController's selector is a plain map of labels; without one it is the template's labels. */
export const selectorOf = (workload: Workload): LabelSelector =>
  workload.kind === 'ReplicationController' ? { matchLabels: (workload.spec.selector as unknown as Labels | undefined) ?? workload.spec.template.metadata?.labels ?? {} } : workload.spec.selector ?? { matchLabels: workload.spec.template.metadata?.labels ?? {} };

/** Pods of a workload by selector: those it owns and no longer matches are let go, matching ones without a controller are adopted. */
export function claimPods(draft: Draft, workload: Workload, owned: readonly Stored<Pod>[], free: readonly Stored<Pod>[]): Pod[] {
  const selector = selectorOf(workload);
  const claimed: Pod[] = [];
  for (const { object: pod } of owned) {
    if (!active(pod) || matchesLabels(selector, pod.metadata.labels ?? {})) claimed.push(pod);
    else {
      const own = controller(pod);
      const { ownerReferences: references = [], ...metadata } = pod.metadata;
      const left = references.filter((reference) => reference !== own);
      write(draft, { ...pod, metadata: { ...metadata, ...(left.length === 0 ? {} : { ownerReferences: left }) } });
      // Its processes are those that it was started with.
      const processes = draft.processes.get(`Pod/${pod.metadata.namespace ?? ''}/${pod.metadata.name}`) ?? rootProcesses(draft, workload);
      if (processes !== undefined) draft.processes.set(`Pod/${pod.metadata.namespace ?? ''}/${pod.metadata.name}`, processes);
    }
  }
  for (const { object: stale } of free) {
    // Another set may have taken it in this very round.
    const pod = look(draft, 'Pod', stale.metadata.namespace ?? '', stale.metadata.name)?.object;
    if (pod === undefined || controller(pod) !== undefined) continue;
    if (!active(pod) || !matchesLabels(selector, pod.metadata.labels ?? {})) continue;
    const adopted = { ...pod, metadata: { ...pod.metadata, ownerReferences: [...(pod.metadata.ownerReferences ?? []), controllerOf(draft, workload)] } } as Pod;
    write(draft, adopted);
    claimed.push(adopted);
  }
  return claimed;
}

function rootProcesses(draft: Draft, workload: Workload): ReturnType<Draft['processes']['get']> {
  const key = `${workload.kind}/${workload.metadata.namespace ?? ''}/${workload.metadata.name}`;
  const owner = controller(workload);
  return draft.processes.get(key) ?? (owner === undefined ? undefined : draft.processes.get(`${owner.kind}/${workload.metadata.namespace ?? ''}/${owner.name}`));
}

/** Which pods go first when there are too many: without a node, not ready, the youngest (pkg/controller, ActivePodsWithRanks). */
function inOrderOfRemoval(draft: Draft, pods: readonly Pod[]): Pod[] {
  const rank = (pod: Pod): number => (pod.spec.nodeName === undefined ? 0 : isReady(pod) ? 2 : 1);
  const age = (pod: Pod): number => draft.objects.get(`Pod/${pod.metadata.namespace ?? ''}/${pod.metadata.name}`)?.created ?? 0;
  return [...pods].sort((left, right) => rank(left) - rank(right) || age(right) - age(left) || byText(left.metadata.name, right.metadata.name));
}

/** Pods without a controller, by namespace. */
function freePods(draft: Draft): Map<string, Stored<Pod>[]> {
  const free = new Map<string, Stored<Pod>[]>();
  for (const stored of listed(draft, 'Pod')) {
    if (controller(stored.object) !== undefined) continue;
    const namespace = stored.object.metadata.namespace ?? '';
    const found = free.get(namespace);
    if (found === undefined) free.set(namespace, [stored]);
    else found.push(stored);
  }
  return free;
}

export function syncReplicaSets(draft: Draft): void {
  for (const kind of ['ReplicaSet', 'ReplicationController'] as const) {
    const sets = listed(draft, kind);
    if (sets.length === 0) continue;
    const owned = podsByController(draft);
    const free = freePods(draft);
    for (const { object: set } of sets) {
      if (set.metadata.deletionTimestamp !== undefined) continue;
      const namespace = set.metadata.namespace ?? '';
      const pods = claimPods(draft, set, owned.get(`${kind}/${namespace}/${set.metadata.name}`) ?? [], free.get(namespace) ?? []).filter(active);
      const wanted = set.spec.replicas ?? 1;
      for (const pod of inOrderOfRemoval(draft, pods).slice(0, Math.max(pods.length - wanted, 0))) remove(draft, refOf(pod));
      for (let missing = wanted - pods.length; missing > 0; missing--) {
        makePod(draft, set, set.spec.template, { name: freeName(draft, 'Pod', namespace, set.metadata.name), generateName: `${set.metadata.name}-` });
      }
    }
  }
}

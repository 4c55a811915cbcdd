// What controllers report of their work: the numbers that kubectl prints under READY, UP-TO-DATE and AVAILABLE, and garbage collection of what lost its owner.
import type { Pod, Workload } from '../model/object.ts';
import { refOf } from '../model/object.ts';
import { active, controllerKey, isReady, listed, podsByController, remove, write, type Draft } from './draft.ts';

/** Objects whose controller is gone go too; those whose owner was never there (a dump of a part) stay. */
export function collectGarbage(draft: Draft): void {
  for (const [key, { object }] of [...draft.objects]) {
    const owner = controllerKey(object);
    if (owner === undefined || owner.startsWith('Node/')) continue;
    const counter = `orphan/${key}`;
    if (draft.objects.has(owner)) continue;
    if (draft.first) draft.counters[counter] = 1;
    else if (draft.counters[counter] === undefined && (object.metadata.ownerReferences ?? []).length > 0) remove(draft, refOf(object));
  }
}

export function reportStatus(draft: Draft): void {
  const owned = podsByController(draft);
  const podsOf = (workload: Workload): Pod[] => (owned.get(`${workload.kind}/${workload.metadata.namespace ?? ''}/${workload.metadata.name}`) ?? []).map(({ object }) => object).filter(active);
  const report = (workload: Workload, status: Readonly<Record<string, unknown>>): void => write(draft, { ...workload, status: { ...workload.status, ...status } } as Workload);
  for (const kind of ['ReplicaSet', 'ReplicationController', 'StatefulSet'] as const) {
    for (const { object: set } of listed(draft, kind)) {
      const pods = podsOf(set);
      const ready = pods.filter(isReady).length;
      report(set, { replicas: pods.length, readyReplicas: ready, availableReplicas: ready, ...(kind === 'StatefulSet' ? { currentReplicas: pods.length, updatedReplicas: pods.length } : { fullyLabeledReplicas: pods.length }) });
    }
  }
  for (const { object: set } of listed(draft, 'DaemonSet')) {
    const pods = podsOf(set);
    const ready = pods.filter(isReady).length;
    report(set, { currentNumberScheduled: pods.length, desiredNumberScheduled: pods.length, numberAvailable: ready, numberMisscheduled: 0, numberReady: ready, updatedNumberScheduled: pods.length, numberUnavailable: pods.length - ready });
  }
  for (const { object: job } of listed(draft, 'Job')) {
    const pods = podsOf(job);
    report(job, { active: pods.length, ready: pods.filter(isReady).length });
  }
  const sets = listed(draft, 'ReplicaSet').map(({ object }) => object);
  for (const { object: deployment } of listed(draft, 'Deployment')) {
    const key = `Deployment/${deployment.metadata.namespace ?? ''}/${deployment.metadata.name}`;
    const own = sets.filter((set) => controllerKey(set) === key);
    const latest = own.reduce<Workload | undefined>((best, set) => (best === undefined || revision(set) > revision(best) ? set : best), undefined);
    const pods = own.flatMap(podsOf);
    const ready = pods.filter(isReady).length;
    const wanted = deployment.spec.replicas ?? 1;
    report(deployment, {
      replicas: pods.length, readyReplicas: ready, availableReplicas: ready, unavailableReplicas: Math.max(wanted - ready, 0), updatedReplicas: latest === undefined ? 0 : podsOf(latest).length,
      conditions: [
        ready >= wanted - Math.floor(wanted / 4) ? { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' } : { type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable', message: 'Deployment does not have minimum availability.' },
        { type: 'Progressing', status: 'True', reason: ready >= wanted ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated', message: `ReplicaSet "${latest?.metadata.name ?? ''}" ${ready >= wanted ? 'has successfully progressed.' : 'is progressing.'}` },
      ],
    });
  }
}

const revision = (set: Workload): number => Number(set.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);

// Deployments: a ReplicaSet for each template, and a rolling update that waits for new pods to be ready as a real one does.
import { byText } from '../base/order.ts';
import { matchesLabels } from '../cluster/selector.ts';
import type { Labels, Pod, Workload } from '../model/object.ts';
import { active, controller, controllerKey, controllerOf, isReady, listed, look, podsByController, write, type Draft } from './draft.ts';
import { encodeHash, templateNumber } from './pod-template.ts';

const revisionAnnotation = 'deployment.kubernetes.io/revision';

const revisionOf = (set: Workload): number => Number(set.metadata.annotations?.[revisionAnnotation] ?? 0);

/** `25%` of a number, or the number itself; surge is rounded up, unavailability down (KEP-less rule of the Deployment controller). */
function share(value: unknown, total: number, up: boolean): number {
  if (typeof value === 'number') return value;
  const percent = typeof value === 'string' && /^\d+%$/.test(value) ? Number.parseInt(value, 10) : 25;
  return (up ? Math.ceil : Math.floor)((percent * total) / 100);
}

interface Strategy {
  readonly strategy?: { readonly type?: string; readonly rollingUpdate?: { readonly maxSurge?: number | string; readonly maxUnavailable?: number | string } };
  readonly paused?: boolean;
}

/** A dump may hold a Deployment and its pods but not the ReplicaSet between them: it is read back from the pods. */
function recoverSets(draft: Draft, deployment: Workload, orphans: readonly Pod[]): void {
  const namespace = deployment.metadata.namespace ?? '';
  for (const pod of orphans) {
    const owner = controller(pod);
    if (owner === undefined || pod.metadata.namespace !== namespace || look(draft, 'ReplicaSet', namespace, owner.name) !== undefined) continue;
    const hash = pod.metadata.labels?.['pod-template-hash'];
    if (hash === undefined || owner.name !== `${deployment.metadata.name}-${hash}` || !matchesLabels(deployment.spec.selector ?? {}, pod.metadata.labels ?? {})) continue;
    write(draft, { ...newSet(draft, deployment, owner.name, hash, deployment.spec.replicas ?? 1), metadata: { ...newSet(draft, deployment, owner.name, hash, 1).metadata, uid: owner.uid } });
  }
}

function newSet(draft: Draft, deployment: Workload, name: string, hash: string, replicas: number): Workload {
  const namespace = deployment.metadata.namespace ?? '';
  const labels: Labels = { ...deployment.spec.template.metadata?.labels, 'pod-template-hash': hash };
  const revision = 1 + Math.max(0, ...listed(draft, 'ReplicaSet').filter(({ object }) => controllerKey(object) === `Deployment/${namespace}/${deployment.metadata.name}`).map(({ object }) => Number(object.metadata.annotations?.[revisionAnnotation] ?? 0)));
  return {
    apiVersion: 'apps/v1', kind: 'ReplicaSet',
    metadata: {
      name, namespace, labels, annotations: { 'deployment.kubernetes.io/desired-replicas': String(deployment.spec.replicas ?? 1), [revisionAnnotation]: String(revision) },
      ownerReferences: [controllerOf(draft, deployment)],
    },
    spec: {
      replicas,
      selector: { ...deployment.spec.selector, matchLabels: { ...deployment.spec.selector?.matchLabels, 'pod-template-hash': hash } },
      template: { ...deployment.spec.template, metadata: { ...deployment.spec.template.metadata, labels } },
    },
  };
}

const scale = (draft: Draft, set: Workload, replicas: number): void => { if ((set.spec.replicas ?? 1) !== replicas) write(draft, { ...set, spec: { ...set.spec, replicas } } as Workload); };

/** A ReplicaSet that is used again gets the next revision, so that it is the latest one (SetNewReplicaSetAnnotations). */
function newest(draft: Draft, set: Workload, sets: readonly Workload[]): Workload {
  const others = Math.max(0, ...sets.filter((other) => other !== set).map(revisionOf));
  if (revisionOf(set) > others || others === 0) return set;
  const again: Workload = { ...set, metadata: { ...set.metadata, annotations: { ...set.metadata.annotations, [revisionAnnotation]: String(others + 1) } } };
  write(draft, again);
  return again;
}

/** One step of every Deployment; called again until nothing changes. */
export function syncDeployments(draft: Draft): void {
  const deployments = listed(draft, 'Deployment');
  if (deployments.length === 0) return;
  if (draft.first) {
    const orphans = listed(draft, 'Pod').map(({ object }) => object).filter((pod) => controller(pod)?.kind === 'ReplicaSet' && !draft.objects.has(controllerKey(pod) ?? ''));
    if (orphans.length > 0) for (const { object } of deployments) recoverSets(draft, object, orphans);
  }
  const setsOf = new Map<string, Workload[]>();
  for (const { object: set } of listed(draft, 'ReplicaSet')) {
    const owner = controllerKey(set);
    if (owner === undefined) continue;
    const found = setsOf.get(owner);
    if (found === undefined) setsOf.set(owner, [set]);
    else found.push(set);
  }
  for (const { object: deployment, implied } of deployments) {
    const namespace = deployment.metadata.namespace ?? '';
    const wanted = deployment.spec.replicas ?? 1;
    const key = `Deployment/${namespace}/${deployment.metadata.name}`;
    const sets = setsOf.get(key) ?? [];
    const number = templateNumber(deployment.spec.template);
    const revision = deployment.metadata.annotations?.[revisionAnnotation];
    // A dump's ReplicaSet was made by the real controller from a template that had more in it: its revision says which one is current.
    const current = sets.find((set) => templateNumber(set.spec.template) === number)
      ?? (draft.first ? sets.find((set) => revision !== undefined && set.metadata.annotations?.[revisionAnnotation] === revision) ?? (sets.length === 1 ? sets[0] : undefined) : undefined);
    if (current !== undefined && templateNumber(current.spec.template) !== number) draft.counters[`current/${key}/${current.metadata.name}`] = number;
    const found = current ?? sets.find((set) => draft.counters[`current/${key}/${set.metadata.name}`] === number);
    const known = found === undefined ? undefined : newest(draft, found, sets);
    const strategy = deployment.spec as Workload['spec'] & Strategy;
    const old = sets.filter((set) => set.metadata.name !== known?.metadata.name && (set.spec.replicas ?? 1) > 0).sort((left, right) => byText(left.metadata.name, right.metadata.name));
    if (known === undefined) {
      const hash = encodeHash(number);
      const first = old.length === 0 ? wanted : strategy.strategy?.type === 'Recreate' ? 0 : Math.min(wanted, share(strategy.strategy?.rollingUpdate?.maxSurge, wanted, true));
      write(draft, newSet(draft, deployment, `${deployment.metadata.name}-${hash}`, hash, first), implied);
      continue;
    }
    if (old.length === 0) {
      scale(draft, known, wanted);
      continue;
    }
    if (strategy.paused === true) continue;
    const owned = podsByController(draft);
    const podsOf = (set: Workload): Pod[] => (owned.get(`ReplicaSet/${namespace}/${set.metadata.name}`) ?? []).map(({ object }) => object).filter(active);
    if (strategy.strategy?.type === 'Recreate') {
      for (const set of old) scale(draft, set, 0);
      if (old.every((set) => podsOf(set).length === 0)) scale(draft, known, wanted);
      continue;
    }
    const surge = share(strategy.strategy?.rollingUpdate?.maxSurge, wanted, true);
    const unavailable = share(strategy.strategy?.rollingUpdate?.maxUnavailable, wanted, false);
    const least = wanted - (surge === 0 && unavailable === 0 ? 1 : unavailable);
    const ready = podsOf(known).filter(isReady).length;
    let spare = ready + old.flatMap(podsOf).filter(isReady).length - least;
    // Old pods that are not ready go first: they serve nobody. Then as many ready ones as may be missing.
    for (const set of old) {
      const alive = podsOf(set).filter(isReady).length;
      const gone = Math.min(alive, Math.max(spare, 0));
      spare -= gone;
      scale(draft, set, alive - gone);
    }
    const left = listed(draft, 'ReplicaSet').filter(({ object }) => controllerKey(object) === key && object.metadata.name !== known.metadata.name).reduce((sum, { object }) => sum + (object.spec.replicas ?? 1), 0);
    scale(draft, known, Math.max(Math.min(wanted, wanted + surge - left), Math.min(known.spec.replicas ?? 1, wanted)));
  }
}

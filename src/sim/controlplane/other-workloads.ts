// StatefulSets, DaemonSets and Jobs: pods with names of their own, one on each node, or as many at once as a job wants.
import { matchesLabels } from '../cluster/selector.ts';
import type { Condition, Pod, Workload } from '../model/object.ts';
import { refOf } from '../model/object.ts';
import { active, controllerOf, freeName, listed, look, podsByController, remove, write, type Draft } from './draft.ts';
import { encodeHash, makePod, templateNumber } from './pod-template.ts';
import { daemonFits } from './scheduler.ts';

const revisionLabel = 'controller-revision-hash';

/** Whether a pod was made from the template as it is now. What a dump holds is taken to be current when it is first seen. */
function isCurrent(draft: Draft, workload: Workload, pod: Pod, number: number): boolean {
  const counter = `revision/${workload.kind}/${workload.metadata.namespace ?? ''}/${workload.metadata.name}/${pod.metadata.labels?.[revisionLabel] ?? ''}`;
  draft.counters[counter] ??= number;
  return draft.counters[counter] === number;
}

const revisionName = (workload: Workload, number: number): string => `${workload.metadata.name}-${encodeHash(number)}`;

// Simplified: a new template replaces all pods of a StatefulSet or DaemonSet at once; a real update goes one by one and stops at a pod that does not get ready.
export function syncStatefulSets(draft: Draft): void {
  const owned = podsByController(draft);
  for (const { object: set } of listed(draft, 'StatefulSet')) {
    const namespace = set.metadata.namespace ?? '';
    const number = templateNumber(set.spec.template);
    const wanted = new Set(Array.from({ length: set.spec.replicas ?? 1 }, (_, ordinal) => `${set.metadata.name}-${ordinal}`));
    for (const { object: pod } of owned.get(`StatefulSet/${namespace}/${set.metadata.name}`) ?? []) {
      if (!active(pod)) continue;
      if (!wanted.has(pod.metadata.name) || !isCurrent(draft, set, pod, number)) remove(draft, refOf(pod));
    }
    for (const name of [...wanted].sort()) {
      const there = look(draft, 'Pod', namespace, name);
      if (there !== undefined) {
        if ((there.object.metadata.ownerReferences ?? []).length === 0 && matchesLabels(set.spec.selector ?? {}, there.object.metadata.labels ?? {})) {
          write(draft, { ...there.object, metadata: { ...there.object.metadata, ownerReferences: [controllerOf(draft, set)] } });
        }
        continue;
      }
      draft.counters[`revision/StatefulSet/${namespace}/${set.metadata.name}/${revisionName(set, number)}`] = number;
      makePod(draft, set, set.spec.template, {
        name, generateName: `${set.metadata.name}-`,
        labels: { 'apps.kubernetes.io/pod-index': name.slice(set.metadata.name.length + 1), [revisionLabel]: revisionName(set, number), 'statefulset.kubernetes.io/pod-name': name },
        spec: { hostname: name, ...(set.spec.serviceName === undefined ? {} : { subdomain: set.spec.serviceName }) },
      });
    }
  }
}

export function syncDaemonSets(draft: Draft): void {
  const owned = podsByController(draft);
  const nodes = listed(draft, 'Node').map(({ object }) => object);
  for (const { object: set } of listed(draft, 'DaemonSet')) {
    const namespace = set.metadata.namespace ?? '';
    const number = templateNumber(set.spec.template);
    const served = new Set<string>();
    for (const { object: pod } of owned.get(`DaemonSet/${namespace}/${set.metadata.name}`) ?? []) {
      if (!active(pod)) continue;
      const node = nodes.find((candidate) => candidate.metadata.name === pod.spec.nodeName);
      const kept = node !== undefined && !served.has(node.metadata.name) && daemonFits(set.spec.template.spec, node) && isCurrent(draft, set, pod, number) && matchesLabels(set.spec.selector ?? {}, pod.metadata.labels ?? {});
      if (kept) served.add(node.metadata.name);
      else remove(draft, refOf(pod));
    }
    for (const node of nodes) {
      if (served.has(node.metadata.name) || !daemonFits(set.spec.template.spec, node)) continue;
      draft.counters[`revision/DaemonSet/${namespace}/${set.metadata.name}/${encodeHash(number)}`] = number;
      makePod(draft, set, set.spec.template, {
        name: freeName(draft, 'Pod', namespace, set.metadata.name), generateName: `${set.metadata.name}-`,
        labels: { [revisionLabel]: encodeHash(number), 'pod-template-generation': '1' }, spec: { nodeName: node.metadata.name },
      });
    }
  }
}

// Simplified: the pods of a Job run and never finish, unless the manifest says that they did. CronJobs start nothing: there is no clock.
export function syncJobs(draft: Draft): void {
  const owned = podsByController(draft);
  for (const { object: job } of listed(draft, 'Job')) {
    const namespace = job.metadata.namespace ?? '';
    const pods = (owned.get(`Job/${namespace}/${job.metadata.name}`) ?? []).map(({ object }) => object);
    const conditions = (job.status?.['conditions'] ?? []) as readonly Condition[];
    const spec = job.spec as Workload['spec'] & { readonly suspend?: boolean };
    const done = conditions.some(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True') || spec.suspend === true;
    const finished = pods.filter((pod) => pod.status?.phase === 'Succeeded').length;
    const wanted = done ? 0 : Math.max(Math.min(job.spec.parallelism ?? 1, (job.spec.completions ?? Number.POSITIVE_INFINITY) - finished), 0);
    const running = pods.filter(active);
    for (const pod of running.slice(wanted)) remove(draft, refOf(pod));
    for (let missing = wanted - running.length; missing > 0; missing--) {
      const labels = { 'batch.kubernetes.io/job-name': job.metadata.name, 'job-name': job.metadata.name, 'batch.kubernetes.io/controller-uid': controllerOf(draft, job).uid, 'controller-uid': controllerOf(draft, job).uid };
      makePod(draft, job, job.spec.template, { name: freeName(draft, 'Pod', namespace, job.metadata.name), generateName: `${job.metadata.name}-`, labels });
    }
  }
}

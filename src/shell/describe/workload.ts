// kubectl describe for what makes pods: Deployment, ReplicaSet, StatefulSet, DaemonSet, Job, ReplicationController.
import { isRecord } from '../../sim/cluster/record.ts';
import { labelsText, selectorText } from '../../sim/cluster/selector.ts';
import { list } from '../../sim/cluster/store.ts';
import type { Stored } from '../../sim/cluster/store.ts';
import type { CronJob, Workload } from '../../sim/model/object.ts';
import type { Around, Describe } from './describer.ts';
import { templateLines } from './pod-template.ts';
import { createdAt, rfc1123 } from './time.ts';
import type { Lines } from './writer.ts';
import { annotationLines, at, field, labelLines, listAt, noEvents, numberAt, optional, textAt } from './writer.ts';

export const describeWorkload: Describe<Workload> = (stored, around) => {
  const { kind } = stored.object;
  switch (kind) {
    case 'Deployment': return deployment(stored, around);
    case 'StatefulSet': return statefulSet(stored, around);
    case 'DaemonSet': return daemonSet(stored, around);
    case 'Job': return job(stored);
    case 'ReplicaSet':
    case 'ReplicationController': return replicaSet(stored, around);
  }
};

const head = ({ object }: Stored): Lines => [field('Name', object.metadata.name), field('Namespace', object.metadata.namespace ?? '')];
const marks = ({ object }: Stored): Lines => [...labelLines('Labels', object.metadata.labels), ...annotationLines('Annotations', object.metadata.annotations)];
const conditions = ({ object }: Stored<Workload>): Lines => {
  const found = listAt(object.status, 'conditions');
  return found.length === 0 ? [] : ['Conditions:', '  Type\tStatus\tReason', '  ----\t------\t------', ...found.map((one) => `  ${textAt(one, 'type') ?? ''} \t${textAt(one, 'status') ?? ''}\t${textAt(one, 'reason') ?? ''}`)];
};

function owned({ object }: Stored<Workload>, { store }: Around, kind: 'Pod' | 'ReplicaSet'): readonly Stored[] {
  return list(store, kind as string, object.metadata.namespace ?? '').filter((one) => one.object.metadata.ownerReferences?.some((owner) => owner.kind === object.kind && owner.name === object.metadata.name) ?? false);
}

function podsStatus(stored: Stored<Workload>, around: Around): string {
  const phases = owned(stored, around, 'Pod').map((pod) => textAt(pod.object, 'status', 'phase') ?? 'Pending');
  const count = (phase: string): number => phases.filter((one) => one === phase).length;
  return `${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`;
}

function deployment(stored: Stored<Workload>, around: Around): Lines {
  const { spec, status } = stored.object;
  const replicaSets = owned(stored, around, 'ReplicaSet').map((one) => ({ one, current: numberAt(one.object, 'status', 'replicas'), wanted: numberAt(one.object, 'spec', 'replicas'), revision: Number(one.object.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0) }))
    .sort((left, right) => left.revision - right.revision || left.one.created - right.one.created || left.wanted - right.wanted);
  const text = (sets: typeof replicaSets): string => sets.map(({ one, current, wanted }) => `${one.object.metadata.name} (${current}/${wanted} replicas created)`).join(', ') || '<none>';
  const strategy = textAt(spec, 'strategy', 'type') ?? 'RollingUpdate';
  return [
    ...head(stored),
    field('CreationTimestamp', rfc1123(createdAt(stored))),
    ...marks(stored),
    field('Selector', selectorText(spec.selector)),
    field('Replicas', `${spec.replicas ?? 1} desired | ${numberAt(status, 'updatedReplicas')} updated | ${numberAt(status, 'replicas')} total | ${numberAt(status, 'availableReplicas')} available | ${numberAt(status, 'unavailableReplicas')} unavailable`),
    field('StrategyType', strategy),
    field('MinReadySeconds', numberAt(spec, 'minReadySeconds')),
    ...(strategy === 'RollingUpdate' ? [field('RollingUpdateStrategy', `${textAt(spec, 'strategy', 'rollingUpdate', 'maxUnavailable') ?? '25%'} max unavailable, ${textAt(spec, 'strategy', 'rollingUpdate', 'maxSurge') ?? '25%'} max surge`)] : []),
    ...templateLines(spec.template),
    ...conditions(stored),
    ...(replicaSets.length === 0 ? [] : [field('OldReplicaSets', text(replicaSets.slice(0, -1))), field('NewReplicaSet', text(replicaSets.slice(-1)))]),
    ...noEvents,
  ];
}

function replicaSet(stored: Stored<Workload>, around: Around): Lines {
  const { metadata, spec, status } = stored.object;
  const owner = metadata.ownerReferences?.find((one) => one.controller === true);
  return [
    ...head(stored),
    field('Selector', stored.object.kind === 'ReplicaSet' ? selectorText(spec.selector) : labelsText(spec.selector as Readonly<Record<string, string>> | undefined)),
    ...marks(stored),
    ...(owner === undefined ? [] : [field('Controlled By', `${owner.kind}/${owner.name}`)]),
    field('Replicas', `${numberAt(status, 'replicas')} current / ${spec.replicas ?? 1} desired`),
    field('Pods Status', podsStatus(stored, around)),
    ...templateLines(spec.template),
    ...conditions(stored),
    ...noEvents,
  ];
}

function statefulSet(stored: Stored<Workload>, around: Around): Lines {
  const { spec, status } = stored.object;
  const partition = textAt(spec, 'updateStrategy', 'rollingUpdate', 'partition');
  const retention = at(spec, 'persistentVolumeClaimRetentionPolicy');
  return [
    ...head(stored),
    field('CreationTimestamp', rfc1123(createdAt(stored))),
    field('Selector', selectorText(spec.selector)),
    ...marks(stored),
    ...optional('Service Name', spec.serviceName),
    ...optional('Pod Management Policy', textAt(spec, 'podManagementPolicy')),
    field('Replicas', `${spec.replicas ?? 1} desired | ${numberAt(status, 'replicas')} total`),
    field('Update Strategy', textAt(spec, 'updateStrategy', 'type') ?? 'RollingUpdate'),
    ...optional('Partition', partition, 1),
    ...optional('MaxUnavailable', textAt(spec, 'updateStrategy', 'rollingUpdate', 'maxUnavailable'), 1),
    ...(retention === undefined ? [] : ['Persistent Volume Claim Retention Policy:', field('WhenDeleted', textAt(retention, 'whenDeleted') ?? '', 1), field('WhenScaled', textAt(retention, 'whenScaled') ?? '', 1)]),
    field('Pods Status', podsStatus(stored, around)),
    ...templateLines(spec.template),
    ...(listAt(spec, 'volumeClaimTemplates').length === 0 ? ['Volume Claims:\t<none>'] : ['Volume Claims:', ...listAt(spec, 'volumeClaimTemplates').map((claim) => field('Name', textAt(claim, 'metadata', 'name') ?? '', 1))]),
    ...noEvents,
  ];
}

function daemonSet(stored: Stored<Workload>, around: Around): Lines {
  const { spec, status } = stored.object;
  return [
    ...head(stored),
    field('Selector', selectorText(spec.selector)),
    field('Node-Selector', labelsText(spec.template.spec.nodeSelector)),
    ...marks(stored),
    `Desired Number of Nodes Scheduled: ${numberAt(status, 'desiredNumberScheduled')}`,
    `Current Number of Nodes Scheduled: ${numberAt(status, 'currentNumberScheduled')}`,
    `Number of Nodes Scheduled with Up-to-date Pods: ${numberAt(status, 'updatedNumberScheduled')}`,
    `Number of Nodes Scheduled with Available Pods: ${numberAt(status, 'numberAvailable')}`,
    `Number of Nodes Misscheduled: ${numberAt(status, 'numberMisscheduled')}`,
    field('Pods Status', podsStatus(stored, around)),
    ...templateLines(spec.template),
    ...noEvents,
  ];
}

function job(stored: Stored<Workload>): Lines {
  const { metadata, spec, status } = stored.object;
  const owner = metadata.ownerReferences?.find((one) => one.controller === true);
  const ready = textAt(status, 'ready');
  return [
    ...head(stored),
    field('Selector', selectorText(spec.selector)),
    ...marks(stored),
    ...(owner === undefined ? [] : [field('Controlled By', `${owner.kind}/${owner.name}`)]),
    field('Parallelism', spec.parallelism ?? 1),
    field('Completions', spec.completions ?? '<unset>'),
    ...optional('Completion Mode', textAt(spec, 'completionMode')),
    ...optional('Suspend', textAt(spec, 'suspend')),
    ...optional('Backoff Limit', textAt(spec, 'backoffLimit')),
    field('Pods Statuses', `${numberAt(status, 'active')} Active${ready === undefined ? '' : ` (${ready} Ready)`} / ${numberAt(status, 'succeeded')} Succeeded / ${numberAt(status, 'failed')} Failed`),
    ...templateLines(spec.template),
    ...noEvents,
  ];
}

/** kubectl describe cronjob. */
export const describeCronJob: Describe<CronJob> = (stored) => {
  const { spec } = stored.object;
  const status = at(stored.object, 'status');
  const job: unknown = at(spec, 'jobTemplate', 'spec');
  const selector = at(job, 'selector', 'matchLabels');
  const starting = textAt(spec, 'startingDeadlineSeconds');
  return [
    ...head(stored),
    ...marks(stored),
    field('Schedule', spec.schedule),
    field('Concurrency Policy', textAt(spec, 'concurrencyPolicy') ?? 'Allow'),
    field('Suspend', textAt(spec, 'suspend') === 'true' ? 'True' : 'False'),
    field('Time Zone', textAt(spec, 'timeZone') ?? '<unset>'),
    field('Successful Job History Limit', textAt(spec, 'successfulJobsHistoryLimit') ?? '<unset>'),
    field('Failed Job History Limit', textAt(spec, 'failedJobsHistoryLimit') ?? '<unset>'),
    field('Starting Deadline Seconds', starting === undefined ? '<unset>' : `${starting}s`),
    field('Selector', isRecord(selector) ? labelsText(Object.fromEntries(Object.entries(selector).map(([key, value]) => [key, String(value)]))) : '<unset>'),
    field('Parallelism', textAt(job, 'parallelism') ?? '<unset>'),
    field('Completions', textAt(job, 'completions') ?? '<unset>'),
    ...templateLines(spec.jobTemplate.spec.template),
    field('Last Schedule Time', textAt(status, 'lastScheduleTime') ?? '<unset>'),
    field('Active Jobs', listAt(status, 'active').map((one) => textAt(one, 'name') ?? '').join(', ') || '<none>'),
    ...noEvents,
  ];
};

// Workloads: a selector that picks the template's own labels, and a template that makes pods.
import type { CronJob, PodTemplate, Workload } from '../../model/object.ts';
import { forbidden, invalid, required, unsupported } from '../problem-at.ts';
import type { Finding } from '../problem-at.ts';
import { isRecord } from '../record.ts';
import { matchesLabels, selectorOf } from '../selector.ts';
import { labels, labelSelector } from './names.ts';
import { podSpec } from './pod.ts';

/** A workload with its defaults. */
export function workload(object: Workload): readonly Finding[] {
  const { spec, kind } = object;
  if (kind === 'Job') return [...template('spec.template', spec.template), ...jobTemplate('spec.template', spec.template), ...counts('spec', spec)];
  const selector = selectorOf(object);
  const isEmpty = selector !== undefined && Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions?.length ?? 0) === 0;
  // No selector picks nothing, an empty one everything.
  const matches = selector === undefined ? kind === 'ReplicationController' : isEmpty || matchesLabels(selector, spec.template.metadata?.labels);
  return [
    ...(kind === 'StatefulSet' ? setStrategy(object) : []),
    ...counts('spec', spec),
    ...(selector === undefined ? [required('spec.selector')] : kind === 'ReplicationController' ? labels('spec.selector', selector.matchLabels) : labelSelector('spec.selector', selector)),
    ...(isEmpty ? [kind === 'ReplicationController' ? required('spec.selector') : invalid('spec.selector', spec.selector, `empty selector is invalid for ${kind.toLowerCase()}`)] : []),
    ...(matches ? [] : [invalid('spec.template.metadata.labels', spec.template.metadata?.labels, '`selector` does not match template `labels`')]),
    ...template('spec.template', spec.template),
    ...(spec.template.spec.restartPolicy === 'Always' ? [] : [unsupported('spec.template.spec.restartPolicy', spec.template.spec.restartPolicy, ['Always'])]),
    ...(kind === 'Deployment' ? deploymentStrategy(object) : kind === 'DaemonSet' ? daemonStrategy(object) : []),
  ];
}

interface Strategy {
  readonly type: string;
  readonly rolling: Readonly<Record<string, unknown>> | undefined;
  /** As the server prints it: with the names of Go's fields. */
  readonly shown: unknown;
}

function strategyAt(object: Workload, field: 'strategy' | 'updateStrategy', numbers: readonly string[]): Strategy {
  const spec: Readonly<Record<string, unknown>> = { ...object.spec };
  const given = isRecord(spec[field]) ? spec[field] : {};
  const rolling = isRecord(given['rollingUpdate']) ? given['rollingUpdate'] : undefined;
  const upper = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
  return { type: typeof given['type'] === 'string' ? given['type'] : '', rolling, shown: { Type: given['type'] ?? '', RollingUpdate: rolling === undefined ? null : Object.fromEntries(numbers.map((name) => [upper(name), rolling[name] ?? 0])) } };
}

/** `25%` and `1` as numbers; the server counts what is neither as nothing. */
const amount = (value: unknown): number => (typeof value === 'number' ? value : typeof value === 'string' ? Number(/^(\d+)%?$/.exec(value)?.[1] ?? 0) : 0);

function amountFindings(field: string, value: unknown): readonly Finding[] {
  if (typeof value === 'string') return /^\d+%$/.test(value) ? [] : [invalid(field, value, "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')")];
  return typeof value === 'number' && value < 0 ? [invalid(field, value, 'must be greater than or equal to 0')] : [];
}

function deploymentStrategy(object: Workload): readonly Finding[] {
  const { type, rolling, shown } = strategyAt(object, 'strategy', ['maxUnavailable', 'maxSurge']);
  const path = 'spec.strategy.rollingUpdate';
  if (type === 'Recreate') return rolling === undefined ? [] : [forbidden(path, "may not be specified when strategy `type` is 'Recreate'")];
  if (type !== 'RollingUpdate') return [unsupported('spec.strategy', shown, ['Recreate', 'RollingUpdate'])];
  const { maxUnavailable, maxSurge } = rolling ?? {};
  return [
    ...amountFindings(`${path}.maxUnavailable`, maxUnavailable),
    ...amountFindings(`${path}.maxSurge`, maxSurge),
    ...(amount(maxUnavailable) === 0 && amount(maxSurge) === 0 ? [invalid(`${path}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0')] : []),
    ...(typeof maxUnavailable === 'string' && amount(maxUnavailable) > 100 ? [invalid(`${path}.maxUnavailable`, maxUnavailable, 'must not be greater than 100%')] : []),
  ];
}

function daemonStrategy(object: Workload): readonly Finding[] {
  const { type, shown } = strategyAt(object, 'updateStrategy', ['maxUnavailable', 'maxSurge']);
  return type === 'RollingUpdate' || type === 'OnDelete' ? [] : [unsupported('spec.updateStrategy', shown, ['RollingUpdate', 'OnDelete'])];
}

function setStrategy(object: Workload): readonly Finding[] {
  const { type, rolling, shown } = strategyAt(object, 'updateStrategy', ['partition', 'maxUnavailable']);
  const policy = 'podManagementPolicy' in object.spec ? object.spec.podManagementPolicy : 'OrderedReady';
  return [
    ...(policy === 'OrderedReady' || policy === 'Parallel' ? [] : [invalid('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'")]),
    ...(type === 'OnDelete' && rolling !== undefined ? [invalid('spec.updateStrategy.rollingUpdate', rolling, "only allowed for updateStrategy 'RollingUpdate'")] : []),
    ...(type === 'RollingUpdate' || type === 'OnDelete' ? [] : [invalid('spec.updateStrategy', shown, "must be 'RollingUpdate' or 'OnDelete'")]),
  ];
}

const counts = (path: string, spec: Workload['spec']): readonly Finding[] =>
  (['replicas', 'parallelism', 'completions'] as const).flatMap((field) => ((spec[field] ?? 0) < 0 ? [invalid(`${path}.${field}`, spec[field], 'must be greater than or equal to 0')] : []));

const template = (path: string, given: PodTemplate): readonly Finding[] => [...labels(`${path}.metadata.labels`, given.metadata?.labels), ...podSpec(`${path}.spec`, given.spec)];

// What nobody wrote is Always by now, and is asked for.
const jobTemplate = (path: string, given: PodTemplate): readonly Finding[] =>
  given.spec.restartPolicy === 'Always' ? [required(`${path}.spec.restartPolicy`, 'valid values: "OnFailure", "Never"')] : [];

/** A CronJob with its defaults. */
export function cronJob(object: CronJob): readonly Finding[] {
  const { schedule, jobTemplate: job } = object.spec;
  const path = 'spec.jobTemplate.spec.template';
  return [
    ...(schedule === '' ? [required('spec.schedule')] : schedule.startsWith('@') || schedule.trim().split(/\s+/).length === 5 ? [] : [invalid('spec.schedule', schedule, `expected exactly 5 fields, found ${schedule.trim().split(/\s+/).length}: [${schedule.trim().split(/\s+/).join(' ')}]`)]),
    ...template(path, job.spec.template),
    ...jobTemplate(path, job.spec.template),
  ];
}

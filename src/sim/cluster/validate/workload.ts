// Workloads: a selector that picks the template's own labels, and a template that makes pods.
import type { CronJob, PodTemplate, Workload } from '../../model/object.ts';
import { invalid, required, unsupported } from '../problem-at.ts';
import type { Finding } from '../problem-at.ts';
import { matchesLabels, selectorOf } from '../selector.ts';
import { labels, labelSelector } from './names.ts';
import { podSpec } from './pod.ts';

/** A workload with its defaults. */
export function workload(object: Workload): readonly Finding[] {
  const { spec, kind } = object;
  if (kind === 'Job') return [...template('spec.template', spec.template), ...jobTemplate('spec.template', spec.template), ...counts('spec', spec)];
  const selector = selectorOf(object);
  const isEmpty = selector !== undefined && Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions?.length ?? 0) === 0;
  const matches = selector === undefined || isEmpty || matchesLabels(selector, spec.template.metadata?.labels);
  return [
    ...counts('spec', spec),
    ...(selector === undefined ? [required('spec.selector')] : kind === 'ReplicationController' ? labels('spec.selector', selector.matchLabels) : labelSelector('spec.selector', selector)),
    ...(isEmpty ? [kind === 'ReplicationController' ? required('spec.selector') : invalid('spec.selector', spec.selector, `empty selector is invalid for ${kind.toLowerCase()}`)] : []),
    // The API server says nothing about labels while it has no selector to hold against them.
    ...(matches ? [] : [invalid('spec.template.metadata.labels', spec.template.metadata?.labels, '`selector` does not match template `labels`')]),
    ...template('spec.template', spec.template),
    ...(spec.template.spec.restartPolicy === 'Always' ? [] : [unsupported('spec.template.spec.restartPolicy', spec.template.spec.restartPolicy, ['Always'])]),
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

// kubectl describe pod.
import { isRecord } from '../../sim/cluster/record.ts';
import type { Pod } from '../../sim/model/object.ts';
import type { Describe } from './describer.ts';
import { containerLines, tolerationLines, volumeLines } from './pod-template.ts';
import { createdAt, rfc1123 } from './time.ts';
import { annotationLines, at, field, labelLines, listAt, noEvents, optional, textAt } from './writer.ts';

export const describePod: Describe<Pod> = (stored) => {
  const { metadata, spec, status } = stored.object;
  const owner = metadata.ownerReferences?.find((one) => one.controller === true);
  const ips = status?.podIPs ?? (status?.podIP === undefined ? [] : [{ ip: status.podIP }]);
  const phase = status?.phase ?? 'Pending';
  const leaving = metadata.deletionTimestamp !== undefined && phase !== 'Succeeded' && phase !== 'Failed';
  const created = rfc1123(createdAt(stored));
  return [
    field('Name', metadata.name),
    field('Namespace', metadata.namespace ?? ''),
    field('Priority', textAt(spec, 'priority') ?? '0'),
    ...optional('Priority Class Name', textAt(spec, 'priorityClassName')),
    ...optional('Service Account', spec.serviceAccountName ?? 'default'),
    field('Node', spec.nodeName === undefined || spec.nodeName === '' ? '<none>' : `${spec.nodeName}/${status?.hostIP ?? ''}`),
    ...(spec.nodeName === undefined ? [] : [field('Start Time', created)]),
    ...labelLines('Labels', metadata.labels),
    ...annotationLines('Annotations', metadata.annotations),
    ...(leaving ? [field('Status', 'Terminating (lasts 0s)'), field('Termination Grace Period', '30s')] : [field('Status', phase)]),
    ...optional('Reason', textAt(status, 'reason')),
    ...optional('Message', textAt(status, 'message')),
    field('IP', status?.podIP ?? ips[0]?.ip ?? ''),
    ...(ips.length === 0 ? [field('IPs', '<none>')] : ['IPs:', ...ips.map(({ ip }) => field('IP', ip, 1))]),
    ...(owner === undefined ? [] : [field('Controlled By', `${owner.kind}/${owner.name}`)]),
    ...((spec.initContainers ?? []).length === 0 ? [] : containerLines('Init Containers', spec.initContainers ?? [], stored.object, '', created)),
    ...containerLines('Containers', spec.containers, stored.object, '', created),
    ...((status?.conditions ?? []).length === 0 ? [] : ['Conditions:', '  Type\tStatus', ...(status?.conditions ?? []).map((condition) => `  ${condition.type} \t${condition.status} `)]),
    ...volumeLines(listAt(spec, 'volumes'), ''),
    field('QoS Class', qualityOf(stored.object)),
    ...labelLines('Node-Selectors', spec.nodeSelector),
    ...tolerationLines('Tolerations', listAt(spec, 'tolerations')),
    ...noEvents,
  ];
};

/** kubectl works the class out from requests and limits (pkg/apis/core/v1/helper/qos). */
function qualityOf(pod: Pod): string {
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const amounts = (container: unknown, kind: string): Readonly<Record<string, unknown>> => { const found = at(container, 'resources', kind); return isRecord(found) ? found : {}; };
  const any = containers.some((container) => Object.keys(amounts(container, 'requests')).length + Object.keys(amounts(container, 'limits')).length > 0);
  if (!any) return 'BestEffort';
  const guaranteed = containers.every((container) => ['cpu', 'memory'].every((name) => {
    const limit = amounts(container, 'limits')[name];
    const request = amounts(container, 'requests')[name] ?? limit;
    return limit !== undefined && String(limit) === String(request);
  }));
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

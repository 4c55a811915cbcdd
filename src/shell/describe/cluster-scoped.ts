// kubectl describe for nodes, namespaces and config maps.
import { byText, sortedEntries } from '../../sim/base/order.ts';
import { ageText } from '../../sim/cluster/age.ts';
import { isRecord } from '../../sim/cluster/record.ts';
import { list } from '../../sim/cluster/store.ts';
import type { ConfigMap, Namespace, NodeObject } from '../../sim/model/object.ts';
import type { Describe } from './describer.ts';
import { createdAt, rfc1123 } from './time.ts';
import { annotationLines, at, field, labelLines, noEvents, optional, textAt } from './writer.ts';

export const describeNode: Describe<NodeObject> = (stored, { store }) => {
  const { metadata, spec, status } = stored.object;
  const roles = Object.keys(metadata.labels ?? {}).filter((key) => key.startsWith('node-role.kubernetes.io/')).map((key) => key.slice('node-role.kubernetes.io/'.length)).sort(byText);
  const taints = [...(spec?.taints ?? [])].sort((left, right) => byText(`${left.effect},${left.key}`, `${right.effect},${right.key}`));
  const created = rfc1123(createdAt(stored));
  const info = at(status, 'nodeInfo');
  const amounts = (name: string): readonly string[] => { const found = at(status, name.toLowerCase()); return isRecord(found) ? [`${name}:`, ...sortedEntries(found).map(([key, value]) => `  ${key}:\t${String(value)}`)] : []; };
  const pods = list(store, 'Pod').filter(({ object }) => object.spec.nodeName === metadata.name && object.status?.phase !== 'Succeeded' && object.status?.phase !== 'Failed');
  return [
    field('Name', metadata.name),
    field('Roles', roles.join(',') || '<none>'),
    ...labelLines('Labels', metadata.labels),
    ...annotationLines('Annotations', metadata.annotations),
    field('CreationTimestamp', created),
    ...(taints.length === 0 ? [field('Taints', '<none>')] : taints.map((taint, index) => `${index === 0 ? 'Taints:' : ''}\t${taint.key}${taint.value === undefined || taint.value === '' ? '' : `=${taint.value}`}:${taint.effect}`)),
    field('Unschedulable', spec?.unschedulable ?? false),
    'Lease:', field('HolderIdentity', metadata.name, 1), field('AcquireTime', '<unset>', 1), field('RenewTime', created, 1),
    ...((status?.conditions ?? []).length === 0 ? [] : [
      'Conditions:', '  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage', '  ----\t------\t-----------------\t------------------\t------\t-------',
      ...(status?.conditions ?? []).map((condition) => `  ${condition.type} \t${condition.status} \t${created} \t${created} \t${condition.reason ?? ''} \t${condition.message ?? ''}`),
    ]),
    'Addresses:',
    ...(status?.addresses ?? []).map((address) => field(address.type, address.address, 1)),
    ...amounts('Capacity'),
    ...amounts('Allocatable'),
    ...(info === undefined ? [] : ['System Info:', ...[['Machine ID', 'machineID'], ['System UUID', 'systemUUID'], ['Boot ID', 'bootID'], ['Kernel Version', 'kernelVersion'], ['OS Image', 'osImage'], ['Operating System', 'operatingSystem'], ['Architecture', 'architecture'], ['Container Runtime Version', 'containerRuntimeVersion'], ['Kubelet Version', 'kubeletVersion']].map(([title = '', key = '']) => field(title, textAt(info, key) ?? '', 1))]),
    ...optional('PodCIDR', spec?.podCIDR),
    ...optional('PodCIDRs', spec?.podCIDRs?.join(',')),
    // Simplified: requests and limits are not added up, because nothing in the simulation runs out of them.
    `Non-terminated Pods:\t(${pods.length} in total)`,
    '  Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge',
    '  ---------\t----\t\t------------\t----------\t---------------\t-------------\t---',
    ...pods.map((pod) => `  ${pod.object.metadata.namespace ?? ''}\t${pod.object.metadata.name}\t\t0 (0%)\t0 (0%)\t0 (0%)\t0 (0%)\t${ageText(store.now - pod.created)}`),
    ...noEvents,
  ];
};

export const describeNamespace: Describe<Namespace> = ({ object }) => [
  field('Name', object.metadata.name),
  ...labelLines('Labels', object.metadata.labels),
  ...annotationLines('Annotations', object.metadata.annotations),
  field('Status', textAt(object, 'status', 'phase') ?? 'Active'),
  '',
  'No resource quota.',
  '',
  'No LimitRange resource.',
];

export const describeConfigMap: Describe<ConfigMap> = ({ object }) => [
  field('Name', object.metadata.name),
  field('Namespace', object.metadata.namespace ?? ''),
  ...labelLines('Labels', object.metadata.labels),
  ...annotationLines('Annotations', object.metadata.annotations),
  '', 'Data', '====',
  ...sortedEntries(object.data ?? {}).flatMap(([key, value]) => [`${key}:`, '----', ...value.split('\n'), '']),
  '', 'BinaryData', '====',
  ...sortedEntries(object.binaryData ?? {}).map(([key, value]) => `${key}: ${value.length} bytes`),
  '',
  ...noEvents,
];

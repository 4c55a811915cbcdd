// What may not change once an object exists (pkg/apis/*/validation, Validate…Update), in the API server's words.
import type { KubeObject, Pod, PodSpec, Service, Workload } from '../../model/object.ts';
import { forbidden, invalid } from '../problem-at.ts';
import type { Finding } from '../problem-at.ts';
import { isRecord, sameJson } from '../record.ts';
import { isHeadless } from './service.ts';

/** What is wrong with replacing one object by the other; both have their defaults. */
export function updateFindings(before: KubeObject, after: KubeObject): readonly Finding[] {
  switch (after.kind) {
    case 'Service': return serviceUpdate(before as Service, after as Service);
    case 'Pod': return podUpdate(before as Pod, after as Pod);
    case 'Deployment':
    case 'ReplicaSet':
    case 'DaemonSet': return after.apiVersion === 'apps/v1' ? immutable(before, after, 'spec', 'selector') : [];
    case 'StatefulSet': return (['selector', 'volumeClaimTemplates', 'serviceName', 'podManagementPolicy'] as const).flatMap((field) => immutable(before, after, 'spec', field));
    case 'Job': return jobUpdate(before as Workload, after as Workload);
    case 'EndpointSlice': return immutable(before, after, '', 'addressType');
    case 'ConfigMap':
    case 'Secret': return fixed(before, after);
    default: return [];
  }
}

function immutable(before: KubeObject, after: KubeObject, parent: string, field: string): readonly Finding[] {
  const was = fieldOf(before, parent, field);
  const is = fieldOf(after, parent, field);
  return sameJson(was, is) ? [] : [invalid(parent === '' ? field : `${parent}.${field}`, is ?? null, 'field is immutable')];
}

function fieldOf(object: KubeObject, parent: string, field: string): unknown {
  const all: Readonly<Record<string, unknown>> = { ...object };
  const from = parent === '' ? all : all[parent];
  return isRecord(from) ? from[field] : undefined;
}

function serviceUpdate(before: Service, after: Service): readonly Finding[] {
  const was = before.spec.clusterIPs ?? [];
  const is = after.spec.clusterIPs ?? [];
  const findings: Finding[] = [];
  // Of a type that there is not, nobody knows what it needs.
  const renamed = before.spec.type === 'ExternalName' || !['ClusterIP', 'NodePort', 'LoadBalancer'].includes(after.spec.type ?? 'ClusterIP');
  if (!renamed && !(isHeadless(before) && isHeadless(after))) {
    if (was.length > 0 && is.length === 0) findings.push(invalid('spec.clusterIPs[0]', is, 'primary clusterIP can not be unset'));
    for (let index = 0; index < (was.length === is.length ? was.length : Math.min(1, was.length, is.length)); index++) {
      if (was[index] !== is[index]) findings.push(invalid(`spec.clusterIPs[${index}]`, is, 'may not change once set'));
    }
    if (was.length > is.length && is.length === 1 && after.spec.ipFamilyPolicy !== 'SingleStack') findings.push(invalid('spec.ipFamilyPolicy', after.spec.ipFamilyPolicy ?? null, "must be set to 'SingleStack' when releasing the secondary clusterIP"));
    const wasFamilies = before.spec.ipFamilies ?? [];
    const isFamilies = after.spec.ipFamilies ?? [];
    if (!isHeadless(before) && !isHeadless(after) && wasFamilies.length > 0 && isFamilies.length > 0 && wasFamilies[0] !== isFamilies[0]) findings.push(invalid('spec.ipFamilies[0]', isFamilies, 'may not change once set'));
  }
  if (before.spec.type === 'LoadBalancer' && after.spec.type === 'LoadBalancer' && before.spec.loadBalancerClass !== after.spec.loadBalancerClass) findings.push(invalid('spec.loadBalancerClass', after.spec.loadBalancerClass ?? null, 'may not change once set'));
  return findings;
}

const updatable = ['`spec.containers[*].image`', '`spec.initContainers[*].image`', '`spec.activeDeadlineSeconds`', '`spec.tolerations` (only additions to existing tolerations)', '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'];

function podUpdate(before: Pod, after: Pod): readonly Finding[] {
  const findings: Finding[] = [];
  for (const list of ['containers', 'initContainers'] as const) {
    if ((before.spec[list]?.length ?? 0) !== (after.spec[list]?.length ?? 0)) return [forbidden(`spec.${list}`, 'pod updates may not add or remove containers')];
  }
  const had = before.spec.tolerations ?? [];
  const has = after.spec.tolerations ?? [];
  if (!had.every((toleration) => has.some((other) => sameJson(toleration, other)))) findings.push(forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds'));
  // Simplified: the API server adds a diff of the two specs, in Go's notation, to this sentence.
  if (!sameJson(withoutUpdatable(before.spec, after.spec), before.spec)) findings.push(forbidden('spec', `pod updates may not change fields other than ${updatable.join(',')}`));
  return findings;
}

// The new spec with the old values in every field that may change.
function withoutUpdatable(before: PodSpec, after: PodSpec): PodSpec {
  const images = (list: 'containers' | 'initContainers'): PodSpec['containers'] | undefined => after[list]?.map((container, index) => {
    const { image, ...rest } = container;
    const old = before[list]?.[index]?.image;
    return old === undefined ? rest : image === old ? container : { ...container, image: old };
  });
  const { tolerations, ...rest } = after;
  const out: Record<string, unknown> = { ...rest, containers: images('containers') ?? [] };
  if (after.initContainers !== undefined) out['initContainers'] = images('initContainers');
  if (before.tolerations !== undefined) out['tolerations'] = before.tolerations;
  else if (tolerations !== undefined && tolerations.length === 0) out['tolerations'] = tolerations;
  const deadline: unknown = 'activeDeadlineSeconds' in before ? before.activeDeadlineSeconds : undefined;
  delete out['activeDeadlineSeconds'];
  if (deadline !== undefined) out['activeDeadlineSeconds'] = deadline;
  return out as unknown as PodSpec;
}

function jobUpdate(before: Workload, after: Workload): readonly Finding[] {
  return [
    ...(before.spec.selector === undefined ? [] : immutable(before, after, 'spec', 'selector')),
    ...immutable(before, after, 'spec', 'completions'),
    ...immutable(before, after, 'spec', 'template'),
  ];
}

function fixed(before: KubeObject, after: KubeObject): readonly Finding[] {
  if (!('immutable' in before) || before.immutable !== true) return [];
  return [
    ...('immutable' in after && after.immutable === true ? [] : [forbidden('immutable', 'field is immutable when `immutable` is set')]),
    ...(sameJson(fieldOf(before, '', 'data'), fieldOf(after, '', 'data')) ? [] : [forbidden('data', 'field is immutable when `immutable` is set')]),
  ];
}

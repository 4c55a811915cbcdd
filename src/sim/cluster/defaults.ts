// What the API server fills in when it admits an object: the fields that `kubectl get -o yaml` shows although nobody wrote them.
import type { ClusterObject } from '../model/cluster-document.ts';
import type { CronJob, EndpointSlice, Endpoints, KubeObject, NodeObject, Pod, PodTemplate, Secret, Service, Workload } from '../model/object.ts';
import type { AdminNetworkPolicy, AdminNetworkPolicyRule, NetworkPolicy } from '../model/policy-objects.ts';
import { conform } from './conform.ts';
import { gatewayDefaults } from './defaults/gateway.ts';
import { podSpecWithDefaults } from './defaults/pod-spec.ts';
import { isRecord } from './record.ts';
import { resourceOf } from './schema/shape.ts';
import { splitVersion } from './kinds/not-simulated.ts';

/**
 * The object as the API server would keep it: nulls gone, types as the schema has them, defaults filled in, `default` as the namespace of what needs one.
 * The same for an object that already has them. What controllers give (addresses, node ports, status) is not given here, and what is missing or wrong stays so, but what the simulation's types call required is there.
 */
export const withDefaults = (given: KubeObject): KubeObject => filled(conform(given).object);

/** The defaults of an object that {@link conform} gave back. */
export function filled(conformed: KubeObject): KubeObject {
  const object = withNamespace(conformed);
  if (resourceOf(object.apiVersion, object.kind) === undefined) return object;
  const [group] = splitVersion(object.apiVersion);
  const fill = group === 'gateway.networking.k8s.io' ? gatewayDefaults[object.kind] : fillers[`${object.kind}.${group}`];
  return fill === undefined ? object : fill(object);
}

function withNamespace(object: KubeObject): KubeObject {
  const resource = resourceOf(object.apiVersion, object.kind);
  const { namespace, ...metadata } = object.metadata;
  if (resource === undefined) return object;
  if (!resource.namespaced) return namespace === '' ? { ...object, metadata } : object;
  return namespace === undefined || namespace === '' ? { ...object, metadata: { ...object.metadata, namespace: 'default' } } : object;
}

type Filler = (object: KubeObject) => KubeObject;

// After `conform` the fields of an object have the types that its kind says, so that an object may be taken as one of its kind; this is the one place where that is said.
const as = <Kept extends KubeObject>(fill: (object: Kept) => Kept): Filler => (object) => fill(object as Kept);

const fillers: Readonly<Record<string, Filler>> = {
  'Service.': as(service),
  'Pod.': as<Pod>((pod) => ({ ...pod, spec: podSpecWithDefaults(pod.spec, true) })),
  'Deployment.apps': as(deployment),
  'ReplicaSet.apps': as<Workload>((object) => workload(object, { replicas: 1 })),
  'ReplicationController.': as<Workload>((object) => replicationController(object)),
  'StatefulSet.apps': as<Workload>((object) => workload(object, { replicas: 1, podManagementPolicy: 'OrderedReady', revisionHistoryLimit: 10, updateStrategy: strategyOf(object, 'updateStrategy', { maxUnavailable: 1, partition: 0 }), persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' } })),
  'DaemonSet.apps': as<Workload>((object) => workload(object, { revisionHistoryLimit: 10, updateStrategy: strategyOf(object, 'updateStrategy', { maxSurge: 0, maxUnavailable: 1 }) })),
  'Job.batch': as(job),
  'CronJob.batch': as(cronJob),
  'NetworkPolicy.networking.k8s.io': as(networkPolicy),
  'AdminNetworkPolicy.policy.networking.k8s.io': as(adminNetworkPolicy),
  'BaselineAdminNetworkPolicy.policy.networking.k8s.io': as(adminNetworkPolicy),
  'EndpointSlice.discovery.k8s.io': as(endpointSlice),
  'Endpoints.': as(endpoints),
  'Namespace.': (object) => namespace(object),
  'Node.': as<NodeObject>((node) => (node.spec?.podCIDR !== undefined && node.spec.podCIDRs === undefined ? { ...node, spec: { ...node.spec, podCIDRs: [node.spec.podCIDR] } } : { ...node, spec: node.spec ?? {} })),
  'Secret.': as(secret),
  'Cluster.k8snet-lab': as<ClusterObject>((cluster) => ({ ...cluster, spec: cluster.spec ?? {} })),
};

// What is written as text is kept as base64, over what `data` said of the same key.
function secret({ stringData, ...rest }: Secret): Secret {
  const object: Secret = { type: 'Opaque', ...rest };
  if (stringData === undefined) return object;
  const encoded = Object.entries(stringData).map(([key, text]): [string, string] => [key, typeof text === 'string' ? btoa(String.fromCharCode(...new TextEncoder().encode(text))) : text]);
  return { ...object, data: { ...object.data, ...Object.fromEntries(encoded) } };
}

function service(object: Service): Service {
  // Only a manifest that no API server would take has no spec.
  const spec: Service['spec'] = object.spec ?? {};
  const type = spec.type ?? 'ClusterIP';
  const external = type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && (spec.externalIPs?.length ?? 0) > 0);
  const affinity = spec.sessionAffinity ?? 'None';
  // A selector without labels is none (omitempty): nobody manages the slices of such a Service.
  const { sessionAffinityConfig, selector, ...rest } = spec;
  const ingress = object.status?.loadBalancer?.ingress;
  return {
    ...object,
    spec: {
      ...rest,
      ...(selector === undefined || Object.keys(selector).length === 0 ? {} : { selector }),
      // Whoever writes one of the two means the other as well; a controller hands out what neither says.
      ...(spec.clusterIP !== undefined && spec.clusterIP !== '' && spec.clusterIPs === undefined && type !== 'ExternalName' ? { clusterIPs: [spec.clusterIP] } : {}),
      ...(spec.clusterIP === undefined && spec.clusterIPs?.[0] !== undefined ? { clusterIP: spec.clusterIPs[0] } : {}),
      ...(spec.ports === undefined ? {} : { ports: spec.ports.map((port) => ({ ...port, protocol: port.protocol ?? 'TCP', targetPort: port.targetPort === undefined || port.targetPort === '' || port.targetPort === 0 ? port.port : port.targetPort })) }),
      sessionAffinity: affinity,
      ...(affinity === 'ClientIP' ? { sessionAffinityConfig: { clientIP: { timeoutSeconds: sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800 } } } : {}),
      type,
      ...(type === 'ExternalName' ? {} : { internalTrafficPolicy: spec.internalTrafficPolicy ?? 'Cluster' }),
      ...(external ? { externalTrafficPolicy: spec.externalTrafficPolicy ?? 'Cluster' } : {}),
      ...(type === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: spec.allocateLoadBalancerNodePorts ?? true } : {}),
    },
    status: {
      ...object.status,
      loadBalancer: { ...object.status?.loadBalancer, ...(ingress === undefined ? {} : { ingress: ingress.map((point) => (type === 'LoadBalancer' && point.ip !== undefined ? { ...point, ipMode: point.ipMode ?? 'VIP' as const } : point)) }) },
    },
  };
}

function template(given: PodTemplate | undefined): PodTemplate {
  const { spec, metadata, ...rest } = given ?? { spec: { containers: [] } };
  return { ...rest, metadata: metadata ?? {}, spec: podSpecWithDefaults(spec, false) };
}

function workload(object: Workload, defaults: Readonly<Record<string, unknown>>): Workload {
  const spec: Partial<Workload['spec']> = object.spec ?? {};
  return { ...object, spec: { ...merged(defaults, spec), template: template(spec.template) } };
}

// Defaults reach into objects that were written in part (`rollingUpdate: { maxSurge: 0 }`).
function merged<Given extends object>(defaults: Readonly<Record<string, unknown>>, given: Given): Given {
  const out: Record<string, unknown> = { ...defaults };
  for (const [name, value] of Object.entries(given)) {
    const below = out[name];
    out[name] = isRecord(below) && isRecord(value) ? merged(below, value) : value;
  }
  return out as Given;
}

// Only a rolling update has parameters; of another type, or one that there is not, nothing is filled in.
function strategyOf(object: Workload, field: 'strategy' | 'updateStrategy', rollingUpdate: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const spec: Readonly<Record<string, unknown>> = { ...object.spec };
  const given = spec[field];
  const type = isRecord(given) ? given['type'] : undefined;
  return type === undefined || type === '' || type === 'RollingUpdate' ? { type: 'RollingUpdate', rollingUpdate } : {};
}

function deployment(object: Workload): Workload {
  return workload(object, {
    progressDeadlineSeconds: 600, replicas: 1, revisionHistoryLimit: 10,
    strategy: strategyOf(object, 'strategy', { maxSurge: '25%', maxUnavailable: '25%' }),
  });
}

function replicationController(object: Workload): Workload {
  const full = workload(object, { replicas: 1 });
  // Its selector is a plain map of labels (read it with `selectorOf`), by default the template's labels.
  return full.spec.selector === undefined || Object.keys(full.spec.selector).length === 0 ? { ...full, spec: merged({ selector: { ...full.spec.template.metadata?.labels } }, full.spec) } : full;
}

function job(object: Workload): Workload {
  const spec: Partial<Workload['spec']> = object.spec ?? {};
  const parallelism = spec.parallelism ?? 1;
  const labels = object.metadata.labels ?? spec.template?.metadata?.labels;
  return {
    ...object,
    metadata: { ...object.metadata, ...(labels === undefined ? {} : { labels }) },
    spec: {
      ...merged({ backoffLimit: 6, completionMode: 'NonIndexed', manualSelector: false, podReplacementPolicy: 'TerminatingOrFailed', suspend: false }, spec),
      ...(spec.completions === undefined && spec.parallelism === undefined ? { completions: 1 } : {}),
      parallelism,
      template: template(spec.template),
    },
  };
}

function cronJob(object: CronJob): CronJob {
  const spec: Partial<CronJob['spec']> = object.spec ?? {};
  const below = spec.jobTemplate?.spec;
  return {
    ...object,
    spec: {
      ...merged({ concurrencyPolicy: 'Allow', failedJobsHistoryLimit: 1, successfulJobsHistoryLimit: 3, suspend: false }, spec),
      schedule: spec.schedule ?? '',
      jobTemplate: { ...spec.jobTemplate, spec: { ...below, template: template(below?.template) } },
    },
  };
}

function networkPolicy(object: NetworkPolicy): NetworkPolicy {
  const spec = object.spec ?? {};
  const withPorts = <Rule extends { readonly ports?: readonly { readonly protocol?: 'TCP' | 'UDP' | 'SCTP' }[] | null }>(rules: readonly Rule[]): readonly Rule[] =>
    rules.map((rule) => (rule.ports === undefined || rule.ports === null ? rule : { ...rule, ports: rule.ports.map((port) => ({ ...port, protocol: port.protocol ?? 'TCP' as const })) }));
  return {
    ...object,
    spec: {
      ...spec,
      podSelector: spec.podSelector ?? {},
      ...(spec.ingress ? { ingress: withPorts(spec.ingress) } : {}),
      ...(spec.egress ? { egress: withPorts(spec.egress) } : {}),
      // policy.md 5: Ingress always, Egress only where there are egress rules; `egress: []` alone isolates nobody.
      policyTypes: spec.policyTypes !== undefined && spec.policyTypes.length > 0 ? spec.policyTypes : (spec.egress?.length ?? 0) > 0 ? ['Ingress', 'Egress'] : ['Ingress'],
    },
  };
}

function adminNetworkPolicy(object: AdminNetworkPolicy): AdminNetworkPolicy {
  const spec: AdminNetworkPolicy['spec'] | undefined = object.spec;
  if (spec === undefined) return object;
  const withProtocols = (rules: readonly AdminNetworkPolicyRule[]): readonly AdminNetworkPolicyRule[] => rules.map((rule) => (rule.ports === undefined ? rule : { ...rule, ports: rule.ports.map((port) => ({
    ...port,
    ...(port.portNumber === undefined ? {} : { portNumber: { ...port.portNumber, protocol: port.portNumber.protocol ?? 'TCP' as const } }),
    ...(port.portRange === undefined ? {} : { portRange: { ...port.portRange, protocol: port.portRange.protocol ?? 'TCP' as const } }),
  })) }));
  return { ...object, spec: { ...spec, ...(spec.ingress === undefined ? {} : { ingress: withProtocols(spec.ingress) }), ...(spec.egress === undefined ? {} : { egress: withProtocols(spec.egress) }) } };
}

function endpointSlice(object: EndpointSlice): EndpointSlice {
  return {
    ...object,
    endpoints: (object.endpoints ?? []).map((endpoint) => ({ ...endpoint, addresses: endpoint.addresses ?? [] })),
    ports: (object.ports ?? []).map((port) => ({ ...port, name: port.name ?? '', protocol: port.protocol ?? 'TCP' })),
  };
}

function endpoints(object: Endpoints): Endpoints {
  if (object.subsets === undefined) return object;
  return { ...object, subsets: object.subsets.map((subset) => (subset.ports === undefined ? subset : { ...subset, ports: subset.ports.map((port) => ({ ...port, protocol: port.protocol ?? 'TCP' as const })) })) };
}

function namespace(object: KubeObject): KubeObject {
  // policy.md 15: always there, whatever was written.
  const labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name };
  return { ...object, metadata: { ...object.metadata, labels } };
}


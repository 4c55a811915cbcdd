// Which checks an object of a kind goes through beyond its fields: the list.
import type { KubeObject } from '../../model/object.ts';
import type { ClusterObject } from '../../model/cluster-document.ts';
import type { BackendTlsPolicy, Gateway, GatewayClass, GrpcRoute, HttpRoute, Ingress, IngressClass, ListenerSet, ReferenceGrant, StreamRoute } from '../../model/edge-objects.ts';
import type { ConfigMap, CronJob, EndpointSlice, Endpoints, NodeObject, Pod, Secret, Service, Workload } from '../../model/object.ts';
import type { AdminNetworkPolicy, CiliumCidrGroup, CiliumNetworkPolicy, ClusterNetworkPolicy, NetworkPolicy } from '../../model/policy-objects.ts';
import { invalid, required } from '../problem-at.ts';
import type { Finding } from '../problem-at.ts';
import { isRecord } from '../record.ts';
import { splitVersion } from '../kinds/not-simulated.ts';
import { ciliumCidrGroup, ciliumPolicy } from './cilium-policy.ts';
import { clusterDocument } from './cluster-document.ts';
import { endpointSlice, endpoints } from './endpoint-slice.ts';
import { strictCidr } from './names.ts';
import { backendTlsPolicy, gateway, gatewayClass, grpcRoute, httpRoute, listenerSet, referenceGrant, streamRoute } from './gateway.ts';
import { ingress, ingressClass, secret } from './ingress.ts';
import { networkPolicy } from './network-policy.ts';
import { podSpec } from './pod.ts';
import { service } from './service.ts';
import { adminNetworkPolicy, clusterNetworkPolicy } from './tiered-policy.ts';
import { cronJob, workload } from './workload.ts';

type Checker = (object: KubeObject) => readonly Finding[];

// An object is given here with its defaults, and so with the types that its kind says.
const as = <Kept extends KubeObject>(check: (object: Kept) => readonly Finding[]): Checker => (object) => check(object as Kept);

const checkers: Readonly<Record<string, Checker>> = {
  'Service.': as<Service>(service),
  'Pod.': as<Pod>((pod) => podSpec('spec', pod.spec)),
  'Deployment.apps': as<Workload>(workload),
  'ReplicaSet.apps': as<Workload>(workload),
  'ReplicationController.': as<Workload>(workload),
  'StatefulSet.apps': as<Workload>(workload),
  'DaemonSet.apps': as<Workload>(workload),
  'Job.batch': as<Workload>(workload),
  'CronJob.batch': as<CronJob>(cronJob),
  'NetworkPolicy.networking.k8s.io': as<NetworkPolicy>(networkPolicy),
  'ClusterNetworkPolicy.policy.networking.k8s.io': as<ClusterNetworkPolicy>(clusterNetworkPolicy),
  'AdminNetworkPolicy.policy.networking.k8s.io': as<AdminNetworkPolicy>(adminNetworkPolicy),
  'BaselineAdminNetworkPolicy.policy.networking.k8s.io': as<AdminNetworkPolicy>(adminNetworkPolicy),
  'CiliumNetworkPolicy.cilium.io': as<CiliumNetworkPolicy>(ciliumPolicy),
  'CiliumClusterwideNetworkPolicy.cilium.io': as<CiliumNetworkPolicy>(ciliumPolicy),
  'CiliumCIDRGroup.cilium.io': as<CiliumCidrGroup>(ciliumCidrGroup),
  'Ingress.networking.k8s.io': as<Ingress>(ingress),
  'IngressClass.networking.k8s.io': as<IngressClass>(ingressClass),
  'Secret.': as<Secret>(secret),
  'GatewayClass.gateway.networking.k8s.io': as<GatewayClass>(gatewayClass),
  'Gateway.gateway.networking.k8s.io': as<Gateway>(gateway),
  'HTTPRoute.gateway.networking.k8s.io': as<HttpRoute>(httpRoute),
  'ListenerSet.gateway.networking.k8s.io': as<ListenerSet>(listenerSet),
  'GRPCRoute.gateway.networking.k8s.io': as<GrpcRoute>(grpcRoute),
  'TLSRoute.gateway.networking.k8s.io': as<StreamRoute>(streamRoute),
  'TCPRoute.gateway.networking.k8s.io': as<StreamRoute>(streamRoute),
  'BackendTLSPolicy.gateway.networking.k8s.io': as<BackendTlsPolicy>(backendTlsPolicy),
  'ReferenceGrant.gateway.networking.k8s.io': as<ReferenceGrant>(referenceGrant),
  'EndpointSlice.discovery.k8s.io': as<EndpointSlice>(endpointSlice),
  'Endpoints.': as<Endpoints>(endpoints),
  'ConfigMap.': as<ConfigMap>(configMap),
  'Node.': as<NodeObject>(node),
  'Cluster.k8snet-lab': as<ClusterObject>(clusterDocument),
};

/** What is wrong with an object that has its defaults; nothing for a kind without checks. */
export const kindFindings: Checker = (object) => checkers[`${object.kind}.${splitVersion(object.apiVersion)[0]}`]?.(object) ?? [];

function configMap(object: ConfigMap): readonly Finding[] {
  const keys = [...Object.keys(object.data ?? {}).map((key) => [`data[${key}]`, key] as const), ...Object.keys(object.binaryData ?? {}).map((key) => [`binaryData[${key}]`, key] as const)];
  return keys.flatMap(([field, key]) => [
    ...(/^[-._a-zA-Z0-9]+$/.test(key) ? [] : [invalid(field, key, "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')")]),
    ...(object.data !== undefined && field.startsWith('binaryData') && Object.hasOwn(object.data, key) ? [invalid(field, key, 'duplicate of key present in data')] : []),
  ]);
}

function node(object: NodeObject): readonly Finding[] {
  const { podCIDR, podCIDRs = [] } = object.spec ?? {};
  const addresses: unknown = object.status?.addresses ?? [];
  return [
    ...podCIDRs.flatMap((range, index) => strictCidr(`spec.podCIDRs[${index}]`, range)),
    ...(podCIDR !== undefined && podCIDRs[0] !== undefined && podCIDR !== podCIDRs[0] ? [invalid('spec.podCIDRs', podCIDRs, 'the first value must be `podCIDR`')] : []),
    ...(Array.isArray(addresses) ? addresses.flatMap((entry: unknown, index) => (isRecord(entry) && typeof entry['address'] === 'string' ? [] : [required(`status.addresses[${index}].address`)])) : []),
  ];
}

// The kinds that the simulation reads, as one union.
import type { ClusterObject } from './cluster-document.ts';
import type { BackendTlsPolicy, Gateway, GatewayClass, GrpcRoute, HttpRoute, Ingress, IngressClass, ListenerSet, ReferenceGrant, StreamRoute } from './edge-objects.ts';
import type { ConfigMap, CronJob, EndpointSlice, Endpoints, Namespace, NodeObject, Pod, Secret, Service, Workload } from './object.ts';
import type { AdminNetworkPolicy, CiliumCidrGroup, CiliumNetworkPolicy, ClusterNetworkPolicy, NetworkPolicy } from './policy-objects.ts';

/** The kinds that the simulation reads; every other kind is kept as a plain {@link KubeObject} and named once in the warnings. */
export type KnownObject =
  | Namespace | NodeObject | Pod | Workload | CronJob | Service | EndpointSlice | Endpoints | NetworkPolicy | ClusterNetworkPolicy | AdminNetworkPolicy | CiliumNetworkPolicy | CiliumCidrGroup
  | ConfigMap | Secret | Ingress | IngressClass | GatewayClass | Gateway | HttpRoute | GrpcRoute | StreamRoute | ListenerSet | BackendTlsPolicy | ReferenceGrant | ClusterObject;

export type KnownKind = KnownObject['kind'];
export type ObjectOf<Kind extends KnownKind> = Kind extends Workload['kind'] ? Workload & { readonly kind: Kind }
  : Kind extends StreamRoute['kind'] ? StreamRoute & { readonly kind: Kind } : Kind extends AdminNetworkPolicy['kind'] ? AdminNetworkPolicy & { readonly kind: Kind } : Extract<KnownObject, { readonly kind: Kind }>;

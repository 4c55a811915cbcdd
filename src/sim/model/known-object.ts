// The kinds that the simulation reads, as one union.
import type { ClusterObject } from './cluster-document.ts';
import type { Gateway, GatewayClass, HttpRoute, Ingress, IngressClass, ReferenceGrant } from './edge-objects.ts';
import type { ConfigMap, CronJob, EndpointSlice, Endpoints, Namespace, NodeObject, Pod, Secret, Service, Workload } from './object.ts';
import type { AdminNetworkPolicy, ClusterNetworkPolicy, NetworkPolicy } from './policy-objects.ts';

/** The kinds that the simulation reads; every other kind is kept as a plain {@link KubeObject} and named once in the warnings. */
export type KnownObject =
  | Namespace | NodeObject | Pod | Workload | CronJob | Service | EndpointSlice | Endpoints | NetworkPolicy | ClusterNetworkPolicy | AdminNetworkPolicy
  | ConfigMap | Secret | Ingress | IngressClass | GatewayClass | Gateway | HttpRoute | ReferenceGrant | ClusterObject;

export type KnownKind = KnownObject['kind'];
export type ObjectOf<Kind extends KnownKind> = Kind extends Workload['kind'] ? Workload & { readonly kind: Kind }
  : Kind extends AdminNetworkPolicy['kind'] ? AdminNetworkPolicy & { readonly kind: Kind } : Extract<KnownObject, { readonly kind: Kind }>;

// What the compilers of both APIs read: the declared objects by name, who may refer to whom, and a place for what they find wrong.
import { byText } from '../base/order.ts';
import { splitVersion } from '../cluster/kinds/not-simulated.ts';
import { whereOf } from '../cluster/problem-at.ts';
import { keyOf, type Stored } from '../cluster/store.ts';
import type { BackendTlsPolicy, Gateway, GatewayClass, GrpcRoute, HttpRoute, Ingress, IngressClass, ListenerSet, ReferenceGrant, StreamRoute } from '../model/edge-objects.ts';
import { refOf, type ConfigMap, type KubeObject, type Labels, type ObjectRef, type Secret, type Service } from '../model/object.ts';
import type { Problem } from '../model/problem.ts';
import { edgeWorkloads, workloadKinds, type EdgeWorkload } from './edge-workloads.ts';

/** A store, or one that controllers are working on. */
export interface EdgeInput {
  readonly objects: ReadonlyMap<string, Stored>;
  /** Simulated seconds. */
  readonly now: number;
}

export interface EdgeContext {
  readonly now: number;
  readonly workloads: readonly EdgeWorkload[];
  readonly ingresses: readonly Ingress[];
  readonly ingressClasses: readonly IngressClass[];
  readonly gatewayClasses: readonly GatewayClass[];
  readonly gateways: readonly Gateway[];
  readonly listenerSets: readonly ListenerSet[];
  readonly httpRoutes: readonly HttpRoute[];
  readonly grpcRoutes: readonly GrpcRoute[];
  readonly streamRoutes: readonly StreamRoute[];
  readonly backendTls: readonly BackendTlsPolicy[];
  readonly services: readonly Service[];
  readonly service: (namespace: string, name: string) => Service | undefined;
  readonly secret: (namespace: string, name: string) => Secret | undefined;
  /** In whatever namespace. */
  readonly secretsNamed: (name: string) => readonly Secret[];
  readonly configMap: (namespace: string, name: string) => ConfigMap | undefined;
  readonly namespaceLabels: (name: string) => Labels;
  /** Whether an object of one namespace may refer to one of another (ReferenceGrant: in the namespace of what is referred to). */
  readonly granted: (from: { readonly group: string; readonly kind: string; readonly namespace: string }, to: { readonly group: string; readonly kind: string; readonly namespace: string; readonly name: string }) => boolean;
  readonly warn: (object: KubeObject, code: string, field: string | null, says: string, help?: string) => void;
  readonly problems: () => readonly Problem[];
}

/** A list that a manifest may have left out, or written as something else where nobody checked it. */
export function listOf<Item>(value: readonly Item[] | null | undefined): readonly Item[] {
  const given: unknown = value;
  // Nulls get this far where nobody checked the object.
  return Array.isArray(given) ? (value ?? []).filter((item: unknown) => item !== null && item !== undefined) : [];
}

export const namespaceOf = (object: KubeObject): string => (object.metadata.namespace === undefined || object.metadata.namespace === '' ? 'default' : object.metadata.namespace);

/** Older objects come first, then by namespace and name: who was there first keeps what two want. */
const byAge = (left: KubeObject, right: KubeObject): number =>
  byText(left.metadata.creationTimestamp ?? '', right.metadata.creationTimestamp ?? '') || byText(`${namespaceOf(left)}/${left.metadata.name}`, `${namespaceOf(right)}/${right.metadata.name}`);

export const gatewayGroup = 'gateway.networking.k8s.io';

export function edgeContext({ objects, now }: EdgeInput): EdgeContext {
  const byKind = new Map<string, KubeObject[]>();
  for (const { object } of objects.values()) {
    const same = byKind.get(object.kind);
    if (same === undefined) byKind.set(object.kind, [object]);
    else same.push(object);
  }
  const of = (group: string, kind: string): KubeObject[] => (byKind.get(kind) ?? []).filter((object) => splitVersion(object.apiVersion)[0] === group).sort(byAge);
  // Without an object of either API no controller has anything to read, and most clusters have none.
  const asked = ['Ingress', 'IngressClass', 'Gateway', 'GatewayClass', 'HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'].some((kind) => byKind.has(kind));
  const services = of('', 'Service').map((object) => object as Service);
  const keyed = <Kept extends KubeObject>(kept: readonly Kept[]): Map<string, Kept> => new Map(kept.map((object) => [`${namespaceOf(object)}/${object.metadata.name}`, object]));
  const serviceAt = keyed(services);
  const secretAt = keyed(of('', 'Secret').map((object) => object as Secret));
  const configMapAt = keyed(of('', 'ConfigMap').map((object) => object as ConfigMap));
  const labels = new Map(of('', 'Namespace').map((object) => [object.metadata.name, object.metadata.labels ?? {}]));
  const grants = of(gatewayGroup, 'ReferenceGrant').map((object) => object as ReferenceGrant);
  const found = new Map<string, Problem>();
  return {
    now, workloads: asked ? edgeWorkloads(workloadKinds.flatMap((kind) => byKind.get(kind) ?? [])) : [], services,
    ingresses: of('networking.k8s.io', 'Ingress').map((object) => object as Ingress), ingressClasses: of('networking.k8s.io', 'IngressClass').map((object) => object as IngressClass),
    gatewayClasses: of(gatewayGroup, 'GatewayClass').map((object) => object as GatewayClass), gateways: of(gatewayGroup, 'Gateway').map((object) => object as Gateway),
    httpRoutes: of(gatewayGroup, 'HTTPRoute').map((object) => object as HttpRoute), grpcRoutes: of(gatewayGroup, 'GRPCRoute').map((object) => object as GrpcRoute), streamRoutes: [...of(gatewayGroup, 'TLSRoute'), ...of(gatewayGroup, 'TCPRoute')].map((object) => object as StreamRoute),
    listenerSets: of(gatewayGroup, 'ListenerSet').map((object) => object as ListenerSet), backendTls: of(gatewayGroup, 'BackendTLSPolicy').map((object) => object as BackendTlsPolicy),
    service: (namespace, name) => serviceAt.get(`${namespace}/${name}`),
    secret: (namespace, name) => secretAt.get(`${namespace}/${name}`),
    secretsNamed: (name) => [...secretAt.values()].filter(({ metadata }) => metadata.name === name),
    configMap: (namespace, name) => configMapAt.get(`${namespace}/${name}`),
    namespaceLabels: (name) => ({ 'kubernetes.io/metadata.name': name, ...labels.get(name) }),
    granted: (from, to) => from.namespace === to.namespace || grants.some((grant) => namespaceOf(grant) === to.namespace
      && listOf(grant.spec?.from).some((one) => (one.group ?? '') === from.group && one.kind === from.kind && one.namespace === from.namespace)
      && listOf(grant.spec?.to).some((one) => (one.group ?? '') === to.group && one.kind === to.kind && (one.name === undefined || one.name === '' || one.name === to.name))),
    warn: (object, code, field, says, help) => {
      const key = `${code}\u0000${object.kind}/${namespaceOf(object)}/${object.metadata.name}\u0000${field ?? ''}\u0000${says}`;
      if (!found.has(key)) found.set(key, { code, severity: 'warning', says, where: whereOf(object, objects.get(keyOf(refOf(object)))?.origin ?? null, field), help: help ?? null });
    },
    problems: () => [...found.values()],
  };
}

/** A reference to an object by its parts. */
export const refTo = (kind: string, namespace: string, name: string): ObjectRef => ({ kind, namespace, name });

// The list of kinds, and the kind that a person means by any of its names.
import { byText } from '../base/order.ts';
import type { KubeObject } from '../model/object.ts';
import { keyOf } from './store.ts';
import type { Store } from './store.ts';
import { refOf } from '../model/object.ts';
import type { Kind } from './kinds/kind.ts';
import { ciliumCidrGroup, ciliumClusterwideNetworkPolicy, ciliumNetworkPolicy } from './kinds/cilium-policy.ts';
import { cluster } from './kinds/cluster.ts';
import { adminNetworkPolicy, baselineAdminNetworkPolicy, clusterNetworkPolicy } from './kinds/cluster-network-policy.ts';
import { configMap } from './kinds/config-map.ts';
import { backendTlsPolicy, gateway, gatewayClass, grpcRoute, httpRoute, listenerSet, referenceGrant, tcpRoute, tlsRoute } from './kinds/gateway.ts';
import { ingress, ingressClass } from './kinds/ingress.ts';
import { cronJob, job } from './kinds/job.ts';
import { daemonSet } from './kinds/daemon-set.ts';
import { deployment } from './kinds/deployment.ts';
import { endpointSlice } from './kinds/endpoint-slice.ts';
import { endpoints } from './kinds/endpoints.ts';
import { namespace } from './kinds/namespace.ts';
import { networkPolicy } from './kinds/network-policy.ts';
import { node } from './kinds/node.ts';
import { pod } from './kinds/pod.ts';
import { replicaSet, replicationController } from './kinds/replica-set.ts';
import { secret } from './kinds/secret.ts';
import { service } from './kinds/service.ts';
import { statefulSet } from './kinds/stateful-set.ts';
import { validatingWebhookConfiguration } from './kinds/webhook-configuration.ts';
import { bareKind, customKind, schemaKinds, splitVersion } from './kinds/not-simulated.ts';

const all: readonly Kind[] = [
  pod, replicationController, service, daemonSet, deployment, replicaSet, statefulSet, cronJob, job, // the order of `kubectl get all`
  endpointSlice, endpoints, ingress, ingressClass, gatewayClass, gateway, listenerSet, httpRoute, grpcRoute, tlsRoute, tcpRoute, backendTlsPolicy, referenceGrant, networkPolicy, clusterNetworkPolicy, adminNetworkPolicy, baselineAdminNetworkPolicy, ciliumNetworkPolicy, ciliumClusterwideNetworkPolicy, ciliumCidrGroup, configMap, secret, validatingWebhookConfiguration, namespace, node, cluster,
];

/** Every kind that the simulation reads, in the order of `kubectl get all` first. */
export const simulatedKinds = (): readonly Kind[] => all;

/** True for a kind that means something to the simulated network. */
export const isSimulated = (apiVersion: string, kind: string): boolean => {
  const [group] = splitVersion(apiVersion);
  return all.some((one) => one.kind === kind && one.group === group);
};

let known: readonly Kind[] | undefined;

/** Every kind with a name: those that the simulation reads, then the rest of the published schema. */
export const allKinds = (): readonly Kind[] => (known ??= [...all, ...schemaKinds(new Set(all.map((one) => `${one.kind}.${one.group}`)))]);

/**
 * The kind that is meant by a name as kubectl takes it: `svc`, `service`, `Services`, `services.v1.`, `endpointslices.discovery.k8s.io`, `deployments.v1.apps`.
 * Custom resources are known by the objects that the store has of them. `undefined`: the server has no such resource type.
 */
export function kindNamed(name: string, store: Store): Kind | undefined {
  const [word = '', ...rest] = name.toLowerCase().split('.');
  const qualifier = rest.join('.');
  const named = (kind: Kind): boolean =>
    (kind.plural === word || kind.singular === word || kind.shortNames.includes(word))
    && (rest.length === 0 || kind.group === qualifier || kind.versions.some((version) => qualifier === `${version}.${kind.group}` || (qualifier === version && kind.group === ''))
      || (qualifier !== '' && kind.group.startsWith(`${qualifier}.`)));
  const candidates = allKinds().filter(named);
  // Two definitions may have one short name (`cnp`): then it is the one of which there is anything, of two such the server's groups decide by name.
  const there = candidates.length > 1 ? candidates.filter(({ kind }) => [...store.objects.values()].some(({ object }) => object.kind === kind)).sort((left, right) => byText(left.group, right.group)) : [];
  return there[0] ?? candidates[0] ?? customKinds(store).find(named);
}

/** The kind of an object, from the list or made up from the object itself. */
export function kindOf(object: KubeObject, store: Store): Kind {
  const [group] = splitVersion(object.apiVersion);
  const found = allKinds().find((kind) => kind.kind === object.kind && kind.group === group);
  return found ?? customKind(store.objects.get(keyOf(refOf(object))) ?? { object, origin: null, lastApplied: null, implied: false, created: store.now });
}

function customKinds(store: Store): readonly Kind[] {
  const names = new Set(allKinds().map((kind) => `${kind.kind}.${kind.group}`));
  const found = new Map<string, Kind>();
  for (const stored of store.objects.values()) {
    const id = `${bareKind(stored.object.kind)}.${splitVersion(stored.object.apiVersion)[0]}`;
    if (!names.has(id) && !found.has(id)) found.set(id, customKind(stored));
  }
  return [...found.values()];
}

/** `deploy/x` as its two halves; `undefined` for a word without a slash. */
export function splitTypeAndName(word: string): { readonly type: string; readonly name: string } | undefined {
  const slash = word.indexOf('/');
  return slash === -1 ? undefined : { type: word.slice(0, slash), name: word.slice(slash + 1) };
}

export type { Column, Kind } from './kinds/kind.ts';

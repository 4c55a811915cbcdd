// The list of descriptions by kind; what is not here is described field by field.
import type { Stored } from '../../sim/cluster/store.ts';
import type { KubeObject } from '../../sim/model/object.ts';
import { describeConfigMap, describeNamespace, describeNode } from './cluster-scoped.ts';
import type { Around, Describe, Describers } from './describer.ts';
import { describeGeneric, describeServiceAccount } from './generic.ts';
import { describeIngress, describeIngressClass, describeSecret } from './ingress.ts';
import { describeNetworkPolicy } from './network-policy.ts';
import { describePod } from './pod.ts';
import { describeEndpoints, describeEndpointSlice, describeService } from './service.ts';
import { describeCronJob, describeWorkload } from './workload.ts';
import { describedEvents } from './events-of.ts';
import { laidOut, noEvents } from './writer.ts';

const describers: Describers = {
  Pod: describePod, Service: describeService, EndpointSlice: describeEndpointSlice, Endpoints: describeEndpoints, NetworkPolicy: describeNetworkPolicy, Node: describeNode, Namespace: describeNamespace, ConfigMap: describeConfigMap, Ingress: describeIngress, IngressClass: describeIngressClass, Secret: describeSecret,
  Deployment: describeWorkload, ReplicaSet: describeWorkload, StatefulSet: describeWorkload, DaemonSet: describeWorkload, Job: describeWorkload, CronJob: describeCronJob, ReplicationController: describeWorkload,
};

/** Kinds that the simulation does not read and that kubectl has words of its own for. */
const others: Readonly<Record<string, Describe<KubeObject>>> = { ServiceAccount: describeServiceAccount };

/** What `kubectl describe` prints of one object. */
export function described(stored: Stored, around: Around): string {
  const { kind } = stored.object;
  // A describer is only ever given objects of its own kind: the list is where that is forgotten.
  const known: Readonly<Record<string, unknown>> = { ...others, ...describers };
  const describe = Object.hasOwn(known, kind) ? known[kind] as Describe<KubeObject> : describeGeneric;
  const events = describedEvents(around.store, stored);
  return laidOut(describe(stored, around).flatMap((line) => (events !== null && noEvents.includes(line) ? events : [line])));
}

// Events: what scheduler, controllers and kubelets would have said of the objects as they stand.
import { ageText } from '../../sim/cluster/age.ts';
import { byText } from '../../sim/base/order.ts';
import { keyOf, list } from '../../sim/cluster/store.ts';
import { refOf } from '../../sim/model/object.ts';
import type { Store, Stored } from '../../sim/cluster/store.ts';
import { listAt, numberAt, textAt } from './writer.ts';

export interface Event {
  readonly namespace: string;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  /** `Pod/web`. */
  readonly object: string;
  readonly message: string;
  /** Simulated seconds. */
  readonly at: number;
  /** Among events of one moment: the order of what happens. */
  readonly step: number;
}

// Simplified: Events are worked out from the objects that are there, so that what is gone has left none, and nothing counts how often something happened.
function eventsOf(store: Store): readonly Event[] {
  return [...list(store, 'Pod').flatMap((pod) => podEvents(store, pod)), ...list(store, 'ReplicaSet').flatMap((set) => setEvents(store, set))];
}

function podEvents(store: Store, pod: Stored): readonly Event[] {
  const { object, created } = pod;
  const { name, namespace = '' } = object.metadata;
  const event = (step: number, type: Event['type'], reason: string, message: string): Event => ({ namespace, type, reason, object: `Pod/${name}`, message, at: created, step });
  const node = textAt(object, 'spec', 'nodeName');
  const why = listAt(object, 'status', 'conditions').find((one) => textAt(one, 'type') === 'PodScheduled' && textAt(one, 'status') === 'False');
  if (node === undefined || node === '') return why === undefined ? [] : [event(2, 'Warning', 'FailedScheduling', textAt(why, 'message') ?? '')];
  const statuses = new Map([...listAt(object, 'status', 'initContainerStatuses'), ...listAt(object, 'status', 'containerStatuses')].map((one) => [textAt(one, 'name') ?? '', one]));
  const failed = store.started?.get(keyOf(refOf(object)))?.failed;
  return [
    event(2, 'Normal', 'Scheduled', `Successfully assigned ${namespace}/${name} to ${node}`),
    ...(failed === undefined ? [] : [event(3, 'Warning', failed.reason, failed.message)]),
    ...[...statuses].flatMap(([container, status]): readonly Event[] => {
      const image = textAt(status, 'image') ?? '';
      const waiting = textAt(status, 'state', 'waiting', 'reason');
      if (waiting === 'CreateContainerConfigError') return [event(4, 'Warning', 'Failed', `Error: ${textAt(status, 'state', 'waiting', 'message') ?? waiting}`)];
      if (waiting !== undefined && waiting !== 'CrashLoopBackOff' && waiting !== 'Error') return [];
      return [
        event(3, 'Normal', 'Pulled', `Container image "${image}" already present on machine and can be accessed by the pod`),
        event(4, 'Normal', 'Created', 'Container created'),
        event(5, 'Normal', 'Started', 'Container started'),
        ...(waiting === undefined ? [] : [event(6, 'Warning', 'BackOff', `Back-off restarting failed container ${container} in pod ${name}_${namespace}(${object.metadata.uid ?? ''})`)]),
      ];
    }),
  ];
}

function setEvents(store: Store, set: Stored): readonly Event[] {
  const { name, namespace = '', ownerReferences = [] } = set.object.metadata;
  const owner = ownerReferences.find((one) => one.kind === 'Deployment');
  const pods = list(store, 'Pod', namespace).filter(({ object }) => object.metadata.ownerReferences?.some((one) => one.kind === 'ReplicaSet' && one.name === name) ?? false);
  const replicas = numberAt(set.object, 'spec', 'replicas');
  return [
    ...(owner === undefined || replicas === 0 ? [] : [{ namespace, type: 'Normal' as const, reason: 'ScalingReplicaSet', object: `Deployment/${owner.name}`, message: `Scaled up replica set ${name} from 0 to ${replicas}`, at: set.created, step: 0 }]),
    ...pods.map(({ object, created }) => ({ namespace, type: 'Normal' as const, reason: 'SuccessfulCreate', object: `ReplicaSet/${name}`, message: `Created pod: ${object.metadata.name}`, at: created, step: 1 })),
  ];
}

export interface Asked {
  readonly namespace: string | null;
  /** `Pod/web`, in capitals as kinds are. */
  readonly object: string | null;
  readonly types: readonly string[];
}

/** Oldest first. */
export function eventsFor(store: Store, asked: Asked): readonly Event[] {
  return eventsOf(store)
    .filter((one) => (asked.namespace === null || one.namespace === asked.namespace) && (asked.object === null || one.object === asked.object) && (asked.types.length === 0 || asked.types.includes(one.type)))
    .sort((left, right) => left.at - right.at || left.step - right.step || byText(left.namespace, right.namespace) || byText(left.object, right.object) || byText(left.message, right.message));
}

/** The Events of one object as `kubectl describe` lists them: a table behind `Events:`; `null` where there are none. */
export function describedEvents(store: Store, stored: Stored): readonly string[] | null {
  const { kind, metadata } = stored.object;
  const own = eventsFor(store, { namespace: metadata.namespace ?? '', object: `${kind}/${metadata.name}`, types: [] });
  if (own.length === 0) return null;
  const from = (reason: string): string => ({ Scheduled: 'default-scheduler', FailedScheduling: 'default-scheduler', ScalingReplicaSet: 'deployment-controller', SuccessfulCreate: 'replicaset-controller' })[reason] ?? 'kubelet';
  return ['Events:', '  Type\tReason\tAge\tFrom\tMessage', '  ----\t------\t----\t----\t-------', ...own.map((one) => `  ${one.type}\t${one.reason}\t${ageText(store.now - one.at)}\t${from(one.reason)}\t${one.message}`)];
}

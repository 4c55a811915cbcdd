// What can be entered from outside: node ports, load balancers, external addresses, host ports and the host's own network.
import type { Lab } from '../sim/lab.ts';
import type { ObjectRef } from '../sim/model/object.ts';
import { refText } from '../sim/model/object.ts';
import { by } from '../sim/base/order.ts';

export interface Door {
  readonly object: ObjectRef;
  /** What makes it a door, as the manifest says it. */
  readonly says: string;
}

/** Every door of the cluster, each once. */
export function doorsOf(lab: Lab): Map<string, Door> {
  const doors = new Map<string, Door>();
  const note = (object: ObjectRef, says: string): void => void doors.set(`${refText(object)} ${says}`, { object, says });
  for (const service of lab.network.services) {
    if (service.type === 'LoadBalancer') note(service.ref, 'type LoadBalancer');
    if (service.externalAddresses.length > 0) note(service.ref, `externalIPs ${service.externalAddresses.join(', ')}`);
    for (const port of service.ports) if (port.nodePort !== null && service.type !== 'LoadBalancer') note(service.ref, `a node port for port ${port.port}`);
  }
  for (const pod of lab.network.pods) {
    if (pod.hostNetwork) note(pod.owner, 'hostNetwork');
    for (const container of pod.containers) for (const port of container.ports) if (port.hostPort !== null) note(pod.owner, `hostPort ${port.hostPort}`);
  }
  return doors;
}

/** Doors that the fix added. Sorted. */
export const newDoors = (before: ReadonlyMap<string, Door>, now: Lab): Door[] =>
  [...doorsOf(now)].filter(([key]) => !before.has(key)).map(([, door]) => door).sort(by((door) => `${refText(door.object)} ${door.says}`));

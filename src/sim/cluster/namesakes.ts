// Custom resources that are called like a kind of Kubernetes (Calico's NetworkPolicy, Knative's Service): kept under a name of their own, so that nobody takes one for the other.
import type { KubeObject } from '../model/object.ts';
import { isSimulated, simulatedKinds } from './kinds.ts';
import { splitVersion } from './kinds/not-simulated.ts';
import { allResources } from './schema/shape.ts';

/** True for a group of Kubernetes itself (or the lab), served today or once. */
export const isOwnGroup = (group: string): boolean => group === 'extensions' || allResources().some((resource) => splitVersion(resource.apiVersion)[0] === group);

/** The object with its group in the kind (`NetworkPolicy.projectcalico.org`) where its kind alone would be another one's. */
export function told(object: KubeObject): KubeObject {
  if (isSimulated(object.apiVersion, object.kind) || !simulatedKinds().some(({ kind }) => kind === object.kind)) return object;
  const [group] = splitVersion(object.apiVersion);
  return isOwnGroup(group) ? object : { ...object, kind: `${object.kind}.${group}` };
}

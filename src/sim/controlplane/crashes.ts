// Processes of the cluster's own that end as soon as they start, and whose fault it is.
import type { Stored } from '../cluster/store.ts';
import type { Container, Pod } from '../model/object.ts';
import { dnsServerCrashes, type Crash } from './dns-server.ts';
import { runningContainers } from './processes.ts';
import type { Settings } from './settings.ts';

const none: ReadonlyMap<string, Crash> = new Map();

const isProxy = (container: Container): boolean => container.name === 'kube-proxy' || /(^|\/)kube-proxy(-[a-z0-9]+)?(:|@|$)/.test(container.image ?? '');

/** kube-proxy where the Cluster document says that it runs no more. Why it does not nobody says: the lab's own words stand for that. */
function proxyCrashes(pod: Pod, settings: Settings): ReadonlyMap<string, Crash> {
  const declared = settings.declaredNodes.get(pod.spec.nodeName ?? '');
  if (declared?.node.kubeProxy?.running !== false) return none;
  const crash: Crash = { message: `kube-proxy ends as soon as it starts (${declared.field}.kubeProxy.running of the Cluster document)`, object: settings.cluster, field: `${declared.field}.kubeProxy.running` };
  return new Map(runningContainers(pod.spec).filter(isProxy).map(({ name }) => [name, crash]));
}

/** By container. `nodeConf` is the text of the node's resolv.conf. */
export const crashesOf = (objects: ReadonlyMap<string, Stored>, pod: Pod, nodeConf: () => string, settings: Settings): ReadonlyMap<string, Crash> =>
  (pod.metadata.namespace === 'kube-system' ? new Map([...dnsServerCrashes(objects, pod, nodeConf(), settings), ...proxyCrashes(pod, settings)]) : none);

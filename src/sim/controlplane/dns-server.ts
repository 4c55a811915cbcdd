// The cluster's DNS server as a process: whether it starts with the Corefile that the ConfigMap gives it.
import { keyOf, type Stored } from '../cluster/store.ts';
import { loopingZone, readCorefile } from '../dns/check-corefile.ts';
import { kubeadmCorefile } from '../dns/corefile.ts';
import type { Container, ConfigMap, ObjectRef, Pod, Service } from '../model/object.ts';
import { runningContainers } from './processes.ts';

export const corefileObject: ObjectRef = { kind: 'ConfigMap', namespace: 'kube-system', name: 'coredns' };
export const dnsService: ObjectRef = { kind: 'Service', namespace: 'kube-system', name: 'kube-dns' };

/** Why a process ends as soon as it starts: what it writes last, and the field of the object that a repair would change. */
export interface Crash {
  readonly message: string;
  readonly object: ObjectRef;
  readonly field: string;
}

const isServer = (container: Container): boolean => /(^|\/)coredns(:|@|$)/.test(container.image ?? '') || container.name === 'coredns';

export const runsDnsServer = (pod: Pod): boolean => runningContainers(pod.spec).some(isServer) || pod.metadata.labels?.['k8s-app'] === 'kube-dns';

// Simplified: a Corefile counts at once; with `reload` a running CoreDNS keeps the last one that it could read until it restarts.
/** The containers of a pod that crash because of the Corefile, by name: one that CoreDNS cannot read, or one that sends its questions back to itself. */
export function dnsServerCrashes(objects: ReadonlyMap<string, Stored>, pod: Pod, nodeResolver: string, domain: string): ReadonlyMap<string, Crash> {
  const crashes = new Map<string, Crash>();
  if (pod.metadata.namespace !== corefileObject.namespace || !runsDnsServer(pod)) return crashes;
  const stored = objects.get(keyOf(corefileObject));
  const text = (stored?.object as ConfigMap | undefined)?.data?.['Corefile'];
  // What the lab put there itself fits its own pods; whoever writes pods of his own and no Corefile means one that fits them.
  if (text === undefined || (stored?.implied === true && text === kubeadmCorefile(domain))) return crashes;
  const message = refusal(text, objects, pod, nodeResolver);
  if (message !== null) for (const container of runningContainers(pod.spec)) if (isServer(container)) crashes.set(container.name, { message, object: corefileObject, field: 'data.Corefile' });
  return crashes;
}

function refusal(text: string, objects: ReadonlyMap<string, Stored>, pod: Pod, nodeResolver: string): string | null {
  const read = readCorefile(text, '/etc/coredns/Corefile');
  if (!read.ok) return read.failures[0]?.says ?? 'the Corefile cannot be read';
  const service = objects.get(keyOf(dnsService))?.object as Service | undefined;
  const own = (service?.spec.clusterIPs ?? [service?.spec.clusterIP ?? '']).filter((ip) => ip !== '' && ip !== 'None');
  const servers = pod.spec.dnsPolicy === 'Default' ? [nodeResolver] : pod.spec.dnsPolicy === 'None' ? pod.spec.dnsConfig?.nameservers ?? [] : own;
  const zone = loopingZone(read.value, servers.map((server) => `nameserver ${server}\n`).join(''), [...own, ...(pod.status?.podIPs ?? []).map(({ ip }) => ip)]);
  return zone === null ? null : `plugin/loop: Loop (127.0.0.1 -> :53) detected for zone "${zone}", see https://coredns.io/plugins/loop#troubleshooting`;
}

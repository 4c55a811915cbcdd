// The cluster's DNS server as a process: whether it starts with the Corefile that the ConfigMap gives it.
import { hash32 } from '../base/choose.ts';
import { keyOf, type Stored } from '../cluster/store.ts';
import { loopingZone, readCorefile } from '../dns/check-corefile.ts';
import { kubeadmCorefile } from '../dns/corefile.ts';
import type { Container, ConfigMap, ObjectRef, Pod, Service } from '../model/object.ts';
import { runningContainers } from './processes.ts';
import type { Settings } from './settings.ts';

export const corefileObject: ObjectRef = { kind: 'ConfigMap', namespace: 'kube-system', name: 'coredns' };
export const dnsService: ObjectRef = { kind: 'Service', namespace: 'kube-system', name: 'kube-dns' };

/** Why a process ends as soon as it starts: what it writes last, and the field of the object that a repair would change. */
export interface Crash {
  readonly message: string;
  /** `null`: the pod's own template, where `field` is relative to the pod's spec. */
  readonly object: ObjectRef | null;
  readonly field: string;
}

const isServer = (container: Container): boolean => /(^|\/)coredns(:|@|$)/.test(container.image ?? '') || container.name === 'coredns';

export const runsDnsServer = (pod: Pod): boolean => runningContainers(pod.spec).some(isServer) || pod.metadata.labels?.['k8s-app'] === 'kube-dns';

// Simplified: a Corefile counts at once; with `reload` a running CoreDNS keeps the last one that it could read until it restarts.
/** The containers of a pod that crash because of the Corefile, by name: one that CoreDNS cannot read, or one that sends its questions back to itself. */
export function dnsServerCrashes(objects: ReadonlyMap<string, Stored>, pod: Pod, nodeConf: string, settings: Settings): ReadonlyMap<string, Crash> {
  const crashes = new Map<string, Crash>();
  if (pod.metadata.namespace !== corefileObject.namespace || !runsDnsServer(pod)) return crashes;
  const stored = objects.get(keyOf(corefileObject));
  const text = (stored?.object as ConfigMap | undefined)?.data?.['Corefile'];
  const declared = settings.declaredNodes.get(pod.spec.nodeName ?? '');
  // What the lab put there itself fits its own pods, unless somebody says what stands in the node's file; whoever writes pods of his own and no Corefile means one that fits them.
  if (text === undefined || (stored?.implied === true && text === kubeadmCorefile(settings.domain) && declared?.node.resolvConf === undefined)) return crashes;
  const found = refusal(text, objects, pod, nodeConf);
  if (found === null) return crashes;
  // A loop through the node's file begins there: the Corefile says only that it is to be read.
  const byNode = found.loops && pod.spec.dnsPolicy === 'Default' && declared?.node.resolvConf !== undefined;
  const crash: Crash = byNode ? { message: found.message, object: settings.cluster, field: `${declared.field}.resolvConf` } : { message: found.message, object: corefileObject, field: 'data.Corefile' };
  for (const container of runningContainers(pod.spec)) if (isServer(container)) crashes.set(container.name, crash);
  return crashes;
}

function refusal(text: string, objects: ReadonlyMap<string, Stored>, pod: Pod, nodeConf: string): { readonly message: string; readonly loops: boolean } | null {
  const read = readCorefile(text, '/etc/coredns/Corefile');
  if (!read.ok) return { message: read.failures[0]?.says ?? 'the Corefile cannot be read', loops: false };
  const service = objects.get(keyOf(dnsService))?.object as Service | undefined;
  const own = (service?.spec.clusterIPs ?? [service?.spec.clusterIP ?? '']).filter((ip) => ip !== '' && ip !== 'None');
  const asFile = (servers: readonly string[]): string => servers.map((server) => `nameserver ${server}\n`).join('');
  const conf = pod.spec.dnsPolicy === 'Default' ? nodeConf : asFile(pod.spec.dnsPolicy === 'None' ? pod.spec.dnsConfig?.nameservers ?? [] : own);
  const zone = loopingZone(read.value, conf, [...own, ...(pod.status?.podIPs ?? []).map(({ ip }) => ip)]);
  if (zone === null) return null;
  // The question that came back is two random numbers, from a random port.
  const random = (key: string): number => hash32(`${pod.metadata.namespace ?? ''}/${pod.metadata.name} ${key}`);
  const from = `127.0.0.1:${32_768 + (random('port') % 28_232)}`;
  return { message: `[FATAL] plugin/loop: Loop (${from} -> :53) detected for zone "${zone}", see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO ${random('first')}${random('second')}.${random('third')}${random('fourth')}."`, loops: true };
}

// Probes that never arrive: a pod with security groups of its own gets the kubelet's connections only where these let its node in (EKS user guide, "Assign security groups to individual Pods").
import type { NodeObject, Pod } from '../model/object.ts';
import type { Crash } from './dns-server.ts';
import { internalAddresses } from './pod-addresses.ts';
import { letsThrough, securityGroups } from './security-groups.ts';
import type { Settings } from './settings.ts';

/** By the pod's port: what stops the kubelet's connection, or `null`. */
export type ProbeGuard = (port: number) => Pick<Crash, 'object' | 'field'> | null;

/** Addresses of the nodes' network that a machine has. */
export const machineAddresses = (node: NodeObject, settings: Settings): readonly string[] => [
  ...(node.status?.addresses ?? []).filter(({ type }) => type.endsWith('IP')).map(({ address }) => address),
  ...(settings.declaredNodes.get(node.metadata.name)?.node.interfaces ?? []).map(({ address }) => address.replace(/\/.*$/, '')),
];

/** The guard of each pod; `undefined` for pods that have no group of their own. */
export function probeGuards(settings: Settings, nodes: readonly NodeObject[], pods: readonly Pod[]): (pod: Pod) => ProbeGuard | undefined {
  if (settings.traits.announcedBy !== 'cloud' || (settings.underlay.securityGroups ?? []).every((group) => group.pods === undefined)) return () => undefined;
  const groups = securityGroups(settings.underlay, nodes.map((node) => ({ name: node.metadata.name, addresses: machineAddresses(node, settings) })), pods.filter(({ spec }) => spec.hostNetwork !== true).map(({ metadata, spec, status }) => ({
    namespace: metadata.namespace ?? '', name: metadata.name, labels: metadata.labels ?? {}, node: spec.nodeName ?? null, addresses: (status?.podIPs ?? []).map(({ ip }) => ip),
  })), true);
  return (pod) => {
    const own = groups.filter((group) => group.pods.includes(`${pod.metadata.namespace ?? ''}/${pod.metadata.name}`));
    const [first] = own;
    const from = internalAddresses(nodes.find(({ metadata }) => metadata.name === pod.spec.nodeName))[0];
    if (first === undefined || from === undefined) return undefined;
    return (port) => (own.some(({ ingress }) => letsThrough(ingress, from, 'TCP', port)) ? null : { object: settings.cluster, field: `${first.field}.ingress` });
  };
}

// Nodes and namespaces: addresses, ranges, interfaces and routes, as the CNI plugin compiles them.
import type { CniNode } from '../../cni/cni-plugin.ts';
import { list, type Store, type Stored } from '../../cluster/store.ts';
import type { CniFacts, NetworkNamespace, NetworkNode, NetworkPod, OutsideFacts, Socket } from '../../model/network.ts';
import type { Namespace, NodeObject } from '../../model/object.ts';
import { isControlPlane } from '../implied.ts';
import { internalAddresses, nodeAddresses } from '../kubelet.ts';
import type { Settings } from '../settings.ts';
import { nodeResolvConf } from './outside.ts';

export const compileNamespaces = (namespaces: readonly Stored<Namespace>[]): NetworkNamespace[] =>
  namespaces.map(({ object, implied }) => ({ name: object.metadata.name, labels: object.metadata.labels ?? {}, implied }));

/** Kubelet and kube-proxy on every node, the API server on those of the control plane. */
function ownSockets(node: NodeObject, domain: string): Socket[] {
  const open = (port: number, container: string, tls: readonly string[] | null, ip = '0.0.0.0'): Socket => ({ ip, port, protocol: 'TCP', container, tls, answers: [] });
  const sockets = [open(10250, 'kubelet', [node.metadata.name]), open(10256, 'kube-proxy', null), open(10248, 'kubelet', null, '127.0.0.1'), open(10249, 'kube-proxy', null, '127.0.0.1')];
  return isControlPlane(node) ? [...sockets, open(6443, 'kube-apiserver', ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', `kubernetes.default.svc.${domain}`])] : sockets;
}

export function compileNodes(store: Store, settings: Settings, pods: readonly NetworkPod[], outside: OutsideFacts): { readonly cni: CniFacts; readonly nodes: NetworkNode[] } {
  const stored = list(store, 'Node');
  const byNode = new Map<string, { key: string; addresses: readonly string[] }[]>();
  for (const pod of pods) {
    if (pod.node === null || pod.hostNetwork || pod.addresses.length === 0) continue;
    const entry = { key: `${pod.namespace}/${pod.name}`, addresses: pod.addresses };
    const found = byNode.get(pod.node);
    if (found === undefined) byNode.set(pod.node, [entry]);
    else found.push(entry);
  }
  const given = nodeAddresses(settings.plugin, settings.podRanges, stored.map(({ object }) => object));
  const nodeRanges = (node: NodeObject): readonly string[] => given.get(node.metadata.name)?.ranges ?? [];
  const input: CniNode[] = stored.map(({ object }) => ({ name: object.metadata.name, internal: internalAddresses(object), podRanges: nodeRanges(object), pods: byNode.get(object.metadata.name) ?? [] }));
  const { facts, nodes } = settings.plugin.compile({ mode: settings.mode, mtu: settings.mtu, underlayMtu: settings.underlayMtu, gateway: outside.gateway, podRanges: settings.podRanges, nodes: input });
  const worked = new Map(nodes.map((node) => [node.name, node]));
  return {
    cni: { ...facts, ...(settings.traits.keepsSource === null ? {} : { keepsSource: settings.traits.keepsSource }), denied: settings.traits.denied },
    nodes: stored.map(({ object, implied }) => ({
      name: object.metadata.name, labels: object.metadata.labels ?? {}, taints: object.spec?.taints ?? [], implied,
      ready: (object.status?.conditions ?? []).every(({ type, status }) => type !== 'Ready' || status === 'True'),
      addresses: object.status?.addresses ?? [], internal: internalAddresses(object), zone: object.metadata.labels?.['topology.kubernetes.io/zone'] ?? null,
      podRanges: nodeRanges(object), interfaces: worked.get(object.metadata.name)?.interfaces ?? [], routes: worked.get(object.metadata.name)?.routes ?? [],
      resolvConf: nodeResolvConf(outside), sockets: ownSockets(object, settings.domain),
    })),
  };
}

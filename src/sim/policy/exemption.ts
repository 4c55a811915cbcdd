// Traffic that no policy can stop, whatever it says.
import type { PolicyQuestion } from '../model/policy.ts';

/** `itself`: a pod and its own address. `own-node`: into a pod from the node on which it runs (the kubelet's probes). */
export type Exemption = 'itself' | 'own-node';

/**
 * Why the policies are not asked, or `null` when they are. A node's traffic to its own pods is always allowed in
 * (networking/v1 NetworkPolicySpec.ingress: "OR if the traffic source is the pod's local node"), and a pod on the node's network is that node;
 * a pod cannot block access to itself (docs, "Network Policies"). There is no such exemption for what leaves a pod towards its node.
 */
export function exemptionOf({ direction, subject, peer }: PolicyQuestion): Exemption | null {
  if (peer.pod !== null && peer.pod.namespace === subject.namespace && peer.pod.name === subject.name) return 'itself';
  if (direction === 'egress' || subject.node === null) return null;
  const node = peer.pod === null ? (peer.node ?? null) : peer.pod.hostNetwork ? peer.pod.node : null;
  return node === subject.node ? 'own-node' : null;
}

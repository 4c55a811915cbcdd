// Whether the CNI plugin works on a node: a configuration, a range of addresses, a kernel that can do what it was told.
import type { AddFailure } from '../cni/cni-plugin.ts';
import type { Settings } from './settings.ts';

/** The kubelet's words, in the node's Ready condition and in the Events of its pods. */
export const networkNotReady = 'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized';

export interface IdleAgent {
  /** `null`: there is no plugin to ask; the kubelet says that the network is not ready. */
  readonly failure: AddFailure | null;
  readonly why: string;
  /** Of the Cluster document; `null` where the Node object says it. */
  readonly field: string | null;
}

/** `null` where it works. `podRanges` are the node's. */
export function idleAgent(name: string, podRanges: readonly string[], settings: Settings): IdleAgent | null {
  const declared = settings.declaredNodes.get(name);
  if (declared?.node.cniInstalled === false) return { failure: null, why: `node ${name} has no CNI plugin: nobody makes routes or gives addresses to pods there`, field: `${declared.field}.cniInstalled` };
  if (declared?.node.wireguard === false && settings.traits.withoutWireGuard === 'stops') return { failure: { kind: 'no-wireguard' }, why: `the kernel of node ${name} has no WireGuard, so that ${settings.plugin.name}'s agent does not start there`, field: `${declared.field}.wireguard` };
  if (settings.traits.needsPodCidr && podRanges.length === 0) return { failure: { kind: 'no-range' }, why: `node ${name} has no range for pods (spec.podCIDR), so that ${settings.plugin.name}'s agent does not start there`, field: null };
  return null;
}

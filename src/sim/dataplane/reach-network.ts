// Reach of a whole network: its declared workloads with their pods, under the policies that it is given.
import type { Network, NetworkPod } from '../model/network.ts';
import type { Reach } from '../model/policy.ts';
import type { PolicyIndex } from '../policy/policy-index.ts';
import { reachOf } from './reach.ts';

/** Nothing implied is listed; finished pods are not among a workload's pods. `index` is compiled from this network. */
export function reachOfNetwork(network: Network, index: PolicyIndex): Reach {
  const pods = new Map<string, NetworkPod>(network.pods.map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
  const workloads = network.workloads.filter(({ implied }) => !implied).map(({ ref, pods: names }) => ({
    name: `${ref.namespace}/${ref.name}`, kind: ref.kind, pods: names.flatMap((name) => pods.get(`${ref.namespace}/${name}`) ?? []),
  }));
  return reachOf({ index, workloads });
}

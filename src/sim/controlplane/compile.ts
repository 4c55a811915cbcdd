// From what is declared to what is worked out: the network as plain data, topic by topic.
import type { Store } from '../cluster/store.ts';
import { list } from '../cluster/store.ts';
import type { Network } from '../model/network.ts';
import { compileDns } from './compile/dns.ts';
import { compileNamespaces, compileNodes } from './compile/nodes.ts';
import { compileOutside } from './compile/outside.ts';
import { compilePods } from './compile/pods.ts';
import { compilePolicy } from './compile/policy.ts';
import { compileServices } from './compile/services.ts';
import { compileWorkloads } from './compile/workloads.ts';
import { nodePortRange } from './services.ts';
import type { Settings } from './settings.ts';

/** Reads a store that {@link reconcile} has left. A function of its arguments; everything in the answer is sorted. */
export function compile(store: Store, settings: Settings): Network {
  const outside = compileOutside(store, settings);
  const dns = compileDns(store, settings);
  const pods = compilePods(store, settings, dns, outside);
  const { cni, nodes } = compileNodes(store, settings, pods, outside);
  return {
    seed: settings.seed, domain: settings.domain, podRanges: settings.podRanges, serviceRanges: settings.serviceRanges, nodePortRange,
    cni, proxy: settings.proxy, namespaces: compileNamespaces(list(store, 'Namespace')), nodes, pods,
    workloads: compileWorkloads(store, pods), services: compileServices(store, pods), policy: compilePolicy(store, settings, cni), dns, outside,
  };
}

// The Network pane beyond the nodes: the same cluster under every plugin, and what finding a Service costs. Worked out when it is looked at.
import { replacePods } from '../sim/lab.ts';
import type { Lab } from '../sim/lab.ts';
import { cniPlugins } from '../sim/cni/cni-plugins.ts';
import { lookupCost } from '../sim/dataplane/lookup-cost.ts';
import type { LookupWay } from '../sim/dataplane/lookup-cost.ts';
import type { Network } from '../sim/model/network.ts';
import { shownNode } from './service-view.ts';
import type { Desk, NetworkPart, NetworkView, PluginFacts } from './state.ts';

export const networkParts: readonly NetworkPart[] = ['nodes', 'plugins', 'cost'];

export const unseenNetwork: NetworkView = { part: 'nodes', plugins: null, cost: null };

/** Who finds Services here now; `null` where nobody does. */
export function wayNow({ proxy }: Network): LookupWay | null {
  return proxy.replacement !== null ? 'ebpf' : proxy.mode === 'none' ? null : proxy.mode;
}

/** The plugin at work in the same cluster, every pod made anew under it. */
function factsOf(lab: Lab, name: string): PluginFacts {
  const now = name === lab.network.cni.plugin;
  const { network } = replacePods(now ? lab : { ...lab, options: { ...lab.options, cni: name } });
  const sample = network.pods.find(({ implied, hostNetwork, addresses }) => !implied && !hostNetwork && addresses.length > 0) ?? network.pods.find(({ hostNetwork, addresses }) => !hostNetwork && addresses.length > 0);
  return {
    name, now, mode: network.cni.mode, mtu: network.cni.mtu, encapsulation: network.cni.encapsulation, enforces: network.cni.enforces, denied: network.cni.denied ?? 'drop',
    services: network.proxy.replacement?.by ?? (network.proxy.mode === 'none' ? null : `kube-proxy ${network.proxy.mode}`),
    ranges: [...new Set(network.nodes.flatMap(({ podRanges }) => podRanges))], pod: sample === undefined ? null : { name: sample.name, node: sample.node ?? '', address: sample.addresses[0] ?? '' },
  };
}

/** What the shown part needs and is not known yet. */
export function refreshNetwork(desk: Desk): Desk {
  const { lab } = desk.session;
  const { part, plugins, cost } = desk.network;
  const node = shownNode(desk);
  const wantsPlugins = part === 'plugins' && plugins === null;
  const wantsCost = node !== null && cost?.node !== node.name;
  if (!wantsPlugins && !wantsCost) return desk;
  return {
    ...desk, network: {
      part,
      plugins: wantsPlugins ? cniPlugins.map(({ name }) => factsOf(lab, name)) : plugins,
      cost: wantsCost ? { node: node.name, ...lookupCost(lab.network, node) } : cost,
    },
  };
}

export const showPart = (desk: Desk, part: NetworkPart): Desk => ({ ...desk, top: 0, network: { ...desk.network, part } });

export function turnPart(desk: Desk, by: number): Desk {
  const at = networkParts.indexOf(desk.network.part);
  return showPart(desk, networkParts[(at + by + networkParts.length) % networkParts.length] ?? 'nodes');
}

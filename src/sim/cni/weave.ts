// Weave Net, a piece of history: one bridge that spans all nodes, a mesh of encapsulated connections below it, and weave-npc that enforces NetworkPolicy (weaveworks/weave, site/kubernetes/kube-addon.md and site/tasks/manage/fastdp.md).
import type { CniFacts } from '../model/network.ts';
import type { CniPlugin } from './cni-plugin.ts';
import { hashedDevice, nodeNetworks } from './node-network.ts';
import { nodeRangesOrBlocks } from './node-ranges.ts';
import { flag, isSet } from './options.ts';

// The documentation counts 84 to 87 bytes; the underlay has to carry the most of them.
const fastDatapath: NonNullable<CniFacts['encapsulation']> = { name: 'VXLAN', protocol: 'UDP', port: 6784, overhead: 87, device: 'vxlan-6784' };

// Simplified: Weave's nodes agree among themselves on parts of 10.32.0.0/12; here pods get addresses of their node's podCIDR.
// Simplified: only the fast data path is there, not the slower one in user space (sleeve, UDP 6783) to which a connection falls back.
export const weave: CniPlugin = {
  name: 'weave',
  modes: ['fastdp'],
  options: [flag('disableNpc', 'Leaves weave-npc out (the add-on\'s disable-npc): nobody enforces policies. Not set: weave-npc enforces NetworkPolicy.')],
  historic: 'Weave Net is history: its last release is v2.8.1 of 2021-01-25, and its repository was archived in June 2024. It is here to be read about, not to be chosen.',
  reserved: 1,
  contradictions: () => [],
  traits: () => ({
    ipBlocks: 'all', services: null, denied: 'drop', deniedHttp: null, keepsSource: null,
    needs: [
      { protocol: 'TCP', port: 6783, says: 'control connections of the mesh' },
      { protocol: 'UDP', port: 6783, says: 'the slower data path in user space' },
      { protocol: 'UDP', port: 6784, says: 'the fast data path between nodes' },
    ],
    bare: false, underlayKnowsPods: false, announcedBy: 'mesh', sameSegment: false, needsPodCidr: false, withoutWireGuard: null,
  }),
  addresses: nodeRangesOrBlocks(1),
  // Weave's allocator waits for others to give some of their space back (weaveworks/weave, site/tasks/ipam).
  addFails: (failure) => (failure.kind === 'no-wireguard' ? null : 'plugin type="weave-net" name="weave" failed (add): unable to allocate IP address: Post "http://127.0.0.1:6784/ip/": context deadline exceeded'),
  compile: (input) => {
    const enforces = isSet(input.options, 'disableNpc') ? [] : ['NetworkPolicy'];
    // A constant whatever the underlay carries; WEAVE_MTU changes it.
    const mtu = input.mtu ?? 1376;
    return {
      facts: {
        plugin: 'weave', mode: input.mode, mtu, encapsulation: fastDatapath, enforces, masquerades: true, acceptsForwarded: true,
        says: `${enforces.length === 0 ? 'Weave Net without weave-npc enforces no network policies' : 'weave-npc enforces NetworkPolicy on every node'}. Weave Net was archived in 2024.`,
      },
      nodes: nodeNetworks(input, {
        tunnel: { name: fastDatapath.device, address: null, by: 'weave', via: null }, bridge: { name: 'weave', address: 0, spans: true }, pod: hashedDevice('vethwepl', 7), direct: 'node',
        others: () => [{ name: 'datapath', kind: 'bridge', address: null }],
      }, () => mtu),
    };
  },
};

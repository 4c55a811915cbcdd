// Flannel: a bridge on each node; VXLAN, WireGuard or plain routes between them; and nobody who enforces policies, unless its companion is there (flannel, Documentation/backends.md and netpol.md).
import type { CniFacts } from '../model/network.ts';
import type { CniPlugin } from './cni-plugin.ts';
import { hashedDevice, nodeNetworks } from './node-network.ts';
import { nodeRanges } from './node-ranges.ts';
import { flag, isSet } from './options.ts';

// pkg/backend/wireguard/wireguard_network.go counts 80 bytes whatever the family.
const modes: Readonly<Record<string, CniFacts['encapsulation']>> = {
  vxlan: { name: 'VXLAN', protocol: 'UDP', port: 8472, overhead: 50, device: 'flannel.1' },
  'host-gw': null,
  wireguard: { name: 'WireGuard', protocol: 'UDP', port: 51820, overhead: 80, device: 'flannel-wg' },
};

export const flannel: CniPlugin = {
  name: 'flannel',
  modes: Object.keys(modes),
  options: [flag('netpol', 'Runs kube-network-policies beside Flannel (the chart\'s netpol.enabled, since v0.25.5), which enforces NetworkPolicy. Not set: nobody enforces policies.')],
  historic: null,
  reserved: 2,
  contradictions: () => [],
  traits: (mode) => {
    const encapsulation = modes[mode] ?? null;
    return {
      ipBlocks: 'all', services: null, denied: 'drop', deniedHttp: null, keepsSource: null,
      needs: encapsulation === null ? [] : [{ protocol: 'UDP', port: encapsulation.port, says: `${encapsulation.name} between nodes` }],
      bare: encapsulation === null, underlayKnowsPods: false, announcedBy: 'agent', sameSegment: encapsulation === null,
    };
  },
  addresses: nodeRanges(2),
  compile: (input) => {
    const encapsulation = modes[input.mode] ?? null;
    const mtu = input.mtu ?? input.underlayMtu - (encapsulation?.overhead ?? 0);
    const companion = isSet(input.options, 'netpol');
    return {
      facts: {
        plugin: 'flannel', mode: input.mode, mtu, encapsulation,
        enforces: companion ? ['NetworkPolicy'] : [], masquerades: true,
        says: companion ? 'Flannel carries packets, and kube-network-policies beside it enforces NetworkPolicy.' : 'Flannel carries packets and enforces no network policies.',
      },
      nodes: nodeNetworks(input, {
        tunnel: encapsulation === null ? null : { name: encapsulation.device, address: 0, by: null, via: input.mode === 'wireguard' ? null : 'tunnel' },
        bridge: { name: 'cni0', address: 1, spans: false }, pod: hashedDevice('veth', 8), direct: 'node', others: () => [],
      }, mtu),
    };
  },
};

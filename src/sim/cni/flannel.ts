// Flannel: a bridge on each node, VXLAN or plain routes between them, and nobody who enforces network policies (flannel, Documentation/backends.md and netpol.md).
import type { CniPlugin } from './cni-plugin.ts';
import { hashedDevice, nodeNetworks } from './node-network.ts';

export const flannel: CniPlugin = {
  name: 'flannel',
  modes: ['vxlan', 'host-gw'],
  reserved: 2,
  compile: (input) => {
    const tunnels = input.mode === 'vxlan';
    const mtu = input.mtu ?? input.underlayMtu - (tunnels ? 50 : 0);
    return {
      facts: {
        plugin: 'flannel', mode: input.mode, mtu,
        encapsulation: tunnels ? { name: 'VXLAN', protocol: 'UDP', port: 8472, overhead: 50, device: 'flannel.1' } : null,
        enforces: [], masquerades: true,
        says: 'Flannel carries packets and enforces no network policies.',
      },
      nodes: nodeNetworks(input, { tunnel: tunnels ? { name: 'flannel.1', address: 0 } : null, bridge: { name: 'cni0', address: 1 }, pod: hashedDevice('veth', 8) }, mtu),
    };
  },
};

// Calico: a route to every pod, VXLAN, IP in IP or plain routes between nodes, and Felix that enforces network policies (Calico docs, "Overlay networking" and "Configure MTU").
import type { CniPlugin } from './cni-plugin.ts';
import { hashedDevice, nodeNetworks } from './node-network.ts';

const modes = {
  vxlan: { name: 'VXLAN', protocol: 'UDP', port: 4789, overhead: 50, device: 'vxlan.calico' },
  ipip: { name: 'IP in IP', protocol: 'IPIP', port: null, overhead: 20, device: 'tunl0' },
  none: null,
} as const;

// Simplified: one block of a node's whole podCIDR instead of blocks of 64 addresses taken as they are needed.
export const calico: CniPlugin = {
  name: 'calico',
  modes: Object.keys(modes),
  reserved: 1,
  compile: (input) => {
    const encapsulation = input.mode === 'vxlan' || input.mode === 'ipip' ? modes[input.mode] : null;
    const mtu = input.mtu ?? input.underlayMtu - (encapsulation?.overhead ?? 0);
    return {
      facts: {
        plugin: 'calico', mode: input.mode, mtu, encapsulation,
        enforces: ['NetworkPolicy'], masquerades: true,
        says: 'Calico enforces NetworkPolicy on every node.',
      },
      nodes: nodeNetworks(input, { tunnel: encapsulation === null ? null : { name: encapsulation.device, address: 0 }, bridge: null, pod: hashedDevice('cali', 11) }, mtu),
    };
  },
};

// Flannel: a bridge on each node; VXLAN, WireGuard or plain routes between them; and nobody who enforces policies, unless its companion is there (flannel, Documentation/backends.md and netpol.md).
import type { CniFacts } from '../model/network.ts';
import type { CniPlugin } from './cni-plugin.ts';
import { hashedDevice, nodeNetworks } from './node-network.ts';
import { hostLocalFails, nodeRanges } from './node-ranges.ts';
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
  options: [
    flag('iptablesForwardRules', 'flanneld\'s --iptables-forward-rules: appends rules to the FORWARD chain that accept the pods\' packets. Not set: it does.'),
    flag('netpol', 'Runs kube-network-policies beside Flannel (the chart\'s netpol.enabled, since v0.25.5), which enforces NetworkPolicy. Not set: nobody enforces policies.'),
  ],
  historic: null,
  reserved: 2,
  contradictions: () => [],
  traits: (mode) => {
    const encapsulation = modes[mode] ?? null;
    return {
      ipBlocks: 'all', services: null, denied: 'drop', deniedHttp: null, keepsSource: null,
      needs: encapsulation === null ? [] : [{ protocol: 'UDP', port: encapsulation.port, says: `${encapsulation.name} between nodes` }],
      bare: encapsulation === null, underlayKnowsPods: false, announcedBy: 'agent', sameSegment: encapsulation === null, needsPodCidr: true, withoutWireGuard: mode === 'wireguard' ? 'stops' : null,
    };
  },
  addresses: nodeRanges(2),
  // Where flanneld did not start, its plugin finds no subnet.env; addresses are host-local's to give.
  addFails: (failure) => (failure.kind === 'exhausted' ? `plugin type="flannel" failed (add): failed to delegate add: ${hostLocalFails(failure.ranges)}` : 'plugin type="flannel" failed (add): loadFlannelSubnetEnv failed: open /run/flannel/subnet.env: no such file or directory'),
  compile: (input) => {
    const encapsulation = modes[input.mode] ?? null;
    const mtuOf = (uplink: number): number => input.mtu ?? uplink - (encapsulation?.overhead ?? 0);
    const mtu = mtuOf(input.underlayMtu);
    const companion = isSet(input.options, 'netpol');
    return {
      facts: {
        plugin: 'flannel', mode: input.mode, mtu, encapsulation,
        enforces: companion ? ['NetworkPolicy'] : [], masquerades: true, acceptsForwarded: input.options?.['iptablesForwardRules'] !== false,
        says: companion ? 'Flannel carries packets, and kube-network-policies beside it enforces NetworkPolicy.' : 'Flannel carries packets and enforces no network policies.',
      },
      nodes: nodeNetworks(input, {
        tunnel: encapsulation === null ? null : { name: encapsulation.device, address: 0, by: null, via: input.mode === 'wireguard' ? null : 'tunnel' },
        bridge: { name: 'cni0', address: 1, spans: false }, pod: hashedDevice('veth', 8), direct: 'node', others: () => [],
      }, mtuOf),
    };
  },
};

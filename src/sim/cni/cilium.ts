// Cilium: eBPF programs at every pod, VXLAN, Geneve or plain routes between nodes, policies by identity and down to HTTP, and kube-proxy's place where it is told to take it (Cilium docs, "Routing", "System Requirements", "Layer 3 Policies").
import type { CniFacts } from '../model/network.ts';
import type { CniPlugin } from './cni-plugin.ts';
import { hashedDevice, nodeNetworks } from './node-network.ts';
import { nodeRanges } from './node-ranges.ts';
import { flag, isSet, release, since } from './options.ts';

const modes: Readonly<Record<string, CniFacts['encapsulation']>> = {
  vxlan: { name: 'VXLAN', protocol: 'UDP', port: 8472, overhead: 50, device: 'cilium_vxlan' },
  geneve: { name: 'Geneve', protocol: 'UDP', port: 6081, overhead: 50, device: 'cilium_geneve' },
  native: null,
};

// Simplified: Cilium's pods keep the nodes' MTU on their interfaces and have the smaller one on their routes; here it stands on the interfaces.
// Simplified: addresses come from the node's podCIDR (Cilium's `kubernetes` IPAM), not from Cilium's own pool 10.0.0.0/8.
export const cilium: CniPlugin = {
  name: 'cilium',
  modes: Object.keys(modes),
  options: [
    flag('kubeProxyReplacement', 'Cilium translates Services itself. Not set: kube-proxy does.'),
    flag('k8sClusterNetworkPolicy', 'Enforces ClusterNetworkPolicy (since 1.20). Not set: it does not.'),
    flag('enableIPv4Masquerade', 'Pods\' addresses are rewritten outside the pods\' ranges. Not set: they are.'),
    release('The release: 1.20 is the first that knows k8sClusterNetworkPolicy. Not set: it knows it.'),
  ],
  historic: null,
  reserved: 2,
  contradictions: (options) => (isSet(options, 'k8sClusterNetworkPolicy') && since(options, 1, 20) === false
    ? [{ option: 'k8sClusterNetworkPolicy', says: 'Cilium knows ClusterNetworkPolicy since 1.20 only', help: 'Leave it out, or use version 1.20 or later.' }] : []),
  traits: (mode, options) => {
    const encapsulation = modes[mode] ?? null;
    return {
      ipBlocks: 'outside', denied: 'drop', deniedHttp: { status: 403, body: 'Access denied' }, keepsSource: null,
      services: isSet(options, 'kubeProxyReplacement') ? { noEndpoints: 'reject', unknown: 'forward', noLocalEndpoints: 'drop', atConnect: true, localhostNodePorts: true } : null,
      needs: [...(encapsulation === null ? [] : [{ protocol: encapsulation.protocol, port: encapsulation.port, says: `${encapsulation.name} between nodes` }])],
      bare: encapsulation === null, underlayKnowsPods: false, announcedBy: 'agent', sameSegment: encapsulation === null, needsPodCidr: true, withoutWireGuard: null,
    };
  },
  addresses: nodeRanges(2),
  // Without a podCIDR the agent waits for one, and nobody listens on its socket.
  addFails: (failure) => (failure.kind === 'exhausted' ? 'plugin type="cilium-cni" failed (add): unable to allocate IP via local cilium agent: [POST /ipam][502] postIpamFailure "range is full"'
    : failure.kind === 'no-range' ? 'plugin type="cilium-cni" failed (add): unable to connect to Cilium agent: failed to create cilium agent client after 30.000000 seconds timeout: Get "http://localhost/v1/config": dial unix /var/run/cilium/cilium.sock: connect: no such file or directory' : null),
  compile: (input) => {
    const encapsulation = modes[input.mode] ?? null;
    const mtuOf = (uplink: number): number => input.mtu ?? uplink - (encapsulation?.overhead ?? 0);
    const mtu = mtuOf(input.underlayMtu);
    const tiers = isSet(input.options, 'k8sClusterNetworkPolicy');
    return {
      facts: {
        plugin: 'cilium', mode: input.mode, mtu, encapsulation,
        enforces: ['NetworkPolicy', 'CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', ...(tiers ? ['ClusterNetworkPolicy'] : [])],
        masquerades: input.options?.['enableIPv4Masquerade'] !== false, acceptsForwarded: true,
        says: `Cilium enforces NetworkPolicy, its own policies${tiers ? ' and ClusterNetworkPolicy' : ''} on every node, by the identity of pods and not by their addresses.`,
      },
      nodes: nodeNetworks(input, {
        tunnel: encapsulation === null ? null : { name: encapsulation.device, address: null, by: 'cilium_host', via: 'self' }, bridge: null, pod: hashedDevice('lxc', 12), direct: 'node',
        others: () => [{ name: 'cilium_net', kind: 'veth', address: null }, { name: 'cilium_host', kind: 'veth', address: 1 }],
      }, mtuOf),
    };
  },
};

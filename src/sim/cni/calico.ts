// Calico: a route to every pod, VXLAN, IP in IP or plain routes between nodes, and Felix that enforces network policies (Calico docs, "Overlay networking", "Configure MTU", "System requirements").
import type { CniFacts } from '../model/network.ts';
import type { CniOptions, CniPlugin } from './cni-plugin.ts';
import { hashedDevice, nodeNetworks, type Devices } from './node-network.ts';
import { nodeRangesOrBlocks } from './node-ranges.ts';
import { flag, isSet, oneOf, release, since, textOf } from './options.ts';

type Encapsulation = CniFacts['encapsulation'];

// `bgp` and `none` are one thing: an IP pool without encapsulation, whose routes BGP announces.
const modes: Readonly<Record<string, Encapsulation>> = {
  vxlan: { name: 'VXLAN', protocol: 'UDP', port: 4789, overhead: 50, device: 'vxlan.calico' },
  ipip: { name: 'IP in IP', protocol: 'IPIP', port: null, overhead: 20, device: 'tunl0' },
  bgp: null,
  none: null,
};

const wireGuard: Encapsulation = { name: 'WireGuard', protocol: 'UDP', port: 51820, overhead: 60, device: 'wireguard.cali' };

const encapsulationOf = (mode: string, options: CniOptions | undefined): Encapsulation => (isSet(options, 'wireguardEnabled') ? wireGuard : modes[mode] ?? null);

/**
 * Calico 3.29 brought AdminNetworkPolicy, 3.30 the baseline one, and 3.32 took both away for ClusterNetworkPolicy (release notes; calico#10745, tigera/docs#2416).
 * Simplified: a Calico whose release nobody names enforces all three kinds, as the release would that the policies were written for.
 */
function enforced(options: CniOptions | undefined): readonly string[] {
  const [admin, baseline, cluster] = [since(options, 3, 29), since(options, 3, 30), since(options, 3, 32)];
  return [
    'NetworkPolicy',
    ...(admin !== false && cluster !== true ? ['AdminNetworkPolicy'] : []),
    ...(baseline !== false && cluster !== true ? ['BaselineAdminNetworkPolicy'] : []),
    ...(cluster !== false ? ['ClusterNetworkPolicy'] : []),
  ];
}

function saying(options: CniOptions | undefined): string {
  const kinds = enforced(options);
  const version = textOf(options, 'version');
  return `Calico${version === null ? '' : ` ${version}`} enforces ${kinds.length === 1 ? kinds[0] ?? '' : `${kinds.slice(0, -1).join(', ')} and ${kinds.at(-1) ?? ''}`} on every node.`;
}

/** BIRD's routes through an IP in IP tunnel name the other node; Felix' through VXLAN the other end of the tunnel. */
const tunnelOf = (encapsulation: Encapsulation): Devices['tunnel'] =>
  (encapsulation === null ? null : { name: encapsulation.device, address: 0, by: null, via: encapsulation === wireGuard ? null : encapsulation.protocol === 'IPIP' ? 'node' : 'tunnel' });

// Simplified: one block of a node's whole podCIDR instead of blocks of 64 addresses taken as they are needed.
export const calico: CniPlugin = {
  name: 'calico',
  modes: Object.keys(modes),
  options: [
    oneOf('dataplane', ['iptables', 'nftables', 'ebpf'], 'FelixConfiguration and Installation: linuxDataplane. Not set: iptables. ebpf takes kube-proxy\'s place; nftables is generally available since 3.31.'),
    flag('wireguardEnabled', 'FelixConfiguration: packets between nodes are encrypted. Not set: they are not.'),
    flag('natOutgoing', 'IPPool: pods\' addresses are rewritten outside the pods\' ranges. Not set: they are.'),
    oneOf('denyAction', ['Drop', 'Reject'], 'FelixConfiguration iptablesFilterDenyAction: what a denied packet meets. Not set: Drop.'),
    release('The release, which decides what it enforces: AdminNetworkPolicy from 3.29 to 3.31, BaselineAdminNetworkPolicy in 3.30 and 3.31, ClusterNetworkPolicy from 3.32. Not set: all of them.'),
  ],
  historic: null,
  reserved: 1,
  contradictions: (options) => [
    ...(textOf(options, 'dataplane') === 'ebpf' && options['denyAction'] === 'Reject' ? [{ option: 'denyAction', says: 'Calico\'s eBPF data plane drops what is denied; denyAction is a setting of its iptables rules', help: 'Leave denyAction out, or use dataplane: iptables.' }] : []),
  ],
  traits: (mode, options) => {
    const encapsulation = encapsulationOf(mode, options);
    const border = mode === 'vxlan' ? [] : [{ protocol: 'TCP', port: 179, says: 'BGP between nodes' } as const];
    return {
      ipBlocks: 'all', denied: options['denyAction'] === 'Reject' ? 'reject' : 'drop', deniedHttp: null, keepsSource: null,
      // felix/bpf-gpl/tc.c: NAT_NO_BACKEND is answered with ICMP port unreachable.
      services: textOf(options, 'dataplane') === 'ebpf' ? { noEndpoints: 'reject', unknown: 'forward', noLocalEndpoints: 'drop', atConnect: true, localhostNodePorts: null } : null,
      needs: [...(encapsulation === null ? [] : [{ protocol: encapsulation.protocol, port: encapsulation.port, says: `${encapsulation.name} between nodes` }]), ...border],
      bare: encapsulation === null, underlayKnowsPods: false, announcedBy: mode === 'vxlan' ? 'agent' : 'bgp', sameSegment: encapsulation === null,
      needsPodCidr: false, withoutWireGuard: isSet(options, 'wireguardEnabled') ? 'unencrypted' : null,
    };
  },
  addresses: nodeRangesOrBlocks(1),
  addFails: (failure) => (failure.kind === 'no-wireguard' ? null : `plugin type="calico" failed (add): failed to request IPv4 addresses: Assigned 0 out of 1 requested IPv4 addresses; No IPs available in pools: [${failure.kind === 'exhausted' ? failure.podRanges.join(' ') : ''}]`),
  compile: (input) => {
    const encapsulation = encapsulationOf(input.mode, input.options);
    // Felix takes the smallest MTU of what is switched on: WireGuard's is the smallest of all.
    const mtuOf = (uplink: number): number => input.mtu ?? uplink - (encapsulation?.overhead ?? 0);
    const mtu = mtuOf(input.underlayMtu);
    return {
      facts: {
        plugin: 'calico', mode: input.mode, mtu, encapsulation,
        ...(encapsulation === wireGuard && input.nodes.some(({ wireguard }) => wireguard === false) ? { unencrypted: modes[input.mode] ?? null } : {}),
        enforces: enforced(input.options), masquerades: input.options?.['natOutgoing'] !== false,
        // Felix appends the rule that accepts since 3.16; of an accept in a table of its own nftables goes on to the next one.
        acceptsForwarded: textOf(input.options, 'dataplane') !== 'nftables',
        says: saying(input.options),
      },
      nodes: nodeNetworks(input, {
        tunnel: tunnelOf(encapsulation), bridge: null, pod: hashedDevice('cali', 11), direct: 'node', others: () => [],
        // To a node that published no key Felix sends as it would without WireGuard ("Encrypt in-cluster pod traffic").
        ...(encapsulation === wireGuard ? { unencrypted: { tunnel: tunnelOf(modes[input.mode] ?? null) } } : {}),
      }, mtuOf),
    };
  },
};

// The Amazon VPC CNI: pods have real addresses of the nodes' subnets, held by the node's network interfaces (ENIs); no tunnel, and policies only where they are switched on (amazon-vpc-cni-k8s README; EKS user guide, "cni-network-policy").
import { formatAddress, parseAddress, parseRange, rangeHolds, type AddressRange } from '../base/address.ts';
import type { CniNode, CniOptions, CniPlugin, IpamInput, NodeAddresses } from './cni-plugin.ts';
import { instanceLimits, instanceTypes, type InstanceLimits } from './instance-types.ts';
import { hashedDevice, nodeNetworks } from './node-network.ts';
import { flag, isSet, matching, oneOf, release, since, textOf } from './options.ts';

const defaultType = 'm5.large';

const limitsOf = (options: CniOptions | undefined, label: string | null): InstanceLimits => {
  const wanted = (label === null ? undefined : instanceLimits(label)) ?? instanceLimits(textOf(options, 'instanceType') ?? defaultType);
  return wanted ?? { interfaces: 3, addresses: 10 };
};

/** Pods of one node that may have an address: the first address of each interface is the interface's own. */
export const podAddresses = ({ interfaces, addresses }: InstanceLimits, prefixes: boolean): number => interfaces * (addresses - 1) * (prefixes ? 16 : 1);

/**
 * What kubelet is told: two more than there are addresses, for the two pods on the node's own network that run everywhere (aws-node and kube-proxy).
 * Simplified: with prefixes never more than 110, EKS' advice for instances of up to 30 CPUs; larger ones may have 250.
 */
export const maxPods = (limits: InstanceLimits, prefixes: boolean): number => {
  const most = podAddresses(limits, prefixes) + 2;
  return prefixes ? Math.min(most, 110) : most;
};

const around = (ip: string): AddressRange | undefined => (ip.includes(':') ? undefined : parseRange(`${ip}/24`));

const cidrOf = (first: bigint): string => `${formatAddress({ family: 'IPv4', value: first })}/28`;

/** The subnets that hold nodes: those of the document, or the /24 around each node. */
function subnetsOf(options: CniOptions | undefined, nodes: IpamInput['nodes']): readonly AddressRange[] {
  const said = textOf(options, 'subnets')?.split(',').flatMap((cidr) => parseRange(cidr) ?? []) ?? [];
  const found = new Map<bigint, AddressRange>();
  for (const subnet of said) found.set(subnet.first, subnet);
  for (const { internal } of nodes) {
    for (const ip of internal) {
      const address = parseAddress(ip);
      const subnet = around(ip);
      if (address !== undefined && subnet !== undefined && ![...found.values()].some((one) => rangeHolds(one, address))) found.set(subnet.first, subnet);
    }
  }
  return [...found.values()].sort((left, right) => (left.first < right.first ? -1 : 1));
}

/** Blocks of sixteen without an address that is taken: nodes have some, and of each subnet AWS keeps the first four and the last. */
function freeBlocks(subnet: AddressRange, nodes: IpamInput['nodes']): string[] {
  const taken = nodes.flatMap(({ internal }) => internal.flatMap((ip) => { const address = parseAddress(ip); return address?.family === 'IPv4' ? [address.value] : []; }));
  const blocks: string[] = [];
  for (let first = subnet.first + 16n; first + 31n <= subnet.last; first += 16n) {
    if (!taken.some((value) => first <= value && value <= first + 15n)) blocks.push(cidrOf(first));
  }
  return blocks;
}

// Simplified: a node's addresses come in blocks of sixteen also without prefix delegation, dealt out in turn to the nodes of a subnet when the cluster starts; ipamd takes single free addresses as pods come and go, and adds interfaces as it needs them.
// Simplified: IPv4 only; EKS clusters of IPv6 give each node a /80.
function addresses(input: IpamInput): readonly NodeAddresses[] {
  const prefixes = isSet(input.options, 'enablePrefixDelegation');
  const ranges = new Map<string, string[]>(input.nodes.map(({ name }) => [name, []]));
  const limits = new Map(input.nodes.map((node) => [node.name, limitsOf(input.options, node.instanceType)]));
  for (const subnet of subnetsOf(input.options, input.nodes)) {
    const here = input.nodes.filter(({ internal }) => internal.some((ip) => { const address = parseAddress(ip); return address !== undefined && rangeHolds(subnet, address); }));
    const wants = (name: string): boolean => {
      const of = limits.get(name);
      return of !== undefined && (ranges.get(name)?.length ?? 0) * 16 < Math.min(podAddresses(of, prefixes), maxPods(of, prefixes));
    };
    let turn = 0;
    for (const block of freeBlocks(subnet, input.nodes)) {
      const next = here.findIndex((_, index) => wants(here[(turn + index) % here.length]?.name ?? ''));
      if (next === -1) break;
      const node = here[(turn + next) % here.length];
      ranges.get(node?.name ?? '')?.push(block);
      turn += next + 1;
    }
  }
  return input.nodes.map(({ name }) => {
    const of = limits.get(name) ?? limitsOf(input.options, null);
    return { name, ranges: ranges.get(name) ?? [], reserved: 0, wholeRange: true, capacity: podAddresses(of, prefixes), maxPods: maxPods(of, prefixes), systemPods: 2 };
  });
}

/** Interfaces beside the first one that the node needs for its pods. */
function moreInterfaces(node: CniNode, options: CniOptions | undefined): readonly { readonly name: string; readonly kind: 'uplink'; readonly address: null }[] {
  const of = limitsOf(options, null);
  const each = podAddresses({ interfaces: 1, addresses: of.addresses }, isSet(options, 'enablePrefixDelegation'));
  const count = Math.min(of.interfaces, Math.max(1, Math.ceil(node.pods.length / each)));
  return Array.from({ length: count - 1 }, (_, index) => ({ name: `eth${index + 1}`, kind: 'uplink', address: null }));
}

export const awsVpcCni: CniPlugin = {
  name: 'aws-vpc-cni',
  modes: ['vpc'],
  options: [
    flag('enableNetworkPolicy', 'Enforces NetworkPolicy (since v1.14). Not set: nobody does.'),
    flag('enablePrefixDelegation', 'Interfaces get blocks of sixteen addresses instead of single ones: more pods a node. Not set: single ones.'),
    flag('externalSNAT', 'AWS_VPC_K8S_CNI_EXTERNALSNAT: the node leaves pods\' addresses alone outside the VPC too, for a NAT gateway. Not set: it puts its own there.'),
    oneOf('instanceType', instanceTypes, `Of nodes without the label node.kubernetes.io/instance-type: how many interfaces and addresses they may have. Not set: ${defaultType}.`),
    matching('subnets', '^[0-9.]+/[0-9]+(,[0-9.]+/[0-9]+)*$', 'CIDRs of the subnets that nodes are in, with commas between. Not set: the /24 around each node.'),
    matching('vpc', '^[0-9.]+/[0-9]+(,[0-9.]+/[0-9]+)*$', 'CIDRs of the VPC, within which pods keep their addresses. Not set: 192.168.0.0/16.'),
    release('The release: v1.14 is the first that knows enableNetworkPolicy. Not set: it knows it.'),
  ],
  historic: null,
  // Of a subnet; the blocks that `addresses` gives out leave nothing out.
  reserved: 4,
  contradictions: (options) => [
    ...(isSet(options, 'enableNetworkPolicy') && since(options, 1, 14) === false
      ? [{ option: 'enableNetworkPolicy', says: 'the Amazon VPC CNI knows enableNetworkPolicy since v1.14 only', help: 'Leave it out, or use version 1.14 or later.' }] : []),
    ...['subnets', 'vpc'].flatMap((option) => {
      const wrong = textOf(options, option)?.split(',').find((cidr) => parseRange(cidr) === undefined);
      return wrong === undefined ? [] : [{ option, says: `${wrong} is no range of addresses`, help: 'A range is written like 192.168.0.0/16.' }];
    }),
  ],
  traits: (_, options) => ({
    ipBlocks: 'all', services: null, denied: 'drop', deniedHttp: null,
    needs: [], bare: true, underlayKnowsPods: true, announcedBy: 'cloud', sameSegment: false, needsPodCidr: false, withoutWireGuard: null,
    keepsSource: (textOf(options, 'vpc') ?? '192.168.0.0/16').split(','),
  }),
  addresses,
  addFails: (failure) => (failure.kind === 'no-wireguard' ? null : 'plugin type="aws-cni" name="aws-cni" failed (add): add cmd: failed to assign an IP address to container'),
  compile: (input) => {
    // AWS' networks carry 9001 bytes, and no more.
    const mtuOf = (uplink: number): number => input.mtu ?? Math.min(uplink, 9001);
    const mtu = mtuOf(input.underlayMtu);
    const enforces = isSet(input.options, 'enableNetworkPolicy');
    return {
      facts: {
        plugin: 'aws-vpc-cni', mode: input.mode, mtu, encapsulation: null,
        // The ClusterNetworkPolicy that EKS knows is of a group of its own (networking.k8s.aws), not the one of policy.networking.k8s.io.
        enforces: enforces ? ['NetworkPolicy'] : [], masquerades: !isSet(input.options, 'externalSNAT'),
        says: enforces ? 'The Amazon VPC CNI enforces NetworkPolicy on every node.' : 'The Amazon VPC CNI enforces no network policies as long as enableNetworkPolicy is not set.',
      },
      nodes: nodeNetworks(input, { tunnel: null, bridge: null, pod: hashedDevice('eni', 11), direct: 'underlay', others: (node) => moreInterfaces(node, input.options) }, mtuOf),
    };
  },
};

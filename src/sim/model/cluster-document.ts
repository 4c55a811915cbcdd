// The Cluster document: what manifests rarely say of the nodes, their plugin and what lies between them.
import type { KubeObject, Protocol } from './object.ts';

/** A host outside the cluster, from `underlay.hosts`. */
export interface OutsideHost {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly ports?: readonly { readonly port: number; readonly protocol?: Protocol; readonly tls?: readonly string[]; readonly hosts?: readonly string[] }[];
}

/** One thing that a security group lets through; it has no rules that deny. */
export interface SecurityGroupRule {
  /** The other end: `nodes` (every node's address), `group/NAME` (members of that group), `anywhere`, or a CIDR. Not set: anywhere. */
  readonly peer?: string;
  /** Not set: everything. `IPIP` is IP protocol 4. */
  readonly protocol?: 'TCP' | 'UDP' | 'SCTP' | 'ICMP' | 'IPIP' | 'all';
  /** One number or `LOW-HIGH`; not set: all ports. */
  readonly ports?: number | string;
}

/** A stateful firewall around machines, as clouds have it: what no rule lets through is dropped. A node in several gets the union. */
export interface SecurityGroup {
  readonly name: string;
  /** Names of the nodes in it; not set: all of them, unless `pods` is. */
  readonly nodes?: readonly string[];
  /** Pods with an interface of their own in it (AWS: security groups for pods); it is applied to them in place of their node's. */
  readonly pods?: { readonly namespace: string; readonly matchLabels?: Readonly<Record<string, string>> };
  readonly ingress?: readonly SecurityGroupRule[];
  /** Not set: everything may leave. */
  readonly egress?: readonly SecurityGroupRule[];
}

/** What lies between the nodes. */
export interface ClusterUnderlay {
  readonly hosts?: readonly OutsideHost[];
  /** What the nodes' network carries, in bytes. Not set: 1500. */
  readonly mtu?: number;
  /** `lost`: somebody filters ICMP "fragmentation needed", so that senders never learn of a smaller MTU on the way. Not set: `delivered`. */
  readonly fragmentationNeeded?: 'delivered' | 'lost';
  /** The cloud drops what does not carry the machine's own address. Not set: false. */
  readonly sourceDestinationCheck?: boolean;
  readonly securityGroups?: readonly SecurityGroup[];
  /** Nodes that share a segment, so that they can be each other's next hop. Not set: all of them. */
  readonly segments?: readonly (readonly string[])[];
  /** Anything but false: a cloud makes load balancers for Services of that type. Not set: none does. */
  readonly loadBalancers?: unknown;
}

/** BGP between the nodes, where the plugin announces pods' ranges with it. */
export interface ClusterBgp {
  /** Every node's AS unless it says another. Not set: 64512. */
  readonly asNumber?: number;
  /** Labels of the nodes that reflect routes; all others have sessions with these only. Not set: every node with every other (the full mesh). */
  readonly routeReflectors?: Readonly<Record<string, string>>;
}

/** A Service as a dead kube-proxy left it in a node's rules. */
export interface StaleService {
  /** `NAMESPACE/NAME`. */
  readonly service: string;
  /** `IP:PORT` of the endpoints that the rules still have, for every port of the Service; not set: the Service came later, and the node has no rule for it. */
  readonly endpoints?: readonly string[];
}

/** What is particular about one node. Addresses, labels, taints and ranges stand in its Node object. */
export interface ClusterNode {
  readonly name: string;
  /** `false`: nobody put a CNI configuration there. */
  readonly cniInstalled?: boolean;
  readonly kubeProxy?: {
    /** `false`: it runs no more; the rules that it wrote last stay in the kernel. */
    readonly running?: boolean;
    /** Where these rules differ from what the Services are now. */
    readonly stale?: readonly StaleService[];
  };
  /** The connection tracking table. Not set: it has room. */
  readonly conntrack?: { readonly max?: number; readonly used?: number };
  /** `net.ipv4.conf.all.rp_filter`. Not set: `loose`. */
  readonly rpFilter?: 'none' | 'strict' | 'loose';
  /** Of the filter table's FORWARD chain. Not set: `ACCEPT`. */
  readonly forwardPolicy?: 'ACCEPT' | 'DROP';
  /** `net.ipv4.ip_forward`. Not set: true. */
  readonly ipForward?: boolean;
  /** Of a bridge's ports: a packet may leave by the port that it came by. Not set: true. */
  readonly hairpinMode?: boolean;
  /** Of the uplink. Not set: the underlay's. */
  readonly mtu?: number;
  /** Ranges to which the agent should have made a route and has not. */
  readonly missingRoutes?: readonly string[];
  /** The address under which the plugin's agent announces the node to the others. Not set: its first InternalIP. */
  readonly announces?: string;
  readonly asNumber?: number;
  /** `false`: the kernel has no WireGuard. */
  readonly wireguard?: boolean;
  /** More interfaces to the nodes' network; the default route stays with the first. Addresses with prefix length. */
  readonly interfaces?: readonly { readonly name: string; readonly address: string }[];
  /** Of the node: `/etc/resolv.conf`, as one text. Not set: the underlay's resolver. */
  readonly resolvConf?: string;
  /** kubelet's `clusterDNS`. Not set: the cluster's. */
  readonly clusterDNS?: readonly string[];
  /** kubelet's `maxPods`. Not set: what the plugin says, else 110. */
  readonly maxPods?: number;
}

/** What manifests rarely say: nodes' plugin, proxy, ranges and what lies between the nodes (cli.md, "The cluster around the manifests"). */
export interface ClusterObject extends KubeObject {
  readonly apiVersion: 'k8snet-lab/v1';
  readonly kind: 'Cluster';
  readonly spec?: {
    readonly cni?: { readonly plugin?: string; readonly mode?: string; readonly mtu?: number };
    readonly kubeProxy?: { readonly mode?: string };
    readonly network?: { readonly pods?: string; readonly services?: string; readonly domain?: string };
    readonly underlay?: ClusterUnderlay & Readonly<Record<string, unknown>>;
    readonly bgp?: ClusterBgp;
    readonly nodes?: readonly ClusterNode[];
  };
}

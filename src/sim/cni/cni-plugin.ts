// The contract of CNI plugins: each compiles nodes and pods into common data, so that the tracer never asks which plugin it is.
import type { CniFacts, NetworkInterface, Route } from '../model/network.ts';

/** Values of `spec.cni` by the names of the plugin's options; one that is not set is absent. */
export type CniOptions = Readonly<Record<string, string | boolean>>;

/** A field of `spec.cni` beside `plugin`, `mode` and `mtu`, called as the plugin's own settings call it. */
export interface CniOption {
  readonly name: string;
  readonly type: 'boolean' | 'string';
  /** The only texts that it takes; `null` where `pattern` says what it takes, or where it is a boolean. */
  readonly values: readonly string[] | null;
  readonly pattern: string | null;
  /** What it is for, and what holds where it is not set. */
  readonly says: string;
}

export interface CniNode {
  readonly name: string;
  /** InternalIPs, the first of each family first. */
  readonly internal: readonly string[];
  /** CIDRs from which its pods get their addresses. */
  readonly podRanges: readonly string[];
  readonly pods: readonly { readonly key: string; readonly addresses: readonly string[] }[];
  /** Of the uplink; absent: the underlay's. */
  readonly mtu?: number;
  /** The address under which the others know it; absent: its first InternalIP. */
  readonly announces?: string;
  /** False: its kernel has no WireGuard. */
  readonly wireguard?: boolean;
  /** More interfaces to the nodes' network; addresses with prefix length. */
  readonly interfaces?: readonly { readonly name: string; readonly address: string }[];
}

export interface CniInput {
  /** One of the plugin's {@link CniPlugin.modes}. */
  readonly mode: string;
  /** `null`: what the plugin works out from the underlay. */
  readonly mtu: number | null;
  readonly underlayMtu: number;
  /** The router of the nodes' network. */
  readonly gateway: string;
  readonly podRanges: readonly string[];
  readonly nodes: readonly CniNode[];
  /** Absent: the plugin's defaults. A plugin that `chooseCni` gave out has its options already. */
  readonly options?: CniOptions;
}

export interface CniOutput {
  readonly facts: CniFacts;
  /** In the order of the input's nodes; routes most specific first. */
  readonly nodes: readonly { readonly name: string; readonly interfaces: readonly NetworkInterface[]; readonly routes: readonly Route[] }[];
}

/** Before the first pod has an address. */
export interface IpamInput {
  /** CIDRs of all pods, as the Cluster document has them. */
  readonly podRanges: readonly string[];
  readonly nodes: readonly {
    readonly name: string;
    readonly internal: readonly string[];
    /** `spec.podCIDRs`. */
    readonly podRanges: readonly string[];
    /** The label `node.kubernetes.io/instance-type`; `null` without one. */
    readonly instanceType: string | null;
  }[];
  readonly options?: CniOptions;
}

export interface NodeAddresses {
  readonly name: string;
  /** CIDRs, used up one after the other; each family by itself. */
  readonly ranges: readonly string[];
  /** Addresses at the start of each range that no pod gets. */
  readonly reserved: number;
  /** True: the last address of a range goes to a pod too; it is no network's broadcast address. */
  readonly wholeRange: boolean;
  /** How many pods may have an address of their own; `null`: as many as the ranges hold. */
  readonly capacity: number | null;
  /** What kubelet is told (`status.allocatable.pods`); `null`: kubelet's own default, 110. */
  readonly maxPods: number | null;
  /** How many of them are pods on the node's own network that the plugin and kube-proxy run everywhere; they are counted where nobody declared them. Absent: not counted. */
  readonly systemPods?: number;
}

/** Why a pod on a node gets no network. */
export type AddFailure =
  | { readonly kind: 'exhausted'; readonly ranges: readonly string[]; readonly podRanges: readonly string[] }
  /** The node has no range (`spec.podCIDR`). */
  | { readonly kind: 'no-range' }
  /** The kernel has no WireGuard, and the plugin was told to use it. */
  | { readonly kind: 'no-wireguard' };

/** What becomes of Services where the plugin takes kube-proxy's place (failures.md 0.2). */
export interface ServiceTraits {
  /** A Service without endpoints: ICMP port unreachable at once, or silence. */
  readonly noEndpoints: 'reject' | 'drop';
  /** A cluster address with a port that no Service has, and an address that no Service has: sent on as any other address, to nobody. */
  readonly unknown: 'forward';
  /** A `Local` policy without endpoints on the node. */
  readonly noLocalEndpoints: 'drop';
  /** True: pods and nodes connect to the endpoint itself, so that no packet ever carries the cluster address. */
  readonly atConnect: boolean;
  /** Node ports answer on 127.0.0.1 of the node; `null` where no source was found. */
  readonly localhostNodePorts: boolean | null;
}

/** What differs between plugins beside addresses and routes. It needs no pods, so that it is known before any is placed. */
export interface CniTraits {
  /** What an `ipBlock` matches: every address, or only those that are neither pods' nor nodes' of the cluster. */
  readonly ipBlocks: 'all' | 'outside';
  /** `null`: kube-proxy is needed. */
  readonly services: ServiceTraits | null;
  /** What a denied packet meets: silence, or an ICMP message that makes the client fail at once. */
  readonly denied: 'drop' | 'reject';
  /** What a request gets that an HTTP rule denies; `null`: the plugin has no HTTP rules. */
  readonly deniedHttp: { readonly status: number; readonly body: string } | null;
  /** What firewalls between the nodes have to let through; `port` is `null` for what has none. Empty with `bare`: the pods' packets themselves. */
  readonly needs: readonly { readonly protocol: 'TCP' | 'UDP' | 'IPIP'; readonly port: number | null; readonly says: string }[];
  /** True: between nodes packets carry pods' addresses for everyone to see, as source/destination checks and firewalls do. */
  readonly bare: boolean;
  /** True: the underlay itself knows whose the pods' addresses are; no source/destination check stops them. */
  readonly underlayKnowsPods: boolean;
  /** Who tells a node the way to the pods of the others: the plugin's agent (from the API server), BGP sessions between nodes, the plugin's own mesh, or the cloud's network. */
  readonly announcedBy: 'agent' | 'bgp' | 'mesh' | 'cloud';
  /** True: nodes are each other's next hop and must share one network segment. */
  readonly sameSegment: boolean;
  /** Destinations to which a pod's packet goes with its own source address; `null`: the pods' ranges. */
  readonly keepsSource: readonly string[] | null;
  /** True: its agent does not start on a node without `spec.podCIDR`. */
  readonly needsPodCidr: boolean;
  /** Between nodes packets are encrypted with WireGuard; what becomes of a node whose kernel has none: its agent does not start, or its packets go unencrypted. `null`: no WireGuard. */
  readonly withoutWireGuard: 'stops' | 'unencrypted' | null;
}

/** One plugin. `compile` is called once for each network; everything that differs between plugins is in what it returns. */
export interface CniPlugin {
  readonly name: string;
  /** The first is the default. */
  readonly modes: readonly string[];
  readonly options: readonly CniOption[];
  /** One sentence where nobody maintains the plugin any more; `null` otherwise. */
  readonly historic: string | null;
  /** Addresses at the start of a node's range that no pod gets: the network's own, the bridge's or the tunnel's. */
  readonly reserved: number;
  /** What the document says that cannot be, beside fields and their values: a sentence by the option's name. */
  readonly contradictions: (options: CniOptions) => readonly { readonly option: string; readonly says: string; readonly help: string | null }[];
  readonly traits: (mode: string, options: CniOptions) => CniTraits;
  readonly addresses: (input: IpamInput) => readonly NodeAddresses[];
  /** What the kubelet is told when a pod's network cannot be made, behind "failed to setup network for sandbox"; `null` where that is no failure for the plugin. */
  readonly addFails: (failure: AddFailure) => string | null;
  readonly compile: (input: CniInput) => CniOutput;
}

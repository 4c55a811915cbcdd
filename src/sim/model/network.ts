// The network as it was worked out from what is declared: plain data that the tracer walks and that every printer (kubectl get, iptables-save, ip route) reads.
import type { EdgeFacts } from './edge.ts';
import type { ResolverName } from './lookup.ts';
import type { EndpointSlice, Family, KubeObject, Labels, Namespace, ObjectRef, Pod, Protocol, Service, Taint } from './object.ts';
import type { PolicyPod } from './policy.ts';

/** Everything is sorted by name (namespace first) and nothing refers back to the store. */
export interface Network {
  readonly seed: number;
  /** The Cluster document that says what stands around the manifests; `Cluster lab` where none is declared. */
  readonly cluster: { readonly ref: ObjectRef; readonly declared: boolean };
  /** Without a dot at the end: `cluster.local`. */
  readonly domain: string;
  /** CIDRs, one a family. */
  readonly podRanges: readonly string[];
  readonly serviceRanges: readonly string[];
  readonly nodePortRange: readonly [low: number, high: number];
  readonly cni: CniFacts;
  readonly proxy: ProxyFacts;
  readonly namespaces: readonly NetworkNamespace[];
  readonly nodes: readonly NetworkNode[];
  readonly pods: readonly NetworkPod[];
  /** Root owners with their pods, bare pods among them; also those that want no pods. */
  readonly workloads: readonly NetworkWorkload[];
  readonly services: readonly NetworkService[];
  readonly policy: PolicyFacts;
  readonly dns: DnsFacts;
  readonly outside: OutsideFacts;
  readonly underlay: UnderlayFacts;
  /** The way in over HTTP: Ingresses and Gateways, by the pods that serve them. */
  readonly edge: EdgeFacts;
}

/** What the CNI plugin does, said in common words: the tracer never asks which plugin it is. */
export interface CniFacts {
  readonly plugin: string;
  readonly mode: string;
  /** Of the pods' interfaces. */
  readonly mtu: number;
  /** How packets between nodes travel; `null` when they are routed as they are. */
  readonly encapsulation: { readonly name: string; readonly protocol: 'UDP' | 'IPIP'; readonly port: number | null; readonly overhead: number; readonly device: string } | null;
  /** How they travel where one of the two nodes has no WireGuard, by routes through this device; absent: no such node is there. */
  readonly unencrypted?: CniFacts['encapsulation'];
  /** Kinds of policies that somebody enforces: `NetworkPolicy` … */
  readonly enforces: readonly string[];
  /** Pods whose source the plugin rewrites when they leave the pod ranges. */
  readonly masquerades: boolean;
  /** Its own rules accept pods' packets in the nodes' FORWARD chains, so that their policy does not count; absent: they do not. */
  readonly acceptsForwarded?: boolean;
  /** Destinations to which a pod's packet goes with its own source; absent: the pods' ranges. */
  readonly keepsSource?: readonly string[];
  /** What a packet meets that a policy denies: silence, or an ICMP message that makes the client fail at once; absent: silence. */
  readonly denied?: 'drop' | 'reject';
  /** What its proxy answers to a request that a rule on HTTP does not let through; absent: 403. */
  readonly deniedHttp?: { readonly status: number; readonly body: string };
  /** One sentence for lessons and `why`: who enforces policies, or that nobody does. */
  readonly says: string;
}

export type ProxyMode = 'iptables' | 'ipvs' | 'nftables' | 'none';

/** What becomes of Services where the CNI plugin's eBPF programs take kube-proxy's place. */
export interface ProxyReplacement {
  /** As it stands in sentences: the plugin. */
  readonly by: string;
  readonly noEndpoints: 'reject' | 'drop';
  /** Pods and nodes connect to the endpoint itself: no packet of theirs carries a cluster address. */
  readonly atConnect: boolean;
  /** `null` where it is not known. */
  readonly localhostNodePorts: boolean | null;
}

export interface ProxyFacts {
  /** `none` without a replacement: nobody translates Services. */
  readonly mode: ProxyMode;
  readonly replacement: ProxyReplacement | null;
  /** Sources in these ranges are pods (`clusterCIDR`); empty: no local detection, nothing is masqueraded because of its source. */
  readonly clusterRanges: readonly string[];
  readonly masqueradeAll: boolean;
  /** CIDRs of the node addresses on which node ports answer; empty: all of them. */
  readonly nodePortAddresses: readonly string[];
  readonly localhostNodePorts: boolean;
}

export interface NetworkNamespace {
  readonly name: string;
  readonly labels: Labels;
  readonly implied: boolean;
}

export interface NetworkNode {
  readonly name: string;
  readonly labels: Labels;
  readonly taints: readonly Taint[];
  readonly ready: boolean;
  readonly implied: boolean;
  readonly addresses: readonly { readonly type: string; readonly address: string }[];
  /** The InternalIPs, the first of each family first. */
  readonly internal: readonly string[];
  readonly zone: string | null;
  readonly podRanges: readonly string[];
  readonly interfaces: readonly NetworkInterface[];
  /** Most specific first. */
  readonly routes: readonly Route[];
  /** Text of the file that kubelet and processes on the node use. */
  readonly resolvConf: string;
  /** Of the node's own processes (kubelet, API server); those of hostNetwork pods are the pods'. */
  readonly sockets: readonly Socket[];
  readonly state: NodeState;
}

/** What is particular about a node, beside its routes and interfaces; the tracer's stations and the tools on the node read it. */
export interface NodeState {
  /** Where it stands in the Cluster document: `spec.nodes[0]`; `null`: nothing is said of the node. */
  readonly field: string | null;
  readonly cniInstalled: boolean;
  readonly kubeProxyRuns: boolean;
  /** By `NAMESPACE/NAME`: what the node's rules have for a Service in place of what they should; `null`: nothing. */
  readonly stale: Readonly<Record<string, readonly { readonly ip: string; readonly port: number }[] | null>>;
  readonly conntrack: { readonly max: number; readonly used: number };
  readonly rpFilter: 'none' | 'strict' | 'loose';
  readonly forwardPolicy: 'ACCEPT' | 'DROP';
  readonly ipForward: boolean;
  readonly hairpinMode: boolean;
  /** Of the uplink. */
  readonly mtu: number;
  readonly wireguard: boolean;
  /** Where the others' tunnels and next hops to this node lead; `null` for a node without any address. */
  readonly announces: string | null;
  /** BGP sessions with other nodes, in the order of their names; empty where the plugin speaks no BGP. */
  readonly bgp: readonly BgpSession[];
  /** Ranges of other nodes to which it should have a route and has none: one sentence why, and the field of the Cluster document. */
  readonly unrouted: readonly { readonly to: string; readonly node: string; readonly why: string; readonly field: string | null }[];
}

/** One node's end of a BGP session. */
export interface BgpSession {
  readonly node: string;
  readonly ip: string;
  /** Of BIRD. */
  readonly state: 'Established' | 'Connect' | 'Passive' | 'Active' | 'Idle';
  /** As `calicoctl node status` prints it under INFO: `Established`, `Idle BGP Error: Bad peer AS`. */
  readonly info: string;
  /** One sentence where it is not established. */
  readonly why: string | null;
  /** Of the Cluster document, where a repair would begin. */
  readonly field: string | null;
}

/** What lies between the nodes. */
export interface UnderlayFacts {
  readonly mtu: number;
  readonly fragmentationNeeded: 'delivered' | 'lost';
  readonly sourceDestinationCheck: boolean;
  /** With every choice made: members by name, ports as closed ranges. */
  readonly securityGroups: readonly SecurityGroupFacts[];
}

export interface SecurityGroupFacts {
  readonly name: string;
  /** `spec.underlay.securityGroups[0]` */
  readonly field: string;
  readonly nodes: readonly string[];
  /** `NAMESPACE/NAME` of pods that have it on an interface of their own. */
  readonly pods: readonly string[];
  readonly ingress: readonly SecurityRuleFacts[];
  /** `null`: everything may leave. */
  readonly egress: readonly SecurityRuleFacts[] | null;
}

export interface SecurityRuleFacts {
  /** CIDRs of the other end; `null`: anywhere. */
  readonly peers: readonly string[] | null;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP' | 'ICMP' | 'IPIP' | 'all';
  readonly ports: readonly [low: number, high: number];
}

export interface NetworkInterface {
  readonly name: string;
  readonly kind: 'loopback' | 'uplink' | 'bridge' | 'veth' | 'tunnel' | 'ipvs';
  /** With prefix length. */
  readonly addresses: readonly string[];
  readonly mtu: number;
  /** The pod at the other end, `NAMESPACE/NAME`; `null` for what is no veth. */
  readonly pod: string | null;
}

/** `local` pods of this node, `tunnel` encapsulated to another node, `direct` handed to another node as it is, `link` the nodes' own network, `default` the rest. */
export interface Route {
  readonly kind: 'local' | 'tunnel' | 'direct' | 'link' | 'default';
  readonly to: string;
  readonly via: string | null;
  readonly device: string;
  /** The node at the other end; `null` for what is no pod range. */
  readonly node: string | null;
}

/** Where a process listens; `ip` is an address of the pod, `0.0.0.0`, `::` or a loopback address. */
export interface Socket {
  readonly ip: string;
  readonly port: number;
  readonly protocol: Protocol;
  readonly container: string;
  /** Names in the certificate; `null` where TLS is not spoken. */
  readonly tls: readonly string[] | null;
  /** The HTTP status by the longest path prefix that fits; nothing fits: 200. `size` in bytes of the body; absent: one line. */
  readonly answers: readonly { readonly path: string; readonly status: number; readonly size?: number }[];
}

export interface NetworkContainer {
  readonly name: string;
  readonly image: string;
  readonly kind: 'container' | 'sidecar' | 'init';
  readonly ready: boolean;
  readonly restarts: number;
  /** `Running`, `Waiting` or `Terminated`, with Kubernetes' reason: `CrashLoopBackOff`. */
  readonly state: string;
  readonly reason: string | null;
  /** What the process wrote before it ended, when it ends as soon as it starts; `null` when it does not. */
  readonly lastWords: string | null;
  /** The socket that another container of the pod already has, so that this one cannot start. */
  readonly clash: { readonly port: number; readonly protocol: Protocol; readonly container: string } | null;
  /** As the process sees it, with ConfigMaps and fields filled in. */
  readonly env: Readonly<Record<string, string>>;
  /** Where each variable is set: the workload's template, or the ConfigMap. */
  readonly envWritten: Readonly<Record<string, { readonly object: ObjectRef; readonly field: string }>>;
  readonly ports: readonly { readonly name: string | null; readonly port: number; readonly protocol: Protocol; readonly hostPort: number | null }[];
}

/** A pod; what policies see of it is part of it. */
export interface NetworkPod extends PolicyPod {
  readonly ref: ObjectRef;
  readonly implied: boolean;
  readonly phase: string;
  /** Variables for the Services that were there when it started (`enableServiceLinks`); a container's own go before them. */
  readonly serviceLinks: Readonly<Record<string, string>>;
  /** What `kubectl get pods` prints under STATUS. */
  readonly status: string;
  readonly ready: boolean;
  readonly terminating: boolean;
  /** Why it is not ready: one sentence, and the field of the pod's template (or of another object that it reads) that says so; `null` when it is. */
  readonly unready: { readonly says: string; readonly object: ObjectRef | null; readonly field: string | null; readonly container: string | null } | null;
  readonly hostname: string;
  readonly subdomain: string | null;
  readonly serviceAccount: string;
  readonly containers: readonly NetworkContainer[];
  readonly sockets: readonly Socket[];
  /** Nobody said what it listens on: taken from Services and probes. */
  readonly assumed: boolean;
  readonly resolver: ResolverName;
  /** Text of /etc/resolv.conf. */
  readonly resolvConf: string;
  /** Text of /etc/hosts. */
  readonly hostsFile: string;
  readonly hosts: readonly { readonly ip: string; readonly names: readonly string[] }[];
  /** The root of its owners: the Deployment rather than the ReplicaSet; the pod itself when it has none. */
  readonly owner: ObjectRef;
  /** Where the pod's template stands in its owner: `spec.template.spec`, or `spec` for a bare pod. */
  readonly template: string;
  /** It runs the cluster's DNS server. */
  readonly answersDns: boolean;
}

export interface NetworkWorkload {
  readonly ref: ObjectRef;
  readonly labels: Labels;
  /** Labels of the template; a bare pod's own. */
  readonly podLabels: Labels;
  /** How many pods are wanted. */
  readonly replicas: number;
  /** Names, sorted. Finished pods are not among them. */
  readonly pods: readonly string[];
  readonly implied: boolean;
}

export interface NetworkEndpoint {
  readonly ip: string;
  readonly port: number;
  readonly family: Family;
  readonly node: string | null;
  readonly zone: string | null;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly hostname: string | null;
  /** The pod that has the address, whatever the slice says. */
  readonly pod: { readonly namespace: string; readonly name: string } | null;
  readonly slice: ObjectRef;
  readonly hints: { readonly zones: readonly string[]; readonly nodes: readonly string[] };
}

export interface NetworkServicePort {
  /** Empty when unnamed. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly targetPort: number | string;
  readonly nodePort: number | null;
  /** Its place in `spec.ports`. */
  readonly index: number;
  /** All, ready or not, each address once, sorted by `ADDRESS:PORT` as text. */
  readonly endpoints: readonly NetworkEndpoint[];
}

/** A Service with this label is nothing to kube-proxy (k8s.io/kube-proxy, LabelServiceProxyName). */
export const otherProxyLabel = 'service.kubernetes.io/service-proxy-name';

export interface NetworkService {
  readonly ref: ObjectRef;
  readonly implied: boolean;
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  readonly headless: boolean;
  readonly externalName: string | null;
  readonly clusterAddresses: readonly string[];
  readonly externalAddresses: readonly string[];
  /** `mode` VIP: the node's rules know the address; Proxy: the traffic really goes to the load balancer. */
  readonly balancer: readonly { readonly ip: string | null; readonly hostname: string | null; readonly mode: 'VIP' | 'Proxy' }[];
  readonly sourceRanges: readonly string[];
  readonly internalPolicy: 'Cluster' | 'Local';
  readonly externalPolicy: 'Cluster' | 'Local';
  readonly affinitySeconds: number | null;
  readonly healthCheckNodePort: number | null;
  readonly publishNotReady: boolean;
  /** Who else proxies it, by its label {@link otherProxyLabel}: kube-proxy leaves it alone. */
  readonly otherProxy: string | null;
  readonly selector: Labels | null;
  /** Pods that the selector matches, ready or not, `NAMESPACE/NAME`; empty without a selector. */
  readonly selected: readonly string[];
  readonly ports: readonly NetworkServicePort[];
  /** Addresses of slices without ports (a headless Service may have none). */
  readonly addresses: readonly { readonly ip: string; readonly ready: boolean; readonly hostname: string | null; readonly pod: string | null }[];
  /** All of its slices, hand-written ones too. */
  readonly slices: readonly ObjectRef[];
  readonly origin: WrittenAt | null;
}

/** Where an object was written. `lines` by field path. */
export interface WrittenAt {
  readonly file: string;
  readonly positions: Readonly<Record<string, readonly [line: number, column: number]>>;
}

/** What is handed to the policy compilers. */
export interface PolicyFacts {
  readonly objects: readonly { readonly object: KubeObject; readonly origin: WrittenAt | null }[];
  readonly enforced: readonly string[];
  readonly ipBlocks: 'all' | 'outside';
}

export interface DnsFacts {
  /** What kubelet writes into pods (`clusterDNS`). */
  readonly clusterDns: readonly string[];
  readonly corefile: string;
  /** Where the Corefile stands. */
  readonly configMap: ObjectRef;
  readonly service: ObjectRef;
  /** The objects that the DNS server watches. */
  readonly records: { readonly namespaces: readonly Namespace[]; readonly services: readonly Service[]; readonly slices: readonly EndpointSlice[]; readonly pods: readonly Pod[] };
}

export interface OutsideHostFacts {
  readonly name: string;
  readonly addresses: readonly string[];
  /** `tls` names in the certificate, `null` for plain; `hosts` the HTTP host names it answers, `null` for any. */
  readonly ports: readonly { readonly port: number; readonly protocol: Protocol; readonly tls: readonly string[] | null; readonly hosts: readonly string[] | null }[];
}

export interface OutsideFacts {
  readonly hosts: readonly OutsideHostFacts[];
  /** Of the nodes' network: its router and DNS server. */
  readonly gateway: string;
  /** The public DNS that nodes use. */
  readonly resolver: string;
  /** The address of `external` without an address of its own. */
  readonly client: string;
  /** A cloud makes load balancers for Services of that type. */
  readonly loadBalancers: boolean;
}

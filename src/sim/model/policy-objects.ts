// Policies as the API server keeps them: NetworkPolicy and its cluster-wide kin.
import type { IntOrString, KubeObject, LabelSelector, Protocol } from './object.ts';

export interface NetworkPolicyPeer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

export interface NetworkPolicyPort {
  readonly protocol?: Protocol;
  readonly port?: IntOrString;
  readonly endPort?: number;
}

export interface NetworkPolicy extends KubeObject {
  readonly kind: 'NetworkPolicy';
  readonly spec?: {
    readonly podSelector?: LabelSelector;
    readonly policyTypes?: readonly ('Ingress' | 'Egress')[];
    readonly ingress?: readonly { readonly from?: readonly NetworkPolicyPeer[] | null; readonly ports?: readonly NetworkPolicyPort[] | null }[] | null;
    readonly egress?: readonly { readonly to?: readonly NetworkPolicyPeer[] | null; readonly ports?: readonly NetworkPolicyPort[] | null }[] | null;
  };
}

/** Namespaces and pods by their labels, of the cluster-wide policy APIs; an absent or empty selector is everything. */
export interface NamespacedPods {
  readonly namespaceSelector?: LabelSelector;
  readonly podSelector?: LabelSelector;
}

/** Exactly one field; `nodes`, `networks` and `domainNames` on egress only. */
export interface AdminPolicyPeer {
  readonly namespaces?: LabelSelector;
  readonly pods?: NamespacedPods;
  readonly nodes?: LabelSelector;
  readonly networks?: readonly string[];
  readonly domainNames?: readonly string[];
}

/** Exactly one field. */
export interface ClusterNetworkPolicyPort {
  readonly number?: number;
  readonly range?: { readonly start: number; readonly end: number };
}

/** Exactly one field. */
export interface ClusterNetworkPolicyProtocol {
  readonly tcp?: { readonly destinationPort?: ClusterNetworkPolicyPort };
  readonly udp?: { readonly destinationPort?: ClusterNetworkPolicyPort };
  readonly sctp?: { readonly destinationPort?: ClusterNetworkPolicyPort };
  readonly destinationNamedPort?: string;
}

export interface ClusterNetworkPolicyRule {
  readonly name?: string;
  readonly action: 'Accept' | 'Deny' | 'Pass';
  readonly from?: readonly AdminPolicyPeer[];
  readonly to?: readonly AdminPolicyPeer[];
  readonly protocols?: readonly ClusterNetworkPolicyProtocol[];
}

/** policy.networking.k8s.io/v1alpha2. */
export interface ClusterNetworkPolicy extends KubeObject {
  readonly kind: 'ClusterNetworkPolicy';
  readonly spec: {
    readonly tier: 'Admin' | 'Baseline';
    readonly priority: number;
    readonly subject: Pick<AdminPolicyPeer, 'namespaces' | 'pods'>;
    readonly ingress?: readonly ClusterNetworkPolicyRule[];
    readonly egress?: readonly ClusterNetworkPolicyRule[];
  };
}

/** Exactly one field. */
export interface AdminNetworkPolicyPort {
  readonly portNumber?: { readonly protocol?: Protocol; readonly port: number };
  readonly portRange?: { readonly protocol?: Protocol; readonly start: number; readonly end: number };
  readonly namedPort?: string;
}

export interface AdminNetworkPolicyRule {
  readonly name?: string;
  readonly action: 'Allow' | 'Deny' | 'Pass';
  readonly from?: readonly AdminPolicyPeer[];
  readonly to?: readonly AdminPolicyPeer[];
  readonly ports?: readonly AdminNetworkPolicyPort[];
}

/** policy.networking.k8s.io/v1alpha1; the baseline one has no priority, cannot pass, and is called `default`. */
export interface AdminNetworkPolicy extends KubeObject {
  readonly kind: 'AdminNetworkPolicy' | 'BaselineAdminNetworkPolicy';
  readonly spec: {
    readonly priority?: number;
    readonly subject: Pick<AdminPolicyPeer, 'namespaces' | 'pods'>;
    readonly ingress?: readonly AdminNetworkPolicyRule[];
    readonly egress?: readonly AdminNetworkPolicyRule[];
  };
}

/** The port as a text: a number, `0` for all, or a name. No protocol is TCP, UDP and SCTP. */
export interface CiliumPort {
  readonly port?: string;
  readonly endPort?: number;
  readonly protocol?: string;
}

/** Texts are RE2 expressions for the whole value. */
export interface CiliumHttpRule {
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  /** `NAME: VALUE`, or a name that must be there. */
  readonly headers?: readonly string[];
  readonly headerMatches?: readonly { readonly name: string; readonly value?: string; readonly mismatch?: 'LOG' | 'ADD' | 'DELETE' | 'REPLACE'; readonly secret?: { readonly namespace?: string; readonly name: string } }[];
}

/** Exactly one field. */
export interface CiliumNameRule {
  readonly matchName?: string;
  readonly matchPattern?: string;
}

export interface CiliumPortRule {
  readonly ports?: readonly CiliumPort[];
  readonly rules?: { readonly http?: readonly CiliumHttpRule[]; readonly dns?: readonly CiliumNameRule[] };
  readonly terminatingTLS?: object;
  readonly originatingTLS?: object;
  readonly serverNames?: readonly string[];
  readonly listener?: object;
}

/** Exactly one of the first three. */
export interface CiliumCidrRule {
  readonly cidr?: string;
  readonly cidrGroupRef?: string;
  readonly cidrGroupSelector?: LabelSelector;
  readonly except?: readonly string[];
}

export interface CiliumService {
  readonly k8sService?: { readonly serviceName?: string; readonly namespace?: string };
  readonly k8sServiceSelector?: { readonly selector: LabelSelector; readonly namespace?: string };
}

/** A rule of any direction, allowing or denying: at most one of the lists of peers. */
export interface CiliumRule {
  readonly fromEndpoints?: readonly LabelSelector[];
  readonly fromCIDR?: readonly string[];
  readonly fromCIDRSet?: readonly CiliumCidrRule[];
  readonly fromEntities?: readonly string[];
  readonly fromNodes?: readonly LabelSelector[];
  readonly fromGroups?: readonly object[];
  readonly toEndpoints?: readonly LabelSelector[];
  readonly toCIDR?: readonly string[];
  readonly toCIDRSet?: readonly CiliumCidrRule[];
  readonly toEntities?: readonly string[];
  readonly toNodes?: readonly LabelSelector[];
  readonly toGroups?: readonly object[];
  readonly toServices?: readonly CiliumService[];
  readonly toFQDNs?: readonly CiliumNameRule[];
  readonly toPorts?: readonly CiliumPortRule[];
  readonly icmps?: readonly { readonly fields?: readonly { readonly family?: 'IPv4' | 'IPv6'; readonly type: IntOrString }[] }[];
  readonly authentication?: { readonly mode: string };
}

export interface CiliumSpec {
  readonly endpointSelector?: LabelSelector;
  readonly nodeSelector?: LabelSelector;
  readonly ingress?: readonly CiliumRule[];
  readonly ingressDeny?: readonly CiliumRule[];
  readonly egress?: readonly CiliumRule[];
  readonly egressDeny?: readonly CiliumRule[];
  readonly enableDefaultDeny?: { readonly ingress?: boolean; readonly egress?: boolean };
  readonly description?: string;
}

/** cilium.io/v2. */
export interface CiliumNetworkPolicy extends KubeObject {
  readonly kind: 'CiliumNetworkPolicy' | 'CiliumClusterwideNetworkPolicy';
  readonly spec?: CiliumSpec;
  readonly specs?: readonly CiliumSpec[];
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** cilium.io/v2: blocks of addresses by one name. */
export interface CiliumCidrGroup extends KubeObject {
  readonly kind: 'CiliumCIDRGroup';
  readonly spec?: { readonly externalCIDRs?: readonly string[] };
}

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

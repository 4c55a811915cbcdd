// The tiers that a connection is asked through, in order: the first that decides is final, and what none decides is allowed.

export type Action = 'allow' | 'deny' | 'pass';

/**
 * `first-match`: ordered policies with ordered rules, the first rule that matches acts; whoever matches none goes on to the next tier.
 * `union`: a pod that any policy isolates gets what any of their rules allows and nothing else, so that the tier is final for it.
 */
export interface Tier {
  readonly name: 'admin' | 'namespace' | 'baseline';
  /** In sentences. */
  readonly title: string;
  readonly decides: 'first-match' | 'union';
}

/** network-policy-api, ClusterNetworkPolicySpec.Tier: Admin, then NetworkPolicy, then Baseline, then the default of Kubernetes, which allows. */
export const tiers: readonly Tier[] = [
  { name: 'admin', title: 'Admin', decides: 'first-match' },
  { name: 'namespace', title: 'NetworkPolicy', decides: 'union' },
  { name: 'baseline', title: 'Baseline', decides: 'first-match' },
];

/** The last priority of the APIs is 1000; what has no priority comes after it. */
export const lastPriority = 1001;

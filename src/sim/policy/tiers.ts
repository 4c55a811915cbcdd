// The tiers that a connection is asked through, in order: the first that decides is final, and what none decides is allowed.

export type Action = 'allow' | 'deny' | 'pass';

/**
 * `first-match`: ordered policies with ordered rules, the first rule that matches acts; whoever matches none goes on to the next tier.
 * `union`: a pod that any policy isolates gets what any of their rules allows and nothing else, so that the tier is final for it.
 */
export interface Tier {
  readonly name: 'admin' | 'deny' | 'namespace' | 'allow' | 'baseline';
  /** In sentences; `null` for a tier that only its rules speak of. */
  readonly title: string | null;
  readonly decides: 'first-match' | 'union';
  /** What it judges although no NetworkPolicy could stop it: what a pod sends to itself through a Service, and what comes from the pod's own node. */
  readonly judges: { readonly itself: boolean; readonly ownNode: boolean };
}

/**
 * network-policy-api, ClusterNetworkPolicySpec.Tier: Admin, then NetworkPolicy, then Baseline, then the default of Kubernetes, which allows.
 * Cilium's policies stand beside NetworkPolicy (pkg/policy, tier Normal): their denying rules before everything that allows,
 * their allowing rules in the union; those of policies that isolate nobody are a tier of their own where nothing else isolates.
 */
export const tiers: readonly Tier[] = [
  { name: 'admin', title: 'Admin', decides: 'first-match', judges: { itself: true, ownNode: false } },
  { name: 'deny', title: null, decides: 'first-match', judges: { itself: false, ownNode: true } },
  { name: 'namespace', title: 'NetworkPolicy', decides: 'union', judges: { itself: false, ownNode: false } },
  { name: 'allow', title: null, decides: 'first-match', judges: { itself: false, ownNode: false } },
  { name: 'baseline', title: 'Baseline', decides: 'first-match', judges: { itself: true, ownNode: false } },
];

/** The last priority of the APIs is 1000; what has no priority comes after it. */
export const lastPriority = 1001;

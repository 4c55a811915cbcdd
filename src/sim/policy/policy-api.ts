// The contract of a policy API: it reads its kinds of objects and says them in the common terms that every judgement is made from.
import type { AddressSet } from '../base/address-set.ts';
import type { PortSet } from '../base/port-set.ts';
import type { KubeObject, LabelSelector, Protocol } from '../model/object.ts';
import type { Direction, RuleRef } from '../model/policy.ts';
import type { Origin } from '../cluster/store.ts';
import type { Selector } from './label-selector.ts';
import type { Action, Tier } from './tiers.ts';

/** Pods by their namespace (by name, or by its labels) and their own labels, both together. Host-network pods never belong to it. */
export interface PodTerm {
  readonly namespaces: { readonly name: string } | { readonly selector: Selector };
  readonly pods: Selector;
}

/** One peer of a rule. `podsToo`: matches pods by their addresses, whatever the plugin makes of NetworkPolicy's `ipBlock`. */
export type PeerTerm =
  | { readonly kind: 'pods'; readonly term: PodTerm }
  | { readonly kind: 'addresses'; readonly addresses: AddressSet; readonly podsToo: boolean; readonly says: string };

/** The ports of a rule: numbers, and names that each destination pod resolves for itself (`null`: whatever protocol the port has). `at` is the field below the rule that says the name. */
export interface PortTerm {
  readonly fixed: PortSet;
  readonly named: readonly { readonly name: string; readonly protocol: Protocol | null; readonly at: string }[];
}

/** Peers AND ports. `null` is any: any peer (pods, nodes, the outside); any port of any protocol, ICMP too. An empty list of peers matches nobody. */
export interface CompiledRule {
  /** In the API server's form: `spec.ingress[0]`. */
  readonly field: string;
  /** The names of the two parts below the rule, for messages that point at one: `from`, `ports`. */
  readonly parts: { readonly peers: string; readonly ports: string };
  readonly action: Action;
  /** One term for each peer as it is written, in order; what cannot be read has none. */
  readonly peers: readonly PeerTerm[] | null;
  readonly ports: PortTerm | null;
  /** The position of each term's peer in the list as it is written. */
  readonly positions: readonly number[];
  /** A peer of it cannot be read: an allowing rule then matches nobody, every other denies everything. */
  readonly failsClosed: boolean;
}

/** One policy in common terms. */
export interface CompiledPolicy {
  readonly policy: RuleRef['policy'];
  readonly origin: Origin | null;
  readonly tier: Tier['name'];
  /** Within an ordered tier: lower first, equal ones by name. */
  readonly priority: number;
  readonly subject: PodTerm;
  /** Its rules for each direction; `null`: it says nothing about this direction. In a tier that is a union, a list isolates the subject. */
  readonly rules: Readonly<Record<Direction, readonly CompiledRule[] | null>>;
}

/** What a policy API may use while it compiles. */
export interface CompileContext {
  /** Compile a selector of pods, or of namespaces; equal ones are shared. Absent is the same as empty here. */
  readonly podSelector: (selector: LabelSelector | undefined) => Selector;
  readonly namespaceSelector: (selector: LabelSelector | undefined) => Selector;
  /** The addresses of the nodes that a selector picks. */
  readonly nodeAddresses: (selector: LabelSelector) => AddressSet;
  /** The addresses that a domain name stands for; `*.` in front stands for one or more labels. */
  readonly domainAddresses: (domain: string) => AddressSet;
}

/** One API of policies. */
export interface PolicyApi {
  /** As documentation calls it. */
  readonly name: string;
  /** The API group of its kinds, without the version. */
  readonly group: string;
  readonly kinds: readonly string[];
  /** Called once for every object of its kinds and group; `null` when the object is not of a shape that can be read (the API server would have refused it). */
  readonly compile: (object: KubeObject, origin: Origin | null, context: CompileContext) => CompiledPolicy | null;
}

/** Where a field of a policy stands: its own line, or that of the nearest field around it that is written down. */
export function refAt(policy: Pick<CompiledPolicy, 'policy' | 'origin'>, field: string | null): RuleRef {
  const { origin } = policy;
  if (origin === null) return { policy: policy.policy, field, file: null, line: null };
  let path = field ?? '';
  while (path !== '' && !Object.hasOwn(origin.positions, path)) path = path.slice(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['), 0));
  return { policy: policy.policy, field, file: origin.file, line: origin.positions[path]?.[0] ?? null };
}

// The contract of a policy API: it reads its kinds of objects and says them in the common terms that every judgement is made from.
import type { AddressSet } from '../base/address-set.ts';
import type { AddressFamily } from '../base/address.ts';
import type { PortSet } from '../base/port-set.ts';
import type { KubeObject, Labels, LabelSelector, Protocol } from '../model/object.ts';
import type { Direction, HttpRule, NameRule, RuleRef } from '../model/policy.ts';
import type { Origin } from '../cluster/store.ts';
import type { Selector } from './label-selector.ts';
import type { Action, Tier } from './tiers.ts';

/** Pods by their namespace (by name, or by its labels) and their own labels, both together. Host-network pods never belong to it. */
export interface PodTerm {
  readonly namespaces: { readonly name: string } | { readonly selector: Selector };
  readonly pods: Selector;
  /** Only those on this node; absent: on any. */
  readonly node?: string;
}

/**
 * One peer of a rule. `podsToo`: matches pods by their addresses, whatever the plugin makes of NetworkPolicy's `ipBlock`.
 * `outside`: matches no pod, and no address of this set, which is the nodes'. `entity`: `says` is a name, not a list of blocks.
 */
export type PeerTerm =
  | { readonly kind: 'pods'; readonly term: PodTerm }
  | { readonly kind: 'addresses'; readonly addresses: AddressSet; readonly podsToo: boolean; readonly says: string; readonly outside?: AddressSet; readonly entity?: true };

/** The ports of a rule: numbers, and names that each destination pod resolves for itself (`null`: whatever protocol the port has). `at` is the field below the rule that says the name. */
export interface PortTerm {
  readonly fixed: PortSet;
  readonly named: readonly { readonly name: string; readonly protocol: Protocol | null; readonly at: string }[];
  /** The families whose ICMP echo requests (ping) it names; absent: none. */
  readonly echo?: readonly AddressFamily[];
}

/** Conditions that a proxy checks on some of a rule's ports; without any it lets everything through. */
export interface ProxyTerm {
  readonly ports: PortTerm;
  readonly http: readonly HttpRule[];
  readonly dns: readonly NameRule[];
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
  /** It says nothing on purpose: its being there is what isolates. */
  readonly empty?: true;
  /** One for each list of ports that the rule has, with a proxy or not; absent: no proxy. */
  readonly proxied?: readonly ProxyTerm[];
}

/** Something to say of a field of a policy: what of it this simulation does not follow, or what it does that nobody would think. */
export interface PolicyNote {
  readonly code: string;
  readonly field: string;
  readonly says: string;
  readonly help: string;
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
  /** In a tier that is a union: whether it isolates; absent: it does. */
  readonly isolates?: Readonly<Record<Direction, boolean>>;
  /** The field that says whom it selects. */
  readonly selector: string;
  /** How many rules stand in its spec, where a spec without any is not valid; absent: it may have none. */
  readonly written?: number;
  /** Says again what another part of the same policy says, in another tier or for another node: checks of what is written pass it over. */
  readonly echo?: true;
  readonly notes?: readonly PolicyNote[];
}

/** A Service as policies name it. */
export interface PolicyService {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  /** `null`: without one. */
  readonly selector: Labels | null;
  /** Of its endpoints. */
  readonly addresses: readonly string[];
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
  readonly ipBlocks: 'all' | 'outside';
  /** The nodes' addresses, by name and all together. */
  readonly nodes: ReadonlyMap<string, AddressSet>;
  readonly nodesTogether: AddressSet;
  /** Where the API server answers. */
  readonly apiServer: AddressSet;
  readonly services: readonly PolicyService[];
  /** Hosts outside with the addresses that their names stand for. */
  readonly hosts: readonly { readonly name: string; readonly addresses: AddressSet }[];
  /** Every object that may be a policy, or belong to one. */
  readonly objects: readonly KubeObject[];
}

/** One API of policies. */
export interface PolicyApi {
  /** As documentation calls it. */
  readonly name: string;
  /** The API group of its kinds, without the version. */
  readonly group: string;
  readonly kinds: readonly string[];
  /**
   * Called once, and what it gives back once for every object of its kinds and group. No policies: the object is not of a shape that can be read
   * (the API server would have refused it), or is part of others only. One object may be several policies, in one tier or more.
   */
  readonly compiler: (context: CompileContext) => (object: KubeObject, origin: Origin | null) => readonly CompiledPolicy[];
}

/** Where a field of a policy stands: its own line, or that of the nearest field around it that is written down. */
export function refAt(policy: Pick<CompiledPolicy, 'policy' | 'origin'>, field: string | null): RuleRef {
  const { origin } = policy;
  if (origin === null) return { policy: policy.policy, field, file: null, line: null };
  let path = field ?? '';
  while (path !== '' && !Object.hasOwn(origin.positions, path)) path = path.slice(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['), 0));
  return { policy: policy.policy, field, file: origin.file, line: origin.positions[path]?.[0] ?? null };
}

// The contract of a policy API: it reads its kinds of objects and says them in the common terms that every judgement is made from.
import type { AddressSet } from '../base/address-set.ts';
import type { PortSet } from '../base/port-set.ts';
import type { KubeObject, LabelSelector, Protocol } from '../model/object.ts';
import type { Direction, RuleRef } from '../model/policy.ts';
import type { Origin } from '../cluster/store.ts';
import type { Selector } from './label-selector.ts';

/** Pods by their namespace (by name, or by its labels) and their own labels, both together. Host-network pods never belong to it. */
export interface PodTerm {
  readonly namespaces: { readonly name: string } | { readonly selector: Selector };
  readonly pods: Selector;
}

/** One peer of a rule. */
export type PeerTerm =
  | { readonly kind: 'pods'; readonly term: PodTerm }
  | { readonly kind: 'addresses'; readonly addresses: AddressSet; readonly says: string };

/** The ports of a rule: numbers, and names that each destination pod resolves for itself. */
export interface PortTerm {
  readonly fixed: PortSet;
  readonly named: readonly { readonly name: string; readonly protocol: Protocol }[];
}

/** Peers AND ports. `null` is any: any peer (pods, nodes, the outside); any port of any protocol, ICMP too. An empty list of peers matches nobody. */
export interface CompiledRule {
  /** In the API server's form: `spec.ingress[0]`. */
  readonly field: string;
  /** The names of the two parts below the rule, for messages that point at one: `from`, `ports`. */
  readonly parts: { readonly peers: string; readonly ports: string };
  readonly peers: readonly PeerTerm[] | null;
  readonly ports: PortTerm | null;
}

/** One policy in common terms. */
export interface CompiledPolicy {
  readonly policy: RuleRef['policy'];
  readonly origin: Origin | null;
  readonly subject: PodTerm;
  /** For each direction in which it isolates its subject: what it allows nevertheless. `null`: it says nothing about this direction. */
  readonly rules: Readonly<Record<Direction, readonly CompiledRule[] | null>>;
}

/** What a policy API may use while it compiles. */
export interface CompileContext {
  /** Compile a selector of pods, or of namespaces; equal ones are shared. Absent is the same as empty here. */
  readonly podSelector: (selector: LabelSelector | undefined) => Selector;
  readonly namespaceSelector: (selector: LabelSelector | undefined) => Selector;
}

/**
 * One API of policies. Its place in the list of policy-apis.ts is its tier: the first that decides is final.
 * The only way to decide so far is NetworkPolicy's (isolation, then the union of what is allowed); a tier of ordered rules that
 * accept, deny or pass adds its own form of {@link CompiledPolicy} and asks before it, with the same verdict as its answer.
 */
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
export function refAt(policy: CompiledPolicy, field: string | null): RuleRef {
  const { origin } = policy;
  if (origin === null) return { policy: policy.policy, field, file: null, line: null };
  let path = field ?? '';
  while (path !== '' && !Object.hasOwn(origin.positions, path)) path = path.slice(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['), 0));
  return { policy: policy.policy, field, file: origin.file, line: origin.positions[path]?.[0] ?? null };
}

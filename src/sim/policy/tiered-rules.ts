// What the cluster-wide policy APIs have in common: a subject and ordered rules whose peers are namespaces, pods, nodes, networks or domain names.
import type { AddressSet } from '../base/address-set.ts';
import { addressSetOf } from '../base/address-set.ts';
import { parseRange } from '../base/address.ts';
import type { LabelSelector } from '../model/object.ts';
import type { AdminPolicyPeer } from '../model/policy-objects.ts';
import type { Direction } from '../model/policy.ts';
import type { CompileContext, CompiledRule, PeerTerm, PodTerm, PortTerm } from './policy-api.ts';
import type { Action } from './tiers.ts';

/** A rule as its API has it, with its ports already compiled. */
export interface WrittenRule {
  readonly action: Action;
  readonly peers: readonly AdminPolicyPeer[];
  readonly ports: PortTerm | null;
}

/** The subject in common terms; `null` without one of the two fields. An absent selector inside `pods` is an empty one. */
export function compileSubject(subject: Pick<AdminPolicyPeer, 'namespaces' | 'pods'> | undefined, context: CompileContext): PodTerm | null {
  if (subject?.namespaces !== undefined) return podTerm(subject.namespaces, undefined, context);
  return subject?.pods === undefined ? null : podTerm(subject.pods.namespaceSelector, subject.pods.podSelector, context);
}

const podTerm = (namespaces: LabelSelector | undefined, pods: LabelSelector | undefined, context: CompileContext): PodTerm =>
  ({ namespaces: { selector: context.namespaceSelector(namespaces) }, pods: context.podSelector(pods) });

/** The rules of one direction; `null` where the policy has none, because then it does not affect it. `portsField` is what the API calls a rule's ports. */
export function compileRules(direction: Direction, portsField: string, rules: readonly WrittenRule[], context: CompileContext): readonly CompiledRule[] | null {
  if (rules.length === 0) return null;
  return rules.map(({ action, peers, ports }, index): CompiledRule => {
    const place = { field: `spec.${direction}[${index}]`, parts: { peers: direction === 'ingress' ? 'from' : 'to', ports: portsField } };
    const terms: PeerTerm[] = [];
    const positions: number[] = [];
    let readable = true;
    for (const [position, peer] of peers.entries()) {
      const found = compilePeer(peer, direction, context);
      readable &&= found !== null;
      for (const term of found ?? []) {
        terms.push(term);
        positions.push(position);
      }
    }
    if (readable) return { ...place, action, peers: terms, ports, positions, failsClosed: false };
    // "Fail closed": an Accept rule matches no traffic, a Deny or Pass rule becomes "deny all" (ClusterNetworkPolicyEgressPeer).
    return { ...place, action: action === 'allow' ? 'allow' : 'deny', peers: action === 'allow' ? [] : null, ports: null, positions: [], failsClosed: true };
  });
}

/** `null` for a peer of no kind that is known, or of a kind that this direction does not have. */
function compilePeer(peer: AdminPolicyPeer, direction: Direction, context: CompileContext): readonly PeerTerm[] | null {
  const { namespaces, pods, nodes, networks, domainNames } = peer;
  if (namespaces !== undefined) return [{ kind: 'pods', term: podTerm(namespaces, undefined, context) }];
  if (pods !== undefined) return [{ kind: 'pods', term: podTerm(pods.namespaceSelector, pods.podSelector, context) }];
  if (direction === 'ingress') return null;
  if (networks !== undefined) return [addresses(addressSetOf(networks.flatMap((cidr) => parseRange(cidr) ?? [])), networks.join(', '))];
  if (nodes !== undefined) return [addresses(context.nodeAddresses(nodes), nodesText(nodes))];
  // Simplified: the plugin is taken to know every address of a name at once; a real one learns them from the DNS answers that pods get.
  if (domainNames !== undefined) return [addresses(addressSetOf(domainNames.flatMap((name) => context.domainAddresses(name))), domainNames.join(', '))];
  return null;
}

/** `networks` match pods by their addresses too (ClusterNetworkPolicyEgressPeer.Networks). */
const addresses = (set: AddressSet, says: string): PeerTerm => ({ kind: 'addresses', addresses: set, podsToo: true, says });

function nodesText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const parts = [...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`), ...matchExpressions.map(({ key, operator, values = [] }) => `${key} ${operator} ${values.join(', ')}`.trim())];
  return parts.length === 0 ? 'any node' : `nodes with ${parts.join(', ')}`;
}

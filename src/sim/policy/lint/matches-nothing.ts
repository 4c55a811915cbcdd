// Policies, peers and named ports that meet nobody: most often a label, a namespace or a name with a typing error.
import type { Problem } from '../../model/problem.ts';
import { refText } from '../../model/object.ts';
import type { CompiledPolicy, PeerTerm, PodTerm } from '../policy-api.ts';
import type { PodClass } from '../policy-index.ts';
import type { Ground, PlacedRule } from './ground.ts';
import { rulesOf, warning } from './ground.ts';

export function matchesNothing(ground: Ground): readonly Problem[] {
  return ground.policies.flatMap((policy) => [
    ...selectsNothing(ground, policy),
    ...rulesOf(policy).flatMap((placed) => [...peersNobody(ground, placed), ...unresolvedNames(ground, placed)]),
  ]);
}

function selectsNothing(ground: Ground, policy: CompiledPolicy): readonly Problem[] {
  if ((ground.subjects.get(policy) ?? []).length > 0) return [];
  return [warning('policy-selects-nothing', policy, policy.selector, `${refText(policy.policy)} selects nothing: there are no ${termText(policy.subject)}.`, 'Compare its labels with `kubectl get pods -A --show-labels`; a policy that selects no pod does nothing.')];
}

function termText({ namespaces, pods }: PodTerm): string {
  const which = pods.requirements.length === 0 ? 'running pods' : `running pods with ${pods.says}`;
  if ('name' in namespaces) return `${which} in namespace ${namespaces.name}`;
  return namespaces.selector.requirements.length === 0 ? which : `${which} in namespaces with ${namespaces.selector.says}`;
}

const peerText = (peer: PeerTerm): string => (peer.kind === 'pods' ? `there are no ${termText(peer.term)}` : peer.entity === true ? `${peer.says} is no address of this cluster` : `no address is in ${peer.says}`);

/** One problem for a rule of whose peers none meets anybody, else one for each such peer. */
function peersNobody(ground: Ground, { policy, rule }: PlacedRule): readonly Problem[] {
  const name = refText(policy.policy);
  if (rule.failsClosed) {
    const does = rule.action === 'allow' ? 'matches nothing' : 'denies everything';
    return [warning('rule-fails-closed', policy, `${rule.field}.${rule.parts.peers}`, `${rule.field} of ${name} ${does}: one of its peers is of no known kind, and so it fails closed.`, 'Give each peer exactly one of the fields that this API has.')];
  }
  if (rule.peers === null || rule.empty === true) return [];
  const lonely = rule.peers.flatMap((peer, position) => {
    const { classes, outside } = ground.hits(peer);
    return classes.size > 0 || outside ? [] : [{ peer, at: `${rule.field}.${rule.parts.peers}[${rule.positions[position] ?? position}]` }];
  });
  if (lonely.length === rule.peers.length) {
    return [warning('rule-matches-nothing', policy, rule.field, `${rule.field} of ${name} matches nothing: ${[...new Set(lonely.map(({ peer }) => peerText(peer)))].slice(0, 3).join(', ') || 'it has no peers'}.`, 'Compare its selectors with `kubectl get pods -A --show-labels` and `kubectl get namespaces --show-labels`.')];
  }
  return lonely.map(({ peer, at }) => warning('peer-matches-nothing', policy, at, `${at} of ${name} matches nothing: ${peerText(peer)}.`, 'Compare its selectors with `kubectl get pods -A --show-labels` and `kubectl get namespaces --show-labels`.'));
}

/** A name counts for each destination pod: the subject of an ingress rule, the peers of an egress rule. */
function unresolvedNames(ground: Ground, { policy, direction, rule }: PlacedRule): readonly Problem[] {
  if (rule.ports === null || rule.ports.named.length === 0) return [];
  const targets: readonly PodClass[] = direction === 'ingress' ? (ground.subjects.get(policy) ?? [])
    : rule.peers === null ? ground.classes : rule.peers.flatMap((peer) => (peer.kind === 'pods' ? [...ground.hits(peer).classes] : []));
  // That there is nobody is said already; but an address never has a name.
  if (targets.length === 0 && (rule.peers ?? []).every(({ kind }) => kind === 'pods')) return [];
  return rule.ports.named.flatMap(({ name, protocol, at }) => {
    if (targets.some(({ namedPorts }) => namedPorts.some((own) => own.name === name && (protocol === null || own.protocol === protocol)))) return [];
    const whose = targets.length === 0 ? 'an address has no named ports' : `no container of ${direction === 'ingress' ? 'the pods that it selects' : 'the pods that it leads to'} has a ${protocol === null ? '' : `${protocol} `}port of that name`;
    return [warning('named-port-unresolved', policy, `${rule.field}.${at}`, `${rule.field} of ${refText(policy.policy)} names the port "${name}", which resolves nowhere: ${whose}.`, 'Use the name in `ports` of the container, with its protocol, or the number on which it listens; the name of a Service port is no help.')];
  });
}

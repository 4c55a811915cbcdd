// CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy, cilium.io/v2: denying rules before all that allow, allowing ones beside NetworkPolicy's, by identity and down to HTTP (cilium v1.20, pkg/policy).
import { ciliumRefusal } from '../../cluster/validate/cilium-agent.ts';
import type { Origin } from '../../cluster/store.ts';
import { refOf } from '../../model/object.ts';
import type { CiliumNetworkPolicy, CiliumRule, CiliumSpec } from '../../model/policy-objects.ts';
import type { Direction } from '../../model/policy.ts';
import type { CompiledPolicy, CompiledRule, PodTerm, PolicyApi, PolicyNote } from '../policy-api.ts';
import { refAt } from '../policy-api.ts';
import type { CiliumGround } from './ground.ts';
import { ciliumGround, isCiliumPolicy, specsOf } from './ground.ts';
import { identitiesOf } from './identity.ts';
import { ciliumPeers } from './peers.ts';
import { ciliumPorts } from './ports.ts';

export const ciliumPolicy: PolicyApi = {
  name: 'CiliumNetworkPolicy',
  group: 'cilium.io',
  kinds: ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'CiliumCIDRGroup'],
  compiler: (context) => {
    const ground = ciliumGround(context);
    return (object, origin) => {
      if (!isCiliumPolicy(object)) return [];
      const namespace = object.kind === 'CiliumClusterwideNetworkPolicy' ? null : (object.metadata.namespace ?? 'default');
      const policy = { ...refOf(object), namespace: namespace ?? '' };
      const refused = refusedPolicy(object, policy, origin, context.podSelector(undefined));
      if (refused !== null) return [refused];
      return specsOf(object).flatMap(([field, spec]) => specParts(field, spec, { policy, origin }, { ...ground, namespace }));
    };
  },
};

type Place = Pick<CompiledPolicy, 'policy' | 'origin'>;

/** What Cilium itself does not take says nothing of any connection; only that is said. */
function refusedPolicy(object: CiliumNetworkPolicy, policy: Place['policy'], origin: Origin | null, anyPod: PodTerm['pods']): CompiledPolicy | null {
  const found = ciliumRefusal(object);
  if (found === null) return null;
  const note: PolicyNote = { code: 'policy-invalid', field: found.field ?? '', says: `Cilium does not take ${policy.kind} ${object.metadata.name}, so that nobody enforces any of it: ${found.says}.`, help: 'Correct it; `kubectl get` shows VALID False, and `kubectl describe` says why.' };
  return { policy, origin, tier: 'deny', priority: 0, subject: { namespaces: { name: policy.namespace }, pods: anyPod }, selector: 'spec.endpointSelector', rules: { ingress: null, egress: null }, notes: [note], echo: true };
}

const directions = { ingress: { side: 'from', allow: 'ingress', deny: 'ingressDeny' }, egress: { side: 'to', allow: 'egress', deny: 'egressDeny' } } as const;

/** One spec as its parts: what denies, what allows, and the latter once more for pods that nothing isolates. */
function specParts(field: string, spec: CiliumSpec, place: Place, ground: CiliumGround): readonly CompiledPolicy[] {
  const selector = `${field}.endpointSelector`;
  const anyPod = ground.context.podSelector(undefined);
  const empty = (note: PolicyNote): CompiledPolicy => ({ ...place, tier: 'deny', priority: 0, subject: { namespaces: { name: '' }, pods: anyPod }, selector, rules: { ingress: null, egress: null }, notes: [note], echo: true });
  if (spec.endpointSelector === undefined) {
    return [empty({ code: 'policy-not-followed', field: `${field}.nodeSelector`, says: `${field}.nodeSelector is not followed: Cilium's host firewall is off unless somebody turns it on, and then policies for nodes stop nothing.`, help: 'Use endpointSelector for pods.' })];
  }
  const subject = identitiesOf(spec.endpointSelector, ground.namespace, 'subject', ground.context);
  if (subject.is !== 'pods') {
    return [{ ...empty({ code: 'policy-selects-nothing', field: selector, says: `${selector} selects no pod, whatever labels there are.`, help: 'Labels with the source `reserved` belong to no pod.' }) }];
  }
  const leftOut: readonly PolicyNote[] = subject.left.length === 0 ? [] : [{ code: 'label-of-no-identity', field: selector, says: `${selector} asks for ${subject.left.join(', ')}, which is part of no identity: for Cilium no pod has it.`, help: 'Select pods by a label that their owner has put on them.' }];
  const nodes: readonly (string | null)[] = tellsNodes(field, spec, ground) ? [...ground.context.nodes.keys()] : [null];
  return nodes.flatMap((node, index) => nodeParts(field, spec, subject.term, node, leftOut, place, ground).map((part) => (index === 0 ? part : { ...part, echo: true as const })));
}

/** Some peer is another thing for the pods of each node: `host`, `remote-node`. */
const tellsNodes = (field: string, spec: CiliumSpec, ground: CiliumGround): boolean => Object.values(directions).some(({ side, allow, deny }) =>
  [...(spec[allow] ?? []), ...(spec[deny] ?? [])].some((rule) => ciliumPeers(rule, side, field, null, ground).byNode));

function nodeParts(field: string, spec: CiliumSpec, term: PodTerm, node: string | null, leftOut: readonly PolicyNote[], place: Place, ground: CiliumGround): readonly CompiledPolicy[] {
  const notes: PolicyNote[] = [...leftOut];
  const compiled = (list: 'ingress' | 'ingressDeny' | 'egress' | 'egressDeny', side: 'from' | 'to'): readonly CompiledRule[] =>
    (spec[list] ?? []).map((rule, index) => compileRule(rule, side, `${field}.${list}[${index}]`, list.endsWith('Deny') ? 'deny' : 'allow', node, notes, place, ground));
  const [allow, deny] = [
    { ingress: compiled('ingress', 'from'), egress: compiled('egress', 'to') }, { ingress: compiled('ingressDeny', 'from'), egress: compiled('egressDeny', 'to') },
  ];
  const written = (['ingress', 'egress'] as const).reduce((sum, direction) => sum + allow[direction].length + deny[direction].length, 0);
  const base = { ...place, priority: 0, written, subject: node === null ? term : { ...term, node }, selector: `${field}.endpointSelector` };
  // A direction without any rule is not isolated, whatever enableDefaultDeny says (pkg/policy/utils, RulesToPolicyEntries).
  const isolates = (direction: Direction): boolean => allow[direction].length + deny[direction].length > 0 && (spec.enableDefaultDeny?.[direction] ?? true);
  const some = (rules: Record<Direction, readonly CompiledRule[]>, keep: (direction: Direction) => boolean): CompiledPolicy['rules'] =>
    ({ ingress: keep('ingress') ? rules.ingress : null, egress: keep('egress') ? rules.egress : null });
  const denying = some(deny, (direction) => deny[direction].length > 0);
  const allowing = some(allow, (direction) => isolates(direction) || allow[direction].length > 0);
  const again = some(allow, (direction) => !isolates(direction) && allow[direction].length > 0);
  const says = ({ ingress, egress }: CompiledPolicy['rules']): boolean => ingress !== null || egress !== null;
  const parts: CompiledPolicy[] = [
    { ...base, tier: 'namespace', rules: allowing, isolates: { ingress: isolates('ingress'), egress: isolates('egress') }, notes },
    ...(says(denying) ? [{ ...base, tier: 'deny' as const, rules: denying }] : []),
    ...(says(again) ? [{ ...base, tier: 'allow' as const, rules: again, echo: true as const }] : []),
  ];
  return parts;
}

function compileRule(rule: CiliumRule, side: 'from' | 'to', field: string, action: 'allow' | 'deny', node: string | null, notes: PolicyNote[], place: Place, ground: CiliumGround): CompiledRule {
  const found = ciliumPeers(rule, side, field, node, ground);
  const ports = ciliumPorts(rule, field, (path) => refAt(place, path));
  notes.push(...found.notes, ...ports.notes);
  if (rule.authentication !== undefined && rule.authentication.mode !== 'disabled') {
    notes.push({ code: 'policy-not-followed', field: `${field}.authentication`, says: `${field}.authentication is not followed: nobody proves who they are in the lab, and the rule allows what it allows without it.`, help: 'Leave it out where the lab\'s verdict is to be compared.' });
  }
  // A rule without peers is for everybody if it has ports, and for nobody if it has none (pkg/policy/rule.go, mergeL4Filter).
  const empty = found.peers === null && ports.ports === null && !namesEverybody(rule, side);
  const peers = empty ? [] : found.peers;
  return {
    field, parts: { peers: found.list, ports: ports.list }, action, peers, ports: ports.ports, positions: found.positions, failsClosed: false,
    ...(empty ? { empty: true as const } : {}),
    ...(ports.proxied === undefined || action === 'deny' ? {} : { proxied: ports.proxied }),
  };
}

const namesEverybody = (rule: CiliumRule, side: 'from' | 'to'): boolean => (rule[`${side}Entities`] ?? []).includes('all');

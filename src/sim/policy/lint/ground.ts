// What every check of policies looks at, and how it says what it finds.
import type { Problem, Where } from '../../model/problem.ts';
import { refText } from '../../model/object.ts';
import type { Direction } from '../../model/policy.ts';
import type { CompiledPolicy, CompiledRule, PeerTerm, PodTerm, PolicyNote } from '../policy-api.ts';
import type { PodClass, PolicyIndex } from '../policy-index.ts';
import { blockHolds, placeHolds } from '../policy-index.ts';
import type { PolicyPod } from '../../model/policy.ts';

export interface Ground {
  readonly index: PolicyIndex;
  /** All of them, enforced or not, in the order of their names; what one says twice, in another tier or for another node, once. */
  readonly policies: readonly CompiledPolicy[];
  /** What their compilers had to say of them. */
  readonly notes: readonly { readonly policy: CompiledPolicy; readonly note: PolicyNote }[];
  /** Classes of running pods that have a network of their own. */
  readonly classes: readonly PodClass[];
  /** A pod of each class, by the key of the class. */
  readonly podOf: ReadonlyMap<string, PolicyPod>;
  /** The classes that a policy selects. */
  readonly subjects: ReadonlyMap<CompiledPolicy, readonly PodClass[]>;
  /** The classes that a peer matches, and whether it matches any address of no pod. */
  readonly hits: (peer: PeerTerm) => { readonly classes: ReadonlySet<PodClass>; readonly outside: boolean };
}

export type Check = (ground: Ground) => readonly Problem[];

/** One rule with the policy in which it stands. */
export interface PlacedRule {
  readonly policy: CompiledPolicy;
  readonly direction: Direction;
  readonly rule: CompiledRule;
}

export const rulesOf = (policy: CompiledPolicy): readonly PlacedRule[] =>
  (['ingress', 'egress'] as const).flatMap((direction) => (policy.rules[direction] ?? []).map((rule) => ({ policy, direction, rule })));

/** The field, or what is written down around it. */
function whereOf({ policy, origin }: CompiledPolicy, field: string | null): Where {
  const object = refText(policy);
  if (origin === null) return { file: '', line: null, column: null, object, field };
  let path = field ?? '';
  while (path !== '' && !Object.hasOwn(origin.positions, path)) path = path.slice(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['), 0));
  const place = origin.positions[path];
  return { file: origin.file, line: place?.[0] ?? null, column: place?.[1] ?? null, object, field };
}

export const warning = (code: string, policy: CompiledPolicy, field: string | null, says: string, help: string): Problem =>
  ({ code, severity: 'warning', says, where: whereOf(policy, field), help });

/** One part of a policy stands for those that are the same for other nodes. */
const anyNode = ({ namespaces, pods }: PodTerm): PodTerm => ({ namespaces, pods });

/** Works out what the checks share. */
export function groundOf(index: PolicyIndex): Ground {
  const everything = [...index.policies.values()].flatMap((there) => [...there.values()].flat());
  const policies = everything.filter(({ echo }) => echo !== true);
  const notes = everything.flatMap((policy) => (policy.notes ?? []).map((note) => ({ policy, note })));
  const podOf = new Map<string, PolicyPod>();
  for (const [pod, { key }] of index.classOfPod) if (!podOf.has(key)) podOf.set(key, pod);
  const classes = [...index.classes.values()].filter(({ selectable }) => selectable);
  const subjects = new Map<CompiledPolicy, PodClass[]>(policies.map((policy) => [policy, []]));
  // A class knows the policies that say something of a direction; those that say nothing of either are found by their subject.
  for (const one of classes) {
    for (const there of [index.policies.get(one.namespace), index.policies.get('')]) {
      for (const selector of one.selectors) for (const policy of there?.get(selector) ?? []) if (placeHolds(anyNode(policy.subject), one)) subjects.get(policy)?.push(one);
    }
  }
  const bySelector = new Map<unknown, PodClass[]>();
  for (const one of classes) {
    for (const selector of one.selectors) {
      const known = bySelector.get(selector);
      if (known === undefined) bySelector.set(selector, [one]);
      else known.push(one);
    }
  }
  const known = new Map<PeerTerm, ReturnType<Ground['hits']>>();
  const all = [...index.classes.values()];
  const hits = (peer: PeerTerm): ReturnType<Ground['hits']> => {
    const found = known.get(peer) ?? (peer.kind === 'pods'
      ? { classes: new Set((bySelector.get(peer.term.pods) ?? []).filter((one) => placeHolds(peer.term, one))), outside: false }
      : { classes: new Set(all.filter((one) => blockHolds(peer, one, one.addresses.IPv4) || blockHolds(peer, one, one.addresses.IPv6))), outside: peer.addresses.length > 0 });
    known.set(peer, found);
    return found;
  };
  return { index, policies, notes, classes, podOf, subjects, hits };
}

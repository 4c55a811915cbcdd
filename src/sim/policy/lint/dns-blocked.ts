// Pods that policies cut off from the cluster's DNS: the most frequent surprise of "deny all egress".
import { byText } from '../../base/order.ts';
import type { Direction, PolicyPod, PolicyVerdict, RuleRef } from '../../model/policy.ts';
import type { Problem } from '../../model/problem.ts';
import { refText } from '../../model/object.ts';
import { judge } from '../judge.ts';
import type { CompiledPolicy } from '../policy-api.ts';
import { classOf } from '../policy-index.ts';
import type { Ground } from './ground.ts';
import { warning } from './ground.ts';

/** The pods of the cluster's DNS as every installation labels them. */
const isDns = ({ namespace, labels, running }: PolicyPod): boolean => running && namespace === 'kube-system' && labels['k8s-app'] === 'kube-dns';

/** The DNS server's own port, which need not be 53 (policies judge after the Service's translation). */
const portOf = (pod: PolicyPod): number => pod.namedPorts.find(({ name, protocol }) => name === 'dns' && protocol === 'UDP')?.port ?? 53;

/** What stands in the way: a policy of the pod's own, or of the server's. */
interface Obstacle {
  readonly direction: Direction;
  readonly verdict: PolicyVerdict;
  /** The keys of the classes of pods that it cuts off. */
  readonly cut: Set<string>;
}

/** One problem for each policy that stands in the way, with a pod that feels it. */
export function dnsBlocked(ground: Ground): readonly Problem[] {
  const { index } = ground;
  const servers = [...index.classOfPod.keys()].filter(isDns).sort((left, right) => byText(left.name, right.name));
  const [server] = servers;
  if (server === undefined) return [];
  const cut = new Map<CompiledPolicy, Obstacle>();
  const guarded = servers.every((one) => classOf(index, one).selectedBy.ingress.some((policies) => policies.length > 0));
  for (const one of ground.classes) {
    const pod = ground.podOf.get(one.key);
    if (pod === undefined || isDns(pod) || (!guarded && one.selectedBy.egress.every((policies) => policies.length === 0))) continue;
    const ask = (to: PolicyPod) => {
      const egress = judge(index, { direction: 'egress', subject: pod, peer: { pod: to, ip: to.addresses[0] ?? '' }, protocol: 'UDP', port: portOf(to) });
      if (!egress.allowed) return { direction: 'egress' as const, verdict: egress, selecting: one.selectedBy.egress };
      return { direction: 'ingress' as const, verdict: judge(index, { direction: 'ingress', subject: to, peer: { pod, ip: pod.addresses[0] ?? '' }, protocol: 'UDP', port: portOf(to) }), selecting: classOf(index, to).selectedBy.ingress };
    };
    const answers = servers.map(ask);
    const [first] = answers;
    if (first === undefined || answers.some(({ verdict }) => verdict.allowed)) continue;
    const ref = refOf(first.verdict);
    const policy = first.selecting.flat().find((candidate) => ref !== undefined && refText(candidate.policy) === refText(ref.policy));
    if (policy === undefined) continue;
    const known = cut.get(policy);
    if (known === undefined) cut.set(policy, { direction: first.direction, verdict: first.verdict, cut: new Set([one.key]) });
    else known.cut.add(one.key);
  }
  if (cut.size === 0) return [];
  const namesOf = new Map<string, string[]>();
  for (const [pod, { key }] of index.classOfPod) {
    if (!pod.running || isDns(pod)) continue;
    const names = namesOf.get(key);
    if (names === undefined) namesOf.set(key, [`${pod.namespace}/${pod.name}`]);
    else names.push(`${pod.namespace}/${pod.name}`);
  }
  return [...cut].map(([policy, { direction, verdict, cut: keys }]) => {
    const names = [...keys].flatMap((key) => namesOf.get(key) ?? []).sort(byText);
    const who = names.length > 1 ? `${names[0] ?? ''} and others` : (names[0] ?? '');
    const [what, way] = verdict.decidedBy.length > 0 ? ['it denies', 'Leave out of what it denies:'] : ['nothing allows', 'Allow'];
    return warning('dns-blocked', policy, refOf(verdict)?.field ?? null,
      `${refText(policy.policy)} cuts ${who} off from DNS: ${what} UDP ${portOf(server)} to the DNS server's pods, so that every name lookup times out.`,
      `${way} ${direction === 'egress' ? 'egress' : 'ingress from every namespace'} to the pods with k8s-app=kube-dns in namespace kube-system, on port ${portOf(server)} of UDP and TCP.`);
  });
}

const refOf = ({ decidedBy, nearest, isolatedBy }: PolicyVerdict): RuleRef | undefined => decidedBy[0] ?? nearest ?? isolatedBy[0];

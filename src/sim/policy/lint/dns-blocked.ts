// Pods that policies cut off from the cluster's DNS: the most frequent surprise of "deny all egress".
import { byText } from '../../base/order.ts';
import type { PolicyPod } from '../../model/policy.ts';
import type { Problem } from '../../model/problem.ts';
import { refText } from '../../model/object.ts';
import { judge } from '../judge.ts';
import type { CompiledPolicy } from '../policy-api.ts';
import type { Ground } from './ground.ts';
import { warning } from './ground.ts';

/** The pods of the cluster's DNS as every installation labels them. */
const isDns = ({ namespace, labels, running }: PolicyPod): boolean => running && namespace === 'kube-system' && labels['k8s-app'] === 'kube-dns';

/** The DNS server's own port, which need not be 53 (policies judge after the Service's translation). */
const portOf = (pod: PolicyPod): number => pod.namedPorts.find(({ name, protocol }) => name === 'dns' && protocol === 'UDP')?.port ?? 53;

/** One problem for each policy that stands in the way, with a pod that feels it. */
export function dnsBlocked(ground: Ground): readonly Problem[] {
  const { index } = ground;
  const servers = [...index.classOfPod.keys()].filter(isDns).sort((left, right) => byText(left.name, right.name));
  const [server] = servers;
  if (server === undefined) return [];
  const cut = new Map<CompiledPolicy, { readonly field: string | null; readonly pods: PolicyPod[] }>();
  for (const one of ground.classes) {
    const pod = ground.podOf.get(one.key);
    if (pod === undefined || isDns(pod) || one.selectedBy.egress.every((policies) => policies.length === 0)) continue;
    const verdicts = servers.map((to) => judge(index, { direction: 'egress', subject: pod, peer: { pod: to, ip: to.addresses[0] ?? '' }, protocol: 'UDP', port: portOf(to) }));
    const [verdict] = verdicts;
    if (verdict === undefined || verdicts.some(({ allowed }) => allowed)) continue;
    const ref = verdict.decidedBy[0] ?? verdict.nearest ?? verdict.isolatedBy[0];
    const policy = one.selectedBy.egress.flat().find((candidate) => ref !== undefined && refText(candidate.policy) === refText(ref.policy));
    if (policy === undefined) continue;
    const known = cut.get(policy);
    if (known === undefined) cut.set(policy, { field: ref?.field ?? null, pods: [pod] });
    else known.pods.push(pod);
  }
  return [...cut].map(([policy, { field, pods }]) => {
    const names = pods.map(({ namespace, name }) => `${namespace}/${name}`).sort(byText);
    const who = names.length > 1 ? `${names[0] ?? ''} and others` : (names[0] ?? '');
    return warning('dns-blocked', policy, field,
      `${refText(policy.policy)} cuts ${who} off from DNS: nothing allows UDP ${portOf(server)} to the DNS server's pods, so that every name lookup times out.`,
      'Allow egress to the pods with k8s-app=kube-dns in namespace kube-system, on port 53 of UDP and TCP.');
  });
}

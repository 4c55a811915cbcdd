// Which node a pod goes to: the scheduler's filters with its words, and an even spread. Given nodes stay.
import { byText } from '../base/order.ts';
import { parseAddress, parseRange, rangeHolds } from '../base/address.ts';
import type { Container, Labels, NodeObject, Pod, PodSpec, Taint, Toleration } from '../model/object.ts';
import { active, controllerKey, listed, write, type Draft } from './draft.ts';

const tolerates = (tolerations: readonly Toleration[], taint: Taint): boolean =>
  tolerations.some((toleration) =>
    (toleration.effect === undefined || toleration.effect === '' || toleration.effect === taint.effect)
    && (toleration.key === undefined || toleration.key === '' ? toleration.operator === 'Exists' : toleration.key === taint.key)
    && (toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? '')));

interface NodeTerm {
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
  readonly matchFields?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
}

function expressionHolds(value: string | undefined, operator: string, values: readonly string[]): boolean {
  switch (operator) {
    case 'In': return value !== undefined && values.includes(value);
    case 'NotIn': return value === undefined || !values.includes(value);
    case 'Exists': return value !== undefined;
    case 'DoesNotExist': return value === undefined;
    case 'Gt': return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt': return value !== undefined && Number(value) < Number(values[0]);
    default: return false;
  }
}

function affinityHolds(spec: PodSpec, node: NodeObject): boolean {
  const labels: Labels = node.metadata.labels ?? {};
  if (!Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value)) return false;
  const affinity = (spec as PodSpec & { readonly affinity?: { readonly nodeAffinity?: { readonly requiredDuringSchedulingIgnoredDuringExecution?: { readonly nodeSelectorTerms?: readonly NodeTerm[] } } } }).affinity;
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return terms === undefined || terms.some((term) =>
    (term.matchExpressions ?? []).every(({ key, operator, values }) => expressionHolds(labels[key], operator, values ?? []))
    && (term.matchFields ?? []).every(({ operator, values }) => expressionHolds(node.metadata.name, operator, values ?? [])));
}

/** What a pod takes of its node's own ports. */
const hostPorts = (spec: PodSpec): string[] =>
  (spec.containers ?? []).flatMap((container: Container) => (container.ports ?? []).flatMap((port) => {
    const number = port.hostPort ?? (spec.hostNetwork === true ? port.containerPort : undefined);
    return number === undefined ? [] : [`${number}/${port.protocol ?? 'TCP'}`];
  }));

/** Why a pod cannot run on a node, in the scheduler's words; `undefined` when it can. `ports` are those taken there. */
export function refusal(spec: PodSpec, node: NodeObject, ports: ReadonlySet<string>): string | undefined {
  const tolerations = spec.tolerations ?? [];
  if (node.spec?.unschedulable === true && !tolerates(tolerations, { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' })) return 'node(s) were unschedulable';
  if (!affinityHolds(spec, node)) return "node(s) didn't match Pod's node affinity/selector";
  const taint = (node.spec?.taints ?? []).find((candidate) => candidate.effect !== 'PreferNoSchedule' && !tolerates(tolerations, candidate));
  if (taint !== undefined) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
  if (hostPorts(spec).some((port) => ports.has(port))) return "node(s) didn't have free ports for the requested pod ports";
  return undefined;
}

/** The words of the PodScheduled condition when no node fits. */
export function unschedulable(refusals: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of refusals) counts.set(text, (counts.get(text) ?? 0) + 1);
  const total = refusals.length;
  if (total === 0) return 'no nodes available to schedule pods';
  const reasons = [...counts].map(([text, count]) => `${count} ${text}`).sort(byText).join(', ');
  return `0/${total} nodes are available: ${reasons}. preemption: 0/${total} nodes are available: ${total} Preemption is not helpful for scheduling.`;
}

// Simplified: requests of memory and CPU, pod affinity and topology spread constraints are not looked at.
/** Gives every pod without a node one; the fewest pods of the same owner first, then the fewest of all, then by name. */
export function schedule(draft: Draft): void {
  const nodes = listed(draft, 'Node').map(({ object }) => object);
  const pods = listed(draft, 'Pod').map(({ object }) => object);
  const load = new Map(nodes.map((node) => [node.metadata.name, { all: 0, owners: new Map<string, number>(), ports: new Set<string>() }]));
  const take = (pod: Pod, name: string): void => {
    const place = load.get(name);
    if (place === undefined || !active(pod)) return;
    const owner = controllerKey(pod);
    place.all++;
    if (owner !== undefined) place.owners.set(owner, (place.owners.get(owner) ?? 0) + 1);
    for (const port of hostPorts(pod.spec)) place.ports.add(port);
  };
  for (const pod of pods) if (pod.spec.nodeName !== undefined && pod.spec.nodeName !== '') take(pod, pod.spec.nodeName);
  for (const pod of pods) {
    if ((pod.spec.nodeName !== undefined && pod.spec.nodeName !== '') || !active(pod)) continue;
    const owner = controllerKey(pod) ?? '';
    const address = parseAddress(pod.status?.podIP ?? '');
    // An address that the manifest gives tells the node: it comes from that node's range.
    const holds = (node: NodeObject): boolean => address !== undefined && (node.spec?.podCIDRs ?? [node.spec?.podCIDR ?? '']).some((cidr) => {
      const range = parseRange(cidr);
      return range !== undefined && rangeHolds(range, address);
    });
    const home = nodes.find(holds);
    const fitting = home === undefined ? nodes.filter((node) => refusal(pod.spec, node, load.get(node.metadata.name)?.ports ?? new Set()) === undefined) : [home];
    const weight = (node: NodeObject): readonly [number, number] => { const place = load.get(node.metadata.name); return [place?.owners.get(owner) ?? 0, place?.all ?? 0]; };
    const chosen = [...fitting].sort((left, right) => { const [a, b] = [weight(left), weight(right)]; return a[0] - b[0] || a[1] - b[1] || byText(left.metadata.name, right.metadata.name); })[0];
    if (chosen === undefined) continue;
    take(pod, chosen.metadata.name);
    write(draft, { ...pod, spec: { ...pod.spec, nodeName: chosen.metadata.name } } as Pod);
  }
}

/** The words for a pod that is still without a node. */
export function whyPending(draft: Draft, pod: Pod): string {
  const taken = new Map<string, Set<string>>();
  for (const { object } of listed(draft, 'Pod')) if (object.spec.nodeName !== undefined) taken.set(object.spec.nodeName, new Set([...(taken.get(object.spec.nodeName) ?? []), ...hostPorts(object.spec)]));
  return unschedulable(listed(draft, 'Node').map(({ object }) => refusal(pod.spec, object, taken.get(object.metadata.name) ?? new Set()) ?? ''));
}

/** Nodes with a taint that a DaemonSet's pods tolerate, as its controller adds tolerations for a node's conditions. */
export const daemonFits = (spec: PodSpec, node: NodeObject): boolean =>
  refusal({ ...spec, tolerations: [...(spec.tolerations ?? []), ...['not-ready', 'unreachable', 'disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'].map((name) => ({ key: `node.kubernetes.io/${name}`, operator: 'Exists' as const }))] }, { ...node, spec: { ...node.spec, unschedulable: false } }, new Set()) === undefined;

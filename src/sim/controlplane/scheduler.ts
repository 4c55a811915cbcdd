// Which node a pod goes to: the scheduler's filters with its words, and an even spread. Given nodes stay.
import { byText } from '../base/order.ts';
import { parseAddress, parseRange, rangeHolds } from '../base/address.ts';
import type { Container, Labels, NodeObject, Pod, PodSpec, Taint, Toleration } from '../model/object.ts';
import { active, controllerKey, listed, write, type Draft } from './draft.ts';
import { nodeAddresses } from './pod-addresses.ts';
import { runningContainers } from './processes.ts';

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

/** What a pod takes of its node's own ports: init containers that end have given theirs back. */
const hostPorts = (spec: PodSpec): string[] =>
  runningContainers(spec).flatMap((container: Container) => (container.ports ?? []).flatMap((port) => {
    const number = port.hostPort ?? (spec.hostNetwork === true ? port.containerPort : undefined);
    return number === undefined ? [] : [`${number}/${port.protocol ?? 'TCP'}`];
  }));

/** What is taken on a node. */
export interface Taken {
  readonly ports: ReadonlySet<string>;
  readonly pods: number;
}

interface Place {
  readonly ports: Set<string>;
  pods: number;
  /** Pods of the plugin and of kube-proxy that run on every node and that nobody declared. */
  unseen: number;
  readonly owners: Map<string, number>;
}

const nothing: Taken = { ports: new Set(), pods: 0 };

function take(place: Place, pod: Pod): void {
  const owner = controllerKey(pod);
  if (pod.spec.hostNetwork === true && place.unseen > 0) place.unseen--;
  else place.pods++;
  if (owner !== undefined) place.owners.set(owner, (place.owners.get(owner) ?? 0) + 1);
  for (const port of hostPorts(pod.spec)) place.ports.add(port);
}

/** What the pods that have a node take there. */
export function takenByNode(draft: Draft, pods: readonly Pod[]): ReadonlyMap<string, Place> {
  const nodes = listed(draft, 'Node').map(({ object }) => object);
  const dealt = nodeAddresses(draft.settings.plugin, draft.settings.podRanges, nodes);
  const places = new Map(nodes.map(({ metadata: { name } }): [string, Place] => {
    const unseen = dealt.get(name)?.systemPods ?? 0;
    return [name, { ports: new Set(), pods: unseen, unseen, owners: new Map() }];
  }));
  for (const pod of pods) {
    const place = places.get(pod.spec.nodeName ?? '');
    if (place !== undefined && active(pod)) take(place, pod);
  }
  return places;
}

const tooMany = 'Too many pods';
const portTaken = "node(s) didn't have free ports for the requested pod ports";

/** Why a pod cannot run on a node, in the scheduler's words and in the order of its filters; `undefined` when it can. */
export function refusal(spec: PodSpec, node: NodeObject, taken: Taken): string | undefined {
  const tolerations = spec.tolerations ?? [];
  if (node.spec?.unschedulable === true && !tolerates(tolerations, { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' })) return 'node(s) were unschedulable';
  const taint = (node.spec?.taints ?? []).find((candidate) => candidate.effect !== 'PreferNoSchedule' && !tolerates(tolerations, candidate));
  if (taint !== undefined) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
  if (!affinityHolds(spec, node)) return "node(s) didn't match Pod's node affinity/selector";
  if (hostPorts(spec).some((port) => taken.ports.has(port))) return portTaken;
  if (taken.pods >= Number(node.status?.allocatable?.['pods'] ?? Number.POSITIVE_INFINITY)) return tooMany;
  return undefined;
}

/** As the scheduler counts reasons: `2 Too many pods`, as texts in their order. */
function counted(reasons: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of reasons) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, count]) => `${count} ${text}`).sort(byText).join(', ');
}

/** The words of the PodScheduled condition when no node fits. What others take they could give back, but nobody here is less important. */
export function unschedulable(refusals: readonly string[]): string {
  const total = refusals.length;
  if (total === 0) return 'no nodes available to schedule pods';
  const victims = refusals.map((text) => (text === tooMany || text === portTaken ? 'No preemption victims found for incoming pod' : 'Preemption is not helpful for scheduling'));
  return `0/${total} nodes are available: ${counted(refusals)}. preemption: 0/${total} nodes are available: ${counted(victims)}.`;
}

// Simplified: requests of memory and CPU, pod affinity and topology spread constraints are not looked at.
/** Gives every pod without a node one; the fewest pods of the same owner first, then the fewest of all, then by name. */
export function schedule(draft: Draft): void {
  const nodes = listed(draft, 'Node').map(({ object }) => object);
  const pods = listed(draft, 'Pod').map(({ object }) => object);
  const load = takenByNode(draft, pods);
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
    const fitting = home === undefined ? nodes.filter((node) => refusal(pod.spec, node, load.get(node.metadata.name) ?? nothing) === undefined) : [home];
    const weight = (node: NodeObject): readonly [number, number] => { const place = load.get(node.metadata.name); return [place?.owners.get(owner) ?? 0, place?.pods ?? 0]; };
    const chosen = [...fitting].sort((left, right) => { const [a, b] = [weight(left), weight(right)]; return a[0] - b[0] || a[1] - b[1] || byText(left.metadata.name, right.metadata.name); })[0];
    if (chosen === undefined) continue;
    const place = load.get(chosen.metadata.name);
    if (place !== undefined) take(place, pod);
    write(draft, { ...pod, spec: { ...pod.spec, nodeName: chosen.metadata.name } } as Pod);
  }
}

/** The words for a pod that is still without a node. */
export const whyPending = (draft: Draft, pod: Pod, taken: ReadonlyMap<string, Taken>): string =>
  unschedulable(listed(draft, 'Node').map(({ object }) => refusal(pod.spec, object, taken.get(object.metadata.name) ?? nothing) ?? ''));

/** Nodes with a taint that a DaemonSet's pods tolerate, as its controller adds tolerations for a node's conditions. */
export const daemonFits = (spec: PodSpec, node: NodeObject): boolean =>
  refusal({ ...spec, tolerations: [...(spec.tolerations ?? []), ...['not-ready', 'unreachable', 'disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'].map((name) => ({ key: `node.kubernetes.io/${name}`, operator: 'Exists' as const }))] }, { ...node, spec: { ...node.spec, unschedulable: false } }, nothing) === undefined;

// The index that judgements are made from: pods in classes that no rule tells apart, and what each class matches.
import type { AddressSet } from '../base/address-set.ts';
import { addressSetHolds, cellOf } from '../base/address-set.ts';
import type { Address, AddressFamily, AddressRange } from '../base/address.ts';
import { parseAddress } from '../base/address.ts';
import { byText } from '../base/order.ts';
import type { PortSet } from '../base/port-set.ts';
import { noPorts, portsOf, unionPorts } from '../base/port-set.ts';
import type { Labels } from '../model/object.ts';
import { refText } from '../model/object.ts';
import type { Direction, PolicyPod } from '../model/policy.ts';
import type { Selector, SelectorIndex } from './label-selector.ts';
import { selectorsMatching } from './label-selector.ts';
import type { CompiledPolicy, PeerTerm, PodTerm, PortTerm } from './policy-api.ts';
import { tiers } from './tiers.ts';

/** Pods that every policy treats alike: as subject, as peer, and as a destination of named ports. */
export interface PodClass {
  readonly key: string;
  readonly namespace: string;
  /** `null` where no policy tells nodes apart, too. */
  readonly node: string | null;
  /** A subject and a peer for selectors: running, and in a network of its own. */
  readonly selectable: boolean;
  /** Its address (the first of each family), or `null`; of a class, any member's: they lie in the same cell. */
  readonly addresses: Readonly<Record<AddressFamily, Address | null>>;
  /** `ipBlock`s may match its addresses. */
  readonly inBlocks: boolean;
  /** The named ports that any rule asks for; equal texts are equal lists. */
  readonly namedPorts: PolicyPod['namedPorts'];
  readonly namedPortsKey: string;
  /** The selectors of pods that match its labels. */
  readonly selectors: ReadonlySet<Selector>;
  /** The selectors of namespaces that match its namespace's labels. */
  readonly namespaceSelectors: ReadonlySet<Selector>;
  /** The policies that select it and say something about the direction, whether enforced or not: one list for each of the {@link tiers}, in the order in which they are asked. */
  readonly selectedBy: Readonly<Record<Direction, TierLists>>;
}

/** One list for each of the {@link tiers}. */
export type TierLists = readonly (readonly CompiledPolicy[])[];

/** Policies by the namespace of their subject (empty: of any), then by its selector of pods, so that a pod meets only those that may select it. */
export type PoliciesBySubject = ReadonlyMap<string, ReadonlyMap<Selector, readonly CompiledPolicy[]>>;

/** What classes are told apart by. */
export interface ClassBasis {
  readonly ipBlocks: 'all' | 'outside';
  /** The addresses of every node. */
  readonly nodesTogether: AddressSet;
  readonly namespaces: ReadonlyMap<string, Labels>;
  readonly policies: PoliciesBySubject;
  /** Some rule matches addresses of pods too, whatever `ipBlocks` says. */
  readonly networks: boolean;
  /** Some policy is for the pods of one node. */
  readonly byNode: boolean;
  readonly podSelectors: SelectorIndex;
  readonly namespaceSelectors: SelectorIndex;
  readonly labelKeys: ReadonlySet<string>;
  readonly portNames: ReadonlySet<string>;
  /** The address space of each family, cut at the edges of every policy's blocks. */
  readonly cells: Readonly<Record<AddressFamily, readonly AddressRange[]>>;
}

/** Everything that is compiled from the policies; immutable. */
export interface PolicyIndex extends ClassBasis {
  /** The kinds of policy that the CNI plugin enforces. */
  readonly enforced: ReadonlySet<string>;
  readonly classes: ReadonlyMap<string, PodClass>;
  readonly classOfPod: ReadonlyMap<PolicyPod, PodClass>;
}

/** A namespace always carries its name as a label, declared or not. */
export const namespaceLabels = (namespaces: ReadonlyMap<string, Labels>, name: string): Labels => ({ ...namespaces.get(name), 'kubernetes.io/metadata.name': name });

const askedPorts = (basis: ClassBasis, pod: PolicyPod): PolicyPod['namedPorts'] => pod.namedPorts.filter(({ name }) => basis.portNames.has(name));

const portsKey = (ports: PolicyPod['namedPorts']): string => ports.map(({ name, port, protocol }) => `${name}:${port}:${protocol}`).sort(byText).join();

// Simplified: of several addresses of one family (a node's, for a pod on its network) reach knows the first; judge is told the address of the packet.
/** The address of each family, of the running only: a finished pod's address may be somebody else's by now. */
function addressesOf(pod: PolicyPod): PodClass['addresses'] {
  const found: Record<AddressFamily, Address | null> = { IPv4: null, IPv6: null };
  for (const text of pod.running ? pod.addresses : []) {
    const address = parseAddress(text);
    if (address !== undefined) found[address.family] ??= address;
  }
  return found;
}

/** Policies see a pod on the host's network as its node's address alone, which is outside for nobody. */
const blocksSee = (basis: ClassBasis, pod: PolicyPod): boolean => basis.ipBlocks === 'all' || pod.hostNetwork;

const serviceAccountKey = 'io.cilium.k8s.policy.serviceaccount';

/** With the service account as a label where a selector asks for it, which Cilium's identities have. */
const labelsOf = (basis: ClassBasis, pod: PolicyPod): Labels =>
  pod.serviceAccount === undefined || !basis.labelKeys.has(serviceAccountKey) ? pod.labels : { ...pod.labels, [serviceAccountKey]: pod.serviceAccount };

/** Equal keys: no rule tells the pods apart. */
function classKey(basis: ClassBasis, pod: PolicyPod): string {
  const parts = [pod.namespace, `${pod.running}${pod.hostNetwork}`];
  const labels = labelsOf(basis, pod);
  for (const key of Object.keys(labels).filter((one) => basis.labelKeys.has(one)).sort(byText)) parts.push(`${key}=${labels[key] ?? ''}`);
  if (basis.byNode) parts.push(`@@${pod.node ?? ''}`);
  parts.push(portsKey(askedPorts(basis, pod)));
  const addresses = addressesOf(pod);
  for (const family of ['IPv4', 'IPv6'] as const) {
    const address = addresses[family];
    parts.push(address === null ? '-' : basis.networks || blocksSee(basis, pod) ? `@${cellOf(basis.cells[family], address)}` : '@');
  }
  return parts.join('\u0000');
}

function makeClass(basis: ClassBasis, key: string, pod: PolicyPod): PodClass {
  const selectable = pod.running && !pod.hostNetwork;
  const selectors = selectorsMatching(basis.podSelectors, labelsOf(basis, pod));
  const node = basis.byNode ? pod.node : null;
  const namedPorts = selectable ? askedPorts(basis, pod) : [];
  const namespaceSelectors = selectorsMatching(basis.namespaceSelectors, namespaceLabels(basis.namespaces, pod.namespace));
  const selecting = selectable ? selectingPolicies(basis, { namespace: pod.namespace, node, selectors, namespaceSelectors }) : [];
  return {
    key,
    namespace: pod.namespace,
    node,
    selectable,
    addresses: addressesOf(pod),
    inBlocks: blocksSee(basis, pod),
    namedPorts,
    namedPortsKey: portsKey(namedPorts),
    selectors,
    namespaceSelectors,
    selectedBy: { ingress: inTiers(selecting, 'ingress'), egress: inTiers(selecting, 'egress') },
  };
}

/** See {@link PoliciesBySubject}; the policies as they are asked within a tier: by priority, then by name. */
export function bySubject(policies: readonly CompiledPolicy[]): PoliciesBySubject {
  const found = new Map<string, Map<Selector, CompiledPolicy[]>>();
  for (const policy of policies) {
    const { namespaces, pods } = policy.subject;
    const namespace = 'name' in namespaces ? namespaces.name : '';
    const there = found.get(namespace) ?? new Map<Selector, CompiledPolicy[]>();
    found.set(namespace, there);
    const alike = there.get(pods);
    if (alike === undefined) there.set(pods, [policy]);
    else alike.push(policy);
  }
  return found;
}

function selectingPolicies(basis: ClassBasis, pod: Pick<PodClass, 'namespace' | 'node' | 'selectors' | 'namespaceSelectors'>): readonly CompiledPolicy[] {
  const found: CompiledPolicy[] = [];
  for (const there of [basis.policies.get(pod.namespace), basis.policies.get('')]) {
    if (there === undefined) continue;
    for (const selector of pod.selectors) for (const policy of there.get(selector) ?? []) if (placeHolds(policy.subject, pod)) found.push(policy);
  }
  return found.sort((left, right) => left.priority - right.priority || byText(refText(left.policy), refText(right.policy)));
}

/** What isolates nobody stands in the union where something else isolates, and in the tier behind it where nothing does. */
function inTiers(policies: readonly CompiledPolicy[], direction: Direction): TierLists {
  const isolated = policies.some(({ tier, rules, isolates }) => tier === 'namespace' && rules[direction] !== null && isolates?.[direction] !== false);
  return tiers.map(({ name }) => ((name === 'allow' && isolated) || (name === 'namespace' && !isolated) ? [] : policies.filter(({ tier, rules }) => tier === name && rules[direction] !== null)));
}

/** Sorts pods into classes. */
export function classify(basis: ClassBasis, pods: readonly PolicyPod[]): Pick<PolicyIndex, 'classes' | 'classOfPod'> {
  const classes = new Map<string, PodClass>();
  const classOfPod = new Map<PolicyPod, PodClass>();
  for (const pod of pods) {
    const key = classKey(basis, pod);
    const known = classes.get(key) ?? makeClass(basis, key, pod);
    classes.set(key, known);
    classOfPod.set(pod, known);
  }
  return { classes, classOfPod };
}

/** The class of any pod, of one that the index was not made with too. */
export function classOf(index: PolicyIndex, pod: PolicyPod): PodClass {
  const known = index.classOfPod.get(pod);
  if (known !== undefined) return known;
  const key = classKey(index, pod);
  return index.classes.get(key) ?? makeClass(index, key, pod);
}

/** Whether selectors pick the pod. */
export const termHolds = (term: PodTerm, pod: PodClass): boolean =>
  pod.selectable && placeHolds(term, pod) && pod.selectors.has(term.pods);

/** The part of {@link termHolds} that is about the namespace and the node. */
export const placeHolds = ({ namespaces, node }: PodTerm, pod: Pick<PodClass, 'namespace' | 'node' | 'namespaceSelectors'>): boolean =>
  ('name' in namespaces ? namespaces.name === pod.namespace : pod.namespaceSelectors.has(namespaces.selector)) && (node === undefined || node === pod.node);

/** Whether a peer's addresses hold one end of a connection: a pod with this address (`null` pod: an address of no pod). */
export function blockHolds(peer: PeerTerm, pod: PodClass | null, address: Address | null): boolean {
  if (peer.kind !== 'addresses' || address === null) return false;
  if (peer.outside !== undefined) return pod === null && addressSetHolds(peer.addresses, address) && !addressSetHolds(peer.outside, address);
  return (pod === null || pod.inBlocks || peer.podsToo) && addressSetHolds(peer.addresses, address);
}

/** The numbers that a rule's named ports are on this destination; a name that the pod does not have is no port at all. */
export function resolvePorts(ports: PortTerm, destination: PodClass): PortSet {
  let resolved = noPorts;
  for (const { name, protocol } of ports.named) {
    for (const own of destination.namedPorts) {
      if (own.name === name && (protocol === null || own.protocol === protocol)) resolved = unionPorts(resolved, portsOf(own.protocol, own.port));
    }
  }
  return resolved;
}

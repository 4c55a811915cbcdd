// Policies and pods in, one index out: selectors shared, pods in classes, rules compiled once. Its cost grows with what is declared.
import type { AddressSet } from '../base/address-set.ts';
import { addressSetOf, cutFamily } from '../base/address-set.ts';
import { parseAddress } from '../base/address.ts';
import { sortedBy } from '../base/order.ts';
import { matchesLabels } from '../cluster/selector.ts';
import type { Origin } from '../cluster/store.ts';
import type { KubeObject, Labels } from '../model/object.ts';
import { refText } from '../model/object.ts';
import type { PolicyPod } from '../model/policy.ts';
import { indexSelectors, selectorTable } from './label-selector.ts';
import type { CompileContext, CompiledPolicy, PolicyService } from './policy-api.ts';
import { policyApis } from './policy-apis.ts';
import type { ClassBasis, PolicyIndex } from './policy-index.ts';
import { bySubject, classify } from './policy-index.ts';

export type { PolicyIndex } from './policy-index.ts';

export interface PolicyInput {
  /** The labels of the declared namespaces, by name; any other namespace has its name as its only label. */
  readonly namespaces: ReadonlyMap<string, Labels>;
  readonly pods: readonly PolicyPod[];
  /** Objects of any kind: what is no policy is passed over. Of two with one name the later stands. */
  readonly objects: readonly { readonly object: KubeObject; readonly origin: Origin | null }[];
  /** The kinds of policy that the CNI plugin enforces: `NetworkPolicy` … */
  readonly enforced: readonly string[];
  /** Whether `ipBlock` matches the addresses of pods too (the upstream tests require it), or only what is outside the pods' network. */
  readonly ipBlocks: 'all' | 'outside';
  /** What `nodes` peers select, by labels, and the addresses that they then match; without any they match nobody. By name where a policy tells a pod's own node from the others. */
  readonly nodes?: readonly { readonly name?: string; readonly labels: Labels; readonly addresses: readonly string[] }[];
  /** What `domainNames` peers stand for; a name that is not among them matches nobody. */
  readonly hosts?: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  readonly services?: readonly PolicyService[];
  /** Where the API server answers. */
  readonly apiServer?: readonly string[];
}

/** The kinds that are policies of some API that the simulation knows. */
export const policyKinds: readonly string[] = policyApis.flatMap(({ kinds }) => kinds);

export function compilePolicies(input: PolicyInput): PolicyIndex {
  const podTable = selectorTable();
  const namespaceTable = selectorTable();
  const { nodes = [], hosts = [] } = input;
  const policies = readPolicies(input, {
    podSelector: podTable.intern,
    namespaceSelector: namespaceTable.intern,
    nodeAddresses: (selector) => addressesOf(nodes.filter(({ labels }) => matchesLabels(selector, labels))),
    domainAddresses: (domain) => addressesOf(hosts.filter(({ name }) => domainHolds(domain, name))),
    ipBlocks: input.ipBlocks,
    nodes: new Map(nodes.flatMap((node) => (node.name === undefined ? [] : [[node.name, addressesOf([node])]]))),
    nodesTogether: addressesOf(nodes),
    apiServer: addressesOf([{ addresses: input.apiServer ?? [] }]),
    services: input.services ?? [],
    hosts: hosts.map((host) => ({ name: host.name, addresses: addressesOf([host]) })),
    objects: input.objects.map(({ object }) => object),
  });
  const podSelectors = indexSelectors(podTable.all());
  const rules = policies.flatMap((policy) => [...(policy.rules.ingress ?? []), ...(policy.rules.egress ?? [])]);
  const blocks = rules.flatMap(({ peers }) => (peers ?? []).flatMap((peer) => (peer.kind === 'addresses' ? peer.addresses : [])));
  const basis: ClassBasis = {
    ipBlocks: input.ipBlocks,
    nodesTogether: addressesOf(nodes),
    namespaces: input.namespaces,
    policies: bySubject(policies),
    networks: rules.some(({ peers }) => (peers ?? []).some((peer) => peer.kind === 'addresses' && peer.podsToo)),
    byNode: policies.some(({ subject }) => subject.node !== undefined),
    podSelectors,
    namespaceSelectors: indexSelectors(namespaceTable.all()),
    labelKeys: new Set(podSelectors.keys),
    portNames: new Set(rules.flatMap(({ ports }) => (ports?.named ?? []).map(({ name }) => name))),
    cells: { IPv4: cutFamily('IPv4', blocks), IPv6: cutFamily('IPv6', blocks) },
  };
  return { ...basis, enforced: new Set(input.enforced), ...classify(basis, input.pods) };
}

function readPolicies(input: PolicyInput, context: CompileContext): readonly CompiledPolicy[] {
  const compilers = new Map(policyApis.flatMap(({ group, kinds, compiler }) => {
    const compile = compiler(context);
    return kinds.map((kind) => [`${kind}.${group}`, compile] as const);
  }));
  const policies = new Map<string, readonly CompiledPolicy[]>();
  for (const { object, origin } of input.objects) {
    const group = object.apiVersion.split('/').slice(0, -1).join('/');
    const compiled = compilers.get(`${object.kind}.${group}`)?.(object, origin) ?? [];
    const [first] = compiled;
    if (first !== undefined) policies.set(refText(first.policy), compiled);
  }
  return sortedBy(policies, ([name]) => name).flatMap(([, parts]) => parts);
}

const addressesOf = (owners: readonly { readonly addresses: readonly string[] }[]): AddressSet =>
  addressSetOf(owners.flatMap(({ addresses }) => addresses).flatMap((text) => {
    const address = parseAddress(text);
    return address === undefined ? [] : [{ family: address.family, first: address.value, last: address.value }];
  }));

/** `*.example.com` is every name below example.com, at any depth, and not example.com itself (network-policy-api, DomainName). */
function domainHolds(domain: string, name: string): boolean {
  const [wanted, given] = [domain, name].map((text) => text.toLowerCase().replace(/\.$/, ''));
  if (wanted === undefined || given === undefined) return false;
  return wanted.startsWith('*.') ? given.endsWith(wanted.slice(1)) && given.length > wanted.length - 1 : given === wanted;
}

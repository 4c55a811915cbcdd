// Cilium's selectors of endpoints: labels with their sources, the namespace among them, in the common terms of namespaces and pods.
import type { Requirement } from '../../cluster/selector.ts';
import { requirementsOf } from '../../cluster/selector.ts';
import type { LabelSelector } from '../../model/object.ts';
import type { CompileContext, PodTerm } from '../policy-api.ts';

const namespaceKey = 'io.kubernetes.pod.namespace';
const namespaceLabels = 'io.cilium.k8s.namespace.labels.';
const clusterKey = 'io.cilium.k8s.policy.cluster';

/** What a selector of endpoints is: pods, reserved entities by name, or nobody ever. */
export type Identities =
  | { readonly is: 'pods'; readonly term: PodTerm; /** Labels that it asks for and that no identity has. */ readonly left: readonly string[] }
  | { readonly is: 'entities'; readonly names: readonly string[] }
  | { readonly is: 'nobody'; readonly left: readonly string[] };

// The labels that are part of no identity, and those that are nevertheless (cilium v1.20, pkg/labelsfilter, defaultLabelPrefixCfg).
const included = /^(io\.kubernetes\.pod\.namespace|io\.cilium\.k8s\.namespace\.labels|app\.kubernetes\.io|io\.cilium\.k8s\.policy\.(cluster|serviceaccount))/;
const ignored = /^(io\.kubernetes|kubernetes\.io|statefulset\.kubernetes\.io\/pod-name|apps\.kubernetes\.io\/pod-index|batch\.kubernetes\.io\/(job-completion-index|controller-uid)|.*beta\.kubernetes\.io|k8s\.io|pod-template-generation|pod-template-hash|controller-revision-hash|controller-uid|annotation.*|etcd_node|topology\.kubernetes\.io)/;

/** Whether Cilium tells pods apart by this label. */
export const isIdentityLabel = (key: string): boolean => included.test(key) || !ignored.test(key);

/**
 * `namespace`: of the policy, `null` for the cluster's own, whose selectors are for every namespace. As subject a policy of a namespace is for that namespace,
 * whatever it says; as peer it is unless it says another (cilium v1.20, pkg/k8s/apis/cilium.io/utils, getEndpointSelector).
 */
export function identitiesOf(selector: LabelSelector, namespace: string | null, as: 'subject' | 'peer', context: CompileContext): Identities {
  const requirements = requirementsOf(selector).map((one) => ({ ...one, ...sourceOf(one.key) }));
  const reserved = requirements.filter(({ source }) => source === 'reserved');
  if (reserved.length > 0) {
    const names = reserved.flatMap(({ key, operator, values }) => (operator === 'Exists' || (operator === 'Equals' && values.join('') === '') || (operator === 'In' && values.includes('')) ? [key] : []));
    return as === 'peer' && requirements.length === 1 && names.length === 1 ? { is: 'entities', names } : { is: 'nobody', left: [] };
  }
  const [ofNamespaces, ofPods]: [Requirement[], Requirement[]] = [[], []];
  const left: string[] = [];
  let possible = true;
  for (const { source, ...one } of requirements) {
    if (one.key === namespaceKey) {
      if (as === 'peer' || namespace === null) ofNamespaces.push({ ...one, key: 'kubernetes.io/metadata.name' });
    } else if (one.key.startsWith(namespaceLabels)) ofNamespaces.push({ ...one, key: one.key.slice(namespaceLabels.length) });
    else if (one.key === clusterKey) possible &&= holdsFor(one, 'default');
    else if (source === 'k8s' && isIdentityLabel(one.key)) ofPods.push(one);
    else {
      left.push(one.key);
      possible &&= holdsFor(one, undefined);
    }
  }
  if (!possible) return { is: 'nobody', left };
  const own = namespace !== null && (as === 'subject' || ofNamespaces.length === 0);
  const [only] = ofNamespaces;
  const pods = context.podSelector(asSelector(ofPods));
  const single = ofNamespaces.length === 1 && only?.key === 'kubernetes.io/metadata.name' && only.operator === 'Equals' ? only.values[0] : undefined;
  if (own && ofNamespaces.length > 0) ofNamespaces.push({ key: 'kubernetes.io/metadata.name', operator: 'Equals', values: [namespace] });
  const namespaces = own && ofNamespaces.length === 0 ? { name: namespace } : single !== undefined ? { name: single } : { selector: context.namespaceSelector(asSelector(ofNamespaces)) };
  return { is: 'pods', term: { namespaces, pods }, left };
}

/** `k8s:app`, `any:app` and `app` are labels of Kubernetes; what has another source no pod has. */
function sourceOf(key: string): { readonly source: 'k8s' | 'reserved' | 'other'; readonly key: string } {
  const colon = key.indexOf(':');
  if (colon === -1) return { source: 'k8s', key };
  const source = key.slice(0, colon);
  return { source: source === 'k8s' || source === 'any' || source === '' ? 'k8s' : source === 'reserved' ? 'reserved' : 'other', key: key.slice(colon + 1) };
}

function holdsFor({ operator, values }: Requirement, value: string | undefined): boolean {
  if (operator === 'DoesNotExist') return value === undefined;
  if (operator === 'NotIn' || operator === 'NotEquals') return value === undefined || !values.includes(value);
  return value !== undefined && (operator === 'Exists' || values.includes(value));
}

/** Of two demands on one label the second is an expression: a map can only have one. */
function asSelector(requirements: readonly Requirement[]): LabelSelector {
  const matchLabels: Record<string, string> = {};
  const matchExpressions: NonNullable<LabelSelector['matchExpressions']>[number][] = [];
  for (const { key, operator, values } of requirements) {
    if (operator === 'Equals' && !Object.hasOwn(matchLabels, key) && key !== '__proto__') matchLabels[key] = values[0] ?? '';
    else matchExpressions.push({ key, operator: operator === 'Equals' ? 'In' : operator === 'NotIn' || operator === 'In' || operator === 'DoesNotExist' ? operator : 'Exists', values: [...values] });
  }
  return { matchLabels, matchExpressions };
}

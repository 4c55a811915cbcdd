// Metadata, the same for every kind but for what a name may look like.
import type { KubeObject } from '../../model/object.ts';
import { forbidden, invalid, required } from '../problem-at.ts';
import type { Finding } from '../problem-at.ts';
import { checked, isDns1123Label, isDns1123Subdomain, isQualifiedName, labels } from './names.ts';
import type { Check } from './names.ts';

// The rest are RFC 1123 subdomains, or path segments (RBAC). A Service's name may start with a digit (KEP-5311).
const nameChecks: Readonly<Record<string, Check>> = { Service: isDns1123Label, Namespace: isDns1123Label, Job: isDns1123Subdomain };

const pathSegment: Check = (value) => (value === '.' || value === '..' ? [`may not be '${value}'`] : /[/%]/.test(value) ? [`may not contain '${value.includes('/') ? '/' : '%'}'`] : []);

const annotationLimit = 262_144;

/** Name, namespace, labels and annotations. `namespaced` is `null` for a kind that nobody described. */
export function metadata(object: KubeObject, namespaced: boolean | null): readonly Finding[] {
  const { name, namespace, annotations } = object.metadata;
  const check = object.apiVersion.startsWith('rbac.authorization.k8s.io/') ? pathSegment : (nameChecks[object.kind] ?? isDns1123Subdomain);
  const size = Object.entries(annotations ?? {}).reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  return [
    ...(name === '' ? (object.metadata.generateName === undefined ? [required('metadata.name', 'name or generateName is required')] : []) : checked('metadata.name', name, check)),
    ...(namespaced === false && namespace !== undefined ? [forbidden('metadata.namespace', 'not allowed on this type')] : []),
    ...(namespaced !== false && namespace !== undefined ? checked('metadata.namespace', namespace, isDns1123Label) : []),
    ...labels('metadata.labels', object.metadata.labels),
    ...Object.keys(annotations ?? {}).flatMap((key) => checked('metadata.annotations', key, (value) => isQualifiedName(value.toLowerCase()))),
    ...(size > annotationLimit ? [{ code: 'too-long', field: 'metadata.annotations', says: `metadata.annotations: Too long: may not be more than ${annotationLimit} bytes` }] : []),
    ...(object.metadata.ownerReferences ?? []).flatMap((owner, index) => (['apiVersion', 'kind', 'name', 'uid'] as const)
      .filter((field) => (owner[field] ?? '') === '').map((field) => required(`metadata.ownerReferences[${index}].${field}`, 'must not be empty'))),
    ...controllers(object),
  ];
}

function controllers(object: KubeObject): readonly Finding[] {
  const owners = object.metadata.ownerReferences ?? [];
  return owners.filter((owner) => owner.controller === true).length > 1 ? [invalid('metadata.ownerReferences', owners, 'Only one reference can have Controller set to true.')] : [];
}

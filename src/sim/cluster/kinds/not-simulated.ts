// Kinds that are kept but have no meaning for the network and only a name.
import { allResources } from '../schema/shape.ts';
import { ageColumn, nameColumn } from './kind.ts';
import type { Column, Kind } from './kind.ts';
import type { Store, Stored } from '../store.ts';

// The published schema has no short names (pkg/registry/*/storage, ShortNames).
const shortNames: Readonly<Record<string, readonly string[]>> = {
  CertificateSigningRequest: ['csr'], ComponentStatus: ['cs'], CustomResourceDefinition: ['crd', 'crds'], Event: ['ev'], HorizontalPodAutoscaler: ['hpa'], IPAddress: ['ip'],
  LimitRange: ['limits'], PersistentVolume: ['pv'], PersistentVolumeClaim: ['pvc'], PodDisruptionBudget: ['pdb'], PriorityClass: ['pc'], ResourceQuota: ['quota'], ServiceAccount: ['sa'],
  StorageClass: ['sc'], VolumeAttributesClass: ['vac'],
};

/** A kind of the published schema that no file of this folder is about. */
export function schemaKinds(simulated: ReadonlySet<string>): readonly Kind[] {
  const found = new Map<string, Kind>();
  for (const resource of allResources()) {
    const [group, version] = splitVersion(resource.apiVersion);
    if (simulated.has(`${resource.kind}.${group}`)) continue;
    const known = found.get(`${resource.kind}.${group}`);
    found.set(`${resource.kind}.${group}`, {
      kind: resource.kind, plural: resource.plural, singular: resource.kind.toLowerCase(), shortNames: shortNames[resource.kind] ?? [], group,
      versions: [...(known?.versions ?? []), version], namespaced: resource.namespaced, columns: plainColumns,
    });
  }
  return [...found.values()];
}

/** A kind that nobody described: a custom resource, by an object of it. */
export function customKind(stored: Stored): Kind {
  const { apiVersion, kind, metadata } = stored.object;
  const [group, version] = splitVersion(apiVersion);
  const singular = bareKind(kind).toLowerCase();
  return { kind, plural: pluralOf(singular), singular, shortNames: [], group, versions: [version], namespaced: metadata.namespace !== undefined && metadata.namespace !== '', columns: plainColumns };
}

/** `[group, version]` of an apiVersion; the core group is empty. */
export function splitVersion(apiVersion: string): readonly [group: string, version: string] {
  const slash = apiVersion.indexOf('/');
  return slash === -1 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
}

/** A kind as it is written in a manifest: without the group that tells it from a namesake. */
export const bareKind = (kind: string): string => kind.split('.')[0] ?? kind;

// As Kubernetes guesses a resource's name from its kind (meta.UnsafeGuessKindToResource).
function pluralOf(singular: string): string {
  if (singular.endsWith('s')) return `${singular}es`;
  return /[^aeiou]y$/.test(singular) ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}

const plainColumns = (stored: Stored, store: Store): readonly Column[] => [nameColumn(stored), ageColumn(stored, store)];

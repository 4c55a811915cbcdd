// Kinds that are kept but have no meaning for the network: their names, and the columns that kubectl shows of the commonest.
import { isRecord } from '../record.ts';
import { allResources } from '../schema/shape.ts';
import { ageColumn, column, firstThree, nameColumn } from './kind.ts';
import type { Column, Kind } from './kind.ts';
import type { Store, Stored } from '../store.ts';

// The published schema has no short names (pkg/registry/*/storage, ShortNames).
const shortNames: Readonly<Record<string, readonly string[]>> = {
  CertificateSigningRequest: ['csr'], ComponentStatus: ['cs'], CustomResourceDefinition: ['crd', 'crds'], Event: ['ev'], HorizontalPodAutoscaler: ['hpa'], IPAddress: ['ip'], Ingress: ['ing'],
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
      versions: [...(known?.versions ?? []), version], namespaced: resource.namespaced, columns: columnsOf[resource.kind] ?? plainColumns,
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

const part = (value: unknown, ...path: readonly string[]): unknown => path.reduce<unknown>((found, name) => (isRecord(found) ? found[name] : undefined), value);
const text = (value: unknown, missing: string): string => (typeof value === 'string' && value !== '' ? value : missing);
const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const columnsOf: Readonly<Record<string, Kind['columns']>> = {
  Secret: (stored, store) => [nameColumn(stored), column('TYPE', text(part(stored.object, 'type'), 'Opaque')), column('DATA', Object.keys(part(stored.object, 'data') ?? {}).length), ageColumn(stored, store)],
  Ingress: (stored, store) => {
    const hosts = items(part(stored.object, 'spec', 'rules')).map((rule) => text(part(rule, 'host'), '')).filter((host) => host !== '');
    const addresses = items(part(stored.object, 'status', 'loadBalancer', 'ingress')).map((ingress) => text(part(ingress, 'ip'), text(part(ingress, 'hostname'), '')));
    return [
      nameColumn(stored), column('CLASS', text(part(stored.object, 'spec', 'ingressClassName'), '<none>')), column('HOSTS', firstThree(hosts) || '*'), column('ADDRESS', addresses.join(',')),
      column('PORTS', items(part(stored.object, 'spec', 'tls')).length > 0 ? '80, 443' : '80'), ageColumn(stored, store),
    ];
  },
  IngressClass: (stored, store) => [nameColumn(stored), column('CONTROLLER', text(part(stored.object, 'spec', 'controller'), '')), column('PARAMETERS', '<none>'), ageColumn(stored, store)],
};

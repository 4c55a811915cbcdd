// ConfigMap in `kubectl get`.
import type { ConfigMap } from '../../model/object.ts';
import { ageColumn, column, nameColumn } from './kind.ts';
import type { Kind } from './kind.ts';

export const configMap: Kind<ConfigMap> = {
  kind: 'ConfigMap', plural: 'configmaps', singular: 'configmap', shortNames: ['cm'], group: '', versions: ['v1'], namespaced: true,
  columns: (stored, store) => [nameColumn(stored), column('DATA', Object.keys(stored.object.data ?? {}).length + Object.keys(stored.object.binaryData ?? {}).length), ageColumn(stored, store)],
};

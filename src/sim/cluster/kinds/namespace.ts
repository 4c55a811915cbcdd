// Namespace in `kubectl get`.
import type { Namespace } from '../../model/object.ts';
import { ageColumn, column, nameColumn } from './kind.ts';
import type { Kind } from './kind.ts';

export const namespace: Kind<Namespace> = {
  kind: 'Namespace', plural: 'namespaces', singular: 'namespace', shortNames: ['ns'], group: '', versions: ['v1'], namespaced: false,
  columns: (stored, store) => [nameColumn(stored), column('STATUS', stored.object.metadata.deletionTimestamp === undefined ? 'Active' : 'Terminating'), ageColumn(stored, store)],
};

// Secret in `kubectl get`.
import type { Secret } from '../../model/object.ts';
import { ageColumn, column, nameColumn } from './kind.ts';
import type { Kind } from './kind.ts';

export const secret: Kind<Secret> = {
  kind: 'Secret', plural: 'secrets', singular: 'secret', shortNames: [], group: '', versions: ['v1'], namespaced: true,
  columns: (stored, store) => [nameColumn(stored), column('TYPE', stored.object.type ?? 'Opaque'), column('DATA', Object.keys(stored.object.data ?? {}).length), ageColumn(stored, store)],
};

// Endpoints in `kubectl get`.
import { socketText } from '../../base/address.ts';
import type { Endpoints } from '../../model/object.ts';
import { ageColumn, column, firstThree, nameColumn } from './kind.ts';
import type { Kind } from './kind.ts';

export const endpoints: Kind<Endpoints> = {
  kind: 'Endpoints', plural: 'endpoints', singular: 'endpoints', shortNames: ['ep'], group: '', versions: ['v1'], namespaced: true,
  columns: (stored, store) => {
    const subsets = stored.object.subsets ?? [];
    const sockets = subsets.flatMap((subset) => {
      const addresses = (subset.addresses ?? []).map((address) => address.ip);
      const ports = subset.ports ?? [];
      return ports.length === 0 ? addresses : ports.flatMap((port) => addresses.map((ip) => socketText(ip, port.port)));
    });
    return [nameColumn(stored), column('ENDPOINTS', subsets.length === 0 ? '<none>' : firstThree(sockets)), ageColumn(stored, store)];
  },
};

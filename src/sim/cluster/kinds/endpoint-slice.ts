// EndpointSlice in `kubectl get`.
import type { EndpointSlice } from '../../model/object.ts';
import { ageColumn, column, firstThree, nameColumn } from './kind.ts';
import type { Kind } from './kind.ts';

export const endpointSlice: Kind<EndpointSlice> = {
  kind: 'EndpointSlice', plural: 'endpointslices', singular: 'endpointslice', shortNames: [], group: 'discovery.k8s.io', versions: ['v1'], namespaced: true,
  columns: (stored, store) => {
    const { object } = stored;
    const ports = (object.ports ?? []).map((port) => (port.port === undefined || port.port === null ? (port.name ?? '*') : String(port.port)));
    const addresses = (object.endpoints ?? []).flatMap((endpoint) => endpoint.addresses);
    return [
      nameColumn(stored),
      column('ADDRESSTYPE', object.addressType),
      column('PORTS', firstThree(ports) || '<unset>'),
      column('ENDPOINTS', firstThree(addresses) || '<unset>'),
      ageColumn(stored, store),
    ];
  },
};

// Service in `kubectl get`.
import type { Service } from '../../model/object.ts';
import { labelsText } from '../selector.ts';
import { ageColumn, column, nameColumn, wideColumn } from './kind.ts';
import type { Kind } from './kind.ts';

export const service: Kind<Service> = {
  kind: 'Service', plural: 'services', singular: 'service', shortNames: ['svc'], group: '', versions: ['v1'], namespaced: true, inAll: true,
  columns: (stored, store) => {
    const { spec } = stored.object;
    return [
      nameColumn(stored),
      column('TYPE', spec.type ?? 'ClusterIP'),
      column('CLUSTER-IP', spec.clusterIPs?.[0] ?? (spec.clusterIP === undefined || spec.clusterIP === '' ? '<none>' : spec.clusterIP)),
      column('EXTERNAL-IP', externalText(stored.object)),
      column('PORT(S)', portsText(spec.ports ?? [])),
      ageColumn(stored, store),
      wideColumn('SELECTOR', labelsText(spec.selector)),
    ];
  },
};

/** What stands under EXTERNAL-IP. */
export function externalText(object: Service): string {
  const { spec } = object;
  if (spec.type === 'ExternalName') return spec.externalName ?? '';
  const given = spec.externalIPs ?? [];
  if (spec.type !== 'LoadBalancer') return given.length > 0 ? given.join(',') : '<none>';
  const balanced = [...new Set((object.status?.loadBalancer?.ingress ?? []).map((ingress) => ingress.ip ?? ingress.hostname ?? '').filter((text) => text !== ''))].sort();
  const joined = [...balanced, ...given].join(',');
  return joined === '' ? '<pending>' : joined;
}

function portsText(ports: NonNullable<Service['spec']['ports']>): string {
  if (ports.length === 0) return '<none>';
  return ports.map((port) => `${port.port}${port.nodePort === undefined || port.nodePort === 0 ? '' : `:${port.nodePort}`}/${port.protocol ?? 'TCP'}`).join(',');
}

// What the API server says of a Service that it takes all the same (pkg/api/service/warnings.go, GetWarningsForService).
import { formatAddress, parseAddress } from '../../base/address.ts';
import type { Service } from '../../model/object.ts';

const oldHints = 'service.kubernetes.io/topology-aware-hints';

function strangeForm(field: string, value: string): readonly string[] {
  const parsed = parseAddress(value);
  return parsed?.family === 'IPv6' && formatAddress(parsed) !== value ? [`${field}: IPv6 address "${value}" should be in RFC 5952 canonical format ("${formatAddress(parsed)}")`] : [];
}

/** Without `Warning: `, in the server's order. */
export function serviceWarnings({ metadata, spec }: Service): readonly string[] {
  const type = spec.type ?? 'ClusterIP';
  const headless = type === 'ClusterIP' && spec.clusterIP === 'None';
  const externals = spec.externalIPs ?? [];
  return [
    ...(Object.hasOwn(metadata.annotations ?? {}, oldHints) ? [`annotation ${oldHints} is deprecated, please use service.kubernetes.io/topology-mode instead`] : []),
    ...(type === 'ExternalName' || headless ? [] : (spec.clusterIPs ?? []).flatMap((ip, index) => strangeForm(`spec.clusterIPs[${index}]`, ip))),
    ...(headless && (spec.loadBalancerIP ?? '') !== '' ? ['spec.loadBalancerIP is ignored for headless services'] : []),
    ...(headless && externals.length > 0 ? ['spec.externalIPs is ignored for headless services'] : []),
    ...(headless && spec.sessionAffinity === 'ClientIP' ? ['spec.SessionAffinity is ignored for headless services'] : []),
    ...externals.flatMap((ip, index) => strangeForm(`spec.externalIPs[${index}]`, ip)),
    ...(externals.length > 0 && !headless && type !== 'ExternalName' ? ['spec.externalIPs is deprecated and may no longer be implemented in some clusters'] : []),
    ...(spec.loadBalancerIP === undefined ? [] : strangeForm('spec.loadBalancerIP', spec.loadBalancerIP)),
    ...(type === 'ExternalName' && externals.length > 0 ? ['spec.externalIPs is ignored when spec.type is "ExternalName"'] : []),
    ...(type !== 'ExternalName' && (spec.externalName ?? '') !== '' ? ['spec.externalName is ignored when spec.type is not "ExternalName"'] : []),
    ...(spec.trafficDistribution === 'PreferClose' ? ['spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'] : []),
  ];
}

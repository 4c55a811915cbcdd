// kubectl describe service and the two kinds of endpoint lists.
import { socketText } from '../../sim/base/address.ts';
import { byText } from '../../sim/base/order.ts';
import { labelsText } from '../../sim/cluster/selector.ts';
import { list } from '../../sim/cluster/store.ts';
import type { EndpointSlice, Endpoints, Service } from '../../sim/model/object.ts';
import type { Describe } from './describer.ts';
import { annotationLines, field, labelLines, noEvents, optional } from './writer.ts';

export const describeService: Describe<Service> = ({ object }, { store }) => {
  const { metadata, spec, status } = object;
  const slices = list(store, 'EndpointSlice', metadata.namespace ?? '')
    .map((stored) => stored.object)
    .filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === metadata.name)
    .sort((left, right) => byText(left.metadata.name, right.metadata.name));
  const ingress = status?.loadBalancer?.ingress ?? [];
  return [
    field('Name', metadata.name),
    field('Namespace', metadata.namespace ?? ''),
    ...labelLines('Labels', metadata.labels),
    ...annotationLines('Annotations', metadata.annotations),
    field('Selector', labelsText(spec.selector)),
    field('Type', spec.type ?? 'ClusterIP'),
    ...optional('IP Family Policy', spec.ipFamilyPolicy),
    field('IP Families', spec.ipFamilies === undefined || spec.ipFamilies.length === 0 ? '<none>' : spec.ipFamilies.join(',')),
    field('IP', spec.clusterIP ?? ''),
    field('IPs', spec.clusterIPs === undefined || spec.clusterIPs.length === 0 ? '<none>' : spec.clusterIPs.join(',')),
    ...optional('External IPs', spec.externalIPs?.join(',')),
    ...optional('Desired LoadBalancer IP', spec.loadBalancerIP),
    ...optional('External Name', spec.externalName),
    ...(ingress.length === 0 ? [] : [field('LoadBalancer Ingress', ingress.map((one) => (one.ip === undefined ? one.hostname ?? '' : `${one.ip}${one.ipMode === undefined ? '' : ` (${one.ipMode})`}`)).join(', '))]),
    ...(spec.ports ?? []).flatMap((port) => {
      const protocol = port.protocol ?? 'TCP';
      const name = port.name === undefined || port.name === '' ? '<unset>' : port.name;
      return [
        `Port:\t${name}\t${port.port}/${protocol}`,
        field('TargetPort', `${port.targetPort ?? port.port}/${protocol}`),
        ...optional('AppProtocol', port.appProtocol),
        ...(port.nodePort === undefined || port.nodePort === 0 ? [] : [`NodePort:\t${name}\t${port.nodePort}/${protocol}`]),
        field('Endpoints', endpointsText(slices, port.name ?? '')),
      ];
    }),
    field('Session Affinity', spec.sessionAffinity ?? 'None'),
    ...optional('External Traffic Policy', spec.externalTrafficPolicy),
    ...optional('Internal Traffic Policy', spec.internalTrafficPolicy),
    ...(spec.healthCheckNodePort === undefined || spec.healthCheckNodePort === 0 ? [] : [field('HealthCheck NodePort', spec.healthCheckNodePort)]),
    ...optional('LoadBalancer Source Ranges', spec.loadBalancerSourceRanges?.join(',')),
    ...optional('Traffic Distribution', spec.trafficDistribution),
    ...noEvents,
  ];
};

/** The ready addresses of a port: three of them, then how many more. `<none>` only where there is no slice at all. */
export function endpointsText(slices: readonly EndpointSlice[], port: string): string {
  if (slices.length === 0) return '<none>';
  const found: string[] = [];
  for (const slice of slices) {
    const ready = (slice.endpoints ?? []).filter((endpoint) => endpoint.conditions?.ready !== false).map((endpoint) => endpoint.addresses[0] ?? '');
    const ports = slice.ports ?? [];
    if (ports.length === 0) found.push(...ready);
    for (const one of ports) if ((one.name ?? '') === port) found.push(...ready.map((ip) => socketText(ip, one.port ?? 0)));
  }
  return found.length > 3 ? `${found.slice(0, 3).join(',')} + ${found.length - 3} more...` : found.join(',');
}

export const describeEndpointSlice: Describe<EndpointSlice> = ({ object }) => {
  const ports = object.ports ?? [];
  const endpoints = object.endpoints ?? [];
  return [
    field('Name', object.metadata.name),
    field('Namespace', object.metadata.namespace ?? ''),
    ...labelLines('Labels', object.metadata.labels),
    ...annotationLines('Annotations', object.metadata.annotations),
    field('AddressType', object.addressType),
    ...(ports.length === 0
      ? ['Ports: <unset>']
      : ['Ports:', '  Name\tPort\tProtocol', '  ----\t----\t--------', ...ports.map((port) => `  ${port.name === undefined || port.name === '' ? '<unset>' : port.name}\t${port.port ?? '<unset>'}\t${port.protocol ?? 'TCP'}`)]),
    ...(endpoints.length === 0
      ? ['Endpoints: <none>']
      : ['Endpoints:', ...endpoints.flatMap((endpoint) => [
        field('- Addresses', endpoint.addresses.length === 0 ? '<none>' : endpoint.addresses.join(', '), 1),
        '    Conditions:',
        field('Ready', endpoint.conditions?.ready ?? '<unset>', 3),
        field('Hostname', endpoint.hostname ?? '<unset>', 2),
        ...(endpoint.targetRef === undefined ? [] : [field('TargetRef', `${endpoint.targetRef.kind ?? ''}/${endpoint.targetRef.name ?? ''}`, 2)]),
        field('NodeName', endpoint.nodeName ?? '<unset>', 2),
        field('Zone', endpoint.zone ?? '<unset>', 2),
      ])]),
    ...noEvents,
  ];
};

export const describeEndpoints: Describe<Endpoints> = ({ object }) => [
  field('Name', object.metadata.name),
  field('Namespace', object.metadata.namespace ?? ''),
  ...labelLines('Labels', object.metadata.labels),
  ...annotationLines('Annotations', object.metadata.annotations),
  'Subsets:',
  ...(object.subsets ?? []).flatMap((subset) => [
    field('Addresses', (subset.addresses ?? []).map((address) => address.ip).join(',') || '<none>', 1),
    field('NotReadyAddresses', (subset.notReadyAddresses ?? []).map((address) => address.ip).join(',') || '<none>', 1),
    ...((subset.ports ?? []).length === 0 ? [] : ['  Ports:', '    Name\tPort\tProtocol', '    ----\t----\t--------', ...(subset.ports ?? []).map((port) => `    ${port.name === undefined || port.name === '' ? '<unset>' : port.name}\t${port.port}\t${port.protocol ?? 'TCP'}`)]),
    '',
  ]),
  ...noEvents,
];

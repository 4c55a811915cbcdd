// kubectl describe ingress, ingressclass and secret, as kubectl has them (held against kubectl 1.37).
import { sortedEntries } from '../../sim/base/order.ts';
import { list, type Store } from '../../sim/cluster/store.ts';
import type { Ingress, IngressBackend, IngressClass } from '../../sim/model/edge-objects.ts';
import type { Secret } from '../../sim/model/object.ts';
import type { Describe } from './describer.ts';
import { endpointsText } from './service.ts';
import { annotationLines, at, field, labelLines, noEvents, optional, textAt } from './writer.ts';

function backendText(store: Store, namespace: string, backend: IngressBackend): string {
  if (backend.resource !== undefined) return `APIGroup: ${backend.resource.apiGroup ?? '<none>'}, Kind: ${backend.resource.kind}, Name: ${backend.resource.name}`;
  const { name = '', port } = backend.service ?? {};
  const number = port?.name ?? String(port?.number ?? '');
  const service = list(store, 'Service', namespace).find(({ object }) => object.metadata.name === name)?.object;
  if (service === undefined) return `${name}:${number} (<error: services "${name}" not found>)`;
  const found = (service.spec.ports ?? []).find((one) => (port?.name === undefined ? one.port === port?.number : one.name === port.name));
  const slices = list(store, 'EndpointSlice', namespace).map(({ object }) => object).filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name);
  return `${name}:${number} (${found === undefined ? '' : endpointsText(slices, found.name ?? '')})`;
}

export const describeIngress: Describe<Ingress> = ({ object }, { store }) => {
  const { metadata, spec, status } = object;
  const namespace = metadata.namespace ?? '';
  const rules = spec?.rules ?? [];
  return [
    field('Name', metadata.name),
    ...labelLines('Labels', metadata.labels),
    field('Namespace', namespace),
    field('Address', (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? '').join(',')),
    field('Ingress Class', spec?.ingressClassName ?? '<none>'),
    field('Default backend', spec?.defaultBackend === undefined ? '<default>' : backendText(store, namespace, spec.defaultBackend)),
    ...((spec?.tls ?? []).length === 0 ? [] : ['TLS:', ...(spec?.tls ?? []).map(({ hosts, secretName }) => (secretName === undefined || secretName === '' ? `  SNI routes ${(hosts ?? []).join(',')}` : `  ${secretName} terminates ${(hosts ?? []).join(',')}`))]),
    'Rules:', '  Host\tPath\tBackends', '  ----\t----\t--------',
    ...(rules.length === 0 ? [`  *\t*\t${spec?.defaultBackend === undefined ? '<default>' : backendText(store, namespace, spec.defaultBackend)}`] : rules.flatMap(({ host, http }) => [
      `  ${host === undefined || host === '' ? '*' : host}\t`,
      ...(http?.paths ?? []).map(({ path, backend }) => `  \t${path ?? ''} \t${backendText(store, namespace, backend)}`),
    ])),
    ...annotationLines('Annotations', metadata.annotations),
    ...noEvents,
  ];
};

export const describeIngressClass: Describe<IngressClass> = ({ object }) => {
  const parameters = at(object, 'spec', 'parameters');
  return [
    field('Name', object.metadata.name),
    ...labelLines('Labels', object.metadata.labels),
    ...annotationLines('Annotations', object.metadata.annotations),
    field('Controller', object.spec?.controller ?? ''),
    ...(parameters === undefined ? [] : ['Parameters:', ...optional('APIGroup', textAt(parameters, 'apiGroup'), 1), field('Kind', textAt(parameters, 'kind') ?? '', 1), field('Name', textAt(parameters, 'name') ?? '', 1)]),
    ...noEvents,
  ];
};

/** Base64 in the object, bytes on the screen. */
const bytes = (value: string): number => Math.max(0, Math.floor((value.replace(/[^A-Za-z0-9+/]/g, '').length * 3) / 4));

export const describeSecret: Describe<Secret> = ({ object }) => [
  field('Name', object.metadata.name),
  field('Namespace', object.metadata.namespace ?? ''),
  ...labelLines('Labels', object.metadata.labels),
  ...annotationLines('Annotations', object.metadata.annotations),
  '', field('Type', object.type ?? 'Opaque'),
  '', 'Data', '====',
  ...sortedEntries(object.data ?? {}).map(([key, value]) => `${key}:\t${bytes(value)} bytes`),
];

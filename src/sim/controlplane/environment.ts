// The environment of containers as the kubelet fills it in when a pod starts: ConfigMaps, fields and variables that name others.
import type { Stored } from '../cluster/store.ts';
import { keyOf } from '../cluster/store.ts';
import { hostText } from '../base/address.ts';
import type { ConfigMap, Container, ObjectRef, Pod, Service } from '../model/object.ts';

type Variables = Readonly<Record<string, string>>;

/** `$(NAME)` in a text, as Kubernetes expands it: `$$(NAME)` stays, unknown names stay as they are. `links` are for names that `env` does not have. */
export const expand = (text: string, env: Variables, links: Variables = {}): string =>
  text.replace(/\$\$|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)/g, (match: string, name: string | undefined) => (name === undefined ? '$' : Object.hasOwn(env, name) ? env[name] ?? match : Object.hasOwn(links, name) ? links[name] ?? match : match));

/** The variables that a pod gets for Services, in the order of kubelet's list (pkg/kubelet/envvars, FromServices): what Docker's links were, and what came before them. */
export function serviceLinks(services: readonly Service[]): Variables {
  const links: Record<string, string> = {};
  for (const { metadata, spec } of services) {
    const ip = spec.clusterIP ?? '';
    const [first] = spec.ports ?? [];
    if (ip === '' || ip === 'None' || first === undefined) continue;
    const prefix = variableName(metadata.name);
    links[`${prefix}_SERVICE_HOST`] = ip;
    links[`${prefix}_SERVICE_PORT`] = String(first.port);
    for (const port of spec.ports ?? []) if ((port.name ?? '') !== '') links[`${prefix}_SERVICE_PORT_${variableName(port.name ?? '')}`] = String(port.port);
    for (const port of spec.ports ?? []) {
      const protocol = port.protocol ?? 'TCP';
      const url = `${protocol.toLowerCase()}://${hostText(ip)}:${port.port}`;
      const name = `${prefix}_PORT_${port.port}_${protocol}`;
      if (port === first) links[`${prefix}_PORT`] = url;
      links[name] = url;
      links[`${name}_PROTO`] = protocol.toLowerCase();
      links[`${name}_PORT`] = String(port.port);
      links[`${name}_ADDR`] = ip;
    }
  }
  return links;
}

const variableName = (text: string): string => text.toUpperCase().replaceAll('-', '_');

/** Where a variable's value is written: in the pod's template, or in a ConfigMap. `field` of the template is relative to the pod's spec. */
export interface Written {
  readonly object: ObjectRef | null;
  readonly field: string;
}

export interface Environment {
  readonly env: Readonly<Record<string, string>>;
  readonly written: Readonly<Record<string, Written>>;
  /** The kubelet's words for what is missing; the container cannot start. */
  readonly missing: string | null;
}

type Objects = ReadonlyMap<string, Stored>;

function dataOf(objects: Objects, kind: 'ConfigMap' | 'Secret', namespace: string, name: string): Readonly<Record<string, string>> | undefined {
  const object = objects.get(keyOf({ kind, namespace, name }))?.object as (ConfigMap & { readonly stringData?: Readonly<Record<string, string>> }) | undefined;
  if (object === undefined) return undefined;
  if (kind === 'ConfigMap') return object.data ?? {};
  const decoded = Object.entries(object.data ?? {}).map(([key, value]): [string, string] => {
    try {
      return [key, atob(value)];
    } catch {
      return [key, ''];
    }
  });
  return { ...Object.fromEntries(decoded), ...object.stringData };
}

function fieldValue(path: string, pod: Pod): string {
  const label = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (label !== null) return pod.metadata[label[1] === 'labels' ? 'labels' : 'annotations']?.[label[2] ?? ''] ?? '';
  switch (path) {
    case 'metadata.name': return pod.metadata.name;
    case 'metadata.namespace': return pod.metadata.namespace ?? '';
    case 'metadata.uid': return pod.metadata.uid ?? '';
    case 'spec.nodeName': return pod.spec.nodeName ?? '';
    case 'spec.serviceAccountName': return pod.spec.serviceAccountName ?? 'default';
    case 'status.podIP': return pod.status?.podIP ?? '';
    case 'status.podIPs': return (pod.status?.podIPs ?? []).map(({ ip }) => ip).join(',');
    case 'status.hostIP': return pod.status?.hostIP ?? '';
    default: return '';
  }
}

// Simplified: a Secret that is not there counts as empty, not as missing: people leave them out of what they share.
/** The environment of one container. */
export function environmentOf(objects: Objects, pod: Pod, container: Container, containerField: string, links: Variables = {}): Environment {
  const namespace = pod.metadata.namespace ?? '';
  const env: Record<string, string> = {};
  const written: Record<string, Written> = {};
  let missing: string | null = null;
  const put = (name: string, value: string, where: Written): void => {
    Object.defineProperty(env, name, { value, enumerable: true, writable: true, configurable: true });
    Object.defineProperty(written, name, { value: where, enumerable: true, writable: true, configurable: true });
  };
  for (const source of container.envFrom ?? []) {
    const kind = source.secretRef === undefined ? 'ConfigMap' : 'Secret';
    const reference: { readonly name?: string; readonly optional?: boolean } = (kind === 'Secret' ? source.secretRef : source.configMapRef) ?? {};
    const data = dataOf(objects, kind, namespace, reference.name ?? '');
    if (data === undefined) {
      if (kind === 'ConfigMap' && reference.optional !== true) missing ??= `configmap "${reference.name ?? ''}" not found`;
      continue;
    }
    for (const [key, value] of Object.entries(data)) put(`${source.prefix ?? ''}${key}`, value, { object: { kind, namespace, name: reference.name ?? '' }, field: `data.${key}` });
  }
  for (const [index, variable] of (container.env ?? []).entries()) {
    const field = `${containerField}.env[${index}]`;
    const from = variable.valueFrom;
    const reference = from?.configMapKeyRef ?? from?.secretKeyRef;
    if (from?.fieldRef !== undefined) put(variable.name, fieldValue(from.fieldRef.fieldPath, pod), { object: null, field: `${field}.valueFrom` });
    else if (reference === undefined) put(variable.name, expand(variable.value ?? '', env, links), { object: null, field: `${field}.value` });
    else {
      const kind = from?.configMapKeyRef === undefined ? 'Secret' : 'ConfigMap';
      const data = dataOf(objects, kind, namespace, reference.name ?? '');
      const value = data !== undefined && Object.hasOwn(data, reference.key) ? data[reference.key] : undefined;
      if (value !== undefined) put(variable.name, value, { object: { kind, namespace, name: reference.name ?? '' }, field: `data.${reference.key}` });
      else if (kind === 'ConfigMap' && reference.optional !== true) {
        missing ??= data === undefined ? `configmap "${reference.name ?? ''}" not found` : `couldn't find key ${reference.key} in ConfigMap ${namespace}/${reference.name ?? ''}`;
      }
    }
  }
  return { env, written, missing };
}


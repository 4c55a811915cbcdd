// What an Ingress or a route sends to: a Service and one of its ports, or what stands in the way.
import type { EdgeBackend, EdgeManners, EdgeReply } from '../model/edge.ts';
import type { IngressBackend, RouteBackendRef } from '../model/edge-objects.ts';
import { refOf, refText, type KubeObject, type Service } from '../model/object.ts';
import { backendTlsOf } from './backend-tls.ts';
import { gatewayGroup, listOf, namespaceOf, refTo, type EdgeContext } from './edge-context.ts';

const portsOf = (service: Service): string => {
  const ports = listOf(service.spec.ports);
  return ports.length === 0 ? 'none' : ports.map(({ name, port }) => (name === undefined || name === '' ? String(port) : `${port} (${name})`)).join(', ');
};

/** The Service of an Ingress' backend is always of the Ingress' own namespace (networking/v1, IngressServiceBackend). */
export function ingressBackend(context: EdgeContext, object: KubeObject, backend: IngressBackend | undefined, field: string, manners: EdgeManners, scheme: 'http' | 'https'): EdgeBackend {
  const namespace = namespaceOf(object);
  const base = { weight: 1, service: null, portIndex: null, port: null, scheme, field };
  const stands = (code: string, status: number, at: string, why: string, help?: string): EdgeBackend => {
    context.warn(object, code, at, why, help);
    return { ...base, reply: { status, object: refOf(object), field: at, why } };
  };
  const wanted = backend?.service;
  if (wanted === undefined) return { ...base, reply: { status: manners.empty, object: refOf(object), field, why: `${refText(refOf(object))} sends to ${backend?.resource?.kind ?? 'a resource'} ${backend?.resource?.name ?? ''}, which is no Service.` } };
  const service = context.service(namespace, wanted.name);
  if (service === undefined) {
    const elsewhere = context.services.find(({ metadata }) => metadata.name === wanted.name);
    const why = `${refText(refOf(object))} sends to Service ${wanted.name} of its own namespace ${namespace}, which has none of that name${elsewhere === undefined ? '' : `: ${refText(refOf(elsewhere))} is in another, and an Ingress cannot name it`}.`;
    return stands(elsewhere === undefined ? 'backend-missing' : 'backend-in-another-namespace', manners.empty, `${field}.service.name`, why, elsewhere === undefined ? undefined : 'The Ingress belongs into the namespace of the Service.');
  }
  const ports = listOf(service.spec.ports);
  const { name, number } = wanted.port ?? {};
  const strict = ports.findIndex((port) => (name === undefined ? port.port === number : port.name === name));
  const target = strict >= 0 ? -1 : ports.findIndex((port) => String(port.targetPort ?? port.port) === String(name ?? number));
  const index = strict >= 0 ? strict : manners.targetPortToo ? target : -1;
  const found = ports[index];
  const at = `${field}.service.port.${name === undefined ? 'number' : 'name'}`;
  if (found === undefined) {
    return stands('backend-port-missing', manners.empty, at, `${refText(refOf(object))} sends to port ${name ?? number ?? '?'} of ${refText(refOf(service))}, which has ${portsOf(service)}${target >= 0 ? ': it is a targetPort, and the port of the Service is meant' : ''}.`);
  }
  if (strict < 0) context.warn(object, 'backend-port-is-target-port', at, `${name ?? number ?? '?'} is a targetPort of ${refText(refOf(service))}, not one of its ports (${portsOf(service)}): ingress-nginx takes it all the same, other controllers answer ${503}.`);
  return { ...base, service: refOf(service), portIndex: index, port: found.port, reply: null };
}

export type ReferenceReason = 'RefNotPermitted' | 'BackendNotFound' | 'InvalidKind';

export interface ResolvedBackend {
  readonly backend: EdgeBackend;
  readonly reason: ReferenceReason | null;
  /** Of the sentence in the route's status. */
  readonly message: string | null;
}

/** A backendRef of a route; what cannot be resolved is answered with status 500 for its share (HTTPRoute, spec.rules[].backendRefs). */
export function routeBackend(context: EdgeContext, route: KubeObject, wanted: RouteBackendRef, field: string): ResolvedBackend {
  const home = namespaceOf(route);
  const namespace = wanted.namespace ?? home;
  const base = { weight: wanted.weight ?? 1, service: null, portIndex: null, port: wanted.port ?? null, scheme: 'http' as const, field };
  const who = refText(refOf(route));
  const stands = (reason: ReferenceReason, code: string, at: string, why: string, message: string, help?: string): ResolvedBackend => {
    context.warn(route, code, at, why, help);
    const reply: EdgeReply = { status: 500, object: refOf(route), field: at, why };
    return { backend: { ...base, reply }, reason, message };
  };
  if ((wanted.group ?? '') !== '' || (wanted.kind ?? 'Service') !== 'Service') return stands('InvalidKind', 'backend-kind', `${field}.kind`, `${who} sends to ${wanted.kind ?? '?'} ${wanted.name}: only Services are known as backends.`, `backend ${wanted.name} is of the unknown kind ${wanted.kind ?? '?'}`);
  if (!context.granted({ group: gatewayGroup, kind: route.kind, namespace: home }, { group: '', kind: 'Service', namespace, name: wanted.name })) {
    return stands('RefNotPermitted', 'reference-not-granted', `${field}.namespace`, `${who} sends to Service ${namespace}/${wanted.name} of another namespace, and no ReferenceGrant in ${namespace} lets ${route.kind}s of ${home} do so.`, `backend ref ${namespace}/${wanted.name} not permitted by any ReferenceGrant`, `A ReferenceGrant in namespace ${namespace}: from ${route.kind} of ${home}, to Service ${wanted.name}.`);
  }
  const service = context.service(namespace, wanted.name);
  if (service === undefined) return stands('BackendNotFound', 'backend-missing', `${field}.name`, `${who} sends to Service ${namespace}/${wanted.name}, which does not exist.`, `service ${namespace}/${wanted.name} not found`);
  const ports = listOf(service.spec.ports);
  const index = ports.findIndex(({ port, protocol }) => port === wanted.port && (protocol ?? 'TCP') === 'TCP');
  const port = ports[index];
  if (port === undefined) return stands('BackendNotFound', 'backend-port-missing', `${field}.port`, `${who} sends to port ${wanted.port ?? '(none)'} of ${refText(refOf(service))}, which has ${portsOf(service)}.`, `port ${wanted.port ?? ''} not found on service ${namespace}/${wanted.name}`);
  const tls = backendTlsOf(context, service, port.name ?? '');
  const found = { ...base, service: refTo('Service', namespace, wanted.name), portIndex: index, reply: null };
  if (tls === null) return { backend: found, reason: null, message: null };
  const reply = tls.broken === null ? null : { status: 500, object: refOf(tls.policy), field: tls.broken.field, why: `${tls.broken.why}: the Gateway cannot tell whether the backend is the right one.` };
  return { backend: { ...found, scheme: 'https', verifies: tls.verifies, reply }, reason: null, message: null };
}

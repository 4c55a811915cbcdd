// Gateway, gateway.networking.k8s.io/v1: who serves it, which of its listeners stand, and with which certificates.
import type { EdgeCertificate } from '../model/edge.ts';
import type { Gateway, GatewayClass, GatewayListener } from '../model/edge-objects.ts';
import { refOf, refText } from '../model/object.ts';
import { certificateAnnotation, certificateOf } from './certificate.ts';
import { gatewayGroup, listOf, namespaceOf, refTo, type EdgeContext } from './edge-context.ts';
import { gatewayNameLabel, type EdgeWorkload } from './edge-workloads.ts';
import { usualHost } from './host-names.ts';

export interface ListenerState {
  readonly listener: GatewayListener;
  readonly field: string;
  readonly accepted: { readonly reason: string; readonly message: string } | null;
  readonly conflicted: { readonly reason: string; readonly message: string } | null;
  /** What is wrong with its certificates or kinds; `null`: nothing. */
  readonly unresolved: { readonly reason: string; readonly message: string; readonly field: string } | null;
  readonly certificates: readonly EdgeCertificate[];
}

export interface GatewayState {
  readonly gateway: Gateway;
  readonly class: GatewayClass | null;
  /** Why nobody serves it; `null`: somebody does. */
  readonly unserved: { readonly object: ReturnType<typeof refOf>; readonly field: string | null; readonly why: string } | null;
  readonly listeners: readonly ListenerState[];
}

/** A listener that takes requests. */
export const stands = (state: ListenerState): boolean => state.accepted === null && state.conflicted === null && (state.unresolved === null || state.certificates.length > 0 || state.listener.protocol === 'HTTP');

const classNamed = (context: EdgeContext, name: string | undefined): GatewayClass | null => context.gatewayClasses.find(({ metadata }) => metadata.name === name) ?? null;

const reads = (workload: EdgeWorkload, cls: GatewayClass): boolean =>
  workload.serves.includes(`gateway-class/${cls.metadata.name}`) || workload.controller?.gateway?.test(cls.spec?.controllerName ?? '') === true;

/** Whether somebody reads the Gateways of a class. */
export const classServed = (context: EdgeContext, cls: GatewayClass): boolean => context.workloads.some((workload) => reads(workload, cls));

/** Pods that were made for this Gateway, or say that they serve it. */
export const madeFor = (workload: EdgeWorkload, gateway: Gateway): boolean => {
  const { namespace } = workload.ref;
  const { labels, serves } = workload;
  const own = labels[gatewayNameLabel] === gateway.metadata.name && namespace === namespaceOf(gateway);
  const envoy = labels['gateway.envoyproxy.io/owning-gateway-name'] === gateway.metadata.name && labels['gateway.envoyproxy.io/owning-gateway-namespace'] === namespaceOf(gateway);
  return own || envoy || serves.includes(`gateway/${namespaceOf(gateway)}/${gateway.metadata.name}`);
};

/** The workloads that carry a Gateway's requests: pods of its own, or those that its class shares. */
export function carriersOf(context: EdgeContext, gateway: Gateway): readonly EdgeWorkload[] {
  const own = context.workloads.filter((workload) => madeFor(workload, gateway));
  const cls = classNamed(context, gateway.spec?.gatewayClassName);
  if (own.length > 0 || cls === null) return own;
  return context.workloads.filter((workload) => workload.carries && reads(workload, cls) && (workload.controller === null || !workload.controller.podsPerGateway || workload.serves.length > 0));
}

function unservedBecause(context: EdgeContext, gateway: Gateway): GatewayState['unserved'] {
  const name = refText(refOf(gateway));
  const wanted = gateway.spec?.gatewayClassName ?? '';
  const cls = classNamed(context, wanted);
  if (context.workloads.some((workload) => madeFor(workload, gateway))) return null;
  if (cls === null) return { object: refOf(gateway), field: 'spec.gatewayClassName', why: `${name} is of class ${wanted}, and there is no GatewayClass of that name: it waits for a controller.` };
  if (!classServed(context, cls)) return { object: refTo('GatewayClass', '', wanted), field: 'spec.controllerName', why: `${name} is of class ${wanted}, whose controller ${cls.spec?.controllerName ?? '(none)'} does not run in this cluster: it waits for a controller.` };
  return null;
}

const protocols = ['HTTP', 'HTTPS', 'TLS', 'TCP', 'UDP'];

function certificatesOf(context: EdgeContext, gateway: Gateway, listener: GatewayListener, field: string): Pick<ListenerState, 'certificates' | 'unresolved'> {
  if (listener.protocol !== 'HTTPS' && (listener.protocol !== 'TLS' || listener.tls?.mode === 'Passthrough')) return { certificates: [], unresolved: null };
  const home = namespaceOf(gateway);
  const references = listOf(listener.tls?.certificateRefs);
  if (references.length === 0) return { certificates: [], unresolved: { reason: 'InvalidCertificateRef', message: `listener ${listener.name} names no certificate`, field: `${field}.tls.certificateRefs` } };
  const certificates: EdgeCertificate[] = [];
  let unresolved: ListenerState['unresolved'] = null;
  references.forEach((reference, index) => {
    const at = `${field}.tls.certificateRefs[${index}]`;
    const namespace = reference.namespace ?? home;
    const fails = (reason: string, part: string, code: string, message: string, help?: string): void => {
      context.warn(gateway, code, `${at}.${part}`, message, help);
      unresolved ??= { reason, message, field: `${at}.${part}` };
    };
    if ((reference.kind ?? 'Secret') !== 'Secret' || (reference.group ?? '') !== '') { fails('InvalidCertificateRef', 'kind', 'certificate-kind', `listener ${listener.name} names ${reference.kind ?? '?'} ${reference.name} as its certificate: only Secrets are known`); return; }
    if (!context.granted({ group: gatewayGroup, kind: 'Gateway', namespace: home }, { group: '', kind: 'Secret', namespace, name: reference.name })) {
      fails('RefNotPermitted', 'namespace', 'reference-not-granted', `certificateRef ${namespace}/${reference.name} not permitted by any ReferenceGrant`, `A ReferenceGrant in namespace ${namespace}: from Gateway of ${home}, to Secret ${reference.name}.`);
      return;
    }
    const secret = context.secret(namespace, reference.name);
    if (secret === undefined) { fails('InvalidCertificateRef', 'name', 'secret-missing', `Secret ${namespace}/${reference.name} of listener ${listener.name} does not exist`); return; }
    if (secret.type !== 'kubernetes.io/tls') { fails('InvalidCertificateRef', 'name', 'secret-type', `Secret ${namespace}/${reference.name} of listener ${listener.name} is of type ${secret.type ?? 'Opaque'}, not kubernetes.io/tls`); return; }
    const found = certificateOf(secret, context.now);
    if (found.kind === 'none') { fails('InvalidCertificateRef', 'name', 'secret-type', found.why); return; }
    const host = usualHost(listener.hostname ?? '');
    const decider = { object: refOf(secret), field: 'data[tls.crt]' };
    if (found.kind === 'assumed') {
      context.warn(secret, 'certificate-assumed', 'data', `${refText(refOf(secret))} holds nothing that can be read as a certificate: it is taken to be a good one for the hosts of its listener.`, `The annotation ${certificateAnnotation} says what it is for.`);
      certificates.push({ names: [host === '' ? '*' : host], trust: 'trusted', fake: false, decider, says: `${refText(refOf(secret))} is taken to hold it.` });
      return;
    }
    if (found.trust === 'expired') context.warn(gateway, 'certificate-expired', at, `The certificate in ${refText(refOf(secret))} has expired.`);
    certificates.push({ names: found.names, trust: found.trust, fake: false, decider, says: found.says });
  });
  return { certificates, unresolved };
}

/** Every Gateway with its listeners, as its controller would judge them (GatewayStatus, ListenerConditionReason). */
export function gatewayStates(context: EdgeContext): readonly GatewayState[] {
  return context.gateways.map((gateway): GatewayState => {
    const listeners = listOf(gateway.spec?.listeners);
    const states = listeners.map((listener, index): ListenerState => {
      const field = `spec.listeners[${index}]`;
      const group = (one: GatewayListener): string => (one.protocol === 'TLS' ? 'HTTPS' : one.protocol);
      const before = listeners.slice(0, index).filter((other) => other.port === listener.port && (other.protocol === 'UDP') === (listener.protocol === 'UDP'));
      const otherProtocol = before.find((other) => group(other) !== group(listener));
      const sameHost = before.find((other) => usualHost(other.hostname ?? '') === usualHost(listener.hostname ?? ''));
      const clash = otherProtocol ?? sameHost;
      const conflicted = clash === undefined ? null : {
        reason: otherProtocol === undefined ? 'HostnameConflict' : 'ProtocolConflict',
        message: otherProtocol === undefined ? `listener ${clash.name} has port ${listener.port} for the same hostname` : `listener ${clash.name} speaks ${clash.protocol} on port ${listener.port}`,
      };
      if (conflicted !== null) context.warn(gateway, 'listener-conflict', field, `Listener ${listener.name} of ${refText(refOf(gateway))} is left out: ${conflicted.message}.`);
      const accepted = protocols.includes(listener.protocol) ? null : { reason: 'UnsupportedProtocol', message: `protocol ${listener.protocol} is not supported` };
      const kinds = listener.allowedRoutes?.kinds;
      const wrong = listOf(kinds).find(({ group: of, kind }) => (of ?? gatewayGroup) !== gatewayGroup || !['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'].includes(kind));
      const { certificates, unresolved } = certificatesOf(context, gateway, listener, field);
      return { listener, field, accepted, conflicted, certificates, unresolved: unresolved ?? (wrong === undefined ? null : { reason: 'InvalidRouteKinds', message: `${wrong.kind} is no kind of route that listener ${listener.name} knows`, field: `${field}.allowedRoutes.kinds` }) };
    });
    const unserved = unservedBecause(context, gateway);
    if (unserved !== null) context.warn(gateway, 'class-unserved', 'spec.gatewayClassName', unserved.why);
    return { gateway, class: classNamed(context, gateway.spec?.gatewayClassName), unserved, listeners: states };
  });
}

// Gateway, gateway.networking.k8s.io/v1: who serves it, which of its listeners stand, and with which certificates.
import type { EdgeCertificate } from '../model/edge.ts';
import { matchesLabels } from '../cluster/selector.ts';
import type { Gateway, GatewayClass, GatewayListener, ListenerSet, NamespacesFrom } from '../model/edge-objects.ts';
import { refOf, refText, type KubeObject } from '../model/object.ts';
import { assumedCertificate, certificateAnnotation, certificateOf, heldBy } from './certificate.ts';
import { gatewayGroup, listOf, namespaceOf, refTo, type EdgeContext } from './edge-context.ts';
import { gatewayNameLabel, type EdgeWorkload } from './edge-workloads.ts';
import { kindsOf, type RouteKind } from './gateway-route.ts';
import { usualHost } from './host-names.ts';

export interface ListenerState {
  /** The Gateway, or the ListenerSet that adds it. */
  readonly owner: KubeObject;
  readonly listener: GatewayListener;
  readonly field: string;
  readonly accepted: { readonly reason: string; readonly message: string } | null;
  readonly conflicted: { readonly reason: string; readonly message: string } | null;
  /** What is wrong with its certificates or kinds; `null`: nothing. */
  readonly unresolved: { readonly reason: string; readonly message: string; readonly field: string } | null;
  readonly certificates: readonly EdgeCertificate[];
  /** Those of the kinds that it asks for that it can have. */
  readonly kinds: readonly RouteKind[];
}

export interface GatewayState {
  readonly gateway: Gateway;
  readonly class: GatewayClass | null;
  /** Why nobody serves it; `null`: somebody does. */
  readonly unserved: { readonly object: ReturnType<typeof refOf>; readonly field: string | null; readonly why: string } | null;
  /** The Gateway's own, then those of its ListenerSets. */
  readonly listeners: readonly ListenerState[];
  /** Of the sets that name it as their parent: `null` where it takes their listeners. */
  readonly sets: readonly { readonly set: ListenerSet; readonly refused: string | null }[];
}

/** Whether objects of a namespace are among those that `from` means; `home` is the namespace of who says so. */
export function namespaceTaken(context: EdgeContext, from: NamespacesFrom | undefined, standard: 'Same' | 'None', home: string, namespace: string): boolean {
  switch (from?.from ?? standard) {
    case 'All': return true;
    case 'Same': return home === namespace;
    case 'Selector': return from?.selector !== undefined && matchesLabels(from.selector, context.namespaceLabels(namespace));
    case 'None': return false;
  }
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

function certificatesOf(context: EdgeContext, owner: KubeObject, listener: GatewayListener, field: string): Pick<ListenerState, 'certificates' | 'unresolved'> {
  if (listener.protocol !== 'HTTPS' && (listener.protocol !== 'TLS' || listener.tls?.mode === 'Passthrough')) return { certificates: [], unresolved: null };
  const home = namespaceOf(owner);
  const references = listOf(listener.tls?.certificateRefs);
  if (references.length === 0) return { certificates: [], unresolved: { reason: 'InvalidCertificateRef', message: `listener ${listener.name} names no certificate`, field: `${field}.tls.certificateRefs` } };
  const certificates: EdgeCertificate[] = [];
  let unresolved: ListenerState['unresolved'] = null;
  references.forEach((reference, index) => {
    const at = `${field}.tls.certificateRefs[${index}]`;
    const namespace = reference.namespace ?? home;
    const fails = (reason: string, part: string, code: string, message: string, help?: string): void => {
      context.warn(owner, code, `${at}.${part}`, message, help);
      unresolved ??= { reason, message, field: `${at}.${part}` };
    };
    if ((reference.kind ?? 'Secret') !== 'Secret' || (reference.group ?? '') !== '') { fails('InvalidCertificateRef', 'kind', 'certificate-kind', `listener ${listener.name} names ${reference.kind ?? '?'} ${reference.name} as its certificate: only Secrets are known`); return; }
    if (!context.granted({ group: gatewayGroup, kind: owner.kind, namespace: home }, { group: '', kind: 'Secret', namespace, name: reference.name })) {
      fails('RefNotPermitted', 'namespace', 'reference-not-granted', `certificateRef ${namespace}/${reference.name} not permitted by any ReferenceGrant`, `A ReferenceGrant in namespace ${namespace}: from ${owner.kind} of ${home}, to Secret ${reference.name}.`);
      return;
    }
    const secret = context.secret(namespace, reference.name);
    if (secret === undefined) { fails('InvalidCertificateRef', 'name', 'secret-missing', `Secret ${namespace}/${reference.name} of listener ${listener.name} does not exist`); return; }
    if (secret.type !== 'kubernetes.io/tls') { fails('InvalidCertificateRef', 'name', 'secret-type', `Secret ${namespace}/${reference.name} of listener ${listener.name} is of type ${secret.type ?? 'Opaque'}, not kubernetes.io/tls`); return; }
    const found = certificateOf(secret, context.now);
    if (found.kind === 'none') { fails('InvalidCertificateRef', 'name', 'secret-type', found.why); return; }
    const host = usualHost(listener.hostname ?? '');
    if (found.kind === 'assumed') {
      context.warn(secret, 'certificate-assumed', 'data', `${refText(refOf(secret))} holds nothing that can be read as a certificate: it is taken to be a good one for the hosts of its listener.`, `The annotation ${certificateAnnotation} says what it is for.`);
      certificates.push(assumedCertificate(secret, [host === '' ? '*' : host]));
      return;
    }
    if (found.trust === 'expired') context.warn(owner, 'certificate-expired', at, `The certificate in ${refText(refOf(secret))} has expired.`);
    certificates.push({ ...found, fake: false, decider: heldBy(secret) });
  });
  return { certificates, unresolved };
}

/** Who adds listeners to a Gateway: sets that it takes, the older ones first (GEP-1713, listener precedence). */
function setsOf(context: EdgeContext, gateway: Gateway): GatewayState['sets'] {
  const home = namespaceOf(gateway);
  return context.listenerSets.flatMap((set): GatewayState['sets'] => {
    const parent = set.spec?.parentRef;
    if (parent?.name !== gateway.metadata.name || (parent.namespace ?? namespaceOf(set)) !== home || (parent.kind ?? 'Gateway') !== 'Gateway' || (parent.group ?? gatewayGroup) !== gatewayGroup) return [];
    const allowed = gateway.spec?.allowedListeners?.namespaces;
    if (namespaceTaken(context, allowed, 'None', home, namespaceOf(set))) return [{ set, refused: null }];
    const refused = `${refText(refOf(gateway))} takes ${(allowed?.from ?? 'None') === 'None' ? 'no ListenerSets (spec.allowedListeners)' : `ListenerSets of ${allowed?.from === 'Same' ? 'its own namespace' : 'namespaces with certain labels'} only`}: ${refText(refOf(set))} is refused.`;
    context.warn(set, 'listeners-not-allowed', 'spec.parentRef', refused);
    return [{ set, refused }];
  });
}

function clashOf(before: readonly ListenerState[], listener: GatewayListener): ListenerState['conflicted'] {
  const group = (one: GatewayListener): string => (one.protocol === 'TLS' ? 'HTTPS' : one.protocol);
  const same = before.filter((other) => other.accepted === null && other.conflicted === null && other.listener.port === listener.port && (other.listener.protocol === 'UDP') === (listener.protocol === 'UDP')).map((other) => other.listener);
  const otherProtocol = same.find((other) => group(other) !== group(listener));
  if (otherProtocol !== undefined) return { reason: 'ProtocolConflict', message: `listener ${otherProtocol.name} speaks ${otherProtocol.protocol} on port ${listener.port}` };
  const sameHost = same.find((other) => usualHost(other.hostname ?? '') === usualHost(listener.hostname ?? ''));
  return sameHost === undefined ? null : { reason: 'HostnameConflict', message: `listener ${sameHost.name} has port ${listener.port} for the same hostname` };
}

function listenerState(context: EdgeContext, owner: KubeObject, listener: GatewayListener, index: number, before: readonly ListenerState[]): ListenerState {
  const field = `spec.listeners[${index}]`;
  const accepted = protocols.includes(listener.protocol) ? null : { reason: 'UnsupportedProtocol', message: `protocol ${listener.protocol} is not supported` };
  const conflicted = accepted === null ? clashOf(before, listener) : null;
  if (conflicted !== null) context.warn(owner, 'listener-conflict', field, `Listener ${listener.name} of ${refText(refOf(owner))} is left out: ${conflicted.message}.`);
  const possible = kindsOf(listener.protocol);
  const asked = listOf(listener.allowedRoutes?.kinds);
  const wrong = asked.find(({ group, kind }) => (group ?? gatewayGroup) !== gatewayGroup || !(kind === 'UDPRoute' && listener.protocol === 'UDP') && !possible.some((one) => one === kind));
  const { certificates, unresolved } = certificatesOf(context, owner, listener, field);
  const named = wrong === undefined ? null : { reason: 'InvalidRouteKinds', message: `listener ${listener.name} cannot have routes of kind ${wrong.kind}`, field: `${field}.allowedRoutes.kinds` };
  if (named !== null) context.warn(owner, 'route-kind', named.field, `Listener ${listener.name} of ${refText(refOf(owner))} speaks ${listener.protocol} and cannot have routes of kind ${wrong?.kind ?? ''}.`);
  return { owner, listener, field, accepted, conflicted, certificates, unresolved: unresolved ?? named, kinds: asked.length === 0 ? possible : possible.filter((kind) => asked.some((one) => one.kind === kind && (one.group ?? gatewayGroup) === gatewayGroup)) };
}

/** Every Gateway with its listeners, as its controller would judge them (GatewayStatus, ListenerConditionReason). */
export function gatewayStates(context: EdgeContext): readonly GatewayState[] {
  return context.gateways.map((gateway): GatewayState => {
    const sets = setsOf(context, gateway);
    const listeners: ListenerState[] = [];
    for (const owner of [gateway, ...sets.filter(({ refused }) => refused === null).map(({ set }) => set)]) {
      // A set's listeners may clash among themselves like anybody's.
      listOf(owner.spec?.listeners).forEach((listener, index) => { listeners.push(listenerState(context, owner, listener, index, listeners)); });
    }
    const unserved = unservedBecause(context, gateway);
    if (unserved !== null) context.warn(gateway, 'class-unserved', 'spec.gatewayClassName', unserved.why);
    return { gateway, class: classNamed(context, gateway.spec?.gatewayClassName), unserved, listeners, sets };
  });
}

// Defaults of the Gateway API, as the schemas of its CustomResourceDefinitions have them (gateway-api v1.7.0, held against kube-apiserver 1.37).
import type { Gateway, GatewayClass, GatewayListener, GrpcRoute, HttpBackendRef, HttpRoute, HttpRouteFilter, HttpRouteMatch, ListenerSet, ParentReference, RouteBackendRef, StreamRoute } from '../../model/edge-objects.ts';
import type { KubeObject } from '../../model/object.ts';

const group = 'gateway.networking.k8s.io';

/** What a class, Gateway or set is born with: nobody has looked at it yet. */
const waiting = (...types: readonly string[]): { readonly conditions: readonly { readonly type: string; readonly status: 'Unknown'; readonly reason: string; readonly message: string }[] } =>
  ({ conditions: types.map((type) => ({ lastTransitionTime: '1970-01-01T00:00:00Z', message: 'Waiting for controller', reason: 'Pending', status: 'Unknown' as const, type })) });

const listener = (one: GatewayListener): GatewayListener => ({
  ...one,
  allowedRoutes: {
    ...one.allowedRoutes, namespaces: { ...one.allowedRoutes?.namespaces, from: one.allowedRoutes?.namespaces?.from ?? 'Same' },
    ...(one.allowedRoutes?.kinds === undefined ? {} : { kinds: one.allowedRoutes.kinds.map((kind) => ({ ...kind, group: kind.group ?? group })) }),
  },
  ...(one.tls === undefined ? {} : { tls: { ...one.tls, mode: one.tls.mode ?? 'Terminate', ...(one.tls.certificateRefs === undefined ? {} : { certificateRefs: one.tls.certificateRefs.map((ref) => ({ ...ref, group: ref.group ?? '', kind: ref.kind ?? 'Secret' })) }) } }),
});

const parent = <Kept extends ParentReference>(one: Kept): Kept => ({ ...one, group: one.group ?? group, kind: one.kind ?? 'Gateway' });
const backend = <Kept extends RouteBackendRef>(one: Kept): Kept => ({ ...one, group: one.group ?? '', kind: one.kind ?? 'Service', weight: one.weight ?? 1 });

const filter = (one: HttpRouteFilter): HttpRouteFilter => ({
  ...one,
  ...(one.requestRedirect === undefined ? {} : { requestRedirect: { ...one.requestRedirect, statusCode: one.requestRedirect.statusCode ?? 302 } }),
  ...(one.requestMirror?.backendRef === undefined ? {} : { requestMirror: { ...one.requestMirror, backendRef: { ...one.requestMirror.backendRef, group: one.requestMirror.backendRef.group ?? '', kind: one.requestMirror.backendRef.kind ?? 'Service' } } }),
});

const httpBackend = (one: HttpBackendRef): HttpBackendRef => ({ ...backend(one), ...(one.filters === undefined ? {} : { filters: one.filters.map(filter) }) });
const match = (one: HttpRouteMatch): HttpRouteMatch => ({
  ...one, path: { ...one.path, type: one.path?.type ?? 'PathPrefix', value: one.path?.value ?? '/' },
  ...(one.headers === undefined ? {} : { headers: one.headers.map((header) => ({ ...header, type: header.type ?? 'Exact' })) }),
  ...(one.queryParams === undefined ? {} : { queryParams: one.queryParams.map((query) => ({ ...query, type: query.type ?? 'Exact' })) }),
});

const every: HttpRouteMatch = { path: { type: 'PathPrefix', value: '/' } };

function gateway(object: Gateway): Gateway {
  const { spec } = object;
  return {
    ...object, ...(spec === undefined ? {} : { spec: {
      ...spec, ...(spec.listeners === undefined ? {} : { listeners: spec.listeners.map(listener) }), ...(spec.addresses === undefined ? {} : { addresses: spec.addresses.map((one) => ({ ...one, type: one.type ?? 'IPAddress' })) }),
      ...(spec.allowedListeners === undefined ? {} : { allowedListeners: { ...spec.allowedListeners, namespaces: { ...spec.allowedListeners.namespaces, from: spec.allowedListeners.namespaces?.from ?? 'None' } } }),
    } }),
    status: object.status ?? waiting('Accepted', 'Programmed'),
  };
}

function httpRoute(object: HttpRoute): HttpRoute {
  const { spec } = object;
  if (spec === undefined) return object;
  const rules = spec.rules ?? [{ matches: [every] }];
  return { ...object, spec: { ...spec, ...(spec.parentRefs === undefined ? {} : { parentRefs: spec.parentRefs.map(parent) }), rules: rules.map((rule) => ({
    ...rule, matches: (rule.matches ?? [every]).map(match),
    ...(rule.backendRefs === undefined ? {} : { backendRefs: rule.backendRefs.map(httpBackend) }), ...(rule.filters === undefined ? {} : { filters: rule.filters.map(filter) }), ...(rule.retry === undefined ? {} : { retry: { ...rule.retry, attempts: rule.retry.attempts ?? 1 } }),
  })) } };
}

function grpcRoute(object: GrpcRoute): GrpcRoute {
  const { spec } = object;
  if (spec === undefined) return object;
  return { ...object, spec: { ...spec, ...(spec.parentRefs === undefined ? {} : { parentRefs: spec.parentRefs.map(parent) }), ...(spec.rules === undefined ? {} : { rules: spec.rules.map((rule) => ({
    ...rule, ...(rule.backendRefs === undefined ? {} : { backendRefs: rule.backendRefs.map(httpBackend) }), ...(rule.filters === undefined ? {} : { filters: rule.filters.map(filter) }),
    ...(rule.matches === undefined ? {} : { matches: rule.matches.map((one) => ({ ...one, ...(one.method === undefined ? {} : { method: { ...one.method, type: one.method.type ?? 'Exact' as const } }), ...(one.headers === undefined ? {} : { headers: one.headers.map((header) => ({ ...header, type: header.type ?? 'Exact' as const })) }) })) }),
  })) }) } };
}

function streamRoute(object: StreamRoute): StreamRoute {
  const { spec } = object;
  return spec === undefined ? object : { ...object, spec: { ...spec, ...(spec.parentRefs === undefined ? {} : { parentRefs: spec.parentRefs.map(parent) }), ...(spec.rules === undefined ? {} : { rules: spec.rules.map((rule) => ({ ...rule, ...(rule.backendRefs === undefined ? {} : { backendRefs: rule.backendRefs.map(backend) }) })) }) } };
}

function listenerSet(object: ListenerSet): ListenerSet {
  const { spec } = object;
  return { ...object, ...(spec === undefined ? {} : { spec: { ...spec, ...(spec.parentRef === undefined ? {} : { parentRef: parent(spec.parentRef) }), ...(spec.listeners === undefined ? {} : { listeners: spec.listeners.map(listener) }) } }), status: object.status ?? waiting('Accepted', 'Programmed') };
}

// After `conform` the fields have the types that the kind says.
const as = <Kept extends KubeObject>(fill: (object: Kept) => Kept) => (object: KubeObject): KubeObject => fill(object as Kept);

/** By kind, without the group. */
export const gatewayDefaults: Readonly<Record<string, (object: KubeObject) => KubeObject>> = {
  GatewayClass: as<GatewayClass>((object) => ({ ...object, status: object.status ?? waiting('Accepted') })),
  Gateway: as(gateway), HTTPRoute: as(httpRoute), GRPCRoute: as(grpcRoute), TLSRoute: as(streamRoute), TCPRoute: as(streamRoute), ListenerSet: as(listenerSet),
};

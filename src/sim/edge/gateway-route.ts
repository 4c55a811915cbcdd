// Routes of the Gateway API, whatever their kind, as one: parents, hosts, and rules over HTTP or over plain connections.
import type { GrpcRoute, HttpRoute, HttpRouteRule, ParentReference, StreamRoute } from '../model/edge-objects.ts';
import type { KubeObject } from '../model/object.ts';
import { listOf } from './edge-context.ts';

export type RouteKind = 'HTTPRoute' | 'GRPCRoute' | 'TLSRoute' | 'TCPRoute';

export interface GatewayRoute {
  readonly kind: RouteKind;
  readonly object: KubeObject;
  readonly parents: readonly ParentReference[];
  readonly hostnames: readonly string[];
  readonly rules: readonly HttpRouteRule[];
}

/** Kinds of routes that a listener of a protocol may have, by what the simulation follows (ListenerStatus.supportedKinds). */
export function kindsOf(protocol: string): readonly RouteKind[] {
  switch (protocol) {
    case 'HTTP': case 'HTTPS': return ['HTTPRoute', 'GRPCRoute'];
    case 'TLS': return ['TLSRoute'];
    case 'TCP': return ['TCPRoute'];
    default: return [];
  }
}

type GrpcRule = NonNullable<NonNullable<GrpcRoute['spec']>['rules']>[number];

/** A method of gRPC is a path of HTTP/2 (grpc.io, PROTOCOL-HTTP2: `/service/method`). */
function grpcRule(rule: GrpcRule): HttpRouteRule {
  const matches = listOf(rule.matches).map(({ method, headers }) => {
    const exact = (method?.type ?? 'Exact') === 'Exact';
    const part = (text: string | undefined): string => (text === undefined || text === '' ? '[^/]+' : exact ? text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : text);
    const named = method?.service !== undefined && method.method !== undefined;
    const path = method === undefined ? undefined
      : exact && named ? { type: 'Exact' as const, value: `/${method.service ?? ''}/${method.method ?? ''}` }
      : exact && method.service !== undefined ? { type: 'PathPrefix' as const, value: `/${method.service}/` }
      : { type: 'RegularExpression' as const, value: `/${part(method.service)}/${part(method.method)}` };
    return { ...(path === undefined ? {} : { path }), ...(headers === undefined ? {} : { headers }) };
  });
  return { matches, filters: listOf(rule.filters), backendRefs: listOf(rule.backendRefs) };
}

/** HTTPRoutes first; within a kind in the order that they are given in. */
export const gatewayRoutes = (http: readonly HttpRoute[], grpc: readonly GrpcRoute[], streams: readonly StreamRoute[]): readonly GatewayRoute[] => [
  ...http.map((object): GatewayRoute => ({ kind: 'HTTPRoute', object, parents: listOf(object.spec?.parentRefs), hostnames: listOf(object.spec?.hostnames), rules: listOf(object.spec?.rules) })),
  ...grpc.map((object): GatewayRoute => ({ kind: 'GRPCRoute', object, parents: listOf(object.spec?.parentRefs), hostnames: listOf(object.spec?.hostnames), rules: listOf(object.spec?.rules).map(grpcRule) })),
  ...streams.map((object): GatewayRoute => ({ kind: object.kind, object, parents: listOf(object.spec?.parentRefs), hostnames: object.kind === 'TLSRoute' ? listOf(object.spec?.hostnames) : [], rules: listOf(object.spec?.rules).map(({ backendRefs }) => ({ backendRefs: listOf(backendRefs) })) })),
];

/** Of the kinds that carry HTTP; the others carry connections. */
export const isHttp = (kind: string): boolean => kind === 'HTTPRoute' || kind === 'GRPCRoute';

/** Kinds of routes, by which a refused reference answers 500 rather than what a controller likes. */
export const isRoute = (kind: string): boolean => isHttp(kind) || kind === 'TLSRoute' || kind === 'TCPRoute';

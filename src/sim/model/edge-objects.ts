// Ingress and Gateway API objects as the API server keeps them.
import type { Condition, KubeObject, LabelSelector } from './object.ts';

/** Exactly one of the two; of a Service's port exactly one of name and number. */
export interface IngressBackend {
  readonly service?: { readonly name: string; readonly port?: { readonly name?: string; readonly number?: number } };
  readonly resource?: { readonly apiGroup?: string; readonly kind: string; readonly name: string };
}

export interface IngressPath {
  readonly path?: string;
  readonly pathType?: 'Exact' | 'Prefix' | 'ImplementationSpecific';
  readonly backend: IngressBackend;
}

/** networking.k8s.io/v1. */
export interface Ingress extends KubeObject {
  readonly kind: 'Ingress';
  readonly spec?: {
    readonly ingressClassName?: string;
    readonly defaultBackend?: IngressBackend;
    readonly tls?: readonly { readonly hosts?: readonly string[]; readonly secretName?: string }[];
    readonly rules?: readonly { readonly host?: string; readonly http?: { readonly paths?: readonly IngressPath[] } }[];
  };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] } };
}

export interface IngressClass extends KubeObject {
  readonly kind: 'IngressClass';
  readonly spec?: { readonly controller?: string };
}

/** gateway.networking.k8s.io/v1. */
export interface GatewayClass extends KubeObject {
  readonly kind: 'GatewayClass';
  readonly spec?: { readonly controllerName?: string; readonly description?: string };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface GatewayReference {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
}

export interface GatewayListener {
  readonly name: string;
  readonly hostname?: string;
  readonly port: number;
  readonly protocol: string;
  readonly tls?: { readonly mode?: 'Terminate' | 'Passthrough'; readonly certificateRefs?: readonly GatewayReference[] };
  readonly allowedRoutes?: {
    readonly namespaces?: NamespacesFrom;
    readonly kinds?: readonly { readonly group?: string; readonly kind: string }[];
  };
}

/** Whose objects may do something; without a selector `Selector` is nobody. */
export interface NamespacesFrom {
  readonly from?: 'All' | 'Same' | 'Selector' | 'None';
  readonly selector?: LabelSelector;
}

export interface Gateway extends KubeObject {
  readonly kind: 'Gateway';
  readonly spec?: {
    readonly gatewayClassName?: string;
    readonly listeners?: readonly GatewayListener[];
    /** Of ListenerSets; not set: nobody. */
    readonly allowedListeners?: { readonly namespaces?: NamespacesFrom };
    readonly addresses?: readonly { readonly type?: string; readonly value?: string }[];
  };
  readonly status?: { readonly addresses?: readonly { readonly type?: string; readonly value: string }[]; readonly conditions?: readonly Condition[] };
}

/** Listeners that others add to a Gateway, gateway.networking.k8s.io/v1. */
export interface ListenerSet extends KubeObject {
  readonly kind: 'ListenerSet';
  readonly spec?: { readonly parentRef?: GatewayReference; readonly listeners?: readonly GatewayListener[] };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface HttpPathModifier {
  readonly type: 'ReplaceFullPath' | 'ReplacePrefixMatch';
  readonly replaceFullPath?: string;
  readonly replacePrefixMatch?: string;
}

export interface HeaderFilter {
  readonly set?: readonly { readonly name: string; readonly value: string }[];
  readonly add?: readonly { readonly name: string; readonly value: string }[];
  readonly remove?: readonly string[];
}

export interface HttpRouteFilter {
  readonly type: string;
  readonly requestHeaderModifier?: HeaderFilter;
  readonly responseHeaderModifier?: HeaderFilter;
  readonly requestMirror?: { readonly backendRef?: RouteBackendRef };
  readonly requestRedirect?: { readonly scheme?: string; readonly hostname?: string; readonly path?: HttpPathModifier; readonly port?: number; readonly statusCode?: number };
  readonly urlRewrite?: { readonly hostname?: string; readonly path?: HttpPathModifier };
}

export interface HttpRouteMatch {
  readonly path?: { readonly type?: 'Exact' | 'PathPrefix' | 'RegularExpression'; readonly value?: string };
  readonly headers?: readonly { readonly type?: 'Exact' | 'RegularExpression'; readonly name: string; readonly value: string }[];
  readonly queryParams?: readonly { readonly type?: 'Exact' | 'RegularExpression'; readonly name: string; readonly value: string }[];
  readonly method?: string;
}

export interface RouteBackendRef extends GatewayReference {
  readonly port?: number;
  readonly weight?: number;
}

export interface HttpBackendRef extends RouteBackendRef {
  readonly filters?: readonly HttpRouteFilter[];
}

export interface ParentReference extends GatewayReference {
  readonly sectionName?: string;
  readonly port?: number;
}

export interface HttpRouteRule {
  readonly name?: string;
  readonly matches?: readonly HttpRouteMatch[];
  readonly filters?: readonly HttpRouteFilter[];
  readonly backendRefs?: readonly HttpBackendRef[];
  /** As `10s`, `500ms` (GEP-2257). */
  readonly timeouts?: { readonly request?: string; readonly backendRequest?: string };
  readonly retry?: { readonly attempts?: number };
}

/** gateway.networking.k8s.io/v1. */
export interface HttpRoute extends KubeObject {
  readonly kind: 'HTTPRoute';
  readonly spec?: { readonly parentRefs?: readonly ParentReference[]; readonly hostnames?: readonly string[]; readonly rules?: readonly HttpRouteRule[] };
}

/** gateway.networking.k8s.io/v1. */
export interface GrpcRoute extends KubeObject {
  readonly kind: 'GRPCRoute';
  readonly spec?: {
    readonly parentRefs?: readonly ParentReference[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly {
      readonly matches?: readonly { readonly method?: { readonly type?: 'Exact' | 'RegularExpression'; readonly service?: string; readonly method?: string }; readonly headers?: HttpRouteMatch['headers'] }[];
      readonly filters?: readonly HttpRouteFilter[];
      readonly backendRefs?: readonly HttpBackendRef[];
    }[];
  };
}

/** Connections that are passed on as they are: TLS by the name that it asks for, or any (gateway.networking.k8s.io/v1). */
export interface StreamRoute extends KubeObject {
  readonly kind: 'TLSRoute' | 'TCPRoute';
  readonly spec?: { readonly parentRefs?: readonly ParentReference[]; readonly hostnames?: readonly string[]; readonly rules?: readonly { readonly backendRefs?: readonly RouteBackendRef[] }[] };
}

/** How a Gateway speaks TLS to a Service: lives beside it (gateway.networking.k8s.io/v1). */
export interface BackendTlsPolicy extends KubeObject {
  readonly kind: 'BackendTLSPolicy';
  readonly spec?: {
    readonly targetRefs?: readonly { readonly group: string; readonly kind: string; readonly name: string; readonly sectionName?: string }[];
    readonly validation?: {
      readonly hostname?: string;
      readonly caCertificateRefs?: readonly { readonly group: string; readonly kind: string; readonly name: string }[];
      readonly wellKnownCACertificates?: string;
      readonly subjectAltNames?: readonly { readonly type: string; readonly hostname?: string; readonly uri?: string }[];
    };
  };
}

/** gateway.networking.k8s.io/v1beta1 and v1: lives beside what is referred to. */
export interface ReferenceGrant extends KubeObject {
  readonly kind: 'ReferenceGrant';
  readonly spec?: {
    readonly from?: readonly { readonly group?: string; readonly kind: string; readonly namespace: string }[];
    readonly to?: readonly { readonly group?: string; readonly kind: string; readonly name?: string }[];
  };
}

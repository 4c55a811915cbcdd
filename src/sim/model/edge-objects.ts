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
    readonly namespaces?: { readonly from?: 'All' | 'Same' | 'Selector' | 'None'; readonly selector?: LabelSelector };
    readonly kinds?: readonly { readonly group?: string; readonly kind: string }[];
  };
}

export interface Gateway extends KubeObject {
  readonly kind: 'Gateway';
  readonly spec?: {
    readonly gatewayClassName?: string;
    readonly listeners?: readonly GatewayListener[];
    readonly addresses?: readonly { readonly type?: string; readonly value?: string }[];
  };
  readonly status?: { readonly addresses?: readonly { readonly type?: string; readonly value: string }[]; readonly conditions?: readonly Condition[] };
}

export interface HttpPathModifier {
  readonly type: 'ReplaceFullPath' | 'ReplacePrefixMatch';
  readonly replaceFullPath?: string;
  readonly replacePrefixMatch?: string;
}

export interface HttpRouteFilter {
  readonly type: string;
  readonly requestRedirect?: { readonly scheme?: string; readonly hostname?: string; readonly path?: HttpPathModifier; readonly port?: number; readonly statusCode?: number };
  readonly urlRewrite?: { readonly hostname?: string; readonly path?: HttpPathModifier };
}

export interface HttpRouteMatch {
  readonly path?: { readonly type?: 'Exact' | 'PathPrefix' | 'RegularExpression'; readonly value?: string };
  readonly headers?: readonly { readonly type?: 'Exact' | 'RegularExpression'; readonly name: string; readonly value: string }[];
  readonly queryParams?: readonly { readonly type?: 'Exact' | 'RegularExpression'; readonly name: string; readonly value: string }[];
  readonly method?: string;
}

export interface HttpBackendRef extends GatewayReference {
  readonly port?: number;
  readonly weight?: number;
  readonly filters?: readonly HttpRouteFilter[];
}

export interface ParentReference extends GatewayReference {
  readonly sectionName?: string;
  readonly port?: number;
}

/** gateway.networking.k8s.io/v1. */
export interface HttpRoute extends KubeObject {
  readonly kind: 'HTTPRoute';
  readonly spec?: {
    readonly parentRefs?: readonly ParentReference[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly { readonly matches?: readonly HttpRouteMatch[]; readonly filters?: readonly HttpRouteFilter[]; readonly backendRefs?: readonly HttpBackendRef[] }[];
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

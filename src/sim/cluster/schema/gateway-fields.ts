// The fields of the Gateway API, in the form of the generated tables: its CustomResourceDefinitions are no part of Kubernetes' own schema (gateway-api v1.4 and later, standard channel).

const group = 'gateway.networking.k8s.io';

/** One line a kind: API version, kind, plural name, scope, and the name of its definition. */
export const gatewayResources: readonly string[] = ['v1', 'v1beta1'].flatMap((version) => [
  `${group}/${version} GatewayClass gatewayclasses c v1.GatewayClass`,
  `${group}/${version} Gateway gateways n v1.Gateway`,
  `${group}/${version} HTTPRoute httproutes n v1.HTTPRoute`,
  `${group}/${version} ReferenceGrant referencegrants n v1.ReferenceGrant`,
]);

/** One line a definition, as `definitionLines` of fields.ts; `@NAME` is another one. */
export const gatewayDefinitions: readonly string[] = [
  'v1.GatewayClass apiVersion:s kind:s metadata:@v1.ObjectMeta spec:@v1.GatewayClassSpec status:a',
  'v1.GatewayClassSpec controllerName:s description:s parametersRef:@v1.ParametersReference',
  'v1.ParametersReference group:s kind:s name:s namespace:s',
  'v1.Gateway apiVersion:s kind:s metadata:@v1.ObjectMeta spec:@v1.GatewaySpec status:a',
  'v1.GatewaySpec addresses:[@v1.GatewaySpecAddress allowedListeners:a backendTLS:a defaultScope:s gatewayClassName:s infrastructure:a listeners:[@v1.Listener!name tls:a',
  'v1.GatewaySpecAddress type:s value:s',
  'v1.Listener allowedRoutes:@v1.AllowedRoutes hostname:s name:s port:i protocol:s tls:@v1.ListenerTLSConfig',
  'v1.ListenerTLSConfig certificateRefs:[@v1.SecretObjectReference frontendValidation:a mode:s options:{s',
  'v1.SecretObjectReference group:s kind:s name:s namespace:s',
  'v1.AllowedRoutes kinds:[@v1.RouteGroupKind namespaces:@v1.RouteNamespaces',
  'v1.RouteGroupKind group:s kind:s',
  'v1.RouteNamespaces from:s selector:@v1.LabelSelector',
  'v1.HTTPRoute apiVersion:s kind:s metadata:@v1.ObjectMeta spec:@v1.HTTPRouteSpec status:a',
  'v1.HTTPRouteSpec hostnames:[s parentRefs:[@v1.ParentReference rules:[@v1.HTTPRouteRule useDefaultGateways:s',
  'v1.ParentReference group:s kind:s name:s namespace:s port:i sectionName:s',
  'v1.HTTPRouteRule backendRefs:[@v1.HTTPBackendRef filters:[@v1.HTTPRouteFilter matches:[@v1.HTTPRouteMatch name:s retry:a sessionPersistence:a timeouts:a',
  'v1.HTTPRouteMatch headers:[@v1.HTTPHeaderMatch method:s path:@v1.HTTPPathMatch queryParams:[@v1.HTTPQueryParamMatch',
  'v1.HTTPPathMatch type:s value:s',
  'v1.HTTPHeaderMatch name:s type:s value:s',
  'v1.HTTPQueryParamMatch name:s type:s value:s',
  'v1.HTTPBackendRef filters:[@v1.HTTPRouteFilter group:s kind:s name:s namespace:s port:i weight:i',
  'v1.HTTPRouteFilter cors:a extensionRef:a externalAuth:a requestHeaderModifier:a requestMirror:a requestRedirect:@v1.HTTPRequestRedirectFilter responseHeaderModifier:a type:s urlRewrite:@v1.HTTPURLRewriteFilter',
  'v1.HTTPRequestRedirectFilter hostname:s path:@v1.HTTPPathModifier port:i scheme:s statusCode:i',
  'v1.HTTPURLRewriteFilter hostname:s path:@v1.HTTPPathModifier',
  'v1.HTTPPathModifier replaceFullPath:s replacePrefixMatch:s type:s',
  'v1.ReferenceGrant apiVersion:s kind:s metadata:@v1.ObjectMeta spec:@v1.ReferenceGrantSpec',
  'v1.ReferenceGrantSpec from:[@v1.ReferenceGrantFrom to:[@v1.ReferenceGrantTo',
  'v1.ReferenceGrantFrom group:s kind:s namespace:s',
  'v1.ReferenceGrantTo group:s kind:s name:s',
];

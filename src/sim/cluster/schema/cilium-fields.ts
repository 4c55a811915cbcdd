// The fields of Cilium's policies, in the form of the generated tables: their CustomResourceDefinitions are no part of Kubernetes' own schema (cilium v1.20, pkg/k8s/apis/cilium.io/client/crds/v2).

const group = 'cilium.io/v2';

/** Kinds of the group that mean nothing to the simulated network; their fields are not looked at. */
const others: readonly string[] = [
  'CiliumBGPAdvertisement ciliumbgpadvertisements c', 'CiliumBGPClusterConfig ciliumbgpclusterconfigs c', 'CiliumBGPNodeConfig ciliumbgpnodeconfigs c', 'CiliumBGPNodeConfigOverride ciliumbgpnodeconfigoverrides c',
  'CiliumBGPPeerConfig ciliumbgppeerconfigs c', 'CiliumClusterwideEnvoyConfig ciliumclusterwideenvoyconfigs c', 'CiliumEgressGatewayPolicy ciliumegressgatewaypolicies c', 'CiliumEndpoint ciliumendpoints n',
  'CiliumEnvoyConfig ciliumenvoyconfigs n', 'CiliumExternalWorkload ciliumexternalworkloads c', 'CiliumIdentity ciliumidentities c', 'CiliumLoadBalancerIPPool ciliumloadbalancerippools c',
  'CiliumLocalRedirectPolicy ciliumlocalredirectpolicies n', 'CiliumNode ciliumnodes c', 'CiliumNodeConfig ciliumnodeconfigs n',
];

/** One line a kind: API version, kind, plural name, scope, and the name of its definition. */
export const ciliumResources: readonly string[] = [
  `${group} CiliumNetworkPolicy ciliumnetworkpolicies n v2.CiliumNetworkPolicy`,
  `${group} CiliumClusterwideNetworkPolicy ciliumclusterwidenetworkpolicies c v2.CiliumNetworkPolicy`,
  `${group} CiliumCIDRGroup ciliumcidrgroups c v2.CiliumCIDRGroup`,
  ...others.map((line) => `${group} ${line} v2.CiliumOther`),
];

const peers = (direction: 'from' | 'to'): string => [
  `${direction}CIDR:[s ${direction}CIDRSet:[@v2.CIDRRule ${direction}Endpoints:[@v1.LabelSelector ${direction}Entities:[s ${direction}Groups:[@v2.Groups ${direction}Nodes:[@v1.LabelSelector ${direction}Requires:[s`,
  ...(direction === 'to' ? ['toServices:[@v2.Service'] : []),
].join(' ');

/** One line a definition, as `definitionLines` of fields.ts; `@NAME` is another one. */
export const ciliumDefinitions: readonly string[] = [
  'v2.CiliumNetworkPolicy apiVersion:s kind:s metadata:@v1.ObjectMeta spec:@v2.Rule specs:[@v2.Rule status:@v2.CiliumNetworkPolicyStatus',
  'v2.CiliumNetworkPolicyStatus conditions:[@v1.Condition!type derivativePolicies:a',
  'v2.Rule description:s egress:[@v2.EgressRule egressDeny:[@v2.EgressDenyRule enableDefaultDeny:@v2.DefaultDenyConfig endpointSelector:@v1.LabelSelector ingress:[@v2.IngressRule ingressDeny:[@v2.IngressDenyRule labels:[@v2.Label log:@v2.LogConfig nodeSelector:@v1.LabelSelector',
  'v2.DefaultDenyConfig egress:b ingress:b',
  'v2.Label cidr:a key:s source:s value:s',
  'v2.LogConfig value:s',
  `v2.IngressRule authentication:@v2.Authentication ${peers('from')} icmps:[@v2.ICMPRule toPorts:[@v2.PortRule`,
  `v2.IngressDenyRule ${peers('from')} icmps:[@v2.ICMPRule toPorts:[@v2.PortDenyRule`,
  `v2.EgressRule authentication:@v2.Authentication ${peers('to')} icmps:[@v2.ICMPRule toFQDNs:[@v2.FQDNSelector toPorts:[@v2.PortRule`,
  `v2.EgressDenyRule ${peers('to')} icmps:[@v2.ICMPRule toPorts:[@v2.PortDenyRule`,
  'v2.Authentication mode:s',
  'v2.CIDRRule cidr:s cidrGroupRef:s cidrGroupSelector:@v1.LabelSelector except:[s',
  'v2.Groups aws:@v2.AWSGroup',
  'v2.AWSGroup labels:{s region:s securityGroupsIds:[s securityGroupsNames:[s',
  'v2.Service k8sService:@v2.K8sServiceNamespace k8sServiceSelector:@v2.K8sServiceSelectorNamespace',
  'v2.K8sServiceNamespace namespace:s serviceName:s',
  'v2.K8sServiceSelectorNamespace namespace:s selector:@v1.LabelSelector',
  'v2.FQDNSelector matchName:s matchPattern:s',
  'v2.ICMPRule fields:[@v2.ICMPField',
  'v2.ICMPField family:s type:x',
  'v2.PortRule listener:@v2.Listener originatingTLS:@v2.TLSContext ports:[@v2.PortProtocol rules:@v2.L7Rules serverNames:[s terminatingTLS:@v2.TLSContext',
  'v2.PortDenyRule ports:[@v2.PortProtocol',
  'v2.PortProtocol endPort:i port:s protocol:s',
  'v2.L7Rules dns:[@v2.FQDNSelector http:[@v2.PortRuleHTTP',
  'v2.PortRuleHTTP headerMatches:[@v2.HeaderMatch headers:[s host:s method:s path:s',
  'v2.HeaderMatch mismatch:s name:s secret:@v2.Secret value:s',
  'v2.Secret name:s namespace:s',
  'v2.TLSContext certificate:s privateKey:s secret:@v2.Secret trustedCA:s',
  'v2.Listener envoyConfig:@v2.EnvoyConfig name:s priority:i',
  'v2.EnvoyConfig kind:s name:s',
  'v2.CiliumCIDRGroup apiVersion:s kind:s metadata:@v1.ObjectMeta spec:@v2.CiliumCIDRGroupSpec',
  'v2.CiliumCIDRGroupSpec externalCIDRs:[s',
  'v2.CiliumOther *:a apiVersion:s kind:s metadata:@v1.ObjectMeta',
];

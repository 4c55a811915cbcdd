// Objects as the API server keeps them: only the fields that the simulation reads are typed, every other field is kept as it came.

export type Labels = Readonly<Record<string, string>>;

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly generateName?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
}

/** Any object, of a kind that the simulation knows or not. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

export interface LabelSelectorRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}

export type Protocol = 'TCP' | 'UDP' | 'SCTP';
export type IntOrString = number | string;
export type Family = 'IPv4' | 'IPv6';

export interface Namespace extends KubeObject {
  readonly kind: 'Namespace';
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
}

export interface NodeObject extends KubeObject {
  readonly kind: 'Node';
  readonly spec?: { readonly podCIDR?: string; readonly podCIDRs?: readonly string[]; readonly taints?: readonly Taint[]; readonly unschedulable?: boolean };
  readonly status?: { readonly addresses?: readonly { readonly type: string; readonly address: string }[]; readonly conditions?: readonly Condition[] };
}

export interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly hostPort?: number;
  readonly protocol?: Protocol;
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly configMapKeyRef?: { readonly name?: string; readonly key: string; readonly optional?: boolean };
    readonly secretKeyRef?: { readonly name?: string; readonly key: string; readonly optional?: boolean };
    readonly fieldRef?: { readonly fieldPath: string };
  };
}

export interface Probe {
  readonly httpGet?: { readonly path?: string; readonly port: IntOrString; readonly host?: string; readonly scheme?: string };
  readonly tcpSocket?: { readonly port: IntOrString; readonly host?: string };
  readonly grpc?: { readonly port: number };
  readonly exec?: { readonly command?: readonly string[] };
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly ports?: readonly ContainerPort[];
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly { readonly prefix?: string; readonly configMapRef?: { readonly name?: string }; readonly secretRef?: { readonly name?: string } }[];
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly startupProbe?: Probe;
  readonly restartPolicy?: string;
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: 'Exists' | 'Equal';
  readonly value?: string;
  readonly effect?: string;
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly nodeName?: string;
  readonly nodeSelector?: Labels;
  readonly tolerations?: readonly Toleration[];
  readonly hostNetwork?: boolean;
  readonly hostname?: string;
  readonly subdomain?: string;
  readonly dnsPolicy?: 'ClusterFirst' | 'ClusterFirstWithHostNet' | 'Default' | 'None';
  readonly dnsConfig?: { readonly nameservers?: readonly string[]; readonly searches?: readonly string[]; readonly options?: readonly { readonly name: string; readonly value?: string }[] };
  readonly hostAliases?: readonly { readonly ip: string; readonly hostnames?: readonly string[] }[];
  readonly serviceAccountName?: string;
  readonly enableServiceLinks?: boolean;
  readonly restartPolicy?: string;
}

export interface Pod extends KubeObject {
  readonly kind: 'Pod';
  readonly spec: PodSpec;
  readonly status?: {
    readonly phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
    readonly podIP?: string;
    readonly podIPs?: readonly { readonly ip: string }[];
    readonly hostIP?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly { readonly name: string; readonly ready: boolean; readonly restartCount: number; readonly state?: Readonly<Record<string, unknown>> }[];
  };
}

export interface PodTemplate {
  readonly metadata?: { readonly labels?: Labels; readonly annotations?: Labels };
  readonly spec: PodSpec;
}

/** Deployment, ReplicaSet, StatefulSet, DaemonSet, Job and ReplicationController: a template and how many pods of it. */
export interface Workload extends KubeObject {
  readonly kind: 'Deployment' | 'ReplicaSet' | 'StatefulSet' | 'DaemonSet' | 'Job' | 'ReplicationController';
  readonly spec: {
    readonly replicas?: number;
    readonly parallelism?: number;
    readonly completions?: number;
    readonly serviceName?: string;
    readonly selector?: LabelSelector;
    readonly template: PodTemplate;
  };
  readonly status?: Readonly<Record<string, unknown>>;
}

export interface CronJob extends KubeObject {
  readonly kind: 'CronJob';
  readonly spec: { readonly schedule: string; readonly suspend?: boolean; readonly jobTemplate: { readonly spec: Workload['spec'] } };
}

export interface ServicePort {
  readonly name?: string;
  readonly protocol?: Protocol;
  readonly port: number;
  readonly targetPort?: IntOrString;
  readonly nodePort?: number;
  readonly appProtocol?: string;
}

export interface Service extends KubeObject {
  readonly kind: 'Service';
  readonly spec: {
    readonly type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
    readonly selector?: Labels;
    readonly ports?: readonly ServicePort[];
    readonly clusterIP?: string;
    readonly clusterIPs?: readonly string[];
    readonly externalIPs?: readonly string[];
    readonly externalName?: string;
    readonly ipFamilies?: readonly Family[];
    readonly ipFamilyPolicy?: 'SingleStack' | 'PreferDualStack' | 'RequireDualStack';
    readonly sessionAffinity?: 'None' | 'ClientIP';
    readonly sessionAffinityConfig?: { readonly clientIP?: { readonly timeoutSeconds?: number } };
    readonly internalTrafficPolicy?: 'Cluster' | 'Local';
    readonly externalTrafficPolicy?: 'Cluster' | 'Local';
    readonly healthCheckNodePort?: number;
    readonly loadBalancerClass?: string;
    readonly loadBalancerIP?: string;
    readonly loadBalancerSourceRanges?: readonly string[];
    readonly allocateLoadBalancerNodePorts?: boolean;
    readonly publishNotReadyAddresses?: boolean;
    readonly trafficDistribution?: string;
  };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string; readonly ipMode?: 'VIP' | 'Proxy' }[] } };
}

export interface SliceEndpoint {
  readonly addresses: readonly string[];
  readonly conditions?: { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean };
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly zone?: string;
  readonly hints?: { readonly forZones?: readonly { readonly name: string }[]; readonly forNodes?: readonly { readonly name: string }[] };
  readonly targetRef?: { readonly kind?: string; readonly namespace?: string; readonly name?: string; readonly uid?: string };
}

export interface EndpointSlice extends KubeObject {
  readonly kind: 'EndpointSlice';
  readonly addressType: Family | 'FQDN';
  readonly endpoints?: readonly SliceEndpoint[] | null;
  readonly ports?: readonly { readonly name?: string; readonly port?: number | null; readonly protocol?: Protocol; readonly appProtocol?: string }[] | null;
}

export interface EndpointAddress {
  readonly ip: string;
  readonly hostname?: string;
  readonly nodeName?: string;
  readonly targetRef?: { readonly kind?: string; readonly namespace?: string; readonly name?: string };
}

export interface Endpoints extends KubeObject {
  readonly kind: 'Endpoints';
  readonly subsets?: readonly {
    readonly addresses?: readonly EndpointAddress[];
    readonly notReadyAddresses?: readonly EndpointAddress[];
    readonly ports?: readonly { readonly name?: string; readonly port: number; readonly protocol?: Protocol }[];
  }[];
}

export interface NetworkPolicyPeer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

export interface NetworkPolicyPort {
  readonly protocol?: Protocol;
  readonly port?: IntOrString;
  readonly endPort?: number;
}

export interface NetworkPolicy extends KubeObject {
  readonly kind: 'NetworkPolicy';
  readonly spec?: {
    readonly podSelector?: LabelSelector;
    readonly policyTypes?: readonly ('Ingress' | 'Egress')[];
    readonly ingress?: readonly { readonly from?: readonly NetworkPolicyPeer[] | null; readonly ports?: readonly NetworkPolicyPort[] | null }[] | null;
    readonly egress?: readonly { readonly to?: readonly NetworkPolicyPeer[] | null; readonly ports?: readonly NetworkPolicyPort[] | null }[] | null;
  };
}

/** Namespaces and pods by their labels, of the cluster-wide policy APIs; an absent or empty selector is everything. */
export interface NamespacedPods {
  readonly namespaceSelector?: LabelSelector;
  readonly podSelector?: LabelSelector;
}

/** Exactly one field; `nodes`, `networks` and `domainNames` on egress only. */
export interface AdminPolicyPeer {
  readonly namespaces?: LabelSelector;
  readonly pods?: NamespacedPods;
  readonly nodes?: LabelSelector;
  readonly networks?: readonly string[];
  readonly domainNames?: readonly string[];
}

/** Exactly one field. */
export interface ClusterNetworkPolicyPort {
  readonly number?: number;
  readonly range?: { readonly start: number; readonly end: number };
}

/** Exactly one field. */
export interface ClusterNetworkPolicyProtocol {
  readonly tcp?: { readonly destinationPort?: ClusterNetworkPolicyPort };
  readonly udp?: { readonly destinationPort?: ClusterNetworkPolicyPort };
  readonly sctp?: { readonly destinationPort?: ClusterNetworkPolicyPort };
  readonly destinationNamedPort?: string;
}

export interface ClusterNetworkPolicyRule {
  readonly name?: string;
  readonly action: 'Accept' | 'Deny' | 'Pass';
  readonly from?: readonly AdminPolicyPeer[];
  readonly to?: readonly AdminPolicyPeer[];
  readonly protocols?: readonly ClusterNetworkPolicyProtocol[];
}

/** policy.networking.k8s.io/v1alpha2. */
export interface ClusterNetworkPolicy extends KubeObject {
  readonly kind: 'ClusterNetworkPolicy';
  readonly spec: {
    readonly tier: 'Admin' | 'Baseline';
    readonly priority: number;
    readonly subject: Pick<AdminPolicyPeer, 'namespaces' | 'pods'>;
    readonly ingress?: readonly ClusterNetworkPolicyRule[];
    readonly egress?: readonly ClusterNetworkPolicyRule[];
  };
}

/** Exactly one field. */
export interface AdminNetworkPolicyPort {
  readonly portNumber?: { readonly protocol?: Protocol; readonly port: number };
  readonly portRange?: { readonly protocol?: Protocol; readonly start: number; readonly end: number };
  readonly namedPort?: string;
}

export interface AdminNetworkPolicyRule {
  readonly name?: string;
  readonly action: 'Allow' | 'Deny' | 'Pass';
  readonly from?: readonly AdminPolicyPeer[];
  readonly to?: readonly AdminPolicyPeer[];
  readonly ports?: readonly AdminNetworkPolicyPort[];
}

/** policy.networking.k8s.io/v1alpha1; the baseline one has no priority, cannot pass, and is called `default`. */
export interface AdminNetworkPolicy extends KubeObject {
  readonly kind: 'AdminNetworkPolicy' | 'BaselineAdminNetworkPolicy';
  readonly spec: {
    readonly priority?: number;
    readonly subject: Pick<AdminPolicyPeer, 'namespaces' | 'pods'>;
    readonly ingress?: readonly AdminNetworkPolicyRule[];
    readonly egress?: readonly AdminNetworkPolicyRule[];
  };
}

export interface ConfigMap extends KubeObject {
  readonly kind: 'ConfigMap';
  readonly data?: Labels;
  readonly binaryData?: Labels;
}

export interface Secret extends KubeObject {
  readonly kind: 'Secret';
  readonly type?: string;
  /** Base64. */
  readonly data?: Labels;
  readonly stringData?: Labels;
}

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

/** A host outside the cluster, from `underlay.hosts`. */
export interface OutsideHost {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly ports?: readonly { readonly port: number; readonly protocol?: Protocol; readonly tls?: readonly string[]; readonly hosts?: readonly string[] }[];
}

/** What manifests rarely say: nodes' plugin, proxy, ranges and what lies between the nodes (cli.md, "The cluster around the manifests"). */
export interface ClusterObject extends KubeObject {
  readonly apiVersion: 'k8snet-lab/v1';
  readonly kind: 'Cluster';
  readonly spec?: {
    readonly cni?: { readonly plugin?: string; readonly mode?: string; readonly mtu?: number };
    readonly kubeProxy?: { readonly mode?: string };
    readonly network?: { readonly pods?: string; readonly services?: string; readonly domain?: string };
    readonly underlay?: { readonly hosts?: readonly OutsideHost[] } & Readonly<Record<string, unknown>>;
  };
}

/** The kinds that the simulation reads; every other kind is kept as a plain {@link KubeObject} and named once in the warnings. */
export type KnownObject =
  | Namespace | NodeObject | Pod | Workload | CronJob | Service | EndpointSlice | Endpoints | NetworkPolicy | ClusterNetworkPolicy | AdminNetworkPolicy
  | ConfigMap | Secret | Ingress | IngressClass | GatewayClass | Gateway | HttpRoute | ReferenceGrant | ClusterObject;

export type KnownKind = KnownObject['kind'];
export type ObjectOf<Kind extends KnownKind> = Kind extends Workload['kind'] ? Workload & { readonly kind: Kind }
  : Kind extends AdminNetworkPolicy['kind'] ? AdminNetworkPolicy & { readonly kind: Kind } : Extract<KnownObject, { readonly kind: Kind }>;

/** Names an object; `namespace` is empty for what has none. */
export interface ObjectRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** `KIND NAMESPACE/NAME` or `KIND NAME`: how an object is written in every trace, message and JSON document. */
export const refText = (ref: ObjectRef): string => `${ref.kind} ${ref.namespace === '' ? '' : `${ref.namespace}/`}${ref.name}`;

export const refOf = (object: KubeObject): ObjectRef => ({ kind: object.kind, namespace: object.metadata.namespace ?? '', name: object.metadata.name });

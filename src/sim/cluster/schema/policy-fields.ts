// The fields of the cluster-wide policy APIs, in the form of the generated tables: their CustomResourceDefinitions are no part of Kubernetes' own schema (network-policy-api v0.2.0 and v0.1.7, experimental channel).

/** One line a kind: API version, kind, plural name, scope, and the name of its definition. */
export const policyResources = [
  'policy.networking.k8s.io/v1alpha2 ClusterNetworkPolicy clusternetworkpolicies c v1alpha2.ClusterNetworkPolicy',
  'policy.networking.k8s.io/v1alpha1 AdminNetworkPolicy adminnetworkpolicies c v1alpha1.AdminNetworkPolicy',
  'policy.networking.k8s.io/v1alpha1 BaselineAdminNetworkPolicy baselineadminnetworkpolicies c v1alpha1.BaselineAdminNetworkPolicy',
] as const;

/** One line a definition, as `definitionLines` of fields.ts; `@NAME` is another one. */
export const policyDefinitions = [
  'v1alpha2.ClusterNetworkPolicy apiVersion:s kind:s metadata:@v1.ObjectMeta spec:@v1alpha2.ClusterNetworkPolicySpec status:@v1alpha2.ClusterNetworkPolicyStatus',
  'v1alpha2.ClusterNetworkPolicySpec egress:[@v1alpha2.ClusterNetworkPolicyEgressRule ingress:[@v1alpha2.ClusterNetworkPolicyIngressRule priority:i subject:@v1alpha2.ClusterNetworkPolicySubject tier:s',
  'v1alpha2.ClusterNetworkPolicyStatus conditions:[@v1.Condition',
  'v1alpha2.ClusterNetworkPolicySubject namespaces:@v1.LabelSelector pods:@v1alpha2.NamespacedPod',
  'v1alpha2.NamespacedPod namespaceSelector:@v1.LabelSelector podSelector:@v1.LabelSelector',
  'v1alpha2.ClusterNetworkPolicyIngressRule action:s from:[@v1alpha2.ClusterNetworkPolicyIngressPeer name:s protocols:[@v1alpha2.ClusterNetworkPolicyProtocol',
  'v1alpha2.ClusterNetworkPolicyEgressRule action:s name:s protocols:[@v1alpha2.ClusterNetworkPolicyProtocol to:[@v1alpha2.ClusterNetworkPolicyEgressPeer',
  'v1alpha2.ClusterNetworkPolicyIngressPeer namespaces:@v1.LabelSelector pods:@v1alpha2.NamespacedPod',
  'v1alpha2.ClusterNetworkPolicyEgressPeer domainNames:[s namespaces:@v1.LabelSelector networks:[s nodes:@v1.LabelSelector pods:@v1alpha2.NamespacedPod',
  'v1alpha2.ClusterNetworkPolicyProtocol destinationNamedPort:s sctp:@v1alpha2.ClusterNetworkPolicyProtocolSCTP tcp:@v1alpha2.ClusterNetworkPolicyProtocolTCP udp:@v1alpha2.ClusterNetworkPolicyProtocolUDP',
  'v1alpha2.ClusterNetworkPolicyProtocolTCP destinationPort:@v1alpha2.Port',
  'v1alpha2.ClusterNetworkPolicyProtocolUDP destinationPort:@v1alpha2.Port',
  'v1alpha2.ClusterNetworkPolicyProtocolSCTP destinationPort:@v1alpha2.Port',
  'v1alpha2.Port number:i range:@v1alpha2.PortRange',
  'v1alpha2.PortRange end:i start:i',
  'v1alpha1.AdminNetworkPolicy apiVersion:s kind:s metadata:@v1.ObjectMeta spec:@v1alpha1.AdminNetworkPolicySpec status:@v1alpha1.AdminNetworkPolicyStatus',
  'v1alpha1.AdminNetworkPolicySpec egress:[@v1alpha1.AdminNetworkPolicyEgressRule ingress:[@v1alpha1.AdminNetworkPolicyIngressRule priority:i subject:@v1alpha1.AdminNetworkPolicySubject',
  'v1alpha1.AdminNetworkPolicyStatus conditions:[@v1.Condition',
  'v1alpha1.AdminNetworkPolicySubject namespaces:@v1.LabelSelector pods:@v1alpha1.NamespacedPod',
  'v1alpha1.NamespacedPod namespaceSelector:@v1.LabelSelector podSelector:@v1.LabelSelector',
  'v1alpha1.AdminNetworkPolicyIngressRule action:s from:[@v1alpha1.AdminNetworkPolicyIngressPeer name:s ports:[@v1alpha1.AdminNetworkPolicyPort',
  'v1alpha1.AdminNetworkPolicyEgressRule action:s name:s ports:[@v1alpha1.AdminNetworkPolicyPort to:[@v1alpha1.AdminNetworkPolicyEgressPeer',
  'v1alpha1.AdminNetworkPolicyIngressPeer namespaces:@v1.LabelSelector pods:@v1alpha1.NamespacedPod',
  'v1alpha1.AdminNetworkPolicyEgressPeer domainNames:[s namespaces:@v1.LabelSelector networks:[s nodes:@v1.LabelSelector pods:@v1alpha1.NamespacedPod',
  'v1alpha1.AdminNetworkPolicyPort namedPort:s portNumber:@v1alpha1.Port portRange:@v1alpha1.PortRange',
  'v1alpha1.Port port:i protocol:s',
  'v1alpha1.PortRange end:i protocol:s start:i',
  'v1alpha1.BaselineAdminNetworkPolicy apiVersion:s kind:s metadata:@v1.ObjectMeta spec:@v1alpha1.BaselineAdminNetworkPolicySpec status:@v1alpha1.AdminNetworkPolicyStatus',
  'v1alpha1.BaselineAdminNetworkPolicySpec egress:[@v1alpha1.BaselineAdminNetworkPolicyEgressRule ingress:[@v1alpha1.AdminNetworkPolicyIngressRule subject:@v1alpha1.AdminNetworkPolicySubject',
  'v1alpha1.BaselineAdminNetworkPolicyEgressRule action:s name:s ports:[@v1alpha1.AdminNetworkPolicyPort to:[@v1alpha1.BaselineAdminNetworkPolicyEgressPeer',
  'v1alpha1.BaselineAdminNetworkPolicyEgressPeer namespaces:@v1.LabelSelector networks:[s nodes:@v1.LabelSelector pods:@v1alpha1.NamespacedPod',
] as const;

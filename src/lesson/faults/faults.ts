// The faults that can break a cluster, in the order of the catalogue; a new one is one file and one line.
import type { Fault } from './fault.ts';
import { l1LocalhostOtherPod } from './l1-localhost-other-pod.ts';
import { l1PortClashSamePod } from './l1-port-clash-same-pod.ts';
import { l1SidecarBoundLoopback } from './l1-sidecar-bound-loopback.ts';
import { svcSelectorTypo } from './svc-selector-typo.ts';
import { svcTargetPortWrong } from './svc-target-port-wrong.ts';
import { svcNamedPortMismatch } from './svc-named-port-mismatch.ts';
import { svcMissing } from './svc-missing.ts';
import { svcReadinessFailing } from './svc-readiness-failing.ts';
import { svcAppOnLoopback } from './svc-app-on-loopback.ts';
import { svcSelectorTooWide } from './svc-selector-too-wide.ts';
import { svcProtocolUdpTcp } from './svc-protocol-udp-tcp.ts';
import { svcWrongNamespace } from './svc-wrong-namespace.ts';
import { svcPortVsTargetPortClient } from './svc-port-vs-target-port-client.ts';
import { svcStatefulSetName } from './svc-statefulset-name.ts';
import { dnsPolicyDefault } from './dns-policy-default.ts';
import { dnsPolicyNone } from './dns-policy-none.ts';
import { dnsCorednsDown } from './dns-coredns-down.ts';
import { dnsKubeDnsSelector } from './dns-kube-dns-selector.ts';
import { dnsCorefileTypo } from './dns-corefile-typo.ts';
import { dnsNdotsLatency } from './dns-ndots-latency.ts';
import { npEgressDenyBlocksDns } from './np-egress-deny-blocks-dns.ts';
import { npProtocolDefaultTcp } from './np-protocol-default-tcp.ts';
import { npServicePort } from './np-service-port.ts';
import { npNamedPort } from './np-named-port.ts';
import { npAndOrYamlDash } from './np-and-or-yaml-dash.ts';
import { npNsLabelMissing } from './np-ns-label-missing.ts';
import { npPeerPodSelectorOtherNs } from './np-peer-pod-selector-other-ns.ts';
import { npDefaultDenyBreaksAll } from './np-default-deny-breaks-all.ts';
import { npWrongNamespace } from './np-wrong-namespace.ts';
import { npTwoPoliciesUnion } from './np-two-policies-union.ts';
import { npBothEnds } from './np-both-ends.ts';
import { npPolicyTypesMissing } from './np-policy-types-missing.ts';
import { npNotEnforced } from './np-not-enforced.ts';
import { nodeportLocal } from './nodeport-local.ts';
import { lbSourceRanges } from './lb-source-ranges.ts';
import { ingressClassMissing } from './ingress-class-missing.ts';
import { ingressPathType } from './ingress-path-type.ts';
import { ingressBackendPortWrong } from './ingress-backend-port-wrong.ts';
import { ingressTlsSecretMissing } from './ingress-tls-secret-missing.ts';
import { ingressTlsExpired } from './ingress-tls-expired.ts';
import { npIngressControllerBlocked } from './np-ingress-controller-blocked.ts';
import { dnsCorednsLoop } from './dns-coredns-loop.ts';
import { cniOverlayPortBlocked } from './cni-overlay-port-blocked.ts';
import { cniMissingRoute } from './cni-missing-route.ts';
import { cniIpForwardOff } from './cni-ip-forward-off.ts';
import { cniConntrackFull } from './cni-conntrack-full.ts';
import { cniWrongInterface } from './cni-wrong-interface.ts';
import { cniMtuBlackhole } from './cni-mtu-blackhole.ts';

export const faults: readonly Fault[] = [
  l1LocalhostOtherPod, l1PortClashSamePod, l1SidecarBoundLoopback, svcSelectorTypo, svcTargetPortWrong,
  svcNamedPortMismatch, svcMissing, svcReadinessFailing, svcAppOnLoopback, svcSelectorTooWide,
  svcProtocolUdpTcp, svcWrongNamespace, svcPortVsTargetPortClient, svcStatefulSetName, dnsPolicyDefault,
  dnsPolicyNone, dnsCorednsDown, dnsKubeDnsSelector, dnsCorefileTypo, dnsNdotsLatency,
  npEgressDenyBlocksDns, npProtocolDefaultTcp, npServicePort, npNamedPort, npAndOrYamlDash,
  npNsLabelMissing, npPeerPodSelectorOtherNs, npDefaultDenyBreaksAll, npWrongNamespace, npTwoPoliciesUnion,
  npBothEnds, npPolicyTypesMissing, npNotEnforced, nodeportLocal, lbSourceRanges,
  ingressClassMissing, ingressPathType, ingressBackendPortWrong, ingressTlsSecretMissing,
  ingressTlsExpired, npIngressControllerBlocked,
  dnsCorednsLoop, cniOverlayPortBlocked, cniMissingRoute, cniIpForwardOff, cniConntrackFull, cniWrongInterface,
  cniMtuBlackhole,
];

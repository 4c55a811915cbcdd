// What the API server keeps of a Service, or lets go, when a client changes it: addresses and ports that nobody repeats stay, those of a type that it no longer has go.
import type { KubeObject, Service } from '../model/object.ts';
import { sameJson } from './record.ts';

type Spec = Service['spec'];

/** The object as a client's change means it, before defaults (pkg/registry/core/service: patchAllocatedValues, normalizeClusterIPs, dropTypeDependentFields). Both have the types of their kind. */
export function carryOver(live: KubeObject, next: KubeObject): KubeObject {
  if (!isService(live) || !isService(next)) return next;
  const changed: Service = { ...next, spec: withoutOfOtherTypes(live.spec, withAddresses(live.spec, withPorts(live.spec, next.spec ?? {}))) };
  return changed;
}

const isService = (object: KubeObject): object is Service => object.kind === 'Service' && object.apiVersion === 'v1';

const typeOf = (spec: Spec): string => spec.type ?? 'ClusterIP';
const needsAddress = (spec: Spec): boolean => ['ClusterIP', 'NodePort', 'LoadBalancer'].includes(typeOf(spec));
const needsNodePort = (spec: Spec): boolean => typeOf(spec) === 'NodePort' || (typeOf(spec) === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
const needsHealthCheck = (spec: Spec): boolean => typeOf(spec) === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';
const isExternal = (spec: Spec): boolean => typeOf(spec) === 'NodePort' || typeOf(spec) === 'LoadBalancer' || (typeOf(spec) === 'ClusterIP' && (spec.externalIPs?.length ?? 0) > 0);

function withAddresses(live: Spec, next: Spec): Spec {
  if (!needsAddress(live) || !needsAddress(next)) return next;
  const clusterIP = (next.clusterIP ?? '') === '' ? live.clusterIP : next.clusterIP;
  let clusterIPs = (next.clusterIPs?.length ?? 0) === 0 ? live.clusterIPs : next.clusterIPs;
  // Only the one field was changed: the other follows, and is judged.
  if (clusterIP !== live.clusterIP && sameJson(clusterIPs, live.clusterIPs) && clusterIP !== undefined) clusterIPs = [clusterIP];
  let ipFamilies = next.ipFamilies ?? live.ipFamilies;
  // Who asks for one family and repeats the rest gives the second one back.
  if (next.ipFamilyPolicy === 'SingleStack') {
    if (sameJson(clusterIPs, live.clusterIPs)) clusterIPs = clusterIPs?.slice(0, 1);
    if (sameJson(ipFamilies, live.ipFamilies)) ipFamilies = ipFamilies?.slice(0, 1);
  }
  return {
    ...next,
    ...(clusterIP === undefined ? {} : { clusterIP }), ...(clusterIPs === undefined ? {} : { clusterIPs }),
    ...(ipFamilies === undefined ? {} : { ipFamilies }),
    ...(next.ipFamilyPolicy === undefined && live.ipFamilyPolicy !== undefined ? { ipFamilyPolicy: live.ipFamilyPolicy } : {}),
  };
}

function withPorts(live: Spec, next: Spec): Spec {
  if (!needsNodePort(live) || !needsNodePort(next)) return withHealthCheck(live, next);
  const before = live.ports ?? [];
  const ports = next.ports ?? [];
  const used = new Set(before.map((port) => port.nodePort ?? 0).filter((port) => port !== 0 && ports.some((other) => other.nodePort === port)));
  return withHealthCheck(live, {
    ...next,
    ...(next.ports === undefined ? {} : {
      ports: ports.map((port) => {
        const old = before.find((other) => (other.name ?? '') === (port.name ?? ''))?.nodePort ?? 0;
        return (port.nodePort ?? 0) !== 0 || old === 0 || used.has(old) ? port : { ...port, nodePort: old };
      }),
    }),
  });
}

function withHealthCheck(live: Spec, next: Spec): Spec {
  return needsHealthCheck(live) && needsHealthCheck(next) && (next.healthCheckNodePort ?? 0) === 0 && live.healthCheckNodePort !== undefined ? { ...next, healthCheckNodePort: live.healthCheckNodePort } : next;
}

function withoutOfOtherTypes(live: Spec, next: Spec): Spec {
  const out: { -readonly [Field in keyof Spec]: Spec[Field] } = { ...next };
  if (needsAddress(live) && !needsAddress(next)) {
    if (sameJson(live.clusterIPs, next.clusterIPs) || next.clusterIPs === undefined) {
      if (live.clusterIP === next.clusterIP) delete out.clusterIP;
      delete out.clusterIPs;
    }
    if (sameJson(live.ipFamilies, next.ipFamilies)) delete out.ipFamilies;
    if (live.ipFamilyPolicy === next.ipFamilyPolicy) delete out.ipFamilyPolicy;
    delete out.internalTrafficPolicy;
  }
  const nodePorts = (spec: Spec): readonly number[] => (spec.ports ?? []).map((port) => port.nodePort ?? 0);
  if (needsNodePort(live) && !needsNodePort(next) && next.ports !== undefined && sameJson(nodePorts(live), nodePorts(next))) {
    out.ports = next.ports.map((port) => {
      const { nodePort: _, ...rest } = port;
      return rest;
    });
  }
  if (needsHealthCheck(live) && !needsHealthCheck(next) && live.healthCheckNodePort === next.healthCheckNodePort) delete out.healthCheckNodePort;
  if (typeOf(live) === 'LoadBalancer' && typeOf(next) !== 'LoadBalancer') {
    if (live.allocateLoadBalancerNodePorts === next.allocateLoadBalancerNodePorts) delete out.allocateLoadBalancerNodePorts;
    if (live.loadBalancerClass === next.loadBalancerClass) delete out.loadBalancerClass;
  }
  if (isExternal(live) && !isExternal(next) && live.externalTrafficPolicy === next.externalTrafficPolicy) delete out.externalTrafficPolicy;
  return out;
}

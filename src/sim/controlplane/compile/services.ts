// Services as kube-proxy joins them with their slices: per port, every endpoint with its conditions.
import { socketText } from '../../base/address.ts';
import { by, byText } from '../../base/order.ts';
import { list, type Store } from '../../cluster/store.ts';
import { otherProxyLabel, type NetworkEndpoint, type NetworkPod, type NetworkService, type NetworkServicePort } from '../../model/network.ts';
import type { EndpointSlice, Pod, Service, ServicePort } from '../../model/object.ts';
import { refOf } from '../../model/object.ts';
import { podsByLabel, selectedPods, serviceLabel } from '../endpoint-slices.ts';
import { isHeadless } from '../services.ts';
import { balancerAddress } from './outside.ts';

/** Old API servers took leading zeros as decimal; kube-proxy writes such addresses in their usual form (pkg/proxy/util, netutils.ParseIPSloppy). */
const usual = (text: string): string => (/^\d+(\.\d+){3}(\/\d+)?$/.test(text) ? text.replace(/\d+/g, (digits) => String(Number(digits))) : text);

/** kube-proxy never sees slices with this label (cmd/kube-proxy/app/server.go). */
const headlessLabel = 'service.kubernetes.io/headless';

type Owners = ReadonlyMap<string, { readonly namespace: string; readonly name: string }>;

/** Who has an address: pods with a network of their own, running ones first. */
function ownersOf(pods: readonly NetworkPod[]): Owners {
  const owners = new Map<string, { namespace: string; name: string }>();
  for (const pod of pods) for (const ip of pod.running && !pod.hostNetwork ? pod.addresses : []) if (!owners.has(ip)) owners.set(ip, { namespace: pod.namespace, name: pod.name });
  return owners;
}

/** Endpoints by Service port NAME and protocol (pkg/proxy joins them so); one address over several slices counts once. */
function endpointsOf(port: ServicePort, slices: readonly EndpointSlice[], owners: Owners, zones: ReadonlyMap<string, string | null>): NetworkEndpoint[] {
  const found = new Map<string, NetworkEndpoint>();
  for (const slice of slices) {
    if (slice.addressType === 'FQDN') continue;
    const match = (slice.ports ?? []).find((candidate) => (candidate.name ?? '') === (port.name ?? '') && (candidate.protocol ?? 'TCP') === (port.protocol ?? 'TCP'));
    if (match === undefined || typeof match.port !== 'number') continue;
    for (const endpoint of slice.endpoints ?? []) {
      const written = endpoint.addresses[0];
      const ip = written === undefined ? undefined : usual(written);
      if (ip === undefined || found.has(ip + match.port)) continue;
      const conditions = endpoint.conditions;
      const named = endpoint.targetRef?.kind === 'Pod' && endpoint.targetRef.name !== undefined ? { namespace: endpoint.targetRef.namespace ?? slice.metadata.namespace ?? '', name: endpoint.targetRef.name } : null;
      const node = endpoint.nodeName ?? null;
      found.set(ip + match.port, {
        ip, port: match.port, family: slice.addressType, node, zone: endpoint.zone ?? (node === null ? null : zones.get(node) ?? null),
        ready: conditions?.ready ?? true, serving: conditions?.serving ?? conditions?.ready ?? true, terminating: conditions?.terminating ?? false,
        hostname: endpoint.hostname ?? null, pod: owners.get(ip) ?? named, slice: refOf(slice),
        hints: { zones: (endpoint.hints?.forZones ?? []).map(({ name }) => name), nodes: (endpoint.hints?.forNodes ?? []).map(({ name }) => name) },
      });
    }
  }
  // As text, port and all: so kube-proxy has them, and so they stand in its rules (pkg/proxy/endpointslicecache.go, byEndpoint).
  return [...found.values()].sort(by((endpoint) => socketText(endpoint.ip, endpoint.port)));
}

function portsOf(service: Service, slices: readonly EndpointSlice[], owners: Owners, zones: ReadonlyMap<string, string | null>): NetworkServicePort[] {
  return (service.spec.ports ?? []).map((port, index) => ({
    name: port.name ?? '', protocol: port.protocol ?? 'TCP', port: port.port, targetPort: port.targetPort ?? port.port,
    nodePort: service.spec.type !== 'ExternalName' && port.nodePort !== undefined && port.nodePort !== 0 ? port.nodePort : null, index, endpoints: service.spec.type === 'ExternalName' ? [] : endpointsOf(port, slices, owners, zones),
  }));
}

export function compileServices(store: Store, pods: readonly NetworkPod[]): NetworkService[] {
  const slices = new Map<string, EndpointSlice[]>();
  for (const { object } of list(store, 'EndpointSlice')) {
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.labels?.[serviceLabel] ?? ''}`;
    const found = slices.get(key);
    if (found === undefined) slices.set(key, [object]);
    else found.push(object);
  }
  const owners = ownersOf(pods);
  const zones = new Map(list(store, 'Node').map(({ object }) => [object.metadata.name, object.metadata.labels?.['topology.kubernetes.io/zone'] ?? null]));
  const index = podsByLabel(list(store, 'Pod').map(({ object }): Pod => object));
  return list(store, 'Service').map(({ object: service, implied, origin }): NetworkService => {
    const external = service.spec.type === 'ExternalName';
    const headless = !external && isHeadless(service);
    const own = slices.get(`${service.metadata.namespace ?? ''}/${service.metadata.name}`) ?? [];
    const clusterAddresses = external || headless ? [] : (service.spec.clusterIPs ?? (service.spec.clusterIP === undefined ? [] : [service.spec.clusterIP])).filter((ip) => ip !== '' && ip !== 'None').map(usual);
    return {
      ref: refOf(service), implied, type: service.spec.type ?? 'ClusterIP', headless, externalName: external ? service.spec.externalName ?? '' : null, clusterAddresses,
      externalAddresses: external || headless ? [] : (service.spec.externalIPs ?? []).map(usual),
      balancer: service.spec.type === 'LoadBalancer' ? (service.status?.loadBalancer?.ingress ?? []).map((ingress) => ({ ip: ingress.ip === undefined ? ingress.hostname === undefined ? null : balancerAddress(ingress.hostname) : usual(ingress.ip), hostname: ingress.hostname ?? null, mode: ingress.ipMode ?? (ingress.ip === undefined ? 'Proxy' : 'VIP') })) : [],
      sourceRanges: service.spec.type === 'LoadBalancer' ? (service.spec.loadBalancerSourceRanges ?? []).map((range) => usual(range.trim())) : [],
      internalPolicy: service.spec.internalTrafficPolicy ?? 'Cluster', externalPolicy: service.spec.externalTrafficPolicy ?? 'Cluster',
      affinitySeconds: service.spec.sessionAffinity === 'ClientIP' ? service.spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10800 : null,
      healthCheckNodePort: service.spec.type === 'LoadBalancer' && service.spec.externalTrafficPolicy === 'Local' ? service.spec.healthCheckNodePort ?? null : null,
      otherProxy: service.metadata.labels?.[otherProxyLabel] ?? null, publishNotReady: service.spec.publishNotReadyAddresses === true, selector: external ? null : service.spec.selector ?? null,
      selected: service.spec.selector === undefined || external ? [] : selectedPods(service, index).map((pod) => `${pod.metadata.namespace ?? ''}/${pod.metadata.name}`).sort(byText),
      ports: portsOf(service, headless ? own : own.filter(({ metadata }) => !Object.hasOwn(metadata.labels ?? {}, headlessLabel)), owners, zones),
      addresses: own.flatMap((slice) => (slice.endpoints ?? []).flatMap((endpoint) => endpoint.addresses.map((ip) => {
        const pod = owners.get(ip);
        return { ip, ready: endpoint.conditions?.ready ?? true, hostname: endpoint.hostname ?? null, pod: pod === undefined ? null : `${pod.namespace}/${pod.name}` };
      }))).sort(by(({ ip }) => ip)),
      slices: own.map(refOf),
      origin,
    };
  });
}

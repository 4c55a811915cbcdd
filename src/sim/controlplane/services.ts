// What the API server hands out to Services: cluster addresses and node ports, by the hash of a name, so that no order of documents shows.
import { formatAddress, nthAddress, parseRange, type AddressRange } from '../base/address.ts';
import { hash32 } from '../base/choose.ts';
import type { Family, Service, ServicePort } from '../model/object.ts';
import { listed, write, type Draft } from './draft.ts';


/** A Service with a class is for whoever has that class, and everybody else leaves it alone (KEP-1959); these are the classes of clouds and plugins themselves. */
const classTaken = (name: string | undefined): boolean => name === undefined || /(\.k8s\.aws|amazonaws\.com|gke\.io|^io\.cilium)\//.test(name);

export const nodePortRange = [30000, 32767] as const;

/** The lower ports and addresses are left to those who choose themselves (KEP-3070, KEP-3668). */
const staticPorts = 86;
const staticAddresses = (size: bigint): bigint => { const sixteenth = size / 16n; return sixteenth < 16n ? 16n : sixteenth > 256n ? 256n : sixteenth; };

function freeAddress(range: AddressRange, key: string, used: Set<string>): string {
  const size = range.last - range.first - 1n;
  const low = staticAddresses(size) < size ? staticAddresses(size) : 0n;
  const span = size - low > 0n ? size - low : 1n;
  for (let step = 0n; step < span; step++) {
    const address = nthAddress(range, 1n + low + ((BigInt(hash32(key)) + step) % span));
    const text = address === undefined ? '' : formatAddress(address);
    if (text === '' || used.has(text)) continue;
    used.add(text);
    return text;
  }
  return '';
}

function freePort(key: string, used: Set<number>): number {
  const low = nodePortRange[0] + staticPorts;
  const span = nodePortRange[1] - low + 1;
  for (let step = 0; step < span; step++) {
    const port = low + ((hash32(key) + step) % span);
    if (used.has(port)) continue;
    used.add(port);
    return port;
  }
  return 0;
}

const withoutNodePort = ({ nodePort: _, ...port }: ServicePort): ServicePort => port;

export const isHeadless = (service: Service): boolean => service.spec.clusterIP === 'None' || service.spec.clusterIPs?.[0] === 'None';

export function allocateServices(draft: Draft): void {
  const services = listed(draft, 'Service').map(({ object }) => object);
  const addresses = new Set(services.flatMap((service) => [service.spec.clusterIP ?? '', ...(service.spec.clusterIPs ?? [])]));
  const ports = new Set(services.flatMap((service) => [...(service.spec.ports ?? []).map((port) => port.nodePort ?? 0), service.spec.healthCheckNodePort ?? 0]));
  const ranges = draft.settings.serviceRanges.flatMap((cidr) => { const range = parseRange(cidr); return range === undefined ? [] : [range]; });
  for (const service of services) {
    if (service.spec.type === 'ExternalName') continue;
    const key = `${draft.settings.seed}\u0000${service.metadata.namespace ?? ''}/${service.metadata.name}`;
    const given = service.spec.clusterIPs ?? (service.spec.clusterIP === undefined || service.spec.clusterIP === '' ? undefined : [service.spec.clusterIP]);
    const single = ranges.length < 2 || service.spec.ipFamilyPolicy === undefined || service.spec.ipFamilyPolicy === 'SingleStack';
    const wanted: readonly Family[] = given !== undefined && given[0] !== 'None' ? given.map((ip) => (ip.includes(':') ? 'IPv6' : 'IPv4'))
      : service.spec.ipFamilies ?? (single ? ranges.slice(0, 1) : ranges).map((range) => range.family);
    const clusterIPs = given ?? wanted.flatMap((family) => { const range = ranges.find((candidate) => candidate.family === family); return range === undefined ? [] : [freeAddress(range, `${key}/${family}`, addresses)]; });
    const exposed = service.spec.type === 'NodePort' || (service.spec.type === 'LoadBalancer' && service.spec.allocateLoadBalancerNodePorts !== false);
    // A Service that is turned back to ClusterIP loses its node ports (the API server, dropTypeDependentFields).
    const inner = !draft.first && (service.spec.type ?? 'ClusterIP') === 'ClusterIP';
    // One number for one port in all its protocols (pkg/registry/core/service/storage/alloc.go, initNodePorts).
    const byPort = new Map((service.spec.ports ?? []).flatMap((port): [number, number][] => (port.nodePort === undefined || port.nodePort === 0 ? [] : [[port.port, port.nodePort]])).reverse());
    const numbered = (service.spec.ports ?? []).map((port): ServicePort => {
      if (!exposed || (port.nodePort !== undefined && port.nodePort !== 0)) return inner ? withoutNodePort(port) : port;
      const nodePort = byPort.get(port.port) ?? freePort(`${key}/${port.name ?? ''}/${port.protocol ?? 'TCP'}/${port.port}`, ports);
      byPort.set(port.port, nodePort);
      return { ...port, nodePort };
    });
    const health = service.spec.type === 'LoadBalancer' && service.spec.externalTrafficPolicy === 'Local' && (service.spec.healthCheckNodePort ?? 0) === 0 ? { healthCheckNodePort: freePort(`${key}/health`, ports) } : {};
    const balancer = service.spec.type === 'LoadBalancer' && draft.settings.loadBalancers && classTaken(service.spec.loadBalancerClass) && (service.status?.loadBalancer?.ingress ?? []).length === 0
      ? { status: { ...service.status, loadBalancer: { ingress: [{ ip: `198.51.100.${1 + (hash32(key) % 250)}`, ipMode: 'VIP' as const }] } } } : {};
    write(draft, {
      ...service,
      spec: { ...service.spec, ...(clusterIPs[0] === undefined ? {} : { clusterIP: clusterIPs[0], clusterIPs }), ipFamilies: wanted, ipFamilyPolicy: service.spec.ipFamilyPolicy ?? 'SingleStack', ...(service.spec.ports === undefined ? {} : { ports: numbered }), ...health },
      ...balancer,
    } as Service);
  }
}

// The health check node port: kube-proxy's own HTTP server tells load balancers whether the node has ready pods of the Service (pkg/proxy/healthcheck/service_health.go).
import { isLoopback } from '../controlplane/run-pod.ts';
import type { NetworkNode } from '../model/network.ts';
import { slicesOf } from './evidence.ts';
import { end, type HopFacts } from './journey.ts';
import type { Plane } from './plane.ts';
import { ownAddresses } from './proxy-manners.ts';
import type { Journey, Step } from './station.ts';

/** 200 with at least one ready endpoint on the node, else 503, whatever the path; terminating endpoints do not count. `undefined`: no Service has this health check port here. */
export function answerHealthCheck(journey: Journey, plane: Plane, node: NetworkNode): Step | undefined {
  const { destination, protocol } = journey.packet;
  if (protocol !== 'TCP' || destination.port === null || !plane.manners.translates || !node.state.kubeProxyRuns) return undefined;
  const family = destination.ip.includes(':') ? 'IPv6' : 'IPv4';
  // Simplified: health check node ports answer on all addresses of the node; kube-proxy listens only on those that nodePortAddresses chooses.
  if (!isLoopback(destination.ip) && !ownAddresses(node, family).includes(destination.ip)) return undefined;
  const service = plane.network.services.find(({ healthCheckNodePort }) => healthCheckNodePort === destination.port);
  if (service === undefined) return undefined;
  const local = new Set(service.ports.flatMap((port) => port.endpoints.filter((endpoint) => endpoint.family === family && endpoint.ready && endpoint.node === node.name).map(({ ip }) => ip))).size;
  const { namespace, name } = service.ref;
  const body = `{\n\t"service": {\n\t\t"namespace": ${JSON.stringify(namespace)},\n\t\t"name": ${JSON.stringify(name)}\n\t},\n\t"localEndpoints": ${local},\n\t"serviceProxyHealthy": true\n}`;
  const ready = local === 1 ? '1 ready pod' : `${local === 0 ? 'no' : local} ready pods`;
  const web = journey.asked.scheme === 'http';
  const says = `kube-proxy on node ${node.name} answers health checks of Service ${namespace}/${name} on port ${destination.port}: ${ready} of it here${web ? `, so HTTP status ${local > 0 ? 200 : 503}` : ''}.`;
  const hop: HopFacts = { layer: 'service', stage: 'kube-proxy', action: 'answer', object: service.ref, field: 'spec.healthCheckNodePort', evidence: slicesOf(service), says };
  const backend = { pod: null, ip: destination.ip, port: destination.port };
  if (journey.asked.scheme === 'https') return { kind: 'end', walk: end({ ...journey, backend }, { verdict: 'tls-error', reason: 'tls-not-spoken', why: `${says.replace(/\.$/, '')}; it speaks no TLS.`, elapsed: 0.001, layer: 'external', hop }) };
  if (web && local === 0) return { kind: 'end', walk: end({ ...journey, backend }, { verdict: 'http-error', reason: 'answered', why: says, status: 503, body, elapsed: 0.001, hop }) };
  return { kind: 'end', walk: end({ ...journey, backend }, { verdict: 'delivered', reason: 'answered', why: says, ...(web ? { status: 200, body } : {}), elapsed: 0.001, hop: { ...hop, action: 'deliver' } }) };
}

// A host outside with an address of the cluster's own ranges: whoever in the cluster asks for it never gets out.
import type { NetworkNode } from '../model/network.ts';
import { end, type HopFacts } from './journey.ts';
import type { Plane } from './plane.ts';
import type { Journey, Step } from './station.ts';

/** Nothing ever leaves for the host; `undefined` where nobody outside has the address. By the routes it is lost; some proxies drop what is for their range before (`where`). */
export function shadowed(journey: Journey, plane: Plane, here: NetworkNode | null, range: 'pods' | 'services', where: Pick<HopFacts, 'layer' | 'stage' | 'action'> = { layer: 'network', stage: 'route', action: 'lose' }): Step | undefined {
  const { ip } = journey.packet.destination;
  const host = plane.outsideAt.get(ip);
  if (host === undefined) return undefined;
  const field = `spec.network.${range}`;
  const why = `${host.name} outside has the address ${ip}, which is in the cluster's range of ${range === 'pods' ? 'pods' : 'Services'} too: ${range === 'pods' ? 'nodes look for it among their pods' : 'nodes take it for a Service\'s'}, and nothing ever leaves for the host.`;
  return { kind: 'end', walk: end(journey, {
    verdict: 'timeout', reason: 'overlapping-range', why, elapsed: null,
    hop: { ...where, object: plane.network.cluster.ref, field, evidence: here === null ? 'kubectl get nodes -o wide' : `ssh ${here.name} ip route`, says: why },
  }) };
}

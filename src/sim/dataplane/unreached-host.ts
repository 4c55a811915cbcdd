// The host of an Ingress or a Gateway that has no address: nobody serves it, or nothing leads to who does.
import { hostFits } from '../edge/host-names.ts';
import type { Reason } from '../model/reason.ts';
import { refText, type ObjectRef } from '../model/object.ts';
import { describing, getting } from './evidence.ts';
import type { Plane } from './plane.ts';

export interface UnreachedHost {
  readonly reason: Reason;
  readonly object: ObjectRef;
  readonly field: string | null;
  readonly why: string;
  readonly evidence: string;
}

/** `undefined` for a host that no Ingress, Gateway or route names. */
export function unreachedHost(plane: Plane, host: string): UnreachedHost | undefined {
  const { proxies, unserved } = plane.network.edge;
  const proxy = proxies.find((one) => one.hosts.some((pattern) => hostFits(pattern, host, false)));
  if (proxy !== undefined) {
    const services = proxy.services.flatMap((ref) => plane.services.get(`${ref.namespace}/${ref.name}`) ?? []);
    const pending = services.find(({ type }) => type === 'LoadBalancer');
    if (pending !== undefined) {
      const port = pending.ports.find(({ nodePort }) => nodePort !== null);
      const why = `${host} leads to ${proxy.rules.name}, whose ${refText(pending.ref)} has no load balancer yet: nobody could enter an address into the public DNS${port === undefined ? '' : ` but a node's, with port ${port.nodePort ?? ''}`}.`;
      return { reason: 'load-balancer-pending', object: pending.ref, field: 'status.loadBalancer', why, evidence: getting(pending.ref) };
    }
    const inner = services[0];
    return inner === undefined
      ? { reason: 'not-reachable-from-outside', object: proxy.workload, field: null, why: `${host} leads to ${proxy.rules.name}, and no Service leads to its pods.`, evidence: describing(proxy.workload) }
      : { reason: 'not-reachable-from-outside', object: inner.ref, field: 'spec.type', why: `${host} leads to ${proxy.rules.name}, whose ${refText(inner.ref)} is of type ${inner.type}: nothing outside leads to it.`, evidence: getting(inner.ref) };
  }
  const found = unserved.find((one) => hostFits(one.host, host, false));
  return found === undefined ? undefined : { reason: 'edge-unserved', object: found.object, field: found.field, why: `${host} has no address. ${found.why}`, evidence: describing(found.object) };
}

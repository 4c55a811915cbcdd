// A node whose kube-proxy runs no more: what it sends wrong because its rules are old, and who is to blame (failures.md 0.2 and B).
import type { NetworkNode } from '../model/network.ts';
import { refText, type ObjectRef } from '../model/object.ts';
import type { Walk } from '../model/trace.ts';
import type { HopFacts } from './journey.ts';
import type { Plane, ServiceRule } from './plane.ts';

export interface Blame {
  readonly object: ObjectRef;
  readonly field: string;
  readonly evidence: string;
}

/** The node in the Cluster document: who starts its kube-proxy again has repaired it. */
export const blameProxy = (plane: Plane, node: NetworkNode): Blame => ({
  object: plane.network.cluster.ref, field: `${node.state.field ?? 'spec'}.kubeProxy.running`,
  evidence: plane.network.proxy.replacement === null ? 'kubectl -n kube-system get pods -o wide -l k8s-app=kube-proxy' : 'kubectl get pods -A -o wide',
});

export const proxyStopped = (plane: Plane, node: NetworkNode): string =>
  `${plane.network.proxy.replacement?.by ?? 'kube-proxy'} does not run on node ${node.name}, whose old rules stay in the kernel`;

/** What became of a packet that an old rule sent to an endpoint that the Service no longer has: where it failed, the old rule is why. */
export function blamedOnStale(walks: readonly Walk[], plane: Plane, node: NetworkNode, declared: ServiceRule): Walk[] {
  const { object, field, evidence } = blameProxy(plane, node);
  return walks.map((walk): Walk => {
    const now = declared.port.endpoints.some(({ ip, port }) => ip === walk.backend?.ip && port === walk.backend.port);
    if (now || walk.backend === null) return walk;
    const who = walk.backend.pod === null ? 'which nobody has any more' : `which is pod ${walk.backend.pod} now`;
    const why = `${proxyStopped(plane, node)}: they send ${refText(declared.service.ref)} to ${walk.backend.ip}:${String(walk.backend.port)}, ${who}.`;
    if (walk.verdict === 'delivered') return { ...walk, why };
    const last = walk.hops.at(-1);
    return {
      ...walk, reason: 'stale-proxy-rules', layer: 'service', object, field, why,
      hops: last === undefined ? walk.hops : [...walk.hops.slice(0, -1), { ...last, layer: 'service', object, field, evidence, says: `${last.says.replace(/\.$/, '')}: ${proxyStopped(plane, node)}.` }],
    };
  });
}

/** Something that the node's rules lack or say wrongly. */
export const staleHop = (plane: Plane, node: NetworkNode, action: HopFacts['action'], says: string): HopFacts => ({ layer: 'service', stage: 'kube-proxy', action, says, ...blameProxy(plane, node) });

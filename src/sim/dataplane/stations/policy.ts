// Network policies at both ends, after the Service's translation, as they stand on Linux: egress where the packet starts, ingress where it ends.
import type { PolicyPeer, PolicyVerdict } from '../../model/policy.ts';
import { judge } from '../../policy/judge.ts';
import { describing, getting, podsWithLabels } from '../evidence.ts';
import { end, withHop } from '../journey.ts';
import type { Plane } from '../plane.ts';
import type { Journey, Station, Step } from '../station.ts';

/** The other end as policies see it: a pod with a network of its own, or an address. */
function peerAt(plane: Plane, ip: string): PolicyPeer {
  const pod = plane.podAt.get(ip);
  return pod === undefined ? { pod: null, ip, node: plane.nodeAt.get(ip)?.name ?? null } : { pod, ip };
}

const written = (verdict: PolicyVerdict): string => {
  const rule = verdict.nearest;
  return rule?.file == null || verdict.says.includes(rule.file) ? '' : ` (${rule.file}${rule.line === null ? '' : `:${rule.line}`})`;
};

function step(journey: Journey, plane: Plane, verdict: PolicyVerdict, direction: 'egress' | 'ingress', subject: { readonly namespace: string; readonly name: string }): Step {
  const judged = direction === 'egress' ? { egressJudged: true } : { ingressJudged: true };
  const stage = direction === 'egress' ? 'egress-policy' : 'ingress-policy';
  if (verdict.allowed && verdict.unenforced !== null && verdict.isolatedBy.length === 0 && verdict.decidedBy.length === 0 && verdict.unenforced.by[0] !== undefined) {
    // The policy is as it should be: that nobody enforces it is the plugin's doing.
    const { ref, declared } = plane.network.cluster;
    return { kind: 'on', journey: withHop(journey, {
      layer: 'policy', stage, action: 'allow', object: ref, field: 'spec.cni.plugin', evidence: declared ? getting(ref, ' -o yaml') : describing(verdict.unenforced.by[0].policy), says: verdict.says,
    }, { ...judged, note: verdict.unenforced.wouldAllow ? journey.note : verdict.says }) };
  }
  if (verdict.allowed) {
    const rule = verdict.decidedBy[0] ?? verdict.unenforced?.by[0] ?? verdict.isolatedBy[0] ?? verdict.passedBy?.[0];
    // Nothing selects the pod: there is nothing to see.
    if (rule === undefined) return { kind: 'on', journey: { ...journey, ...judged } };
    return { kind: 'on', journey: withHop(journey, { layer: 'policy', stage, action: 'allow', object: rule.policy, field: rule.field, evidence: describing(rule.policy), says: verdict.says }, { ...judged, note: verdict.unenforced?.wouldAllow === false ? verdict.says : journey.note }) };
  }
  const rejects = plane.network.cni.denied === 'reject';
  const rule = verdict.nearest ?? verdict.decidedBy[0] ?? verdict.isolatedBy[0];
  const object = rule?.policy ?? { kind: 'Pod', namespace: subject.namespace, name: subject.name };
  const why = `${verdict.says.replace(/\.$/, '')}${written(verdict)}.`;
  return { kind: 'end', walk: end(journey, {
    verdict: rejects ? 'refused' : 'timeout', reason: direction === 'egress' ? 'denied-by-egress-policy' : 'denied-by-ingress-policy', why, elapsed: rejects ? 0 : null,
    hop: { layer: 'policy', stage, action: rejects ? 'reject' : 'drop', object, field: rule?.field ?? `spec.${direction}`, evidence: rule === undefined ? podsWithLabels(subject.namespace) : describing(rule.policy), says: verdict.says },
  }) };
}

/** A pod that comes back to itself by way of a Service is judged by some policies, and spared by others. */
const throughService = (journey: Journey, own: boolean): { readonly throughService?: true } => (own && journey.rule !== null ? { throughService: true } : {});

export const egressPolicy: Station = {
  name: 'egress-policy',
  meet: (journey, plane) => {
    const { sender, packet } = journey;
    if (journey.egressJudged || sender.kind !== 'pod' || sender.pod.hostNetwork) return undefined;
    const peer = peerAt(plane, packet.destination.ip);
    return step(journey, plane, judge(plane.policies, { direction: 'egress', subject: sender.pod, peer, protocol: packet.protocol, port: packet.destination.port, ...throughService(journey, peer.pod === sender.pod) }), 'egress', sender.pod);
  },
};

export const ingressPolicy: Station = {
  name: 'ingress-policy',
  meet: (journey, plane) => {
    if (journey.ingressJudged || journey.place.kind !== 'pod') return undefined;
    const pod = plane.podAt.get(journey.packet.destination.ip);
    if (pod === undefined || pod.namespace !== journey.place.namespace || pod.name !== journey.place.name) return undefined;
    const own = journey.sender.kind === 'pod' && journey.sender.pod === pod;
    // A pod that comes back to itself through a Service has its node's source by now; it still cannot be kept from itself.
    const peer: PolicyPeer = own ? { pod, ip: journey.dialled.source.ip } : peerAt(plane, journey.packet.source.ip);
    return step(journey, plane, judge(plane.policies, { direction: 'ingress', subject: pod, peer, protocol: journey.packet.protocol, port: journey.packet.destination.port, ...throughService(journey, own) }), 'ingress', pod);
  },
};

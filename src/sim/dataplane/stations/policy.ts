// Network policies at both ends, after the Service's translation, as they stand on Linux: egress where the packet starts, ingress where it ends.
import { keptWith } from '../../base/kept.ts';
import { refText } from '../../model/object.ts';
import type { HttpRule, PolicyPeer, PolicyQuestion, PolicyVerdict } from '../../model/policy.ts';
import type { PolicyIndex } from '../../policy/compile-policies.ts';
import { judge } from '../../policy/judge.ts';
import { describing, getting, podsWithLabels } from '../evidence.ts';
import { askingOf, judgeHttp } from '../http-policy.ts';
import { end, withHop, type HopFacts } from '../journey.ts';
import type { Plane } from '../plane.ts';
import type { Journey, Station, Step } from '../station.ts';

const keptVerdicts = keptWith<PolicyIndex, PolicyVerdict>(5000);

/** What policies say of one end: it follows from them and the question alone, and is worked out once. */
const judged = (plane: Plane, question: PolicyQuestion): PolicyVerdict => {
  const { direction, subject, peer, protocol, port, throughService } = question;
  const other = peer.pod === null ? peer.ip : `${peer.pod.namespace}/${peer.pod.name} ${peer.ip}`;
  return keptVerdicts(plane.policies, `${direction} ${subject.namespace}/${subject.name} ${other} ${port ?? ''}/${protocol}${throughService === true ? ' again' : ''}`, () => judge(plane.policies, question));
};

/** The other end as policies see it: a pod with a network of its own, or an address. */
function peerAt(plane: Plane, ip: string): PolicyPeer {
  const pod = plane.podAt.get(ip);
  return pod === undefined ? { pod: null, ip, node: plane.nodeAt.get(ip)?.name ?? null } : { pod, ip };
}

const written = (verdict: PolicyVerdict): string => {
  const rule = verdict.nearest;
  return rule?.file == null || verdict.says.includes(rule.file) ? '' : ` (${rule.file}${rule.line === null ? '' : `:${rule.line}`})`;
};

/** What the plugin's proxy says of an HTTP request; `undefined`: it is none, and the proxy has nothing to read. */
function throughProxy(journey: Journey, plane: Plane, rules: readonly HttpRule[], stage: 'egress-policy' | 'ingress-policy', judged: Partial<Journey>): Step | undefined {
  const { scheme } = journey.asked;
  if (scheme !== 'http' && scheme !== 'https') return undefined;
  const asking = askingOf(journey);
  const found = judgeHttp(rules, asking);
  if (found === null) return undefined;
  const { policy, file, line } = found.rule.ref;
  const field = found.rule.ref.field;
  const hop: HopFacts = { layer: 'policy', stage, action: 'answer', object: policy, field, evidence: describing(policy), says: '' };
  const by = plane.network.cni.plugin;
  if (scheme === 'https') {
    const why = `${refText(policy)} has rules on HTTP for this port: ${by}'s proxy reads what the client sends as HTTP, and TLS is none.`;
    return { kind: 'end', walk: end(journey, { verdict: 'tls-error', reason: 'tls-not-spoken', why, elapsed: 0.002, hop: { ...hop, says: why } }) };
  }
  const request = `${asking.method} ${asking.path}`;
  if (found.allowed) {
    return { kind: 'on', journey: withHop(journey, { ...hop, action: 'allow', says: `${refText(policy)} lets ${request} through${field === null ? '' : `, by ${field}`}.` }, judged) };
  }
  const denied = plane.network.cni.deniedHttp ?? { status: 403, body: 'Access denied' };
  const part = found.field === null ? '' : `.${found.field}`;
  const place = file === null ? '' : ` (${file}${line === null ? '' : `:${line}`})`;
  const why = `${refText(policy)} lets the connection through, but no rule on HTTP lets through ${request} for ${asking.host}${place}: ${by}'s proxy answers ${denied.status} ${denied.body} itself.`;
  return { kind: 'end', walk: end(journey, { verdict: 'http-error', reason: 'denied-by-http-policy', why, status: denied.status, body: `${denied.body}\r\n`, elapsed: 0.002, hop: { ...hop, field: field === null ? null : `${field}${part}`, says: why } }) };
}

function step(journey: Journey, plane: Plane, verdict: PolicyVerdict, direction: 'egress' | 'ingress', subject: { readonly namespace: string; readonly name: string }): Step {
  const done = direction === 'egress' ? { egressJudged: true } : { ingressJudged: true };
  const stage = direction === 'egress' ? 'egress-policy' : 'ingress-policy';
  if (verdict.allowed && verdict.unenforced !== null && verdict.isolatedBy.length === 0 && verdict.decidedBy.length === 0 && verdict.unenforced.by[0] !== undefined) {
    // The policy is as it should be: that nobody enforces it is the plugin's doing.
    const { ref, declared } = plane.network.cluster;
    return { kind: 'on', journey: withHop(journey, {
      layer: 'policy', stage, action: 'allow', object: ref, field: 'spec.cni.plugin', evidence: declared ? getting(ref, ' -o yaml') : describing(verdict.unenforced.by[0].policy), says: verdict.says,
    }, { ...done, note: verdict.unenforced.wouldAllow ? journey.note : verdict.says }) };
  }
  if (verdict.allowed && verdict.http !== undefined) {
    const proxied = throughProxy(journey, plane, verdict.http, stage, done);
    if (proxied !== undefined) return proxied;
  }
  if (verdict.allowed) {
    const named = verdict.dns === undefined ? done : { ...done, names: [...(journey.names ?? []), verdict.dns] };
    const rule = verdict.decidedBy[0] ?? verdict.unenforced?.by[0] ?? verdict.isolatedBy[0] ?? verdict.passedBy?.[0];
    // Nothing selects the pod: there is nothing to see.
    if (rule === undefined) return { kind: 'on', journey: { ...journey, ...named } };
    return { kind: 'on', journey: withHop(journey, { layer: 'policy', stage, action: 'allow', object: rule.policy, field: rule.field, evidence: describing(rule.policy), says: verdict.says }, { ...named, note: verdict.unenforced?.wouldAllow === false ? verdict.says : journey.note }) };
  }
  const rejects = plane.network.cni.denied === 'reject';
  const rule = verdict.nearest ?? verdict.decidedBy[0] ?? verdict.isolatedBy[0];
  const object = rule?.policy ?? { kind: 'Pod', namespace: subject.namespace, name: subject.name };
  const why = `${verdict.says.replace(/\.$/, '')}${written(verdict)}.`;
  return { kind: 'end', walk: end(journey, {
    verdict: rejects ? 'refused' : 'timeout', reason: direction === 'egress' ? 'denied-by-egress-policy' : 'denied-by-ingress-policy', why, repair: verdict.repair?.says, elapsed: rejects ? 0 : null,
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
    return step(journey, plane, judged(plane, { direction: 'egress', subject: sender.pod, peer, protocol: packet.protocol, port: packet.destination.port, ...throughService(journey, peer.pod === sender.pod) }), 'egress', sender.pod);
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
    return step(journey, plane, judged(plane, { direction: 'ingress', subject: pod, peer, protocol: journey.packet.protocol, port: journey.packet.destination.port, ...throughService(journey, own) }), 'ingress', pod);
  },
};

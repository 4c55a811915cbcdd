// Why a Service has nobody to send to, and where an address or a name is written down: what a repair would change.
import type { NetworkPod, NetworkService, NetworkServicePort } from '../model/network.ts';
import { refText, type ObjectRef } from '../model/object.ts';
import { serviceLabel } from '../controlplane/endpoint-slices.ts';
import { describing, getting, listening, podsWithLabels, slicesOf } from './evidence.ts';
import type { Plane } from './plane.ts';
import type { Sender } from './station.ts';

export interface Cause {
  readonly object: ObjectRef;
  readonly field: string | null;
  readonly why: string;
  readonly evidence: string;
  /** A cause inside one pod rather than at the Service. */
  readonly inPod: 'port-clash' | 'bound-to-loopback' | null;
}

const selectorText = (service: NetworkService): string => Object.entries(service.selector ?? {}).map(([key, value]) => `${key}=${value}`).join(',');

/** The beginning of a sentence about the pods that a selector matches, none of which is something. */
const noneOf = (number: number): string => (number === 1 ? 'the only pod that its selector matches is not' : `none of the ${number} pods that its selector matches is`);

/** Where the pod listens on a loopback address only, the variable that says so, or its container. */
export function bindField(pod: NetworkPod, port: number): { readonly object: ObjectRef; readonly field: string } | null {
  const socket = pod.sockets.find((candidate) => candidate.port === port && (candidate.ip.startsWith('127.') || candidate.ip === '::1'));
  if (socket === undefined || pod.sockets.some((other) => other.port === port && other.protocol === socket.protocol && !other.ip.startsWith('127.') && other.ip !== '::1')) return null;
  const container = pod.containers.find(({ name }) => name === socket.container);
  const variable = Object.entries(container?.env ?? {}).find(([, value]) => value === socket.ip || value === 'localhost' || value.startsWith(`${socket.ip}:`));
  const written = variable === undefined ? undefined : container?.envWritten[variable[0]];
  const position = pod.containers.filter(({ kind }) => kind === container?.kind).findIndex(({ name }) => name === socket.container);
  return written ?? { object: pod.owner, field: `${pod.template}.${container?.kind === 'sidecar' ? 'initContainers' : 'containers'}[${Math.max(position, 0)}]` };
}

function withoutPods(plane: Plane, service: NetworkService): Cause {
  const selector = selectorText(service);
  const name = refText(service.ref);
  const idle = plane.network.workloads.find((workload) => workload.ref.namespace === service.ref.namespace && workload.replicas === 0 && Object.entries(service.selector ?? {}).every(([key, value]) => workload.podLabels[key] === value));
  if (idle !== undefined) {
    return { object: idle.ref, field: 'spec.replicas', why: `${name} has no ready endpoints: ${refText(idle.ref)}, whose pods its selector matches, has 0 replicas.`, evidence: describing(idle.ref), inPod: null };
  }
  return { object: service.ref, field: 'spec.selector', why: `${name} has no ready endpoints: its selector ${selector === '' ? '{}' : selector} matches no pod.`, evidence: slicesOf(service), inPod: null };
}

/** What keeps the pods of a Service out of it. */
function notReady(service: NetworkService, port: NetworkServicePort, pods: readonly NetworkPod[]): Cause {
  const name = refText(service.ref);
  const pod = pods.find(({ terminating }) => !terminating) ?? pods[0];
  if (pod === undefined) return { object: service.ref, field: 'spec.selector', why: `${name} has no ready endpoints.`, evidence: slicesOf(service), inPod: null };
  if (!pod.running) {
    const { unready } = pod;
    // Without an address it never got as far as a process: what keeps it from one is worth saying.
    const says = unready !== null && (pod.node === null || pod.addresses.length === 0) ? `: ${unready.says.replace(/\.$/, '')}` : '';
    const elsewhere = unready?.object ?? null;
    const field = elsewhere !== null ? unready?.field ?? null : unready?.field == null ? pod.template : `${pod.template}.${unready.field}`;
    return { object: elsewhere ?? pod.owner, field, why: `${name} has no ready endpoints: ${noneOf(pods.length)} running (pod ${pod.namespace}/${pod.name} is ${pod.status}${says}).`, evidence: describing(pod.ref), inPod: null };
  }
  if (pod.terminating) return { object: pod.owner, field: 'spec.replicas', why: `${name} has no ready endpoints: every pod that its selector matches is being deleted.`, evidence: slicesOf(service), inPod: null };
  const clashing = pod.containers.find(({ clash }) => clash !== null);
  if (clashing?.clash != null) {
    const position = pod.containers.filter(({ kind }) => kind === clashing.kind).indexOf(clashing);
    return {
      object: pod.owner, field: `${pod.template}.${clashing.kind === 'sidecar' ? 'initContainers' : 'containers'}[${position}].ports`, inPod: 'port-clash', evidence: describing(pod.ref),
      why: `${name} has no ready endpoints: in pod ${pod.namespace}/${pod.name} container ${clashing.name} cannot start, because container ${clashing.clash.container} already listens on port ${clashing.clash.port} of the pod they share.`,
    };
  }
  if (pod.unready?.object != null) {
    return { object: pod.unready.object, field: pod.unready.field, inPod: null, evidence: getting(pod.unready.object, ' -o yaml'), why: `${name} has no ready endpoints: ${noneOf(pods.length)} running, because of ${refText(pod.unready.object)} (${pod.unready.says}).` };
  }
  const bind = /connection refused/.test(pod.unready?.says ?? '') ? bindField(pod, typeof port.targetPort === 'number' ? port.targetPort : port.endpoints.find(({ pod: of }) => of?.name === pod.name)?.port ?? 0) : null;
  if (bind !== null) {
    return { ...bind, inPod: 'bound-to-loopback', evidence: listening(pod), why: `${name} has no ready endpoints: pod ${pod.namespace}/${pod.name} listens on 127.0.0.1 only, so that the kubelet's readiness probe is refused like everybody else.` };
  }
  const field = pod.unready?.field ?? null;
  return {
    object: pod.owner, field: field === null ? `${pod.template}.containers` : `${pod.template}.${field}`, inPod: null, evidence: describing(pod.ref),
    why: `${name} has no ready endpoints: ${noneOf(pods.length)} ready${pod.unready === null ? '' : ` (${pod.unready.says})`}.`,
  };
}

/** Why nobody stands behind this port of the Service. */
export function emptyCause(plane: Plane, service: NetworkService, port: NetworkServicePort | null): Cause {
  const name = refText(service.ref);
  const byHand = service.slices.find((slice) => service.selector === null && slice.kind === 'EndpointSlice');
  if (service.selector === null) {
    const unlabelled = plane.network.dns.records.slices.find(({ metadata, addressType }) => addressType !== 'FQDN' && metadata.namespace === service.ref.namespace && metadata.labels?.[serviceLabel] === undefined && (metadata.name === service.ref.name || metadata.name.startsWith(`${service.ref.name}-`)));
    if (byHand === undefined && unlabelled !== undefined) {
      const object = { kind: 'EndpointSlice', namespace: service.ref.namespace, name: unlabelled.metadata.name };
      return { object, field: 'metadata.labels', why: `${name} has no ready endpoints: ${refText(object)} lacks the label ${serviceLabel}=${service.ref.name}, so that it belongs to no Service.`, evidence: getting(object, ' -o yaml'), inPod: null };
    }
    if (byHand === undefined) return { object: service.ref, field: 'spec.selector', why: `${name} has no ready endpoints: it has no selector, and no EndpointSlice is labelled kubernetes.io/service-name=${service.ref.name}.`, evidence: slicesOf(service), inPod: null };
    const named = port !== null && port.endpoints.length === 0;
    return {
      object: byHand, field: named ? 'ports' : 'endpoints', inPod: null, evidence: slicesOf(service),
      why: named ? `${name} has no ready endpoints: its EndpointSlices have no port named "${port.name}" with protocol ${port.protocol}.` : `${name} has no ready endpoints: nobody in its EndpointSlices is ready.`,
    };
  }
  const selected = service.selected.flatMap((key) => plane.pods.get(key) ?? []).filter(({ phase }) => phase !== 'Succeeded' && phase !== 'Failed');
  if (selected.length === 0) return withoutPods(plane, service);
  const running = selected.filter((pod) => pod.running);
  if (port !== null && port.endpoints.length === 0 && running.length > 0) {
    return {
      object: service.ref, field: `spec.ports[${port.index}].targetPort`, inPod: null, evidence: podsWithLabels(service.ref.namespace),
      why: `${name} has no ready endpoints: its targetPort "${port.targetPort}" names no ${port.protocol} port of ${running.length === 1 ? 'the pod' : `the ${running.length} pods`} that its selector matches.`,
    };
  }
  return notReady(service, port ?? { name: '', protocol: 'TCP', port: 0, targetPort: 0, nodePort: null, index: 0, endpoints: [] }, running.length > 0 ? running : selected);
}

/** Where the sender's configuration says what it dials; `null` when nowhere. */
export function configured(sender: Sender, text: string): { readonly object: ObjectRef; readonly field: string } | null {
  if (sender.kind !== 'pod' || text === '') return null;
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(`(^|[^A-Za-z0-9.-])${escaped}($|[^A-Za-z0-9.-])`);
  for (const container of sender.pod.containers) {
    if (sender.container !== null && sender.container !== container.name) continue;
    for (const [name, value] of Object.entries(container.env)) if (pattern.test(value)) return container.envWritten[name] ?? null;
  }
  return null;
}

/** The object of the sender that a repair would change when nothing else is to blame. */
export const senderObject = (sender: Sender): ObjectRef =>
  sender.kind === 'pod' ? sender.pod.owner : sender.kind === 'node' ? { kind: 'Node', namespace: '', name: sender.node.name } : { kind: 'External', namespace: '', name: sender.ip };

/** Where the sender's own object says what it calls, when no variable does: a pod's containers, a node's addresses; nothing for the outside. */
export const senderField = (sender: Sender): string | null => (sender.kind === 'pod' ? `${sender.pod.template}.containers` : sender.kind === 'node' ? 'status.addresses' : null);

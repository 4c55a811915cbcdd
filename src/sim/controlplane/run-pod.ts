// What becomes of a pod's containers on its node: which start, which sockets they hold, which probes pass. The kubelet's part, as one function without memory.
import type { Processes } from '../cluster/store.ts';
import type { Container, Pod, Probe } from '../model/object.ts';
import type { NetworkContainer, Socket } from '../model/network.ts';
import type { Crash } from './dns-server.ts';
import { expand } from './environment.ts';
import { portNumber, readSocket, runningContainers } from './processes.ts';

export const tlsAnnotation = 'k8snet-lab/tls';
export const httpAnnotation = 'k8snet-lab/http';

export interface ContainerRun {
  readonly container: Container;
  readonly sidecar: boolean;
  /** Where it stands in the pod's spec: `containers[0]`. */
  readonly field: string;
  readonly ready: boolean;
  readonly state: 'Running' | 'Waiting';
  readonly reason: string | null;
  readonly message: string | null;
  readonly clash: NetworkContainer['clash'];
  /** It ends as soon as it starts, because of another object. */
  readonly crash: Crash | null;
  /** The field that keeps it from being ready, relative to the pod's spec. */
  readonly unreadyField: string | null;
}

export interface PodRun {
  readonly sockets: readonly Socket[];
  readonly containers: readonly ContainerRun[];
}

/** `8443`, `8443:NAME|NAME` or `true` for every port, comma between them: names of the certificate by port; no name: it fits any. */
function tlsOf(annotation: string | undefined, port: number): readonly string[] | null {
  for (const part of (annotation ?? '').split(',')) {
    const [socket = '', names = ''] = part.trim().split(':');
    if (socket === 'true' || Number(socket) === port) return names === '' ? ['*'] : names.split('|').map((name) => name.trim());
  }
  return null;
}

/** `503` for every path or `/healthz=404` for one, comma between them. Longest path first. */
function answersOf(annotation: string | undefined): Socket['answers'] {
  return (annotation ?? '').split(',').flatMap((part) => {
    const text = part.trim();
    const cut = text.lastIndexOf('=');
    const status = Number(text.slice(cut + 1));
    return text !== '' && Number.isInteger(status) && status >= 100 && status <= 599 ? [{ path: cut < 0 ? '/' : text.slice(0, cut), status }] : [];
  }).sort((left, right) => right.path.length - left.path.length);
}

/** The status of an answer: by the longest path prefix, by whole elements; 200 where nothing is said. */
export const statusFor = (answers: Socket['answers'], path: string): number => {
  const asked = path === '' ? '/' : path.replace(/[?#].*$/, '');
  return answers.find((answer) => answer.path === '/' || asked === answer.path || asked.startsWith(answer.path.endsWith('/') ? answer.path : `${answer.path}/`))?.status ?? 200;
};

const isAny = (ip: string): boolean => ip === '0.0.0.0' || ip === '::';
export const isLoopback = (ip: string): boolean => ip.startsWith('127.') || ip === '::1';

/** Whether a packet to `ip` of the pod (or its loopback) meets the socket. */
export const socketTakes = (socket: Pick<Socket, 'ip'>, ip: string): boolean =>
  socket.ip === ip || socket.ip === '::' || (socket.ip === '0.0.0.0' && !ip.includes(':')) || (isLoopback(ip) && socket.ip.startsWith('127.') && ip.startsWith('127.') && socket.ip === ip);

interface Probed { readonly passes: boolean; readonly says: string }

// Simplified: `exec` probes always succeed, and a process answers every HTTP path with 200 unless the annotation k8snet-lab/http says otherwise.
/** The kubelet's probe from the node to the pod's address. */
function probe(check: Probe, kind: string, containers: readonly Container[], own: Container, sockets: readonly Socket[], ip: string): Probed {
  const target = check.httpGet?.port ?? check.tcpSocket?.port ?? check.grpc?.port;
  if (target === undefined) return { passes: true, says: '' };
  const port = portNumber(target, [own]) ?? portNumber(target, containers);
  if (port === undefined) return { passes: false, says: `${kind} probe errored: couldn't find port: "${target}"` };
  const host = check.httpGet?.host ?? check.tcpSocket?.host ?? ip;
  const socket = sockets.find((candidate) => candidate.port === port && candidate.protocol === 'TCP' && socketTakes(candidate, host));
  const url = `${(check.httpGet?.scheme ?? 'HTTP').toLowerCase()}://${host}:${port}${check.httpGet?.path ?? '/'}`;
  if (socket === undefined) {
    const refused = `dial tcp ${host}:${port}: connect: connection refused`;
    return { passes: false, says: check.httpGet === undefined ? `${kind} probe failed: ${refused}` : `${kind} probe failed: Get "${url}": ${refused}` };
  }
  if (check.httpGet === undefined) return { passes: true, says: '' };
  const secure = check.httpGet.scheme === 'HTTPS';
  if (secure && socket.tls === null) return { passes: false, says: `${kind} probe failed: Get "${url}": http: server gave HTTP response to HTTPS client` };
  const status = secure || socket.tls === null ? statusFor(socket.answers, check.httpGet.path ?? '/') : 400;
  return status >= 200 && status < 400 ? { passes: true, says: '' } : { passes: false, says: `${kind} probe failed: HTTP probe failed with statuscode: ${status}` };
}

const portOf = (check: Probe): string => (check.httpGet !== undefined ? (check.httpGet.port === undefined ? '' : 'httpGet.port') : check.tcpSocket !== undefined ? 'tcpSocket.port' : 'grpc.port');

/**
 * Runs the containers of a pod that has a node. `env` by container is what they started with (`null`: not yet).
 * Containers start in their order, but for those in `crashes`; a socket that another holds already makes the later one crash (bind: address already in use).
 */
export function runPod(pod: Pod, processes: Processes | undefined, env: Readonly<Record<string, Readonly<Record<string, string>>>> | null, missing: ReadonlyMap<string, string>, crashes: ReadonlyMap<string, Crash> = new Map()): PodRun {
  const containers = runningContainers(pod.spec);
  const sidecars = containers.length - (pod.spec.containers ?? []).length;
  const ip = pod.status?.podIP ?? '';
  const any = (pod.status?.podIPs ?? []).some((address) => address.ip.includes(':')) || ip.includes(':') ? '::' : '0.0.0.0';
  const sockets: Socket[] = [];
  const clashes = new Map<string, NonNullable<NetworkContainer['clash']>>();
  for (const container of containers) {
    if (env === null || missing.has(container.name) || crashes.has(container.name)) continue;
    const wanted = (processes?.sockets[container.name] ?? []).flatMap((text) => {
      const socket = readSocket(expand(text, env[container.name] ?? {}), container.name, any);
      return socket === undefined ? [] : [{ ...socket, tls: tlsOf(pod.metadata.annotations?.[tlsAnnotation], socket.port), answers: answersOf(pod.metadata.annotations?.[httpAnnotation]) }];
    });
    const taken = wanted.map((socket) => ({ socket, by: sockets.find((held) => held.port === socket.port && held.protocol === socket.protocol && held.container !== container.name && (held.ip === socket.ip || isAny(held.ip) || isAny(socket.ip))) }))
      .find(({ by }) => by !== undefined);
    if (taken?.by === undefined) sockets.push(...wanted);
    else clashes.set(container.name, { port: taken.socket.port, protocol: taken.socket.protocol, container: taken.by.container });
  }
  const runs = containers.map((container, index): ContainerRun => {
    const sidecar = index < sidecars;
    const position = sidecar ? (pod.spec.initContainers ?? []).indexOf(container) : index - sidecars;
    const field = `${sidecar ? 'initContainers' : 'containers'}[${position}]`;
    const base = { container, sidecar, field, clash: clashes.get(container.name) ?? null, crash: crashes.get(container.name) ?? null };
    const lacking = missing.get(container.name);
    if (lacking !== undefined) return { ...base, ready: false, state: 'Waiting', reason: 'CreateContainerConfigError', message: lacking, unreadyField: `${field}.env` };
    if (env === null) return { ...base, ready: false, state: 'Waiting', reason: 'ContainerCreating', message: null, unreadyField: null };
    if (base.crash !== null) return { ...base, ready: false, state: 'Waiting', reason: 'CrashLoopBackOff', message: base.crash.message, unreadyField: null };
    if (base.clash !== null) {
      return { ...base, ready: false, state: 'Waiting', reason: 'CrashLoopBackOff', message: `listen ${base.clash.protocol.toLowerCase()} :${base.clash.port}: bind: address already in use`, unreadyField: `${field}.ports` };
    }
    for (const [name, kind] of [['livenessProbe', 'Liveness'], ['startupProbe', 'Startup'], ['readinessProbe', 'Readiness']] as const) {
      const check = container[name];
      const probed = check === undefined ? undefined : probe(check, kind, containers, container, sockets, ip);
      if (check === undefined || probed === undefined || probed.passes) continue;
      const part = /statuscode/.test(probed.says) ? 'httpGet.path' : portOf(check);
      // Simplified: a container whose liveness probe fails counts as crashing, not as ready between two restarts.
      return { ...base, ready: false, state: kind === 'Readiness' ? 'Running' : 'Waiting', reason: kind === 'Readiness' ? null : 'CrashLoopBackOff', message: probed.says, unreadyField: `${field}.${name}${part === '' ? '' : `.${part}`}` };
    }
    return { ...base, ready: true, state: 'Running', reason: null, message: null, unreadyField: null };
  });
  return { sockets, containers: runs };
}

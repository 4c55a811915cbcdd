// What becomes of a pod's containers on its node: which start and in which order, which sockets they hold, which probes pass. The kubelet's part, as one function without memory.
import type { Processes } from '../cluster/store.ts';
import { socketText } from '../base/address.ts';
import type { Container, Pod, Probe } from '../model/object.ts';
import type { NetworkContainer, Socket } from '../model/network.ts';
import type { Crash } from './dns-server.ts';
import { expand } from './environment.ts';
import type { ProbeGuard } from './guarded-probes.ts';
import { portNumber, readSocket, runningContainers } from './processes.ts';

export const tlsAnnotation = 'k8snet-lab/tls';
export const httpAnnotation = 'k8snet-lab/http';

export interface ContainerRun {
  readonly container: Container;
  /** `init` ends before the next one starts, `sidecar` is an init container that stays. */
  readonly kind: 'container' | 'sidecar' | 'init';
  /** Where it stands in the pod's spec: `containers[0]`. */
  readonly field: string;
  readonly ready: boolean;
  readonly state: 'Running' | 'Waiting' | 'Terminated';
  readonly reason: string | null;
  readonly message: string | null;
  readonly clash: NetworkContainer['clash'];
  /** It ends as soon as it starts, or its probes are lost, because of what another object or a variable says. */
  readonly crash: Crash | null;
  /** What the process wrote when it ended by itself. */
  readonly lastWords: string | null;
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

/** `503` for every path or `/healthz=404` for one, comma between them; the size of the body behind it: `/export=200 100000B`. Longest path first. */
function answersOf(annotation: string | undefined): Socket['answers'] {
  return (annotation ?? '').split(',').flatMap((part) => {
    const text = part.trim();
    const cut = text.lastIndexOf('=');
    const [said = '', size] = text.slice(cut + 1).trim().split(/ +/);
    const [status, bytes] = [Number(said), size === undefined ? undefined : /^(\d{1,9})B$/.exec(size)?.[1]];
    if (text === '' || !Number.isInteger(status) || status < 100 || status > 599 || (size !== undefined && bytes === undefined)) return [];
    return [{ path: cut < 0 ? '/' : text.slice(0, cut), status, ...(bytes === undefined ? {} : { size: Number(bytes) }) }];
  }).sort((left, right) => right.path.length - left.path.length);
}

/** What the process says to a path: by the longest prefix, by whole elements; `undefined` where nothing is said. */
export const answerFor = (answers: Socket['answers'], path: string): Socket['answers'][number] | undefined => {
  const asked = path === '' ? '/' : path.replace(/[?#].*$/, '');
  return answers.find((answer) => answer.path === '/' || asked === answer.path || asked.startsWith(answer.path.endsWith('/') ? answer.path : `${answer.path}/`));
};

/** The status of an answer; 200 where nothing is said. */
export const statusFor = (answers: Socket['answers'], path: string): number => answerFor(answers, path)?.status ?? 200;

const isAny = (ip: string): boolean => ip === '0.0.0.0' || ip === '::';
export const isLoopback = (ip: string): boolean => ip.startsWith('127.') || ip === '::1';

/** Whether a packet to `ip` of the pod (or its loopback) meets the socket. */
export const socketTakes = (socket: Pick<Socket, 'ip'>, ip: string): boolean =>
  socket.ip === ip || socket.ip === '::' || (socket.ip === '0.0.0.0' && !ip.includes(':')) || (isLoopback(ip) && socket.ip.startsWith('127.') && ip.startsWith('127.') && socket.ip === ip);

interface Probed { readonly passes: boolean; readonly says: string; readonly stopped?: Pick<Crash, 'object' | 'field'> }

// Simplified: `exec` probes always succeed, and a process answers every HTTP path with 200 unless the annotation k8snet-lab/http says otherwise.
/** The kubelet's probe from the node to the pod's address; one that a guard stops is never answered. */
function probe(check: Probe, kind: string, containers: readonly Container[], own: Container, sockets: readonly Socket[], ip: string, guard: ProbeGuard | undefined): Probed {
  const target = check.httpGet?.port ?? check.tcpSocket?.port ?? check.grpc?.port;
  if (target === undefined) return { passes: true, says: '' };
  const port = portNumber(target, [own]) ?? portNumber(target, containers);
  if (port === undefined) return { passes: false, says: `${kind} probe errored: couldn't find port: "${target}"` };
  const host = check.httpGet?.host ?? check.tcpSocket?.host ?? ip;
  const socket = sockets.find((candidate) => candidate.port === port && candidate.protocol === 'TCP' && socketTakes(candidate, host));
  const url = `${(check.httpGet?.scheme ?? 'HTTP').toLowerCase()}://${host}:${port}${check.httpGet?.path ?? '/'}`;
  const stopped = host === ip ? guard?.(port) ?? null : null;
  if (stopped !== null) {
    const lost = check.httpGet === undefined ? `dial tcp ${host}:${port}: i/o timeout` : `Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`;
    return { passes: false, says: `${kind} probe failed: ${lost}`, stopped };
  }
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

/** What the containers of a pod start with. */
export interface Surroundings {
  readonly processes: Processes | undefined;
  /** By container; `null`: they have not started. */
  readonly env: Readonly<Record<string, Readonly<Record<string, string>>>> | null;
  /** Variables for Services, which every container has. */
  readonly links?: Readonly<Record<string, string>>;
  /** What cannot be filled in, by container. */
  readonly missing?: ReadonlyMap<string, string>;
  /** Containers that end as soon as they start. */
  readonly crashes?: ReadonlyMap<string, Crash>;
  /** Stops the kubelet's own connections. */
  readonly guard?: ProbeGuard | undefined;
}

interface Placed { readonly container: Container; readonly kind: ContainerRun['kind']; readonly field: string }

/** In the order in which they start: init containers one after the other, then the others. */
const placedContainers = (spec: Pod['spec']): readonly Placed[] => [
  ...(spec.initContainers ?? []).map((container, index): Placed => ({ container, kind: container.restartPolicy === 'Always' ? 'sidecar' : 'init', field: `initContainers[${index}]` })),
  ...(spec.containers ?? []).map((container, index): Placed => ({ container, kind: 'container', field: `containers[${index}]` })),
];

/**
 * Runs the containers of a pod that has a node. A socket that another holds already makes the later container crash (bind: address already in use).
 * An init container that does not end well, or a sidecar that does not start, keeps everything behind it waiting (`PodInitializing`).
 */
export function runPod(pod: Pod, { processes, env, links = {}, missing = new Map(), crashes = new Map(), guard }: Surroundings): PodRun {
  const all = placedContainers(pod.spec);
  const ip = pod.status?.podIP ?? '';
  const any = (pod.status?.podIPs ?? []).some((address) => address.ip.includes(':')) || ip.includes(':') ? '::' : '0.0.0.0';
  const running = runningContainers(pod.spec);
  const sockets: Socket[] = [];
  const runs = new Map<string, ContainerRun>();
  const of = (name: string): Readonly<Record<string, string>> => env?.[name] ?? {};
  const read = (text: string, name: string): Omit<Socket, 'tls' | 'answers'> | undefined => readSocket(expand(text, of(name), links), name, any);

  const waiting = ({ container, kind, field }: Placed, reason: string, more: Partial<ContainerRun> = {}): ContainerRun =>
    ({ container, kind, field, ready: false, state: 'Waiting', reason, message: null, clash: null, crash: null, lastWords: null, unreadyField: null, ...more });
  const isLacking = (texts: readonly string[] | undefined, name: string): string | undefined => texts?.find((text) => {
    const wanted = read(text, name);
    // Without an address its own loopback is meant.
    const to = wanted === undefined || isAny(wanted.ip) ? '127.0.0.1' : wanted.ip;
    return wanted !== undefined && !sockets.some((socket) => socket.container !== name && socket.port === wanted.port && socket.protocol === wanted.protocol && socketTakes(socket, to));
  });
  const dialled = (text: string, name: string): string => {
    const wanted = read(text, name);
    return wanted === undefined ? text : `dial ${wanted.protocol.toLowerCase()} ${socketText(isAny(wanted.ip) ? '127.0.0.1' : wanted.ip, wanted.port)}: connect: connection refused`;
  };

  /** What keeps a container from working once its turn has come; `null`: nothing, and its sockets are open. */
  const start = (placed: Placed): ContainerRun | null => {
    const { container: { name }, field } = placed;
    const lacking = missing.get(name);
    if (lacking !== undefined) return waiting(placed, 'CreateContainerConfigError', { message: lacking, unreadyField: `${field}.env` });
    if (env === null) return waiting(placed, (pod.spec.initContainers ?? []).length > 0 ? 'PodInitializing' : 'ContainerCreating');
    const demands = processes?.demands !== undefined && Object.hasOwn(processes.demands, name) ? processes.demands[name] : undefined;
    const crash = crashes.get(name) ?? wrongNumber(demands?.numbers ?? [], of(name), links, `${field}.env`);
    if (crash !== null) return waiting(placed, 'CrashLoopBackOff', { message: crash.message, lastWords: crash.message, crash, ...(crash.object === null ? { unreadyField: crash.field } : {}) });
    const needed = isLacking(demands?.needs, name);
    if (needed !== undefined) return waiting(placed, 'CrashLoopBackOff', { message: dialled(needed, name), lastWords: dialled(needed, name), unreadyField: field });
    const awaited = isLacking(demands?.waitsFor, name);
    // It runs and tries again: not done for an init container, without a socket of its own for the others.
    if (awaited !== undefined) return { ...waiting(placed, ''), state: 'Running', reason: null, message: dialled(awaited, name), ready: placed.kind === 'container' && placed.container.readinessProbe === undefined, unreadyField: field };
    if (placed.kind === 'init') return null;
    const own = (processes?.sockets[name] ?? []).flatMap((text) => {
      const socket = read(text, name);
      return socket === undefined ? [] : [{ ...socket, tls: tlsOf(pod.metadata.annotations?.[tlsAnnotation], socket.port), answers: answersOf(pod.metadata.annotations?.[httpAnnotation]) }];
    });
    const taken = own.map((socket) => ({ socket, by: sockets.find((held) => held.port === socket.port && held.protocol === socket.protocol && held.container !== name && (held.ip === socket.ip || isAny(held.ip) || isAny(socket.ip))) }))
      .find(({ by }) => by !== undefined);
    if (taken?.by !== undefined) {
      const clash = { port: taken.socket.port, protocol: taken.socket.protocol, container: taken.by.container };
      const lastWords = `listen ${clash.protocol.toLowerCase()} :${clash.port}: bind: address already in use`;
      return waiting(placed, 'CrashLoopBackOff', { message: lastWords, lastWords, clash, unreadyField: `${field}.ports` });
    }
    sockets.push(...own);
    return null;
  };

  const finished = (placed: Placed): ContainerRun => {
    if (placed.kind === 'init') return { ...waiting(placed, ''), ready: true, state: 'Terminated', reason: 'Completed' };
    const failing = probesOf(placed.container).map(([name, kind, check]) => ({ name, kind, check, probed: probe(check, kind, running, placed.container, sockets, ip, guard) })).find(({ probed }) => !probed.passes);
    if (failing === undefined) return { ...waiting(placed, ''), ready: true, state: 'Running', reason: null };
    const part = /statuscode/.test(failing.probed.says) ? 'httpGet.path' : portOf(failing.check);
    // Simplified: a container whose liveness probe fails counts as crashing, not as ready between two restarts.
    return { ...waiting(placed, 'CrashLoopBackOff', { message: failing.probed.says, unreadyField: `${placed.field}.${failing.name}${part === '' ? '' : `.${part}`}`, ...(failing.probed.stopped === undefined ? {} : { crash: { message: failing.probed.says, ...failing.probed.stopped } }) }), ...(failing.kind === 'Readiness' ? { state: 'Running', reason: null } as const : {}) };
  };

  let behind = false;
  for (const placed of all.filter(({ kind }) => kind !== 'container')) {
    if (behind) { runs.set(placed.container.name, waiting(placed, 'PodInitializing')); continue; }
    const run = start(placed) ?? finished(placed);
    runs.set(placed.container.name, run);
    // A sidecar need not be ready, only to have started; the liveness probe comes after that.
    behind = placed.kind === 'init' ? run.state !== 'Terminated' : run.state !== 'Running' && !/livenessProbe/.test(run.unreadyField ?? '');
  }
  const others = all.filter(({ kind }) => kind === 'container');
  if (behind) for (const placed of others) runs.set(placed.container.name, waiting(placed, 'PodInitializing'));
  else {
    // Whoever needs another one's socket is started again until it is there.
    const done = new Set<string>();
    for (let before = -1; before !== done.size;) {
      before = done.size;
      for (const placed of others) {
        if (done.has(placed.container.name)) continue;
        const stopped = start(placed);
        if (stopped === null) done.add(placed.container.name);
        else runs.set(placed.container.name, stopped);
      }
    }
    for (const placed of others) if (done.has(placed.container.name)) runs.set(placed.container.name, finished(placed));
  }
  return { sockets, containers: all.flatMap(({ container: { name } }) => runs.get(name) ?? []) };
}

const probesOf = (of: Container): readonly (readonly ['livenessProbe' | 'startupProbe' | 'readinessProbe', string, Probe])[] =>
  ([['livenessProbe', 'Liveness'], ['startupProbe', 'Startup'], ['readinessProbe', 'Readiness']] as const).flatMap(([name, kind]) => { const check = of[name]; return check === undefined ? [] : [[name, kind, check] as const]; });

/** The first variable that should be a number and is none, as a program in Go says it; what sets it is what a repair would change. */
function wrongNumber(names: readonly string[], env: Readonly<Record<string, string>>, links: Readonly<Record<string, string>>, field: string): Crash | null {
  for (const name of names) {
    const own = Object.hasOwn(env, name) ? env[name] : undefined;
    const value = own ?? (Object.hasOwn(links, name) ? links[name] : undefined);
    if (value === undefined || /^\d+$/.test(value)) continue;
    return { message: `invalid ${name}: strconv.Atoi: parsing ${JSON.stringify(value)}: invalid syntax`, object: null, field: own === undefined ? 'enableServiceLinks' : field };
  }
  return null;
}

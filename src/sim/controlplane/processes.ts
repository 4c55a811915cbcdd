// What processes listen on: said by an annotation or inferred when a manifest is first read, and kept from then on whatever the manifest says later.
import type { Demands, Processes, Stored } from '../cluster/store.ts';
import { keyOf } from '../cluster/store.ts';
import type { Container, IntOrString, KubeObject, Labels, Pod, PodSpec, Protocol, Workload } from '../model/object.ts';
import { refOf, refText } from '../model/object.ts';
import type { Problem } from '../model/problem.ts';
import type { Socket } from '../model/network.ts';
import { controllerKey, listed, type Draft } from './draft.ts';

export const listenAnnotation = 'k8snet-lab/listen';
/** `IP:PORT/PROTOCOL` of the own pod, comma between them: without it the process ends at once, or waits. */
export const needsAnnotation = 'k8snet-lab/needs';
export const waitsAnnotation = 'k8snet-lab/waits-for';
/** Names of variables that the process reads as numbers, comma between them. */
export const numbersAnnotation = 'k8snet-lab/reads-number';

/** Containers that run beside each other: those of the pod, and init containers that stay (sidecars). */
export const runningContainers = (spec: PodSpec): readonly Container[] => [...(spec.initContainers ?? []).filter((container) => container.restartPolicy === 'Always'), ...(spec.containers ?? [])];

/** The number that a port of a probe or a Service means in a container. */
export const portNumber = (port: IntOrString, containers: readonly Container[], protocol: Protocol = 'TCP'): number | undefined => {
  if (typeof port === 'number') return port;
  for (const container of containers) {
    const found = (container.ports ?? []).find((candidate) => candidate.name === port && (candidate.protocol ?? 'TCP') === protocol);
    if (found !== undefined) return found.containerPort;
  }
  return /^\d+$/.test(port) ? Number(port) : undefined;
};

/** One socket of the annotation: `[IP:]PORT[/PROTOCOL]`, with variables of the container still in it. */
const socketForm = /^(?:(?<ip>\[[^\]]*\]|[^:]*):)?(?<port>[^:/]+)(?:\/(?<protocol>TCP|UDP|SCTP))?$/i;

const split = (text: string): string[] => text.split(',').map((part) => part.trim()).filter((part) => part !== '');

/** `undefined` for what is no socket: the process then listens nowhere. */
export function readSocket(text: string, container: string, any: string): Omit<Socket, 'tls' | 'answers'> | undefined {
  const groups = socketForm.exec(text)?.groups;
  const port = Number(groups?.['port']);
  if (groups === undefined || !Number.isInteger(port) || port < 1 || port > 65535) return undefined;
  const ip = (groups['ip'] ?? '').replace(/^\[|\]$/g, '');
  const protocol = (groups['protocol'] ?? 'TCP').toUpperCase();
  return { ip: ip === '' || ip === '*' ? any : ip === 'localhost' ? '127.0.0.1' : ip, port, protocol: protocol === 'UDP' || protocol === 'SCTP' ? protocol : 'TCP', container };
}

interface Template {
  readonly owner: KubeObject;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly spec: PodSpec;
}

/** What an object says of the pods that it is the first to declare; `undefined` for pods of a controller and other objects. */
function templateOf(draft: Draft, stored: Stored): Template | undefined {
  const object = stored.object;
  const owner = controllerKey(object);
  if (owner !== undefined && draft.objects.has(owner)) return undefined;
  if (object.kind === 'Pod') {
    const pod = object as Pod;
    return { owner: object, labels: pod.metadata.labels ?? {}, annotations: pod.metadata.annotations ?? {}, spec: pod.spec };
  }
  const template = object.kind === 'CronJob' ? undefined : (object as Workload).spec?.template;
  return template?.spec === undefined ? undefined : {
    owner: object, labels: template.metadata?.labels ?? {}, annotations: { ...object.metadata.annotations, ...template.metadata?.annotations }, spec: template.spec,
  };
}

/** Where Services and the container's own probes aim at a container that declares no port. */
function aimedAt(draft: Draft, template: Template, container: Container, first: boolean): string[] {
  const aimed = new Set<string>();
  const declared = new Set(runningContainers(template.spec).flatMap((other) => (other.ports ?? []).map((port) => `${port.containerPort}/${port.protocol ?? 'TCP'}`)));
  if (first) {
    for (const { object: service } of listed(draft, 'Service')) {
      const selector = service.spec?.selector;
      if (selector === undefined || service.metadata.namespace !== template.owner.metadata.namespace || Object.keys(selector).length === 0) continue;
      if (!Object.entries(selector).every(([key, value]) => template.labels[key] === value)) continue;
      for (const port of service.spec.ports ?? []) {
        const target = port.targetPort ?? port.port;
        const socket = `${target}/${port.protocol ?? 'TCP'}`;
        if (typeof target === 'number' && !declared.has(socket)) aimed.add(socket);
      }
    }
  }
  for (const probe of [container.readinessProbe, container.livenessProbe, container.startupProbe]) {
    const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port ?? probe?.grpc?.port;
    if (typeof port === 'number' && !declared.has(`${port}/TCP`)) aimed.add(`${port}/TCP`);
  }
  return [...aimed].sort();
}

function firstReading(draft: Draft, template: Template): { sockets: Record<string, readonly string[]>; assumed: boolean } {
  const containers = runningContainers(template.spec);
  const sockets: Record<string, readonly string[]> = Object.fromEntries(containers.map((container) => [container.name, [] as string[]]));
  const whole = template.annotations[listenAnnotation];
  let assumed = false;
  let portless = true;
  for (const container of containers) {
    const own = template.annotations[`${listenAnnotation}.${container.name}`];
    if (own !== undefined) sockets[container.name] = split(own);
    else if (whole !== undefined) continue;
    else if ((container.ports ?? []).length > 0) sockets[container.name] = (container.ports ?? []).map((port) => `${port.containerPort}/${port.protocol ?? 'TCP'}`);
    else {
      const aimed = aimedAt(draft, template, container, portless);
      portless = false;
      if (aimed.length > 0) assumed = true;
      sockets[container.name] = aimed;
    }
  }
  // The annotation without a container's name speaks for the whole pod: a socket goes to the container that declares its port, else to the first.
  for (const text of whole === undefined ? [] : split(whole)) {
    const port = readSocket(text, '', '0.0.0.0')?.port;
    const named = containers.filter((container) => template.annotations[`${listenAnnotation}.${container.name}`] === undefined);
    const holder = named.find((container) => (container.ports ?? []).some((declared) => declared.containerPort === port)) ?? named[0];
    if (holder !== undefined) sockets[holder.name] = [...(sockets[holder.name] ?? []), text];
  }
  return { sockets, assumed };
}

const every = (spec: PodSpec): readonly Container[] => [...(spec.initContainers ?? []), ...(spec.containers ?? [])];

/** Annotations with a container's name behind a dot; without one they speak of the first container that starts: an init container where there is one that ends. */
function readDemands(template: Template): Record<string, Demands> {
  const all = every(template.spec);
  const first = all.find((container) => !((template.spec.initContainers ?? []).includes(container) && container.restartPolicy === 'Always'));
  return Object.fromEntries(all.flatMap((container): [string, Demands][] => {
    const said = (annotation: string): readonly string[] => split(template.annotations[`${annotation}.${container.name}`] ?? (container === first ? template.annotations[annotation] ?? '' : ''));
    const demands = { needs: said(needsAnnotation), waitsFor: said(waitsAnnotation), numbers: said(numbersAnnotation) };
    return demands.needs.length + demands.waitsFor.length + demands.numbers.length === 0 ? [] : [[container.name, demands]];
  }));
}

/** Fills `processes` for what is read for the first time; a container that joins later is read then. */
export function readProcesses(draft: Draft): void {
  for (const kind of ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'ReplicationController', 'Pod'] as const) {
    for (const stored of listed(draft, kind)) {
      const template = templateOf(draft, stored);
      if (template === undefined) continue;
      const key = keyOf(refOf(stored.object));
      const known = draft.processes.get(key);
      const asked = readDemands(template);
      const missing = known === undefined || runningContainers(template.spec).some((container) => !Object.hasOwn(known.sockets, container.name)) || Object.keys(asked).some((name) => !Object.hasOwn(known.demands ?? {}, name));
      if (!missing) continue;
      const read = firstReading(draft, template);
      const demands = { ...asked, ...known?.demands };
      draft.processes.set(key, { sockets: { ...read.sockets, ...known?.sockets }, assumed: known?.assumed ?? read.assumed, ...(Object.keys(demands).length === 0 ? {} : { demands }) });
      draft.writes++;
    }
  }
}

/** The processes of a pod: those of the object that first declared its template. */
export function processesOf(objects: ReadonlyMap<string, Stored>, processes: ReadonlyMap<string, Processes>, pod: KubeObject): Processes | undefined {
  let object: KubeObject | undefined = pod;
  let found: Processes | undefined;
  for (let depth = 0; object !== undefined && depth < 4; depth++) {
    found = processes.get(keyOf(refOf(object))) ?? found;
    const owner = controllerKey(object);
    object = owner === undefined ? undefined : objects.get(owner)?.object;
  }
  return found;
}

/** A warning for each template whose listening ports nobody said. */
export function assumedWarnings(objects: ReadonlyMap<string, Stored>, processes: ReadonlyMap<string, Processes>): Problem[] {
  return [...processes].filter(([, { assumed }]) => assumed).flatMap(([key, { sockets }]) => {
    const stored = objects.get(key);
    if (stored === undefined || stored.implied) return [];
    const name = refText(refOf(stored.object));
    const [line, column] = stored.origin?.positions[''] ?? [null, null];
    return [{
      code: 'listen-assumed', severity: 'warning' as const,
      says: `${name} declares no port: taken to listen on ${Object.values(sockets).flat().join(', ')}, where Services and probes aim`,
      where: stored.origin === null ? null : { file: stored.origin.file, line, column, object: name, field: null },
      help: `The annotation ${listenAnnotation} on the pod template says what it listens on.`,
    }];
  });
}

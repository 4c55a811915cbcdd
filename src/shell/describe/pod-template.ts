// The part of descriptions that pods and templates share: containers, volumes, node selectors, tolerations.
import { byText, sortedEntries } from '../../sim/base/order.ts';
import { isRecord } from '../../sim/cluster/record.ts';
import type { Container, Pod, PodTemplate, Probe } from '../../sim/model/object.ts';
import type { Lines } from './writer.ts';
import { annotationLines, at, field, labelLines, listAt, numberAt, optional, textAt } from './writer.ts';

export function templateLines(template: PodTemplate): Lines {
  const { metadata, spec } = template;
  return [
    'Pod Template:',
    ...labelLines('  Labels', metadata?.labels),
    ...(Object.keys(metadata?.annotations ?? {}).length === 0 ? [] : annotationLines('  Annotations', metadata?.annotations)),
    ...optional('Service Account', spec.serviceAccountName, 1),
    ...((spec.initContainers ?? []).length === 0 ? [] : containerLines('Init Containers', spec.initContainers ?? [], null, '  ')),
    ...containerLines('Containers', spec.containers, null, '  '),
    ...volumeLines(listAt(spec, 'volumes'), '  '),
    ...labelLines('  Node-Selectors', spec.nodeSelector),
    ...tolerationLines('  Tolerations', listAt(spec, 'tolerations')),
  ];
}

/** `pod` is `null` for a template, whose containers have no state; `started` is when a pod's containers began. */
// Simplified: containers have no IDs and images no digests, so those fields are empty.
export function containerLines(title: string, containers: readonly Container[], pod: Pod | null, space: string, started = ''): Lines {
  const statuses = [...listAt(pod?.status, 'containerStatuses'), ...listAt(pod?.status, 'initContainerStatuses')];
  return [`${space}${title}:${containers.length === 0 ? ' <none>' : ''}`, ...containers.flatMap((container) => {
    const status = statuses.find((one) => at(one, 'name') === container.name);
    const ports = (container.ports ?? []).map((port) => `${port.containerPort}/${port.protocol ?? 'TCP'}${port.name === undefined ? '' : ` (${port.name})`}`).join(', ');
    const hostPorts = (container.ports ?? []).map((port) => `${port.hostPort ?? 0}/${port.protocol ?? 'TCP'}${port.name === undefined ? '' : ` (${port.name})`}`).join(', ');
    return [
      `  ${space === '' ? '' : ' '}${container.name}:`,
      ...(status === undefined ? [] : [field('Container ID', textAt(status, 'containerID') ?? '', 2)]),
      field('Image', container.image ?? '', 2),
      ...(status === undefined ? [] : [field('Image ID', textAt(status, 'imageID') ?? '', 2)]),
      field(ports.includes(',') ? 'Ports' : 'Port', ports || '<none>', 2),
      field(hostPorts.includes(',') ? 'Host Ports' : 'Host Port', hostPorts || '<none>', 2),
      ...wordLines('Command', container.command ?? []),
      ...wordLines('Args', container.args ?? []),
      ...(status === undefined ? [] : stateLines(status, started)),
      ...amountLines('Limits', at(container, 'resources', 'limits')),
      ...amountLines('Requests', at(container, 'resources', 'requests')),
      ...(container.livenessProbe === undefined ? [] : [field('Liveness', probeText(container.livenessProbe), 2)]),
      ...(container.readinessProbe === undefined ? [] : [field('Readiness', probeText(container.readinessProbe), 2)]),
      ...(container.startupProbe === undefined ? [] : [field('Startup', probeText(container.startupProbe), 2)]),
      ...environmentLines(container, pod),
      ...mountLines(container),
    ];
  })];
}

const wordLines = (title: string, words: readonly string[]): Lines => (words.length === 0 ? [] : [`    ${title}:`, ...words.flatMap((word) => word.split('\n').map((line) => `      ${line}`))]);

function stateLines(status: unknown, started: string): Lines {
  const state = at(status, 'state');
  const lines: string[] = [];
  if (isRecord(at(state, 'running'))) {
    lines.push(field('State', 'Running', 2), ...optional('Started', started, 3));
  } else if (isRecord(at(state, 'terminated'))) {
    lines.push(field('State', 'Terminated', 2), ...optional('Reason', textAt(state, 'terminated', 'reason'), 3), ...optional('Message', textAt(state, 'terminated', 'message'), 3), field('Exit Code', numberAt(state, 'terminated', 'exitCode'), 3));
  } else lines.push(field('State', 'Waiting', 2), ...optional('Reason', textAt(state, 'waiting', 'reason'), 3));
  const last = at(status, 'lastState', 'terminated');
  if (isRecord(last)) lines.push(field('Last State', 'Terminated', 2), ...optional('Reason', textAt(last, 'reason'), 3), ...optional('Message', textAt(last, 'message'), 3), field('Exit Code', numberAt(last, 'exitCode'), 3));
  return [...lines, field('Ready', at(status, 'ready') === true ? 'True' : 'False', 2), field('Restart Count', numberAt(status, 'restartCount'), 2)];
}

const amountLines = (title: string, amounts: unknown): Lines => (isRecord(amounts) && Object.keys(amounts).length > 0 ? [`    ${title}:`, ...sortedEntries(amounts).map(([name, amount]) => field(name, String(amount), 3))] : []);

/** `http-get http://:8080/healthz delay=0s timeout=1s period=10s #success=1 #failure=3`, in the current release's words. */
export function probeText(probe: Probe): string {
  const number = (name: string, otherwise: number): number => numberAt(probe, name) || otherwise;
  const attributes = `delay=${number('initialDelaySeconds', 0)}s timeout=${number('timeoutSeconds', 1)}s period=${number('periodSeconds', 10)}s successThreshold=${number('successThreshold', 1)} failureThreshold=${number('failureThreshold', 3)}`;
  if (probe.exec !== undefined) return `exec [${(probe.exec.command ?? []).join(' ')}] ${attributes}`;
  if (probe.httpGet !== undefined) return `http-get ${(probe.httpGet.scheme ?? 'HTTP').toLowerCase()}://${probe.httpGet.host ?? ''}:${probe.httpGet.port}${probe.httpGet.path ?? '/'} ${attributes}`;
  if (probe.tcpSocket !== undefined) return `tcp-socket ${probe.tcpSocket.host ?? ''}:${probe.tcpSocket.port} ${attributes}`;
  if (probe.grpc !== undefined) return `grpc <pod>:${probe.grpc.port} ${textAt(probe, 'grpc', 'service') ?? ''} ${attributes}`;
  return `unknown ${attributes}`;
}

function environmentLines(container: Container, pod: Pod | null): Lines {
  const from = container.envFrom ?? [];
  const env = container.env ?? [];
  return [
    ...(from.length === 0 ? [] : ['    Environment Variables from:', ...from.map((one) => {
      const [kind, ref]: readonly [string, unknown] = one.configMapRef === undefined ? ['Secret', one.secretRef] : ['ConfigMap', one.configMapRef];
      return `      ${textAt(ref, 'name') ?? ''}\t${kind}${one.prefix === undefined ? '' : ` with prefix '${one.prefix}'`}\tOptional: ${textAt(ref, 'optional') ?? 'false'}`;
    })]),
    `    Environment:${env.length === 0 ? '\t<none>' : ''}`,
    ...env.flatMap((variable) => {
      const { valueFrom } = variable;
      if (valueFrom === undefined) return (variable.value ?? '').split('\n').map((line, index) => (index === 0 ? `      ${variable.name}:\t${line}` : `      \t${line}`));
      if (valueFrom.fieldRef !== undefined) return [`      ${variable.name}:\t${pod === null ? '' : fieldOf(pod, valueFrom.fieldRef.fieldPath)} (v1:${valueFrom.fieldRef.fieldPath})`];
      const ref = valueFrom.secretKeyRef ?? valueFrom.configMapKeyRef;
      if (ref === undefined) return [];
      return [`      ${variable.name}:\t<set to the key '${ref.key}' ${valueFrom.secretKeyRef === undefined ? 'of config map' : 'in secret'} '${ref.name ?? ''}'>\tOptional: ${String(ref.optional ?? false)}`];
    }),
  ];
}

function fieldOf(pod: Pod, path: string): string {
  const key = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path);
  if (key !== null) return textAt(pod, 'metadata', key[1] ?? '', key[2] ?? '') ?? '';
  return textAt(pod, ...path.split('.')) ?? '';
}

function mountLines(container: Container): Lines {
  const mounts = [...listAt(container, 'volumeMounts')].sort((left, right) => byText(textAt(left, 'mountPath') ?? '', textAt(right, 'mountPath') ?? ''));
  return [`    Mounts:${mounts.length === 0 ? '\t<none>' : ''}`, ...mounts.map((mount) => {
    const path = textAt(mount, 'subPath');
    return `      ${textAt(mount, 'mountPath') ?? ''} from ${textAt(mount, 'name') ?? ''} (${at(mount, 'readOnly') === true ? 'ro' : 'rw'}${path === undefined || path === '' ? '' : `,path="${path}"`})`;
  })];
}

/** Volumes: the commonest sources as kubectl words them, the others by their name. */
export function volumeLines(volumes: readonly unknown[], space: string): Lines {
  if (volumes.length === 0) return [`${space}Volumes:\t<none>`];
  return [`${space}Volumes:`, ...volumes.flatMap((volume) => [`  ${space === '' ? '' : ' '}${textAt(volume, 'name') ?? ''}:`, ...sourceLines(volume)])];
}

function sourceLines(volume: unknown): Lines {
  const has = (name: string): boolean => isRecord(at(volume, name));
  if (has('emptyDir')) return ["    Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)", `    Medium:\t${textAt(volume, 'emptyDir', 'medium') ?? ''}`, `    SizeLimit:\t${textAt(volume, 'emptyDir', 'sizeLimit') ?? '<unset>'}`];
  if (has('configMap')) return ['    Type:\tConfigMap (a volume populated by a ConfigMap)', `    Name:\t${textAt(volume, 'configMap', 'name') ?? ''}`, `    Optional:\t${textAt(volume, 'configMap', 'optional') ?? 'false'}`];
  if (has('secret')) return ['    Type:\tSecret (a volume populated by a Secret)', `    SecretName:\t${textAt(volume, 'secret', 'secretName') ?? ''}`, `    Optional:\t${textAt(volume, 'secret', 'optional') ?? 'false'}`];
  if (has('hostPath')) return ['    Type:\tHostPath (bare host directory volume)', `    Path:\t${textAt(volume, 'hostPath', 'path') ?? ''}`, `    HostPathType:\t${textAt(volume, 'hostPath', 'type') ?? ''}`];
  if (has('persistentVolumeClaim')) return ['    Type:\tPersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)', `    ClaimName:\t${textAt(volume, 'persistentVolumeClaim', 'claimName') ?? ''}`, `    ReadOnly:\t${textAt(volume, 'persistentVolumeClaim', 'readOnly') ?? 'false'}`];
  if (has('projected')) return ['    Type:\tProjected (a volume that contains injected data from multiple sources)'];
  return ['  <unknown>'];
}

export function tolerationLines(title: string, tolerations: readonly unknown[]): Lines {
  if (tolerations.length === 0) return [`${title}:\t<none>`];
  const sorted = [...tolerations].sort((left, right) => byText(textAt(left, 'key') ?? '', textAt(right, 'key') ?? ''));
  return sorted.map((toleration, index) => {
    const part = (name: string, before: string): string => { const text = textAt(toleration, name) ?? ''; return text === '' ? '' : `${before}${text}`; };
    const key = textAt(toleration, 'key') ?? '';
    const exists = textAt(toleration, 'operator') === 'Exists' && part('value', '') === '' ? (key === '' && part('effect', '') === '' ? 'op=Exists' : ' op=Exists') : '';
    const seconds = textAt(toleration, 'tolerationSeconds');
    return `${index === 0 ? `${title}:` : ''}\t${key}${part('value', '=')}${part('effect', ':')}${exists}${seconds === undefined ? '' : ` for ${seconds}s`}`;
  });
}

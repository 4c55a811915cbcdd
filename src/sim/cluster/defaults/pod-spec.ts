// The defaults of a pod: the part of an admitted object that is longest, for pods and every template alike.
import type { Container, PodSpec, Probe } from '../../model/object.ts';
import { isRecord } from '../record.ts';

/** A pod's spec as `kubectl get -o yaml` shows it. A pod of its own gets more than a template does (SetDefaults_Pod, SetDefaults_PodSpec). */
export function podSpecWithDefaults(given: PodSpec | undefined, isPod: boolean): PodSpec {
  const spec: Partial<PodSpec> & Readonly<Record<string, unknown>> = { ...given };
  const hostNetwork = isPod && spec.hostNetwork === true;
  const account = spec.serviceAccountName ?? (typeof spec['serviceAccount'] === 'string' ? spec['serviceAccount'] : undefined);
  const filled = {
    ...spec,
    containers: (spec.containers ?? []).map((container) => withContainerDefaults(container, hostNetwork)),
    ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map((container) => withContainerDefaults(container, hostNetwork)) }),
    dnsPolicy: spec.dnsPolicy ?? 'ClusterFirst',
    restartPolicy: spec.restartPolicy ?? 'Always',
    ...(account === undefined ? {} : { serviceAccount: account, serviceAccountName: account }),
    schedulerName: spec['schedulerName'] ?? 'default-scheduler',
    securityContext: spec['securityContext'] ?? {},
    terminationGracePeriodSeconds: spec['terminationGracePeriodSeconds'] ?? 30,
    ...(isPod ? { enableServiceLinks: spec.enableServiceLinks ?? true } : {}),
    ...(Array.isArray(spec['volumes']) ? { volumes: spec['volumes'].map(withVolumeDefaults) } : {}),
  };
  return filled;
}

function withContainerDefaults(given: Container, hostNetwork: boolean): Container {
  const container: Container & Readonly<Record<string, unknown>> = { ...given };
  const filled = {
    ...container,
    ...(container.image === undefined ? {} : { imagePullPolicy: container['imagePullPolicy'] ?? (/(^|\/)[^/:@]+(:latest)?$/.test(container.image) ? 'Always' : 'IfNotPresent') }),
    ...(container.ports === undefined ? {} : { ports: container.ports.map((port) => ({ ...port, ...(hostNetwork && port.hostPort === undefined ? { hostPort: port.containerPort } : {}), protocol: port.protocol ?? 'TCP' as const })) }),
    resources: container['resources'] ?? {},
    terminationMessagePath: container['terminationMessagePath'] ?? '/dev/termination-log',
    terminationMessagePolicy: container['terminationMessagePolicy'] ?? 'File',
    ...probes(container),
    ...(container.env === undefined ? {} : { env: container.env.map((variable) => (isRecord(variable.valueFrom?.fieldRef) ? { ...variable, valueFrom: { ...variable.valueFrom, fieldRef: { apiVersion: 'v1', ...variable.valueFrom.fieldRef } } } : variable)) }),
  };
  return filled;
}

function probes(container: Container): Partial<Container> {
  const found: { readinessProbe?: Probe; livenessProbe?: Probe; startupProbe?: Probe } = {};
  for (const name of ['readinessProbe', 'livenessProbe', 'startupProbe'] as const) {
    const probe = container[name];
    if (probe === undefined) continue;
    const grpc: unknown = probe.grpc;
    found[name] = {
      failureThreshold: 3, periodSeconds: 10, successThreshold: 1, timeoutSeconds: 1,
      ...probe,
      ...(probe.httpGet === undefined ? {} : { httpGet: { ...probe.httpGet, path: probe.httpGet.path ?? '/', scheme: probe.httpGet.scheme ?? 'HTTP' } }),
      ...(isRecord(grpc) ? { grpc: { service: '', ...probe.grpc, port: probe.grpc?.port ?? 0 } } : {}),
    } as Probe;
  }
  return found;
}

// Files of ConfigMaps and Secrets are readable by everyone unless the volume says otherwise.
function withVolumeDefaults(volume: unknown): unknown {
  if (!isRecord(volume)) return volume;
  const out: Record<string, unknown> = { ...volume };
  for (const name of ['configMap', 'secret', 'projected', 'downwardAPI']) if (isRecord(out[name])) out[name] = { defaultMode: 420, ...out[name] };
  return out;
}

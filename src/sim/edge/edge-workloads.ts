// Which processes are an edge: workloads whose image or labels say so, the ports of their pods, and the Services that lead to them.
import { sortedBy } from '../base/order.ts';
import { isRecord } from '../cluster/record.ts';
import { matchesSet } from '../cluster/selector.ts';
import type { EdgePort } from '../model/edge.ts';
import type { Container, KubeObject, Labels, ObjectRef, PodSpec, PodTemplate, Service } from '../model/object.ts';
import { knownControllers, type KnownController } from './manners.ts';

/** Says what a workload serves where nothing else does: `ingress-class/NAME`, `gateway-class/NAME`, `gateway/NAMESPACE/NAME`; several with commas. */
export const servesAnnotation = 'k8snet-lab/serves';

/** On the pods and the Service that were made for a Gateway (GEP-1762). */
export const gatewayNameLabel = 'gateway.networking.k8s.io/gateway-name';

export interface EdgeWorkload {
  readonly ref: ObjectRef;
  readonly controller: KnownController | null;
  /** It takes requests; otherwise it only reads objects for others. */
  readonly carries: boolean;
  readonly serves: readonly string[];
  readonly labels: Labels;
  readonly containers: readonly Container[];
  readonly hostNetwork: boolean;
  readonly args: readonly string[];
}

/** Sorted, so that the order of documents does not show. */
export const workloadKinds: readonly string[] = ['Deployment', 'DaemonSet', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'Pod'];

function templateOf(object: KubeObject): { readonly labels: Labels; readonly annotations: Labels; readonly spec: PodSpec } | null {
  const owned = (object.metadata.ownerReferences ?? []).some(({ controller }) => controller === true);
  if (owned || !workloadKinds.includes(object.kind) || !('spec' in object) || !isRecord(object.spec)) return null;
  if (object.kind === 'Pod') return { labels: object.metadata.labels ?? {}, annotations: object.metadata.annotations ?? {}, spec: object.spec as unknown as PodSpec };
  if (!isRecord(object.spec['template'])) return null;
  const template = object.spec['template'] as unknown as PodTemplate;
  if (!isRecord(template.spec)) return null;
  return { labels: template.metadata?.labels ?? {}, annotations: { ...object.metadata.annotations, ...template.metadata?.annotations }, spec: template.spec };
}

/** Parts of a controller's installation that carry no requests. */
const aside = /^(default-backend|admission-webhook|webhook|cert-generator)$/;

function controllerOf(labels: Labels, images: readonly string[]): { readonly controller: KnownController; readonly carries: boolean } | null {
  const called = labels['app.kubernetes.io/name'];
  const carrying = knownControllers.filter(({ carries }) => images.some((image) => carries.test(image)));
  // Envoy is the data plane of several: the label says of which.
  const own = labels['gateway.envoyproxy.io/owning-gateway-name'] !== undefined ? 'envoy-gateway' : null;
  const found = carrying.find(({ name, labels: names }) => name === own || (called !== undefined && names.includes(called))) ?? carrying[0];
  if (found !== undefined) return { controller: found, carries: true };
  const reading = knownControllers.find(({ reads }) => reads !== null && images.some((image) => reads.test(image)));
  if (reading !== undefined) return { controller: reading, carries: false };
  const named = knownControllers.find(({ labels: names, reads }) => reads === null && called !== undefined && names.includes(called));
  return named === undefined || images.some((image) => /defaultbackend|certgen|kube-webhook/.test(image)) ? null : { controller: named, carries: true };
}

/** Every workload of the input that is an edge, or reads objects for one. */
export function edgeWorkloads(objects: readonly KubeObject[]): readonly EdgeWorkload[] {
  return sortedBy(objects, ({ kind, metadata }) => `${metadata.namespace ?? ''}/${metadata.name}/${kind}`).flatMap((object): readonly EdgeWorkload[] => {
    const template = templateOf(object);
    if (template === null) return [];
    const containers = [...(template.spec.containers ?? []), ...(template.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')];
    const serves = (template.annotations[servesAnnotation] ?? '').split(',').map((part) => part.trim()).filter((part) => part !== '');
    const component = template.labels['app.kubernetes.io/component'];
    const found = component !== undefined && aside.test(component) ? null : controllerOf(template.labels, containers.map(({ image }) => image ?? ''));
    // GEP-1762: pods that were made for a Gateway say for which.
    if (found === null && serves.length === 0 && template.labels[gatewayNameLabel] === undefined) return [];
    return [{
      ref: { kind: object.kind, namespace: object.metadata.namespace ?? 'default', name: object.metadata.name }, controller: found?.controller ?? null, carries: found?.carries ?? true,
      serves, labels: template.labels, containers, hostNetwork: template.spec.hostNetwork === true, args: containers.flatMap(({ args, command }) => [...(command ?? []), ...(args ?? [])]),
    }];
  });
}

/** The Services that lead to a workload's pods, those with an address outside first. */
export function servicesOf(workload: EdgeWorkload, services: readonly Service[]): readonly Service[] {
  const rank = (service: Service): number => ['LoadBalancer', 'NodePort', 'ClusterIP'].indexOf(service.spec.type ?? 'ClusterIP');
  return services.filter((service) => (service.metadata.namespace ?? 'default') === workload.ref.namespace && service.spec?.type !== 'ExternalName' && Object.keys(service.spec?.selector ?? {}).length > 0 && matchesSet(service.spec.selector, workload.labels))
    .sort((left, right) => rank(left) - rank(right));
}

/** Ports that are for the controller's keepers: metrics, health checks, admission webhooks. */
const kept = /metrics|webhook|admission|admin|prometheus|health|status|profil|dashboard|stats|xds|traefik$/i;
const secureName = /https|websecure|tls|ssl/i;
const plainName = /^(http|web|tohttps)$/i;

/** A container's port by number and name, as far as the manifest says. */
const declared = (workload: EdgeWorkload): readonly { readonly port: number; readonly name: string }[] =>
  workload.containers.flatMap(({ ports }) => (ports ?? []).filter(({ protocol }) => (protocol ?? 'TCP') === 'TCP').map((port) => ({ port: port.containerPort, name: port.name ?? '' })));

/**
 * The ports on which the pods take requests: `front` is the Service's port that leads there, or the pod's own.
 * Every port of every Service counts but those for the keepers; without a Service those of the containers.
 */
export function frontPorts(workload: EdgeWorkload, services: readonly Service[]): readonly { readonly pod: number; readonly front: number; readonly secure: boolean }[] {
  const own = declared(workload);
  const found: { pod: number; front: number; secure: boolean }[] = [];
  const add = (pod: number, front: number, names: readonly string[]): void => {
    if (names.some((name) => kept.test(name)) || found.some((one) => one.pod === pod && one.front === front)) return;
    found.push({ pod, front, secure: front === 443 || front === 8443 || pod === 443 || names.some((name) => secureName.test(name)) });
  };
  for (const service of services) {
    for (const port of service.spec.ports ?? []) {
      if ((port.protocol ?? 'TCP') !== 'TCP') continue;
      const target = port.targetPort ?? port.port;
      const pod = typeof target === 'number' ? target : own.find(({ name }) => name === target)?.port ?? Number(target);
      if (Number.isInteger(pod)) add(pod, port.port, [port.name ?? '', own.find((one) => one.port === pod)?.name ?? '', /admission|metrics|webhook/.test(service.metadata.name) ? 'metrics' : '']);
    }
  }
  for (const { port, name } of own) if (!found.some(({ pod }) => pod === port)) add(port, port, [name]);
  return found;
}

/** For an Ingress controller every plain port is its port 80, every other one its port 443: what the pod's port is called says more than what the Service calls it. */
export function ingressPorts(workload: EdgeWorkload, services: readonly Service[]): readonly EdgePort[] {
  const own = declared(workload);
  const found = new Map<number, EdgePort>();
  for (const { pod, secure } of frontPorts(workload, services)) {
    const name = own.find(({ port }) => port === pod)?.name ?? '';
    const known = pod === 443 || secureName.test(name) ? true : pod === 80 || plainName.test(name) ? false : secure;
    if (!found.has(pod)) found.set(pod, { pod, secure: known, listener: known ? 443 : 80 });
  }
  return [...found.values()];
}

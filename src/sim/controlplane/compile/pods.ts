// Pods as the network has them: addresses, sockets, environment, resolver, and the workload that they belong to in the end.
import { sortedBy } from '../../base/order.ts';
import { podStatus } from '../../cluster/kinds/pod.ts';
import { keyOf, list, type Processes, type Started, type Store } from '../../cluster/store.ts';
import { podResolvConf } from '../../dns/resolv-conf.ts';
import type { ResolverName } from '../../model/lookup.ts';
import type { DnsFacts, NetworkContainer, NetworkPod, OutsideFacts } from '../../model/network.ts';
import type { ContainerPort, KubeObject, ObjectRef, Pod } from '../../model/object.ts';
import { refOf, refText } from '../../model/object.ts';
import { crashesOf } from '../crashes.ts';
import { runsDnsServer } from '../dns-server.ts';
import { controller } from '../draft.ts';
import { environmentOf } from '../environment.ts';
import { probeGuards, type ProbeGuard } from '../guarded-probes.ts';
import { processesOf, runningContainers } from '../processes.ts';
import { runPod, type ContainerRun, type PodRun } from '../run-pod.ts';
import type { Settings } from '../settings.ts';
import { nodeResolvConf } from './outside.ts';

/** The root of an object's owners, as far as the input goes; an owner of kind Node (a static pod) does not count. */
export function rootOf(store: Store, object: KubeObject): ObjectRef {
  let ref = refOf(object);
  let current: KubeObject | undefined = object;
  for (let depth = 0; current !== undefined && depth < 8; depth++) {
    const owner = controller(current);
    if (owner === undefined || owner.kind === 'Node') break;
    const above: ObjectRef = { kind: owner.kind, namespace: object.metadata.namespace ?? '', name: owner.name };
    const found = store.objects.get(keyOf(above))?.object;
    // A pod is shown as what owns it, whether that is among the input or not; what owns that counts only where it is.
    if (found === undefined && current.kind !== 'Pod') break;
    ref = above;
    current = found;
  }
  return ref;
}

const portFacts = (port: ContainerPort): NetworkContainer['ports'][number] => ({ name: port.name ?? null, port: port.containerPort, protocol: port.protocol ?? 'TCP', hostPort: port.hostPort ?? null });

function containerFacts(store: Store, pod: Pod, run: ContainerRun, owner: ObjectRef, prefix: string): NetworkContainer {
  const { container } = run;
  const status = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])].find(({ name }) => name === container.name);
  const begun = store.started?.get(keyOf(refOf(pod)));
  const now = environmentOf(store.objects, pod, container, `${prefix}.${run.field}`, begun?.links);
  const started = begun?.env;
  return {
    name: container.name, image: container.image ?? '', kind: run.kind,
    ready: status?.ready ?? run.ready, restarts: status?.restartCount ?? 0, state: run.state, reason: run.reason, clash: run.clash, lastWords: run.lastWords,
    env: started?.[container.name] ?? now.env,
    envWritten: Object.fromEntries(Object.entries(now.written).map(([name, where]) => [name, { object: where.object ?? owner, field: where.field }])),
    ports: (container.ports ?? []).map(portFacts),
  };
}

function hostsOf(pod: Pod, addresses: readonly string[], hostname: string, domain: string): NetworkPod['hosts'] {
  const own = pod.spec.subdomain === undefined ? [hostname] : [`${hostname}.${pod.spec.subdomain}.${pod.metadata.namespace ?? ''}.svc.${domain}`, hostname];
  return [
    { ip: '127.0.0.1', names: ['localhost'] }, { ip: '::1', names: ['localhost', 'ip6-localhost', 'ip6-loopback'] },
    { ip: 'fe00::0', names: ['ip6-localnet'] }, { ip: 'fe00::0', names: ['ip6-mcastprefix'] }, { ip: 'fe00::1', names: ['ip6-allnodes'] }, { ip: 'fe00::2', names: ['ip6-allrouters'] },
    ...addresses.map((ip) => ({ ip, names: own })),
    ...(pod.spec.hostAliases ?? []).map((alias) => ({ ip: alias.ip, names: alias.hostnames ?? [] })),
  ];
}

/** The kubelet's file (pkg/kubelet/kubelet_pods.go, managedHostsFileContent). */
function hostsText(pod: Pod, hosts: NetworkPod['hosts']): string {
  const aliases = (pod.spec.hostAliases ?? []).length;
  const line = ({ ip, names }: NetworkPod['hosts'][number]): string => `${ip}\t${names.join(' ')}\n`;
  const own = hosts.slice(0, hosts.length - aliases).map(({ ip, names }) => `${ip}\t${names.join(ip === '127.0.0.1' || ip.includes(':') ? ' ' : '\t')}\n`).join('');
  return `# Kubernetes-managed hosts file.\n${own}${aliases === 0 ? '' : `\n# Entries added by HostAliases.\n${hosts.slice(hosts.length - aliases).map(line).join('')}`}`;
}

const resolverOf = (pod: Pod): ResolverName => {
  const said = pod.metadata.annotations?.['k8snet-lab/resolver'];
  return said === 'musl' || said === 'musl-1.2.3' ? said : 'glibc';
};

function unreadyOf(run: PodRun, pod: Pod, started: Started | undefined, settings: Settings): NetworkPod['unready'] {
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False') {
    const text = scheduled.message ?? 'no node takes it';
    const affine = (pod.spec as Pod['spec'] & { readonly affinity?: unknown }).affinity !== undefined && pod.spec.nodeSelector === undefined;
    // What a repair of the pod would change goes before what only the nodes could give.
    const own = /affinity\/selector/.test(text) ? (affine ? 'affinity' : 'nodeSelector') : /free ports/.test(text) ? 'containers' : null;
    if (own === null && text.includes('Too many pods')) return { says: text, object: settings.cluster, field: settings.traits.announcedBy === 'cloud' ? 'spec.cni' : 'spec.nodes', container: null };
    return { says: text, object: null, field: own ?? (/untolerated taint/.test(text) ? 'tolerations' : null), container: null };
  }
  if (started?.failed !== undefined) return { says: `${started.failed.reason}: ${started.failed.message}`, object: started.failed.object, field: started.failed.field, container: null };
  const found = run.containers.find(({ ready }) => !ready);
  if (found !== undefined) return { says: found.message ?? found.reason ?? `container ${found.container.name} is not ready`, object: found.crash?.object ?? null, field: found.crash?.field ?? found.unreadyField, container: found.container.name };
  const said = pod.status?.conditions?.find(({ type }) => type === 'Ready');
  return { says: said?.message ?? said?.reason ?? 'its Ready condition is False', object: null, field: null, container: null };
}

/** Everything beside the pod itself that its compiled form follows from. */
interface Around {
  readonly owner: ObjectRef;
  readonly begun: Started | undefined;
  readonly processes: Processes | undefined;
  readonly clusterDns: readonly string[];
  readonly nodeResolvConf: string;
  readonly guard: ProbeGuard | undefined;
}

/** ConfigMaps and Secrets that the pod's variables are filled in from, as they are now. */
function configurations({ objects }: Store, pod: Pod): readonly (KubeObject | undefined)[] {
  const found: (KubeObject | undefined)[] = [];
  const add = (kind: 'ConfigMap' | 'Secret', reference: { readonly name?: string } | undefined): void => {
    if (reference !== undefined) found.push(objects.get(keyOf({ kind, namespace: pod.metadata.namespace ?? '', name: reference.name ?? '' }))?.object);
  };
  for (const { env, envFrom } of [...(pod.spec.initContainers ?? []), ...(pod.spec.containers ?? [])]) {
    for (const source of envFrom ?? []) { add('ConfigMap', source.configMapRef); add('Secret', source.secretRef); }
    for (const { valueFrom } of env ?? []) { add('ConfigMap', valueFrom?.configMapKeyRef); add('Secret', valueFrom?.secretKeyRef); }
  }
  return found;
}

/** Compiled pods by their objects, with what they followed from: a pod that is as it was, in the same surroundings, is not compiled again. */
const compiled = new WeakMap<Pod, { readonly from: readonly unknown[]; readonly pod: NetworkPod }>();

export function compilePods(store: Store, settings: Settings, dns: DnsFacts, outside: OutsideFacts): NetworkPod[] {
  const pods = list(store, 'Pod');
  const guardOf = probeGuards(settings, list(store, 'Node').map(({ object }) => object), pods.map(({ object }) => object));
  return sortedBy(pods.map(({ object: pod, implied }): NetworkPod => {
    const node = pod.spec.nodeName ?? null;
    const around: Around = {
      owner: rootOf(store, pod), begun: store.started?.get(keyOf(refOf(pod))), processes: processesOf(store.objects, store.processes, pod),
      clusterDns: settings.declaredNodes.get(node ?? '')?.node.clusterDNS ?? dns.clusterDns, nodeResolvConf: nodeResolvConf(outside, settings, node), guard: guardOf(pod),
    };
    const { owner, begun, processes } = around;
    const from = [implied, refText(owner), begun, processes, around.clusterDns.join(' '), around.nodeResolvConf, settings.domain, ...configurations(store, pod)];
    const known = compiled.get(pod);
    if (known !== undefined && around.guard === undefined && known.from.length === from.length && known.from.every((one, index) => one === from[index])) return known.pod;
    const made = compilePod(store, settings, pod, implied, around);
    // What is not ready may have that from anywhere, and the cluster's own processes end because of other objects.
    if (made.ready && around.guard === undefined && made.namespace !== 'kube-system') compiled.set(pod, { from, pod: made });
    return made;
  }), ({ namespace, name }) => `${namespace}/${name}`);
}

function compilePod(store: Store, settings: Settings, pod: Pod, implied: boolean, around: Around): NetworkPod {
  const namespace = pod.metadata.namespace ?? '';
  const { owner, begun, processes } = around;
  const template = owner.kind === 'Pod' ? 'spec' : owner.kind === 'CronJob' ? 'spec.jobTemplate.spec.template.spec' : 'spec.template.spec';
  const phase = pod.status?.phase ?? 'Pending';
  const addresses = (pod.status?.podIPs ?? (pod.status?.podIP === undefined ? [] : [{ ip: pod.status.podIP }])).map(({ ip }) => ip).filter((ip) => ip !== '');
  const env = begun?.env ?? null;
  const running = phase === 'Running' && addresses.length > 0;
  const run = runPod(pod, { processes, env: running || (phase === 'Pending' && addresses.length > 0 && begun?.given.phase === undefined) ? env : null, ...(begun?.links === undefined ? {} : { links: begun.links }), crashes: crashesOf(store.objects, pod, () => around.nodeResolvConf, settings), guard: around.guard });
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const ready = phase === 'Running' && (pod.status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');
  const hostname = pod.spec.hostNetwork === true ? pod.spec.nodeName ?? pod.metadata.name : pod.spec.hostname ?? pod.metadata.name;
  const hosts = hostsOf(pod, addresses, hostname, settings.domain);
  const conf = podResolvConf({
    dnsPolicy: pod.spec.dnsPolicy, dnsConfig: pod.spec.dnsConfig, hostNetwork: pod.spec.hostNetwork === true, namespace, domain: settings.domain, clusterDns: around.clusterDns, nodeResolvConf: around.nodeResolvConf,
  });
  const containers = runningContainers(pod.spec);
  return {
    ref: { kind: 'Pod', namespace, name: pod.metadata.name }, implied, namespace, name: pod.metadata.name, labels: pod.metadata.labels ?? {}, addresses,
    node: pod.spec.nodeName ?? null, hostNetwork: pod.spec.hostNetwork === true, running,
    namedPorts: containers.flatMap((container) => (container.ports ?? []).flatMap((port) => (port.name === undefined ? [] : [{ name: port.name, port: port.containerPort, protocol: port.protocol ?? 'TCP' }]))),
    phase, status: podStatus(pod).text, ready, terminating, unready: ready ? null : unreadyOf(run, pod, begun, settings),
    hostname, subdomain: pod.spec.subdomain ?? null, serviceAccount: pod.spec.serviceAccountName ?? 'default', serviceLinks: begun?.links ?? {},
    containers: [...run.containers.filter(({ kind }) => kind === 'container'), ...run.containers.filter(({ kind }) => kind !== 'container')].map((one) => containerFacts(store, pod, one, owner, template)), sockets: running ? run.sockets : [], assumed: processes?.assumed ?? false,
    resolver: resolverOf(pod), resolvConf: conf.text, hostsFile: hostsText(pod, hosts), hosts, owner, template,
    answersDns: runsDnsServer(pod),
  };
}

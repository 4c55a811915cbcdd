// The cluster around the manifests: namespaces, nodes, the API server's Service and CoreDNS, made once and only where the manifests do not say otherwise.
import { formatAddress, nthAddress, parseRange } from '../base/address.ts';
import { byText } from '../base/order.ts';
import { withDefaults } from '../cluster/defaults.ts';
import { kubeadmCorefile } from '../dns/corefile.ts';
import type { Condition, ConfigMap, Endpoints, EndpointSlice, KubeObject, Namespace, NodeObject, Pod, Service, Taint, Workload } from '../model/object.ts';
import { controller, listed, look, remove, write, type Draft } from './draft.ts';
import { networkNotReady } from './plugin-agent.ts';
import { nodeAddresses } from './pod-addresses.ts';

const nameLabel = 'kubernetes.io/metadata.name';
const controlPlane = 'node-role.kubernetes.io/control-plane';

function impliedNamespaces(draft: Draft): void {
  const wanted = new Set(['default', 'kube-node-lease', 'kube-public', 'kube-system']);
  for (const { object } of draft.objects.values()) if (object.metadata.namespace !== undefined) wanted.add(object.metadata.namespace);
  for (const name of [...wanted].sort(byText)) {
    const there = look(draft, 'Namespace', '', name)?.object;
    const namespace: Namespace = there ?? { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    write(draft, { ...namespace, metadata: { ...namespace.metadata, labels: { ...namespace.metadata.labels, [nameLabel]: name } }, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active', ...(namespace as { readonly status?: object }).status } } as Namespace, true);
  }
}

/** A namespace that is gone takes what was in it with it; one that was made since gets its label. */
function namespaces(draft: Draft): void {
  for (const { object } of listed(draft, 'Namespace')) {
    if (object.metadata.labels?.[nameLabel] !== object.metadata.name) write(draft, { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, [nameLabel]: object.metadata.name } } });
  }
  const known = new Set(listed(draft, 'Namespace').map(({ object }) => object.metadata.name));
  for (const { object } of [...draft.objects.values()]) {
    const { namespace } = object.metadata;
    if (namespace !== undefined && namespace !== '' && !known.has(namespace)) remove(draft, { kind: object.kind, namespace, name: object.metadata.name });
  }
}

/** What `kubectl get nodes -o wide` shows of machines that nobody declared. */
const nodeInfo = { architecture: 'amd64', containerRuntimeVersion: 'containerd://2.1.4', kernelVersion: '6.8.0-60-generic', kubeletVersion: 'v1.34.2', operatingSystem: 'linux', osImage: 'Ubuntu 24.04.3 LTS' };

/** The nodes of a cluster whose manifests declare none. A dump of pods without its nodes names them: they exist too. */
export function nodeNamesToCome(pods: readonly Pod[]): readonly string[] {
  const names = ['control-plane', 'worker-1', 'worker-2'];
  const named = new Set(pods.flatMap(({ spec }) => (spec.nodeName === undefined || spec.nodeName === '' ? [] : [spec.nodeName])));
  return [...names, ...[...named].filter((name) => !names.includes(name)).sort(byText)];
}

function impliedNodes(draft: Draft): void {
  if (listed(draft, 'Node').length > 0) return;
  for (const [index, name] of nodeNamesToCome(listed(draft, 'Pod').map(({ object }) => object)).entries()) {
    const labels = { 'beta.kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64', 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', ...(index === 0 ? { [controlPlane]: '' } : {}) };
    write(draft, {
      apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: index === 0 ? { taints: [{ key: controlPlane, effect: 'NoSchedule' }] } : {},
      status: { addresses: [{ type: 'InternalIP', address: `192.168.0.${10 + index}` }, { type: 'Hostname', address: name }], nodeInfo },
    } as NodeObject, true);
  }
}

/** Pods that the workloads want, as far as nobody has to run for it to be known. */
function wantedPods(draft: Draft): number {
  const replicas = (['Deployment', 'StatefulSet', 'ReplicationController', 'ReplicaSet'] as const).flatMap((kind) => listed(draft, kind).map(({ object }) => (controller(object) === undefined ? object.spec.replicas ?? 1 : 0)));
  return replicas.reduce((sum, count) => sum + count, 0) + listed(draft, 'Job').length + listed(draft, 'Pod').length;
}

/** Nodes that nobody declared have room for what is declared: a /24 each as kubeadm gives, a larger part of the range where that would not do. */
function impliedLength(draft: Draft, nodes: number): number {
  const each = wantedPods(draft) / Math.max(nodes - 1, 1);
  return each <= 200 ? 24 : each <= 3000 ? 20 : 18;
}

const firstOfFamilies = (ranges: readonly string[]): readonly string[] => ranges.filter((text, index) => ranges.findIndex((other) => other.includes(':') === text.includes(':')) === index);

/** Ranges for nodes that have none, in the order of their names: /24 of the pods' range, none twice. Conditions where nothing is said. */
function nodes(draft: Draft): void {
  const stored = listed(draft, 'Node');
  const all = stored.map(({ object }) => object);
  const share = draft.first && stored.every(({ implied }) => implied) ? impliedLength(draft, all.length) : 24;
  const used = new Set(all.flatMap((node) => [...(node.spec?.podCIDRs ?? []), node.spec?.podCIDR ?? '']));
  for (const node of all) {
    const cidrs: string[] = [...(node.spec?.podCIDRs ?? (node.spec?.podCIDR === undefined ? [] : [node.spec.podCIDR]))];
    // An empty list says that nobody gives it one (a controller manager without --allocate-node-cidrs).
    const asked = cidrs.length === 0 && node.spec?.podCIDRs === undefined;
    for (const text of asked ? firstOfFamilies(draft.settings.podRanges) : []) {
      const range = parseRange(text);
      const length = Number(text.split('/')[1]);
      if (range === undefined) continue;
      const wanted = range.family === 'IPv4' ? Math.max(length, share) : Math.max(length, 64);
      const size = 1n << BigInt((range.family === 'IPv4' ? 32 : 128) - wanted);
      for (let index = 0n; ; index++) {
        const first = nthAddress(range, index * size);
        if (first === undefined) break;
        const cidr = `${formatAddress(first)}/${wanted}`;
        if (used.has(cidr)) continue;
        used.add(cidr);
        cidrs.push(cidr);
        break;
      }
    }
    const addresses = node.status?.addresses ?? [];
    const conditions = conditionsOf(draft, node);
    const ready = conditions.find(({ type }) => type === 'Ready')?.status ?? 'True';
    write(draft, {
      ...node, metadata: { ...node.metadata, labels: { 'kubernetes.io/arch': 'amd64', 'kubernetes.io/hostname': node.metadata.name, 'kubernetes.io/os': 'linux', ...node.metadata.labels } },
      spec: { ...withTaints(draft, node, ready), ...(cidrs[0] === undefined ? {} : { podCIDR: cidrs[0], podCIDRs: cidrs }) },
      status: {
        ...node.status, addresses: addresses.some(({ type }) => type === 'InternalIP') ? addresses : [{ type: 'InternalIP', address: freeNodeAddress(all, node) }, ...addresses], conditions,
      },
    } as NodeObject);
  }
}

/** kubelet's own default (`maxPods`). */
const usualMaxPods = 110;

const sizeOf = (cidr: string | undefined): number => { const range = parseRange(cidr ?? ''); return range === undefined ? 0 : Number(range.last - range.first) - 2; };

/**
 * How many pods each kubelet takes: what the Cluster document says, else the Node as it was first seen, else the plugin, else kubelet's default.
 * Nodes that nobody declared have room for what is declared.
 */
function podLimits(draft: Draft): void {
  const stored = listed(draft, 'Node');
  const dealt = nodeAddresses(draft.settings.plugin, draft.settings.podRanges, stored.map(({ object }) => object));
  const crowded = draft.first && wantedPods(draft) / Math.max(stored.length - 1, 1) > usualMaxPods * 0.9;
  for (const { object: node, implied } of stored) {
    const { name } = node.metadata;
    const { capacity, allocatable } = node.status ?? {};
    const seen = Number(allocatable?.['pods'] ?? capacity?.['pods'] ?? Number.NaN);
    draft.counters[`maxPods/${name}`] ??= Number.isInteger(seen) && seen >= 0 ? seen : -1;
    draft.counters[`room/${name}`] ??= implied && crowded ? sizeOf(node.spec?.podCIDR) : 0;
    const [given = -1, room = 0] = [draft.counters[`maxPods/${name}`], draft.counters[`room/${name}`]];
    const most = draft.settings.declaredNodes.get(name)?.node.maxPods ?? (given >= 0 ? given : dealt.get(name)?.maxPods ?? Math.max(room, usualMaxPods));
    write(draft, { ...node, status: { ...node.status, capacity: { ...capacity, pods: String(most) }, allocatable: { ...allocatable, pods: String(most) } } } as NodeObject);
  }
}

const isOurs = ({ type, message }: Condition): boolean => type === 'Ready' && message === networkNotReady;

/** Where no CNI configuration is, the kubelet says so; where there is one again, it is ready. */
function conditionsOf(draft: Draft, node: NodeObject): readonly Condition[] {
  const said = node.status?.conditions ?? [];
  const bare = draft.settings.declaredNodes.get(node.metadata.name)?.node.cniInstalled === false;
  const wanted: Condition = bare ? { type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: networkNotReady } : { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' };
  if (bare || said.some(isOurs)) return said.some(({ type }) => type === 'Ready') ? said.map((one) => (one.type === 'Ready' ? wanted : one)) : [...said, wanted];
  return said.some(({ type }) => type === 'Ready') ? said : [...said, wanted];
}

const conditionTaints = { False: 'node.kubernetes.io/not-ready', Unknown: 'node.kubernetes.io/unreachable' } as const;

// Simplified: nobody is evicted from a node that is not ready any more: pods tolerate it for five minutes, and there is no clock.
/** The node lifecycle controller taints a node by its Ready condition. */
function withTaints(draft: Draft, node: NodeObject, ready: Condition['status']): NonNullable<NodeObject['spec']> {
  const { taints: given = [], ...spec } = node.spec ?? {};
  const key = ready === 'True' ? null : conditionTaints[ready];
  // A dump has the taints that its cluster gave; what stands there while the node is ready a person may have put there.
  const kept = draft.first ? given : given.filter((taint) => !Object.values<string>(conditionTaints).includes(taint.key) || taint.key === key);
  const wanted = key === null ? [] : (['NoSchedule', 'NoExecute'] as const).filter((effect) => !kept.some((taint) => taint.key === key && taint.effect === effect)).map((effect): Taint => ({ key, effect }));
  const taints = [...kept, ...wanted];
  return taints.length === 0 ? spec : { ...spec, taints };
}

function freeNodeAddress(all: readonly NodeObject[], node: NodeObject): string {
  const used = new Set(all.flatMap((other) => (other.status?.addresses ?? []).map(({ address }) => address)));
  const bare = all.filter((other) => !(other.status?.addresses ?? []).some(({ type }) => type === 'InternalIP'));
  const free = Array.from({ length: 240 }, (_, index) => `192.168.0.${10 + index}`).filter((ip) => !used.has(ip));
  return free[bare.indexOf(node)] ?? '192.168.0.250';
}

export const isControlPlane = (node: KubeObject): boolean => Object.hasOwn(node.metadata.labels ?? {}, controlPlane) || Object.hasOwn(node.metadata.labels ?? {}, 'node-role.kubernetes.io/master');

/** The n-th address of the Services' range: 1 is the API server's, 10 is DNS (kubeadm). */
export const serviceAddress = (draft: Draft, offset: number): string => {
  const range = parseRange(draft.settings.serviceRanges[0] ?? '');
  const address = range === undefined ? undefined : nthAddress(range, offset);
  return address === undefined ? '' : formatAddress(address);
};

function apiServer(draft: Draft): void {
  if (look(draft, 'Service', 'default', 'kubernetes') === undefined) {
    const clusterIP = serviceAddress(draft, 1);
    write(draft, {
      apiVersion: 'v1', kind: 'Service', metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
      spec: { clusterIP, clusterIPs: [clusterIP], internalTrafficPolicy: 'Cluster', ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack', ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }], sessionAffinity: 'None', type: 'ClusterIP' },
    } as Service, true);
  }
  if (listed(draft, 'EndpointSlice').some(({ object }) => object.metadata.namespace === 'default' && object.metadata.labels?.['kubernetes.io/service-name'] === 'kubernetes')) return;
  const addresses = listed(draft, 'Node').filter(({ object }) => isControlPlane(object)).flatMap(({ object }) => (object.status?.addresses ?? []).filter(({ type }) => type === 'InternalIP').slice(0, 1).map(({ address }) => address));
  if (addresses.length === 0) return;
  write(draft, {
    apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4', endpoints: addresses.map((ip) => ({ addresses: [ip], conditions: { ready: true } })), ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
  } as EndpointSlice, true);
  write(draft, {
    apiVersion: 'v1', kind: 'Endpoints', metadata: { name: 'kubernetes', namespace: 'default', labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: addresses.map((ip) => ({ ip })), ports: [{ name: 'https', port: 6443, protocol: 'TCP' }] }],
  } as Endpoints, true);
}

function coreDns(draft: Draft): void {
  if (look(draft, 'Service', 'kube-system', 'kube-dns') !== undefined) return;
  const labels = { 'k8s-app': 'kube-dns' };
  const put = (object: KubeObject): void => { if (look(draft, object.kind as 'Service', 'kube-system', object.metadata.name) === undefined) write(draft, withDefaults(object), true); };
  put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'coredns', namespace: 'kube-system' }, data: { Corefile: kubeadmCorefile(draft.settings.domain) } } as ConfigMap);
  put({
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'coredns', namespace: 'kube-system', labels },
    spec: {
      replicas: 2, selector: { matchLabels: labels }, strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: '25%' } },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: 'coredns', dnsPolicy: 'Default', restartPolicy: 'Always', nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }, { key: controlPlane, effect: 'NoSchedule' }],
          containers: [{
            name: 'coredns', image: 'registry.k8s.io/coredns/coredns:v1.12.1', args: ['-conf', '/etc/coredns/Corefile'],
            ports: [
              { name: 'dns', containerPort: 53, protocol: 'UDP' }, { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' }, { name: 'metrics', containerPort: 9153, protocol: 'TCP' },
              { name: 'liveness-probe', containerPort: 8080, protocol: 'TCP' }, { name: 'readiness-probe', containerPort: 8181, protocol: 'TCP' },
            ],
            livenessProbe: { httpGet: { path: '/health', port: 'liveness-probe', scheme: 'HTTP' } }, readinessProbe: { httpGet: { path: '/ready', port: 'readiness-probe', scheme: 'HTTP' } },
          }],
        },
      },
    },
  } as Workload);
  const clusterIP = serviceAddress(draft, 10);
  put({
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'kube-dns', namespace: 'kube-system', labels: { ...labels, 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' }, annotations: { 'prometheus.io/port': '9153', 'prometheus.io/scrape': 'true' } },
    spec: {
      clusterIP, clusterIPs: [clusterIP], internalTrafficPolicy: 'Cluster', ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack', selector: labels, sessionAffinity: 'None', type: 'ClusterIP',
      ports: [{ name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 }, { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 }, { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 9153 }],
    },
  } as Service);
}

/** kube-proxy as kubeadm runs it, in clusters whose document speaks of it; elsewhere it does its work unseen. */
function kubeProxy(draft: Draft): void {
  const spoken = [...draft.settings.declaredNodes.values()].some(({ node }) => node.kubeProxy !== undefined);
  if (!spoken || draft.settings.proxy.mode === 'none' || draft.counters['implied/kube-proxy'] !== undefined) return;
  draft.counters['implied/kube-proxy'] = 1;
  if (look(draft, 'DaemonSet', 'kube-system', 'kube-proxy') !== undefined) return;
  const labels = { 'k8s-app': 'kube-proxy' };
  write(draft, withDefaults({
    apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'kube-proxy', namespace: 'kube-system', labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: 'kube-proxy', hostNetwork: true, nodeSelector: { 'kubernetes.io/os': 'linux' }, tolerations: [{ operator: 'Exists' }], priorityClassName: 'system-node-critical',
          containers: [{
            name: 'kube-proxy', image: 'registry.k8s.io/kube-proxy:v1.34.2', command: ['/usr/local/bin/kube-proxy', '--config=/var/lib/kube-proxy/config.conf', '--hostname-override=$(NODE_NAME)'],
            env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
          }],
        },
      },
    },
  } as KubeObject), true);
}

/** Made once: what a person deletes later stays deleted. */
export function implied(draft: Draft): void {
  if (draft.first) {
    coreDns(draft);
    impliedNamespaces(draft);
    impliedNodes(draft);
  } else namespaces(draft);
  kubeProxy(draft);
  nodes(draft);
  podLimits(draft);
  if (draft.first) apiServer(draft);
}
